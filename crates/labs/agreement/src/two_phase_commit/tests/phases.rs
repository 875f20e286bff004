//! Presumed commit (R* 3), and three phases (Skeen 1981; BHG 7.5).

use sim::Input;

use super::*;

const SERVICES: [NodeId; 3] = [PAY, STOCK, SHIP];

fn three_phases() -> [(&'static str, Value); 1] {
    [("protocol", word("3pc"))]
}

/// One order of A, with this many events gone by since.
fn after(changes: &[(&str, Value)], events: u64) -> Director<TwoPhaseCommit> {
    let mut director = quiet(changes, 1);
    order(&mut director, A, 1);
    director.run(events);
    director
}

/// How many events an order takes.
fn length(changes: &[(&str, Value)]) -> u64 {
    let mut director = after(changes, 0);
    let mut events = 0;
    while last(director.world(), A).is_none()
        || SERVICES.iter().any(|node| service(director.world(), *node).parts.iter().any(|_| true))
    {
        assert!(director.step());
        events += 1;
    }
    events
}

/// How the services that run have ended the order: all of them, and in one way.
fn ended(world: WorldOf<'_, TwoPhaseCommit>) -> Option<bool> {
    let ends: Vec<Option<bool>> = SERVICES
        .into_iter()
        .filter(|node| world.nodes().state(*node).is_some())
        .map(|node| {
            assert!(service(world, node).parts.is_empty(), "{node:?} waits");
            outcome(world, node, A, 1)
        })
        .collect();
    // A service that was never asked has no record.
    let known: Vec<bool> = ends.iter().flatten().copied().collect();
    assert!(known.windows(2).all(|pair| pair[0] == pair[1]), "{ends:?}");
    assert!(known.first() != Some(&true) || known.len() == ends.len(), "{ends:?}");
    known.first().copied()
}

/// R* 3, presumed commit: a commit takes 3n messages and n + 2 forced writes, an abort after all votes 4n and 2n + 1. A third phase adds
/// 2n messages to a commit, and notes whom it asks.
#[test]
fn presumed_commit_and_a_third_phase_cost_what_follows_from_the_rules() {
    for n in [2, 3, 5] {
        for (protocol, presumption, aborts, expected) in [
            ("2pc", "commit", false, (3 * n, n + 2)),
            ("2pc", "commit", true, (4 * n, 2 * n + 1)),
            ("3pc", "abort", false, (6 * n, 2 * n + 2)),
            ("3pc", "abort", true, (3 * n, n + 1)),
            ("3pc", "nothing", true, (4 * n, 2 * n + 2)),
            ("3pc", "commit", false, (5 * n, n + 2)),
        ] {
            let changes = [
                ("services", number(n)),
                ("protocol", word(protocol)),
                ("presumption", word(presumption)),
                ("ask_ms", number(2_000)),
                ("patience_ms", number(5_000)),
            ];
            let mut director = quiet(&changes, 1);
            let customer = NodeId(n as u16 + 1);
            order(&mut director, customer, 1);
            director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::Vote { .. })));
            director.run_for_us(1);
            if aborts {
                let votes = director.messages(|_, _, message| matches!(message, Message::Vote { .. }));
                director.act(Input::Delay { message: votes[votes.len() - 1], by_us: 400_000 });
            }
            director.run_for_us(1_000_000);
            let (messages, forced) = director.world().monitor().costs();
            assert_eq!((messages as i64, forced as i64), expected, "{n} {protocol} {presumption} {aborts}");
            assert_eq!(last(director.world(), customer).map(|told| told.why.is_some()), Some(aborts));
        }
    }
}

/// R* 3, presumed commit: the coordinator crashes at any moment, and comes back; all end the order in one way, and an order that was
/// committed needs no record of its services.
#[test]
fn presumed_commit_outlives_a_crash_at_any_moment() {
    let changes = [("presumption", word("commit"))];
    let mut seen = [false; 2];
    for events in 0..length(&changes) {
        let mut director = after(&changes, events);
        director.act(Input::Crash(TM));
        director.run_for_us(1_000_000);
        director.act(Input::Restart(TM));
        director.run_for_us(1_500_000);
        if let Some(commit) = ended(director.world()) {
            seen[usize::from(commit)] = true;
        }
    }
    assert_eq!(seen, [true; 2]);
}

