//! What a person, a scenario or a hunt adds to a run.

use serde::{Deserialize, Serialize};

use crate::base::delay::Delay;
use crate::base::id::{MessageId, NodeId, TimerId};
use crate::base::settings::{Value, setting_named};
use crate::base::text::{Text, time_us};
use crate::kernel::lie::Manner;
use crate::kernel::world::World;
use crate::t;

/// One act from outside. Running on is no input: it follows from the rest.
///
/// The order of the variants is part of the format of links: add new ones at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// Deliver a message that is under way or held, now.
    Deliver(MessageId),
    /// Let a timer run out now.
    FireTimer { node: NodeId, timer: TimerId },
    /// Lose a message that is under way or held.
    Drop(MessageId),
    /// Send a second copy of a message after it.
    Duplicate(MessageId),
    /// Keep a message from arriving until it is released or delivered.
    Hold(MessageId),
    /// Let a held message go on; it takes the time it still had to go.
    Release(MessageId),
    /// Let a message arrive later by this many microseconds.
    Delay { message: MessageId, by_us: u64 },
    /// Cut one direction of a link; messages under way on it are lost.
    Cut { from: NodeId, to: NodeId },
    /// Heal one direction of a link.
    Heal { from: NodeId, to: NodeId },
    /// Cut every link, in both directions, between nodes of different groups, and heal those within a group.
    /// A node in no group keeps its links.
    Split(Vec<Vec<NodeId>>),
    /// Heal every link.
    HealAll,
    /// Stop a node. It keeps what it persisted, and nothing else.
    Crash(NodeId),
    /// Start a crashed node again from its disk.
    Restart(NodeId),
    /// Wipe the disk of a crashed node.
    LoseDisk(NodeId),
    /// Stop a node for a while: it does not notice. Messages wait for it and timers run out late.
    Pause(NodeId),
    /// Let a paused node go on.
    Resume(NodeId),
    /// Set how far a node's clock is ahead of true time (behind if negative), in microseconds.
    SetClockOffset { node: NodeId, offset_us: i64 },
    /// Set how fast a node's clock runs: parts per million above true time, from -500,000 to 1,000,000.
    SetClockDrift { node: NodeId, drift_ppm: i64 },
    /// Set the delay of one direction of a link.
    SetDelay { from: NodeId, to: NodeId, delay: Delay },
    /// Set a trouble of one direction of a link, in parts per million of messages.
    SetTrouble { from: NodeId, to: NodeId, trouble: Trouble, ppm: u32 },
    /// A client operation: the lab's action of this name, with its parameters.
    Operate { node: NodeId, action: String, values: Vec<Value> },
    /// Change a setting, or follow a rule or not.
    Set { name: String, value: Value },
    /// Damage a message that is under way or held. What comes of it is seen when it arrives.
    Corrupt(MessageId),
    /// Let a node lie in this manner from here on, or be honest again.
    Lie { node: NodeId, manner: Option<Manner> },
}

/// What a link can do to a message besides delaying it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The message does not arrive.
    Loss,
    /// The message arrives twice.
    Duplication,
    /// The message may overtake those before it.
    Reordering,
    /// The message arrives damaged.
    Corruption,
}

/// An input with its place in the run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timed {
    /// The number of events before it: it becomes the event after them.
    pub after_event: u64,
    /// The moment, in microseconds of virtual time; moved to between the events around it where needed.
    pub at_us: u64,
    /// What happens.
    pub input: Input,
}

impl Input {
    /// The nodes that it names.
    pub fn nodes(&self) -> Vec<NodeId> {
        match self {
            Input::Crash(node)
            | Input::Restart(node)
            | Input::LoseDisk(node)
            | Input::Pause(node)
            | Input::Resume(node) => {
                vec![*node]
            }
            Input::FireTimer { node, .. }
            | Input::SetClockOffset { node, .. }
            | Input::SetClockDrift { node, .. }
            | Input::Operate { node, .. }
            | Input::Lie { node, .. } => vec![*node],
            Input::Cut { from, to }
            | Input::Heal { from, to }
            | Input::SetDelay { from, to, .. }
            | Input::SetTrouble { from, to, .. } => vec![*from, *to],
            Input::Split(groups) => groups.concat(),
            Input::Deliver(_)
            | Input::Drop(_)
            | Input::Duplicate(_)
            | Input::Hold(_)
            | Input::Release(_)
            | Input::Delay { .. }
            | Input::Corrupt(_)
            | Input::HealAll
            | Input::Set { .. } => Vec::new(),
        }
    }

