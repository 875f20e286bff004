//! Tests that cite Kleppmann 2016, Gray and Cheriton 1989, Burrows 2006, Hunt et al. 2010 and the Redis documentation.

use parts::values::{number, word};
use sim::{Director, Input, NodeId, Of, Outcome, Scenarios, Settings, Value, WorldOf};

use super::scenarios::{asleep, buy, holds, owns, thinks};
use super::*;

mod hunts;
mod leases;
mod measured;
mod redlock;
mod stories;

const C1: NodeId = NodeId(0);
const C2: NodeId = NodeId(1);
const C3: NodeId = NodeId(2);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// Customers that buy only when somebody says so, and one piece.
fn by_hand(customers: i64, changes: &[(&str, Value)]) -> Director<Lock> {
    let quiet = [("customers", number(customers)), ("workload_ms", number(0)), ("restock_ms", number(0))];
    Director::new(settings(&[&quiet[..], changes].concat()), 1).expect("settings")
}

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<Lock> {
    let run = Lock::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let mut director = Director::new(settings(&run.settings), run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

fn outcome(director: &Director<Lock>, check: &str) -> Outcome {
    let lab: &dyn sim::AnyLab = Of::<Lock>::LAB;
    let place = lab.checks().iter().position(|known| known.name == check).expect("a check");
    director.world().verdicts().get(place).outcome
}

fn customer<'a>(world: WorldOf<'a, Lock>, node: NodeId) -> &'a Customer {
    world.nodes().state(node).and_then(Node::customer).expect("a customer")
}

fn shelf<'a>(world: WorldOf<'a, Lock>) -> &'a stock::Shelf {
    &world.nodes().disk(world.config().stock()).stock
}

/// The lock service, which comes after the customers.
fn service(world: WorldOf<'_, Lock>) -> NodeId {
    world.config().locks().next().expect("a lock service")
}

fn lease<'a>(world: WorldOf<'a, Lock>) -> &'a Lease {
    world.nodes().state(service(world)).and_then(Node::lease).expect("a service with leases")
}
