//! Looking whether the coordinator is there, and whether all others work under it (procedures Timeout and Check of Garcia-Molina 1982), and
//! the coordinator's work.

use sim::{NodeId, t};

use super::bully::note_late;
use super::member::{Member, Stage, Standing};
use super::messages::{Call, Message};
use super::settings::Guard;
use super::store::Write;
use super::{Effects, Timer};

impl Member {
    /// It is time to look.
    pub(super) fn look(&mut self, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        effects.set_timer(Timer::Beat, effects.config().beat_us);
        effects.routine("beat");
        let is_idle = self.stage == Stage::Idle;
        let Some(coordinator) = self.coordinator.filter(|_| self.standing == Standing::Normal && is_idle) else {
            return effects.note(|| match is_idle {
                true => t!("{node} has no coordinator to look at", node = me),
                false => t!("{node} holds an election, and does not look at the coordinator", node = me),
            });
        };
        self.beats += 1;
        let call = Call { life: self.life, number: self.beats };
        if coordinator == me && self.waits {
            return effects.note(|| t!("{node} waits until all know that it is elected", node = me));
        }
        if coordinator == me {
            effects.rule("ask_members");
            if !rules.ask_members {
                return effects.note(|| t!("{node} does not ask whether the others work under it", node = me));
            }
            self.looking = Some(self.beats);
            self.heard.clear();
            effects.note(|| t!("{node} asks all others whether they work under it", node = me));
            effects.set_timer(Timer::Members, effects.config().answer_us);
            let others = effects.config().others(me);
            others.for_each(|other| self.send(other, Message::AreYouNormal(call), effects));
            return;
        }
        effects.rule("watch");
        if !rules.watch {
            return effects.note(|| t!("{node} does not ask whether {other} is there", node = me, other = coordinator));
        }
        self.looking = Some(self.beats);
        effects.note(|| t!("{node} asks whether {other} is there", node = me, other = coordinator));
        effects.set_timer(Timer::Coordinator, effects.config().answer_us);
        self.send(coordinator, Message::AreYouThere(call), effects);
    }

    /// What it has asked matters no more.
    pub(super) fn stop_looking(&mut self, effects: &mut Effects<'_>) {
        self.looking = None;
        effects.cancel_timer(Timer::Coordinator);
        effects.cancel_timer(Timer::Members);
    }

    /// Whether this is the answer that it waits for.
    fn waits_for(&self, call: Call) -> bool {
        self.looking.is_some_and(|number| call == Call { life: self.life, number })
    }

    pub(super) fn on_are_you_there(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        let leads = self.follows() == Some(me);
        if leads {
            effects.routine("there");
        }
        effects.note(|| match leads {
            true => t!("{node} tells {other} that it is there", node = me, other = from),
            false => t!("{node} tells {other} that it is no coordinator", node = me, other = from),
        });
        self.send(from, Message::There { call, leads }, effects);
    }

    pub(super) fn on_there(&mut self, from: NodeId, call: Call, leads: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.waits_for(call) || self.coordinator != Some(from) {
            return note_late(from, effects);
        }
        self.stop_looking(effects);
        self.timely += 1;
        if leads {
            effects.note(|| t!("{node} knows that {other} is there", node = me, other = from));
            effects.routine("is there");
            return;
        }
        effects.note(|| t!("{other} is no coordinator any more: {node} starts an election", other = from, node = me));
        self.start(effects);
    }

    /// No answer of the coordinator.
    pub(super) fn coordinator_is_silent(&mut self, effects: &mut Effects<'_>) {
        let (me, coordinator) = (effects.me(), self.coordinator);
        let Some(coordinator) = coordinator.filter(|_| self.looking.is_some()) else { return };
        self.untimely += 1;
        effects.rule("watch");
        effects
            .note(|| t!("{node} has no answer from {other}, and starts an election", node = me, other = coordinator));
        self.start(effects);
    }

    pub(super) fn on_are_you_normal(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        let yes = self.standing == Standing::Normal && self.coordinator == Some(from);
        if yes {
            effects.routine("normal");
        }
        effects.note(|| match yes {
            true => t!("{node} works under {other}, and says so", node = me, other = from),
            false => t!("{node} does not work under {other}, and says so", node = me, other = from),
        });
        self.send(from, Message::Normal { call, yes, term: self.term }, effects);
    }

    pub(super) fn on_normal(&mut self, from: NodeId, call: Call, yes: bool, term: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.waits_for(call) || !self.leads(me) {
            return note_late(from, effects);
        }
        self.heard.retain(|node| *node != from);
        self.heard.push(from);
        if yes {
            effects.note(|| t!("{node} knows that {other} works under it", node = me, other = from));
            effects.routine("is normal");
            return;
        }
        if effects.config().guard == Guard::Terms {
            self.learn(term, effects);
        }
        effects.rule("ask_members");
        effects.note(|| t!("{other} does not work under {node}, which starts an election", other = from, node = me));
        self.start(effects);
    }

    /// The time for answers to the coordinator is over.
    pub(super) fn count_members(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let (count, needed) = (self.heard.len() + 1, effects.config().majority());
        self.looking = None;
        if effects.config().guard == Guard::None || count >= needed || !self.leads(me) {
            effects.note(|| t!("{node} has heard what it will hear", node = me));
            effects.routine("heard");
            return;
        }
        effects.rule("majority");
        effects.note(|| {
            t!(
                "{node} coordinates no more: it hears {count} with itself, and needs {needed}",
                node = me,
                count = count,
                needed = needed
            )
        });
        self.lacks = true;
        self.give_up(effects);
    }

    /// The coordinator writes its name on the common disk.
    pub(super) fn write(&mut self, effects: &mut Effects<'_>) {
        let (me, store) = (effects.me(), effects.config().store());
        if !self.leads(me) {
            return;
        }
        effects.set_timer(Timer::Work, effects.config().work_us.max(1_000));
        self.writes += 1;
        let call = Call { life: self.life, number: self.writes };
        effects.note(|| t!("{node} writes to {disk}", node = me, disk = store));
        effects.routine("work");
        self.send(store, Message::Write(Write { call, reign: self.reign, term: self.reign_term }), effects);
    }

    /// The disk has seen a later term.
    pub(super) fn on_refused(&mut self, term: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.learn(term, effects);
        effects.rule("refuse_older");
        if !self.leads(me) || self.reign_term >= term {
            effects.note(|| t!("{node} learns that its write was refused", node = me));
            return;
        }
        effects.note(|| t!("{node} learns that term {term} has begun: it coordinates no more", node = me, term = term));
        self.give_up(effects);
    }
}
