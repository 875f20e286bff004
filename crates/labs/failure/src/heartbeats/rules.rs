//! The rules of heartbeat detectors, with their places in the literature.

use sim::{Rule, Rules, Text, t};

use super::Heartbeats;

impl Rules for Heartbeats {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "numbered",
                t!("Heartbeats are numbered, and only a newer one counts"),
                "Chen, Toueg and Aguilera 2002, section 1: the timer is stopped by a newer heartbeat only",
                "overdue",
            ),
            switch(
                "trust_again",
                t!("A heartbeat that arrives ends the suspicion"),
                "Chandra and Toueg 1996, the implementation of an eventually perfect detector in models of partial synchrony",
                "live-trusted",
            ),
            switch(
                "restart_timer",
                t!("Each heartbeat starts the waiting anew"),
                "Chen, Toueg and Aguilera 2002, section 1: at each heartbeat the timer is started again",
                "early",
            ),
            cited(
                "send",
                t!("The watched node sends a heartbeat every interval"),
                "Chen, Toueg and Aguilera 2002, section 1",
            ),
            cited(
                "suspect",
                t!("Who is silent for longer than the timeout is suspected"),
                "Chen, Toueg and Aguilera 2002, section 1",
            ),
            cited(
                "phi",
                t!(
                    "Phi is -log10 of the chance that a heartbeat comes later than now; at the threshold the node is suspected"
                ),
                "Hayashibara et al. 2004, section 4",
            ),
            cited(
                "window",
                t!("Mean and deviation are those of the last intervals"),
                "Hayashibara et al. 2004, section 4",
            ),
            cited(
                "outage_left_out",
                t!("A silence of more than two intervals in which the node was suspected is not put into the window"),
                "Akka leaves out the first interval after a suspicion, Cassandra intervals of more than two gossip rounds",
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
