//! What SWIM promises in numbers, measured in the lab's own world: how soon a crash is found, what it costs, and how often a
//! live member is taken for dead.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::rng::Rng;
use sim::world::MOST_NODES;
use sim::{
    Configuration, Director, Experiments, Input, NodeId, Of, Rules, Setting, SettingKind, Settings, Text, Value, World,
    WorldOf, t,
};

use super::scenarios::believers;
use super::settings::Config;
use super::standing::State;
use super::{Swim, epidemics};

/// One of anything, in millionths.
const ONE: i64 = 1_000_000;

/// The scale of probabilities.
const WHOLE: i128 = 1_000_000_000_000;

/// How many periods a group runs for before the crash, and for how many mistakes are counted.
const PERIODS_BEFORE: u64 = 3;
const PERIODS_COUNTED: u64 = 100;

impl Experiments for Swim {
    fn experiments() -> Vec<Experiment> {
        let mut all = vec![
            Experiment {
                name: "first-detection",
                title: t!("Periods until somebody finds a crash"),
                source: "Das, Gupta and Motivala 2002, section 3.1: with probes at random, 1/(1 - (1 - 1/(n-1))^(n-1)) periods, e/(e - 1) = 1.58 for many members, when all probe at the same moments; in turn, at most 2n - 1 (section 4.3). At different moments: 1 + the mean time until the first of n - 1 members picks it",
                settings: with_defaults(
                    &[
                        "nodes",
                        "period_ms",
                        "phase",
                        "timeout_ms",
                        "k",
                        "suspicion_periods",
                        "piggyback",
                        "lambda",
                        "delay",
                        "delay_least_us",
                        "delay_most_us",
                    ],
                    &[("nodes", number(50)), ("phase", word("together"))],
                    &["round_robin"],
                ),
                runs: 300,
                measure: first_detection,
            },
            Experiment {
                name: "false-suspicion",
                title: t!("How often a live member does not seem to answer"),
                source: "Das, Gupta and Motivala 2002, section 3.1: a probe of a live member fails with probability (1 - q²)(1 - q⁴)^k where a message arrives with probability q; messages a member and period: 1 + q + (1 - q²) k (1 + q + q² + q³)",
                settings: with_defaults(
                    &[
                        "nodes",
                        "period_ms",
                        "timeout_ms",
                        "k",
                        "suspicion_periods",
                        "piggyback",
                        "lambda",
                        "delay",
                        "delay_least_us",
                        "delay_most_us",
                        "loss_percent",
                    ],
                    &[("nodes", number(30)), ("loss_percent", number(15)), ("suspicion_periods", number(10))],
                    &["round_robin", "suspicion"],
                ),
                runs: 5,
                measure: false_suspicion,
            },
        ];
        all.extend(epidemics::experiments());
        all
    }
}

/// Some settings of the lab, some of them with other defaults, and rules as switches; the first rule is off. There can be more
/// nodes than a screen bears.
fn with_defaults(names: &[&str], defaults: &[(&str, Value)], rules: &[&'static str]) -> Vec<Setting> {
    let chosen = Swim::settings().into_iter().filter(|setting| names.contains(&setting.name));
    let mut chosen: Vec<Setting> = chosen.collect();
    chosen.iter_mut().filter(|setting| setting.name == "nodes").for_each(|setting| {
        setting.kind = SettingKind::Integer { least: 3, most: MOST_NODES as i64, unit: "" };
    });
    for (name, value) in defaults {
        chosen.iter_mut().filter(|setting| setting.name == *name).for_each(|setting| setting.default = value.clone());
    }
    let titled = Swim::rules().into_iter().filter(|rule| rules.contains(&rule.name));
    chosen.extend(titled.map(|rule| Setting::switch(rule.name, rule.title, rule.name != "round_robin")));
    chosen
}

fn lab_settings(settings: &Settings) -> Settings {
    settings.iter().fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()))
}

