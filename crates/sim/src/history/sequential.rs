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

use super::linearizability::parts;
use super::memory::{BYTES_PER_CONFIGURATION, Configuration, Memory};
use super::script::Class;
use super::sets::{Bits, Index, mix};
use super::states::States;
use super::{History, Model, Operation, OperationId, Undecided, Value};
use crate::map::Map;
use crate::order::sort_by_key;

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
    match program.width() {
        0..=256 => Search::<4>::new(model, &program).run(limit),
        257..=MOST => Search::<{ MOST / 64 }>::new(model, &program).run(limit),
        width => Finding::Undecided(Undecided::TooMany { operations: width as u64, most: MOST as u64 }),
    }
}

/// The most operations that can be ordered.
const MOST: usize = 2048;

/// An operation that may have to be placed.
struct Entry<'a> {
    operation: &'a Operation,
    /// Index of its register, see [`Registers`].
    register: usize,
    class: u32,
    /// The operations of its client that come right before it.
    after: Vec<u32>,
}

/// The operations of all clients.
struct Program<'a> {
    /// What must be placed, client by client, each in the order of invocations.
    must: Vec<Entry<'a>>,
    /// Where the operations of each client begin, and the end.
    begins: Vec<usize>,
    /// What may be placed, in the order of invocations.
    may: Vec<Entry<'a>>,
    /// The classes of each register, with its key.
    registers: Vec<(Value, Vec<Class<'a>>)>,
}

impl<'a> Program<'a> {
    fn new(model: &Model, operations: &[&'a Operation]) -> Self {
        let mut clients: Map<u64, Vec<&'a Operation>> = Map::default();
        let mut unknown = Vec::new();
        for operation in operations.iter().copied().filter(|operation| !operation.has_failed()) {
            match operation.deadline() {
                Some(_) => clients.get_or_insert_with(operation.client, Vec::new).push(operation),
                None if !Class::of(operation).only_looks() => unknown.push(operation),
                None => {}
            }
        }
        let mut program = Program { must: Vec::new(), begins: vec![0], may: Vec::new(), registers: Vec::new() };
        let mut spans: Map<u64, (usize, usize)> = Map::default();
        for (client, of_client) in clients.iter() {
            let begin = program.must.len();
            for operation in of_client {
                let entry = program.entry(model, operation, begin);
                program.must.push(entry);
            }
            program.begins.push(program.must.len());
            spans.insert(*client, (begin, program.must.len()));
        }
        for operation in unknown {
            let (begin, end) = spans.get(&operation.client).copied().unwrap_or_default();
            let mut entry = program.entry(model, operation, end);
            entry.after = right_before(operation, &program.must[begin..end], begin);
            program.may.push(entry);
        }
        program
    }

    fn entry(&mut self, model: &Model, operation: &'a Operation, begin: usize) -> Entry<'a> {
        let key = if model.splits_by_key() { &operation.key } else { &Value::Nil };
        let register = self.registers.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
            self.registers.push((key.clone(), Vec::new()));
            self.registers.len() - 1
        });
        let classes = &mut self.registers[register].1;
        let class = Class::of(operation);
        let number = classes.iter().position(|known| *known == class).unwrap_or_else(|| {
            classes.push(class);
            classes.len() - 1
        });
        let after = right_before(operation, &self.must[begin..], begin);
        Entry { operation, register, class: number as u32, after }
    }

    fn entry_of(&self, choice: Choice) -> &Entry<'a> {
        match choice {
            Choice::Must(number) => &self.must[number as usize],
            Choice::May(number) => &self.may[number as usize],
        }
    }

    fn width(&self) -> usize {
        self.must.len().max(self.may.len())
    }
}

/// Those of these operations of its client that come before an operation, without those that come before one of them.
fn right_before(operation: &Operation, earlier: &[Entry<'_>], begin: usize) -> Vec<u32> {
    let before =
        |entry: &Entry<'_>, other: &Operation| entry.operation.deadline().is_some_and(|end| end < other.invoked);
    let all = || (begin as u32..).zip(earlier).filter(|(_, entry)| before(entry, operation));
    let latest = all().map(|(_, entry)| entry.operation.invoked).max();
    let is_last =
        |entry: &Entry<'_>| latest.is_none_or(|invoked| entry.operation.deadline().is_some_and(|end| end > invoked));
    all().filter(|(_, entry)| is_last(entry)).map(|(number, _)| number).collect()
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
struct Step<const W: usize> {
    configuration: Configuration<W>,
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

struct Search<'a, const W: usize> {
    program: &'a Program<'a>,
    registers: Registers<'a>,
    memory: Memory<W>,
    way: Vec<Step<W>>,
    /// What is placed on the way, in order.
    order: Vec<OperationId>,
    /// How much was placed at the furthest dead end, and what came next.
    furthest: (usize, Vec<OperationId>),
}

impl<'a, const W: usize> Search<'a, W> {
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
        let start = Configuration { event: 0, state: 0, placed: Bits::EMPTY, spent: Bits::EMPTY };
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
            let before = step.configuration;
            if let Some(after) = self.place(&before, choice)
                && self.arrive(after, Some(choice))
            {
                return Finding::Ordered(self.order);
            }
        }
        Finding::Undecided(Undecided::Limit { configurations: limit })
    }

    /// Places one operation, if it can be.
    fn place(&mut self, before: &Configuration<W>, choice: Choice) -> Option<Configuration<W>> {
        let program = self.program;
        let mut after = *before;
        match choice {
            Choice::Must(number) => after.placed.insert(number),
            Choice::May(number) => after.spent.insert(number),
        }
        let entry = program.entry_of(choice);
        after.state = self.registers.after(before.state, entry)?;
        if matches!(choice, Choice::May(_)) && after.state == before.state {
            return None;
        }
        self.order.push(entry.operation.id);
        Some(after)
    }

    /// Places all that only look and can be placed, and takes the step if it is new. True at the end.
    fn arrive(&mut self, mut at: Configuration<W>, choice: Option<Choice>) -> bool {
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
    fn look(&mut self, at: &Configuration<W>) -> Option<Configuration<W>> {
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

    fn lookers(&self, at: &Configuration<W>) -> impl Iterator<Item = u32> {
        self.enabled(at).filter(|number| self.only_looks(*number))
    }

    /// What must be placed and may come next. Where one operation of a client has to wait, so have those invoked later.
    fn enabled(&self, at: &Configuration<W>) -> impl Iterator<Item = u32> {
        let placed = at.placed;
        self.program.begins.windows(2).flat_map(move |span| {
            let mine = (span[0]..span[1]).skip_while(move |number| placed.contains(*number as u32));
            let ready = mine.take_while(move |number| self.is_ready(&placed, &self.program.must[*number]));
            ready.map(|number| number as u32).filter(move |number| !placed.contains(*number))
        })
    }

    fn is_ready(&self, placed: &Bits<W>, entry: &Entry<'_>) -> bool {
        entry.after.iter().all(|before| placed.contains(*before))
    }

    /// What can change the state and may come next: what must be placed, by its completion; then what may be.
    fn choices(&self, at: &Configuration<W>) -> Vec<Choice> {
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
