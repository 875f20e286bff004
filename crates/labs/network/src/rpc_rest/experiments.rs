//! What strategies, loops, deadlines and layers come to, beside what follows from the books.

use parts::values::{number, word};
use sim::experiment::{Experiment, Report};
use sim::{Director, Experiments, Input, NodeId, Setting, Settings, Text, Value, WorldOf, t};

use super::monitor::Column;
use super::scenarios::{print_and_crash, sheets};
use super::wish::Verdict;
use super::{Client, RpcNode, RpcRest};

/// One of anything, in millionths.
const ONE: i64 = 1_000_000;

const C1: NodeId = NodeId(0);

/// What e^−x is for x = 1, 2 and 3, in millionths.
const FADED: [i64; 3] = [367_879, 135_335, 49_787];

/// The strategies of a client, with how many sheets there are in each column: 1 is OK, 2 is DUP, 0 is ZERO.
const PRINTER: [(&str, [i64; 6]); 4] = [
    ("always", [2, 1, 1, 2, 2, 1]),
    ("never", [1, 0, 0, 1, 1, 0]),
    ("if-came", [2, 1, 0, 2, 1, 0]),
    ("if-not", [1, 0, 1, 1, 2, 1]),
];

impl Experiments for RpcRest {
    fn experiments() -> Vec<Experiment> {
        vec![
            Experiment {
                name: "printer",
                title: t!("How often a text is printed, by strategy and by when the server crashes"),
                source: "van Steen and Tanenbaum, Distributed Systems, section 8.3.2: the combinations of client and server strategies in the presence of server crashes; OK is 1, DUP is 2, ZERO is 0",
                settings: Vec::new(),
                runs: 1,
                measure: printer,
            },
            Experiment {
                name: "chatty",
                title: t!("How long an order of n lines takes, line by line and in one"),
                source: "n (RTT + s) for a loop of calls, RTT + s for one call, where RTT is four links and s the work of both servers",
                settings: vec![
                    Setting::integer("items", t!("lines (n)"), (1, 50), "", 10),
                    Setting::integer("link_us", t!("a link takes"), (0, 1_000_000), "µs", 20_000),
                    Setting::integer("work_ms", t!("each of the two servers works for"), (0, 1_000), "ms", 5),
                ],
                runs: 1,
                measure: chatty,
            },
            Experiment {
                name: "wasted",
                title: t!("How long a server works for nobody, a call"),
                source: "Work is exponential with mean s, and callers give up after d: (d + s) e^(-d / s) where work goes on, d e^(-d / s) where it ends with the deadline",
                settings: vec![
                    Setting::integer("work_ms", t!("mean work (s)"), (10, 1_000), "ms", 100),
                    Setting::integer("ratio", t!("the deadline is so many times that (d / s)"), (1, 3), "", 2),
                ],
                runs: 10_000,
                measure: wasted,
            },
            Experiment {
                name: "layers",
                title: t!("How often the last server is asked, where each of k layers tries r times"),
                source: "r^k: attempts of layers multiply. With a call table in between they do not",
                settings: vec![Setting::integer("attempts", t!("attempts of each layer (r)"), (1, 5), "", 3)],
                runs: 1,
                measure: layers,
            },
        ]
    }
}

/// One client that calls, one front end, and a network in which nothing goes wrong.
fn calm(link_us: i64) -> Settings {
    let none = ["workload_ms", "loss_percent", "copies_percent", "work_ms", "store_ms"];
    let settings = none.into_iter().fold(Settings::default(), |all, name| all.with(name, number(0)));
    settings
        .with("styles", word("rpc"))
        .with("clients", number(1))
        .with("twin", Value::Flag(false))
        .with("delay", word("constant"))
        .with("delay_most_us", number(link_us))
}

fn direct(settings: Settings, seed: u64) -> Result<Director<RpcRest>, Text> {
    Director::new(settings, seed).map(Director::unwatched)
}

fn client(world: WorldOf<'_, RpcRest>) -> Option<&Client> {
    world.nodes().state(C1).and_then(RpcNode::client)
}

fn printer(_: &Settings, _: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for (strategy, published) in PRINTER {
        for (column, published) in Column::ALL.into_iter().zip(published) {
            let prints_first = matches!(column, Column::Pmc | Column::Pc | Column::CPaperFirst);
            let settings = calm(20_000)
                .with("work_ms", number(50))
                .with("printer", Value::Flag(true))
                .with("strategy", word(strategy))
                .with("print_first", Value::Flag(prints_first));
            let mut director = Director::<RpcRest>::new(settings, seed)?;
            print_and_crash(&mut director, column);
            director.run_for_us(2_000_000);
            let found = sheets(director.world()) as i64;
            report.push(&format!("{strategy}: {}", column.word()), "sheets", found * ONE, Some(published * ONE));
        }
    }
    Ok(report)
}

