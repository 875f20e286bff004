//! Log replication: sections 5.3 and 5.4.2 of the Raft paper.

use std::rc::Rc;

use parts::store::{Command, Request};
use sim::{NodeId, t};

use super::ReadMode;
use super::log::Entry;
use super::membership::promise;
use super::message::{Appended, Message};
use super::rules::KEEP_COMMITTED;
use super::server::{Reply, Role, Server, answer};
use super::settings::BackOff;
use super::{Effects, Timer};

impl Server {
    /// A leader repeats its heartbeat, with the entries that followers have not confirmed (sections 5.2 and 5.5).
    pub(super) fn beat(&mut self, effects: &mut Effects<'_>) {
        if !self.is_leader() {
            return;
        }
        let (me, heartbeat_us) = (effects.me(), effects.config().heartbeat_us);
        effects.set_timer(Timer::Heartbeat, heartbeat_us);
        effects.rule("heartbeat");
        effects.note(|| t!("{node} sends its heartbeat", node = me));
        effects.note(|| t!("It tells everybody that it still leads, so that nobody starts an election."));
        effects.routine("heartbeat");
        self.broadcast(effects);
        self.bring_up_to_date(effects);
    }

    /// Starts a round: sends every follower what it lacks.
    pub(super) fn broadcast(&mut self, effects: &mut Effects<'_>) {
        let keeps_rounds = effects.config().read_mode == ReadMode::Lease;
        let now_us = effects.local_now();
        if let Role::Leader(leadership) = &mut self.role {
            leadership.round += 1;
            if keeps_rounds {
                leadership.rounds.push_back((leadership.round, now_us));
                if leadership.rounds.len() > 64 {
                    leadership.rounds.pop_front();
                }
            }
        }
        for other in self.others(effects) {
            self.send_entries(other, effects);
        }
    }

    /// Sends one follower the entries from `next_index` on, in as many messages as may be on their way; none is a heartbeat.
    pub(super) fn send_entries(&mut self, to: NodeId, effects: &mut Effects<'_>) {
        while self.send_message(to, effects) {}
    }

    /// Sends one of these messages. Returns whether another one may follow at once.
    fn send_message(&mut self, to: NodeId, effects: &mut Effects<'_>) -> bool {
        let (most, window, write_first) =
            (effects.config().entries_a_message, effects.config().in_flight, effects.config().write_first);
        let base = self.log.base();
        let Role::Leader(leadership) = &mut self.role else { return false };
        let round = leadership.round;
        let progress = &mut leadership.followers[to.index()];
        if progress.next_index <= base.index {
            progress.in_flight.clear();
            self.send_snapshot(to, effects);
            return false;
        }
        progress.sending = None;
        let prev_log_index = progress.next_index - 1;
        let has_more = prev_log_index < self.log.last_index();
        // While the leader looks for the place where the logs part, it waits for each answer.
        let counts = window > 0 && (progress.match_index > 0 || progress.next_index == 1);
        let is_full = counts && progress.in_flight.len() as u64 >= window;
        let entries = if has_more && !is_full { self.log.from(progress.next_index, most) } else { Vec::new() };
        progress.sent_index = prev_log_index + entries.len() as u64;
        if counts && !entries.is_empty() {
            progress.in_flight.push_back(progress.sent_index);
            progress.next_index = progress.sent_index + 1;
        }
        if has_more && is_full {
            effects.rule("flow_control");
            effects.note(|| {
                t!(
                    "{follower} gets no new entries for now: {count} messages to it have no answer yet.",
                    follower = to,
                    count = window
                )
            });
        }
        let goes_on = counts
            && !entries.is_empty()
            && progress.sent_index < self.log.last_index()
            && (progress.in_flight.len() as u64) < window;
        let message = Message::AppendEntries {
            term: self.term,
            leader: effects.me(),
            prev_log_index,
            prev_log_term: self.log.term_at(prev_log_index).unwrap_or(0),
            entries,
            leader_commit: self.commit_index,
            round,
        };
        if write_first {
            self.send_when_written(to, message, effects);
        } else {
            effects.send(to, message);
        }
        goes_on
    }

    /// Receiver of `AppendEntries`, rule 1: refuses an older term; else the sender is the leader of this term.
    /// Returns whether it is.
    pub(super) fn follow(&mut self, leader: NodeId, term: u64, reply: &Reply, effects: &mut Effects<'_>) -> bool {
        let me = effects.me();
        let before = (self.is_leader(), matches!(self.role, Role::Candidate { .. }));
        if !self.accept_leader(leader, term, reply, effects) {
            return false;
        }
        match before {
            (true, _) => effects.note(|| {
                t!("{node}, leader until now, follows {leader} in term {term}", node = me, leader = leader, term = term)
            }),
            (_, true) => effects.note(|| {
                t!("{node} gives up: {leader} is the leader of term {term}", node = me, leader = leader, term = term)
            }),
            _ => {}
        }
        true
    }

