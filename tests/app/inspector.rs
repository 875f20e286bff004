use netsplit::command::{Item, Tab};
use netsplit::inspector::{Inspector, InspectorProps};
use netsplit::shared::Shared;
use sim::MessageId;
use yew::Callback;

use crate::frames::{C1, S1, S2, shared};
use crate::{count, draw, near};

fn inspector(selection: Option<Item>, tab: Tab) -> String {
    draw::<Inspector>(InspectorProps {
        frame: shared(),
        trace: Shared::new(Vec::new()),
        selection,
        event: None,
        tab,
        commands: Callback::noop(),
    })
}

#[test]
fn a_node_shows_what_the_last_event_changed() {
    let html = inspector(Some(Item::Node(S1)), Tab::Node);
    assert!(html.contains("S1 · leader"));
    let mark = near(&html, "<mark>");
    assert!(mark.contains("<del>4</del>") && mark.contains("<ins>5</ins>"));
    assert!(html.contains("L7") && html.contains("[2 0 1 0]"));
}

#[test]
fn faults_are_buttons_with_their_keys() {
    let html = inspector(Some(Item::Node(S2)), Tab::Node);
    for id in ["inspector-node-crash", "inspector-node-pause", "inspector-node-fire", "inspector-node-clock"] {
        assert_eq!(count(&html, &format!("data-testid=\"{id}\"")), 1, "{id}");
    }
    assert!(html.contains("244 ms left of 250 ms"));
}

#[test]
fn operations_are_forms() {
    let html = inspector(Some(Item::Node(C1)), Tab::Node);
    assert!(html.contains("data-testid=\"operate-write\"") && html.contains("data-testid=\"write-value\""));
    assert_eq!(count(&inspector(Some(Item::Node(S1)), Tab::Node), "operate-"), 0);
}

#[test]
fn a_message_shows_what_it_carries_and_what_can_be_done() {
    let id = MessageId { from: S1, to: S2, number: 5 };
    let html = inspector(Some(Item::Message(id)), Tab::Message);
    assert!(html.contains("S1 → S2") && html.contains("in 5 ms"));
    for id in ["deliver", "drop", "duplicate", "hold"] {
        assert!(html.contains(&format!("inspector-message-{id}")), "{id}");
    }
}

#[test]
fn without_a_selection_it_says_what_to_do() {
    assert!(inspector(None, Tab::Node).contains("Select a node"));
    assert!(inspector(None, Tab::Events).contains("Nothing has happened yet"));
}
