//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, t};

use super::{Message, Paxos, PaxosNode};

const P1: NodeId = NodeId(0);
const P2: NodeId = NodeId(1);
const P3: NodeId = NodeId(2);

impl Scenarios for Paxos {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Paxos>> {
        vec![
            Prepared {
                name: "adopted",
                title: t!("Red or blue?"),
                summary: t!(
                    "P1 wanted red. Two of three acceptors have accepted it, P1 has crashed, and nobody else knows. P2 wants blue, and has just asked the acceptors: which of the two will it be?"
                ),
                seed: 1,
                settings: by_hand(2),
                sight: Sight::STAGE,
                direct: |director| {
                    accepted_by_two(director);
                    director.act(Input::Crash(P1));
                    lose(director, |_, _, message| matches!(message, Message::Accepted(_)));
                    director.run_for_us(5_000);
                    propose(director, P2, "blue");
                    director.run_for_us(3_000);
                },
                expect: vec![("decided", Outcome::Waiting), ("adopted", Outcome::NotSeen)],
            },
            Prepared {
                name: "duel",
                title: t!("A duel"),
                summary: t!(
                    "Each of the two proposers asks for a higher ballot as soon as it is overtaken, and so overtakes the other one. Nothing bad happens, and nothing at all: this can go on for ever."
                ),
                seed: 2,
                settings: [by_hand(2), constant(), vec![("back_off", Value::Flag(false))]].concat(),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(5_000);
                    propose(director, P1, "red");
                    director.run_for_us(20_000);
                    propose(director, P2, "blue");
                    director.run_until(|world| {
                        let overtaken = |node| {
                            world.nodes().state(node).and_then(PaxosNode::proposer).map(|proposer| proposer.overtaken)
                        };
                        overtaken(P1) == Some(2)
                    });
                },
                expect: vec![("duel", Outcome::Seen), ("decided", Outcome::Waiting)],
            },
            Prepared {
                name: "three-at-once",
                title: t!("Three want three different values"),
                summary: t!(
                    "Three proposers have begun nearly at the same time, and overtake each other. Each then stays away for a random time, and so one of them gets through."
                ),
                seed: 3,
                settings: vec![],
                sight: Sight::LANES,
                direct: |director| {
                    director.run_until(|world| {
                        world
                            .nodes()
                            .ids()
                            .filter_map(|id| world.nodes().state(id)?.proposer())
                            .any(|proposer| proposer.overtaken > 0)
                    });
                },
                expect: vec![("decided", Outcome::Waiting)],
            },
            Prepared {
                name: "the-unsaid-promise",
                title: t!("What the paper did not say"),
                summary: t!(
                    "Here accepting a ballot does not promise it. Blue is chosen: A2 and A3 have accepted it in ballot 1.2. But A3 never promised anything, and an old “Accept red” of ballot 1.1 is about to reach it."
                ),
                seed: 4,
                settings: [by_hand(3), constant(), vec![("accept_promises", Value::Flag(false))]].concat(),
                sight: Sight::PANELS,
                direct: unsaid,
                expect: vec![("agreement", Outcome::Kept)],
            },
            Prepared {
                name: "lost-disk",
                title: t!("An acceptor forgets"),
                summary: t!(
                    "Red was chosen by A1 and A2. Then A2 lost its disk and goes on as if it were new, and A1 has crashed. P2 has just asked for promises: there is nobody left who remembers red."
                ),
                seed: 5,
                settings: [by_hand(2), vec![("lost_disk", word("votes"))]].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    accepted_by_two(director);
                    director.run_for_us(20_000);
                    let (a1, a2) = (director.world().config().acceptor(0), director.world().config().acceptor(1));
                    for input in
                        [Input::Crash(P1), Input::Crash(a2), Input::LoseDisk(a2), Input::Restart(a2), Input::Crash(a1)]
                    {
                        director.act(input);
                        director.run_for_us(1_000);
                    }
                    propose(director, P2, "blue");
                    director.run_for_us(3_000);
                },
                expect: vec![("agreement", Outcome::Kept), ("decided", Outcome::Reached)],
            },
        ]
    }
}

/// Red is accepted by the first two of three acceptors; what P1 sent to the third one is lost.
pub(super) fn accepted_by_two(director: &mut Director<Paxos>) {
    director.run_for_us(5_000);
    propose(director, P1, "red");
    director.run_until(|world| world.messages().any(|envelope| matches!(envelope.payload, Message::Accept(_))));
    let third = director.world().config().acceptor(2);
    lose(director, |_, to, _| to == third);
    director.run_until(|world| {
        let acceptors = world.config().all_acceptors().filter_map(|id| world.nodes().state(id)?.acceptor());
        acceptors.filter(|acceptor| acceptor.accepted.is_some()).count() == 2
    });
}

/// Stack Overflow 29880949, with ballots 1.1, 1.2 and 1.3 for its 1, 100 and 101.
fn unsaid(director: &mut Director<Paxos>) {
    let [a1, a2, a3] = [0, 1, 2].map(|place| director.world().config().acceptor(place));
    director.run_for_us(5_000);
    propose(director, P1, "red");
    // A3 does not hear of ballot 1.1 in phase 1.
    lose(director, |_, to, _| to == a3);
    director.run_until(|world| world.messages().any(|envelope| matches!(envelope.payload, Message::Accept(_))));
    // "Accept red" is late at A3, and lost elsewhere.
    lose(director, |from, to, message| from == P1 && to != a3 && matches!(message, Message::Accept(_)));
    delay(director, |from, to, _| from == P1 && to == a3, 70_000);
    director.act(Input::Crash(P1));
    propose(director, P2, "blue");
    lose(director, |from, to, _| from == P2 && to == a3);
    director.run_until(|world| {
        world.messages().any(|envelope| envelope.from == P2 && matches!(envelope.payload, Message::Accept(_)))
    });
    lose(director, |from, to, _| from == P2 && to == a1);
    director.run_until(|world| {
        [a2, a3].iter().all(|id| {
            world.nodes().state(*id).and_then(PaxosNode::acceptor).is_some_and(|acceptor| acceptor.accepted.is_some())
        })
    });
    director.run_for_us(12_000);
    director.act(Input::Crash(a2));
    director.run_until(|world| world.messages().count() == 1);
    propose(director, P3, "green");
    lose(director, |from, to, _| from == P3 && to == a2);
    let late = director.messages(|from, to, _| from == P3 && to == a3);
    for message in late {
        director.act(Input::Delay { message, by_us: 30_000 });
    }
}

fn propose(director: &mut Director<Paxos>, proposer: NodeId, value: &str) {
    director.operate(proposer, "propose", &[word(value)]);
}

/// Loses what is under way and meant.
fn lose(director: &mut Director<Paxos>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) {
    for message in director.messages(is_meant) {
        director.act(Input::Drop(message));
    }
}

/// What is under way and meant takes longer.
fn delay(director: &mut Director<Paxos>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool, by_us: u64) {
    for message in director.messages(is_meant) {
        director.act(Input::Delay { message, by_us });
    }
}

/// So many proposers, three acceptors and a learner, where nobody begins by itself, and nobody asks again for a while.
fn by_hand(proposers: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("proposers", number(proposers)),
        ("acceptors", number(3)),
        ("learners", number(1)),
        ("begin_ms", number(0)),
        ("repeat_ms", number(400)),
    ]
}

/// All messages take the same.
fn constant() -> Vec<(&'static str, Value)> {
    vec![("delay", word("constant")), ("delay_most_us", number(10_000))]
}
