//! Settings as real systems have them.

use parts::values::number;
use sim::{Preset, Presets, Value, t};

use super::TwoPhaseCommit;

impl Presets for TwoPhaseCommit {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "postgresql",
                title: t!("PostgreSQL, prepared transactions"),
                source: "PostgreSQL documentation, PREPARE TRANSACTION: a prepared transaction keeps its locks until somebody commits it or rolls it back; the server asks nobody",
                settings: vec![("cooperative", Value::Flag(false)), ("ask", Value::Flag(false))],
            },
            Preset {
                name: "narayana",
                title: t!("Narayana, in WildFly"),
                source: "WildFly model reference, transactions: default-timeout 300 s; JBossTS failure recovery guide, chapter 4: periodicRecoveryPeriod 120 s",
                settings: vec![
                    ("cooperative", Value::Flag(false)),
                    ("vote_ms", number(300_000)),
                    ("patience_ms", number(300_000)),
                    ("ask_ms", number(120_000)),
                ],
            },
        ]
    }
}
