//! Tests that cite Bernstein, Hadzilacos and Goodman 1987 (BHG), chapter 7, and Mohan, Lindsay and Obermarck 1986 (R*).

use parts::values::{number, word};
use sim::{Director, NodeId, Settings, Value, WorldOf};

use super::*;

mod hunts;
mod phases;
mod protocol;
mod stories;

/// A world where nothing happens that nobody does, and nobody refuses by chance.
fn quiet(changes: &[(&str, Value)], seed: u64) -> Director<TwoPhaseCommit> {
    let usual = [
        ("workload_ms", number(0)),
        ("refuse_percent", number(0)),
        ("delay", word("constant")),
        ("delay_most_us", number(10_000)),
    ];
    let all = usual.iter().chain(changes);
    let settings = all.fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()));
    Director::new(settings, seed).expect("settings")
}

const TM: NodeId = NodeId(0);
const PAY: NodeId = NodeId(1);
const STOCK: NodeId = NodeId(2);
const SHIP: NodeId = NodeId(3);
const A: NodeId = NodeId(4);
const B: NodeId = NodeId(5);

fn order(director: &mut Director<TwoPhaseCommit>, customer: NodeId, pieces: i64) {
    director.operate(customer, "order", &[number(pieces)]);
}

fn service(world: WorldOf<'_, TwoPhaseCommit>, node: NodeId) -> &Service {
    world.nodes().state(node).and_then(Node::service).expect("a service that runs")
}

fn coordinator(world: WorldOf<'_, TwoPhaseCommit>) -> &Coordinator {
    world.nodes().state(TM).and_then(Node::coordinator).expect("a coordinator that runs")
}

fn prepared(world: WorldOf<'_, TwoPhaseCommit>, node: NodeId) -> bool {
    service(world, node).parts.iter().any(|part| part.is_prepared())
}

fn last(world: WorldOf<'_, TwoPhaseCommit>, customer: NodeId) -> Option<customer::Told> {
    world.nodes().state(customer).and_then(Node::customer).and_then(|customer| customer.last.clone())
}

/// How a service has ended an order.
fn outcome(world: WorldOf<'_, TwoPhaseCommit>, node: NodeId, customer: NodeId, number: u64) -> Option<bool> {
    service(world, node).ledger.outcome(OrderId { customer, number }).map(|ended| ended.commit)
}
