//! What a search remembers, so that it goes nowhere twice.

use super::sets::{Index, Set, mix};

/// What a search may keep for each configuration of its limit.
pub(super) const BYTES_PER_CONFIGURATION: u64 = 128;

/// What an entry takes in the index, which is between a quarter and half full.
const INDEX_BYTES: usize = 16;

/// Where a search can be: before this event, in this state, with these operations placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Configuration<P, S> {
    /// Index of an event. In the memory it is always a completion that cannot be passed without a choice; 0 where
    /// events do not count.
    pub(super) event: u32,
    /// Number of the state.
    pub(super) state: u32,
    /// Those that are placed of the ones that must be and are open.
    pub(super) placed: P,
    /// Those that are placed of the ones that may be.
    pub(super) spent: S,
}

/// The configurations tried so far.
pub(super) struct Memory<P, S> {
    tried: Vec<Tried<P, S>>,
    /// What their sets take beside themselves.
    beside: usize,
    /// By all but what is spent: the first of those that are alike.
    alike: Index,
    /// By everything.
    same: Index,
}

struct Tried<P, S> {
    configuration: Configuration<P, S>,
    /// Another one that differs in what is spent only.
    other: Option<u32>,
}

/// To how many others, alike but for what is spent, a configuration is compared, so that a search with many takes no
/// more time for each. The last ones that were met are the first that are asked.
const MOST_COMPARED: usize = 32;

impl<P: Set, S: Set> Memory<P, S> {
    pub(super) fn new() -> Self {
        Self { tried: Vec::new(), beside: 0, alike: Index::new(), same: Index::new() }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> u64 {
        (self.tried.len() * (size_of::<Tried<P, S>>() + 2 * INDEX_BYTES) + self.beside) as u64
    }

    /// Whether nothing as good was tried before, as far as it is compared (rule 4); remembers it if so.
    pub(super) fn is_new(&mut self, configuration: &Configuration<P, S>) -> bool {
        let (alike, same) = (alike_hash(configuration), same_hash(configuration));
        let tried = &self.tried;
        if self.same.find(same, |entry| tried[entry as usize].configuration == *configuration).is_some() {
            return false;
        }
        let first = self.alike.find(alike, |entry| is_alike(&tried[entry as usize].configuration, configuration));
        if first.is_some_and(|first| self.is_beaten(first, configuration)) {
            return false;
        }
        let tried = &mut self.tried;
        let newest = tried.len() as u32;
        let other = first.and_then(|first| tried[first as usize].other.replace(newest));
        self.beside += configuration.placed.bytes() + configuration.spent.bytes();
        tried.push(Tried { configuration: configuration.clone(), other });
        self.same.insert(same, newest, |entry| same_hash(&tried[entry as usize].configuration));
        if first.is_none() {
            self.alike.insert(alike, newest, |entry| alike_hash(&tried[entry as usize].configuration));
        }
        true
    }

    /// Whether one of those alike has spent no more.
    fn is_beaten(&self, first: u32, configuration: &Configuration<P, S>) -> bool {
        let next = |entry: &u32| self.tried[*entry as usize].other;
        let mut some = std::iter::successors(Some(first), next).take(MOST_COMPARED);
        some.any(|entry| self.tried[entry as usize].configuration.spent.is_subset(&configuration.spent))
    }
}

fn alike_hash<P: Set, S: Set>(configuration: &Configuration<P, S>) -> u64 {
    let place = u64::from(configuration.event) << 32 | u64::from(configuration.state);
    mix(configuration.placed.hash(), place)
}

fn same_hash<P: Set, S: Set>(configuration: &Configuration<P, S>) -> u64 {
    mix(configuration.spent.hash(), alike_hash(configuration))
}

fn is_alike<P: Set, S: Set>(one: &Configuration<P, S>, other: &Configuration<P, S>) -> bool {
    one.event == other.event && one.state == other.state && one.placed == other.placed
}
