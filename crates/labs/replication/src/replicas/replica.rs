//! What a replica does with the entries that a primary sends.

use sim::{NodeId, t};

use super::Effects;
use super::log::{Entry, Position};
use super::message::{Appended, Message};
use super::server::Server;

impl Server {
    /// A primary sends entries, or none as a heartbeat.
    pub(super) fn on_append(
        &mut self,
        from: NodeId,
        epoch: u64,
        before: Position,
        entries: Vec<Entry>,
        committed: u64,
        effects: &mut Effects<'_>,
    ) {
        let (me, known, rules) = (effects.me(), self.epoch, effects.config().rules);
        if epoch < self.epoch {
            effects.rule("fencing");
        }
        if epoch < self.epoch && rules.fencing {
            effects.note(|| t!("{node} refuses entries from {primary}", node = me, primary = from));
            effects.note(|| t!("They are of epoch {epoch}, and it knows epoch {known}.", epoch = epoch, known = known));
            effects.send(from, Message::Fenced { epoch: self.epoch });
            return;
        }
        if self.is_primary() && (epoch <= self.epoch || !rules.fencing) {
            effects.note(|| t!("{node} ignores {other}: it is a primary itself", node = me, other = from));
            effects.routine("ignore");
            return;
        }
        let known = (self.epoch, self.primary, self.standing());
        if epoch > self.epoch {
            self.enter(epoch, Some(from), effects);
        } else if self.primary != Some(from) {
            self.primary = Some(from);
            self.persist(effects);
        }
        let agrees = match rules.rewind {
            true => self.log.position(before.index) == Some(before),
            false => before.index <= self.log.last_index(),
        };
        let brings_nothing = agrees && entries.is_empty();
        let answer = if agrees {
            self.store_entries(from, before, entries, committed, effects)
        } else {
            self.refuse(from, before, effects)
        };
        effects.send(from, Message::Appended { epoch, answer });
        self.follow_log(effects);
        if brings_nothing && known == (self.epoch, self.primary, self.standing()) {
            effects.routine("hear");
        }
    }

    /// Makes its log that of the primary, as far as it was sent. What it has besides goes (as pg_rewind does).
    fn store_entries(
        &mut self,
        from: NodeId,
        before: Position,
        entries: Vec<Entry>,
        committed: u64,
        effects: &mut Effects<'_>,
    ) -> Appended {
        let (me, rewind, length) = (effects.me(), effects.config().rules.rewind, self.log.last_index());
        let matched = before.index + entries.len() as u64;
        // The length does not tell: as many entries may come as were given up.
        let mut has_changed = false;
        for (index, entry) in (before.index + 1..).zip(entries) {
            let own = self.log.entry(index).map(|own| own.epoch);
            let is_at_odds = own.is_some_and(|own| own != entry.epoch);
            if is_at_odds {
                effects.rule("rewind");
            }
            if is_at_odds && rewind {
                self.log.truncate_after(index - 1);
                let gone = length - (index - 1);
                effects.note(|| match gone {
                    1 => t!(
                        "{node} rewinds its log: an entry that {primary} does not have is gone",
                        node = me,
                        primary = from
                    ),
                    _ => t!(
                        "{node} rewinds its log: {count} entries that {primary} does not have are gone",
                        node = me,
                        count = gone,
                        primary = from
                    ),
                });
            }
            if index > self.log.last_index() {
                self.log.push(entry);
                has_changed = true;
            }
        }
        let last = self.log.last();
        if has_changed {
            self.persist(effects);
            effects.rule("append");
            effects.note(|| match rewind {
                true => t!("{node} has the log of {primary} up to {last}", node = me, primary = from, last = last),
                false => t!("{node} adds entries of {primary}, up to {last}", node = me, primary = from, last = last),
            });
        } else {
            effects.note(|| t!("{node} hears that {primary} lives", node = me, primary = from));
        }
        let before_us = self.committed;
        self.committed = self.committed.min(self.log.last_index()).max(committed.min(matched));
        let committed = self.committed;
        if committed > before_us {
            effects.because(&["read_committed"], || {
                t!("What is committed may be read here: all up to entry {index}.", index = committed)
            });
        }
        Appended::Stored { index: matched }
    }

    /// It has no such entry before those that were sent.
    fn refuse(&mut self, from: NodeId, before: Position, effects: &mut Effects<'_>) -> Appended {
        let me = effects.me();
        effects.rule("gap");
        effects.note(|| {
            t!(
                "{node} does not have {before}, and asks {primary} for earlier entries",
                node = me,
                before = before,
                primary = from
            )
        });
        let index = match self.log.position(before.index) {
            // All of that epoch may be at odds: one round trip an epoch, not one an entry.
            Some(_) => self.log.first_of_epoch_at(before.index) - 1,
            None => self.log.last_index(),
        };
        Appended::Refused { index }
    }
}
