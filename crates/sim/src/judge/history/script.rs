//! A history made ready for the search: numbered, pruned, in one list of events.

use std::ops::Range;

use super::model::{deciding, leaves, looks_for, only_looks, overwrites};
use super::{Call, Moment, Operation, OperationId, Value};
use crate::base::map::Map;
use crate::base::order::sort_by_key;

/// What all interchangeable operations have in common: what is asked, and what of the answer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class<'a> {
    pub(super) call: &'a Call,
    pub(super) result: Option<&'a Value>,
}

impl<'a> Class<'a> {
    pub(super) fn of(operation: &'a Operation) -> Self {
        Self { call: &operation.call, result: deciding(&operation.call, operation.result()) }
    }

    pub(super) fn only_looks(&self) -> bool {
        only_looks(self.call, self.result)
    }

    pub(super) fn overwrites(&self) -> bool {
        overwrites(self.call)
    }
}

/// An operation that may have to be placed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) id: OperationId,
    /// Index into [`Script::classes`].
    pub(super) class: u32,
    pub(super) role: Role,
}

/// How the search remembers that an entry is placed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Role {
    /// It must take effect: a slot is its own while it is open, and goes to another afterwards.
    Must(u32),
    /// It may take effect: this bit is its own for ever.
    May(u32),
}

/// An invocation or a completion.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub(super) moment: Moment,
    pub(super) entry: u32,
    /// `None` for an invocation.
    pub(super) completes: Option<Open>,
}

/// What is open just before a completion, and must take effect; ranges of [`Script::open`].
#[derive(Clone, Debug)]
pub(super) struct Open {
    /// Operations that can change the state, by class, and within a class by completion.
    pub(super) movers: Range<usize>,
    /// Operations that only look.
    pub(super) lookers: Range<usize>,
}

/// Operations of one class that may take effect, in the order of their invocations. They are interchangeable, so they are
/// taken in this order: then the bits that are set are the fewer the better, by the subset relation.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) class: u32,
    /// Each with the index of its invocation among the events.
    pub(super) entries: Vec<(u32, u32)>,
}

/// The operations and events of one part of a history.
#[derive(Debug)]
pub(super) struct Script<'a> {
    pub(super) classes: Vec<Class<'a>>,
    pub(super) entries: Vec<Entry>,
    pub(super) events: Vec<Event>,
    pub(super) open: Vec<u32>,
    pub(super) pools: Vec<Pool>,
    /// How many bits the larger of the two sets of a configuration needs.
    pub(super) width: usize,
}

impl<'a> Script<'a> {
    /// Prepares these operations, which are in the order of their invocations.
    pub(super) fn new(operations: &[&'a Operation]) -> Self {
        let operations = without_the_useless(operations);
        let mut script = Script {
            classes: Vec::new(),
            entries: Vec::with_capacity(operations.len()),
            events: Vec::with_capacity(2 * operations.len()),
            open: Vec::new(),
            pools: Vec::new(),
            width: 0,
        };
        script.number_entries(&operations);
        script.list_events(&operations);
        script.fill_pools();
        script.walk(&operations);
        script
    }

    fn number_entries(&mut self, operations: &[&'a Operation]) {
        let mut numbers: Map<Class<'a>, u32> = Map::default();
        for operation in operations {
            let class = Class::of(operation);
            let number = *numbers.get_or_insert_with(class, || {
                self.classes.push(class);
                self.classes.len() as u32 - 1
            });
            let role = if operation.deadline().is_some() { Role::Must(0) } else { Role::May(0) };
            self.entries.push(Entry { id: operation.id, class: number, role });
        }
    }

    fn list_events(&mut self, operations: &[&'a Operation]) {
        for (entry, operation) in (0..).zip(operations) {
            self.events.push(Event { moment: operation.invoked, entry, completes: None });
            if let Some(moment) = operation.deadline() {
                let nothing_yet = Open { movers: 0..0, lookers: 0..0 };
                self.events.push(Event { moment, entry, completes: Some(nothing_yet) });
            }
        }
        sort_by_key(&mut self.events, |event| u128::from(event.moment.order));
    }

    fn fill_pools(&mut self) {
        let mut pools: Map<u32, Pool> = Map::default();
        for (at, event) in (0..).zip(&self.events) {
            let entry = &self.entries[event.entry as usize];
            if matches!(entry.role, Role::May(_)) {
                let empty = || Pool { class: entry.class, entries: Vec::new() };
                pools.get_or_insert_with(entry.class, empty).entries.push((event.entry, at));
            }
        }
        self.pools = pools.values().cloned().collect();
        let mut bits = 0;
        for (entry, _) in self.pools.iter().flat_map(|pool| &pool.entries) {
            self.entries[*entry as usize].role = Role::May(bits);
            bits += 1;
        }
        self.width = bits as usize;
    }

    /// Goes through the events to give out slots and to note what is open at each completion.
    fn walk(&mut self, operations: &[&'a Operation]) {
        let rank = |entries: &[Entry], entry: u32| {
            (entries[entry as usize].class, operations[entry as usize].deadline().map(|moment| moment.order))
        };
        let (mut movers, mut lookers): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
        let (mut free, mut slots): (Vec<u32>, u32) = (Vec::new(), 0);
        for event in &mut self.events {
            let Role::Must(slot) = self.entries[event.entry as usize].role else { continue };
            let looks = self.classes[self.entries[event.entry as usize].class as usize].only_looks();
            let open = if looks { &mut lookers } else { &mut movers };
            if event.completes.is_none() {
                let slot = free.pop().unwrap_or_else(|| {
                    slots += 1;
                    slots - 1
                });
                self.entries[event.entry as usize].role = Role::Must(slot);
                let mine = rank(&self.entries, event.entry);
                let place = open.partition_point(|other| rank(&self.entries, *other) < mine);
                open.insert(place, event.entry);
            } else {
                let start = self.open.len();
                self.open.extend(&movers);
                let middle = self.open.len();
                self.open.extend(&lookers);
                event.completes = Some(Open { movers: start..middle, lookers: middle..self.open.len() });
                for open in [&mut movers, &mut lookers] {
                    open.retain(|other| *other != event.entry);
                }
                free.push(slot);
            }
        }
        self.width = self.width.max(slots as usize);
    }
}

/// Leaves out what cannot decide anything: operations that failed, and those of unknown end which only look, or which
/// leave nothing behind that any other operation looks for.
fn without_the_useless<'a>(operations: &[&'a Operation]) -> Vec<&'a Operation> {
    let possible = operations.iter().copied().filter(|operation| {
        !operation.has_failed() && (operation.deadline().is_some() || !Class::of(operation).only_looks())
    });
    if operations.iter().all(|operation| operation.deadline().is_some()) {
        return possible.collect();
    }
    let wanted: Option<Vec<_>> =
        possible.clone().map(|operation| looks_for(&operation.call, Class::of(operation).result)).collect();
    let Some(wanted) = wanted else { return possible.collect() };
    let wanted: Map<_, ()> = wanted.into_iter().flatten().map(|value| (value, ())).collect();
    let is_wanted = |call: &Call| leaves(call).is_none_or(|left| left.iter().any(|value| wanted.get(value).is_some()));
    possible.filter(|operation| operation.deadline().is_some() || is_wanted(&operation.call)).collect()
}
