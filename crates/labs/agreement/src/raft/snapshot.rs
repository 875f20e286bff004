//! Log compaction: section 7 of the Raft paper, with Figures 12 and 13.

use std::rc::Rc;

use parts::store::Store;
use serde::Serialize;
use sim::{NodeId, t};

use super::log::Base;
use super::members::Configured;
use super::message::Message;
use super::server::{Reply, Role, Server};
use super::{Effects, Timer};

/// How long after an entry was carried out a snapshot is written that it makes due: servers write it beside their work.
const WRITE_US: u64 = 1_000;

/// What the entries up to one of them have made of the state machine (Figure 12).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Snapshot {
    /// The last entry that it stands for.
    pub last: Base,
    /// The state machine, with the last command of each client (section 8).
    pub store: Store,
    /// The last configuration up to there (section 7).
    #[serde(skip_serializing_if = "Configured::is_first")]
    pub configured: Configured,
}

/// A snapshot that a leader is sending to a follower.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sending {
    pub snapshot: Rc<Snapshot>,
    /// The part that has no answer yet.
    pub offset: u64,
}

/// A snapshot of which a follower has some parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Incoming {
    /// The term of the leader that sends it.
    pub term: u64,
    /// The last entry in it.
    pub last: Base,
    /// How many parts are here.
    pub parts: u64,
}

impl Server {
    /// The last entry in its own snapshot; 0 while it has none.
    pub fn snapshot_index(&self) -> u64 {
        self.snapshot.as_ref().map_or(0, |snapshot| snapshot.last.index)
    }

    /// Sees to it that a snapshot is written when enough has been carried out since the last one.
    pub(super) fn plan_snapshot(&self, effects: &mut Effects<'_>) {
        let every = effects.config().snapshot_every;
        if every > 0 && self.last_applied >= self.snapshot_index() + every {
            effects.set_timer(Timer::Snapshot, WRITE_US);
        }
    }

    /// Writes down what the state machine is now, and drops the entries that made it so (section 7).
    pub(super) fn take_snapshot(&mut self, effects: &mut Effects<'_>) {
        let (me, index) = (effects.me(), self.last_applied);
        let Some(term) = self.log.term_at(index).filter(|_| index > self.snapshot_index()) else {
            effects.note(|| t!("{node} has nothing new to take a snapshot of", node = me));
            return;
        };
        let (trailing, with_sessions) = (effects.config().trailing, effects.config().rules.sessions_in_snapshot);
        let store = if with_sessions { self.store.clone() } else { self.store.without_sessions() };
        let configured = self.configured_at(index, effects);
        self.snapshot = Some(Rc::new(Snapshot { last: Base { index, term }, store, configured }));
        let first_kept = index.saturating_sub(trailing);
        if first_kept > self.log.base().index {
            self.log.compact(first_kept);
        }
        self.save(effects);
        effects.rule("own_snapshot");
        effects.rule("sessions_in_snapshot");
        effects.note(|| t!("{node} takes a snapshot of all up to entry {index}", node = me, index = index));
        effects.because(&["sessions_in_snapshot"], || {
            t!("It keeps the values and the last command of each client, and drops the entries that led there.")
        });
    }

    /// Sends a follower the part of the snapshot that it has not confirmed yet, because the entries that it needs are gone.
    pub(super) fn send_snapshot(&mut self, to: NodeId, effects: &mut Effects<'_>) {
        let Some(own) = self.snapshot.clone() else { return };
        let last_part = effects.config().snapshot_parts - 1;
        let (term, leader) = (self.term, effects.me());
        let Role::Leader(leadership) = &mut self.role else { return };
        let round = leadership.round;
        let progress = &mut leadership.followers[to.index()];
        if progress.sending.is_none() {
            let (first, last) = (progress.next_index, own.last.index);
            effects.rule("send_snapshot");
            effects.note(|| {
                t!(
                    "{node} sends {follower} its snapshot up to entry {index}",
                    node = leader,
                    follower = to,
                    index = last
                )
            });
            effects.note(|| {
                t!(
                    "{follower} needs entry {index} next, and {node} has dropped it.",
                    follower = to,
                    index = first,
                    node = leader
                )
            });
        }
        let sending = progress.sending.get_or_insert(Sending { snapshot: own, offset: 0 });
        let offset = sending.offset.min(last_part);
        let snapshot = sending.snapshot.clone();
        let done = offset == last_part;
        effects.send(to, Message::InstallSnapshot { term, leader, snapshot, offset, done, round });
    }

