//! The scenarios come to what their sentences say.

use sim::{NodeId, World, WorldOf};

use super::super::{Column, Effect, RpcNode, RpcRest, Verdict};
use super::LAB;

/// The world so many events after the opening moment of a scenario.
fn world(scenario: &str, after: u64) -> World {
    let mut world = LAB.prepare(scenario).unwrap().world;
    for _ in 0..after {
        world.step();
    }
    world
}

fn told(world: WorldOf<'_, RpcRest>, client: u16) -> Vec<Verdict> {
    let client = world.nodes().state(NodeId(client)).and_then(RpcNode::client).unwrap();
    client.told.iter().map(|told| told.verdict).collect()
}

fn log(world: WorldOf<'_, RpcRest>) -> Vec<Effect> {
    world.nodes().disk(world.config().store()).book.log.iter().copied().collect()
}

fn made_by(world: WorldOf<'_, RpcRest>, client: u16) -> usize {
    log(world).iter().filter(|effect| effect.origin.client == NodeId(client)).count()
}

fn took_ms(world: WorldOf<'_, RpcRest>, client: u16) -> u64 {
    let client = world.nodes().state(NodeId(client)).and_then(RpcNode::client).unwrap();
    client.told.back().unwrap().took_us.unwrap() / 1_000
}

#[test]
fn three_users_are_told_the_same_and_three_things_are_true() {
    let opened = world("three-timeouts", 0);
    let opened = opened.of::<RpcRest>();
    assert!((0..3).all(|client| told(opened, client) == [Verdict::Unknown]));
    assert_eq!([0, 1, 2].map(|client| made_by(opened, client)), [0, 1, 0]);
    let front = opened.nodes().state(opened.config().front()).and_then(RpcNode::desk).unwrap();
    assert_eq!(front.at_work().unwrap().1.ask.origin.client, NodeId(2));
    let later = world("three-timeouts", 5);
    assert_eq!([0, 1, 2].map(|client| made_by(later.of(), client)), [0, 1, 1]);
}

#[test]
fn post_makes_two_orders_and_put_one() {
    let world = world("post-again", 0);
    assert_eq!([0, 1].map(|client| made_by(world.of(), client)), [2, 1]);
    assert!((0..2).all(|client| told(world.of(), client) == [Verdict::Done]));
}

#[test]
fn the_page_is_empty_and_nobody_has_clicked() {
    let world = world("web-accelerator", 0);
    assert!(log(world.of()).iter().all(|effect| effect.is_get));
    assert_eq!((log(world.of()).len(), told(world.of(), 0)), (3, vec![Verdict::Done]));
}

#[test]
fn a_loop_takes_eight_tenths_of_a_second() {
    let opened = world("loop-that-looked-local", 0);
    assert_eq!(took_ms(opened.of(), 1), 120);
    let later = world("loop-that-looked-local", 200);
    assert_eq!(took_ms(later.of(), 0), 800);
}

/// van Steen and Tanenbaum, section 8.3.2: always, P C (M): DUP.
#[test]
fn the_text_is_there_twice() {
    let world = world("printer", 0);
    let tried: Vec<_> =
        world.of::<RpcRest>().monitor().tried.iter().map(|tried| (tried.column, tried.papers)).collect();
    assert_eq!(tried, [(Column::Pc, 2)]);
}

#[test]
fn the_second_change_is_written_over_the_first() {
    let world = world("two-tabs", 0);
    let order = world.of::<RpcRest>().nodes().disk(NodeId(4)).book.orders.get(&7).copied().unwrap();
    assert_eq!((order.version, order.by.unwrap().client), (5, NodeId(1)));
}

#[test]
fn the_same_call_is_answered_and_not_repeated() {
    let world = world("same-call", 20);
    assert_eq!((made_by(world.of(), 0), told(world.of(), 0)), (1, vec![Verdict::Done]));
}

#[test]
fn the_server_begins_when_nobody_waits() {
    let world = world("work-for-nobody", 20);
    assert_eq!((made_by(world.of(), 1), told(world.of(), 1)), (1, vec![Verdict::Unknown]));
}
