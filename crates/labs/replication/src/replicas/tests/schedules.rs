//! Random schedules: crashes, pauses, cuts, lost, doubled and late messages, timers that run out early. That each rule is
//! missed when it is off is a test of the registry.

use proptest::prelude::*;
use sim::frame::Status;
use sim::history::linearizability::DEFAULT_LIMIT;
use sim::history::{Model, Verdict, check};
use sim::hunt::Hunt;
use sim::rng::Rng;

use super::*;

/// Hunts for a check under some settings; returns the name of the check that a run has broken.
fn hunt(changes: &[(&str, Value)], check: &str, runs: u64) -> Option<&'static str> {
    let hunt = Hunt::new(Of::<Replicas>::LAB, settings(changes)).for_check(check).expect("a check");
    hunt.search(0..runs, |_| true).expect("settings").map(|find| find.check)
}

/// A check that the lab does not promise can be hunted for all the same: a replica that answers late reads (Herlihy and
/// Wing 1990, section 2).
#[test]
fn a_hunt_finds_a_history_that_is_not_linearizable() {
    let changes = [("mode", word("async")), ("reads", word("replicas"))];
    assert_eq!(hunt(&changes, "linearizable", 400), Some("linearizable"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    /// Synchronous replication, by the in-sync set (PacificA) or by majorities, keeps every acknowledged write, and all else
    /// that is promised, whatever the sizes and times are.
    #[test]
    fn synchronous_replication_keeps_its_promises(
        seed in any::<u64>(),
        mode in prop::sample::select(vec!["sync", "quorum"]),
        reads in prop::sample::select(vec!["replicas", "primary"]),
        behind in prop::sample::select(vec!["wait", "redirect"]),
        replicas in 1_i64..=5,
        clients in 1_i64..=3,
        drop_ms in prop::sample::select(vec![0_i64, 50, 300]),
        failover_ms in 100_i64..600,
        heartbeat_ms in 20_i64..200,
        delay_most_us in 8_000_i64..80_000,
        loss in 0_i64..20,
    ) {
        let changes = [
            ("mode", word(mode)),
            ("reads", word(reads)),
            ("behind", word(behind)),
            ("replicas", number(replicas)),
            ("clients", number(clients)),
            ("drop_ms", number(drop_ms)),
            ("failover_ms", number(failover_ms)),
            ("heartbeat_ms", number(heartbeat_ms)),
            ("delay_most_us", number(delay_most_us)),
            ("loss_percent", number(loss)),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Replicas>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }

    /// With reads from the primary alone, the whole history is linearizable (Herlihy and Wing 1990).
    #[test]
    fn reads_from_a_synchronous_primary_are_linearizable(
        seed in any::<u64>(),
        mode in prop::sample::select(vec!["sync", "quorum"]),
        replicas in 1_i64..=3,
    ) {
        let changes = [("mode", word(mode)), ("reads", word("primary")), ("replicas", number(replicas))];
        let world = suffer(&changes, seed);
        let verdict = check(world.history(), &Model::KeyValue(Default::default()), DEFAULT_LIMIT);
        prop_assert!(matches!(verdict, Verdict::Linearizable { .. }), "{verdict:?}");
    }
}

/// A server acknowledges, votes and promises by what it holds in memory: all of that has to be on its disk, after every event.
#[test]
fn what_a_server_holds_is_on_its_disk() {
    for seed in 0..200 {
        suffer_watched(&[("loss_percent", number(5))], seed, |world| {
            for id in (0..world.config().servers).map(NodeId) {
                let Some(server) = server(world, id) else { continue };
                let disk = world.nodes().disk(id);
                let held = (server.epoch, server.primary, &server.log);
                assert_eq!(held, (disk.epoch, disk.primary, &disk.log), "seed {seed}, event {}, {id:?}", world.event());
            }
            let observer = world.config().observer();
            if let Some(state) = world.nodes().state(observer).and_then(Replica::observer) {
                let disk = world.nodes().disk(observer);
                let held = (state.epoch, state.primary, state.version, state.in_sync);
                let written = (disk.epoch, disk.primary, disk.in_sync.version, disk.in_sync.agreed);
                assert_eq!(held, written, "seed {seed}, event {}", world.event());
            }
        });
    }
}

/// A run with faults at random. (Hunts judge only what is promised in general, and reads from replicas are not linearizable.)
fn suffer(changes: &[(&str, Value)], seed: u64) -> World {
    suffer_watched(changes, seed, |_| {})
}

/// The same, looked at after each event.
fn suffer_watched(changes: &[(&str, Value)], seed: u64, watch: impl Fn(WorldOf<'_, Replicas>)) -> World {
    let mut director = Director::<Replicas>::new(settings(changes), seed).expect("settings");
    let mut rng = Rng::stream(seed, 5 << 32);
    let count = director.world().nodes().len() as u64;
    for _ in 0..50 {
        let end_us = director.now_us() + rng.below(200_000);
        while director.world().next_at_us().is_some_and(|next_us| next_us <= end_us) && director.step() {
            watch(director.world());
        }
        director.run_until_us(end_us);
        let node = NodeId(rng.below(count) as u16);
        let status = director.world().nodes().status(node);
        director.act(match (rng.below(3), status) {
            (_, Status::Crashed) => Input::Restart(node),
            (_, Status::Paused) => Input::Resume(node),
            (0, _) => Input::Crash(node),
            (1, _) => Input::Pause(node),
            _ if director.world().network().is_whole() => {
                let (one, other) = (0..count as u16).map(NodeId).partition(|_| rng.below(2) == 0);
                Input::Split(vec![one, other])
            }
            _ => Input::HealAll,
        });
    }
    director.finish().0
}

/// The checker would find it, if it were otherwise: reads from replicas are not linearizable.
#[test]
fn reads_from_replicas_are_not_linearizable() {
    let is_linearizable = |seed: u64| {
        let world = suffer(&[], seed);
        let verdict = check(world.history(), &Model::KeyValue(Default::default()), DEFAULT_LIMIT);
        matches!(verdict, Verdict::Linearizable { .. })
    };
    assert!((0..100).any(|seed| !is_linearizable(seed)));
}

/// One replica and no falling back: what was acknowledged is on both servers, and either may become primary.
#[test]
fn semi_synchronous_with_one_replica_loses_nothing() {
    let changes = [("mode", word("semi-sync")), ("replicas", number(1)), ("fall_back_ms", number(0))];
    assert_eq!(hunt(&changes, "acknowledged-kept", 2_000), None);
}

/// With two replicas the one that has it may be the one that is missing at the failover (MySQL 8 manual, "Semisynchronous
/// Replication": at least one replica has received it); and asynchronous replication promises nothing.
#[test]
fn what_may_lose_acknowledged_writes_does() {
    for mode in ["semi-sync", "async"] {
        assert_eq!(hunt(&[("mode", word(mode))], "acknowledged-kept", 5_000), Some("acknowledged-kept"), "{mode}");
    }
}

/// An epoch has one primary in every mode: the observer gives each epoch to one server.
#[test]
fn an_epoch_has_one_primary_in_every_mode() {
    for mode in ["sync", "quorum", "semi-sync", "async"] {
        assert_eq!(hunt(&[("mode", word(mode))], "one-primary", 1_000), None, "{mode}");
    }
}

/// When all faults are over, all replicas come to follow one primary and have its log.
#[test]
fn replicas_converge_when_all_is_healed() {
    for mode in ["sync", "quorum", "semi-sync", "async"] {
        assert_eq!(hunt(&[("mode", word(mode))], "converged", 200), None, "{mode}");
    }
}
