//! The checks, and the monitor that decides them: it sees all nodes, and remembers all that was ever accepted.

use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t};

use super::ledger::Ledger;
use super::proposer::Phase;
use super::{Ballot, Config, Paxos, PaxosNode};

const AGREEMENT: usize = 0;
const P2B: usize = 1;
const LEARNED_IS_CHOSEN: usize = 2;
const ONE_VALUE_A_BALLOT: usize = 3;
const DECIDED: usize = 4;
const DUEL: usize = 5;
const ADOPTED: usize = 6;
const CHOSEN_UNKNOWN: usize = 7;

/// So many ballots in a row are a duel.
const DUEL_OF: u32 = 3;

impl Checks for Paxos {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "agreement",
                t!("one value is chosen"),
                CheckKind::Always,
                t!("No two different values are ever chosen. Chosen is what more than half of the acceptors have accepted in one ballot."),
            ),
            check(
                "p2b",
                t!("later ballots keep it"),
                CheckKind::Always,
                t!("When a value is chosen in a ballot, every higher ballot proposes that value too. So a second one cannot be chosen."),
            )
            .kept_by("adopt_value"),
            check(
                "learned-is-chosen",
                t!("what is learned is chosen"),
                CheckKind::Always,
                t!("What a learner or a proposer takes for chosen is chosen, and somebody has proposed it."),
            )
            .kept_by("own_ballots"),
            check(
                "one-value-a-ballot",
                t!("one value a ballot"),
                CheckKind::Always,
                t!("All that acceptors are asked to accept in one ballot is one and the same value."),
            ),
            check(
                "decided",
                t!("all learners know"),
                CheckKind::Eventually,
                t!("In the end all learners know what is chosen. After a lost disk nobody promises that."),
            ),
            check(
                "duel",
                t!("a duel"),
                CheckKind::Sometimes,
                t!("Proposers overtake each other: three ballots in a row are given up, and nobody has accepted anything in between."),
            ),
            check(
                "adopted",
                t!("gives up its own value"),
                CheckKind::Sometimes,
                t!("A proposer proposes what somebody has accepted before, in place of its own value."),
            ),
            check(
                "chosen-unknown",
                t!("chosen, and nobody knows"),
                CheckKind::Sometimes,
                t!("A value is chosen while its proposer is down. No learner and no proposer knows that it is."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    pub ledger: Ledger,
    /// Whether a node has lost its disk.
    has_lost_disk: bool,
    /// Of each proposer: how many of its ballots were overtaken since it started.
    overtaken: Vec<u32>,
    /// How many were in a row, of all.
    in_a_row: u32,
}

impl sim::Monitor<PaxosNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, PaxosNode>, verdicts: &mut Verdicts) {
        if self.overtaken.is_empty() {
            self.overtaken = vec![0; usize::from(seen.config.proposers)];
            for node in seen.nodes.ids() {
                self.look_at(node, seen, verdicts);
            }
        } else if let Some(node) = seen.node {
            self.look_at(node, seen, verdicts);
        }
        verdicts.reached(DECIDED, self.has_lost_disk || is_decided(seen) || rests(seen));
    }
}

impl Monitor {
    fn look_at(&mut self, node: NodeId, seen: &Observation<'_, PaxosNode>, verdicts: &mut Verdicts) {
        self.has_lost_disk |= !seen.nodes.disk(node).mark;
        match seen.nodes.state(node) {
            Some(PaxosNode::Proposer(_)) => self.look_at_proposer(node, seen, verdicts),
            Some(PaxosNode::Acceptor(_)) => self.look_at_acceptor(node, seen, verdicts),
            Some(PaxosNode::Learner(learner)) => {
                if let Some(value) = learner.known.filter(|value| !self.ledger.is_right(*value)) {
                    verdicts.broken(LEARNED_IS_CHOSEN, &[node], || {
                        t!("{node} takes {value} for chosen, and it is not", node = node, value = value.text())
                    });
                }
            }
            None => {
                if let Some(overtaken) = self.overtaken.get_mut(node.index()) {
                    *overtaken = 0;
                }
            }
        }
    }

