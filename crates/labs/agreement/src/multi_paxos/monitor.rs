//! The checks, and the monitor that decides them: it sees all servers, and remembers all that was ever accepted.

use parts::store::ClientId;
use serde::Serialize;
use sim::check::Judge;
use sim::history::Model;
use sim::{Check, CheckKind, Checks, Map, NodeId, Observation, Verdicts, t};

use super::ledger::Ledger;
use super::log::Decree;
use super::server::Server;
use super::{Leadership, LogNode, MultiPaxos};
use crate::paxos::{Ballot, Vote};

const AGREEMENT: usize = 0;
const P2B: usize = 1;
const LEARNED_IS_CHOSEN: usize = 2;
const ONE_VALUE_A_BALLOT: usize = 3;
const LINEARIZABLE: usize = 4;
const DECIDED: usize = 5;
const ADOPTED: usize = 6;
const CHOSEN_UNKNOWN: usize = 7;
const GAP_FILLED: usize = 8;
const TWO_LEADERS: usize = 9;

/// What was chosen so long ago, or up to twice as long, all have to know in the end.
const LATE_US: u64 = 1_000_000;

impl Checks for MultiPaxos {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let checks = vec![
            check(
                "agreement",
                t!("one decree a slot"),
                CheckKind::Always,
                t!("No two different decrees are ever chosen in one slot. Chosen is what more than half of the servers have accepted in one ballot."),
            ),
            check(
                "p2b",
                t!("later ballots keep it"),
                CheckKind::Always,
                t!("When a decree is chosen in a slot, every higher ballot proposes that decree there too. So a second one cannot be chosen."),
            )
            .kept_by("propose_again"),
            check(
                "learned-is-chosen",
                t!("what is learned is chosen"),
                CheckKind::Always,
                t!("What a server takes for chosen is chosen. It is a client's command, or a no-op that fills a gap."),
            ),
            check(
                "one-value-a-ballot",
                t!("one decree a ballot and slot"),
                CheckKind::Always,
                t!("All that servers are asked to accept in one slot and one ballot is one and the same decree."),
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
                "decided",
                t!("all logs equal, without gaps"),
                CheckKind::Eventually,
                t!("In the end all follow one leader, and know every slot up to what was chosen a second ago. Nobody promises that where lost disks leave no majority."),
            ),
            check(
                "adopted",
                t!("proposed once more"),
                CheckKind::Sometimes,
                t!("A new leader proposes what somebody has accepted before, now in its own ballot."),
            ),
            check(
                "chosen-unknown",
                t!("chosen, and nobody knows"),
                CheckKind::Sometimes,
                t!("A decree is chosen while the server that proposed it is down. Nobody knows that it is."),
            ),
            check(
                "gap-filled",
                t!("a gap is filled"),
                CheckKind::Sometimes,
                t!("A new leader proposes a no-op for a slot of which it has heard nothing, because a later slot is taken."),
            ),
            check(
                "two-leaders",
                t!("two leaders at once"),
                CheckKind::Sometimes,
                t!("A leader that is cut off or slow does not know yet that another server leads with a higher ballot. It can choose nothing any more, so it is no fault."),
            ),
        ];
        debug_assert_eq!(checks[LINEARIZABLE].name, "linearizable");
        checks
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    pub ledger: Ledger,
    has_begun: bool,
    /// Of each server: the ballot that it leads with.
    leads: Vec<Option<Ballot>>,
    /// Of each server: whether its disk bears its mark.
    marks: Vec<bool>,
    /// Of each life of a client: the highest number that it has given a command.
    asked: Map<ClientId, u64>,
    /// Since when the highest slot is waited for that was chosen by then, and the one before it, which all have to know.
    since_us: u64,
    chosen_then: u64,
    goal: u64,
}

impl sim::Monitor<LogNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, LogNode>, verdicts: &mut Verdicts) {
        if !self.has_begun {
            self.has_begun = true;
            let servers = usize::from(seen.config.servers);
            (self.leads, self.marks) = (vec![None; servers], vec![true; servers]);
            for node in seen.nodes.ids() {
                self.look_at(node, 1, seen, verdicts);
            }
        } else if let Some(node) = seen.node {
            let touched = seen.nodes.state(node).and_then(LogNode::server).map_or(0, |server| server.log.touched());
            self.look_at(node, touched, seen, verdicts);
        }
        if seen.at_us >= self.since_us + LATE_US {
            (self.since_us, self.goal, self.chosen_then) = (seen.at_us, self.chosen_then, self.ledger.highest());
        }
        verdicts.reached(DECIDED, self.is_without_majority(seen) || self.is_decided(seen));
    }
}

impl Monitor {
    /// Looks at a node, and of its log at the slots from this one on.
    fn look_at(&mut self, node: NodeId, from: u64, seen: &Observation<'_, LogNode>, verdicts: &mut Verdicts) {
        match seen.nodes.state(node) {
            Some(LogNode::Server(server)) => {
                self.marks[node.index()] = seen.nodes.disk(node).mark;
                for slot in from..=server.log.last() {
                    self.look_at_slot(node, slot, server, seen, verdicts);
                }
                self.look_at_leader(node, server.leadership(), verdicts);
            }
            Some(LogNode::Client(client)) => {
                let highest = self.asked.get_or_insert_with(client.id, || 0);
                *highest = client.serial.max(*highest);
            }
            None if node.0 < seen.config.servers => {
                self.marks[node.index()] = seen.nodes.disk(node).mark;
                self.leads[node.index()] = None;
            }
            None => {}
        }
    }

