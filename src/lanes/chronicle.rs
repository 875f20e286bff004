//! What the screen knows of a run: every event of the parts that are looked at, and an outline of the rest. It is
//! computed again where it is needed, a bit at a time, and not kept for long.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;

use sim::frame::TraceEvent;
use sim::outline::Outline;
use sim::{LabSession, Timed};

/// Events in a piece, which holds all about them.
const PIECE: u64 = 128;
/// Events in a page, which holds an outline of them.
const PAGE: u64 = 8_192;
/// Pieces that are kept.
const MOST_PIECES: usize = 96;
/// How much may be computed for one picture, so that the page stays alive.
const EFFORT: u64 = 8_000;
/// What one event of a piece costs, in events of an outline.
const PIECE_EFFORT: u64 = 12;
/// Events on either side of the selected one among which its causes and its effects are counted.
pub const CONE_REACH: u64 = 1_000;

/// What the lanes want to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    pub from_us: u64,
    pub to_us: u64,
    /// The most events that can be told apart there.
    pub most: u64,
}

impl Watch {
    /// Nothing yet.
    pub const NOTHING: Watch = Watch { from_us: 0, to_us: 0, most: 0 };
}

/// The known parts of the run on the selected branch. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    pieces: BTreeMap<u64, Rc<Vec<Rc<TraceEvent>>>>,
    pages: BTreeMap<u64, Rc<Outline>>,
    inputs: Rc<Vec<Timed>>,
    /// The numbers of the first and the last event around the moment that is shown.
    around: (u64, u64),
    length: u64,
    end_us: u64,
    is_near: bool,
    is_complete: bool,
    is_settled: bool,
}

impl Chronicle {
    /// A chronicle of these events, for tests.
    pub fn of(events: Vec<TraceEvent>) -> Chronicle {
        let mut chronicle = Chronicle { is_near: true, is_complete: true, is_settled: true, ..Chronicle::default() };
        for event in events {
            (chronicle.length, chronicle.end_us) = (event.number, event.at_us);
            chronicle.around = (1, event.number);
            Rc::make_mut(chronicle.pieces.entry((event.number - 1) / PIECE).or_default()).push(Rc::new(event));
        }
        chronicle
    }

    /// How many events the run has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// When the last of them happened, in microseconds of virtual time.
    pub fn end_us(&self) -> u64 {
        self.end_us
    }

    /// Whether every event in view can be shown; otherwise there are too many to tell apart.
    pub fn is_near(&self) -> bool {
        self.is_near
    }

    /// Whether all that is in view is known.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether all that may be looked at next is known, too.
    pub fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// What was done to the run.
    pub fn inputs(&self) -> &[Timed] {
        &self.inputs
    }

    /// One event, if it is known.
    pub fn event(&self, number: u64) -> Option<&TraceEvent> {
        let number = number.checked_sub(1)?;
        self.pieces.get(&(number / PIECE))?.get((number % PIECE) as usize).map(|event| &**event)
    }

    /// The events with these numbers that are known, in order.
    pub fn events(&self, numbers: RangeInclusive<u64>) -> impl DoubleEndedIterator<Item = &TraceEvent> {
        let known = self.pieces.range(pieces(&numbers));
        let events = known.flat_map(|(_, events)| events.iter()).map(|event| &**event);
        events.filter(move |event| numbers.contains(&event.number))
    }

    /// The events around the moment that is shown, in order.
    pub fn around(&self) -> impl DoubleEndedIterator<Item = &TraceEvent> {
        self.events(self.around.0..=self.around.1)
    }

    /// The known events of this stretch of virtual time with some more around them, in order.
    pub fn events_around(&self, from_us: f64, to_us: f64) -> impl Iterator<Item = &TraceEvent> {
        let overlaps = move |events: &&Rc<Vec<Rc<TraceEvent>>>| match (events.first(), events.last()) {
            (Some(first), Some(last)) => first.at_us as f64 <= to_us && last.at_us as f64 >= from_us,
            _ => false,
        };
        self.pieces.values().filter(overlaps).flat_map(|events| events.iter()).map(|event| &**event)
    }

    /// The known outlines, in order.
    pub fn pages(&self) -> impl Iterator<Item = &Outline> {
        self.pages.values().map(|page| &**page)
    }

