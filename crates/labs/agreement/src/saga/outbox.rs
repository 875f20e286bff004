//! The outbox: letters that are written in the same write as the state, and sent until they are acknowledged (Richardson 2018,
//! chapter 3).

use parts::retry::{BackOff, Spread};
use serde::Serialize;
use sim::NodeId;

use super::message::{Letter, Message};
use super::{Effects, Timer};

/// Letters that somebody has not acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Outbox {
    /// How many letters have been written, and how often one was sent.
    pub written: u64,
    pub sent: u64,
    pub letters: Vec<Waiting>,
}

/// A letter that waits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Waiting {
    number: u64,
    pub to: NodeId,
    pub letter: Letter,
    /// How often it was sent.
    tries: u32,
    due_us: u64,
    /// Whether it goes out once and is then forgotten.
    once: bool,
}

impl Outbox {
    /// What was on disk is sent again.
    pub fn boot(mut self, effects: &mut Effects<'_>) -> Outbox {
        let now_us = effects.monotonic_now();
        self.letters.iter_mut().for_each(|letter| letter.due_us = now_us);
        self.wind(effects);
        self
    }

    /// What of it goes to disk.
    pub fn on_disk(&self, is_kept: bool) -> Outbox {
        let kept = |waiting: &&Waiting| is_kept && !waiting.once;
        Outbox { letters: self.letters.iter().filter(kept).copied().collect(), ..*self }
    }

    /// Adds a letter.
    pub fn put(&mut self, to: NodeId, letter: Letter, once: bool, effects: &mut Effects<'_>) {
        self.written += 1;
        let due_us = effects.monotonic_now() + effects.config().relay_us;
        self.letters.push(Waiting { number: self.written, to, letter, tries: 0, due_us, once });
        self.wind(effects);
    }

    /// It has arrived.
    pub fn on_ack(&mut self, number: u64) {
        self.letters.retain(|waiting| waiting.number != number);
    }

    /// The relay sends what is due.
    pub fn relay(&mut self, effects: &mut Effects<'_>) -> u32 {
        let (now_us, config) = (effects.monotonic_now(), effects.config());
        let back_off = back_off(config.retry_us, config.retry_most_us);
        let mut sent = 0;
        for waiting in self.letters.iter_mut().filter(|waiting| waiting.due_us <= now_us) {
            effects.send(waiting.to, Message::Letter { number: waiting.number, letter: waiting.letter });
            sent = sent.max(waiting.tries + 1);
            self.sent += 1;
            waiting.due_us = now_us + back_off.bound_us(waiting.tries + 1).max(1_000);
            waiting.tries += 1;
        }
        self.letters.retain(|waiting| !waiting.once || waiting.tries == 0);
        self.wind(effects);
        sent
    }

    fn wind(&self, effects: &mut Effects<'_>) {
        let now_us = effects.monotonic_now();
        if let Some(due_us) = self.letters.iter().map(|waiting| waiting.due_us).min() {
            effects.set_timer(Timer::Relay, due_us.saturating_sub(now_us));
        }
    }
}

/// How long to wait after so many attempts.
pub fn back_off(first_us: u64, most_us: u64) -> BackOff {
    BackOff { first_us, most_us, spread: Spread::Percent(0) }
}
