//! The checks: the five properties of Figure 3 of the Raft paper, what Figure 2 promises of one server (also over its
//! restarts), and what else a run can show.
//!
//! The monitor looks at the node that acted, and of its log only at what is new. For each log it keeps a chain of
//! digests, one an entry, each over the entry and the digest before it: two logs agree up to an index if their digests
//! there are equal.

use serde::Serialize;
use sim::check::Judge;
use sim::frame::Status;
use sim::history::Model;
use sim::{Check, CheckKind, Checks, List, Map, NodeId, Observation, Verdicts, t};

use super::log::Entry;
use super::server::{Role, Server};
use super::snapshot::Snapshot;
use super::{Raft, RaftNode};

const ELECTION_SAFETY: usize = 0;
const LOG_MATCHING: usize = 1;
const LEADER_COMPLETENESS: usize = 2;
const STATE_MACHINE_SAFETY: usize = 3;
const LEADER_APPEND_ONLY: usize = 4;
const LINEARIZABLE: usize = 5;
const LEADER_FOLLOWED: usize = 6;
const ALL_COMMITTED: usize = 7;
const SPLIT_VOTE: usize = 8;
const TWO_LEADERS: usize = 9;
const OVERWRITTEN: usize = 10;
const ONE_VOTE: usize = 11;
const TERMS_GROW: usize = 12;
const COMMIT_IN_LOG: usize = 13;

impl Checks for Raft {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let checks = vec![
            check(
                "election-safety",
                t!("one leader per term"),
                CheckKind::Always,
                t!(
                    "In each term at most one server is ever elected. Two leaders of one term could decide two different things."
                ),
            ),
            check(
                "log-matching",
                t!("logs match"),
                CheckKind::Always,
                t!("If two logs hold an entry with the same index and term, all entries before it are the same too."),
            ),
            check(
                "leader-completeness",
                t!("committed entries kept"),
                CheckKind::Always,
                t!(
                    "An entry that was committed once is in the log of every later leader: what a client was promised is never lost."
                ),
            ),
            check(
                "state-machine-safety",
                t!("all carry out the same"),
                CheckKind::Always,
                t!("No two servers ever carry out different commands at the same place of their logs."),
            )
            .kept_by("up_to_date_vote"),
            check(
                "leader-append-only",
                t!("leaders only append"),
                CheckKind::Always,
                t!("A leader only adds entries at the end of its log. It never changes or deletes one."),
            ),
            Check {
                judge: Judge::Linearizability(Model::KeyValue(Default::default())),
                ..check(
                    "linearizable",
                    t!("linearizable"),
                    CheckKind::Always,
                    t!(
                        "To clients it looks as if there were one server only: each operation takes place at one moment between its call and its answer."
                    ),
                )
            },
            check(
                "leader-followed",
                t!("a leader that all follow"),
                CheckKind::Eventually,
                t!("Once the faults are over, all servers follow one and the same leader."),
            ),
            check(
                "all-committed",
                t!("all logs equal and committed"),
                CheckKind::Eventually,
                t!("Once the faults are over, all servers hold the same log, and all of it is committed."),
            ),
            check(
                "split-vote",
                t!("split vote"),
                CheckKind::Sometimes,
                t!(
                    "Several candidates share the votes of a term, so that none gets a majority and a new term has to begin."
                ),
            ),
            check(
                "two-leaders",
                t!("two leaders at once, of different terms"),
                CheckKind::Sometimes,
                t!(
                    "An old leader that is cut off or slow does not know yet that another server has been elected. Their terms differ, so it is no fault."
                ),
            ),
            check(
                "overwritten",
                t!("an uncommitted entry overwritten"),
                CheckKind::Sometimes,
                t!(
                    "A server gives up an entry that was never committed, because a new leader has another one in its place."
                ),
            ),
            check(
                "one-vote",
                t!("one vote per server and term"),
                CheckKind::Always,
                t!("No server votes for two candidates in the same term, not even when it has crashed in between."),
            ),
            check(
                "terms-grow",
                t!("terms only grow"),
                CheckKind::Always,
                t!("The term that a server is in never goes back, not even through a crash."),
            )
            .kept_by("persist_term"),
            check(
                "commit-in-log",
                t!("what is committed is in the log"),
                CheckKind::Always,
                t!("No server takes more entries for committed than its log holds."),
            ),
        ];
        debug_assert_eq!(checks[LINEARIZABLE].name, "linearizable");
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    known: Vec<Known>,
    /// What happened in each term, from 0 on.
    terms: List<Term>,
    /// The first entry seen at each index, from 1 on: its term and the digest of the log up to it (Log Matching).
    marks: List<(u64, u64)>,
    /// The same digests for the entries of other terms, by index and term.
    other_marks: Map<(u64, u64), u64>,
    /// The entry that was carried out at each index, from 1 on.
    applied: List<u64>,
    /// For each index that a leader has committed: the digest of the log up to it, and the leader's term.
    committed: List<(u64, u64)>,
    /// For each snapshot that was taken, by its last entry and that one's term: the digests of the entries that it stands for.
    snapshots: Map<(u64, u64), List<u64>>,
}