    /// Forgets what comes after an event: it will be different.
    pub fn truncate(&mut self, event: u64) {
        self.length = self.length.min(event);
        self.pieces.retain(|piece, _| piece * PIECE < event);
        if let Some(mut last) = self.pieces.last_entry() {
            Rc::make_mut(last.get_mut()).retain(|known| known.number <= event);
        }
        self.pages.retain(|_, page| page.last() <= event);
    }

    /// Learns how far the run goes, and at once about these events, which are around the moment that is shown.
    pub fn open(&mut self, session: &mut dyn LabSession, length: u64, numbers: RangeInclusive<u64>) {
        self.around = (*numbers.start(), *numbers.end());
        if length != self.length {
            self.length = length;
            self.inputs = Rc::new(session.inputs());
        }
        for piece in pieces(&numbers).chain(pieces(&(length..=length))) {
            self.learn_piece(session, piece);
        }
        self.end_us = self.event(length).map_or(0, |event| event.at_us);
    }

    /// Learns some more of what is looked at, and forgets what has not been for long. Returns whether anything changed.
    pub fn learn(&mut self, session: &mut dyn LabSession, watch: Watch, selected: Option<u64>) -> bool {
        let old = (self.is_near, self.is_complete, self.is_settled);
        let (first, last) = session.enclosing(watch.from_us, watch.to_us);
        let last = last.min(self.length);
        let in_view = (last + 1).saturating_sub(first);
        // The two ends are only roughly known, and a step over the limit should not change the picture back and forth.
        let slack = 128 + if self.is_near { watch.most / 8 } else { 0 };
        self.is_near = in_view <= watch.most + slack;

        let mut effort = 0;
        if in_view > 0 {
            for page in (first - 1) / PAGE..=(last - 1) / PAGE {
                if effort >= EFFORT {
                    break;
                }
                effort += self.learn_page(session, page);
            }
        }
        let mut wanted: Vec<u64> = Vec::new();
        if self.is_near {
            wanted.extend(pieces(&(first..=last)));
        }
        if let Some(selected) = selected {
            wanted.extend(pieces(&(selected.saturating_sub(CONE_REACH)..=(selected + CONE_REACH).min(self.length))));
        }
        let in_use = wanted.len();
        if self.is_near {
            // What comes into view next, on either side.
            let margin = in_view / 2;
            wanted.extend(pieces(&(last + 1..=(last + margin).min(self.length))));
            wanted.extend(pieces(&(first.saturating_sub(margin)..=first)));
        }
        self.is_complete = effort < EFFORT;
        for (place, piece) in wanted.iter().enumerate() {
            if effort >= EFFORT {
                self.is_complete &= place >= in_use;
                break;
            }
            effort += self.learn_piece(session, *piece) * PIECE_EFFORT;
        }
        self.is_settled = effort < EFFORT;
        if self.pieces.len() > MOST_PIECES {
            let mut kept = wanted;
            kept.extend(pieces(&(self.around.0..=self.around.1)).chain(pieces(&(self.length..=self.length))));
            self.pieces.retain(|piece, _| kept.contains(piece));
        }
        effort > 0 || old != (self.is_near, self.is_complete, self.is_settled)
    }

    /// Returns how many events it had to compute.
    fn learn_piece(&mut self, session: &mut dyn LabSession, piece: u64) -> u64 {
        let known = self.pieces.get(&piece).map_or(0, |events| events.len() as u64);
        let (first, last) = (piece * PIECE + known + 1, ((piece + 1) * PIECE).min(self.length));
        if first > last {
            return 0;
        }
        let more = session.trace(first, last).into_iter().map(Rc::new);
        Rc::make_mut(self.pieces.entry(piece).or_default()).extend(more);
        last + 1 - first
    }

    fn learn_page(&mut self, session: &mut dyn LabSession, page: u64) -> u64 {
        let first = self.pages.get(&page).map_or(page * PAGE, |outline| outline.last()) + 1;
        let last = ((page + 1) * PAGE).min(self.length);
        if first > last {
            return 0;
        }
        if let Some(more) = session.outline(first, last) {
            match self.pages.get_mut(&page) {
                Some(outline) => Rc::make_mut(outline).append(more),
                None => {
                    self.pages.insert(page, Rc::new(more));
                }
            }
        }
        last + 1 - first
    }
}

