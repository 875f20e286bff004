//! What the experiments measure, beside what is published.

use sim::{Experiments, Settings};

use super::super::ProofOfWork;

/// Each number within so many thousandths of one of the published one.
#[test]
fn experiments_come_near_to_what_is_published() {
    for (name, runs, within) in
        [("double-spend", 300, 60_000), ("forks", 20, 12_000), ("selfish", 10, 70_000), ("intervals", 20, 20_000)]
    {
        assert_eq!(ProofOfWork::measure(name, Settings::default(), runs).unwrap().off(0, within), None, "{name}");
    }
}
