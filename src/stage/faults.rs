//! What can be done to a thing on the stage: the entries of its menu.

use sim::frame::{Frame, Status};
use sim::{Input, MessageId, NodeId, t};

use crate::command::{Command, Item, Topic};
use crate::menu::Entry;
use crate::words::{name, names, say};

fn act(input: Input) -> Command {
    Command::Act(vec![input])
}

/// The entries for a thing on the stage; empty if it is gone.
pub fn entries(frame: &Frame, item: Item) -> Vec<Entry> {
    match item {
        Item::Node(node) => node_entries(frame, node),
        Item::Link(a, b) => link_entries(frame, a, b),
        Item::Message(message) => message_entries(frame, message),
    }
}

/// Crash or restart, pause or resume, and so on.
pub fn node_entries(frame: &Frame, id: NodeId) -> Vec<Entry> {
    let Some(node) = frame.nodes.get(id.index()) else { return Vec::new() };
    let mut entries = Vec::new();
    entries.push(match node.status {
        Status::Crashed => Entry::new("node-restart", say(t!("Restart")), act(Input::Restart(id))).key("K"),
        _ => Entry::new("node-crash", say(t!("Crash")), act(Input::Crash(id))).key("K"),
    });
    match node.status {
        Status::Up => entries.push(Entry::new("node-pause", say(t!("Pause")), act(Input::Pause(id))).key("Z")),
        Status::Paused => entries.push(Entry::new("node-resume", say(t!("Resume")), act(Input::Resume(id))).key("Z")),
        Status::Crashed => entries.push(Entry::new("node-lose-disk", say(t!("Lose disk")), act(Input::LoseDisk(id)))),
    }
    if let (Status::Up, Some(timer)) = (node.status, node.timers.first()) {
        let fire = act(Input::FireTimer { node: id, timer: timer.id });
        entries.push(Entry::new("node-fire", say(t!("Fire timer")), fire).key("E"));
    }
    let clock = Command::ShowDialog(Some(Topic::Clock(id)));
    entries.push(Entry::new("node-clock", say(t!("Skew clock…")), clock));
    let rest: Vec<NodeId> =
        frame.nodes.iter().map(|node| node.id).filter(|other| *other != id && is_server(frame, *other)).collect();
    if is_server(frame, id) && !rest.is_empty() {
        entries.push(Entry::new("node-isolate", say(t!("Cut off")), act(Input::Split(vec![vec![id], rest]))));
    }
    entries
}

/// Cut or heal, both ways or one way.
pub fn link_entries(frame: &Frame, a: NodeId, b: NodeId) -> Vec<Entry> {
    let Some(link) = frame.links.iter().find(|link| link.a == a && link.b == b) else { return Vec::new() };
    let (forth, back) = (link.forth.up, link.back.up);
    let cut = |from, to| Input::Cut { from, to };
    let heal = |from, to| Input::Heal { from, to };
    let one_way = |from, to, up: bool, id: &'static str| {
        let (first, second) = (name(frame, from), name(frame, to));
        if up {
            Entry::new(
                format!("link-cut-{id}"),
                say(t!("Cut {from} → {to}", from = first, to = second)),
                act(cut(from, to)),
            )
        } else {
            Entry::new(
                format!("link-heal-{id}"),
                say(t!("Heal {from} → {to}", from = first, to = second)),
                act(heal(from, to)),
            )
        }
    };
    let mut entries = Vec::new();
    if forth || back {
        let inputs =
            [(a, b, forth), (b, a, back)].into_iter().filter(|(.., up)| *up).map(|(from, to, _)| cut(from, to));
        entries.push(Entry::new("link-cut", say(t!("Cut both ways")), Command::Act(inputs.collect())));
    }
    if !forth || !back {
        let inputs =
            [(a, b, forth), (b, a, back)].into_iter().filter(|(.., up)| !up).map(|(from, to, _)| heal(from, to));
        entries.push(Entry::new("link-heal", say(t!("Heal both ways")), Command::Act(inputs.collect())));
    }
    entries.push(one_way(a, b, forth, "forth"));
    entries.push(one_way(b, a, back, "back"));
    entries.push(Entry::new("link-tune", say(t!("Delay and loss…")), Command::ShowDialog(Some(Topic::Link(a, b)))));
    entries
}

/// Deliver, drop, duplicate, hold or release.
pub fn message_entries(frame: &Frame, id: MessageId) -> Vec<Entry> {
    let Some(message) = frame.messages.iter().find(|message| message.id == id) else { return Vec::new() };
    vec![
        Entry::new("message-deliver", say(t!("Deliver now")), act(Input::Deliver(id))),
        Entry::new("message-drop", say(t!("Drop")), act(Input::Drop(id))).key("Del"),
        Entry::new("message-duplicate", say(t!("Duplicate")), act(Input::Duplicate(id))).key("D"),
        if message.held {
            Entry::new("message-release", say(t!("Release")), act(Input::Release(id))).key("H")
        } else {
            Entry::new("message-hold", say(t!("Hold")), act(Input::Hold(id))).key("H")
        },
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
        .filter(|id| frame.nodes[id.index()].status != Status::Crashed)
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
        sim::frame::Layout::Columns => true,
    }
}
