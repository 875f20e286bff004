//! What an event could depend on, what could depend on it, and what is concurrent with it: Lamport's "happened before",
//! read off the vector times (Mattern 1989; Fidge 1988).

use std::collections::BTreeMap;

use sim::NodeId;
use sim::frame::{EventKind, Frame, TraceEvent};

use super::chronicle::{CONE_REACH, Chronicle};

/// How an event stands to the selected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Selected,
    /// It could have caused the selected one.
    Past,
    /// It could depend on the selected one.
    Future,
    Concurrent,
    /// It happened to the network, which has no clock.
    Outside,
}

/// The selected event among those that are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Cone {
    pub selected: u64,
    pub counts: Counts,
    relations: BTreeMap<u64, Relation>,
}

/// How many events stand how to the selected one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub past: usize,
    pub future: usize,
    pub concurrent: usize,
    /// The numbers of the first and the last event that were counted, where that is not the whole run.
    pub among: Option<(u64, u64)>,
}

/// When an event happened by the count of its own node.
#[derive(Clone, Copy, Debug)]
struct Stamp {
    node: NodeId,
    own: u32,
    /// Whether the node itself did not notice, as when it is paused: then nobody can have heard of it before the next
    /// event there.
    unnoticed: bool,
}

impl Cone {
    /// The cone of an event; none while the event is not known.
    pub fn of(chronicle: &Chronicle, selected: u64) -> Option<Cone> {
        let centre = chronicle.event(selected)?;
        let mut last_own: BTreeMap<NodeId, u32> = BTreeMap::new();
        let mut events: Vec<(&TraceEvent, Option<Stamp>)> = Vec::new();
        for event in chronicle.events(1..=chronicle.length()) {
            let stamp = event.node.map(|node| {
                let own = event.vector.get(node.index()).copied().unwrap_or_default();
                let unnoticed = last_own.insert(node, own) == Some(own);
                Stamp { node, own, unnoticed }
            });
            events.push((event, stamp));
        }
        let mine = events.iter().find(|(event, _)| event.number == selected).and_then(|(_, stamp)| *stamp);
        let relation = |event: &TraceEvent, stamp: Option<Stamp>| match (mine, stamp) {
            _ if event.number == selected => Relation::Selected,
            (Some(mine), Some(theirs)) if is_before((centre, mine), (event, theirs)) => Relation::Future,
            (Some(mine), Some(theirs)) if is_before((event, theirs), (centre, mine)) => Relation::Past,
            (Some(_), Some(_)) => Relation::Concurrent,
            _ => Relation::Outside,
        };
        let relations: BTreeMap<u64, Relation> =
            events.iter().map(|(event, stamp)| (event.number, relation(event, *stamp))).collect();
        Some(Cone { selected, counts: count(chronicle, &relations, selected), relations })
    }

    /// How an event stands to the selected one; none if it is not known.
    pub fn relation(&self, event: u64) -> Option<Relation> {
        self.relations.get(&event).copied()
    }
}

/// Whether a node has learnt of an event by the moment of this frame: of its own, and of what a message told it.
pub fn knows(frame: &Frame, knower: NodeId, event: &TraceEvent) -> bool {
    let (Some(knower), Some(node)) = (frame.nodes.get(knower.index()), event.node) else { return false };
    let count = |vector: &[u32]| vector.get(node.index()).copied().unwrap_or_default();
    let told = event.kind != EventKind::Fault && (1..=count(&knower.vector)).contains(&count(&event.vector));
    event.number <= frame.event && (node == knower.id || told)
}

/// Whether an event happened before another one.
fn is_before((first, one): (&TraceEvent, Stamp), (second, other): (&TraceEvent, Stamp)) -> bool {
    if one.node == other.node {
        return first.number < second.number;
    }
    let heard = second.vector.get(one.node.index()).copied().unwrap_or_default();
    heard >= one.own + u32::from(one.unnoticed)
}

