//! The timeouts of real systems, and whether they ask first, count answers, and let new servers learn.

use parts::values::{number, word};
use sim::{Preset, Presets, Value, t};

use super::RaftMembers;

impl Presets for RaftMembers {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "etcd",
                title: t!("etcd, as it comes"),
                source: "etcd 3.5 documentation, Tuning and Configuration options (--pre-vote true); etcd-io/raft, raft.go; etcd, server/etcdserver/bootstrap.go (CheckQuorum)",
                settings: [
                    timeouts(1_000, 2_000, 100),
                    stays(true),
                    vec![("membership", word("single")), ("new_servers", word("learn"))],
                ]
                .concat(),
            },
            Preset {
                name: "etcd-3.3",
                title: t!("etcd before 3.4: nobody asks first"),
                source: "etcd-io/etcd, CHANGELOG-3.4: pre-vote is on from 3.4 on",
                settings: [
                    timeouts(1_000, 2_000, 100),
                    stays(false),
                    vec![("membership", word("single")), ("new_servers", word("vote"))],
                ]
                .concat(),
            },
            Preset {
                name: "tikv",
                title: t!("TiKV, as it comes, five times as fast"),
                source: "tikv, components/raftstore/src/store/config.rs: a tick a second, heartbeat 2 ticks, election 10 to 20 ticks, prevote",
                settings: [
                    timeouts(2_000, 4_000, 400),
                    stays(true),
                    vec![("membership", word("joint")), ("new_servers", word("learn-then-vote"))],
                ]
                .concat(),
            },
        ]
    }
}

/// Election timeouts and heartbeats in milliseconds.
fn timeouts(least: i64, most: i64, heartbeat: i64) -> Vec<(&'static str, Value)> {
    vec![
        ("timeout_least_ms", number(least)),
        ("timeout_most_ms", number(most)),
        ("heartbeat_ms", number(heartbeat)),
        ("change_ms", number(10 * heartbeat.max(100))),
    ]
}

/// Leaders count their answers; whether servers ask first.
fn stays(pre_vote: bool) -> Vec<(&'static str, Value)> {
    vec![("pre_vote", Value::Flag(pre_vote)), ("check_quorum", Value::Flag(true))]
}