    /// The same without a word of it, for messages that have more to tell.
    pub(super) fn accept_leader(
        &mut self,
        leader: NodeId,
        term: u64,
        reply: &Reply,
        effects: &mut Effects<'_>,
    ) -> bool {
        let me = effects.me();
        self.observe_term(term, effects);
        if term < self.term || self.is_leader() {
            let now = self.term;
            effects.rule("old_term");
            effects
                .note(|| t!("{node} refuses {leader}: term {term} is over", node = me, leader = leader, term = term));
            effects.note(|| t!("{node} is in term {now} by now.", node = me, now = now));
            effects
                .send(reply.to, reply.message(self.term, Appended::Refused { prev_log_index: u64::MAX, try_next: 0 }));
            return false;
        }
        if !matches!(self.role, Role::Follower) {
            effects.rule("candidate_yields");
            self.become_follower(effects);
        }
        self.leader = Some(leader);
        self.heard_at_us = Some(effects.local_now());
        self.reset_election_timer(effects);
        true
    }

    /// Receiver of `AppendEntries`, rules 2 to 5.
    pub(super) fn on_append_entries(
        &mut self,
        previous: (u64, u64),
        mut entries: Vec<Entry>,
        leader_commit: u64,
        reply: &Reply,
        knew_leader: bool,
        effects: &mut Effects<'_>,
    ) {
        let (me, leader) = (effects.me(), reply.to);
        let before = (self.commit_index, self.log.last_index(), self.log.last_term());
        let (prev_log_index, prev_log_term) = self.behind_base(previous, &mut entries);
        if effects.config().rules.consistency_check && self.log.term_at(prev_log_index) != Some(prev_log_term) {
            let back_off = effects.config().back_off;
            let try_next = match back_off {
                BackOff::Entry => prev_log_index,
                BackOff::Term => self.log.first_of_term_at(prev_log_index).min(prev_log_index),
            };
            effects.rule("consistency_check");
            effects.note(|| t!("{node} refuses the entries of {leader}", node = me, leader = leader));
            effects.note(|| {
                t!("It has no entry {index} of term {term}, so its log may differ: {leader} has to start further back.", index = prev_log_index, term = prev_log_term, leader = leader)
            });
            effects.send(reply.to, reply.message(self.term, Appended::Refused { prev_log_index, try_next }));
            return;
        }

        // The index of the last entry that is known to be the leader's.
        let last_new = prev_log_index + entries.len() as u64;
        let count = entries.len();
        if count > 0 {
            self.store_entries(prev_log_index, entries, leader, effects);
        } else {
            effects.rule("heartbeat");
            effects.note(|| t!("{node} hears from its leader {leader}", node = me, leader = leader));
        }
        let known = if effects.config().rules.commit_bound { leader_commit.min(last_new) } else { leader_commit };
        if known > self.commit_index {
            self.commit_index = known;
            effects.rule("learn_commit");
            effects.because(&["commit_bound", "consistency_check"], || {
                t!("It learns that the log is committed up to entry {index}, and carries that out.", index = known)
            });
            self.apply(effects);
        }
        if count == 0 {
            effects.note(|| t!("Its election timer starts again."));
        }
        if knew_leader && before == (self.commit_index, self.log.last_index(), self.log.last_term()) {
            effects.routine("heard");
        }
        let stored = reply.message(self.term, Appended::Stored { match_index: last_new });
        self.send_when_written(reply.to, stored, effects);
    }

