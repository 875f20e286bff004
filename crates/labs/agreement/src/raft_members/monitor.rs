//! The checks of Raft that changing members could break, judged by Raft's own monitor, and what only members and needless
//! elections bring.

use parts::values::word;
use serde::Serialize;
use sim::frame::Status;
use sim::{Check, CheckKind, Checks, Map, NodeId, Observation, Value, Verdicts, t};

use super::RaftMembers;
use crate::raft::picked::Picked;
use crate::raft::{RaftNode, Role, Server, ServerSet};

/// The checks of Raft that stand here too, in their order here.
const OF_RAFT: [&str; 4] = ["election-safety", "log-matching", "leader-completeness", "state-machine-safety"];

const NO_NEEDLESS_ELECTION: usize = OF_RAFT.len();
const MEMBERS_AGREE: usize = NO_NEEDLESS_ELECTION + 1;
const TWO_LEADERS: usize = MEMBERS_AGREE + 1;
const DEPOSED_BY_OUTSIDER: usize = TWO_LEADERS + 1;
const STEPPED_DOWN: usize = DEPOSED_BY_OUTSIDER + 1;
const LEARNER_VOTED: usize = STEPPED_DOWN + 1;
const TRANSFERRED: usize = LEARNER_VOTED + 1;

impl Checks for RaftMembers {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        // In one step members may change so that two majorities share no server (Raft paper, section 6).
        let steps = vec![("membership", word("single")), ("membership", word("joint"))];
        let kept_by = |name| match name {
            "election-safety" | "log-matching" => Some("both_majorities"),
            "state-machine-safety" => Some("one_change"),
            _ => None,
        };
        let safe = |check: Check| Check { kept_by: kept_by(check.name), ..check }.promised_under(steps.clone());
        let mut checks: Vec<Check> = Picked::checks(&OF_RAFT).into_iter().map(safe).collect();
        checks.extend([
            check(
                "no-needless-election",
                t!("no needless election"),
                CheckKind::Always,
                t!(
                    "Where servers ask first, nobody stands without the word of a majority, given by servers that had heard no leader for a while. Handing over is exempt."
                ),
            ),
            check(
                "members-agree",
                t!("one configuration that all go by"),
                CheckKind::Eventually,
                t!(
                    "Once the faults are over, a leader and all that vote go by the same committed members, and nobody else leads or stands."
                ),
            )
            // Without it a removed server deposes leaders for ever (dissertation, section 4.2.3).
            .promised_under([steps.clone(), vec![("pre_vote", Value::Flag(true))]].concat()),
            check(
                "two-leaders",
                t!("two leaders at once, of different terms"),
                CheckKind::Sometimes,
                t!("An old leader does not know yet that another server has been elected."),
            ),
            check(
                "deposed-by-outsider",
                t!("a leader deposed from outside"),
                CheckKind::Sometimes,
                t!("A server that is no member stands for election, and its higher term makes the leader give up."),
            ),
            check(
                "stepped-down",
                t!("a leader gives up by itself"),
                CheckKind::Sometimes,
                t!("A majority has not answered the leader for an election timeout, and it stops to lead."),
            ),
            check(
                "learner-voted",
                t!("a learner votes"),
                CheckKind::Sometimes,
                t!(
                    "A server that takes itself for a learner votes all the same: it may have been given a vote and not know it."
                ),
            ),
            check(
                "transferred",
                t!("the lead handed over"),
                CheckKind::Sometimes,
                t!("A server leads that the leader before it has told to stand."),
            ),
        ]);
        debug_assert_eq!(checks[NO_NEEDLESS_ELECTION].name, "no-needless-election");
        debug_assert_eq!(checks[TRANSFERRED].name, "transferred");
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    raft: Picked,
    known: Vec<Known>,
    /// Who has said, when it was right to say so, that it would vote for a server in a term.
    words: Map<(NodeId, u64), ServerSet>,
}

/// What was seen last of one server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
struct Known {
    is_up: bool,
    term: u64,
    part: Part,
    voted_for: Option<NodeId>,
    would_vote: Option<(NodeId, u64)>,
    /// Who votes in the configuration that it goes by.
    voters: ServerSet,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
enum Part {
    #[default]
    Follower,
    Candidate {
        transfer: bool,
    },
    Leader,
}

impl Part {
    fn of(role: &Role) -> Part {
        match role {
            Role::Follower | Role::PreCandidate { .. } => Part::Follower,
            Role::Candidate { transfer, .. } => Part::Candidate { transfer: *transfer },
            Role::Leader(_) => Part::Leader,
        }
    }
}

impl sim::Monitor<RaftNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        self.raft.observe(&OF_RAFT, seen, verdicts);
        self.known.resize(usize::from(seen.config.servers), Known::default());
        for place in 0..self.known.len() {
            if seen.node.is_none_or(|node| node.index() == place) {
                self.look_at(NodeId::at(place), seen, verdicts);
            }
        }
        verdicts.reached(MEMBERS_AGREE, agree(seen));
    }
}

