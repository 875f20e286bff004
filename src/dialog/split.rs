//! Splits the network by ticking a side for each node: the way without a drag.

use sim::frame::Frame;
use sim::{Input, NodeId, t};
use web_sys::SubmitEvent;
use yew::prelude::*;

use super::Dialog;
use crate::command::{Command, Commands, Look};
use crate::shared::Shared;
use crate::stage::faults::is_server;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SplitDialogProps {
    pub frame: Shared<Frame>,
    pub commands: Commands,
}

/// The number of a side, from 0; none for a node that keeps its links.
type Side = Option<usize>;

const SIDES: usize = 3;

/// The nodes of each side that has any.
fn groups(sides: &[Side]) -> Vec<Vec<NodeId>> {
    let on = |side: usize| -> Vec<NodeId> {
        sides.iter().enumerate().filter(|(_, on)| **on == Some(side)).map(|(index, _)| NodeId::at(index)).collect()
    };
    (0..SIDES).map(on).filter(|group| !group.is_empty()).collect()
}

/// The sides as the network is now: split, or with the first nodes against the rest.
fn sides_now(frame: &Frame) -> Vec<Side> {
    let servers: Vec<NodeId> = frame.nodes.iter().map(|node| node.id).filter(|id| is_server(frame, *id)).collect();
    let side = |id: NodeId| {
        if frame.groups.is_empty() {
            let place = servers.iter().position(|server| *server == id)?;
            return Some(usize::from(place >= servers.len() / 2));
        }
        frame.groups.iter().position(|group| group.nodes.contains(&id)).filter(|side| *side < SIDES)
    };
    frame.nodes.iter().map(|node| side(node.id)).collect()
}

/// A table with a row a node and a column a side.
#[component]
pub fn SplitDialog(props: &SplitDialogProps) -> Html {
    let sides = use_state(|| sides_now(&props.frame));
    let groups = groups(&sides);
    let enough = groups.len() > 1;
    let onsubmit = {
        let commands = props.commands.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            commands.emit(Command::Act(vec![Input::Split(groups.clone())]));
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    let row = |node: &sim::frame::Node| {
        let index = node.id.index();
        let choice = |side: Side| {
            let sides = sides.clone();
            let checked = sides.get(index) == Some(&side);
            let onchange = Callback::from(move |_: Event| {
                let mut changed = (*sides).clone();
                changed[index] = side;
                sides.set(changed);
            });
            let label = match side {
                Some(side) => t!("{node} on side {side}", node = node.label.clone(), side = side + 1),
                None => t!("{node} keeps its links", node = node.label.clone()),
            };
            let testid = format!("side-{}-{}", node.label, side.map_or(0, |side| side + 1));
            html! {
                <td><label class="cell-choice">
                    <input type="radio" name={format!("side-{index}")} data-testid={testid} aria-label={say(label)} {checked} {onchange} />
                </label></td>
            }
        };
        html! {
            <tr key={index.to_string()}>
                <th scope="row">{ &node.label }</th>
                { for (0..SIDES).map(|side| choice(Some(side))) }
                { choice(None) }
            </tr>
        }
    };
    html! {
        <Dialog title={say(t!("Split the network"))} commands={props.commands.clone()}>
            <form {onsubmit}>
                <p class="hint">{ say(t!("Nodes on different sides cannot reach each other. On the stage you can also draw a line round some nodes.")) }</p>
                <table class="split">
                    <thead>
                        <tr>
                            <td></td>
                            { for (1..=SIDES).map(|side| html! { <th scope="col">{ say(t!("side {side}", side = side)) }</th> }) }
                            <th scope="col">{ say(t!("keeps links")) }</th>
                        </tr>
                    </thead>
                    <tbody>{ for props.frame.nodes.iter().map(row) }</tbody>
                </table>
                if !enough {
                    <p class="hint" role="status">{ say(t!("Put nodes on at least two sides.")) }</p>
                }
                <button class="button strong" data-testid="split-apply" disabled={!enough}>{ say(t!("Split")) }</button>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_become_groups() {
        let node = |index: u16| NodeId(index);
        assert_eq!(groups(&[Some(1), Some(0), None, Some(1)]), [vec![node(1)], vec![node(0), node(3)]]);
        assert_eq!(groups(&[Some(2), Some(2)]).len(), 1);
    }
}
