//! What elections cost, and how often one is held for nothing: measured beside what was published, or follows from the rules.

use parts::theory::exp_of_minus;
use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, Input, NodeId, Setting, Settings, Text, Value, t};

use super::Elections;
use super::counts::{Counts, Kind};
use super::scenarios::member;
use super::settings::MOST;

/// One of anything in millionths.
const ONE: i64 = 1_000_000;

impl Experiments for Elections {
    fn experiments() -> Vec<Experiment> {
        let nodes = |usual| Setting::integer("nodes", t!("nodes (n)"), (2, MOST), "", usual);
        vec![
            Experiment {
                name: "bully-messages",
                title: t!("What a bully election of textbooks costs"),
                source: "Follows from the rules (van Steen and Tanenbaum, example with 8 processes): the highest of n is down and the one of rank k starts; Election (n - k)(n - k + 1)/2, OK (n - k - 1)(n - k)/2, Coordinator n - 2",
                settings: vec![nodes(8), Setting::integer("starter", t!("who starts (k)"), (1, MOST), "", 5)],
                runs: 20,
                measure: bully_messages,
            },
            Experiment {
                name: "ring-messages",
                title: t!("What an election on a ring costs when all start"),
                source: "Chang and Roberts 1979: worst n(n + 1)/2, mean n times (1 + 1/2 + ... + 1/n) over all orders; best 2n - 1; and n more to tell all",
                settings: vec![nodes(8)],
                runs: 2_000,
                measure: ring_messages,
            },
            Experiment {
                name: "false-elections",
                title: t!("How often an answer is late though all are up"),
                source: "A question and its answer take twice the least delay and two exponential tails of mean m: more than x = answer time - 2 least with chance (1 + x/m) exp(-x/m)",
                settings: vec![
                    Setting::integer("answer_ms", t!("waits for an answer"), (1, 10_000), "ms", 40),
                    Setting::integer("delay_least_us", t!("least delay"), (0, 100_000), "µs", 5_000),
                    Setting::integer("delay_mean_us", t!("delay on average"), (1, 200_000), "µs", 12_000),
                ],
                runs: 10_000,
                measure: false_elections,
            },
        ]
    }
}

/// Nobody looks by itself, and nobody writes.
fn quiet(changes: &[(&str, Value)]) -> Settings {
    let quiet = Settings::default().with("beat_ms", number(60_000)).with("work_ms", number(0));
    changes.iter().fold(quiet, |all, (name, value)| all.with(name, value.clone()))
}

fn sent(director: &Director<Elections>, kind: Kind) -> i64 {
    let world = director.world();
    let counts = |node: NodeId| member(world, node).map_or(0, |member| Counts::get(&member.sent, kind));
    world.config().members().map(|node| i64::from(counts(node))).sum()
}

fn bully_messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let nodes = settings.integer("nodes");
    let starter = settings.integer("starter").clamp(1, nodes - 1);
    let kinds = [Kind::Election, Kind::Ok, Kind::Coordinator];
    let mut sums = [0; 3];
    for run in 0..u64::from(runs) {
        let changes = [("nodes", number(nodes)), ("halt_first", Value::Flag(false))];
        let mut director = Director::<Elections>::new(quiet(&changes), seed + run)?.unwatched();
        director.act(Input::Crash(NodeId(nodes as u16 - 1)));
        director.operate(NodeId(starter as u16 - 1), "start", &[]);
        director.run_for_us(400_000);
        kinds.iter().zip(&mut sums).for_each(|(kind, sum)| *sum += sent(&director, *kind));
    }
    let above = nodes - starter;
    let derived = [above * (above + 1) / 2, (above - 1) * above / 2, nodes - 2];
    let mut report = Report::default();
    for ((name, sum), derived) in ["Election", "OK", "Coordinator"].into_iter().zip(sums).zip(derived) {
        report.push(name, "messages", sum * ONE / i64::from(runs.max(1)), Some(derived * ONE));
    }
    Ok(report)
}

/// The messages with numbers, and those that tell all, of an election that all start at once.
fn round(nodes: i64, ids: &str, shuffle: u64, seed: u64) -> Result<(i64, i64), Text> {
    let shuffle = ("shuffle", number((shuffle % 1_000_000) as i64));
    let changes = [("nodes", number(nodes)), ("algorithm", word("ring")), ("ids", word(ids)), shuffle];
    let mut director = Director::<Elections>::new(quiet(&changes), seed)?.unwatched();
    for node in 0..nodes {
        director.operate(NodeId(node as u16), "start", &[]);
    }
    director.run_for_us(450_000);
    Ok((sent(&director, Kind::Token), sent(&director, Kind::Elected)))
}

fn ring_messages(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let nodes = settings.integer("nodes");
    let mut sum = 0;
    for run in 0..u64::from(runs) {
        sum += round(nodes, "shuffled", seed.wrapping_add(run), seed + run)?.0;
    }
    let harmonic: i64 = (1..=nodes).map(|number| nodes * ONE / number).sum();
    let (worst, told) = round(nodes, "worst", 1, seed)?;
    let (best, _) = round(nodes, "order", 1, seed)?;
    let mut report = Report::default();
    report.push("mean", "messages", sum * ONE / i64::from(runs.max(1)), Some(harmonic));
    report.push("worst", "messages", worst * ONE, Some(nodes * (nodes + 1) / 2 * ONE));
    report.push("best", "messages", best * ONE, Some((2 * nodes - 1) * ONE));
    report.push("to tell all", "messages", told * ONE, Some(nodes * ONE));
    Ok(report)
}

fn false_elections(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (least_us, mean_us) = (settings.integer("delay_least_us"), settings.integer("delay_mean_us"));
    let answer_us = settings.integer("answer_ms") * 1_000;
    let mut late = 0;
    for run in 0..u64::from(runs) {
        let world = Settings::default()
            .with("nodes", number(2))
            .with("work_ms", number(0))
            .with("ask_members", Value::Flag(false))
            .with("answer_ms", number(answer_us / 1_000))
            .with("delay", word("exponential"))
            .with("delay_least_us", number(least_us))
            .with("delay_most_us", number(mean_us));
        let mut director = Director::<Elections>::new(world, seed + run)?.unwatched();
        let looks = |director: &Director<Elections>| {
            member(director.world(), NodeId(0)).map_or((0, 0), |member| (member.timely, member.untimely))
        };
        while looks(&director) == (0, 0) && director.step() {}
        late += i64::from(looks(&director).1 > 0);
    }
    let tail_us = (mean_us - least_us).max(1);
    let over_us = answer_us - 2 * least_us;
    let derived = match u128::try_from(over_us) {
        Ok(over_us) => {
            let ratio = over_us * ONE as u128 / tail_us as u128;
            let chance = i128::from(exp_of_minus(ratio)) * (i128::from(ONE) + ratio as i128) / i128::from(ONE);
            chance as i64
        }
        Err(_) => ONE,
    };
    let mut report = Report::default();
    report.push("late answers", "of 1", late * ONE / i64::from(runs.max(1)), Some(derived));
    Ok(report)
}
