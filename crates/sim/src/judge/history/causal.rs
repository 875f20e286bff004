//! Causal consistency: does each client see all that it could know of, in an order that respects causes?
//!
//! Causal memory is due to Ahamad, Neiger, Burns, Kohli & Hutto ("Causal memory: definitions, implementation, and
//! programming", 1995): for each client there is one order of its own reads and of all writes that respects the *causal
//! order* (each client's own order, and a write before the reads that saw it) and explains what it read. How to find out is
//! due to Bouajjani, Enea, Guerraoui & Hamza ("On verifying causal consistency", POPL 2017, section 5): where it is clear
//! which write each read saw, a history is causally consistent exactly if certain patterns do not occur in it. The first
//! four here are those of weak causal consistency (there called CC), all six those of causal memory (CM).
//!
//! Where a value was written more than once, the possible writes are tried out for each read that may have seen either.

use super::accesses::{Kind, Touch, first_value, touches};
use super::relation::Relation;
use super::{History, Model, OperationId, Value};
use crate::base::map::Map;
use crate::base::order::{pair, sort_by_key};
use crate::base::text::{Argument, Text};
use crate::t;

/// The result of a search for bad patterns.
#[derive(Debug)]
pub(super) enum Finding {
    /// There is none.
    Consistent,
    /// There is one: why, and the operations that make it, a cause before what it caused.
    Broken { reason: Text, operations: Vec<OperationId> },
    /// It was given up.
    Undecided(Text),
}

/// Looks for bad patterns. `limit` bounds memory as that of [`check`](super::check) does, and the work with it; `name`
/// says what clients are called.
pub(super) fn find(history: &History, model: &Model, limit: u64, name: &dyn Fn(u64) -> Argument) -> Finding {
    let touches = touches(history, model);
    let count = touches.len() as u64;
    if count * count / 8 > limit.saturating_mul(BYTES_PER_UNIT) {
        return Finding::Undecided(t!("{count} reads and writes are too many for the limit", count = count));
    }
    let mut search = Search { work: limit.saturating_mul(WORK_PER_UNIT), ..Search::new(model, touches, name) };
    let mut sources = match search.certain_sources() {
        Ok(sources) => sources,
        Err(Pattern { reason, operations }) => return Finding::Broken { reason, operations },
    };
    match search.patterns(&sources) {
        Some(Pattern { reason, operations }) => Finding::Broken { reason, operations },
        None => search.explain(&mut sources),
    }
}

/// The memory behind one unit of the limit.
const BYTES_PER_UNIT: u64 = super::memory::BYTES_PER_CONFIGURATION;
/// How many words of relations may be looked at for one unit of the limit: with the usual limit some seconds.
const WORK_PER_UNIT: u64 = 2_000;

#[derive(Default)]
struct Pattern {
    reason: Text,
    operations: Vec<OperationId>,
}

/// What a read saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// The value before the first write.
    First,
    /// This write.
    Write(usize),
}

