//! Three phases: when the coordinator falls silent, the services that have promised and have not crashed since end the order among
//! themselves (Skeen 1981; Bernstein, Hadzilacos and Goodman 1987, section 7.5, termination protocol). Right as long as who is silent has
//! crashed: a cut, or a message that takes too long, looks the same.

use parts::shop::OrderId;
use sim::{NodeId, t};

use super::journal::{Record, What};
use super::message::Message;
use super::portion::{Lead, Part, Promise, Stage};
use super::service::Service;
use super::settings::TM;
use super::{Effects, Timer};

impl Service {
    fn promise_mut(&mut self, order: OrderId) -> Option<&mut Promise> {
        match self.part_mut(order).map(|part| &mut part.stage) {
            Some(Stage::Prepared(promise)) => Some(promise),
            _ => None,
        }
    }

    /// Whether it may lead in the place of the coordinator.
    pub(super) fn may_lead(&self, order: OrderId, effects: &Effects<'_>) -> bool {
        let promise = self.part(order).and_then(Part::promise);
        effects.config().three_phases && promise.is_some_and(|promise| !promise.has_crashed)
    }

    /// It has heard nothing for too long: it asks all that have a part where they are.
    pub(super) fn lead(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(promise) = self.promise_mut(order) else { return };
        promise.asked = true;
        promise.lead = Some(Lead::Polling { heard: Vec::new() });
        let others: Vec<NodeId> = promise.others.iter().copied().filter(|other| *other != me).collect();
        for to in others.into_iter().chain([TM]) {
            self.sent += 1;
            effects.send(to, Message::Poll { order });
        }
        effects.cancel_timer(Timer::Ask(order));
        effects.set_timer(Timer::Lead(order), effects.config().vote_us);
        effects.rule("terminate");
        effects.note(|| {
            t!(
                "{node} has heard nothing of {order} for too long, and asks all where they are",
                node = me,
                order = order.text()
            )
        });
        effects.note(|| t!("The first in the list that is there leads them to an end"));
    }

    /// Somebody with a better right leads: it waits.
    pub(super) fn leave_it_to(&mut self, leader: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        if !self.may_lead(order, effects) {
            return;
        }
        let me = effects.me();
        if let Some(promise) = self.promise_mut(order) {
            promise.lead = None;
        }
        effects.cancel_timer(Timer::Lead(order));
        effects.set_timer(Timer::Ask(order), effects.config().patience_us);
        effects.note(|| t!("{node} leaves {order} to {leader}", node = me, order = order.text(), leader = leader));
    }

    /// Another service asks where it is.
    pub(super) fn on_poll(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.part_mut(order).map(|part| &mut part.stage) {
            Some(Stage::Prepared(promise)) if promise.has_crashed => {
                effects.routine("no say");
                effects.note(|| {
                    t!("{node} has crashed since it promised {order}: it has no say", node = me, order = order.text())
                });
                effects.note(|| t!("The others may have gone on without it"));
            }
            Some(Stage::Prepared(promise)) => {
                let (is_ready, leads) = (promise.is_ready, promise.lead.is_some());
                self.sent += 1;
                effects.send(from, Message::State { order, is_ready });
                effects.rule("terminate");
                effects.note(|| match is_ready {
                    true => t!(
                        "{node} has heard that all said yes to {order}, and says so",
                        node = me,
                        order = order.text()
                    ),
                    false => t!("{node} has promised {order}, and has heard no more", node = me, order = order.text()),
                });
                if from < me {
                    self.leave_it_to(from, order, effects);
                } else if !leads {
                    self.lead(order, effects);
                }
            }
            // They hear it when it is on disk.
            Some(Stage::Ending { tell, .. }) => {
                if !tell.contains(&from) {
                    tell.push(from);
                }
                effects.routine("outcome again");
                effects.note(|| t!("{node} is writing the outcome of {order}", node = me, order = order.text()));
            }
            Some(Stage::Preparing { .. }) => {
                self.sent += 1;
                effects.send(from, Message::State { order, is_ready: false });
                effects.note(|| t!("{node} is writing its promise of {order}", node = me, order = order.text()));
            }
            Some(Stage::Waiting | Stage::Working) | None => self.on_ask(from, order, effects),
        }
    }

    /// Another service says where it is.
    pub(super) fn on_state(&mut self, from: NodeId, order: OrderId, is_ready: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let promise = self.promise_mut(order);
        let Some(Promise { lead: Some(Lead::Polling { heard }), others, .. }) = promise else {
            effects.routine("late");
            effects.note(|| t!("{node} needs this of {other} no more", node = me, other = from));
            return;
        };
        if heard.iter().all(|(node, _)| *node != from) {
            heard.push((from, is_ready));
        }
        let has_all = others.iter().all(|other| *other == me || heard.iter().any(|(node, _)| node == other));
        effects.note(|| match is_ready {
            true => t!(
                "{node} hears that {other} knows: all said yes to {order}",
                node = me,
                other = from,
                order = order.text()
            ),
            false => t!(
                "{node} hears that {other} has promised {order}, no more",
                node = me,
                other = from,
                order = order.text()
            ),
        });
        if has_all {
            self.conclude(order, effects);
        }
    }

