//! The receiving half of a connection: what has come, in order and out of order, and how much more may.

use std::collections::VecDeque;

use serde::Serialize;

use super::segment::Piece;
use super::seq::Seq;

/// What became of data that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It was the next.
    InOrder,
    /// It was the next, and what had waited behind it follows.
    FilledHole,
    /// It came before something that is missing, and waits.
    Kept,
    /// It was there already, or beyond the window.
    Nothing,
}

/// The variables of section 3.3.1 of RFC 9293 that begin with RCV, and what was received.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Receiver {
    /// The first number of the other end.
    pub irs: Seq,
    /// The next number that is expected (RCV.NXT).
    pub next: Seq,
    /// The right edge of the window that was offered: it never goes back.
    pub edge: Seq,
    /// What came out of order, in its order.
    pub kept: Vec<(Seq, Piece)>,
    /// Where the newest of that stands.
    newest: Option<Seq>,
    /// What can be read.
    pub unread: VecDeque<Piece>,
    /// What the application has read: one piece from 0 on, if all is well.
    pub read: Vec<Piece>,
    /// The number of the FIN, once it has come, in order or not.
    pub fin: Option<Seq>,
    /// Whether the FIN is in order: nothing follows.
    pub has_end: bool,
    /// Whether the application was told of the end.
    pub is_ended: bool,
    /// The highest number of a transmission that has come; for checks.
    pub echo: u64,
    /// Segments that have come in order and are not acknowledged.
    pub owed: u32,
    /// So many times the last acknowledgment has been sent.
    pub repeats: u32,
    /// The last acknowledgment that was sent, and the right edge with it.
    pub last_ack: (Seq, Seq),
    /// How often data was sent again that was there already.
    pub came_again: u64,
}

impl Receiver {
    /// With the SYN of the other end, and room for so many bytes.
    pub fn new(irs: Seq, buffer: u32) -> Receiver {
        let next = irs.plus(1);
        Receiver {
            irs,
            next,
            edge: next.plus(buffer),
            kept: Vec::new(),
            newest: None,
            unread: VecDeque::new(),
            read: Vec::new(),
            fin: None,
            has_end: false,
            is_ended: false,
            echo: 0,
            owed: 0,
            repeats: 0,
            last_ack: (irs, irs),
            came_again: 0,
        }
    }

    /// The window that is offered (RCV.WND).
    pub fn window(&self) -> u32 {
        self.edge.past(self.next)
    }

    /// The bytes that can be read.
    pub fn waiting(&self) -> u32 {
        self.unread.iter().map(|piece| piece.length).sum()
    }

    /// The bytes that were read.
    pub fn read_bytes(&self) -> u64 {
        self.read.iter().map(|piece| u64::from(piece.length)).sum()
    }

    /// Offers more where that is worth it (RFC 1122, section 4.2.3.3: no silly windows). Returns how much more.
    pub fn open(&mut self, buffer: u32, mss: u32) -> u32 {
        let candidate = self.next.plus(buffer.saturating_sub(self.waiting()));
        let more = candidate.past(self.edge);
        if more >= mss.min(buffer / 2).max(1) {
            self.edge = candidate;
            return more;
        }
        0
    }

    /// How much more could be offered now.
    pub fn could_open(&self, buffer: u32) -> u32 {
        self.next.plus(buffer.saturating_sub(self.waiting())).past(self.edge)
    }

    /// Whether a segment is acceptable (RFC 9293, section 3.4, the four cases).
    pub fn accepts(&self, seq: Seq, length: u32) -> bool {
        let window = self.window();
        let is_inside = |at: Seq| self.next.is_at_most(at) && at.is_before(self.next.plus(window));
        match (length, window) {
            (0, 0) => seq == self.next,
            (0, _) => is_inside(seq),
            (_, 0) => false,
            _ => is_inside(seq) || is_inside(seq.plus(length - 1)),
        }
    }

