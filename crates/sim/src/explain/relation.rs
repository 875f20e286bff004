//! How two events stand to each other: Lamport's "happened before" (Lamport 1978), read off vector times (Mattern 1989;
//! Fidge 1988), and what each kind of clock can tell of it and what it cannot.

use std::fmt;

use serde::Serialize;

use crate::base::id::NodeId;
use crate::base::text::Text;
use crate::frame::TraceEvent;
use crate::t;

/// With more nodes than this, a sentence shows only the entries of a vector that decide.
const MOST_ENTRIES: usize = 8;

/// How one event stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Relation {
    /// It could have caused the other one.
    Before,
    /// The other one could have caused it.
    After,
    /// Neither could have caused the other.
    Concurrent,
    /// Both are one event.
    Same,
}

impl fmt::Display for Relation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Relation::Before => "before",
            Relation::After => "after",
            Relation::Concurrent => "concurrent",
            Relation::Same => "same",
        })
    }
}

impl Relation {
    /// How event `a` stands to event `b` of the same run; none where one of them happened to the network, which has no
    /// clock.
    pub fn of(a: &TraceEvent, b: &TraceEvent) -> Option<Relation> {
        let (at_a, at_b) = (a.node?, b.node?);
        Some(match (happened_before((a, at_a), (b, at_b)), happened_before((b, at_b), (a, at_a))) {
            _ if a.number == b.number => Relation::Same,
            (true, _) => Relation::Before,
            (false, true) => Relation::After,
            (false, false) => Relation::Concurrent,
        })
    }
}

fn happened_before((a, at_a): (&TraceEvent, NodeId), (b, at_b): (&TraceEvent, NodeId)) -> bool {
    if at_a == at_b {
        return a.number < b.number;
    }
    // Of what a node did not notice itself nobody can have heard before its next event.
    entry(b, at_a) >= entry(a, at_a) + u32::from(!a.is_noticed)
}

fn entry(event: &TraceEvent, node: NodeId) -> u32 {
    event.vector.get(node.index()).copied().unwrap_or_default()
}

/// Two events side by side, in sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Their numbers, in the order in which they were chosen.
    pub events: (u64, u64),
    /// How the first one stands to the second one; none where one of them happened to the network.
    pub relation: Option<Relation>,
    /// The same in a sentence.
    pub verdict: Text,
    /// What each clock tells of it.
    pub clues: Vec<Clue>,
}

/// What one kind of clock tells of two events.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clue {
    /// The clock: "Lamport clock".
    pub clock: Text,
    /// What the times of the two events say, and what they leave open.
    pub tells: Text,
}

impl Compared {
    /// Compares two events of a run whose nodes have these labels.
    pub fn new(a: &TraceEvent, b: &TraceEvent, labels: &[String]) -> Compared {
        let relation = Relation::of(a, b);
        let pair = Pair { a, b, labels };
        let clues = match (relation, a.node, b.node) {
            (Some(relation @ (Relation::Before | Relation::After | Relation::Concurrent)), Some(at_a), Some(at_b)) => {
                pair.clues(relation, at_a, at_b)
            }
            _ => Vec::new(),
        };
        Compared { events: (a.number, b.number), relation, verdict: pair.verdict(relation), clues }
    }
}

/// The two events and what is needed to speak of them.
struct Pair<'a> {
    a: &'a TraceEvent,
    b: &'a TraceEvent,
    labels: &'a [String],
}

