//! How real failure detectors are set.

use sim::{Preset, Presets, Value, t};

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
                    ("interval_ms", Value::Integer(1_000)),
                    ("threshold_tenths", Value::Integer(80)),
                    ("window", Value::Integer(1_000)),
                    ("least_deviation_ms", Value::Integer(100)),
                    ("pause_ms", Value::Integer(3_000)),
                ],
            },
            Preset {
                name: "cassandra",
                title: t!("Cassandra, as it comes"),
                source: "conf/cassandra.yaml; FailureDetector.java and Gossiper.java",
                settings: vec![
                    ("detector", word("exponential")),
                    ("interval_ms", Value::Integer(1_000)),
                    ("threshold_tenths", Value::Integer(80)),
                    ("window", Value::Integer(1_000)),
                ],
            },
        ]
    }
}

fn word(word: &str) -> Value {
    Value::Word(word.to_string())
}
