//! The bully algorithm of Garcia-Molina 1982 (section III and appendix): ask those above, halt those below, name yourself to those that
//! have halted, give them the task.

use sim::{NodeId, t};

use super::member::{Member, Stage, Standing};
use super::messages::{Call, Message};
use super::settings::Guard;
use super::{Effects, Timer};

impl Member {
    /// (1) Whoever has a higher number goes first.
    pub(super) fn ask_higher(&mut self, effects: &mut Effects<'_>) {
        let higher = effects.config().higher(effects.me());
        effects.rule("highest_first");
        if higher.is_empty() {
            effects.note(|| t!("Nobody has a higher number: it halts all others."));
            return self.halt_lower(effects);
        }
        self.stage = Stage::Asking;
        effects.set_timer(Timer::Answers, effects.config().answer_us);
        effects.note(|| t!("It asks those with higher numbers whether they are up."));
        let call = self.call();
        higher.into_iter().for_each(|node| self.send(node, Message::AreYouUp(call), effects));
    }

    pub(super) fn on_are_you_up(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.note(|| t!("{node} tells {other} that it is up", node = me, other = from));
        effects.note(|| t!("Its number is higher: {other} has to wait.", other = from));
        self.send(from, Message::Up(call), effects);
    }

    pub(super) fn on_up(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage != Stage::Asking || call != self.call() {
            return note_late(from, effects);
        }
        self.stop(effects);
        effects.rule("highest_first");
        effects.note(|| t!("{node} ends its election: {other} is up", node = me, other = from));
        if self.leads(me) {
            effects.note(|| t!("It goes on as coordinator until it is halted."));
        } else if self.standing == Standing::Normal {
            effects.because(&["watch"], || t!("It goes on working under its old coordinator, and will ask it again."));
        } else {
            self.wait(effects);
            effects.note(|| t!("Now {other} has to act. {node} waits for a coordinator.", other = from, node = me));
        }
    }

    /// (2) Nobody above is up. First all others stop and follow nobody.
    fn halt_lower(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        let lower = effects.config().lower(me);
        effects.rule("halt_first");
        self.wait_no_more(effects);
        self.leave_office(effects);
        self.halted_by = None;
        self.up.clear();
        self.answered.clear();
        self.stage = Stage::Halting;
        if effects.config().guard == Guard::Terms {
            (self.term, self.voted) = (self.term + 1, Some(me));
            self.save(effects);
        }
        let term = if effects.config().guard == Guard::Terms { self.term } else { 0 };
        if lower.is_empty() {
            return self.name(effects);
        }
        effects.set_timer(Timer::Answers, effects.config().answer_us);
        let call = self.call();
        lower.into_iter().for_each(|node| self.send(node, Message::Halt { call, term }, effects));
    }

    pub(super) fn on_halt(&mut self, from: NodeId, call: Call, term: u64, effects: &mut Effects<'_>) {
        let (me, guard, rules) = (effects.me(), effects.config().guard, effects.config().rules);
        if self.halts.iter().any(|(node, last)| *node == from && *last >= call) {
            effects.note(|| t!("A copy of a “Halt” that {node} knows", node = me));
            effects.routine("copy");
            return;
        }
        if guard == Guard::Terms {
            let has_answered = self.voted.is_some_and(|other| other != from);
            effects.rule("answer_once");
            if rules.answer_once && (term < self.term || term == self.term && has_answered) {
                let own = self.term;
                effects.note(|| t!("{node} does not halt for {other}", node = me, other = from));
                effects.note(|| t!("It has answered somebody else in term {term}, or knows a later one.", term = own));
                return self.send(from, Message::Busy { call, term: own }, effects);
            }
            (self.term, self.voted) = (self.term.max(term), Some(from));
            self.save(effects);
        }
        let led = self.leads(me);
        self.stop(effects);
        self.leave_office(effects);
        self.halts.retain(|(node, _)| *node != from);
        self.halts.push((from, call));
        self.halted_by = Some((from, call));
        effects.rule("halt_first");
        effects.note(|| match led {
            true => t!("{node} coordinates no more: {other} has halted it", node = me, other = from),
            false => t!("{node} halts for {other}", node = me, other = from),
        });
        effects.because(&["only_from_halter"], || {
            t!("It stops its own election if it has one, and follows nobody until {other} names itself.", other = from)
        });
        self.wait(effects);
        self.send(from, Message::Halted { call, life: self.life }, effects);
    }

    pub(super) fn on_halted(&mut self, from: NodeId, call: Call, life: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage != Stage::Halting || call != self.call() {
            return note_late(from, effects);
        }
        self.up.retain(|(node, _)| *node != from);
        self.up.push((from, life));
        let (count, all) = (self.up.len(), effects.config().lower(me).len());
        effects.note(|| {
            t!("{other} has halted for {node}: {count} of {all}", other = from, node = me, count = count, all = all)
        });
        if count == all {
            self.name(effects);
        }
    }

    pub(super) fn on_busy(&mut self, from: NodeId, call: Call, term: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage != Stage::Halting || call != self.call() {
            return note_late(from, effects);
        }
        self.learn(term, effects);
        effects.rule("answer_once");
        effects.note(|| t!("{other} has not halted: {node} starts over with a later term", other = from, node = me));
        self.stop(effects);
        self.start(effects);
    }

