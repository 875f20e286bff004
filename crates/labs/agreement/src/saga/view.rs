//! How the lab looks.

use sim::frame::{Frame, LegendRow, MessageKind, Shape, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::message::What;
use super::{Message, Node, Saga, Timer};

impl View for Saga {
    fn look(_: NodeId, state: Option<&Node>) -> Look {
        let (shape, role) = match state {
            None => (Shape::Circle, t!("crashed")),
            Some(Node::Order(_)) => (Shape::Hexagon, t!("orders")),
            Some(Node::Service(_)) => (Shape::Store, t!("service")),
            Some(Node::Customer(_)) => (Shape::Client, t!("customer")),
            Some(Node::Viewer(_)) => (Shape::Client, t!("viewer")),
        };
        Look { shape, tone: Tone::Plain, role, badge: Text::default() }
    }

    fn message_look(message: &Message) -> MessageLook {
        use MessageKind::{Client, Election, Other, Replication};
        let (kind, reply, label) = match message {
            Message::Letter { letter, .. } => {
                let order = letter.order.text();
                match letter.what {
                    What::Place => (Client, false, t!("order {order}", order = order)),
                    What::Cancel => (Client, false, t!("cancel {order}", order = order)),
                    What::Told(_) => (Client, true, t!("{order} ended", order = order)),
                    What::Supply(_) => (Client, false, t!("supply")),
                    What::Do(act) => {
                        let kind = if act.is_compensation() { Election } else { Replication };
                        (kind, false, t!("{act} {order}", act = act.text(), order = order))
                    }
                    What::Did { act, done } => {
                        let kind = if act.is_compensation() || !done { Election } else { Replication };
                        (kind, true, t!("{order} {act}", act = act.past(done), order = order))
                    }
                }
            }
            Message::Ack { .. } => (Other, true, t!("got it")),
            Message::Read { .. } => (Other, false, t!("look")),
            Message::State { .. } => (Other, true, t!("books")),
        };
        MessageLook { kind, reply, label, fields: Vec::new() }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Relay => t!("send what is in the outbox"),
            Timer::Retry(_) => t!("ask again"),
            Timer::Next => t!("next"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        Vec::new()
    }

    fn view(_: WorldOf<'_, Saga>, _: &mut Frame) {}
}
