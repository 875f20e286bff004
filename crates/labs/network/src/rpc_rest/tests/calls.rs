//! Stubs, call tables, lives and deadlines, node by node.

use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{Configuration, NodeId, Protocol, Settings, Value};

use super::super::settings::Config;
use super::super::{Answer, Ask, Call, Deed, Disk, Message, Operation, Origin, RpcNode, RpcRest, Timer, Verdict, Wish};

const C1: NodeId = NodeId(0);
const F: NodeId = NodeId(1);
const B: NodeId = NodeId(2);

type Stand = Probe<RpcNode>;

fn config(changes: &[(&str, Value)]) -> Config {
    let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let settings = settings.with("styles", word("rpc")).with("clients", number(1)).with("workload_ms", number(0));
    let settings = settings.with("twin", Value::Flag(false));
    RpcRest::configure(&settings.accept(&sim::all_settings::<RpcRest>()).unwrap())
}

fn boot(me: NodeId, disk: &Disk, changes: &[(&str, Value)]) -> (Stand, RpcNode, Asked<RpcNode>) {
    let mut probe = Probe::new(me, 3, config(changes));
    probe.monotonic_now_us = 1_000_000;
    let (node, asked) = probe.run(|effects| RpcNode::boot(disk, effects));
    (probe, node, asked)
}

fn message(probe: &mut Stand, node: &mut RpcNode, from: NodeId, message: Message) -> Asked<RpcNode> {
    probe.run(|effects| node.on_message(from, message, effects)).1
}

fn timer(probe: &mut Stand, node: &mut RpcNode, timer: Timer) -> Asked<RpcNode> {
    probe.run(|effects| node.on_timer(timer, effects)).1
}

fn wish(probe: &mut Stand, node: &mut RpcNode, wish: Wish) -> Asked<RpcNode> {
    probe.run(|effects| node.on_operation(Operation::Wish(wish), effects)).1
}

fn create(life: u64, number: u32) -> Call {
    let origin = Origin { client: C1, number };
    let ask = Ask { deed: Deed::Create { chosen: None }, origin, base: 0, is_get: false, long_us: 0 };
    Call { life, number, server_life: 1, left_us: Some(2_000_000), attempt: 1, ask }
}

/// The answer that was sent, if one was.
fn answer(asked: &Asked<RpcNode>) -> Option<Answer> {
    asked.sends.iter().find_map(|(_, message)| match message {
        Message::Reply { answer, .. } => Some(answer.clone()),
        _ => None,
    })
}

fn call(asked: &Asked<RpcNode>) -> Option<Call> {
    asked.sends.iter().find_map(|(_, message)| if let Message::Call(call) = message { Some(*call) } else { None })
}

fn orders(node: &RpcNode) -> usize {
    node.store().unwrap().book().log.len()
}

/// Birrell and Nelson 1984, section 3.2: a repeated call is found in the table, and its result is sent again; a call with a lower number
/// is an old copy, and is thrown away.
#[test]
fn a_call_that_was_carried_out_is_not_carried_out_again() {
    for (follows, made) in [(true, 1), (false, 2)] {
        let changes = [("call_table", Value::Flag(follows))];
        let (mut probe, mut node, _) = boot(B, &Disk::default(), &changes);
        message(&mut probe, &mut node, F, Message::Call(create(1, 5)));
        let at_work = message(&mut probe, &mut node, F, Message::Call(create(1, 5)));
        assert_eq!(answer(&at_work), None);
        let done = timer(&mut probe, &mut node, Timer::Work(1));
        assert_eq!(answer(&done), Some(Answer::Made { order: 1 }));
        let again = message(&mut probe, &mut node, F, Message::Call(create(1, 5)));
        if follows {
            assert_eq!(answer(&again), answer(&done));
        } else {
            timer(&mut probe, &mut node, Timer::Work(2));
        }
        assert_eq!(orders(&node), made);
        let old = message(&mut probe, &mut node, F, Message::Call(create(1, 4)));
        assert_eq!(old.sends.len(), 0);
    }
}

