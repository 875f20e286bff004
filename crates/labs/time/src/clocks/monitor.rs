//! The checks of both labs. They judge the times that the nodes themselves gave their events, against the true causes
//! that [`History`] counts.

use serde::Serialize;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Outcome, Text, Verdicts, t};

use super::history::{History, Known, Name, New};
use super::process::Process;
use super::stamp::MOST_NODES;
use super::{LamportClocks, VectorClocks};

const CLOCK_CONDITION: usize = 0;
const DISTINCT_EVENTS: usize = 1;
const TOTAL_ORDER: usize = 2;
const ORDERED_CONCURRENT: usize = 3;

const EXACT_CAUSALITY: usize = 0;
const CONCURRENT_EVENTS: usize = 1;

impl Checks for LamportClocks {
    type Monitor = LamportMonitor;

    /// The checks of the Lamport lab, in the order of the first numbers above.
    fn checks() -> Vec<Check> {
        vec![
            check(
                "clock-condition",
                t!("if a came before b, C(a) < C(b)"),
                CheckKind::Always,
                t!("An event that could have caused another one has the smaller time."),
            ),
            check(
                "distinct-events",
                t!("a node's events have growing times"),
                CheckKind::Always,
                t!("Of two events at one node the later one has the larger time."),
            ),
            check(
                "total-order",
                t!("no two events share time and node"),
                CheckKind::Always,
                t!("Time and name of the node together put all events into one order, without ties."),
            )
            .kept_by("every_event_ticks"),
            check(
                "ordered-concurrent",
                t!("concurrent events with ordered times"),
                CheckKind::Sometimes,
                t!(
                    "One event has a smaller time than another though neither could know of the other: times alone do not tell causes."
                ),
            ),
        ]
    }
}

impl Checks for VectorClocks {
    type Monitor = VectorMonitor;

    /// The checks of the vector lab, in the order of the second numbers above.
    fn checks() -> Vec<Check> {
        vec![
            check(
                "exact-causality",
                t!("a came before b exactly if V(a) < V(b)"),
                CheckKind::Always,
                t!("The vectors tell exactly which event could have caused which, and which could not."),
            ),
            check(
                "concurrent-events",
                t!("concurrent events"),
                CheckKind::Sometimes,
                t!("Two events happen without any way from one to the other: neither can have caused the other."),
            ),
        ]
    }
}

fn check(name: &'static str, title: Text, kind: CheckKind, meaning: Text) -> Check {
    Check::new(name, title, kind, meaning)
}

/// Watches a run of the Lamport lab.
#[derive(Clone, Debug, Default, Serialize)]
pub struct LamportMonitor {
    history: History,
    /// The greatest time of each node so far.
    greatest: [u64; MOST_NODES],
}

/// Watches a run of the vector lab.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VectorMonitor {
    history: History,
}

impl sim::Monitor<Process> for LamportMonitor {
    fn observe(&mut self, seen: &Observation<'_, Process>, verdicts: &mut Verdicts) {
        if let Some(new) = self.history.take(seen) {
            self.clock_condition(&new, verdicts);
            self.total_order(&new, verdicts);
            self.concurrent(&new, verdicts);
        }
    }
}

impl LamportMonitor {
    /// C1 and C2 of Lamport 1978. What holds from each event to the next one and from each sending to its receipt holds
    /// along every chain of them.
    fn clock_condition(&self, new: &New, verdicts: &mut Verdicts) {
        let previous = new.name.place.checked_sub(1).map(|place| Name { place, ..new.name });
        for before in [previous, new.source].into_iter().flatten() {
            let Some(known) = self.history.get(before) else { continue };
            if known.stamp.is_before(&new.known.stamp) {
                continue;
            }
            let nodes = [before.node, new.name.node];
            let sentence = || {
                t!(
                    "{a} came before {b}, but its time {first} is not less than {second}",
                    a = before.text(),
                    b = new.name.text(),
                    first = known.stamp.text(),
                    second = new.known.stamp.text()
                )
            };
            if before.node == new.name.node {
                verdicts.broken(DISTINCT_EVENTS, &nodes[..1], sentence);
                verdicts.broken(CLOCK_CONDITION, &nodes[..1], sentence);
            } else {
                verdicts.broken(CLOCK_CONDITION, &nodes, sentence);
            }
        }
    }

