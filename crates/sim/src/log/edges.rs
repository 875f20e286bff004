//! Messages, as far as clocks show them: the edges between hosts in the transitive reduction of happened-before.

use serde::{Deserialize, Serialize};

use super::clocks::{Clocks, Raise, Raises};
use super::extension::Name;
use crate::base::order::sort_by_key;

/// The first of two events happened before the second, on another host, and nothing happened between. Both by their places
/// in the order of the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edge {
    pub to: u32,
    pub from: u32,
}

/// The edges of an execution, by the event that they lead to.
pub(super) fn reduce(order: &[Name], places: &[Vec<u32>], raises: &Raises, clocks: &Clocks) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::new();
    let place = |raise: &Raise| places[usize::from(raise.other)][raise.count as usize - 1];
    let mut news: Vec<Raise> = Vec::new();
    for (event, (host, own)) in order.iter().enumerate() {
        news.clear();
        news.extend(raises.at(*host, *own));
        // What comes last is in nobody's past; of the others, that which is in nobody's past so far.
        sort_by_key(&mut news, |raise| u128::from(u32::MAX - place(raise)));
        let mut found: Vec<Edge> = Vec::new();
        for (nth, heard) in news.iter().enumerate() {
            let covers = |edge: &Edge| {
                let (other, count) = order[edge.from as usize];
                clocks.count(other, count, heard.other) >= heard.count
            };
            if nth == 0 || !found.iter().any(covers) {
                found.push(Edge { from: place(heard), to: event as u32 });
            }
        }
        sort_by_key(&mut found, |edge| u128::from(edge.from));
        edges.extend(found);
    }
    edges
}
