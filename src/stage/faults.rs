//! What can be done to a thing on the stage: the entries of its menu.

use sim::frame::{Frame, Node, Status};
use sim::{Input, Manner, MessageId, NodeId, t, time_us};
use yew::AttrValue;

use crate::command::{Command, Item, Look, Notice, Topic};
use crate::menu::Entry;
use crate::stage::tool;
use crate::words::{name, names, say};

fn act(input: Input) -> Command {
    Command::Act(vec![input])
}

/// Whether a thing is on the stage.
pub fn is_there(frame: &Frame, item: Item) -> bool {
    match item {
        Item::Node(id) => id.index() < frame.nodes.len(),
        Item::Link(a, b) => frame.links.iter().any(|link| (link.a, link.b) == (a, b)),
        Item::Message(id) => frame.messages.iter().any(|message| message.id == id),
    }
}

/// The entries for a thing on the stage; empty if it is gone.
pub fn entries(frame: &Frame, item: Item) -> Vec<Entry> {
    match item {
        Item::Node(node) => {
            let mut entries = tool::entries(frame, node);
            entries.extend(node_entries(frame, node));
            entries
        }
        Item::Link(a, b) => link_entries(frame, a, b),
        Item::Message(message) => message_entries(frame, message),
    }
}

/// Crash or restart, pause or resume, and so on. What is not possible now says why.
pub fn node_entries(frame: &Frame, id: NodeId) -> Vec<Entry> {
    let Some(node) = frame.nodes.get(id.index()) else { return Vec::new() };
    let label = || node.label.clone();
    let is_down = node.status.is_down().then(|| why_not_running(node)).flatten();
    let crash = match node.status {
        Status::Crashed => Entry::new("node-restart", say(t!("Restart")), act(Input::Restart(id))),
        Status::Off => Entry::new("node-restart", say(t!("Start")), act(Input::Restart(id))),
        _ => Entry::new("node-crash", say(t!("Crash")), act(Input::Crash(id))),
    };
    let pause = match node.status {
        Status::Paused => Entry::new("node-resume", say(t!("Resume")), act(Input::Resume(id))),
        _ => Entry::new("node-pause", say(t!("Pause")), act(Input::Pause(id))).blocked(is_down.clone()),
    };
    let timer = node.timers.first().filter(|_| node.status == Status::Up);
    let no_timer = || say(t!("{node} has no timer set", node = label()));
    let why_no_timer = why_not_running(node).or_else(|| timer.is_none().then(no_timer));
    let fire = timer.map_or(Notice::Dismiss.into(), |timer| act(Input::FireTimer { node: id, timer: timer.id }));
    let not_crashed = match node.status {
        Status::Up => Some(say(t!("{node} runs: crash it first", node = label()))),
        Status::Paused => Some(say(t!("{node} is paused: crash it first", node = label()))),
        Status::Crashed | Status::Off => None,
    };
    let clock = Look::ShowDialog(Some(Topic::Clock(id)));
    let mut entries = vec![
        crash.key("K"),
        pause.key("Z"),
        Entry::new("node-fire", say(t!("Fire timer")), fire).key("E").blocked(why_no_timer),
        Entry::new("node-lose-disk", say(t!("Lose disk")), act(Input::LoseDisk(id))).blocked(not_crashed),
        Entry::new("node-clock", say(t!("Skew clock…")), clock),
    ];
    if node.lies.is_some() {
        let honest = act(Input::Lie { node: id, manner: None });
        entries.push(Entry::new("node-be-honest", say(t!("Be honest again")), honest));
    }
    let others = frame.manners.iter().copied().filter(|manner| node.lies != Some(*manner));
    entries.extend(others.map(|manner| {
        let label = match manner {
            Manner::Silent => t!("Lie: say nothing"),
            Manner::Opposite => t!("Lie: say the opposite"),
            Manner::TwoFaced => t!("Lie: tell some the opposite"),
            Manner::Random => t!("Lie: say anything"),
        };
        let lie = act(Input::Lie { node: id, manner: Some(manner) });
        Entry::new(format!("node-lie-{}", manner.name()), say(label), lie)
    }));
    let rest: Vec<NodeId> = frame.nodes.iter().map(|node| node.id).filter(|other| *other != id).collect();
    if !rest.is_empty() {
        entries.push(Entry::new("node-isolate", say(t!("Cut off")), act(Input::Split(vec![vec![id], rest]))));
    }
    entries
}

/// Why a node does nothing at all now.
pub fn why_not_running(node: &Node) -> Option<AttrValue> {
    match node.status {
        Status::Up => None,
        Status::Crashed => Some(say(t!("{node} has crashed: restart it first", node = node.label.clone()))),
        Status::Paused => Some(say(t!("{node} is paused: resume it first", node = node.label.clone()))),
        Status::Off => Some(say(t!("{node} is off: start it first", node = node.label.clone()))),
    }
}