/// Birrell and Nelson 1984, section 3.1: a call names the life of the exporter, so that after a crash it fails instead of being carried out
/// once more.
#[test]
fn another_life_of_the_server_refuses_the_call() {
    let once = Disk { lives: 1, ..Disk::default() };
    let (mut probe, mut node, _) = boot(B, &once, &[]);
    let refused = message(&mut probe, &mut node, F, Message::Call(create(1, 5)));
    assert_eq!(refused.sends, [(F, Message::Refused { life: 1, number: 5, now: 2 })]);
    let (mut probe, mut node, _) = boot(B, &once, &[("server_life", Value::Flag(false))]);
    message(&mut probe, &mut node, F, Message::Call(create(1, 5)));
    timer(&mut probe, &mut node, Timer::Work(1));
    assert_eq!(orders(&node), 1);
    // Of a client: not now, and before, unknown.
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    message(&mut probe, &mut node, F, Message::Bound { life: 1, now: 1 });
    let sent = call(&wish(&mut probe, &mut node, Wish::Create { with_put: false })).unwrap();
    assert_eq!(sent.server_life, 1);
    message(&mut probe, &mut node, F, Message::Refused { life: 1, number: sent.number, now: 2 });
    assert_eq!(node.client().unwrap().told.back().unwrap().verdict, Verdict::Unknown);
    let next = call(&wish(&mut probe, &mut node, Wish::Create { with_put: false })).unwrap();
    assert_eq!((next.server_life, next.number), (2, 2));
}

/// Birrell and Nelson 1984, section 3.2: the caller repeats the call until it is answered. gRPC proposal A6: the deadline holds for all attempts.
#[test]
fn a_stub_repeats_until_the_deadline() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    message(&mut probe, &mut node, F, Message::Bound { life: 1, now: 1 });
    let asked = wish(&mut probe, &mut node, Wish::Create { with_put: false });
    let first = call(&asked).unwrap();
    assert_eq!((first.left_us, first.attempt), (Some(2_000_000), 1));
    assert!(asked.timers.contains(&(Timer::GiveUp, Some(2_000_000))));
    let wait = asked.timers.iter().find_map(|(timer, us)| us.filter(|_| *timer == Timer::Repeat)).unwrap();
    assert!((240_000..=360_000).contains(&wait), "{wait}");
    assert_eq!(call(&timer(&mut probe, &mut node, Timer::Repeat)), None, "it is too early");
    probe.monotonic_now_us += wait;
    let second = call(&timer(&mut probe, &mut node, Timer::Repeat)).unwrap();
    assert_eq!((second.number, second.attempt, second.left_us), (first.number, 2, Some(2_000_000 - wait)));
    assert!(timer(&mut probe, &mut node, Timer::GiveUp).timers.contains(&(Timer::GiveUp, Some(2_000_000 - wait))));
    probe.monotonic_now_us += 2_000_000 - wait;
    timer(&mut probe, &mut node, Timer::GiveUp);
    assert_eq!(node.client().unwrap().told.back().unwrap().verdict, Verdict::Unknown);
}

/// What was never sent was not carried out.
#[test]
fn a_call_that_never_left_is_refused() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    let asked = wish(&mut probe, &mut node, Wish::Create { with_put: false });
    assert_eq!(asked.sends, [(F, Message::Bind { life: 1 })]);
    probe.monotonic_now_us += 2_000_000;
    timer(&mut probe, &mut node, Timer::GiveUp);
    assert_eq!(node.client().unwrap().told.back().unwrap().verdict, Verdict::Refused);
}

