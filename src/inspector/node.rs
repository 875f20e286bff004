//! The selected node: its state, its clocks, what can be done to it and what it can be told to do.

use sim::frame::{Field, Frame, Known, Node, Status};
use sim::{NodeId, Text, Why, t, time_us};
use yew::prelude::*;

use super::draw_fields;
use super::operation::OperationForm;
use super::why;
use crate::command::{Command, Commands, Item, Notice, Read};
use crate::glossary::marked;
use crate::menu::Entry;
use crate::shared::Shared;
use crate::stage::faults::{node_entries, why_not_running};
use crate::words::{event_at, say, signed_time};

/// The node tab.
pub fn draw(
    frame: &Shared<Frame>,
    selection: Option<Item>,
    why: Option<&Why>,
    knower: Option<NodeId>,
    is_brief: bool,
    commands: &Commands,
) -> Html {
    let Some(node) = shown(frame, selection) else {
        return html! { <p class="hint">{ say(t!("Select a node on the stage: its state, its clocks and what can go wrong with it stand here.")) }</p> };
    };
    let status = match node.status {
        Status::Up => None,
        Status::Crashed => Some(t!("crashed")),
        Status::Paused => Some(t!("paused")),
        Status::Off => Some(t!("off")),
    };
    let role = status.unwrap_or_else(|| node.role.clone());
    let forms = frame.actions.iter().filter(|action| action.nodes.contains(&node.id)).map(|action| {
        html! {
            <OperationForm key={format!("{}-{}", node.id.0, action.name)} action={action.clone()} node={node.id}
                label={node.label.clone()} blocked={why_not_running(node)} commands={commands.clone()} />
        }
    });
    let essential = if is_brief { frame.essential_fields } else { usize::MAX };
    let rest = html! {
        <>
            { draw_fields(own_fields(node).skip(essential)) }
            { draw_timers(frame, node) }
            { draw_clocks(node) }
        </>
    };
    html! {
        <section aria-labelledby="node-title" data-testid="node-panel">
            <h2 id="node-title">{ &node.label }if !role.is_empty() { { " · " }{ say(role) } }</h2>
            { for node.tally.as_ref().map(|tally| html! { <p class="hint">{ say(&tally.text) }</p> }) }
            { for remark(frame, node).map(|words| html! { <p class="hint">{ say(words) }</p> }) }
            { for forms }
            <dl>
                { draw_fields(own_fields(node).take(essential)) }
                if !is_brief { { rest.clone() } }
            </dl>
            { draw_actions(frame, node, knower, commands) }
            if is_brief {
                <details data-testid="node-more">
                    <summary>{ say(t!("More about {node}", node = node.label.clone())) }</summary>
                    <dl>{ rest }</dl>
                </details>
            }
            { for why.map(|why| why::draw_short(frame, why, commands)) }
        </section>
    }
}

/// The selected node; where a message is selected, the one that it goes to.
pub fn shown(frame: &Frame, selection: Option<Item>) -> Option<&Node> {
    let id = match selection? {
        Item::Node(node) => node,
        Item::Link(a, _) => a,
        Item::Message(id) => frame.messages.iter().find(|message| message.id == id)?.to,
    };
    frame.nodes.get(id.index())
}

// A lab may say more about a timer in a field of the same name; here the time that is left says enough.
pub fn own_fields(node: &Node) -> impl Iterator<Item = &Field> {
    node.fields.iter().filter(|field| node.timers.iter().all(|timer| timer.name != field.name))
}

fn draw_timers(frame: &Frame, node: &Node) -> Html {
    let row = |timer: &sim::frame::Timer| {
        let left = timer.fires_at_us.saturating_sub(frame.at_us);
        let whole = timer.fires_at_us.saturating_sub(timer.set_at_us);
        let value = match left {
            0 => vec![t!("due now")],
            _ => vec![t!("{left} left", left = time_us(left)), t!("of {whole}", whole = time_us(whole))],
        };
        // Lines break between the two only.
        let part = |text: Text| html! { <><span>{ say(text) }</span>{ " " }</> };
        html! {
            <>
                <dt>{ marked(say(&timer.name)) }</dt>
                <dd class="mono">{ for value.into_iter().map(part) }</dd>
            </>
        }
    };
    node.timers.iter().map(row).collect()
}

fn draw_clocks(node: &Node) -> Html {
    let vector: Vec<String> = node.vector.iter().map(u32::to_string).collect();
    let logical = t!("L{time} [{times}]", time = node.lamport, times = vector.join(" "));
    let mut fields = vec![Field { name: t!("logical clocks"), value: logical, before: None }];
    if node.clock_offset_us != 0 || node.clock_drift_ppm != 0 {
        let value = t!(
            "{offset}, drifts {drift} ppm",
            offset = signed_time(node.clock_offset_us),
            drift = node.clock_drift_ppm
        );
        fields.push(Field { name: t!("its own clock"), value, before: None });
    }
    draw_fields(fields.iter())
}

fn draw_actions(frame: &Frame, node: &Node, knower: Option<NodeId>, commands: &Commands) -> Html {
    let on = knower == Some(node.id);
    let next = if on { None } else { Some(node.id) };
    html! {
        <div class="actions">
            { for node_entries(frame, node.id).iter().map(|entry| draw_button(entry, commands)) }
            <button class="button" data-testid="knows" aria-pressed={on.to_string()}
                onclick={commands.reform(move |_: MouseEvent| Read::ShowKnown(next).into())}>
                { say(t!("What {node} knows", node = node.label.clone())) }
            </button>
        </div>
    }
}

/// What the lab remarks, or from when this is, where it is what another node knows.
fn remark(frame: &Frame, node: &Node) -> Option<Text> {
    match node.known {
        Known::Now => node.tag.clone(),
        Known::AsOf { event: 0, .. } => Some(t!("As it was when the run began.")),
        Known::AsOf { event, at_us } => Some(t!("As of {event}.", event = event_at(frame.scale, event, at_us))),
        Known::Nothing => Some(t!("No message has told anything of it.")),
    }
}

/// An entry of a menu as a button of its own. One that is not possible now says why when it is pressed.
pub fn draw_button(entry: &Entry, commands: &Commands) -> Html {
    let command = pressed(entry);
    let onclick = commands.reform(move |_: MouseEvent| command.clone());
    html! {
        <button class="button" data-testid={format!("inspector-{}", entry.id)} aria-disabled={entry.blocked.is_some().then_some("true")}
            title={entry.blocked.clone()} {onclick}>
            <span>{ &entry.label }</span>
            if let Some(key) = entry.key { <kbd>{ key }</kbd> }
        </button>
    }
}

/// What pressing such a button does.
fn pressed(entry: &Entry) -> Command {
    match &entry.blocked {
        Some(reason) => Notice::Say(Text::verbatim(reason.to_string())).into(),
        None => entry.command.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Course;

    #[test]
    fn what_is_not_possible_says_why() {
        let entry = Entry::new("node-pause", "Pause".into(), Course::Play);
        assert_eq!(pressed(&entry), Course::Play.into());
        let blocked = entry.blocked(Some("S1 has crashed: restart it first".into()));
        assert_eq!(
            pressed(&blocked),
            Notice::Say(Text::verbatim("S1 has crashed: restart it first".to_string())).into()
        );
    }
}
