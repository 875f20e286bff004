//! How the lab looks.

use sim::frame::{Frame, LegendRow, MessageKind, Shape, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::call::Origin;
use super::{Message, RpcNode, RpcRest, Timer};

impl View for RpcRest {
    fn look(_node: NodeId, _state: Option<&RpcNode>) -> Look {
        Look { shape: Shape::Box, tone: Tone::Plain, role: Text::default(), badge: Text::default() }
    }
    fn message_look(_message: &Message) -> MessageLook {
        MessageLook { kind: MessageKind::Client, reply: false, label: Text::default(), fields: vec![] }
    }
    fn timer_name(_timer: &Timer) -> Text { Text::default() }
    fn legend() -> Vec<LegendRow> { vec![] }
    fn view(_world: WorldOf<'_, RpcRest>, _frame: &mut Frame) {}
}

/// The name of a wish: `C1·4`.
pub(super) fn name(origin: Origin) -> Text {
    match origin.number {
        0 => t!("{node}", node = origin.client),
        number => t!("{node}·{number}", node = origin.client, number = number),
    }
}
