//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::{DistributedPing, Pair};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);

impl Scenarios for DistributedPing {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<DistributedPing>> {
        let mut scenarios = clocks();
        scenarios.extend(numbers());
        scenarios
    }
}

/// Those about what two clocks can tell.
fn clocks() -> Vec<Prepared<DistributedPing>> {
    vec![
        Prepared {
            name: "before-it-was-sent",
            title: t!("It came before it was sent"),
            summary: t!(
                "S1 and S2 ping each other, and write down what their clocks show. By the log, ping 3 of S1 came to S2 8 ms before it was sent. What could have happened?"
            ),
            seed: 1,
            settings: right_clocks(22_000),
            sight: Sight::PANELS,
            direct: |director| {
                director.act(Input::SetClockOffset { node: S2, offset_us: -30_000 });
                answers(director, S1, S2, 3);
            },
            expect: vec![("negative-one-way", Outcome::Seen), ("round-trip-true", Outcome::Kept)],
        },
        Prepared {
            name: "two-truths",
            title: t!("One log, two truths: a slow way forth"),
            summary: t!(
                "By the log of S1, a ping and its answer take 40 ms each. In truth the ping takes 60 ms and the answer 20, and the clock of S2 is 20 ms behind. Nobody here can know that."
            ),
            seed: 2,
            settings: right_clocks(40_000),
            sight: Sight::PANELS,
            direct: |director| {
                director.act(Input::SetDelay { from: S1, to: S2, delay: Delay::Constant { us: 60_000 } });
                director.act(Input::SetDelay { from: S2, to: S1, delay: Delay::Constant { us: 20_000 } });
                director.act(Input::SetClockOffset { node: S2, offset_us: -20_000 });
                answers(director, S1, S2, 2);
            },
            expect: vec![("asymmetric", Outcome::Seen), ("round-trip-true", Outcome::Kept)],
        },
        Prepared {
            name: "the-other-truth",
            title: t!("The same log from another world"),
            summary: t!(
                "Here both ways take 40 ms, and both clocks are right. S1 has written down the same numbers as in the world before, one by one: its log cannot tell which of the two it lives in."
            ),
            seed: 2,
            settings: right_clocks(40_000),
            sight: Sight::PANELS,
            direct: |director| {
                director.act(Input::SetDelay { from: S1, to: S2, delay: Delay::Constant { us: 40_000 } });
                director.act(Input::SetDelay { from: S2, to: S1, delay: Delay::Constant { us: 40_000 } });
                // All that S2 does comes 20 ms sooner than in that world, so that S1 hears of it at the same moments: nobody
                // can tell when that is (the shifting argument of Lundelius and Lynch 1984, section 3).
                director.act(Input::SetClockDrift { node: S2, drift_ppm: 1_000_000 });
                director.run_for_us(20_000);
                director.act(Input::SetClockDrift { node: S2, drift_ppm: 0 });
                director.act(Input::SetClockOffset { node: S2, offset_us: 0 });
                answers(director, S1, S2, 2);
            },
            expect: vec![("asymmetric", Outcome::NotSeen), ("round-trip-true", Outcome::Kept)],
        },
        Prepared {
            name: "leap-second",
            title: t!("A second that came twice"),
            summary: t!(
                "S1 measures with the clock on the wall, as a program of Cloudflare did at midnight of New Year 2017. Its clock has just gone back by a second while a ping was under way: the round trip took less than nothing."
            ),
            seed: 3,
            settings: [right_clocks(20_000), vec![("monotonic", Value::Flag(false))]].concat(),
            sight: Sight::PANELS,
            direct: |director| {
                answers(director, S1, S2, 2);
                director.run_until(|world| pair(world, S1, S2).is_some_and(|pair| pair.sent == 3));
                director.run_for_us(10_000);
                director.operate(S1, "step-clock", &[number(-1_000)]);
                answers(director, S1, S2, 3);
            },
            expect: vec![("round-trip-true", Outcome::Broken), ("negative-one-way", Outcome::Seen)],
        },
    ]
}

