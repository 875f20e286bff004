//! One server and its books.

use parts::exchange::Times;
use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{Protocol, Settings, Value};

use super::super::{Disk, Fate, Line, Message, Operation, Schedule, Server, Statistics, Timer};
use super::{S1, S2, server};

fn without(rule: &str) -> Settings {
    Settings::default().with(rule, Value::Flag(false))
}

/// Sets both clocks.
fn at(probe: &mut Probe<Server>, us: i64) {
    (probe.local_now_us, probe.monotonic_now_us) = (us, us as u64);
}

/// A ping out of turn.
fn ping(probe: &mut Probe<Server>, server: &mut Server, us: i64) -> Asked<Server> {
    at(probe, us);
    probe.run(|effects| server.on_operation(Operation::Ping(S2), effects)).1
}

/// An answer by a clock that is right: both ways took equally long.
fn pong(probe: &mut Probe<Server>, server: &mut Server, number: u64, us: i64) -> Asked<Server> {
    at(probe, us);
    let message = Message::Pong { life: server.life, number, t1_us: 0, t2_us: us / 2, t3_us: us / 2 };
    probe.run(|effects| server.on_message(S2, message, effects)).1
}

fn timeout(probe: &mut Probe<Server>, server: &mut Server, us: i64) -> Asked<Server> {
    at(probe, us);
    probe.run(|effects| server.on_timer(Timer::Lost(S2), effects)).1
}

fn books(server: &Server) -> [u64; 4] {
    let pair = server.pairs.get(&S2).unwrap();
    [pair.sent, pair.answered, pair.lost, pair.waiting.len() as u64]
}

/// RFC 792: "The identifier and sequence number may be used by the echo sender to aid in matching the replies with the echo
/// requests": an answer brings back what the ping carried.
#[test]
fn an_answer_brings_back_what_the_ping_carried() {
    let (mut probe, mut server) = server(Settings::default());
    at(&mut probe, 5_000);
    let ping = Message::Ping { life: 4, number: 9, t1_us: -80 };
    let asked = probe.run(|effects| server.on_message(S2, ping, effects)).1;
    assert_eq!(asked.timers, [(Timer::Answer(1), Some(500))]);
    at(&mut probe, 5_500);
    let asked = probe.run(|effects| server.on_timer(Timer::Answer(1), effects)).1;
    let answer = Message::Pong { life: 4, number: 9, t1_us: -80, t2_us: 5_000, t3_us: 5_500 };
    assert_eq!(asked.sends, [(S2, answer)]);
}

/// RFC 2681, section 2.5: of several instances of an answer the first one determines the round-trip time.
#[test]
fn of_two_answers_the_first_counts() {
    let (mut probe, mut one) = server(Settings::default());
    ping(&mut probe, &mut one, 0);
    pong(&mut probe, &mut one, 1, 40_000);
    pong(&mut probe, &mut one, 1, 90_000);
    let pair = one.pairs.get(&S2).unwrap();
    assert_eq!((pair.duplicates, pair.statistics.count, pair.statistics.most_us), (1, 1, 40_000));
    assert_eq!(books(&one), [1, 1, 0, 0]);
    let (mut probe, mut off) = server(without("count_once"));
    ping(&mut probe, &mut off, 0);
    pong(&mut probe, &mut off, 1, 40_000);
    pong(&mut probe, &mut off, 1, 90_000);
    assert_eq!(books(&off), [1, 2, 0, 0]);
}

/// RFC 7680, section 2.2: what takes longer than Tmax is lost; and lost it stays, though it comes.
#[test]
fn what_comes_too_late_stays_lost() {
    let (mut probe, mut server) = server(Settings::default());
    ping(&mut probe, &mut server, 0);
    ping(&mut probe, &mut server, 500_000);
    timeout(&mut probe, &mut server, 2_000_000);
    assert_eq!(books(&server), [2, 0, 1, 1]);
    let asked = pong(&mut probe, &mut server, 1, 2_100_000);
    assert!(asked.rules.contains(&"threshold"));
    let pair = server.pairs.get(&S2).unwrap();
    assert_eq!((pair.late, pair.find(1).unwrap().fate, pair.statistics.count), (1, Fate::Late, 0));
    // A second one is no second late answer.
    pong(&mut probe, &mut server, 1, 2_200_000);
    let pair = server.pairs.get(&S2).unwrap();
    assert_eq!((pair.late, pair.duplicates), (1, 1));
    assert_eq!(books(&server), [2, 0, 1, 1]);
}

