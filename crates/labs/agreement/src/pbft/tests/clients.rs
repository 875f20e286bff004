//! Section 4.1: clients.

use super::*;
use sim::NodeId;

fn client(change: impl FnOnce(&mut Config)) -> (Stand, ClientId) {
    let mut stand = Stand::new(C1, change);
    let get = super::super::Operation::Do(Command::Get { key: Data::text("x") });
    let (_, asked) = stand.probe.run(|effects| stand.node.on_operation(get, effects));
    assert_eq!((said(&asked), asked.sends[0].0), (vec!["Request".to_string()], R0), "the primary is asked");
    let id = stand.node.client().expect("a client").id;
    (stand, id)
}

fn reply(stand: &mut Stand, from: NodeId, client: ClientId, value: i64) {
    stand.hears(from, Message::Reply { view: 0, client, serial: 1, result: Data::Int(value) });
}

fn believes(stand: &Stand) -> Option<Data> {
    stand.node.client()?.last.as_ref().map(|(_, value)| value.clone())
}

/// "The client waits for f + 1 replies with valid signatures from different replicas, and with the same t and r."
#[test]
fn a_client_takes_what_two_replicas_say() {
    let (mut stand, id) = client(|_| {});
    reply(&mut stand, R1, id, -3);
    reply(&mut stand, R1, id, -3);
    reply(&mut stand, R2, id, 3);
    assert_eq!(believes(&stand), None);
    reply(&mut stand, R3, id, 3);
    assert_eq!(believes(&stand), Some(Data::Int(3)));
}

#[test]
fn without_that_it_takes_the_first_answer() {
    let (mut stand, id) = client(|config| config.rules.f_plus_one = false);
    reply(&mut stand, R1, id, -3);
    assert_eq!(believes(&stand), Some(Data::Int(-3)));
}

/// "If the client does not receive replies soon enough, it broadcasts the request to all replicas."
#[test]
fn without_an_answer_it_asks_all() {
    let (mut stand, _) = client(|_| {});
    assert_eq!(said(&stand.fires(Timer::Repeat)), [""; 0], "somebody let the timer run out early");
    stand.probe.monotonic_now_us = 100_000;
    assert_eq!(stand.fires(Timer::Repeat).sends.len(), 4);
}

/// "If the request has already been processed, the replicas simply re-send the reply"; timestamps keep it from being done twice.
#[test]
fn a_replica_repeats_its_last_answer_and_does_nothing_twice() {
    let mut backup = Stand::new(R2, |_| {});
    let x = request(1, 3);
    backup.hears(R0, pre_prepare(0, 1, &x));
    for from in [R1, R3] {
        backup.hears(from, Message::Prepare(vote(0, 1, &x)));
        backup.hears(from, Message::Commit(vote(0, 1, &x)));
    }
    assert_eq!(said(&backup.hears(C1, Message::Request(Rc::clone(&x)))), ["Reply"]);
    assert!(backup.replica().waiting.values().next().is_none());
    assert_eq!(said(&backup.hears(R1, Message::Request(x))), [""; 0], "not if somebody else asks");
}

/// "Otherwise, if the replica is not the primary, it relays the request to the primary."
#[test]
fn a_backup_passes_on_what_has_no_number() {
    let mut backup = Stand::new(R2, |_| {});
    let asked = backup.hears(C1, Message::Request(request(1, 3)));
    assert!(asked.timers.iter().any(|(timer, after_us)| (*timer, *after_us) == (Timer::View, Some(300_000))));
    backup.probe.monotonic_now_us = 100_000;
    let asked = backup.fires(Timer::Repeat);
    assert_eq!((said(&asked), asked.sends[0].0), (vec!["Request".to_string()], R0));
}