/// gRPC, Deadlines: what has passed is taken off, and the rest is passed on; expired work is not begun.
#[test]
fn the_time_left_is_passed_on_and_looked_at() {
    for (follows, left_us) in [(true, 1_200_000), (false, 2_000_000)] {
        let (mut probe, mut node, _) = boot(F, &Disk::default(), &[("time_left", Value::Flag(follows))]);
        message(&mut probe, &mut node, B, Message::Bound { life: 1, now: 1 });
        message(&mut probe, &mut node, C1, Message::Call(create(1, 1)));
        probe.monotonic_now_us += 800_000;
        let passed_on = call(&timer(&mut probe, &mut node, Timer::Work(1))).unwrap();
        assert_eq!(passed_on.left_us, Some(left_us));
    }
    for (follows, expected) in [(true, Some(Answer::Expired)), (false, None)] {
        let (mut probe, mut node, _) = boot(B, &Disk::default(), &[("time_left", Value::Flag(follows))]);
        message(&mut probe, &mut node, F, Message::Call(create(1, 1)));
        let waiting = Call { left_us: Some(10_000), ..create(1, 1) };
        message(&mut probe, &mut node, NodeId(7), Message::Call(waiting));
        probe.monotonic_now_us += 20_000;
        let asked = timer(&mut probe, &mut node, Timer::Work(1));
        let late = asked.sends.iter().find_map(|(to, message)| match message {
            Message::Reply { answer, .. } if *to == NodeId(7) => Some(answer.clone()),
            _ => None,
        });
        assert_eq!(late, expected);
    }
}

/// Work that has begun ends with its deadline, too (Nelson 1981, on orphans: expiration).
#[test]
fn work_ends_with_its_deadline() {
    let (mut probe, mut node, _) = boot(F, &Disk::default(), &[("work_ms", number(500))]);
    let short = Call { left_us: Some(100_000), ..create(1, 1) };
    let asked = message(&mut probe, &mut node, C1, Message::Call(short));
    assert!(asked.timers.contains(&(Timer::Work(1), Some(100_000))));
    probe.monotonic_now_us += 100_000;
    assert_eq!(answer(&timer(&mut probe, &mut node, Timer::Work(1))), Some(Answer::Expired));
}

/// Nelson 1981, on orphans: reincarnation.
#[test]
fn a_later_life_of_the_caller_ends_the_work_for_earlier_ones() {
    for (follows, jobs) in [(true, 0), (false, 1)] {
        let (mut probe, mut node, _) = boot(F, &Disk::default(), &[("reincarnation", Value::Flag(follows))]);
        message(&mut probe, &mut node, C1, Message::Call(create(1, 1)));
        message(&mut probe, &mut node, C1, Message::Bind { life: 2 });
        assert_eq!(node.desk().unwrap().jobs.values().count(), jobs);
        let old = message(&mut probe, &mut node, C1, Message::Call(create(1, 2)));
        assert_eq!((old.sends.len(), node.desk().unwrap().jobs.values().count()), (0, 2 * jobs));
    }
}

/// gRPC proposal A6, throttling: with half of the tokens or less, nothing is repeated.
#[test]
fn a_stub_whose_calls_fail_stops_repeating() {
    let changes = [("tokens", number(4)), ("semantics", word("at-least-once")), ("deadline_ms", number(60_000))];
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &changes);
    let mut asked = wish(&mut probe, &mut node, Wish::Create { with_put: false });
    let mut sent = 0;
    while call(&asked).is_some() {
        sent += 1;
        let wait = asked.timers.iter().find_map(|(timer, us)| us.filter(|_| *timer == Timer::Repeat)).unwrap();
        probe.monotonic_now_us += wait;
        asked = timer(&mut probe, &mut node, Timer::Repeat);
    }
    assert_eq!(sent, 2);
}

/// A user whose client has crashed cannot be told what became of his wish.
#[test]
fn what_was_open_before_a_crash_is_unknown() {
    let (mut probe, mut node, _) = boot(C1, &Disk::default(), &[]);
    let disk = wish(&mut probe, &mut node, Wish::Create { with_put: false }).disk.unwrap();
    let (_, node, _) = boot(C1, &disk, &[]);
    let told = *node.client().unwrap().told.back().unwrap();
    assert_eq!((told.number, told.verdict, told.took_us), (1, Verdict::Unknown, None));
}
