//! Merkle trees over the keys of a range (Dynamo, section 4.7).
//!
//! The positions of a range are cut into four parts, and each part into four again: sixteen leaves. A leaf holds the
//! digest of the versions of its keys, an inner node the digest of its children. Two replicas compare roots; where these
//! differ, children; and so on down, so that only keys under differing leaves are compared one by one.

use std::rc::Rc;

use parts::ring::{FNV_OFFSET, Ring, digest, position};
use serde::Serialize;

use super::version::{Key, Version};

/// How many children a node has.
pub const FAN_OUT: usize = 4;
/// How many levels there are under the root.
pub const DEPTH: u8 = 2;
const LEAVES: usize = FAN_OUT.pow(DEPTH as u32);

/// A node of the tree of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The number of the range.
    pub range: u32,
    /// 0 is the root.
    pub level: u8,
    /// Counted from 0 on each level.
    pub number: u16,
}

impl Place {
    /// The root of a range.
    pub fn root(range: usize) -> Place {
        Place { range: range as u32, level: 0, number: 0 }
    }

    /// Whether it has no children.
    pub fn is_leaf(self) -> bool {
        self.level == DEPTH
    }

    /// Its children; a leaf has none.
    pub fn children(self) -> impl Iterator<Item = Place> {
        let count = if self.is_leaf() { 0 } else { FAN_OUT as u16 };
        let first = self.number * FAN_OUT as u16;
        (first..first + count).map(move |number| Place { level: self.level + 1, number, ..self })
    }

    /// Whether a key lies under it.
    pub fn holds(self, key: &str, ring: &Ring) -> bool {
        let range = ring.range_of(position(key));
        range == self.range as usize
            && leaf_of(key, range, ring) / (LEAVES >> (2 * self.level)) == usize::from(self.number)
    }
}

fn leaf_of(key: &str, range: usize, ring: &Ring) -> usize {
    let (start, length) = ring.range(range);
    let offset = position(key).wrapping_sub(start);
    (u128::from(offset) * LEAVES as u128 / u128::from(length.max(1))) as usize
}

/// The digest of the versions of one key.
pub fn digest_of(key: &str, versions: &[Rc<Version>]) -> u64 {
    let start = digest(FNV_OFFSET, key.as_bytes());
    versions.iter().fold(start, |so_far, version| {
        let so_far = digest(so_far, &version.dot.node.0.to_le_bytes());
        let so_far = digest(so_far, &version.dot.count.to_le_bytes());
        version.items.iter().fold(so_far, |so_far, item| digest(digest(so_far, item.as_bytes()), &[0]))
    })
}

/// The digest of a node of a tree over these keys; 0 where no key lies under it.
pub fn node<'a>(place: Place, keys: impl Iterator<Item = (&'a Key, &'a Vec<Rc<Version>>)> + Clone, ring: &Ring) -> u64 {
    if place.is_leaf() {
        let held = keys.filter(|(key, _)| place.holds(key, ring));
        let mut under = held.peekable();
        if under.peek().is_none() {
            return 0;
        }
        return under
            .fold(FNV_OFFSET, |so_far, (key, versions)| digest(so_far, &digest_of(key, versions).to_le_bytes()));
    }
    let children: Vec<u64> = place.children().map(|child| node(child, keys.clone(), ring)).collect();
    if children.iter().all(|child| *child == 0) {
        return 0;
    }
    children.iter().fold(FNV_OFFSET, |so_far, child| digest(so_far, &child.to_le_bytes()))
}