fn first_detection(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = lab_settings(settings);
    let nodes = settings.integer("nodes").unsigned_abs();
    let mut rng = Rng::stream(seed, 3 << 32);
    let (mut detections, mut spreads, mut load) = (Vec::new(), Vec::new(), 0);
    for run in 0..u64::from(runs) {
        let world = World::beyond_bounds(Of::<Swim>::LAB, &lab, seed.wrapping_add(run)).unwatched();
        let seen = watch_a_crash(Director::at(world), &mut rng);
        detections.push(seen.detection);
        spreads.extend(seen.spread);
        load += seen.load;
    }
    let (longest, all_know) = (detections.iter().copied().max().unwrap_or(0), spreads.len() as i64);
    let mut report = Report::default();
    let is_in_turn = settings.is_on("round_robin");
    let mean = expected_periods(nodes, settings.word("phase") == "together");
    let published = [("mean", mean)];
    report.push_distribution("periods", detections, if is_in_turn { &[] } else { &published });
    let bound = (2 * nodes as i64 - 1) * ONE;
    report.push("longest, and the bound", "periods", longest, is_in_turn.then_some(bound));
    let spread = spreads.iter().sum::<i64>() / all_know.max(1);
    report.push("from the first declaration until all know", "periods", spread, None);
    report.push("runs in which all came to know", "of 1", all_know * ONE / i64::from(runs.max(1)), None);
    report.push("messages a member and period", "", load / i64::from(runs.max(1)), Some(2 * ONE));
    Ok(report)
}

/// What one run shows, in millionths.
struct Seen {
    /// Periods from the crash until somebody suspects.
    detection: i64,
    /// Periods from the first declaration until all know; none if not all came to know.
    spread: Option<i64>,
    /// Messages a member and period before the crash.
    load: i64,
}

fn watch_a_crash(mut director: Director<Swim>, rng: &mut Rng) -> Seen {
    let Config { period_us, suspicion_us, is_in_step, .. } = *director.world().config();
    let nodes = director.world().nodes().len() as u64;
    director.run_until_us(period_us - 1);
    let sent = director.world().messages_sent();
    director.run_until_us(PERIODS_BEFORE * period_us - 1);
    let sent = director.world().messages_sent() - sent;
    // Those who probe at the same moments count whole periods from the next such moment.
    let next_us = (PERIODS_BEFORE + 1) * period_us;
    let crash_us = if is_in_step { next_us - 1 } else { next_us - 1 - rng.below(period_us) };
    director.run_until_us(crash_us);
    let victim = NodeId(rng.below(nodes) as u16);
    director.act(Input::Crash(victim));
    let found_us = first_to_believe(&mut director, victim, State::Suspect);
    let declared_us = first_to_believe(&mut director, victim, State::Faulty);
    let deadline_us = declared_us + 50 * period_us + suspicion_us;
    let mut knowing = believers(director.world(), victim, State::Faulty) as u64;
    while knowing < nodes - 1 && director.world().now_us() < deadline_us && director.step() {
        knowing = match changed_belief(director.world(), victim) {
            Some(_) => believers(director.world(), victim, State::Faulty) as u64,
            None => knowing,
        };
    }
    let periods = |us: u64| (us as i128 * ONE as i128 / period_us as i128) as i64;
    let from_us = if is_in_step { next_us } else { crash_us };
    Seen {
        detection: periods(found_us.saturating_sub(from_us)),
        spread: (knowing == nodes - 1).then(|| periods(director.world().now_us() - declared_us)),
        load: sent as i64 * ONE / (nodes * (PERIODS_BEFORE - 1)) as i64,
    }
}

/// What the last event changed in somebody's belief of this node.
fn changed_belief(world: WorldOf<'_, Swim>, of: NodeId) -> Option<State> {
    let acted = world.nodes().state(world.last_node()?)?;
    acted.changes.iter().find(|change| change.member == of).map(|change| change.after.state)
}

/// Runs until the first one believes this of a node. Returns when that was.
fn first_to_believe(director: &mut Director<Swim>, of: NodeId, state: State) -> u64 {
    while changed_belief(director.world(), of) != Some(state) && director.step() {}
    director.world().now_us()
}

