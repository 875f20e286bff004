//! Tests that cite Garcia-Molina and Salem 1987 (GMS) and Richardson 2018, *Microservices Patterns* (MP), chapters 3 and 4.

use parts::shop::{Good, OrderId};
use parts::values::{number, word};
use sim::{Director, Input, NodeId, Settings, Value, WorldOf};

use super::act::Act;
use super::conductor::Stage;
use super::message::{Fate, What};
use super::service::Entry;
use super::settings::{A, B, ORDER, PAY, SERVICES, SHIP, STOCK, V};
use super::*;

mod hunts;
mod protocol;
mod stories;

const A1: OrderId = OrderId { customer: A, number: 1 };

/// A world where nothing happens that nobody does, nobody refuses by chance, and each link takes 10 ms.
fn quiet(changes: &[(&str, Value)]) -> Director<Saga> {
    let usual = [
        ("workload_ms", number(0)),
        ("fail_percent", number(0)),
        ("delay", word("constant")),
        ("delay_most_us", number(10_000)),
    ];
    let all = usual.iter().chain(changes);
    let settings = all.fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()));
    let mut director = Director::new(settings, 1).expect("settings");
    director.run_for_us(1_000);
    director
}

fn order(director: &mut Director<Saga>) {
    director.operate(A, "order", &[]);
}

fn entry(world: WorldOf<'_, Saga>, node: NodeId) -> Option<Entry> {
    world.nodes().disk(node).books.entry(A1).copied()
}

fn is(world: WorldOf<'_, Saga>, node: NodeId, of: fn(&Entry) -> bool) -> bool {
    entry(world, node).as_ref().is_some_and(of)
}

fn stage(world: WorldOf<'_, Saga>) -> Option<Stage> {
    world.nodes().disk(ORDER).orders.row(A1).map(|row| row.stage)
}

/// What A was told of its order.
fn told(world: WorldOf<'_, Saga>) -> Option<Fate> {
    world.nodes().disk(A).customer.told.filter(|(order, ..)| *order == A1).map(|(_, fate, _)| fate)
}

/// Whether all services have something of the order, and for good.
fn is_whole(world: WorldOf<'_, Saga>) -> bool {
    is(world, SHIP, Entry::is_in_effect) && [PAY, STOCK].iter().all(|node| is(world, *node, |entry| entry.finished))
}

/// Whether no service has anything of the order.
fn is_nothing(world: WorldOf<'_, Saga>) -> bool {
    !SERVICES.iter().any(|node| is(world, *node, Entry::is_in_effect))
}

/// What A has on its account.
fn balance(world: WorldOf<'_, Saga>) -> i64 {
    world.nodes().disk(PAY).books.shelves.get(Good::Account(A)).amount
}
