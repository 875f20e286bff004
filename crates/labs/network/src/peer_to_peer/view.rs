//! How the lab looks.

use sim::frame::{Field, Frame, LegendRow, MessageKind, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::{Message, Node, PeerToPeer, Timer};

impl View for PeerToPeer {
    fn look(_node: NodeId, state: Option<&Node>) -> Look {
        let plain = |shape, role| Look { shape, tone: Tone::Plain, role, badge: Text::default() };
        match state {
            None => plain(Shape::Circle, Text::default()),
            Some(Node::Tracker(_)) => plain(Shape::Gateway, t!("tracker")),
            Some(Node::Peer(_)) => plain(Shape::Circle, t!("peer")),
        }
    }

    fn message_look(_message: &Message) -> MessageLook {
        MessageLook { kind: MessageKind::Other, reply: false, label: Text::default(), fields: Vec::new() }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Announce => t!("next word to the tracker"),
            Timer::Round => t!("next round"),
            Timer::Watch => t!("look at connections"),
            Timer::Up => t!("uplink free"),
            Timer::Down => t!("downlink free"),
            Timer::Leave => t!("leaves"),
            Timer::Forget => t!("forget the silent"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        vec![LegendRow::new(Sign::Node(Shape::Circle, Tone::Plain), t!("a peer"))]
    }

    fn view(_world: WorldOf<'_, PeerToPeer>, _frame: &mut Frame) {}
}

#[expect(dead_code)]
fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
