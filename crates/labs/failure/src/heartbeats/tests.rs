//! Tests that cite the papers.

use std::collections::VecDeque;

use parts::values::{number, word};
use proptest::prelude::*;
use sim::experiment::Report;
use sim::hunt::Hunt;
use sim::probe::{Asked, Probe};
use sim::{Director, Experiments, Input, NodeId, Of, Settings, Value};

use super::settings::ONE_PHI;
use super::*;

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    Config::new(&settings(changes).accept(&sim::all_settings::<Heartbeats>()).expect("known settings"))
}

/// A watcher alone.
struct Bench {
    probe: Probe<HeartbeatNode>,
    watcher: Watcher,
}

impl Bench {
    fn new(changes: &[(&str, Value)]) -> Bench {
        let mut probe = Probe::new(B, 2, config(changes));
        let watcher = probe.run(Watcher::boot).0;
        Bench { probe, watcher }
    }

    fn hear(&mut self, at_ms: i64, number: u64) -> Asked<HeartbeatNode> {
        self.probe.local_now_us = at_ms * 1_000;
        let watcher = &mut self.watcher;
        self.probe.run(|effects| watcher.on_beat(Beat { life: 1, number }, effects)).1
    }

    fn suspect(&mut self, at_ms: i64) {
        self.probe.local_now_us = at_ms * 1_000;
        let watcher = &mut self.watcher;
        self.probe.run(|effects| watcher.suspect(effects));
    }
}

/// -log10 of the tail of the normal distribution at 0 to 8 standard deviations.
#[test]
fn phi_is_that_of_the_normal_distribution() {
    let known = [301_030, 799_546, 1_643_016, 2_869_699, 4_499_335, 6_542_646, 9_005_864, 11_892_854, 15_206_143];
    for (deviations, phi) in (0..).zip(known) {
        assert_eq!(phi_of_deviations(deviations * 1_000_000), phi, "{deviations} deviations");
    }
    // Between entries of the table: 0.55 and 4.25 deviations.
    assert!(phi_of_deviations(550_000).abs_diff(535_933) < 600);
    assert!(phi_of_deviations(4_250_000).abs_diff(4_971_056) < 600);
    assert_eq!(phi_of_deviations(i64::MIN), 0);
    assert_eq!(phi_of_deviations(i64::MAX), 23_118_053);
}

/// Section 4 of the paper: the mean and the variance of the window.
#[test]
fn the_estimate_is_mean_and_deviation_of_the_window() {
    let window = VecDeque::from([80_000, 120_000, 80_000, 120_000]);
    let estimate = Estimate::of(&window, &config(&[]));
    assert_eq!((estimate.mean_us, estimate.deviation_us), (100_000, 20_000));
    // 100 ms and two deviations of 20 ms.
    assert_eq!(estimate.phi(140_000, Detector::Phi), 1_643_016);
    // Akka: the deviation has a least value, and the acceptable pause is added to the mean.
    let steady = VecDeque::from([100_000; 4]);
    let akka = Estimate::of(&steady, &config(&[("least_deviation_ms", number(100)), ("pause_ms", number(3_000))]));
    assert_eq!(akka.phi(3_100_000, Detector::Phi), 301_030);
    assert_eq!(akka.phi(3_200_000, Detector::Phi), 799_546);
    // Cassandra: the chance of a longer interval is exp(-t / mean), so that phi is 8 after 18.4 means.
    let cassandra = estimate.silence_us(8 * ONE_PHI, Detector::Exponential);
    assert!(cassandra.abs_diff(1_842_068) < 10, "{cassandra}");
}