impl Monitor {
    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        let before = self.known[node.index()];
        let Some(server) = running(node, seen) else {
            self.known[node.index()] = Known { term: before.term, ..Known::default() };
            return;
        };
        let now = Known {
            is_up: true,
            term: server.term,
            part: Part::of(&server.role),
            voted_for: server.voted_for,
            would_vote: server.would_vote,
            voters: server.members().all_voters(),
        };
        if now == before {
            return;
        }
        self.known[node.index()] = now;
        if now.would_vote != before.would_vote {
            self.note_word(node, server, seen);
        }
        let stands = (now.part, now.term) != (before.part, before.term) && matches!(now.part, Part::Candidate { .. });
        if stands {
            self.judge_standing(node, server, seen, verdicts);
        }
        if now.part == Part::Leader && before.part != Part::Leader {
            self.leads(node, now, before, verdicts);
        }
        if before.is_up && before.part == Part::Leader && now.part != Part::Leader {
            self.leads_no_more(node, now, before, verdicts);
        }
        let has_voted = now.voted_for != before.voted_for && now.voted_for.is_some_and(|candidate| candidate != node);
        if has_voted && before.is_up && server.members().learners.contains(node) {
            verdicts.seen(LEARNER_VOTED, &[node], || {
                t!("{node} votes in term {term}, and takes itself for a learner", node = node, term = now.term)
            });
        }
    }

    /// A server has said that it would vote for another one. That counts if it had heard no leader for a while.
    fn note_word(&mut self, node: NodeId, server: &Server, seen: &Observation<'_, RaftNode>) {
        let Some(word) = server.would_vote else { return };
        let now_us = seen.nodes.clock(node).shows(seen.at_us);
        let least_us = seen.config.timeout_least_us as i64;
        if server.heard_at_us.is_none_or(|heard_us| now_us.saturating_sub(heard_us) >= least_us) && !server.is_leader()
        {
            self.words.get_or_insert_with(word, ServerSet::default).insert(node);
        }
    }

    fn judge_standing(
        &mut self,
        node: NodeId,
        server: &Server,
        seen: &Observation<'_, RaftNode>,
        verdicts: &mut Verdicts,
    ) {
        let told = matches!(server.role, Role::Candidate { transfer: true, .. });
        let words = self.words.get(&(node, server.term)).copied().unwrap_or_default().with(ServerSet::of(node));
        if seen.config.pre_vote && !told && !server.members().decide(words, seen.config) {
            verdicts.broken(NO_NEEDLESS_ELECTION, &[node], || {
                t!("{node} stands in term {term} without the word of a majority", node = node, term = server.term)
            });
        }
    }

    fn leads(&self, node: NodeId, now: Known, before: Known, verdicts: &mut Verdicts) {
        if before.part == (Part::Candidate { transfer: true }) {
            verdicts.seen(TRANSFERRED, &[node], || t!("{node} was told to stand, and leads", node = node));
        }
        let other = |(place, known): (usize, &Known)| {
            (place != node.index() && known.part == Part::Leader && known.term != now.term)
                .then_some((NodeId::at(place), known.term))
        };
        if let Some((other, term)) = self.known.iter().enumerate().find_map(other) {
            verdicts.seen(TWO_LEADERS, &[node, other], || {
                t!(
                    "{node} leads term {term} while {other} still leads term {old}",
                    node = node,
                    term = now.term,
                    other = other,
                    old = term
                )
            });
        }
    }

    fn leads_no_more(&self, node: NodeId, now: Known, before: Known, verdicts: &mut Verdicts) {
        if now.term == before.term {
            if now.voters.contains(node) {
                verdicts.seen(STEPPED_DOWN, &[node], || {
                    t!("{node} gives up in term {term}: a majority has not answered", node = node, term = now.term)
                });
            }
            return;
        }
        let stands = |known: &Known| known.term == now.term && matches!(known.part, Part::Candidate { .. });
        let outsider = self.known.iter().enumerate().find_map(|(place, known)| {
            let other = NodeId::at(place);
            (stands(known) && !before.voters.contains(other)).then_some(other)
        });
        if let Some(outsider) = outsider {
            verdicts.seen(DEPOSED_BY_OUTSIDER, &[node, outsider], || {
                t!(
                    "{node} gives up, since {outsider}, which is no member, stands in term {term}",
                    node = node,
                    outsider = outsider,
                    term = now.term
                )
            });
        }
    }
}

/// A server that runs.
fn running<'a>(node: NodeId, seen: &Observation<'a, RaftNode>) -> Option<&'a Server> {
    seen.nodes.state(node).and_then(RaftNode::server).filter(|_| seen.nodes.status(node) != Status::Crashed)
}

/// Whether a leader and all that vote go by the same committed members, and nobody else leads or stands.
fn agree(seen: &Observation<'_, RaftNode>) -> bool {
    let servers = || (0..seen.config.servers).map(NodeId).filter_map(|node| Some((node, running(node, seen)?)));
    let Some((leader, of_leader)) =
        servers().filter(|(_, server)| server.is_leader()).max_by_key(|(_, server)| server.term)
    else {
        return false;
    };
    let configured = of_leader.configured;
    let goes_by_it = |server: &Server| {
        server.configured == configured
            && server.commit_index >= configured.index
            && (server.term, server.leader) == (of_leader.term, Some(leader))
    };
    !configured.members.is_joint()
        && configured.members.voters.contains(leader)
        && servers().all(|(node, server)| {
            if configured.members.voters.contains(node) {
                goes_by_it(server)
            } else {
                Part::of(&server.role) == Part::Follower
            }
        })
}
