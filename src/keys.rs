//! The keyboard: one key, one command.

use sim::frame::{Frame, Status};
use sim::{Input, NodeId, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::command::{Command, Course, Hand, Item, Lectern, Look, Notice, Read, Run, Topic};
use crate::dom;
use crate::present;
use crate::stage::faults::is_server;
use crate::stage::zoom::Zoom;

const NAME: &str = "netsplit.keys";

/// Whether keys are on: they can get in the way of other tools.
pub fn are_on() -> bool {
    dom::recall(NAME).as_deref() != Some("off")
}

/// Switches the keys on or off, for the next visit too.
pub fn switch(on: bool) {
    dom::remember(NAME, if on { "on" } else { "off" });
}

/// The keys and what they do, for the help page.
pub fn list() -> Vec<(&'static str, Text)> {
    let mut keys = vec![
        ("Space", t!("Play or pause")),
        ("N · P", t!("Next event, event before")),
        ("J · Shift J", t!("Next telling moment, the one before; so does Shift with the buttons of the transport")),
        ("Shift N · P", t!("Next event of the selected node, event before")),
        ("Home · End", t!("To the start, to the last event so far")),
        ("[ · ]", t!("Branch before, branch after")),
        ("← ↑ → ↓", t!("On the stage: to the next node, link or message")),
        ("Enter", t!("On the stage: what can be done with it")),
        ("+ · − · 0", t!("Nearer to the stage, farther, all of it; so does the wheel with Ctrl")),
        ("← ↑ → ↓", t!("On the lanes: to the next event, in time or on the next lane")),
        ("+ · −", t!("On the lanes: a shorter time, a longer time")),
        ("Enter", t!("On the lanes: to the selected event")),
        ("C", t!("On the lanes: compare the selected event with another one; so does Shift and a click")),
        ("K", t!("Crash or restart the selected node")),
        ("Z", t!("Pause or resume the selected node")),
        ("E", t!("Fire its timer")),
        ("L", t!("Select the next link")),
        ("G", t!("Split the network into groups")),
        ("M", t!("Select the next message")),
        ("Del · D · H", t!("Drop, duplicate, or hold the selected message")),
        ("C", t!("Tell a client to do something")),
        ("W", t!("Make history by hand: the next tool; then Enter on a node uses it")),
        ("1 – 9", t!("In a lesson: choose an answer")),
        ("J · K", t!("In a lesson: the next step, the step before")),
        ("H", t!("In a lesson: a hint")),
        ("B", t!("Bookmark this moment, or take the mark away")),
        ("U", t!("Put back what was removed last")),
        ("S", t!("Share this moment")),
        ("T", t!("Text view, or back to the stage")),
        ("?", t!("This help")),
        ("Esc", t!("Close, put the tool down, or select nothing")),
    ];
    keys.extend(present::keys::list());
    keys
}

/// What a key means now; none if it is not ours.
pub fn command(event: &KeyboardEvent, frame: &Frame, selection: Option<Item>) -> Option<Command> {
    if has_modifier(event) || event.default_prevented() || is_taken(event) {
        return None;
    }
    meaning(&event.key(), event.shift_key(), frame, selection)
}

/// Whether a key leads to the search of the start page.
pub fn leads_to_search(event: &KeyboardEvent) -> bool {
    event.key() == "/" && are_on() && !has_modifier(event) && !event.default_prevented() && !is_taken(event)
}

/// Whether a slide deck turns its pages with a key, so that a figure on a slide passes it on where it means nothing there.
pub fn turns_slides(event: &KeyboardEvent) -> bool {
    const KEYS: [&str; 12] = [
        "PageUp",
        "PageDown",
        "Home",
        "End",
        "Escape",
        "ArrowLeft",
        "ArrowRight",
        "ArrowUp",
        "ArrowDown",
        " ",
        "n",
        "p",
    ];
    !event.default_prevented() && !has_modifier(event) && KEYS.contains(&event.key().as_str()) && !is_taken(event)
}

/// Whether what has the focus does something with a key by itself: a field, a slider, a button.
fn is_taken(event: &KeyboardEvent) -> bool {
    let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) else { return false };
    let is_range = target.get_attribute("type").as_deref() == Some("range");
    let key = event.key();
    match target.tag_name().to_ascii_lowercase().as_str() {
        // A slider goes to its ends with these two, and the arrows are its steps.
        "input" if is_range => key == "Home" || key == "End" || key.starts_with("Arrow"),
        "input" | "select" | "textarea" | "dialog" => true,
        "button" | "summary" | "a" => key == " ",
        _ => false,
    }
}

