//! A server that wants to lead: phase 1, once for all slots (Paxos Made Simple, section 3).

use serde::Serialize;
use sim::{Map, NodeId, t, time_us};

use super::leader::Leadership;
use super::log::Decree;
use super::server::{Part, Server};
use super::{Effects, Message, Timer};
use crate::paxos::{Ballot, Members, Vote};

/// What a candidate keeps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidacy {
    pub ballot: Ballot,
    /// The first slot that it asks for: the one after those that it knows to be chosen without a gap.
    pub first: u64,
    /// Who has promised, itself among them.
    pub promises: Members,
    /// In each slot, of all that was accepted, that of the highest ballot.
    pub found: Map<u64, Vote<Decree>>,
}

impl Candidacy {
    /// Somebody has accepted this.
    fn find(&mut self, accepted: Vec<(u64, Vote<Decree>)>) {
        for (slot, vote) in accepted {
            if self.found.get(&slot).is_none_or(|known| known.ballot < vote.ballot) {
                self.found.insert(slot, vote);
            }
        }
    }
}

impl Server {
    /// No leader was heard for long.
    pub(super) fn suspect(&mut self, effects: &mut Effects<'_>) {
        if self.is_silent || self.leadership().is_some() {
            return;
        }
        self.stand(effects);
    }

    /// Phase 1 (a): a ballot above all that it has heard of, and a question to everybody.
    pub(super) fn stand(&mut self, effects: &mut Effects<'_>) {
        self.log.begin();
        let me = effects.me();
        if self.listens_only(effects) {
            return;
        }
        if self.leadership().is_some() {
            effects.note(|| t!("{node} leads already", node = me));
            return;
        }
        if self.is_bound_against(me, effects) {
            effects.rule("lease");
            effects.note(|| t!("{node} does not stand yet: the lease that it has granted lasts", node = me));
            self.wait_for_a_leader(effects);
            return;
        }
        let stood = matches!(self.part, Part::Candidate(_));
        let waited_us = self.suspect_us;
        self.round = self.round.max(self.seen) + 1;
        self.seen = self.round;
        let ballot = Ballot::new(self.round, me, effects.config().rules.own_ballots);
        self.promised.promise(ballot);
        self.leader = None;
        let first = self.log.chosen_to() + 1;
        let mut candidacy = Candidacy { ballot, first, promises: Members::default(), found: Map::default() };
        candidacy.promises.insert(me.0);
        candidacy.find(self.log.accepted_from(first));
        self.part = Part::Candidate(candidacy);
        self.save(effects);
        self.wait_for_a_leader(effects);
        effects.rule("suspect");
        effects.rule("once_for_all");
        effects.rule("own_ballots");
        effects.note(|| {
            t!(
                "{node} asks all to promise ballot {ballot}, for all slots from {first} on",
                node = me,
                ballot = ballot.text(),
                first = first
            )
        });
        effects.note(|| match stood {
            true => t!("It got no majority: it tries again with a higher ballot."),
            false => t!("It waited {time} and heard no leader.", time = time_us(waited_us)),
        });
        self.ask_for_promises(effects);
    }

    pub(super) fn ask_for_promises(&self, effects: &mut Effects<'_>) {
        let Part::Candidate(candidacy) = &self.part else { return };
        let repeat_us = effects.config().repeat_us;
        for other in Server::others(effects).filter(|other| !candidacy.promises.has(other.0)) {
            effects.send(other, Message::Prepare { ballot: candidacy.ballot, first: candidacy.first });
        }
        effects.set_timer(Timer::Repeat, repeat_us);
    }

    pub(super) fn on_promise(
        &mut self,
        from: NodeId,
        promised: Ballot,
        accepted: Vec<(u64, Vote<Decree>)>,
        effects: &mut Effects<'_>,
    ) {
        let (me, needed) = (effects.me(), effects.config().majority());
        let candidacy = match &mut self.part {
            Part::Candidate(candidacy) if candidacy.ballot == promised => candidacy,
            _ => {
                effects.note(|| t!("{node} needs the promise of {other} no more", node = me, other = from));
                effects.routine("late promise");
                return;
            }
        };
        if !candidacy.promises.insert(from.0) {
            effects.note(|| t!("{node} has the promise of {other} already", node = me, other = from));
            effects.routine("promise once more");
            return;
        }
        candidacy.find(accepted);
        let count = candidacy.promises.count();
        if count < needed {
            effects.rule("quorums_meet");
            effects.note(|| {
                t!("{node} has {count} of {needed} promises that it needs", node = me, count = count, needed = needed)
            });
            return;
        }
        if let Part::Candidate(candidacy) = std::mem::replace(&mut self.part, Part::Follower) {
            self.lead(candidacy, effects);
        }
    }

