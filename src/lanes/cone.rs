//! What an event could depend on, what could depend on it, and what is concurrent with it: Lamport's "happened before",
//! read off the vector times (Mattern 1989; Fidge 1988).

use sim::frame::{EventKind, Frame, TraceEvent};
use sim::map::Map;
use sim::{NodeId, Relation};

use super::chronicle::{CONE_REACH, Chronicle};

/// The selected event among those that are known.
#[derive(Clone, Debug, PartialEq)]
pub struct Cone {
    pub counts: Counts,
    /// None for what happened to the network, which has no clock.
    relations: Map<u64, Option<Relation>>,
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

impl Cone {
    /// The cone of an event; none while the event is not known.
    pub fn of(chronicle: &Chronicle, selected: u64) -> Option<Cone> {
        let centre = chronicle.event(selected)?;
        let relation = |event: &TraceEvent| (event.number, Relation::of(event, centre));
        let relations = chronicle.events(1..=chronicle.length()).map(relation).collect();
        Some(Cone { counts: count(chronicle, &relations, selected), relations })
    }

    /// How an event stands to the selected one; none if that is not known, or if one of them has no place in the order.
    pub fn relation(&self, event: u64) -> Option<Relation> {
        self.relations.get(&event).copied().flatten()
    }
}

/// Whether a node has learnt of an event by the moment of this frame: of its own, and of what a message told it.
pub fn knows(frame: &Frame, knower: NodeId, event: &TraceEvent) -> bool {
    let (Some(knower), Some(node)) = (frame.nodes.get(knower.index()), event.node) else { return false };
    let count = |vector: &[u32]| vector.get(node.index()).copied().unwrap_or_default();
    let told = event.kind != EventKind::Fault && (1..=count(&knower.vector)).contains(&count(&event.vector));
    event.number <= frame.event && (node == knower.id || told)
}

/// Counts the events around the selected one, as far as they are known without a gap.
fn count(chronicle: &Chronicle, relations: &Map<u64, Option<Relation>>, selected: u64) -> Counts {
    let is_known = |number: &u64| relations.get(number).is_some();
    let first = (selected.saturating_sub(CONE_REACH).max(1)..=selected).rev().take_while(is_known).last();
    let last = (selected..=selected + CONE_REACH).take_while(is_known).last();
    let (first, last) = (first.unwrap_or(selected), last.unwrap_or(selected));
    let mut counts = Counts::default();
    for relation in (first..=last).filter_map(|number| relations.get(&number)) {
        match relation {
            Some(Relation::Before) => counts.past += 1,
            Some(Relation::After) => counts.future += 1,
            Some(Relation::Concurrent) => counts.concurrent += 1,
            Some(Relation::Same) | None => {}
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
        use Relation::{After, Before, Concurrent, Same};
        let expected = [Some(Before), Some(Concurrent), Some(Same), None, Some(Concurrent), Some(After), None];
        assert_eq!(relations, expected);
        assert_eq!(cone.counts, Counts { past: 1, future: 1, concurrent: 2, among: None });
    }

    #[test]
    fn an_event_of_the_network_has_no_place_in_the_order() {
        let cone = Cone::of(&run(), 4).expect("a cone");
        assert_eq!(cone.counts, Counts::default());
        assert_eq!(cone.relation(4), None);
        assert_eq!(Cone::of(&run(), 9), None);
    }

    #[test]
    fn nobody_hears_of_a_pause_before_the_node_acts_again() {
        // S1 acts, is paused, and what it had sent before reaches S2; then it acts again.
        let run = Chronicle::of(vec![
            event(1, Some(0), &[1, 0]),
            TraceEvent { is_noticed: false, ..event(2, Some(0), &[1, 0]) },
            event(3, Some(1), &[1, 1]),
            event(4, Some(0), &[2, 0]),
        ]);
        let cone = Cone::of(&run, 2).expect("a cone");
        assert_eq!(cone.relation(1), Some(Relation::Before));
        assert_eq!(cone.relation(3), Some(Relation::Concurrent));
        assert_eq!(cone.relation(4), Some(Relation::After));
        assert_eq!(Cone::of(&run, 3).expect("a cone").relation(2), Some(Relation::Concurrent));
    }

    #[test]
    fn the_order_agrees_with_a_real_run() {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(400);
        let chronicle = Chronicle::of(session.trace(1, 400));
        for selected in [20, 150, 399] {
            let cone = Cone::of(&chronicle, selected).expect("a cone");
            // Whatever led to the event, message by message and timer by timer, is in its past.
            let cause_of = |number| chronicle.event(number)?.causes.first().copied();
            let mut cause = cause_of(selected);
            while let Some(number) = cause {
                if chronicle.event(number).is_some_and(|event| event.node.is_some()) {
                    assert_eq!(cone.relation(number), Some(Relation::Before), "{number} before {selected}");
                }
                cause = cause_of(number);
            }
            assert_eq!(cone.counts.among, None);
        }
    }
}
