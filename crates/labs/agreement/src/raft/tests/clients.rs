//! Clients: section 8 of the Raft paper.

use std::rc::Rc;

use sim::history::Value as Data;

use super::super::{Appended, Operation, Timer};
use super::*;
use parts::store::{ClientId, Command, Request, Store};

const C1: NodeId = NodeId(3);

fn request(serial: u64, command: Command) -> Message {
    Message::Request(Rc::new(Request { client: ClientId { node: C1, life: 7 }, serial, command }))
}

fn put(value: i64) -> Command {
    Command::Put { key: Data::text("x"), value: Data::Int(value) }
}

fn get() -> Command {
    Command::Get { key: Data::text("x") }
}

fn answers(asked: &Asked<RaftNode>) -> Vec<Data> {
    let result = |message: &Message| match message {
        Message::Answer { result, .. } => Some(result.clone()),
        _ => None,
    };
    asked.sends.iter().filter_map(|(_, message)| result(message)).collect()
}

/// S2 has stored everything that the leader S1 has.
fn all_stored(bench: &mut Bench) -> Asked<RaftNode> {
    let Role::Leader(leadership) = &bench.server.role else { panic!("leads") };
    let (term, round, match_index) = (bench.server.term, leadership.round, bench.server.log.last_index());
    bench.receive(S2, Message::Appended { term, round, answer: Appended::Stored { match_index } })
}

#[test]
fn a_follower_names_the_leader() {
    let mut bench = Bench::new(1, &[]);
    let asked = bench.receive(C1, request(1, put(1)));
    assert_eq!(
        asked.sends,
        [(C1, Message::Redirect { client: ClientId { node: C1, life: 7 }, serial: 1, leader: None })]
    );
    bench.receive(S2, append(1, (0, 0), &[], 0));
    let asked = bench.receive(C1, request(1, put(1)));
    assert_eq!(
        asked.sends,
        [(C1, Message::Redirect { client: ClientId { node: C1, life: 7 }, serial: 1, leader: Some(S2) })]
    );
}

#[test]
fn the_leader_answers_when_a_majority_has_the_entry() {
    let mut bench = Bench::new(0, &[]).leads();
    let asked = bench.receive(C1, request(1, put(3)));
    assert!(answers(&asked).is_empty());
    assert!(asked.disk.is_some_and(|disk| disk.log.last_index() == 2), "on disk before it is sent");
    assert_eq!(answers(&all_stored(&mut bench)), [Data::Nil]);
    assert_eq!(bench.server.store.value(&Data::text("x")), Data::Int(3));
}

/// "If it receives a command whose serial number has already been executed, it responds immediately without
/// re-executing the request."
#[test]
fn a_command_that_comes_twice_is_carried_out_once() {
    let cas = Command::CompareAndSet { key: Data::text("x"), from: Data::Nil, to: Data::Int(1) };
    let mut bench = Bench::new(0, &[]).leads();
    bench.receive(C1, request(1, cas.clone()));
    bench.receive(C1, request(1, cas.clone()));
    assert_eq!(bench.server.log.last_index(), 2, "it is on its way already");
    assert_eq!(answers(&all_stored(&mut bench)), [Data::Bool(true)]);
    assert_eq!(answers(&bench.receive(C1, request(1, cas))), [Data::Bool(true)], "the same answer as before");
}

/// A new leader may find a command twice in its log, from two earlier leaders: the state machine itself has to know.
#[test]
fn the_state_machine_itself_knows_what_it_has_done() {
    let cas = Command::CompareAndSet { key: Data::text("x"), from: Data::Nil, to: Data::Int(1) };
    let request = Request { client: ClientId { node: C1, life: 7 }, serial: 1, command: cas };
    let mut store = Store::default();
    assert_eq!(store.apply(&request, true), Data::Bool(true));
    assert_eq!(store.apply(&request, true), Data::Bool(true));
    assert_eq!(store.apply(&request, false), Data::Bool(false), "without sessions it is done again, and fails");
}

/// "A leader must check whether it has been deposed before processing a read-only request."
#[test]
fn a_read_waits_for_a_round_of_heartbeats() {
    let mut bench = Bench::new(0, &[]).leads();
    bench.receive(C1, request(1, put(3)));
    all_stored(&mut bench);
    let asked = bench.receive(C1, request(2, get()));
    assert!(answers(&asked).is_empty());
    assert_eq!(asked.sends.len(), 2, "it asks the two others");
    // An answer to an older round confirms nothing.
    let old = Message::Appended { term: 1, round: 1, answer: Appended::Stored { match_index: 2 } };
    assert!(answers(&bench.receive(S2, old)).is_empty());
    assert_eq!(answers(&all_stored(&mut bench)), [Data::Int(3)]);
    assert_eq!(bench.server.log.last_index(), 2, "a read leaves no entry");
}

