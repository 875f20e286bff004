//! The formulas against published numbers.

// The expected numbers are computed another way than the formulas compute them.
#![allow(clippy::disallowed_types, clippy::float_arithmetic)]

use super::*;

fn near(value: i64, expected: f64) -> bool {
    (value as f64 / ONE as f64 - expected).abs() < 1e-4 * expected.abs().max(0.01)
}

/// Erlang's C formula: for one worker the chance to wait is rho; for two 2 rho^2 / (1 + rho).
#[test]
fn erlang_c_is_right_where_it_is_short() {
    for rho in [100_000, 500_000, 900_000, 990_000] {
        let share = rho as f64 / ONE as f64;
        assert!(near(erlang_c(1, rho), share), "{rho}");
        assert!(near(erlang_c(2, rho), 2.0 * share * share / (1.0 + share)), "{rho}");
    }
    // Tables of Erlang's C formula: 10 workers, 8 Erlangs.
    assert!(near(erlang_c(10, 800_000), 0.409_18));
}

/// Kleinrock 1975: M/M/1 waits rho / (1 - rho) services, M/D/1 half of that; 1 - rho exp(-(1 - rho) t) wait at most t.
#[test]
fn waiting_times_are_those_of_the_textbook() {
    assert!(near(mmc_wait(1, 800_000), 4.0));
    assert!(near(md1_wait(800_000), 2.0));
    assert!(near(mmc_percentile(1, 800_000, 99), 80_f64.ln() * 5.0));
    assert_eq!(mmc_percentile(4, 500_000, 50), 0);
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
        let found = supermarket(lambda, 2);
        assert!((found as f64 / ONE as f64 - expected).abs() < 0.000_06, "{lambda}: {found}");
    }
    assert!(near(supermarket(900_000, 1), 10.0));
    let by_hand = |lambda: f64| 1.0 + lambda.powi(3) + lambda.powi(12) + lambda.powi(39) + lambda.powi(120);
    assert!(near(supermarket(500_000, 3), by_hand(0.5)));
}

/// For one choice the loads are Poisson's: 1 - 1/e of the bins are not empty, 1 - 2/e have two or more.
#[test]
fn loads_of_one_choice_are_those_of_poisson() {
    let loads = loads(1);
    let e = std::f64::consts::E;
    for (place, expected) in [1.0 - 1.0 / e, 1.0 - 2.0 / e, 1.0 - 2.5 / e].into_iter().enumerate() {
        assert!((loads[place] as f64 / 1e12 - expected).abs() < 1e-6, "{place}");
    }
}

/// Dean and Barroso 2013: 63 % of the requests to a hundred servers, of which each is slow once in a hundred times.
#[test]
fn a_hundred_servers_make_a_tail() {
    assert!(near(any_of(10_000, 100), 0.633_968));
}

/// Mitzenmacher 2001, section 3: with two choices the exponents are 1, 3, 7, 15, with three 1, 4, 13.
#[test]
fn the_tails_of_the_supermarket_fall_doubly_exponentially() {
    let is_right = |tails: &[u64], place: usize, expected: f64| {
        assert!((tails[place] as f64 / 1e12 - expected).abs() < 1e-9, "{place}: {}", tails[place]);
    };
    for (choices, exponents) in [(1, [1, 2, 3]), (2, [1, 3, 7]), (3, [1, 4, 13])] {
        let tails = supermarket_tails(900_000, choices);
        exponents.iter().enumerate().for_each(|(place, exponent)| is_right(&tails, place, 0.9_f64.powi(*exponent)));
    }
    let tails = supermarket_tails(900_000, 2);
    is_right(&tails, 5, 0.9_f64.powi(63)); // 1,310 in a million
    assert!(tails[6].abs_diff(1_544_538) < 1_000, "{}", tails[6]); // 0.9^127: 1.5 in a million
}

#[test]
fn exponentials_are_right() {
    let known = [(0, 1_000_000), (693_147, 500_000), (1_000_000, 367_879), (5_000_000, 6_738), (40_000_000, 0)];
    for (x, value) in known {
        assert!(exp_of_minus(x).abs_diff(value) <= 1, "{x}: {}", exp_of_minus(x));
    }
}
