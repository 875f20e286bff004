//! The logs of all servers with their gaps, and what became of each slot.

use sim::frame::{Cell, CellState, Panel};
use sim::{NodeId, Text, WorldOf, t};

use super::ledger::Ledger;
use super::log::{Log, Slot};
use super::{LogNode, MultiPaxos};

/// At most so many slots stand in a row of the panel; the last ones.
const CELLS_IN_THE_PANEL: u64 = 24;

/// So many slots stand in the table: the last ones.
const SLOTS: u64 = 6;

/// The log of one server, for cells. With the ledger it is seen what is chosen, without it what the server knows.
pub(super) struct Row<'a> {
    pub log: &'a Log,
    pub ledger: Option<&'a Ledger>,
}

impl Row<'_> {
    pub(super) fn cells(&self, first: u64, last: u64) -> Vec<Cell> {
        (first..=last).map(|number| self.cell(number)).collect()
    }

    fn cell(&self, number: u64) -> Cell {
        let slot = self.log.slot(number);
        let held =
            slot.and_then(|Slot { accepted, chosen }| chosen.as_ref().or(accepted.as_ref().map(|vote| &vote.value)));
        let Some(decree) = held else {
            let detail = t!("slot {slot}: nothing is accepted, a gap", slot = number);
            return Cell { era: None, label: Text::verbatim("–"), state: CellState::Plain, detail };
        };
        let knows = self.log.chosen(number).is_some();
        let chosen = self.ledger.map_or(&[][..], |ledger| ledger.chosen(number));
        let is_chosen = chosen.iter().any(|vote| vote.value == *decree);
        let (state, word) = match (knows, is_chosen, chosen.is_empty()) {
            (true, ..) if self.ledger.is_none() => (CellState::Committed, t!("known to be chosen")),
            (_, false, false) => (CellState::Conflicting, t!("something else is chosen")),
            (true, ..) => (CellState::Committed, t!("chosen, and it knows")),
            (false, true, _) => (CellState::Committed, t!("chosen, and it does not know yet")),
            (false, false, true) => (CellState::Uncommitted, t!("accepted, and not chosen so far")),
        };
        let vote = self.log.accepted(number).filter(|vote| vote.value == *decree);
        let said = match vote {
            Some(vote) => t!("{decree} in ballot {ballot}", decree = decree.text(), ballot = vote.ballot.text()),
            None => t!("{decree}, heard from another server", decree = decree.text()),
        };
        Cell {
            era: vote.map(|vote| vote.ballot.round),
            label: decree.text(),
            state,
            detail: t!("slot {slot}: {decree}: {state}", slot = number, decree = said, state = word),
        }
    }
}

/// The logs of all servers.
pub(super) fn logs(world: WorldOf<'_, MultiPaxos>, ledger: &Ledger) -> Panel {
    let logs = || world.config().all_servers().map(|id| (id, log(world, id)));
    let last = logs().map(|(_, log)| log.last()).max().unwrap_or(0);
    let first = last.saturating_sub(CELLS_IN_THE_PANEL) + 1;
    let title = if first > 1 { t!("Slots, from {slot} on", slot = first) } else { t!("Slots") };
    let row = |(id, log): (NodeId, &Log)| {
        let label = Text::verbatim(world.label(id).to_string());
        (label, Row { log, ledger: Some(ledger) }.cells(first, log.last()))
    };
    Panel::Log { title, first, rows: logs().map(row).collect() }
}

/// What was proposed in the last slots, and what is chosen there.
pub(super) fn slots(world: WorldOf<'_, MultiPaxos>, ledger: &Ledger) -> Option<Panel> {
    let last = world.config().all_servers().map(|id| log(world, id).last()).max().unwrap_or(0);
    let needed = world.config().majority();
    let knowing = |slot: u64| {
        let servers = world.config().all_servers().filter(|id| log(world, *id).chosen(slot).is_some());
        let names: Vec<&str> = servers.map(|id| world.label(id)).collect();
        if names.is_empty() { t!("nobody") } else { Text::verbatim(names.join(" ")) }
    };
    let lines = |slot: u64| -> Vec<Vec<Text>> {
        let line = |row: &super::Row| {
            let accepted = row.accepted.count();
            let state = match accepted >= needed {
                true => t!("{count}: chosen", count = accepted),
                false => t!("{count} of {needed}", count = accepted, needed = needed),
            };
            vec![
                t!("{number}", number = slot),
                row.vote.ballot.text(),
                row.vote.value.text(),
                state,
                if accepted >= needed { knowing(slot) } else { t!("–") },
            ]
        };
        ledger.rows(slot).iter().map(line).collect()
    };
    let rows: Vec<Vec<Text>> = (last.saturating_sub(SLOTS) + 1..=last).rev().flat_map(lines).collect();
    (!rows.is_empty()).then(|| Panel::Table {
        title: t!("Ballots of the last slots"),
        head: vec![t!("slot"), t!("ballot"), t!("decree"), t!("accepted by"), t!("known to")],
        rows,
    })
}

fn log(world: WorldOf<'_, MultiPaxos>, id: NodeId) -> &Log {
    match world.nodes().state(id).and_then(LogNode::server) {
        Some(server) => &server.log,
        None => &world.nodes().disk(id).log,
    }
}