/// A timer that runs out early changes nothing that a clock guards.
#[test]
fn a_timer_that_is_early_loses_and_sends_nothing() {
    let (mut probe, mut server) = server(Settings::default());
    ping(&mut probe, &mut server, 0);
    let asked = timeout(&mut probe, &mut server, 1_999_000);
    assert_eq!(asked.timers, [(Timer::Lost(S2), Some(1_000))]);
    assert_eq!(books(&server), [1, 0, 0, 1]);
    let due_us = server.pairs.get(&S2).unwrap().due_us;
    at(&mut probe, due_us as i64 - 500);
    let asked = probe.run(|effects| server.on_timer(Timer::Ping(S2), effects)).1;
    assert_eq!((asked.sends.len(), asked.timers), (0, vec![(Timer::Ping(S2), Some(500))]));
}

/// RFC 4737, section 3: a packet is reordered if its number is lower than one that came before.
#[test]
fn a_lower_number_after_a_higher_one_is_out_of_order() {
    let (mut probe, mut server) = server(Settings::default());
    for us in [0, 10_000, 20_000] {
        ping(&mut probe, &mut server, us);
    }
    for (number, us) in [(2, 60_000), (1, 70_000), (3, 80_000)] {
        pong(&mut probe, &mut server, number, us);
    }
    let pair = server.pairs.get(&S2).unwrap();
    assert_eq!((pair.reordered, pair.answered), (1, 3));
    assert_eq!(pair.statistics.most_us, 70_000);
}

/// RFC 792: the identifier tells one session from another. What an earlier life has sent counts for nothing.
#[test]
fn an_answer_to_an_earlier_life_counts_for_nothing() {
    let (mut probe, mut server) = server(Settings::default());
    server = probe.run(|effects| Server::boot(&Disk { lives: server.life }, effects)).0;
    ping(&mut probe, &mut server, 0);
    let old = Message::Pong { life: 1, number: 1, t1_us: 0, t2_us: 0, t3_us: 0 };
    probe.run(|effects| server.on_message(S2, old, effects));
    assert_eq!(server.pairs.get(&S2).unwrap().stale, 1);
    assert_eq!((server.life, books(&server)), (2, [1, 0, 0, 1]));
}

/// G. Tene, How NOT to Measure Latency: an open schedule counts what it could not send; a closed one waits, and never makes up for it.
#[test]
fn an_open_schedule_skips_and_a_closed_one_waits() {
    let turn = |probe: &mut Probe<Server>, server: &mut Server, us: u64| {
        at(probe, us as i64);
        probe.run(|effects| server.on_timer(Timer::Ping(S2), effects)).1
    };
    let (mut probe, mut open) = server(Settings::default());
    let first_us = open.pairs.get(&S2).unwrap().due_us;
    turn(&mut probe, &mut open, first_us);
    // It stood still, and three were due meanwhile and one now.
    let asked = turn(&mut probe, &mut open, first_us + 4_000_000);
    let pair = open.pairs.get(&S2).unwrap();
    assert_eq!((pair.sent, pair.skipped, pair.due_us), (2, 3, first_us + 5_000_000));
    assert_eq!(asked.timers[0], (Timer::Ping(S2), Some(1_000_000)));

    let (mut probe, mut closed) = server(Settings::default().with("schedule_first", word("closed")));
    let first_us = closed.pairs.get(&S2).unwrap().due_us;
    turn(&mut probe, &mut closed, first_us);
    let asked = turn(&mut probe, &mut closed, first_us + 1_000_000);
    assert_eq!((asked.sends.len(), asked.timers.len()), (0, 0));
    let asked = pong(&mut probe, &mut closed, 1, first_us as i64 + 1_700_000);
    assert!(asked.timers.contains(&(Timer::Ping(S2), Some(0))));
    turn(&mut probe, &mut closed, first_us + 1_700_000);
    let pair = closed.pairs.get(&S2).unwrap();
    assert_eq!((pair.sent, pair.skipped, pair.due_us), (2, 0, first_us + 2_700_000));
}

/// RFC 2330, section 11.1.1: the gaps of a Poisson stream are exponential; their mean is the interval.
#[test]
fn gaps_at_random_have_their_mean() {
    let (_, server) =
        server(Settings::default().with("schedule_first", word("poisson")).with("interval_ms", number(100)));
    let plan = server.pairs.get(&S2).unwrap().plan;
    assert_eq!(plan.schedule, Schedule::Poisson);
    let mean_us = (0..20_000).map(|draw| plan.gap_us(draw)).sum::<u64>() / 20_000;
    assert!(mean_us.abs_diff(100_000) < 1_500, "{mean_us}");
}

