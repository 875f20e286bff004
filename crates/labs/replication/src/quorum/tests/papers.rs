//! What the papers say, section by section.

use std::rc::Rc;

use parts::ring::{Ring, position};
use proptest::prelude::*;
use sim::history::{Initial, Model, check, linearizability};
use sim::rng::Rng;
use sim::{Input, Scenarios, WorldOf};

use super::*;
use crate::quorum::version::{context, has_all, merge};

const THREE: [(&str, Value); 1] = [("servers", Value::Integer(3))];
const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);

/// Dynamo, section 4.4 and Figure 3, with Sx, Sy, Sz = S1, S2, S3.
#[test]
fn figure_3_comes_out_clock_by_clock() {
    let mut run = director(&THREE);
    let (c1, c2) = (NodeId(3), NodeId(4));
    done(&mut run, c1, "put", &["cart", "1", "S1"]);
    assert_eq!(held(&run, S1, "cart"), ["1 [S1,1]"], "D1");
    done(&mut run, c1, "put", &["cart", "2", "S1"]);
    assert_eq!(held(&run, S1, "cart"), ["2 [S1,2]"], "D2 overwrites D1");
    done(&mut run, c2, "get", &["cart", "S3"]);
    assert_eq!(read(&run, c2), ["2 [S1,2]"]);
    done(&mut run, c1, "put", &["cart", "3", "S2"]);
    assert_eq!(held(&run, S2, "cart"), ["3 [S1,2] [S2,1]"], "D3");
    done(&mut run, c2, "put", &["cart", "4", "S3"]);
    done(&mut run, c1, "get", &["cart", "S1"]);
    assert_eq!(read(&run, c1), ["3 [S1,2] [S2,1]", "4 [S1,2] [S3,1]"], "D3 and D4 are siblings");
    done(&mut run, c1, "merge", &["cart", "S1"]);
    for server in [S1, S2, NodeId(2)] {
        assert_eq!(held(&run, server, "cart"), ["3 4 [S1,3] [S2,1] [S3,1]"], "D5");
    }
}

/// Section 4.2: a server that comes takes keys over, and no key moves between others. Section 4.3: the list has different
/// servers only.
#[test]
fn a_new_server_takes_keys_from_others_and_moves_no_more() {
    let mut taken = 0;
    for number in 0..1_000 {
        let key = format!("key {number}");
        let list = |servers| {
            let ring = Ring::new(servers, 8);
            ring.preference_list(ring.range_of(position(&key)))
        };
        let (before, after) = (list(5), list(6));
        assert_eq!(before, after.iter().copied().filter(|node| *node != NodeId(5)).collect::<Vec<_>>());
        taken += u32::from(after[0] == NodeId(5));
    }
    assert!((100..250).contains(&taken), "about a sixth: {taken}");
}

/// Section 4.2: with more virtual nodes the load is more even.
#[test]
fn virtual_nodes_even_out_the_load() {
    let most = |virtual_nodes| {
        let ring = Ring::new(5, virtual_nodes);
        let count = |server| {
            let keys = (0..2_000).map(|number| position(&format!("key {number}")));
            keys.filter(|key| ring.preference_list(ring.range_of(*key))[0] == NodeId(server)).count()
        };
        (0..5).map(count).max().unwrap_or(0)
    };
    assert!(most(64) < most(1), "{} and {}", most(64), most(1));
    assert!(most(64) < 550, "{}", most(64));
}

