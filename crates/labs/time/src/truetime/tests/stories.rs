//! What scenarios show, and what hunts find.

use super::*;

/// Section 4.1.2: S3 has logged the commit and still tells nobody; when it does, its timestamp has passed by true time.
#[test]
fn the_wait_ends_when_the_timestamp_has_passed() {
    let mut director = prepared("the-wait");
    let (at_us, told) = (director.now_us(), |world| client_of(world, C1).is_some_and(|client| client.ended > 0));
    assert!(leader(director.world(), S3).is_some_and(|leader| leader.kept.decisions.len() == 1 && leader.tells == 0));
    let end = super::told(&mut director, C1, 1);
    assert!(told(director.world()));
    // Twice ε, less what the logging took: nearly 12 ms, less 1.
    let waited_us = director.now_us() - at_us;
    assert!((10_000..14_000).contains(&waited_us), "{waited_us}");
    assert!(end.stamp_us.is_some_and(|stamp_us| stamp_us < director.now_us() as i64));
}

/// Introduction and section 4.1: a snapshot between the two timestamps has the answer and not the question.
#[test]
fn without_the_wait_a_snapshot_shows_an_answer_to_nothing() {
    let mut director = prepared("no-wait");
    let stamp = |client| {
        client_of(director.world(), client).and_then(|client| client.last.as_ref()?.stamp_us).expect("a commit")
    };
    let (question_us, answer_us) = (stamp(C1), stamp(C2));
    assert!(answer_us < question_us);
    director.run_for_us(50_000);
    director.operate(C1, "snapshot-at", &[number(answer_us)]);
    let seen = told(&mut director, C1, 2).seen;
    let found =
        |key: u8| seen.iter().find(|seen| seen.key == Key(key)).and_then(|seen| seen.found.clone().expect("kept"));
    assert_eq!((found(0).map(|version| version.value), found(2)), (Some("so".to_string()), None));
}

#[test]
fn a_clock_set_by_hand_lies_within_its_claim() {
    let director = prepared("a-clock-lies");
    let stamp = |client| {
        client_of(director.world(), client).and_then(|client| client.last.as_ref()?.stamp_us).expect("a commit")
    };
    assert!(stamp(C2) < stamp(C1));
    let shown = view::interval(director.world(), S1).expect("a time");
    assert!(shown.epsilon_us() < 3_000 && shown.earliest_us > director.now_us() as i64 + 200_000);
}

/// Section 5.3: masters that are down make ε grow by 200 µs a second, and nothing else.
#[test]
fn without_masters_everything_is_only_slower() {
    let mut director = prepared("masters-down");
    for node in [S1, S2, S3] {
        let shown = view::interval(director.world(), node).expect("a time");
        assert!(shown.epsilon_us() > 60_000 && shown.has(director.world().now_us() as i64));
    }
    write(&mut director, C1, "x", "7");
    let before_us = director.now_us();
    let count = client_of(director.world(), C1).map_or(0, |client| client.ended);
    told(&mut director, C1, count + 1);
    assert!(director.now_us() - before_us > 100_000);
}

#[test]
fn a_read_waits_for_what_is_prepared_and_holds_nobody_up() {
    let mut director = prepared("snapshot-waits");
    assert!(
        leader(director.world(), S2)
            .is_some_and(|leader| leader.trans.iter().all(|trans| trans.read == super::super::locks::Lock::Held))
    );
    let seen = told(&mut director, C2, 2).seen;
    assert_eq!(seen.len(), 3);
    let values: Vec<_> =
        seen.iter().map(|seen| seen.found.clone().expect("kept").map(|version| version.value)).collect();
    // The transfer has a later timestamp: neither of its halves is in the picture.
    assert_eq!(values, [None, Some("50".to_string()), Some("50".to_string())]);
}

/// A million events of faults at random, with what somebody can do: nothing that is promised breaks.
#[test]
fn long_runs_with_faults_break_nothing() {
    let hunt = Hunt::new(Of::<TrueTime>::LAB, settings(&[]));
    let hazards = Hazard::USUAL.into_iter().chain([Hazard::Operation]).collect();
    let hunt = Hunt { hazards, fault_events: 5_000, healed_events: 0, ..hunt };
    let find = hunt.search(0..60, |_| true).expect("settings");
    assert_eq!(find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)), None);
}

/// Clocks set by hand void the order of timestamps and honest intervals, and not what a snapshot has shown.
#[test]
fn clocks_set_by_hand_void_only_what_rests_on_clocks() {
    let hunt = Hunt::new(Of::<TrueTime>::LAB, settings(&[])).for_check("snapshot-fixed").expect("a check");
    let hazards = Hazard::USUAL.into_iter().chain([Hazard::Clock]).collect();
    let hunt = Hunt { hazards, fault_events: 600, ..hunt };
    let find = hunt.search(0..150, |_| true).expect("settings");
    assert_eq!(find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)), None);
    let hunt = Hunt { check: Some("interval-honest".to_string()), ..hunt };
    let find = hunt.search(0..150, |_| true).expect("settings");
    assert_eq!(find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)), None);
}

/// *Settled* is no idle check: a client that is cut off waits.
#[test]
fn whoever_is_cut_off_does_not_settle() {
    let mut session = sim::Work::new(Of::<TrueTime>::LAB).expect("a lab");
    session
        .restart(vec![("workload_ms".to_string(), number(0)), ("replicas".to_string(), number(0))], 1)
        .expect("settings");
    session.act(Input::Split(vec![vec![C1], vec![T1, T2, S1, S2, S3, C2]]), None).expect("a split");
    session
        .act(Input::Operate { node: C1, action: "write".to_string(), values: vec![word("x"), word("7")] }, None)
        .expect("a write");
    let now_us = session.frame().at_us;
    session.advance(now_us + 7_000_000, 10_000);
    let settled = session.frame().checks.into_iter().find(|row| row.name == "settled").expect("a check");
    assert_eq!(settled.outcome, Outcome::Waiting);
}

/// What is measured is near what is published.
#[test]
fn experiments_agree_with_the_paper() {
    use sim::Experiments;
    for experiment in TrueTime::experiments() {
        let settings = Settings::defaults(&experiment.settings);
        let report = (experiment.measure)(&settings, experiment.runs.min(300), 1).expect("settings");
        for row in &report.metrics {
            if let Some(published) = row.published_millionths {
                let off = (row.millionths - published).abs();
                let allowed = (published.abs() / 20).max(if row.unit == "ms" { 300_000 } else { 60_000 });
                assert!(off <= allowed, "{}: {}: {} beside {published}", experiment.name, row.name, row.millionths);
            }
            println!(
                "{}: {} {} {:?} {}",
                experiment.name, row.name, row.millionths, row.published_millionths, row.unit
            );
        }
    }
}
