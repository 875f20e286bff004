//! How two events stand to each other: Lamport's "happened before" (1978), read off vector clocks (Fidge 1988; Mattern
//! 1989).

use super::execution::Execution;
use crate::explain::relation::Relation;

impl Execution {
    /// How event `a` stands to event `b`, both by their places.
    pub fn relation(&self, a: usize, b: usize) -> Relation {
        let knows = |event: usize, other: usize| {
            let other = self.event(other);
            self.count(event, other.host) >= other.own
        };
        match (knows(b, a), knows(a, b)) {
            _ if a == b => Relation::Same,
            (true, _) => Relation::Before,
            (false, true) => Relation::After,
            (false, false) => Relation::Concurrent,
        }
    }

    /// How many pairs of events there are of which neither could have caused the other.
    pub fn concurrent_pairs(&self) -> u64 {
        let events = self.events().len() as u64;
        events * (events - 1) / 2 - self.ordered_pairs()
    }
}