    /// Rules 3 and 4: deletes what conflicts and appends what is new.
    fn store_entries(&mut self, prev_log_index: u64, entries: Vec<Entry>, leader: NodeId, effects: &mut Effects<'_>) {
        let (me, length) = (effects.me(), self.log.last_index());
        // Without the consistency check there may be a gap: the entries then go where the log ends.
        let mut index = prev_log_index.min(length);
        let mut deleted = 0;
        let mut stored = 0;
        if !effects.config().rules.only_conflicts {
            deleted = length - index;
            self.cut_after(index, effects);
        }
        for entry in entries {
            index += 1;
            if self.log.term_at(index) == Some(entry.term) {
                continue;
            }
            if index <= self.log.last_index() {
                deleted = self.log.last_index() - index + 1;
                self.cut_after(index - 1, effects);
            }
            self.append(entry, effects);
            stored += 1;
        }
        if stored > 0 {
            self.save(effects);
        }
        effects.rule(if deleted > 0 { "overwrite_conflicts" } else { "consistency_check" });
        effects.note(|| match (stored, deleted) {
            (0, _) => t!("{node} has these entries of {leader} already", node = me, leader = leader),
            (1, 0) => t!("{node} stores entry {index} of {leader}", node = me, index = index, leader = leader),
            (_, 0) => t!("{node} stores {count} entries of {leader}", node = me, count = stored, leader = leader),
            _ => t!("{node} replaces entries of its log by those of {leader}", node = me, leader = leader),
        });
        if deleted > 0 {
            effects.because(&KEEP_COMMITTED, || {
                t!(
                    "It deletes {count} at its end that conflict with the leader's log; they were not committed.",
                    count = deleted
                )
            });
        }
    }

    /// A follower has answered: the leader learns how far its log agrees (rules for leaders).
    pub(super) fn on_appended(
        &mut self,
        from: NodeId,
        term: u64,
        round: u64,
        answer: Appended,
        effects: &mut Effects<'_>,
    ) {
        let (me, append_only) = (effects.me(), effects.config().rules.append_only);
        let was_leader = self.is_leader();
        let committed = self.commit_index;
        self.observe_term(term, effects);
        let current = self.term;
        let last_index = self.log.last_index();
        let leadership = match &mut self.role {
            Role::Leader(leadership) if term == current => leadership,
            _ => {
                if was_leader && !self.is_leader() {
                    effects.note(|| {
                        t!("{node} is leader no more: {other} is in term {term}", node = me, other = from, term = term)
                    });
                    effects.note(|| t!("A higher term means that a majority may follow somebody else."));
                } else {
                    effects.note(|| t!("{node} puts an old answer of {other} aside", node = me, other = from));
                    effects.routine("old answer");
                }
                return;
            }
        };
        let progress = &mut leadership.followers[from.index()];
        let is_latest = round > progress.round;
        progress.round = progress.round.max(round);
        leadership.note_heard(from, effects);
        let progress = &mut leadership.followers[from.index()];
        let mut is_routine = false;
        match answer {
            Appended::Stored { match_index } => {
                let match_index = match_index.min(last_index);
                let has_grown = match_index > progress.match_index;
                // What is committed already does not need another copy.
                is_routine = !has_grown || match_index <= committed;
                if has_grown {
                    progress.match_index = match_index;
                }
                progress.in_flight.retain(|last_index| *last_index > match_index);
                progress.next_index = progress.next_index.max(progress.match_index + 1);
                let lacks_more = progress.sent_index.max(progress.match_index) < last_index;
                if has_grown {
                    self.advance_commit_index(effects);
                    self.bring_up_to_date(effects);
                    self.pursue_transfer(from, effects);
                    effects.rule("match_index");
                    effects.note(|| {
                        t!(
                            "{node} learns that {other} has all entries up to {index}",
                            node = me,
                            other = from,
                            index = match_index
                        )
                    });
                    if lacks_more {
                        self.send_entries(from, effects);
                    }
                } else {
                    effects.note(|| t!("{other} answers the heartbeat of {node}", other = from, node = me));
                }
            }
            Appended::Refused { prev_log_index, .. } if is_latest && prev_log_index <= progress.match_index => {
                let match_index = std::mem::take(&mut progress.match_index);
                progress.next_index = prev_log_index.max(1);
                progress.sending = None;
                progress.in_flight.clear();
                effects.rule("back_off");
                effects.rule("stable_storage");
                effects.note(|| t!("{node} learns that {other} has lost its disk", node = me, other = from));
                effects.note(|| {
                    t!(
                        "{other} had stored all up to entry {index}, and counted for it: what was committed may be lost now. {node} goes back and sends it all again.",
                        other = from,
                        index = match_index,
                        node = me
                    )
                });
                self.send_entries(from, effects);
            }
            Appended::Refused { prev_log_index, try_next } => {
                // A refusal of an older message says nothing new.
                let is_awaited = prev_log_index == progress.next_index - 1 || !progress.in_flight.is_empty();
                if is_awaited && prev_log_index > progress.match_index {
                    let known = (!progress.in_flight.is_empty()).then_some(progress.match_index + 1);
                    progress.in_flight.clear();
                    progress.next_index = known.unwrap_or(try_next).clamp(progress.match_index + 1, prev_log_index);
                    let next_index = progress.next_index;
                    effects.rule("back_off");
                    effects.note(|| {
                        t!("{node} tries entry {index} with {other} next", node = me, other = from, index = next_index)
                    });
                    if append_only {
                        effects.note(|| t!("It goes back until it finds an entry that both logs hold."));
                    } else {
                        effects.note(|| {
                            t!("It deletes its own log from there on, to make it like that of {other}.", other = from)
                        });
                        effects.rule("append_only");
                        self.cut_after(next_index - 1, effects);
                        self.save(effects);
                    }
                    self.send_entries(from, effects);
                } else {
                    effects.note(|| t!("{node} puts an old answer of {other} aside", node = me, other = from));
                }
            }
        }
        if !self.answer_reads(effects) && is_routine {
            effects.routine("answer");
        }
    }

