//! What TCP does, beside what follows from formulas.

use parts::values::number;
use sim::experiment::{Experiment, Report};
use sim::{AnyLab, Director, Experiments, Input, NodeId, Of, Setting, Settings, Text, Value, World, t};

use super::scenarios::{calm, first};
use super::timer::{Formula, RoundTrip, Sample};
use super::{A, A2, B, State, Tcp};

/// One of anything in millionths, and one millisecond's.
const ONE: i64 = 1_000_000;

/// √(3/2) in millionths (Mathis and others 1997).
const ROOT_OF_3_HALVES: i64 = 1_224_745;

impl Experiments for Tcp {
    fn experiments() -> Vec<Experiment> {
        let mut experiments = alone();
        experiments.extend(crowded());
        experiments
    }
}

/// Those about one sender and its ways.
fn alone() -> Vec<Experiment> {
    vec![
        Experiment {
            name: "rto",
            title: t!("The timeout after some equal round trips"),
            source: "RFC 6298, sections 2.2 and 2.3: with a constant round trip R, RTTVAR begins as R/2 and loses a quarter with each sample, so that RTO = R (1 + 2 (3/4)^(n-1)) after n samples",
            settings: vec![Setting::integer("round_trip_ms", t!("round trip (R)"), (1, 60_000), "ms", 100)],
            runs: 8,
            measure: rto,
        },
        Experiment {
            name: "slow-start",
            title: t!("How many round trips some data takes"),
            source: "RFC 5681, section 3.1: in slow start the window doubles each round trip, so that n segments take ⌈log2(n/w + 1)⌉ of them from a first window of w",
            settings: vec![Setting::integer("segments", t!("segments (n)"), (1, 64), "", 60)],
            runs: 1,
            measure: slow_start,
        },
        Experiment {
            name: "loss",
            title: t!("How fast it goes where segments are lost"),
            source: "M. Mathis, J. Semke, J. Mahdavi and T. Ott, The macroscopic behavior of the TCP congestion avoidance algorithm, 1997: a rate of MSS/RTT √(3/2) / √p, where every segment is acknowledged",
            settings: Vec::new(),
            runs: 600,
            measure: loss,
        },
    ]
}

/// Those about a line that is full.
fn crowded() -> Vec<Experiment> {
    vec![
        Experiment {
            name: "queue",
            title: t!("How much of a line one sender uses"),
            source: "The window goes from W/2 to W and back: on average it is 3/4 of W. With hardly a queue, W is what the line holds in a round trip, and 75 % of it is used; with a queue of that size W/2 still fills it, and 100 % is (Appenzeller, Keslassy and McKeown, Sizing router buffers, 2004, section 2)",
            settings: Vec::new(),
            runs: 900,
            measure: queue,
        },
        Experiment {
            name: "fairness",
            title: t!("How two senders share a line"),
            source: "D. Chiu and R. Jain, Analysis of the increase and decrease algorithms for congestion avoidance, 1989: adding and halving leads to equal shares, an index of 1",
            settings: Vec::new(),
            runs: 600,
            measure: fairness,
        },
    ]
}

fn rto(settings: &Settings, runs: u32, _seed: u64) -> Result<Report, Text> {
    let round_trip_us = settings.integer("round_trip_ms").unsigned_abs() * 1_000;
    let mut known = RoundTrip::new(1_000_000);
    let mut report = Report::default();
    // Twice the deviation's share, in millionths of R: 2 (3/4)^(n-1).
    let mut share = 2 * ONE;
    for n in 1..=runs {
        known.measure(Sample { us: round_trip_us, number: 1, echo: 1 }, 0, Formula::Deviation, 0);
        let published = round_trip_us as i64 * (ONE + share) / 1_000;
        report.push(&format!("after {n}"), "ms", known.rto_us as i64 * 1_000, Some(published));
        share = share * 3 / 4;
    }
    Ok(report)
}

