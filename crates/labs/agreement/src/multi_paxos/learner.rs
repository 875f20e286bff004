//! A server as a learner: it finds out what is chosen, and carries it out in order.

use sim::{NodeId, t};

use super::log::Decree;
use super::server::{Part, Server, answer};
use super::{Effects, Message};
use crate::paxos::Ballot;

/// So many slots go into one answer.
const SLOTS_AN_ANSWER: u64 = 16;

impl Server {
    /// A leader says up to where everything is chosen. What was accepted in its own ballot is what was chosen there. Returns whether it has
    /// learned something.
    pub(super) fn learn_prefix(&mut self, ballot: Ballot, chosen_to: u64, effects: &mut Effects<'_>) -> bool {
        let before = self.log.chosen_to();
        while self.log.chosen_to() < chosen_to {
            let slot = self.log.chosen_to() + 1;
            let any_ballot = !effects.config().rules.learn_in_ballot;
            let held = self.log.accepted(slot).filter(|vote| any_ballot || vote.ballot == ballot);
            let Some(vote) = held else { break };
            let decree = vote.value.clone();
            self.log.choose(slot, decree);
        }
        let known_to = self.log.chosen_to();
        if known_to > before {
            effects.rule("learn_in_ballot");
            effects.note(|| {
                t!("It learns that all slots up to {slot} are chosen, and carries them out.", slot = known_to)
            });
            self.carry_out(effects);
        }
        known_to > before
    }

    /// It asks for what it lacks.
    pub(super) fn ask(&mut self, whom: NodeId, effects: &mut Effects<'_>) {
        let first = self.log.chosen_to() + 1;
        effects.rule("ask");
        effects.note(|| t!("It lacks slots that are chosen, and asks for them, from {slot} on.", slot = first));
        effects.send(whom, Message::Ask { first });
    }

    /// Somebody lacks slots.
    pub(super) fn on_ask(&mut self, from: NodeId, first: u64, effects: &mut Effects<'_>) {
        let (me, chosen_to) = (effects.me(), self.log.chosen_to());
        let last = chosen_to.min(first.saturating_add(SLOTS_AN_ANSWER - 1));
        let decrees: Vec<Decree> = (first..=last).filter_map(|slot| self.log.chosen(slot).cloned()).collect();
        effects.rule("ask");
        if decrees.is_empty() {
            effects.note(|| {
                t!("{node} knows nothing of slot {slot} to tell {other}", node = me, slot = first, other = from)
            });
            return;
        }
        effects.note(|| {
            t!("{node} tells {other} what is chosen from slot {slot} on", node = me, other = from, slot = first)
        });
        effects.send(from, Message::Chosen { first, decrees, chosen_to });
    }

    /// It is told what is chosen.
    pub(super) fn on_chosen(
        &mut self,
        from: NodeId,
        first: u64,
        decrees: Vec<Decree>,
        chosen_to: u64,
        effects: &mut Effects<'_>,
    ) {
        let (me, before) = (effects.me(), self.log.chosen_to());
        for (slot, decree) in (first..).zip(decrees) {
            if self.log.choose(slot, decree)
                && let Part::Leader(leadership) = &mut self.part
            {
                leadership.proposals.remove(&slot);
            }
        }
        let known_to = self.log.chosen_to();
        effects.rule("ask");
        if known_to == before {
            effects.note(|| t!("{node} knows already what {other} tells it", node = me, other = from));
            effects.routine("known already");
            return;
        }
        effects.note(|| {
            t!("{node} learns from {other} what is chosen up to slot {slot}", node = me, other = from, slot = known_to)
        });
        self.save(effects);
        self.carry_out(effects);
        if known_to < chosen_to {
            self.ask(from, effects);
        }
    }

    /// Carries out what is chosen, in the order of the slots; who leads answers the clients.
    pub(super) fn carry_out(&mut self, effects: &mut Effects<'_>) {
        let once = effects.config().rules.client_sessions;
        if self.applied < self.log.chosen_to() {
            effects.rule("in_order");
        }
        while self.applied < self.log.chosen_to() {
            self.applied += 1;
            let Some(Decree::Command(request)) = self.log.chosen(self.applied) else { continue };
            let result = self.store.apply(request, once);
            if matches!(self.part, Part::Leader(_)) {
                answer(request, result, effects);
            }
        }
    }
}
