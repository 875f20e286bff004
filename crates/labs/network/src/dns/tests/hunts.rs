//! What the rules are for, and what is measured beside formulas.

use sim::hunt::Hunt;
use sim::{Experiments, Of};

use super::*;

/// Without any fault, a second of guessing is enough where answers are not matched with queries (RFC 5452, section 9.1).
#[test]
fn without_matching_the_first_forgery_counts() {
    let hunt = Hunt::new(Of::<Dns>::LAB, settings(&[])).without("match").expect("a rule");
    let find = hunt.shortest(0..20, |hunt, seeds| hunt.search(seeds, |_| true)).expect("settings").expect("a find");
    assert_eq!((find.check, find.scenario.inputs.len()), ("no-forgery", 0));
}

/// A copy of a zone that comes late is older than the one that is there (RFC 1982).
#[test]
fn a_late_copy_is_not_taken() {
    let hunt = Hunt::new(Of::<Dns>::LAB, settings(&[])).without("greater_serial").expect("a rule");
    let find = hunt.shortest(0..2_000, |hunt, seeds| hunt.search(seeds, |_| true)).expect("settings").expect("a find");
    assert_eq!(find.check, "serial-grows");
    let on = Hunt {
        check: Some("serial-grows".to_string()),
        settings: hunt.settings.clone().with("greater_serial", Value::Flag(true)),
        ..hunt
    };
    assert_eq!(on.search(0..300, |_| true).expect("settings"), None);
}

/// Jung, Berger and Balakrishnan 2003; RFC 5452, section 7.2.
#[test]
fn what_is_measured_is_near_what_is_published() {
    for (name, runs) in [("hit-rate", 4_000), ("after-change", 500), ("spoof", 300), ("retry", 2_000)] {
        assert_eq!(Dns::measure(name, Settings::default(), runs).unwrap().off(0, 60_000), None, "{name}");
    }
}
