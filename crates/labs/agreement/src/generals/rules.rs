//! The rules of the two algorithms, with their places in the paper.

use sim::hunt::Ground;
use sim::{Rule, Rules, Value, t};

use super::Generals;

impl Rules for Generals {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        // No fault is needed: the seed draws who lies, and how.
        let ground = |settings| Ground { settings, hazards: Vec::new(), fault_events: 200 };
        vec![
            Rule::switch(
                "relay",
                t!("Each lieutenant tells the others what it was told"),
                "Lamport, Shostak and Pease 1982, section 3, OM(m), step 2",
                "ic1",
            )
            .hunted_on(ground(vec![])),
            Rule::switch(
                "majority",
                t!("A lieutenant obeys the majority of what it was told"),
                "Lamport, Shostak and Pease 1982, section 3, OM(m), step 3",
                "ic1",
            )
            .hunted_on(ground(vec![])),
            Rule::switch(
                "choice",
                t!("A lieutenant obeys the only order that it has seen signed, and retreats if there are two"),
                "Lamport, Shostak and Pease 1982, section 4, SM(m), step 3",
                "ic1",
            )
            .hunted_on(ground(vec![("signed", Value::Flag(true))])),
            Rule::cited(
                "default",
                t!("What has not come at the end of its round counts as “retreat”"),
                "Lamport, Shostak and Pease 1982, section 3, A3",
            ),
        ]
    }
}
