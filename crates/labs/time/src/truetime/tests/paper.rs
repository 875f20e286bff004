//! The sections of the paper, one by one.

use super::*;

/// Section 3: ε grows by 200 µs a second between polls, from 1 to 7 ms with polls every 30 s.
#[test]
fn section_3_epsilon_is_a_sawtooth() {
    let config = config(&[]);
    let sample = Sample { offset_us: 0, bound_us: 1_000, at_us: 0 };
    assert_eq!(sample.epsilon_us(0, &config), 1_001);
    assert_eq!(sample.epsilon_us(30_000_000, &config), 7_001);
    let interval = sample.interval(10_000_000, &config);
    assert_eq!((interval.earliest_us, interval.latest_us), (10_000_000 - 3_001, 10_000_000 + 3_001));
    // Table 1: TT.after(t) only if t has definitely passed.
    assert!(interval.is_after(interval.earliest_us - 1) && !interval.is_after(interval.earliest_us));
    assert!(interval.has(interval.earliest_us) && interval.has(interval.latest_us));
}

/// At the start the last polls are 0, 20 and 20 s ago: ε is about 2, 6 and 6 ms, and S3 is 3 ms ahead, S2 behind.
#[test]
fn leaders_begin_with_different_doubts() {
    let director = quiet(&[], 1);
    let shown = |node| view::interval(director.world(), node).expect("a time");
    assert_eq!([S1, S2, S3].map(|node| shown(node).epsilon_us() / 100), [20, 60, 60]);
    let ahead_us = [S1, S2, S3].map(|node| shown(node).middle_us());
    assert!(
        ahead_us.into_iter().zip([0, -3_000, 3_000]).all(|(us, about_us)| (us - about_us).abs() < 10),
        "{ahead_us:?}"
    );
}

/// Section 3: liars are rejected, by Marzullo's algorithm; the own clock decides where two masters disagree.
#[test]
fn section_3_liars_are_rejected() {
    let config = config(&[]);
    let told = |offset_us, bound_us| Sample { offset_us, bound_us, at_us: 0 };
    let of = |answers: &[Sample], own| believed(answers, own, 0, &config);
    let (right, near, lie) = (told(0, 1_000), told(500, 900), told(90_000, 800));
    // Two that agree: the narrower one.
    assert_eq!(of(&[right, near], None), Some(near));
    // Two that do not: whom the node agrees with, or nobody.
    assert_eq!(of(&[lie, right], Some(told(200, 3_000))), Some(right));
    assert_eq!(of(&[lie, right], None), None);
    assert_eq!(of(&[lie, right], Some(told(-50_000, 3_000))), None);
    // Two masters put the own clock right; so does one alone.
    assert_eq!(of(&[right, near], Some(told(50_000, 100))), Some(near));
    assert_eq!(of(&[right], Some(told(50_000, 100))), Some(right));
    assert_eq!(of(&[], Some(right)), None);
}

/// Section 4.1.2, start and commit wait: each timestamp is later than the moment at which the commit request came, and earlier than
/// the moment at which anybody hears of the commit; so later transactions have later timestamps.
#[test]
fn section_4_1_2_timestamps_lie_between_request_and_answer() {
    for seed in 0..20 {
        let mut director: Director<TrueTime> = Director::new(settings(&[]), seed).expect("settings");
        let (mut tells, mut asked) = ([0; 3], Vec::new());
        for _ in 0..2_000 {
            director.step();
            let (world, now_us) = (director.world(), director.world().now_us() as i64);
            for (place, node) in [S1, S2, S3].into_iter().enumerate() {
                let Some(leader) = leader(world, node) else { continue };
                for (txn, start_us) in leader.trans.iter().filter_map(|trans| Some((trans.txn, trans.start_us?))) {
                    if asked.iter().all(|(other, _)| *other != txn) {
                        assert!(start_us >= now_us, "it was asked for now");
                        asked.push((txn, now_us));
                    }
                }
                if leader.tells > tells[place] {
                    tells[place] = leader.tells;
                    let told = leader.told.expect("it has told");
                    let (_, asked_us) = asked.iter().find(|(txn, _)| *txn == told.txn).expect("it was asked for");
                    assert!(*asked_us < told.stamp_us && told.stamp_us < now_us, "{told:?}");
                }
            }
        }
        assert!(tells.iter().all(|tells| *tells > 3), "{tells:?}");
    }
}

