//! Section 4.3: checkpoints, and state for those who lack it.

use super::*;
use crate::pbft::{Ask, Stable, Transfer};
use sim::Director;

/// Carries out so many requests.
fn carry_out(backup: &mut Stand, numbers: std::ops::RangeInclusive<u64>) -> Asked<Node> {
    let mut last = None;
    for number in numbers {
        let request = request(number, number as i64);
        backup.hears(R0, pre_prepare(0, number, &request));
        let me = backup.probe.me;
        for from in [R1, R2, R3].into_iter().filter(|from| *from != me) {
            backup.hears(from, Message::Prepare(vote(0, number, &request)));
            last = Some(backup.hears(from, Message::Commit(vote(0, number, &request))));
        }
    }
    last.expect("numbers")
}

/// "2f + 1 checkpoint messages … with the same digest": then all messages up to there are discarded, and the water marks move.
#[test]
fn equal_digests_of_three_make_a_checkpoint_stable() {
    let mut backup = Stand::new(R2, |config| config.checkpoint_every = 2);
    let asked = carry_out(&mut backup, 1..=2);
    assert_eq!(said(&asked), ["Reply", "Checkpoint"]);
    let hash = backup.replica().state.hash();
    for (from, hash) in [(R0, hash), (R1, !hash), (R0, hash)] {
        backup.hears(from, Message::Checkpoint { number: 2, hash });
    }
    assert_eq!(backup.replica().stable.number, 0);
    backup.hears(R3, Message::Checkpoint { number: 2, hash });
    assert_eq!((backup.replica().stable.number, backup.replica().slots.values().count()), (2, 0));
    assert_eq!(said(&backup.hears(R0, pre_prepare(0, 6, &request(6, 6)))), ["Prepare"]);
}

/// "If a replica … needs the state": it takes none that 2f + 1 have not signed.
#[test]
fn who_lacks_a_state_takes_one_that_is_proved() {
    let mut first = Stand::new(R2, |config| config.checkpoint_every = 2);
    carry_out(&mut first, 1..=2);
    let state = Rc::clone(&first.replica().state);
    let stable = |signers: &[NodeId], hash| {
        let stable = Stable { number: 2, hash, signers: signed_by(signers), state: Rc::clone(&state) };
        Message::Transfer(Rc::new(Transfer { stable: Some(Rc::new(stable)), committed: vec![], requests: vec![] }))
    };
    let mut late = Stand::new(R3, |config| config.checkpoint_every = 2);
    late.hears(R2, stable(&[R1, R2], state.hash()));
    late.hears(R2, stable(&[R0, R1, R2], !state.hash()));
    assert_eq!(late.replica().executed, 0);
    late.hears(R2, stable(&[R0, R1, R2], state.hash()));
    assert_eq!((late.replica().executed, late.replica().state.hash()), (2, state.hash()));
}

#[test]
fn who_is_asked_shows_what_is_settled_and_proves_it() {
    let mut backup = Stand::new(R2, |_| {});
    carry_out(&mut backup, 1..=3);
    let asked = backup.hears(R3, Message::Ask(Ask { executed: 1, stable: 0, view: 1, hashes: vec![] }));
    let [(R3, Message::Transfer(transfer))] = &asked.sends[..] else { panic!("{:?}", asked.sends) };
    assert_eq!(transfer.committed.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [2, 3]);
    assert!(transfer.committed.iter().all(|(_, certificate)| certificate.signers.count() >= 3));
    let mut late = Stand::new(R3, |_| {});
    carry_out(&mut late, 1..=1);
    late.hears(R2, Message::Transfer(Rc::clone(transfer)));
    assert_eq!(late.replica().executed, 3);
    let mut forged = (**transfer).clone();
    forged.committed.iter_mut().for_each(|(_, certificate)| certificate.signers = signed_by(&[R2, R3]));
    let mut careful = Stand::new(R3, |_| {});
    carry_out(&mut careful, 1..=1);
    careful.hears(R2, Message::Transfer(Rc::new(forged)));
    assert_eq!(careful.replica().executed, 1);
}

/// All is on disk: a crash is a long silence.
#[test]
fn who_comes_back_catches_up() {
    use sim::Input;
    let mut director = Director::<Pbft>::new(Settings::default().with("liars", sim::Value::Integer(0)), 3).unwrap();
    director.run_for_us(300_000);
    director.act(Input::Crash(R2));
    director.run_for_us(2_000_000);
    director.act(Input::Restart(R2));
    director.run_for_us(1_000_000);
    let executed =
        |node| director.world().nodes().state(node).and_then(Node::replica).map_or(0, |replica| replica.executed);
    assert!(executed(R2) > 40 && executed(R2).abs_diff(executed(R1)) < 5, "{} and {}", executed(R2), executed(R1));
}
