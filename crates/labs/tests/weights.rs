//! What is telling in each lab, and what is routine: heartbeats, answers and requests that change nothing (the case "Play cannot be
//! read": 43 of 51 captions were heartbeats).

use labs::registry::open;
use sim::frame::{TraceEvent, Weight};
use sim::{Input, LabSession, NodeId, Until, Value};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);

/// The next events of a run.
fn next(session: &mut dyn LabSession, events: u64) -> Vec<TraceEvent> {
    let first = session.scenario().cursor + 1;
    let last = session.seek(first + events - 1);
    session.trace(first, last)
}

fn is_telling(event: &TraceEvent) -> bool {
    event.caption.weight == Weight::Telling
}

/// The events whose caption is made of this template.
fn said<'a>(events: &'a [TraceEvent], template: &str) -> Vec<&'a TraceEvent> {
    let found: Vec<&TraceEvent> = events.iter().filter(|event| event.caption.headline.template() == template).collect();
    assert!(!found.is_empty(), "nobody says “{template}”");
    found
}

/// Five servers of Raft, whose clients ask for nothing by themselves.
fn raft() -> Box<dyn LabSession> {
    let mut session = open("raft").unwrap();
    session.restart(vec![("workload_ms".to_string(), Value::Integer(0))], 7).unwrap();
    session
}

/// Ongaro and Ousterhout 2014, section 5.2 and 5.3: votes and commits decide; a heartbeat keeps what there is.
#[test]
fn in_raft_elections_votes_and_commits_are_telling_and_heartbeats_are_not() {
    let mut session = raft();
    let first = next(&mut *session, 60);
    for template in [
        "{node} asks for votes in term {term}",
        "{node} votes for {candidate} in term {term}",
        "{node} becomes the leader of term {term}",
        "{node} stores entry {index} of {leader}",
        "{node} commits the log up to entry {index}",
    ] {
        assert!(said(&first, template).into_iter().all(is_telling), "{template}");
    }
    let quiet = next(&mut *session, 300);
    let told: Vec<String> =
        quiet[60..].iter().filter(|event| is_telling(event)).map(|event| event.caption.headline.to_string()).collect();
    assert!(told.is_empty(), "nothing happens but heartbeats: {told:?}");
    for template in [
        "{node} sends its heartbeat",
        "{node} hears from its leader {leader}",
        "{other} answers the heartbeat of {node}",
    ] {
        said(&quiet[60..], template);
    }
    // The first heartbeat of a run shows what one is.
    let all: Vec<TraceEvent> = first.into_iter().chain(quiet).collect();
    assert!(is_telling(said(&all, "{node} sends its heartbeat")[0]));
}

#[test]
fn in_raft_an_operation_a_fault_and_a_lost_message_are_telling() {
    let mut session = raft();
    assert!(session.run_until(Until::Leader, 1_000));
    next(&mut *session, 200);
    let client = session.frame().actions[0].nodes[0];
    let values = session.frame().actions[0].parameters.iter().map(|parameter| parameter.default.clone()).collect();
    let action = session.frame().actions[0].name.to_string();
    session.act(Input::Operate { node: client, action, values }, None).unwrap();
    let event = session.scenario().cursor;
    assert!(session.trace(event, event).iter().all(is_telling));
    let told = next(&mut *session, 60);
    assert!(said(&told, "{node} takes “{command}” from {client} as entry {index}").into_iter().all(is_telling));
    assert!(said(&told, "{node} stores entry {index} of {leader}").into_iter().all(is_telling));
    next(&mut *session, 200);
    let leader =
        session.frame().nodes.iter().find(|node| node.role.to_string() == "leader").map(|node| node.id).unwrap();
    let other = if leader == S1 { S2 } else { S1 };
    session
        .act(Input::SetTrouble { from: leader, to: other, trouble: sim::Trouble::Loss, ppm: 1_000_000 }, None)
        .unwrap();
    let lost: Vec<TraceEvent> = next(&mut *session, 80).into_iter().filter(|event| !event.lost.is_empty()).collect();
    assert!(is_telling(&lost[0]), "{}", lost[0].caption.headline);
}

/// The picture is the question whether A is dead: only what a watcher thinks tells something.
#[test]
fn in_heartbeats_what_a_watcher_thinks_is_telling() {
    let mut session = open("heartbeats").unwrap();
    session.open("jitter-timeout").unwrap();
    let events = next(&mut *session, 300);
    let suspicion = "{node} suspects {watched}: nothing heard for {silence}";
    assert!(said(&events, suspicion).into_iter().all(is_telling));
    let trust = "{node} trusts {watched} again: heartbeat {number} came after {silence}";
    assert!(said(&events, trust).into_iter().all(is_telling));
    let beats = said(&events, "{node} sends heartbeat {number}");
    assert!(beats.len() > 50 && beats.into_iter().all(|beat| !is_telling(beat)));
}

/// SWIM, section 3: probes go on for ever; a suspicion and its end tell something.
#[test]
fn in_swim_probes_are_routine_and_suspicions_are_not() {
    let mut session = open("swim").unwrap();
    session.open("crash").unwrap();
    let events = next(&mut *session, 500);
    for template in ["{node} suspects {target}", "{node} declares {member} faulty: nobody refuted in time"] {
        assert!(said(&events, template).into_iter().all(is_telling), "{template}");
    }
    let probes = said(&events, "{node} pings {target}");
    let routine = probes.iter().filter(|probe| !is_telling(probe)).count();
    assert!(routine * 10 > probes.len() * 9, "{routine} of {}", probes.len());
}

#[test]
fn with_ten_thousand_requests_a_second_nearly_all_is_routine() {
    let mut session = open("load-balancing").unwrap();
    session.open("ten-thousand").unwrap();
    let events = next(&mut *session, 5_000);
    let telling = events.iter().filter(|event| is_telling(event)).count();
    assert!(telling * 100 < events.len(), "{telling} of {}", events.len());
    // One that is marked down, or crashes, is told.
    session.open("crash").unwrap();
    let events = next(&mut *session, 3_000);
    let down = "{server} is marked down: it failed {count} health checks in a row";
    let is_down = |event: &&TraceEvent| {
        let said = [Some(&event.caption.headline), event.caption.detail.as_ref()];
        said.into_iter().flatten().any(|text| text.template() == down)
    };
    let down: Vec<&TraceEvent> = events.iter().filter(is_down).collect();
    assert!(!down.is_empty() && down.into_iter().all(is_telling));
}

/// Lamport 1978: each event has its time, and all of them are the story.
#[test]
fn with_logical_clocks_every_event_is_telling() {
    for lab in ["lamport-clocks", "vector-clocks"] {
        let mut session = open(lab).unwrap();
        session.restart(vec![("workload_ms".to_string(), Value::Integer(100))], 1).unwrap();
        assert!(next(&mut *session, 100).iter().all(is_telling), "{lab}");
    }
}
