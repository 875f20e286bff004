//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Beside, Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::settings::TM;
use super::{Message, Node, TwoPhaseCommit};

const PAY: NodeId = NodeId(1);
const STOCK: NodeId = NodeId(2);
const SHIP: NodeId = NodeId(3);
const A: NodeId = NodeId(4);
const B: NodeId = NodeId(5);

/// The lanes tell the story, and the table of orders stands beside the stage.
const TABLE: Sight = Sight { beside: Some(Beside::Panels), ..Sight::LANES };

impl Scenarios for TwoPhaseCommit {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<TwoPhaseCommit>> {
        vec![
            Prepared {
                name: "in-doubt",
                title: t!("All said yes, and nobody may go on"),
                summary: t!(
                    "All three services have said yes to A’s order, and TM crashed before it told them what was decided. A’s 30 and the last piece stay locked, and B waits for that piece."
                ),
                seed: 1,
                settings: [by_hand(), vec![("stock", number(1)), ("patience_ms", number(3_000))]].concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    order(director, A);
                    director.run_for_us(6_000);
                    order(director, B);
                    director.run_until(all_promised);
                    director.run_until(|world| decided(world).is_some());
                    director.act(Input::Crash(TM));
                    director.run_until(|world| {
                        let service = world.nodes().state(SHIP).and_then(Node::service);
                        service.is_some_and(|service| service.sent > 1)
                    });
                },
                expect: vec![("blocked", Outcome::Seen), ("decided", Outcome::Reached)],
            },
            Prepared {
                name: "an-order",
                title: t!("An order, step by step"),
                summary: t!(
                    "A orders one piece. Step on: TM gives each service its part, asks all of them to promise, writes the decision to its disk, and tells it."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(5_000);
                    order(director, A);
                },
                expect: vec![],
            },
            Prepared {
                name: "one-no",
                title: t!("One no is enough"),
                summary: t!(
                    "The piece is broken, and Stock has just voted no. Pay has promised already, with A’s 30 locked: step on, and it is told to undo its part."
                ),
                seed: 2,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(5_000);
                    director.operate(STOCK, "refuse", &[]);
                    order(director, A);
                    director.run_until(|world| {
                        let service = world.nodes().state(STOCK).and_then(Node::service);
                        service.is_some_and(|service| service.sent > 0)
                    });
                    director.run_until(|world| promised(world, PAY));
                },
                expect: vec![],
            },
            Prepared {
                name: "tm-comes-back",
                title: t!("The coordinator comes back"),
                summary: t!(
                    "TM wrote its commit to disk, and crashed before anybody heard of it. All waited for it; it has just started again, reads its log, and tells them."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: |director| {
                    commit_told_to(director, &[]);
                    director.run_for_us(260_000);
                    director.act(Input::Restart(TM));
                },
                expect: vec![],
            },
            Prepared {
                name: "told-one",
                title: t!("One knows, and tells the others"),
                summary: t!(
                    "TM told Pay alone, and crashed. Stock and Ship have just asked the others what was decided: step on, and Pay tells them."
                ),
                seed: 1,
                settings: by_hand(),
                sight: Sight::LANES,
                direct: |director| {
                    commit_told_to(director, &[PAY]);
                    director.run_until(|world| [STOCK, SHIP].iter().all(|node| asked(world, *node)));
                },
                expect: vec![],
            },
            Prepared {
                name: "by-hand",
                title: t!("A person decides"),
                summary: t!(
                    "Ship waited for too long, and somebody undid its part by hand. TM is back, and its log says commit: A has paid, and nothing is sent."
                ),
                seed: 1,
                settings: by_hand(),
                sight: TABLE,
                direct: |director| {
                    commit_told_to(director, &[]);
                    director.run_for_us(300_000);
                    director.operate(SHIP, "decide", &[word("abort")]);
                    director.run_for_us(50_000);
                    director.act(Input::Restart(TM));
                    director.run_until(|world| {
                        let service = world.nodes().state(SHIP).and_then(Node::service);
                        service.is_some_and(|service| service.mixed > 0)
                    });
                    director.run_for_us(40_000);
                },
                expect: vec![
                    ("same-decision", Outcome::Broken),
                    ("heuristic-mixed", Outcome::Seen),
                    ("split-decision", Outcome::Seen),
                ],
            },
            Prepared {
                name: "orphan",
                title: t!("The log is lost"),
                summary: t!(
                    "TM told Pay to commit, and then lost its disk. Stock and Ship asked it, and it has no record: so they have undone their parts. A has paid for nothing."
                ),
                seed: 1,
                settings: [by_hand(), vec![("cooperative", Value::Flag(false))]].concat(),
                sight: TABLE,
                direct: |director| {
                    commit_told_to(director, &[PAY]);
                    director.act(Input::LoseDisk(TM));
                    director.act(Input::Restart(TM));
                    director.run_until(|world| [STOCK, SHIP].iter().all(|node| !promised(world, *node)));
                },
                expect: vec![("split-decision", Outcome::Seen)],
            },
            Prepared {
                name: "three-phases",
                title: t!("Three phases: nobody waits for the coordinator"),
                summary: t!(
                    "All three have promised A’s order, and TM has crashed. With a third phase nobody may have committed yet. So Pay has just asked all where they are: step on, and it leads them to an end."
                ),
                seed: 1,
                settings: [by_hand(), vec![("protocol", word("3pc")), ("stock", number(1))]].concat(),
                sight: Sight::LANES,
                direct: |director| {
                    director.run_for_us(5_000);
                    order(director, A);
                    director.run_until(all_promised);
                    director.act(Input::Crash(TM));
                    director.run_until(|world| asked(world, PAY));
                },
                expect: vec![],
            },
            Prepared {
                name: "three-phases-cut",
                title: t!("Three phases: both sides go on"),
                summary: t!(
                    "TM told all that all said yes, and the network broke in that moment. TM and Pay took the others for crashed, and did the order; Stock and Ship took TM for crashed, and undid it. A has paid for nothing."
                ),
                seed: 1,
                settings: [by_hand(), vec![("protocol", word("3pc"))]].concat(),
                sight: TABLE,
                direct: |director| {
                    director.run_for_us(5_000);
                    order(director, A);
                    director.run_until(|world| {
                        world.messages().any(|sent| matches!(sent.payload, Message::PreCommit { .. }))
                    });
                    director.act(Input::Split(vec![vec![TM, PAY, A, B], vec![STOCK, SHIP]]));
                    director.run_until(|world| [PAY, STOCK, SHIP].iter().all(|node| !promised(world, *node)));
                    director.run_for_us(30_000);
                },
                expect: vec![("split-decision", Outcome::Seen)],
            },
            Prepared {
                name: "busy-shop",
                title: t!("A busy shop"),
                summary: t!(
                    "Two customers order all the time, pay in when they have too little, and call for a delivery when something is sold out. Cut a link, or crash who you like."
                ),
                seed: 7,
                settings: vec![],
                sight: TABLE,
                direct: |director| director.run_for_us(1_000_000),
                expect: vec![],
            },
        ]
    }
}

