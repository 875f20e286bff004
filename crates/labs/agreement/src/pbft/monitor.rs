//! The monitor: it sees who lies, and compares what honest replicas do. What liars do it never judges.

use serde::Serialize;
use sim::frame::Status;
use sim::history::Value;
use sim::{List, Map, NodeId, Observation, Verdicts, t};

use super::checks::{ANSWERED, EQUIVOCATED, FOOLED, NULL_REQUEST, ONE_PREPARED, SAME_ORDER, VIEW_CHANGED};
use super::client::{Client, told};
use super::{Config, Digest, Node, Replica};

/// How long a request may be open.
const PATIENCE_US: u64 = 1_000_000;

/// So many numbers of a view are remembered.
const REMEMBERED: usize = 256;

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// For each replica whether it has ever lied, or has lost its disk.
    liars: Vec<bool>,
    /// For each number, from 1 on: the order of all requests up to there as the first honest replica has carried them out.
    chains: List<Option<(u64, NodeId)>>,
    /// What honest replicas have taken and prepared, by number and view.
    known: Map<(u64, u64), Known>,
    /// Since when each client waits for its request, with the serial number.
    open: Map<NodeId, (u64, u64)>,
    /// The last answer that each client has taken, until an honest replica has given its own.
    beliefs: Map<NodeId, Belief>,
    /// How many requests clients have got an answer to.
    pub answered: u64,
}

/// What honest replicas think of one number of one view: the first of them.
#[derive(Clone, Debug, Default, Serialize)]
struct Known {
    taken: Option<(Digest, NodeId)>,
    prepared: Option<(Digest, NodeId)>,
}

/// An answer that a client has taken.
#[derive(Clone, Debug, Serialize)]
struct Belief {
    serial: u64,
    answer: Value,
    is_judged: bool,
}

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let config = seen.config;
        self.liars.resize(config.replicas.into(), false);
        for node in config.all_replicas() {
            let has_lost_disk =
                || seen.nodes.state(node).and_then(Node::replica).is_some_and(|replica| replica.has_lost_disk);
            self.liars[node.index()] |= seen.nodes.lies(node).is_some() || has_lost_disk();
        }
        let Some(node) = seen.node else { return };
        match seen.nodes.state(node) {
            Some(Node::Replica(replica)) if !self.liars[node.index()] => self.look_at(node, replica, config, verdicts),
            Some(Node::Client(client)) => self.look_at_client(node, client, seen),
            _ => {}
        }
        self.judge_beliefs(seen, verdicts);
        verdicts.reached(ANSWERED, self.is_answered(seen));
    }
}

impl Monitor {
    /// How many lie, or have lied.
    fn is_promised(&self, config: &Config) -> bool {
        self.liars.iter().filter(|lies| **lies).count() <= config.faulty as usize
    }

    fn look_at(&mut self, node: NodeId, replica: &Replica, config: &Config, verdicts: &mut Verdicts) {
        let is_promised = self.is_promised(config);
        if replica.view > 0 && !replica.is_changing {
            verdicts.seen(VIEW_CHANGED, &[node], || t!("{node} is in view {view}", node = node, view = replica.view));
        }
        if let Some((number, None)) = replica.journal.last() {
            verdicts.seen(NULL_REQUEST, &[node], || {
                t!("{node} does nothing under number {number}", node = node, number = *number)
            });
        }
        self.compare_order(node, replica, is_promised, verdicts);
        for (number, slot) in replica.slots.iter() {
            let taken = slot.accepted.as_ref().map(|(view, digest)| (*view, digest));
            let prepared = slot.prepared.as_ref().map(|prepared| (prepared.view, &prepared.digest));
            if let Some((view, digest)) = taken {
                let known = &mut self.known.get_or_insert_with((*number, view), Known::default).taken;
                if let Some((other, theirs)) = at_odds(known, node, digest) {
                    verdicts.seen(EQUIVOCATED, &[other, node], || differ(*number, (other, theirs), (node, digest)));
                }
            }
            if let Some((view, digest)) = prepared {
                let known = &mut self.known.get_or_insert_with((*number, view), Known::default).prepared;
                if let Some((other, theirs)) = at_odds(known, node, digest).filter(|_| is_promised) {
                    verdicts.broken(ONE_PREPARED, &[other, node], || differ(*number, (other, theirs), (node, digest)));
                }
            }
        }
        if self.known.iter().count() > 2 * REMEMBERED {
            let newest = self.known.iter().last().map_or(0, |((number, _), _)| *number);
            self.known.retain(|(number, _), _| *number + REMEMBERED as u64 > newest);
        }
    }

