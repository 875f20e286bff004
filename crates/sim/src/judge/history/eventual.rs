//! Eventual consistency: once a register is no longer written, do all clients end up reading the same?
//!
//! Vogels ("Eventually consistent", 2009): if no new updates are made, eventually all reads return the last updated value.
//! That speaks of what will be, and no finite history can break it. What is judged here is how the history ends, as in
//! quiescent consistency (Burckhardt, "Principles of eventual consistency", 2014, section 4.1): the last read of each
//! client that began after all writes of a register were over must return the same value; and no read may return a value
//! that nobody had begun to write. A register with a write whose end is unknown never comes to rest: nothing is asked of it.

use super::accesses::{Kind, Touch, first_value, touches};
use super::{History, Model, OperationId, Value};
use crate::base::map::Map;
use crate::base::order::sort_by_key;
use crate::base::text::{Argument, Text};
use crate::t;

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
        if last.is_empty() {
            continue;
        }
        if let Some(broken) = disagreement(&last, name).or_else(|| nothing_left(model, key, touches, &last)) {
            return broken;
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
    touches.iter().filter(|touch| touch.kind.is_read()).find_map(|read| {
        let was_written = touches.iter().any(|write| {
            let in_time = read.operation.deadline().is_none_or(|end| write.operation.invoked < end);
            matches!(write.kind, Kind::Write(value) if read.kind.can_find(value)) && in_time
        });
        let is_possible = read.kind.can_find(first_value(model, key)) || was_written;
        (!is_possible).then(|| Finding::Broken {
            reason: t!(
                "{reader} reads {value}, which nobody had begun to write",
                reader = name(read.operation.client),
                value = read.shown()
            ),
            operations: vec![read.id()],
        })
    })
}

/// Two clients of which the last reads cannot have found the same value.
fn disagreement(last: &[&Touch<'_>], name: &dyn Fn(u64) -> Argument) -> Option<Finding> {
    let exact = last.iter().find(|read| matches!(read.kind, Kind::Read(_)))?;
    let Kind::Read(value) = exact.kind else { return None };
    let other = last.iter().find(|read| !read.kind.can_find(value))?;
    let reason = t!(
        "after the last write, {one} ends up reading {value} and {another} reading {other}",
        one = name(exact.operation.client),
        value = exact.shown(),
        another = name(other.operation.client),
        other = other.shown()
    );
    Some(Finding::Broken { reason, operations: vec![exact.id(), other.id()] })
}

/// Last reads which all found something else than was asked for, so that no value is left. Where values are appended to,
/// nothing is said.
fn nothing_left(model: &Model, key: &Value, touches: &[&Touch<'_>], last: &[&Touch<'_>]) -> Option<Finding> {
    let is_left = |value: &Value| last.iter().all(|read| read.kind.can_find(value));
    let is_possible = |touch: &&Touch<'_>| match touch.kind {
        Kind::Write(value) => is_left(value),
        Kind::Change => true,
        Kind::Read(_) | Kind::ReadOther(_) => false,
    };
    let exists = is_left(first_value(model, key)) || touches.iter().any(is_possible);
    let found: Vec<String> = last.iter().map(|read| read.shown()).collect();
    (!exists && !last.iter().any(|read| matches!(read.kind, Kind::Read(_)))).then(|| Finding::Broken {
        reason: t!(
            "after the last write, clients end up reading {values}, and no value that was ever there is all of that",
            values = found.join(", ")
        ),
        operations: last.iter().map(|read| read.id()).collect(),
    })
}

/// For each client what it read last of a register at rest.
fn last_reads<'a, 'b>(touches: &[&'b Touch<'a>]) -> Vec<&'b Touch<'a>> {
    let mut rest = 0;
    for write in touches.iter().filter(|touch| !touch.kind.is_read()) {
        let Some(end) = write.operation.deadline() else { return Vec::new() };
        rest = rest.max(end.order + 1);
    }
    let is_late = |touch: &&Touch<'_>| touch.kind.is_read() && touch.operation.invoked.order >= rest;
    let mut reads: Vec<&Touch<'_>> = touches.iter().copied().filter(is_late).collect();
    sort_by_key(&mut reads, |read| read.operation.deadline().map_or(0, |end| end.order).into());
    let mut last: Map<u64, &Touch<'_>> = Map::default();
    for read in reads {
        last.insert(read.operation.client, read);
    }
    last.values().copied().collect()
}