struct Search<'a> {
    touches: Vec<Touch<'a>>,
    name: &'a dyn Fn(u64) -> Argument,
    /// For each access those of the same client that come right after it.
    next: Vec<Vec<usize>>,
    /// The accesses of each client.
    clients: Map<u64, Vec<usize>>,
    /// The writes of each register.
    writes: Map<&'a Value, Vec<usize>>,
    /// What each read may have seen, the newest write first.
    candidates: Vec<Vec<Source>>,
    /// How much may still be done.
    work: u64,
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, touches: Vec<Touch<'a>>, name: &'a dyn Fn(u64) -> Argument) -> Self {
        let mut clients: Map<u64, Vec<usize>> = Map::default();
        let mut writes: Map<&Value, Vec<usize>> = Map::default();
        for (i, touch) in touches.iter().enumerate() {
            clients.get_or_insert_with(touch.operation.client, Vec::new).push(i);
            if let Kind::Write(_) = touch.kind {
                writes.get_or_insert_with(touch.key, Vec::new).push(i);
            }
        }
        let mut next = vec![Vec::new(); touches.len()];
        for of_client in clients.values() {
            for (place, from) in of_client.iter().enumerate() {
                next[*from] = followers(&touches, *from, &of_client[place + 1..]);
            }
        }
        let candidates = (0..touches.len()).map(|read| sources(model, &touches, &writes, read)).collect();
        Self { touches, name, next, clients, writes, candidates, work: 0 }
    }

    fn client(&self, touch: usize) -> Argument {
        (self.name)(self.touches[touch].operation.client)
    }

    fn shown(&self, touch: usize) -> String {
        self.touches[touch].shown()
    }

    fn operations(&self, touches: &[usize]) -> Vec<OperationId> {
        let mut operations: Vec<OperationId> = touches.iter().map(|touch| self.touches[*touch].id()).collect();
        operations.dedup();
        operations
    }

    fn pattern(&self, reason: Text, touches: &[usize]) -> Pattern {
        Pattern { reason, operations: self.operations(touches) }
    }

    /// What each read saw, where only one thing is possible. The error is the pattern *ThinAirRead*.
    fn certain_sources(&self) -> Result<Vec<Option<Source>>, Pattern> {
        let mut certain = vec![None; self.touches.len()];
        for (read, candidates) in self.reads() {
            certain[read] = match candidates {
                [] => {
                    let reason = t!(
                        "{reader} reads {value}, which nobody wrote",
                        reader = self.client(read),
                        value = self.shown(read)
                    );
                    return Err(self.pattern(reason, &[read]));
                }
                [only] => Some(*only),
                _ => None,
            };
        }
        Ok(certain)
    }

    fn reads(&self) -> impl Iterator<Item = (usize, &[Source])> {
        let is_read = |(i, _): &(usize, &Vec<Source>)| self.touches[*i].kind.is_read();
        self.candidates.iter().enumerate().filter(is_read).map(|(i, candidates)| (i, candidates.as_slice()))
    }

    /// Tries what the reads saw of which that is open.
    fn explain(&mut self, sources: &mut [Option<Source>]) -> Finding {
        let open: Vec<usize> = self.reads().map(|(read, _)| read).filter(|read| sources[*read].is_none()).collect();
        let mut tries = vec![0; open.len()];
        let (mut place, mut first) = (0, None);
        while place < open.len() {
            let read = open[place];
            let Some(source) = self.candidates[read].get(tries[place]).copied() else {
                (tries[place], sources[read]) = (0, None);
                let Some(back) = place.checked_sub(1) else {
                    let Pattern { reason, operations } = first.unwrap_or_default();
                    let reason = t!("whichever write each read saw; for instance {reason}", reason = reason);
                    return Finding::Broken { reason, operations };
                };
                place = back;
                continue;
            };
            tries[place] += 1;
            sources[read] = Some(source);
            match self.patterns(sources) {
                Some(pattern) => first = first.or(Some(pattern)),
                None => place += 1,
            }
            if self.work == 0 {
                break;
            }
        }
        match self.work {
            0 => Finding::Undecided(t!("gave up at the limit: a higher limit may decide it")),
            _ => Finding::Consistent,
        }
    }

    fn spend(&mut self, rows: usize) {
        let words = rows * self.touches.len().div_ceil(64).max(1);
        self.work = self.work.saturating_sub(words as u64);
    }

    /// The first bad pattern that these sources make.
    fn patterns(&mut self, sources: &[Option<Source>]) -> Option<Pattern> {
        let edges = self.edges(sources);
        self.spend(2 * self.touches.len());
        let causes = match closure(&edges) {
            Ok(causes) => causes,
            Err(cycle) => {
                let reason = t!("each of these operations must come before the next, and the last before the first");
                return Some(self.pattern(reason, &cycle));
            }
        };
        let weak = sources.iter().enumerate().filter_map(|(read, source)| Some((read, (*source)?)));
        weak.into_iter().find_map(|(read, source)| self.overwritten(&edges, &causes, read, source)).or_else(|| {
            let clients: Vec<Vec<usize>> = self.clients.values().cloned().collect();
            clients.iter().find_map(|of_client| self.view(causes.clone(), of_client, sources))
        })
    }

    /// What comes right before what, by a client's own order or because a read saw a write.
    fn edges(&self, sources: &[Option<Source>]) -> Vec<Vec<usize>> {
        let mut edges = self.next.clone();
        for (read, source) in sources.iter().enumerate() {
            if let Some(Source::Write(write)) = source {
                edges[*write].push(read);
            }
        }
        edges
    }

    /// The patterns *WriteCOInitRead* and *WriteCORead*: a read could know of a write that replaced what it saw.
    fn overwritten(&self, edges: &[Vec<usize>], causes: &Relation, read: usize, source: Source) -> Option<Pattern> {
        let writes = self.writes.get(&self.touches[read].key)?;
        let newer = *writes.iter().find(|newer| {
            let is_later = match source {
                Source::First => true,
                Source::Write(old) => causes.contains(old, **newer),
            };
            is_later && causes.contains(**newer, read)
        })?;
        let (reader, writer, value, other) =
            (self.client(read), self.client(newer), self.shown(read), self.shown(newer));
        let known = path(edges, newer, read);
        let own = self.touches[read].operation.client;
        let reason = match (source, known.iter().find(|touch| self.touches[**touch].operation.client == own)) {
            (Source::First, _) => {
                t!(
                    "{reader} reads {value}, as it was at first, although it could know that {writer} had written {other}",
                    reader = reader,
                    value = value,
                    writer = writer,
                    other = other
                )
            }
            (_, Some(seen)) if *seen == newer => {
                t!(
                    "{reader} reads {value} after it has itself written {other}, which is later",
                    reader = reader,
                    value = value,
                    other = other
                )
            }
            (_, Some(seen))
                if self.touches[*seen].key == self.touches[read].key
                    && self.shown(*seen) == self.shown(newer)
                    && *seen != read =>
            {
                t!(
                    "{reader} reads {value} after {reader} has read {other}, which was written later",
                    reader = reader,
                    value = value,
                    other = other
                )
            }
            _ => {
                t!(
                    "{reader} reads {value}, although it could know that {writer} had written {other} later",
                    reader = reader,
                    value = value,
                    writer = writer,
                    other = other
                )
            }
        };
        let mut touches = match source {
            Source::First => vec![],
            Source::Write(old) => path(edges, old, newer),
        };
        touches.pop();
        touches.extend(known);
        Some(self.pattern(reason, &touches))
    }

    /// The patterns *WriteHBInitRead* and *CyclicHB*: no order of the writes explains all that one client read. What it
    /// reads tells what must have been written before: each other write that comes before the read comes before the one
    /// that it saw.
    fn view(&mut self, mut before: Relation, of_client: &[usize], sources: &[Option<Source>]) -> Option<Pattern> {
        let reads: Vec<(usize, Source)> = of_client.iter().filter_map(|read| Some((*read, sources[*read]?))).collect();
        self.spend(self.touches.len());
        let mut is_new = true;
        while std::mem::take(&mut is_new) && self.work > 0 {
            for (read, source) in &reads {
                let Some(writes) = self.writes.get(&self.touches[*read].key).cloned() else { continue };
                self.work = self.work.saturating_sub(writes.len() as u64);
                for other in writes {
                    if *source == Source::Write(other) || !before.contains(other, *read) {
                        continue;
                    }
                    let Source::Write(seen) = *source else {
                        return Some(self.no_view(*read, other, other));
                    };
                    if before.contains(seen, other) {
                        return Some(self.no_view(*read, seen, other));
                    }
                    if !before.contains(other, seen) {
                        let changed = before.insert_transitive(other, seen);
                        self.spend(changed + self.touches.len() / 64);
                        is_new = true;
                    }
                }
            }
        }
        None
    }

    fn no_view(&self, read: usize, seen: usize, other: usize) -> Pattern {
        let reason = t!(
            "{reader} reads {value}, but by all that {reader} reads, {other} was written before this read and after that (each read alone can be explained: it is weakly causal)",
            reader = self.client(read),
            value = self.shown(read),
            other = self.shown(other)
        );
        let mut touches = vec![seen, other, read];
        touches.dedup();
        self.pattern(reason, &touches)
    }
}

