//! The timeouts of real systems.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::Raft;

impl Presets for Raft {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "etcd",
                title: t!("etcd, as it comes"),
                source: "etcd 3.5 documentation, Tuning; etcd-io/raft, raft.go",
                settings: vec![
                    ("timeout_least_ms", number(1_000)),
                    ("timeout_most_ms", number(2_000)),
                    ("heartbeat_ms", number(100)),
                ],
            },
            Preset {
                name: "consul",
                title: t!("Consul, as it comes"),
                source: "hashicorp/raft, config.go and util.go; consul, agent/consul/config.go (raft_multiplier 5)",
                settings: vec![
                    ("timeout_least_ms", number(5_000)),
                    ("timeout_most_ms", number(10_000)),
                    ("heartbeat_ms", number(500)),
                    ("entries_a_message", number(64)),
                ],
            },
            Preset {
                name: "consul-fast",
                title: t!("Consul with raft_multiplier = 1"),
                source: "hashicorp/raft, config.go and util.go; consul, agent/config/default.go",
                settings: vec![
                    ("timeout_least_ms", number(1_000)),
                    ("timeout_most_ms", number(2_000)),
                    ("heartbeat_ms", number(100)),
                    ("entries_a_message", number(64)),
                ],
            },
            Preset {
                name: "cockroachdb",
                title: t!("CockroachDB, as it comes"),
                source: "cockroachdb/cockroach, pkg/base/config.go",
                settings: vec![
                    ("timeout_least_ms", number(2_000)),
                    ("timeout_most_ms", number(4_000)),
                    ("heartbeat_ms", number(1_000)),
                ],
            },
            Preset {
                name: "kafka-kraft",
                title: t!("Kafka's controllers (KRaft); a fetch stands for a heartbeat"),
                source: "apache/kafka, QuorumConfig.java, QuorumState.java and KafkaRaftClient.java",
                settings: vec![
                    ("timeout_least_ms", number(1_000)),
                    ("timeout_most_ms", number(2_000)),
                    ("heartbeat_ms", number(500)),
                ],
            },
        ]
    }
}
