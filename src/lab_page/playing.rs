//! How time goes on the screen.

use sim::frame::Message;
use yew::prelude::*;

use super::Stretch;
use crate::dom::NextPicture;
use crate::motion::{Motion, Report};
use crate::speed;

/// How time goes on the screen.
#[derive(Debug)]
pub(super) struct Playing {
    pub(super) motion: Motion,
    /// Whether time runs.
    pub(super) is_on: bool,
    /// As a power of two.
    pub(super) speed: i32,
    /// The part of the run that is shown.
    pub(super) stretch: Stretch,
    /// The message that a step is shown to bring.
    pub(super) arriving: Option<Message>,
    /// A way to a moment that goes on with the next picture.
    pub(super) errand: Option<NextPicture>,
}

impl Playing {
    pub(super) fn new(report: Callback<Report>) -> Playing {
        Playing {
            motion: Motion::new(report),
            is_on: false,
            speed: 0,
            stretch: Stretch::default(),
            arriving: None,
            errand: None,
        }
    }

    pub(super) fn start(&mut self, pace_us: u64) {
        self.arriving = None;
        self.is_on = true;
        self.motion.play(speed::us_per_ms(self.speed, pace_us));
    }

    pub(super) fn pause(&mut self) {
        self.is_on = false;
        self.motion.pause();
    }

    pub(super) fn set_speed(&mut self, power: i32, pace_us: u64) {
        self.speed = power;
        if self.is_on {
            self.motion.play(speed::us_per_ms(power, pace_us));
        }
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
