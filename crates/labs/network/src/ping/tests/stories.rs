//! The scenarios come to what their sentences say, and what they rest on.

use parts::values::number;
use sim::hunt::{Hazard, Hunt};
use sim::{AnyLab, Delay, Director, Input, Of, Outcome, Settings, World};

use super::super::scenarios::pair;
use super::super::{DistributedPing, Line, places};
use super::{S1, S2, S3};

const LAB: &dyn AnyLab = Of::<DistributedPing>::LAB;

/// The world at the opening moment of a scenario.
fn world(scenario: &str) -> World {
    LAB.prepare(scenario).unwrap().world
}

fn last(world: &World) -> Line {
    *world.of::<DistributedPing>().nodes().state(S1).unwrap().log.back().unwrap()
}

#[test]
fn a_ping_comes_8_ms_before_it_was_sent() {
    let line = last(&world("before-it-was-sent"));
    assert_eq!((line.number, line.forth_us(), line.back_us(), line.round_us), (3, -8_000, 52_000, 44_500));
}

/// Lundelius and Lynch 1984, the shifting argument: one clock and the delays to and from it moved against each other leave all
/// that can be seen as it is.
#[test]
fn two_worlds_have_the_same_log() {
    let (one, other) = (world("two-truths"), world("the-other-truth"));
    let line = last(&one);
    assert_eq!((line.forth_us(), line.back_us()), (40_000, 40_000));
    for server in [S1, S2] {
        let state = |world: &World| world.of::<DistributedPing>().nodes().state(server).unwrap().clone();
        assert_eq!(state(&one), state(&other));
    }
    assert_ne!(one.nodes().clock(S2), other.nodes().clock(S2));
    assert_ne!(one.network().link(S1, S2).delay, other.network().link(S1, S2).delay);
}

/// What is received minus what is sent, summed around a cycle, is the true sum, however wrong the clocks are: each clock is added
/// once and taken away once. So a round trip is known, and so is a way around many servers, but no single way.
#[test]
fn a_cycle_is_known() {
    let still = [("offset_ms", 500), ("drift_ppm", 0), ("ntp_s", 0)];
    let settings =
        still.into_iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, number(value)));
    let mut director = Director::<DistributedPing>::new(settings, 1).unwrap();
    let ways = [(S1, S2, 20_000), (S2, S3, 70_000), (S3, S1, 5_000)];
    for (from, to, us) in ways {
        director.act(Input::SetDelay { from, to, delay: Delay::Constant { us } });
    }
    director.run_until(|world| {
        ways.iter().all(|(from, to, _)| pair(world, *from, *to).is_some_and(|pair| pair.answered > 0))
    });
    let seemed = ways.map(|(from, to, us)| {
        let server = director.world().nodes().state(from).unwrap();
        let forth_us = server.log.iter().find(|line| line.peer == to).unwrap().forth_us();
        assert!(forth_us.abs_diff(us as i64) > 100_000);
        forth_us
    });
    assert_eq!(seemed.iter().sum::<i64>(), 95_000);
}

#[test]
fn a_second_that_comes_twice_makes_less_than_nothing() {
    assert_eq!(last(&world("leap-second")).round_us, -959_500);
}

/// 12,009 km in glass at 200 km a ms, there and back, 1.4 times as long.
#[test]
fn karachi_to_virginia_and_back() {
    let world = world("six-regions");
    let (virginia, karachi) = (S1, S3);
    assert_eq!((places::km(karachi, virginia), places::light_us(virginia, karachi)), (12_009, 120_090));
    let measured = pair(world.of(), karachi, virginia).unwrap().statistics.least_us;
    assert_eq!(measured, 168_126);
    let all = places::lines(6, 100, Default::default());
    assert_eq!(all.len(), 30);
    assert!(all.iter().all(|(from, to, _)| places::km(*from, *to) == places::km(*to, *from)));
}

#[test]
fn the_mean_is_what_nobody_met() {
    let world = world("mean-lies");
    let statistics = &pair(world.of(), S1, S2).unwrap().statistics;
    let ms = |us: i64| (us + 500) / 1_000;
    assert_eq!(ms(statistics.mean_us().unwrap()), 60);
    assert_eq!(ms(statistics.percentile_us(50).unwrap() as i64), 40);
    assert!(statistics.percentile_us(99).unwrap() > 1_000_000);
}

/// G. Tene, How NOT to Measure Latency: who waits for answers asks least while it is slow.
#[test]
fn who_waits_for_answers_does_not_see_the_stall() {
    let world = world("unseen-stall");
    let p99_us = |from| pair(world.of(), from, S3).unwrap().statistics.percentile_us(99).unwrap();
    assert!(p99_us(S1) < 42_000 && p99_us(S2) > 1_000_000, "{} and {}", p99_us(S1), p99_us(S2));
    let slow = |from| {
        let server = world.of::<DistributedPing>().nodes().state(from).unwrap();
        server.log.iter().filter(|line| line.peer == S3 && line.round_us > 50_000).count()
    };
    assert_eq!((slow(S1), slow(S2)), (1, 5));
}

/// Whoever sets clocks, loses disks or uses the actions: what is measured with the clock that nobody sets stays true.
#[test]
fn nothing_that_may_happen_breaks_a_promise() {
    let hunt = Hunt { hazards: Hazard::ALL.to_vec(), ..Hunt::new(LAB, Settings::default()) };
    let mut always = hunt;
    always.healed_events = 0;
    let found = always.search(0..1_500, |_| true).unwrap();
    assert!(found.is_none(), "{found:?}");
}

/// Clocks that the lab made wrong are no fault: healing leaves them alone, and so no find has to set them.
#[test]
fn a_find_sets_no_clocks() {
    let find =
        Hunt::new(LAB, Settings::default()).without("threshold").unwrap().search(0..50, |_| true).unwrap().unwrap();
    assert_eq!(find.check, "all-decided");
    let sets = |input: &Input| matches!(input, Input::SetClockDrift { .. } | Input::SetClockOffset { .. });
    assert!(!find.scenario.inputs.iter().any(|timed| sets(&timed.input)));
}

/// One who knows only what S1 knows sees no true time.
#[test]
fn what_a_server_knows_has_no_truth_in_it() {
    let mut session = LAB.open().unwrap();
    session.open("before-it-was-sent").unwrap();
    let said = |frame: &sim::frame::Frame| format!("{:?}", frame.panels).contains("in truth");
    assert!(said(&session.frame()));
    let known = session.known_by(S1);
    assert!(!said(&known));
    assert!(known.panels.len() >= 4);
    assert!(session.frame().checks.iter().any(|row| row.outcome == Outcome::Seen));
}
