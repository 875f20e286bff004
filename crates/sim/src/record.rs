//! What one event did, written down while somebody watches.

use std::sync::Arc;

use crate::id::NodeId;
use crate::input::Input;
use crate::lab::Protocol;
use crate::network::Loss;
use crate::queue::Envelope;
use crate::text::Text;

/// What one event did.
#[derive(Clone, Debug)]
pub struct Record<P: Protocol> {
    /// What happened.
    pub what: Happening<P>,
    /// The event that sent the message or set the timer.
    pub cause: Option<u64>,
    /// The messages that were sent, with copies and with those that were lost at once.
    pub sent: Vec<Arc<Envelope<P>>>,
    /// The messages that were lost, and why.
    pub lost: Vec<(Arc<Envelope<P>>, Loss)>,
    /// What the node says about it.
    pub notes: Vec<Text>,
    /// The rules that decided what it did.
    pub rules: Vec<&'static str>,
}

/// What kind of thing happened.
#[derive(Clone, Debug)]
pub enum Happening<P: Protocol> {
    /// Nothing yet: the start of a run.
    Start,
    /// A message came to its receiver, or to where its receiver should have been.
    Delivery(Arc<Envelope<P>>),
    /// A timer ran out.
    Timer(NodeId, P::Timer),
    /// Somebody acted from outside.
    Input(Input),
}

impl<P: Protocol> Default for Record<P> {
    fn default() -> Self {
        Record {
            what: Happening::Start,
            cause: None,
            sent: Vec::new(),
            lost: Vec::new(),
            notes: Vec::new(),
            rules: Vec::new(),
        }
    }
}
