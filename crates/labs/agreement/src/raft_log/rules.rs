//! The rules of section 7, which can be switched off here, and those of Raft, which are only cited.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Value, t};

use super::RaftLog;
use crate::raft::Raft;

impl Rules for RaftLog {
    fn rules() -> Vec<Rule> {
        let own = vec![
            Rule::switch(
                "drop_conflicts",
                t!("A follower whose log lacks the last entry of a snapshot drops its whole log"),
                "Raft paper, Figure 13, receiver 7",
                "log-matching",
            )
            .hunted_on(Ground {
                settings: vec![
                    ("snapshot_every", number(3)),
                    ("snapshot_parts", number(1)),
                    ("workload_ms", number(30)),
                ],
                ..Ground::default()
            }),
            Rule::switch(
                "keep_suffix",
                t!("A follower whose log has the last entry of a snapshot keeps what follows it"),
                "Raft paper, Figure 13, receiver 6",
                "leader-completeness",
            )
            .hunted_on(Ground {
                settings: [sent_whole(2), vec![("entries_a_message", number(8)), ("delay_most_us", number(60_000))]]
                    .concat(),
                hazards: away_and_late(),
                fault_events: 800,
            }),
            Rule::switch(
                "no_way_back",
                t!("A snapshot of what a follower knows to be committed changes nothing there"),
                "follows from section 7 of the Raft paper; etcd-io/raft, restore in raft.go",
                "leader-completeness",
            )
            .hunted_on(Ground { settings: sent_whole(1), hazards: away_and_late(), ..Ground::default() }),
            Rule::switch(
                "sessions_in_snapshot",
                t!("A snapshot holds the last command of each client with its result"),
                "Raft dissertation, section 6.3; Raft paper, section 8",
                "linearizable",
            )
            .hunted_on(Ground {
                settings: vec![("snapshot_every", number(2)), ("retry_ms", number(150))],
                hazards: vec![Hazard::Crash, Hazard::Cut],
                ..Ground::default()
            }),
            Rule::switch(
                "answer_when_written",
                t!("A server promises nothing before it is on its disk"),
                "Raft paper, Figure 2, persistent state: updated on stable storage before responding to RPCs",
                "leader-completeness",
            )
            .hunted_on(slow_disks()),
            Rule::switch(
                "count_when_written",
                t!("A leader that writes while it sends counts itself only for what is on its own disk"),
                "Raft dissertation, section 10.2.1; etcd-io/raft, doc.go, AsyncStorageWrites",
                "leader-completeness",
            )
            .hunted_on(slow_disks()),
            Rule::cited(
                "flow_control",
                t!("So many messages may be without an answer; a follower that does not answer gets no more"),
                "etcd-io/raft, raft.go, MaxInflightMsgs, and testdata/replicate_pause.txt",
            ),
            Rule::cited(
                "own_snapshot",
                t!("Each server takes a snapshot of its own, of what is committed, and drops the entries before it"),
                "Raft paper, section 7 and Figure 12",
            ),
            Rule::cited(
                "send_snapshot",
                t!("A leader that has dropped the next entry of a follower sends its snapshot instead"),
                "Raft paper, section 7",
            ),
            Rule::cited(
                "snapshot_parts",
                t!("A snapshot comes in parts, in their order, and counts when the last one is there"),
                "Raft paper, Figure 13, receiver 2 to 5",
            ),
        ];
        let cited = Raft::rules().into_iter().map(|rule| Rule::cited(rule.name, rule.title, rule.source));
        own.into_iter().chain(cited).collect()
    }
}

/// Disks that are slower than a message there and back, and servers that crash while they write.
fn slow_disks() -> Ground {
    Ground {
        settings: vec![
            ("write_us", number(60_000)),
            ("snapshot_every", number(0)),
            ("workload_ms", number(10)),
            ("timeout_least_ms", number(200)),
        ],
        hazards: vec![Hazard::Crash],
        fault_events: 300,
    }
}

/// A snapshot in one message after so few entries: a server that was away for a moment needs one.
fn sent_whole(every: i64) -> Vec<(&'static str, Value)> {
    vec![("snapshot_every", number(every)), ("snapshot_parts", number(1)), ("workload_ms", number(20))]
}

/// Servers that were away, and messages that come late.
fn away_and_late() -> Vec<Hazard> {
    vec![Hazard::Crash, Hazard::Disorder, Hazard::Cut]
}
