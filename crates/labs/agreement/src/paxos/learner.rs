//! Learners: they count who has accepted what (Paxos Made Simple, section 2.3).

use serde::Serialize;
use sim::{NodeId, t};

use super::{Ballot, Colour, Effects, Members, Message, Timer, Vote};

/// So many ballots are counted at a time: the last ones that were heard of.
const BALLOTS: usize = 8;

/// A learner.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Learner {
    /// Who has accepted in which ballot.
    pub heard: Vec<Heard>,
    /// What is chosen, as soon as it knows.
    pub known: Option<Colour>,
}

/// Who has accepted in a ballot, as far as it has heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Heard {
    pub ballot: Ballot,
    pub value: Colour,
    pub from: Members,
}

impl Learner {
    pub(super) fn boot(effects: &mut Effects<'_>) -> Learner {
        let repeat_us = effects.config().repeat_us;
        effects.set_timer(Timer::Repeat, repeat_us);
        effects.note(|| t!("It keeps nothing on disk, and will ask the acceptors."));
        effects.rule("ask");
        Learner::default()
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Accepted(vote) => self.on_accepted(from, vote, effects),
            Message::Chosen(value) if self.known.is_none() => {
                let me = effects.me();
                effects.rule("leader");
                effects.note(|| {
                    t!(
                        "{node} hears from {proposer} that {value} is chosen",
                        node = me,
                        proposer = from,
                        value = value.text()
                    )
                });
                self.know(value, effects);
            }
            _ => {
                let me = effects.me();
                effects.note(|| t!("{node} knows that already", node = me));
                effects.routine("known already");
            }
        }
    }

    /// Counts an acceptance. A ballot has one value, so that counting by ballot is enough.
    fn on_accepted(&mut self, from: NodeId, vote: Vote<Colour>, effects: &mut Effects<'_>) {
        let (me, place, needed) = (effects.me(), effects.config().place(from), effects.config().acceptances_needed());
        let at = self.heard.iter().position(|heard| heard.ballot == vote.ballot).unwrap_or_else(|| {
            if self.heard.len() == BALLOTS {
                self.heard.remove(0);
            }
            self.heard.push(Heard { ballot: vote.ballot, value: vote.value, from: Members::default() });
            self.heard.len() - 1
        });
        let heard = &mut self.heard[at];
        let is_new = heard.from.insert(place);
        let (count, value) = (heard.from.count(), heard.value);
        let ballot = vote.ballot.text();
        if let Some(known) = self.known {
            if known == vote.value {
                effects.note(|| {
                    t!(
                        "{node} hears of {acceptor} too: {value} in ballot {ballot}",
                        node = me,
                        acceptor = from,
                        value = known.text(),
                        ballot = ballot
                    )
                });
                effects.routine("known already");
            } else {
                effects.note(|| {
                    t!(
                        "{node} knows {known}, and now hears of {value}",
                        node = me,
                        known = known.text(),
                        value = vote.value.text()
                    )
                });
            }
            return;
        }
        if !is_new {
            effects.note(|| {
                t!(
                    "{node} has counted {acceptor} in ballot {ballot} already",
                    node = me,
                    acceptor = from,
                    ballot = ballot
                )
            });
            effects.routine("counted already");
            return;
        }
        effects.rule("learn");
        effects.rule("own_ballots");
        if count < needed {
            effects.note(|| {
                t!(
                    "{node} has heard of {count} of {needed} acceptors that it needs in ballot {ballot}",
                    node = me,
                    count = count,
                    needed = needed,
                    ballot = ballot
                )
            });
            return;
        }
        effects.note(|| t!("{node} knows now: {value} is chosen", node = me, value = value.text()));
        effects.note(|| {
            t!("{count} acceptors have accepted in ballot {ballot}: more than half.", count = count, ballot = ballot)
        });
        self.know(value, effects);
    }

    fn know(&mut self, value: Colour, effects: &mut Effects<'_>) {
        self.known = Some(value);
        effects.cancel_timer(Timer::Repeat);
    }

    /// Asks all acceptors, as long as it knows nothing.
    pub(super) fn ask(&mut self, effects: &mut Effects<'_>) {
        if self.known.is_some() {
            return;
        }
        let me = effects.me();
        effects.rule("ask");
        effects.note(|| t!("{node} asks the acceptors what they have accepted", node = me));
        effects.routine("question of a learner");
        let (acceptors, repeat_us) = (effects.config().all_acceptors(), effects.config().repeat_us);
        for acceptor in acceptors {
            effects.send(acceptor, Message::Ask);
        }
        effects.set_timer(Timer::Repeat, repeat_us);
    }
}