    fn look_at_slot(
        &mut self,
        node: NodeId,
        slot: u64,
        server: &Server,
        seen: &Observation<'_, LogNode>,
        verdicts: &mut Verdicts,
    ) {
        if let Some(vote) = server.log.accepted(slot) {
            let outcome = self.ledger.accept(slot, vote, node.0, seen.config.majority());
            if outcome.is_new {
                self.judge_slot(node, slot, vote, verdicts);
            }
            if outcome.is_chosen {
                self.judge_chosen(node, slot, vote, seen, verdicts);
            }
        }
        if let Some(decree) = server.log.chosen(slot).filter(|decree| !self.ledger.is_chosen(slot, decree)) {
            verdicts.broken(LEARNED_IS_CHOSEN, &[node], || {
                t!(
                    "{node} takes “{decree}” for chosen in slot {slot}, and it is not",
                    node = node,
                    decree = decree.text(),
                    slot = slot
                )
            });
        }
    }

    /// Something is accepted: there is one decree a ballot and slot, and what is chosen is kept by higher ballots.
    fn judge_slot(&self, node: NodeId, slot: u64, vote: &Vote<Decree>, verdicts: &mut Verdicts) {
        if let Some(rival) = self.ledger.rival(slot, vote) {
            verdicts.broken(ONE_VALUE_A_BALLOT, &[node], || {
                t!(
                    "in slot {slot} and ballot {ballot} servers are asked to accept both “{one}” and “{other}”",
                    slot = slot,
                    ballot = vote.ballot.text(),
                    one = rival.text(),
                    other = vote.value.text()
                )
            });
        }
        if let Some((chosen, other)) = self.ledger.deviation(slot) {
            verdicts.broken(P2B, &[node], || {
                t!(
                    "in slot {slot} “{chosen}” is chosen in ballot {ballot}, and ballot {higher} proposes “{other}”",
                    slot = slot,
                    chosen = chosen.value.text(),
                    ballot = chosen.ballot.text(),
                    higher = other.ballot.text(),
                    other = other.value.text()
                )
            });
        }
    }

    /// Something is chosen.
    fn judge_chosen(
        &self,
        node: NodeId,
        slot: u64,
        vote: &Vote<Decree>,
        seen: &Observation<'_, LogNode>,
        verdicts: &mut Verdicts,
    ) {
        if let [one, .., other] = self.ledger.chosen(slot) {
            verdicts.broken(AGREEMENT, &[node], || {
                t!(
                    "in slot {slot} “{one}” is chosen in ballot {first}, and “{other}” in ballot {second}",
                    slot = slot,
                    one = one.value.text(),
                    first = one.ballot.text(),
                    other = other.value.text(),
                    second = other.ballot.text()
                )
            });
        }
        let is_asked_for = vote
            .value
            .request()
            .is_none_or(|request| self.asked.get(&request.client).is_some_and(|highest| request.serial <= *highest));
        if !is_asked_for {
            verdicts.broken(LEARNED_IS_CHOSEN, &[node], || {
                t!(
                    "“{decree}” is chosen in slot {slot}, and no client has asked for it",
                    decree = vote.value.text(),
                    slot = slot
                )
            });
        }
        let is_down = vote.ballot.owner().is_some_and(|owner| seen.nodes.state(owner).is_none());
        let knows = |node: NodeId| {
            seen.nodes.state(node).and_then(LogNode::server).is_some_and(|server| server.log.chosen(slot).is_some())
        };
        if is_down && !seen.nodes.ids().any(knows) {
            verdicts.seen(CHOSEN_UNKNOWN, &[node], || {
                t!(
                    "“{decree}” is chosen in slot {slot}, its proposer is down, and nobody knows",
                    decree = vote.value.text(),
                    slot = slot
                )
            });
        }
    }

    fn look_at_leader(&mut self, node: NodeId, leadership: Option<&Leadership>, verdicts: &mut Verdicts) {
        let ballot = leadership.map(|leadership| leadership.ballot);
        let before = std::mem::replace(&mut self.leads[node.index()], ballot);
        let (Some(leadership), Some(ballot)) = (leadership.filter(|_| before != ballot), ballot) else { return };
        let other = self.leads.iter().enumerate().find(|(other, leads)| *other != node.index() && leads.is_some());
        if let Some((other, _)) = other {
            let other = NodeId::at(other);
            verdicts.seen(TWO_LEADERS, &[other, node], || {
                t!(
                    "{node} leads with ballot {ballot}, and {other} takes itself for the leader too",
                    node = node,
                    ballot = ballot.text(),
                    other = other
                )
            });
        }
        for (slot, proposal) in leadership.proposals.iter() {
            let slot = *slot;
            if self.ledger.has_before(slot, ballot, Some(&proposal.decree)) {
                verdicts.seen(ADOPTED, &[node], || {
                    t!(
                        "{node} proposes “{decree}” again in slot {slot}",
                        node = node,
                        decree = proposal.decree.text(),
                        slot = slot
                    )
                });
            } else if proposal.decree == Decree::NoOp {
                verdicts.seen(GAP_FILLED, &[node], || {
                    t!("{node} fills slot {slot} with a no-op", node = node, slot = slot)
                });
            }
        }
    }

    /// Whether so many disks were lost that no majority is left.
    fn is_without_majority(&self, seen: &Observation<'_, LogNode>) -> bool {
        (self.marks.iter().filter(|mark| **mark).count() as u32) < seen.config.majority()
    }

    /// Whether all follow one leader, and know what was chosen a while ago.
    fn is_decided(&self, seen: &Observation<'_, LogNode>) -> bool {
        let servers = || seen.config.all_servers().filter_map(|node| seen.nodes.state(node)?.server());
        let Some(leader) = servers().find_map(|server| Some(server.leadership()?.ballot)) else { return false };
        servers().all(|server| {
            server.leader.map(|(ballot, _)| ballot) == Some(leader) && server.log.chosen_to() >= self.goal
        })
    }
}
