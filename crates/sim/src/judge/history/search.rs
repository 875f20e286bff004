//! The search for an order: "just in time", depth first, with a memory of what was tried.
//!
//! It goes through the events in real-time order. An operation need not take effect before some operation completes
//! (Lowe, "Testing for linearizability", 2017, section 5: just-in-time linearization), so only at a completion are there
//! choices: which open operations take effect before it, and in which order. Wing & Gong ("Testing and verifying
//! concurrent objects", 1993) try all choices; Lowe remembers the configurations (what is placed, and the state) that led
//! nowhere. To this come four rules, each of which loses no order worth having:
//!
//! 1. What only looks is placed as soon as it may be: it is in nobody's way.
//! 2. Of interchangeable operations the one that completes first goes first, and those that never complete go last.
//! 3. An operation of unknown end is placed only where it changes the state, and something else sees that before it is
//!    overwritten: what is not seen might as well not have happened.
//! 4. A configuration which has spent a superset of the operations of unknown end of another one, alike in all else, is
//!    no better than it.
//!
//! To show that there is no order can still take very long if dozens of operations are of unknown end: there are too many
//! ways to spend them. So, when a first attempt has not decided, two others are made. Where values are appended to, only those
//! orders are tried that agree with what is [read](super::reads) later; that loses none, but the operation at which the others
//! would have ended is then not known. And a looser question is asked: what if each of them could
//! take effect again and again? Then nothing is ever spent, and far fewer configurations differ. If even so an event cannot
//! be passed, it cannot be passed at all.

use super::memory::{self, BYTES_PER_CONFIGURATION, Memory};
use super::reads::Reads;
use super::script::{Entry, Open, Role, Script};
use super::sets::Bits;
use super::states::States;
use super::{Call, Model, Moment, Operation, OperationId, Point, State, Undecided};

/// Where a search can be, with what is open and what is of unknown end as bits.
type Configuration<const W: usize> = memory::Configuration<Bits<W>, Bits<W>>;

/// The result of a search.
#[derive(Debug)]
pub(super) enum Finding {
    /// Everything that must be placed can be.
    Placed(Vec<Point>),
    /// However one begins, the completion of `blocked` (or an earlier one) cannot be passed.
    Stuck { prefix: Vec<OperationId>, blocked: OperationId, at: Moment },
    /// It was given up.
    Undecided(Undecided),
}

/// Looks for an order of these operations, which are in the order of their invocations, beginning with `start`; gives up
/// after `limit` configurations.
pub(super) fn search(model: &Model, start: &State, operations: &[&Operation], limit: u64) -> Finding {
    let script = Script::new(operations);
    let first = FIRST_ATTEMPT + script.events.len() as u64;
    match script.width {
        0..=64 => search_with::<1>(model, start, &script, first, limit),
        65..=256 => search_with::<4>(model, start, &script, first, limit),
        257..=MOST => search_with::<{ MOST / 64 }>(model, start, &script, first, limit),
        width => Finding::Undecided(Undecided::TooManyOpen { open: width as u64, most: MOST as u64 }),
    }
}

/// The search with sets of `W` words. It makes the other attempts after `first` configurations.
pub(super) fn search_with<const W: usize>(
    model: &Model,
    start: &State,
    script: &Script<'_>,
    first: u64,
    limit: u64,
) -> Finding {
    let mut exact = Search::<W>::new(model, start, script, Spending::Once, None);
    if let Some(finding) = exact.run(limit.min(first)) {
        return finding;
    }
    if let Some(reads) = Reads::of(script) {
        match Search::<W>::new(model, start, script, Spending::Once, Some(reads)).run(limit) {
            Some(Finding::Stuck { .. }) => return exact.stuck(),
            Some(finding) => return finding,
            None => {}
        }
    }
    if !script.pools.is_empty() {
        let mut loose = Search::<W>::new(model, start, script, Spending::Again, None);
        if let Some(Finding::Stuck { .. }) = loose.run(limit) {
            exact.impassable = loose.furthest.map(|(event, _)| event);
        }
    }
    match exact.run(limit) {
        Some(finding) => finding,
        None if exact.impassable.is_some() => exact.stuck(),
        None => Finding::Undecided(Undecided::Limit { configurations: limit }),
    }
}

/// How many configurations the first attempt may take beyond the one for each event that a plain history takes.
const FIRST_ATTEMPT: u64 = 4096;

/// The most operations of one key that may be open at once.
const MOST: usize = 2048;

/// A configuration on the way, how it was come by, and which choice is to be tried next.
struct Step<const W: usize> {
    configuration: Configuration<W>,
    chosen: Option<u32>,
    next_choice: usize,
    /// Whether it was come by with an operation of unknown end that nothing has seen yet.
    is_unseen: bool,
}

/// How often an operation of unknown end can take effect.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Spending {
    Once,
    /// The looser question.
    Again,
}

