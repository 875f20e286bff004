//! Making history by hand: actions that a visitor does by pressing nodes on the stage.

use sim::frame::{Action, Frame, Gesture};
use sim::{Input, NodeId, Text, Value, t};
use yew::prelude::*;

use crate::command::{Commands, Hand};
use crate::menu::Entry;
use crate::stage::faults::why_not_running;
use crate::words::{name, say};

/// A tool in the hand: pressing nodes does this action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tool {
    /// The name of the action.
    pub action: &'static str,
    /// The first of two nodes, once it has been pressed.
    pub first: Option<NodeId>,
}

/// An action of one node; where it takes two, with the second one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deed {
    pub action: &'static str,
    pub node: NodeId,
    pub second: Option<NodeId>,
}

/// What comes of a press.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Another node has to be pressed.
    Waits(Tool),
    Done(Deed),
}

impl Tool {
    fn new(action: &Action) -> Tool {
        Tool { action: action.name, first: None }
    }

    /// The tool after this one, and after the last one none.
    pub fn next(tool: Option<Tool>, frame: &Frame) -> Option<Tool> {
        let all = tools(frame);
        let at = tool.and_then(|tool| all.iter().position(|(action, _)| action.name == tool.action));
        all.get(at.map_or(0, |at| at + 1)).map(|(action, _)| Tool::new(action))
    }

    /// The tool for a run in which nothing happens by itself: it waits for somebody to make its history.
    pub fn for_still_run(frame: &Frame) -> Option<Tool> {
        if frame.next_at_us.is_none() { Tool::next(None, frame) } else { None }
    }

    /// A node is pressed.
    pub fn press(self, frame: &Frame, node: NodeId) -> Option<Outcome> {
        let (_, gesture) = tools(frame).into_iter().find(|(action, _)| action.name == self.action)?;
        Some(match (gesture.second, self.first) {
            (None, _) => Outcome::Done(Deed { action: self.action, node, second: None }),
            (Some(_), None) => Outcome::Waits(Tool { first: Some(node), ..self }),
            // A message to oneself is a change of mind.
            (Some(_), Some(first)) if first == node => Outcome::Waits(Tool { first: None, ..self }),
            (Some(_), Some(first)) => Outcome::Done(Deed { action: self.action, node: first, second: Some(node) }),
        })
    }

    /// Escape: the node that was pressed first is free again, then the tool is put down.
    pub fn put_back(self) -> Option<Tool> {
        self.first.map(|_| Tool { first: None, ..self })
    }
}

impl Deed {
    /// The input, and the time that passes before it in microseconds. All that is not pressed has its default value.
    pub fn input(self, frame: &Frame) -> Option<(Input, u64)> {
        let is_meant = |action: &&Action| action.name == self.action && action.nodes.contains(&self.node);
        let action = frame.actions.iter().find(is_meant)?;
        let gesture = action.gesture?;
        let second = self.second.map(|node| Value::Word(name(frame, node)));
        let value = |setting: &sim::Setting| match &second {
            Some(second) if Some(setting.name) == gesture.second => second.clone(),
            _ => setting.default.clone(),
        };
        let values = action.parameters.iter().map(value).collect();
        Some((Input::Operate { node: self.node, action: self.action.to_string(), values }, gesture.pause_us))
    }
}

/// The actions that can be done by pressing nodes, one of each name.
fn tools(frame: &Frame) -> Vec<(&Action, Gesture)> {
    let mut tools: Vec<(&Action, Gesture)> = Vec::new();
    for action in &frame.actions {
        if let Some(gesture) = action.gesture
            && tools.iter().all(|(known, _)| known.name != action.name)
        {
            tools.push((action, gesture));
        }
    }
    tools
}

/// The same deeds in the menu of a node: one line for what it does alone, one for each node that it can do it with.
pub fn entries(frame: &Frame, node: NodeId) -> Vec<Entry> {
    let entry = |action: &Action, second: Option<NodeId>| {
        let deed = Deed { action: action.name, node, second };
        let (id, label) = match second {
            None => (format!("make-{}", action.name), action.title.clone()),
            Some(other) => {
                let other = name(frame, other);
                let label = t!("{action} to {node}", action = action.title.clone(), node = other.clone());
                (format!("make-{}-{other}", action.name), label)
            }
        };
        let blocked = frame.nodes.get(node.index()).and_then(why_not_running);
        Entry::new(id, say(label), Hand::Make(deed)).blocked(blocked)
    };
    let of_action = |action: &Action| -> Vec<Entry> {
        let others = frame.nodes.iter().map(|other| other.id).filter(|other| *other != node);
        match action.gesture {
            None => Vec::new(),
            Some(Gesture { second: None, .. }) => vec![entry(action, None)],
            Some(Gesture { second: Some(_), .. }) => others.map(|other| entry(action, Some(other))).collect(),
        }
    };
    frame.actions.iter().filter(|action| action.nodes.contains(&node)).flat_map(of_action).collect()
}

