//! Races, forks, selfish mining and luck, measured beside what is published.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, Setting, Settings, Text, Value, t};

use super::block::chain;
use super::measures::best;
use super::{ProofOfWork, theory};

/// One of anything, in millionths.
const ONE: u64 = 1_000_000;

/// Ten minutes: messages take next to nothing of it.
const INTERVAL_MS: i64 = 600_000;

/// No run takes more events.
const MOST_EVENTS: u64 = 3_000_000;

impl Experiments for ProofOfWork {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "double-spend",
                title: t!("How often a thief takes a payment back"),
                source: "Rosenfeld 2014, theorem 1, and Grunspan and Pérez-Marco 2018, theorem 1 (exact); Nakamoto 2008, section 11 (an approximation)",
                settings: vec![Setting::integer("share", t!("share of the thief"), (1, 45), "%", 30)],
                runs: 200,
                measure: double_spend,
            },
            Experiment {
                name: "forks",
                title: t!("Blocks thrown away, by how long others do not know of a block"),
                source: "Decker and Wattenhofer 2013, sections IV and V: 1 - e^(-τ/T); measured in Bitcoin 1.69 %, from τ = 11.4 s and T = 634 s 1.78 %",
                settings: vec![Setting::integer(
                    "delay_most_us",
                    t!("most link delay"),
                    (1_000, 5_000_000),
                    "µs",
                    600_000,
                )],
                runs: 20,
                measure: forks,
            },
            Experiment {
                name: "selfish",
                title: t!("The share of the chain of a selfish miner"),
                source: "Eyal and Sirer 2014, equation 8; it pays from (1 - γ) / (3 - 2γ) on",
                settings: Vec::new(),
                runs: 20,
                measure: selfish,
            },
            Experiment {
                name: "intervals",
                title: t!("How long the next block takes"),
                source: "An exponential time, as of all that comes without memory: P(longer than x means) = e^(-x); Nakamoto 2008, section 11, takes blocks for a Poisson process",
                settings: Vec::new(),
                runs: 20,
                measure: intervals,
            },
        ]
    }
}

