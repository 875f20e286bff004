//! What the protocol costs, how likely it leaves somebody in doubt, and how long others then wait: measured beside what follows from
//! the rules.

use parts::shop::OrderId;
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Input, NodeId, Setting, Settings, Text, WorldOf, t};

use super::settings::TM;
use super::{Message, Node, TwoPhaseCommit};

/// One of anything in millionths, and one microsecond in millionths of a millisecond.
const ONE: i64 = 1_000_000;
const US: i64 = 1_000;

impl Experiments for TwoPhaseCommit {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = TwoPhaseCommit::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        let delay_us = || Setting::integer("delay_us", t!("delay of each link (d)"), (100, 1_000_000), "µs", 10_000);
        let with_delay = |names: &[&str]| [of_lab(names), vec![delay_us()]].concat();
        vec![
            Experiment {
                name: "costs",
                title: t!("Messages and forced writes of a commit, and of an abort after all have voted yes"),
                source: "Mohan, Lindsay and Obermarck 1986, sections 2 and 3, for n services that write: a commit takes 4n messages and 2n + 1 forced writes; an abort after all yes votes 3n and n with presumed abort, and as much as a commit where nothing is presumed. Follows from the rules: with presumed commit a commit takes 3n and n + 2, an abort 4n and 2n + 1; a third phase adds 2n messages to a commit, and one forced write where none is presumed",
                settings: of_lab(&["services", "protocol", "presumption"]),
                runs: 1,
                measure: costs,
            },
            Experiment {
                name: "latency",
                title: t!("How long a customer waits for an order"),
                source: "Follows from the protocol: six messages one after the other (order, work, done, prepare, vote, told) and two forced writes, 6d + 2 disk",
                settings: with_delay(&["services", "disk_ms"]),
                runs: 20,
                measure: latency,
            },
            Experiment {
                name: "doubt",
                title: t!("How often a crash of the coordinator leaves somebody in doubt"),
                source: "Follows from the protocol: if it crashes at a random moment of an order, which lasts 6d + 2 disk, somebody is left in doubt when that is between prepare and decision, 2(d + disk)",
                settings: with_delay(&["services", "disk_ms"]),
                runs: 2_000,
                measure: doubt,
            },
            Experiment {
                name: "waiting",
                title: t!("How long the locks stay after the coordinator is back"),
                source: "Follows from the protocol: a question of a service in doubt comes every ask_ms, on average half of that after the repair, and the answer takes d",
                settings: with_delay(&["ask_ms"]),
                runs: 1_000,
                measure: waiting,
            },
        ]
    }
}

/// The settings of an experiment as settings of the lab, with links that always take the same.
fn lab(settings: &Settings) -> Settings {
    let known = TwoPhaseCommit::settings();
    let own = settings.iter().filter(|(name, _)| known.iter().any(|setting| setting.name == *name));
    let lab = own.fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    let delay_us = settings.get("delay_us").map_or(10_000, |_| settings.integer("delay_us"));
    lab.with("workload_ms", number(0))
        .with("refuse_percent", number(0))
        .with("vote_ms", number(100_000))
        .with("patience_ms", number(500_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(delay_us))
}

fn customer(world: WorldOf<'_, TwoPhaseCommit>) -> NodeId {
    NodeId(world.config().services + 1)
}

fn is_told(world: WorldOf<'_, TwoPhaseCommit>) -> bool {
    let customer = world.nodes().state(customer(world)).and_then(Node::customer);
    customer.is_some_and(|customer| customer.last.is_some())
}

/// Begins the one order of a run.
fn begin(settings: Settings, seed: u64) -> Result<Director<TwoPhaseCommit>, Text> {
    let mut director = Director::<TwoPhaseCommit>::new(settings, seed)?;
    director.run_for_us(1_000);
    let customer = customer(director.world());
    director.operate(customer, "order", &[number(1)]);
    Ok(director)
}

fn promised(world: WorldOf<'_, TwoPhaseCommit>) -> usize {
    let services = world.config().services().filter_map(|node| world.nodes().state(node).and_then(Node::service));
    services.filter(|service| service.parts.iter().any(|part| part.is_prepared())).count()
}

fn costs(settings: &Settings, _runs: u32, seed: u64) -> Result<Report, Text> {
    let n = settings.integer("services");
    let lab = lab(settings).with("vote_ms", number(200)).with("ask_ms", number(10_000));
    let mut report = Report::default();
    for aborts in [false, true] {
        let mut director = begin(lab.clone(), seed)?;
        if aborts {
            director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::Vote { .. })));
            director.run_for_us(1);
            let votes = director.messages(|_, _, message| matches!(message, Message::Vote { .. }));
            if let Some(vote) = votes.last() {
                director.act(Input::Delay { message: *vote, by_us: 1_000_000 });
            }
        }
        director.run_for_us(3_000_000);
        let (messages, forced) = director.world().monitor().costs();
        let published = cost(settings, n, aborts);
        let [sent, written] = match aborts {
            false => ["commit: messages", "commit: forced writes"],
            true => ["abort: messages", "abort: forced writes"],
        };
        report.push(sent, "messages", messages as i64 * ONE, Some(published.0 * ONE));
        report.push(written, "writes", forced as i64 * ONE, Some(published.1 * ONE));
    }
    Ok(report)
}

