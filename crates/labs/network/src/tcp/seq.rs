//! Sequence numbers: 32 bits, and compared modulo 2³² (RFC 9293, section 3.4).

use serde::Serialize;

/// A sequence number. Of two of them the one is before the other from which it is less than 2³¹ away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Seq(pub u32);

impl Seq {
    /// The number so much further on.
    #[must_use]
    pub fn plus(self, count: u32) -> Seq {
        Seq(self.0.wrapping_add(count))
    }

    /// How far it is from an earlier number to this one.
    pub fn since(self, earlier: Seq) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }

    /// How far it is from an earlier number to this one; 0 where that one is later.
    pub fn past(self, other: Seq) -> u32 {
        if other.is_before(self) { self.since(other) } else { 0 }
    }

    pub fn is_before(self, other: Seq) -> bool {
        self.0.wrapping_sub(other.0) >= 1 << 31
    }

    pub fn is_at_most(self, other: Seq) -> bool {
        !other.is_before(self)
    }

    /// The later of two.
    #[must_use]
    pub fn later(self, other: Seq) -> Seq {
        if self.is_before(other) { other } else { self }
    }

    /// The earlier of two.
    #[must_use]
    pub fn earlier(self, other: Seq) -> Seq {
        if self.is_before(other) { self } else { other }
    }
}
