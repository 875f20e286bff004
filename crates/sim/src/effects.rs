//! What a handler of a protocol may do.

use crate::history::{Call, OperationId, Outcome, Value};
use crate::id::NodeId;
use crate::lab::Protocol;
use crate::rng::Rng;
use crate::text::Text;

/// Collects what a node does while it handles one event. The world carries it out afterwards, in this order.
#[derive(Debug)]
pub struct Effects<'a, P: Protocol> {
    pub(crate) me: NodeId,
    pub(crate) node_count: usize,
    pub(crate) config: &'a P::Config,
    pub(crate) local_now_us: i64,
    pub(crate) rng: &'a mut Rng,
    pub(crate) out: &'a mut Outbox<P>,
    pub(crate) next_operation: u64,
}

/// What a handler asked for.
#[derive(Clone, Debug)]
pub(crate) struct Outbox<P: Protocol> {
    pub sends: Vec<(NodeId, P::Message)>,
    pub timers: Vec<(P::Timer, Option<u64>)>,
    pub disk: Option<P::Disk>,
    pub operations: Vec<OperationStep>,
    /// Whether anybody reads notes and rules: they cost nothing otherwise.
    pub recording: bool,
    pub notes: Vec<Text>,
    pub rules: Vec<&'static str>,
}

/// A client operation begins or ends.
#[derive(Clone, Debug)]
pub(crate) enum OperationStep {
    Invoke(Value, Call),
    Complete(OperationId, Outcome),
}

impl<P: Protocol> Default for Outbox<P> {
    fn default() -> Self {
        Outbox {
            sends: Vec::new(),
            timers: Vec::new(),
            disk: None,
            operations: Vec::new(),
            recording: false,
            notes: Vec::new(),
            rules: Vec::new(),
        }
    }
}

impl<P: Protocol> Effects<'_, P> {
    /// The node that acts.
    pub fn me(&self) -> NodeId {
        self.me
    }

    /// How many nodes the world has.
    pub fn node_count(&self) -> usize {
        self.node_count
    }

    /// What all nodes know.
    pub fn config(&self) -> &P::Config {
        self.config
    }

    /// What this node's own clock shows, in microseconds. It drifts, and a person can set it wrong.
    pub fn local_now(&self) -> i64 {
        self.local_now_us
    }

    /// Sends a message. It may arrive late, twice, after a later one, or not at all.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        self.out.sends.push((to, message));
    }

    /// Sets a timer to run out after so many microseconds of the node's own clock; one that is set already is moved.
    pub fn set_timer(&mut self, timer: P::Timer, after_us: u64) {
        self.out.timers.push((timer, Some(after_us)));
    }

    /// Cancels a timer; nothing happens if it is not set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        self.out.timers.push((timer, None));
    }

    /// Writes the disk. It is written before any message of this handler leaves.
    pub fn persist(&mut self, disk: P::Disk) {
        self.out.disk = Some(disk);
    }

    /// A client operation on this key begins here and now; the history keeps it.
    pub fn invoke(&mut self, key: Value, call: Call) -> OperationId {
        let id = OperationId(self.next_operation);
        self.next_operation += 1;
        self.out.operations.push(OperationStep::Invoke(key, call));
        id
    }

    /// A client operation ends here and now with this outcome.
    pub fn complete(&mut self, operation: OperationId, outcome: Outcome) {
        self.out.operations.push(OperationStep::Complete(operation, outcome));
    }

    /// A free choice of the protocol among 0 to `choices - 1`, such as a random timeout.
    pub fn choose(&mut self, choices: u64) -> u64 {
        self.rng.below(choices)
    }

    /// Says in a sentence what this event did: the caption. The first note is the headline, the second says why.
    pub fn note(&mut self, note: impl FnOnce() -> Text) {
        if self.out.recording {
            self.out.notes.push(note());
        }
    }

    /// Names the rule that decided what was done here.
    pub fn rule(&mut self, rule: &'static str) {
        if self.out.recording {
            self.out.rules.push(rule);
        }
    }
}
