//! Eventual consistency: once a register is no longer written, do all clients end up reading the same?
//!
//! Vogels ("Eventually consistent", 2009): if no new updates are made, eventually all reads return the last updated value.
//! That speaks of what will be, and no finite history can break it. What is judged here is how the history ends, as in
//! quiescent consistency (Burckhardt, "Principles of eventual consistency", 2014, section 4.1): the last read of each
//! client that began after all writes of a register were over must return the same value; and no read may return a value
//! that nobody had begun to write. A register with a write whose end is unknown never comes to rest: nothing is asked of it.

use super::accesses::{Kind, Touch, first_value, shown, touches};
use super::{History, Model, OperationId, Value};
use crate::map::Map;
use crate::order::sort_by_key;
use crate::t;
use crate::text::{Argument, Text};

/// The result: a sentence, and what speaks against it.
#[derive(Debug)]
pub(super) enum Finding {
    /// Clients that read a register at rest agree.
    Consistent(Text),
    /// These reads cannot be.
    Broken { reason: Text, operations: Vec<OperationId> },
}

/// Looks at the values read, and at the last reads. `name` says what clients are called.
pub(super) fn find(history: &History, model: &Model, name: &dyn Fn(u64) -> Argument) -> Finding {
    let touches = touches(history, model);
    let mut by_key: Map<&Value, Vec<&Touch<'_>>> = Map::default();
    for touch in &touches {
        by_key.get_or_insert_with(touch.key, Vec::new).push(touch);
    }
    let thin_air = by_key.iter().find_map(|(key, touches)| out_of_thin_air(model, key, touches, name));
    if let Some(broken) = thin_air {
        return broken;
    }
    let mut agreed = 0;
    for (key, touches) in by_key.iter() {
        let last = last_reads(touches);
        let Some((_, value, _)) = last.first() else { continue };
        if let Some((client, other, read)) = last.iter().find(|(_, other, _)| other != value) {
            let (first_client, first, first_read) = last[0];
            let reason = t!(
                "after the last write, {one} ends up reading {value} and {another} reading {other}",
                one = name(first_client),
                value = shown(key, first),
                another = name(*client),
                other = shown(key, other)
            );
            return Finding::Broken { reason, operations: vec![first_read, *read] };
        }
        agreed += 1;
    }
    Finding::Consistent(match agreed {
        0 => t!("nothing was read after its last write, so nothing speaks against it"),
        _ => t!("after the last write, all clients end up reading the same"),
    })
}

/// A read of a value that nobody had begun to write. Where values are appended to, nothing is said.
fn out_of_thin_air(
    model: &Model,
    key: &Value,
    touches: &[&Touch<'_>],
    name: &dyn Fn(u64) -> Argument,
) -> Option<Finding> {
    if touches.iter().any(|touch| touch.kind == Kind::Change) {
        return None;
    }
    touches.iter().find_map(|read| {
        let Kind::Read(value) = read.kind else { return None };
        let was_written = touches.iter().any(|write| {
            let in_time = read.operation.deadline().is_none_or(|end| write.operation.invoked < end);
            write.kind == Kind::Write(value) && in_time
        });
        let is_possible = value == first_value(model, key) || was_written;
        (!is_possible).then(|| Finding::Broken {
            reason: t!(
                "{reader} reads {value}, which nobody had begun to write",
                reader = name(read.operation.client),
                value = shown(key, value)
            ),
            operations: vec![read.id()],
        })
    })
}

/// For each client what it read last of a register at rest, as (client, value, operation).
fn last_reads<'a>(touches: &[&Touch<'a>]) -> Vec<(u64, &'a Value, OperationId)> {
    let mut rest = 0;
    for write in touches.iter().filter(|touch| !matches!(touch.kind, Kind::Read(_))) {
        let Some(end) = write.operation.deadline() else { return Vec::new() };
        rest = rest.max(end.order + 1);
    }
    let mut reads: Vec<&&Touch<'_>> = touches
        .iter()
        .filter(|touch| matches!(touch.kind, Kind::Read(_)) && touch.operation.invoked.order >= rest)
        .collect();
    sort_by_key(&mut reads, |read| read.operation.deadline().map_or(0, |end| end.order).into());
    let mut last: Map<u64, (&Value, OperationId)> = Map::default();
    for read in reads {
        if let Kind::Read(value) = read.kind {
            last.insert(read.operation.client, (value, read.id()));
        }
    }
    last.iter().map(|(client, (value, id))| (*client, *value, *id)).collect()
}
