//! What the coordinator does besides two phases: it notes whom it asks for votes (Mohan, Lindsay and Obermarck 1986, presumed commit),
//! and in three phases tells all that all said yes before anybody commits (Skeen 1981; Bernstein, Hadzilacos and Goodman 1987,
//! section 7.5).

use parts::shop::OrderId;
use sim::{NodeId, t};

use super::coordinator::{Case, Coordinator, Stage};
use super::decisions::Asked;
use super::journal::{Record, What};
use super::message::{Message, Vote, Why};
use super::{Effects, Timer};

impl Coordinator {
    /// Writes down whom it asks for votes: after a crash it has to know of the order.
    pub(super) fn collect(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(case) = self.cases.iter_mut().find(|case| case.order == order) else { return };
        let record = Record { order, what: What::Collecting { tell: case.writers(), seen: case.seen() } };
        self.decisions.take(&record);
        let upto = self.journal.append(record);
        case.stage = Stage::Collecting { upto };
        self.journal.force(effects);
        effects.rule("collect");
        effects.note(|| {
            t!("{node} writes to disk whom it is about to ask for promises of {order}", node = me, order = order.text())
        });
        effects.because(&["force_decision"], || t!("After a crash it will know that this order was not decided"));
    }

    /// It has crashed since it asked for votes, and had not decided.
    pub(super) fn take_up(&mut self, asked: &Asked, effects: &mut Effects<'_>) {
        let (me, order) = (effects.me(), asked.order);
        let services: Vec<NodeId> = effects.config().services().collect();
        let vote = |node: &NodeId| if asked.tell.contains(node) { Vote::Yes } else { Vote::ReadOnly };
        let asks = effects.config().three_phases;
        self.cases.push(Case {
            order,
            done: asked.seen.iter().map(|seen| Some((0, *seen))).collect(),
            votes: services.iter().map(|node| asks.then(|| vote(node))).collect(),
            writers: services.iter().map(|node| asked.tell.contains(node)).collect(),
            stage: Stage::Asking { whom: asked.tell.clone(), crashed: Vec::new() },
        });
        effects.rule("recover");
        if !asks {
            effects
                .note(|| t!("{node} finds on its disk that {order} was not decided", node = me, order = order.text()));
            return self.abort(order, Why::Late, effects);
        }
        effects.note(|| {
            t!(
                "{node} finds on its disk that it asked for votes on {order}, and no decision",
                node = me,
                order = order.text()
            )
        });
        effects.note(|| t!("The services may have ended it among themselves meanwhile: it asks them"));
        self.inquire(order, effects);
    }

    /// Asks the services what became of an order.
    pub(super) fn inquire(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Stage::Asking { whom, .. }) = self.case(order).map(|case| case.stage.clone()) else { return };
        for service in whom {
            self.sent += 1;
            effects.send(service, Message::Ask { order });
        }
        effects.set_timer(Timer::Again(order), effects.config().ask_us);
        effects.note(|| t!("{node} asks what became of {order}", node = me, order = order.text()));
    }

    /// All have said yes: all are to know that before anybody commits (phase 2 of three).
    pub(super) fn precommit(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(case) = self.case_mut(order) else { return };
        let missing = case.audience(true);
        if missing.is_empty() {
            return self.commit(order, effects);
        }
        case.stage = Stage::Precommitting { missing: missing.clone() };
        for service in missing {
            self.sent += 1;
            effects.send(service, Message::PreCommit { order });
        }
        effects.set_timer(Timer::Votes(order), effects.config().vote_us);
        effects.rule("precommit");
        effects
            .note(|| t!("{node} has all votes for {order}, and lets all know that", node = me, order = order.text()));
        effects.note(|| {
            t!(
                "Nobody is to commit before all that are there know: who is left over can then go on without {node}",
                node = me
            )
        });
    }

    /// A service knows that all have said yes.
    pub(super) fn on_ready(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Stage::Precommitting { missing }) = self.case_mut(order).map(|case| &mut case.stage) else {
            effects.routine("late");
            effects.note(|| t!("{node} has decided {order} already", node = me, order = order.text()));
            return;
        };
        missing.retain(|node| *node != from);
        let count = missing.len();
        if count == 0 {
            return self.commit(order, effects);
        }
        effects.note(|| {
            t!(
                "{other} knows that all said yes to {order}; others that do not know yet: {missing}",
                other = from,
                order = order.text(),
                missing = count
            )
        });
    }

    /// Some do not say that they know: they are taken for crashed, and will ask when they are back.
    pub(super) fn go_on_without(&mut self, order: OrderId, effects: &mut Effects<'_>) {
        effects.rule("precommit");
        self.commit(order, effects);
        effects.because(&["ask"], || t!("Who has not answered is taken for crashed: it will ask when it is back"));
    }

    /// A service that has heard nothing for long asks all where they are.
    pub(super) fn on_poll(&mut self, from: NodeId, order: OrderId, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.case(order).map(|case| &case.stage) {
            Some(Stage::Asking { .. }) => {
                effects.routine("no say");
                effects.note(|| {
                    t!(
                        "{node} has crashed since it asked about {order}: it has no say",
                        node = me,
                        order = order.text()
                    )
                });
            }
            Some(Stage::Telling { .. }) | None => self.on_ask(from, order, effects),
            Some(_) => {
                effects.send(from, Message::Unsure { order, has_crashed: false });
                effects.routine("still at it");
                effects.note(|| t!("{node} is there, and still at {order}", node = me, order = order.text()));
            }
        }
    }

    /// A service tells how an order has ended there.
    pub(super) fn on_outcome(&mut self, from: NodeId, order: OrderId, commit: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self
            .case(order)
            .is_some_and(|case| matches!(case.stage, Stage::Asking { .. } | Stage::Precommitting { .. }))
        {
            effects.routine("outcome again");
            effects.note(|| t!("{node} knows the outcome of {order}", node = me, order = order.text()));
            return;
        }
        effects.cancel_timer(Timer::Again(order));
        match commit {
            true => self.commit(order, effects),
            false => self.abort(order, Why::Elsewhere, effects),
        }
        effects.note(|| t!("{other} has ended it so", other = from));
    }

    /// A service does not know either. If all of them have crashed as well since, nobody has decided or ever will: it may.
    pub(super) fn on_unsure(&mut self, from: NodeId, order: OrderId, has_crashed: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.note(|| {
            t!(
                "{node} hears that {other} does not know of {order} either",
                node = me,
                other = from,
                order = order.text()
            )
        });
        let is_left_to_it = match self.case_mut(order).map(|case| &mut case.stage) {
            Some(Stage::Asking { whom, crashed }) => {
                if has_crashed && !crashed.contains(&from) {
                    crashed.push(from);
                }
                whom.iter().all(|node| crashed.contains(node))
            }
            _ => false,
        };
        if !is_left_to_it {
            effects.routine("unsure");
        } else {
            effects.cancel_timer(Timer::Again(order));
            effects.because(&["force_decision", "force_prepared"], || {
                t!("All have crashed since, so nobody can have decided, and nobody else will")
            });
            self.abort(order, Why::Elsewhere, effects);
        }
    }
}