    /// It has promises of a majority. What was accepted may be chosen already: it is proposed again, and gaps before it are filled (section 3).
    fn lead(&mut self, candidacy: Candidacy, effects: &mut Effects<'_>) {
        let (me, rules, servers) = (effects.me(), effects.config().rules, effects.config().servers);
        let Candidacy { ballot, first, found, .. } = candidacy;
        let last_found = found.iter().map(|(slot, _)| *slot).max().unwrap_or(0);
        // What it knows to be chosen beyond a gap stays.
        let known = (first..=self.log.last()).filter(|slot| self.log.chosen(*slot).is_some()).max().unwrap_or(0);
        let opened_to = if rules.propose_again { last_found.max(known).max(first - 1) } else { first - 1 };
        self.part = Part::Leader(Leadership::new(ballot, opened_to, servers));
        self.leader = Some((ballot, me));
        effects.cancel_timer(Timer::Suspect);
        effects.cancel_timer(Timer::Repeat);
        let (mut again, mut filled) = (Vec::new(), Vec::new());
        for slot in first..=opened_to {
            if self.log.chosen(slot).is_some() {
                continue;
            }
            match found.get(&slot) {
                Some(vote) => again.push((slot, vote.value.clone())),
                None if rules.fill_gaps => filled.push(slot),
                None => {}
            }
        }
        effects.rule("quorums_meet");
        effects.note(|| t!("{node} leads now, with ballot {ballot}", node = me, ballot = ballot.text()));
        let is_gap = |slot: &u64| self.log.chosen(*slot).is_none() && found.get(slot).is_none();
        let mut decisive = Vec::new();
        decisive.extend((last_found >= first).then_some("propose_again"));
        decisive.extend((first..=opened_to).any(|slot| is_gap(&slot)).then_some("fill_gaps"));
        for rule in &decisive {
            effects.rule(rule);
        }
        let numbers = |slots: Vec<u64>| slots.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let (heard, gaps) = (numbers(again.iter().map(|(slot, _)| *slot).collect()), numbers(filled.clone()));
        effects.because(&decisive, || match (heard.is_empty(), gaps.is_empty()) {
            (true, true) => t!("A majority has promised to take nothing of a lower ballot. It has nothing to make up for."),
            (false, true) => t!("What was accepted may be chosen already: it proposes that again, in {slots}.", slots = heard),
            (true, false) => t!("Nobody has told it of {gaps}, and later slots are taken: it fills that with a no-op.", gaps = gaps),
            (false, false) => t!(
                "What was accepted may be chosen already: it proposes that again, in {slots}. It fills {gaps} with a no-op.",
                slots = heard,
                gaps = gaps
            ),
        });
        for (slot, decree) in again {
            self.propose(slot, decree, effects);
        }
        for slot in filled {
            self.propose(slot, Decree::NoOp, effects);
        }
        self.send_heartbeats(effects);
        self.carry_out(effects);
    }

    /// A higher ballot is promised: the own one is over.
    pub(super) fn on_nack(&mut self, from: NodeId, ballot: Ballot, promised: Ballot, effects: &mut Effects<'_>) {
        let me = effects.me();
        self.seen = self.seen.max(promised.round);
        effects.rule("nack");
        if self.ballot() != Some(ballot) {
            effects.note(|| t!("{node} has given up ballot {ballot} already", node = me, ballot = ballot.text()));
            effects.routine("late refusal");
            return;
        }
        let led = self.step_down(effects);
        self.leader = None;
        effects.note(|| match led {
            true => t!(
                "{node} leads no more: {other} has promised ballot {promised}",
                node = me,
                other = from,
                promised = promised.text()
            ),
            false => t!(
                "{node} is overtaken: {other} has promised ballot {promised}",
                node = me,
                other = from,
                promised = promised.text()
            ),
        });
        effects.note(|| t!("It waits for a random time, so that one of them gets through."));
    }
}
