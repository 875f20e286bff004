//! For tests: that nothing breaks with all rules on.

use std::ops::Range;

use sim::hunt::{Hazard, Hunt};
use sim::{AnyLab, Settings, Value};

/// Searches these seeds under each of some settings: with the usual faults and the healing after them, and with more faults and no end.
pub fn nothing_breaks(lab: &'static dyn AnyLab, all: &[Vec<(&str, Value)>], more: &[Hazard], seeds: Range<u64>) {
    let mut events = 0;
    for changes in all {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let healed = Hunt::new(lab, settings);
        let hazards = [&Hazard::USUAL[..], more].concat();
        let endless = Hunt { hazards, healed_events: 0, ..healed.clone() };
        for hunt in [healed, endless] {
            let found = hunt.search(seeds.clone(), |progress| {
                events += progress.events / progress.runs.max(1);
                true
            });
            let found = found.expect("settings of the lab");
            let found =
                found.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed, find.scenario.inputs));
            assert_eq!(found, None, "{changes:?} {:?}", hunt.hazards);
        }
    }
    println!("{events} events broke nothing");
}
