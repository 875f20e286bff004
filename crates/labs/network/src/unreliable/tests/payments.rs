//! Clients and the ledger, alone.

use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{Configuration, NodeId, Settings, Value};

use super::super::settings::Config;
use super::super::wire::{Answer, Ask, Deed, HopCheck, Packet, Record, Request, Status};
use super::super::{Client, Disk, Ledger, Message, Operation, Timer, UnreliableNetwork, UnreliableNode, Verdict};

const C1: NodeId = NodeId(0);
const G: NodeId = NodeId(1);
const S: NodeId = NodeId(2);

const CHARGE: Ask = Ask { deed: Deed::Charge, account: 0, amount: 100 };

type Stand = Probe<UnreliableNode>;

fn config(changes: &[(&str, Value)]) -> Config {
    let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let settings = settings.with("clients", number(1)).with("workload_ms", number(0));
    UnreliableNetwork::configure(&settings.accept(&sim::all_settings::<UnreliableNetwork>()).unwrap())
}

fn boot(me: NodeId, disk: &Disk, changes: &[(&str, Value)]) -> (Stand, UnreliableNode, Asked<UnreliableNode>) {
    use sim::Protocol;
    let mut probe = Probe::new(me, 3, config(changes));
    probe.monotonic_now_us = 1_000_000;
    let (node, asked) = probe.run(|effects| UnreliableNode::boot(disk, effects));
    (probe, node, asked)
}

fn message(probe: &mut Stand, node: &mut UnreliableNode, bytes: [u8; 24]) -> Asked<UnreliableNode> {
    use sim::Protocol;
    let packet = Message::Packet(Packet::new(bytes, HopCheck::Internet(0)));
    probe.run(|effects| node.on_message(G, packet, effects)).1
}

fn timer(probe: &mut Stand, node: &mut UnreliableNode, timer: Timer) -> Asked<UnreliableNode> {
    use sim::Protocol;
    probe.run(|effects| node.on_timer(timer, effects)).1
}

fn ask(probe: &mut Stand, node: &mut UnreliableNode, ask: Ask) -> Asked<UnreliableNode> {
    use sim::Protocol;
    probe.run(|effects| node.on_operation(Operation::Ask(ask), effects)).1
}

/// The record of what was sent, if one thing was.
fn sent(asked: &Asked<UnreliableNode>) -> Record {
    let [(_, Message::Packet(packet))] = &asked.sends[..] else { panic!("{:?}", asked.sends) };
    assert!(packet.fits() && packet.is_whole());
    Record::read(&packet.bytes)
}

fn answer(asked: &Asked<UnreliableNode>) -> Answer {
    sent(asked).answer().unwrap()
}

fn request(number: u32, key: u32, ask: Ask) -> Request {
    Request { client: 1, number, key, attempt: 1, ask }
}

fn ledger(node: &UnreliableNode) -> &Ledger {
    node.ledger().unwrap()
}

fn client(node: &UnreliableNode) -> &Client {
    node.client().unwrap()
}

