//! Changing the members: section 6 of the Raft paper, chapter 4 of the dissertation, and what D. Ongaro added in July 2015
//! ("bug in single-server membership changes", raft-dev).

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::Effects;
use super::log::Entry;
use super::members::{Change, ChangeAnswer, Configured, Members, Refused, ServerSet};
use super::message::Message;
use super::server::{Progress, Role, Server};
use super::settings::{Membership, NewServers};

/// A new server that has not caught up after so many rounds is given up (dissertation, section 4.2.1).
const MOST_ROUNDS: i64 = 10;

/// A change that a leader is making.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Changing {
    pub change: Change,
    /// The operator that waits for it, if one does.
    pub asked_by: Option<NodeId>,
}

/// A learner that is brought up to date in rounds: each sends all that the leader had when it began (dissertation, section
/// 4.2.1 and Figure 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CatchingUp {
    pub learner: NodeId,
    /// Counted from 1.
    pub round: i64,
    /// The round ends when it has this entry.
    pub goal: u64,
    /// By the leader's own clock.
    pub began_at_us: i64,
}

impl Server {
    /// The configuration that it goes by: the last one in its log, committed or not (section 6).
    pub fn members(&self) -> Members {
        self.configured.members
    }

    /// The other servers that take part.
    pub(super) fn others(&self, effects: &Effects<'_>) -> impl Iterator<Item = NodeId> + use<> {
        self.members().all().without(ServerSet::of(effects.me())).iter()
    }

    /// Adds an entry to its log. One with a configuration holds from now on.
    pub(super) fn append(&mut self, entry: Entry, effects: &mut Effects<'_>) {
        let members = entry.members;
        self.log.push(entry);
        if let Some(members) = members {
            self.go_by(Configured { index: self.log.last_index(), members }, effects);
        }
    }

    /// Deletes all entries after this one. If the configuration that it goes by is among them, the one before holds again
    /// (dissertation, section 4.1).
    pub(super) fn cut_after(&mut self, index: u64, effects: &mut Effects<'_>) {
        self.log.truncate_after(index);
        self.storage.forget_after(self.log.last_index());
        if self.configured.index > self.log.last_index() {
            let before = self.configured_at(self.log.last_index(), effects);
            self.go_by(before, effects);
        }
    }

    /// The last configuration up to an entry that is not before its snapshot.
    pub(super) fn configured_at(&self, index: u64, effects: &Effects<'_>) -> Configured {
        let held = |index| self.log.entry(index)?.members.map(|members| Configured { index, members });
        let in_snapshot = || self.snapshot.as_ref().map(|snapshot| snapshot.configured);
        let in_log = (self.log.base().index + 1..=index).rev().find_map(held);
        in_log.or_else(in_snapshot).unwrap_or_else(|| Configured::first(effects.config()))
    }

    /// Goes by another configuration.
    pub(super) fn go_by(&mut self, configured: Configured, effects: &mut Effects<'_>) {
        let could_stand = self.may_stand(effects);
        self.configured = configured;
        if !self.is_leader() && !could_stand {
            self.reset_election_timer(effects);
        }
    }

    /// Whether it may become leader: it votes in the configuration that it goes by; or that one may still be deleted, and it
    /// votes in the one before (dissertation, section 4.2.2 and Figure 4.6).
    pub fn may_stand(&self, effects: &Effects<'_>) -> bool {
        let me = effects.me();
        let Configured { index, members } = self.configured;
        members.all_voters().contains(me)
            || index > self.commit_index.max(self.log.base().index)
                && self.configured_at(index - 1, effects).members.all_voters().contains(me)
    }

    /// Somebody asks for other members.
    pub(super) fn on_change(&mut self, change: Change, asked_by: Option<NodeId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.is_leader() {
            let leader = self.leader;
            effects.rule("redirect");
            effects.note(|| match leader {
                Some(leader) => t!("{node} does not lead: {leader} does", node = me, leader = leader),
                None => t!("{node} does not lead, and knows no leader", node = me),
            });
            effects.note(|| t!("Only a leader changes the members: they are an entry of its log."));
            tell(asked_by, change, ChangeAnswer::Redirect(leader), effects);
            return;
        }
        match self.plan(change, effects) {
            Err(why) => {
                effects.rule(why.rule());
                effects.note(|| t!("{node} does not do that: {change}", node = me, change = change.text()));
                effects.note(|| why.text());
                tell(asked_by, change, ChangeAnswer::Refused(why), effects);
            }
            Ok(members) => {
                if let Role::Leader(leadership) = &mut self.role {
                    leadership.changing = Some(Changing { change, asked_by });
                    if self.commit_index < leadership.opened_at {
                        effects.rule("current_term_first");
                    }
                }
                self.change_to(members, effects);
            }
        }
    }

