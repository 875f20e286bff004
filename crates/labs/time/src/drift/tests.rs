//! Tests that cite the papers.

use parts::exchange::Times;
use parts::values::{number, word};
use proptest::prelude::*;
use sim::experiment::Report;
use sim::hunt::{Hazard, Hunt};
use sim::{Director, Experiments, Input, LabSession, NodeId, Of, Outcome, Scenarios, Settings, Value, World};

use super::scenarios::{replica, replicas};
use super::*;

const N1: NodeId = NodeId(1);

const ALL: Rules =
    Rules { half_round_trip: true, dispersion: true, hlc_receive: true, hlc_counter: true, hlc_separate: true };

fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

fn config(changes: &[(&str, Value)]) -> Config {
    Config::new(&settings(changes).accept(&sim::all_settings::<ClockDrift>()).expect("known settings"))
}

/// A scenario at its opening moment.
fn prepared(name: &str) -> Director<ClockDrift> {
    let run = ClockDrift::scenarios().into_iter().find(|scenario| scenario.name == name).expect("a scenario");
    let settings = run.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let mut director = Director::new(settings, run.seed).expect("settings");
    (run.direct)(&mut director);
    director
}

/// RFC 5905, section 8: a clock 12 ms behind, 5 ms forth, 3 ms at the server, 7 ms back.
#[test]
fn rfc_5905_section_8_four_timestamps() {
    let times = Times { t1_us: 100_000, t2_us: 117_000, t3_us: 120_000, t4_us: 115_000 };
    let exchange = Exchange::new(times, &config(&[("drift_bound_ppm", number(0))]));
    assert_eq!((exchange.offset_us, exchange.delay_us), (11_000, 12_000));
    // Off by half of the difference of the ways, and within half of the delay.
    assert_eq!(exchange.bound_us, 6_000 + 1 + 4);
    // Section 8: epsilon holds PHI (T4 − T1).
    let drifting = Exchange::new(times, &config(&[("drift_bound_ppm", number(10_000))]));
    assert_eq!(drifting.bound_us, 6_000 + 150 + 1 + 4);
}

/// Cristian 1989, reading a remote clock: T + half of the round trip, wrong by at most half of it less the least delay.
#[test]
fn cristian_half_of_the_round_trip() {
    let times = Times { t1_us: 100_000, t2_us: 0, t3_us: 120_000, t4_us: 115_000 };
    let changes = [("protocol", word("cristian")), ("min_us", number(2_000)), ("drift_bound_ppm", number(0))];
    let exchange = Exchange::new(times, &config(&changes));
    assert_eq!((exchange.offset_us, exchange.delay_us), (12_500, 15_000));
    assert_eq!(exchange.bound_us, 7_500 - 2_000 + 1 + 4);
}

/// RFC 5905, section 10: of eight samples the one with the least delay; a sample is used once, and older ones never again.
#[test]
fn rfc_5905_section_10_clock_filter() {
    let mut director = Director::<ClockDrift>::new(settings(&[("write_ms", number(0))]), 3).expect("settings");
    for exchanges in 1..40 {
        director.run_until(|world| replica(world, N1).is_some_and(|replica| replica.exchanges == exchanges));
        let replica = replica(director.world(), N1).expect("it runs");
        assert_eq!(replica.samples.len() as u64, exchanges.min(8));
        let least_us = replica.samples.iter().map(|sample| sample.delay_us).min();
        assert_eq!(replica.clock.sample.map(|sample| sample.delay_us), least_us);
    }
    let (_, _, refusals) = director.finish();
    assert!(refusals.is_empty());
}

/// RFC 5905, section 11.3: beyond the threshold a clock is set, below it is moved bit by bit and never goes back.
#[test]
fn rfc_5905_section_11_3_step_and_slew() {
    let config = config(&[("slew_ppm", number(20_000))]);
    let sample = |offset_us| Sample { offset_us, delay_us: 10, bound_us: 5, at_us: 0 };
    let mut clock = SoftClock::default();
    clock.follow(sample(-200_000), 0, &config);
    assert_eq!(clock.shows(1_000_000, &config), 800_000);
    clock.follow(sample(-210_000), 1_000_000, &config);
    assert_eq!(clock.shows(1_000_000, &config), 800_000);
    assert_eq!(clock.shows(1_100_000, &config), 1_100_000 - 202_000);
    assert_eq!(clock.shows(1_600_000, &config), 1_600_000 - 210_000);
    // What is still to be slewed counts in the claim: 5, a second of 500 ppm, 10 ms less 2 %.
    assert_eq!(clock.claim_us(1_000_000, &config), Some(5 + 501 + 10_000));
    assert_eq!(clock.claim_us(1_600_000, &config), Some(5 + 801));
}

