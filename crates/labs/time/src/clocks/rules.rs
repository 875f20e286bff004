//! The rules of both kinds of clock, with their places in the papers.

use sim::{Rule, Rules, Text, t};

use super::{LamportClocks, VectorClocks};

impl Rules for LamportClocks {
    /// The rules of the Lamport lab.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "receive_maximum",
                t!("A receiver takes the maximum of its own time and the message's, and then ticks"),
                "Lamport 1978, \"Logical Clocks\", IR2 (b)",
                "clock-condition",
            ),
            switch(
                "every_event_ticks",
                t!("The clock ticks at each local event and at each sending"),
                "Lamport 1978, \"Logical Clocks\", IR1",
                "distinct-events",
            ),
            switch(
                "keep_clock",
                t!("A node writes its clock to disk, and goes on from there after a crash"),
                "follows from condition C1 of Lamport 1978, where no process crashes",
                "distinct-events",
            ),
            cited(
                "stamp",
                t!("A message carries the time of its sending"),
                "Lamport 1978, \"Logical Clocks\", IR2 (a)",
            ),
            cited(
                "total_order",
                t!("Of two events with the same time, the one at the node that comes first by name is first"),
                "Lamport 1978, \"Ordering the Events Totally\"",
            ),
        ]
    }
}

impl Rules for VectorClocks {
    /// The rules of the vector lab.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "receive_maximum",
                t!("A receiver takes the maximum of its own vector and the message's, place by place, and then ticks"),
                "Mattern 1989, \"Vector Time\"; Fidge 1988",
                "exact-causality",
            ),
            switch(
                "every_event_ticks",
                t!("A node's own place of its vector ticks at each local event and at each sending"),
                "Mattern 1989, \"Vector Time\"; Fidge 1988",
                "exact-causality",
            ),
            switch(
                "keep_clock",
                t!("A node writes its vector to disk, and goes on from there after a crash"),
                "follows from the definition in Mattern 1989, where no process crashes",
                "exact-causality",
            ),
            cited(
                "stamp",
                t!("A message carries the vector of its sending"),
                "Mattern 1989, \"Vector Time\"; Fidge 1988",
            ),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
