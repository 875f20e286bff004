//! What stands beside the stage: what happened to each wish, orders, the cache, and paper.

use sim::frame::{Cell, CellState, Panel};
use sim::{NodeId, Text, WorldOf, t};

use super::call::{Answer, Origin};
use super::monitor::Column;
use super::settings::Strategy;
use super::store::{Effect, EffectKind};
use super::view::{at, name};
use super::wish::Wish;
use super::{RpcNode, RpcRest};

/// How many of the newest effects are looked through for those of a wish.
pub(super) const LOOKED_THROUGH: usize = 200;

/// How many wishes of a client, and how many orders and sheets, are shown.
const SHOWN_WISHES: usize = 3;
const SHOWN_ORDERS: usize = 8;
const SHOWN_SHEETS: usize = 8;

/// The panels of a moment.
pub(super) fn all(world: WorldOf<'_, RpcRest>, sees_truth: bool) -> Vec<Panel> {
    let mut panels = vec![happened(world, sees_truth)];
    if world.config().printer().is_some() {
        if sees_truth {
            panels.push(strategies(world));
        }
        panels.extend(paper(world));
    } else {
        panels.push(orders(world));
    }
    panels.extend(cache(world));
    panels
}

/// What became of the last wishes: what users know, what servers do, and what is true.
fn happened(world: WorldOf<'_, RpcRest>, sees_truth: bool) -> Panel {
    let mut rows = Vec::new();
    for client in world.config().clients() {
        let Some(state) = world.nodes().state(client).and_then(RpcNode::client) else { continue };
        let told = state.told.iter().rev().take(SHOWN_WISHES).rev();
        let told = told.map(|told| (told.number, told.wish, told.verdict.word()));
        let open = state.open.iter().map(|open| (open.number, open.wish, t!("waits")));
        for (number, wish, knows) in told.chain(open) {
            let origin = Origin { client, number };
            let mut row = vec![name(origin), wish.word(), knows, server(world, origin)];
            if sees_truth {
                row.push(truth(world, origin, wish));
            }
            rows.push(row.into_iter().map(|text| text.with_labels(&labels(world))).collect());
        }
    }
    let mut head = vec![t!("wish"), t!("what"), t!("its user knows"), t!("a server")];
    if sees_truth {
        head.push(t!("in truth"));
    }
    Panel::Table { title: t!("What happened"), head, rows }
}

pub(super) fn labels(world: WorldOf<'_, RpcRest>) -> Vec<String> {
    world.nodes().ids().map(|id| world.label(id).to_string()).collect()
}

/// What servers do about a wish now.
fn server(world: WorldOf<'_, RpcRest>, origin: Origin) -> Text {
    let config = world.config();
    for server in [config.store()].into_iter().chain(config.fronts()) {
        let Some(desk) = world.nodes().state(server).and_then(RpcNode::desk) else { continue };
        if desk.at_work().is_some_and(|(_, job)| job.ask.origin == origin) {
            return t!("{server} is at work", server = server);
        }
        if desk.jobs.values().any(|job| job.ask.origin == origin) {
            return t!("waits at {server}", server = server);
        }
    }
    t!("–")
}

/// What has happened.
fn truth(world: WorldOf<'_, RpcRest>, origin: Origin, wish: Wish) -> Text {
    if wish == Wish::Print {
        let printer = world.config().printer();
        let paper = printer.map(|printer| &world.nodes().disk(printer).paper);
        let count = paper.map_or(0, |paper| paper.iter().filter(|sheet| sheet.job.origin == origin).count());
        return if count == 0 { t!("no paper") } else { t!("printed {count} ×", count = count) };
    }
    let log = &world.nodes().disk(world.config().store()).book.log;
    let newest = (log.len().saturating_sub(LOOKED_THROUGH)..log.len()).filter_map(|place| log.get(place));
    let effects: Vec<&Effect> = newest.filter(|effect| effect.origin == origin).collect();
    let count = effects.len();
    match effects.last().map(|effect| effect.kind) {
        None if !wish.is_unsafe() => t!("–"),
        None => t!("nothing"),
        Some(EffectKind::Made) => t!("made {count} ×", count = count),
        Some(EffectKind::Changed { .. }) => t!("changed {count} ×", count = count),
        Some(EffectKind::Cancelled) => t!("cancelled"),
    }
}

