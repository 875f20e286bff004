//! Two branches side by side, at the same event or at the same time, with what differs between them.

use sim::frame::{Frame, Node, Status};
use sim::{BranchRow, NodeId, Text, t, time_us};
use yew::prelude::*;

use crate::command::{Commands, Run};
use crate::geometry::Size;
use crate::icons::{Shape, icon};
use crate::stage::scene::picture;
use crate::words::say;

/// What is compared with the branch on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The letter of the other branch.
    pub letter: String,
    pub by: By,
    /// What the two are beside each other for, where the page has put them there.
    pub story: Option<Text>,
}

/// Which moments belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Event,
    Time,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub node: NodeId,
    pub name: Text,
    pub here: Text,
    pub there: Text,
}

/// What differs between two moments, node by node.
pub fn differences(here: &Frame, there: &Frame) -> Vec<Difference> {
    let nodes = (0..here.nodes.len().max(there.nodes.len())).map(NodeId::at);
    nodes.flat_map(|node| node_differences(node, here.nodes.get(node.index()), there.nodes.get(node.index()))).collect()
}

fn node_differences(node: NodeId, a: Option<&Node>, b: Option<&Node>) -> Vec<Difference> {
    let mut rows = vec![(t!("state"), state(a), state(b))];
    if let (Some(a), Some(b)) = (a, b) {
        let only_there = b.fields.iter().filter(|field| a.fields.iter().all(|other| other.name != field.name));
        let fields = a.fields.iter().chain(only_there);
        rows.extend(fields.map(|field| (field.name.clone(), value(a, &field.name), value(b, &field.name))));
    }
    rows.retain(|(_, here, there)| here != there);
    rows.into_iter().map(|(name, here, there)| Difference { node, name, here, there }).collect()
}

fn state(node: Option<&Node>) -> Text {
    match node {
        None => t!("not here"),
        Some(node) => match node.status {
            Status::Up => node.role.clone(),
            Status::Crashed => t!("crashed"),
            Status::Paused => t!("paused"),
            Status::Off => t!("off"),
        },
    }
}

fn value(node: &Node, name: &Text) -> Text {
    node.fields.iter().find(|field| field.name == *name).map_or_else(|| t!("–"), |field| field.value.clone())
}

/// The two stages and the list of differences.
pub fn draw(
    (here, here_row): (&Frame, &BranchRow),
    (there, there_row): (&Frame, &BranchRow),
    comparison: &Comparison,
    commands: &Commands,
) -> Html {
    let Comparison { by, story, .. } = comparison;
    let differences = differences(here, there);
    let mut marked: Vec<NodeId> = differences.iter().map(|difference| difference.node).collect();
    marked.dedup();
    let side = |row: &BranchRow, frame: &Frame| {
        let place = t!("event {event}, {time}", event = frame.event, time = time_us(frame.at_us));
        let title = t!("{letter}: {title}", letter = row.letter.clone(), title = row.title.clone());
        html! {
            <figure class="compare-side" data-testid={format!("compare-{}", row.letter)}>
                <figcaption><b>{ &row.letter }</b>{ " " }{ say(&row.title) }{ " " }<small class="mono">{ say(place) }</small></figcaption>
                { picture(frame, Size { width: 480.0, height: 380.0 }, &marked, Some(say(title))) }
                <p>{ say(&frame.caption.headline) }</p>
            </figure>
        }
    };
    let choice = |value: By, id: &'static str, title: Text| {
        let wish = Comparison { by: value, ..comparison.clone() };
        let onclick = commands.reform(move |_: MouseEvent| Run::Compare(Some(wish.clone())).into());
        html! { <button class="button" data-testid={id} aria-pressed={(*by == value).to_string()} {onclick}>{ say(title) }</button> }
    };
    let larger = if here.nodes.len() < there.nodes.len() { there } else { here };
    let row = |difference: &Difference| {
        html! {
            <tr>
                <th scope="row">{ crate::words::name(larger, difference.node) }</th>
                <td>{ say(&difference.name) }</td>
                <td class="mono"><mark>{ say(&difference.here) }</mark></td>
                <td class="mono"><mark>{ say(&difference.there) }</mark></td>
            </tr>
        }
    };
    let close = say(t!("End the comparison"));
    html! {
        <div class="compare" data-testid="compare">
            <header>
                <h2>{ say(t!("{a} beside {b}", a = here_row.letter.clone(), b = there_row.letter.clone())) }</h2>
                <span class="space"></span>
                <div class="segments" role="group" aria-label={say(t!("Which moments stand side by side"))}>
                    { choice(By::Event, "compare-by-event", t!("same event")) }
                    { choice(By::Time, "compare-by-time", t!("same time")) }
                </div>
                <button class="button icon" data-testid="compare-close" aria-label={close.clone()} title={close}
                    onclick={commands.reform(|_: MouseEvent| Run::Compare(None).into())}>{ icon(Shape::Close) }</button>
            </header>
            if let Some(story) = story {
                <p class="compare-story" role="status" data-testid="compare-story">{ say(story) }</p>
            }
            <div class="compare-sides">{ side(here_row, here) }{ side(there_row, there) }</div>
            if differences.is_empty() {
                <p class="hint">{ say(t!("No node differs here. Step on, or go to another moment.")) }</p>
            } else {
                <div class="table-holder" tabindex="0" role="group" aria-label={say(t!("What differs"))}>
                    <table class="plain-table">
                        <thead><tr>
                            <th scope="col">{ say(t!("Node")) }</th><th scope="col">{ say(t!("What differs")) }</th>
                            <th scope="col">{ &here_row.letter }</th><th scope="col">{ &there_row.letter }</th>
                        </tr></thead>
                        <tbody>{ for differences.iter().map(row) }</tbody>
                    </table>
                </div>
            }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_one_side_has_differs_either_way() {
        let here = labs::registry::open("raft").expect("a session").frame();
        let mut there = here.clone();
        there.nodes.pop();
        there.nodes[0].fields.remove(0);
        let rows = differences(&here, &there);
        let field = here.nodes[0].fields[0].clone();
        assert_eq!((&rows[0].name, &rows[0].here, &rows[0].there), (&field.name, &field.value, &t!("–")));
        assert_eq!((rows[1].node, rows[1].there.clone()), (NodeId::at(there.nodes.len()), t!("not here")));
        assert_eq!(rows.len(), 2);
        let swapped = |row: Difference| Difference { here: row.there, there: row.here, ..row };
        assert_eq!(differences(&there, &here).into_iter().map(swapped).collect::<Vec<_>>(), rows);
    }
}