/// Those of the later accesses of the same client that come right after this one. An operation comes after those that
/// were completed before it was invoked; the parts of one operation follow each other.
fn followers(touches: &[Touch<'_>], from: usize, later: &[usize]) -> Vec<usize> {
    let own = touches[from].operation;
    if let Some(part) = later.first().filter(|next| touches[**next].id() == own.id) {
        return vec![*part];
    }
    let Some(end) = own.deadline() else { return Vec::new() };
    let mut followers: Vec<usize> = Vec::new();
    let mut horizon = u64::MAX;
    for next in later {
        let operation = touches[*next].operation;
        if operation.invoked.order > horizon {
            break;
        }
        let is_first_part = followers.last().is_none_or(|last| touches[*last].id() != operation.id);
        if operation.invoked > end && is_first_part {
            followers.push(*next);
            horizon = horizon.min(operation.deadline().map_or(u64::MAX, |deadline| deadline.order));
        }
    }
    followers
}

/// What a read may have seen, the newest write first that was invoked before the read was over.
fn sources(model: &Model, touches: &[Touch<'_>], writes: &Map<&Value, Vec<usize>>, read: usize) -> Vec<Source> {
    let touch = &touches[read];
    let of_key = writes.get(&touch.key).map(Vec::as_slice).unwrap_or_default();
    let is_its_own = |i: usize| i > read && touches[i].id() == touch.id();
    let could_be =
        |i: &usize| matches!(touches[*i].kind, Kind::Write(value) if touch.kind.can_find(value)) && !is_its_own(*i);
    let mut found: Vec<usize> = of_key.iter().copied().filter(could_be).collect();
    let end = touch.operation.deadline().map_or(u64::MAX, |deadline| deadline.order);
    sort_by_key(&mut found, |i| {
        let invoked = touches[*i].operation.invoked.order;
        if invoked < end { pair(0, u64::MAX - invoked) } else { pair(1, invoked) }
    });
    let first = touch.kind.can_find(first_value(model, touch.key)).then_some(Source::First);
    found.into_iter().map(Source::Write).chain(first).collect()
}

/// What comes before what, by way of these pairs; or a cycle of them.
fn closure(edges: &[Vec<usize>]) -> Result<Relation, Vec<usize>> {
    let mut waits_for = vec![0; edges.len()];
    edges.iter().flatten().for_each(|to| waits_for[*to] += 1);
    let mut order: Vec<usize> = (0..edges.len()).filter(|i| waits_for[*i] == 0).collect();
    let mut done = 0;
    while let Some(from) = order.get(done).copied() {
        done += 1;
        for to in &edges[from] {
            waits_for[*to] -= 1;
            if waits_for[*to] == 0 {
                order.push(*to);
            }
        }
    }
    if order.len() < edges.len() {
        let in_cycle = (0..edges.len()).filter(|i| waits_for[*i] > 0);
        let cycles =
            in_cycle.filter_map(|i| edges[i].iter().map(|next| path(edges, *next, i)).find(|path| !path.is_empty()));
        return Err(cycles.min_by_key(Vec::len).unwrap_or_default());
    }
    let mut relation = Relation::new(edges.len());
    for from in order.into_iter().rev() {
        for to in &edges[from] {
            relation.insert(from, *to);
            relation.insert_row(from, *to);
        }
    }
    Ok(relation)
}

/// A shortest way along the pairs, both ends included; empty if there is none.
fn path(edges: &[Vec<usize>], from: usize, to: usize) -> Vec<usize> {
    let mut came_from = vec![None; edges.len()];
    let mut queue = vec![from];
    let mut done = 0;
    while let Some(at) = queue.get(done).copied().filter(|_| from == to || came_from[to].is_none()) {
        done += 1;
        for next in &edges[at] {
            if *next != from && came_from[*next].is_none() {
                came_from[*next] = Some(at);
                queue.push(*next);
            }
        }
    }
    if from == to {
        return vec![from];
    }
    let mut path: Vec<usize> = std::iter::successors(came_from[to].map(|_| to), |at| came_from[*at]).collect();
    path.reverse();
    path
}
