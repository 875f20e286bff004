//! The Byzantine generals: can the loyal ones agree, if some of them lie?
//!
//! Follows L. Lamport, R. Shostak and M. Pease, "The Byzantine Generals Problem", ACM Transactions on Programming Languages and
//! Systems 4(3), 1982: oral messages, OM(m), in section 3, and signed ones, SM(m), in section 4.

mod battle;
mod checks;
mod experiments;
mod general;
mod lies;
mod measures;
mod monitor;
mod operations;
mod order;
mod rules;
mod scenarios;
mod settings;
mod tree;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::rng::Rng;
use sim::{About, Lie, Manner, NodeId, Presets, Protocol, System, t};

pub use general::General;
pub use monitor::Monitor;
pub use order::Order;
pub use settings::{Config, Rules};
pub use tree::Heard;

pub(crate) type Effects<'a> = sim::Effects<'a, General>;

/// The general who gives the order; all others are lieutenants.
pub const COMMANDER: NodeId = NodeId(0);

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Generals;

impl System for Generals {
    type Protocol = General;

    fn about() -> About {
        About {
            id: "byzantine-generals",
            title: t!("Byzantine generals"),
            chapter: t!("Agreement"),
            summary: t!(
                "One of them lies, and tells each of the others something else. Three cannot agree then; four can, and nobody has to find the liar."
            ),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: About::PACE_US,
        }
    }
}

/// The paper names no settings of real systems.
impl Presets for Generals {}

/// What generals tell each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Message {
    pub battle: u32,
    pub order: Order,
    /// By way of whom the order has come: the commander first, and last who sends this. Signed orders carry the signatures of
    /// all of them.
    pub path: Vec<NodeId>,
    pub is_signed: bool,
}

/// What generals wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next battle, or the end of a round.
    Round,
}

/// What a general can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Order this from the next battle on.
    Order(Order),
}

impl Protocol for General {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    /// A general who crashes has forgotten the battle.
    type Disk = ();

    const MANNERS: &'static [Manner] = &Manner::ALL;

    fn boot(_disk: &(), effects: &mut Effects<'_>) -> General {
        General::new(effects)
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.hear(from, message, effects);
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Round => self.look_at_the_clock(effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match operation {
            Operation::Order(order) => self.take_up(order, effects),
        }
    }

    fn lie(message: &Message, me: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Message> {
        lies::lie(message, me, to, manner, rng)
    }
}
