//! What stands beside the stage: what became of orders, and how long locks were held.

use std::iter::once;

use parts::shop::Good;
use sim::frame::{MessageKind, Panel, Span, SpanRow, Spans};
use sim::{Text, WorldOf, t};

use super::TwoPhaseCommit;
use super::book::{Held, Row, service};

/// How many orders are listed.
const ROWS: usize = 8;

/// How long the stretch is in which locks are shown, in microseconds.
const SHOWN_US: u64 = 1_200_000;

/// All panels.
pub fn all(world: WorldOf<'_, TwoPhaseCommit>) -> impl Iterator<Item = Panel> {
    [orders(world), locks(world)].into_iter().flatten()
}

/// The labels of all nodes.
pub fn labels(world: WorldOf<'_, TwoPhaseCommit>) -> Vec<String> {
    world.nodes().ids().map(|node| world.label(node).to_string()).collect()
}

/// The last orders, the newest first: how each service has ended them, and what their customers heard.
fn orders(world: WorldOf<'_, TwoPhaseCommit>) -> Option<Panel> {
    let labels = labels(world);
    let row = |row: &Row| {
        let at = |place: usize| match (row.ends[place], row.yes[place]) {
            (Some(end), _) => match (end.commit, end.by_hand) {
                (true, false) => t!("done"),
                (false, false) => t!("undone"),
                (true, true) => t!("done by hand"),
                (false, true) => t!("undone by hand"),
            },
            (None, true) => t!("promised"),
            (None, false) => t!("–"),
        };
        let told = match row.told {
            None => t!("nothing yet"),
            Some(true) => t!("done"),
            Some(false) => t!("not done"),
        };
        let cells = once(row.order.text()).chain((0..row.ends.len()).map(at)).chain([told]);
        cells.map(|text| text.with_labels(&labels)).collect::<Vec<Text>>()
    };
    let rows: Vec<Vec<Text>> = world.monitor().book().orders().rev().take(ROWS).map(row).collect();
    let services = world.config().services().map(|node| Text::verbatim(world.label(node).to_string()));
    let head = once(t!("order")).chain(services).chain([t!("customer heard")]).collect();
    (!rows.is_empty()).then(|| Panel::Table { title: t!("Orders"), head, rows })
}

/// How long each thing was locked, and for how long of that nobody could tell what would become of it.
fn locks(world: WorldOf<'_, TwoPhaseCommit>) -> Option<Panel> {
    let (labels, to_us) = (labels(world), world.now_us());
    let from_us = to_us.saturating_sub(SHOWN_US);
    let mut rows: Vec<SpanRow> = Vec::new();
    for (place, _) in world.config().desks().enumerate() {
        let held: Vec<&Held> = world.monitor().book().locks(place).collect();
        let mut goods: Vec<Good> = Vec::new();
        for held in &held {
            if !goods.contains(&held.good) {
                goods.push(held.good);
            }
        }
        goods.sort_unstable();
        for good in goods {
            let label = world.label(service(place)).to_string();
            let label = match good {
                Good::Account(customer) => t!("{service}: {customer}", service = label, customer = customer),
                _ => Text::verbatim(label),
            };
            let mut free_us = 0;
            let mut bars = Vec::new();
            for held in held.iter().filter(|held| held.good == good) {
                let begins_us = held.from_us.max(free_us);
                let sure_us = held.doubt_us.or(held.to_us);
                let name = held.order.text().with_labels(&labels);
                let bar = |from_us, to_us, kind, failed, label| Span { from_us, to_us, label, kind, failed };
                bars.push(bar(begins_us, sure_us, MessageKind::Replication, false, name));
                if let Some(doubt_us) = held.doubt_us {
                    bars.push(bar(doubt_us.max(free_us), held.to_us, MessageKind::Election, true, t!("in doubt")));
                }
                free_us = held.to_us.unwrap_or(to_us);
            }
            bars.retain(|bar| bar.to_us.is_none_or(|end_us| end_us > from_us && end_us > bar.from_us));
            rows.push(SpanRow { label: label.with_labels(&labels), depth: 0, bars });
        }
    }
    let rows: Vec<SpanRow> = rows.into_iter().filter(|row| !row.bars.is_empty()).collect();
    let spans = || Spans { title: t!("Locks"), from_us, to_us: to_us.max(1), rows: rows.clone(), marks: Vec::new() };
    (!rows.is_empty()).then(|| Panel::Spans(spans()))
}
