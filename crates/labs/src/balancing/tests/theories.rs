//! The formulas against published numbers, and the lab against the formulas.

// The expected numbers are computed another way than the lab computes them.
#![allow(clippy::disallowed_types, clippy::float_arithmetic)]

use sim::experiment::Report;
use sim::{Experiments, Value};

use super::super::LoadBalancing;
use super::super::theory::{self, ONE};
use super::settings;
use crate::values::{number, word};

fn near(value: i64, expected: f64) -> bool {
    (value as f64 / ONE as f64 - expected).abs() < 1e-4 * expected.abs().max(0.01)
}

/// Erlang's C formula: for one worker the chance to wait is rho; for two 2 rho^2 / (1 + rho).
#[test]
fn erlang_c_is_right_where_it_is_short() {
    for rho in [100_000, 500_000, 900_000, 990_000] {
        let share = rho as f64 / ONE as f64;
        assert!(near(theory::erlang_c(1, rho), share), "{rho}");
        assert!(near(theory::erlang_c(2, rho), 2.0 * share * share / (1.0 + share)), "{rho}");
    }
    // Tables of Erlang's C formula: 10 workers, 8 Erlangs.
    assert!(near(theory::erlang_c(10, 800_000), 0.409_18));
}

/// Kleinrock 1975: M/M/1 waits rho / (1 - rho) services, M/D/1 half of that; 1 - rho exp(-(1 - rho) t) wait at most t.
#[test]
fn waiting_times_are_those_of_the_textbook() {
    assert!(near(theory::mmc_wait(1, 800_000), 4.0));
    assert!(near(theory::md1_wait(800_000), 2.0));
    assert!(near(theory::mmc_percentile(1, 800_000, 99), 80_f64.ln() * 5.0));
    assert_eq!(theory::mmc_percentile(4, 500_000, 50), 0);
}

/// Mitzenmacher 2001, the column of predictions of the supermarket model with two and with three choices.
#[test]
fn the_supermarket_has_its_fixed_point() {
    let two = [
        (500_000, 1.2657),
        (700_000, 1.6145),
        (800_000, 1.9474),
        (900_000, 2.6141),
        (950_000, 3.3830),
        (990_000, 5.4320),
    ];
    for (lambda, expected) in two {
        let found = theory::supermarket(lambda, 2);
        assert!((found as f64 / ONE as f64 - expected).abs() < 0.000_06, "{lambda}: {found}");
    }
    assert!(near(theory::supermarket(900_000, 1), 10.0));
    let by_hand = |lambda: f64| 1.0 + lambda.powi(3) + lambda.powi(12) + lambda.powi(39) + lambda.powi(120);
    assert!(near(theory::supermarket(500_000, 3), by_hand(0.5)));
}

/// Mitzenmacher 2001, section 3: with two choices the exponents are 1, 3, 7, 15, with three 1, 4, 13.
#[test]
fn the_tails_of_the_supermarket_fall_doubly_exponentially() {
    let is_right = |tails: &[u64], place: usize, expected: f64| {
        assert!((tails[place] as f64 / 1e12 - expected).abs() < 1e-9, "{place}: {}", tails[place]);
    };
    for (choices, exponents) in [(1, [1, 2, 3]), (2, [1, 3, 7]), (3, [1, 4, 13])] {
        let tails = theory::supermarket_tails(900_000, choices);
        exponents.iter().enumerate().for_each(|(place, exponent)| is_right(&tails, place, 0.9_f64.powi(*exponent)));
    }
    let tails = theory::supermarket_tails(900_000, 2);
    is_right(&tails, 5, 0.9_f64.powi(63)); // 1,310 in a million
    assert!(tails[6].abs_diff(1_544_538) < 1_000, "{}", tails[6]); // 0.9^127: 1.5 in a million
}

/// For one choice the loads are Poisson's: 1 - 1/e of the bins are not empty, 1 - 2/e have two or more.
#[test]
fn loads_of_one_choice_are_those_of_poisson() {
    let loads = theory::loads(1);
    let e = std::f64::consts::E;
    for (place, expected) in [1.0 - 1.0 / e, 1.0 - 2.0 / e, 1.0 - 2.5 / e].into_iter().enumerate() {
        assert!((loads[place] as f64 / 1e12 - expected).abs() < 1e-6, "{place}");
    }
}

/// Dean and Barroso 2013: 63 % of the requests to a hundred servers, of which each is slow once in a hundred times.
#[test]
fn a_hundred_servers_make_a_tail() {
    assert!(near(theory::any_of(10_000, 100), 0.633_968));
}

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    let experiments = LoadBalancing::experiments();
    let experiment = experiments.iter().find(|experiment| experiment.name == name).expect("an experiment");
    let settings = settings(changes).accept(&experiment.settings).expect("its settings");
    (experiment.measure)(&settings, runs, 1).expect("a report")
}

/// Whether a measured number is within so many percent of the published one.
fn is_within(report: &Report, name: &str, percent: i64) -> bool {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    let published = metric.published_millionths.expect("a published number");
    println!("{name}: {} for {published}", metric.millionths);
    (metric.millionths - published).abs() * 100 <= published * percent
}

/// The lab's servers are the queues of the textbook.
#[test]
fn the_lab_waits_as_long_as_theory_says() {
    let constant = [("service", word("constant"))];
    for changes in [&[("rho_percent", number(50))][..], &[("c", number(4))], &constant] {
        let report = measure("waiting-time", changes, 12);
        assert!(is_within(&report, "mean", 6) && is_within(&report, "requests that wait", 2), "{changes:?}");
    }
}

/// Two choices are worth as much as Mitzenmacher says.
#[test]
fn the_lab_is_a_supermarket() {
    for choices in [2, 3] {
        let changes =
            [("lambda_percent", number(80)), ("d", number(choices)), ("n", number(100)), ("requests", number(40_000))];
        assert!(is_within(&measure("choices", &changes, 2), "mean", 4), "{choices} choices");
    }
}

/// Mitzenmacher 2001, section 3: the share of 500 servers that have 6 requests or more, 0.9^63, is seen.
#[test]
fn the_lab_has_the_tails_of_the_supermarket() {
    let report = measure("choices", &[("requests", number(150_000))], 1);
    for (load, percent) in [(1, 2), (2, 4), (4, 12), (5, 25), (6, 60)] {
        assert!(is_within(&report, &format!("servers with {load} or more"), percent), "{load}");
    }
}

/// The lab's policy throws balls as Azar and others do: at 2^12 bins the fullest of two choices has 3 balls.
#[test]
fn the_policy_throws_balls_into_bins() {
    for choices in [1, 2, 3] {
        let report = measure("balls-in-bins", &[("d", number(choices))], 50);
        assert!(is_within(&report, "bins with 2 or more", 2) && is_within(&report, "mean", 6), "{choices} choices");
    }
}

/// One slow answer in a hundred makes two pages of three slow.
#[test]
fn the_lab_has_a_tail() {
    let report = measure("tail-at-scale", &[("requests", number(40_000))], 2);
    assert!(is_within(&report, "slow pages", 8));
}