    /// Rule for leaders: what a majority has stored is committed, if it is of the leader's own term (section 5.4.2).
    pub(super) fn advance_commit_index(&mut self, effects: &mut Effects<'_>) {
        let Role::Leader(leadership) = &self.role else { return };
        let (me, own_term_only) = (effects.me(), effects.config().rules.own_term_commit);
        let (own, before) = (self.own_match(effects), self.commit_index);
        let followers = &leadership.followers;
        let stored = |server: NodeId| if server == me { own } else { followers[server.index()].match_index };
        let index = self.members().reached(effects.config(), stored);
        if index <= self.commit_index {
            return;
        }
        if own_term_only && self.log.term_at(index) != Some(self.term) {
            effects.rule("own_term_commit");
            effects.note(|| {
                t!("A majority has entry {index}, but {node} may not commit it yet", index = index, node = me)
            });
            effects.note(|| t!("It is of an older term, and another leader might still replace it."));
            return;
        }
        self.commit_index = index;
        if effects.config().write_us > 0 {
            effects.rule("count_when_written");
        }
        effects.rule("commit_majority");
        effects.note(|| t!("{node} commits the log up to entry {index}", node = me, index = index));
        let kept = || t!("A majority has stored it: every later leader will have it.");
        promise(&KEEP_COMMITTED, kept, effects);
        self.note_committed_members(before, effects);
        self.apply(effects);
        self.pursue_change(effects);
    }

    /// A client asks for something (section 8).
    pub(super) fn on_request(&mut self, request: Rc<Request>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let client = request.client.node;
        if self.is_handing_over() {
            effects.rule("transfer");
            effects.note(|| t!("{node} takes no command of {client}: it is handing over", node = me, client = client));
            let leader = None;
            effects.send(client, Message::Redirect { client: request.client, serial: request.serial, leader });
            return;
        }
        if !self.is_leader() {
            let leader = self.leader;
            effects.rule("redirect");
            effects.note(|| match leader {
                Some(leader) => {
                    t!("{node} sends {client} to the leader, {leader}", node = me, client = client, leader = leader)
                }
                None => t!("{node} knows no leader to send {client} to", node = me, client = client),
            });
            effects.send(client, Message::Redirect { client: request.client, serial: request.serial, leader });
            return;
        }
        let config = effects.config();
        let (once, read_mode) = (config.rules.client_sessions, config.read_mode);
        if once && let Some(result) = self.store.result_of(&request).cloned() {
            effects.rule("client_sessions");
            effects.note(|| t!("{node} gives {client} the same answer again", node = me, client = client));
            effects.note(|| t!("It has carried out this very command before, and does not do it twice."));
            answer(&request, result, effects);
            return;
        }
        if read_mode != ReadMode::Log && matches!(request.command, Command::Get { .. }) {
            self.on_read(request, effects);
            return;
        }
        if once && self.is_on_its_way(&request) {
            effects.rule("client_sessions");
            effects.note(|| t!("{node} has this command of {client} in its log already", node = me, client = client));
            return;
        }
        let index = self.log.last_index() + 1;
        effects.rule("leader_appends");
        effects.note(|| {
            t!(
                "{node} takes “{command}” from {client} as entry {index}",
                node = me,
                command = request.command.text(),
                client = client,
                index = index
            )
        });
        effects.because(&["majority"], || t!("It answers when a majority has stored it."));
        self.log.push(Entry { term: self.term, request: Some(request), members: None });
        self.save(effects);
        self.broadcast(effects);
        self.advance_commit_index(effects);
    }

    /// Whether this command stands in the log and is not committed yet.
    fn is_on_its_way(&self, request: &Request) -> bool {
        (self.last_applied + 1..=self.log.last_index())
            .filter_map(|index| self.log.entry(index)?.request.as_deref())
            .any(|other| other.client == request.client && other.serial == request.serial)
    }
}
