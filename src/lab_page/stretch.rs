//! The part of a run that a figure shows.

use sim::{Text, t};

use super::LabPage;
use crate::looks::Looks;

/// From one event to another; all of a run where nothing is said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stretch {
    pub from: u64,
    pub to: Option<u64>,
}

impl Stretch {
    /// What an address says. Only figures show a stretch.
    pub(super) fn of(looks: &Looks) -> Stretch {
        Stretch { from: looks.from.unwrap_or_default(), to: looks.to }
    }

    /// The moment inside that is nearest to an event.
    pub fn clamp(self, event: u64) -> u64 {
        self.to.map_or(event, |to| event.min(to)).max(self.from)
    }

    /// Its last event, where so many have been computed.
    pub fn end(self, length: u64) -> u64 {
        self.to.unwrap_or(length).max(self.from)
    }

    /// Whether an event is its last one, or comes later.
    pub fn is_over(self, event: u64) -> bool {
        self.to.is_some_and(|to| event >= to)
    }

    /// How many events may still happen after this one.
    pub(super) fn left(self, event: u64) -> u64 {
        self.to.map_or(u64::MAX, |to| to.saturating_sub(event))
    }
}

impl LabPage {
    /// Goes to the beginning of the stretch, where there is one; says so if the run ends before.
    pub(super) fn begin_stretch(&mut self) {
        let (Ok(session), from @ 1..) = (&mut self.session, self.playing.stretch.from) else { return };
        let reached = session.seek(from);
        if reached < from {
            self.notices.sentence = Some(too_short(reached, from));
        }
    }
}

fn too_short(reached: u64, from: u64) -> Text {
    t!(
        "This run ends after {reached} events, before event {from}, from which it was to be shown.",
        reached = reached,
        from = from
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_holds_what_is_asked_for() {
        let stretch = Stretch { from: 10, to: Some(20) };
        assert_eq!([0, 10, 15, 20, 99].map(|event| stretch.clamp(event)), [10, 10, 15, 20, 20]);
        assert_eq!((stretch.end(12), stretch.left(15), stretch.left(30)), (20, 5, 0));
        assert_eq!([19, 20, 21].map(|event| stretch.is_over(event)), [false, true, true]);
    }

    #[test]
    fn without_bounds_it_is_all_of_the_run() {
        let all = Stretch::default();
        assert_eq!([0, 7, u64::MAX].map(|event| all.clamp(event)), [0, 7, u64::MAX]);
        assert_eq!((all.end(12), all.left(12), all.is_over(12)), (12, u64::MAX, false));
    }
}
