//! What hunts find, and what they do not.

use parts::values::{number, word};
use sim::hunt::{Hazard, Hunt};
use sim::{Settings, Value};

use super::LAB;

#[test]
fn nothing_breaks_under_other_settings() {
    let grounds: [&[(&'static str, Value)]; 7] = [
        &[("attacker", word("selfish"))],
        &[("attacker", word("double-spend")), ("confirmations", number(1))],
        &[("retarget", word("bitcoin")), ("window", number(3))],
        &[("retarget", word("homestead")), ("interval_ms", number(2_000))],
        &[("block_kb", number(100)), ("us_per_kb", number(5_000)), ("loss_percent", number(5))],
        &[("old", number(2)), ("block_kb", number(800))],
        &[("miners", number(12)), ("confirmations", number(0)), ("powers", word("one-third"))],
    ];
    for changes in grounds {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let calm = Hunt::new(LAB, settings.clone());
        let wild = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, settings) };
        for find in [calm.search(0..4, |_| true).unwrap(), wild.search(0..60, |_| true).unwrap()] {
            assert_eq!(
                find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)),
                None,
                "{changes:?}"
            );
        }
    }
}