/// The pieces that hold these events.
fn pieces(numbers: &RangeInclusive<u64>) -> Range<u64> {
    let (first, last) = ((*numbers.start()).max(1), *numbers.end());
    if first > last { 0..0 } else { (first - 1) / PIECE..last.div_ceil(PIECE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(length: u64) -> Box<dyn LabSession> {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(length);
        session
    }

    fn learn_all(chronicle: &mut Chronicle, session: &mut dyn LabSession, watch: Watch) -> u32 {
        let mut rounds = 0;
        while chronicle.learn(session, watch, None) {
            rounds += 1;
            assert!(rounds < 1_000, "it never ends");
        }
        rounds
    }

    #[test]
    fn a_short_stretch_is_known_event_by_event() {
        let mut session = session(5_000);
        let mut chronicle = Chronicle::default();
        chronicle.open(&mut *session, 5_000, 4_900..=5_000);
        let from = chronicle.event(4_950).expect("an event").at_us;
        let watch = Watch { from_us: from, to_us: chronicle.end_us(), most: 2_000 };
        learn_all(&mut chronicle, &mut *session, watch);
        assert!(chronicle.is_near() && chronicle.is_complete());
        let numbers: Vec<u64> = chronicle.events(4_950..=5_000).map(|event| event.number).collect();
        assert_eq!(numbers, (4_950..=5_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_stretch_is_learnt_in_steps_and_from_afar() {
        let mut session = session(40_000);
        let mut chronicle = Chronicle::default();
        chronicle.open(&mut *session, 40_000, 39_900..=40_000);
        let watch = Watch { from_us: 0, to_us: u64::MAX / 2, most: 2_000 };
        assert!(learn_all(&mut chronicle, &mut *session, watch) >= 4);
        assert!(!chronicle.is_near() && chronicle.is_complete());
        let counted: u64 = chronicle
            .pages()
            .flat_map(|page| page.blocks())
            .flat_map(|block| block.counts)
            .map(|count| u64::from(*count))
            .sum();
        assert_eq!(counted, 40_000);
        assert!(chronicle.pieces.len() <= MOST_PIECES);
    }

    #[test]
    fn a_growing_run_adds_to_what_is_known() {
        let mut session = session(300);
        let mut chronicle = Chronicle::default();
        let watch = Watch { from_us: 0, to_us: u64::MAX / 2, most: 2_000 };
        for length in [300, 301, 450] {
            session.seek(length);
            chronicle.open(&mut *session, length, length..=length);
            learn_all(&mut chronicle, &mut *session, watch);
            assert_eq!(chronicle.events(1..=length).count() as u64, length);
            assert_eq!(chronicle.pages().last().map(|page| page.last()), Some(length));
        }
        assert_eq!(chronicle.events(1..=450).cloned().collect::<Vec<_>>(), session.trace(1, 450));
        chronicle.truncate(200);
        assert_eq!(chronicle.events(1..=450).count(), 200);
        assert_eq!(chronicle.pages().count(), 0);
    }

    #[test]
    fn a_branch_as_long_as_the_one_before_has_its_own_inputs() {
        let mut session = session(40);
        let mut chronicle = Chronicle::default();
        chronicle.open(&mut *session, 40, 40..=40);
        session.seek(39);
        session.act(sim::Input::HealAll, None).expect("an input");
        chronicle.truncate(39);
        chronicle.open(&mut *session, 40, 40..=40);
        assert_eq!(chronicle.inputs(), session.inputs());
        assert_eq!(chronicle.inputs().last().map(|timed| timed.after_event), Some(39));
    }

    #[test]
    fn what_is_out_of_sight_is_forgotten() {
        let mut session = session(60_000);
        let mut chronicle = Chronicle::default();
        chronicle.open(&mut *session, 60_000, 60_000..=60_000);
        for number in (1_000..60_000).step_by(2_000) {
            let at_us = session.trace(number, number)[0].at_us;
            learn_all(&mut chronicle, &mut *session, Watch { from_us: at_us, to_us: at_us + 5_000_000, most: 2_000 });
        }
        assert!(chronicle.pieces.len() <= MOST_PIECES + 32, "{}", chronicle.pieces.len());
    }
}
