//! How real failure detectors are set.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::Heartbeats;

impl Presets for Heartbeats {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "akka",
                title: t!("Akka Cluster, as it comes"),
                source: "akka-cluster, reference.conf, failure-detector",
                settings: vec![
                    ("detector", word("phi")),
                    ("interval_ms", number(1_000)),
                    ("threshold_tenths", number(80)),
                    ("window", number(1_000)),
                    ("least_deviation_ms", number(100)),
                    ("pause_ms", number(3_000)),
                ],
            },
            Preset {
                name: "cassandra",
                title: t!("Cassandra, as it comes"),
                source: "conf/cassandra.yaml; FailureDetector.java and Gossiper.java",
                settings: vec![
                    ("detector", word("exponential")),
                    ("interval_ms", number(1_000)),
                    ("threshold_tenths", number(80)),
                    ("window", number(1_000)),
                ],
            },
        ]
    }
}
