//! Sequential consistency: is there one order of all operations, real time apart?
//!
//! Lamport ("How to make a multiprocessor computer that correctly executes multiprocess programs", 1979): the result is
//! the same as if all operations were executed in some order in which those of each client stand in its own order. An
//! operation comes after those of the same client that were completed before it was invoked; one of unknown end may take
//! effect at any later place, or never.
//!
//! Unlike linearizability it is not local: each key by itself may have an order, and all together none (Attiya & Welch,
//! "Sequential consistency versus linearizability", 1994). So this looks at the whole history, which is NP-complete
//! (Gibbons & Korach, "Testing shared memories", 1997). A search depth first with a memory, as for linearizability, and by
//! the same rules: what only looks is placed as soon as it can be; what is of unknown end is placed only where it changes
//! a register and the next operation on that sees it, and of two interchangeable ones the first; who has spent more of them
//! is no better off. The choices are tried in real-time order, in which most histories can be ordered.
//!
//! The operations of a client stand in chains, in each of which one comes after the other; a client that waits for each answer
//! has one. What is placed is a beginning of each chain, so that what is remembered does not grow with the history.

use std::collections::BTreeMap;

use super::linearizability::parts;
use super::memory::{self, BYTES_PER_CONFIGURATION, Memory};
use super::script::Class;
use super::sets::{Beginnings, Index, LongBits, mix};
use super::states::States;
use super::{History, Model, Operation, OperationId, Undecided, Value};
use crate::base::map::Map;
use crate::base::order::sort_by_key;

/// The result of a search.
#[derive(Debug)]
pub(super) enum Finding {
    /// There is an order.
    Ordered(Vec<OperationId>),
    /// There is none: at the end of the longest part that can be ordered, these come next for their clients, and none can.
    Stuck { next: Vec<OperationId>, key: Option<Value> },
    /// It was given up.
    Undecided(Undecided),
}

/// Looks for an order; gives up at the limit, which is that of [`check`](super::check).
///
/// Where there are keys, each is tried by itself first: if one has no order, the whole has none, and that is found sooner.
pub(super) fn find(history: &History, model: &Model, limit: u64) -> Finding {
    let whole: Vec<&Operation> = history.iter().collect();
    let keys = history.by_key().count();
    if model.splits_by_key() && keys > 1 {
        for (part, (key, _)) in parts(history, model).iter().zip(history.by_key()) {
            if let Finding::Stuck { next, .. } = search(model, &part.operations, limit / keys as u64) {
                return Finding::Stuck { next, key: Some(key.clone()) };
            }
        }
    }
    search(model, &whole, limit)
}

fn search(model: &Model, operations: &[&Operation], limit: u64) -> Finding {
    let program = Program::new(model, operations);
    Search::new(model, &program).run(limit)
}

/// Where a search can be: with what of each chain, and which of unknown end.
type Configuration = memory::Configuration<Beginnings, LongBits>;

/// An operation that may have to be placed.
struct Entry<'a> {
    operation: &'a Operation,
    /// Index of its register, see [`Registers`].
    register: usize,
    class: u32,
    /// Its chain, for what must be placed.
    chain: usize,
    /// The operations of its client that come right before it.
    after: Vec<u32>,
}

