//! How real groups gossip. What memberlist counts in decimal logarithms of the members is said for five of them.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::Swim;

impl Presets for Swim {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "memberlist",
                title: t!("memberlist and Consul in one data centre"),
                source: "hashicorp/memberlist, config.go (DefaultLANConfig) and util.go",
                settings: vec![
                    ("nodes", number(5)),
                    ("period_ms", number(1_000)),
                    ("timeout_ms", number(500)),
                    ("k", number(3)),
                    ("suspicion_periods", number(4)),
                    ("lambda", number(2)),
                ],
            },
            Preset {
                name: "serf",
                title: t!("Serf, as it comes"),
                source: "hashicorp/serf, serf/config.go",
                settings: vec![
                    ("nodes", number(5)),
                    ("period_ms", number(1_000)),
                    ("timeout_ms", number(500)),
                    ("k", number(3)),
                    ("suspicion_periods", number(4)),
                    ("reconnect_periods", number(30)),
                    ("lambda", number(2)),
                ],
            },
        ]
    }
}
