//! Lamport, Shostak and Pease 1982: the figures and theorems, run.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::frame::Frame;
use sim::{Director, Manner, NodeId, Settings, Value};

use crate::generals::{Generals, Order, tree};

const B: NodeId = NodeId(1);

/// A battle of so many generals, after it is over.
fn fought(generals: i64, depth: i64, traitors: &[(&str, Value)], signed: bool, seed: u64) -> Director<Generals> {
    let settings = Settings::default()
        .with("generals", number(generals))
        .with("depth", number(depth))
        .with("signed", Value::Flag(signed))
        .with("battles", number(1));
    let settings = traitors.iter().fold(settings, |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, seed).expect("settings of the lab");
    while director.step() {}
    director
}

fn traitor(name: &str, manner: &str) -> Vec<(&'static str, Value)> {
    vec![("traitor", word(name)), ("manner", word(manner))]
}

fn does(director: &Director<Generals>, node: NodeId) -> Option<Order> {
    director.world().nodes().state(node).and_then(|general| general.decision)
}

fn outcome(frame: &Frame, check: &str) -> Outcome {
    frame.checks.iter().find(|row| row.name == check).map(|row| row.outcome).expect("a check")
}

/// Section 2, Figures 1 and 2: with three generals B hears the same, whether the commander or the other lieutenant lies.
#[test]
fn three_generals_cannot_tell_who_lies() {
    let mut heard = Vec::new();
    for liar in [traitor("C", "opposite"), traitor("A", "two-faced")] {
        let director = fought(3, 1, &liar, false, 1);
        heard.push(director.world().nodes().state(B).map(|general| general.heard.clone()));
        assert_eq!(does(&director, B), Some(Order::Retreat), "a tie");
    }
    assert_eq!(heard[0], heard[1]);
    // Figure 1: the loyal commander attacks, and B does not: IC2 is lost.
    let director = fought(3, 1, &traitor("C", "opposite"), false, 1);
    assert_eq!(director.world().monitor().parted, 1);
}

/// Section 3, Theorem 1: with more than 3m generals OM(m) keeps IC1 and IC2, whoever lies and how.
#[test]
fn more_than_three_times_as_many_generals_agree() {
    for (generals, depth, liars) in [(4, 1, 1), (5, 1, 1), (7, 1, 1), (7, 2, 2), (2, 0, 0)] {
        for seed in 0..if depth == 2 { 60 } else { 300 } {
            let director = fought(generals, depth, &[("liars", number(liars))], false, seed);
            let monitor = director.world().monitor();
            assert_eq!((monitor.battles, monitor.parted), (1, 0), "n {generals}, m {depth}, seed {seed}");
        }
    }
}

/// Section 4, Theorem 2: with signed orders SM(m) keeps them for any number of generals.
#[test]
fn with_signatures_any_number_of_generals_agree() {
    for (generals, depth, liars) in [(3, 1, 1), (4, 1, 1), (4, 2, 2), (5, 2, 2), (7, 2, 2)] {
        for seed in 0..if depth == 2 { 60 } else { 300 } {
            let director = fought(generals, depth, &[("liars", number(liars))], true, seed);
            let monitor = director.world().monitor();
            assert_eq!((monitor.battles, monitor.parted), (1, 0), "n {generals}, m {depth}, seed {seed}");
        }
    }
}

/// Section 3: with three generals or as many as 3m, some traitors part the loyal ones.
#[test]
fn too_few_generals_part() {
    let parted = |generals, depth, liars| {
        let one = |seed| fought(generals, depth, &[("liars", number(liars))], false, seed).world().monitor().parted;
        (0..60).map(one).sum::<u32>()
    };
    assert!(parted(3, 1, 1) > 0 && parted(4, 1, 2) > 0 && parted(6, 2, 2) + parted(5, 2, 2) > 0);
}

/// Section 3, A3: what does not come is known to be missing, and counts as “retreat”.
#[test]
fn silence_counts_as_retreat() {
    let director = fought(4, 1, &traitor("A", "silent"), false, 1);
    for node in 1..4 {
        assert_eq!(does(&director, NodeId(node)), Some(Order::Retreat));
    }
    // A silent lieutenant does not outvote two others.
    let director = fought(4, 1, &traitor("C", "silent"), false, 1);
    assert_eq!(does(&director, B), Some(Order::Attack));
}

/// Section 3, OM(m): a value for each order of distinct generals.
#[test]
fn there_is_a_way_for_each_order_of_distinct_generals() {
    let config = crate::generals::Config::new(&Settings::defaults(&<Generals as sim::Configuration>::settings()));
    let count = |generals, rounds| tree::paths(&super::super::Config { generals, ..config.clone() }, B, rounds).len();
    assert_eq!([count(4, 1), count(4, 2), count(7, 2), count(7, 3)], [1, 3, 6, 1 + 5 + 20]);
}

/// Section 4, SM(m), step 3: choice is to retreat where a commander has signed two orders.
#[test]
fn whoever_signs_two_orders_is_found_out() {
    let director = fought(3, 1, &traitor("A", "two-faced"), true, 1);
    assert_eq!([does(&director, B), does(&director, NodeId(2))], [Some(Order::Retreat); 2]);
    let director = fought(3, 1, &traitor("C", "opposite"), true, 1);
    assert_eq!(does(&director, B), Some(Order::Attack), "C can forge nothing");
}

#[test]
fn the_scenarios_tip_as_they_say() {
    use sim::{LabSession, Of, Work};
    let end = |name: &str| {
        let mut work = Work::new(Of::<Generals>::LAB).expect("the lab");
        work.open(name).expect("the scenario");
        work.seek(10_000);
        let frame = work.frame();
        let badges: Vec<String> = frame.nodes.iter().map(|node| node.badge.to_string()).collect();
        let all = ["ic1", "ic2", "contradiction", "agreed", "disunity"].map(|check| outcome(&frame, check));
        (badges.join(" "), all)
    };
    use Outcome::{Kept, NotSeen, Seen};
    assert_eq!(end("three-generals"), ("attack retreat attack".into(), [Kept, Kept, Seen, NotSeen, Seen]));
    assert_eq!(end("same-for-b"), ("attack retreat retreat".into(), [Kept, Kept, Seen, Seen, NotSeen]));
    assert_eq!(end("four-generals"), ("attack attack attack attack".into(), [Kept, Kept, Seen, Seen, NotSeen]));
    assert_eq!(end("traitor-commands").1, [Kept, Kept, Seen, Seen, NotSeen]);
    assert_eq!(end("signed-three"), ("attack retreat retreat".into(), [Kept, Kept, Seen, Seen, NotSeen]));
    assert_eq!(end("seven").1, [Kept, Kept, Seen, Seen, NotSeen]);
}

/// The liars of the settings are those that are named, or drawn by the seed.
#[test]
fn the_seed_draws_traitors_and_manners() {
    let liars = |settings: &[(&str, Value)], seed| {
        let director = fought(5, 1, settings, false, seed);
        let nodes = director.world().nodes();
        nodes.ids().filter_map(|node| Some((node, nodes.lies(node)?))).collect::<Vec<_>>()
    };
    assert_eq!(liars(&traitor("D", "silent"), 4), [(NodeId(3), Manner::Silent)]);
    assert_eq!(liars(&[("liars", number(0))], 4), []);
    assert_eq!(liars(&[("liars", number(3))], 4).len(), 3);
    let drawn: std::collections::BTreeSet<_> = (0..60).map(|seed| liars(&[], seed)[0].0).collect();
    assert_eq!(drawn.len(), 5);
}
