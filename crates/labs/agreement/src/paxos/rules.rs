//! The rules of Paxos, with their places in the papers.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::Paxos;

impl Rules for Paxos {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let cited = Rule::cited;
        vec![
            switch(
                "promise",
                t!("An acceptor takes nothing of a ballot below the one that it has promised"),
                "Paxos Made Simple, section 2.2, P1a",
                "agreement",
            ),
            switch(
                "accept_promises",
                t!("To accept a ballot is to promise it too"),
                "Paxos Made Simple, section 2.2, P1a; unsaid in phase 2, see Stack Overflow 29880949",
                "agreement",
            )
            .hunted_on(Ground {
                settings: [few(), slow_and_lossy()].concat(),
                hazards: vec![Hazard::Disorder, Hazard::Loss],
                fault_events: 400,
            }),
            switch(
                "adopt_value",
                t!("Who hears of an accepted value proposes that one in place of its own"),
                "Paxos Made Simple, section 2.2, P2c",
                "agreement",
            ),
            switch(
                "highest_ballot",
                t!("Of several accepted values the one of the highest ballot counts"),
                "Paxos Made Simple, section 2.2, P2c",
                "agreement",
            ),
            switch(
                "quorums_meet",
                t!("Promises come from so many that they have an acceptor in common with any that can choose"),
                "Paxos Made Simple, section 2.2, P2c; Flexible Paxos, section 3",
                "agreement",
            ),
            switch(
                "acceptor_disk",
                t!("An acceptor writes what it has promised and accepted to disk before it answers"),
                "Paxos Made Simple, section 2.5",
                "agreement",
            ),
            switch(
                "own_ballots",
                t!("No two proposers have a ballot in common"),
                "Paxos Made Simple, section 2.5",
                "one-value-a-ballot",
            ),
            switch(
                "round_on_disk",
                t!("A proposer keeps on disk which round it has used last, and never uses one twice"),
                "Paxos Made Simple, section 2.5",
                "one-value-a-ballot",
            )
            .hunted_on(Ground {
                settings: [few(), vec![("loss_percent", number(20))]].concat(),
                hazards: vec![Hazard::Crash, Hazard::Loss],
                fault_events: 400,
            }),
            switch(
                "back_off",
                t!("Who is overtaken stays away for a random time, so that one of them gets through"),
                "Paxos Made Simple, section 2.4: real time or randomness",
                "decided",
            ),
            cited("phase_1", t!("A proposer first asks for promises"), "Paxos Made Simple, section 2.2, phase 1"),
            cited(
                "phase_2",
                t!("With enough promises it asks for acceptance"),
                "Paxos Made Simple, section 2.2, phase 2",
            ),
            cited(
                "nack",
                t!("A proposer whose ballot is overtaken is told so"),
                "Paxos Made Simple, section 2.2: an optimization",
            ),
            cited(
                "learn",
                t!("A value is chosen when a majority has accepted it in one ballot"),
                "Paxos Made Simple, section 2.3",
            ),
            cited("ask", t!("Who has not learned it asks the acceptors"), "Paxos Made Simple, section 2.3"),
            cited("repeat", t!("Without an answer the same message goes out again"), "Paxos Made Simple, section 2.1"),
            cited("leader", t!("One proposer leads, and the others wait"), "Paxos Made Simple, section 2.4"),
            cited("lost_disk", t!("Who has lost its disk takes no part any more"), "Paxos Made Live, section 5.1"),
        ]
    }
}

/// As few nodes as it takes.
fn few() -> Vec<(&'static str, sim::Value)> {
    vec![("acceptors", number(3)), ("proposers", number(2))]
}

/// Links on which an old message comes late, and many never.
fn slow_and_lossy() -> Vec<(&'static str, sim::Value)> {
    vec![("delay_least_us", number(1_000)), ("delay_most_us", number(60_000)), ("loss_percent", number(20))]
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}
