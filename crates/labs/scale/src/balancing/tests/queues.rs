//! Servers, health checks and clients, one at a time.

use sim::probe::Probe;
use sim::{NodeId, Value};

use super::super::health::{Change, Health};
use super::super::{Answer, BalancingNode, Disk, Message, RequestId, Server, Timer};
use super::config;
use parts::values::{number, word};

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
    assert_eq!((bench.server.served, bench.server.refused, bench.server.at_work()), (3, 1, 0));
    assert_eq!(bench.server.waited_us, 100_000);
}

/// A worker that is free takes what comes at once.
#[test]
fn workers_work_beside_each_other() {
    let mut bench = Bench::new(&[("workers", number(2))], 1);
    assert_eq!(bench.come(0, 1).1, [(Timer::Work(0), Some(50_000))]);
    assert_eq!(bench.come(0, 2).1, [(Timer::Work(1), Some(50_000))]);
    bench.come(0, 3);
    assert_eq!((bench.server.at_work(), bench.server.queue.len()), (2, 1));
    let server = &mut bench.server;
    bench.probe.run(|effects| server.add_worker(effects));
    assert_eq!((bench.server.at_work(), bench.server.queue.len()), (3, 0));
}

/// How busy a server is: the share of the last second or two in which its workers worked.
#[test]
fn a_server_says_how_busy_it_is() {
    let mut bench = Bench::new(&[], 1);
    bench.come(0, 1);
    bench.finish(250, 0);
    assert_eq!(bench.server.busy_permille(500_000), 500);
    assert_eq!(bench.server.busy_permille(1_000_000), 250);
    assert_eq!(bench.server.busy_permille(1_250_000), 200);
    assert_eq!(bench.server.busy_permille(9_000_000), 0);
    bench.come(9_000, 2);
    assert_eq!(bench.server.busy_permille(20_000_000), 1_000);
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

/// HAProxy, "fall" and "rise": so many checks in a row, and one of the other kind begins the count anew.
#[test]
fn health_falls_and_rises_by_checks_in_a_row() {
    let config = config(&[("fall", number(3)), ("rise", number(2))]);
    let mut health = Health::default();
    let checks = config.checks;
    assert_eq!([health.fail(&checks), health.fail(&checks)], [Change::Same; 2]);
    health.pass(0, &config);
    assert_eq!([health.fail(&checks), health.fail(&checks)], [Change::Same; 2]);
    assert_eq!((health.fail(&checks), health.is_available(0)), (Change::Down, false));
    assert_eq!(health.pass(0, &config), Change::Same);
    health.fail(&checks);
    assert_eq!([health.pass(1, &config), health.pass(2, &config)], [Change::Same, Change::Up]);
    assert!(health.is_available(2));
}

/// Envoy, outlier detection: consecutive errors eject a host for a time; a good answer in between resets the count.
#[test]
fn errors_in_a_row_eject_a_server_for_a_while() {
    let checks = config(&[("eject_after", number(3)), ("eject_ms", number(5_000))]).checks;
    let mut health = Health::default();
    let heard = [true, true, false, true, true].map(|is_error| health.hear(is_error, 0, &checks));
    assert_eq!(heard, [false; 5]);
    assert!(health.hear(true, 1_000_000, &checks));
    assert!(!health.is_available(5_999_999) && health.is_available(6_000_000));
}

/// Envoy, slow start: from a tenth of the share, growing evenly, to all of it.
#[test]
fn slow_start_grows_from_a_tenth_to_all() {
    let config = config(&[("slow_start_ms", number(10_000)), ("rise", number(1)), ("fall", number(1))]);
    let mut health = Health::default();
    assert_eq!(health.share_permille(0, config.slow_start_us), 1_000);
    health.fail(&config.checks);
    health.pass(1_000_000, &config);
    let share = |at_ms: i64| health.share_permille(at_ms * 1_000, config.slow_start_us);
    assert_eq!([1_000, 2_500, 6_000, 11_000, 99_000].map(share), [100, 150, 500, 1_000, 1_000]);
}
