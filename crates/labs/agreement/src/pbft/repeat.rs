//! Links lose messages, so what is not carried out in time is said again.

use std::rc::Rc;

use parts::store::Request;
use sim::t;

use super::{Effects, Message, Replica, Timer, Vote};

impl Replica {
    /// Whether something is open.
    fn has_work(&self) -> bool {
        let is_open = |number: &u64| *number > self.executed;
        self.is_changing
            || self.asks > 0
            || self.waiting.values().next().is_some()
            || !self.checkpoints.is_empty()
            || self.slots.iter().any(|(number, _)| is_open(number))
    }

    /// Runs the timer as long as something is open.
    pub(super) fn keep_repeating(&mut self, effects: &mut Effects<'_>) {
        let has_work = self.has_work();
        if has_work == self.is_repeating {
            return;
        }
        self.is_repeating = has_work;
        if has_work {
            let repeat_us = effects.config().repeat_us;
            effects.set_timer(Timer::Repeat, repeat_us);
        } else {
            effects.cancel_timer(Timer::Repeat);
        }
    }

    /// Says again what has been open for so long. The clock decides, and not the timer, which somebody may have let run out.
    pub(super) fn repeat(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let now_us = effects.monotonic_now();
        let repeat_us = effects.config().repeat_us;
        let is_due = |since_us: u64| since_us + repeat_us <= now_us;
        self.is_repeating = false;
        effects.rule("repeat");
        effects.note(|| t!("{node} looks what has been open for too long", node = me));
        effects.routine("repeat");
        let mut lacks = self.asks > 0;
        if self.is_changing {
            lacks = true;
            if is_due(self.changed_us) {
                self.changed_us = now_us;
                if let Some(change) = self.changes.get(&me).cloned() {
                    effects.note(|| t!("It tells the others again that it has left its view."));
                    self.tell(&Message::ViewChange(change), effects);
                }
            }
        }
        let numbers = self.slots.iter().filter(|(number, slot)| **number > self.executed && is_due(slot.since_us));
        for number in numbers.map(|(number, _)| *number).collect::<Vec<u64>>() {
            lacks = true;
            self.slot_mut(number).since_us = now_us;
            self.say_again(number, effects);
        }
        self.pass_on(effects);
        for place in 0..self.checkpoints.len() {
            let checkpoint = &mut self.checkpoints[place];
            if is_due(checkpoint.since_us) {
                lacks = true;
                checkpoint.since_us = now_us;
                let (number, hash) = (checkpoint.number, checkpoint.state.hash());
                self.tell(&Message::Checkpoint { number, hash }, effects);
            }
        }
        if lacks {
            self.ask(effects);
        }
    }

    /// Its own messages for a number, in this view.
    fn say_again(&self, number: u64, effects: &mut Effects<'_>) {
        let Some(slot) = self.slot(number).filter(|_| !self.is_changing) else { return };
        let Some((_, digest)) = slot.accepted.clone().filter(|(view, _)| *view == self.view) else { return };
        effects.note(|| t!("It says again what it has said of number {number}.", number = number));
        let view = self.view;
        let vote = Vote { view, number, digest };
        if !self.leads(effects.config(), effects.me()) {
            self.tell(&Message::Prepare(vote.clone()), effects);
        } else if let Some(request) = self.requests.get(&vote.digest.hash) {
            self.tell(&Message::PrePrepare(vote.clone(), Rc::clone(request)), effects);
        }
        if slot.has_prepared(view, &vote.digest) && effects.config().rules.commit_phase {
            self.tell(&Message::Commit(vote), effects);
        }
    }

    /// A backup passes on to the primary what that has not given a number (section 4.1).
    fn pass_on(&mut self, effects: &mut Effects<'_>) {
        let (me, view, now_us) = (effects.me(), self.view, effects.monotonic_now());
        let repeat_us = effects.config().repeat_us;
        let primary = effects.config().primary(view);
        if self.is_changing || primary == me {
            return;
        }
        let slots = &self.slots;
        let has_number = |request: &Request| {
            let taken = slots.values().filter_map(|slot| slot.accepted.as_ref()).filter(|(of, _)| *of == view);
            taken.map(|(_, digest)| digest).any(|digest| *digest == super::Digest::of(request))
        };
        let due = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.since_us + repeat_us <= now_us && !has_number(&waiting.request));
        for client in due.map(|(client, _)| *client).collect::<Vec<_>>() {
            let Some(waiting) = self.waiting.get_mut(&client) else { continue };
            waiting.since_us = now_us;
            let request = Rc::clone(&waiting.request);
            effects.rule("relay");
            effects.note(|| {
                t!("It passes “{command}” on to {primary}.", command = request.command.text(), primary = primary)
            });
            effects.send(primary, Message::Request(request));
        }
    }
}
