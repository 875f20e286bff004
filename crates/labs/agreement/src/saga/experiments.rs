//! How often an order comes through, what it costs, how long it takes and for how long it keeps a piece from others: measured beside
//! what follows from the protocol.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Configuration, Director, Experiments, Setting, Settings, Text, WorldOf, t};

use super::Saga;
use super::message::Fate;
use super::service::Entry;
use super::settings::{A, ORDER, SERVICES, SHIP, STOCK};

/// One of anything in millionths, and one microsecond in millionths of a millisecond.
const ONE: i64 = 1_000_000;
const US: i64 = 1_000;

impl Experiments for Saga {
    fn experiments() -> Vec<Experiment> {
        let of_lab = |names: &[&str]| {
            let all = Saga::settings();
            all.into_iter().filter(|setting| names.contains(&setting.name)).collect::<Vec<Setting>>()
        };
        let delay_us = || Setting::integer("delay_us", t!("delay of each link (d)"), (100, 1_000_000), "µs", 10_000);
        let loss = Setting::integer("loss_percent", t!("messages lost (l)"), (0, 90), "%", 20);
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
                settings: [of_lab(&["style", "relay_ms"]), vec![delay_us()]].concat(),
                runs: 20,
                measure: duration,
            },
            Experiment {
                name: "messages",
                title: t!("How many letters an order takes"),
                source: "Follows from the protocol: the order, the end that is told, and between them 2 letters a remote step with one that conducts, 1 a remote step and one to begin without: 12 and 8, whether all five steps are done or three and two compensations. Each letter is acknowledged",
                settings: of_lab(&["style"]),
                runs: 1,
                measure: messages,
            },
            Experiment {
                name: "held",
                title: t!("How long the piece is kept from others"),
                source: "Follows from the protocol: from the moment at which it is put aside until it goes out, 6(d + relay) with one that conducts and 3(d + relay) without; until it is given back because Ship refuses, 4(d + relay) and 2(d + relay)",
                settings: [of_lab(&["style", "relay_ms"]), vec![delay_us()]].concat(),
                runs: 20,
                measure: held,
            },
            Experiment {
                name: "tries",
                title: t!("How often a letter is sent when messages are lost"),
                source: "Follows from the protocol: a letter is sent until both it and its acknowledgement have come, which happens with probability (1 − l)² each time: 1 / (1 − l)² times on average",
                settings: vec![loss],
                runs: 1_000,
                measure: tries,
            },
        ]
    }
}

fn is_told(world: WorldOf<'_, Saga>) -> bool {
    world.nodes().disk(A).customer.told.is_some()
}

/// A world in which nothing happens that nobody does.
fn quiet(settings: &Settings, seed: u64) -> Result<Director<Saga>, Text> {
    let known = Saga::settings();
    let own = settings.iter().filter(|(name, _)| known.iter().any(|setting| setting.name == *name));
    let usual = Settings::default().with("retry_ms", number(100_000)).with("retry_most_ms", number(100_000));
    let lab = own.fold(usual, |lab, (name, value)| lab.with(name, value.clone()));
    let delay_us = settings.get("delay_us").map_or(10_000, |_| settings.integer("delay_us"));
    let lab =
        lab.with("workload_ms", number(0)).with("delay", word("constant")).with("delay_most_us", number(delay_us));
    let mut director = Director::<Saga>::new(lab, seed)?;
    director.run_for_us(1_000);
    Ok(director)
}

/// The one order of a run, up to what the customer hears.
fn run(settings: &Settings, seed: u64) -> Result<(Director<Saga>, u64), Text> {
    let mut director = quiet(settings, seed)?;
    director.operate(A, "order", &[]);
    let began_us = director.now_us();
    director.run_until(is_told);
    let took_us = director.world().now_us() - began_us;
    Ok((director, took_us))
}

/// Of all letters that were ever in an outbox: how many there are, and how often one was sent.
fn letters(world: WorldOf<'_, Saga>) -> (i64, i64) {
    let outboxes = world.nodes().ids().map(|node| &world.nodes().disk(node).outbox);
    outboxes.fold((0, 0), |(all, sent), outbox| (all + outbox.written as i64, sent + outbox.sent as i64))
}

fn is_at_rest(world: WorldOf<'_, Saga>) -> bool {
    is_told(world) && world.nodes().ids().all(|node| world.nodes().disk(node).outbox.letters.is_empty())
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

fn messages(settings: &Settings, _runs: u32, seed: u64) -> Result<Report, Text> {
    let settings = settings.clone().with("fail_percent", number(0));
    let published = if settings.word("style") == "choreography" { 8 } else { 12 };
    let mut report = Report::default();
    for (refuses, name) in [(false, "confirmed: letters"), (true, "refused by Ship: letters")] {
        let mut director = quiet(&settings, seed)?;
        if refuses {
            director.operate(SHIP, "fail", &[]);
        }
        director.operate(A, "order", &[]);
        director.run_until(is_at_rest);
        report.push(name, "letters", letters(director.world()).0 * ONE, Some(published * ONE));
    }
    Ok(report)
}

fn held(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let settings = settings.clone().with("fail_percent", number(0));
    let each_us = settings.integer("delay_us") + settings.integer("relay_ms") * 1_000;
    let published = if settings.word("style") == "choreography" { [3, 2] } else { [6, 4] };
    let mut report = Report::default();
    for (refuses, name) in [(false, "until it goes out"), (true, "until it is given back")] {
        let mut sum_us = 0;
        for place in 0..u64::from(runs) {
            let mut director = quiet(&settings, seed.wrapping_add(place))?;
            if refuses {
                director.operate(SHIP, "fail", &[]);
            }
            director.operate(A, "order", &[]);
            director.run_until(|world| is_at_stock(world, Entry::is_in_effect));
            let from_us = director.now_us();
            director.run_until(|world| is_at_stock(world, |entry| entry.finished || entry.undone));
            sum_us += (director.now_us() - from_us) as i64;
        }
        let mean = sum_us * US / i64::from(runs.max(1));
        report.push(name, "ms", mean, Some(published[usize::from(refuses)] * each_us * US));
    }
    Ok(report)
}

fn is_at_stock(world: WorldOf<'_, Saga>, of: fn(&Entry) -> bool) -> bool {
    world.nodes().disk(STOCK).books.entries.first().is_some_and(of)
}

/// With nobody who conducts only outboxes repeat, and always after the same time.
fn tries(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let lab = settings.clone().with("style", word("choreography")).with("fail_percent", number(0));
    let lab = lab.with("retry_ms", number(200)).with("retry_most_ms", number(200));
    let (mut all, mut times) = (0, 0);
    for place in 0..u64::from(runs) {
        let mut director = quiet(&lab, seed.wrapping_add(place))?;
        director.operate(A, "order", &[]);
        director.run_until(is_at_rest);
        let (written, sent) = letters(director.world());
        (all, times) = (all + written, times + sent);
    }
    let arrives = 100 - settings.integer("loss_percent");
    let mut report = Report::default();
    report.push(
        "times that a letter is sent",
        "on average",
        times * ONE / all.max(1),
        Some(10_000 * ONE / (arrives * arrives)),
    );
    Ok(report)
}
