//! How real systems replicate.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::Replicas;

impl Presets for Replicas {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "postgresql",
                title: t!("PostgreSQL, as it comes"),
                source: "PostgreSQL documentation, chapter High Availability, Load Balancing, and Replication",
                settings: vec![("mode", word("async")), ("failover", word("manual")), ("reads", word("replicas"))],
            },
            Preset {
                name: "postgresql-quorum",
                title: t!("PostgreSQL with synchronous_standby_names = 'ANY 1 (s2, s3)'"),
                source: "PostgreSQL documentation, synchronous_standby_names",
                settings: vec![("replicas", number(2)), ("mode", word("quorum")), ("failover", word("manual"))],
            },
            Preset {
                name: "mysql-semi-sync",
                title: t!("MySQL, semi-synchronous"),
                source: "MySQL manual, Semisynchronous Replication Administrative Interface",
                settings: vec![
                    ("mode", word("semi-sync")),
                    ("fall_back_ms", number(10_000)),
                    ("failover", word("manual")),
                    ("reads", word("replicas")),
                ],
            },
        ]
    }
}
