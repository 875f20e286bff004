//! The rules of SWIM, with their places in the literature.

use sim::{Rule, Rules, Text, t};

use super::Swim;

impl Rules for Swim {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "ping_request",
                t!("Before a member is suspected, k others try to reach it"),
                "Das, Gupta and Motivala 2002, section 3.1",
                "asked-others",
            ),
            switch(
                "round_robin",
                t!("Members are probed in turn, in an order that is shuffled after each pass"),
                "Das, Gupta and Motivala 2002, section 4.3: at most 2n - 1 periods between two probes of a member",
                "probed-in-time",
            ),
            switch(
                "suspicion",
                t!("A member that does not answer is suspected first, and has time to refute"),
                "Das, Gupta and Motivala 2002, section 4.2",
                "suspected-first",
            ),
            switch(
                "refutation",
                t!("A member that hears of its own suspicion says that it is alive, with a higher incarnation"),
                "Das, Gupta and Motivala 2002, section 4.2",
                "alive-to-itself",
            ),
            switch(
                "precedence",
                t!(
                    "Only what is newer is believed: faulty over all, then the higher incarnation, then suspect over alive"
                ),
                "Das, Gupta and Motivala 2002, section 4.2",
                "news-in-order",
            ),
            switch(
                "new_life",
                t!("A member that hears that it was declared faulty joins again as a new one"),
                "Das, Gupta and Motivala 2002, section 4.2: a Confirm is never taken back; as foca's Identity::renew",
                "views-agree",
            ),
            switch(
                "reconnect",
                t!(
                    "Now and then a member pings one that was declared faulty, or a seed it does not know, in case it is there"
                ),
                "not in the paper; as in Serf (reconnect_interval, retry_join)",
                "views-agree",
            ),
            cited(
                "ping",
                t!("In each period a member pings one other and waits for its ack"),
                "Das, Gupta and Motivala 2002, section 3.1",
            ),
            cited(
                "piggyback",
                t!("News travels on pings and acks, each λ log n times, the youngest first"),
                "Das, Gupta and Motivala 2002, section 4.1",
            ),
            cited(
                "confirm",
                t!("A suspicion that is not refuted in time becomes a declaration: faulty"),
                "Das, Gupta and Motivala 2002, section 4.2",
            ),
            cited(
                "tell_the_suspect",
                t!("Whoever writes to a member that it suspects tells it so"),
                "Dadgar, Phillips and Currey 2018 (Lifeguard), the buddy system",
            ),
            cited(
                "join",
                t!("A node that starts asks one that it knows for the list of members"),
                "Das, Gupta and Motivala 2002, section 3.2",
            ),
            cited("leave", t!("A member that leaves says so itself"), "Das, Gupta and Motivala 2002, section 3.2"),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
