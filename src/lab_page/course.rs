//! Ways through a run: steps, jumps, playing.

use sim::frame::{Frame, Message, Scale, Weight};
use sim::{About, Text, Until, t};
use yew::prelude::*;

use super::reading::Answer;
use super::{LabPage, LabPageMessage, Stretch};
use crate::command::{Course, Item, Tab};
use crate::dom::NextPicture;
use crate::motion::Report;
use crate::speed::Pace;

/// Events that one frame of the animation may compute, so that the page stays alive at any speed.
pub(super) const MOST_PER_FRAME: u64 = 2_000;
/// Events that a search for a moment may compute.
pub(super) const MOST_PER_SEARCH: u64 = 10_000;
/// Events that a run to a moment, which may be far, computes for each picture.
const MOST_PER_STRIDE: u64 = 4_000;

impl LabPage {
    pub(super) fn go(&mut self, context: &Context<Self>, wish: Course) {
        match wish {
            Course::Seek(event) => self.seek(self.playing.stretch.clamp(event)),
            Course::Step { forward: true } if self.is_stretch_over() => {
                self.notices.sentence = Some(t!("The figure ends here: play it again, or step back."));
            }
            Course::Step { forward: false } if self.is_at_beginning() => {}
            Course::Step { forward } => self.step(forward),
            Course::StepNode { forward } => {
                self.step_node(forward);
                self.stay_in_stretch();
            }
            Course::End => self.seek(self.playing.stretch.end(self.frame().map_or(0, |frame| frame.length))),
            Course::Play => self.play(),
            Course::StepTelling { forward } => self.step_telling(forward),
            Course::SetPace(pace) => self.set_pace(pace),
            Course::RunUntil(until) => self.run_until(context, until),
            Course::Follow(event) => self.follow(event),
        }
    }