/// The expected number of periods until somebody who probes at random suspects a crashed member, in millionths.
fn expected_periods(nodes: u64, is_in_step: bool) -> i64 {
    let others = i128::from(nodes) - 1;
    let power = |exponent: i128| (0..exponent).fold(WHOLE, |product, _| product * (others - 1) / others);
    // Somebody picks it in a given period with this probability.
    let picked = WHOLE - power(others);
    let rounds = WHOLE * WHOLE / picked;
    let periods = match is_in_step {
        // It is picked at the start of a period, and suspected at its end.
        true => rounds,
        // Each member comes to its next probe at a moment of its own: the first pick takes this share of the rounds, and
        // a whole period later it is suspected.
        false => WHOLE + rounds * ((WHOLE - power(others + 1)) * others / (others + 1)) / WHOLE,
    };
    (periods * i128::from(ONE) / WHOLE) as i64
}

fn false_suspicion(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    // Looking after the dead would cost messages that the formula does not count.
    let lab = lab_settings(settings).with("reconnect", Value::Flag(false));
    let nodes = settings.integer("nodes").unsigned_abs();
    let (mut probes, mut failed, mut sent, mut suspected, mut declared) = (0, 0, 0, 0, 0);
    for run in 0..u64::from(runs) {
        let mut world = World::beyond_bounds(Of::<Swim>::LAB, &lab, seed.wrapping_add(run)).unwatched();
        let end_us = (PERIODS_COUNTED + 1) * world.of::<Swim>().config().period_us;
        while world.next_at_us().is_some_and(|next_us| next_us < end_us) && world.step() {
            let Some(member) = world.last_node().and_then(|id| world.of::<Swim>().nodes().state(id)) else { continue };
            for change in member.changes.iter().filter(|change| change.told_by.is_none()) {
                suspected += i64::from(change.after.state == State::Suspect);
                declared += i64::from(change.after.state == State::Faulty);
            }
        }
        sent += world.messages_sent() as i64;
        for member in world.nodes().ids().filter_map(|id| world.of::<Swim>().nodes().state(id)) {
            // The last probe is still under way.
            probes += i64::from(member.probes) - 1;
            failed += i64::from(member.failed_probes);
        }
    }
    let q = WHOLE * i128::from(100 - settings.integer("loss_percent")) / 100;
    let power = |exponent: u32| (0..exponent).fold(WHOLE, |product, _| product * q / WHOLE);
    let k = settings.integer("k").min(nodes as i64 - 2);
    let all_fail = (0..k).fold(WHOLE, |product, _| product * (WHOLE - power(4)) / WHOLE);
    let fails = (WHOLE - power(2)) * all_fail / WHOLE;
    let asks = (WHOLE - power(2)) * i128::from(k) * (WHOLE + q + power(2) + power(3)) / WHOLE;
    let millionths = |share: i128| (share * i128::from(ONE) / WHOLE) as i64;
    let mut report = Report::default();
    report.push("probes that failed", "of 1", failed * ONE / probes.max(1), Some(millionths(fails)));
    let load = sent * ONE / (probes + (nodes * u64::from(runs)) as i64).max(1);
    report.push("messages a member and period", "", load, Some(millionths(WHOLE + q + asks)));
    report.push("live members suspected, of 1,000 probes", "", suspected * 1_000 * ONE / probes.max(1), None);
    report.push("live members declared faulty, of 1,000 probes", "", declared * 1_000 * ONE / probes.max(1), None);
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Section 3.1: e/(e - 1) = 1.582 for many members. At different moments it is one for the pick and one to the end of
    /// the period.
    #[test]
    fn the_expected_number_of_periods() {
        assert!(expected_periods(1_000_000, true).abs_diff(1_581_977) < 5);
        assert!(expected_periods(1_000_000, false).abs_diff(2_000_000) < 5);
        assert_eq!(expected_periods(3, true), 1_333_333);
    }
}