/// Stripe, Idempotent requests: the first result is saved with its key, and sent again for the same key. draft-ietf-httpapi-idempotency-key-header,
/// section 2.7: 409 while the first one is at work, 422 for another request under the key, 400 without a key.
#[test]
fn a_key_is_carried_out_once() {
    let (mut probe, mut node, _) = boot(S, &Disk::default(), &[]);
    let first = request(1, 7, CHARGE);
    assert!(message(&mut probe, &mut node, first.bytes()).sends.is_empty());
    let at_work = message(&mut probe, &mut node, Request { attempt: 2, ..first }.bytes());
    assert_eq!(answer(&at_work).status, Status::AtWork);
    let done = timer(&mut probe, &mut node, Timer::Work(1));
    assert_eq!((answer(&done).status, answer(&done).after), (Status::Done, 100));
    // In one write: effect, key, and answer.
    let disk = done.disk.clone().unwrap();
    assert_eq!((disk.book.accounts[0].balance, disk.book.log.len(), disk.book.keys.count(0, 0)), (100, 1, 1));
    let again = message(&mut probe, &mut node, Request { attempt: 3, ..first }.bytes());
    assert_eq!(answer(&again), answer(&done));
    let other = message(&mut probe, &mut node, request(2, 7, CHARGE).bytes());
    assert_eq!(answer(&other).status, Status::OtherRequest);
    let without = message(&mut probe, &mut node, request(3, 0, CHARGE).bytes());
    assert_eq!(answer(&without).status, Status::NoKey);
    assert_eq!((ledger(&node).delivered, ledger(&node).carried_out), (5, 1));
    // After a crash it knows the key from its disk; what is older than the window it does not know.
    let (mut probe, mut node, _) = boot(S, &disk, &[("window_s", number(2))]);
    let again = message(&mut probe, &mut node, first.bytes());
    assert_eq!(answer(&again), answer(&done));
    probe.monotonic_now_us += 2_000_001;
    assert!(message(&mut probe, &mut node, first.bytes()).sends.is_empty());
    assert_eq!(ledger(&node).jobs.values().count(), 1);
}

/// Without keys each delivery is a request of its own.
#[test]
fn at_least_once_is_once_a_delivery() {
    let (mut probe, mut node, _) = boot(S, &Disk::default(), &[("semantics", word("at-least-once"))]);
    for job in 1..=3 {
        message(&mut probe, &mut node, request(1, 0, CHARGE).bytes());
        let done = timer(&mut probe, &mut node, Timer::Work(job));
        assert_eq!(u64::from(answer(&done).after), 100 * job);
    }
}

/// Birrell and Nelson 1984, section 3.2: what is below the last call identifier of the same activity is discarded.
#[test]
fn an_older_limit_does_not_follow_a_newer_one() {
    let limit = |number: u32, amount: u32| request(number, number, Ask { deed: Deed::Set, account: 0, amount });
    for (follows, last) in [(true, 800), (false, 500)] {
        let (mut probe, mut node, _) = boot(S, &Disk::default(), &[("outdated", Value::Flag(follows))]);
        for (job, request) in [limit(2, 800), limit(1, 500)].into_iter().enumerate() {
            message(&mut probe, &mut node, request.bytes());
            let done = timer(&mut probe, &mut node, Timer::Work(job as u64 + 1));
            assert_eq!(answer(&done).status == Status::Outdated, follows && job == 1);
        }
        assert_eq!(ledger(&node).book().accounts[0].limit, last);
    }
}

/// What is put off is not on the disk when the answer leaves.
#[test]
fn without_the_rules_something_is_written_later() {
    for (rule, effects, keys) in [("one_write", 1, 0), ("write_first", 0, 0)] {
        let (mut probe, mut node, booted) = boot(S, &Disk::default(), &[(rule, Value::Flag(false))]);
        message(&mut probe, &mut node, request(1, 7, CHARGE).bytes());
        let done = timer(&mut probe, &mut node, Timer::Work(1));
        assert_eq!(answer(&done).status, Status::Done);
        let book = done.disk.or(booted.disk).unwrap().book;
        assert_eq!((book.log.len(), book.keys.count(0, 0)), (effects, keys), "{rule}");
        assert!(done.timers.contains(&(Timer::Write(1), Some(5_000))));
        let written = timer(&mut probe, &mut node, Timer::Write(1)).disk.unwrap().book;
        assert_eq!((written.log.len(), written.keys.count(0, 0)), (1, 1), "{rule}");
    }
}

/// Saltzer, Reed and Clark 1984, section 2.2.
#[test]
fn the_ledger_looks_at_the_check_of_the_client() {
    for follows in [true, false] {
        let (mut probe, mut node, _) = boot(S, &Disk::default(), &[("end_to_end", Value::Flag(follows))]);
        let mut bytes = request(1, 7, Ask { deed: Deed::Set, account: 0, amount: 256 }).bytes();
        bytes.swap(14, 15);
        message(&mut probe, &mut node, bytes);
        assert_eq!(ledger(&node).jobs.values().next().map(|job| job.ask.amount), (!follows).then_some(1));
    }
}

