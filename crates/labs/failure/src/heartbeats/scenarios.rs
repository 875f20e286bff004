//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Delay, Director, Input, NodeId, Prepared, Scenarios, Sight, WorldOf, t};

use super::watcher::{Opinion, Watcher};
use super::{HeartbeatNode, Heartbeats};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);

impl Scenarios for Heartbeats {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Heartbeats>> {
        vec![
            Prepared {
                name: "dead-or-slow",
                title: t!("Dead, or just slow?"),
                summary: t!(
                    "A sends a heartbeat every 100 ms. B has heard nothing for 150 ms and will give up at 300 ms; C hears A as ever. Only the link to B has become slow, and B cannot know that."
                ),
                seed: 1,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    settle(director, 6);
                    let delay = Delay::Constant { us: 420_000 };
                    director.act(Input::SetDelay { from: A, to: B, delay });
                    director.run_until(|world| thinks(world, B, Opinion::Doubts));
                },
                expect: vec![("false-suspicion", Outcome::NotSeen), ("live-trusted", Outcome::Reached)],
            },
            Prepared {
                name: "crash",
                title: t!("A crash, and how long until it is noticed"),
                summary: t!(
                    "A has just crashed. B and C have heard it a moment ago, and trust a dead node until their timeouts of 300 ms are over."
                ),
                seed: 2,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    settle(director, 8);
                    director.run_for_us(30_000);
                    director.act(Input::Crash(A));
                },
                expect: vec![("crashed-trusted", Outcome::Seen), ("crash-noticed", Outcome::Waiting)],
            },
            Prepared {
                name: "slow-not-dead",
                title: t!("Slow, not dead"),
                summary: t!(
                    "A has stopped for a while, as in a long garbage collection. For 300 ms nobody heard it, so it is suspected, and that is wrong. It has just woken up."
                ),
                seed: 3,
                settings: vec![],
                sight: Sight::STAGE,
                direct: |director| {
                    settle(director, 8);
                    director.act(Input::Pause(A));
                    director.run_until(|world| watchers(world).all(|watcher| watcher.opinion == Opinion::Suspects));
                    director.run_for_us(100_000);
                    director.act(Input::Resume(A));
                },
                expect: vec![("false-suspicion", Outcome::Seen), ("live-trusted", Outcome::Waiting)],
            },
            Prepared {
                name: "jitter-timeout",
                title: t!("A jittery link, a fixed timeout"),
                summary: t!(
                    "Heartbeats now take from 5 to 105 ms, so that they come up to 200 ms apart. The timeout of 150 ms was set for a better link: again and again it takes a live node for dead."
                ),
                seed: 4,
                settings: [jitter(), vec![("timeout_ms", number(150))]].concat(),
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_until(|world| watchers(world).any(|watcher| !watcher.trusts()));
                },
                expect: vec![("false-suspicion", Outcome::Seen), ("live-trusted", Outcome::Waiting)],
            },
            Prepared {
                name: "jitter-phi",
                title: t!("The same link, phi accrual"),
                summary: t!(
                    "The same link as before. The watchers have measured 50 intervals and wait as long as these say: at a phi of 8 there is no false suspicion. Crash A and see what the patience costs."
                ),
                seed: 4,
                settings: [jitter(), vec![("detector", word("phi"))]].concat(),
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| settle(director, 51),
                expect: vec![("false-suspicion", Outcome::NotSeen), ("live-trusted", Outcome::Reached)],
            },
            Prepared {
                name: "threshold-too-low",
                title: t!("A threshold that is too low"),
                summary: t!(
                    "At a phi of 1 one heartbeat in ten may come later, if intervals are normally distributed. So live nodes are suspected every second or so. Raise the threshold in the settings."
                ),
                seed: 5,
                settings: [jitter(), vec![("detector", word("phi")), ("threshold_tenths", number(10))]].concat(),
                sight: Sight::CHARTS,
                direct: |director| {
                    settle(director, 20);
                    director.run_until(|world| watchers(world).any(|watcher| !watcher.trusts()));
                },
                expect: vec![("false-suspicion", Outcome::Seen), ("live-trusted", Outcome::Waiting)],
            },
            Prepared {
                name: "cut-and-heal",
                title: t!("A cut link that heals"),
                summary: t!(
                    "The link from A to B was cut for a second: B suspects A, and C trusts it. The link has just been healed. The next heartbeat will end the suspicion, and the long silence stays out of B's window."
                ),
                seed: 6,
                settings: vec![("detector", word("phi"))],
                sight: Sight::STAGE,
                direct: |director| {
                    settle(director, 20);
                    director.act(Input::Cut { from: A, to: B });
                    director.run_for_us(1_000_000);
                    director.act(Input::Heal { from: A, to: B });
                },
                expect: vec![
                    ("disagree", Outcome::Seen),
                    ("false-suspicion", Outcome::Seen),
                    ("live-trusted", Outcome::Waiting),
                ],
            },
            Prepared {
                name: "as-in-akka",
                title: t!("A long pause, settings as in Akka"),
                summary: t!(
                    "A heartbeat a second, a threshold of 8, a deviation of 100 ms at least, and 3 s of silence that do not count at all. A has slept for 2.5 s and wakes up: nobody suspects it. A crash is noticed late, too."
                ),
                seed: 7,
                settings: vec![
                    ("detector", word("phi")),
                    ("interval_ms", number(1_000)),
                    ("threshold_tenths", number(80)),
                    ("window", number(1_000)),
                    ("least_deviation_ms", number(100)),
                    ("pause_ms", number(3_000)),
                ],
                sight: Sight::CHARTS,
                direct: |director| {
                    settle(director, 10);
                    director.act(Input::Pause(A));
                    director.run_for_us(2_500_000);
                    director.act(Input::Resume(A));
                },
                expect: vec![("false-suspicion", Outcome::NotSeen), ("live-trusted", Outcome::Reached)],
            },
        ]
    }
}

fn jitter() -> Vec<(&'static str, sim::Value)> {
    vec![("delay_least_us", number(5_000)), ("delay_most_us", number(105_000))]
}

/// Runs until every watcher has heard so many heartbeats.
fn settle(director: &mut Director<Heartbeats>, heartbeats: u64) {
    director.run_until(|world| watchers(world).all(|watcher| watcher.counted >= heartbeats));
}

pub(super) fn watchers(world: WorldOf<'_, Heartbeats>) -> impl Iterator<Item = &Watcher> {
    world.nodes().ids().filter_map(move |id| world.nodes().state(id).and_then(HeartbeatNode::watcher))
}

fn thinks(world: WorldOf<'_, Heartbeats>, id: NodeId, opinion: Opinion) -> bool {
    world.nodes().state(id).and_then(HeartbeatNode::watcher).is_some_and(|watcher| watcher.opinion == opinion)
}