/// What the monitor knows of one server.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
struct Known {
    is_up: bool,
    part: Part,
    term: u64,
    voted_for: Option<NodeId>,
    /// For whom it has voted in each term, from 0 on.
    votes: List<Option<NodeId>>,
    leader: Option<NodeId>,
    commit_index: u64,
    last_applied: u64,
    cuts: u64,
    /// The digests of its log, one an entry, also for those that its snapshot stands for.
    chain: List<u64>,
    /// The last entry in its snapshot, and how often it began with somebody else's.
    snapshots: (u64, u64),
}

/// What the monitor knows of one term.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Term {
    leader: Option<NodeId>,
    /// The first two that stood for election.
    candidates: [Option<NodeId>; 2],
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
enum Part {
    #[default]
    Follower,
    Candidate,
    Leader,
}

impl sim::Monitor<RaftNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        let servers = usize::from(seen.config.servers);
        if self.known.len() != servers {
            self.known = vec![Known::default(); servers];
            for node in (0..servers).map(NodeId::at) {
                self.look_at(node, seen, verdicts);
            }
        }
        let changed = match seen.node {
            Some(node) if node.index() < servers => self.look_at(node, seen, verdicts),
            _ => false,
        };
        if changed {
            self.judge_the_end(verdicts);
        }
    }
}

