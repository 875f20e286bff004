//! Random histories. The times of the nodes are compared with the causality that the simulator itself keeps, for every
//! pair of events; and hunts look at all checks under faults. That each rule is missed when it is off is a test of the
//! registry.

use proptest::prelude::*;
use sim::hunt::Hunt;

use super::*;

/// An event: its node, the time that the node gave it, and the simulator's vector time.
struct Seen {
    node: NodeId,
    stamp: Stamp,
    truth: Vec<u32>,
}

impl Seen {
    /// Happened-before (Lamport 1978, "The Partial Ordering"), as the simulator knows it.
    fn came_before(&self, other: &Seen) -> bool {
        self.truth != other.truth && self.truth[self.node.index()] <= other.truth[self.node.index()]
    }
}

/// The first events of a run.
fn history<L: Lab<Protocol = Process>>(changes: &[(&str, Value)], seed: u64, count: usize) -> Vec<Seen> {
    let mut world = World::new(Of::<L>::LAB, settings(changes), seed).expect("known settings");
    let mut seen = Vec::new();
    let mut counts = vec![0; world.nodes().len()];
    while seen.len() < count && world.step() {
        let Some(node) = world.last_node() else { continue };
        let Some(process) = world.of::<L>().nodes().state(node) else { continue };
        if process.count > counts[node.index()] {
            counts[node.index()] = process.count;
            seen.push(Seen { node, stamp: process.clock, truth: world.nodes().vector(node).to_vec() });
        }
    }
    assert_eq!(seen.len(), count);
    seen
}

fn changes(nodes: i64, workload_ms: i64, delay_most_ms: i64) -> [(&'static str, Value); 3] {
    [("nodes", number(nodes)), ("workload_ms", number(workload_ms)), ("delay_most_ms", number(delay_most_ms))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// Lamport 1978, the Clock Condition: if a → b then C(a) < C(b). And "Ordering the Events Totally": no two events
    /// share time and process, so that the order is total; and it extends the partial one. Since clocks go up by one, the
    /// time of an event is the length of the longest chain that ends in it (M. Raynal and M. Singhal, "Logical Time:
    /// Capturing Causality in Distributed Systems", 1996).
    #[test]
    fn lamport_times_keep_the_clock_condition(
        seed in any::<u64>(), nodes in 2_i64..=6, workload_ms in 20_i64..=1_000, delay_most_ms in 30_i64..=2_000,
    ) {
        let seen = history::<LamportClocks>(&changes(nodes, workload_ms, delay_most_ms), seed, 60);
        // The longest chain of events that ends in each event.
        let mut heights: Vec<u64> = Vec::new();
        for (place, b) in seen.iter().enumerate() {
            let before = seen[..place].iter().zip(&heights).filter(|(a, _)| a.came_before(b));
            let height = 1 + before.map(|(_, height)| *height).max().unwrap_or(0);
            prop_assert_eq!(b.stamp, Stamp::Lamport(height));
            heights.push(height);
            for a in &seen[..place] {
                prop_assert!(!b.came_before(a));
                prop_assert!(!a.came_before(b) || a.stamp.is_before(&b.stamp));
                prop_assert!((a.stamp, a.node) != (b.stamp, b.node));
            }
        }
    }

    /// Mattern 1989 and Fidge 1988, the strong clock condition: a → b exactly if V(a) < V(b). The components of V(b) add up
    /// to the number of events that came before b, b itself included (Raynal and Singhal 1996).
    #[test]
    fn vectors_tell_causality_exactly(
        seed in any::<u64>(), nodes in 2_i64..=6, workload_ms in 20_i64..=1_000, delay_most_ms in 30_i64..=2_000,
    ) {
        let seen = history::<VectorClocks>(&changes(nodes, workload_ms, delay_most_ms), seed, 60);
        for (place, b) in seen.iter().enumerate() {
            let before = seen[..place].iter().filter(|a| a.came_before(b)).count();
            prop_assert_eq!(b.stamp.weight(), before as u64 + 1);
            for a in &seen[..place] {
                prop_assert_eq!(a.came_before(b), a.stamp.is_before(&b.stamp));
                prop_assert_eq!(b.came_before(a), b.stamp.is_before(&a.stamp));
                prop_assert!(a.stamp != b.stamp);
            }
        }
    }
}

/// Thousands of random schedules of crashes, pauses, splits, lost, late and doubled messages.
#[test]
fn all_checks_hold_under_faults() {
    for (changes, seed) in
        [changes(2, 100, 300), changes(3, 400, 50), changes(6, 200, 1_000)].iter().zip((0..).step_by(1_000))
    {
        let labs: [&'static dyn AnyLab; 2] = [Of::<LamportClocks>::LAB, Of::<VectorClocks>::LAB];
        for lab in labs {
            let hunt = Hunt { healed_events: 0, ..Hunt::new(lab, settings(changes)) };
            assert_eq!(hunt.search(seed..seed + 500, |_| true).expect("settings"), None);
        }
    }
}

/// The monitor of the vector lab looks at three events of each node only. Where rules are broken it has to find out what
/// a look at all pairs finds out.
#[test]
fn the_monitor_misses_nothing() {
    for rule in ["receive_maximum", "every_event_ticks"] {
        for seed in 0..200 {
            let off = [("nodes", number(4)), (rule, Value::Flag(false))];
            let seen = history::<VectorClocks>(&off, seed, 12);
            let pairs = seen.iter().enumerate().flat_map(|(place, b)| seen[..place].iter().map(move |a| (a, b)));
            let is_broken = pairs
                .into_iter()
                .any(|(a, b)| a.came_before(b) != a.stamp.is_before(&b.stamp) || b.stamp.is_at_most(&a.stamp));
            let mut world = World::new(Of::<VectorClocks>::LAB, settings(&off), seed).expect("known settings");
            let events = |world: WorldOf<'_, VectorClocks>| -> u64 {
                world.nodes().ids().filter_map(|node| world.nodes().state(node)).map(|process| process.count).sum()
            };
            while events(world.of()) < 12 && world.step() {}
            let found = world.verdicts().get(0).outcome == sim::Outcome::Broken;
            assert_eq!(found, is_broken, "{rule}, seed {seed}");
        }
    }
}