/// Counts the events around the selected one, as far as they are known without a gap.
fn count(chronicle: &Chronicle, relations: &BTreeMap<u64, Relation>, selected: u64) -> Counts {
    let is_known = |number: &u64| relations.contains_key(number);
    let first = (selected.saturating_sub(CONE_REACH).max(1)..=selected).rev().take_while(is_known).last();
    let last = (selected..=selected + CONE_REACH).take_while(is_known).last();
    let (first, last) = (first.unwrap_or(selected), last.unwrap_or(selected));
    let mut counts = Counts::default();
    for relation in relations.range(first..=last).map(|(_, relation)| relation) {
        match relation {
            Relation::Past => counts.past += 1,
            Relation::Future => counts.future += 1,
            Relation::Concurrent => counts.concurrent += 1,
            Relation::Selected | Relation::Outside => {}
        }
    }
    counts.among = (first > 1 || last < chronicle.length()).then_some((first, last));
    counts
}

#[cfg(test)]
mod tests {
    use sim::frame::{Caption, EventKind, Status, Tone};

    use super::*;

    fn event(number: u64, node: Option<u16>, vector: &[u32]) -> TraceEvent {
        TraceEvent {
            number,
            at_us: number * 1_000,
            node: node.map(NodeId),
            kind: if node.is_some() { EventKind::Delivery } else { EventKind::Fault },
            caption: Caption::default(),
            causes: Vec::new(),
            lamport: number,
            vector: vector.to_vec(),
            received: Vec::new(),
            sent: Vec::new(),
            lost: Vec::new(),
            rules: Vec::new(),
            tone: Tone::Plain,
            status: Status::Up,
        }
    }

    // S1 sends to S2, which sends to S3; S3 had done something before, and S1 goes on by itself.
    fn run() -> Chronicle {
        Chronicle::of(vec![
            event(1, Some(0), &[1, 0, 0]),
            event(2, Some(2), &[0, 0, 1]),
            event(3, Some(1), &[1, 1, 0]),
            event(4, None, &[]),
            event(5, Some(0), &[2, 0, 0]),
            event(6, Some(2), &[1, 1, 2]),
        ])
    }

    #[test]
    fn causes_effects_and_concurrent_events_are_told_apart() {
        let cone = Cone::of(&run(), 3).expect("a cone");
        let relations: Vec<_> = (1..=7).map(|number| cone.relation(number)).collect();
        use Relation::{Concurrent, Future, Outside, Past, Selected};
        let expected = [Past, Concurrent, Selected, Outside, Concurrent, Future].map(Some);
        assert_eq!(relations[..6], expected);
        assert_eq!(relations[6], None);
        assert_eq!(cone.counts, Counts { past: 1, future: 1, concurrent: 2, among: None });
    }

    #[test]
    fn an_event_of_the_network_has_no_place_in_the_order() {
        let cone = Cone::of(&run(), 4).expect("a cone");
        assert_eq!(cone.counts, Counts::default());
        assert_eq!(cone.relation(4), Some(Relation::Selected));
        assert_eq!(Cone::of(&run(), 9), None);
    }

    #[test]
    fn nobody_hears_of_a_pause_before_the_node_acts_again() {
        // S1 acts, is paused, and what it had sent before reaches S2; then it acts again.
        let run = Chronicle::of(vec![
            event(1, Some(0), &[1, 0]),
            event(2, Some(0), &[1, 0]),
            event(3, Some(1), &[1, 1]),
            event(4, Some(0), &[2, 0]),
        ]);
        let cone = Cone::of(&run, 2).expect("a cone");
        assert_eq!(cone.relation(1), Some(Relation::Past));
        assert_eq!(cone.relation(3), Some(Relation::Concurrent));
        assert_eq!(cone.relation(4), Some(Relation::Future));
        assert_eq!(Cone::of(&run, 3).expect("a cone").relation(2), Some(Relation::Concurrent));
    }

    #[test]
    fn the_order_agrees_with_a_real_run() {
        let mut session = labs::registry::LABS[0].open().expect("a session");
        session.seek(400);
        let chronicle = Chronicle::of(session.trace(1, 400));
        for selected in [20, 150, 399] {
            let cone = Cone::of(&chronicle, selected).expect("a cone");
            // Whatever led to the event, message by message and timer by timer, is in its past.
            let cause_of = |number| chronicle.event(number)?.causes.first().copied();
            let mut cause = cause_of(selected);
            while let Some(number) = cause {
                if chronicle.event(number).is_some_and(|event| event.node.is_some()) {
                    assert_eq!(cone.relation(number), Some(Relation::Past), "{number} before {selected}");
                }
                cause = cause_of(number);
            }
            assert_eq!(cone.counts.among, None);
        }
    }
}
