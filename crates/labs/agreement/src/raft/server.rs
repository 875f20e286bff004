//! A server: the state of Figure 2 of the Raft paper and the rules for all servers. Elections, replication and reads
//! have files of their own.

use std::collections::VecDeque;
use std::rc::Rc;

use parts::store::{Request, Store};
use serde::Serialize;
use sim::history::Value;
use sim::{NodeId, t};

use super::log::Log;
use super::members::{Configured, ServerSet};
use super::membership::{CatchingUp, Changing};
use super::message::{Appended, Message};
use super::snapshot::{Incoming, Sending, Snapshot};
use super::storage::Storage;
use super::{Disk, Effects, Timer};

/// A server.
#[derive(Clone, Debug, Serialize)]
pub struct Server {
    /// The latest term that this server has seen (Figure 2: `currentTerm`).
    pub term: u64,
    /// The candidate that got this server's vote in this term.
    pub voted_for: Option<NodeId>,
    /// The log.
    pub log: Log,
    /// The highest index known to be committed.
    pub commit_index: u64,
    /// The highest index carried out by the state machine.
    pub last_applied: u64,
    /// The state machine.
    pub store: Store,
    /// What this server is in this term (Figure 4).
    pub role: Role,
    /// The leader of this term, as far as it is known.
    pub leader: Option<NodeId>,
    /// The election timeout that was drawn last.
    pub timeout_us: u64,
    /// When this server last heard from a leader, by its own clock.
    pub heard_at_us: Option<i64>,
    /// Its latest snapshot (section 7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Rc<Snapshot>>,
    /// The snapshot of which its leader has sent it some parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incoming: Option<Incoming>,
    /// The configuration that it goes by. It follows from log and snapshot, and need not be told apart from them.
    #[serde(skip)]
    pub configured: Configured,
    /// To whom it has said last that it would vote for it, and in which term (dissertation, section 9.6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub would_vote: Option<(NodeId, u64)>,
    /// What is on its way to a slow disk.
    #[serde(skip_serializing_if = "Storage::is_unused")]
    pub storage: Storage,
}

/// What a server is in its term (Figure 4).
#[derive(Clone, Debug, Serialize)]
pub enum Role {
    Follower,
    Candidate {
        votes: ServerSet,
        /// Whether a leader has told it to stand.
        #[serde(skip_serializing_if = "is_false")]
        transfer: bool,
    },
    Leader(Leadership),
    /// It asks whether it would be elected, and has begun no term (dissertation, section 9.6).
    PreCandidate {
        votes: ServerSet,
    },
}

/// What a leader keeps, made anew after each election (Figure 2, volatile state on leaders).
#[derive(Clone, Debug, Serialize)]
pub struct Leadership {
    /// One for each server, in the order of their ids; the leader's own stays unused.
    pub followers: Vec<Progress>,
    /// The index of the empty entry that opened the term (section 8).
    pub opened_at: u64,
    /// How many rounds of `AppendEntries` it has sent.
    pub round: u64,
    /// Reads that wait for their round or their entry (section 8).
    pub reads: VecDeque<Read>,
    /// The moments at which recent rounds began, by the leader's own clock; kept for leases only.
    pub rounds: VecDeque<(u64, i64)>,
    /// Until when a majority listens to this leader only, by its own clock; with leases only.
    pub lease_until_us: Option<i64>,
    /// Who has answered since it last counted (dissertation, section 6.2).
    #[serde(skip_serializing_if = "ServerSet::is_none")]
    pub heard: ServerSet,
    /// To whom it is handing over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer: Option<NodeId>,
    /// The change of the members that it is making.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changing: Option<Changing>,
    /// The learner that it brings up to date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catching_up: Option<CatchingUp>,
}

/// What a leader knows about one follower.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Progress {
    /// The next entry to send.
    pub next_index: u64,
    /// The highest entry known to be stored there.
    pub match_index: u64,
    /// The highest entry sent so far.
    pub sent_index: u64,
    /// The latest round that the follower has answered.
    pub round: u64,
    /// The snapshot that is being sent to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sending: Option<Sending>,
    /// The last entries of the messages that have no answer yet; only where these are counted.
    #[serde(skip_serializing_if = "VecDeque::is_empty")]
    pub in_flight: VecDeque<u64>,
}

impl Progress {
    /// Of a server of which nothing is known yet.
    pub(super) fn new(next_index: u64) -> Progress {
        Progress {
            next_index,
            match_index: 0,
            sent_index: next_index - 1,
            round: 0,
            sending: None,
            in_flight: VecDeque::new(),
        }
    }
}

/// A read that a leader has yet to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Read {
    pub request: Rc<Request>,
    /// The state machine has to get here first.
    pub read_index: u64,
    /// A majority has to answer this round, or a later one.
    pub round: u64,
}

