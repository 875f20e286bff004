//! The protocol, step by step.

use parts::shop::Good;
use sim::Input;

use super::super::journal::What;
use super::*;

fn amounts(world: WorldOf<'_, TwoPhaseCommit>) -> [i64; 3] {
    let get = |node, good| service(world, node).ledger.shelves.get(good).amount;
    [get(PAY, Good::Account(A)), get(STOCK, Good::Pieces), get(SHIP, Good::Places)]
}

/// BHG 7.4: all vote yes, the coordinator commits, all commit; each part is done.
#[test]
fn an_order_that_all_can_do_is_done_everywhere() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 2);
    director.run_for_us(500_000);
    let world = director.world();
    assert_eq!(amounts(world), [40, 3, 4]);
    assert_eq!(last(world, A).map(|told| told.why), Some(None));
    assert!([PAY, STOCK, SHIP].map(|node| outcome(world, node, A, 1)) == [Some(true); 3]);
    assert!(coordinator(world).cases.is_empty());
    assert_eq!(world.monitor().told(), (1, 0));
}

/// R* 3, table of presumed abort: a commit of n services takes 4n messages and 2n + 1 forced writes, an abort after all votes 3n and n;
/// without a presumption the abort costs what the commit does.
#[test]
fn messages_and_forced_writes_are_those_of_r_star() {
    for services in [2, 3, 5] {
        for (presumption, aborts, expected) in [
            ("abort", false, (4 * services, 2 * services + 1)),
            ("nothing", false, (4 * services, 2 * services + 1)),
            ("abort", true, (3 * services, services)),
            ("nothing", true, (4 * services, 2 * services + 1)),
        ] {
            let changes =
                [("services", number(services)), ("presumption", word(presumption)), ("ask_ms", number(2_000))];
            let mut director = quiet(&changes, 1);
            let customer = NodeId(services as u16 + 1);
            order(&mut director, customer, 1);
            director.run_until(|world| world.messages().any(|sent| matches!(sent.payload, Message::Vote { .. })));
            director.run_for_us(1);
            if aborts {
                // The last vote is late.
                let votes = director.messages(|_, _, message| matches!(message, Message::Vote { .. }));
                director.act(Input::Delay { message: votes[votes.len() - 1], by_us: 400_000 });
            }
            director.run_for_us(1_000_000);
            let world = director.world();
            let (messages, forced) = world.monitor().costs();
            assert_eq!((messages as i64, forced as i64), expected, "{services} {presumption} {aborts}");
            assert_eq!(last(world, customer).map(|told| told.why.is_some()), Some(aborts));
        }
    }
}

/// BHG 7.3: before it has voted yes, a service may abort alone; its no is enough.
#[test]
fn one_no_undoes_all() {
    let mut director = quiet(&[], 1);
    director.operate(STOCK, "refuse", &[]);
    order(&mut director, A, 1);
    director.run_for_us(500_000);
    assert_eq!(amounts(director.world()), [100, 5, 5]);
    assert_eq!(last(director.world(), A).and_then(|told| told.why), Some(Why::Broken(STOCK)));
}

/// BHG 7.4: who has voted yes waits, with its locks, until the coordinator is back; an order without a record was aborted (R* 3).
#[test]
fn a_promise_outlives_the_coordinator() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 1);
    director.run_until(|world| [PAY, STOCK, SHIP].iter().all(|node| prepared(world, *node)));
    director.act(Input::Crash(TM));
    director.run_for_us(5_000_000);
    assert!([PAY, STOCK, SHIP].iter().all(|node| prepared(director.world(), *node)));
    director.act(Input::Restart(TM));
    director.run_for_us(500_000);
    assert_eq!([PAY, STOCK, SHIP].map(|node| outcome(director.world(), node, A, 1)), [Some(false); 3]);
    assert_eq!(amounts(director.world()), [100, 5, 5]);
}

/// BHG 7.4: a commit that is on the disk of the coordinator is carried out after a crash of everybody.
#[test]
fn a_commit_on_disk_outlives_everybody() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 1);
    director.run_until(|world| coordinator(world).journal.on_disk().any(|record| record.what.outcome() == Some(true)));
    for node in [TM, PAY, STOCK, SHIP, A] {
        director.act(Input::Crash(node));
        director.act(Input::Restart(node));
    }
    director.run_for_us(1_000_000);
    assert_eq!(amounts(director.world()), [70, 4, 4]);
    assert_eq!(last(director.world(), A).map(|told| told.why), Some(None));
}