proptest! {
    /// The wait is the shortest silence at which phi reaches the threshold, and phi never falls while nothing comes.
    #[test]
    fn the_wait_ends_where_phi_reaches_the_threshold(
        mean_us in 1_000_u64..10_000_000,
        deviation_us in 1_u64..5_000_000,
        threshold in 100_000_u64..16_000_000,
        exponential in any::<bool>(),
    ) {
        let detector = if exponential { Detector::Exponential } else { Detector::Phi };
        let estimate = Estimate { mean_us, deviation_us, pause_us: 0 };
        let wait_us = estimate.silence_us(threshold, detector);
        prop_assert!(estimate.phi(wait_us, detector) >= threshold);
        prop_assert!(wait_us == 0 || estimate.phi(wait_us - 1, detector) < threshold);
        prop_assert!(estimate.phi(wait_us * 2, detector) >= estimate.phi(wait_us, detector));
    }

    /// Whatever the settings are, with all rules on no watcher trusts too long or suspects too soon.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        detector in prop::sample::select(vec!["timeout", "phi", "exponential"]),
        timeout_ms in 20_i64..500,
        threshold in 1_i64..=160,
        delay_most_us in 5_000_i64..200_000,
        loss in 0_i64..40,
    ) {
        let changes = [
            ("detector", word(detector)),
            ("timeout_ms", number(timeout_ms)),
            ("threshold_tenths", number(threshold)),
            ("delay_most_us", number(delay_most_us)),
            ("loss_percent", number(loss)),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Heartbeats>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}

/// After the faults the crash is over, and the live node is trusted.
#[test]
fn everything_comes_right_after_the_faults() {
    for detector in ["timeout", "phi"] {
        let mut hunt = Hunt::new(Of::<Heartbeats>::LAB, settings(&[("detector", word(detector))]));
        hunt.healed_events = 3_000;
        let find = hunt.search(0..100, |_| true).expect("settings");
        assert_eq!(find, None, "{detector}");
    }
}

/// Chen, Toueg and Aguilera, section 1: only a newer heartbeat stops the timer.
#[test]
fn an_older_heartbeat_does_not_count() {
    let mut bench = Bench::new(&[]);
    bench.hear(10, 1);
    bench.hear(110, 3);
    let asked = bench.hear(200, 2);
    assert_eq!(asked.timers, []);
    assert_eq!(bench.watcher.heard_at_us, 110_000);
    let mut careless = Bench::new(&[("numbered", Value::Flag(false))]);
    careless.hear(10, 1);
    careless.hear(110, 3);
    careless.hear(200, 2);
    assert_eq!(careless.watcher.heard_at_us, 200_000);
    assert_eq!(careless.watcher.newest, Some(Beat { life: 1, number: 3 }));
}

/// Akka's `PhiAccrualFailureDetector`: the first heartbeat after a failure does not go into the history.
#[test]
fn the_silence_of_a_suspicion_stays_out_of_the_window() {
    let mut bench = Bench::new(&[("detector", word("phi"))]);
    for number in 1..=20 {
        bench.hear(100 * number, number as u64);
    }
    let before = bench.watcher.window.clone();
    bench.suspect(2_200);
    bench.hear(9_000, 21);
    assert_eq!(bench.watcher.window, before);
    assert!(bench.watcher.trusts());
}

/// The window keeps the last intervals and no more.
#[test]
fn the_window_slides() {
    let mut bench = Bench::new(&[("window", number(3))]);
    for (at_ms, number) in [(0, 1), (100, 2), (210, 3), (300, 4), (420, 5)] {
        bench.hear(at_ms, number);
    }
    assert_eq!(bench.watcher.window, [110_000, 90_000, 120_000]);
}

/// What a watcher can see of a crash and of a pause is the same, until the pause is over: no detector can tell.
#[test]
fn a_crash_and_a_pause_look_the_same() {
    for detector in ["timeout", "phi"] {
        let run = |fault: Input| {
            let changes = settings(&[("detector", word(detector))]);
            let mut director = Director::<Heartbeats>::new(changes, 7).expect("settings");
            director.run_until_us(5_030_000);
            director.act(fault);
            let mut seen = Vec::new();
            for _ in 0..100 {
                director.run_for_us(10_000);
                seen.push(format!("{:?}", director.world().nodes().state(B)));
            }
            seen
        };
        let (crashed, paused) = (run(Input::Crash(A)), run(Input::Pause(A)));
        assert_eq!(crashed, paused);
        assert!(crashed.last().is_some_and(|last| last.contains("Suspects")), "{detector}");
    }
}

/// A new life counts as newer than all heartbeats of the life before.
#[test]
fn a_restart_is_heard() {
    let mut director = Director::<Heartbeats>::new(Settings::default(), 3).expect("settings");
    director.run_until_us(1_000_000);
    director.act(Input::Crash(A));
    director.run_for_us(1_000_000);
    assert!(scenarios::watchers(director.world()).all(|watcher| !watcher.trusts()));
    director.act(Input::Restart(A));
    director.run_for_us(50_000);
    assert!(scenarios::watchers(director.world()).all(Watcher::trusts));
}

fn measure(changes: &[(&str, Value)], runs: u32) -> Report {
    measure_named("detection", changes, runs)
}

fn measure_named(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    Heartbeats::measure(name, settings(changes), runs).expect("a report")
}

/// The measured value and the predicted one.
fn metric(report: &Report, name: &str) -> (i64, Option<i64>) {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    (metric.millionths, metric.published_millionths)
}

/// Chen, Toueg and Aguilera, section 1: detection takes the timeout and the delay at most; on average half an interval
/// less.
#[test]
fn detection_takes_as_long_as_derived() {
    let phi = [("detector", word("phi")), ("delay", word("constant"))];
    for changes in [&[][..], &[("delay", word("constant"))], &[("timeout_ms", number(200))], &phi] {
        let report = measure(changes, 600);
        let (mean, predicted) = metric(&report, "mean");
        let predicted = predicted.expect("a prediction");
        println!("{changes:?}: mean {mean} predicted {predicted}");
        // U has a standard deviation of 29 ms; three times that over the root of 600 is 3.6 ms.
        assert!(mean.abs_diff(predicted) < 4_000_000, "{changes:?}: {mean} instead of {predicted}");
        assert!(metric(&report, "longest").0 <= metric(&report, "bound of the longest").0, "{changes:?}");
        assert_eq!(metric(&report, "false suspicions an hour").0, 0);
    }
}

/// With delays spread evenly the difference of two is triangular, and with it the interval between two heartbeats.
#[test]
fn false_suspicions_are_as_frequent_as_derived() {
    let link = [("delay_least_us", number(5_000)), ("delay_most_us", number(95_000))];
    for timeout_ms in [120, 140, 160] {
        let report = measure(&[&link[..], &[("timeout_ms", number(timeout_ms))]].concat(), 300);
        let (measured, predicted) = metric(&report, "false suspicions an hour");
        let predicted = predicted.expect("a prediction");
        println!("{timeout_ms} ms: {measured} an hour, predicted {predicted}");
        assert!(measured.abs_diff(predicted) < predicted as u64 / 10, "{timeout_ms}: {measured} for {predicted}");
        let (length, predicted) = metric(&report, "length of a false suspicion");
        let predicted = predicted.expect("a prediction");
        assert!(length.abs_diff(predicted) < predicted as u64 / 10, "{timeout_ms}: {length} for {predicted}");
    }
}

/// The paper's claim: a higher threshold makes fewer mistakes and takes longer.
#[test]
fn a_higher_threshold_is_slower_and_wrong_less_often() {
    let at = |tenths| {
        let changes =
            [("detector", word("phi")), ("delay_most_us", number(95_000)), ("threshold_tenths", number(tenths))];
        let report = measure(&changes, 60);
        (metric(&report, "mean").0, metric(&report, "false suspicions an hour").0)
    };
    let (low, high) = (at(10), at(80));
    println!("{low:?} {high:?}");
    assert!(low.0 < high.0 && low.1 > high.1);
}

/// Hayashibara et al. 2004, section 4.2: phi is -log10 of the chance that the heartbeat comes later still.
#[test]
fn phi_is_the_order_of_the_chance_of_a_mistake() {
    // 20,000 heartbeats: three standard errors are 6 and 2 in a thousand.
    for (tenths, expected, bound) in [(10, 100_000, 7_000), (20, 10_000, 2_500)] {
        let report = measure_named("normal-delays", &[("threshold_tenths", number(tenths))], 10);
        let (measured, predicted) = metric(&report, "heartbeats suspected");
        assert_eq!(predicted, Some(expected));
        assert!(measured.abs_diff(expected) < bound, "{tenths}: {measured}");
    }
    let many_crashes = [("threshold_tenths", number(40)), ("window", number(50)), ("heartbeats", number(1))];
    let (mean, predicted) = metric(&measure_named("normal-delays", &many_crashes, 300), "mean");
    // A crash comes at any moment of an interval: three standard errors are 5 ms.
    assert!(mean.abs_diff(predicted.expect("a mean")) < 5_500_000, "{mean} {predicted:?}");
}
