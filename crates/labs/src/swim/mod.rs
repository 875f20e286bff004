//! Gossip membership: who is in the group? Each member probes one other a period, and what it finds out travels on the
//! messages that are sent anyway.
//!
//! Follows A. Das, I. Gupta and A. Motivala, "SWIM: Scalable Weakly-consistent Infection-style Process Group Membership
//! Protocol", DSN 2002. Experiments on epidemics follow A. Demers et al., "Epidemic algorithms for replicated database
//! maintenance", PODC 1987.

mod epidemics;
mod experiments;
mod member;
mod message;
mod monitor;
mod news;
mod probing;
mod rules;
mod rumor;
mod scenarios;
mod settings;
mod standing;
mod view;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout, Status};
use sim::lab::no_operation;
use sim::world::MOST_NODES;
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Protocol, Rule, Setting, Settings, Setup, Text,
    Value, WorldOf, t,
};

use crate::links;

pub use member::{Change, Entry, Member};
pub use message::{Kind, Message};
pub use monitor::Monitor;
pub use news::{Item, News};
pub use probing::{Probe, Round, Stage};
pub use settings::{Config, Rules};
pub use standing::{Standing, State, Update};

pub(crate) type Effects<'a> = sim::Effects<'a, Member>;

/// Up to this size of a group all links are drawn; beyond, none.
const MOST_WITH_LINKS: u16 = 10;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Swim;

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

impl Lab for Swim {
    type Protocol = Member;
    type Monitor = Monitor;

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
        }
    }

    fn settings() -> Vec<Setting> {
        settings::settings()
    }

    fn rules() -> Vec<Rule> {
        rules::rules()
    }

    fn checks() -> Vec<Check> {
        monitor::checks()
    }

    fn scenarios() -> Vec<Prepared<Swim>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    fn setup(settings: &Settings) -> Setup<Member> {
        let nodes = settings.integer("nodes").clamp(3, MOST_NODES as i64) as u16;
        let is_settled = settings.word("start") != "joining";
        let node = |number: u16| NodeSetup {
            label: label(NodeId(number)),
            rank: 0,
            disk: Arc::new(Disk { lives: 0, is_founder: is_settled }),
        };
        let drawn = if nodes <= MOST_WITH_LINKS { nodes } else { 0 };
        Setup {
            nodes: (0..nodes).map(node).collect(),
            links: (0..drawn).flat_map(|a| (a + 1..drawn).map(move |b| (NodeId(a), NodeId(b)))).collect(),
            delay: links::delay(settings),
            loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn actions(world: WorldOf<'_, Swim>) -> Vec<Action> {
        let having = |left: bool| {
            let is_meant = move |id: &NodeId| {
                let state = world.nodes().state(*id).filter(|_| world.nodes().status(*id) == Status::Up);
                state.is_some_and(|member| (member.standing(*id).state == State::Left) == left)
            };
            world.nodes().ids().filter(is_meant).collect()
        };
        let action = |name, title, nodes| Action { name, title, nodes, parameters: Vec::new(), gesture: None };
        vec![
            action("leave", t!("Leave the group"), having(false)),
            action("join", t!("Join the group again"), having(true)),
        ]
    }

    fn operation(action: &str, _values: &[Value]) -> Result<Operation, Text> {
        match action {
            "leave" => Ok(Operation::Leave),
            "join" => Ok(Operation::Join),
            _ => Err(no_operation(action)),
        }
    }

    fn look(node: NodeId, state: Option<&Member>) -> Look {
        view::look(node, state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Period => t!("next period"),
            Timer::Timeout => t!("wait for the ack"),
            Timer::Suspicion(member) => t!("time of {member} to refute", member = label(*member)),
        }
    }

    fn view(world: WorldOf<'_, Swim>, frame: &mut Frame) {
        view::view(world, frame);
    }
}