fn settings(changes: Vec<(&'static str, Value)>) -> Settings {
    let base = vec![("interval_ms", number(INTERVAL_MS)), ("pay_ms", number(0))];
    base.into_iter().chain(changes).fold(Settings::default(), |all, (name, value)| all.with(name, value))
}

/// Runs until the chain is so high.
fn grow(director: &mut Director<ProofOfWork>, height: u64) {
    for _ in 0..MOST_EVENTS {
        if best(director.world()).is_some_and(|best| best.height >= height) || !director.step() {
            return;
        }
    }
}

fn double_spend(settings_of: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let percent = settings_of.integer("share");
    let share = percent.unsigned_abs() * 10_000;
    let mut report = Report::default();
    for blocks in [1, 2, 3, 4, 6] {
        let lab = settings(vec![
            ("miners", number(3)),
            ("attacker", word("double-spend")),
            ("attacker_share", number(percent)),
            ("confirmations", number(blocks)),
            ("give_up", number(20)),
        ]);
        let mut director = Director::<ProofOfWork>::new(lab, seed)?.unwatched();
        let attacks = |director: &Director<ProofOfWork>| {
            let world = director.world();
            let attack = world.config().attacker_node().and_then(|node| world.nodes().state(node)?.attack.as_ref());
            attack.map_or((0, 0), |attack| (attack.ended, attack.won))
        };
        for _ in 0..MOST_EVENTS {
            if attacks(&director).0 >= runs.max(1) || !director.step() {
                break;
            }
        }
        let (ended, won) = attacks(&director);
        let measured = (u64::from(won) * ONE / u64::from(ended.max(1))) as i64;
        let blocks = blocks.unsigned_abs();
        report.push(&format!("{blocks} blocks, exact"), "of 1", measured, Some(theory::exact(share, blocks)));
        report.push(&format!("{blocks} blocks, Nakamoto"), "of 1", measured, Some(theory::nakamoto(share, blocks)));
    }
    Ok(report)
}

/// Blocks that were thrown away for each one in the chain, and how long the hash power did not know of a block on average.
fn spread(lab: Settings, seed: u64, height: u64) -> Result<(u64, u64), Text> {
    let mut director = Director::<ProofOfWork>::new(lab, seed)?.unwatched();
    let (mut found, mut unknown, mut taken) = (0_u64, 0_u128, Vec::new());
    let mut since: Vec<(u64, u64)> = Vec::new();
    for _ in 0..MOST_EVENTS {
        if best(director.world()).is_some_and(|best| best.height >= height) || !director.step() {
            break;
        }
        let world = director.world();
        let Some(node) = world.last_node() else { continue };
        let Some(peer) = world.nodes().state(node) else { continue };
        taken.resize(world.nodes().len(), 0);
        let new = peer.taken - std::mem::replace(&mut taken[node.index()], peer.taken);
        for block in peer.disk.blocks.iter().rev().take(new as usize) {
            match since.iter().rev().find(|(id, _)| *id == block.id) {
                None => {
                    found += 1;
                    since.push((block.id, world.now_us()));
                }
                Some((_, at_us)) => {
                    unknown += u128::from(world.now_us() - at_us) * u128::from(world.config().share_ppm(node));
                }
            }
        }
        if since.len() > 400 {
            since.drain(..200);
        }
    }
    let kept = best(director.world()).map_or(0, |best| best.height);
    let unknown_us = (unknown / u128::from(ONE) / u128::from(found.max(1))) as u64;
    Ok(((found - kept.min(found)) * ONE / kept.max(1), unknown_us))
}

fn forks(settings_of: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let delay = settings_of.integer("delay_most_us");
    let mut report = Report::default();
    let published = theory::fork(11_400_000, 634_000_000);
    report.push("the formula, beside Bitcoin in 2013", "of 1", published, Some(16_900));
    for seconds in [5, 10, 30, 60] {
        let lab = settings(vec![
            ("interval_ms", number(seconds * 1_000)),
            ("delay_most_us", number(delay)),
            ("delay_least_us", number(delay / 3)),
        ]);
        let (lost, unknown_us) = spread(lab, seed, 100 * u64::from(runs.max(1)))?;
        let published = theory::fork(unknown_us, seconds.unsigned_abs() * ONE);
        report.push(
            &format!("a block every {seconds} s, τ {} ms", unknown_us / 1_000),
            "of 1",
            lost as i64,
            Some(published),
        );
    }
    Ok(report)
}

fn selfish(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for (gamma, percents) in [(0, [25, 33, 40, 45]), (50, [20, 25, 33, 40])] {
        for percent in percents {
            let lab = settings(vec![
                ("miners", number(3)),
                ("attacker", word("selfish")),
                ("attacker_share", number(percent)),
                ("gamma", number(gamma)),
            ]);
            let mut director = Director::<ProofOfWork>::new(lab, seed)?.unwatched();
            grow(&mut director, 100 * u64::from(runs.max(1)));
            let world = director.world();
            let attacker = world.config().attacker_node();
            let best = best(world);
            let own = best.map_or(0, |best| chain(best).filter(|block| Some(block.miner) == attacker).count() as u64);
            let measured = own * ONE / best.map_or(1, |best| best.height.max(1));
            let published = theory::selfish(percent.unsigned_abs() * 10_000, gamma.unsigned_abs() * 10_000);
            report.push(&format!("{percent} % of the power, γ {gamma} %"), "of 1", measured as i64, Some(published));
        }
    }
    Ok(report)
}

fn intervals(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = settings(vec![("miners", number(3))]);
    let mut director = Director::<ProofOfWork>::new(lab, seed)?.unwatched();
    grow(&mut director, 200 * u64::from(runs.max(1)));
    let mut report = Report::default();
    let Some(best) = best(director.world()) else { return Ok(report) };
    let times: Vec<i64> = chain(best).map(|block| block.time_us).collect();
    let gaps: Vec<i64> = times.windows(2).map(|pair| pair[0] - pair[1]).collect();
    let all = gaps.len().max(1) as u64;
    let mean_us = gaps.iter().sum::<i64>() / all as i64;
    let interval_us = INTERVAL_MS * 1_000;
    report.push(
        "mean",
        "T",
        (i128::from(mean_us) * i128::from(ONE) / i128::from(interval_us)) as i64,
        Some(ONE as i64),
    );
    for times in [1, 2, 3, 6] {
        let longer = gaps.iter().filter(|gap| **gap > times * interval_us).count() as u64;
        let published = theory::silence(times.unsigned_abs() * ONE);
        report.push(&format!("longer than {times} T"), "of 1", (longer * ONE / all) as i64, Some(published));
    }
    Ok(report)
}
