//! What each scenario leads to.

use sim::check::Outcome;
use sim::{AnyLab, Checks, Director, Input, Scenarios};

use super::super::scenarios::believers;
use super::*;

const N4: NodeId = NodeId(3);

/// A prepared run at its opening moment.
fn open(name: &str) -> Director<Swim> {
    let prepared = Swim::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let settings =
        prepared.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, prepared.seed).expect("settings");
    (prepared.direct)(&mut director);
    director
}

pub(super) fn outcome(director: &Director<Swim>, check: &str) -> Outcome {
    let place = Swim::checks().iter().position(|known| known.name == check).expect("a check");
    director.world().verdicts().get(place).outcome
}

#[test]
fn no_scenario_asks_for_the_impossible() {
    for scenario in Swim::scenarios() {
        let run = Of::<Swim>::LAB.prepare(scenario.name).expect("it runs");
        assert_eq!(run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new());
    }
}

#[test]
fn a_crash_becomes_known_to_all() {
    for name in ["crash", "two-hundred"] {
        let mut director = open(name);
        assert_eq!(outcome(&director, "dead-known"), Outcome::Waiting, "{name}");
        director.run_for_us(15_000_000);
        assert_eq!(outcome(&director, "dead-known"), Outcome::Reached, "{name}");
        assert_eq!(outcome(&director, "false-suspicion"), Outcome::NotSeen, "{name}");
    }
}

#[test]
fn others_save_a_member_behind_a_cut_link() {
    let mut director = open("saved-by-others");
    director.run_for_us(30_000_000);
    assert_eq!(outcome(&director, "saved-by-others"), Outcome::Seen);
    assert_eq!(outcome(&director, "false-suspicion"), Outcome::NotSeen);
    director.act(Input::Set { name: "ping_request".to_string(), value: Value::Flag(false) });
    director.run_for_us(30_000_000);
    assert_eq!(outcome(&director, "false-suspicion"), Outcome::Seen);
}

#[test]
fn a_slow_node_refutes() {
    let mut director = open("slow-refutes");
    director.run_for_us(10_000_000);
    assert_eq!(outcome(&director, "refuted"), Outcome::Seen);
    assert_eq!(outcome(&director, "false-death"), Outcome::NotSeen);
    assert_eq!(outcome(&director, "views-agree"), Outcome::Reached);
    let incarnation = director.world().nodes().state(N2).map(|member| member.standing(N2).incarnation);
    assert!(incarnation >= Some(1));
}

#[test]
fn a_partition_heals_and_not_without_looking_after_the_dead() {
    let mut director = open("partition");
    director.run_for_us(30_000_000);
    assert_eq!(outcome(&director, "views-agree"), Outcome::Reached);
    let mut director = open("partition");
    director.act(Input::Set { name: "reconnect".to_string(), value: Value::Flag(false) });
    director.run_for_us(60_000_000);
    assert_eq!(outcome(&director, "views-agree"), Outcome::Waiting);
}

#[test]
fn a_restarted_node_is_a_new_member() {
    let mut director = open("rejoin");
    director.run_for_us(10_000_000);
    assert_eq!(outcome(&director, "views-agree"), Outcome::Reached);
    let life = director.world().nodes().state(N1).map(|member| member.standing(N4).life);
    assert_eq!(life, Some(2));
}

#[test]
fn a_member_that_leaves_is_not_suspected() {
    let mut director = open("leave");
    director.run_for_us(20_000_000);
    assert_eq!(believers(director.world(), N4, State::Left), 4);
    assert_eq!(outcome(&director, "dead-known"), Outcome::Reached);
    assert_eq!(outcome(&director, "false-suspicion"), Outcome::NotSeen);
    director.operate(N4, "join", &[]);
    director.run_for_us(10_000_000);
    assert_eq!(believers(director.world(), N4, State::Alive), 4);
}

#[test]
fn a_group_forms_by_a_seed() {
    let mut director = open("forming");
    director.run_for_us(20_000_000);
    assert_eq!(outcome(&director, "views-agree"), Outcome::Reached);
}

#[test]
fn on_a_bad_network_suspicion_saves_the_living() {
    let mut director = open("fifty");
    director.run_for_us(20_000_000);
    assert_eq!(outcome(&director, "false-death"), Outcome::NotSeen);
    let mut hasty = open("fifty");
    hasty.act(Input::Set { name: "suspicion".to_string(), value: Value::Flag(false) });
    hasty.run_for_us(20_000_000);
    assert_eq!(outcome(&hasty, "false-death"), Outcome::Seen);
}
