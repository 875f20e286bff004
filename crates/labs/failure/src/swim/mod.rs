//! Gossip membership: who is in the group? Each member probes one other a period, and what it finds out travels on the
//! messages that are sent anyway.
//!
//! Follows A. Das, I. Gupta and A. Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process Group Membership
//! Protocol", DSN 2002. Experiments on epidemics follow A. Demers et al., "Epidemic algorithms for replicated database
//! maintenance", PODC 1987.

mod epidemics;
mod experiments;
mod measures;
mod member;
mod message;
mod monitor;
mod news;
mod operations;
mod presets;
mod probe;
mod probing;
mod rules;
mod rumor;
mod scenarios;
mod settings;
mod standing;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::{About, NodeId, Protocol, System, t};

pub use member::{Change, Entry, Member};
pub use message::{Kind, Message};
pub use monitor::Monitor;
pub use news::{Item, News};
pub use probe::{Probe, Round, Stage};
pub use settings::{Config, Rules};
pub use standing::{Standing, State, Update};

pub(crate) type Effects<'a> = sim::Effects<'a, Member>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Swim;

impl System for Swim {
    type Protocol = Member;

    fn about() -> About {
        About {
            id: "swim",
            title: t!("Gossip membership (SWIM)"),
            chapter: t!("Failure"),
            summary: t!(
                "Up to 200 nodes, and nobody in charge: each probes one other now and then, and the news of a crash spreads like a rumour. A slow node can defend itself."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many lives it has had.
    pub lives: u32,
    /// Whether it has the list of the first members.
    pub is_founder: bool,
}

/// What members wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next period.
    Period,
    /// The ack of a ping is overdue.
    Timeout,
    /// The time to refute is over.
    Suspicion(NodeId),
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Leave,
    /// Join again after having left.
    Join,
}

/// The name of a node on the screen.
fn label(node: NodeId) -> String {
    format!("N{}", node.0 + 1)
}

impl Protocol for Member {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Member {
        Member::boot(disk, effects)
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.begin();
        self.on_message(from, message, effects);
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        self.begin();
        match timer {
            Timer::Period => self.on_period(effects),
            Timer::Timeout => self.on_timeout(effects),
            Timer::Suspicion(member) => self.on_suspicion(member, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        self.begin();
        match operation {
            Operation::Leave => self.leave(effects),
            Operation::Join => self.join(effects),
        }
    }
}
