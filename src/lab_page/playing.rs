//! How time goes on the screen.

use sim::frame::{Caption, Frame, Message};
use yew::prelude::*;

use super::course::MOST_PER_FRAME;
use super::{LabPage, Stretch};
use crate::dom::{self, NextPicture};
use crate::language;
use crate::motion::{Motion, Report};
use crate::speed::{self, Pace};
use crate::story::{self, Chapter, Story};

/// How time goes on the screen.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) motion: Motion,
    /// Whether time runs.
    pub(super) is_on: bool,
    pub(super) pace: Pace,
    /// The part of the run that is shown.
    pub(super) stretch: Stretch,
    /// What is told, and what stands on the screen of it, while the run plays at story pace.
    pub(super) story: Option<(Story, Chapter)>,
    /// Since when the caption has stood on the screen.
    stands_since_ms: f64,
    /// The message that a step is shown to bring.
    pub(super) arriving: Option<Message>,
    /// The moment at which it stands still by itself, in microseconds of virtual time.
    pub(super) until_us: Option<u64>,
    /// A way to a moment that goes on with the next picture.
    pub(super) errand: Option<NextPicture>,
}

impl Playing {
    pub(super) fn new(report: Callback<Report>) -> Playing {
        Playing {
            motion: Motion::new(report),
            is_on: false,
            pace: Pace::recalled().unwrap_or_default(),
            stretch: Stretch::default(),
            story: None,
            stands_since_ms: 0.0,
            arriving: None,
            until_us: None,
            errand: None,
        }
    }

    pub(super) fn pause(&mut self) {
        self.is_on = false;
        self.story = None;
        self.motion.pause();
    }

    /// Whether events go by too fast for their captions to be read out.
    pub(super) fn flows(&self) -> bool {
        self.is_on && self.pace != Pace::Story
    }

    /// Another caption stands on the screen.
    pub(super) fn begin_reading(&mut self) {
        self.stands_since_ms = dom::now_ms();
    }

    /// Shows the way from one moment to another, and the message that arrives there.
    pub(super) fn glide(&mut self, from_us: u64, to_us: u64, arriving: Option<Message>) {
        if to_us == from_us {
            self.motion.stand_at(to_us);
        } else {
            self.arriving = arriving;
            self.motion.glide_to(to_us);
        }
    }
}

impl LabPage {
    /// Lets time run.
    pub(super) fn start(&mut self) {
        self.playing.arriving = None;
        self.playing.is_on = true;
        match self.playing.pace {
            Pace::Real(power) => self.playing.motion.play(speed::us_per_ms(power, self.pace_us())),
            // Whoever presses play has begun to read, and may read on while things move.
            Pace::Story => {
                let stood_ms = dom::now_ms() - self.playing.stands_since_ms;
                let story = Story::new(self.pace_us());
                self.read_out(story, |reading_ms, moving_ms| reading_ms - moving_ms - stood_ms);
            }
        }
    }

    /// Tells the moment that is shown, and goes on to the next one when it has been read: `still_ms` makes of the time for reading
    /// and that of the way how long it stands at first.
    fn read_out(&mut self, mut story: Story, still_ms: impl Fn(f64, f64) -> f64) {
        let from_us = self.playing.motion.clock_us();
        let (Ok(session), Some(moment)) = (&self.session, &self.moment) else { return };
        let Some(chapter) = story.tell(&**session, &moment.frame, from_us) else { return self.hear(Report::Idle) };
        let reading_ms = story::reading_ms(&chapter.caption, language::write);
        let still_ms = still_ms(reading_ms, chapter.way.moving_ms()).max(0.0);
        self.playing.motion.tell(chapter.way.after(still_ms));
        self.playing.story = Some((story, chapter));
    }

    /// The moment that is shown is the next one of the story, if one is told.
    pub(super) fn turn_the_page(&mut self) {
        if let Some((story, _)) = self.playing.story.take() {
            self.playing.begin_reading();
            self.read_out(story, |reading_ms, _| reading_ms);
        }
    }

    /// Goes on with the story, as far as this moment of virtual time.
    pub(super) fn tell_on(&mut self, to_us: u64) {
        let (Ok(session), Some((_, chapter))) = (&mut self.session, &self.playing.story) else { return };
        let stretch = self.playing.stretch;
        if to_us < chapter.next.at_us {
            session.advance(to_us, MOST_PER_FRAME.min(stretch.left(session.scenario().cursor)));
            self.look();
        } else {
            session.seek(stretch.clamp(chapter.next.event));
            self.look();
            self.turn_the_page();
        }
        self.end_stretch();
    }

    /// The caption that stands: the last one told, or that of the last event.
    pub(super) fn caption<'a>(&'a self, frame: &'a Frame) -> &'a Caption {
        self.playing.story.as_ref().map_or(&frame.caption, |(_, chapter)| &chapter.caption)
    }
}