impl Pair<'_> {
    fn label(&self, node: Option<NodeId>) -> String {
        node.and_then(|node| self.labels.get(node.index())).cloned().unwrap_or_default()
    }

    fn verdict(&self, relation: Option<Relation>) -> Text {
        let (a, b) = (self.a.number, self.b.number);
        let (at_a, at_b) = (self.label(self.a.node), self.label(self.b.node));
        let is_one_node = self.a.node == self.b.node;
        match relation {
            None => {
                let number = if self.a.node.is_none() { a } else { b };
                t!(
                    "Event {number} happened to the network, so no event is before or after it by cause.",
                    number = number
                )
            }
            Some(Relation::Same) => t!("Event {number} is one and the same event.", number = a),
            Some(Relation::Before) if is_one_node => {
                t!("Event {a} happened before event {b}: both are events of {node}.", a = a, b = b, node = at_a)
            }
            Some(Relation::After) if is_one_node => {
                t!("Event {a} happened after event {b}: both are events of {node}.", a = a, b = b, node = at_a)
            }
            Some(Relation::Before) => t!(
                "Event {a} at {at_a} happened before event {b} at {at_b}, and could have caused it.",
                a = a,
                at_a = at_a,
                b = b,
                at_b = at_b
            ),
            Some(Relation::After) => t!(
                "Event {a} at {at_a} happened after event {b} at {at_b}, and could be caused by it.",
                a = a,
                at_a = at_a,
                b = b,
                at_b = at_b
            ),
            Some(Relation::Concurrent) => t!(
                "Event {a} at {at_a} and event {b} at {at_b} are concurrent: neither could know of the other.",
                a = a,
                at_a = at_a,
                b = b,
                at_b = at_b
            ),
        }
    }

    fn clues(&self, relation: Relation, at_a: NodeId, at_b: NodeId) -> Vec<Clue> {
        let mut clues = vec![
            Clue { clock: t!("Lamport clock"), tells: self.lamport() },
            Clue { clock: t!("vector clock"), tells: self.vector(relation, at_a, at_b) },
            Clue { clock: t!("total order"), tells: self.total_order(at_a, at_b) },
        ];
        if let (Some(a), Some(b)) = (&self.a.stamp, &self.b.stamp)
            && (self.is_strange(self.a, a) || self.is_strange(self.b, b))
        {
            let tells = t!("The nodes themselves say {a} and {b}.", a = a.clone(), b = b.clone());
            clues.push(Clue { clock: t!("their own clocks"), tells });
        }
        clues
    }

    /// Whether a node gives an event another time than either clock does: a rule is broken, or it has lost its clock.
    fn is_strange(&self, event: &TraceEvent, stamp: &Text) -> bool {
        let stamp = stamp.to_string();
        stamp != lamport(event).to_string() && stamp != whole(&event.vector).to_string()
    }

    /// Lamport 1978: if a happened before b, then C(a) < C(b). The converse does not hold.
    fn lamport(&self) -> Text {
        let (first, second) = self.by_lamport();
        let times = (lamport(first), lamport(second));
        match (first.lamport < second.lamport, first.node == second.node) {
            (true, true) => {
                t!("{a} < {b}: events of one node are ordered by its times.", a = times.0, b = times.1)
            }
            (true, false) => t!(
                "{a} < {b} says only that event {second} did not happen before event {first}. It does not tell whether {first} happened before {second} or they are concurrent.",
                a = times.0,
                b = times.1,
                first = first.number,
                second = second.number
            ),
            (false, true) => t!("{a} = {b}: the clock did not tick in between.", a = times.0, b = times.1),
            (false, false) => t!(
                "{a} = {b}: with equal times at two nodes, neither happened before the other.",
                a = times.0,
                b = times.1
            ),
        }
    }

    /// Mattern 1989 and Fidge 1988: a happened before b exactly if V(a) < V(b).
    fn vector(&self, relation: Relation, at_a: NodeId, at_b: NodeId) -> Text {
        let unnoticed = [self.a, self.b].into_iter().find(|event| !event.is_noticed);
        if let Some(event) = unnoticed {
            return t!(
                "{node} did not notice event {number}, so that no clock has counted it.",
                node = self.label(event.node),
                number = event.number
            );
        }
        let times = (self.times(self.a, at_a, at_b), self.times(self.b, at_a, at_b));
        match relation {
            Relation::Concurrent => t!(
                "{a} counts more events of {at_a}, {b} more of {at_b}. Neither is less than the other, so the events are concurrent.",
                a = times.0,
                b = times.1,
                at_a = self.label(Some(at_a)),
                at_b = self.label(Some(at_b))
            ),
            relation => {
                let ((less, first), (more, second)) = if relation == Relation::Before {
                    ((times.0, self.a.number), (times.1, self.b.number))
                } else {
                    ((times.1, self.b.number), (times.0, self.a.number))
                };
                t!(
                    "{less} is at most {more} in every place, so event {first} happened before event {second}.",
                    less = less,
                    more = more,
                    first = first,
                    second = second
                )
            }
        }
    }

    /// Lamport 1978, "Ordering the Events Totally": by time, and where times are equal, by node.
    fn total_order(&self, at_a: NodeId, at_b: NodeId) -> Text {
        let key = |event: &TraceEvent, at: NodeId| (event.lamport, at, event.number);
        let named = |event: &TraceEvent| t!("({time}, {node})", time = lamport(event), node = self.label(event.node));
        let (first, second) = if key(self.a, at_a) < key(self.b, at_b) { (self.a, self.b) } else { (self.b, self.a) };
        t!(
            "{a} comes before {b}: event {first}, then event {second}.",
            a = named(first),
            b = named(second),
            first = first.number,
            second = second.number
        )
    }

    fn by_lamport(&self) -> (&TraceEvent, &TraceEvent) {
        if self.a.lamport <= self.b.lamport { (self.a, self.b) } else { (self.b, self.a) }
    }

    /// The vector of an event; where there are many nodes, the entries that decide.
    fn times(&self, event: &TraceEvent, at_a: NodeId, at_b: NodeId) -> Text {
        if event.vector.len() <= MOST_ENTRIES {
            return whole(&event.vector);
        }
        let of = |node: NodeId| t!("{node}: {count}", node = self.label(Some(node)), count = entry(event, node));
        if at_a == at_b {
            return t!("[{entry}, …]", entry = of(at_a));
        }
        t!("[{first}, {second}, …]", first = of(at_a), second = of(at_b))
    }
}