/// "Raft handles this by having each leader commit a blank no-op entry into the log at the start of its term."
#[test]
fn a_read_waits_for_the_empty_entry_of_the_term() {
    let mut bench = Bench::new(1, &[1]).leads();
    bench.receive(C1, request(1, get()));
    let Role::Leader(leadership) = &bench.server.role else { panic!("leads") };
    let round = leadership.round;
    let confirmed = Message::Appended { term: 2, round, answer: Appended::Stored { match_index: 1 } };
    assert!(answers(&bench.receive(S2, confirmed)).is_empty(), "confirmed, but not sure what is committed");
    assert_eq!(answers(&all_stored(&mut bench)), [Data::Nil]);
}

#[test]
fn without_its_rule_a_read_is_answered_at_once() {
    let mut bench = Bench::with(0, &[], &[("confirm_reads", Value::Flag(false))]).leads();
    assert_eq!(answers(&bench.receive(C1, request(1, get()))), [Data::Nil]);
}

/// Dissertation, section 6.4.1: a lease lasts for the shortest election timeout from the start of a confirmed round.
#[test]
fn a_lease_lasts_for_the_shortest_election_timeout() {
    let mut bench = Bench::with(0, &[], &[("read_mode", word("lease"))]);
    bench.probe.local_now_us = 1_000_000;
    let mut bench = bench.leads();
    bench.probe.local_now_us = 1_020_000;
    all_stored(&mut bench);
    bench.probe.local_now_us = 1_149_999;
    assert_eq!(answers(&bench.receive(C1, request(1, get()))), [Data::Nil]);
    bench.probe.local_now_us = 1_150_000;
    assert!(answers(&bench.receive(C1, request(2, get()))).is_empty());
}

/// Dissertation, section 4.2.3: with leases, a server that has just heard from a leader votes for nobody else.
#[test]
fn with_leases_a_follower_is_loyal_for_a_while() {
    let mut bench = Bench::with(1, &[], &[("read_mode", word("lease"))]);
    bench.probe.local_now_us = 200_000;
    bench.receive(S2, append(1, (0, 0), &[], 0));
    let ask = Message::RequestVote { term: 2, last_log_index: 0, last_log_term: 0, transfer: false };
    bench.receive(S3, ask.clone());
    assert_eq!(bench.server.term, 1, "not even the term is taken over");
    bench.probe.local_now_us = 350_000;
    bench.receive(S3, ask);
    assert_eq!((bench.server.term, bench.server.voted_for), (2, Some(S3)));
}

/// With every message lost now and then, clients get their answers in the end, and each command is done once.
#[test]
fn clients_come_through_loss() {
    let mut director = director(&[("loss_percent", number(20)), ("servers", number(3))], 5);
    director.run_for_us(20_000_000);
    let history = director.world().history();
    assert!(history.iter().filter(|operation| operation.result().is_some()).count() > 50);
    let model = sim::history::Model::KeyValue(Default::default());
    assert!(matches!(sim::history::check(history, &model, 1_000_000), sim::history::Verdict::Linearizable { .. }));
    // The timer of a client that has its answer is off.
    let idle = director.world().nodes().ids().filter(|id| {
        director.world().nodes().state(*id).and_then(RaftNode::client).is_some_and(|client| client.open.is_none())
    });
    for id in idle {
        assert!(director.world().nodes().timers(id).all(|set| set.timer != Timer::Retry));
    }
}

/// A client that comes back after a crash numbers its commands anew: answers to its former life are not for it.
#[test]
fn answers_to_a_former_life_are_put_aside() {
    let mut probe = Probe::new(C1, 4, config(&[("servers", number(3)), ("workload_ms", number(0))]));
    let (mut node, _) = probe.run(|effects| RaftNode::boot(&Disk::default(), effects));
    let id = node.client().expect("C1 is a client").id;
    let waits = |node: &RaftNode| node.client().is_some_and(|client| client.open.is_some());
    probe.run(|effects| node.on_operation(Operation::Command(get()), effects));
    let former = ClientId { node: C1, life: id.life + 1 };
    let answer = |client| Message::Answer { client, serial: 1, result: Data::Int(9) };
    probe.run(|effects| node.on_message(S1, answer(former), effects));
    assert!(waits(&node));
    probe.run(|effects| node.on_message(S1, answer(id), effects));
    assert!(!waits(&node));
}
