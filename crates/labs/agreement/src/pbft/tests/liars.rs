//! What liars can say (section 2: they cannot sign for others, and cannot find another request with the same digest).

use super::*;
use crate::pbft::lies::lie;
use crate::pbft::{NewView, ViewChange};
use sim::rng::Rng;
use sim::{Lie, Manner};

fn lied(message: &Message, me: NodeId, to: NodeId, manner: Manner) -> Lie<String> {
    match lie(message, me, to, manner, &mut Rng::stream(1, 1)) {
        Lie::AsItIs => Lie::AsItIs,
        Lie::Nothing => Lie::Nothing,
        Lie::Changed(changed) => Lie::Changed(format!("{changed:?}")),
    }
}

#[test]
fn a_primary_can_give_a_request_another_number_and_cannot_make_one_up() {
    let x = request(1, 3);
    for (number, other) in [(1, 2), (2, 1), (3, 4), (4, 3)] {
        let told = lied(&pre_prepare(0, number, &x), R0, R1, Manner::Opposite);
        assert_eq!(told, Lie::Changed(format!("{:?}", pre_prepare(0, other, &x))));
        let voted = lied(&Message::Commit(vote(0, number, &x)), R0, R1, Manner::Opposite);
        assert_eq!(voted, Lie::Changed(format!("{:?}", Message::Commit(vote(0, other, &x)))), "a story that fits");
    }
    let asked = Message::Request(x);
    assert_eq!(lied(&asked, R1, R0, Manner::Opposite), Lie::Nothing, "a request is signed by its client");
}

#[test]
fn a_two_faced_primary_tells_one_the_opposite_and_another_one_nothing() {
    let message = pre_prepare(0, 1, &request(1, 3));
    let told = [R1, R2, R3].map(|to| lied(&message, R0, to, Manner::TwoFaced));
    assert!(matches!(told, [Lie::AsItIs, Lie::Changed(_), Lie::Nothing]), "{told:?}");
    assert_eq!(lied(&message, R0, R1, Manner::Silent), Lie::Nothing);
}

#[test]
fn a_liar_hides_its_own_proofs_and_makes_none() {
    let x = request(1, 3);
    let proof = vec![(1, prepared(0, &x, &[R2, R3]))];
    let change = |from| {
        Rc::new(ViewChange { from, view: 1, stable: 0, stable_signers: Signers::default(), prepared: proof.clone() })
    };
    let Lie::Changed(hidden) = lied(&Message::ViewChange(change(R1)), R1, R2, Manner::Opposite) else { panic!() };
    assert!(hidden.contains("prepared: []"), "{hidden}");
    let new = |from| {
        Message::NewView(Rc::new(NewView {
            from,
            view: 1,
            changes: vec![change(R3)],
            order: vec![(1, Digest::of(&x))],
        }))
    };
    let Lie::Changed(told) = lied(&new(R1), R1, R2, Manner::Opposite) else { panic!() };
    assert!(told.contains(&format!("{:?}", change(R3))), "view changes of others stay what they are: {told}");
    assert_eq!(lied(&new(R2), R1, R3, Manner::Opposite), Lie::Nothing, "a new view is signed by its primary");
}

#[test]
fn wrong_answers_are_wrong() {
    for value in [Data::Nil, Data::Int(0), Data::Int(3), Data::Int(i64::MIN), Data::Bool(true), Data::text("a")] {
        let reply =
            Message::Reply { view: 0, client: ClientId { node: C1, life: 1 }, serial: 1, result: value.clone() };
        let Lie::Changed(Message::Reply { result, .. }) = lie(&reply, R1, C1, Manner::Opposite, &mut Rng::stream(1, 1))
        else {
            panic!()
        };
        assert!(result != value || value == Data::Int(i64::MIN), "{value}");
    }
}

/// Whoever is named, or drawn by the seed.
#[test]
fn the_seed_draws_who_lies() {
    use sim::{Director, Value};
    let liars = |settings: Settings, seed| {
        let director = Director::<Pbft>::new(settings, seed).expect("settings of the lab");
        let nodes = director.world().nodes();
        nodes.ids().filter_map(|node| Some((node, nodes.lies(node)?))).collect::<Vec<_>>()
    };
    let drawn: std::collections::BTreeSet<_> = (0..60).map(|seed| liars(Settings::default(), seed)[0].0).collect();
    assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [R0, R1, R2, R3], "no client");
    let named = Settings::default().with("liar", Value::Word("R3".into())).with("manner", Value::Word("silent".into()));
    assert_eq!(liars(named, 5), [(R3, Manner::Silent)]);
    assert_eq!(liars(Settings::default().with("liars", Value::Integer(0)), 5), []);
}
