//! Experiments: a quantity that a publication or a formula predicts, measured over many runs of a lab's own protocol.

use serde::Serialize;

use crate::base::order::sort_by_key;
use crate::base::settings::{Setting, Settings};
use crate::base::text::Text;

/// A quantity to measure.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The name after the lab's: `election-time` of `raft/election-time`.
    pub name: &'static str,
    pub title: Text,
    /// Where the number to compare with was published.
    pub source: &'static str,
    /// Everything that the publication varies.
    pub settings: Vec<Setting>,
    /// How many runs are enough for a first look.
    pub runs: u32,
    /// Measures over so many runs from this seed on.
    pub measure: fn(&Settings, runs: u32, seed: u64) -> Result<Report, Text>,
}

/// What an experiment found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub metrics: Vec<Metric>,
}

/// One number, as the published one beside it where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Metric {
    pub name: String,
    /// The unit in words: "ms", "messages", "of 1".
    pub unit: &'static str,
    /// The measured value in millionths of the unit.
    pub millionths: i64,
    /// The published value in millionths of the unit.
    pub published_millionths: Option<i64>,
}

impl Report {
    /// Adds a number.
    pub fn push(&mut self, name: &str, unit: &'static str, millionths: i64, published_millionths: Option<i64>) {
        self.metrics.push(Metric { name: name.to_string(), unit, millionths, published_millionths });
    }

    /// The first number that is farther from the published one than so many thousandths of it, and than so many millionths.
    pub fn off(&self, per_mille: i64, millionths: i64) -> Option<&Metric> {
        let is_off = |metric: &&Metric| {
            metric.published_millionths.is_some_and(|published| {
                let allowed = (published.abs() * per_mille / 1_000).max(millionths);
                (metric.millionths - published).abs() > allowed
            })
        };
        self.metrics.iter().find(is_off)
    }

    /// Adds p1, p5, p10, p25, p50, p75, p90, p95, p99 and the mean of these samples, given in millionths of the unit.
    /// The published numbers go by the same names.
    pub fn push_distribution(&mut self, unit: &'static str, mut samples: Vec<i64>, published: &[(&str, i64)]) {
        if samples.is_empty() {
            return;
        }
        sort(&mut samples);
        let said = |name: &str| published.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        for percent in [1, 5, 10, 25, 50, 75, 90, 95, 99] {
            let name = format!("p{percent}");
            self.push(&name, unit, quantile(&samples, 10 * percent), said(&name));
        }
        let mean = samples.iter().map(|sample| i128::from(*sample)).sum::<i128>() / samples.len() as i128;
        self.push("mean", unit, mean as i64, said("mean"));
    }
}

/// Brings samples into their order.
pub fn sort(samples: &mut Vec<i64>) {
    // Moves the least number to 0.
    sort_by_key(samples, |sample| u128::from(sample.wrapping_sub(i64::MIN) as u64));
}

/// The least of these samples, sorted, that so many in a thousand do not exceed (the nearest rank); there is one at least.
pub fn quantile(sorted: &[i64], per_mille: usize) -> i64 {
    let rank = (sorted.len() * per_mille).div_ceil(1_000).max(1);
    sorted[rank - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_off_is_farther_than_both_bounds() {
        let mut report = Report::default();
        report.push("near", "ms", 1_010, Some(1_000));
        report.push("far", "ms", 1_021, Some(1_000));
        report.push("alone", "ms", 5, None);
        let off = |per_mille, millionths| report.off(per_mille, millionths).map(|metric| metric.name.as_str());
        assert_eq!([off(10, 0), off(10, 21), off(0, 9)], [Some("far"), None, Some("near")]);
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut report = Report::default();
        report.push_distribution("ms", (1..=100).rev().collect(), &[("p50", 51)]);
        let found = |name: &str| report.metrics.iter().find(|metric| metric.name == name).cloned().unwrap();
        assert_eq!((found("p1").millionths, found("p99").millionths, found("mean").millionths), (1, 99, 50));
        assert_eq!(found("p50").published_millionths, Some(51));
        assert_eq!(quantile(&[1, 2, 3], 999), 3);
        assert_eq!(quantile(&(1..=2_000).collect::<Vec<_>>(), 999), 1_998);
    }
}
