//! The rules of the protocol, with their places in the paper.

use parts::values::{number, word};
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, Value, t};

use super::Pbft;

impl Rules for Pbft {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let cited = Rule::cited;
        vec![
            switch(
                "one_pre_prepare",
                t!("A backup takes one pre-prepare for each number in a view, and no other"),
                "Castro and Liskov 1999, section 4.2",
                "same-order",
            )
            .hunted_on(ground(liar("R0", "random"), vec![Hazard::Disorder])),
            switch(
                "quorum",
                t!("So many settle something that any two such groups have an honest replica in common"),
                "Castro and Liskov 1999, section 4.2: quorums of 2f + 1",
                "same-order",
            )
            .hunted_on(ground(liar("R0", "two-faced"), vec![])),
            switch(
                "commit_phase",
                t!("A replica carries out only what it knows that enough others have prepared"),
                "Castro and Liskov 1999, section 4.2: committed-local",
                "same-order",
            )
            .hunted_on(ground(liar("R0", "random"), vec![Hazard::Timer, Hazard::Loss])),
            switch(
                "carry_over",
                t!("A new view gives the numbers again that were prepared in earlier ones"),
                "Castro and Liskov 1999, section 4.4: O",
                "same-order",
            )
            .hunted_on(ground(vec![], vec![Hazard::Timer, Hazard::Disorder])),
            switch(
                "check_new_view",
                t!("Backups work out themselves how a new view has to begin, and refuse another one"),
                "Castro and Liskov 1999, section 4.4",
                "same-order",
            )
            .hunted_on(ground(liar("R1", "opposite"), vec![Hazard::Timer, Hazard::Disorder])),
            switch(
                "f_plus_one",
                t!("A client takes a result that more than f replicas have sent"),
                "Castro and Liskov 1999, section 4.1",
                "linearizable",
            )
            .hunted_on(ground(liar("drawn", "opposite"), vec![])),
            switch(
                "view_timer",
                t!("A backup asks for another primary if a request is not carried out in time"),
                "Castro and Liskov 1999, section 4.4: liveness",
                "answered",
            )
            .hunted_on(ground(liar("R0", "silent"), vec![])),
            cited("request", t!("A client sends its request to the primary"), "Castro and Liskov 1999, section 4.1"),
            cited(
                "client_retry",
                t!("Without an answer the client sends its request to all replicas"),
                "Castro and Liskov 1999, section 4.1",
            ),
            cited(
                "once",
                t!("A replica sends its last answer again and does nothing twice"),
                "Castro and Liskov 1999, section 4.1",
            ),
            cited(
                "relay",
                t!("A backup passes on to the primary what that has not numbered"),
                "Castro and Liskov 1999, section 4.1",
            ),
            cited("pre_prepare", t!("The primary gives each request a number"), "Castro and Liskov 1999, section 4.2"),
            cited(
                "prepare",
                t!("What 2f backups have taken alike, with the primary's word, is prepared"),
                "Castro and Liskov 1999, section 4.2",
            ),
            cited(
                "commit",
                t!("What a quorum of replicas has prepared is settled"),
                "Castro and Liskov 1999, section 4.2: committed-local",
            ),
            cited(
                "order",
                t!("Requests are carried out in the order of their numbers"),
                "Castro and Liskov 1999, section 4.2",
            ),
            cited(
                "watermarks",
                t!("Numbers lie within a window above the last stable checkpoint"),
                "Castro and Liskov 1999, sections 4.2 and 4.3",
            ),
            cited(
                "checkpoint",
                t!("What a quorum of replicas has signed alike is a stable checkpoint"),
                "Castro and Liskov 1999, section 4.3",
            ),
            cited(
                "view_change",
                t!("Who leaves a view tells all others what it has prepared"),
                "Castro and Liskov 1999, section 4.4",
            ),
            cited(
                "new_view",
                t!("The new primary begins with the view changes of a quorum"),
                "Castro and Liskov 1999, section 4.4",
            ),
            cited(
                "join",
                t!("Where more than f others want a later view, a replica joins them"),
                "Castro and Liskov 1999, section 4.5.2",
            ),
            cited(
                "doubling",
                t!("Each next new view is waited for twice as long"),
                "Castro and Liskov 1999, section 4.5.2",
            ),
            cited(
                "null",
                t!("A null request fills a number that nothing was prepared for"),
                "Castro and Liskov 1999, section 4.4",
            ),
            cited(
                "transfer",
                t!("Who lacks something asks for it, with proofs"),
                "Castro and Liskov 1999, sections 4.3 and 4.4",
            ),
            cited(
                "repeat",
                t!("What is not carried out in time is said again"),
                "Castro and Liskov 1999, section 4.5.2",
            ),
        ]
    }
}

/// Who lies, and how.
fn liar(label: &str, manner: &str) -> Vec<(&'static str, Value)> {
    vec![("liar", word(label)), ("manner", word(manner))]
}

fn ground(settings: Vec<(&'static str, Value)>, hazards: Vec<Hazard>) -> Ground {
    Ground { settings: [settings, vec![("workload_ms", number(50))]].concat(), hazards, fault_events: 400 }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}
