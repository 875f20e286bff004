//! How the histories of scenarios are judged: what each consistency model of the literature says of them.

use sim::history::consistency::{Consistency, Holds};
use sim::{Input, LabSession, NodeId, Value};

use Holds::{DoesNotApply, No, Yes};

fn open(lab: &str, scenario: &str) -> Box<dyn LabSession> {
    let mut session = labs::registry::open(lab).expect("a lab");
    session.open(scenario).expect("a scenario");
    session
}

fn judged(session: &mut dyn LabSession) -> Consistency {
    session.consistency().expect("operations")
}

fn go_on(session: &mut dyn LabSession, us: u64) {
    let now_us = session.frame().at_us;
    session.advance(now_us + us, 10_000);
}

/// Linearizable, sequential, causal, eventual.
fn verdicts(session: &mut dyn LabSession) -> Vec<Holds> {
    judged(session).judgements.iter().map(|judgement| judgement.holds).collect()
}

/// A read from a replica that lags is not linearizable (Herlihy & Wing 1990, section 2), but an older read could have
/// returned it: it is sequentially consistent (Lamport 1979).
#[test]
fn a_stale_read_is_sequential_but_not_linearizable() {
    for lab in ["primary-replicas", "leaderless-quorum"] {
        let mut session = open(lab, "stale-read");
        assert_eq!(verdicts(&mut *session), [Yes; 4], "{lab}: nothing has been read yet");
        let start = session.scenario().cursor;
        go_on(&mut *session, 100_000);
        let consistency = judged(&mut *session);
        let [linearizable, rest @ ..] = &consistency.judgements[..] else { panic!("four judgements") };
        assert_eq!(linearizable.holds, No, "{lab}");
        assert_eq!(linearizable.operations.len(), 3, "{lab}: the old write, the new one, and the read");
        assert!(linearizable.reason.to_string().contains("although C1 had already written"), "{lab}");
        assert!(rest[..2].iter().all(|judgement| judgement.holds == Yes), "{lab}");
        session.seek(start);
        assert_eq!(verdicts(&mut *session), [Yes; 4], "{lab}: back before the read");
    }
}

/// Gilbert & Lynch, "Brewer's conjecture" (2002): during a cut one has to give up either linearizability or answers.
#[test]
fn cap_gives_up_the_one_or_the_other() {
    let mut consistent = open("primary-replicas", "cap-consistent");
    let history = judged(&mut *consistent);
    assert_eq!(verdicts(&mut *consistent), [Yes; 4]);
    assert_eq!(history.bars.iter().filter(|bar| bar.to.is_none()).count(), 1, "C1 waits");

    let mut available = open("leaderless-quorum", "cap-available");
    let history = judged(&mut *available);
    assert!(history.bars.iter().all(|bar| bar.to.is_some()), "both sides answer");
    assert_eq!(verdicts(&mut *available), [No, Yes, Yes, No]);
}

/// The clients of both scenarios ask for the same in the same order, up to the put that gets no answer.
#[test]
fn the_cap_scenarios_have_the_same_operations() {
    let calls = |lab, scenario| {
        let mut session = open(lab, scenario);
        let bars = judged(&mut *session).bars;
        let first = bars.iter().map(|bar| bar.client).min().expect("operations");
        bars.iter().map(|bar| (bar.client - first, bar.call.clone())).collect::<Vec<_>>()
    };
    let (consistent, mut available) =
        (calls("primary-replicas", "cap-consistent"), calls("leaderless-quorum", "cap-available"));
    let last_of_first = available.iter().rposition(|(client, _)| *client == 0).expect("C1 reads");
    assert_eq!(available.remove(last_of_first).1, "x: get");
    assert_eq!(consistent, available);
}

/// Dynamo, section 4.4: a get may return several versions. A map has one value; other criteria say nothing of many.
#[test]
fn siblings_are_no_answer_of_one_copy() {
    let mut session = open("leaderless-quorum", "cap-available");
    session.act(Input::HealAll, None).expect("to heal");
    go_on(&mut *session, 1_500_000);
    let values = ["x", "S2"].map(|word| Value::Word(word.to_string())).to_vec();
    session.act(Input::Operate { node: NodeId(5), action: "get".to_string(), values }, None).expect("to get");
    go_on(&mut *session, 1_000_000);
    let consistency = judged(&mut *session);
    assert_eq!(verdicts(&mut *session), [No, No, DoesNotApply, DoesNotApply]);
    assert!(consistency.judgements[1].reason.to_string().contains("C1 reads siblings, x = ["));
}

/// Raft paper, section 8: a leader that answers reads by its clock alone may be wrong, and the history shows it.
#[test]
fn a_lease_on_a_skewed_clock_is_not_linearizable() {
    let mut session = open("raft", "skewed-clock");
    go_on(&mut *session, 1_000_000);
    assert_eq!(verdicts(&mut *session)[0], No);
}

#[test]
fn labs_without_operations_have_no_history() {
    for lab in labs::registry::LABS {
        let has_history = lab.open().expect("a session").consistency().is_some();
        let id = lab.about().id;
        assert_eq!(
            has_history,
            [
                "raft",
                "primary-replicas",
                "leaderless-quorum",
                "truetime",
                "two-phase-commit",
                "lock",
                "pbft",
                "multi-paxos",
                "raft-log",
            ]
            .contains(&id),
            "{id}"
        );
    }
}
