//! Elections: sections 5.2 and 5.4.1 of the Raft paper.

use std::collections::VecDeque;

use sim::{NodeId, t, time_us};

use super::log::Entry;
use super::members::ServerSet;
use super::membership::promise;
use super::message::Message;
use super::rules::ONE_LEADER;
use super::server::{Leadership, Progress, Role, Server};
use super::{Effects, Timer};

impl Server {
    /// It has heard no leader for an election timeout.
    pub(super) fn on_election_timeout(&mut self, effects: &mut Effects<'_>) {
        if self.is_leader() || !self.may_stand(effects) {
            return;
        }
        if effects.config().pre_vote && effects.config().rules.ask_first {
            self.start_pre_vote(effects);
        } else {
            if effects.config().pre_vote {
                effects.rule("ask_first");
            }
            self.start_election(false, effects);
        }
    }

    /// Rules for candidates: a new term, a vote for itself, a new timer, and a question to everybody.
    pub(super) fn start_election(&mut self, transfer: bool, effects: &mut Effects<'_>) {
        let (me, old_term) = (effects.me(), self.term);
        let (waited_us, stood_already) = (self.timeout_us, matches!(self.role, Role::Candidate { .. }));
        let asked_first = matches!(self.role, Role::PreCandidate { .. });
        self.term += 1;
        self.role = Role::Candidate { votes: ServerSet::of(me), transfer };
        self.voted_for = Some(me);
        self.leader = None;
        self.save(effects);
        self.reset_election_timer(effects);

        effects.rule(match (transfer, asked_first, stood_already) {
            (true, ..) => "transfer",
            (_, true, _) => "ask_first",
            (.., true) => "random_timeouts",
            _ => "election_timeout",
        });
        let term = self.term;
        effects.note(|| t!("{node} asks for votes in term {term}", node = me, term = term));
        effects.note(|| {
            if transfer {
                t!("The leader hands over to it, so it does not wait for its timer.")
            } else if asked_first {
                t!("It has asked first, and a majority would vote for it.")
            } else if stood_already {
                t!(
                    "Nobody gave it a majority in term {term} in {time}: it tries again.",
                    term = old_term,
                    time = time_us(waited_us)
                )
            } else {
                t!("It waited {time} and heard no leader.", time = time_us(waited_us))
            }
        });
        let (last_log_index, last_log_term) = (self.log.last_index(), self.log.last_term());
        for other in self.others(effects) {
            let ask = Message::RequestVote { term, last_log_index, last_log_term, transfer };
            self.send_when_written(other, ask, effects);
        }
        self.count_votes(effects);
    }

    /// Receiver of `RequestVote`: one vote a term, for a candidate whose log is at least as up to date.
    pub(super) fn on_request_vote(
        &mut self,
        from: NodeId,
        term: u64,
        last_log: (u64, u64),
        transfer: bool,
        effects: &mut Effects<'_>,
    ) {
        let (me, rules, is_leased) = (effects.me(), effects.config().rules, effects.config().has_leases());
        if term > self.term && !transfer && self.listens_to_a_leader(effects) {
            effects.rule("leader_heard");
            effects.note(|| t!("{node} refuses its vote to {candidate}", node = me, candidate = from));
            effects.note(|| match is_leased {
                true => t!("It has heard from a leader a moment ago, and the leader's lease counts on that."),
                false => t!("It has heard from a leader a moment ago, and helps nobody to depose it."),
            });
            let term = self.term;
            effects.send(from, Message::Vote { term, granted: false });
            return;
        }
        let was_leader = self.is_leader();
        self.observe_term(term, effects);
        let steps_down = was_leader && !self.is_leader();

        let refusal = if term < self.term {
            Some(Refusal::OldTerm)
        } else if rules.one_vote && self.voted_for.is_some_and(|voted_for| voted_for != from) || self.is_leader() {
            Some(Refusal::VotedAlready)
        } else if rules.up_to_date_vote && !self.log.is_no_newer_than(last_log.0, last_log.1) {
            Some(Refusal::OlderLog)
        } else {
            None
        };
        let granted = refusal.is_none();
        if granted {
            self.voted_for = Some(from);
            self.save(effects);
            self.reset_election_timer(effects);
        }
        self.note_vote(from, term, refusal, effects);
        if steps_down {
            effects.note(|| t!("It is leader no more: term {term} has begun.", term = term));
        }
        let term = self.term;
        self.send_when_written(from, Message::Vote { term, granted }, effects);
    }

    fn note_vote(&self, candidate: NodeId, asked: u64, refusal: Option<Refusal>, effects: &mut Effects<'_>) {
        let (me, term, last_term) = (effects.me(), self.term, self.log.last_term());
        if refusal.is_none() {
            effects.rule("one_vote");
        }
        effects.rule(match refusal {
            None | Some(Refusal::OlderLog) => "up_to_date_vote",
            Some(Refusal::OldTerm) => "old_term",
            Some(Refusal::VotedAlready) => "one_vote",
        });
        effects.note(|| match refusal {
            None => t!("{node} votes for {candidate} in term {term}", node = me, candidate = candidate, term = asked),
            Some(_) => {
                t!(
                    "{node} refuses its vote to {candidate} in term {term}",
                    node = me,
                    candidate = candidate,
                    term = asked
                )
            }
        });
        let voted_for = self.voted_for;
        let Some(refusal) = refusal else {
            effects.because(&["one_vote", "up_to_date_vote", "persist_vote", "persist_term"], || {
                t!(
                    "It has given no other vote in this term, and it knows no entry that {candidate} might lack.",
                    candidate = candidate
                )
            });
            return;
        };
        effects.note(|| match (refusal, voted_for) {
            (Refusal::OldTerm, _) => {
                t!("Term {asked} is over: {node} is in term {term}.", asked = asked, node = me, term = term)
            }
            (Refusal::VotedAlready, Some(other)) if other != me => {
                t!("It has voted for {other}: one vote a term.", other = other)
            }
            (Refusal::VotedAlready, _) => t!("It has voted for itself: one vote a term."),
            (Refusal::OlderLog, _) => {
                t!("Its own log is more up to date: the last entry is of term {last}.", last = last_term)
            }
        });
    }

