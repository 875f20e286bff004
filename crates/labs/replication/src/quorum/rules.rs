//! The rules that decide what a server does, with their sources.

use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::LeaderlessQuorum;
use parts::values::number;

impl Rules for LeaderlessQuorum {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "context",
                t!("A put replaces only the versions that its writer has seen"),
                "Dynamo, section 4.4",
                "no-lost-write",
            ),
            switch(
                "own_dot",
                t!("A coordinator counts on for each version it makes, whatever its writer had seen"),
                "Preguiça et al. 2010, dotted version vectors",
                "no-lost-write",
            ),
            switch(
                "write_first",
                t!("A replica writes to disk before it acknowledges"),
                "Dynamo, section 4.5 (durability) and section 6.1",
                "no-lost-write",
            ),
            switch(
                "write_quorum",
                t!("A put is acknowledged when w replicas have written it"),
                "Dynamo, section 4.5",
                "read-latest",
            ),
            switch(
                "read_quorum",
                t!("A get is answered when r replicas have answered"),
                "Dynamo, section 4.5",
                "read-latest",
            ),
            switch(
                "read_repair",
                t!("A replica that answers a get with old versions is sent the newer ones"),
                "Dynamo, section 5; Cassandra, read repair",
                "monotonic-reads",
            )
            .hunted_on(half_written()),
            switch(
                "hinted_handoff",
                t!("A write kept for a server that was away is returned to it"),
                "Dynamo, section 4.6",
                "hints-returned",
            ),
            cited("preference_list", t!("The first n servers around the ring hold a key"), "Dynamo, section 4.3"),
            cited("siblings", t!("Versions that do not know each other are all kept"), "Dynamo, section 4.4"),
            cited("merge", t!("The client merges siblings and writes the result back"), "Dynamo, section 4.4"),
            cited(
                "last_write_wins",
                t!("Of concurrent versions the one with the latest time stays"),
                "Dynamo, section 4.4",
            ),
            cited("sloppy_quorum", t!("The first n healthy servers of the list take part"), "Dynamo, section 4.6"),
            cited(
                "hint",
                t!("A write for a server that does not answer is kept with a hint to it"),
                "Dynamo, section 4.6",
            ),
            cited("suspect", t!("A server that does not answer is left out for a while"), "Dynamo, section 4.8.3"),
            cited("merkle", t!("Replicas compare Merkle trees from the root down"), "Dynamo, section 4.7"),
            cited("unavailable", t!("With fewer than the quorum, an operation fails"), "Dynamo, section 4.5"),
        ]
    }
}

/// Many puts that reach some of their replicas only.
fn half_written() -> Ground {
    Ground {
        settings: vec![
            ("servers", number(3)),
            ("clients", number(3)),
            ("workload_ms", number(30)),
            ("loss_percent", number(20)),
        ],
        hazards: vec![Hazard::Cut],
        ..Ground::default()
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