    /// (3) All others have halted or are down: it names itself to those that have halted.
    fn name(&mut self, effects: &mut Effects<'_>) {
        let (me, guard) = (effects.me(), effects.config().guard);
        let (count, needed) = (self.up.len() + 1, effects.config().majority());
        if guard != Guard::None && count < needed {
            effects.rule("majority");
            effects.note(|| {
                t!(
                    "{node} does not lead: with its own, answers are {count} of the {needed} that it needs",
                    node = me,
                    count = count,
                    needed = needed
                )
            });
            self.lacks = true;
            self.stop(effects);
            return self.wait(effects);
        }
        if guard != Guard::None {
            effects.rule("majority");
        }
        self.standing = Standing::Reorganizing;
        self.coordinator = Some(me);
        effects.note(|| t!("{node} tells those that have halted that it is the coordinator", node = me));
        self.ask_up(Stage::Naming, effects);
    }

    /// Asks all that have halted; goes on at once where there are none.
    fn ask_up(&mut self, stage: Stage, effects: &mut Effects<'_>) {
        self.stage = stage;
        self.answered.clear();
        if self.up.is_empty() {
            return self.all_have_answered(effects);
        }
        effects.set_timer(Timer::Answers, effects.config().answer_us);
        let call = self.call();
        for (node, life) in self.up.clone() {
            let message = match stage {
                Stage::Naming => Message::NewCoordinator { call, life },
                _ => Message::Ready(call),
            };
            self.send(node, message, effects);
        }
    }

    pub(super) fn on_new_coordinator(&mut self, from: NodeId, call: Call, life: u64, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let has_halted = self.halted_by == Some((from, call)) && life == self.life;
        effects.rule("only_from_halter");
        if self.standing != Standing::Election || rules.only_from_halter && !has_halted {
            effects.note(|| t!("{node} does not take {other} for its coordinator", node = me, other = from));
            effects.because(&["only_from_halter"], || {
                t!("It takes a coordinator only after it has halted, and only from whom it has halted for.")
            });
            return;
        }
        self.standing = Standing::Reorganizing;
        self.coordinator = Some(from);
        self.halted_by = Some((from, call));
        self.stop(effects);
        effects.note(|| t!("{node} takes {other} for its coordinator", node = me, other = from));
        if has_halted {
            effects.note(|| t!("It was {other} that had halted it.", other = from));
        }
        self.wait(effects);
        self.send(from, Message::Taken(call), effects);
    }

    /// An answer to what it has told those that have halted.
    pub(super) fn on_taken(&mut self, from: NodeId, call: Call, stage: Stage, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_known = self.answered.contains(&from);
        if self.stage != stage || call != self.call() || is_known {
            return note_late(from, effects);
        }
        self.answered.push(from);
        let (count, all) = (self.answered.len(), self.up.len());
        effects.note(|| match stage {
            Stage::Naming => {
                t!("{other} has taken {node}: {count} of {all}", other = from, node = me, count = count, all = all)
            }
            _ => t!("{other} works under {node}: {count} of {all}", other = from, node = me, count = count, all = all),
        });
        if count >= all {
            self.all_have_answered(effects);
        }
    }

    /// (4) All have taken it: they get the task. When all have that, it works.
    fn all_have_answered(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage == Stage::Naming {
            effects.note(|| t!("All have taken it: {node} gives them the task.", node = me));
            return self.ask_up(Stage::Starting, effects);
        }
        self.take_office(effects);
        effects.note(|| t!("All that have halted work now: {node} is the coordinator.", node = me));
    }

    pub(super) fn on_ready(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_it = self.standing == Standing::Reorganizing && self.halted_by == Some((from, call));
        if !is_it || self.coordinator != Some(from) {
            effects.note(|| {
                t!("{node} does not take a task from {other}: that is not its coordinator", node = me, other = from)
            });
            return;
        }
        self.follow(from, effects);
        effects.note(|| t!("{node} works under {other}", node = me, other = from));
        self.send(from, Message::Working(call), effects);
    }

    /// The time for answers is over.
    pub(super) fn no_more_answers(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        match self.stage {
            Stage::Idle => {}
            Stage::Asking => {
                effects.rule("highest_first");
                effects.note(|| t!("No node with a higher number has answered: {node} halts the others", node = me));
                effects.note(|| t!("It takes silence for a crash. That is right if no answer is late."));
                self.halt_lower(effects);
            }
            Stage::Halting => self.name(effects),
            Stage::Naming | Stage::Starting => {
                effects.note(|| t!("Somebody that had halted answers {node} no more: it starts over", node = me));
                self.leave_office(effects);
                self.stop(effects);
                self.start(effects);
            }
        }
    }
}

/// An answer that nobody waits for.
pub(super) fn note_late(from: NodeId, effects: &mut Effects<'_>) {
    let me = effects.me();
    effects.note(|| t!("{node} throws an answer of {other} away: nobody waits for it", node = me, other = from));
    effects.routine("late answer");
}
