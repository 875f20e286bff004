//! Why an event of a log happened: the chain of messages that led to it.

use super::execution::Execution;
use super::session::{at_us, caption};
use crate::base::id::NodeId;
use crate::explain::why::{Step, Subject, Why};
use crate::t;

/// How many steps a chain has at most.
const MOST_STEPS: usize = 8;

/// Answers a question about the moment after so many events.
pub(super) fn why(execution: &Execution, cursor: usize, subject: &Subject) -> Why {
    let last = |node: NodeId| execution.place(node, execution.so_far(node, cursor));
    let label = |node: NodeId| execution.hosts()[node.index()].clone();
    let is_host = |node: NodeId| node.index() < execution.hosts().len();
    let (question, place) = match subject {
        Subject::Node(node) | Subject::Field(node, _) if is_host(*node) => {
            (t!("What led to the last event of {node}?", node = label(*node)), last(*node))
        }
        Subject::Message(id) if is_host(id.from) => (t!("Why was this sent?"), execution.place(id.from, id.number)),
        Subject::Event(number) => {
            let number = (*number).min(cursor as u64);
            (t!("Why did event {number} happen?", number = number), (number as usize).checked_sub(1))
        }
        _ => return Why::default(),
    };
    let mut why = Why { question, event: cursor as u64, ..Why::default() };
    match place {
        Some(place) => chain(execution, place, &mut why),
        None => why.note = Some(t!("Nothing has happened there so far.")),
    }
    why
}

/// Goes back from an event to the last message that its host had got by then, to the event that sent it, and so on.
fn chain(execution: &Execution, mut place: usize, why: &mut Why) {
    let mut places = vec![place];
    while let Some(received) = last_received(execution, place) {
        if places.len() >= MOST_STEPS {
            why.note = Some(t!("The chain goes back further."));
            break;
        }
        if received != place {
            places.push(received);
        }
        place = execution.edges_to(received).last().map_or(0, |edge| edge.from as usize);
        places.push(place);
    }
    if places.len() == 1 {
        why.note = Some(t!("Nothing from another host had an influence on it."));
    }
    why.steps = places.into_iter().rev().map(|place| step(execution, place)).collect();
}

/// The last event of the same host, this one or before it, that heard from another host.
fn last_received(execution: &Execution, place: usize) -> Option<usize> {
    let event = execution.event(place);
    let places = (1..=event.own).rev().filter_map(|own| execution.place(event.host, own));
    places.into_iter().find(|place| !execution.edges_to(*place).is_empty())
}

fn step(execution: &Execution, place: usize) -> Step {
    let caption = caption(execution, place);
    Step { event: place as u64 + 1, at_us: at_us(place + 1), sentence: caption.headline, detail: caption.detail }
}
