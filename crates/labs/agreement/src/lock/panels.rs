//! What stands beside the stage: who had the lock when, and who believes what.

use sim::frame::{MessageKind, Moment, Panel, Span, SpanRow, Spans};
use sim::{NodeId, Text, WorldOf, t};

use super::book::{Bar, Kind};
use super::settings::Scheme;
use super::view::doing;
use super::{Lock, Node, name, token_text};

/// How long the stretch is that is shown, in microseconds.
const SHOWN_US: u64 = 1_200_000;

/// All panels.
pub fn all(world: WorldOf<'_, Lock>) -> impl Iterator<Item = Panel> {
    let times = (world.config().scheme != Scheme::None).then(|| times(world)).flatten();
    [Some(beliefs(world)), times].into_iter().flatten()
}

/// The labels of all nodes.
pub fn labels(world: WorldOf<'_, Lock>) -> Vec<String> {
    world.nodes().ids().map(|node| world.label(node).to_string()).collect()
}

/// Who believes what of the lock.
fn beliefs(world: WorldOf<'_, Lock>) -> Panel {
    let labels = labels(world);
    let holder = world.monitor().holder();
    let row = |node: NodeId| {
        let customer = world.nodes().state(node).and_then(Node::customer);
        let own = match customer.map(|customer| (customer.hold, customer.is_waiting())) {
            None => t!("crashed"),
            Some((Some(hold), _)) => match hold.token {
                Some(token) => t!("I hold it, {token}", token = token_text(token)),
                None => t!("I hold it"),
            },
            Some((None, true)) => t!("I wait"),
            Some((None, false)) => t!("–"),
        };
        let given = match holder.filter(|holder| holder.customer == node) {
            Some(holder) => t!("holds it: {attempt}", attempt = name(holder)),
            None => t!("–"),
        };
        let does = customer.map_or_else(|| t!("–"), doing);
        let cells = [Text::verbatim(world.label(node).to_string()), own, given, does];
        cells.into_iter().map(|text| text.with_labels(&labels)).collect::<Vec<Text>>()
    };
    Panel::Table {
        title: t!("Who believes what"),
        head: vec![t!("customer"), t!("believes"), t!("who keeps the lock says"), t!("does")],
        rows: world.config().customers().map(row).collect(),
    }
}

/// Who had the lock when, in its own eyes and in those of whoever keeps it.
fn times(world: WorldOf<'_, Lock>) -> Option<Panel> {
    let (labels, to_us) = (labels(world), world.now_us());
    let from_us = to_us.saturating_sub(SHOWN_US);
    let book = &world.monitor().book;
    let bar = |bar: &Bar, label: Text, kind| Span {
        from_us: bar.from_us,
        to_us: bar.to_us,
        label,
        kind,
        failed: bar.kind == Kind::Sleeps,
    };
    let own = |own: &Bar| match own.kind {
        Kind::Asks => bar(own, t!("asks"), MessageKind::Other),
        Kind::Holds => bar(own, t!("holds"), MessageKind::Replication),
        Kind::Sleeps => bar(own, t!("asleep"), MessageKind::Replication),
    };
    let keeper = match world.config().scheme {
        Scheme::Redlock => t!("by majority"),
        _ => t!("by L"),
    };
    let is_shown = |bar: &Span| bar.to_us.is_none_or(|end_us| end_us > from_us && end_us > bar.from_us);
    let mut rows = Vec::new();
    for node in world.config().customers() {
        let bars: Vec<Span> = book.own(node.index()).map(own).filter(is_shown).collect();
        let given = book.service(node.index()).map(|given| bar(given, t!("holds"), MessageKind::Client));
        let given: Vec<Span> = given.filter(is_shown).collect();
        if bars.is_empty() && given.is_empty() {
            continue;
        }
        rows.push(SpanRow { label: Text::verbatim(world.label(node).to_string()), depth: 0, bars });
        rows.push(SpanRow { label: keeper.clone(), depth: 1, bars: given });
    }
    let mark = |written: &super::book::Written| {
        let customer = written.customer;
        let text = match written.is_refused {
            true => t!("{customer} is refused", customer = customer),
            false => t!("{customer} buys", customer = customer),
        };
        Moment { at_us: written.at_us, text: text.with_labels(&labels) }
    };
    let marks = book.writes.iter().filter(|written| written.at_us > from_us).map(mark).collect();
    (!rows.is_empty())
        .then(|| Panel::Spans(Spans { title: t!("Who had the lock"), from_us, to_us: to_us.max(1), rows, marks }))
}
