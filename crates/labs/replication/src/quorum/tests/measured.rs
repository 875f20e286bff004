//! The experiments find what is known.

use sim::experiment::Report;

use sim::Experiments;

use super::*;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    let experiments = LeaderlessQuorum::experiments();
    let experiment = experiments.iter().find(|experiment| experiment.name == name).expect("an experiment");
    let settings = settings(changes).accept(&experiment.settings).expect("its settings");
    (experiment.measure)(&settings, runs, 1).expect("a report")
}

/// The WARS model (Bailis et al. 2012, section 4.1) drawn directly, 60,000 times each, by a program of twenty lines that
/// shares nothing with this one: n = 3, r = w = 1 unless said. In millionths.
#[test]
fn stale_reads_are_those_of_the_wars_model() {
    let exponential = |w_mean_us, t_us| vec![("w_mean_us", number(w_mean_us)), ("t_us", number(t_us))];
    let fit = |name, t_us| vec![("latencies", word(name)), ("t_us", number(t_us))];
    let cases = [
        (exponential(250, 0), 942_067),
        (exponential(500, 0), 866_583),
        (exponential(1_000, 0), 753_150),
        (exponential(5_000, 0), 485_783),
        (exponential(10_000, 0), 420_583),
        (exponential(20_000, 0), 381_000),
        (fit("lnkd-ssd", 0), 974_533),
        (fit("lnkd-disk", 0), 435_850),
        (fit("lnkd-disk", 10_000), 927_300),
        (fit("ymmr", 0), 888_450),
        (fit("wan", 0), 334_033),
        (fit("wan", 75_000), 724_733),
    ];
    for (changes, expected) in cases {
        let measured = measure("stale-read", &changes, 3_000).metrics[0].millionths;
        // Four standard errors of 3,000 runs at one half.
        assert!((measured - expected).abs() < 36_500, "{changes:?}: {measured}, not {expected}");
    }
}

/// Section 4.5 of the Dynamo paper: with r + w > n a get meets every acknowledged put.
#[test]
fn strict_quorums_are_never_stale() {
    for (r, w) in [(2, 2), (1, 3), (3, 1)] {
        let changes = [("r", number(r)), ("w", number(w)), ("w_mean_us", number(20_000))];
        assert_eq!(measure("stale-read", &changes, 500).metrics[0].millionths, 1_000_000);
    }
}

/// Bailis et al. 2012, section 3.1, equation 2.
#[test]
fn k_staleness_is_as_the_closed_form_says() {
    for (n, r, w, k) in
        [(3, 1, 1, 1), (3, 1, 1, 3), (3, 1, 2, 1), (3, 2, 1, 2), (5, 2, 2, 1), (10, 1, 1, 5), (3, 2, 2, 1)]
    {
        let changes = [("n", number(n)), ("r", number(r)), ("w", number(w)), ("k", number(k))];
        let metric = measure("k-staleness", &changes, 1_500).metrics.remove(0);
        let expected = metric.published_millionths.expect("a closed form");
        assert!((metric.millionths - expected).abs() < 52_000, "{n} {r} {w} {k}: {} {expected}", metric.millionths);
    }
}

#[test]
fn majorities_are_up_as_often_as_the_binomial_says() {
    for (n, quorum, up) in [(3, 2, 90), (5, 3, 80), (3, 3, 90), (3, 1, 50)] {
        let changes = [("n", number(n)), ("r", number(quorum)), ("w", number(quorum)), ("up_percent", number(up))];
        for metric in &measure("availability", &changes, 800).metrics[..2] {
            let expected = metric.published_millionths.expect("a sum");
            assert!((metric.millionths - expected).abs() < 71_000, "{n} {quorum} {up}: {metric:?}");
        }
    }
}
