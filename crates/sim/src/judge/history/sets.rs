//! The two collections that the search lives on: small sets of bits, and a hash table that is the same everywhere.
//!
//! The standard hash table is seeded at random and its hashes depend on the width of `usize`; this one does neither.

/// A set that a search can remember.
pub(super) trait Set: Clone + Eq {
    fn is_subset(&self, other: &Self) -> bool;

    fn hash(&self) -> u64;

    /// How much memory it takes beside itself.
    fn bytes(&self) -> usize;
}

/// A set of the numbers below `64 * W`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bits<const W: usize>([u64; W]);

impl<const W: usize> Bits<W> {
    pub(super) const EMPTY: Self = Self([0; W]);

    pub(super) fn contains(&self, bit: u32) -> bool {
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    pub(super) fn insert(&mut self, bit: u32) {
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }

    pub(super) fn remove(&mut self, bit: u32) {
        self.0[bit as usize / 64] &= !(1 << (bit % 64));
    }
}

impl<const W: usize> Set for Bits<W> {
    fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    fn hash(&self) -> u64 {
        self.0.iter().fold(0, |hash, word| mix(hash, *word))
    }

    fn bytes(&self) -> usize {
        0
    }
}

/// A set of the numbers below some bound, however high.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LongBits(Box<[u64]>);

impl LongBits {
    /// The empty set of numbers below `most`.
    pub(super) fn empty(most: usize) -> Self {
        Self(vec![0; most.div_ceil(64)].into())
    }

    pub(super) fn contains(&self, bit: u32) -> bool {
        self.0[bit as usize / 64] >> (bit % 64) & 1 == 1
    }

    pub(super) fn insert(&mut self, bit: u32) {
        self.0[bit as usize / 64] |= 1 << (bit % 64);
    }
}

impl Set for LongBits {
    fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & !theirs == 0)
    }

    fn hash(&self) -> u64 {
        self.0.iter().fold(0, |hash, word| mix(hash, *word))
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// The beginnings of some lists, however long: how much of each belongs to the set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Beginnings(Box<[u32]>);

impl Beginnings {
    /// Nothing of so many lists.
    pub(super) fn empty(lists: usize) -> Self {
        Self(vec![0; lists].into())
    }

    /// How much of a list belongs to it.
    pub(super) fn of(&self, list: usize) -> u32 {
        self.0[list]
    }

    /// Adds the next of a list.
    pub(super) fn lengthen(&mut self, list: usize) {
        self.0[list] += 1;
    }
}

impl Set for Beginnings {
    fn is_subset(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine <= theirs)
    }

    fn hash(&self) -> u64 {
        self.0.iter().fold(0, |hash, length| mix(hash, u64::from(*length)))
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

/// Folds one more word into a hash: a multiplication and a shift that bring every bit to the low ones.
pub(super) fn mix(hash: u64, word: u64) -> u64 {
    let product = (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    product ^ (product >> 32)
}

/// An index over entries that are stored elsewhere: open addressing, linear probing, at most half full.
#[derive(Debug)]
pub(super) struct Index {
    /// Number of the entry plus 1; 0 where there is none. The length is a power of two.
    places: Vec<u32>,
    len: usize,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { places: vec![0; 64], len: 0 }
    }

    /// The entry with this hash for which `is_it` holds.
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut place = self.home(hash);
        while let Some(entry) = self.places[place].checked_sub(1) {
            if is_it(entry) {
                return Some(entry);
            }
            place = self.after(place);
        }
        None
    }

    /// Adds an entry which is not there. `hash_of` gives the hash of any entry that was added before.
    pub(super) fn insert(&mut self, hash: u64, entry: u32, hash_of: impl Fn(u32) -> u64) {
        if 2 * (self.len + 1) > self.places.len() {
            let doubled = vec![0; 2 * self.places.len()];
            for old in std::mem::replace(&mut self.places, doubled) {
                if let Some(entry) = old.checked_sub(1) {
                    self.put(hash_of(entry), entry);
                }
            }
        }
        self.put(hash, entry);
        self.len += 1;
    }

    fn put(&mut self, hash: u64, entry: u32) {
        let mut place = self.home(hash);
        while self.places[place] != 0 {
            place = self.after(place);
        }
        self.places[place] = entry + 1;
    }

    fn home(&self, hash: u64) -> usize {
        // The mask is below 2³², so that the cast loses nothing where usize has 32 bits.
        (hash & (self.places.len() as u64 - 1)) as usize
    }

    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}
