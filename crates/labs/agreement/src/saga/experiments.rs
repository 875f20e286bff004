//! How often an order comes through, and how long it takes: measured beside what follows from the protocol.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Setting, Settings, Text, WorldOf, t};

use super::Saga;
use super::message::Fate;
use super::settings::{A, ORDER, SERVICES};

/// One of anything in millionths, and one microsecond in millionths of a millisecond.
const ONE: i64 = 1_000_000;
const US: i64 = 1_000;

impl Experiments for Saga {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = Saga::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        let delay_us = Setting::integer("delay_us", t!("delay of each link (d)"), (100, 1_000_000), "µs", 10_000);
        vec![
            Experiment {
                name: "outcome",
                title: t!("How many orders come through, and how many compensations one takes"),
                source: "Follows from the protocol: each of T2, T3 and T4 is refused with probability p, so (1 − p)³ are confirmed, and p + 2(1 − p)p + 3(1 − p)²p compensations run on average",
                settings: of_lab(&["fail_percent", "style"]),
                runs: 4_000,
                measure: outcome,
            },
            Experiment {
                name: "duration",
                title: t!("How long a customer waits for an order"),
                source: "Follows from the protocol: the letters one after the other, each after its time in the outbox: 12(d + relay) with one that conducts, 8(d + relay) without",
                settings: [of_lab(&["style", "relay_ms"]), vec![delay_us]].concat(),
                runs: 20,
                measure: duration,
            },
        ]
    }
}

fn is_told(world: WorldOf<'_, Saga>) -> bool {
    world.nodes().disk(A).customer.told.is_some()
}

/// The one order of a run, up to what the customer hears.
fn run(settings: &Settings, seed: u64) -> Result<(Director<Saga>, u64), Text> {
    let known = Saga::settings();
    let own = settings.iter().filter(|(name, _)| known.iter().any(|setting| setting.name == *name));
    let lab = own.fold(Settings::default(), |lab, (name, value)| lab.with(name, value.clone()));
    let delay_us = settings.get("delay_us").map_or(10_000, |_| settings.integer("delay_us"));
    let lab = lab
        .with("workload_ms", number(0))
        .with("retry_ms", number(100_000))
        .with("retry_most_ms", number(100_000))
        .with("delay", word("constant"))
        .with("delay_most_us", number(delay_us));
    let mut director = Director::<Saga>::new(lab, seed)?;
    director.run_for_us(1_000);
    director.operate(A, "order", &[]);
    let began_us = director.now_us();
    director.run_until(is_told);
    let took_us = director.world().now_us() - began_us;
    Ok((director, took_us))
}

fn outcome(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (mut confirmed, mut compensations) = (0, 0);
    for place in 0..u64::from(runs) {
        let (director, _) = run(settings, seed.wrapping_add(place))?;
        let world = director.world();
        let is_confirmed = matches!(world.nodes().disk(A).customer.told, Some((_, Fate::Confirmed, _)));
        confirmed += i64::from(is_confirmed);
        let entries = SERVICES.iter().flat_map(|node| world.nodes().disk(*node).books.entries.iter());
        compensations += entries.map(|entry| i64::from(entry.times[1])).sum::<i64>();
        compensations += world.nodes().disk(ORDER).orders.0.len() as i64 - i64::from(is_confirmed);
    }
    let (p, runs) = (settings.integer("fail_percent"), i64::from(runs.max(1)));
    let q = 100 - p;
    let mut report = Report::default();
    report.push("confirmed", "of 1", confirmed * ONE / runs, Some(q * q * q));
    let mean = 10_000 * p + 200 * q * p + 3 * q * q * p;
    report.push("compensations of an order", "on average", compensations * ONE / runs, Some(mean));
    Ok(report)
}

fn duration(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let settings = settings.clone().with("fail_percent", number(0));
    let mut took_us = Vec::new();
    for place in 0..u64::from(runs) {
        took_us.push(run(&settings, seed.wrapping_add(place))?.1 as i64 * US);
    }
    let letters = if settings.word("style") == "choreography" { 8 } else { 12 };
    let each_us = settings.integer("delay_us") + settings.integer("relay_ms") * 1_000;
    let mut report = Report::default();
    report.push_distribution("ms", took_us, &[("mean", letters * each_us * US)]);
    Ok(report)
}