/// A Lamport time as it is written: `L7`.
fn lamport(event: &TraceEvent) -> Text {
    t!("L{time}", time = event.lamport)
}

/// A vector time as it is written: `[2 0 1]`.
pub fn whole(vector: &[u32]) -> Text {
    let numbers: Vec<String> = vector.iter().map(u32::to_string).collect();
    t!("[{numbers}]", numbers = numbers.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Caption, EventKind, Status, Tone};

    fn event(number: u64, node: Option<u16>, lamport: u64, vector: &[u32]) -> TraceEvent {
        TraceEvent {
            number,
            at_us: number * 1_000,
            node: node.map(NodeId),
            kind: EventKind::Operation,
            caption: Caption::default(),
            causes: Vec::new(),
            lamport,
            vector: vector.to_vec(),
            stamp: None,
            is_noticed: true,
            received: Vec::new(),
            sent: Vec::new(),
            lost: Vec::new(),
            rules: Vec::new(),
            tone: Tone::Plain,
            status: Status::Up,
        }
    }

    fn compared(a: &TraceEvent, b: &TraceEvent) -> (Option<Relation>, Vec<String>) {
        let labels = ["A", "B", "C"].map(String::from);
        let Compared { relation, verdict, clues, .. } = Compared::new(a, b, &labels);
        let sentences = std::iter::once(&verdict).chain(clues.iter().map(|clue| &clue.tells));
        (relation, sentences.map(ToString::to_string).collect())
    }

    /// Lamport 1978, "The Partial Ordering": along a message; Mattern 1989: V(a) < V(b).
    #[test]
    fn a_message_orders_two_events() {
        let (sent, received) = (event(1, Some(0), 1, &[1, 0, 0]), event(2, Some(1), 2, &[1, 1, 0]));
        let (relation, said) = compared(&sent, &received);
        assert_eq!(relation, Some(Relation::Before));
        assert_eq!(said[0], "Event 1 at A happened before event 2 at B, and could have caused it.");
        assert!(said[1].starts_with("L1 < L2 says only that event 2 did not happen before event 1."), "{}", said[1]);
        assert!(said[2].starts_with("[1 0 0] is at most [1 1 0] in every place"), "{}", said[2]);
        assert_eq!(compared(&received, &sent).0, Some(Relation::After));
        assert_eq!(compared(&sent, &sent).0, Some(Relation::Same));
    }

    /// Lamport 1978: the converse of the Clock Condition does not hold, and equal times are ordered by the nodes.
    #[test]
    fn lamport_times_order_strangers_and_equal_times_tell_that_they_are() {
        let (a, c) = (event(3, Some(0), 2, &[2, 0, 0]), event(2, Some(2), 1, &[0, 0, 1]));
        let (relation, said) = compared(&a, &c);
        assert_eq!(relation, Some(Relation::Concurrent));
        assert_eq!(said[3], "(L1, C) comes before (L2, A): event 2, then event 3.");
        let twin = event(4, Some(2), 2, &[0, 0, 2]);
        let (_, said) = compared(&twin, &a);
        assert_eq!(said[1], "L2 = L2: with equal times at two nodes, neither happened before the other.");
        assert_eq!(said[3], "(L2, A) comes before (L2, C): event 3, then event 4.");
    }

    /// A paused node notices nothing: what it had sent before tells nobody of the pause.
    #[test]
    fn nobody_hears_of_what_was_not_noticed() {
        let pause = TraceEvent { is_noticed: false, ..event(2, Some(0), 1, &[1, 0]) };
        let (heard, later) = (event(3, Some(1), 2, &[1, 1]), event(4, Some(0), 2, &[2, 0]));
        assert_eq!(Relation::of(&pause, &heard), Some(Relation::Concurrent));
        assert_eq!(Relation::of(&pause, &later), Some(Relation::Before));
        assert_eq!(compared(&pause, &heard).1[2], "A did not notice event 2, so that no clock has counted it.");
    }

    #[test]
    fn the_network_has_no_clock_and_many_nodes_have_long_vectors() {
        let (relation, said) = compared(&event(5, None, 0, &[]), &event(1, Some(0), 1, &[1, 0, 0]));
        assert_eq!((relation, said.len()), (None, 1));
        let long = |own: usize| (0..200).map(|node| u32::from(node == own)).collect::<Vec<_>>();
        let (_, said) = compared(&event(1, Some(0), 1, &long(0)), &event(2, Some(1), 1, &long(1)));
        assert!(
            said[2].starts_with("[A: 1, B: 0, …] counts more events of A, [A: 0, B: 1, …] more of B."),
            "{}",
            said[2]
        );
    }
}
