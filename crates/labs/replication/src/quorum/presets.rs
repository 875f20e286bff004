//! How real stores are set up.

use parts::values::{number, word};
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
                    ("n", number(3)),
                    ("r", number(2)),
                    ("w", number(2)),
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
                    ("n", number(3)),
                    ("r", number(2)),
                    ("w", number(2)),
                    ("sloppy", Value::Flag(false)),
                    ("coordinator", word("any")),
                    ("conflicts", word("last-write-wins")),
                    ("repair", word("before")),
                    ("virtual_nodes", number(16)),
                ],
            },
            Preset {
                name: "cassandra-one",
                title: t!("Cassandra with ONE"),
                source: "Cassandra documentation, Dynamo, Read repair and Hints; conf/cassandra.yaml",
                settings: vec![
                    ("n", number(3)),
                    ("r", number(1)),
                    ("w", number(1)),
                    ("sloppy", Value::Flag(false)),
                    ("coordinator", word("any")),
                    ("conflicts", word("last-write-wins")),
                    ("repair", word("before")),
                    ("virtual_nodes", number(16)),
                ],
            },
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