/// The operations of all clients.
struct Program<'a> {
    /// What must be placed, chain by chain.
    must: Vec<Entry<'a>>,
    /// Where each chain begins, and the end.
    begins: Vec<usize>,
    /// What may be placed, in the order of invocations.
    may: Vec<Entry<'a>>,
    /// The classes of each register, with its key.
    registers: Vec<(Value, Vec<Class<'a>>)>,
    numbers: BTreeMap<(usize, Class<'a>), u32>,
}

impl<'a> Program<'a> {
    fn new(model: &Model, operations: &[&'a Operation]) -> Self {
        let mut clients: Map<u64, Vec<Vec<&'a Operation>>> = Map::default();
        let mut unknown = Vec::new();
        for operation in operations.iter().copied().filter(|operation| !operation.has_failed()) {
            match operation.deadline() {
                Some(_) => lay_on(clients.get_or_insert_with(operation.client, Vec::new), operation),
                None if !Class::of(operation).only_looks() => unknown.push(operation),
                None => {}
            }
        }
        let (must, may) = (Vec::new(), Vec::new());
        let mut program = Program { must, begins: vec![0], may, registers: Vec::new(), numbers: BTreeMap::new() };
        let mut firsts: Map<u64, usize> = Map::default();
        for (client, chains) in clients.iter() {
            let first = program.begins.len() - 1;
            firsts.insert(*client, first);
            let mut begin = program.must.len();
            for chain in chains {
                begin += chain.len();
                program.begins.push(begin);
            }
            for (chain, operation) in (first..).zip(chains).flat_map(|(at, chain)| chain.iter().map(move |it| (at, it)))
            {
                let after = program.right_before(operation, first, chains);
                let entry = program.entry(model, operation, chain, after);
                program.must.push(entry);
            }
        }
        for operation in unknown {
            let of_client = firsts.get(&operation.client).zip(clients.get(&operation.client));
            let after = of_client.map(|(first, chains)| program.right_before(operation, *first, chains));
            let entry = program.entry(model, operation, usize::MAX, after.unwrap_or_default());
            program.may.push(entry);
        }
        program
    }

    fn entry(&mut self, model: &Model, operation: &'a Operation, chain: usize, after: Vec<u32>) -> Entry<'a> {
        let key = if model.splits_by_key() { &operation.key } else { &Value::Nil };
        let register = self.registers.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.registers.push((key.clone(), Vec::new()));
            self.registers.len() - 1
        });
        let classes = &mut self.registers[register].1;
        let class = Class::of(operation);
        let number = *self.numbers.entry((register, class)).or_insert_with(|| {
            classes.push(class);
            classes.len() as u32 - 1
        });
        Entry { operation, register, class: number, chain, after }
    }

    /// The last operation of each chain of its client that comes before an operation, without those that come before one of
    /// them. `first` is the number of the client's first chain.
    fn right_before(&self, operation: &Operation, first: usize, chains: &[Vec<&'a Operation>]) -> Vec<u32> {
        let before = |other: &&Operation| other.deadline().is_some_and(|end| end < operation.invoked);
        let last = |(chain, of_chain): (usize, &Vec<&'a Operation>)| {
            let nth = of_chain.partition_point(before).checked_sub(1)?;
            Some((self.begins[chain] + nth, of_chain[nth]))
        };
        let all: Vec<(usize, &Operation)> = (first..).zip(chains).filter_map(last).collect();
        let latest = all.iter().map(|(_, operation)| operation.invoked).max();
        let is_last =
            |operation: &Operation| latest.is_none_or(|invoked| operation.deadline().is_some_and(|end| end > invoked));
        all.iter().filter(|(_, operation)| is_last(operation)).map(|(number, _)| *number as u32).collect()
    }

    fn entry_of(&self, choice: Choice) -> &Entry<'a> {
        match choice {
            Choice::Must(number) => &self.must[number as usize],
            Choice::May(number) => &self.may[number as usize],
        }
    }
}

/// Lays an operation on the first chain whose last one comes before it, or begins a chain.
fn lay_on<'a>(chains: &mut Vec<Vec<&'a Operation>>, operation: &'a Operation) {
    let comes_before = |last: &&Operation| last.deadline().is_some_and(|end| end < operation.invoked);
    match chains.iter_mut().find(|chain| chain.last().is_some_and(comes_before)) {
        Some(chain) => chain.push(operation),
        None => chains.push(vec![operation]),
    }
}

/// The states of all registers together, numbered.
struct Registers<'a> {
    each: Vec<States<'a>>,
    together: Vec<Box<[u32]>>,
    index: Index,
}