    fn compare_order(&mut self, node: NodeId, replica: &Replica, is_promised: bool, verdicts: &mut Verdicts) {
        let Some(place) = (replica.executed as usize).checked_sub(1) else { return };
        while self.chains.len() <= place {
            self.chains.push(None);
        }
        let chain = replica.state.chain;
        match self.chains.get(place).copied().flatten() {
            None => {
                if let Some(known) = self.chains.get_mut(place) {
                    *known = Some((chain, node));
                }
            }
            Some((known, other)) if known != chain && is_promised => {
                verdicts.broken(SAME_ORDER, &[other, node], || {
                    t!(
                        "Up to number {number} {node} has carried out something else than {other}",
                        number = replica.executed,
                        node = node,
                        other = other
                    )
                });
            }
            Some(_) => {}
        }
    }

    fn look_at_client(&mut self, node: NodeId, client: &Client, seen: &Observation<'_, Node>) {
        match &client.open {
            Some(open) => {
                let known = self.open.get(&node).is_some_and(|(serial, _)| *serial == open.request.serial);
                if !known {
                    self.open.insert(node, (open.request.serial, seen.at_us));
                }
            }
            None => {
                self.open.remove(&node);
            }
        }
        let Some((_, answer)) = &client.last else { return };
        let serial = client.serial - u64::from(client.open.is_some());
        if self.beliefs.get(&node).is_none_or(|belief| belief.serial != serial) {
            self.answered += 1;
            self.beliefs.insert(node, Belief { serial, answer: answer.clone(), is_judged: false });
        }
    }

    /// Compares what clients believe with what honest replicas answer.
    fn judge_beliefs(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let Some(node) = seen.node else { return };
        let clients = self.beliefs.iter().filter(|(_, belief)| !belief.is_judged).map(|(client, _)| *client);
        for of in clients.collect::<Vec<NodeId>>() {
            let Some(client) = seen.nodes.state(of).and_then(Node::client) else { continue };
            let Some((command, _)) = &client.last else { continue };
            let honest = seen.config.all_replicas().filter(|replica| !self.liars[replica.index()]);
            let replicas = honest.filter_map(|replica| seen.nodes.state(replica).and_then(Node::replica));
            let Some(belief) = self.beliefs.get_mut(&of) else { continue };
            let request = parts::store::Request { client: client.id, serial: belief.serial, command: command.clone() };
            let answer = replicas.filter_map(|replica| replica.state.store.result_of(&request)).next();
            let Some(answer) = answer else { continue };
            belief.is_judged = true;
            if *answer != belief.answer {
                let (wrong, right) = (told(command, &belief.answer), told(command, answer));
                verdicts.seen(FOOLED, &[of, node], || {
                    t!(
                        "{client} believes “{wrong}”, and honest replicas say “{right}”",
                        client = of,
                        wrong = wrong,
                        right = right
                    )
                });
            }
        }
    }

    fn is_answered(&self, seen: &Observation<'_, Node>) -> bool {
        let is_late =
            |node: NodeId| self.open.get(&node).is_some_and(|(_, since_us)| since_us + PATIENCE_US < seen.at_us);
        let clients = seen.nodes.ids().filter(|node| !seen.config.is_replica(*node));
        let mut honest =
            clients.filter(|node| seen.nodes.lies(*node).is_none() && seen.nodes.status(*node) == Status::Up);
        if honest.any(is_late) {
            return false;
        }
        let honest = seen.config.all_replicas().filter(|node| !self.liars[node.index()]);
        let mut stable =
            honest.filter_map(|node| seen.nodes.state(node)?.replica()).map(|replica| replica.stable.number);
        let first = stable.next();
        stable.all(|number| Some(number) == first)
    }
}

/// Whether this is something else than what is known. What is not known yet is from here on.
fn at_odds(known: &mut Option<(Digest, NodeId)>, node: NodeId, digest: &Digest) -> Option<(NodeId, Digest)> {
    match known {
        None => {
            *known = Some((digest.clone(), node));
            None
        }
        Some((theirs, other)) => (theirs != digest).then(|| (*other, theirs.clone())),
    }
}

fn differ(number: u64, (one, first): (NodeId, Digest), (other, second): (NodeId, &Digest)) -> sim::Text {
    t!(
        "Number {number} is {first} at {one}, and {second} at {other}",
        number = number,
        first = first.text(),
        one = one,
        second = second.text(),
        other = other
    )
}