/// Kulkarni et al. 2014, Figure 5.
#[test]
fn hlc_figure_5() {
    let at = |l_us, c| Hybrid { l_us, c };
    // Send or local event.
    assert_eq!(at(10, 3).local(12, ALL), at(12, 0));
    assert_eq!(at(10, 3).local(10, ALL), at(10, 4));
    assert_eq!(at(10, 3).local(5, ALL), at(10, 4));
    // Receive event: own and heard l are equal, own is larger, heard is larger, the clock is.
    assert_eq!(at(10, 3).receive(at(10, 7), 5, ALL), at(10, 8));
    assert_eq!(at(10, 3).receive(at(9, 7), 5, ALL), at(10, 4));
    assert_eq!(at(10, 3).receive(at(11, 7), 5, ALL), at(11, 8));
    assert_eq!(at(10, 3).receive(at(11, 7), 12, ALL), at(12, 0));
}

/// Kulkarni et al. 2014, section 3: the naive algorithm takes max(l + 1, pt), and its `l` runs away from all clocks.
#[test]
fn without_a_counter_of_its_own_a_hybrid_time_runs_ahead_of_all_clocks() {
    let naive = Rules { hlc_separate: false, ..ALL };
    let mut time = Hybrid { l_us: 10, c: 0 };
    for sent in 1..=5 {
        time = time.local(10, naive);
        assert_eq!(time, Hybrid { l_us: 10 + sent, c: 0 });
    }
    assert_eq!(time.receive(Hybrid { l_us: 20, c: 0 }, 10, naive), Hybrid { l_us: 21, c: 0 });
    assert_eq!(time.receive(Hybrid { l_us: 12, c: 0 }, 30, naive), Hybrid { l_us: 30, c: 0 });
}

