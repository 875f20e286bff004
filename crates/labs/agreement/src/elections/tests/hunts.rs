//! Random schedules: what is promised is kept with all rules on. That each rule is missed when it is off is a test of the registry.

use parts::values::{number, word};
use sim::hunt::{Hazard, Hunt};

use super::*;

fn hunt(changes: &[(&str, Value)], hazards: &[Hazard], runs: std::ops::Range<u64>, healed_events: u64) {
    let hunt = Hunt { hazards: hazards.to_vec(), healed_events, ..Hunt::new(Of::<Elections>::LAB, settings(changes)) };
    let find = hunt.search(runs, |_| true).expect("settings");
    assert_eq!(find, None, "{changes:?} {hazards:?}");
}

const IN_TIME: [Hazard; 3] = [Hazard::Crash, Hazard::Copy, Hazard::Operation];

/// Garcia-Molina 1982, assertions 1 and 2: under crashes and copies, as long as all is in time.
#[test]
fn assertions_1_and_2_hold_in_time() {
    for guard in ["none", "majority", "terms"] {
        hunt(&[("guard", word(guard))], &IN_TIME, 0..250, 0);
    }
    hunt(&[("nodes", number(3)), ("ids", word("shuffled"))], &IN_TIME, 300..450, 0);
    hunt(
        &[("nodes", number(8)), ("delay_least_us", number(0)), ("delay_most_us", number(19_000))],
        &IN_TIME,
        500..560,
        0,
    );
    hunt(&[("wait_ms", number(20)), ("beat_ms", number(30))], &IN_TIME, 600..700, 0);
}

/// Whatever happens: one coordinator a term, and the disk in order; and all come to agree when it is over.
#[test]
fn terms_hold_whatever_happens() {
    for guard in ["none", "majority", "terms"] {
        hunt(&[("guard", word(guard))], &Hazard::ALL, 0..40, 3_000);
    }
    hunt(&[("guard", word("terms"))], &Hazard::USUAL, 100..400, 0);
    hunt(&[("algorithm", word("ring"))], &Hazard::ALL, 500..540, 3_000);
    hunt(&[("loss_percent", number(10)), ("guard", word("terms"))], &Hazard::ALL, 600..640, 0);
}

/// Without their rules the checks of terms break, and say so.
#[test]
fn the_checks_of_terms_can_be_broken() {
    for (rule, check) in [("answer_once", "one-per-term"), ("refuse_older", "disk-in-order")] {
        let hunt = Hunt::new(Of::<Elections>::LAB, Settings::default()).without(rule).expect("a rule");
        let find = hunt.search(0..400, |_| true).expect("settings").expect("a find");
        assert_eq!(find.check, check);
    }
}
