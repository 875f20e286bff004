//! Letters: what processes say outside of the channels, in any order, and repeat until it is acknowledged.

use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, t};

use super::recording::{Recording, SnapshotId};
use super::transport::is_due;
use super::{Effects, Message, Process, Timer};

/// A message outside of the channels that is repeated until it is acknowledged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Letter {
    pub number: u64,
    pub to: NodeId,
    pub body: Body,
    /// When it was last sent, by the sender's clock.
    pub sent_us: i64,
}

/// What letters say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Body {
    /// This is my part.
    Part(Rc<Recording>),
    /// Record your state now.
    Record(SnapshotId),
    /// Record your state when your clock shows this.
    Appointment(SnapshotId, i64),
    /// I have recorded my state, and had sent you so many messages.
    White(SnapshotId, u64),
}

impl Process {
    pub(super) fn write_letter(&mut self, to: NodeId, body: Body, effects: &mut Effects<'_>) {
        if self.letters.is_empty() {
            let resend_us = effects.config().resend_us;
            effects.set_timer(Timer::Letters, resend_us);
        }
        self.written += 1;
        let (number, sent_us) = (self.written, effects.local_now());
        self.letters.push(Letter { number, to, body: body.clone(), sent_us });
        effects.send(to, Message::Letter { number, body });
    }

    pub(super) fn repeat_letters(&mut self, effects: &mut Effects<'_>) {
        let (me, local_us, resend_us) = (effects.me(), effects.local_now(), effects.config().resend_us);
        let mut count = 0;
        for letter in self.letters.iter_mut().filter(|letter| is_due(letter.sent_us, local_us, resend_us)) {
            letter.sent_us = local_us;
            count += 1;
            effects.send(letter.to, Message::Letter { number: letter.number, body: letter.body.clone() });
        }
        if !self.letters.is_empty() {
            effects.set_timer(Timer::Letters, resend_us);
        }
        effects.rule("repeat");
        if count == 0 {
            effects.routine("no repeat");
        }
        effects.note(|| t!("{node} repeats what was not acknowledged outside of the channels", node = me));
    }

    pub(super) fn on_received(&mut self, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.letters.retain(|letter| letter.number != number);
        if self.letters.is_empty() {
            effects.cancel_timer(Timer::Letters);
        }
        effects.routine("acknowledgement");
        effects.note(|| t!("{node} hears that its letter {number} has come", node = me, number = number));
    }

    pub(super) fn on_letter(&mut self, from: NodeId, number: u64, body: Body, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.send(from, Message::Received(number));
        let is_new = |process: &Process, id| {
            !process.has_begun(id) && process.appointments.iter().all(|(agreed, _)| *agreed != id)
        };
        match body {
            Body::Part(part) => self.collect(from, part, effects),
            Body::Record(id) if is_new(self, id) => {
                let now = self.holding.text();
                effects.note(|| {
                    t!(
                        "{node} is told to record for {snapshot}: its state is {now}",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                effects.note(|| t!("Nobody looks at what is under way."));
                self.record(id, None, effects);
                self.finish(effects);
            }
            Body::Appointment(id, at_us) if is_new(self, id) => {
                effects.note(|| {
                    t!(
                        "{node} is to record for {snapshot} when its clock shows {time}",
                        node = me,
                        snapshot = id.text(),
                        time = sim::time_us(at_us.unsigned_abs())
                    )
                });
                self.appointments.push((id, at_us));
                self.keep_appointments(effects);
                self.wait_for_appointment(effects);
            }
            Body::White(id, sent) => self.on_count(from, id, sent, effects),
            Body::Record(_) | Body::Appointment(..) => {
                effects.routine("twice");
                effects.note(|| t!("{node} has been told that already", node = me));
            }
        }
    }
}
