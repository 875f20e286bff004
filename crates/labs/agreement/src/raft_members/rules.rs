//! The rules about members and about needless elections, which can be switched off here, and those of Raft, which are only cited.

use parts::values::{number, word};
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Value, t};

use super::RaftMembers;
use crate::raft::Raft;

impl Rules for RaftMembers {
    fn rules() -> Vec<Rule> {
        let own = vec![
            Rule::switch(
                "current_term_first",
                t!("A leader changes the members only after it has committed an entry of its own term"),
                "D. Ongaro, bug in single-server membership changes, raft-dev, July 2015",
                "leader-completeness",
            )
            .hunted_on(Ground {
                settings: [fast_changes(), rash_elections(), vec![("spares", number(1)), ("change_ms", number(100))]]
                    .concat(),
                hazards: vec![Hazard::Cut],
                fault_events: 1_000,
            }),
            Rule::switch(
                "one_change",
                t!("One change of the members at a time: the next waits until the one before is committed"),
                "Raft dissertation, section 4.1; Raft paper, section 6",
                "leader-completeness",
            )
            .hunted_on(Ground {
                settings: [fast_changes(), vec![("servers", number(3))]].concat(),
                ..Ground::default()
            }),
            Rule::switch(
                "both_majorities",
                t!("While two configurations hold, nothing is decided without a majority of each"),
                "Raft paper, section 6",
                "leader-completeness",
            )
            .hunted_on(Ground {
                settings: [fast_changes(), rash_elections(), vec![("membership", word("joint"))]].concat(),
                hazards: vec![Hazard::Cut],
                ..Ground::default()
            }),
            Rule::switch(
                "ask_first",
                t!("A server stands for election only if a majority says that it would vote for it"),
                "Raft dissertation, section 9.6",
                "no-needless-election",
            ),
            Rule::switch(
                "leader_steps_down",
                t!("A leader that is removed leads until that is committed, and then gives up"),
                "Raft dissertation, section 4.2.2",
                "members-agree",
            ),
            Rule::cited(
                "joint",
                t!("From one configuration to another by way of one in which both hold"),
                "Raft paper, section 6 and Figure 11",
            ),
            Rule::cited(
                "learners",
                t!("A new server learns first, and votes once it has caught up"),
                "Raft dissertation, section 4.2.1 and Figure 4.5",
            ),
            Rule::cited(
                "check_quorum",
                t!("A leader that a majority has not answered for an election timeout gives up"),
                "Raft dissertation, section 6.2",
            ),
            Rule::cited(
                "transfer",
                t!("A leader hands over to a server that has all of its log, by having it stand at once"),
                "Raft dissertation, section 3.10",
            ),
            Rule::cited(
                "forget_leader",
                t!("A server that is told to forget its leader votes without waiting"),
                "etcd-io/raft, ForgetLeader in rawnode.go",
            ),
            Rule::cited(
                "own_snapshot",
                t!("Each server takes a snapshot of its own, with the members at its end"),
                "Raft paper, section 7 and Figure 12",
            ),
        ];
        let cited = Raft::rules().into_iter().map(|rule| Rule::cited(rule.name, rule.title, rule.source));
        own.into_iter().chain(cited).collect()
    }
}

/// Elections as soon as a heartbeat is late: two leaders change the members at about the same time.
fn rash_elections() -> Vec<(&'static str, Value)> {
    vec![
        ("heartbeat_ms", number(100)),
        ("timeout_most_ms", number(200)),
        ("pre_vote", Value::Flag(false)),
        ("check_quorum", Value::Flag(false)),
    ]
}

/// Changes that follow each other closely, of servers that vote at once.
fn fast_changes() -> Vec<(&'static str, Value)> {
    vec![("clients", number(0)), ("change_ms", number(150)), ("new_servers", word("vote"))]
}