proptest! {
    /// RFC 5905, section 8: whatever the delays are, the offset is wrong by half of their difference, within half of the
    /// delay.
    #[test]
    fn the_offset_is_within_half_of_the_delay(
        behind_us in -1_000_000_i64..1_000_000,
        forth_us in 0_i64..500_000,
        service_us in 0_i64..500_000,
        back_us in 0_i64..500_000,
        at_us in 0_i64..10_000_000,
        is_cristian in any::<bool>(),
    ) {
        let times = Times {
            t1_us: at_us - behind_us,
            t2_us: at_us + forth_us,
            t3_us: at_us + forth_us + service_us,
            t4_us: at_us + forth_us + service_us + back_us - behind_us,
        };
        let method = if is_cristian { "cristian" } else { "ntp" };
        let exchange = Exchange::new(times, &config(&[("protocol", word(method))]));
        let error_us = exchange.offset_us - behind_us;
        let bias_us = forth_us - back_us + if is_cristian { service_us } else { 0 };
        prop_assert!((2 * error_us - bias_us).abs() <= 2);
        prop_assert!(error_us.unsigned_abs() <= exchange.bound_us);
    }

    /// Whatever the settings are, with all rules on every always check is kept, with faults of all kinds but clocks set by hand.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        method in prop::sample::select(vec!["none", "cristian", "ntp"]),
        replicas in 2_i64..=6,
        offset_ms in 0_i64..2_000,
        drift_ppm in 0_i64..20_000,
        samples in 1_i64..=8,
        slew_ppm in 1_i64..100_000,
        delay in prop::sample::select(vec!["uniform", "constant", "exponential"]),
        loss in 0_i64..40,
    ) {
        let changes = [
            ("protocol", word(method)),
            ("replicas", number(replicas)),
            ("offset_ms", number(offset_ms)),
            ("drift_ppm", number(drift_ppm)),
            ("drift_bound_ppm", number(drift_ppm + drift_ppm / 10)),
            ("samples", number(samples)),
            ("slew_ppm", number(slew_ppm)),
            ("delay", word(delay)),
            ("loss_percent", number(loss)),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<ClockDrift>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}

/// Kulkarni et al. 2014, Theorems 1 and 3, with clocks that somebody sets wrong during the run.
#[test]
fn hybrid_times_bear_clocks_that_are_set_wrong() {
    let hazards = [&Hazard::USUAL[..], &[Hazard::Clock, Hazard::Operation]].concat();
    let hunt = Hunt { hazards, healed_events: 0, ..Hunt::new(Of::<ClockDrift>::LAB, Settings::default()) };
    assert_eq!(hunt.search(0..400, |_| true).expect("settings"), None);
}

/// The hybrid times of all writes, beside the causality that the simulator keeps: Theorem 1, e hb f implies hlc.e < hlc.f.
#[test]
fn hlc_theorem_1_on_random_runs() {
    let mut pairs = 0;
    for seed in 0..100 {
        // Without questions for the time, all messages carry hybrid times.
        let changes = [("protocol", word("none")), ("offset_ms", number(2_000)), ("write_ms", number(100))];
        let mut world = World::new(Of::<ClockDrift>::LAB, settings(&changes), seed).expect("settings");
        let mut writes: Vec<(NodeId, Hybrid, Vec<u32>)> = Vec::new();
        let mut counts = [0; 4];
        while writes.len() < 30 && world.step() {
            let Some(id) = world.last_node() else { continue };
            let Some(replica) = replica(world.of(), id) else { continue };
            if replica.own_writes > counts[id.index()] {
                counts[id.index()] = replica.own_writes;
                writes.push((id, replica.kept.hybrid, world.nodes().vector(id).to_vec()));
            }
        }
        for (place, (id, hybrid, vector)) in writes.iter().enumerate() {
            for (_, later, later_vector) in &writes[place + 1..] {
                if vector[id.index()] <= later_vector[id.index()] {
                    pairs += 1;
                    assert!(hybrid < later, "seed {seed}: {hybrid:?} {later:?}");
                }
            }
        }
    }
    assert!(pairs > 10_000, "{pairs}");
}

/// On wall clocks a hunt loses an acknowledged write.
#[test]
fn wall_clocks_lose_writes() {
    let hunt = Hunt::new(Of::<ClockDrift>::LAB, settings(&[("timestamps", word("wall"))]));
    let hunt = hunt.for_check("later-wins").expect("a check");
    let find = hunt.search(0..1_000, |_| true).expect("settings").expect("a lost write");
    let find = hunt.shorten(find).expect("a shorter one");
    println!("{} inputs: {}", find.scenario.inputs.len(), find.sentence);
    assert!(find.scenario.inputs.len() <= 25);
}

/// After the faults all clocks come near the true time.
#[test]
fn all_clocks_come_right_after_the_faults() {
    for method in ["ntp", "cristian"] {
        let mut hunt = Hunt::new(Of::<ClockDrift>::LAB, settings(&[("protocol", word(method))]));
        hunt.healed_events = 3_000;
        assert_eq!(hunt.search(0..60, |_| true).expect("settings"), None, "{method}");
    }
}

/// With one way slower by a the clock is wrong by exactly a / 2, and its claim holds.
#[test]
fn half_of_the_asymmetry_is_the_error() {
    let director = prepared("asymmetric");
    let world = director.world();
    let replica = replica(world, N1).expect("it runs");
    let error_us = replica.shows(N1, world.now_us() as i64, world.config()) - world.now_us() as i64;
    assert!((error_us + 40_000).abs() <= 1, "{error_us}");
    let claim_us = replica.claim_us(N1, world.now_us() as i64, world.config()).expect("a claim");
    assert!((50_000..52_000).contains(&claim_us), "{claim_us}");
}

/// A crash forgets the correction of the clock, and keeps the register and the hybrid time.
#[test]
fn a_crash_keeps_the_register_and_the_hybrid_time() {
    let mut director = Director::<ClockDrift>::new(Settings::default(), 3).expect("settings");
    director.run_until(|world| replicas(world).all(|replica| replica.exchanges > 2 && replica.own_writes > 0));
    let before = replica(director.world(), N1).expect("it runs").kept.clone();
    director.act(Input::Crash(N1));
    director.act(Input::Restart(N1));
    let after = replica(director.world(), N1).expect("it runs");
    assert_eq!((after.clock, &after.kept), (SoftClock::default(), &before));
}

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    ClockDrift::measure(name, settings(changes), runs).expect("a report")
}