/// A run with settings beyond those of the screen.
fn director(changes: Vec<(&'static str, Value)>, seed: u64) -> Director<Tcp> {
    let settings = calm(changes).into_iter().fold(Settings::default(), |all, (name, value)| all.with(name, value));
    let lab: &dyn AnyLab = Of::<Tcp>::LAB;
    Director::at(World::beyond_bounds(lab, &settings, seed)).unwatched()
}

/// So many kilobytes do not end while somebody looks: half of the numbers there are.
const ENDLESS: i64 = 1_000_000;

fn slow_start(settings: &Settings, _runs: u32, seed: u64) -> Result<Report, Text> {
    const WAY_MS: i64 = 1_000;
    let segments = settings.integer("segments");
    let mut report = Report::default();
    for first_window in [1, 2, 4, 10] {
        let mut director = director(
            vec![
                ("transfer", number(segments)),
                ("iw", number(first_window)),
                ("delayed_ack_ms", number(0)),
                ("buffer", number(64)),
                ("queue", number(100)),
                ("rate", number(200_000)),
                ("far_ms", number(WAY_MS)),
                ("near_ms", number(0)),
                ("rto_initial_ms", number(10_000)),
            ],
            seed,
        );
        let begun =
            |director: &Director<Tcp>| first(director.world(), A).is_some_and(|known| known.state != State::SynSent);
        while !begun(&director) && director.step() {}
        let from_us = director.now_us();
        let is_read = |director: &Director<Tcp>| {
            let known = director.world().nodes().state(B).and_then(|host| host.with(A));
            known.is_some_and(|known| known.receiver.read_bytes() >= segments as u64 * 1_000)
        };
        while !is_read(&director) && director.step() {}
        let rounds = (director.now_us() - from_us) as i64 / (2 * WAY_MS * 1_000) + 1;
        // The least number of rounds in which w (2^rounds - 1) is at least n.
        let mut published = 1;
        while first_window * ((1 << published) - 1) < segments {
            published += 1;
        }
        report.push(&format!("from a window of {first_window}"), "", rounds * ONE, Some(published * ONE));
    }
    Ok(report)
}

/// The bytes of a client that B has read.
fn read(director: &Director<Tcp>, client: NodeId) -> i64 {
    let known = director.world().nodes().state(B).and_then(|host| host.with(client));
    known.map_or(0, |known| known.receiver.read_bytes() as i64)
}

fn loss(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut report = Report::default();
    for (percent, root_of_p) in [(1, 100_000), (2, 141_421), (4, 200_000)] {
        let mut director = director(
            vec![
                ("transfer", number(ENDLESS)),
                ("sack", Value::Flag(true)),
                ("delayed_ack_ms", number(0)),
                ("rto_min_ms", number(200)),
                ("buffer", number(1_000)),
                ("queue", number(10_000)),
                ("rate", number(100_000)),
                ("loss_percent", number(percent)),
            ],
            seed,
        );
        // 20 ms and 30 ms, there and back.
        let round_trip_us = 100_000;
        director.run_until_us(10_000_000);
        let before = read(&director, A);
        director.run_until_us(10_000_000 + u64::from(runs) * 1_000_000);
        let measured = (read(&director, A) - before) / i64::from(runs.max(1));
        // MSS / RTT · √(3/2) / √p, in bytes a second.
        let published = 1_000 * ONE / round_trip_us * ROOT_OF_3_HALVES / root_of_p;
        report.push(&format!("{percent} % lost"), "kB/s", measured * 1_000, Some(published * 1_000));
    }
    Ok(report)
}

fn queue(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    const RATE: i64 = 100;
    let mut report = Report::default();
    // A round trip of 500 ms: the line holds 50 kB, which are 48 segments with their headers.
    for (places, published) in [(1, 750_000), (48, ONE)] {
        let mut director = director(
            vec![
                ("transfer", number(ENDLESS)),
                ("sack", Value::Flag(true)),
                ("delayed_ack_ms", number(0)),
                ("buffer", number(1_000)),
                ("queue", number(places)),
                ("rate", number(RATE)),
                ("far_ms", number(230)),
            ],
            seed,
        );
        director.run_until_us(100_000_000);
        let before = read(&director, A);
        director.run_until_us(100_000_000 + u64::from(runs) * 1_000_000);
        let bytes = read(&director, A) - before;
        // With headers, as they go down the line.
        let share = bytes * 1_040 / (RATE * i64::from(runs.max(1)));
        report.push(&format!("{places} places"), "of 1", share, Some(published));
    }
    Ok(report)
}

fn fairness(_settings: &Settings, runs: u32, seed: u64) -> Result<Report, Text> {
    let mut director = director(
        vec![
            ("transfer", number(ENDLESS)),
            ("senders", number(2)),
            ("sack", Value::Flag(true)),
            ("delayed_ack_ms", number(0)),
            ("buffer", number(1_000)),
            ("queue", number(10)),
            ("rate", number(100)),
            // Without chance the two fall into step, and then share as they began.
            ("jitter_ms", number(5)),
        ],
        seed,
    );
    // One has the line for a minute before the other comes.
    director.act(Input::Pause(A2));
    director.run_until_us(60_000_000);
    director.act(Input::Resume(A2));
    let mut index = |seconds: u64| {
        let before = [A, A2].map(|client| read(&director, client));
        let end_us = director.now_us() + seconds * 1_000_000;
        director.run_until_us(end_us);
        let [x, y] = [A, A2].map(|client| read(&director, client) - before[(client == A2) as usize]);
        ((x + y) * (x + y) / 1_000 * 1_000) / (2 * (x * x + y * y) / 1_000_000 * 1_000).max(1) * 1_000
    };
    let first = index(2);
    index(58);
    let last = index(u64::from(runs));
    let mut report = Report::default();
    report.push("when the second comes", "of 1", first, None);
    report.push("later", "of 1", last, Some(ONE));
    Ok(report)
}
