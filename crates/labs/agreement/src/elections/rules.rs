//! The rules of the protocols.

use parts::values::{number, word};
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::Elections;

impl Rules for Elections {
    fn rules() -> Vec<Rule> {
        let in_time =
            |fault_events| Ground { hazards: vec![Hazard::Crash, Hazard::Copy], fault_events, ..Ground::default() };
        let with_terms = |hazards| Ground { settings: vec![("guard", word("terms"))], hazards, fault_events: 400 };
        vec![
            Rule::switch(
                "halt_first",
                t!("Before a node names itself, it halts all others."),
                "Garcia-Molina 1982, section III",
                "one-coordinator",
            )
            .hunted_on(in_time(200)),
            Rule::switch(
                "only_from_halter",
                t!("A node takes a coordinator only from whom it has halted for."),
                "Garcia-Molina 1982, section III, step 3, and appendix (New_Coordinator)",
                "one-coordinator",
            )
            .hunted_on(in_time(400)),
            Rule::switch(
                "wait_for_winner",
                t!("Whoever waits for a winner starts over when none comes."),
                "Garcia-Molina 1982, appendix (Timeout)",
                "never-stuck",
            )
            .hunted_on(in_time(400)),
            Rule::switch(
                "watch",
                t!("A node asks its coordinator from time to time whether it is there."),
                "Garcia-Molina 1982, appendix (Timeout)",
                "never-stuck",
            )
            .hunted_on(in_time(400)),
            Rule::switch(
                "recover_elects",
                t!("A node that is up again starts an election."),
                "Garcia-Molina 1982, appendix (Recovery)",
                "agreed",
            )
            .hunted_on(in_time(400)),
            Rule::switch(
                "ask_members",
                t!("A coordinator asks all others whether they work under it."),
                "Garcia-Molina 1982, appendix (Check)",
                "agreed",
            )
            .hunted_on(Ground {
                settings: vec![("beat_ms", number(40))],
                hazards: vec![Hazard::Cut],
                fault_events: 400,
            }),
            Rule::switch(
                "answer_once",
                t!("A node answers one candidate a term, and writes that down first."),
                "Ongaro and Ousterhout 2014, section 5.2",
                "one-per-term",
            )
            .hunted_on(with_terms(vec![Hazard::Crash, Hazard::Cut, Hazard::Pause])),
            Rule::switch(
                "refuse_older",
                t!("The common disk refuses writes of older terms."),
                "Kleppmann, \"How to do distributed locking\", 2016: fencing tokens",
                "disk-in-order",
            )
            .hunted_on(with_terms(vec![Hazard::Pause, Hazard::Disorder])),
            Rule::cited(
                "highest_first",
                t!("Whoever has the highest number of those that are up goes first."),
                "Garcia-Molina 1982, section III",
            ),
            Rule::cited(
                "majority",
                t!("A coordinator needs answers of more than half of all."),
                "Ongaro and Ousterhout 2014, section 5.2",
            ),
            Rule::cited(
                "replace_smaller",
                t!("A number goes on only past lower ones; the highest comes home."),
                "Chang and Roberts 1979",
            ),
        ]
    }
}
