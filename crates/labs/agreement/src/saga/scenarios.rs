//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use sim::{Prepared, Scenarios, Sight, t};

use super::Saga;

impl Scenarios for Saga {
    fn scenarios() -> Vec<Prepared<Saga>> {
        vec![Prepared {
            name: "busy-shop",
            title: t!("A busy shop"),
            summary: t!("Two customers order all the time, and now and then cancel. Crash who you like."),
            seed: 7,
            settings: vec![],
            sight: Sight::LANES,
            direct: |director| director.run_for_us(1_000_000),
            expect: vec![],
        }]
    }
}
