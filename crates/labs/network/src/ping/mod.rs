//! Distributed ping: servers ping each other and write down the time. What do the numbers really tell?
//!
//! Follows J. Postel, RFC 792, "Internet Control Message Protocol", 1981; G. Almes, S. Kalidindi and M. Zekauskas, RFC 2681, "A
//! Round-trip Delay Metric for IPPM", 1999, and RFC 7679 and 7680 on one way and on loss, 2016; D. Mills et al., RFC 5905, 2010, for the
//! four times; V. Paxson et al., RFC 2330, 1998, for random sampling; and the program `ping` of iputils.

mod experiments;
mod line;
mod measures;
mod monitor;
mod operations;
mod pair;
mod places;
mod presets;
mod rules;
mod scenarios;
mod schedule;
mod server;
mod settings;
mod statistics;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use line::Line;
pub use monitor::Monitor;
pub use pair::{Fate, Pair, Sent};
pub use places::Region;
pub use schedule::{Plan, Schedule};
pub use server::{Server, Work};
pub use settings::{Config, Places, Rules};
pub use statistics::Statistics;

pub(crate) type Effects<'a> = sim::Effects<'a, Server>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct DistributedPing;

impl System for DistributedPing {
    type Protocol = Server;

    fn about() -> About {
        About {
            id: "ping",
            title: t!("Distributed ping"),
            chapter: t!("Network"),
            summary: t!(
                "Servers ping each other and write down the time. The log says that a message came before it was sent: find out what the numbers tell, and what they cannot."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// What servers send each other. Times are what the clock on the wall shows at the server that writes them down.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Message {
    /// Are you there? The ping of this number in a life of its sender leaves at T1.
    Ping { life: u64, number: u64, t1_us: i64 },
    /// Yes: your ping came at T2, and this answer leaves at T3.
    Pong { life: u64, number: u64, t1_us: i64, t2_us: i64, t3_us: i64 },
}

/// What servers wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next ping to this server.
    Ping(NodeId),
    /// The time in which the oldest ping to this server has to be answered.
    Lost(NodeId),
    /// The answer of this number is ready.
    Answer(u64),
    /// The time service looks at the clock.
    Adjust,
}

/// What servers can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Ping this server now, out of turn.
    Ping(NodeId),
    /// Set the clock forward by so many microseconds, or back.
    Step(i64),
    /// Take so many times as long for each answer.
    Slow(u64),
}

/// What a server keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u64,
}

impl Protocol for Server {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        Server::boot(disk, effects)
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Ping { life, number, t1_us } => self.on_ping(from, (life, number), t1_us, effects),
            Message::Pong { life, number, t1_us, t2_us, t3_us } => {
                self.on_pong(from, (life, number), [t1_us, t2_us, t3_us], effects);
            }
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Ping(peer) => self.on_turn(peer, effects),
            Timer::Lost(peer) => self.on_timeout(peer, effects),
            Timer::Answer(job) => self.answer(job, effects),
            Timer::Adjust => self.adjust(effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match operation {
            Operation::Ping(peer) => self.ping(peer, effects),
            Operation::Step(by_us) => Server::step(by_us, effects),
            Operation::Slow(times) => self.slow_down(times, effects),
        }
    }
}
