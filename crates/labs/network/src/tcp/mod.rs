//! TCP: how does an orderly stream of bytes come out of a network that loses, doubles and swaps packets, and who decides how fast?
//!
//! Follows W. Eddy (ed.), RFC 9293, "Transmission Control Protocol (TCP)", 2022; V. Paxson and others, RFC 6298, "Computing TCP's
//! Retransmission Timer", 2011; M. Allman and others, RFC 5681, "TCP Congestion Control", 2009; T. Henderson and others, RFC 6582, "The
//! NewReno Modification to TCP's Fast Recovery Algorithm", 2012; and RFC 2018, 5961, 6528, 6675 and 6928.

mod captions;
mod congestion;
mod connection;
mod experiments;
mod host;
mod measures;
mod monitor;
mod operations;
mod presets;
mod receiver;
mod rules;
mod scenarios;
mod segment;
mod sender;
mod seq;
mod settings;
mod timer;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use congestion::{Algorithm, Congestion};
pub use connection::{Connection, End, State};
pub use host::{Ended, Host, Role};
pub use monitor::Monitor;
pub use receiver::Receiver;
pub use segment::{Marks, Name, Piece, Segment, Socket};
pub use sender::Sender;
pub use seq::Seq;
pub use settings::{Config, Rules};
pub use timer::{Formula, RoundTrip, Sample};

pub(crate) type Effects<'a> = sim::Effects<'a, Host>;

/// The client.
const A: NodeId = NodeId(0);
/// The router between them.
const R: NodeId = NodeId(1);
/// The server.
const B: NodeId = NodeId(2);
/// The second client.
const A2: NodeId = NodeId(3);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Tcp;

impl System for Tcp {
    type Protocol = Host;

    fn about() -> About {
        About {
            id: "tcp",
            title: t!("TCP"),
            chapter: t!("Network"),
            summary: t!(
                "A network loses, doubles and swaps packets, and an orderly stream comes out of it. Drop a segment: what fills the hole, and who decides how fast it goes on?"
            ),
            layout: Layout::Columns,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// What nodes wait for, each for its connection with another socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// An acknowledgment should have come by now.
    Resend(Socket),
    /// An acknowledgment that was put off is due.
    Ack(Socket),
    /// TIME-WAIT is over.
    Wait(Socket),
    /// The application reads on.
    Read(Socket),
    /// The application opens a connection.
    Open,
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Open,
    /// Write so many bytes.
    Write(u32),
    Close,
    Abort,
    StopReading,
    ReadOn,
}

/// What a node keeps through a crash: how many connections it has had, so that names never come back. No end acts on it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub opened: u64,
}

impl Protocol for Host {
    type Config = Config;
    type Message = Segment;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn size(segment: &Segment) -> u64 {
        segment.size()
    }

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Host {
        Host::boot(disk, effects)
    }

    fn on_message(&mut self, _from: NodeId, segment: Segment, effects: &mut Effects<'_>) {
        self.receive(segment, effects);
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        self.on_timer(timer, effects);
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        self.operate(operation, effects);
    }
}