struct Search<'a, const W: usize> {
    script: &'a Script<'a>,
    states: States<'a>,
    spending: Spending,
    /// What orders have to agree with from the start.
    reads: Option<Reads<'a>>,
    /// The first state that was met of those that nothing reads; it stands for all of them.
    unread: Option<u32>,
    memory: Memory<Bits<W>, Bits<W>>,
    /// The steps from the start to where the search is now.
    way: Vec<Step<W>>,
    /// The event that the furthest dead end is at, and the choices that lead there.
    furthest: Option<(u32, Vec<u32>)>,
    /// An event that is known to be impassable.
    impassable: Option<u32>,
}

impl<'a, const W: usize> Search<'a, W> {
    fn new(
        model: &'a Model,
        start: &State,
        script: &'a Script<'a>,
        spending: Spending,
        reads: Option<Reads<'a>>,
    ) -> Self {
        let states = States::new(model, start, &script.classes);
        let (memory, way) = (Memory::new(), Vec::new());
        Self { script, states, spending, reads, unread: None, memory, way, furthest: None, impassable: None }
    }

    /// Searches until the memory takes more than that of `limit` small configurations: `None`. It may then be called again.
    fn run(&mut self, limit: u64) -> Option<Finding> {
        let bytes = limit.saturating_mul(BYTES_PER_CONFIGURATION);
        if self.way.is_empty() {
            let start = self.start(&mut |_, _| ());
            if let Some(finding) = self.arrive(None, start, false) {
                return Some(finding);
            }
        }
        while self.memory.bytes() + self.states.bytes() <= bytes {
            let Some(mut step) = self.way.pop() else { return Some(self.stuck()) };
            let next = self.try_next(&mut step);
            self.way.push(step);
            match next {
                Some((chosen, configuration, is_unseen)) => {
                    if let Some(finding) = self.arrive(Some(chosen), configuration, is_unseen) {
                        return Some(finding);
                    }
                }
                None => {
                    self.note_how_far();
                    self.way.pop();
                }
            }
        }
        self.note_how_far();
        None
    }

    /// Takes a step, unless it leads where the search was before; or ends the search.
    fn arrive(&mut self, chosen: Option<u32>, configuration: Configuration<W>, is_unseen: bool) -> Option<Finding> {
        if configuration.event as usize == self.script.events.len() {
            let choices: Vec<u32> = self.choices().chain(chosen).collect();
            return Some(Finding::Placed(self.replay(&choices).0));
        }
        if self.memory.is_new(&configuration) {
            self.way.push(Step { configuration, chosen, next_choice: 0, is_unseen });
            if self.impassable == Some(configuration.event) {
                self.note_how_far();
                return Some(self.stuck());
            }
        }
        None
    }

    fn choices(&self) -> impl Iterator<Item = u32> {
        self.way.iter().filter_map(|step| step.chosen)
    }

    fn start(&mut self, note: &mut impl FnMut(u32, Moment)) -> Configuration<W> {
        let mut configuration = Configuration { event: 0, state: 0, placed: Bits::EMPTY, spent: Bits::EMPTY };
        self.pass_events(&mut configuration, note);
        configuration
    }

    /// Passes the events at which there is no choice; stops at a completion that needs one, or at the end.
    fn pass_events(&mut self, configuration: &mut Configuration<W>, note: &mut impl FnMut(u32, Moment)) {
        while let Some(event) = self.script.events.get(configuration.event as usize) {
            let Role::Must(slot) = self.script.entries[event.entry as usize].role else {
                configuration.event += 1;
                continue;
            };
            if event.completes.is_none() {
                self.look(configuration, event.entry, event.moment, note);
            } else if configuration.placed.contains(slot) {
                configuration.placed.remove(slot);
            } else {
                return;
            }
            configuration.event += 1;
        }
    }

    /// Places an open operation that only looks, if the state is one that it may see (rule 1).
    fn look(
        &mut self,
        configuration: &mut Configuration<W>,
        entry: u32,
        now: Moment,
        note: &mut impl FnMut(u32, Moment),
    ) {
        let operation = &self.script.entries[entry as usize];
        let Role::Must(slot) = operation.role else { return };
        let looks = self.states.only_looks(operation.class);
        if looks
            && !configuration.placed.contains(slot)
            && self.states.after(configuration.state, operation.class).is_some()
        {
            configuration.placed.insert(slot);
            note(entry, now);
        }
    }

    /// Places an operation that can change the state, and then all that only look and may see the new state.
    fn place(
        &mut self,
        before: &Configuration<W>,
        entry: u32,
        note: &mut impl FnMut(u32, Moment),
    ) -> Option<Configuration<W>> {
        let script = self.script;
        let event = &script.events[before.event as usize];
        let operation = &script.entries[entry as usize];
        let state = self.states.after(before.state, operation.class)?;
        let state = self.as_it_is_read(before, operation, state)?;
        let mut after = Configuration { state, ..*before };
        match operation.role {
            Role::Must(slot) => after.placed.insert(slot),
            Role::May(_) if state == before.state => return None, // rule 3
            Role::May(_) if self.spending == Spending::Again => {}
            Role::May(bit) => after.spent.insert(bit),
        }
        note(entry, event.moment);
        if state != before.state
            && let Some(open) = &event.completes
        {
            for looker in &script.open[open.lookers.clone()] {
                self.look(&mut after, *looker, event.moment, note);
            }
        }
        Some(after)
    }

