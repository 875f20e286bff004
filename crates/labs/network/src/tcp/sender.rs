//! The sending half of a connection: what was written, what is under way, and what the other end has room for.

use serde::Serialize;

use super::seq::Seq;

/// The variables of section 3.3.1 of RFC 9293 that begin with SND, and what was written.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sender {
    /// The first number (ISS): that of the SYN.
    pub iss: Seq,
    /// The oldest number that is not acknowledged (SND.UNA).
    pub una: Seq,
    /// The number after the highest that was sent (SND.NXT).
    pub next: Seq,
    /// The next number to send: before SND.NXT where something is sent again.
    pub point: Seq,
    /// The window that the other end offers (SND.WND), and the segment that said so last (SND.WL1, SND.WL2).
    pub window: u32,
    pub wl1: Seq,
    pub wl2: Seq,
    /// The largest window that was offered.
    pub largest_window: u32,
    /// The furthest right edge that the other end has offered.
    pub edge: Seq,
    /// How far data was sent that was no probe.
    pub reach: Seq,
    /// The number of data bytes in a segment at most.
    pub mss: u32,
    /// How many bytes were written.
    pub written: u64,
    /// Whether nothing more will be written.
    pub is_closing: bool,
    /// Whether the FIN was sent.
    pub has_sent_fin: bool,
    /// What is being timed: up to this number, since when, and which transmission it was.
    pub timed: Option<Timed>,
    /// How many segments were sent.
    pub transmissions: u64,
    /// How many of them carried what had been sent before.
    pub resent: u64,
    /// How many of them carried new data.
    pub fresh: u64,
    /// What the other end has out of order, by its word (RFC 2018), in order.
    pub sacked: Vec<(Seq, Seq)>,
    /// In a recovery: up to where was sent again (HighRxt of RFC 6675).
    pub refilled: Seq,
    /// The segment for which the timer ran out last.
    pub expired: Option<Seq>,
    /// How often it has asked, one byte at a time, whether the window is open.
    pub probes: u32,
}

/// A transmission whose acknowledgment will tell the round trip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Timed {
    pub end: Seq,
    pub at_us: u64,
    pub number: u64,
}

impl Sender {
    pub fn new(iss: Seq, mss: u32) -> Sender {
        let next = iss.plus(1);
        Sender {
            iss,
            una: iss,
            next,
            point: next,
            window: 0,
            wl1: Seq(0),
            wl2: Seq(0),
            largest_window: 0,
            edge: next,
            reach: next,
            mss,
            written: 0,
            is_closing: false,
            has_sent_fin: false,
            timed: None,
            transmissions: 0,
            resent: 0,
            fresh: 0,
            sacked: Vec::new(),
            refilled: iss,
            expired: None,
            probes: 0,
        }
    }

    /// Where the data ends that was written: the number of the FIN.
    pub fn data_end(&self) -> Seq {
        self.iss.plus(1).plus(self.written as u32)
    }

    /// The place in the stream of a number.
    pub fn offset(&self, seq: Seq) -> u64 {
        u64::from(seq.past(self.iss.plus(1)))
    }

    /// How much is under way (FlightSize).
    pub fn flight(&self) -> u32 {
        self.next.since(self.una)
    }

    /// How many bytes of data are not acknowledged, sent or not.
    pub fn unacknowledged(&self) -> u64 {
        self.written - self.offset(self.una).min(self.written)
    }

    /// Whether the FIN is acknowledged.
    pub fn is_fin_acknowledged(&self) -> bool {
        self.has_sent_fin && self.una == self.data_end().plus(1)
    }

    /// Whether there is something that was never sent, or is to be sent again.
    pub fn has_more(&self) -> bool {
        self.point.is_before(self.data_end()) || (self.is_closing && self.point == self.data_end())
    }

    /// Takes in what the other end says it has.
    pub fn mark(&mut self, blocks: &[(Seq, Seq)]) {
        for (from, to) in blocks.iter().copied() {
            if !self.una.is_before(from) || !to.is_at_most(self.next) || !from.is_before(to) {
                continue;
            }
            let (mut from, mut to) = (from, to);
            self.sacked.retain(|(known_from, known_to)| {
                let is_apart = known_to.is_before(from) || to.is_before(*known_from);
                if !is_apart {
                    (from, to) = (from.earlier(*known_from), to.later(*known_to));
                }
                is_apart
            });
            let place = self.sacked.iter().position(|(known, _)| from.is_before(*known)).unwrap_or(self.sacked.len());
            self.sacked.insert(place, (from, to));
        }
    }

    /// Forgets what is acknowledged.
    pub fn unmark(&mut self) {
        let una = self.una;
        self.sacked.retain(|(_, to)| una.is_before(*to));
    }

    /// The end of the block that a number is in.
    fn block_end(&self, seq: Seq) -> Option<Seq> {
        self.sacked.iter().find(|(from, to)| from.is_at_most(seq) && seq.is_before(*to)).map(|(_, to)| *to)
    }

    /// Goes past what the other end has.
    pub fn skip_sacked(&mut self) {
        while let Some(end) = self.block_end(self.point) {
            self.point = end;
        }
    }

    /// How far data goes from a number up to what the other end has.
    pub fn until_block(&self, seq: Seq) -> u32 {
        let next = self.sacked.iter().map(|(from, _)| *from).find(|from| seq.is_before(*from));
        next.map_or(u32::MAX, |from| from.since(seq))
    }

    /// Whether a number is lost, by what the other end has above it: more than two segments (RFC 6675, section 4, IsLost).
    fn is_lost(&self, seq: Seq) -> bool {
        let above: u32 =
            self.sacked.iter().filter(|(from, _)| seq.is_before(*from)).map(|(from, to)| to.since(*from)).sum();
        above > 2 * self.mss
    }

    /// The holes between what is acknowledged and what the other end has: from, to.
    fn holes(&self) -> Vec<(Seq, Seq)> {
        let mut holes = Vec::new();
        let mut at = self.una;
        for (from, to) in &self.sacked {
            if at.is_before(*from) {
                holes.push((at, *from));
            }
            at = at.later(*to);
        }
        if at.is_before(self.next) {
            holes.push((at, self.next));
        }
        holes
    }

    /// How much is under way by what the other end has said (RFC 6675, section 4, SetPipe).
    pub fn pipe(&self) -> u32 {
        let of_hole = |(from, to): (Seq, Seq)| {
            let whole = to.since(from);
            let sent_again = self.refilled.earlier(to).past(from);
            sent_again + if self.is_lost(from) { 0 } else { whole }
        };
        self.holes().into_iter().map(of_hole).sum()
    }

    /// The next hole to fill (RFC 6675, section 4, NextSeg, rule 1).
    pub fn next_hole(&self) -> Option<(Seq, Seq)> {
        let rest = |(from, to): (Seq, Seq)| (from.later(self.refilled), to);
        self.holes().into_iter().map(rest).find(|(from, to)| from.is_before(*to) && self.is_lost(*from))
    }
}