/// The orders in the store.
fn orders(world: WorldOf<'_, RpcRest>) -> Panel {
    let orders = &world.nodes().disk(world.config().store()).book.orders;
    let all: Vec<_> = orders.iter().collect();
    let row = |(order, known): &(&u32, &super::Order)| {
        let by = known.by.map_or_else(|| t!("–"), |by| name(by).with_labels(&labels(world)));
        vec![t!("{order}", order = **order), t!("v{version}", version = known.version), by]
    };
    Panel::Table {
        title: t!("Orders in the store"),
        head: vec![t!("order"), t!("version"), t!("written by")],
        rows: all[all.len().saturating_sub(SHOWN_ORDERS)..].iter().map(row).collect(),
    }
}

/// What the proxy keeps.
fn cache(world: WorldOf<'_, RpcRest>) -> Option<Panel> {
    let node: NodeId = world.config().proxy()?;
    let proxy = world.nodes().state(node).and_then(RpcNode::proxy)?;
    let now_us = world.nodes().clock(node).counts(world.now_us());
    let row = |(path, kept): (&super::Path, &parts::cache::Kept<Answer>)| {
        let what = match &kept.value {
            Answer::Order { version, .. } => t!("v{version}", version = *version),
            answer => answer.word(),
        };
        vec![path.text(), what, at(kept.age_us(now_us))]
    };
    let rows: Vec<Vec<Text>> = proxy.cache.iter().map(row).collect();
    (!rows.is_empty()).then(|| Panel::Table {
        title: t!("What the proxy keeps"),
        head: vec![t!("path"), t!("answer"), t!("age")],
        rows,
    })
}

/// What has come out of the printer.
fn paper(world: WorldOf<'_, RpcRest>) -> Option<Panel> {
    let printer = world.config().printer()?;
    let paper = &world.nodes().disk(printer).paper;
    let first = paper.len().saturating_sub(SHOWN_SHEETS);
    let cell = |place: usize| {
        let sheet = paper.get(place)?;
        let origin = sheet.job.origin;
        let is_repeat = (0..place).any(|earlier| paper.get(earlier).is_some_and(|other| other.job.origin == origin));
        let text = name(origin).with_labels(&labels(world));
        let detail =
            if is_repeat { t!("{text}, once more", text = text.clone()) } else { t!("{text}", text = text.clone()) };
        let state = if is_repeat { CellState::Conflicting } else { CellState::Committed };
        Some(Cell { era: None, label: text, state, detail })
    };
    let cells: Vec<Cell> = (first..paper.len()).filter_map(cell).collect();
    let row = (Text::verbatim(world.label(printer).to_string()), cells);
    (!paper.is_empty()).then(|| Panel::Log { title: t!("On paper"), first: first as u64 + 1, rows: vec![row] })
}

/// What became of texts by strategy and by the order of message M, paper P and crash C.
fn strategies(world: WorldOf<'_, RpcRest>) -> Panel {
    let tried = &world.monitor().tried;
    let all = [Strategy::Always, Strategy::Never, Strategy::IfCame, Strategy::IfNot];
    let row = |strategy: Strategy| {
        let cell = |column: Column| {
            let last = tried.iter().filter(|tried| (tried.strategy, tried.column) == (strategy, column)).last();
            last.map_or_else(
                || t!("–"),
                |tried| match tried.papers {
                    0 => t!("none"),
                    1 => t!("once"),
                    count => t!("{count} ×", count = count),
                },
            )
        };
        let word = match strategy {
            Strategy::Always => t!("always"),
            Strategy::Never => t!("never"),
            Strategy::IfCame => t!("if M came"),
            Strategy::IfNot => t!("if not"),
        };
        [word].into_iter().chain(Column::ALL.map(cell)).collect()
    };
    Panel::Table {
        title: t!("Print again? Message M, paper P, crash C"),
        head: [t!("again")].into_iter().chain(Column::ALL.map(Column::word)).collect(),
        rows: all.map(row).to_vec(),
    }
}
