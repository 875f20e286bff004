//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use sim::{Prepared, Scenarios, Sight, t};

use super::Elections;

impl Scenarios for Elections {
    fn scenarios() -> Vec<Prepared<Elections>> {
        vec![Prepared {
            name: "slow-answer",
            title: t!("One answer comes late"),
            summary: t!("N5 leads."),
            seed: 1,
            settings: vec![],
            sight: Sight::STAGE,
            direct: |director| director.run_for_us(100_000),
            expect: vec![],
        }]
    }
}
