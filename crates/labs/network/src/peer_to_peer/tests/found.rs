//! With all rules on nothing is found, whatever happens.

use ::parts::values::{number, word};
use sim::hunt::{Hazard, Hunt};
use sim::{Settings, Value};

use super::LAB;

/// A million events: whoever sets clocks, loses disks, damages messages or uses the actions.
#[test]
fn nothing_that_may_happen_breaks_a_promise() {
    let all = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, Settings::default()) };
    assert_eq!(all.search(0..2_500, |_| true), Ok(None));
    assert_eq!(Hunt::new(LAB, Settings::default()).search(0..200, |_| true), Ok(None));
}

/// The same under other settings.
#[test]
fn nor_under_other_settings() {
    let settings = [
        Settings::default().with("mode", word("client-server")),
        Settings::default().with("fairness", word("round-robin")).with("selection", word("in-order")),
        Settings::default()
            .with("free_riders", number(3))
            .with("selection", word("random"))
            .with("unchoked", number(1)),
        Settings::default().with("loss_percent", number(5)).with("pieces", number(4)),
        Settings::default().with("bad_blocks", number(200)).with("pieces", number(6)),
        Settings::default().with("numwant", number(1)).with("linger_s", number(5)).with("late", number(2)),
        Settings::default()
            .with("seed_leaves", Value::Flag(false))
            .with("down_kbps", number(64))
            .with("pieces", number(6)),
        Settings::default().with("choke_s", number(1)).with("optimistic_s", number(1)).with("pipeline", number(1)),
        Settings::default().with("had_percent", number(50)).with("snub_s", number(20)),
    ];
    for settings in settings {
        let hunt = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, settings.clone()) };
        assert_eq!(hunt.search(0..300, |_| true), Ok(None), "{settings:?}");
        assert_eq!(Hunt::new(LAB, settings.clone()).search(0..30, |_| true), Ok(None), "{settings:?}");
    }
}