impl Monitor {
    /// Looks at one server. Returns whether anything about it is new.
    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) -> bool {
        let known = &mut self.known[node.index()];
        let is_up = seen.nodes.status(node) != Status::Crashed;
        let Some(server) = seen.nodes.state(node).and_then(RaftNode::server).filter(|_| is_up) else {
            let changed = known.is_up;
            known.is_up = false;
            known.part = Part::Follower;
            // It starts again from its disk, and carries out everything again.
            known.commit_index = 0;
            known.last_applied = 0;
            return changed;
        };
        let part = match server.role {
            Role::Follower | Role::PreCandidate { .. } => Part::Follower,
            Role::Candidate { .. } => Part::Candidate,
            Role::Leader(_) => Part::Leader,
        };
        let snapshots = (server.snapshot_index(), server.log.loads());
        let log_is_old = known.chain.len() as u64 == server.log.last_index()
            && known.cuts == server.log.cuts().0
            && known.snapshots == snapshots;
        let term_is_old = known.term == server.term && known.part == part;
        let rest_is_old = known.is_up
            && known.leader == server.leader
            && known.voted_for == server.voted_for
            && known.commit_index == server.commit_index
            && known.last_applied == server.last_applied;
        if log_is_old && term_is_old && rest_is_old {
            return false;
        }
        judge_figure_2(node, known, server, verdicts);
        if !log_is_old {
            self.log_changed(node, server, term_is_old, verdicts);
        }
        if !term_is_old {
            self.part_changed(node, part, server, verdicts);
        }
        if self.known[node.index()].last_applied != server.last_applied {
            self.check_applied(node, server, verdicts);
        }
        if part == Part::Leader && self.known[node.index()].commit_index < server.commit_index {
            self.leader_committed(node, server, verdicts);
        }
        let known = &mut self.known[node.index()];
        known.is_up = true;
        known.part = part;
        known.term = server.term;
        known.voted_for = server.voted_for;
        known.leader = server.leader;
        known.commit_index = server.commit_index;
        known.last_applied = server.last_applied;
        true
    }

    /// Log Matching and Leader Append-Only.
    fn log_changed(&mut self, node: NodeId, server: &Server, same_term_and_part: bool, verdicts: &mut Verdicts) {
        let known = &mut self.known[node.index()];
        let (cuts, cut_to) = server.log.cuts();
        let length = known.chain.len() as u64;
        let kept = if known.snapshots.1 != server.log.loads() {
            begin_with_snapshot(&self.snapshots, known, server)
        } else {
            match cuts.wrapping_sub(known.cuts) {
                0 => length.min(server.log.last_index()),
                1 => length.min(cut_to),
                _ => server.log.base().index.min(length),
            }
        };
        if kept < length && known.is_up {
            if known.part == Part::Leader && same_term_and_part {
                verdicts.broken(LEADER_APPEND_ONLY, &[node], || {
                    t!("{node} deleted entries of its log while it was leader", node = node)
                });
            }
            let (first, count) = (kept + 1, length - kept);
            if known.commit_index < first && cuts != known.cuts {
                verdicts.seen(OVERWRITTEN, &[node], || {
                    t!(
                        "{node} gave up {count} uncommitted entries from index {index} on",
                        node = node,
                        count = count,
                        index = first
                    )
                });
            }
        }
        known.chain.truncate(kept as usize);
        known.cuts = cuts;
        let new_snapshot = known.snapshots.0 != server.snapshot_index();
        known.snapshots = (server.snapshot_index(), server.log.loads());
        let mut mark = known.chain.last().copied().unwrap_or(0);
        for index in kept + 1..=server.log.last_index() {
            let Some(entry) = server.log.entry(index) else { break };
            mark = mixed(mark, entry_mark(entry));
            known.chain.push(mark);
            let first = match self.marks.get(index as usize - 1) {
                None => {
                    self.marks.push((entry.term, mark));
                    mark
                }
                Some((term, first)) if *term == entry.term => *first,
                Some(_) => *self.other_marks.get_or_insert_with((index, entry.term), || mark),
            };
            if first != mark {
                let term = entry.term;
                verdicts.broken(LOG_MATCHING, &[node], || {
                    t!("{node} has an entry {index} of term {term} like another server, but its log before it or the entry differs", node = node, index = index, term = term)
                });
            }
        }
        if let Some(snapshot) = server.snapshot.as_deref().filter(|_| new_snapshot) {
            self.snapshot_taken(node, snapshot);
        }
    }

    /// What a snapshot stands for that this server has taken.
    fn snapshot_taken(&mut self, node: NodeId, snapshot: &Snapshot) {
        let mut chain = self.known[node.index()].chain.clone();
        chain.truncate(snapshot.last.index as usize);
        self.snapshots.get_or_insert_with((snapshot.last.index, snapshot.last.term), || chain);
    }

    /// Election Safety, Leader Completeness, split votes and two leaders.
    fn part_changed(&mut self, node: NodeId, part: Part, server: &Server, verdicts: &mut Verdicts) {
        let term = server.term;
        let before = &self.known[node.index()];
        let (old_term, was_candidate) = (before.term, before.part == Part::Candidate);
        let old = self.terms.get(old_term as usize).copied().unwrap_or_default();
        if was_candidate
            && term > old_term
            && part == Part::Candidate
            && old.leader.is_none()
            && let Some(other) = old.candidates.into_iter().flatten().find(|other| *other != node)
        {
            verdicts.seen(SPLIT_VOTE, &[other, node], || {
                t!(
                    "{other} and {node} split the votes of term {term}: nobody won",
                    other = other,
                    node = node,
                    term = old_term
                )
            });
        }
        let is_new_leader = part == Part::Leader && (before.part != Part::Leader || old_term != term);
        if part == Part::Candidate || is_new_leader && !was_candidate {
            let [first, second] = &mut self.term(term).candidates;
            if *first.get_or_insert(node) != node {
                second.get_or_insert(node);
            }
        }
        if !is_new_leader {
            return;
        }
        let first = *self.term(term).leader.get_or_insert(node);
        if first != node {
            verdicts.broken(ELECTION_SAFETY, &[first, node], || {
                t!("{first} and {node} are both leaders of term {term}", first = first, node = node, term = term)
            });
        }
        let other_leader = self.known.iter().enumerate().find(|(other, known)| {
            *other != node.index() && known.is_up && known.part == Part::Leader && known.term != term
        });
        if let Some((other, known)) = other_leader {
            let (other, old) = (NodeId::at(other), known.term);
            verdicts.seen(TWO_LEADERS, &[other, node], || {
                t!(
                    "{node} leads term {term} while {other} still takes itself for the leader, of term {old}",
                    node = node,
                    term = term,
                    other = other,
                    old = old
                )
            });
        }
        // The last entry that a leader of an earlier term has committed has to be there, and with it all before it.
        let committed_before = |place: &usize| self.committed.get(*place).is_some_and(|(_, earlier)| *earlier < term);
        let earlier = (0..self.committed.len()).rev().find(committed_before);
        if let Some(place) = earlier
            && self.known[node.index()].chain.get(place) != self.committed.get(place).map(|(mark, _)| mark)
        {
            let index = self.first_missing(node, place);
            verdicts.broken(LEADER_COMPLETENESS, &[node], || {
                t!(
                    "{node} leads term {term} without entry {index}, which was committed",
                    node = node,
                    term = term,
                    index = index
                )
            });
        }
    }

    /// What is known of a term.
    fn term(&mut self, term: u64) -> &mut Term {
        let place = term as usize;
        while self.terms.len() <= place {
            self.terms.push(Term::default());
        }
        self.terms.get_mut(place).expect("it has just been made")
    }

    /// The first committed entry that a log lacks.
    fn first_missing(&self, node: NodeId, place: usize) -> u64 {
        let chain = &self.known[node.index()].chain;
        let lacks = |place: &usize| chain.get(*place) != self.committed.get(*place).map(|(mark, _)| mark);
        (0..=place).find(lacks).unwrap_or(place) as u64 + 1
    }

    /// State Machine Safety.
    fn check_applied(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        // What a snapshot stands for was carried out elsewhere.
        let from = self.known[node.index()].last_applied.min(server.last_applied).max(server.log.base().index);
        for index in from + 1..=server.last_applied {
            let Some(entry) = server.log.entry(index) else { break };
            let mark = entry_mark(entry);
            match self.applied.get(index as usize - 1) {
                None => self.applied.push(mark),
                Some(other) if *other != mark => verdicts.broken(STATE_MACHINE_SAFETY, &[node], || {
                    t!("{node} carries out another entry {index} than a server before it", node = node, index = index)
                }),
                Some(_) => {}
            }
        }
    }

    /// A leader has committed entries: leaders of later terms have them, those there are and those to come.
    fn leader_committed(&mut self, node: NodeId, server: &Server, verdicts: &mut Verdicts) {
        let term = server.term;
        let chain = self.known[node.index()].chain.clone();
        for index in self.committed.len() as u64 + 1..=server.commit_index {
            let Some(mark) = chain.get(index as usize - 1) else { break };
            self.committed.push((*mark, term));
        }
        let Some(place) = (server.commit_index as usize).checked_sub(1) else { return };
        for (other, known) in self.known.iter().enumerate() {
            let is_later_leader = known.is_up && known.part == Part::Leader && known.term > term;
            if is_later_leader && known.chain.get(place) != chain.get(place) {
                let (other, index) = (NodeId::at(other), server.commit_index);
                verdicts.broken(LEADER_COMPLETENESS, &[node, other], || {
                    t!(
                        "{node} commits entry {index}, which {other}, leader of a later term, does not have",
                        node = node,
                        index = index,
                        other = other
                    )
                });
            }
        }
        let at_odds = self.committed.get(place).is_some_and(|(mark, _)| Some(mark) != chain.get(place));
        if at_odds {
            let index = self.first_missing(node, place);
            verdicts.broken(LEADER_COMPLETENESS, &[node], || {
                t!("{node} commits another entry {index} than the one committed before", node = node, index = index)
            });
        }
    }

    /// What has to come about in the end.
    fn judge_the_end(&self, verdicts: &mut Verdicts) {
        let mut up = self.known.iter().enumerate().filter(|(_, known)| known.is_up);
        let Some((_, first)) = up.next() else {
            verdicts.reached(LEADER_FOLLOWED, false);
            verdicts.reached(ALL_COMMITTED, false);
            return;
        };
        let agree = |known: &Known| known.leader == first.leader && known.term == first.term;
        let leads = first.leader.is_some_and(|leader| {
            let known = &self.known[leader.index()];
            known.is_up && known.part == Part::Leader && known.term == first.term
        });
        let is_done =
            |known: &Known| known.commit_index == known.chain.len() as u64 && known.chain.last() == first.chain.last();
        let all_up = || self.known.iter().filter(|known| known.is_up);
        verdicts.reached(LEADER_FOLLOWED, leads && all_up().all(agree));
        verdicts.reached(ALL_COMMITTED, !first.chain.is_empty() && all_up().all(is_done));
    }
}