    /// What a change comes to, or why it cannot be now.
    fn plan(&self, change: Change, effects: &Effects<'_>) -> Result<Members, Refused> {
        let Role::Leader(leadership) = &self.role else { return Err(Refused::NoSuchMembers) };
        let (config, members) = (effects.config(), self.members());
        let rules = config.rules;
        let is_pending = self.configured.index > self.commit_index || leadership.catching_up.is_some();
        if leadership.transfer.is_some() {
            return Err(Refused::HandingOver);
        }
        if members.is_joint() || rules.one_change && is_pending {
            return Err(Refused::Changing);
        }
        if rules.current_term_first && self.commit_index < leadership.opened_at {
            return Err(Refused::TermNotOpen);
        }
        let planned = match change {
            Change::Add(server) if members.all().contains(server) => return Err(Refused::Already),
            Change::Add(server) if config.new_servers != NewServers::Vote => {
                Members { learners: members.learners.with(ServerSet::of(server)), ..members }
            }
            Change::Add(server) => self.voting(members.voters.with(ServerSet::of(server)), config.membership),
            Change::Promote(server) if !members.learners.contains(server) => return Err(Refused::Already),
            // As etcd: server.go, readyPercentThreshold 0.9.
            Change::Promote(server) if self.match_of(server) * 10 < self.log.last_index() * 9 => {
                return Err(Refused::NotReady);
            }
            Change::Promote(server) => self.voting(members.voters.with(ServerSet::of(server)), config.membership),
            Change::Remove(server) if members.learners.contains(server) => {
                Members { learners: members.learners.without(ServerSet::of(server)), ..members }
            }
            Change::Remove(server) => self.voting(members.voters.without(ServerSet::of(server)), config.membership),
            Change::Set(voters) => self.voting(voters, config.membership),
        };
        let voters = planned.target();
        let changed = voters.without(members.voters).count() + members.voters.without(voters).count();
        if voters.is_empty() || !planned.all().without(ServerSet::first(config.servers)).is_empty() {
            Err(Refused::NoSuchMembers)
        } else if changed == 0 && planned.learners == members.learners {
            Err(Refused::Already)
        } else if config.membership == Membership::Single && changed > 1 {
            Err(Refused::OneAtATime)
        } else {
            Ok(planned)
        }
    }

    /// The configuration in which these vote: at once, or by way of one in which two hold.
    fn voting(&self, voters: ServerSet, membership: Membership) -> Members {
        let members = self.members();
        let learners = members.learners.without(voters);
        match membership {
            Membership::Joint => Members { voters: members.voters, next_voters: voters, learners },
            Membership::Single | Membership::Direct => Members { voters, next_voters: ServerSet::default(), learners },
        }
    }

    /// How much of its log a server has, as far as a leader knows.
    fn match_of(&self, server: NodeId) -> u64 {
        match &self.role {
            Role::Leader(leadership) => leadership.followers[server.index()].match_index,
            _ => 0,
        }
    }

    /// A leader adds a configuration to its log, and goes by it from now on.
    fn change_to(&mut self, members: Members, effects: &mut Effects<'_>) {
        let (me, term, before) = (effects.me(), self.term, self.members());
        let next_index = self.log.last_index() + 1;
        let config = effects.config();
        let is_direct = config.membership == Membership::Direct;
        effects.rule(if members.is_joint() { "joint" } else { "one_change" });
        effects.note(|| {
            t!(
                "{node} changes the members with entry {index}: {members}",
                node = me,
                index = next_index,
                members = members.text()
            )
        });
        if members.is_joint() {
            effects.because(&["both_majorities"], || {
                t!("Until that is done, nothing is decided without a majority of the old voters and one of the new.")
            });
        } else if !before.is_joint() && members.voters != before.voters {
            effects.note(|| t!("It goes by them at once. Who has not got this entry goes by those before."));
            if is_direct {
                effects.note(|| t!("A majority of the new voters need not share a server with one of the old."));
            }
        }
        if let Role::Leader(leadership) = &mut self.role {
            for server in members.all().without(before.all()).iter() {
                leadership.followers[server.index()] = Progress::new(next_index);
            }
        }
        self.append(Entry { term, request: None, members: Some(members) }, effects);
        self.save(effects);
        self.broadcast(effects);
        self.advance_commit_index(effects);
    }