/// A commit is on the disk of the coordinator, which has told these services only and has crashed.
fn commit_told_to(director: &mut Director<TwoPhaseCommit>, told: &[NodeId]) {
    director.run_for_us(5_000);
    order(director, A);
    director.run_until(|world| {
        let log = &world.nodes().disk(TM).log;
        log.iter().any(|record| record.what.outcome() == Some(true))
    });
    let lost = director.messages(|from, to, message| {
        let is_outcome = matches!(message, Message::Outcome { .. } | Message::Told { .. });
        from == TM && is_outcome && !told.contains(&to)
    });
    lost.into_iter().for_each(|message| director.act(Input::Drop(message)));
    director.act(Input::Crash(TM));
}

fn promised(world: WorldOf<'_, TwoPhaseCommit>, node: NodeId) -> bool {
    let service = world.nodes().state(node).and_then(Node::service);
    service.is_some_and(|service| service.parts.iter().any(|part| part.is_prepared()))
}

fn all_promised(world: WorldOf<'_, TwoPhaseCommit>) -> bool {
    [PAY, STOCK, SHIP].iter().all(|node| promised(world, *node))
}

fn asked(world: WorldOf<'_, TwoPhaseCommit>, node: NodeId) -> bool {
    let service = world.nodes().state(node).and_then(Node::service);
    service.is_some_and(|service| service.parts.iter().any(super::portion::Part::is_in_doubt))
}

/// What the coordinator has decided, on disk or not.
fn decided(world: WorldOf<'_, TwoPhaseCommit>) -> Option<bool> {
    let coordinator = world.nodes().state(TM).and_then(Node::coordinator)?;
    coordinator.journal.waiting.iter().find_map(|record| record.what.outcome())
}

fn order(director: &mut Director<TwoPhaseCommit>, customer: NodeId) {
    director.operate(customer, "order", &[number(1)]);
}

/// Nothing happens that nobody does, and nobody refuses by chance.
fn by_hand() -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0)), ("refuse_percent", number(0))]
}
