//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, Manner, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::{Message, Node, Pbft, Replica};

const R0: NodeId = NodeId(0);
const R1: NodeId = NodeId(1);
const R2: NodeId = NodeId(2);
const R3: NodeId = NodeId(3);
const C1: NodeId = NodeId(4);
const C2: NodeId = NodeId(5);

/// The clients beside three replicas.
const C1_OF_THREE: NodeId = NodeId(3);
const C2_OF_THREE: NodeId = NodeId(4);

impl Scenarios for Pbft {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Pbft>> {
        vec![
            Prepared {
                name: "one-request",
                title: t!("One request among four replicas"),
                summary: t!(
                    "C1 wants x to be 3, and R0 has given that number 1. Now all replicas tell each other twice what they have, and only then carry it out."
                ),
                seed: 1,
                settings: honest(1),
                sight: Sight::STAGE,
                direct: |director| {
                    put(director, C1, "x", "3");
                    run_until_sent(director, |message| matches!(message, Message::PrePrepare(..)));
                },
                expect: vec![("same-order", Outcome::Kept)],
            },
            Prepared {
                name: "silent-primary",
                title: t!("The primary says nothing"),
                summary: t!(
                    "R0 is the primary, and a liar that sends nothing. C1 has asked all replicas by now. They have waited long enough, and are about to make R1 the primary."
                ),
                seed: 1,
                settings: [by_hand(1), liar("R0", Manner::Silent), vec![("timeout_ms", number(150))]].concat(),
                sight: Sight::STAGE,
                direct: |director| {
                    put(director, C1, "x", "3");
                    run_until_sent(director, |message| matches!(message, Message::ViewChange(_)));
                },
                expect: vec![("view-changed", Outcome::NotSeen), ("answered", Outcome::Reached)],
            },
            Prepared {
                name: "two-faced-primary",
                title: t!("The primary tells everybody something else"),
                summary: t!(
                    "R0 tells R1 that number 1 is x=1, it tells R2 that it is y=2, and R3 nothing. Can the other three be made to carry out different things?"
                ),
                seed: 1,
                settings: [by_hand(2), liar("R0", Manner::TwoFaced), vec![("timeout_ms", number(150))]].concat(),
                sight: Sight::STAGE,
                direct: both_told,
                expect: vec![("equivocated", Outcome::Seen), ("same-order", Outcome::Kept)],
            },
            Prepared {
                name: "three-replicas",
                title: t!("Three replicas, and one says nothing"),
                summary: t!(
                    "To settle something it takes three of these three, and R2 is silent. R0 and R1 agree, and still they have to wait: for all they know R2 may be honest and slow, and one of them the liar."
                ),
                seed: 1,
                settings: [by_hand(1), few(), liar("R2", Manner::Silent)].concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    put(director, C1_OF_THREE, "x", "3");
                    run_until_sent(director, |message| matches!(message, Message::ViewChange(_)));
                },
                expect: vec![("same-order", Outcome::Kept), ("view-changed", Outcome::NotSeen)],
            },
            Prepared {
                name: "quorums-of-two",
                title: t!("Three replicas, and two are enough"),
                summary: t!(
                    "Now two of three may settle something. R0 tells R1 that number 1 is x=1, and R2 that it is y=2. Two groups of two have one member in common: the liar."
                ),
                seed: 1,
                settings: [by_hand(2), few(), liar("R0", Manner::TwoFaced), vec![("quorum", Value::Flag(false))]]
                    .concat(),
                sight: Sight::PANELS,
                direct: |director| {
                    put(director, C1_OF_THREE, "x", "1");
                    director.run_for_us(4_500);
                    put(director, C2_OF_THREE, "y", "2");
                    run_until_sent(director, |message| matches!(message, Message::Commit(_)));
                },
                expect: vec![("same-order", Outcome::Kept), ("equivocated", Outcome::NotSeen)],
            },
            Prepared {
                name: "liar-at-the-client",
                title: t!("The client believes the first answer"),
                summary: t!(
                    "x is 3, and C1 has asked for it. Four answers are under way, and the one of R1 is a lie. Here a client takes the first answer that comes, whoever sends it."
                ),
                seed: 1,
                settings: [honest(1), vec![("f_plus_one", Value::Flag(false))]].concat(),
                sight: Sight::STAGE,
                direct: lied_to,
                expect: vec![("fooled", Outcome::NotSeen)],
            },
            Prepared {
                name: "prepared-is-not-enough",
                title: t!("Without the second round"),
                summary: t!(
                    "Here replicas carry out what is prepared. R2 alone has done that: y=2 was number 1. Then its link failed, and the others, who know nothing of it, are about to begin another view."
                ),
                seed: 1,
                settings: [honest(2), vec![("commit_phase", Value::Flag(false))]].concat(),
                sight: Sight::PANELS,
                direct: prepared_at_one,
                expect: vec![("same-order", Outcome::Kept)],
            },
            Prepared {
                name: "false-new-view",
                title: t!("A liar begins the new view"),
                summary: t!(
                    "x=3 is number 1 and carried out. R1 leads the new view, and lies: it begins with number 1 left empty. The others work out themselves how that view has to begin."
                ),
                seed: 1,
                settings: [honest(1), vec![("timeout_ms", number(100))]].concat(),
                sight: Sight::STAGE,
                direct: liar_leads,
                expect: vec![("same-order", Outcome::Kept), ("view-changed", Outcome::NotSeen)],
            },
            Prepared {
                name: "checkpoint",
                title: t!("What all have done can be forgotten"),
                summary: t!(
                    "Eight requests are carried out. The replicas tell each other a digest of what they have now. Three equal digests make a stable checkpoint, and all messages up to there are forgotten."
                ),
                seed: 1,
                settings: vec![("liars", number(0))],
                sight: Sight::PANELS,
                direct: |director| run_until_sent(director, |message| matches!(message, Message::Checkpoint { .. })),
                expect: vec![("same-order", Outcome::Kept)],
            },
        ]
    }
}