/// Section 4.2.1: the timestamp is not earlier than any prepare timestamp, and all participants apply the commit at it.
#[test]
fn section_4_2_1_all_participants_commit_at_one_timestamp() {
    for seed in 0..12 {
        let mut director = quiet(&[], seed);
        director.run_for_us(10_000);
        transfer(&mut director, C1, "y", "z");
        director.run_until(|world| {
            [S2, S3].iter().any(|node| leader(world, *node).is_some_and(|leader| !leader.kept.prepared.is_empty()))
        });
        let prepared = |node| {
            leader(director.world(), node).and_then(|leader| leader.kept.prepared.first().map(|(_, at_us)| *at_us))
        };
        let at_us = prepared(S2).or(prepared(S3)).expect("a participant");
        let stamp_us = told(&mut director, C1, 1).stamp_us.expect("a commit");
        assert!(stamp_us >= at_us);
        director.run_for_us(50_000);
        for node in [S2, S3] {
            let leader = leader(director.world(), node).expect("it runs");
            assert_eq!(leader.kept.newest().map(|version| version.stamp_us), Some(stamp_us));
            assert!(leader.trans.is_empty() && leader.kept.prepared.is_empty() && leader.kept.decisions.is_empty());
        }
    }
}

/// Section 4.2.1: wound-wait. Two transfers in opposite directions cannot block each other for ever, and neither is lost.
#[test]
fn section_4_2_1_wound_wait() {
    for seed in 0..30 {
        let mut director = quiet(&[], seed);
        director.run_for_us(10_000);
        transfer(&mut director, C1, "x", "y");
        transfer(&mut director, C2, "y", "x");
        let ends = [told(&mut director, C1, 1), told(&mut director, C2, 1)];
        assert!(ends.iter().all(|end| end.stamp_us.is_some()), "{seed}");
        director.run_for_us(100_000);
        let value = |node| {
            leader(director.world(), node).and_then(|leader| leader.kept.newest().map(|version| version.value.clone()))
        };
        assert_eq!((value(S1), value(S2)), (Some("0".to_string()), Some("0".to_string())), "{seed}");
        assert!(director.now_us() < 1_000_000);
    }
}

/// Section 4.2.1: locks are in the memory of a leader. After a crash it refuses to commit what was read before.
#[test]
fn section_4_2_1_a_leader_that_crashed_refuses_locks_of_before() {
    let mut director = quiet(&[], 3);
    director.run_for_us(10_000);
    transfer(&mut director, C1, "x", "y");
    director.run_until(|world| {
        world.messages().filter(|message| matches!(message.payload, Message::Commit(_))).count() == 2
    });
    director.act(Input::Crash(S1));
    director.act(Input::Restart(S1));
    director.run_until(|world| leader(world, S1).is_some_and(|leader| leader.daemon.sample.is_some()));
    let end = told(&mut director, C1, 1);
    let client = client_of(director.world(), C1).expect("it runs");
    assert!(client.number > 1 && end.stamp_us.is_some(), "it has begun again");
}

/// Section 4.2.1, with presumed abort (Mohan, Lindsay and Obermarck 1986): a coordinator that knows nothing says abort, and has written
/// that down before a late request can begin it again.
#[test]
fn a_coordinator_without_a_record_aborts_for_good() {
    let mut director = quiet(&[], 5);
    director.run_for_us(10_000);
    transfer(&mut director, C1, "x", "y");
    director.run_until(|world| {
        world.messages().filter(|message| matches!(message.payload, Message::Commit(_))).count() == 2
    });
    let coordinator = director.world().messages().find_map(|message| match message.payload {
        Message::Commit(request) => Some(request.coordinator),
        _ => None,
    });
    let coordinator = coordinator.expect("a commit");
    let late = director.messages(|_, to, message| to == coordinator && matches!(message, Message::Commit(_)));
    director.act(Input::Duplicate(late[0]));
    for message in director.messages(|_, to, message| to == coordinator && matches!(message, Message::Commit(_))) {
        director.act(Input::Hold(message));
    }
    director.act(Input::Crash(C1));
    // The participant asks, and hears of the abort.
    let participant = if coordinator == S1 { S2 } else { S1 };
    director.run_for_us(1_000_000);
    assert!(
        leader(director.world(), participant).is_some_and(|leader| leader.trans.is_empty() && leader.kept.count == 0)
    );
    for message in director.messages(|_, _, message| matches!(message, Message::Commit(_))) {
        director.act(Input::Release(message));
    }
    director.run_for_us(1_000_000);
    for node in [S1, S2] {
        assert!(leader(director.world(), node).is_some_and(|leader| leader.trans.is_empty() && leader.kept.count == 0));
    }
}