    /// Shows the moment without any way to it.
    pub(super) fn stand(&mut self) {
        if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
            self.playing.motion.stand_at(at_us);
        }
    }

    /// Runs on until something happens; to a moment, however far, with a picture now and then.
    pub(super) fn run_until(&mut self, context: &Context<Self>, until: Until) {
        let Ok(session) = &mut self.session else { return };
        let start = session.scenario().cursor;
        let is_moment = matches!(until, Until::Moment(_));
        let found = session.run_until(until, if is_moment { MOST_PER_STRIDE } else { MOST_PER_SEARCH });
        let goes_on = !found && is_moment;
        if !found && !goes_on {
            session.seek(start);
        }
        self.arrive();
        if let (Until::Moment(at_us), true) = (until, found) {
            // Time passes also where nothing happens any more.
            self.playing.motion.stand_at(at_us);
        }
        if goes_on {
            self.playing.errand = NextPicture::new(context.link().callback(move |()| LabPageMessage::RunOn(until)));
        } else if !found {
            self.notices.sentence = Some(not_found());
        }
    }

    pub(super) fn seek(&mut self, event: u64) {
        if let Ok(session) = &mut self.session {
            session.seek(event);
        }
        self.arrive();
    }

    /// After a jump: stops and shows the moment.
    pub(super) fn arrive(&mut self) {
        self.notices.sentence = None;
        self.playing.pause();
        self.look();
        self.stand();
    }

    /// Goes to an event of an answer; the answer stays.
    fn follow(&mut self, event: u64) {
        let answer = self.reading.answer.take();
        if matches!(self.reading.selection, Some(Item::Message(_))) {
            // There it may not be under way.
            self.reading.tab = Tab::Why;
        }
        self.seek(event);
        if let (Some(answer), Some(moment)) = (answer, &self.moment) {
            self.reading.question = Some(answer.subject.clone());
            self.reading.answer = Some(Answer { frame: moment.frame.clone(), ..answer });
        }
    }

    pub(super) fn step(&mut self, forward: bool) {
        let Some(event) = self.frame().map(|frame| frame.event) else { return };
        let to = if forward { event + 1 } else { event.saturating_sub(1) };
        self.glide(to);
    }

    fn step_node(&mut self, forward: bool) {
        let (Some(moment), Some(Item::Node(id))) = (&self.moment, self.reading.selection) else { return };
        let now = moment.frame.event;
        let mut own = moment.chronicle.around().filter(|event| event.node == Some(id)).map(|event| event.number);
        let to = if forward { own.find(|number| *number > now) } else { own.rfind(|number| *number < now) };
        drop(own);
        if let Some(to) = to {
            self.glide(to);
        } else if let (true, Ok(session)) = (forward, &mut self.session) {
            session.run_until(sim::Until::Node(id), MOST_PER_SEARCH);
            self.arrive();
        }
    }

    /// Goes to the next telling moment, or back to the last one, and shows the way.
    fn step_telling(&mut self, forward: bool) {
        let (Ok(session), Some(now)) = (&self.session, self.frame().map(|frame| frame.event)) else { return };
        if !forward {
            return self.glide(session.weights().before(now).unwrap_or(0));
        }
        match session.ahead(MOST_PER_SEARCH, 0) {
            Some(next) if next.weight == Weight::Telling => self.glide(next.event),
            Some(_) => self.notices.sentence = Some(nothing_new()),
            None => self.notices.sentence = self.frame().map(nothing_more),
        }
    }

    /// Goes to an event and shows the way there.
    fn glide(&mut self, to: u64) {
        let Ok(session) = &mut self.session else { return };
        let from_us = self.playing.motion.clock_us();
        let before = self.moment.as_ref().map_or(0, |moment| moment.frame.event);
        let reached = session.seek(to);
        self.playing.pause();
        self.look();
        self.notices.sentence = if reached < to { self.frame().map(nothing_more) } else { None };
        let Some(moment) = &self.moment else { return };
        let received = moment.received().filter(|_| reached > before).cloned();
        let knower = self.reading.knower;
        let concerns = |message: &Message| knower.is_none_or(|knower| message.from == knower || message.to == knower);
        self.playing.glide(from_us, moment.frame.at_us, received.filter(concerns));
    }

    pub(super) fn play(&mut self) {
        if self.playing.is_on {
            self.playing.pause();
            // What is due by the moment that is shown happens before it stands still; at the moment of an event, that one is shown.
            let (clock_us, event_us) = (self.playing.motion.clock_us(), self.frame().map_or(0, |frame| frame.at_us));
            if let (true, Ok(session)) = (clock_us > event_us, &mut self.session) {
                session.advance(clock_us, MOST_PER_FRAME);
            }
            self.look();
            return;
        }
        let Stretch { from, .. } = self.playing.stretch;
        if self.is_stretch_over() {
            return self.seek(from);
        }
        self.notices.sentence = None;
        self.start();
    }

    fn set_pace(&mut self, pace: Pace) {
        self.playing.pace = pace;
        pace.remember();
        self.playing.story = None;
        if self.playing.is_on {
            self.start();
        }
    }

    /// Comes back to the stretch from a moment outside.
    fn stay_in_stretch(&mut self) {
        let Some(event) = self.frame().map(|frame| frame.event) else { return };
        let nearest = self.playing.stretch.clamp(event);
        if nearest != event {
            self.seek(nearest);
        }
    }

    /// Stands still where the stretch ends.
    pub(super) fn end_stretch(&mut self) {
        if self.is_stretch_over() {
            self.playing.pause();
            self.stand();
        }
    }

    /// Stands still at the moment up to which it was to play.
    fn end_way(&mut self, at_us: u64) {
        self.playing.until_us = None;
        self.playing.pause();
        self.playing.motion.stand_at(at_us);
    }

    fn is_at_beginning(&self) -> bool {
        self.frame().is_some_and(|frame| frame.event <= self.playing.stretch.from)
    }

    fn is_stretch_over(&self) -> bool {
        self.frame().is_some_and(|frame| self.playing.stretch.is_over(frame.event))
    }

    /// How much virtual time passes in a real second at speed 1, in microseconds.
    pub(super) fn pace_us(&self) -> u64 {
        self.session.as_ref().map_or(About::PACE_US, |session| session.about().pace_us)
    }

    pub(super) fn hear(&mut self, report: Report) {
        let Ok(session) = &mut self.session else { return };
        match report {
            Report::Due(to_us) if self.playing.story.is_some() => self.tell_on(to_us),
            Report::Due(to_us) if self.playing.is_on => {
                let left = self.playing.stretch.left(session.scenario().cursor);
                let until_us = self.playing.until_us.unwrap_or(u64::MAX);
                session.advance(to_us.min(until_us), MOST_PER_FRAME.min(left));
                self.look();
                self.end_stretch();
                if to_us >= until_us
                    && self.frame().and_then(|frame| frame.next_at_us).is_none_or(|next_us| next_us > until_us)
                {
                    self.end_way(until_us);
                }
            }
            Report::Due(_) => {}
            Report::Idle => {
                if let Some(until_us) = self.playing.until_us {
                    return self.end_way(until_us);
                }
                self.playing.pause();
                self.notices.sentence = self.frame().map(nothing_more);
            }
            Report::Settled => self.playing.arriving = None,
        }
    }
}

fn not_found() -> Text {
    t!("That did not happen in the next {count} events.", count = MOST_PER_SEARCH)
}

fn nothing_new() -> Text {
    t!(
        "The next {count} events are like those before. Play on and watch, or do something to a node or a link.",
        count = MOST_PER_SEARCH
    )
}

/// Why a run does not go on, and what can be done.
fn nothing_more(frame: &Frame) -> Text {
    match frame.scale {
        Scale::Time => {
            t!("Nothing more is due: act on a node or a link, step back, or let time pass: “Run until”, a time.")
        }
        Scale::Order { .. } => t!("The log ends here: step back."),
    }
}