/// Preguiça et al. 2010: two clients that have seen the same write through the same server. With a plain version vector
/// the second put has the clock of the first, or covers it.
#[test]
fn puts_from_one_context_through_one_server_are_siblings() {
    let (c1, c2) = (NodeId(3), NodeId(4));
    let mut run = director(&THREE);
    done(&mut run, c1, "put", &["x", "a", "S1"]);
    done(&mut run, c2, "put", &["x", "b", "S1"]);
    done(&mut run, c1, "get", &["x", "S2"]);
    assert_eq!(read(&run, c1), ["a [S1,1]", "b (S1,2)"]);
    // C2 has seen its own put, and replaces that alone.
    done(&mut run, c2, "put", &["x", "c", "S1"]);
    assert_eq!(held(&run, S2, "x"), ["a [S1,1]", "c (S1,2) (S1,3)"]);
    let mut plain = director(&[&THREE[..], &[("own_dot", Value::Flag(false))]].concat());
    done(&mut plain, c1, "put", &["x", "a", "S1"]);
    done(&mut plain, c2, "put", &["x", "b", "S1"]);
    done(&mut plain, c1, "get", &["x", "S2"]);
    assert_eq!(read(&plain, c1), ["a [S1,1]"]);
}

/// Section 4.5: r and w are the numbers that have to take part; the coordinator is one of them if it is a replica.
#[test]
fn an_operation_fails_with_fewer_than_the_quorum() {
    for (crashed, quorum, succeeds) in [(1, 2, true), (2, 2, false), (2, 1, true), (1, 3, false), (0, 3, true)] {
        let mut run = director(&[("r", number(quorum)), ("w", number(quorum))]);
        for server in [S4, S2].iter().take(crashed) {
            run.act(Input::Crash(*server));
        }
        for action in ["put", "get"] {
            let values: &[&str] = if action == "put" { &["x", "1", "S5"] } else { &["x", "S5"] };
            order(&mut run, NodeId(5), action, values);
            assert!(run.run_until(|world| is_idle(world, NodeId(5))));
            let refused = matches!(answer(&run, NodeId(5)), Answer::Refused { .. });
            assert_eq!(refused, !succeeds, "{action}, {crashed} crashed, {quorum} needed");
        }
    }
}

/// Section 4.6: the write goes to the next server of the list with a hint, and home when the replica is back.
#[test]
fn a_hint_goes_home_and_is_forgotten() {
    let mut run = director(&[("sloppy", Value::Flag(true))]);
    run.act(Input::Crash(S4));
    order(&mut run, NodeId(5), "put", &["x", "1", "S5"]);
    let keeper = NodeId(2);
    let hints = |world: WorldOf<'_, LeaderlessQuorum>| world.nodes().disk(keeper).store.hint_count();
    assert!(run.run_until(|world| hints(world) == 1));
    run.run_for_us(1_000_000);
    assert_eq!(hints(run.world()), 1, "kept until it is taken over");
    run.act(Input::Restart(S4));
    assert!(run.run_until(|world| hints(world) == 0));
    assert_eq!(held(&run, S4, "x"), ["1 [S5,1]"]);
}

/// Section 4.7: from the root down, and only the keys that differ are sent.
#[test]
fn merkle_trees_send_only_what_differs() {
    let scenario = LeaderlessQuorum::scenarios().into_iter().find(|scenario| scenario.name == "merkle-trees");
    let scenario = scenario.expect("a scenario");
    let mut run = Director::new(settings(&scenario.settings), scenario.seed).expect("known settings");
    (scenario.direct)(&mut run);
    let mut sent = 0;
    while run.now_us() < 5_000_000 && run.step() {
        for envelope in run.world().messages() {
            if let Message::Differing { entries } = &envelope.payload {
                sent += 1;
                assert!(entries.iter().all(|(key, _)| &**key == "x"));
            }
        }
    }
    assert!(sent > 0);
    assert_eq!(held(&run, S4, "x"), held(&run, S5, "x"));
}

/// Section 4.4, last write wins: the latest time stays, whatever the order of arrival.
#[test]
fn the_last_write_wins() {
    let version = |count, written_at_us| {
        let dot = Dot { node: S1, count };
        Rc::new(Version { dot, context: VectorClock::default(), items: Vec::new(), put: dot, written_at_us })
    };
    let (early, late) = (version(2, 10), version(1, 20));
    for order in [[&early, &late], [&late, &early]] {
        let mut mine = Vec::new();
        for version in order {
            merge(&mut mine, std::slice::from_ref(version), Conflicts::LastWriteWins);
        }
        assert_eq!(mine, std::slice::from_ref(&late));
    }
}

