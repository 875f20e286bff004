//! The three phases (the paper, section 4.2): pre-prepare, prepare, commit.

use std::rc::Rc;

use parts::store::Request;
use sim::{NodeId, t};

use super::request::hash;
use super::slot::{count, voters};
use super::{Certificate, Digest, Effects, Message, Replica, Slot, Vote};

impl Replica {
    /// Whether a number lies where it is taken note of. If not, says so.
    fn is_in_window(&mut self, vote: &Vote, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let low = self.stable.number;
        let high = low + effects.config().window();
        if (low + 1..=high).contains(&vote.number) {
            return true;
        }
        effects.rule("watermarks");
        if vote.number > high {
            self.is_late(effects);
            effects.note(|| t!("Number {number} is too high for {node}", number = vote.number, node = me));
            effects.note(|| t!("It has missed a checkpoint, and will ask for it."));
        } else {
            effects.note(|| t!("{node} needs nothing more for number {number}", node = me, number = vote.number));
        }
        effects.routine("out of window");
        false
    }

    /// The slot that a vote is for. One of a later view says that others are further.
    fn hear(&mut self, vote: &Vote, effects: &mut Effects<'_>) -> &mut Slot {
        if vote.view > self.view {
            self.is_late(effects);
        }
        let now_us = effects.monotonic_now();
        let is_unknown = self.slot(vote.number).is_none();
        let slot = self.slot_mut(vote.number);
        if is_unknown {
            slot.since_us = now_us;
        }
        slot
    }

    /// Whether a vote is of an earlier view. If so, says so.
    fn is_old(&self, vote: &Vote, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        if vote.view < self.view {
            effects.note(|| t!("{node} has left view {view}: too late", node = me, view = vote.view));
            effects.routine("earlier view");
        }
        vote.view < self.view
    }

    pub(super) fn on_pre_prepare(&mut self, from: NodeId, vote: Vote, request: Rc<Request>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_of_primary = effects.config().primary(vote.view) == from && from != me;
        if !is_of_primary || Digest::of(&request) != vote.digest {
            return;
        }
        if self.is_old(&vote, effects) || !self.is_in_window(&vote, effects) {
            return;
        }
        let Vote { view, number, digest } = vote;
        self.learn(&request, effects);
        if view > self.view || self.is_changing {
            self.slot_mut(number).early = Some((view, digest));
            effects.note(|| t!("{node} keeps this until it is in view {view}", node = me, view = view));
            effects.routine("early");
            return;
        }
        let taken = self.slot(number).and_then(|slot| slot.accepted.clone()).filter(|(taken, _)| *taken == view);
        match taken {
            Some((_, taken)) if taken == digest => {
                // What it waited for may have been the request itself.
                if !self.go_on(number, effects) {
                    effects.note(|| t!("{node} has taken this already", node = me));
                    effects.routine("taken");
                }
            }
            Some((_, taken)) if effects.config().rules.one_pre_prepare => {
                effects.rule("one_pre_prepare");
                effects.note(|| {
                    t!(
                        "{node} refuses: number {number} is {taken} already",
                        node = me,
                        number = number,
                        taken = taken.text()
                    )
                });
                effects.note(|| t!("The primary has signed two different things. It lies."));
            }
            other => {
                effects.rule("pre_prepare");
                if other.is_some() {
                    effects.rule("one_pre_prepare");
                }
                effects.note(|| {
                    t!(
                        "{node} takes it: number {number} is {command}",
                        node = me,
                        number = number,
                        command = digest.text()
                    )
                });
                effects.note(|| t!("It tells the others so, by a prepare."));
                self.take(number, digest, effects);
                self.go_on(number, effects);
            }
        }
    }

    /// A backup takes a pre-prepare, and says so to all.
    pub(super) fn take(&mut self, number: u64, digest: Digest, effects: &mut Effects<'_>) {
        let (me, view, now_us) = (effects.me(), self.view, effects.monotonic_now());
        let vote = Vote { view, number, digest };
        let slot = self.slot_mut(number);
        slot.accepted = Some((view, vote.digest.clone()));
        slot.since_us = now_us;
        count(&mut slot.prepares, &vote, me);
        self.tell(&Message::Prepare(vote), effects);
    }

    pub(super) fn on_prepare(&mut self, from: NodeId, vote: &Vote, effects: &mut Effects<'_>) {
        if self.is_old(vote, effects) || !self.is_in_window(vote, effects) {
            return;
        }
        let me = effects.me();
        let is_new = count(&mut self.hear(vote, effects).prepares, vote, from);
        if self.go_on(vote.number, effects) {
            return;
        }
        let Vote { view, number, digest } = vote;
        let command = digest.text();
        effects.rule("prepare");
        effects.note(|| {
            t!(
                "{node} hears that {from} has taken {command} as number {number}",
                node = me,
                from = from,
                command = command,
                number = *number
            )
        });
        let slot = self.slot(*number);
        let accepted = slot.and_then(|slot| slot.accepted.as_ref()).filter(|(of, _)| of == view && !self.is_changing);
        match accepted {
            Some((_, taken)) if taken != digest => {
                effects.note(|| {
                    t!("{node} was told {taken} by the primary. Somebody lies.", node = me, taken = taken.text())
                });
            }
            Some(_) => {
                let got = slot.map_or(0, |slot| voters(&slot.prepares, *view, digest).count());
                let needed = effects.config().prepares();
                effects.note(|| t!("Prepares for that: {got} of {needed} needed.", got = got, needed = needed));
                effects.routine("prepare");
            }
            None if is_new => effects.note(|| t!("The primary has told {node} nothing of that.", node = me)),
            None => effects.routine("prepare"),
        }
    }

