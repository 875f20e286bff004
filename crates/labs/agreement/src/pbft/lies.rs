//! What a lying node says.
//!
//! It can sign what it likes, and nothing for others: requests are signed by clients, and the proofs in a view change by those who sent
//! the votes. So a lying primary cannot make up a request, but it can give one another number; a lying backup can vote for that too.

use std::rc::Rc;

use sim::history::Value;
use sim::rng::Rng;
use sim::{Lie, Manner, NodeId};

use super::{Digest, Message, NewView, ViewChange, Vote};

/// What it makes of a message.
pub fn lie(message: &Message, me: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Message> {
    let place = (to.0 - u16::from(to > me)) % 3;
    match manner {
        Manner::Silent => Lie::Nothing,
        Manner::Opposite => opposite(message, me),
        // A third of the others is told the opposite. Of what the primary says first, another third is told nothing at all.
        Manner::TwoFaced if place == 1 => opposite(message, me),
        Manner::TwoFaced if place == 2 && matches!(message, Message::PrePrepare(..)) => Lie::Nothing,
        Manner::TwoFaced => Lie::AsItIs,
        Manner::Random => match rng.below(3) {
            0 => Lie::AsItIs,
            1 => opposite(message, me),
            _ => Lie::Nothing,
        },
    }
}

fn opposite(message: &Message, me: NodeId) -> Lie<Message> {
    Lie::Changed(match message {
        Message::PrePrepare(vote, request) => Message::PrePrepare(other_number(vote), request.clone()),
        Message::Prepare(vote) => Message::Prepare(other_number(vote)),
        Message::Commit(vote) => Message::Commit(other_number(vote)),
        Message::Reply { view, client, serial, result } => {
            Message::Reply { view: *view, client: *client, serial: *serial, result: wrong(result) }
        }
        Message::Checkpoint { number, hash } => Message::Checkpoint { number: *number, hash: !hash },
        Message::ViewChange(change) if change.from == me => {
            Message::ViewChange(Rc::new(ViewChange { prepared: Vec::new(), ..(**change).clone() }))
        }
        Message::NewView(new) if new.from == me => {
            let order = new.order.iter().map(|(number, _)| (*number, Digest::null())).collect();
            Message::NewView(Rc::new(NewView { order, ..(**new).clone() }))
        }
        // What others have signed can be kept back.
        Message::Request(_) | Message::ViewChange(_) | Message::NewView(_) | Message::Transfer(_) => {
            return Lie::Nothing;
        }
        Message::Ask(_) => return Lie::AsItIs,
    })
}

/// The same request under the number beside: 1 and 2 change places, 3 and 4, and so on. Who is told so of all requests, and is asked
/// to vote so, hears a story that fits.
fn other_number(vote: &Vote) -> Vote {
    Vote { number: ((vote.number.max(1) - 1) ^ 1) + 1, ..vote.clone() }
}

/// A wrong result.
fn wrong(result: &Value) -> Value {
    match result {
        Value::Bool(answer) => Value::Bool(!answer),
        Value::Int(number) => Value::Int(number.wrapping_neg().wrapping_sub(i64::from(*number == 0))),
        _ => Value::Int(-1),
    }
}
