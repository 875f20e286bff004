//! What traitors can say (section 3, A2; section 4, A4).

use sim::rng::Rng;
use sim::{Lie, Manner, NodeId};

use crate::generals::{Message, Order, lies};

const A: NodeId = NodeId(0);
const B: NodeId = NodeId(1);
const C: NodeId = NodeId(2);
const D: NodeId = NodeId(3);

fn order(path: &[NodeId], is_signed: bool) -> Message {
    Message { battle: 1, order: Order::Attack, path: path.to_vec(), is_signed }
}

fn lie(message: &Message, me: NodeId, to: NodeId, manner: Manner) -> Lie<Message> {
    lies::lie(message, me, to, manner, &mut Rng::stream(1, 1))
}

fn changed(message: &Message) -> Lie<Message> {
    Lie::Changed(Message { order: message.order.opposite(), ..message.clone() })
}

/// A4: a loyal general's signature cannot be forged, and any change of what is signed can be detected.
#[test]
fn what_others_have_signed_can_be_kept_back_and_not_changed() {
    let (own, of_others) = (order(&[A], true), order(&[A, C], true));
    assert_eq!(lie(&own, A, B, Manner::Opposite), changed(&own));
    assert_eq!(lie(&of_others, C, B, Manner::Opposite), Lie::Nothing);
    for seed in 0..100 {
        let told = lies::lie(&of_others, C, B, Manner::Random, &mut Rng::stream(seed, 1));
        assert!(!matches!(told, Lie::Changed(_)));
    }
}

#[test]
fn a_two_faced_general_tells_half_of_the_others_the_opposite() {
    let from_a = order(&[A], false);
    let told = [B, C, D].map(|to| lie(&from_a, A, to, Manner::TwoFaced));
    assert_eq!(told, [Lie::AsItIs, changed(&from_a), Lie::AsItIs]);
    for me in [B, C, D] {
        let message = order(&[A, me], false);
        let others = [B, C, D].into_iter().filter(|to| *to != me);
        let lied = others.filter(|to| lie(&message, me, *to, Manner::TwoFaced) == changed(&message)).count();
        assert_eq!(lied, 1, "{me:?}");
    }
}

#[test]
fn silence_is_a_lie_too() {
    assert_eq!(lie(&order(&[A], false), A, B, Manner::Silent), Lie::Nothing);
}