/// The measured value and the predicted one.
fn metric(report: &Report, name: &str) -> (i64, Option<i64>) {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    (metric.millionths, metric.published_millionths)
}

/// RFC 5905, section 8, and Cristian 1989, reading a remote clock: the errors are those derived, and none is outside of the claim.
#[test]
fn errors_are_as_large_as_derived() {
    let cristian = [("protocol", word("cristian")), ("service_us", number(0))];
    let uneven = [("delay", word("constant")), ("asymmetry_us", number(30_000))];
    for changes in [&[][..], &[("delay", word("exponential"))], &cristian, &uneven] {
        let report = measure("offset-error", changes, 600);
        let (mean, predicted) = metric(&report, "mean");
        let predicted = predicted.expect("a prediction");
        println!("{changes:?}: mean {mean} predicted {predicted}, claims {:?}", metric(&report, "mean claim"));
        assert!(mean.abs_diff(predicted) <= predicted as u64 / 8 + 1_000, "{changes:?}: {mean} instead of {predicted}");
        assert_eq!(metric(&report, "outside of the claim"), (0, Some(0)));
    }
    assert!(metric(&measure("offset-error", &uneven, 20), "mean with its sign").0.abs_diff(-15_000_000) <= 1_000);
}

/// A clock that drifts by 200 ppm is off by 720 ms after an hour.
#[test]
fn drift_is_as_large_as_derived() {
    let report = measure("drift", &[], 1);
    for name in ["fast clock ahead", "slow clock behind"] {
        assert_eq!(metric(&report, name), (720_000_000, Some(720_000_000)));
    }
}

/// The share of writes that are lost is that of an exponential gap, and none is with hybrid clocks.
#[test]
fn as_many_writes_are_lost_as_derived() {
    for (ahead_ms, gap_ms) in [(5, 100), (50, 100), (100, 100), (300, 100)] {
        let changes = [("ahead_ms", number(ahead_ms)), ("gap_ms", number(gap_ms))];
        let (lost, predicted) = metric(&measure("lost-writes", &changes, 2_000), "writes lost");
        let predicted = predicted.expect("a prediction");
        println!("{ahead_ms} ms ahead: {lost}, predicted {predicted}");
        assert!(lost.abs_diff(predicted) < 35_000, "{lost} instead of {predicted}");
    }
    let hybrid = measure("lost-writes", &[("timestamps", word("hybrid"))], 200);
    assert_eq!(metric(&hybrid, "writes lost"), (0, Some(0)));
}

/// The stories about red and blue, on all replicas once the writes have arrived.
#[test]
fn blue_is_lost_on_wall_clocks_that_are_wrong() {
    for (name, value) in [("lost-write", "red"), ("hybrid", "blue"), ("step-back", "red"), ("slewed", "blue")] {
        let mut director = prepared(name);
        director.run_for_us(60_000);
        for replica in replicas(director.world()) {
            assert_eq!(replica.kept.register.as_ref().map(|write| write.value.as_str()), Some(value), "{name}");
        }
    }
}

/// A hybrid clock is promised nothing where writes are ordered by the wall clocks: the verdict says so, and when it is.
#[test]
fn hybrid_times_are_promised_where_they_order_writes() {
    let row = |timestamps| {
        let mut session = sim::Work::new(Of::<ClockDrift>::LAB).expect("a lab");
        session.restart(vec![("timestamps".to_string(), word(timestamps))], 1).expect("settings");
        let row = session.frame().checks.into_iter().find(|row| row.name == "hybrid-order").expect("a check");
        (row.outcome, row.sentence.map(|sentence| sentence.to_string()))
    };
    assert_eq!(row("hybrid"), (Outcome::Kept, None));
    let sentence = "this is promised only with “writes are ordered by: a hybrid logical clock”";
    assert_eq!(row("wall"), (Outcome::NotPromised, Some(sentence.to_string())));
}