/// Cut or heal, both ways or one way. What is not possible now says why.
pub fn link_entries(frame: &Frame, a: NodeId, b: NodeId) -> Vec<Entry> {
    let Some(link) = frame.links.iter().find(|link| link.a == a && link.b == b) else { return Vec::new() };
    let ways = [(a, b, link.forth.up), (b, a, link.back.up)];
    let cut = |from, to| Input::Cut { from, to };
    let heal = |from, to| Input::Heal { from, to };
    let all = |up: bool, input: fn(NodeId, NodeId) -> Input| {
        Command::Act(ways.iter().filter(|way| way.2 == up).map(|(from, to, _)| input(*from, *to)).collect())
    };
    let is_cut = (!link.forth.up && !link.back.up).then(|| say(t!("it is cut both ways already")));
    let is_whole = (link.forth.up && link.back.up).then(|| say(t!("it is not cut")));
    let one_way = |(from, to, up): (NodeId, NodeId, bool), id: &'static str| {
        let (first, second) = (name(frame, from), name(frame, to));
        if up {
            let label = t!("Cut {from} → {to}", from = first, to = second);
            Entry::new(format!("link-cut-{id}"), say(label), act(cut(from, to)))
        } else {
            let label = t!("Heal {from} → {to}", from = first, to = second);
            Entry::new(format!("link-heal-{id}"), say(label), act(heal(from, to)))
        }
    };
    vec![
        Entry::new("link-cut", say(t!("Cut both ways")), all(true, cut)).blocked(is_cut),
        Entry::new("link-heal", say(t!("Heal both ways")), all(false, heal)).blocked(is_whole),
        one_way(ways[0], "forth"),
        one_way(ways[1], "back"),
        Entry::new("link-tune", say(t!("Delay and loss…")), Look::ShowDialog(Some(Topic::Link(a, b)))),
    ]
}

/// Deliver, drop, duplicate, damage, hold or release.
pub fn message_entries(frame: &Frame, id: MessageId) -> Vec<Entry> {
    let Some(message) = frame.messages.iter().find(|message| message.id == id) else { return Vec::new() };
    // As long again as it takes now.
    let by_us = message.arrives_at_us.saturating_sub(message.sent_at_us).max(1_000);
    let is_held = message.held.then(|| say(t!("it is held: release it first")));
    let is_damaged = message.damaged.then(|| say(t!("it is damaged already")));
    let delay = act(Input::Delay { message: id, by_us });
    vec![
        Entry::new("message-deliver", say(t!("Deliver now")), act(Input::Deliver(id))),
        Entry::new("message-drop", say(t!("Drop")), act(Input::Drop(id))).key("Del"),
        Entry::new("message-duplicate", say(t!("Duplicate")), act(Input::Duplicate(id))).key("D"),
        Entry::new("message-damage", say(t!("Damage")), act(Input::Corrupt(id))).blocked(is_damaged),
        if message.held {
            Entry::new("message-release", say(t!("Release")), act(Input::Release(id))).key("H")
        } else {
            Entry::new("message-hold", say(t!("Hold")), act(Input::Hold(id))).key("H")
        },
        Entry::new("message-delay", say(t!("Slow down by {time}", time = time_us(by_us))), delay).blocked(is_held),
    ]
}

/// What can be done to nodes that a lasso caught.
pub fn lasso_entries(frame: &Frame, caught: &[NodeId]) -> Vec<Entry> {
    let rest: Vec<NodeId> =
        frame.nodes.iter().map(|node| node.id).filter(|id| !caught.contains(id) && is_server(frame, *id)).collect();
    let mut entries = Vec::new();
    if !rest.is_empty() {
        let split = act(Input::Split(vec![caught.to_vec(), rest]));
        entries.push(Entry::new("lasso-split", say(t!("Split off {nodes}", nodes = names(frame, caught))), split));
    }
    let up: Vec<Input> = caught
        .iter()
        .filter(|id| frame.nodes.get(id.index()).is_some_and(|node| !node.status.is_down()))
        .map(|id| Input::Crash(*id))
        .collect();
    if !up.is_empty() {
        entries.push(Entry::new(
            "lasso-crash",
            say(t!("Crash {nodes}", nodes = names(frame, caught))),
            Command::Act(up),
        ));
    }
    entries
}

/// Whether a node belongs to the system itself: nodes at the side, clients, keep their links in a split.
pub fn is_server(frame: &Frame, node: NodeId) -> bool {
    match frame.layout {
        sim::frame::Layout::Ring => frame.nodes.get(node.index()).is_some_and(|node| node.rank == 0),
        sim::frame::Layout::Columns | sim::frame::Layout::Map => true,
    }
}
