//! The rules of channels and of recording, with their places in the papers.

use parts::values::word;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::Snapshot;

impl Rules for Snapshot {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "fifo",
                t!("A channel hands over its messages in the order of sending"),
                "Chandy and Lamport 1985, section 2",
                "money-kept",
            ),
            switch(
                "marker_first",
                t!(
                    "After recording, and before any further message, a process sends a marker down each outgoing channel"
                ),
                "Chandy and Lamport 1985, section 3.2, marker-sending rule",
                "cut-consistent",
            ),
            switch(
                "record_first",
                t!("A process records its state when its first marker comes"),
                "Chandy and Lamport 1985, section 3.2, marker-receiving rule",
                "cut-consistent",
            ),
            // A token that is under way and not recorded is not there at all.
            switch(
                "record_channels",
                t!("What comes on a channel after the recording and before its marker belongs to the channel"),
                "Chandy and Lamport 1985, section 3.2, marker-receiving rule",
                "money-kept",
            )
            .hunted_on(Ground { settings: vec![("application", word("token"))], ..Ground::default() }),
            switch(
                "close_channel",
                t!("The marker of a channel ends the recording of that channel"),
                "Chandy and Lamport 1985, section 3.2, marker-receiving rule",
                "channel-exact",
            ),
            switch(
                "take_once",
                t!("A message that comes twice counts once"),
                "Chandy and Lamport 1985, section 2: channels are error-free",
                "money-kept",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Copy, Hazard::Loss], ..Ground::default() }),
            Rule::cited(
                "repeat",
                t!("What is not acknowledged is sent again, in the same order"),
                "Chandy and Lamport 1985, section 2: channels are error-free",
            ),
            Rule::cited(
                "termination",
                t!("A process has done its part when the markers of all its incoming channels have come"),
                "Chandy and Lamport 1985, section 3.3",
            ),
            Rule::cited(
                "red_first",
                t!("A process records its state before it takes a message of somebody who has recorded"),
                "Lai and Yang 1987",
            ),
            Rule::cited(
                "count_white",
                t!("Who records says how many messages it had sent: a channel is recorded when so many have come"),
                "Lai and Yang 1987; Mattern 1993",
            ),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}
