//! The moment in headings and tables instead of a drawing, with the same menus.

use sim::frame::{Cell, Cut, CutPoint, Field, Frame, Link, Measure, Message, Node, Panel, Timer};
use sim::{Text, t, time_us};
use yew::prelude::*;

use crate::checks;
use crate::command::{Commands, Item};
use crate::glossary::marked;
use crate::inspector::{chart, ring, spans, tree};
use crate::lanes;
use crate::language;
use crate::menu::MenuButton;
use crate::stage::pointed::Pointed;
use crate::stage::{faults, link, message, node};
use crate::words::{moment, name, names, say};

/// Nodes, links, messages, what the last event changed, and what the lab shows besides.
pub fn draw(frame: &Frame, pointed: Option<&Pointed>, commands: &Commands) -> Html {
    let act = |label: &str, id: String, item: Item| {
        html! {
            <td>
                <MenuButton label={say(t!("Do: {item}", item = label.to_string()))} {id}
                    entries={faults::entries(frame, item)} commands={commands.clone()}>{ say(t!("Do")) }</MenuButton>
            </td>
        }
    };
    let state = |node: &Node| match pointed.filter(|pointed| pointed.nodes.contains(&node.id)) {
        Some(pointed) => t!("{state} ({check})", state = node::state(node), check = pointed.words()),
        None => node::state(node),
    };
    let node_row = |node: &Node| {
        let pair =
            |name: &Text, value: Text| language::write(&t!("{name}: {value}", name = name.clone(), value = value));
        let left = |timer: &Timer| t!("{left} left", left = time_us(timer.fires_at_us.saturating_sub(frame.at_us)));
        let fields = node.fields.iter().map(|field| pair(&field.name, field.value.clone()));
        let timers = node.timers.iter().map(|timer| pair(&timer.name, left(timer)));
        let fields: Vec<String> = fields.chain(timers).collect();
        let log: Vec<String> = node.cells.iter().map(|cell| language::write(&cell.said())).collect();
        html! {
            <tr key={node.label.clone()}>
                <th scope="row">{ &node.label }</th>
                <td>{ say(state(node)) }</td>
                <td>{ fields.join(" · ") }</td>
                <td>{ log.join(" · ") }</td>
                { act(&node.label, format!("text-node-{}", node.label), Item::Node(node.id)) }
            </tr>
        }
    };
    let link_row = |link: &Link| {
        let ends = (name(frame, link.a), name(frame, link.b));
        let title = format!("{} – {}", ends.0, ends.1);
        html! {
            <tr key={title.clone()}>
                <th scope="row">{ &title }</th>
                <td>{ say(link::state(link, &ends.0, &ends.1)) }</td>
                { act(&title, format!("text-link-{}-{}", ends.0, ends.1), Item::Link(link.a, link.b)) }
            </tr>
        }
    };
    let message_row = |sent: &Message| {
        let due = if sent.held { t!("held") } else { moment(frame.scale, sent.arrives_at_us) };
        html! {
            <tr key={sent.id.to_string()}>
                <th scope="row">{ say(message::with_cover(frame, sent, sent.label.clone())) }</th>
                <td>{ name(frame, sent.from) }</td>
                <td>{ name(frame, sent.to) }</td>
                <td>{ say(moment(frame.scale, sent.sent_at_us)) }</td>
                <td>{ say(due) }</td>
                { act(&say(message::describe(frame, sent)), format!("text-message-{}", sent.id), Item::Message(sent.id)) }
            </tr>
        }
    };
    let measure_row = |measure: &Measure| {
        let node = measure.node.map(|node| name(frame, node)).unwrap_or_else(|| language::write(&t!("all")));
        html! { <tr><th scope="row">{ say(&measure.title) }</th><td>{ node }</td><td>{ say(measure.text()) }</td></tr> }
    };
    let cut_row = |cut: &Cut| {
        let passes = |point: &CutPoint| {
            let node = name(frame, point.node);
            language::write(&t!("{node} after event {event}", node = node, event = point.event))
        };
        let points: Vec<String> = cut.points.iter().map(passes).collect();
        html! { <tr><th scope="row">{ say(&cut.name) }</th><td>{ points.join(" · ") }</td><td>{ say(lanes::cut_words(cut)) }</td></tr> }
    };
    let change_row = |node: &Node, field: &Field| {
        let before = field.before.as_ref()?;
        Some(html! {
            <tr><th scope="row">{ &node.label }</th><td>{ say(&field.name) }</td><td>{ say(before) }</td><td>{ say(&field.value) }</td></tr>
        })
    };
    let lost_row = |lost: &Message| {
        html! {
            <tr><th scope="row">{ name(frame, lost.to) }</th><td colspan="3">{ say(t!("{message}: lost", message = message::describe(frame, lost))) }</td></tr>
        }
    };
    let mut changes: Vec<Html> = Vec::new();
    for node in &frame.nodes {
        changes.extend(node.fields.iter().filter_map(|field| change_row(node, field)));
    }
    changes.extend(frame.lost.iter().map(lost_row));
    html! {
        <div class="text-view" data-testid="text-view">
            { table("text-changes", t!("What changed"), &[t!("Node"), t!("What"), t!("Before"), t!("Now")], changes, t!("Nothing that a node shows.")) }
            { table("text-nodes", t!("Nodes"), &[t!("Node"), t!("State"), t!("Fields"), t!("Log"), t!("Menu")],
                frame.nodes.iter().map(node_row).collect(), t!("There is no node.")) }
            { table("text-messages", t!("Messages under way"), &[t!("Message"), t!("From"), t!("To"), t!("Sent"), t!("Arrives"), t!("Menu")],
                frame.messages.iter().map(message_row).collect(), t!("No message is under way at this moment.")) }
            { table("text-links", t!("Links"), &[t!("Link"), t!("State"), t!("Menu")],
                frame.links.iter().map(link_row).collect(), t!("There is no link.")) }
            if !frame.measures.is_empty() {
                { table("text-measures", t!("What the lab counts"), &[t!("What"), t!("Node"), t!("Now")],
                    frame.measures.iter().map(measure_row).collect(), t!("Nothing.")) }
            }
            if !frame.groups.is_empty() {
                { section("text-groups", t!("Parts of the network"), html! {
                    <ul>
                        { for frame.groups.iter().map(|group| html! {
                            <li>{ names(frame, &group.nodes) }{ ": " }{ say(&group.tag) }</li>
                        }) }
                    </ul>
                }) }
            }
            if !frame.cuts.is_empty() {
                { table("text-cuts", t!("Cuts of the run"), &[t!("Cut"), t!("Where it passes"), t!("What it is")],
                    frame.cuts.iter().map(cut_row).collect(), t!("Nothing.")) }
            }
            { for frame.panels.iter().enumerate().map(|(place, panel)| draw_panel(frame, place, panel)) }
            if !frame.checks.is_empty() {
                { section("text-checks", t!("Checks"), html! {
                    <ul>{ for frame.checks.iter().map(|row| html! { <li>{ marked(say(checks::describe(row, frame))) }</li> }) }</ul>
                }) }
            }
        </div>
    }
}

