//! Hunts with all rules on find nothing, whoever lies, crashes or is late.

use parts::values::number;
use sim::hunt::{Hazard, Hunt};
use sim::{Of, Settings, Value};

use crate::generals::Generals;

#[test]
fn no_fault_breaks_what_is_promised() {
    for (generals, depth, signed) in [(4, 1, false), (3, 1, true), (4, 2, true), (3, 1, false), (7, 2, false)] {
        let settings = Settings::default()
            .with("generals", number(generals))
            .with("depth", number(depth))
            .with("liars", number(depth))
            .with("signed", Value::Flag(signed));
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Generals>::LAB, settings) };
        let hunt = Hunt { hazards: Hazard::ALL.to_vec(), ..hunt };
        let find = hunt.search(0..if depth == 2 { 40 } else { 300 }, |_| true).expect("settings of the lab");
        assert_eq!(find.map(|find| find.sentence.to_string()), None, "n {generals}, m {depth}, signed {signed}");
    }
}
