//! What the monitor remembers of who had the lock when.

use std::collections::VecDeque;

use serde::Serialize;
use sim::NodeId;

/// How many bars of a track are remembered, and how many writes.
const BARS: usize = 12;
const WRITES: usize = 6;

/// What is remembered.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Book {
    /// By customer: what it takes itself for, and what the lock service takes it for.
    own: Vec<Track>,
    service: Vec<Track>,
    pub writes: VecDeque<Written>,
}

/// A write that reached the stock.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Written {
    pub at_us: u64,
    pub customer: NodeId,
    pub is_refused: bool,
}

/// Bars that follow each other, the oldest first.
pub type Track = VecDeque<Bar>;

/// Something that a customer is for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    pub kind: Kind,
    pub from_us: u64,
    pub to_us: Option<u64>,
}

/// What it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Kind {
    Asks,
    Holds,
    /// It holds the lock as far as it knows, and stands still.
    Sleeps,
}

impl Book {
    /// What a customer took itself for.
    pub fn own(&self, customer: usize) -> impl Iterator<Item = &Bar> {
        self.own.get(customer).into_iter().flatten()
    }

    /// When the lock service took it for the holder.
    pub fn service(&self, customer: usize) -> impl Iterator<Item = &Bar> {
        self.service.get(customer).into_iter().flatten()
    }

    /// Notes what a customer is now, in its own eyes and in those of the lock service.
    pub(super) fn note(&mut self, customer: usize, own: Option<Kind>, service: bool, at_us: u64) {
        for (tracks, kind) in [(&mut self.own, own), (&mut self.service, service.then_some(Kind::Holds))] {
            if tracks.len() <= customer {
                tracks.resize(customer + 1, Track::new());
            }
            go_on(&mut tracks[customer], kind, at_us);
        }
    }

    pub(super) fn note_write(&mut self, written: Written) {
        if self.writes.len() == WRITES {
            self.writes.pop_front();
        }
        self.writes.push_back(written);
    }
}

fn go_on(track: &mut Track, kind: Option<Kind>, at_us: u64) {
    let open = track.back_mut().filter(|bar| bar.to_us.is_none());
    if open.as_ref().map(|bar| bar.kind) == kind {
        return;
    }
    if let Some(bar) = open {
        bar.to_us = Some(at_us);
    }
    if let Some(kind) = kind {
        if track.len() == BARS {
            track.pop_front();
        }
        track.push_back(Bar { kind, from_us: at_us, to_us: None });
    }
}