    fn look_at_proposer(&mut self, node: NodeId, seen: &Observation<'_, PaxosNode>, verdicts: &mut Verdicts) {
        let Some(PaxosNode::Proposer(proposer)) = seen.nodes.state(node) else { return };
        if let Some(own) = proposer.own {
            self.ledger.propose(own);
        }
        let known = &mut self.overtaken[node.index()];
        if proposer.overtaken > *known {
            self.in_a_row += proposer.overtaken - *known;
            let count = self.in_a_row;
            if count >= DUEL_OF {
                verdicts.seen(DUEL, &[node], || t!("{count} ballots in a row were overtaken", count = count));
            }
        }
        *known = proposer.overtaken;
        match &proposer.phase {
            Phase::Preparing { ballot, .. } => self.ledger.prepare(*ballot),
            Phase::Writing { vote, .. } => {
                if let Some(own) = proposer.own.filter(|own| *own != vote.value) {
                    verdicts.seen(ADOPTED, &[node], || {
                        t!(
                            "{node} gives up {own} for {value}",
                            node = node,
                            own = own.text(),
                            value = vote.value.text()
                        )
                    });
                }
            }
            Phase::Accepting { vote, .. } => {
                if let Some(other) = self.ledger.send(vote.ballot, vote.value) {
                    verdicts.broken(ONE_VALUE_A_BALLOT, &[node], || {
                        t!(
                            "in ballot {ballot} acceptors are asked to accept both {other} and {value}",
                            ballot = vote.ballot.text(),
                            other = other.text(),
                            value = vote.value.text()
                        )
                    });
                }
                self.judge_p2b(node, verdicts);
            }
            Phase::Done(value) if !self.ledger.is_right(*value) => verdicts.broken(LEARNED_IS_CHOSEN, &[node], || {
                t!("{node} takes {value} for chosen, and it is not", node = node, value = value.text())
            }),
            Phase::Done(_) | Phase::Idle | Phase::Waiting => {}
        }
    }

    fn look_at_acceptor(&mut self, node: NodeId, seen: &Observation<'_, PaxosNode>, verdicts: &mut Verdicts) {
        let Some(PaxosNode::Acceptor(acceptor)) = seen.nodes.state(node) else { return };
        let (place, needed) = (seen.config.place(node), seen.config.acceptances_needed());
        if let Some(ballot) = acceptor.promised.0 {
            self.ledger.promise(ballot, place);
        }
        let Some(vote) = acceptor.accepted else { return };
        let (is_new, is_chosen) = self.ledger.accept(vote.ballot, vote.value, place, needed);
        if is_new {
            self.in_a_row = 0;
        }
        if !is_chosen {
            return;
        }
        if let [(first, one), .., (second, other)] = self.ledger.chosen[..] {
            verdicts.broken(AGREEMENT, &[node], || {
                t!(
                    "{one} is chosen in ballot {first}, and {other} in ballot {second}",
                    one = one.text(),
                    first = first.text(),
                    other = other.text(),
                    second = second.text()
                )
            });
        }
        self.judge_p2b(node, verdicts);
        if is_unknown(vote.ballot, seen) {
            verdicts.seen(CHOSEN_UNKNOWN, &[node], || {
                t!("{value} is chosen, its proposer is down, and nobody knows", value = vote.value.text())
            });
        }
    }

    fn judge_p2b(&self, node: NodeId, verdicts: &mut Verdicts) {
        let Some((row, ballot, chosen)) = self.ledger.deviation() else { return };
        let value = row.value.map(|value| value.text()).unwrap_or_default();
        verdicts.broken(P2B, &[node], || {
            t!(
                "{chosen} is chosen in ballot {ballot}, and ballot {higher} proposes {value}",
                chosen = chosen.text(),
                ballot = ballot.text(),
                higher = row.ballot.text(),
                value = value
            )
        });
    }
}

/// Whether nobody knows what is chosen, and the proposer is down that could have found out first.
fn is_unknown(ballot: Ballot, seen: &Observation<'_, PaxosNode>) -> bool {
    let knows = |node: NodeId| match seen.nodes.state(node) {
        Some(PaxosNode::Proposer(proposer)) => matches!(proposer.phase, Phase::Done(_)),
        Some(PaxosNode::Learner(learner)) => learner.known.is_some(),
        _ => false,
    };
    ballot.owner().is_some_and(|owner| seen.nodes.state(owner).is_none()) && !seen.nodes.ids().any(knows)
}

fn is_decided(seen: &Observation<'_, PaxosNode>) -> bool {
    let knows = |node| matches!(seen.nodes.state(node), Some(PaxosNode::Learner(learner)) if learner.known.is_some());
    seen.config.all_learners().all(knows)
}

/// Whether nobody is at work, and nobody begins by itself.
fn rests(seen: &Observation<'_, PaxosNode>) -> bool {
    let Config { begin_us, .. } = *seen.config;
    let is_at_work = |node| match seen.nodes.state(node) {
        Some(PaxosNode::Proposer(proposer)) => !matches!(proposer.phase, Phase::Idle | Phase::Done(_)),
        _ => false,
    };
    begin_us == 0 && !seen.config.all_proposers().any(is_at_work)
}