/// A server has begun with somebody else's snapshot: its log is what that stands for, and what it kept behind it. Returns how much
/// of the chain is known.
fn begin_with_snapshot(snapshots: &Map<(u64, u64), List<u64>>, known: &mut Known, server: &Server) -> u64 {
    let base = server.log.base();
    if let Some(chain) = snapshots.get(&(base.index, base.term)) {
        known.chain = chain.clone();
    }
    base.index
}

/// What Figure 2 promises of one server: its term only grows and it votes once in each, also over restarts, and its log holds
/// what it takes for committed.
fn judge_figure_2(node: NodeId, known: &mut Known, server: &Server, verdicts: &mut Verdicts) {
    let (term, commit_index, last_index) = (server.term, server.commit_index, server.log.last_index());
    if term < known.term {
        let before = known.term;
        verdicts.broken(TERMS_GROW, &[node], || {
            t!("{node} is in term {term}, and was in term {before} before", node = node, term = term, before = before)
        });
    }
    if let Some(vote) = server.voted_for {
        while known.votes.len() <= term as usize {
            known.votes.push(None);
        }
        let first = *known.votes.get_mut(term as usize).expect("it has just been made").get_or_insert(vote);
        if first != vote {
            verdicts.broken(ONE_VOTE, &[node], || {
                t!(
                    "{node} votes for {other} in term {term}, and has voted for {first} before",
                    node = node,
                    other = vote,
                    term = term,
                    first = first
                )
            });
        }
    }
    if commit_index > last_index {
        verdicts.broken(COMMIT_IN_LOG, &[node], || {
            t!(
                "{node} takes the log for committed up to entry {index}, and its own ends at entry {last}",
                node = node,
                index = commit_index,
                last = last_index
            )
        });
    }
}

/// A digest of an entry: its term and whose command it is.
fn entry_mark(entry: &Entry) -> u64 {
    let request = entry.request.as_deref();
    let command =
        request.map_or(1, |request| mixed(mixed(request.client.node.0.into(), request.client.life), request.serial));
    let command = entry.members.map_or(command, |members| mixed(command, members.mark()));
    mixed(entry.term, command)
}

fn mixed(a: u64, b: u64) -> u64 {
    sim::rng::mix(a ^ sim::rng::mix(b))
}