/// Section 4.2.1: what a coordinator has logged it tells after a restart too, but not before it knows the time again and has waited.
#[test]
fn a_coordinator_that_restarts_waits_again() {
    let mut director = quiet(&[], 7);
    director.run_for_us(10_000);
    write(&mut director, C1, "z", "7");
    director.run_until(|world| leader(world, S3).is_some_and(|leader| leader.kept.decisions.len() == 1));
    director.act(Input::Crash(S3));
    director.act(Input::Crash(T1));
    director.act(Input::Crash(T2));
    director.act(Input::Restart(S3));
    director.run_for_us(1_000_000);
    let leader_of = |director: &Director<TrueTime>| leader(director.world(), S3).cloned().expect("it runs");
    let waiting = leader_of(&director);
    assert!(waiting.kept.count == 0 && matches!(waiting.trans[0].stage, Stage::Deciding { is_logged: true, .. }));
    director.act(Input::Restart(T1));
    let end = told(&mut director, C1, 1);
    assert_eq!(leader_of(&director).kept.newest().map(|version| version.stamp_us), end.stamp_us);
}

/// Section 4.1.3: t_safe is less than the least prepare timestamp, and not more than what was promised.
#[test]
fn section_4_1_3_safe_time() {
    let director = prepared("snapshot-waits");
    let leader = leader(director.world(), S2).expect("it runs");
    let pending_us = leader.pending_us().expect("it is prepared");
    assert_eq!(leader.safe_us(), pending_us - 1);
    assert!(leader.looks.iter().all(|look| look.at_us >= pending_us));
}

/// Section 4.2.2: a read of one group takes the timestamp of its last commit, and needs no clock.
#[test]
fn section_4_2_2_last_ts() {
    let mut director = quiet(&[], 8);
    write(&mut director, C1, "x", "7");
    let commit = told(&mut director, C1, 1);
    director.run_for_us(5_000_000);
    director.operate(C2, "read", &[word("x")]);
    let read = told(&mut director, C2, 1);
    assert_eq!(read.stamp_us, commit.stamp_us);
    let uses = leader(director.world(), S1).map(|leader| leader.daemon.uses);
    director.operate(C2, "read", &[word("x")]);
    told(&mut director, C2, 2);
    assert_eq!(leader(director.world(), S1).map(|leader| leader.daemon.uses), uses);
}

/// Section 4.2.4: who has answered as of a moment gives no timestamp up to then any more, and a crash does not change that.
#[test]
fn section_4_2_4_promises_outlive_crashes() {
    let mut director = quiet(&[], 9);
    director.run_for_us(10_000);
    director.operate(C2, "snapshot", &[]);
    let at_us = told(&mut director, C2, 1).stamp_us.expect("a moment");
    for node in [S1, S2, S3] {
        assert!(director.world().nodes().disk(node).floor_us >= at_us);
        director.act(Input::Crash(node));
        director.act(Input::Restart(node));
        assert!(leader(director.world(), node).is_some_and(|leader| leader.kept.floor_us >= at_us));
    }
    write(&mut director, C1, "x", "7");
    assert!(told(&mut director, C1, 1).stamp_us > Some(at_us));
}

/// Section 4.2.4: an idle leader promises its replicas, every so often, that nothing will be committed before now.
#[test]
fn section_4_2_4_min_next_ts() {
    let mut director: Director<TrueTime> =
        Director::new(settings(&[("workload_ms", number(0))]), 10).expect("settings");
    let replica = |director: &Director<TrueTime>| {
        let id = director.world().config().replicas(Key(0)).next().expect("a replica");
        director.world().nodes().state(id).and_then(Node::replica).map(|replica| replica.kept.floor_us)
    };
    assert_eq!(replica(&director), Some(0));
    director.run_until_us(8_100_000);
    assert!(replica(&director) > Some(8_000_000));
    // And on demand.
    director.operate(NodeId(8), "snapshot-at", &[number(8_090_000)]);
    director.run_for_us(20_000);
    assert!(client_of(director.world(), NodeId(8)).is_some_and(|client| client.ended == 1));
}