    /// All answers should be there.
    pub(super) fn on_lead_timer(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        match self.promise_mut(order).and_then(|promise| promise.lead.clone()) {
            Some(Lead::Polling { .. }) => self.conclude(order, effects),
            Some(Lead::Precommitting { .. }) => self.end_for_all(order, true, effects),
            None => effects.routine("late"),
        }
    }

    /// It knows where all are that are there: it leads them to an end.
    fn conclude(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(promise) = self.promise_mut(order) else { return };
        let Some(Lead::Polling { heard }) = promise.lead.take() else { return };
        if let Some((first, _)) = heard.iter().find(|(node, _)| *node < me) {
            return self.leave_it_to(*first, order, effects);
        }
        if !promise.is_ready && heard.iter().all(|(_, is_ready)| !is_ready) {
            effects.note(|| {
                t!(
                    "{node} leads. Nobody that answers knows that all said yes: it takes it that nobody has committed",
                    node = me
                )
            });
            return self.end_for_all(order, false, effects);
        }
        promise.is_ready = true;
        let missing: Vec<NodeId> = heard.iter().filter(|(_, is_ready)| !is_ready).map(|(node, _)| *node).collect();
        effects.note(|| t!("{node} leads. One knows that all said yes, and may be followed", node = me));
        if missing.is_empty() {
            return self.end_for_all(order, true, effects);
        }
        promise.lead = Some(Lead::Precommitting { missing: missing.clone() });
        for to in missing {
            self.sent += 1;
            effects.send(to, Message::PreCommit { order });
        }
        effects.set_timer(Timer::Lead(order), effects.config().vote_us);
        effects.rule("precommit");
        effects.note(|| t!("First those that do not know it hear it from {node}", node = me));
    }

    /// All have said yes.
    pub(super) fn on_precommit(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(promise) = self.promise_mut(order) {
            promise.is_ready = true;
            self.sent += 1;
            effects.send(from, Message::Ready { order });
            effects.rule("precommit");
            effects.note(|| {
                t!("{node} hears that all said yes to {order}, and says that it knows", node = me, order = order.text())
            });
            effects.note(|| t!("It may not do its part yet: another one may not know"));
            if self.may_lead(order, effects) {
                effects.set_timer(Timer::Ask(order), effects.config().patience_us);
            }
            return;
        }
        if let Some(ended) = self.ledger.outcome(order)
            && self.part(order).is_none()
        {
            effects.send(from, Message::Outcome { order, commit: ended.commit });
        }
        effects.routine("precommit again");
        effects.note(|| t!("{node} has ended {order} already", node = me, order = order.text()));
    }

    /// A service that it leads knows that all said yes.
    pub(super) fn on_ready(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let promise = self.promise_mut(order);
        let Some(Promise { lead: Some(Lead::Precommitting { missing }), .. }) = promise else {
            effects.routine("late");
            effects.note(|| t!("{node} needs this of {other} no more", node = me, other = from));
            return;
        };
        missing.retain(|node| *node != from);
        let has_all = missing.is_empty();
        effects.note(|| t!("{node} hears that {other} knows now as well", node = me, other = from));
        if has_all {
            self.end_for_all(order, true, effects);
        }
    }

    /// It ends the order, and lets the others know when that is on its disk.
    fn end_for_all(&mut self, order: OrderId, commit: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(promise) = self.promise_mut(order) else { return };
        let tell = promise.others.iter().copied().filter(|other| *other != me).collect();
        let what = match commit {
            true => What::Commit { by_hand: false, tell: Vec::new(), seen: Vec::new() },
            false => What::Abort { by_hand: false, tell: Vec::new() },
        };
        let upto = self.journal.append(Record { order, what });
        self.take_last();
        if let Some(part) = self.part_mut(order) {
            part.stage = Stage::Ending { commit, upto, tell };
        }
        [Timer::Ask(order), Timer::Lead(order), Timer::Patience(order)]
            .into_iter()
            .for_each(|timer| effects.cancel_timer(timer));
        self.journal.force(effects);
        effects.rule("terminate");
        effects.note(|| match commit {
            true => {
                t!("{node} writes to disk that {order} is done, to tell the others", node = me, order = order.text())
            }
            false => {
                t!("{node} writes to disk that {order} is undone, to tell the others", node = me, order = order.text())
            }
        });
    }
}