    /// The state after an operation as far as reads can tell it from others; `None` if it is an append that does not agree
    /// with what is read later, or is of no use.
    fn as_it_is_read(&mut self, before: &Configuration<W>, operation: &Entry, state: u32) -> Option<u32> {
        let script = self.script;
        let is_append = matches!(script.classes[operation.class as usize].call, Call::Append(_));
        let (Some(reads), State::One(value)) = (self.reads.as_ref().filter(|_| is_append), self.states.state(state))
        else {
            return Some(state);
        };
        let waits = |entry: &u32| {
            let role = script.entries[*entry as usize].role;
            matches!(role, Role::Must(slot) if !before.placed.contains(slot))
        };
        let open = script.events[before.event as usize].completes.as_ref()?;
        let lookers = script.open[open.lookers.clone()].iter().copied().filter(waits);
        if !reads.agree(value, before.event as usize, lookers) {
            return None;
        }
        match (reads.matters(value), operation.role) {
            (true, _) => Some(state),
            (false, Role::May(_)) if !reads.finds_another => None,
            (false, _) => Some(*self.unread.get_or_insert(state)),
        }
    }

    /// The next choice at this step that is possible, with what it leads to, and whether that is still to be seen: first
    /// those that let the completion pass.
    fn try_next(&mut self, step: &mut Step<W>) -> Option<(u32, Configuration<W>, bool)> {
        let script = self.script;
        let event = &script.events[step.configuration.event as usize];
        let Some(open) = &event.completes else { return None };
        let Role::Must(slot) = script.entries[event.entry as usize].role else { return None };
        let choices = open.movers.len() + script.pools.len();
        while step.next_choice < 2 * choices {
            let (round, choice) = (step.next_choice / choices, step.next_choice % choices);
            step.next_choice += 1;
            let Some(entry) = self.choice(&step.configuration, open, choice) else { continue };
            let operation = &script.entries[entry as usize];
            if step.is_unseen && script.classes[operation.class as usize].overwrites() {
                continue;
            }
            let Some(mut after) = self.place(&step.configuration, entry, &mut |_, _| ()) else { continue };
            let is_unseen = matches!(operation.role, Role::May(_)) && after.placed == step.configuration.placed;
            let passes = after.placed.contains(slot);
            if passes == (round == 0) {
                if passes {
                    self.pass_events(&mut after, &mut |_, _| ());
                }
                return Some((entry, after, is_unseen));
            }
        }
        None
    }

    /// The operation that is choice number `choice` here; `None` if there is none, or if an interchangeable one goes first
    /// (rule 2).
    fn choice(&self, at: &Configuration<W>, open: &Open, choice: usize) -> Option<u32> {
        let entries = &self.script.entries;
        let movers = &self.script.open[open.movers.clone()];
        let waits = |entry: u32| match entries[entry as usize].role {
            Role::Must(slot) => !at.placed.contains(slot),
            Role::May(bit) => !at.spent.contains(bit),
        };
        if let Some(entry) = movers.get(choice) {
            let class = entries[*entry as usize].class;
            let earlier = movers[..choice].iter().rev().take_while(|other| entries[**other as usize].class == class);
            return (waits(*entry) && !earlier.into_iter().any(|other| waits(*other))).then_some(*entry);
        }
        let pool = &self.script.pools[choice - movers.len()];
        let (entry, invoked) = pool.entries.iter().find(|(entry, _)| waits(*entry))?;
        let first = !movers.iter().any(|other| entries[*other as usize].class == pool.class && waits(*other));
        (*invoked < at.event && first).then_some(*entry)
    }

    fn note_how_far(&mut self) {
        let Some(last) = self.way.last() else { return };
        let event = last.configuration.event;
        if self.furthest.as_ref().is_none_or(|(furthest, _)| event > *furthest) {
            self.furthest = Some((event, self.choices().collect()));
        }
    }

    fn stuck(&mut self) -> Finding {
        let choices = self.furthest.as_ref().map(|(_, choices)| choices.clone()).unwrap_or_default();
        let (points, event) = self.replay(&choices);
        let event = &self.script.events[event as usize];
        let prefix = points.iter().map(|point| point.operation).collect();
        Finding::Stuck { prefix, blocked: self.script.entries[event.entry as usize].id, at: event.moment }
    }

    /// Makes these choices again, to tell where each operation was placed; also the event that they lead to.
    fn replay(&mut self, choices: &[u32]) -> (Vec<Point>, u32) {
        let script = self.script;
        let mut points = Vec::new();
        let mut note = |entry: u32, at: Moment| {
            points.push(Point { operation: script.entries[entry as usize].id, at });
        };
        let mut configuration = self.start(&mut note);
        for entry in choices {
            if let Some(after) = self.place(&configuration, *entry, &mut note) {
                configuration = after;
                self.pass_events(&mut configuration, &mut note);
            }
        }
        (points, configuration.event)
    }
}
