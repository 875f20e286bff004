//! The table: a row for each number, a column for each replica.

use std::iter::once;

use sim::frame::Panel;
use sim::{Text, WorldOf, t};

use super::slot::voters;
use super::{Config, Node, Pbft, Replica};

/// So many numbers are shown: the last ones.
const ROWS: u64 = 8;

/// How far each replica has got with each number.
pub(super) fn table(world: WorldOf<'_, Pbft>) -> Panel {
    let config = world.config();
    let replicas: Vec<Option<&Replica>> =
        config.all_replicas().map(|node| world.nodes().state(node).and_then(Node::replica)).collect();
    let known = replicas.iter().flatten().map(|replica| {
        let last = replica.slots.iter().last().map_or(0, |(number, _)| *number);
        last.max(replica.executed)
    });
    let last = known.max().unwrap_or(0);
    let numbers = last.saturating_sub(ROWS) + 1..=last;
    let row = |number: u64| {
        let cells =
            replicas.iter().map(|replica| replica.map_or_else(|| t!("–"), |replica| cell(replica, number, config)));
        once(t!("{number}", number = number)).chain(cells).collect()
    };
    let labels = config.all_replicas().map(|node| Text::verbatim(world.label(node).to_string()));
    Panel::Table {
        title: t!("How far each number has got"),
        head: once(t!("number")).chain(labels).collect(),
        rows: numbers.map(row).collect(),
    }
}

fn cell(replica: &Replica, number: u64, config: &Config) -> Text {
    if number <= replica.executed {
        let done = replica.journal.iter().find(|(of, _)| *of == number);
        let command =
            done.map(|(_, request)| request.as_ref().map_or_else(|| t!("null"), |request| request.command.text()));
        return command.map_or_else(|| t!("executed"), |command| t!("{command}: executed", command = command));
    }
    let Some(slot) = replica.slot(number) else { return t!("–") };
    let taken = slot.accepted.as_ref().filter(|(view, _)| *view == replica.view && !replica.is_changing);
    let Some((view, digest)) = taken else {
        return match &slot.prepared {
            Some(prepared) => t!("{command}: prepared before", command = prepared.digest.text()),
            None => t!("–"),
        };
    };
    let command = digest.text();
    if slot.has_prepared(*view, digest) {
        let (got, needed) = (voters(&slot.commits, *view, digest).count(), config.quorum());
        return t!("{command}: c {got}/{needed}", command = command, got = got, needed = needed);
    }
    let got = voters(&slot.prepares, *view, digest).without(config.primary(*view)).count();
    match got {
        0 => t!("{command}: pp", command = command),
        _ => t!("{command}: p {got}/{needed}", command = command, got = got, needed = config.prepares()),
    }
}
