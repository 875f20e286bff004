//! Client-server and peer-to-peer: why does a file reach a thousand machines in the time it takes to reach ten, if those who want it
//! also give it?
//!
//! Follows B. Cohen, "The BitTorrent protocol specification", BEP 3, 2008, and "Incentives build robustness in BitTorrent", 2003;
//! J. Kurose and K. Ross, "Computer networking", section 2.5, and R. Kumar and K. Ross, "Peer-assisted file distribution: the minimum
//! distribution time", HotWeb 2006, for the two formulas; J. Mundinger, R. Weber and G. Weiss, "Optimal scheduling of peer-to-peer file
//! dissemination", Journal of Scheduling 11, 2008; A. Legout, G. Urvoy-Keller and P. Michiardi, "Rarest first and choke algorithms are
//! enough", IMC 2006; T. Locher and others, "Free riding in BitTorrent is cheap", HotNets 2006.

mod bounds;
mod choker;
mod experiments;
mod file;
mod line;
mod measures;
mod monitor;
mod neighbour;
mod operations;
mod panels;
mod peer;
mod picker;
mod pieces;
mod presets;
mod rules;
mod scenarios;
mod serving;
mod settings;
mod tracker;
mod view;

#[cfg(test)]
mod tests;

use parts::connection::Wire;
use serde::Serialize;
use sim::frame::Layout;
use sim::rng::Rng;
use sim::{About, NodeId, Protocol, System, t};

pub use file::{BLOCKS, BlockId, Pieces};
pub use monitor::Monitor;
pub use neighbour::Neighbour;
pub use peer::Peer;
pub use pieces::Disk;
pub use settings::{Config, Fairness, Mode, Rules, Selection};
pub use tracker::{Announce, Moment, Tracker};

pub(crate) type Effects<'a> = sim::Effects<'a, Node>;

/// The tracker.
pub const T: NodeId = NodeId(0);
/// The node that has the file from the beginning.
pub const S: NodeId = NodeId(1);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct PeerToPeer;

impl System for PeerToPeer {
    type Protocol = Node;

    fn about() -> About {
        About {
            id: "peer-to-peer",
            title: t!("Client-server and peer-to-peer"),
            chapter: t!("Network"),
            summary: t!(
                "A file for many: from one server it takes longer with everybody who wants it. As a swarm, those who want it also give it."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: 2_000_000,
        }
    }
}

/// A node: the tracker, or one that has the file or wants it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Node {
    Tracker(Tracker),
    Peer(Box<Peer>),
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// To the tracker.
    Announce(Announce),
    /// The answer of the tracker: some of the others.
    Others(Vec<NodeId>),
    /// On a connection between two peers.
    Wire(Wire<Body>),
}

/// What peers say on a connection (BEP 3, "peer protocol").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Body {
    /// All the pieces that the sender has.
    Bitfield(Pieces),
    /// One piece more.
    Have(u8),
    Interested,
    NotInterested,
    Choke,
    Unchoke,
    Request(BlockId),
    /// A block, by its content: what does not fit the file has another one.
    Block {
        id: BlockId,
        content: u64,
        bytes: u32,
    },
    Cancel(BlockId),
    KeepAlive,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next word to the tracker.
    Announce,
    /// The next round: whom to serve.
    Round,
    /// A look at all connections.
    Watch,
    /// The uplink is free.
    Up,
    /// The downlink has taken a block.
    Down,
    /// It has been there long enough.
    Leave,
    /// Of the tracker: somebody has been silent for too long.
    Forget,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Leave, and say so.
    Stop,
    /// End without a word.
    Plug,
    /// Give nothing any more.
    Ride,
    /// Send rubbish in the place of blocks.
    Rubbish,
}

impl Node {
    /// The peer, if it is one.
    pub fn peer(&self) -> Option<&Peer> {
        if let Node::Peer(peer) = self { Some(peer) } else { None }
    }

    /// The tracker, if it is the one.
    pub fn tracker(&self) -> Option<&Tracker> {
        if let Node::Tracker(tracker) = self { Some(tracker) } else { None }
    }
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Node {
        if effects.me() == T {
            Node::Tracker(Tracker::boot(effects))
        } else {
            Node::Peer(Box::new(Peer::boot(disk, effects)))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (Node::Tracker(tracker), Message::Announce(announce)) => tracker.on_announce(from, announce, effects),
            (Node::Peer(peer), Message::Others(others)) => peer.on_others(&others, effects),
            (Node::Peer(peer), Message::Wire(wire)) => peer.on_wire(from, wire, effects),
            _ => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (Node::Tracker(tracker), Timer::Forget) => tracker.on_forget(effects),
            (Node::Peer(peer), Timer::Announce) => peer.on_announce(effects),
            (Node::Peer(peer), Timer::Round) => peer.on_round(effects),
            (Node::Peer(peer), Timer::Watch) => peer.on_watch(effects),
            (Node::Peer(peer), Timer::Up) => peer.on_up(effects),
            (Node::Peer(peer), Timer::Down) => peer.on_down(effects),
            (Node::Peer(peer), Timer::Leave) => peer.on_leave(effects),
            _ => {}
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (_, Operation::Plug) => {
                effects.note(|| t!("Somebody pulls the plug of {node}", node = me));
                effects.exit(None);
            }
            (Node::Peer(peer), Operation::Stop) => peer.leave(effects),
            (Node::Peer(peer), Operation::Ride) => peer.ride(effects),
            (Node::Peer(peer), Operation::Rubbish) => peer.turn_to_rubbish(effects),
            (Node::Tracker(_), _) => effects.note(|| t!("{node} cannot do that", node = me)),
        }
    }

    /// A block has another content then. All else is noticed, and thrown away.
    fn corrupt(message: &Message, rng: &mut Rng) -> Option<Message> {
        match message {
            Message::Wire(Wire::Said { from, to, number, body: Body::Block { id, bytes, .. } }) => {
                let body = Body::Block { id: *id, content: rng.bits(), bytes: *bytes };
                Some(Message::Wire(Wire::Said { from: *from, to: *to, number: *number, body }))
            }
            _ => None,
        }
    }

    /// Blocks alone take time on a line.
    fn size(message: &Message) -> u64 {
        match message {
            Message::Wire(Wire::Said { body: Body::Block { bytes, .. }, .. }) => u64::from(*bytes),
            _ => 0,
        }
    }
}