/// How many messages an outcome takes, and how many forced writes, if all n services have voted yes.
fn cost(settings: &Settings, n: i64, aborts: bool) -> (i64, i64) {
    let collects = settings.word("protocol") == "3pc";
    let (messages, forced) = match (settings.word("presumption"), aborts) {
        ("commit", false) => (3 * n, n + 1),
        ("abort", true) => (3 * n, n),
        ("commit", true) => (4 * n, 2 * n),
        _ => (4 * n, 2 * n + 1),
    };
    let third_phase = if collects && !aborts { 2 * n } else { 0 };
    (messages + third_phase, forced + i64::from(collects || settings.word("presumption") == "commit"))
}

fn latency(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut took_us = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = begin(lab(settings), seed.wrapping_add(run))?;
        let began_us = director.now_us();
        director.run_until(is_told);
        took_us.push((director.world().now_us() - began_us) as i64 * US);
    }
    let mut report = Report::default();
    report.push_distribution("ms", took_us, &[("mean", length_us(settings) * US)]);
    Ok(report)
}

/// How long an order takes, in microseconds.
fn length_us(settings: &Settings) -> i64 {
    6 * settings.integer("delay_us") + 2 * settings.integer("disk_ms") * 1_000
}

fn doubt(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (length_us, mut left) = (length_us(settings), 0);
    let lab = lab(settings).with("ask_ms", number(10_000));
    for run in 0..u64::from(runs) {
        let mut director = begin(lab.clone(), seed.wrapping_add(run))?;
        // Moments that lie evenly in the order.
        let after_us = (length_us * (2 * run as i64 + 1)) / (2 * i64::from(runs).max(1));
        director.run_for_us(after_us as u64);
        director.act(Input::Crash(TM));
        director.run_for_us(length_us as u64);
        left += i64::from(promised(director.world()) > 0);
    }
    let window_us = 2 * (settings.integer("delay_us") + settings.integer("disk_ms") * 1_000);
    let mut report = Report::default();
    let share = left * ONE / i64::from(runs.max(1));
    report.push("somebody is left in doubt", "of 1", share, Some(window_us * ONE / length_us.max(1)));
    Ok(report)
}

fn waiting(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (ask_us, delay_us) = (settings.integer("ask_ms") * 1_000, settings.integer("delay_us"));
    let mut took_us = Vec::new();
    for run in 0..u64::from(runs) {
        let mut director = begin(lab(settings), seed.wrapping_add(run))?;
        director.run_until(|world| promised(world) > 0);
        director.act(Input::Crash(TM));
        // The repair comes at a moment that has nothing to do with the questions.
        let after_us = 4 * ask_us + ask_us * run as i64 / i64::from(runs).max(1);
        director.run_for_us(after_us as u64);
        director.act(Input::Restart(TM));
        let repaired_us = director.now_us();
        let order = OrderId { customer: customer(director.world()), number: 1 };
        director.run_until(|world| {
            let services =
                world.config().services().filter_map(|node| world.nodes().state(node).and_then(Node::service));
            services.into_iter().all(|service| service.part(order).is_none())
        });
        took_us.push((director.world().now_us() - repaired_us) as i64 * US);
    }
    let mut report = Report::default();
    report.push_distribution("ms", took_us, &[("mean", (ask_us / 2 + delay_us) * US)]);
    Ok(report)
}
