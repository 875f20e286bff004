//! What the last event has changed, to point at in front of a class.

use sim::NodeId;
use sim::frame::{Frame, Message};

/// The light falls on the node that acted, the message that reached it and those that it sent.
#[derive(Clone, Copy, Debug)]
pub struct Spotlight<'a> {
    frame: &'a Frame,
    arriving: Option<&'a Message>,
    node: NodeId,
}

impl<'a> Spotlight<'a> {
    /// None where nobody acted: at the start, or when something happened to the network.
    pub fn of(frame: &'a Frame, arriving: Option<&'a Message>) -> Option<Spotlight<'a>> {
        let node = frame.caption.node.or(arriving.map(|message| message.to))?;
        Some(Spotlight { frame, arriving, node })
    }

    pub fn falls_on_node(&self, node: NodeId) -> bool {
        node == self.node
    }

    pub fn falls_on_message(&self, message: &Message) -> bool {
        let is_new = message.from == self.node && message.sent_at_us == self.frame.at_us;
        is_new || self.arriving.is_some_and(|arriving| arriving.id == message.id)
    }

    /// Links of the node that acted stay as they are.
    pub fn falls_on_link(&self, a: NodeId, b: NodeId) -> bool {
        a == self.node || b == self.node
    }
}