/// A part with its heading.
fn section(id: impl Into<AttrValue>, title: Text, content: Html) -> Html {
    let id = id.into();
    html! { <section aria-labelledby={id.clone()}><h2 {id}>{ say(title) }</h2>{ content }</section> }
}

/// A part that is a table, or a sentence in its place.
fn table(id: impl Into<AttrValue>, title: Text, head: &[Text], rows: Vec<Html>, none: Text) -> Html {
    let id = id.into();
    let content = if rows.is_empty() {
        html! { <p class="hint">{ say(none) }</p> }
    } else {
        html! {
            <div class="table-holder" tabindex="0" role="group" aria-labelledby={id.clone()}>
                <table class="plain-table">
                    <thead><tr>{ for head.iter().map(|title| html! { <th scope="col">{ say(title) }</th> }) }</tr></thead>
                    <tbody>{ for rows }</tbody>
                </table>
            </div>
        }
    };
    section(id, title, content)
}

/// What a lab shows besides the stage, in the tables that it has in the inspector too.
fn draw_panel(frame: &Frame, place: usize, panel: &Panel) -> Html {
    let id = format!("text-panel-{place}");
    match panel {
        Panel::Table { title, head, rows } => {
            let cells = |row: &Vec<Text>| row.iter().map(|text| html! { <td>{ say(text) }</td> }).collect::<Html>();
            let rows = rows.iter().map(|row| html! { <tr>{ cells(row) }</tr> }).collect();
            table(id, title.clone(), head, rows, t!("Nothing."))
        }
        Panel::Log { title, first, rows } => {
            let longest = rows.iter().map(|(_, cells)| cells.len()).max().unwrap_or(0);
            let numbers = (0..longest as u64).map(|place| Text::verbatim((first + place).to_string()));
            let head: Vec<Text> = [t!("entry")].into_iter().chain(numbers).collect();
            let row = |(name, cells): &(Text, Vec<Cell>)| {
                let cells = (0..longest).map(|place| cells.get(place).map(|cell| say(cell.said())).unwrap_or_default());
                html! { <tr><th scope="row">{ say(name) }</th>{ for cells.map(|detail| html! { <td>{ detail }</td> }) }</tr> }
            };
            table(id, title.clone(), &head, rows.iter().map(row).collect(), t!("Nothing."))
        }
        Panel::Chart(chart) => section(id, chart.title.clone(), chart::draw_numbers(chart)),
        Panel::Ring(ring) => section(id, ring.title.clone(), ring::draw_numbers(frame, ring)),
        Panel::Spans(spans) => section(id, spans.title.clone(), spans::draw_numbers(spans)),
        Panel::Tree(tree) => {
            let head = [t!("name"), t!("lies under"), t!("what")];
            table(id, tree.title.clone(), &head, tree::rows(tree), t!("Nothing."))
        }
    }
}
