//! How the lab looks.

use sim::frame::{Field, Frame, LegendRow, MessageKind, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::NewLab;
use super::{A, Message, Node, Timer};

impl View for NewLab {
    /// How a node looks.
    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let (role, badge) = match state {
            None => (t!("crashed"), Text::default()),
            Some(state) if node == A => {
                (t!("asks"), t!("{answered} of {sent}", answered = state.answered, sent = state.sent))
            }
            Some(_) => (t!("answers"), Text::default()),
        };
        Look { shape: Shape::Circle, tone: Tone::Plain, role, badge }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let (label, number, reply) = match message {
            Message::Ping(number) => (t!("ping {number}", number = *number), *number, false),
            Message::Pong(number) => (t!("pong {number}", number = *number), *number, true),
        };
        let fields = vec![field(t!("number"), number)];
        MessageLook { kind: MessageKind::Other, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Ping => t!("next ping"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Circle, Tone::Plain), t!("a node: A asks, and B answers")).of("ping"),
            row(Badge(t!("{answered} of {sent}", answered = 2, sent = 3)), t!("how many pings have been answered")),
            row(Mark(MessageKind::Other), t!("a ping and its answer")).of("ping"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, NewLab>, frame: &mut Frame) {
        if let Some(state) = world.nodes().state(A) {
            let fields = vec![field(t!("pings sent"), state.sent), field(t!("answers counted"), state.answered)];
            frame.nodes[A.index()].fields = fields;
        }
    }
}

fn field(name: Text, number: u64) -> Field {
    Field { name, value: t!("{number}", number = number), before: None }
}
