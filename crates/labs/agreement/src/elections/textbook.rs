//! The bully as textbooks tell it: the same order of numbers, and nobody is halted first.

use sim::{NodeId, t};

use super::bully::note_late;
use super::member::{Member, Stage};
use super::messages::{Call, Message};
use super::{Effects, Timer};

impl Member {
    /// `Election` to all with higher numbers; whoever has none above tells all others.
    pub(super) fn hold_election(&mut self, effects: &mut Effects<'_>) {
        let higher = effects.config().higher(effects.me());
        self.leave_office(effects);
        if higher.is_empty() {
            return self.announce(effects);
        }
        effects.rule("highest_first");
        effects.note(|| t!("It sends “Election” to those with higher numbers."));
        self.stage = Stage::Asking;
        self.wait_no_more(effects);
        effects.set_timer(Timer::Answers, effects.config().answer_us);
        let call = self.call();
        higher.into_iter().for_each(|node| self.send(node, Message::Election(call), effects));
    }

    pub(super) fn on_election(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        let holds_one = self.stage != Stage::Idle || self.waits;
        effects.note(|| match holds_one {
            true => t!("{node} answers {other}: it holds an election already", node = me, other = from),
            false => t!("{node} answers {other}, and holds an election itself", node = me, other = from),
        });
        self.send(from, Message::Ok(call), effects);
        if !holds_one {
            self.start(effects);
        }
    }

    pub(super) fn on_ok(&mut self, from: NodeId, call: Call, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage != Stage::Asking || call != self.call() {
            return note_late(from, effects);
        }
        self.stop(effects);
        effects.rule("highest_first");
        self.wait(effects);
        effects.note(|| t!("{node} is out of the election: {other} is up", node = me, other = from));
    }

    /// No answer from above.
    pub(super) fn nobody_objects(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.stage == Stage::Idle {
            return;
        }
        effects.note(|| t!("No node with a higher number has answered {node}", node = me));
        self.announce(effects);
    }

    /// It tells all with lower numbers, and leads at once.
    fn announce(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("halt_first");
        self.take_office(effects);
        effects.note(|| t!("{node} is the coordinator, and tells all with lower numbers.", node = me));
        let (call, lower) = (self.call(), effects.config().lower(me));
        lower.into_iter().for_each(|node| self.send(node, Message::Coordinator(call), effects));
    }

    pub(super) fn on_coordinator(&mut self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.follow(from, effects);
        effects.note(|| t!("{node} follows {other} from now on", node = me, other = from));
    }
}
