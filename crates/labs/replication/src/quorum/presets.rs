//! How real stores are set up.

use parts::values::{number, word};
use sim::{Preset, Presets, Text, Value, t};

use super::LeaderlessQuorum;

impl Presets for LeaderlessQuorum {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "dynamo",
                title: t!("Dynamo: n = 3, r = 2, w = 2"),
                source: "DeCandia et al. 2007, sections 4.4 to 4.6, 5 and 6",
                settings: vec![
                    ("n", number(3)),
                    ("r", number(2)),
                    ("w", number(2)),
                    ("sloppy", Value::Flag(true)),
                    ("coordinator", word("replica")),
                    ("conflicts", word("siblings")),
                    ("repair", word("after")),
                ],
            },
            cassandra("cassandra", t!("Cassandra with QUORUM"), 2),
            cassandra("cassandra-one", t!("Cassandra with ONE"), 1),
            Preset {
                name: "riak",
                title: t!("Riak KV, as it comes"),
                source: "Riak KV 2.2 documentation, Replication and Conflict Resolution",
                settings: vec![
                    ("n", number(3)),
                    ("r", number(2)),
                    ("w", number(2)),
                    ("sloppy", Value::Flag(true)),
                    ("conflicts", word("siblings")),
                ],
            },
        ]
    }
}

/// Cassandra at a consistency level that waits for this many of three replicas.
fn cassandra(name: &'static str, title: Text, replicas: i64) -> Preset {
    Preset {
        name,
        title,
        source: "Cassandra documentation, Dynamo, Read repair and Hints; conf/cassandra.yaml",
        settings: vec![
            ("n", number(3)),
            ("r", number(replicas)),
            ("w", number(replicas)),
            ("sloppy", Value::Flag(false)),
            ("coordinator", word("any")),
            ("conflicts", word("last-write-wins")),
            ("repair", word("before")),
            ("virtual_nodes", number(16)),
        ],
    }
}