/// Dynamo does not promise linearizability: with overlapping quorums a get may see a put that is under way, and with r + w
/// of at most n a later one may miss what is long acknowledged.
#[test]
fn a_stale_read_is_not_linearizable() {
    let scenario = LeaderlessQuorum::scenarios().into_iter().find(|scenario| scenario.name == "stale-read");
    let scenario = scenario.expect("a scenario");
    let mut run = Director::new(settings(&scenario.settings), scenario.seed).expect("known settings");
    (scenario.direct)(&mut run);
    let model = Model::KeyValue(Initial::default());
    let judge = |world: WorldOf<'_, LeaderlessQuorum>| check(world.history(), &model, linearizability::DEFAULT_LIMIT);
    assert!(matches!(judge(run.world()), linearizability::Verdict::Linearizable { .. }));
    run.run_for_us(100_000);
    assert!(matches!(judge(run.world()), linearizability::Verdict::NotLinearizable { .. }));
}

/// Versions made at random: each writer has seen some of those before.
fn versions(seed: u64, count: u64) -> Vec<Rc<Version>> {
    let mut rng = Rng::stream(seed, 1);
    let mut made: Vec<Rc<Version>> = Vec::new();
    let mut counts = [0; 3];
    for number in 0..count {
        let node = rng.below(3) as usize;
        counts[node] += 1;
        let seen: Vec<Rc<Version>> = made.iter().filter(|_| rng.below(3) == 0).cloned().collect();
        made.push(Rc::new(Version {
            dot: Dot { node: NodeId::at(node), count: counts[node] },
            context: context(&seen),
            items: Vec::new(),
            put: Dot { node: NodeId(9), count: number + 1 },
            written_at_us: rng.below(5) as i64,
        }));
    }
    made
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Replicas that have got the same versions in any order, singly or in parts, hold the same; and what is gone was seen
    /// by the writer of something that is held (section 4.4).
    #[test]
    fn siblings_do_not_depend_on_the_order(seed in any::<u64>(), count in 1_u64..12, is_last in any::<bool>()) {
        let conflicts = if is_last { Conflicts::LastWriteWins } else { Conflicts::Siblings };
        let made = versions(seed, count);
        let mut all = Vec::new();
        merge(&mut all, &made, conflicts);
        let mut rng = Rng::stream(seed, 2);
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for _ in 0..40 {
            let version = made[rng.below(count) as usize].clone();
            merge(if rng.below(2) == 0 { &mut one } else { &mut other }, &[version], conflicts);
        }
        merge(&mut one, &other, conflicts);
        merge(&mut one, &made, conflicts);
        prop_assert_eq!(&one, &all);
        prop_assert!(has_all(&one, &made, conflicts));
        prop_assert!(!merge(&mut one, &made, conflicts));
        if !is_last {
            for version in &made {
                let is_held = all.iter().any(|held| held.dot == version.dot);
                let is_seen = made.iter().any(|other| other.context.covers(version.dot));
                prop_assert_eq!(is_held, !is_seen);
            }
        }
    }

    /// A clock holds exactly the dots that were put into it.
    #[test]
    fn clocks_hold_what_was_put_in(dots in prop::collection::vec((0_u16..3, 1_u64..8), 0..20)) {
        let mut clock = VectorClock::default();
        for (node, count) in &dots {
            clock.insert(Dot { node: NodeId(*node), count: *count });
        }
        for (node, count) in (0..3).flat_map(|node| (1..8).map(move |count| (node, count))) {
            prop_assert_eq!(clock.covers(Dot { node: NodeId(node), count }), dots.contains(&(node, count)));
        }
        let mut joined = VectorClock::default();
        joined.join(&clock);
        prop_assert_eq!(joined, clock);
    }
}
