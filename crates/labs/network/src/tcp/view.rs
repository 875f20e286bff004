//! How the lab looks.

use sim::frame::{Field, Frame, LegendRow, MessageKind, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t};

use super::host::{Host, Role};
use super::segment::Segment;
use super::{Tcp, Timer};

impl View for Tcp {
    fn look(node: NodeId, state: Option<&Host>) -> Look {
        let role = state.map(|host| host.role);
        let shape = match role {
            _ if node == super::R => Shape::Gateway,
            Some(Role::Server) => Shape::Box,
            _ if node == super::B => Shape::Box,
            _ => Shape::Client,
        };
        let badge = state.map_or("", Host::state_name);
        Look {
            shape,
            tone: Tone::Plain,
            role: role.map_or_else(|| t!("crashed"), Role::title),
            badge: Text::verbatim(badge.to_string()),
        }
    }

    fn message_look(segment: &Segment) -> MessageLook {
        let kind = kind(segment);
        MessageLook {
            kind,
            reply: segment.data.is_none() && !segment.fin && !segment.rst && !segment.syn,
            label: label(segment),
            fields: fields(segment),
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Resend(_) => t!("send again"),
            Timer::Ack(_) => t!("acknowledge"),
            Timer::Wait(_) => t!("TIME-WAIT is over"),
            Timer::Read(_) => t!("read on"),
            Timer::Open => t!("open a connection"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        let row = LegendRow::new;
        vec![row(Sign::Node(Shape::Client, Tone::Plain), t!("a client"))]
    }

    fn view(_world: WorldOf<'_, Tcp>, _frame: &mut Frame) {}
}

fn kind(segment: &Segment) -> MessageKind {
    match segment {
        _ if segment.rst => MessageKind::Other,
        _ if segment.syn || segment.fin => MessageKind::Election,
        _ if segment.data.is_some() => MessageKind::Replication,
        _ => MessageKind::Replication,
    }
}

/// What a segment says, in a few characters. As in tcpdump, a SYN has its number as it is, all others are counted from there.
pub fn label(segment: &Segment) -> Text {
    let seq = segment.seq.since(segment.marks.iss);
    let ack = segment.ack.map(|ack| ack.since(segment.marks.irs));
    match segment {
        _ if segment.rst => t!("RST"),
        _ if segment.syn && segment.ack.is_some() => {
            let ack = segment.ack.map_or(0, |ack| ack.0);
            t!("SYN {seq}, ack {ack}", seq = segment.seq.0, ack = ack)
        }
        _ if segment.syn => t!("SYN {seq}", seq = segment.seq.0),
        _ if segment.fin => t!("FIN {seq}", seq = seq),
        _ if segment.marks.is_probe => t!("probe {seq}", seq = seq),
        _ if segment.data.is_some() => t!("{from}:{to}", from = seq, to = seq + segment.bytes()),
        _ if segment.window == 0 => t!("ack {ack}, no room", ack = ack.unwrap_or(0)),
        _ if segment.marks.repeats > 0 => {
            t!("ack {ack} ×{times}", ack = ack.unwrap_or(0), times = segment.marks.repeats + 1)
        }
        _ => t!("ack {ack}", ack = ack.unwrap_or(0)),
    }
}

fn fields(segment: &Segment) -> Vec<Field> {
    let number = |number: u32| Text::verbatim(number.to_string());
    let mut fields = vec![field(t!("sequence number"), number(segment.seq.0))];
    fields.extend(segment.ack.map(|ack| field(t!("acknowledges"), number(ack.0))));
    fields.push(field(t!("window"), t!("{bytes} bytes", bytes = segment.window)));
    fields
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
