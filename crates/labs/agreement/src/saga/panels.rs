//! What stands beside the stage: what became of orders, and for how long what others see could still be undone.

use sim::frame::{MessageKind, Moment, Panel, Span, SpanRow, Spans};
use sim::{NodeId, Text, WorldOf, t};

use super::Saga;
use super::conductor::Stage;
use super::monitor::Known;
use super::settings::{ORDER, PAY, SERVICES, SHIP};
use super::view::said;

/// How many orders are listed, and of how many the course is drawn.
const ROWS: usize = 8;
const COURSES: usize = 2;

/// How long the course of an order that has ended is still drawn, in microseconds.
const SHOWN_US: u64 = 1_500_000;

/// All panels.
pub fn all(world: WorldOf<'_, Saga>, labels: &[String]) -> impl Iterator<Item = Panel> {
    [orders(world, labels), courses(world, labels)].into_iter().flatten()
}

/// The last orders, the newest first: what each service has done, and what the customer heard.
fn orders(world: WorldOf<'_, Saga>, labels: &[String]) -> Option<Panel> {
    let row = |known: &Known| {
        let order = known.order;
        let stage = world.nodes().disk(ORDER).orders.row(order);
        let kept = match stage.map(|row| (row.stage, row.cancelled)) {
            None => t!("–"),
            Some((Stage::Confirmed, true)) => t!("confirmed over cancelled"),
            Some((_, true)) => t!("cancelled"),
            Some((Stage::Confirmed, _)) => t!("confirmed"),
            Some((Stage::Rejected, _)) => t!("rejected"),
            Some((Stage::Stuck(_), _)) => t!("given up"),
            Some(_) => t!("pending"),
        };
        let at = |node: &NodeId| said(world.nodes().disk(*node).books.entry(order), *node);
        let cells = [order.text(), kept].into_iter().chain(SERVICES.iter().map(at));
        cells.map(|text| text.with_labels(labels)).collect::<Vec<Text>>()
    };
    let rows: Vec<Vec<Text>> = world.monitor().rows().iter().rev().take(ROWS).map(row).collect();
    let names = SERVICES.map(|node| Text::verbatim(world.label(node).to_string()));
    let head = [t!("order"), Text::verbatim(world.label(ORDER).to_string())].into_iter().chain(names).collect();
    (!rows.is_empty()).then(|| Panel::Table { title: t!("Orders"), head, rows })
}

/// How each of the last orders went forward and back: when a service had something of it, and whether that was undone.
fn courses(world: WorldOf<'_, Saga>, labels: &[String]) -> Option<Panel> {
    let now_us = world.now_us();
    let all = world.monitor().rows();
    let is_recent = |known: &&Known| known.ended_us.is_none_or(|ended_us| ended_us + SHOWN_US > now_us);
    let mut shown: Vec<&Known> = all.iter().filter(is_recent).collect();
    if shown.is_empty() {
        shown.extend(all.last());
    }
    let shown = &shown[shown.len().saturating_sub(COURSES)..];
    let from_us = shown.iter().map(|known| known.begun_us).min()?;
    let bar = |from_us, to_us, label, kind, failed| Span { from_us, to_us, label, kind, failed };
    let row = |label: Text, depth, bars| SpanRow { label: label.with_labels(labels), depth, bars };
    let mut rows = Vec::new();
    for known in shown {
        let whole = bar(known.begun_us, known.ended_us, t!("pending"), MessageKind::Client, false);
        rows.push(row(known.order.text(), 0, vec![whole]));
        for (place, node) in SERVICES.into_iter().enumerate() {
            let Some(kept) = known.kept[place] else { continue };
            let to_us = if node == SHIP { kept.gone_us.or(known.ended_us) } else { kept.gone_us };
            let (kind, label) = match kept.is_undone {
                true => (MessageKind::Election, t!("undone")),
                false => (MessageKind::Replication, what(node)),
            };
            let bars = vec![bar(kept.from_us, to_us, label, kind, kept.is_undone)];
            rows.push(row(Text::verbatim(world.label(node).to_string()), 1, bars));
        }
    }
    let seen = shown.iter().filter_map(|known| {
        let at_us = known.seen_us.into_iter().flatten().min()?;
        Some(Moment { at_us, text: t!("V saw {order}", order = known.order.text()).with_labels(labels) })
    });
    let title = t!("What could still be undone");
    Some(Panel::Spans(Spans { title, from_us, to_us: now_us.max(from_us + 1), rows, marks: seen.collect() }))
}

/// What a service keeps for an order.
fn what(node: NodeId) -> Text {
    match node {
        PAY => t!("money held"),
        SHIP => t!("place booked"),
        _ => t!("piece put aside"),
    }
}