/// draft-ietf-httpapi-idempotency-key-header, section 2.2: a key is unique, and not used for another request. It is on disk before the request leaves.
#[test]
fn a_client_writes_its_key_and_goes_on_with_it() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    let asked = ask(&mut probe, &mut node, CHARGE);
    let key = sent(&asked).key;
    let disk = asked.disk.unwrap();
    assert_eq!(disk.client.open, Some((1, Some(key), CHARGE)));
    let (_, _, again) = boot(C1, &disk, &[]);
    assert_eq!((sent(&again).key, sent(&again).number), (key, 1));
    let without = [("key_first", Value::Flag(false))];
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &without);
    let asked = ask(&mut probe, &mut node, CHARGE);
    let disk = asked.disk.clone().unwrap();
    assert_eq!(disk.client.open, Some((1, None, CHARGE)));
    let mut draws = boot(C1, &disk, &without).0;
    draws.run(|effects| effects.choose(2));
    assert_eq!(sent(&boot(C1, &disk, &without).2).number, 1);
}

/// Birrell and Nelson 1984, section 3.2: who hears nothing asks again, and says in the end that he does not know.
#[test]
fn a_client_tries_again_under_the_same_key_and_says_unknown_in_the_end() {
    let changes = [("attempts", number(2)), ("backoff_ms", number(200))];
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &changes);
    let key = sent(&ask(&mut probe, &mut node, CHARGE)).key;
    assert!(timer(&mut probe, &mut node, Timer::Attempt).sends.is_empty(), "too early");
    probe.monotonic_now_us += 300_000;
    assert!(timer(&mut probe, &mut node, Timer::Attempt).sends.is_empty(), "it stays away");
    probe.monotonic_now_us += 200_000;
    let again = sent(&timer(&mut probe, &mut node, Timer::Attempt));
    assert_eq!((again.key, again.flag), (key, 2));
    probe.monotonic_now_us += 300_000;
    let end = timer(&mut probe, &mut node, Timer::Attempt);
    assert_eq!(end.disk.unwrap().client.open, None);
    assert_eq!(client(&node).written().told.back().unwrap().verdict, Verdict::Unknown);
}

/// 409 says not now; it never says that something has failed.
#[test]
fn at_work_is_no_failure() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    let request = sent(&ask(&mut probe, &mut node, CHARGE)).request().unwrap();
    let asked = message(&mut probe, &mut node, request.answer(Status::AtWork, 0).bytes());
    assert!(matches!(asked.timers[..], [(Timer::Attempt, Some(100_000..=200_000))]));
    assert!(client(&node).open.is_some() && client(&node).written().told.is_empty());
    message(&mut probe, &mut node, request.answer(Status::Done, 100).bytes());
    assert_eq!(client(&node).written().told.back().unwrap().verdict, Verdict::Done);
    // An answer that comes once more changes nothing; another one is noticed.
    message(&mut probe, &mut node, request.answer(Status::Done, 100).bytes());
    assert_eq!(client(&node).contradiction, None);
    message(&mut probe, &mut node, request.answer(Status::Exists, 0).bytes());
    assert!(client(&node).contradiction.is_some());
}

/// One attempt, and after a crash not even that.
#[test]
fn maybe_is_maybe() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[("semantics", word("maybe"))]);
    let disk = ask(&mut probe, &mut node, CHARGE).disk.unwrap();
    let (_, node, again) = boot(C1, &disk, &[("semantics", word("maybe"))]);
    assert!(again.sends.is_empty());
    assert_eq!(client(&node).written().told.back().unwrap().verdict, Verdict::Unknown);
}
