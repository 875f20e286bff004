//! What a lying general says.

use sim::rng::Rng;
use sim::{Lie, Manner, NodeId};

use super::Message;

/// What it makes of a message. Of a signed order it can change only one that nobody else has signed: the signatures of others
/// cannot be forged (Lamport, Shostak and Pease 1982, section 4, A4). Any other it can only keep back.
pub fn lie(message: &Message, me: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Message> {
    let is_free = !message.is_signed || message.path[..] == [me];
    let change = || match is_free {
        true => Lie::Changed(Message { order: message.order.opposite(), ..message.clone() }),
        false => Lie::Nothing,
    };
    match manner {
        Manner::Silent => Lie::Nothing,
        Manner::Opposite => change(),
        Manner::TwoFaced if is_deceived(me, to) => change(),
        Manner::TwoFaced => Lie::AsItIs,
        Manner::Random => match rng.below(3) {
            0 => Lie::AsItIs,
            1 => change(),
            _ => Lie::Nothing,
        },
    }
}

/// Whether a two-faced general tells this one the opposite: every second of the others.
fn is_deceived(me: NodeId, to: NodeId) -> bool {
    (to.0 - u16::from(to > me)) % 2 == 1
}