    /// Data comes. `in_order`: it is handed on in order only.
    pub fn take(&mut self, seq: Seq, piece: Piece, in_order: bool) -> Taken {
        let skipped = self.next.past(seq).min(piece.length);
        let (mut seq, mut piece) = (seq.plus(skipped), piece.after(skipped));
        piece = piece.first(self.edge.past(seq));
        if piece.length == 0 {
            return Taken::Nothing;
        }
        let was_next = seq == self.next;
        let had_kept = !self.kept.is_empty();
        let mut is_news = false;
        // What of it is there already stays as it is.
        while piece.length > 0 {
            let covering =
                self.kept.iter().find(|(at, known)| at.is_at_most(seq) && seq.is_before(at.plus(known.length)));
            if let Some((at, known)) = covering {
                let skipped = at.plus(known.length).since(seq).min(piece.length);
                (seq, piece) = (seq.plus(skipped), piece.after(skipped));
                continue;
            }
            let following = self.kept.iter().filter(|(at, _)| seq.is_before(*at)).map(|(at, _)| at.since(seq)).min();
            let length = following.unwrap_or(piece.length).min(piece.length);
            let place = self.kept.iter().position(|(at, _)| seq.is_before(*at)).unwrap_or(self.kept.len());
            self.kept.insert(place, (seq, piece.first(length)));
            if !in_order {
                self.hand_on(piece.first(length));
            }
            (self.newest, is_news) = (Some(seq), true);
            (seq, piece) = (seq.plus(length), piece.after(length));
        }
        if !is_news {
            return Taken::Nothing;
        }
        while let Some((_, piece)) = self.kept.first().copied().filter(|(at, _)| *at == self.next) {
            self.kept.remove(0);
            self.next = self.next.plus(piece.length);
            if in_order {
                self.hand_on(piece);
            }
        }
        match (was_next, had_kept) {
            (false, _) => Taken::Kept,
            (true, true) => Taken::FilledHole,
            (true, false) => Taken::InOrder,
        }
    }

    fn hand_on(&mut self, piece: Piece) {
        match self.unread.back_mut().filter(|last| last.is_before(piece)) {
            Some(last) => last.length += piece.length,
            None => self.unread.push_back(piece),
        }
    }

    /// Takes the FIN if it is its turn, or if nobody waits for that.
    pub fn take_fin(&mut self, in_order: bool) -> bool {
        let Some(fin) = self.fin.filter(|_| !self.has_end) else { return false };
        if in_order && fin != self.next {
            return false;
        }
        self.next = self.next.later(fin.plus(1));
        // The FIN takes a number, and no place in the buffer.
        self.edge = self.edge.plus(1).later(self.next);
        self.has_end = true;
        if !in_order {
            self.kept.clear();
        }
        true
    }

    /// The application reads so many bytes at most.
    pub fn read(&mut self, most: u32) -> u32 {
        let mut left = most;
        while left > 0
            && let Some(piece) = self.unread.pop_front()
        {
            let part = piece.first(left);
            left -= part.length;
            match self.read.last_mut().filter(|last| last.is_before(part)) {
                Some(last) => last.length += part.length,
                None => self.read.push(part),
            }
            let rest = piece.after(part.length);
            if rest.length > 0 {
                self.unread.push_front(rest);
                break;
            }
        }
        most - left
    }

    /// Whether all there will ever be was read.
    pub fn is_read_out(&self) -> bool {
        self.has_end && self.unread.is_empty()
    }

    /// The blocks that are told to the sender, the newest first (RFC 2018, section 4): three at most.
    pub fn blocks(&self) -> Vec<(Seq, Seq)> {
        let mut blocks: Vec<(Seq, Seq)> = Vec::new();
        for (at, piece) in &self.kept {
            match blocks.last_mut().filter(|(_, end)| *end == *at) {
                Some((_, end)) => *end = end.plus(piece.length),
                None => blocks.push((*at, at.plus(piece.length))),
            }
        }
        if let Some(newest) = self.newest
            && let Some(place) = blocks.iter().position(|(from, to)| from.is_at_most(newest) && newest.is_before(*to))
        {
            let block = blocks.remove(place);
            blocks.insert(0, block);
        }
        blocks.truncate(3);
        blocks
    }
}
