//! What a lieutenant has heard, by way of whom: a tree, folded from its leaves (Lamport, Shostak and Pease 1982, section 3, OM(m)).

use serde::Serialize;
use sim::NodeId;

use super::{COMMANDER, Config, Order};

/// What has been heard by way of some generals: the commander first, and last who said it to this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heard {
    pub path: Vec<NodeId>,
    pub order: Order,
}

/// What stands under this path, if it was heard.
pub fn heard(all: &[Heard], path: &[NodeId]) -> Option<Order> {
    all.iter().find(|heard| heard.path == path).map(|heard| heard.order)
}

/// All ways, of so many generals at most, by which an order can come to this one, the shorter ones first.
pub fn paths(config: &Config, me: NodeId, longest: usize) -> Vec<Vec<NodeId>> {
    let mut all = vec![vec![COMMANDER]];
    let mut from = 0;
    for _ in 1..longest {
        let to = all.len();
        for place in from..to {
            for next in config.nodes().filter(|next| *next != me) {
                if !all[place].contains(&next) {
                    all.push([&all[place][..], &[next]].concat());
                }
            }
        }
        from = to;
    }
    all
}

/// The votes on what the last general of a path was told: what it said itself, and what the others say that it told them.
pub fn votes(config: &Config, me: NodeId, all: &[Heard], path: &[NodeId]) -> Vec<Order> {
    // What has not come counts as to retreat (A3).
    let mut votes = vec![heard(all, path).unwrap_or_default()];
    if path.len() < config.rounds() {
        for next in config.nodes().filter(|next| *next != me && !path.contains(next)) {
            votes.push(value(config, me, all, &[path, &[next]].concat()));
        }
    }
    votes
}

/// What the last general of a path was told, by the majority.
pub fn value(config: &Config, me: NodeId, all: &[Heard], path: &[NodeId]) -> Order {
    Order::majority(&votes(config, me, all, path))
}

/// The different orders that were heard, in the order in which they came.
pub fn different(all: &[Heard]) -> Vec<Order> {
    let mut orders = Vec::new();
    for heard in all {
        if !orders.contains(&heard.order) {
            orders.push(heard.order);
        }
    }
    orders
}
