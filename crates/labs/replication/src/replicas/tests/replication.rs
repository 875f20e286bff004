//! The log, and when a write is acknowledged.

use super::*;

/// Kleppmann 2017, chapter 5, "Leaders and Followers": the followers take all writes in the order in which the leader
/// carried them out.
#[test]
fn replicas_carry_out_the_log_of_the_primary() {
    let mut director = by_hand(&[]);
    for value in ["1", "2", "3"] {
        put_and_wait(&mut director, C1, value);
    }
    director.run_for_us(300_000);
    for id in [S1, S2, S3] {
        assert_eq!(state(&director, id).log, state(&director, S1).log);
        assert_eq!(state(&director, id).store.values().map(|(_, value)| value.to_string()).collect::<Vec<_>>(), ["3"]);
    }
    assert_eq!(outcome(director.world(), "converged"), Outcome::Reached);
}

/// Kleppmann 2017, chapter 5, "Synchronous Versus Asynchronous Replication", figure 5-2; PostgreSQL documentation,
/// synchronous_commit and synchronous_standby_names: asynchronous waits for no replica, semi-synchronous for one,
/// `ANY 1 (S2, S3)` makes a majority of three, and synchronous waits for all.
#[test]
fn a_write_waits_for_as_many_replicas_as_the_mode_says() {
    let answered = |mode: &str, cut_off: &[NodeId]| {
        let mut director = by_hand(&[("mode", word(mode)), ("failover", word("manual"))]);
        cut_off.iter().for_each(|id| director.act(Input::Crash(*id)));
        director.operate(C1, "put", &[word("x"), word("1")]);
        director.run_for_us(200_000);
        !is_waiting(&director, C1)
    };
    let cases: [(&[NodeId], [bool; 4]); 3] =
        [(&[], [true; 4]), (&[S3], [true, true, true, false]), (&[S2, S3], [true, false, false, false])];
    for (cut_off, expected) in cases {
        assert_eq!(
            ["async", "semi-sync", "quorum", "sync"].map(|mode| answered(mode, cut_off)),
            expected,
            "{cut_off:?}"
        );
    }
}

/// MySQL 8 manual, "Semisynchronous Replication": if the timeout occurs without any replica having acknowledged, the source
/// reverts to asynchronous replication; when at least one replica catches up, it returns to semisynchronous replication.
#[test]
fn a_semi_synchronous_primary_falls_back_and_returns() {
    let mut director =
        by_hand(&[("mode", word("semi-sync")), ("fall_back_ms", number(1_000)), ("failover", word("manual"))]);
    director.act(Input::Split(vec![vec![S1, C1], vec![S2, S3]]));
    director.operate(C1, "put", &[word("x"), word("1")]);
    director.run_for_us(900_000);
    assert!(is_waiting(&director, C1));
    director.run_for_us(200_000);
    assert!(!is_waiting(&director, C1));
    assert!(state(&director, S1).reign().is_some_and(|reign| reign.is_alone));
    let before_us = director.now_us();
    put_and_wait(&mut director, C1, "2");
    assert!(director.world().now_us() - before_us < 30_000, "it no longer waits");
    director.act(Input::HealAll);
    director.run_for_us(300_000);
    assert!(state(&director, S1).reign().is_some_and(|reign| !reign.is_alone));
}

/// Kleppmann 2017, chapter 5, "Follower failure: Catch-up recovery": a follower knows from its log the last entry that it
/// has, and asks for those after it.
#[test]
fn a_replica_that_was_away_catches_up() {
    let mut director = by_hand(&[("mode", word("async"))]);
    put_and_wait(&mut director, C1, "1");
    director.run_for_us(100_000);
    director.act(Input::Crash(S3));
    for value in ["2", "3", "4"] {
        put_and_wait(&mut director, C1, value);
    }
    director.act(Input::Restart(S3));
    assert_eq!(state(&director, S3).log.last_index(), 1);
    director.run_for_us(300_000);
    assert_eq!(state(&director, S3).log, state(&director, S1).log);
}

/// The same of a replica whose disk is lost: it has nothing, and is sent all.
#[test]
fn a_replica_whose_disk_is_lost_is_fed_again() {
    let mut director = by_hand(&[]);
    for value in ["1", "2", "3"] {
        put_and_wait(&mut director, C1, value);
    }
    for input in [Input::Crash(S3), Input::LoseDisk(S3), Input::Restart(S3)] {
        director.act(input);
    }
    assert_eq!(state(&director, S3).log.last_index(), 0);
    director.run_for_us(300_000);
    assert_eq!(primary(director.world()), Some(S1));
    assert_eq!(state(&director, S3).log, state(&director, S1).log);
}