impl<'a> Registers<'a> {
    fn new(model: &'a Model, program: &'a Program<'a>) -> Self {
        let states = |(key, classes): &'a (Value, Vec<Class<'a>>)| States::new(model, &model.initial(key), classes);
        let each: Vec<States<'a>> = program.registers.iter().map(states).collect();
        let mut registers = Self { together: Vec::new(), index: Index::new(), each };
        registers.number(vec![0; registers.each.len()].into());
        registers
    }

    fn bytes(&self) -> u64 {
        let each: u64 = self.each.iter().map(States::bytes).sum();
        each + (self.together.len() * (4 * self.each.len() + 48)) as u64
    }

    fn after(&mut self, state: u32, entry: &Entry<'_>) -> Option<u32> {
        let before = self.together[state as usize][entry.register];
        let after = self.each[entry.register].after(before, entry.class)?;
        if after == before {
            return Some(state);
        }
        let mut all = self.together[state as usize].clone();
        all[entry.register] = after;
        Some(self.number(all))
    }

    fn number(&mut self, all: Box<[u32]>) -> u32 {
        let hash = |all: &[u32]| all.iter().fold(0, |hash, state| mix(hash, u64::from(*state)));
        let together = &self.together;
        if let Some(number) = self.index.find(hash(&all), |number| together[number as usize] == all) {
            return number;
        }
        let number = together.len() as u32;
        self.index.insert(hash(&all), number, |number| hash(&together[number as usize]));
        self.together.push(all);
        number
    }
}

/// A configuration on the way, how it was come by, and which choice is to be tried next.
struct Step {
    configuration: Configuration,
    choices: Vec<Choice>,
    next: usize,
    /// How many operations are placed before it.
    placed: usize,
}

/// One operation to place.
#[derive(Clone, Copy)]
enum Choice {
    Must(u32),
    May(u32),
}

struct Search<'a> {
    program: &'a Program<'a>,
    registers: Registers<'a>,
    memory: Memory<Beginnings, LongBits>,
    way: Vec<Step>,
    /// What is placed on the way, in order.
    order: Vec<OperationId>,
    /// How much was placed at the furthest dead end, and what came next.
    furthest: (usize, Vec<OperationId>),
}

impl<'a> Search<'a> {
    fn new(model: &'a Model, program: &'a Program<'a>) -> Self {
        Self {
            program,
            registers: Registers::new(model, program),
            memory: Memory::new(),
            way: Vec::new(),
            order: Vec::new(),
            furthest: (0, Vec::new()),
        }
    }

    fn run(mut self, limit: u64) -> Finding {
        let bytes = limit.saturating_mul(BYTES_PER_CONFIGURATION);
        let placed = Beginnings::empty(self.program.begins.len() - 1);
        let spent = LongBits::empty(self.program.may.len());
        let start = Configuration { event: 0, state: 0, placed, spent };
        if self.arrive(start, None) {
            return Finding::Ordered(self.order);
        }
        while self.memory.bytes() + self.registers.bytes() <= bytes {
            let Some(step) = self.way.last_mut() else {
                return Finding::Stuck { next: self.furthest.1, key: None };
            };
            self.order.truncate(step.placed);
            let Some(choice) = step.choices.get(step.next).copied() else {
                self.way.pop();
                continue;
            };
            step.next += 1;
            let before = step.configuration.clone();
            if let Some(after) = self.place(&before, choice)
                && self.arrive(after, Some(choice))
            {
                return Finding::Ordered(self.order);
            }
        }
        Finding::Undecided(Undecided::Limit { configurations: limit })
    }

    /// Places one operation, if it can be.
    fn place(&mut self, before: &Configuration, choice: Choice) -> Option<Configuration> {
        let program = self.program;
        let entry = program.entry_of(choice);
        let state = self.registers.after(before.state, entry)?;
        if matches!(choice, Choice::May(_)) && state == before.state {
            return None;
        }
        let mut after = Configuration { state, ..before.clone() };
        match choice {
            Choice::Must(_) => after.placed.lengthen(entry.chain),
            Choice::May(number) => after.spent.insert(number),
        }
        self.order.push(entry.operation.id);
        Some(after)
    }