    /// The name in lessons: "lose-disk". An operation has the name of its action.
    pub fn name(&self) -> &str {
        match self {
            Input::Deliver(_) => "deliver",
            Input::FireTimer { .. } => "fire",
            Input::Drop(_) => "drop",
            Input::Duplicate(_) => "duplicate",
            Input::Corrupt(_) => "damage",
            Input::Hold(_) => "hold",
            Input::Release(_) => "release",
            Input::Delay { .. } => "delay",
            Input::Cut { .. } => "cut",
            Input::Heal { .. } => "heal",
            Input::Split(_) => "split",
            Input::HealAll => "heal-all",
            Input::Crash(_) => "crash",
            Input::Restart(_) => "restart",
            Input::LoseDisk(_) => "lose-disk",
            Input::Pause(_) => "pause",
            Input::Resume(_) => "resume",
            Input::SetClockOffset { .. } => "set-clock",
            Input::SetClockDrift { .. } => "set-clock-speed",
            Input::SetDelay { .. } => "set-delay",
            Input::SetTrouble { .. } => "set-trouble",
            Input::Operate { action, .. } => action,
            Input::Set { .. } => "set",
            Input::Lie { manner: Some(_), .. } => "lie",
            Input::Lie { manner: None, .. } => "be-honest",
        }
    }

    /// The node that it happens at; none for what happens to the network or to a message.
    pub fn acting_node(&self) -> Option<NodeId> {
        match self {
            Input::Cut { .. }
            | Input::Heal { .. }
            | Input::SetDelay { .. }
            | Input::SetTrouble { .. }
            | Input::Split(_) => None,
            input => input.nodes().first().copied(),
        }
    }

    /// What happened, in a sentence, with the labels of nodes still to come.
    pub(crate) fn describe(&self, world: &World) -> Text {
        match self {
            Input::Deliver(id) => t!("A message from {from} to {to} is delivered early", from = id.from, to = id.to),
            Input::FireTimer { node, .. } => t!("A timer of {node} runs out early", node = *node),
            Input::Drop(id) => t!("A message from {from} to {to} is dropped", from = id.from, to = id.to),
            Input::Duplicate(id) => t!("A message from {from} to {to} is doubled", from = id.from, to = id.to),
            Input::Corrupt(id) => t!("A message from {from} to {to} is damaged", from = id.from, to = id.to),
            Input::Hold(id) => t!("A message from {from} to {to} is held", from = id.from, to = id.to),
            Input::Release(id) => t!("A held message from {from} to {to} goes on", from = id.from, to = id.to),
            Input::Delay { by_us, .. } => t!("A message is delayed by {by}", by = time_us(*by_us)),
            Input::Cut { from, to } => t!("The link from {from} to {to} is cut", from = *from, to = *to),
            Input::Heal { from, to } => t!("The link from {from} to {to} is healed", from = *from, to = *to),
            Input::Split(groups) => t!("The network splits into {groups}", groups = group_list(groups)),
            Input::HealAll => t!("All links are healed"),
            Input::Crash(node) => t!("{node} crashes", node = *node),
            Input::Restart(node) => t!("{node} restarts from its disk", node = *node),
            Input::LoseDisk(node) => t!("{node} loses its disk", node = *node),
            Input::Pause(node) => t!("{node} is paused", node = *node),
            Input::Lie { node, manner: Some(manner) } => {
                t!("{node} lies from here on: it {manner}", node = *node, manner = manner.title())
            }
            Input::Lie { node, manner: None } => t!("{node} is honest from here on", node = *node),
            Input::Resume(node) => t!("{node} wakes up and does not know that it slept", node = *node),
            Input::SetClockOffset { node, offset_us } if *offset_us < 0 => {
                t!(
                    "The clock of {node} is set {offset} behind",
                    node = *node,
                    offset = time_us(offset_us.unsigned_abs())
                )
            }
            Input::SetClockOffset { node, offset_us } => {
                t!(
                    "The clock of {node} is set {offset} ahead",
                    node = *node,
                    offset = time_us(offset_us.unsigned_abs())
                )
            }
            Input::SetClockDrift { node, drift_ppm } => {
                let percent = (1_000_000 + drift_ppm) / 10_000;
                t!("The clock of {node} runs at {percent} % of true speed", node = *node, percent = percent)
            }
            Input::SetDelay { from, to, delay } => {
                t!("The link from {from} to {to} now takes {delay}", from = *from, to = *to, delay = delay.describe())
            }
            Input::SetTrouble { from, to, trouble, ppm } => {
                let (from, to, percent) = (*from, *to, ppm / 10_000);
                match trouble {
                    Trouble::Loss => t!(
                        "The link from {from} to {to} loses {percent} % of messages",
                        from = from,
                        to = to,
                        percent = percent
                    ),
                    Trouble::Duplication => t!(
                        "The link from {from} to {to} doubles {percent} % of messages",
                        from = from,
                        to = to,
                        percent = percent
                    ),
                    Trouble::Reordering => t!(
                        "On the link from {from} to {to}, {percent} % of messages may overtake others",
                        from = from,
                        to = to,
                        percent = percent
                    ),
                    Trouble::Corruption => t!(
                        "The link from {from} to {to} damages {percent} % of messages",
                        from = from,
                        to = to,
                        percent = percent
                    ),
                }
            }
            Input::Operate { node, action, .. } => {
                t!("{node} is told: {action}", node = *node, action = action_title(world, action))
            }
            Input::Set { name, value } => {
                let is_rule = world.lab.rules().iter().any(|rule| rule.name == name);
                let title = setting_title(world, name);
                match value {
                    Value::Flag(false) if is_rule => t!("From here on this rule is broken: {title}", title = title),
                    _ if is_rule => t!("From here on this rule is followed again: {title}", title = title),
                    value => t!("{title}: now {value}", title = title, value = value.to_string()),
                }
            }
        }
    }

