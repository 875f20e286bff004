//! What travels: segments, which know where they come from and where they go.

use serde::Serialize;
use sim::NodeId;

use super::seq::Seq;

/// An address and a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Socket {
    pub node: NodeId,
    pub port: u16,
}

/// The name of one connection, as one of its two ends has it: that end has opened so many before. No real segment carries it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Name {
    pub node: NodeId,
    pub number: u64,
}

/// Bytes, named and not carried: so many from this one on of what was written into this connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub of: Name,
    pub from: u64,
    pub length: u32,
}

impl Piece {
    /// Without the first bytes.
    pub fn after(self, count: u32) -> Piece {
        Piece { from: self.from + u64::from(count), length: self.length - count, ..self }
    }

    /// The first bytes alone.
    pub fn first(self, count: u32) -> Piece {
        Piece { length: count.min(self.length), ..self }
    }

    /// Whether the other one goes on where this one ends.
    pub fn is_before(self, next: Piece) -> bool {
        self.of == next.of && self.from + u64::from(self.length) == next.from
    }
}

/// One segment (RFC 9293, section 3.1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Segment {
    pub from: Socket,
    pub to: Socket,
    pub seq: Seq,
    /// The acknowledgment number, where the bit ACK is set.
    pub ack: Option<Seq>,
    pub syn: bool,
    pub fin: bool,
    pub rst: bool,
    pub window: u32,
    /// The option of a SYN that says how large segments may be.
    pub mss: Option<u32>,
    /// Blocks that have arrived out of order, the newest first (RFC 2018).
    pub sack: Vec<(Seq, Seq)>,
    pub data: Option<Piece>,
    pub marks: Marks,
}

/// What no real segment carries, and no end acts on: for eyes and checks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Marks {
    /// The connection of the sender; none where it has none.
    pub of: Option<Name>,
    /// The first number of the sender, so that the others can be told from it on.
    pub iss: Seq,
    /// The first number of the other end.
    pub irs: Seq,
    /// So many segments its sender has sent in this connection.
    pub number: u64,
    /// The highest such number of what has come to its sender from the other end.
    pub echo: u64,
    /// So many times the same acknowledgment has been sent.
    pub repeats: u32,
    /// It asks whether the window has opened.
    pub is_probe: bool,
    /// What it carries was sent before.
    pub is_again: bool,
    /// Of a reset in answer to a segment: the connection that this one was of.
    pub answers: Option<Name>,
    /// Of a reset: the connection that its sender knew and has aborted.
    pub aborts: Option<Name>,
}

impl Segment {
    /// How many bytes of headers a segment has: those of IP and of TCP.
    pub const HEADERS: u64 = 40;

    /// How many bytes of data it carries.
    pub fn bytes(&self) -> u32 {
        self.data.map_or(0, |data| data.length)
    }

    /// How many numbers it takes: SYN and FIN take one each.
    pub fn length(&self) -> u32 {
        self.bytes() + u32::from(self.syn) + u32::from(self.fin)
    }

    /// The number after its last one.
    pub fn end(&self) -> Seq {
        self.seq.plus(self.length())
    }

    /// Where its data begins: after the SYN.
    pub fn data_seq(&self) -> Seq {
        self.seq.plus(u32::from(self.syn))
    }

    /// How many bytes it has on the line.
    pub fn size(&self) -> u64 {
        Segment::HEADERS + u64::from(self.bytes())
    }

    /// The answer to a segment for which there is no connection (RFC 9293, section 3.5.2, group 1).
    pub fn reset_for(segment: &Segment) -> Segment {
        let marks = Marks { answers: segment.marks.of, ..Marks::default() };
        let (seq, ack) = match segment.ack {
            Some(ack) => (ack, None),
            None => (Seq(0), Some(segment.end())),
        };
        Segment::bare(segment.to, segment.from, seq, ack, marks).with_rst()
    }

    /// A segment with nothing in it.
    pub fn bare(from: Socket, to: Socket, seq: Seq, ack: Option<Seq>, marks: Marks) -> Segment {
        Segment {
            from,
            to,
            seq,
            ack,
            syn: false,
            fin: false,
            rst: false,
            window: 0,
            mss: None,
            sack: Vec::new(),
            data: None,
            marks,
        }
    }

    #[must_use]
    pub fn with_rst(self) -> Segment {
        Segment { rst: true, ..self }
    }
}