    /// Places all that only look and can be placed, and takes the step if it is new. True at the end.
    fn arrive(&mut self, mut at: Configuration, choice: Option<Choice>) -> bool {
        let mut unseen = match choice {
            Some(Choice::May(number)) => Some(self.program.may[number as usize].register),
            _ => None,
        };
        while let Some(after) = self.look(&at) {
            (at, unseen) = (after, None);
        }
        let mut choices = self.choices(&at);
        let next = || {
            choices.iter().filter_map(|choice| match choice {
                Choice::Must(number) => Some(self.program.must[*number as usize].operation.id),
                Choice::May(_) => None,
            })
        };
        if next().next().is_none() && self.lookers(&at).next().is_none() {
            return true;
        }
        if self.order.len() >= self.furthest.0 {
            let lookers = self.lookers(&at).map(|number| self.program.must[number as usize].operation.id);
            self.furthest = (self.order.len(), next().chain(lookers).collect());
        }
        if let Some(register) = unseen {
            choices.retain(|choice| self.sees(*choice, register));
        }
        if self.memory.is_new(&at) {
            self.way.push(Step { configuration: at, choices, next: 0, placed: self.order.len() });
        }
        false
    }

    /// Places one operation that only looks.
    fn look(&mut self, at: &Configuration) -> Option<Configuration> {
        let lookers: Vec<u32> = self.lookers(at).collect();
        lookers.into_iter().find_map(|number| self.place(at, Choice::Must(number)))
    }

    /// Whether an operation depends on what is in this register.
    fn sees(&self, choice: Choice, register: usize) -> bool {
        let entry = self.program.entry_of(choice);
        entry.register == register && !self.program.registers[register].1[entry.class as usize].overwrites()
    }

    fn only_looks(&self, number: u32) -> bool {
        let entry = &self.program.must[number as usize];
        self.registers.each[entry.register].only_looks(entry.class)
    }

    fn lookers(&self, at: &Configuration) -> impl Iterator<Item = u32> {
        self.enabled(at).filter(|number| self.only_looks(*number))
    }

    /// What must be placed and may come next: the next one of each chain, unless it has to wait for another chain.
    fn enabled(&self, at: &Configuration) -> impl Iterator<Item = u32> {
        let next = |(chain, span): (usize, &[usize])| {
            Some(span[0] + at.placed.of(chain) as usize).filter(|next| *next < span[1])
        };
        let all = self.program.begins.windows(2).enumerate().filter_map(next);
        all.filter(|number| self.is_ready(&at.placed, &self.program.must[*number])).map(|number| number as u32)
    }

    fn is_ready(&self, placed: &Beginnings, entry: &Entry<'_>) -> bool {
        entry.after.iter().all(|before| {
            let chain = self.program.must[*before as usize].chain;
            *before as usize - self.program.begins[chain] < placed.of(chain) as usize
        })
    }

    /// What can change the state and may come next: what must be placed, by its completion; then what may be.
    fn choices(&self, at: &Configuration) -> Vec<Choice> {
        let mut movers: Vec<u32> = self.enabled(at).filter(|number| !self.only_looks(*number)).collect();
        let end = |number: &u32| self.program.must[*number as usize].operation.deadline();
        sort_by_key(&mut movers, |number| end(number).map_or(0, |end| end.order).into());
        let mut choices: Vec<Choice> = movers.into_iter().map(Choice::Must).collect();
        let mut classes: Vec<(usize, u32)> = Vec::new();
        for (number, entry) in (0..).zip(&self.program.may) {
            let class = (entry.register, entry.class);
            if !at.spent.contains(number) && !classes.contains(&class) && self.is_ready(&at.placed, entry) {
                classes.push(class);
                choices.push(Choice::May(number));
            }
        }
        choices
    }
}
