//! The rules of Raft that decide what a server does, with their places in the paper.

use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::Raft;
use parts::values::{number, word};

/// What it takes that a server gets as many votes as nobody else can in its term.
pub(super) const ONE_LEADER: [&str; 8] = [
    "majority",
    "one_vote",
    "persist_vote",
    "persist_term",
    "step_down",
    "one_change",
    "current_term_first",
    "both_majorities",
];

/// What it takes that committed entries stay.
pub(super) const KEEP_COMMITTED: [&str; 14] = [
    "own_term_commit",
    "up_to_date_vote",
    "majority",
    "one_vote",
    "persist_vote",
    "persist_term",
    "step_down",
    "consistency_check",
    "only_conflicts",
    "commit_bound",
    "append_only",
    "one_change",
    "current_term_first",
    "both_majorities",
];

impl Rules for Raft {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "up_to_date_vote",
                t!("Vote only for a candidate whose log is at least as up to date as your own"),
                "Raft paper, section 5.4.1",
                "leader-completeness",
            ),
            switch(
                "own_term_commit",
                t!("Count copies only of entries of your own term; older entries are committed along with them"),
                "Raft paper, section 5.4.2 and Figure 8",
                "leader-completeness",
            )
            .hunted_on(Ground {
                settings: vec![("initial_logs", word("figure-8")), ("clients", number(0))],
                ..Ground::default()
            }),
            switch(
                "persist_vote",
                t!("Write your vote to disk before you answer"),
                "Raft paper, Figure 2, persistent state",
                "election-safety",
            )
            .hunted_on(rivals()),
            switch(
                "persist_term",
                t!("Write the term to disk before you answer"),
                "Raft paper, Figure 2, persistent state",
                "election-safety",
            ),
            switch(
                "majority",
                t!("A majority decides: more than half of all servers"),
                "Raft paper, section 5.2",
                "election-safety",
            ),
            switch(
                "consistency_check",
                t!("Take entries only if your log holds the entry before them, with the same term"),
                "Raft paper, section 5.3",
                "log-matching",
            ),
            switch(
                "step_down",
                t!("Whoever sees a higher term becomes a follower in it"),
                "Raft paper, section 5.1",
                "election-safety",
            ),
            switch(
                "random_timeouts",
                t!("Each server waits for a random time before it asks for votes"),
                "Raft paper, section 5.2",
                "leader-followed",
            ),
            switch(
                "confirm_reads",
                t!("A leader makes sure that it still leads before it answers a read"),
                "Raft paper, section 8",
                "linearizable",
            ),
            switch(
                "client_sessions",
                t!("A command that a client sends twice is carried out once"),
                "Raft paper, section 8",
                "linearizable",
            )
            .hunted_on(Ground {
                settings: vec![("servers", number(3))],
                hazards: vec![Hazard::Crash, Hazard::Cut, Hazard::Loss],
                ..Ground::default()
            }),
            switch(
                "one_vote",
                t!("One vote a term, for the candidate that asks first"),
                "Raft paper, section 5.2 and Figure 2, RequestVote, receiver 2",
                "one-vote",
            ),
            switch(
                "only_conflicts",
                t!(
                    "A follower deletes only entries that conflict with its leader's: a late message must not shorten its log"
                ),
                "Raft paper, Figure 2, AppendEntries, receiver 3 and 4",
                "commit-in-log",
            ),
            switch(
                "commit_bound",
                t!("A follower takes for committed only what it knows to be as in its leader's log"),
                "Raft paper, Figure 2, AppendEntries, receiver 5",
                "commit-in-log",
            ),
            switch(
                "append_only",
                t!("A leader never overwrites or deletes entries of its own log"),
                "Raft paper, section 5.3 and Figure 3, Leader Append-Only",
                "leader-append-only",
            ),
            cited(
                "election_timeout",
                t!("A follower that hears no leader starts an election"),
                "Raft paper, section 5.2",
            ),
            cited("starts_as_follower", t!("A server starts as a follower"), "Raft paper, section 5.2"),
            cited("newer_term", t!("Whoever hears of a higher term takes it over"), "Raft paper, section 5.1"),
            cited("old_term", t!("A message of an older term is refused"), "Raft paper, section 5.1"),
            cited(
                "candidate_yields",
                t!("A candidate that hears from the leader of its term becomes a follower"),
                "Raft paper, section 5.2",
            ),
            cited(
                "heartbeat",
                t!("A leader sends heartbeats so that nobody starts an election"),
                "Raft paper, section 5.2",
            ),
            cited(
                "leader_appends",
                t!("A leader adds commands to its log and sends them to all"),
                "Raft paper, section 5.3",
            ),
            cited("back_off", t!("A leader whose entries are refused starts further back"), "Raft paper, section 5.3"),
            cited(
                "stable_storage",
                t!("A server that has lost its disk cannot safely come back under its name"),
                "Raft dissertation, section 3.8",
            ),
            cited(
                "overwrite_conflicts",
                t!("A follower deletes entries that conflict with its leader's"),
                "Raft paper, section 5.3",
            ),
            cited("commit_majority", t!("An entry that a majority has stored is committed"), "Raft paper, section 5.3"),
            cited(
                "match_index",
                t!("A leader keeps count of what each follower has stored"),
                "Raft paper, section 5.3 and Figure 2, rules for leaders",
            ),
            cited("learn_commit", t!("A follower learns from its leader what is committed"), "Raft paper, section 5.3"),
            cited(
                "carry_out",
                t!("Every server carries out what is committed, in the order of the log"),
                "Raft paper, section 5.3 and Figure 2, rules for all servers",
            ),
            cited(
                "answer",
                t!("A leader answers a client when it has carried out the command"),
                "Raft paper, section 5.3 and Figure 2, rules for leaders",
            ),
            cited("no_op", t!("A leader opens its term with an empty entry"), "Raft paper, section 8"),
            cited(
                "ask_leader",
                t!("A client sends its commands to the leader, or at first to any server"),
                "Raft paper, section 8",
            ),
            cited("redirect", t!("Only the leader answers clients; others name it"), "Raft paper, section 8"),
            cited("client_retry", t!("A client that gets no answer asks another server"), "Raft paper, section 8"),
            cited(
                "leader_heard",
                t!("A server that has just heard from a leader votes for nobody else (needed for leases)"),
                "Raft dissertation, sections 4.2.3 and 6.4.1",
            ),
            cited(
                "lease",
                t!("While a majority has heard from it lately, a leader answers reads at once"),
                "Raft dissertation, section 6.4.1",
            ),
        ]
    }
}

/// Elections in which two stand at nearly the same time, of a third that crashes.
fn rivals() -> Ground {
    let settings = vec![("servers", number(3)), ("clients", number(0)), ("timeout_most_ms", number(160))];
    Ground { settings, hazards: vec![Hazard::Crash], fault_events: 200 }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
