//! What a search remembers, so that it goes nowhere twice.

use super::sets::{Bits, Index, mix};

/// The memory that a configuration with up to 64 open operations takes.
pub(super) const CONFIGURATION_BYTES: u64 = (size_of::<Tried<1>>() + INDEX_BYTES) as u64;

/// What an entry takes in the index, which is between a quarter and half full.
const INDEX_BYTES: usize = 16;

/// Where a search can be: before this event, in this state, with these operations placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Configuration<const W: usize> {
    /// Index of an event. In the memory it is always a completion that cannot be passed without a choice; 0 where
    /// events do not count.
    pub(super) event: u32,
    /// Number of the state.
    pub(super) state: u32,
    /// Those that are placed of the ones that must be and are open.
    pub(super) placed: Bits<W>,
    /// Those that are placed of the ones that may be.
    pub(super) spent: Bits<W>,
}

/// The configurations tried so far.
pub(super) struct Memory<const W: usize> {
    index: Index,
    tried: Vec<Tried<W>>,
}

struct Tried<const W: usize> {
    configuration: Configuration<W>,
    /// Another one that differs in what is spent only.
    other: Option<u32>,
}

impl<const W: usize> Memory<W> {
    pub(super) fn new() -> Self {
        Self { index: Index::new(), tried: Vec::new() }
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> u64 {
        (self.tried.len() * (size_of::<Tried<W>>() + INDEX_BYTES)) as u64
    }

    /// Whether nothing as good was tried before (rule 4); remembers it if so.
    pub(super) fn is_new(&mut self, configuration: &Configuration<W>) -> bool {
        let hash = Self::hash(configuration);
        let tried = &mut self.tried;
        let first = self.index.find(hash, |entry| is_alike(&tried[entry as usize].configuration, configuration));
        let Some(first) = first else {
            self.index.insert(hash, tried.len() as u32, |entry| Self::hash(&tried[entry as usize].configuration));
            tried.push(Tried { configuration: *configuration, other: None });
            return true;
        };
        let mut entry = first;
        loop {
            let old = &mut tried[entry as usize];
            if old.configuration.spent.is_subset(&configuration.spent) {
                return false;
            }
            if configuration.spent.is_subset(&old.configuration.spent) {
                old.configuration.spent = configuration.spent;
                return true;
            }
            match old.other {
                Some(other) => entry = other,
                None => break,
            }
        }
        let newest = tried.len() as u32;
        let other = tried[first as usize].other.replace(newest);
        tried.push(Tried { configuration: *configuration, other });
        true
    }

    fn hash(configuration: &Configuration<W>) -> u64 {
        let place = u64::from(configuration.event) << 32 | u64::from(configuration.state);
        mix(configuration.placed.hash(), place)
    }
}

fn is_alike<const W: usize>(one: &Configuration<W>, other: &Configuration<W>) -> bool {
    one.event == other.event && one.state == other.state && one.placed == other.placed
}
