//! Servers, one at a time.

use parts::values::{number, word};
use sim::probe::Probe;
use sim::{NodeId, Value};

use super::super::{Answer, BalancingNode, Disk, Message, RequestId, Server, Timer};
use super::config;

fn request(number: u32) -> RequestId {
    RequestId { client: NodeId(0), life: 1, number }
}

/// A server alone, with constant service times of 50 ms.
struct Bench {
    probe: Probe<BalancingNode>,
    server: Server,
}

impl Bench {
    fn new(changes: &[(&str, Value)], lives: u32) -> Bench {
        let mut probe = Probe::new(NodeId(5), 9, config(&[&[("service", word("constant"))], changes].concat()));
        let disk = Disk { lives, ..Disk::default() };
        let server = probe.run(|effects| Server::boot(&disk, effects)).0;
        Bench { probe, server }
    }

    /// A request comes; returns the answers, and the timers that were set.
    fn come(&mut self, at_ms: i64, ticket: u64) -> (Vec<Message>, Vec<(Timer, Option<u64>)>) {
        self.probe.local_now_us = at_ms * 1_000;
        let (server, message) = (&mut self.server, Message::Forward { request: request(ticket as u32), ticket });
        let asked = self.probe.run(|effects| server.on_message(message, effects)).1;
        (asked.sends.into_iter().map(|(_, message)| message).collect(), asked.timers)
    }

    fn finish(&mut self, at_ms: i64, worker: u8) -> Vec<Message> {
        self.probe.local_now_us = at_ms * 1_000;
        let server = &mut self.server;
        let asked = self.probe.run(|effects| server.on_timer(Timer::Work(worker), effects)).1;
        asked.sends.into_iter().map(|(_, message)| message).collect()
    }
}

/// Kleinrock 1975, section 3.6: what finds the system full is turned away; the others are served as they came.
#[test]
fn a_full_queue_refuses_and_the_others_keep_their_order() {
    let mut bench = Bench::new(&[("queue", number(2))], 1);
    for ticket in 1..=3 {
        assert_eq!(bench.come(0, ticket).0, []);
    }
    assert_eq!(bench.come(1, 4).0, [Message::Done { ticket: 4, answer: Answer::Refused }]);
    for ticket in 1..=3 {
        let done = Message::Done { ticket, answer: Answer::Served };
        assert_eq!(bench.finish(50 * ticket as i64, 0), [done]);
    }
    assert_eq!((bench.server.station.served, bench.server.station.refused, bench.server.station.at_work()), (3, 1, 0));
    assert_eq!(bench.server.station.waited_us, 100_000);
}

/// A worker that is free takes what comes at once.
#[test]
fn workers_work_beside_each_other() {
    let mut bench = Bench::new(&[("workers", number(2))], 1);
    assert_eq!(bench.come(0, 1).1, [(Timer::Work(0), Some(50_000))]);
    assert_eq!(bench.come(0, 2).1, [(Timer::Work(1), Some(50_000))]);
    bench.come(0, 3);
    assert_eq!((bench.server.station.at_work(), bench.server.station.queue.len()), (2, 1));
    let server = &mut bench.server;
    bench.probe.run(|effects| server.add_worker(effects));
    assert_eq!((bench.server.station.at_work(), bench.server.station.queue.len()), (3, 0));
}

/// How busy a server is: the share of the last second or two in which its workers worked.
#[test]
fn a_server_says_how_busy_it_is() {
    let mut bench = Bench::new(&[], 1);
    bench.come(0, 1);
    bench.finish(250, 0);
    assert_eq!(bench.server.station.busy_permille(500_000), 500);
    assert_eq!(bench.server.station.busy_permille(1_000_000), 250);
    assert_eq!(bench.server.station.busy_permille(1_250_000), 200);
    assert_eq!(bench.server.station.busy_permille(9_000_000), 0);
    bench.come(9_000, 2);
    assert_eq!(bench.server.station.busy_permille(20_000_000), 1_000);
}

/// A server that a person has slowed down takes longer; so does one that has been restarted, until it is warm.
#[test]
fn slow_and_cold_servers_take_longer() {
    let mut cold = Bench::new(&[("cold_times", number(3)), ("warm_up_ms", number(4_000))], 2);
    assert_eq!(cold.come(0, 1).1, [(Timer::Work(0), Some(150_000))]);
    cold.finish(150, 0);
    assert_eq!(cold.come(2_000, 2).1, [(Timer::Work(0), Some(100_000))]);
    cold.finish(2_100, 0);
    assert_eq!(cold.come(4_000, 3).1, [(Timer::Work(0), Some(50_000))]);
    cold.finish(4_050, 0);
    let server = &mut cold.server;
    let disk = cold.probe.run(|effects| server.slow_down(2, effects)).1.disk.expect("it is kept");
    assert_eq!(disk.machine.slower_by, 1);
    assert_eq!(cold.come(5_000, 4).1, [(Timer::Work(0), Some(100_000))]);
}