    /// What a branch that begins with it is called, in few words.
    pub(crate) fn brief(&self, world: &World) -> Text {
        match self {
            Input::Deliver(_) => t!("deliver early"),
            Input::FireTimer { node, .. } => t!("fire timer of {node}", node = *node),
            Input::Drop(_) => t!("drop message"),
            Input::Duplicate(_) => t!("double message"),
            Input::Corrupt(_) => t!("damage message"),
            Input::Hold(_) => t!("hold message"),
            Input::Release(_) => t!("release message"),
            Input::Delay { .. } => t!("delay message"),
            Input::Cut { from, to } => t!("cut {from}→{to}", from = *from, to = *to),
            Input::Heal { from, to } => t!("heal {from}→{to}", from = *from, to = *to),
            Input::Split(groups) => t!("cut {groups}", groups = group_list(groups)),
            Input::HealAll => t!("heal all"),
            Input::Crash(node) => t!("crash {node}", node = *node),
            Input::Restart(node) => t!("restart {node}", node = *node),
            Input::LoseDisk(node) => t!("lose disk of {node}", node = *node),
            Input::Pause(node) => t!("pause {node}", node = *node),
            Input::Lie { node, manner: Some(_) } => t!("let {node} lie", node = *node),
            Input::Lie { node, manner: None } => t!("let {node} be honest", node = *node),
            Input::Resume(node) => t!("resume {node}", node = *node),
            Input::SetClockOffset { node, .. } | Input::SetClockDrift { node, .. } => {
                t!("clock of {node}", node = *node)
            }
            Input::SetDelay { from, to, .. } => t!("delay {from}→{to}", from = *from, to = *to),
            Input::SetTrouble { from, to, .. } => t!("trouble {from}→{to}", from = *from, to = *to),
            Input::Operate { node, action, .. } => {
                t!("{node}: {action}", node = *node, action = action_title(world, action))
            }
            Input::Set { name, .. } => t!("set {name}", name = setting_title(world, name)),
        }
    }
}

/// What stands on the button of an action; its name where no node can do it now.
pub(crate) fn action_title(world: &World, name: &str) -> Text {
    let known = world.lab.actions(world).into_iter().find(|action| action.name == name);
    known.map_or_else(|| Text::verbatim(name.to_string()), |action| action.title)
}

fn setting_title(world: &World, name: &str) -> Text {
    let settings = world.lab.settings();
    setting_named(&settings, name).map_or_else(|_| Text::verbatim(name.to_string()), |known| known.title.clone())
}

/// `{S1,S2 | S3,S4,S5}`, with the labels still to come.
fn group_list(groups: &[Vec<NodeId>]) -> Text {
    let joined = |separator: &'static str, parts: Vec<Text>| {
        parts.into_iter().reduce(|so_far, part| {
            t!("{first}{separator}{second}", first = so_far, separator = separator, second = part)
        })
    };
    let group = |nodes: &Vec<NodeId>| joined(",", nodes.iter().map(|node| t!("{node}", node = *node)).collect());
    let groups = joined(" | ", groups.iter().filter_map(group).collect()).unwrap_or_default();
    t!("{open}{groups}{close}", open = "{", groups = groups, close = "}")
}