    /// A leader sees to what follows from a configuration once it is committed.
    pub(super) fn pursue_change(&mut self, effects: &mut Effects<'_>) {
        let (members, me) = (self.members(), effects.me());
        let Role::Leader(leadership) = &mut self.role else { return };
        if self.configured.index > self.commit_index || self.commit_index < leadership.opened_at {
            return;
        }
        if members.is_joint() {
            self.change_to(members.next(), effects);
            return;
        }
        if !members.voters.contains(me) {
            effects.rule("leader_steps_down");
            if effects.config().rules.leader_steps_down {
                self.leave(effects);
                return;
            }
        }
        let learner =
            members.learners.iter().next().filter(|_| effects.config().new_servers == NewServers::LearnThenVote);
        if let Some(learner) = learner {
            let first = CatchingUp { learner, round: 1, goal: self.log.last_index(), began_at_us: effects.local_now() };
            leadership.catching_up.get_or_insert(first);
            self.bring_up_to_date(effects);
        } else if let Some(Changing { change, asked_by }) = leadership.changing.take() {
            tell(asked_by, change, ChangeAnswer::Done(members), effects);
        }
    }

    /// A leader that is no member any more gives up, once that is committed (dissertation, section 4.2.2).
    fn leave(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.note(|| t!("{node} leads no more: it is not a member", node = me));
        effects.note(|| t!("It led until its removal was committed, and did not count itself."));
        if effects.config().transfer_on_leave
            && let Some(next) = self.members().voters.iter().max_by_key(|server| self.match_of(*server))
        {
            self.tell_to_stand(next, effects);
        }
        self.become_follower(effects);
        self.leader = None;
    }

    /// Whether the round of a learner is over, and what comes next (dissertation, section 4.2.1).
    pub(super) fn bring_up_to_date(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, last_index) = (effects.me(), effects.local_now(), self.log.last_index());
        let (timeout_us, membership) = (effects.config().timeout_least_us as i64, effects.config().membership);
        let (members, is_settled) = (self.members(), self.configured.index <= self.commit_index);
        let Role::Leader(leadership) = &mut self.role else { return };
        let Some(round) = leadership.catching_up.filter(|_| is_settled) else { return };
        let learner = round.learner;
        let took_us = now_us.saturating_sub(round.began_at_us);
        let is_over = leadership.followers[learner.index()].match_index >= round.goal;
        if is_over && took_us >= timeout_us && round.round < MOST_ROUNDS {
            let next = CatchingUp { round: round.round + 1, goal: last_index, began_at_us: now_us, ..round };
            leadership.catching_up = Some(next);
            effects.rule("learners");
            effects.note(|| t!("{server} begins round {round} of catching up", server = learner, round = next.round));
        } else if is_over && took_us < timeout_us {
            leadership.catching_up = None;
            effects.rule("learners");
            effects.note(|| t!("{server} has caught up with {node}, and is to vote", server = learner, node = me));
            self.change_to(self.voting(members.voters.with(ServerSet::of(learner)), membership), effects);
        } else if is_over || took_us >= timeout_us * MOST_ROUNDS {
            leadership.catching_up = None;
            effects.rule("learners");
            effects.note(|| t!("{node} gives {server} up: it is too slow", node = me, server = learner));
            let learners = members.learners.without(ServerSet::of(learner));
            self.change_to(Members { learners, ..members }, effects);
        }
    }

    /// Says that the members are committed, once they are.
    pub(super) fn note_committed_members(&self, before: u64, effects: &mut Effects<'_>) {
        let Configured { index, members } = self.configured;
        if before < index && index <= self.commit_index {
            effects.rule(if members.is_joint() { "joint" } else { "one_change" });
            effects.note(|| t!("These members are committed: {members}.", members = members.text()));
        }
    }
}

impl Members {
    /// Who votes in the end.
    fn target(self) -> ServerSet {
        if self.is_joint() { self.next_voters } else { self.voters }
    }
}

impl Refused {
    /// The rule for it.
    fn rule(self) -> &'static str {
        match self {
            Refused::TermNotOpen => "current_term_first",
            Refused::NotReady => "learners",
            Refused::HandingOver => "transfer",
            _ => "one_change",
        }
    }
}

/// Tells an operator, if one has asked.
fn tell(asked_by: Option<NodeId>, change: Change, answer: ChangeAnswer, effects: &mut Effects<'_>) {
    if let Some(operator) = asked_by {
        effects.send(operator, Message::Changed { change, answer });
    }
}

/// Says what rests on majorities that share a server. In one step members may change so that two of them share none.
pub(super) fn promise(rules: &[&'static str], promise: impl FnOnce() -> Text, effects: &mut Effects<'_>) {
    if effects.config().membership == Membership::Direct {
        effects.note(|| {
            t!("The members change in one step here: another majority need not share a server with this one.")
        });
    } else {
        effects.because(rules, promise);
    }
}
