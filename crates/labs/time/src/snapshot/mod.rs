//! Distributed snapshots: the state of a system that never stands still, recorded without stopping it.
//!
//! Follows K. M. Chandy and L. Lamport, "Distributed Snapshots: Determining Global States of Distributed Systems", ACM
//! Transactions on Computer Systems 3(1), 1985, and for channels that are not FIFO T. H. Lai and T. H. Yang, "On Distributed
//! Snapshots", Information Processing Letters 25(3), 1987.

mod application;
mod appointments;
mod channel;
mod checks;
mod experiments;
mod global;
mod initiator;
mod judgement;
mod lai_yang;
mod ledger;
mod letters;
mod line;
mod markers;
mod measures;
mod monitor;
mod numbers;
mod operations;
mod presets;
mod process;
mod recorder;
mod recording;
mod rules;
mod scenarios;
mod settings;
mod transport;
mod view;
mod workload;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use application::{Holding, Load};
pub use channel::{Content, Incoming, Outgoing, Packet};
pub use global::Global;
pub use letters::{Body, Letter};
pub use monitor::Monitor;
pub use numbers::Numbers;
pub use process::Process;
pub use recording::{Channel, Collection, Complete, Recording, SnapshotId};
pub use settings::{Algorithm, Application, Config, Rules, Topology};

pub(crate) type Effects<'a> = sim::Effects<'a, Process>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot;

impl System for Snapshot {
    type Protocol = Process;

    fn about() -> About {
        About {
            id: "snapshot",
            title: t!("Distributed snapshot"),
            chapter: t!("Time"),
            summary: t!(
                "Count all the money in a system that never stands still. Everybody looks at another moment, and the sum is right all the same."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// What processes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// Through a channel: numbered, and repeated until it is acknowledged.
    Packet(Packet),
    /// The packet of this number has come, from the other end of the channel.
    Acknowledge(u64),
    /// Outside of the channels, in any order, and repeated until it is acknowledged.
    Letter { number: u64, body: Body },
    /// The letter of this number has come.
    Received(u64),
}

/// What processes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The application acts by itself.
    Act,
    /// Start a snapshot.
    Snapshot,
    /// Repeat to this node what it has not acknowledged.
    Repeat(NodeId),
    /// Repeat letters that are not acknowledged.
    Letters,
    /// The moment has come that was agreed on (by the clock).
    Appointment,
}

/// What processes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Start a snapshot.
    Start,
    /// Send money, the token or work to a neighbour.
    Send { to: NodeId, amount: u64 },
    /// Lose the token.
    Lose,
    /// End the work.
    Idle,
}

impl Protocol for Process {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Option<Rc<Process>>;

    fn boot(disk: &Option<Rc<Process>>, effects: &mut Effects<'_>) -> Process {
        match disk {
            Some(process) => Process::restarted(process, effects),
            None => Process::new(effects),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.keep_appointments(effects);
        match message {
            Message::Packet(packet) => self.on_packet(from, packet, effects),
            Message::Acknowledge(number) => self.on_acknowledge(from, number, effects),
            Message::Letter { number, body } => self.on_letter(from, number, body, effects),
            Message::Received(number) => self.on_received(number, effects),
        }
        self.write(effects);
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        self.keep_appointments(effects);
        match timer {
            Timer::Act => self.act(effects),
            Timer::Snapshot => self.start_by_itself(effects),
            Timer::Repeat(to) => self.repeat(to, effects),
            Timer::Letters => self.repeat_letters(effects),
            Timer::Appointment => self.look_at_the_clock(effects),
        }
        self.write(effects);
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        self.keep_appointments(effects);
        match operation {
            Operation::Start => self.start(effects),
            Operation::Send { to, amount } => self.send_by_hand(to, amount, effects),
            Operation::Lose => self.lose(effects),
            Operation::Idle => self.go_idle(effects),
        }
        self.write(effects);
    }
}