/// So many clients who ask only what they are told to.
fn by_hand(clients: i64) -> Vec<(&'static str, Value)> {
    vec![("workload_ms", number(0)), ("clients", number(clients))]
}

/// The same, and nobody lies.
fn honest(clients: i64) -> Vec<(&'static str, Value)> {
    [by_hand(clients), vec![("liars", number(0))]].concat()
}

fn few() -> Vec<(&'static str, Value)> {
    vec![("replicas", number(3))]
}

fn liar(label: &str, manner: Manner) -> Vec<(&'static str, Value)> {
    vec![("liar", word(label)), ("manner", word(manner.name()))]
}

fn put(director: &mut Director<Pbft>, client: NodeId, key: &str, value: &str) {
    director.operate(client, "put", &[word(key), word(value)]);
}

/// Runs until such a message is under way.
fn run_until_sent(director: &mut Director<Pbft>, is_meant: impl Fn(&Message) -> bool) {
    director.run_until(|world| world.messages().any(|envelope| is_meant(envelope.payload)));
}

/// Runs until a replica has got so far.
fn run_until_replica(director: &mut Director<Pbft>, node: NodeId, is_so: impl Fn(&Replica) -> bool) {
    director
        .run_until(|world: WorldOf<'_, Pbft>| world.nodes().state(node).and_then(Node::replica).is_some_and(&is_so));
}

/// Loses messages that are under way.
fn lose(director: &mut Director<Pbft>, is_meant: impl Fn(NodeId, NodeId, &Message) -> bool) {
    for message in director.messages(is_meant) {
        director.act(Input::Drop(message));
    }
}

/// Two clients ask at nearly the same time, and R1 and R2 have taken what the primary told them of number 1.
fn both_told(director: &mut Director<Pbft>) {
    put(director, C1, "x", "1");
    director.run_for_us(4_500);
    put(director, C2, "y", "2");
    for node in [R1, R2] {
        run_until_replica(director, node, |replica| replica.slot(1).is_some_and(|slot| slot.accepted.is_some()));
    }
}

/// R1 begins to lie once x is 3. Its answer is the first to arrive.
fn lied_to(director: &mut Director<Pbft>) {
    put(director, C1, "x", "3");
    director.run_for_us(100_000);
    director.act(Input::Lie { node: R1, manner: Some(Manner::Opposite) });
    director.operate(C1, "get", &[word("x")]);
    for node in [R0, R1, R2, R3] {
        run_until_replica(director, node, |replica| replica.executed == 2);
    }
    for message in director.messages(|from, _, message| from != R1 && matches!(message, Message::Reply { .. })) {
        director.act(Input::Delay { message, by_us: 20_000 });
    }
}

/// R2 alone hears enough prepares, and then nobody hears from it.
fn prepared_at_one(director: &mut Director<Pbft>) {
    // The request of C1 comes to all but the primary.
    let to_primary = |_: NodeId, to: NodeId, message: &Message| to == R0 && matches!(message, Message::Request(_));
    put(director, C1, "x", "1");
    lose(director, to_primary);
    run_until_replica(director, R0, |_| true);
    director.run_until(|world| world.messages().any(|envelope| envelope.to == R3));
    lose(director, to_primary);
    for node in [R1, R2, R3] {
        run_until_replica(director, node, |replica| replica.waiting.values().next().is_some());
    }
    put(director, C2, "y", "2");
    run_until_sent(director, |message| matches!(message, Message::PrePrepare(..)));
    lose(director, |_, to, message| to == R3 && matches!(message, Message::PrePrepare(..)));
    run_until_replica(director, R2, |replica| replica.slot(1).is_some_and(|slot| slot.accepted.is_some()));
    lose(director, |from, _, message| from == R2 && matches!(message, Message::Prepare(_)));
    run_until_replica(director, R2, |replica| replica.executed == 1);
    director.act(Input::Split(vec![vec![R2], vec![R0, R1, R3, C1, C2]]));
    for node in [R1, R3] {
        director.operate(node, "suspect", &[]);
    }
}

/// x is 3 everywhere; R1 begins to lie, and the others want a new view.
fn liar_leads(director: &mut Director<Pbft>) {
    put(director, C1, "x", "3");
    director.run_for_us(100_000);
    director.act(Input::Lie { node: R1, manner: Some(Manner::Opposite) });
    for node in [R2, R3] {
        director.operate(node, "suspect", &[]);
    }
    run_until_sent(director, |message| matches!(message, Message::NewView(_)));
}