    /// Two events with the same time and the same node have no order.
    fn total_order(&mut self, new: &New, verdicts: &mut Verdicts) {
        let node = new.name.node;
        let time = new.known.stamp.lamport().unwrap_or_default();
        let greatest = &mut self.greatest[node.index()];
        if time > *greatest {
            *greatest = time;
            return;
        }
        if verdicts.get(TOTAL_ORDER).outcome == Outcome::Broken {
            return;
        }
        let twin = self.history.line(node).find(|(name, known)| *name != new.name && known.stamp == new.known.stamp);
        if let Some((twin, _)) = twin {
            verdicts.broken(TOTAL_ORDER, &[node], || {
                t!("{a} and {b} both have time {time}", a = twin.text(), b = new.name.text(), time = time)
            });
        }
    }

    /// What Lamport times cannot tell: of two events with different times, the earlier one may have nothing to do with
    /// the later one.
    fn concurrent(&self, new: &New, verdicts: &mut Verdicts) {
        if verdicts.get(ORDERED_CONCURRENT).outcome == Outcome::Seen {
            return;
        }
        let b = (new.name, new.known);
        let others = self.history.nodes().flat_map(|node| concurrent_with(&self.history, new, node));
        let Some(a) = others.filter(|(_, known)| known.stamp != new.known.stamp).last() else { return };
        let (a, b) = if a.1.stamp.is_before(&b.1.stamp) { (a, b) } else { (b, a) };
        verdicts.seen(ORDERED_CONCURRENT, &[a.0.node, b.0.node], || {
            t!(
                "C({a}) = {first} < C({b}) = {second}, but neither came before the other",
                a = a.0.text(),
                b = b.0.text(),
                first = a.1.stamp.text(),
                second = b.1.stamp.text()
            )
        });
    }
}

impl sim::Monitor<Process> for VectorMonitor {
    fn observe(&mut self, seen: &Observation<'_, Process>, verdicts: &mut Verdicts) {
        let Some(new) = self.history.take(seen) else { return };
        for node in self.history.nodes() {
            self.exact(&new, node, verdicts);
            if let Some((other, _)) = concurrent_with(&self.history, &new, node).next() {
                verdicts.seen(CONCURRENT_EVENTS, &[other.node, new.name.node], || {
                    t!(
                        "{a} and {b} are concurrent: neither could know of the other",
                        a = other.text(),
                        b = new.name.text()
                    )
                });
            }
        }
    }
}

impl VectorMonitor {
    /// Compares the new event b with those of one node. While the vectors of that node grow from event to event, three
    /// of its events stand for all: the last one before b, the first one not before b, and the last one.
    fn exact(&self, new: &New, node: NodeId, verdicts: &mut Verdicts) {
        let b = new.name;
        let before = causes_at(new, node);
        let name = |place: usize| Name { node, place };
        let known = |place: Option<usize>| place.and_then(|place| Some((name(place), self.history.get(name(place))?)));
        let others = if node == b.node { b.place } else { self.history.length(node) };
        if let Some((a, known)) = known(before.checked_sub(1))
            && !known.stamp.is_before(&new.known.stamp)
        {
            verdicts.broken(EXACT_CAUSALITY, &[node, b.node], || {
                t!(
                    "{a} came before {b}, but {first} is not less than {second}",
                    a = a.text(),
                    b = b.text(),
                    first = known.stamp.text(),
                    second = new.known.stamp.text()
                )
            });
        }
        let mut unrelated = |lesser: (Name, &Known), greater: (Name, &Known)| {
            if lesser.1.stamp.is_at_most(&greater.1.stamp) {
                verdicts.broken(EXACT_CAUSALITY, &[lesser.0.node, greater.0.node], || {
                    t!(
                        "{a} did not come before {b}, but {first} is at most {second} in every place",
                        a = lesser.0.text(),
                        b = greater.0.text(),
                        first = lesser.1.stamp.text(),
                        second = greater.1.stamp.text()
                    )
                });
            }
        };
        if let Some(a) = known((before < others).then_some(before)) {
            unrelated(a, (b, &new.known));
        }
        if let Some(last) = known(others.checked_sub(1)) {
            unrelated((b, &new.known), last);
        }
    }
}

/// How many events of a node came before the new one.
fn causes_at(new: &New, node: NodeId) -> usize {
    let count = new.known.causes.of(node) as usize;
    if node == new.name.node { count.saturating_sub(1) } else { count }
}

/// The events of a node that are concurrent with the new one: those that it could not know of. Nothing that has
/// happened so far came after it.
fn concurrent_with<'a>(history: &'a History, new: &New, node: NodeId) -> impl Iterator<Item = (Name, Known)> + use<'a> {
    let last = if node == new.name.node { 0 } else { history.length(node) };
    (causes_at(new, node)..last).filter_map(move |place| {
        let name = Name { node, place };
        Some((name, *history.get(name)?))
    })
}