    /// A vote, or a refusal, comes back to a candidate.
    pub(super) fn on_vote(&mut self, from: NodeId, term: u64, granted: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let was_candidate = matches!(self.role, Role::Candidate { .. });
        self.observe_term(term, effects);
        let counts = term == self.term && granted;
        match &mut self.role {
            Role::Candidate { votes, .. } if counts => {
                votes.insert(from);
                let votes = *votes;
                self.note_votes(votes, effects);
                self.count_votes(effects);
            }
            _ if granted => {
                effects.note(|| match counts {
                    true => t!("One more vote for {node}: the election is decided", node = me),
                    false => t!("A vote of an older term comes too late for {node}", node = me),
                });
                effects.routine("late vote");
            }
            _ => {
                effects.note(|| t!("{voter} has refused {node} its vote", voter = from, node = me));
                if was_candidate && term == self.term && !matches!(self.role, Role::Candidate { .. }) {
                    effects.note(|| t!("{node} learns of term {term} and becomes a follower.", node = me, term = term));
                }
            }
        }
    }

    fn count_votes(&mut self, effects: &mut Effects<'_>) {
        if let Role::Candidate { votes, .. } = self.role
            && self.members().decide(votes, effects.config())
        {
            self.become_leader(votes, effects);
        }
    }

    /// Says how many votes there are, of those that it needs.
    pub(super) fn note_votes(&self, votes: ServerSet, effects: &mut Effects<'_>) {
        let (me, members) = (effects.me(), self.members());
        if members.decide(votes, effects.config()) {
            return;
        }
        let lacking = |(voters, needed): &(ServerSet, usize)| votes.shared_with(*voters).count() < *needed;
        let Some((voters, needed)) = members.needed(effects.config()).find(lacking) else { return };
        effects.rule("majority");
        effects.note(|| {
            t!(
                "{node} has {votes} of {needed} votes that it needs",
                node = me,
                votes = votes.shared_with(voters).count(),
                needed = needed
            )
        });
        if members.is_joint() {
            effects.rule("both_majorities");
            effects.note(|| t!("It needs them of {servers}: two configurations hold.", servers = voters.text()));
        }
    }

    /// Rules for leaders: it opens its term with an empty entry and tells everybody at once.
    fn become_leader(&mut self, votes: ServerSet, effects: &mut Effects<'_>) {
        let (me, term, servers) = (effects.me(), self.term, effects.config().servers);
        let voters = self.members().all_voters();
        let votes = votes.shared_with(voters);
        effects.rule("majority");
        effects.rule("no_op");
        effects.note(|| t!("{node} becomes the leader of term {term}", node = me, term = term));
        let enough = || {
            t!(
                "{votes} of {servers} servers have voted for it: nobody else can get as many.",
                votes = votes.count(),
                servers = voters.count()
            )
        };
        promise(&ONE_LEADER, enough, effects);

        let next_index = self.log.last_index() + 1;
        self.log.push(Entry::no_op(term));
        self.role = Role::Leader(Leadership {
            followers: vec![Progress::new(next_index); usize::from(servers)],
            opened_at: next_index,
            round: 0,
            reads: VecDeque::new(),
            rounds: VecDeque::new(),
            lease_until_us: None,
            heard: ServerSet::default(),
            transfer: None,
            changing: None,
            catching_up: None,
        });
        self.leader = Some(me);
        self.save(effects);
        effects.cancel_timer(Timer::Election);
        let heartbeat_us = effects.config().heartbeat_us;
        effects.set_timer(Timer::Heartbeat, heartbeat_us);
        self.plan_quorum_check(effects);
        self.broadcast(effects);
        self.advance_commit_index(effects);
    }

    /// Whether this server must not help to depose a leader: leases need that, and leaders that count who answers them
    /// (dissertation, section 4.2.3).
    fn listens_to_a_leader(&self, effects: &Effects<'_>) -> bool {
        let config = effects.config();
        match &self.role {
            Role::Leader(_) if config.check_quorum => true,
            Role::Leader(leadership) => {
                leadership.lease_until_us.is_some_and(|until_us| effects.local_now() < until_us)
            }
            Role::Candidate { .. } => false,
            Role::Follower | Role::PreCandidate { .. } => {
                (config.has_leases() || config.check_quorum) && self.has_heard_a_leader(effects)
            }
        }
    }

    /// Whether it has heard from a leader within the least election timeout, by its own clock.
    pub(super) fn has_heard_a_leader(&self, effects: &Effects<'_>) -> bool {
        let least_us = effects.config().timeout_least_us as i64;
        self.heard_at_us.is_some_and(|at_us| effects.local_now().saturating_sub(at_us) < least_us)
    }
}

/// Why a server refuses its vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    OldTerm,
    VotedAlready,
    OlderLog,
}