/// What is in memory only is lost: a service that crashes while its promise is being written has promised nothing.
#[test]
fn a_promise_that_is_not_on_disk_is_none() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 1);
    director.run_until(|world| !service(world, STOCK).journal.waiting.is_empty());
    director.act(Input::Crash(STOCK));
    director.act(Input::Restart(STOCK));
    assert!(service(director.world(), STOCK).parts.is_empty());
    director.run_for_us(1_000_000);
    assert_eq!(amounts(director.world()), [100, 5, 5]);
}

/// BHG 7.4, cooperative termination: one that knows the outcome tells it.
#[test]
fn a_service_in_doubt_learns_from_another_one() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 1);
    director.run_until(|world| coordinator(world).sent == 6);
    let outcomes = director.messages(|_, to, message| to != PAY && matches!(message, Message::Outcome { .. }));
    outcomes.into_iter().for_each(|message| director.act(Input::Drop(message)));
    director.act(Input::Crash(TM));
    director.run_for_us(1_000_000);
    assert_eq!([PAY, STOCK, SHIP].map(|node| outcome(director.world(), node, A, 1)), [Some(true); 3]);
    assert!(service(director.world(), SHIP).rescued > 0);
}

/// BHG 7.4, cooperative termination: one that has not voted sees to it that it never will, and tells that the order is aborted.
#[test]
fn who_has_not_voted_sets_the_others_free() {
    let mut director = quiet(&[("patience_ms", number(5_000))], 1);
    order(&mut director, A, 1);
    director.run_until(|world| coordinator(world).sent == 3);
    let prepare = director.messages(|_, to, message| to == SHIP && matches!(message, Message::Prepare { .. }));
    prepare.into_iter().for_each(|message| director.act(Input::Delay { message, by_us: 800_000 }));
    director.act(Input::Crash(TM));
    director.run_for_us(600_000);
    assert_eq!([PAY, STOCK, SHIP].map(|node| outcome(director.world(), node, A, 1)), [Some(false); 3]);
    let on_disk = service(director.world(), SHIP).journal.on_disk();
    assert!(on_disk.into_iter().any(|record| matches!(record.what, What::Abort { .. })));
    // The late prepare finds the record.
    director.run_for_us(600_000);
    assert!(service(director.world(), SHIP).parts.is_empty());
}

/// Rosenkrantz, Stearns and Lewis 1978, wound-wait: a younger order waits for an older one.
#[test]
fn two_orders_for_the_last_piece_come_one_after_the_other() {
    let mut director = quiet(&[("stock", number(1))], 1);
    order(&mut director, A, 1);
    order(&mut director, B, 1);
    director.run_for_us(1_000_000);
    assert_eq!(last(director.world(), A).map(|told| told.why), Some(None));
    assert_eq!(last(director.world(), B).and_then(|told| told.why), Some(Why::TooLittle(STOCK)));
}

/// R* 3: who has only looked writes nothing and is out of phase 2.
#[test]
fn who_only_looks_is_out_of_phase_two() {
    let mut director = quiet(&[], 1);
    director.operate(A, "pay-in", &[]);
    director.run_for_us(1_000_000);
    assert_eq!(amounts(director.world()), [190, 5, 5]);
    // Three prepares and votes; an outcome and its acknowledgement.
    assert_eq!(director.world().monitor().costs(), (8, 3));
}

/// X/Open XA: a person decides; another outcome comes later, and is reported.
#[test]
fn a_decision_by_hand_can_be_wrong() {
    let mut director = quiet(&[], 1);
    order(&mut director, A, 1);
    director.run_until(|world| coordinator(world).journal.on_disk().any(|record| record.what.outcome() == Some(true)));
    director.act(Input::Crash(TM));
    let outcomes = director.messages(|_, _, message| matches!(message, Message::Outcome { .. }));
    outcomes.into_iter().for_each(|message| director.act(Input::Drop(message)));
    director.operate(SHIP, "decide", &[word("abort")]);
    director.act(Input::Restart(TM));
    director.run_for_us(500_000);
    assert_eq!(amounts(director.world()), [70, 4, 5]);
    assert_eq!(service(director.world(), SHIP).mixed, 1);
}

/// Lives are counted on disk: what was ordered before a restart is not begun after it.
#[test]
fn an_order_of_an_earlier_life_is_not_begun() {
    let mut director = quiet(&[], 1);
    director.act(Input::Crash(TM));
    order(&mut director, A, 1);
    director.act(Input::Restart(TM));
    director.run_for_us(500_000);
    assert_eq!(last(director.world(), A).and_then(|told| told.why), Some(Why::NoRecord));
    order(&mut director, A, 1);
    director.run_for_us(500_000);
    assert_eq!(last(director.world(), A).map(|told| told.why), Some(None));
}
