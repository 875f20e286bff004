//! The experiments find what is known.

use sim::experiment::Report;

use sim::Experiments;

use super::*;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    LeaderlessQuorum::measure(name, settings(changes), runs).expect("a report")
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

/// As the WARS model drawn directly, 200,000 times each, by a program that shares nothing with this one: what 90 % of gets, of
/// puts, and of waits until a get returns the put do not exceed, n = 3, in microseconds.
#[test]
fn quantiles_are_those_of_the_wars_model() {
    let exponential = |r, w| vec![("latencies", word("exponential")), ("r", number(r)), ("w", number(w))];
    let cases = [
        (exponential(1, 1), [1_796, 8_753, 17_606]),
        (exponential(2, 1), [3_024, 8_758, 4_474]),
        (exponential(1, 2), [1_797, 17_361, 10_475]),
        (exponential(2, 2), [3_016, 17_375, 0]),
        (vec![("latencies", word("lnkd-disk"))], [518, 3_066, 8_303]),
    ];
    for (changes, expected_us) in cases {
        let report = measure("quantiles", &[&changes[..], &[("per_mille", number(900))]].concat(), 3_000);
        for (metric, expected_us) in report.metrics.iter().zip(expected_us) {
            // The standard error is 4 % at most: the waits have long tails.
            let off = (metric.millionths - expected_us * 1_000).abs();
            assert!(off <= expected_us * 130, "{changes:?}: {} for {expected_us} µs", metric.millionths);
        }
    }
}

/// Bailis et al. 2012, Table 4: 99.9 % of reads and writes of LNKD-SSD take at most 0.66 ms.
#[test]
fn slow_gets_and_puts_are_as_slow_as_published() {
    for metric in &measure("quantiles", &[], 5_000).metrics[..2] {
        let published = metric.published_millionths.expect("a number of Table 4");
        assert!((metric.millionths - published).abs() * 100 <= published * 10, "{metric:?}");
    }
}

/// Karger et al. 1997: only the new server takes keys, its fair share; the more tokens, the better the balance.
#[test]
fn the_ring_is_as_balanced_as_random_tokens_are() {
    for (servers, virtual_nodes) in [(10, 1), (10, 64), (50, 4)] {
        let changes = [("servers", number(servers)), ("virtual_nodes", number(virtual_nodes)), ("keys", number(500))];
        let report = measure("ring", &changes, 300);
        for metric in &report.metrics {
            let Some(expected) = metric.published_millionths else { continue };
            let off = (metric.millionths - expected).abs();
            match metric.name.as_str() {
                "keys that move elsewhere" => assert_eq!(metric.millionths, 0),
                // Three standard errors of the share of one server of eleven over 300 rings are 0.015.
                "keys that move to the new" => assert!(off < 16_000, "{metric:?}"),
                _ => assert!(off * 100 <= expected * 8, "{metric:?}"),
            }
        }
    }
}
