//! What one event did, written down while somebody watches.

use std::rc::Rc;

use crate::base::id::NodeId;
use crate::base::opaque::{Parcel, Shared};
use crate::base::text::Text;
use crate::kernel::input::Input;
use crate::kernel::network::Loss;
use crate::kernel::queue::Envelope;

/// What one event did.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// What happened.
    pub what: Happening,
    /// The event that sent the message or set the timer.
    pub cause: Option<u64>,
    /// The messages that were sent, with copies and with those that were lost at once.
    pub sent: Vec<Rc<Envelope>>,
    /// The messages that were lost, and why.
    pub lost: Vec<(Rc<Envelope>, Loss)>,
    /// What a lying node should have sent, and has not.
    pub withheld: Vec<(NodeId, Parcel)>,
    /// What the node says about it.
    pub notes: Vec<Text>,
    /// The rules that decided what it did.
    pub rules: Vec<&'static str>,
    /// Whether the node it happened at has noticed it.
    pub is_noticed: bool,
}

/// What kind of thing happened.
#[derive(Clone, Debug, Default)]
pub enum Happening {
    /// Nothing yet: the start of a run.
    #[default]
    Start,
    /// A message came to its receiver, or to where its receiver should have been.
    Delivery(Rc<Envelope>),
    /// A timer ran out.
    Timer(NodeId, Shared),
    /// A node that had ended was started again.
    Restart(NodeId),
    /// Somebody acted from outside.
    Input(Input),
}