/// Those about what many pings come to.
fn numbers() -> Vec<Prepared<DistributedPing>> {
    vec![
        Prepared {
            name: "six-regions",
            title: t!("Around the world"),
            summary: t!(
                "Six servers in six regions, and the first answers are in. Karachi to Virginia and back takes 168 ms: light in a straight cable needs 120. What of it could money buy?"
            ),
            seed: 4,
            settings: vec![
                ("servers", number(6)),
                ("places", word("six-regions")),
                ("offset_ms", number(0)),
                ("drift_ppm", number(0)),
                ("ntp_s", number(0)),
                ("service_us", number(0)),
            ],
            sight: Sight::PANELS,
            direct: |director| {
                director.run_until(|world| {
                    world.nodes().ids().all(|id| {
                        let pairs = world.nodes().state(id).map(|server| &server.pairs);
                        pairs.is_some_and(|pairs| pairs.values().all(|pair| pair.answered > 0))
                    })
                });
            },
            expect: vec![("all-reachable", Outcome::Reached)],
        },
        Prepared {
            name: "mean-lies",
            title: t!("The mean that nobody met"),
            summary: t!(
                "Two answers in a hundred take a second longer. The mean is 60 ms, and not one ping took that: nearly all take 40 ms, and a few more than a second."
            ),
            seed: 3,
            settings: [
                right_clocks(20_000),
                vec![("hiccups_per_mille", number(20)), ("interval_ms", number(100)), ("service_us", number(0))],
            ]
            .concat(),
            sight: Sight::CHARTS.in_real_time(),
            direct: |director| director.run_until_us(60_000_000),
            expect: vec![("tail", Outcome::Seen), ("reordered", Outcome::Seen)],
        },
        Prepared {
            name: "lost-twice-late",
            title: t!("Lost, answered twice, too late"),
            summary: t!(
                "This network loses messages and doubles them, and some answers take much longer than others. Each ping of S1 is still answered, lost or waiting, and counts once. Which of its numbers would you believe?"
            ),
            seed: 7,
            settings: vec![
                ("servers", number(2)),
                ("interval_ms", number(200)),
                ("timeout_ms", number(600)),
                ("delay_most_us", number(200_000)),
                ("loss_percent", number(10)),
                ("copies_percent", number(20)),
                ("hiccups_per_mille", number(200)),
                ("hiccup_ms", number(300)),
            ],
            sight: Sight::LANES,
            direct: |director| {
                director.run_until_us(6_000_000);
                director.run_until(|world| {
                    let is_full =
                        |pair: &Pair| pair.duplicates > 0 && pair.late > 0 && pair.reordered > 0 && pair.lost > 0;
                    pair(world, S1, S2).is_some_and(is_full)
                });
            },
            expect: vec![("duplicate", Outcome::Seen), ("reordered", Outcome::Seen), ("books-balance", Outcome::Kept)],
        },
        Prepared {
            name: "unseen-stall",
            title: t!("The stall that one of them did not see"),
            summary: t!(
                "S3 stood still for five seconds. S2 pings every second, whatever comes back, and has five slow answers. S1 waits for each answer before it asks again, and has one: 99 % of its pings to S3 took 40 ms."
            ),
            seed: 6,
            settings: [
                right_clocks(20_000),
                vec![
                    ("servers", number(3)),
                    ("schedule_first", word("closed")),
                    ("timeout_ms", number(10_000)),
                    ("service_us", number(0)),
                ],
            ]
            .concat(),
            sight: Sight::CHARTS.in_real_time(),
            direct: |director| {
                director.run_until_us(100_000_000);
                director.act(Input::Pause(S3));
                director.run_for_us(5_000_000);
                director.act(Input::Resume(S3));
                director.run_for_us(15_000_000);
            },
            expect: vec![("tail", Outcome::Seen), ("schedule-kept", Outcome::Kept)],
        },
    ]
}

/// Two servers whose clocks are right, and a delay that is always the same.
fn right_clocks(delay_us: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("servers", number(2)),
        ("offset_ms", number(0)),
        ("drift_ppm", number(0)),
        ("ntp_s", number(0)),
        ("delay", word("constant")),
        ("delay_most_us", number(delay_us)),
    ]
}

/// Runs until a server has had so many answers of another one.
fn answers(director: &mut Director<DistributedPing>, from: NodeId, to: NodeId, count: u64) {
    director.run_until(|world| pair(world, from, to).is_some_and(|pair| pair.answered >= count));
}

/// The books of a server on another one.
pub(super) fn pair(world: WorldOf<'_, DistributedPing>, from: NodeId, to: NodeId) -> Option<&Pair> {
    world.nodes().state(from)?.pairs.get(&to)
}
