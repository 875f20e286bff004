//! Tests that cite the papers.

use parts::values::{number, word};
use proptest::prelude::*;
use sim::hunt::{Hazard, Hunt};
use sim::probe::{Asked, Probe};
use sim::{AnyLab, Configuration, Director, Experiments, Input, Of, Outcome, Scenarios, Settings, Value, WorldOf};

use super::*;

const P1: NodeId = NodeId(0);
const P2: NodeId = NodeId(1);
const A1: NodeId = NodeId(2);
const A2: NodeId = NodeId(3);
const A3: NodeId = NodeId(4);
const L1: NodeId = NodeId(5);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// A node of two proposers, three acceptors and a learner.
fn probe(me: NodeId, disk: &Disk, changes: &[(&'static str, Value)]) -> (Probe<PaxosNode>, PaxosNode) {
    let few = [("proposers", number(2)), ("acceptors", number(3)), ("learners", number(1)), ("begin_ms", number(0))];
    let settings = settings(&[&few, changes].concat());
    let settings = settings.accept(&sim::all_settings::<Paxos>()).expect("known settings");
    let mut probe = Probe::new(me, 6, Paxos::configure(&settings));
    let node = probe.run(|effects| PaxosNode::boot(disk, effects)).0;
    (probe, node)
}

fn marked() -> Disk {
    Disk { mark: true, ..Disk::default() }
}

fn ballot(round: u64, proposer: u16) -> Ballot {
    Ballot { round, proposer }
}

fn colour(name: &str) -> Colour {
    Colour::named(name).expect("a colour")
}

fn vote(round: u64, proposer: u16, name: &str) -> Vote<Colour> {
    Vote { ballot: ballot(round, proposer), value: colour(name) }
}

fn promise(of: Ballot, accepted: Option<Vote<Colour>>) -> Message {
    Message::Promise { ballot: of, accepted }
}

/// A proposer that would like green, and has asked for promises of ballot 4.2.
fn asking(changes: &[(&'static str, Value)]) -> (Probe<PaxosNode>, PaxosNode) {
    let (mut probe, mut p2) = probe(P2, &Disk { round: 3, ..marked() }, changes);
    let asked = probe.run(|effects| p2.on_operation(Propose(colour("green")), effects)).1;
    let own_ballots = changes.iter().all(|(name, _)| *name != "own_ballots");
    if own_ballots {
        assert_eq!(asked.sends, [A1, A2, A3].map(|acceptor| (acceptor, Message::Prepare(ballot(4, 2)))));
    }
    (probe, p2)
}

/// The value that a proposer sends after these promises.
fn proposed(changes: &[(&'static str, Value)], promises: &[(NodeId, Option<Vote<Colour>>)]) -> Option<Vote<Colour>> {
    let (mut probe, mut p2) = asking(changes);
    for (acceptor, accepted) in promises {
        probe.run(|effects| p2.on_message(*acceptor, promise(ballot(4, 2), *accepted), effects));
    }
    let asked = probe.run(|effects| p2.on_timer(Timer::Write, effects)).1;
    let mut votes = asked.sends.iter().map(|(_, sent)| match sent {
        Message::Accept(vote) => *vote,
        other => panic!("{other:?}"),
    });
    votes.next()
}

fn hear(probe: &mut Probe<PaxosNode>, node: &mut PaxosNode, from: NodeId, message: Message) -> Asked<PaxosNode> {
    probe.run(|effects| node.on_message(from, message, effects)).1
}

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<Paxos> {
    let run = Paxos::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let settings = run.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

fn outcome(world: WorldOf<'_, Paxos>, check: &str) -> Outcome {
    let lab: &dyn AnyLab = Of::<Paxos>::LAB;
    let place = lab.checks().iter().position(|known| known.name == check).expect("a check");
    world.verdicts().get(place).outcome
}

/// Section 2.2, P1a: an acceptor can accept a proposal numbered n if it has not responded to a prepare request of a higher number.
#[test]
fn section_2_2_p1a_what_an_acceptor_takes() {
    let (mut probe, mut a1) = probe(A1, &marked(), &[]);
    let asked = hear(&mut probe, &mut a1, P2, Message::Prepare(ballot(1, 2)));
    assert_eq!(asked.sends, [(P2, promise(ballot(1, 2), None))]);
    let asked = hear(&mut probe, &mut a1, P1, Message::Accept(vote(1, 1, "red")));
    assert_eq!(asked.sends, [(P1, Message::Nack { ballot: ballot(1, 1), promised: ballot(1, 2) })]);
    let asked = hear(&mut probe, &mut a1, P2, Message::Accept(vote(1, 2, "blue")));
    let accepted = Message::Accepted(vote(1, 2, "blue"));
    assert_eq!(asked.sends, [(L1, accepted.clone()), (P2, accepted)]);
    let disk = asked.disk.expect("a disk");
    assert_eq!((disk.promised, disk.accepted), (Promised(Some(ballot(1, 2))), Some(vote(1, 2, "blue"))));
}

/// Section 2.2, phase 1 (b): the promise carries what was accepted last; a lower prepare is refused; who is overtaken is told; and the
/// same question again has the same answer.
#[test]
fn section_2_2_phase_1_b() {
    let disk = Disk { promised: Promised(Some(ballot(1, 1))), accepted: Some(vote(1, 1, "red")), ..marked() };
    let (mut probe, mut a1) = probe(A1, &disk, &[]);
    let asked = hear(&mut probe, &mut a1, P2, Message::Prepare(ballot(2, 2)));
    let overtaken = Message::Nack { ballot: ballot(1, 1), promised: ballot(2, 2) };
    assert_eq!(asked.sends, [(P2, promise(ballot(2, 2), Some(vote(1, 1, "red")))), (P1, overtaken)]);
    let again = hear(&mut probe, &mut a1, P2, Message::Prepare(ballot(2, 2)));
    assert_eq!(again.sends, [(P2, promise(ballot(2, 2), Some(vote(1, 1, "red"))))]);
    let refused = hear(&mut probe, &mut a1, P1, Message::Prepare(ballot(2, 1)));
    assert_eq!(refused.sends, [(P1, Message::Nack { ballot: ballot(2, 1), promised: ballot(2, 2) })]);
}

/// Stack Overflow 29880949: what is accepted is promised, also by an acceptor that was not asked for a promise.
#[test]
fn to_accept_is_to_promise() {
    for (follows, is_taken) in [(true, false), (false, true)] {
        let (mut probe, mut a3) = probe(A3, &marked(), &[("accept_promises", Value::Flag(follows))]);
        hear(&mut probe, &mut a3, P2, Message::Accept(vote(1, 2, "blue")));
        hear(&mut probe, &mut a3, P1, Message::Accept(vote(1, 1, "red")));
        let accepted = a3.acceptor().and_then(|acceptor| acceptor.accepted);
        assert_eq!(accepted == Some(vote(1, 1, "red")), is_taken);
    }
}

/// Section 2.2, P2c: the value of the highest-numbered proposal among the responses, or any if there is none.
#[test]
fn section_2_2_p2c_which_value() {
    assert_eq!(proposed(&[], &[(A1, None), (A3, None)]), Some(vote(4, 2, "green")));
    let (red, blue) = (vote(1, 1, "red"), vote(2, 1, "blue"));
    assert_eq!(proposed(&[], &[(A1, None), (A3, Some(red))]), Some(vote(4, 2, "red")));
    assert_eq!(proposed(&[], &[(A1, Some(red)), (A2, Some(blue))]), Some(vote(4, 2, "blue")));
    let off = |rule| [(rule, Value::Flag(false))];
    assert_eq!(proposed(&off("highest_ballot"), &[(A1, Some(red)), (A2, Some(blue))]), Some(vote(4, 2, "red")));
    assert_eq!(proposed(&off("adopt_value"), &[(A1, Some(red)), (A2, Some(blue))]), Some(vote(4, 2, "green")));
    // A majority of three, and one less without the rule.
    assert_eq!(proposed(&[], &[(A1, None)]), None);
    assert_eq!(proposed(&off("quorums_meet"), &[(A1, None)]), Some(vote(4, 2, "green")));
    // A promise that comes twice counts once.
    assert_eq!(proposed(&[], &[(A1, None), (A1, None)]), None);
}

/// Section 2.5: different proposers choose their numbers from disjoint sets, each remembers the highest one on disk, and begins higher.
#[test]
fn section_2_5_numbers_are_unique_and_kept() {
    assert!(ballot(1, 2) > ballot(1, 1) && ballot(2, 1) > ballot(1, 2));
    assert_ne!(Ballot::new(1, P1, true), Ballot::new(1, P2, true));
    assert_eq!(Ballot::new(1, P1, false), Ballot::new(1, P2, false));
    for (follows, round) in [(true, 4), (false, 0)] {
        let (mut probe, mut p2) = probe(P2, &Disk { round: 3, ..marked() }, &[("round_on_disk", Value::Flag(follows))]);
        let asked = probe.run(|effects| p2.on_operation(Propose(colour("green")), effects)).1;
        assert_eq!(asked.disk.map(|disk| disk.round), Some(round));
    }
}

/// A ballot has one value: what somebody would like later is for a later ballot, and what goes out again is the same.
#[test]
fn a_repeated_request_carries_the_same_value() {
    let (mut probe, mut p2) = asking(&[]);
    for acceptor in [A1, A2] {
        hear(&mut probe, &mut p2, acceptor, promise(ballot(4, 2), None));
    }
    probe.run(|effects| p2.on_operation(Propose(colour("red")), effects));
    probe.run(|effects| p2.on_timer(Timer::Write, effects));
    hear(&mut probe, &mut p2, A1, Message::Accepted(vote(4, 2, "green")));
    let again = probe.run(|effects| p2.on_timer(Timer::Repeat, effects)).1;
    assert_eq!(again.sends, [A2, A3].map(|acceptor| (acceptor, Message::Accept(vote(4, 2, "green")))));
}

/// Section 2.4: who is overtaken stays away for a random time, and then takes a ballot above all that it has heard of.
#[test]
fn section_2_4_overtaken() {
    for back_off in [true, false] {
        let (mut probe, mut p2) = asking(&[("back_off", Value::Flag(back_off)), ("backoff_ms", number(1_000))]);
        let nack = Message::Nack { ballot: ballot(4, 2), promised: ballot(9, 1) };
        let asked = hear(&mut probe, &mut p2, A1, nack);
        let wait_us = asked.timers.iter().find(|(timer, _)| *timer == Timer::Again).and_then(|(_, after_us)| *after_us);
        assert_eq!(wait_us == Some(0), !back_off);
        let asked = probe.run(|effects| p2.on_timer(Timer::Again, effects)).1;
        assert!(asked.sends.iter().all(|(_, sent)| *sent == Message::Prepare(ballot(10, 2))));
    }
}

/// Section 2.3: a learner knows when a majority has accepted in one ballot, and not when one has here and one there.
#[test]
fn section_2_3_a_learner_counts_by_ballot() {
    let (mut probe, mut l1) = probe(L1, &marked(), &[]);
    hear(&mut probe, &mut l1, A1, Message::Accepted(vote(1, 1, "red")));
    hear(&mut probe, &mut l1, A2, Message::Accepted(vote(2, 2, "blue")));
    hear(&mut probe, &mut l1, A1, Message::Accepted(vote(1, 1, "red")));
    assert_eq!(l1.learner().and_then(|learner| learner.known), None);
    let asked = probe.run(|effects| l1.on_timer(Timer::Repeat, effects)).1;
    assert_eq!(asked.sends, [A1, A2, A3].map(|acceptor| (acceptor, Message::Ask)));
    hear(&mut probe, &mut l1, A3, Message::Accepted(vote(2, 2, "blue")));
    assert_eq!(l1.learner().and_then(|learner| learner.known), Some(colour("blue")));
}

/// Paxos Made Live, section 5.1: who finds no mark on its disk takes no part; with `votes` it goes on as if it were new.
#[test]
fn section_5_1_a_lost_disk() {
    let (mut silent, mut a1) = probe(A1, &Disk::default(), &[]);
    assert!(hear(&mut silent, &mut a1, P2, Message::Prepare(ballot(1, 2))).sends.is_empty());
    let (mut silent, mut p2) = probe(P2, &Disk::default(), &[]);
    assert!(silent.run(|effects| p2.on_operation(Propose(colour("red")), effects)).1.sends.is_empty());
    let (mut new, mut a1) = probe(A1, &Disk::default(), &[("lost_disk", word("votes"))]);
    assert_eq!(hear(&mut new, &mut a1, P2, Message::Prepare(ballot(1, 2))).sends.len(), 1);
}

/// The first scenario: whatever majority answers, red stays.
#[test]
fn adopted_whoever_answers() {
    for missing in [A1, A2, A3] {
        let mut director = prepared("adopted");
        assert_eq!(director.world().monitor().ledger.chosen, [(ballot(1, 1), colour("red"))]);
        director.act(Input::Pause(missing));
        director.run_until(
            |world| matches!(world.nodes().state(L1), Some(PaxosNode::Learner(learner)) if learner.known.is_some()),
        );
        assert_eq!(director.world().monitor().ledger.chosen, [(ballot(1, 1), colour("red"))]);
        assert_eq!(outcome(director.world(), "agreement"), Outcome::Kept);
        let is_red = missing != A3;
        assert!(!is_red || outcome(director.world(), "adopted") == Outcome::Seen);
    }
    // And two values without the rule.
    let mut director = prepared("adopted");
    director.act(Input::Set { name: "adopt_value".to_string(), value: Value::Flag(false) });
    director.run_for_us(200_000);
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Broken);
}

/// Section 2.4: without randomness two proposers can go on for ever; with it one gets through.
#[test]
fn section_2_4_a_duel_ends_with_back_off() {
    let mut director = prepared("duel");
    director.run_for_us(5_000_000);
    assert_eq!(outcome(director.world(), "decided"), Outcome::Waiting);
    director.act(Input::Set { name: "back_off".to_string(), value: Value::Flag(true) });
    director.run_for_us(5_000_000);
    assert_eq!(outcome(director.world(), "decided"), Outcome::Reached);
}

/// Stack Overflow 29880949, and Paxos Made Live, section 5.1: a second value is chosen after the opening; not so where a node without its
/// disk takes no part.
#[test]
fn two_values_after_the_opening() {
    for name in ["the-unsaid-promise", "lost-disk"] {
        let mut director = prepared(name);
        director.run_for_us(300_000);
        assert_eq!(outcome(director.world(), "agreement"), Outcome::Broken, "{name}");
    }
    let mut director = prepared("lost-disk");
    director.act(Input::Set { name: "lost_disk".to_string(), value: word("silent") });
    for input in [Input::Crash(A2), Input::LoseDisk(A2), Input::Restart(A2)] {
        director.act(input);
    }
    director.run_for_us(300_000);
    assert_eq!(outcome(director.world(), "agreement"), Outcome::Kept);
}

/// Each check of what is chosen can be broken: the ledger says so.
#[test]
fn the_ledger_tells_right_from_wrong() {
    let mut ledger = Ledger::default();
    let (red, blue) = (colour("red"), colour("blue"));
    ledger.propose(red);
    assert_eq!(ledger.send(ballot(1, 1), red), None);
    assert_eq!(ledger.accept(ballot(1, 1), red, 0, 2), (true, false));
    assert!(!ledger.is_right(red));
    assert_eq!(ledger.accept(ballot(1, 1), red, 0, 2), (false, false));
    assert_eq!(ledger.accept(ballot(1, 1), red, 1, 2), (true, true));
    assert!(ledger.is_right(red) && ledger.deviation().is_none());
    // Chosen, and nobody has proposed it.
    ledger.send(ballot(2, 2), blue);
    assert!(ledger.deviation().is_some());
    ledger.accept(ballot(2, 2), blue, 1, 2);
    ledger.accept(ballot(2, 2), blue, 2, 2);
    assert_eq!(ledger.chosen.len(), 2);
    assert!(!ledger.is_right(blue));
    // A second value in a ballot.
    assert_eq!(ledger.send(ballot(1, 1), blue), Some(red));
    assert_eq!(
        ledger.rows.iter().map(|row| row.ballot).collect::<Vec<_>>(),
        [ballot(1, 1), ballot(1, 1), ballot(2, 2)]
    );
}

/// The longest duel keeps a bounded ledger.
#[test]
fn the_ledger_forgets_the_lowest_ballots() {
    let mut ledger = Ledger::default();
    for round in 1..1_000 {
        ledger.send(ballot(round, 1), colour("red"));
    }
    assert!(ledger.rows.len() <= 200 && ledger.rows.last().is_some_and(|row| row.ballot == ballot(999, 1)));
}

/// With faults of all kinds, lost disks too, and people who propose.
#[test]
fn all_checks_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 5] = [
        &[],
        &[("acceptors", number(3)), ("proposers", number(5))],
        &[("leader", Value::Flag(true))],
        &[("loss_percent", number(20)), ("delay_least_us", number(1_000)), ("delay_most_us", number(60_000))],
        &[("acceptors", number(4)), ("begin_ms", number(0))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hunt = Hunt { hazards: Hazard::ALL.to_vec(), ..Hunt::new(Of::<Paxos>::LAB, settings(changes)) };
        let find = hunt.search(seed..seed + 150, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Whatever the settings are, with all rules on the properties hold.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        proposers in 1_i64..=5,
        acceptors in 3_i64..=7,
        learners in 1_i64..=3,
        repeat_ms in 10_i64..=200,
        write_ms in 0_i64..=50,
        backoff_ms in 0_i64..=100,
        delay_most_us in 1_000_i64..=80_000,
        leader in any::<bool>(),
    ) {
        let changes = [
            ("proposers", number(proposers)),
            ("acceptors", number(acceptors)),
            ("learners", number(learners)),
            ("repeat_ms", number(repeat_ms)),
            ("proposer_disk_ms", number(write_ms)),
            ("backoff_ms", number(backoff_ms)),
            ("delay_least_us", number(1_000)),
            ("delay_most_us", number(delay_most_us)),
            ("leader", Value::Flag(leader)),
        ];
        let hunt = Hunt { healed_events: 0, hazards: Hazard::ALL.to_vec(), ..Hunt::new(Of::<Paxos>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}

/// Sections 2.2, 2.3 and 3: four delays, two of them for phase 2; 3n + n(learners + 1) messages.
#[test]
fn experiments_measure_what_is_published() {
    for experiment in Paxos::experiments() {
        for (acceptors, learners) in [(3, 1), (5, 2), (7, 3)] {
            let known = experiment.settings.iter().any(|setting| setting.name == "learners");
            let mut changes = vec![("acceptors", number(acceptors))];
            changes.extend(known.then(|| ("learners", number(learners))));
            let report = Paxos::measure(experiment.name, settings(&changes), 3).expect("a report");
            assert_eq!(report.off(0, 0), None, "{acceptors} acceptors");
        }
    }
}

/// Section 2.4: where one proposer leads, nobody is overtaken as long as all hear each other in time.
#[test]
fn section_2_4_one_leads() {
    for seed in 0..20 {
        let mut director = Director::<Paxos>::new(settings(&[("leader", Value::Flag(true))]), seed).expect("settings");
        director.run_for_us(1_000_000);
        assert_eq!(outcome(director.world(), "decided"), Outcome::Reached, "seed {seed}");
        let overtaken = director.world().measures().into_iter().find(|measure| measure.name == "overtaken");
        assert_eq!(overtaken.map(|measure| measure.value), Some(0), "seed {seed}");
    }
}
