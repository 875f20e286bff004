//! How real stores are set up.

use sim::{Preset, Presets, Value, t};

use super::LeaderlessQuorum;

impl Presets for LeaderlessQuorum {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "dynamo",
                title: t!("Dynamo: n = 3, r = 2, w = 2"),
                source: "DeCandia et al. 2007, sections 4.4 to 4.6, 5 and 6",
                settings: vec![
                    ("n", Value::Integer(3)),
                    ("r", Value::Integer(2)),
                    ("w", Value::Integer(2)),
                    ("sloppy", Value::Flag(true)),
                    ("coordinator", word("replica")),
                    ("conflicts", word("siblings")),
                    ("repair", word("after")),
                ],
            },
            Preset {
                name: "cassandra",
                title: t!("Cassandra with QUORUM"),
                source: "Cassandra documentation, Dynamo, Read repair and Hints; conf/cassandra.yaml",
                settings: vec![
                    ("n", Value::Integer(3)),
                    ("r", Value::Integer(2)),
                    ("w", Value::Integer(2)),
                    ("sloppy", Value::Flag(false)),
                    ("coordinator", word("any")),
                    ("conflicts", word("last-write-wins")),
                    ("repair", word("before")),
                    ("virtual_nodes", Value::Integer(16)),
                ],
            },
            Preset {
                name: "cassandra-one",
                title: t!("Cassandra with ONE"),
                source: "Cassandra documentation, Dynamo, Read repair and Hints; conf/cassandra.yaml",
                settings: vec![
                    ("n", Value::Integer(3)),
                    ("r", Value::Integer(1)),
                    ("w", Value::Integer(1)),
                    ("sloppy", Value::Flag(false)),
                    ("coordinator", word("any")),
                    ("conflicts", word("last-write-wins")),
                    ("repair", word("before")),
                    ("virtual_nodes", Value::Integer(16)),
                ],
            },
            Preset {
                name: "riak",
                title: t!("Riak KV, as it comes"),
                source: "Riak KV 2.2 documentation, Replication and Conflict Resolution",
                settings: vec![
                    ("n", Value::Integer(3)),
                    ("r", Value::Integer(2)),
                    ("w", Value::Integer(2)),
                    ("sloppy", Value::Flag(true)),
                    ("conflicts", word("siblings")),
                ],
            },
        ]
    }
}

fn word(word: &str) -> Value {
    Value::Word(word.to_string())
}
