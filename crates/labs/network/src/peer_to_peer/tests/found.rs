//! With all rules on nothing is found, whatever happens.

use ::parts::values::{number, word};
use sim::hunt::{Hazard, Hunt, SEEDS_TO_SHOW};
use sim::{Settings, Value};

use super::LAB;

fn finds(hunt: &Hunt, seeds: u64) -> Option<(&'static str, String, u64)> {
    hunt.search(0..seeds, |_| true).unwrap().map(|find| (find.check, find.sentence.to_string(), find.scenario.seed))
}

/// A million events: whoever sets clocks, loses disks, damages messages or uses the actions.
#[test]
fn nothing_that_may_happen_breaks_a_promise() {
    let all = Hunt { hazards: Hazard::ALL.to_vec(), healed_events: 0, ..Hunt::new(LAB, Settings::default()) };
    assert_eq!(finds(&all, 2_500), None);
    assert_eq!(finds(&Hunt::new(LAB, Settings::default()), 200), None);
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
        assert_eq!(finds(&hunt, 300), None, "{settings:?}");
        assert_eq!(finds(&Hunt::new(LAB, settings.clone()), 30), None, "{settings:?}");
    }
}

/// What the page offers at each rule: “Show me what it is for”.
#[test]
fn each_rule_is_found_by_a_short_run() {
    for rule in LAB.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        let hunt = Hunt::new(LAB, Settings::default()).without(rule.name).unwrap();
        let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
        let find = find.unwrap_or_else(|| panic!("nothing is found without {}", rule.name));
        let contrast = hunt.contrast(&find).unwrap();
        let (inputs, events) = (find.scenario.inputs.len(), find.scenario.cursor);
        println!(
            "| `{}` | {} | {} | {events} | {inputs} | {}",
            rule.name, find.check, find.scenario.seed, find.sentence
        );
        let parts = contrast.parts.unwrap_or_else(|| panic!("{}: the two runs are told alike", rule.name));
        assert!(
            inputs <= 10 && contrast.begins < parts && parts <= events,
            "{}: {inputs} {} {parts}",
            rule.name,
            contrast.begins
        );
        let mut session = LAB.open().unwrap();
        session.load(&find.scenario).unwrap();
        let missing = format!("This rule is switched off: “{}”.", rule.title);
        let told = session.trace(1, find.scenario.cursor);
        let says = |event: &sim::frame::TraceEvent| {
            event.caption.detail.as_ref().is_some_and(|detail| detail.to_string().contains(&missing))
        };
        assert!(told.iter().any(says), "no caption says that {} is missing", rule.name);
        assert!(told.iter().all(|event| !event.rules.contains(&rule.name)), "{} is cited", rule.name);
    }
}
