//! What the scenarios say is so.

use sim::{LabSession, NodeId};

use super::LAB;

fn open(name: &str) -> Box<dyn LabSession> {
    let mut session = LAB.open().unwrap();
    session.open(name).unwrap();
    session
}

fn measure(session: &mut dyn LabSession, name: &str, node: Option<NodeId>) -> i64 {
    let measures = session.frame().measures;
    measures.into_iter().find(|measure| measure.name == name && measure.node == node).unwrap().value
}

fn on(session: &mut dyn LabSession, events: u64) {
    let event = session.frame().event;
    session.seek(event + events);
}

fn outcome(session: &mut dyn LabSession, check: &str) -> String {
    let row = session.frame().checks.into_iter().find(|row| row.name == check).unwrap();
    format!("{:?}", row.outcome)
}

#[test]
fn one_of_two_at_once_is_thrown_away() {
    let mut session = open("two-at-once");
    assert_eq!(session.frame().groups.len(), 2);
    on(&mut *session, 60);
    assert_eq!(outcome(&mut *session, "orphaned"), "Seen");
}

/// BIP 50: the longer branch died, with a double spend in it.
#[test]
fn the_longer_branch_dies_with_a_payment_in_it() {
    let mut session = open("march-2013");
    on(&mut *session, 120);
    assert_eq!(outcome(&mut *session, "double-spend"), "Seen");
    assert_eq!(measure(&mut *session, "robbed", None), 1);
}

#[test]
fn twelve_blocks_were_hidden() {
    let mut session = open("hidden-chain");
    on(&mut *session, 300);
    assert_eq!(outcome(&mut *session, "double-spend"), "Seen");
}

#[test]
fn hiding_blocks_gives_more_than_the_share_of_the_power() {
    let mut session = open("selfish");
    assert!(measure(&mut *session, "chain-share", Some(NodeId(5))) > 450_000);
}

/// Until the window is over, half of the power takes twice as long.
#[test]
fn blocks_come_late_until_the_window_is_over() {
    let mut session = open("power-leaves");
    let frame = session.frame();
    assert!(frame.nodes[3..6].iter().all(|node| node.role.to_string() == "miner at rest"));
    on(&mut *session, 400);
    assert!(measure(&mut *session, "height", None) > 40);
}

#[test]
fn one_large_block_in_five_is_lost() {
    let mut session = open("big-blocks");
    let lost = measure(&mut *session, "lost-share", None);
    assert!((120_000..300_000).contains(&lost), "{lost}");
}
