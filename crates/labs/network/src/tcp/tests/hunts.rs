//! What hunts do not find.

use sim::hunt::{Hazard, Hunt};
use sim::{AnyLab, Of, Settings, Value};

use super::super::Tcp;

const LAB: &dyn AnyLab = Of::<Tcp>::LAB;

fn finds(hunt: &Hunt, seeds: u64) -> Option<(&'static str, String, u64)> {
    hunt.search(0..seeds, |_| true).unwrap().map(|find| (find.check, find.sentence.to_string(), find.scenario.seed))
}

/// A million events: whoever sets clocks, loses disks, damages messages or uses the actions, and however segments are late.
#[test]
fn nothing_that_may_happen_breaks_a_promise() {
    let all = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, Settings::default()) };
    assert_eq!(finds(&all, 2_500), None);
}

/// The same under other settings: two senders, blocks, silly windows, and as before 1988.
#[test]
fn nor_under_other_settings() {
    let word = |word: &str| Value::Word(word.to_string());
    let settings = [
        Settings::default().with("senders", Value::Integer(2)).with("sack", Value::Flag(true)),
        Settings::default()
            .with("algorithm", word("none"))
            .with("timeout", word("twice"))
            .with("buffer", Value::Integer(2)),
        Settings::default()
            .with("mss", Value::Integer(700))
            .with("read_rate", Value::Integer(3))
            .with("iw", Value::Integer(10)),
        Settings::default().with("loss_percent", Value::Integer(20)).with("give_up", Value::Integer(3)),
    ];
    for settings in settings {
        let hunt = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, settings.clone()) };
        assert_eq!(finds(&hunt, 400), None, "{settings:?}");
        assert_eq!(finds(&Hunt::new(LAB, settings), 15), None);
    }
}
