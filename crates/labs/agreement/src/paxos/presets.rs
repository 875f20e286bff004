//! Settings as published and as in a system.

use parts::values::number;
use sim::{Preset, Presets, Value, t};

use super::Paxos;

impl Presets for Paxos {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "cassandra",
                title: t!("Cassandra's light-weight transactions"),
                source: "apache/cassandra, StorageProxy.java, cas: no leader; who is overtaken sleeps for up to 100 ms, drawn at random",
                settings: vec![("backoff_ms", number(100)), ("doublings", number(0)), ("acceptors", number(3))],
            },
            Preset {
                name: "distinguished-proposer",
                title: t!("one distinguished proposer"),
                source: "Paxos Made Simple, section 2.4",
                settings: vec![("leader", Value::Flag(true))],
            },
        ]
    }
}
