//! When real systems take snapshots, and how many entries they keep for those who are a little behind.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::RaftLog;

impl Presets for RaftLog {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "etcd",
                title: t!("etcd 3.6, as it comes"),
                source: "etcd-io/etcd, server/etcdserver/server.go: DefaultSnapshotCount 10,000, DefaultSnapshotCatchUpEntries 5,000; etcd documentation, Tuning",
                settings: [
                    timeouts(1_000, 2_000, 100),
                    vec![("snapshot_every", number(10_000)), ("trailing", number(5_000))],
                ]
                .concat(),
            },
            Preset {
                name: "etcd-3.5",
                title: t!("etcd 3.2 to 3.5, as it comes"),
                source: "etcd-io/etcd, release 3.5, server/etcdserver/server.go: DefaultSnapshotCount 100,000, DefaultSnapshotCatchUpEntries 5,000",
                settings: [
                    timeouts(1_000, 2_000, 100),
                    vec![("snapshot_every", number(100_000)), ("trailing", number(5_000))],
                ]
                .concat(),
            },
            Preset {
                name: "consul",
                title: t!("Consul, as it comes"),
                source: "hashicorp/raft, config.go: SnapshotThreshold 8,192, TrailingLogs 10,240, 64 entries a message; consul, agent/consul/config.go (raft_multiplier 5)",
                settings: [
                    timeouts(5_000, 10_000, 500),
                    vec![
                        ("snapshot_every", number(8_192)),
                        ("trailing", number(10_240)),
                        ("entries_a_message", number(64)),
                    ],
                ]
                .concat(),
            },
            Preset {
                name: "swarm",
                title: t!("Docker Swarm, as it comes"),
                source: "moby/swarmkit, manager/state/raft/raft.go, DefaultRaftConfig: SnapshotInterval 10,000, LogEntriesForSlowFollowers 500, a tick a second, heartbeat 1, election 3",
                settings: [
                    timeouts(3_000, 6_000, 1_000),
                    vec![("snapshot_every", number(10_000)), ("trailing", number(500))],
                ]
                .concat(),
            },
        ]
    }
}

/// Election timeouts and heartbeats in milliseconds.
fn timeouts(least: i64, most: i64, heartbeat: i64) -> Vec<(&'static str, sim::Value)> {
    vec![("timeout_least_ms", number(least)), ("timeout_most_ms", number(most)), ("heartbeat_ms", number(heartbeat))]
}