/// The tools, and what to press with the one in the hand; nothing in a lab without any.
pub fn draw(frame: &Frame, tool: Option<Tool>, commands: &Commands) -> Html {
    let tools = tools(frame);
    if tools.is_empty() {
        return Html::default();
    }
    let button = |action: &Action| {
        let held = tool.is_some_and(|tool| tool.action == action.name);
        let next = (!held).then(|| Tool::new(action));
        html! {
            <button class="button" data-testid={format!("tool-{}", action.name)} aria-pressed={held.to_string()}
                onclick={commands.reform(move |_: MouseEvent| Hand::Take(next).into())}>{ say(&action.title) }</button>
        }
    };
    html! {
        <section class="hand" data-testid="hand" aria-label={say(t!("Make history by hand"))}>
            <b>{ say(t!("Make history:")) }</b>
            <div role="group" aria-label={say(t!("Tools"))}>{ for tools.iter().map(|(action, _)| button(action)) }</div>
            <p role="status">{ say(advice(frame, &tools, tool)) }</p>
        </section>
    }
}

fn advice(frame: &Frame, tools: &[(&Action, Gesture)], tool: Option<Tool>) -> Text {
    let held = tool.and_then(|tool| Some((tool, tools.iter().find(|(action, _)| action.name == tool.action)?.1)));
    match held {
        None => t!("take up a tool and press nodes on the stage"),
        Some((Tool { first: Some(first), .. }, _)) => {
            t!("from {node}: now press the node that it goes to", node = name(frame, first))
        }
        Some((_, Gesture { second: Some(_), .. })) => {
            t!("press the node that it comes from, then the one that it goes to")
        }
        Some((_, Gesture { second: None, .. })) => t!("press the node where it happens"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: NodeId = NodeId(0);
    const B: NodeId = NodeId(1);

    fn frame(lab: &str, scenario: &str) -> Frame {
        let lab = labs::registry::LABS.iter().find(|known| known.about().id == lab).expect("a lab");
        let mut session = lab.open().expect("a session");
        session.open(scenario).expect("a scenario");
        session.frame()
    }

    #[test]
    fn two_presses_send_and_one_is_an_event() {
        let frame = frame("lamport-clocks", "your-own-history");
        let local = Tool::for_still_run(&frame).expect("a tool");
        let event = Deed { action: "local", node: A, second: None };
        assert_eq!(local.press(&frame, A), Some(Outcome::Done(event)));
        let send = Tool::next(Some(local), &frame).expect("a tool");
        assert_eq!(Tool::next(Some(send), &frame), None);
        let Some(Outcome::Waits(send)) = send.press(&frame, A) else { panic!("it waits for the receiver") };
        assert_eq!(send.press(&frame, A), Some(Outcome::Waits(Tool { first: None, ..send })));
        let message = Deed { action: "send", node: A, second: Some(B) };
        assert_eq!(send.press(&frame, B), Some(Outcome::Done(message)));
        assert_eq!(send.put_back().and_then(Tool::put_back), None);
        let values = vec![Value::Word("B".into()), Value::Word("a1".into())];
        let input = Input::Operate { node: A, action: "send".into(), values };
        assert_eq!(message.input(&frame), Some((input, 40_000)));
    }

    #[test]
    fn the_menu_has_the_same_deeds_and_other_labs_have_none() {
        let clocks = frame("vector-clocks", "siblings");
        let ids: Vec<String> = entries(&clocks, B).iter().map(|entry| entry.id.to_string()).collect();
        assert_eq!(ids, ["make-local", "make-send-A", "make-send-C"]);
        assert_eq!(Tool::for_still_run(&clocks), None);
        let raft = frame("raft", "first-election");
        assert!(entries(&raft, A).is_empty());
        assert_eq!(Tool::next(None, &raft), None);
    }
}