/// R* 3, presumed commit: a service that loses its unforced commit in a crash asks, and no record means commit.
#[test]
fn no_record_means_commit() {
    let mut director = after(&[("presumption", word("commit"))], 0);
    director.run_until(|world| outcome(world, SHIP, A, 1) == Some(true));
    director.act(Input::Crash(SHIP));
    director.act(Input::Restart(SHIP));
    assert!(prepared(director.world(), SHIP));
    assert!(coordinator(director.world()).cases.is_empty());
    director.run_for_us(500_000);
    assert_eq!(ended(director.world()), Some(true));
}

/// A crash in the middle of sending: what is under way to these services is lost, as the bits of `lost` say.
fn crash(director: &mut Director<TwoPhaseCommit>, node: NodeId, lost: u64) {
    let is_lost =
        |to: NodeId| SERVICES.iter().position(|service| *service == to).is_some_and(|bit| lost >> bit & 1 == 1);
    let under_way = director.messages(|from, to, _| from == node && is_lost(to));
    under_way.into_iter().for_each(|message| director.act(Input::Drop(message)));
    director.act(Input::Crash(node));
}

/// BHG 7.5: the coordinator crashes at any moment and stays down. Nobody waits for it, and all that are left end the order in one way.
#[test]
fn three_phases_do_not_wait_for_the_coordinator() {
    let mut seen = [false; 2];
    for (events, lost) in (0..length(&three_phases())).flat_map(|events| (0..8).map(move |lost| (events, lost))) {
        let mut director = after(&three_phases(), events);
        crash(&mut director, TM, lost);
        director.run_for_us(3_000_000);
        let commit = ended(director.world());
        seen[usize::from(commit == Some(true))] = true;
        // When it is back, it hears of it, and so does its customer.
        director.act(Input::Restart(TM));
        director.run_for_us(1_000_000);
        assert!(coordinator(director.world()).cases.is_empty());
        let told = last(director.world(), A).expect("an answer");
        assert_eq!(told.why.is_none(), commit == Some(true), "{events} {lost}: {told:?}");
    }
    assert_eq!(seen, [true; 2]);
}

/// BHG 7.5: the coordinator crashes, and then a service, at any two moments; also one that leads in the place of the coordinator.
#[test]
fn three_phases_outlive_two_crashes() {
    let mut led = 0;
    for (events, lost) in (0..length(&three_phases())).flat_map(|events| (0..8).map(move |lost| (events, lost))) {
        for (second, later) in SERVICES.into_iter().flat_map(|node| (0..32).map(move |later| (node, later))) {
            let mut director = after(&three_phases(), events);
            crash(&mut director, TM, lost);
            director.run(later);
            let leads = service(director.world(), second)
                .parts
                .iter()
                .any(|part| part.promise().is_some_and(|promise| promise.lead.is_some()));
            led += u64::from(leads);
            crash(&mut director, second, later % 8);
            director.run_for_us(4_000_000);
            let survivors = ended(director.world());
            // It has no say any more, and learns what was decided.
            director.act(Input::Restart(second));
            director.run_for_us(1_000_000);
            let all = ended(director.world());
            assert!(
                survivors.is_none() || survivors == all,
                "{events} {lost} {second:?} {later}: {survivors:?} {all:?}"
            );
        }
    }
    assert!(led > 500, "{led}");
}

/// BHG 7.5, total failure: all crash, and none of them knows; when all are back, the coordinator may end it.
#[test]
fn three_phases_end_after_a_crash_of_everybody() {
    let changes = three_phases();
    for events in 0..length(&changes) {
        let mut director = after(&changes, events);
        [TM, PAY, STOCK, SHIP].into_iter().for_each(|node| director.act(Input::Crash(node)));
        [TM, PAY, STOCK, SHIP].into_iter().for_each(|node| director.act(Input::Restart(node)));
        director.run_for_us(2_000_000);
        ended(director.world());
        assert!(coordinator(director.world()).cases.is_empty(), "{events}");
    }
}

/// BHG 7.5: a cut looks like a crash, and lets both sides go on.
#[test]
fn a_cut_splits_three_phases() {
    let mut director = after(&three_phases(), 0);
    director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::PreCommit { .. })));
    director.act(Input::Split(vec![vec![TM, PAY, A, B], vec![STOCK, SHIP]]));
    director.run_for_us(3_000_000);
    assert_eq!(SERVICES.map(|node| outcome(director.world(), node, A, 1)), [Some(true), Some(false), Some(false)]);
}
