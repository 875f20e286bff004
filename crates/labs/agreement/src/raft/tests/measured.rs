//! The experiments find what is known.

use sim::Experiments;
use sim::all_settings;
use sim::experiment::Report;

use super::*;

fn measure(name: &str, changes: &[(&str, Value)], runs: u32) -> Report {
    Raft::measure(name, settings(changes), runs).expect("a report")
}

fn value(report: &Report, name: &str) -> i64 {
    report.metrics.iter().find(|metric| metric.name == name).expect("a metric").millionths
}

fn published(report: &Report, name: &str) -> i64 {
    let metric = report.metrics.iter().find(|metric| metric.name == name).expect("a metric");
    metric.published_millionths.expect("a published number")
}

/// One call and one answer for each other server (Figure 2), and the client's two.
#[test]
fn messages_are_as_many_as_figure_2_says() {
    for servers in [3, 5, 7] {
        let report = measure("messages", &[("servers", number(servers)), ("heartbeat_ms", number(70))], 5);
        for metric in &report.metrics {
            assert_eq!(Some(metric.millionths), metric.published_millionths, "{servers} servers, {}", metric.name);
        }
    }
}

#[test]
fn a_command_takes_four_delays() {
    let report = measure("commit-latency", &[("delay", word("constant")), ("delay_most_us", number(10_000))], 50);
    assert_eq!((value(&report, "p1"), value(&report, "p99")), (40_000_000, 40_000_000));
}

/// With a constant delay and equal logs the share of split votes follows from order statistics.
#[test]
fn split_votes_are_as_frequent_as_predicted() {
    for (most_ms, crashed) in [(200, 1), (170, 1), (180, 2)] {
        let changes = [
            ("delay", word("constant")),
            ("delay_most_us", number(10_000)),
            ("timeout_most_ms", number(most_ms)),
            ("crashed", number(crashed)),
            ("logs", word("equal")),
        ];
        let report = measure("split-vote", &changes, 1_500);
        let metric = &report.metrics[0];
        let predicted = metric.published_millionths.expect("a prediction");
        println!("{most_ms} ms, {crashed} crashed: {} predicted {predicted}", metric.millionths);
        // Three standard deviations of a share of 1,500 are at most 39,000.
        assert!(metric.millionths.abs_diff(predicted) < 39_000, "{} instead of {predicted}", metric.millionths);
    }
}

/// Raft paper, section 5.3: followers learn of a commit with the next message, here the next heartbeat.
#[test]
fn followers_learn_of_a_commit_with_the_next_heartbeat() {
    let changes = [("delay", word("constant")), ("heartbeat_ms", number(40))];
    let report = measure("commit-known", &changes, 400);
    let (mean, bound) = (value(&report, "mean"), published(&report, "longest"));
    // Evenly spread over 40 ms: three standard errors are 1.7 ms.
    assert!(mean.abs_diff(published(&report, "mean")) < 1_800_000, "{mean}");
    assert!(value(&report, "p1") >= 5_000_000 && value(&report, "longest") <= bound, "{report:?}");
}

/// Ongaro's dissertation, sections 9.1 and 9.2.
#[test]
fn the_first_timer_of_many_runs_out_as_early_as_predicted() {
    for servers in [3, 9] {
        let changes = [("servers", number(servers)), ("delay", word("constant")), ("delay_most_us", number(10_000))];
        let report = measure("first-election", &changes, 600);
        // The first of three timers has a standard deviation of 29 ms: three standard errors are 3.6 ms.
        for name in ["mean", "p50", "p90"] {
            let (found, expected) = (value(&report, name), published(&report, name));
            assert!(found.abs_diff(expected) < if name == "p90" { 12_000_000 } else { 4_500_000 }, "{name}: {found}");
        }
        assert_eq!(value(&report, "and from there to a leader"), 20_000_000);
        let split = "share of split votes";
        assert!(value(&report, split).abs_diff(published(&report, split)) < 30_000, "{report:?}");
    }
}

/// Figure 2: a request and a vote for each other server, the first heartbeat and its answers.
#[test]
fn an_election_costs_four_messages_for_each_other_server() {
    for servers in [3, 5, 9] {
        let changes = [("servers", number(servers)), ("delay", word("constant"))];
        let report = measure("election-messages", &changes, 100);
        assert_eq!(value(&report, "an election"), published(&report, "an election"));
        let alone = "elections with one candidate";
        // Three standard deviations of a share of 100 near 0.8.
        assert!(value(&report, alone).abs_diff(published(&report, alone)) < 130_000, "{report:?}");
    }
}

/// Figure 16: with 5 ms of randomness the median is 287 ms, with more it is less; section 9.3: with timeouts of 12 to
/// 24 ms the mean is 35 ms. The delay is not published; see the README.
#[test]
fn a_little_randomness_shortens_elections() {
    let median = |most_ms| {
        let report = measure("election-time", &[("timeout_most_ms", number(most_ms))], 500);
        value(&report, "p50")
    };
    let (little, much) = (median(155), median(200));
    assert!(much < little, "{much} {little}");
    assert!(little.abs_diff(287_000_000) < 60_000_000, "{little}");
    let changes = [("timeout_least_ms", number(12)), ("timeout_most_ms", number(24))];
    let mean = value(&measure("election-time", &changes, 400), "mean");
    assert!(mean.abs_diff(35_000_000) < 6_000_000, "{mean}");
}

/// All settings of the experiments that go by the name of a setting of the lab mean the same.
#[test]
fn experiments_use_the_names_of_the_lab() {
    let known = all_settings::<Raft>();
    for experiment in Raft::experiments() {
        for setting in experiment.settings {
            let own = ["crashed", "logs", "until"];
            assert!(
                own.contains(&setting.name) || known.iter().any(|other| other.name == setting.name),
                "{}",
                setting.name
            );
        }
    }
}
