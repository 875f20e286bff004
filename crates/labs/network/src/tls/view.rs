//! How the lab looks.

use sim::frame::{Frame, LegendRow, MessageKind, Shape, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::{Message, Timer, Tls, TlsNode};

impl View for Tls {
    fn look(_node: NodeId, _state: Option<&TlsNode>) -> Look {
        Look { shape: Shape::Circle, tone: Tone::Plain, role: Text::default(), badge: Text::default() }
    }

    fn message_look(_message: &Message) -> MessageLook {
        MessageLook { kind: MessageKind::Other, reply: false, label: t!("x"), fields: Vec::new() }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next wish"),
            Timer::Again => t!("patience"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        Vec::new()
    }

    fn view(_world: WorldOf<'_, Tls>, _frame: &mut Frame) {}
}