fn chatty(settings: &Settings, _: u32, seed: u64) -> Result<Report, Text> {
    let (items, link_us) = (settings.integer("items"), settings.integer("link_us"));
    let work_ms = settings.integer("work_ms");
    let once_us = 4 * link_us + 2 * work_ms * 1_000;
    let mut report = Report::default();
    for (reads, name, published_us) in [("lines", "line by line", items * once_us), ("one", "in one request", once_us)]
    {
        let lab = calm(link_us)
            .with("items", number(items))
            .with("reads", word(reads))
            .with("work_ms", number(work_ms))
            .with("store_ms", number(work_ms))
            .with("deadline_ms", number(60_000))
            .with("retry_ms", number(10_000));
        let mut director = direct(lab, seed)?;
        director.run_for_us(10 * link_us.unsigned_abs() + 1_000);
        director.operate(C1, "read", &[number(7)]);
        director.run_until(|world| client(world).is_some_and(|client| !client.told.is_empty()));
        let took_us = client(director.world()).and_then(|client| client.told.back()?.took_us).unwrap_or(0);
        report.push(name, "ms", took_us as i64 * ONE / 1_000, Some(published_us * ONE / 1_000));
    }
    Ok(report)
}

fn wasted(settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let (work_ms, ratio) = (settings.integer("work_ms"), settings.integer("ratio"));
    let faded = FADED[(ratio.clamp(1, 3) - 1) as usize];
    let mut report = Report::default();
    for (is_on, name, published) in [
        (false, "work goes on", work_ms * (ratio + 1) * faded),
        (true, "work ends with the deadline", work_ms * ratio * faded),
    ] {
        let lab = calm(0)
            .with("semantics", word("maybe"))
            .with("work", word("exponential"))
            .with("work_ms", number(work_ms))
            .with("deadline_ms", number(work_ms * ratio))
            .with("time_left", Value::Flag(is_on));
        let mut director = direct(lab, seed)?;
        let front = director.world().config().front();
        let is_working = |world: WorldOf<'_, RpcRest>| {
            let front = world.nodes().state(front).and_then(RpcNode::front);
            front.is_some_and(|front| front.desk.at_work().is_some() && front.stub.open.is_none())
        };
        let is_idle = |world: WorldOf<'_, RpcRest>| {
            let desk = world.nodes().state(front).and_then(RpcNode::desk);
            desk.is_some_and(|desk| desk.at_work().is_none())
        };
        let mut wasted_us = 0;
        for number in 1..=runs {
            director.operate(C1, "create", &[]);
            director.run_until(is_working);
            let began_us = director.now_us();
            director.run_until(|world| !is_working(world));
            let worked_us = director.now_us() - began_us;
            let told = |world: WorldOf<'_, RpcRest>| {
                client(world)?.told.back().filter(|told| told.number == number).map(|told| told.verdict)
            };
            director.run_until(|world| told(world).is_some() && is_idle(world));
            if told(director.world()) != Some(Verdict::Done) {
                wasted_us += worked_us as i64;
            }
        }
        report.push(name, "ms", wasted_us * 1_000 / i64::from(runs.max(1)), Some(published));
    }
    Ok(report)
}

fn layers(settings: &Settings, _: u32, seed: u64) -> Result<Report, Text> {
    let attempts = settings.integer("attempts");
    let mut report = Report::default();
    for (name, semantics, is_front_down, published) in [
        ("one layer", "at-least-once", true, attempts),
        ("two layers", "at-least-once", false, attempts * attempts),
        ("two layers, with a call table", "at-most-once", false, attempts),
    ] {
        let lab = calm(1_000)
            .with("semantics", word(semantics))
            .with("attempts", number(attempts))
            .with("deadline_ms", number(0))
            .with("retry_ms", number(20))
            .with("work_ms", number(1));
        let mut director = direct(lab, seed)?;
        director.run_for_us(100_000);
        let (front, store) = (director.world().config().front(), director.world().config().store());
        director.act(Input::Crash(if is_front_down { front } else { store }));
        director.operate(C1, "create", &[]);
        let (mut asked, mut last) = (0, (0, 0));
        let end_us = director.now_us() + 600_000_000;
        while director.now_us() < end_us {
            let world = director.world();
            let open = if is_front_down {
                client(world).and_then(|client| client.stub.open.clone())
            } else {
                world.nodes().state(front).and_then(RpcNode::front).and_then(|front| front.stub.open.clone())
            };
            if let Some(now) = open.map(|open| (open.number, open.attempts.made)).filter(|now| *now != last) {
                (asked, last) = (asked + 1, now);
            }
            if !director.step() {
                break;
            }
        }
        report.push(name, "times", asked * ONE, Some(published * ONE));
    }
    Ok(report)
}