    /// Receiver of `InstallSnapshot`, rules 2 to 8; the first one is [`Server::accept_leader`].
    pub(super) fn on_install_snapshot(
        &mut self,
        snapshot: &Rc<Snapshot>,
        offset: u64,
        done: bool,
        reply: &Reply,
        effects: &mut Effects<'_>,
    ) {
        let (me, last, term) = (effects.me(), snapshot.last, self.term);
        let installed = |next| Message::Installed { term, round: reply.round, last_index: last.index, offset, next };
        if last.index <= self.commit_index && effects.config().rules.no_way_back {
            effects.rule("no_way_back");
            effects.note(|| t!("{node} needs no snapshot up to entry {index}", node = me, index = last.index));
            effects.note(|| {
                t!(
                    "It knows the log to be committed up to entry {index}, and has all of that.",
                    index = self.commit_index
                )
            });
            self.send_when_written(reply.to, installed(None), effects);
            return;
        }
        // Rules 2 to 5: another snapshot than the one that is half here begins anew, and so does the first part.
        let same = self.incoming.filter(|incoming| (incoming.term, incoming.last) == (term, last) && offset > 0);
        let here = same.map_or(0, |incoming| incoming.parts);
        if offset != here {
            effects.rule("snapshot_parts");
            effects.note(|| t!("{node} waits for part {part} of the snapshot", node = me, part = here + 1));
            effects.send(reply.to, installed(Some(here)));
            return;
        }
        self.incoming = Some(Incoming { term, last, parts: here + 1 });
        if !done {
            effects.rule("snapshot_parts");
            effects.note(|| t!("{node} puts part {part} of the snapshot aside", node = me, part = here + 1));
            effects.note(|| t!("It takes it over when all its parts are there."));
            effects.send(reply.to, installed(Some(here + 1)));
            return;
        }
        self.incoming = None;
        self.install(snapshot, effects);
        self.send_when_written(reply.to, installed(None), effects);
    }

    /// Rules 6 to 8: begins with the snapshot, and keeps what stands behind it if that belongs to it.
    fn install(&mut self, snapshot: &Rc<Snapshot>, effects: &mut Effects<'_>) {
        let (me, rules, last) = (effects.me(), effects.config().rules, snapshot.last);
        let has_last = self.log.term_at(last.index) == Some(last.term);
        let (is_longer, is_old) = (self.log.last_index() > last.index, last.index <= self.commit_index);
        let keeps = if has_last { rules.keep_suffix } else { !rules.drop_conflicts };
        self.log.load(last, keeps);
        self.storage.forget_after(last.index);
        self.store = snapshot.store.clone();
        (self.commit_index, self.last_applied) = (last.index, last.index);
        self.snapshot = Some(snapshot.clone());
        let configured = self.configured_at(self.log.last_index(), effects);
        self.go_by(configured, effects);
        self.save(effects);
        effects.rule(if has_last { "keep_suffix" } else { "drop_conflicts" });
        effects.note(|| t!("{node} begins anew with the snapshot up to entry {index}", node = me, index = last.index));
        if is_old {
            effects.rule("no_way_back");
        } else if !is_longer {
            effects.because(&["sessions_in_snapshot"], || {
                t!("It has the values now, and whose commands were carried out; the entries it does not need.")
            });
        } else if has_last {
            effects.because(&["keep_suffix"], || {
                t!("Its log has that entry too, so it keeps what follows: it may have counted for a majority.")
            });
        } else {
            effects.because(&["drop_conflicts"], || {
                t!("It drops its whole log: what stood there is at odds with entry {index}.", index = last.index)
            });
        }
    }

    /// A follower has answered a part of a snapshot.
    pub(super) fn on_installed(
        &mut self,
        from: NodeId,
        (term, round): (u64, u64),
        last_index: u64,
        offset: u64,
        next: Option<u64>,
        effects: &mut Effects<'_>,
    ) {
        let me = effects.me();
        self.observe_term(term, effects);
        let (current, log_ends_at) = (self.term, self.log.last_index());
        let leadership = match &mut self.role {
            Role::Leader(leadership) if term == current => leadership,
            _ => {
                effects.note(|| t!("{node} puts an old answer of {other} aside", node = me, other = from));
                effects.routine("old answer");
                return;
            }
        };
        let progress = &mut leadership.followers[from.index()];
        progress.round = progress.round.max(round);
        let is_due = progress
            .sending
            .as_ref()
            .is_some_and(|sending| sending.snapshot.last.index == last_index && sending.offset == offset);
        match next {
            None if is_due || last_index > progress.match_index => {
                progress.match_index = progress.match_index.max(last_index.min(log_ends_at));
                progress.next_index = progress.next_index.max(progress.match_index + 1);
                progress.sent_index = progress.sent_index.max(progress.match_index);
                progress.sending = None;
                let lacks_more = progress.match_index < log_ends_at;
                self.advance_commit_index(effects);
                effects.rule("match_index");
                effects.note(|| {
                    t!(
                        "{node} learns that {other} has its snapshot up to entry {index}",
                        node = me,
                        other = from,
                        index = last_index
                    )
                });
                if lacks_more {
                    effects.note(|| t!("What follows goes as entries again."));
                    self.send_entries(from, effects);
                }
            }
            Some(next) if is_due => {
                if let Some(sending) = &mut progress.sending {
                    sending.offset = next;
                }
                effects.rule("snapshot_parts");
                effects.note(|| t!("{node} sends {other} part {part}", node = me, other = from, part = next + 1));
                effects.note(|| t!("One part is on its way at a time; each round of heartbeats repeats it."));
                self.send_snapshot(from, effects);
            }
            _ => {
                effects.note(|| t!("{node} has had this answer of {other}", node = me, other = from));
                effects.routine("known part");
            }
        }
        self.answer_reads(effects);
    }

    /// What is left of entries whose first ones are in this server's snapshot already: they are carried out, and so they
    /// are the leader's. Returns where they begin.
    pub(super) fn behind_base<T>(&self, previous: (u64, u64), entries: &mut Vec<T>) -> (u64, u64) {
        let base = self.log.base();
        let Some(known) = base.index.checked_sub(previous.0).filter(|known| *known > 0) else { return previous };
        entries.drain(..entries.len().min(known as usize));
        (base.index, base.term)
    }
}
