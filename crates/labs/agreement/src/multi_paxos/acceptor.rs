//! A server as an acceptor: one promise for all slots, and acceptances slot by slot.

use sim::{NodeId, t};

use super::log::Decree;
use super::server::Server;
use super::{Effects, Message};
use crate::paxos::{Ballot, Vote};

impl Server {
    /// Phase 1 (b), for all slots at once: the same answer as to any number of single questions (section 3).
    pub(super) fn on_prepare(&mut self, from: NodeId, ballot: Ballot, first: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.listens_only(effects) {
            return;
        }
        if let Some(promised) = self.promised.above(ballot) {
            self.refuse(from, ballot, promised, effects);
            return;
        }
        if self.is_bound_against(from, effects) {
            self.keep_lease(from, effects);
            return;
        }
        let is_repeated = self.promised.0 == Some(ballot);
        let overtaken = self.promised.promise(ballot);
        self.seen = self.seen.max(ballot.round);
        let led = self.step_down(effects);
        if !is_repeated {
            self.leader = None;
            self.wait_for_a_leader(effects);
        }
        self.save(effects);
        let accepted = self.log.accepted_from(first);
        effects.rule("promise");
        effects.rule("once_for_all");
        effects.note(|| match (is_repeated, led) {
            (true, _) => t!(
                "{node} promises ballot {ballot} to {leader} once more",
                node = me,
                ballot = ballot.text(),
                leader = from
            ),
            (false, true) => t!(
                "{node} leads no more: it promises ballot {ballot} to {leader}",
                node = me,
                ballot = ballot.text(),
                leader = from
            ),
            (false, false) => t!(
                "{node} promises ballot {ballot} to {leader}, for all slots",
                node = me,
                ballot = ballot.text(),
                leader = from
            ),
        });
        if is_repeated {
            effects.routine("promise once more");
        }
        let slots: Vec<String> = accepted.iter().map(|(slot, _)| slot.to_string()).collect();
        effects.note(|| match slots.is_empty() {
            true => t!("It has accepted nothing from slot {first} on.", first = first),
            false => t!(
                "It says what it has accepted from slot {first} on: in {slots}.",
                first = first,
                slots = slots.join(", ")
            ),
        });
        effects.send(from, Message::Promise { ballot, accepted });
        let loser =
            overtaken.and_then(|lower| Some((lower, lower.owner().filter(|owner| *owner != from && *owner != me)?)));
        if let Some((lower, owner)) = loser {
            effects.rule("nack");
            effects.send(owner, Message::Nack { ballot: lower, promised: ballot });
        }
    }

    /// Phase 2 (b) for one slot: accepted, unless a higher ballot is promised. To accept a ballot is to promise it too.
    pub(super) fn on_accept(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        (slot, decree): (u64, Decree),
        chosen_to: u64,
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        if self.listens_only(effects) {
            return;
        }
        if let Some(promised) = self.promised.above(ballot) {
            self.refuse(from, ballot, promised, effects);
            return;
        }
        self.promised.promise(ballot);
        let knew = self.follow(from, ballot, effects);
        let before = self.log.accepted(slot).cloned();
        let vote = Vote { ballot, value: decree };
        let is_new = before.as_ref() != Some(&vote);
        let text = vote.value.text();
        if is_new {
            self.log.accept(slot, vote);
        }
        effects.rule("accept");
        effects.note(|| match is_new {
            true => t!("{node} accepts “{decree}” in slot {slot}", node = me, decree = text, slot = slot),
            false => t!("{node} has accepted slot {slot} already, and says so again", node = me, slot = slot),
        });
        effects.note(|| match before.filter(|_| is_new) {
            Some(before) => t!(
                "That takes the place of “{before}”, accepted in ballot {ballot}.",
                before = before.value.text(),
                ballot = before.ballot.text()
            ),
            None => t!("It has promised nothing above ballot {ballot}.", ballot = ballot.text()),
        });
        if !is_new && knew {
            effects.routine("accepted once more");
        }
        self.learn_prefix(ballot, chosen_to, effects);
        self.save(effects);
        effects.send(from, Message::Accepted { ballot, slot });
    }

    /// A leader is there. Who has promised nothing higher says so: that confirms the leader.
    pub(super) fn on_heartbeat(
        &mut self,
        from: NodeId,
        ballot: Ballot,
        beat: u64,
        chosen_to: u64,
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        if let Some(promised) = self.promised.above(ballot).filter(|_| !self.is_silent) {
            self.refuse(from, ballot, promised, effects);
            return;
        }
        let knew = self.follow(from, ballot, effects);
        effects.rule("heartbeat");
        effects.note(|| t!("{node} hears from its leader {leader}", node = me, leader = from));
        let known = self.learn_prefix(ballot, chosen_to, effects);
        if known {
            self.save(effects);
        }
        if self.log.chosen_to() < chosen_to {
            self.ask(from, effects);
        } else if knew && !known {
            effects.routine("heard");
        }
        if !self.is_silent {
            self.grant(Some(ballot), effects);
            effects.send(from, Message::Heard { ballot, beat });
        }
    }

    /// Takes this server for the leader. Returns whether it did so before.
    fn follow(&mut self, from: NodeId, ballot: Ballot, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        self.seen = self.seen.max(ballot.round);
        // Where ballots are no server's own, another one may lead with the same.
        if self.ballot() == Some(ballot) {
            return false;
        }
        let led = self.step_down(effects);
        let knew = self.leader == Some((ballot, from));
        self.leader = Some((ballot, from));
        if !self.is_silent {
            self.wait_for_a_leader(effects);
        }
        if led {
            effects.note(|| t!("{node}, leader until now, follows ballot {ballot}", node = me, ballot = ballot.text()));
        }
        knew
    }

    fn refuse(&self, from: NodeId, ballot: Ballot, promised: Ballot, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("promise");
        effects.rule("nack");
        effects.note(|| {
            t!("{node} refuses ballot {ballot} of {leader}", node = me, ballot = ballot.text(), leader = from)
        });
        effects.note(|| {
            t!("It has promised {promised}, and {ballot} is lower.", promised = promised.text(), ballot = ballot.text())
        });
        effects.send(from, Message::Nack { ballot, promised });
    }

    /// Whether it has lost its disk and takes no part any more.
    pub(super) fn listens_only(&self, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        if self.is_silent {
            effects.note(|| t!("{node} promises and accepts nothing: it has lost its disk", node = me));
            effects.rule("lost_disk");
            effects.routine("silent");
        }
        self.is_silent
    }
}
