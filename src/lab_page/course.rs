//! Ways through a run: steps, jumps, playing, and acting on what is there.

use sim::frame::{Frame, Message, Scale};
use sim::{About, Input, NodeId, Text, Until, t};
use yew::prelude::*;

use super::{Answer, LabPage, LabPageMessage};
use crate::command::{Item, Tab};
use crate::dom::NextPicture;
use crate::motion::Report;
use crate::speed;
use crate::stage::tool::{Deed, Outcome, Tool};

/// Events that one frame of the animation may compute, so that the page stays alive at any speed.
const MOST_PER_FRAME: u64 = 2_000;
/// Events that a search for a moment may compute.
const MOST_PER_SEARCH: u64 = 10_000;
/// Events that a run to a moment, which may be far, computes for each picture.
const MOST_PER_STRIDE: u64 = 4_000;

impl LabPage {
    /// Shows the moment without any way to it.
    pub(super) fn stand(&mut self) {
        if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
            self.motion.stand_at(at_us);
        }
    }

    pub(super) fn pause(&mut self) {
        self.playing = false;
        self.motion.pause();
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
        if goes_on {
            self.errand = NextPicture::new(context.link().callback(move |()| LabPageMessage::RunOn(until)));
        } else if !found {
            self.notice = Some(t!("That did not happen in the next {count} events.", count = MOST_PER_SEARCH));
        }
    }

    /// After a jump: stops and shows the moment.
    pub(super) fn arrive(&mut self) {
        self.notice = None;
        self.pause();
        self.look();
        self.stand();
    }

    /// Goes to an event of an answer; the answer stays.
    pub(super) fn follow(&mut self, event: u64) {
        let answer = self.answer.take();
        if matches!(self.selection, Some(Item::Message(_))) {
            // There it may not be under way.
            self.tab = Tab::Why;
        }
        if let Ok(session) = &mut self.session {
            session.seek(event);
        }
        self.arrive();
        if let (Some(answer), Some(moment)) = (answer, &self.moment) {
            self.question = Some(answer.subject.clone());
            self.answer = Some(Answer { frame: moment.frame.clone(), ..answer });
        }
    }

    pub(super) fn act(&mut self, inputs: Vec<Input>) {
        self.act_at(inputs, self.motion.clock_us());
    }

    /// A node is pressed with the tool in the hand.
    pub(super) fn press(&mut self, node: NodeId) {
        let Some(outcome) = self.tool.zip(self.frame()).and_then(|(tool, frame)| tool.press(frame, node)) else {
            return;
        };
        (self.selection, self.tab) = (Some(Item::Node(node)), Tab::Node);
        match outcome {
            Outcome::Waits(tool) => self.tool = Some(tool),
            Outcome::Done(deed) => {
                self.tool = self.tool.map(|tool| Tool { first: None, ..tool });
                self.make(deed);
            }
        }
    }

    /// Does something by hand. While the run stands still, a little time passes first, and what is due by then happens.
    pub(super) fn make(&mut self, deed: Deed) {
        let Some((input, pause_us)) = self.frame().and_then(|frame| deed.input(frame)) else { return };
        let mut at_us = self.motion.clock_us();
        if let (false, Ok(session)) = (self.playing, &mut self.session) {
            at_us += pause_us;
            session.advance(at_us, MOST_PER_FRAME);
        }
        self.act_at(vec![input], at_us);
    }

    fn act_at(&mut self, inputs: Vec<Input>, at_us: u64) {
        let Ok(session) = &mut self.session else { return };
        // What comes after the moment will be different.
        let now = self.moment.as_ref().map_or(0, |moment| moment.frame.event);
        self.chronicle.truncate(now);
        if [self.event, self.other_event].into_iter().flatten().any(|event| event > now) {
            (self.event, self.other_event, self.compared) = (None, None, None);
        }
        self.notice = None;
        for input in inputs {
            if let Err(refusal) = session.act(input.clone(), Some(at_us)) {
                self.notice = Some(refusal);
                break;
            }
            if let Some(host) = &mut self.host {
                host.acted.push(input);
            }
        }
        self.look();
        if self.playing {
            if let Some(at_us) = self.frame().map(|frame| frame.at_us) {
                self.motion.catch_up(at_us);
            }
        } else {
            self.stand();
        }
    }

    pub(super) fn step(&mut self, forward: bool) {
        let Some(event) = self.frame().map(|frame| frame.event) else { return };
        let to = if forward { event + 1 } else { event.saturating_sub(1) };
        self.glide(to);
    }

    pub(super) fn step_node(&mut self, forward: bool) {
        let (Some(moment), Some(Item::Node(id))) = (&self.moment, self.selection) else { return };
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

    /// Goes to an event and shows the way there.
    fn glide(&mut self, to: u64) {
        let Ok(session) = &mut self.session else { return };
        let from = self.motion.clock_us();
        let before = self.moment.as_ref().map_or(0, |moment| moment.frame.event);
        let reached = session.seek(to);
        self.pause();
        self.look();
        self.notice = if reached < to { self.frame().map(nothing_more) } else { None };
        let Some(moment) = &self.moment else { return };
        if reached > before {
            let received = moment.chronicle.event(reached).and_then(|event| event.received.first().cloned());
            let concerns =
                |message: &Message| self.knower.is_none_or(|knower| message.from == knower || message.to == knower);
            self.arriving = received.filter(concerns);
        }
        let at_us = moment.frame.at_us;
        if at_us == from {
            self.arriving = None;
            self.motion.stand_at(at_us);
        } else {
            self.motion.glide_to(at_us);
        }
    }

    pub(super) fn play(&mut self) {
        if self.playing {
            self.pause();
            // What is due by the moment that is shown happens before it stands still.
            if let Ok(session) = &mut self.session {
                session.advance(self.motion.clock_us(), MOST_PER_FRAME);
            }
            self.look();
            return;
        }
        self.notice = None;
        self.arriving = None;
        self.playing = true;
        self.motion.play(speed::us_per_ms(self.speed, self.pace_us()));
    }

    /// How much virtual time passes in a real second at speed 1, in microseconds.
    pub(super) fn pace_us(&self) -> u64 {
        self.session.as_ref().map_or(About::PACE_US, |session| session.about().pace_us)
    }

    pub(super) fn hear(&mut self, report: Report) {
        let Ok(session) = &mut self.session else { return };
        match report {
            Report::Due(to_us) if self.playing => {
                session.advance(to_us, MOST_PER_FRAME);
                self.look();
            }
            Report::Due(_) => {}
            Report::Idle => {
                self.playing = false;
                self.notice = self.frame().map(nothing_more);
            }
            Report::Settled => self.arriving = None,
        }
    }
}

/// Why a run does not go on, and what can be done.
fn nothing_more(frame: &Frame) -> Text {
    match frame.scale {
        Scale::Time => t!("Nothing more is due: act on a node or a link, or step back."),
        Scale::Order { .. } => t!("The log ends here: step back."),
    }
}
