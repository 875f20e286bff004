//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::{Message, Node, Pbft, Replica};

const R1: NodeId = NodeId(1);

impl Scenarios for Pbft {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Pbft>> {
        vec![Prepared {
            name: "one-request",
            title: t!("One request, three rounds"),
            summary: t!("C1 wants x to be 3."),
            seed: 1,
            settings: vec![("workload_ms", number(0)), ("liars", number(0)), ("clients", number(1))],
            sight: Sight::STAGE,
            direct: |director| {
                director.operate(NodeId(4), "put", &[word("x"), word("3")]);
            },
            expect: vec![("same-order", Outcome::Kept)],
        }]
    }
}