    pub(super) fn on_commit(&mut self, from: NodeId, vote: &Vote, effects: &mut Effects<'_>) {
        if self.is_old(vote, effects) || !self.is_in_window(vote, effects) {
            return;
        }
        count(&mut self.hear(vote, effects).commits, vote, from);
        if self.go_on(vote.number, effects) {
            return;
        }
        let me = effects.me();
        let Vote { view, number, digest } = vote;
        let command = digest.text();
        let got = self.slot(*number).map_or(0, |slot| voters(&slot.commits, *view, digest).count());
        let needed = effects.config().quorum();
        effects.rule("commit");
        effects.note(|| {
            t!(
                "{node} hears that {from} has prepared {command} as number {number}",
                node = me,
                from = from,
                command = command,
                number = *number
            )
        });
        effects.note(|| t!("Commits for that: {got} of {needed} needed.", got = got, needed = needed));
        effects.routine("commit");
    }

    /// Looks whether a number has got further: prepared, committed, carried out. Returns whether it has, and says so.
    pub(super) fn go_on(&mut self, number: u64, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let is_prepared = self.prepare(number, effects);
        let is_committed = self.commit(number, effects);
        let is_done = self.carry_out(effects);
        if is_committed {
            if !is_done {
                effects.note(|| {
                    t!("Number {number} is settled at {node}, and waits for the lower ones", number = number, node = me)
                });
            }
            effects.because(&["quorum", "one_pre_prepare", "carry_over", "check_new_view"], || {
                t!("So many have prepared it that every later view will hear of it.")
            });
        } else if is_prepared {
            let command =
                self.slot(number).and_then(|slot| slot.prepared.as_ref()).map(|prepared| prepared.digest.text());
            effects.note(|| {
                t!(
                    "{node} has prepared number {number}: {command}",
                    node = me,
                    number = number,
                    command = command.unwrap_or_default()
                )
            });
            effects.because(&["quorum", "one_pre_prepare"], || {
                t!("So many have taken the same that nothing else can be prepared here in this view. It sends a commit.")
            });
        }
        is_prepared || is_committed || is_done
    }

    /// The predicate *prepared*: the request, the pre-prepare of the primary, and prepares of 2f backups. Returns whether it is new.
    fn prepare(&mut self, number: u64, effects: &mut Effects<'_>) -> bool {
        let (me, view, now_us) = (effects.me(), self.view, effects.monotonic_now());
        if self.is_changing {
            return false;
        }
        let Some(slot) = self.slot(number) else { return false };
        let Some((_, digest)) = slot.accepted.clone().filter(|(of, _)| *of == view) else { return false };
        let primary = effects.config().primary(view);
        let signers = voters(&slot.prepares, view, &digest).without(primary);
        let is_enough = signers.count() >= effects.config().prepares();
        if slot.has_prepared(view, &digest) || !is_enough || !self.knows(&digest) {
            return false;
        }
        effects.rule("prepare");
        effects.rule("commit_phase");
        let commit_phase = effects.config().rules.commit_phase;
        let slot = self.slot_mut(number);
        slot.prepared = Some(Certificate { view, digest: digest.clone(), signers });
        slot.since_us = now_us;
        if !commit_phase {
            let signers = signers.with(primary);
            slot.committed.get_or_insert(Certificate { view, digest, signers });
            return true;
        }
        let vote = Vote { view, number, digest };
        count(&mut slot.commits, &vote, me);
        self.tell(&Message::Commit(vote), effects);
        true
    }

    /// The predicate *committed-local*: prepared, and commits of 2f + 1 replicas. Returns whether it is new.
    fn commit(&mut self, number: u64, effects: &mut Effects<'_>) -> bool {
        let Some(slot) = self.slot(number) else { return false };
        let Some(prepared) = slot.prepared.clone().filter(|_| slot.committed.is_none()) else { return false };
        let signers = voters(&slot.commits, prepared.view, &prepared.digest);
        if signers.count() < effects.config().quorum() {
            return false;
        }
        effects.rule("commit");
        self.slot_mut(number).committed = Some(Certificate { signers, ..prepared });
        true
    }

    /// Carries out what is settled, in the order of the numbers. Returns whether there was anything.
    pub(super) fn carry_out(&mut self, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let before = self.executed;
        loop {
            let number = self.executed + 1;
            let committed = self.slot(number).and_then(|slot| slot.committed.as_ref());
            let Some(digest) = committed.map(|committed| committed.digest.clone()) else { break };
            let request = self.requests.get(&digest.hash).cloned();
            if request.is_none() && !digest.is_null() {
                self.is_late(effects);
                break;
            }
            self.executed = number;
            let state = Rc::make_mut(&mut self.state);
            state.chain = hash(&[state.chain, digest.hash]);
            effects.rule("order");
            match &request {
                Some(request) => {
                    state.store.apply(request, true);
                    effects.note(|| {
                        t!(
                            "{node} carries out number {number}: {command}",
                            node = me,
                            number = number,
                            command = digest.text()
                        )
                    });
                    self.answer(request, effects);
                }
                None => {
                    effects.rule("null");
                    effects.note(|| {
                        t!("Number {number} is the null request: {node} does nothing", number = number, node = me)
                    });
                }
            }
            self.write_down(number, request);
            self.forget_done();
            self.attempts = 0;
            self.check_point(number, effects);
        }
        if self.executed > before && self.leads(effects.config(), me) {
            self.hand_out(effects);
        }
        self.executed > before
    }

    /// Requests that are carried out wait no more.
    pub(super) fn forget_done(&mut self) {
        let store = &self.state.store;
        self.waiting.retain(|_, waiting| !store.has_done(&waiting.request));
    }
}
