//! Elections: sections 5.2 and 5.4.1 of the Raft paper.

use std::collections::VecDeque;

use sim::{NodeId, t, time_us};

use super::ReadMode;
use super::log::Entry;
use super::message::Message;
use super::rules::ONE_LEADER;
use super::server::{Leadership, Progress, Role, Server, Votes};
use super::{Effects, Timer};

impl Server {
    /// Rules for candidates: a new term, a vote for itself, a new timer, and a question to everybody.
    pub(super) fn start_election(&mut self, effects: &mut Effects<'_>) {
        if self.is_leader() {
            return;
        }
        let (me, old_term) = (effects.me(), self.term);
        let (waited_us, stood_already) = (self.timeout_us, matches!(self.role, Role::Candidate { .. }));
        let mut votes = Votes::default();
        votes.insert(me);
        self.term += 1;
        self.role = Role::Candidate { votes };
        self.voted_for = Some(me);
        self.leader = None;
        self.save(effects);
        self.reset_election_timer(effects);

        effects.rule(if stood_already { "random_timeouts" } else { "election_timeout" });
        let term = self.term;
        effects.note(|| t!("{node} asks for votes in term {term}", node = me, term = term));
        effects.note(|| {
            if stood_already {
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
        for other in Server::others(effects) {
            effects.send(other, Message::RequestVote { term, last_log_index, last_log_term });
        }
        self.count_votes(effects);
    }

    /// Receiver of `RequestVote`: one vote a term, for a candidate whose log is at least as up to date.
    pub(super) fn on_request_vote(&mut self, from: NodeId, term: u64, last_log: (u64, u64), effects: &mut Effects<'_>) {
        let (me, rules) = (effects.me(), effects.config().rules);
        if term > self.term && self.listens_to_a_leader(effects) {
            effects.rule("leader_heard");
            effects.note(|| t!("{node} refuses its vote to {candidate}", node = me, candidate = from));
            effects.note(|| t!("It has heard from a leader a moment ago, and the leader's lease counts on that."));
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
        effects.send(from, Message::Vote { term, granted });
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
            Role::Candidate { votes } if counts => {
                votes.insert(from);
                let votes = votes.count();
                let needed = effects.config().majority();
                if votes < needed {
                    effects.rule("majority");
                    effects.note(|| {
                        t!(
                            "{node} has {votes} of {needed} votes that it needs",
                            node = me,
                            votes = votes,
                            needed = needed
                        )
                    });
                }
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
        if let Role::Candidate { votes } = self.role
            && votes.count() >= effects.config().majority()
        {
            self.become_leader(votes, effects);
        }
    }

    /// Rules for leaders: it opens its term with an empty entry and tells everybody at once.
    fn become_leader(&mut self, votes: Votes, effects: &mut Effects<'_>) {
        let (me, term, servers) = (effects.me(), self.term, effects.config().servers);
        effects.rule("majority");
        effects.rule("no_op");
        effects.note(|| t!("{node} becomes the leader of term {term}", node = me, term = term));
        effects.because(&ONE_LEADER, || {
            t!(
                "{votes} of {servers} servers have voted for it: nobody else can get as many.",
                votes = votes.count(),
                servers = servers
            )
        });

        let next_index = self.log.last_index() + 1;
        let progress = Progress { next_index, match_index: 0, sent_index: next_index - 1, round: 0, sending: None };
        self.log.push(Entry::no_op(term));
        self.role = Role::Leader(Leadership {
            followers: vec![progress; usize::from(servers)],
            opened_at: next_index,
            round: 0,
            reads: VecDeque::new(),
            rounds: VecDeque::new(),
            lease_until_us: None,
        });
        self.leader = Some(me);
        self.save(effects);
        effects.cancel_timer(Timer::Election);
        let heartbeat_us = effects.config().heartbeat_us;
        effects.set_timer(Timer::Heartbeat, heartbeat_us);
        self.broadcast(effects);
        self.advance_commit_index(effects);
    }

    /// Whether this server must not help to depose a leader: only leases need that (dissertation, section 4.2.3).
    fn listens_to_a_leader(&self, effects: &Effects<'_>) -> bool {
        let config = effects.config();
        if config.read_mode != ReadMode::Lease {
            return false;
        }
        let now_us = effects.local_now();
        match &self.role {
            Role::Leader(leadership) => leadership.lease_until_us.is_some_and(|until_us| now_us < until_us),
            Role::Candidate { .. } => false,
            Role::Follower => {
                self.heard_at_us.is_some_and(|at_us| now_us.saturating_sub(at_us) < config.timeout_least_us as i64)
            }
        }
    }
}

/// Why a server refuses its vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    OldTerm,
    VotedAlready,
    OlderLog,
}