/// RFC 792; without the numbers, an answer is taken for one to the last ping.
#[test]
fn without_numbers_an_answer_belongs_to_the_last_ping() {
    for (settings, counted_us) in [(Settings::default(), 60_000), (without("numbered"), 50_000)] {
        let (mut probe, mut server) = server(settings);
        ping(&mut probe, &mut server, 0);
        ping(&mut probe, &mut server, 10_000);
        pong(&mut probe, &mut server, 1, 60_000);
        assert_eq!(server.pairs.get(&S2).unwrap().last_sample, Some((1, counted_us)));
    }
}

/// A clock that is set while a ping is under way.
#[test]
fn a_clock_that_nobody_sets_measures_what_it_took() {
    for (settings, counted_us) in [(Settings::default(), 40_000), (without("monotonic"), -960_000)] {
        let (mut probe, mut server) = server(settings);
        ping(&mut probe, &mut server, 5_000_000);
        (probe.local_now_us, probe.monotonic_now_us) = (4_040_000, 5_040_000);
        let answer = Message::Pong { life: 1, number: 1, t1_us: 5_000_000, t2_us: 5_020_000, t3_us: 5_020_000 };
        probe.run(|effects| server.on_message(S2, answer, effects));
        let line = *server.log.back().unwrap();
        assert_eq!((line.round_us, line.forth_us(), line.back_us()), (counted_us, 20_000, -980_000));
    }
}

/// The time service takes back what the clock has drifted, and nothing else.
#[test]
fn a_time_service_takes_the_drift_back() {
    let (mut probe, mut server) = server(Settings::default());
    at(&mut probe, 5_001_000);
    let asked = probe.run(|effects| server.on_timer(Timer::Adjust, effects)).1;
    // 200 parts in a million of five seconds.
    assert_eq!(asked.clock_step_us, -1_000);
    assert!(asked.timers.contains(&(Timer::Adjust, Some(5_000_000))));
}

fn line(times: [i64; 4]) -> Line {
    let [t1_us, t2_us, t3_us, t4_us] = times;
    Line { peer: S1, number: 1, times: Times { t1_us, t2_us, t3_us, t4_us }, round_us: t4_us - t1_us, at_us: 0 }
}

/// RFC 5905, section 8: the offset lies within half of the delay around theta; the two ends are the worlds in which one way took
/// all of it. Lundelius and Lynch 1984: nobody can tell which of these worlds it is.
#[test]
fn the_worlds_of_a_line_lie_within_half_of_the_delay() {
    let line = line([1_000, 993, 1_003, 1_054]);
    assert_eq!((line.forth_us(), line.back_us(), line.network_us()), (-7, 51, 44));
    let equal = line.if_ways_are_equal();
    assert_eq!((equal.forth_us, equal.back_us, equal.ahead_us), (22, 22, -29));
    let (forth, back) = (line.if_all_is_forth(), line.if_all_is_back());
    assert_eq!((forth.forth_us, forth.back_us, forth.ahead_us), (44, 0, -51));
    assert_eq!((back.forth_us, back.back_us, back.ahead_us), (0, 44, -7));
    assert_eq!([forth.ahead_us, back.ahead_us].map(|end| (end - equal.ahead_us).abs()), [22, 22]);
    assert!([equal, forth, back].into_iter().all(|world| world.is_possible()));
    assert!(!line.if_clocks_are_right().is_possible());
}

/// iputils, `ping_common.c`: mdev is the root of the mean of squares less the square of the mean.
#[test]
fn mdev_is_that_of_iputils() {
    let mut statistics = Statistics::default();
    for us in [10_000, 20_000, 60_000] {
        statistics.add(us, us / 2);
    }
    assert_eq!((statistics.mean_us(), statistics.mdev_us()), (Some(30_000), Some(21_602)));
    assert_eq!((statistics.least_us, statistics.most_us), (10_000, 60_000));
}

/// RFC 3550, section 6.4.1 and appendix A.8: J += (|D| − J) / 16. How far the clocks are apart cancels out.
#[test]
fn jitter_does_not_depend_on_the_clocks() {
    let jitter = |ahead_us: i64| {
        let mut statistics = Statistics::default();
        for transit_us in [20_000, 36_000, 20_000, 20_000] {
            statistics.add(40_000, transit_us + ahead_us);
        }
        statistics.jitter_us()
    };
    // 16,000 / 16 = 1,000; + (16,000 − 1,000) / 16 = 1,937; − 1,937 / 16 = 1,816.
    assert!(jitter(0).abs_diff(1_816) <= 1, "{}", jitter(0));
    assert_eq!(jitter(0), jitter(-500_000));
}
