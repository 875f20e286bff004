//! What the scenarios tip into.

use sim::check::Outcome;
use sim::{AnyLab, Director, Experiments, Input, Scenarios, WorldOf};

use super::*;

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<MultiPaxos> {
    let run = MultiPaxos::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let settings = run.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

fn outcome(world: WorldOf<'_, MultiPaxos>, check: &str) -> Outcome {
    let lab: &dyn AnyLab = Of::<MultiPaxos>::LAB;
    let place = lab.checks().iter().position(|known| known.name == check).expect("a check");
    world.verdicts().get(place).outcome
}

fn switch_off(director: &mut Director<MultiPaxos>, rule: &str) {
    director.act(Input::Set { name: rule.to_string(), value: Value::Flag(false) });
}

/// What is chosen in the slots from 1 on.
fn chosen(world: WorldOf<'_, MultiPaxos>) -> Vec<String> {
    let ledger = &world.monitor().ledger;
    (1..=ledger.highest())
        .map(|slot| ledger.chosen(slot).iter().map(|vote| vote.value.text().to_string()).collect::<Vec<_>>().join("|"))
        .collect()
}

#[test]
fn a_gap_is_filled() {
    let mut director = prepared("leader-crash");
    assert_eq!(chosen(director.world()), ["x=1", "x=2", "", "y=4"]);
    director.run_for_us(100_000);
    assert_eq!(chosen(director.world()), ["x=1", "x=2", "no-op", "y=4"]);
    assert_eq!(outcome(director.world(), "gap-filled"), Outcome::Seen);
    assert_eq!(outcome(director.world(), "adopted"), Outcome::Seen);
    director.run_for_us(3_000_000);
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Kept);
    // x=3 comes to a later slot, since its client asks again.
    assert!(chosen(director.world())[4..].contains(&"x=3".to_string()));
}

#[test]
fn a_gap_that_stays_stops_the_log() {
    let mut director = prepared("leader-crash");
    switch_off(&mut director, "fill_gaps");
    director.run_for_us(3_000_000);
    assert_eq!(chosen(director.world())[2], "");
    assert_eq!(outcome(director.world(), "decided"), Outcome::Waiting);
}

#[test]
fn what_was_heard_of_is_lost_without_the_rule() {
    let mut director = prepared("figure-8-again");
    switch_off(&mut director, "propose_again");
    director.run_for_us(100_000);
    let c1 = NodeId(5);
    director.act(Input::Restart(c1));
    director.operate(c1, "put", &[word("x"), word("9")]);
    director.run_for_us(3_000_000);
    assert_eq!(chosen(director.world())[0], "x=2|x=9");
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Broken);
}

/// Raft paper, Figure 8: there the old entry does not count, since a leader keeps its old number. Here it is proposed under the new one.
#[test]
fn an_old_proposal_counts_under_its_new_ballot() {
    let mut director = prepared("figure-8-again");
    director.run_for_us(100_000);
    assert_eq!(chosen(director.world()), ["x=2"]);
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Kept);
}

#[test]
fn an_old_leader_answers_no_read() {
    let is_linearizable = |director: &Director<MultiPaxos>| {
        let model = sim::history::Model::KeyValue(Default::default());
        let verdict = sim::history::check(director.world().history(), &model, 1_000_000);
        matches!(verdict, sim::history::Verdict::Linearizable { .. })
    };
    for (follows, waits) in [(true, true), (false, false)] {
        let mut director = prepared("two-leaders");
        if !follows {
            switch_off(&mut director, "confirm_reads");
        }
        director.run_for_us(300_000);
        let c1 = director.world().nodes().state(NodeId(5)).and_then(LogNode::client).expect("C1");
        assert_eq!(c1.open.is_some(), waits);
        assert_eq!(is_linearizable(&director), follows);
    }
}

/// Paxos Made Live, section 5.2: a lease that has run out answers nothing.
#[test]
fn a_leader_that_stood_still_answers_no_stale_read() {
    let mut director = prepared("paused-leader");
    director.run_for_us(2_000_000);
    let c1 = director.world().nodes().state(C1).and_then(LogNode::client).expect("C1");
    assert_eq!(c1.last.as_ref().map(|(_, result)| result.clone()), Some(Data::Int(2)));
}

#[test]
fn a_server_catches_up() {
    let mut director = prepared("catch-up");
    let known = |director: &Director<MultiPaxos>| {
        director.world().nodes().state(S3).and_then(LogNode::server).map(|server| server.log.chosen_to())
    };
    assert_eq!(known(&director), Some(1));
    director.run_for_us(60_000);
    assert_eq!(known(&director), Some(7));
}

#[test]
fn a_second_decree_after_a_lost_disk() {
    let mut director = prepared("lost-disk");
    director.run_for_us(500_000);
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Broken);
}

/// Phase 1 once: after the first leader there is no other, and no other Prepare.
#[test]
fn one_leader_goes_on() {
    let mut director = prepared("at-work");
    director.run_for_us(5_000_000);
    assert_eq!(outcome(director.world(), "decided"), Outcome::Reached);
    let measures = director.world().measures();
    let value = |name: &str| measures.iter().find(|measure| measure.name == name).map(|measure| measure.value);
    assert_eq!(value("rounds"), Some(1));
    assert!(value("chosen") > Some(30));
}

/// Section 3: two delays once phase 1 is done; 2(n - 1) + 2 messages a command, as in Raft.
#[test]
fn experiments_measure_what_is_published() {
    for experiment in MultiPaxos::experiments() {
        for servers in [3, 5, 7] {
            let report =
                MultiPaxos::measure(experiment.name, settings(&[("servers", number(servers))]), 3).expect("a report");
            assert_eq!(report.off(0, 0), None, "{} with {servers} servers", experiment.name);
        }
    }
}