/// PacificA, "Reconfiguration": a secondary is removed only with the agreement of the configuration manager. Until then the
/// primary waits for it.
#[test]
fn a_silent_replica_is_dropped_with_the_observer_and_taken_back() {
    let mut director = by_hand(&[("failover_ms", number(2_000))]);
    director.act(Input::Crash(S3));
    director.act(Input::Cut { from: S1, to: O });
    director.operate(C1, "put", &[word("x"), word("1")]);
    director.run_for_us(450_000);
    let in_sync = state(&director, S1).reign().expect("primary").in_sync;
    assert!(in_sync.agreed.contains(S3) && !in_sync.wanted.contains(S3));
    assert!(is_waiting(&director, C1), "without the observer it waits");
    director.act(Input::Heal { from: S1, to: O });
    director.run_for_us(200_000);
    let observer = director.world().nodes().state(O).and_then(Replica::observer).expect("up");
    assert_eq!(observer.in_sync.iter().collect::<Vec<_>>(), [S1, S2]);
    assert!(!is_waiting(&director, C1));
    director.act(Input::Restart(S3));
    director.run_for_us(400_000);
    let in_sync = state(&director, S1).reign().expect("primary").in_sync;
    assert_eq!((in_sync.agreed, in_sync.wanted), (Servers::first(3), Servers::first(3)));
}

/// A request that comes twice takes place once (Kleppmann 2017, chapter 11, "Idempotence").
#[test]
fn a_doubled_request_writes_one_entry() {
    let mut director = by_hand(&[]);
    director.operate(C1, "put", &[word("x"), word("1")]);
    let requests = director.messages(|_, _, message| matches!(message, Message::Request(_)));
    director.act(Input::Duplicate(requests[0]));
    director.run_for_us(200_000);
    assert_eq!(state(&director, S1).log.last_index(), 1);
}

/// The lag that the charts show: as in PostgreSQL's pg_stat_replication, what the primary knows of its standbys.
#[test]
fn the_lag_of_a_replica_grows_while_it_is_cut_off() {
    let mut director = by_hand(&[("mode", word("async"))]);
    director.act(Input::Cut { from: S1, to: S3 });
    for value in ["1", "2", "3"] {
        put_and_wait(&mut director, C1, value);
    }
    director.run_for_us(500_000);
    let lag = |director: &Director<Replicas>, id: NodeId| {
        let reign = state(director, S1).reign().expect("primary");
        reign.lag.back().expect("a sample").servers[id.index()]
    };
    assert_eq!(lag(&director, S2), Lag::default());
    assert_eq!(lag(&director, S3).entries, 3);
    assert!(lag(&director, S3).us > 400_000);
    director.act(Input::HealAll);
    director.run_for_us(300_000);
    assert_eq!(lag(&director, S3), Lag::default());
}

/// PacificA (Lin et al. 2008), "Data Replication Framework": a secondary acknowledges what it has written. As many entries may
/// come as are given up, so that the log is as long as before, and another one.
#[test]
fn a_replica_that_rewinds_and_takes_as_many_entries_writes_them_before_it_acknowledges() {
    let entry = |epoch| Entry { epoch, written_at_us: 0, write: None };
    let mut log = Log::default();
    [1, 1, 2].into_iter().for_each(|epoch| log.push(entry(epoch)));
    let known = sim::all_settings::<Replicas>();
    let config = Config::new(&Settings::default().accept(&known).expect("the defaults"));
    let mut probe = Probe::<Replica>::new(S3, 6, config);
    let disk = Disk { epoch: 3, primary: Some(S2), log, in_sync: InSync::default() };
    let mut node = probe.run(|effects| Replica::boot(&disk, effects)).0;
    let before = Position { epoch: 1, index: 2 };
    let message = Message::Append { epoch: 3, before, entries: vec![entry(3)], committed: 0 };
    let asked = probe.run(|effects| node.on_message(S2, message, effects)).1;
    let stored = Message::Appended { epoch: 3, answer: Appended::Stored { index: 3 } };
    assert_eq!(asked.sends, [(S2, stored)]);
    assert_eq!(asked.disk.map(|disk| disk.log.last()), Some(Position { epoch: 3, index: 3 }));
    let said = asked.notes.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(said[0], "node 2 rewinds its log: an entry that node 1 does not have is gone");
    assert_eq!(said[1], "node 2 has the log of node 1 up to entry 3 of epoch 3");
}

/// PacificA, "Reconfiguration": the configuration manager keeps the configuration on disk. A new epoch of the same primary is a
/// new configuration, though neither the primary nor the number of the set is another one.
#[test]
fn the_observer_writes_down_a_new_epoch_of_the_same_primary() {
    let known = sim::all_settings::<Replicas>();
    let config = Config::new(&Settings::default().accept(&known).expect("the defaults"));
    let mut probe = Probe::<Replica>::new(O, 6, config);
    let all = Servers::first(3);
    let disk = Disk {
        epoch: 1,
        primary: Some(S1),
        in_sync: InSync { version: 0, agreed: all, wanted: all },
        log: Log::default(),
    };
    let mut node = probe.run(|effects| Replica::boot(&disk, effects)).0;
    let alone = Servers::default().with(S1);
    let report = Message::Report { epoch: 3, version: 0, in_sync: alone, sent_at_us: 0 };
    let written = probe.run(|effects| node.on_message(S1, report, effects)).1.disk.expect("written");
    assert_eq!((written.epoch, written.in_sync.agreed), (3, alone));
}
