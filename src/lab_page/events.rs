//! What the page knows of the events of the run, and which of them the visitor has chosen.

use sim::frame::Frame;
use sim::{Compared, LabSession};

use crate::lanes::chronicle::{Chronicle, Watch};
use crate::shared::Shared;

/// Events around the moment that are known at once.
const TRACE_BEFORE: u64 = 250;
const TRACE_AFTER: u64 = 150;

/// What the page knows of the events of the run, and which of them the visitor has chosen.
#[derive(Debug, Default)]
pub(super) struct Events {
    pub(super) chronicle: Chronicle,
    /// The stretch of time that the lanes show, once they have said so.
    pub(super) watch: Option<Watch>,
    /// The selected event of the lanes.
    pub(super) selected: Option<u64>,
    /// The event that it is compared with; itself until another one is chosen.
    pub(super) other: Option<u64>,
    pub(super) compared: Option<Shared<Compared>>,
}

impl Events {
    /// Learns what happens around a moment.
    pub(super) fn open(&mut self, session: &mut dyn LabSession, frame: &Frame) {
        let first = frame.event.saturating_sub(TRACE_BEFORE).max(1);
        let last = (frame.event + TRACE_AFTER).min(frame.length);
        self.chronicle.open(session, frame.length, first..=last);
    }

    /// Learns some more of a stretch of time. Returns whether there is anything new.
    pub(super) fn learn(&mut self, session: &mut dyn LabSession, watch: Watch) -> bool {
        self.chronicle.learn(session, watch, self.selected)
    }

    /// What the lanes show: before they have said so, the events before a moment.
    pub(super) fn watched(&self, at_us: u64) -> Watch {
        let from_us = self.chronicle.around().next().map_or(0, |event| event.at_us);
        self.watch.unwrap_or(Watch { from_us, to_us: at_us, most: TRACE_BEFORE + TRACE_AFTER })
    }

    pub(super) fn select(&mut self, event: Option<u64>) {
        (self.selected, self.other, self.compared) = (event, None, None);
    }

    /// The selected event and another one that it is compared with.
    pub(super) fn pair(&self) -> Option<(u64, u64)> {
        self.selected.zip(self.other).filter(|(event, other)| event != other)
    }

    /// What comes after an event will be different.
    pub(super) fn truncate(&mut self, event: u64) {
        self.chronicle.truncate(event);
        if [self.selected, self.other].into_iter().flatten().any(|chosen| chosen > event) {
            self.select(None);
        }
    }
}