fn has_modifier(event: &KeyboardEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.alt_key()
}

/// What a key means, wherever it was pressed.
pub fn meaning(key: &str, shift: bool, frame: &Frame, selection: Option<Item>) -> Option<Command> {
    let node = match selection {
        Some(Item::Node(id)) => frame.nodes.get(id.index()),
        _ => None,
    };
    let message = match selection {
        Some(Item::Message(id)) => frame.messages.iter().find(|message| message.id == id),
        _ => None,
    };
    let act = |input: Input| Some(Command::Act(vec![input]));
    let need_node =
        || Some(Notice::Say(t!("Select a node first: click on it, or go to it with Tab and the arrow keys.")).into());
    match key.to_ascii_lowercase().as_str() {
        " " => Some(Course::Play.into()),
        "n" | "p" if shift && node.is_some() => {
            Some(Course::StepNode { forward: key.eq_ignore_ascii_case("n") }.into())
        }
        "n" | "p" => Some(Course::Step { forward: key.eq_ignore_ascii_case("n") }.into()),
        "j" => Some(Course::StepTelling { forward: !shift }.into()),
        "home" => Some(Course::Seek(0).into()),
        "end" => Some(Course::End.into()),
        "[" | "]" => Some(Run::NextBranch { forward: key == "]" }.into()),
        "k" => match node {
            Some(node) if node.status.is_down() => act(Input::Restart(node.id)),
            Some(node) => act(Input::Crash(node.id)),
            None => need_node(),
        },
        "z" => match node {
            Some(node) if node.status == Status::Paused => act(Input::Resume(node.id)),
            Some(node) => act(Input::Pause(node.id)),
            None => need_node(),
        },
        "e" => match node {
            Some(node) => match node.timers.first() {
                Some(timer) => act(Input::FireTimer { node: node.id, timer: timer.id }),
                None => Some(Notice::Say(t!("{node} has no timer set", node = node.label.clone())).into()),
            },
            None => need_node(),
        },
        "l" => next_link(frame, selection).map(|item| Read::Select(Some(item)).into()),
        "m" => match next_message(frame, selection) {
            Some(item) => Some(Read::Select(Some(item)).into()),
            None => Some(Notice::Say(t!("No message is under way at this moment.")).into()),
        },
        "g" => Some(Look::ShowDialog(Some(Topic::Split)).into()),
        "delete" => act(Input::Drop(message?.id)),
        "d" => act(Input::Duplicate(message?.id)),
        "h" if message?.held => act(Input::Release(message?.id)),
        "h" => act(Input::Hold(message?.id)),
        "c" => operator(frame).map(|id| Read::Select(Some(Item::Node(id))).into()),
        "w" => Some(Hand::NextTool.into()),
        "b" => Some(Run::ToggleBookmark.into()),
        "u" => Some(Run::Undo.into()),
        "+" | "=" => Some(Look::Zoom(Zoom::Nearer).into()),
        "-" | "−" => Some(Look::Zoom(Zoom::Farther).into()),
        "0" => Some(Look::Zoom(Zoom::Whole).into()),
        "t" => Some(Look::ToggleText.into()),
        "f" => Some(Lectern::Begin.into()),
        "s" => Some(Look::ShowDialog(Some(Topic::Share)).into()),
        "?" => Some(Look::ShowDialog(Some(Topic::Help)).into()),
        "escape" => Some(Read::Select(None).into()),
        _ => None,
    }
}

/// The link after the selected one; those of the selected node come first.
fn next_link(frame: &Frame, selection: Option<Item>) -> Option<Item> {
    let mut links: Vec<Item> = frame.links.iter().map(|link| Item::Link(link.a, link.b)).collect();
    if let Some(Item::Node(id)) = selection {
        links.retain(|item| matches!(item, Item::Link(a, b) if *a == id || *b == id));
    }
    let at = links.iter().position(|item| Some(*item) == selection);
    links.get(at.map_or(0, |at| (at + 1) % links.len())).copied()
}

fn next_message(frame: &Frame, selection: Option<Item>) -> Option<Item> {
    let at = frame.messages.iter().position(|message| Some(Item::Message(message.id)) == selection);
    let next = at.map_or(0, |at| (at + 1) % frame.messages.len());
    frame.messages.get(next).map(|message| Item::Message(message.id))
}

/// The node that can be told to do something: a client where there is one.
fn operator(frame: &Frame) -> Option<NodeId> {
    let able = || frame.actions.iter().flat_map(|action| action.nodes.iter().copied());
    able().find(|id| !is_server(frame, *id)).or_else(|| able().next())
}