impl Server {
    /// A server that starts with what is on its disk: as a follower (section 5.2).
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Server {
        let snapshot = disk.snapshot.clone();
        let carried_out = snapshot.as_ref().map_or(0, |snapshot| snapshot.last.index);
        let mut server = Server {
            term: disk.term,
            voted_for: disk.voted_for,
            log: disk.log.clone(),
            commit_index: carried_out,
            last_applied: carried_out,
            store: snapshot.as_ref().map_or_else(Store::default, |snapshot| snapshot.store.clone()),
            role: Role::Follower,
            leader: None,
            timeout_us: 0,
            // It may have heard from a leader just before the crash.
            heard_at_us: Some(effects.local_now()),
            snapshot,
            incoming: None,
            configured: Configured::default(),
            would_vote: None,
            storage: Storage::new(disk.log.last_index()),
        };
        server.configured = server.configured_at(server.log.last_index(), effects);
        server.reset_election_timer(effects);
        let term = server.term;
        effects.rule("starts_as_follower");
        effects.note(|| t!("It starts as a follower in term {term}, with what is on its disk.", term = term));
        server
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::RequestVote { term, last_log_index, last_log_term, transfer } => {
                self.on_request_vote(from, term, (last_log_index, last_log_term), transfer, effects);
            }
            Message::Vote { term, granted } => self.on_vote(from, term, granted, effects),
            Message::AppendEntries { term, leader, prev_log_index, prev_log_term, entries, leader_commit, round } => {
                let reply = Reply { to: from, round };
                let knew_leader = term == self.term && self.leader == Some(leader);
                if self.follow(leader, term, &reply, effects) {
                    let previous = (prev_log_index, prev_log_term);
                    self.on_append_entries(previous, entries, leader_commit, &reply, knew_leader, effects);
                }
            }
            Message::Appended { term, round, answer } => self.on_appended(from, term, round, answer, effects),
            Message::Request(request) => self.on_request(request, effects),
            Message::InstallSnapshot { term, leader, snapshot, offset, done, round } => {
                let reply = Reply { to: from, round };
                if self.accept_leader(leader, term, &reply, effects) {
                    self.on_install_snapshot(&snapshot, offset, done, &reply, effects);
                }
            }
            Message::Installed { term, round, last_index, offset, next } => {
                self.on_installed(from, (term, round), last_index, offset, next, effects);
            }
            Message::RequestPreVote { term, last_log_index, last_log_term } => {
                self.on_request_pre_vote(from, term, (last_log_index, last_log_term), effects);
            }
            Message::PreVote { term, granted } => self.on_pre_vote(from, term, granted, effects),
            Message::TimeoutNow { term } => self.on_timeout_now(from, term, effects),
            Message::Change(change) => self.on_change(change, Some(from), effects),
            Message::Answer { .. } | Message::Redirect { .. } | Message::Changed { .. } => {}
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Election => self.on_election_timeout(effects),
            Timer::Heartbeat => self.beat(effects),
            Timer::Snapshot => self.take_snapshot(effects),
            Timer::CheckQuorum => self.check_quorum(effects),
            Timer::Transfer => self.give_up_transfer(effects),
            Timer::Write => self.on_written(effects),
            Timer::Retry | Timer::Workload | Timer::Change => {}
        }
    }

    /// Whether this server leads, as far as it knows.
    pub fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Rule for all servers: a higher term in any message makes a follower of this server (section 5.1).
    pub(super) fn observe_term(&mut self, term: u64, effects: &mut Effects<'_>) {
        if term <= self.term {
            return;
        }
        self.term = term;
        self.voted_for = None;
        self.leader = None;
        let is_follower = matches!(self.role, Role::Follower);
        let steps_down = effects.config().rules.step_down && !is_follower;
        effects.rule(if is_follower { "newer_term" } else { "step_down" });
        if steps_down || is_follower {
            self.become_follower(effects);
        }
        self.save(effects);
    }

    /// Gives up being a candidate or a leader.
    pub(super) fn become_follower(&mut self, effects: &mut Effects<'_>) {
        if self.is_leader() {
            effects.cancel_timer(Timer::Heartbeat);
            effects.cancel_timer(Timer::CheckQuorum);
            effects.cancel_timer(Timer::Transfer);
            self.reset_election_timer(effects);
        }
        self.role = Role::Follower;
    }

    /// Waits for a random time before the next election (section 5.2), if it may stand.
    pub(super) fn reset_election_timer(&mut self, effects: &mut Effects<'_>) {
        if !self.may_stand(effects) {
            effects.cancel_timer(Timer::Election);
            return;
        }
        let config = effects.config();
        let (least_us, most_us) = (config.timeout_least_us, config.timeout_most_us);
        self.timeout_us = if config.rules.random_timeouts && most_us > least_us {
            least_us + effects.choose(most_us - least_us + 1)
        } else {
            least_us
        };
        effects.set_timer(Timer::Election, self.timeout_us);
    }

    /// Carries out what is committed (rule for all servers), and answers the clients of a leader.
    pub(super) fn apply(&mut self, effects: &mut Effects<'_>) {
        let once = effects.config().rules.client_sessions;
        if self.last_applied < self.commit_index.min(self.log.last_index()) {
            effects.rule("carry_out");
        }
        while self.last_applied < self.commit_index.min(self.log.last_index()) {
            self.last_applied += 1;
            let Some(request) = self.log.entry(self.last_applied).and_then(|entry| entry.request.as_deref()) else {
                continue;
            };
            let result = self.store.apply(request, once);
            if matches!(self.role, Role::Leader(_)) {
                answer(request, result, effects);
            }
        }
        self.plan_snapshot(effects);
    }
}

/// Where an answer to `AppendEntries` goes, and the round that it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reply {
    pub to: NodeId,
    pub round: u64,
}

impl Reply {
    pub(super) fn message(&self, term: u64, answer: Appended) -> Message {
        Message::Appended { term, round: self.round, answer }
    }
}

/// Tells a client the result of its command.
pub(super) fn answer(request: &Request, result: Value, effects: &mut Effects<'_>) {
    effects.rule("answer");
    effects.send(request.client.node, Message::Answer { client: request.client, serial: request.serial, result });
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// The highest number that so many of these have reached.
pub(super) fn reached_by(count: usize, numbers: impl Iterator<Item = u64>) -> u64 {
    let mut all = [0_u64; 16];
    for number in numbers {
        // Into its place among the greater ones before it.
        let place = all.iter().position(|other| *other < number).unwrap_or(all.len());
        if place < all.len() {
            all[place..].rotate_right(1);
            all[place] = number;
        }
    }
    count.checked_sub(1).and_then(|place| all.get(place)).copied().unwrap_or(0)
}
