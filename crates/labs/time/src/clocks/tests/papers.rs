//! The rules, one by one.

use super::*;
use crate::clocks::settings::LETTERS;

/// Lamport 1978, IR1: a process increments its clock between any two successive events.
#[test]
fn the_clock_ticks_between_two_events() {
    let mut bench = Bench::new(Kind::Lamport, &[]);
    bench.local();
    bench.send(C);
    bench.local();
    let times: Vec<Stamp> = bench.process.events.iter().map(|event| event.stamp).collect();
    assert_eq!(times, [1, 2, 3].map(Stamp::Lamport));
}

/// Lamport 1978, IR2 (a): a message carries the time of its sending.
#[test]
fn a_message_carries_the_time_of_its_sending() {
    let mut bench = Bench::new(Kind::Lamport, &[]);
    bench.local();
    let asked = bench.send(C);
    let (to, message) = &asked.sends[0];
    assert_eq!((*to, message.stamp, message.event), (C, Stamp::Lamport(2), 2));
    assert_eq!(asked.rules, ["every_event_ticks", "stamp"]);
}

/// Lamport 1978, IR2 (b): the receiver's clock becomes no less than it was, and greater than the message's.
#[test]
fn a_receiver_takes_the_maximum_and_ticks() {
    let mut bench = Bench::new(Kind::Lamport, &[]);
    bench.local();
    bench.local();
    let asked = bench.receive(A, Stamp::Lamport(5));
    assert_eq!(bench.process.clock, Stamp::Lamport(6));
    let said = asked.notes[0].clone().with_labels(&LETTERS.map(String::from));
    assert_eq!(said.to_string(), "B receives m stamped 5: max(2, 5) + 1 = 6");
    bench.receive(A, Stamp::Lamport(3));
    assert_eq!(bench.process.clock, Stamp::Lamport(7));
    bench.receive(A, Stamp::Lamport(7));
    assert_eq!(bench.process.clock, Stamp::Lamport(8));
}

/// Mattern 1989, "Vector Time": an event ticks the node's own component; a receiver takes the supremum.
#[test]
fn a_vector_ticks_in_its_own_place_and_takes_the_supremum() {
    let mut bench = Bench::new(Kind::Vector, &[]);
    bench.local();
    assert_eq!(bench.process.clock, vector([0, 1, 0]));
    let asked = bench.receive(A, vector([2, 0, 3]));
    assert_eq!(bench.process.clock, vector([2, 2, 3]));
    let said = asked.notes[0].clone().with_labels(&LETTERS.map(String::from));
    let sentence = "B receives m stamped [2 0 3]: the maximum with [0 1 0] is [2 1 3], and ticks to [2 2 3]";
    assert_eq!(said.to_string(), sentence);
    assert_eq!(bench.send(A).sends[0].1.stamp, vector([2, 3, 3]));
}

/// Mattern 1989 and Fidge 1988: u < v if u is at most v in every component, and differs.
#[test]
fn vectors_are_ordered_component_by_component() {
    let less = |a: [u32; 3], b: [u32; 3]| vector(a).is_before(&vector(b));
    assert!(less([1, 0, 2], [1, 1, 2]));
    assert!(!less([1, 0, 2], [1, 0, 2]));
    assert!(!less([2, 0, 0], [0, 0, 1]) && !less([0, 0, 1], [2, 0, 0]));
}

#[test]
fn a_node_goes_on_from_its_disk() {
    let mut bench = Bench::new(Kind::Lamport, &[]);
    bench.local();
    let disk = bench.local().disk.expect("each event is written down");
    let (again, _) = bench.probe.run(|effects| Process::boot(&disk, effects));
    assert_eq!(again, bench.process);
}

#[test]
fn broken_rules_are_broken() {
    let mut deaf = Bench::new(Kind::Lamport, &["receive_maximum"]);
    deaf.receive(A, Stamp::Lamport(9));
    assert_eq!(deaf.process.clock, Stamp::Lamport(1));
    let mut still = Bench::new(Kind::Vector, &["every_event_ticks"]);
    still.local();
    still.send(A);
    assert_eq!(still.process.clock, vector([0, 0, 0]));
    let mut forgetful = Bench::new(Kind::Lamport, &["keep_clock"]);
    let disk = forgetful.local().disk.expect("each event is written down");
    let (again, _) = forgetful.probe.run(|effects| Process::boot(&disk, effects));
    assert_eq!((again.clock, again.count), (Stamp::Lamport(0), 1));
}
