//! How real groups gossip. What memberlist counts in decimal logarithms of the members is said for five of them.

use sim::{Preset, Presets, Value, t};

use super::Swim;

impl Presets for Swim {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "memberlist",
                title: t!("memberlist and Consul in one data centre"),
                source: "hashicorp/memberlist, config.go (DefaultLANConfig) and util.go",
                settings: vec![
                    ("nodes", Value::Integer(5)),
                    ("period_ms", Value::Integer(1_000)),
                    ("timeout_ms", Value::Integer(500)),
                    ("k", Value::Integer(3)),
                    ("suspicion_periods", Value::Integer(4)),
                    ("lambda", Value::Integer(2)),
                ],
            },
            Preset {
                name: "serf",
                title: t!("Serf, as it comes"),
                source: "hashicorp/serf, serf/config.go",
                settings: vec![
                    ("nodes", Value::Integer(5)),
                    ("period_ms", Value::Integer(1_000)),
                    ("timeout_ms", Value::Integer(500)),
                    ("k", Value::Integer(3)),
                    ("suspicion_periods", Value::Integer(4)),
                    ("reconnect_periods", Value::Integer(30)),
                    ("lambda", Value::Integer(2)),
                ],
            },
        ]
    }
}
