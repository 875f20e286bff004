//! What the experiments measure, beside what is published.

use sim::{Experiments, Settings};

use super::super::ProofOfWork;

/// Each number within so many thousandths of one of the published one.
#[test]
fn experiments_come_near_to_what_is_published() {
    for (name, runs, within) in
        [("double-spend", 300, 60_000), ("forks", 20, 12_000), ("selfish", 10, 70_000), ("intervals", 20, 20_000)]
    {
        let experiment = ProofOfWork::experiments().into_iter().find(|experiment| experiment.name == name).unwrap();
        let settings = experiment
            .settings
            .iter()
            .fold(Settings::default(), |all, setting| all.with(setting.name, setting.default.clone()));
        let report = (experiment.measure)(&settings, runs, 7).unwrap();
        assert!(!report.metrics.is_empty());
        for metric in report.metrics {
            let published = metric.published_millionths.unwrap();
            let far = metric.millionths.abs_diff(published);
            assert!(far <= within, "{name}, {}: {} beside {published}", metric.name, metric.millionths);
        }
    }
}
