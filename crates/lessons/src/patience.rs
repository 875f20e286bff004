//! How much work a text may ask for: whatever stands in it, reading and proving it ends soon.

use std::cell::Cell;
use std::rc::Rc;

/// What is left of the work that may be done, in events of a small run: a few millions of them are a few seconds. Those who share it
/// have a clone.
#[derive(Clone, Debug)]
pub(crate) struct Patience(Rc<Cell<u64>>);

/// Of somebody who tries one thing: a statement, an answer, a look at a task.
const FOR_ONE: u64 = 4_000_000;

/// What one look at a frame costs, and what each node adds to that.
const FRAME: u64 = 40;
const FRAME_NODE: u64 = 4;

impl Default for Patience {
    fn default() -> Patience {
        Patience::new(FOR_ONE)
    }
}

impl Patience {
    pub(crate) fn new(events: u64) -> Patience {
        Patience(Rc::new(Cell::new(events)))
    }

    /// Does so much work, or says that it is too much.
    pub(crate) fn spend(&self, cost: u64) -> Result<(), &'static str> {
        let left = self.0.get().checked_sub(cost);
        self.0.set(left.unwrap_or(0));
        left.map(drop).ok_or("this takes too many events: let less time pass, or ask for less")
    }

    /// Whether nothing more can be done.
    pub(crate) fn is_over(&self) -> bool {
        self.0.get() == 0
    }
}

/// What a frame of so many nodes costs.
pub(crate) fn frame_cost(nodes: usize) -> u64 {
    FRAME + FRAME_NODE * nodes as u64
}
