//! Acceptors: they promise and accept, and never forget (Paxos Made Simple, sections 2.2 and 2.5).

use serde::Serialize;
use sim::{NodeId, t};

use super::{Ballot, Colour, Disk, Effects, Message, Promised, Vote};

/// An acceptor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Acceptor {
    pub promised: Promised,
    /// What it has accepted last.
    pub accepted: Option<Vote<Colour>>,
    /// It has lost its disk, and takes no part any more.
    pub is_silent: bool,
}

impl Acceptor {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Acceptor {
        let is_silent = !disk.mark && !effects.config().lost_disk_votes;
        let acceptor = Acceptor { promised: disk.promised, accepted: disk.accepted, is_silent };
        if !disk.mark {
            effects.rule("lost_disk");
            effects.note(|| match is_silent {
                true => t!("Its disk is empty, so that it may have promised anything: it takes no part any more."),
                false => t!("Its disk is empty, and it goes on as if it had never promised anything."),
            });
            if !is_silent {
                effects.persist(Disk { mark: true, ..Disk::default() });
            }
            return acceptor;
        }
        effects.rule("acceptor_disk");
        effects.note(|| match (acceptor.accepted, acceptor.promised.0) {
            (Some(vote), _) => t!(
                "On its disk stands that it has accepted {value} in ballot {ballot}.",
                value = vote.value.text(),
                ballot = vote.ballot.text()
            ),
            (None, Some(promised)) => {
                t!("On its disk stands that it has promised ballot {ballot}.", ballot = promised.text())
            }
            (None, None) => t!("Its disk names no ballot."),
        });
        acceptor
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.is_silent {
            effects.note(|| t!("{node} says nothing: it has lost its disk", node = me));
            effects.rule("lost_disk");
            effects.routine("silent");
            return;
        }
        match message {
            Message::Prepare(ballot) => self.on_prepare(from, ballot, effects),
            Message::Accept(vote) => self.on_accept(from, vote, effects),
            Message::Ask => {
                effects.rule("ask");
                effects.routine("question of a learner");
                match self.accepted {
                    Some(vote) => {
                        effects.note(|| {
                            t!("{node} tells {learner} once more what it has accepted", node = me, learner = from)
                        });
                        effects.send(from, Message::Accepted(vote));
                    }
                    None => {
                        effects.note(|| t!("{node} has accepted nothing to tell {learner}", node = me, learner = from))
                    }
                }
            }
            _ => {}
        }
    }

    /// Phase 1 (b): a promise, unless a higher ballot is promised. The same question again gets the same answer.
    fn on_prepare(&mut self, from: NodeId, ballot: Ballot, effects: &mut Effects<'_>) {
        let me = effects.me();
        if let Some(promised) = self.promised.above(ballot) {
            self.refuse(from, ballot, promised, effects);
            return;
        }
        let is_repeated = self.promised.0 == Some(ballot);
        let overtaken = self.promised.promise(ballot);
        self.save(effects);
        let accepted = self.accepted;
        if is_repeated {
            effects.note(|| {
                t!(
                    "{node} promises ballot {ballot} to {proposer} once more",
                    node = me,
                    ballot = ballot.text(),
                    proposer = from
                )
            });
            effects.routine("promise once more");
        } else {
            effects.note(|| {
                t!("{node} promises ballot {ballot} to {proposer}", node = me, ballot = ballot.text(), proposer = from)
            });
        }
        effects.rule("promise");
        effects.rule("acceptor_disk");
        match accepted {
            Some(vote) => effects.note(|| {
                t!(
                    "It says with it that it has accepted {value} in ballot {ballot}.",
                    value = vote.value.text(),
                    ballot = vote.ballot.text()
                )
            }),
            None => effects.because(&["promise"], || {
                t!("It has accepted nothing yet, and from now on takes nothing of a lower ballot.")
            }),
        }
        effects.send(from, Message::Promise { ballot, accepted });
        let loser = overtaken.and_then(|lower| Some((lower, lower.owner().filter(|owner| *owner != from)?)));
        if let Some((lower, owner)) = loser {
            effects.rule("nack");
            effects.send(owner, Message::Nack { ballot: lower, promised: ballot });
        }
    }

    /// Phase 2 (b): accepted, unless a higher ballot is promised. To accept a ballot is to promise it too.
    fn on_accept(&mut self, from: NodeId, vote: Vote<Colour>, effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        let above = self.promised.above(vote.ballot);
        if let Some(promised) = above.filter(|_| rules.promise) {
            self.refuse(from, vote.ballot, promised, effects);
            return;
        }
        let before = self.accepted.replace(vote);
        if rules.accept_promises {
            self.promised.promise(vote.ballot);
        }
        self.save(effects);
        let (value, ballot) = (vote.value.text(), vote.ballot.text());
        if before == Some(vote) {
            effects.note(|| {
                t!(
                    "{node} has accepted {value} in ballot {ballot} already, and says so again",
                    node = me,
                    value = value,
                    ballot = ballot
                )
            });
            effects.routine("accepted once more");
        } else {
            effects.note(|| t!("{node} accepts {value} in ballot {ballot}", node = me, value = value, ballot = ballot));
            effects.rule("phase_2");
        }
        if above.is_some() {
            effects.rule("promise");
        }
        effects.rule("accept_promises");
        effects.rule("acceptor_disk");
        effects.note(|| match (before, above) {
            (_, Some(promised)) => t!("It had promised to take nothing below {promised}.", promised = promised.text()),
            (Some(before), None) if before.ballot > vote.ballot => t!(
                "That writes over {value}, which it had accepted in the higher ballot {ballot}.",
                value = before.value.text(),
                ballot = before.ballot.text()
            ),
            (Some(before), None) if before != vote => t!(
                "That takes the place of {value}, accepted in ballot {ballot}.",
                value = before.value.text(),
                ballot = before.ballot.text()
            ),
            _ => t!("It has promised nothing higher. It tells the learners and {proposer}.", proposer = from),
        });
        let learners = effects.config().all_learners();
        for learner in learners.chain([from]) {
            effects.send(learner, Message::Accepted(vote));
        }
    }

    fn refuse(&self, from: NodeId, ballot: Ballot, promised: Ballot, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("promise");
        effects.rule("nack");
        effects.note(|| {
            t!("{node} refuses ballot {ballot} of {proposer}", node = me, ballot = ballot.text(), proposer = from)
        });
        effects.note(|| {
            t!("It has promised {promised}, and {ballot} is lower.", promised = promised.text(), ballot = ballot.text())
        });
        // Its proposer was told when the higher ballot was promised.
        effects.routine("refusal");
        effects.send(from, Message::Nack { ballot, promised });
    }

    fn save(&self, effects: &mut Effects<'_>) {
        let whole = Disk { mark: true, round: 0, promised: self.promised, accepted: self.accepted };
        let keeps = effects.config().rules.acceptor_disk;
        effects.persist(if keeps { whole } else { Disk { mark: true, ..Disk::default() } });
    }
}
