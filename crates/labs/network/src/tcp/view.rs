//! How the lab looks.

use sim::frame::{
    Along, Axis, Cell, CellState, Chart, ChartKind, Field, Frame, Gauge, LegendRow, Mark, MessageKind, Panel, Series,
    Shape, Sign, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::captions::{bytes, relative};
use super::connection::{Connection, State};
use super::host::{Host, Role};
use super::segment::Segment;
use super::settings::MESSAGE;
use super::{A, A2, B, Tcp, Timer};

/// How many cells of a stream are shown at most.
const SHOWN: u64 = 40;

impl View for Tcp {
    fn look(node: NodeId, state: Option<&Host>) -> Look {
        let role = state.map(|host| host.role);
        let shape = match role {
            _ if node == super::R => Shape::Gateway,
            Some(Role::Server) => Shape::Box,
            _ if node == super::B => Shape::Box,
            _ => Shape::Client,
        };
        let badge = state.map(Host::state_name).filter(|name| !name.is_empty());
        Look {
            shape,
            tone: Tone::Plain,
            role: role.map_or_else(|| t!("crashed"), Role::title),
            badge: badge.map_or_else(Text::default, |name| Text::verbatim(name.to_string())),
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
        let state = |state: State| Sign::Badge(Text::verbatim(state.name().to_string()));
        let cell = |state, label: &str| Sign::Cell(state, Text::verbatim(label.to_string()));
        vec![
            row(Sign::Node(Shape::Client, Tone::Plain), t!("a client, which opens connections")),
            row(Sign::Node(Shape::Box, Tone::Plain), t!("the server, which listens")),
            row(Sign::Node(Shape::Gateway, Tone::Plain), t!("the router, which passes segments on")),
            row(Sign::Badge(Text::verbatim("LISTEN".to_string())), t!("it waits for a SYN")),
            row(state(State::Closed), t!("it has no connection, or the other end has closed (CLOSE-WAIT)")),
            row(state(State::SynSent), t!("its SYN is not acknowledged yet")).of("handshake"),
            row(state(State::Established), t!("both ends have agreed")).of("TCP connection"),
            row(state(State::FinWait1), t!("it has closed its own direction")),
            row(state(State::TimeWait), t!("all is done, and it waits in case its last answer was lost"))
                .of("TIME-WAIT"),
            row(Sign::Gauge(Tone::Plain), t!("how full its buffer is")),
            row(Sign::Message(MessageKind::Replication), t!("data, by its numbers; hollow: an acknowledgment"))
                .of("segment"),
            row(Sign::Message(MessageKind::Election), t!("a SYN or a FIN: it opens or closes")),
            row(Sign::Message(MessageKind::Other), t!("a reset: there is no such connection")),
            row(cell(CellState::Committed, "1"), t!("acknowledged; at the receiver: read")),
            row(cell(CellState::Plain, "2"), t!("at the receiver: there, in order")),
            row(cell(CellState::Uncommitted, "3"), t!("under way; at the receiver: there, and waits")),
            row(cell(CellState::Conflicting, "4"), t!("lost, and not sent again yet")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, Tcp>, frame: &mut Frame) {
        for node in &mut frame.nodes {
            let Some(host) = world.nodes().state(node.id) else {
                let opened = world.nodes().disk(node.id).opened;
                node.fields = vec![field(t!("connections so far"), t!("{count}", count = opened))];
                continue;
            };
            node.fields = host_fields(host);
            if let Some(connection) = host.first() {
                node.fields = connection_fields(connection);
                node.tag = tag(world, connection);
                node.gauge = gauge(connection, world.config().buffer);
            }
        }
        let sees_truth = frame.knower.is_none();
        for client in world.nodes().ids().filter(|id| [A, A2].contains(id)) {
            if let Some(panel) = stream(world, client, sees_truth) {
                frame.panels.push(panel);
            }
        }
        frame.panels.push(connections(world));
        frame.panels.extend(windows(world).map(Panel::Chart));
        frame.panels.extend(round_trips(world).map(Panel::Chart));
    }
}

/// What stands beside a node: what it waits for.
fn tag(world: WorldOf<'_, Tcp>, connection: &Connection) -> Option<Text> {
    let (sender, receiver) = (&connection.sender, &connection.receiver);
    let duplicates = connection.congestion.duplicates;
    if !receiver.kept.is_empty() {
        return Some(t!("{next} is missing", next = relative(receiver.next, receiver.irs)));
    }
    if duplicates > 0 && sender.flight() > 0 {
        return Some(t!(
            "{una} missing, {count} duplicates",
            una = relative(sender.una, sender.iss),
            count = Text::verbatim(format!("{duplicates}×"))
        ));
    }
    if sender.window == 0 && connection.state.is_synchronized() && sender.has_more() {
        return Some(t!("no room at {node}", node = world.label(connection.remote.node).to_string()));
    }
    (connection.expiries > 0).then(|| t!("waits for the timer, {count}×", count = connection.expiries))
}

/// How full the buffer of a receiver is, once there is anything in it.
fn gauge(connection: &Connection, buffer: u32) -> Option<Gauge> {
    let receiver = &connection.receiver;
    let kept: u32 = receiver.kept.iter().map(|(_, piece)| piece.length).sum();
    let held = receiver.waiting() + kept;
    (held > 0).then(|| Gauge {
        permille: (u64::from(held) * 1_000 / u64::from(buffer.max(1))).min(1_000) as u16,
        text: t!("{held} of {buffer} bytes", held = held, buffer = buffer),
        tone: Tone::Plain,
    })
}

fn host_fields(host: &Host) -> Vec<Field> {
    let state = if host.role == Role::Router { t!("passes on") } else { Text::verbatim(host.state_name().to_string()) };
    vec![
        field(t!("state"), state),
        field(t!("connections that are over"), t!("{count}", count = host.ended_count)),
        field(t!("resets sent"), t!("{count}", count = host.resets)),
    ]
}

fn connection_fields(connection: &Connection) -> Vec<Field> {
    let (sender, receiver) = (&connection.sender, &connection.receiver);
    let (round_trip, congestion) = (&connection.round_trip, &connection.congestion);
    let of_sender = |seq| t!("{number}", number = relative(seq, sender.iss));
    let own =
        |is_known: bool, window: u32| if congestion.is_limited() && is_known { bytes(window) } else { t!("no limit") };
    let time = |us: Option<u64>| us.map_or_else(|| t!("not known yet"), |us| t!("{time}", time = time_us(us)));
    let kept = receiver.kept.iter().map(|(_, piece)| piece.length).sum();
    let is_begun = sender.una != sender.iss;
    vec![
        field(t!("state"), Text::verbatim(connection.state.name().to_string())),
        field(t!("acknowledged up to"), of_sender(sender.una)),
        field(t!("waits for"), t!("{number}", number = relative(receiver.next, receiver.irs))),
        field(t!("under way"), bytes(sender.flight())),
        field(t!("own window (cwnd)"), own(is_begun, congestion.cwnd)),
        field(t!("threshold (ssthresh)"), own(congestion.has_threshold(), congestion.ssthresh)),
        field(t!("window of the other end"), bytes(sender.window)),
        field(t!("window that it offers"), bytes(receiver.window())),
        field(t!("out of order in its buffer"), bytes(kept)),
        field(t!("smoothed round trip"), time(round_trip.smoothed_us())),
        field(t!("its deviation"), time(round_trip.deviation_us())),
        field(t!("timeout"), time(Some(round_trip.rto_us))),
        field(t!("segments sent again"), t!("{count}", count = sender.resent)),
        field(t!("duplicate acknowledgments"), t!("{count}", count = congestion.duplicates)),
        field(t!("its first number"), Text::verbatim(sender.iss.0.to_string())),
        field(t!("first number of the other end"), Text::verbatim(receiver.irs.0.to_string())),
    ]
}

/// The bytes of a client on their way into the application of B, a cell a message.
fn stream(world: WorldOf<'_, Tcp>, client: NodeId, sees_truth: bool) -> Option<Panel> {
    let sender = world.nodes().state(client)?.first()?;
    let receiver =
        world.nodes().state(B).and_then(|host| host.with(client)).filter(|known| known.peer == Some(sender.name));
    let message = u64::from(MESSAGE);
    let count = sender.sender.written.div_ceil(message);
    if count == 0 {
        return None;
    }
    let acknowledged = sender.sender.offset(sender.sender.una) / message;
    let first = acknowledged.saturating_sub(SHOWN / 2).min(count.saturating_sub(SHOWN));
    let shown = first..count.min(first + SHOWN);
    let config = world.config();
    let label = |number: u64| {
        let stream = config.stream(number * message);
        match config.streams {
            1 => Text::verbatim(format!("{}", number + 1)),
            _ => Text::verbatim(format!("{}{}", number + 1, ["a", "b", "c", "d"][stream as usize % 4])),
        }
    };
    let is_under_way = |number: u64| {
        world.messages().any(|envelope| {
            let data = envelope.payload.data.filter(|data| data.of == sender.name);
            data.is_some_and(|data| {
                data.from < (number + 1) * message && data.from + u64::from(data.length) > number * message
            })
        })
    };
    let next = receiver.map_or(0, |known| u64::from(known.receiver.next.past(known.receiver.irs.plus(1))));
    let read = receiver.map_or(0, |known| known.receiver.read_bytes());
    let has_kept = |number: u64| {
        let pieces = receiver.iter().flat_map(|known| &known.receiver.kept);
        pieces.into_iter().any(|(_, piece)| {
            piece.from <= number * message && piece.from + u64::from(piece.length) >= (number + 1) * message
        })
    };
    let sent = sender.sender.offset(sender.sender.next);
    let sent_cell = |number: u64| {
        let end = ((number + 1) * message).min(sender.sender.written);
        let is_there = next >= end || has_kept(number);
        let (state, detail) = if sender.sender.offset(sender.sender.una) >= end {
            (CellState::Committed, t!("message {number}: acknowledged", number = number + 1))
        } else if sent <= number * message {
            return Cell {
                era: None,
                label: Text::verbatim("·".to_string()),
                state: CellState::Plain,
                detail: t!("message {number}: not sent yet", number = number + 1),
            };
        } else if sees_truth && !is_there && !is_under_way(number) {
            (CellState::Conflicting, t!("message {number}: lost", number = number + 1))
        } else {
            (CellState::Uncommitted, t!("message {number}: sent, not acknowledged", number = number + 1))
        };
        Cell { era: None, label: label(number), state, detail }
    };
    let got_cell = |number: u64| {
        let end = ((number + 1) * message).min(sender.sender.written);
        let (state, detail) = if read >= end {
            (CellState::Committed, t!("message {number}: read", number = number + 1))
        } else if next >= end {
            (CellState::Plain, t!("message {number}: there, in order", number = number + 1))
        } else if has_kept(number) {
            (CellState::Uncommitted, t!("message {number}: there, and waits for what is missing", number = number + 1))
        } else {
            return Cell {
                era: None,
                label: Text::verbatim("·".to_string()),
                state: CellState::Plain,
                detail: t!("message {number}: not there", number = number + 1),
            };
        };
        Cell { era: None, label: label(number), state, detail }
    };
    let name = |node: NodeId| Text::verbatim(world.label(node).to_string());
    let mut rows = vec![(name(client), shown.clone().map(sent_cell).collect())];
    if receiver.is_some() {
        rows.push((name(B), shown.map(got_cell).collect()));
    }
    Some(Panel::Log {
        title: t!("The stream of {node}, a message a cell", node = world.label(client).to_string()),
        first: first + 1,
        rows,
    })
}

/// What each end knows of its connections.
fn connections(world: WorldOf<'_, Tcp>) -> Panel {
    let mut rows = Vec::new();
    for id in world.nodes().ids() {
        for connection in world.nodes().state(id).into_iter().flat_map(|host| &host.connections) {
            let (sender, receiver) = (&connection.sender, &connection.receiver);
            rows.push(vec![
                t!(
                    "{node} with {peer}",
                    node = world.label(id).to_string(),
                    peer = world.label(connection.remote.node).to_string()
                ),
                Text::verbatim(connection.state.name().to_string()),
                t!("{una} to {next}", una = relative(sender.una, sender.iss), next = relative(sender.next, sender.iss)),
                t!("{number}", number = relative(receiver.next, receiver.irs)),
                t!("{bytes}", bytes = sender.window),
                t!("{time}", time = time_us(connection.round_trip.rto_us)),
            ]);
        }
    }
    Panel::Table {
        title: t!("What each end knows of its connections"),
        head: vec![
            t!("at"),
            t!("state"),
            t!("sent, not acknowledged"),
            t!("waits for"),
            t!("room at the other end"),
            t!("timeout"),
        ],
        rows,
    }
}

/// The window of a sender over time.
fn windows(world: WorldOf<'_, Tcp>) -> Option<Chart> {
    let connection = world.nodes().state(A)?.first()?;
    let points = &connection.congestion.chart;
    let last_us = points.back()?.0;
    let line = |name: Text, kind, read: fn(&(u64, u32, u32, u32)) -> u32| {
        let known = points.iter().filter(|point| read(point) < 1 << 20);
        // The window stays what it is until it changes.
        let mut steps: Vec<(i64, i64)> = Vec::new();
        for point in known {
            let (at, value) = (point.0 as i64, i64::from(read(point)));
            if let Some((_, before)) = steps.last().copied().filter(|(_, before)| *before != value) {
                steps.push((at, before));
            }
            steps.push((at, value));
        }
        if let Some((_, value)) = steps.last().copied() {
            steps.push((world.now_us().max(last_us) as i64, value));
        }
        Series { name, kind, points: steps }
    };
    let series = [
        line(t!("own window (cwnd)"), MessageKind::Replication, |point| point.1),
        line(t!("threshold (ssthresh)"), MessageKind::Other, |point| point.2),
        line(t!("under way"), MessageKind::Client, |point| point.3),
    ];
    Some(Chart {
        title: t!("How much A may have under way"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time since the start"), "s", 1_000_000),
        y: Axis::new(t!("bytes"), "kB", 1_000),
        series: series.into_iter().filter(|series| !series.points.is_empty()).collect(),
        marks: Vec::new(),
    })
}

/// What was measured, and the timeout that followed.
fn round_trips(world: WorldOf<'_, Tcp>) -> Option<Chart> {
    let connection = world.nodes().state(A)?.first()?;
    let points = &connection.round_trip.chart;
    if points.is_empty() {
        return None;
    }
    let line = |name: Text, kind, read: fn(&(u64, u64, u64)) -> u64| Series {
        name,
        kind,
        points: points.iter().map(|point| (point.0 as i64, read(point) as i64)).collect(),
    };
    let least_us = world.config().rto_min_us as i64;
    let mark = Mark { along: Along::Y, at: least_us, text: t!("least timeout") };
    Some(Chart {
        title: t!("Round trips of A, and the timeout"),
        kind: ChartKind::Lines,
        x: Axis::new(t!("time since the start"), "s", 1_000_000),
        y: Axis::new(t!("time"), "ms", 1_000),
        series: vec![
            line(t!("round trip"), MessageKind::Replication, |point| point.1),
            line(t!("timeout"), MessageKind::Other, |point| point.2),
        ],
        marks: if least_us > 0 { vec![mark] } else { Vec::new() },
    })
}

fn kind(segment: &Segment) -> MessageKind {
    match segment {
        _ if segment.rst => MessageKind::Other,
        _ if segment.syn || segment.fin => MessageKind::Election,
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
    let socket = |socket: super::Socket| t!("{node}, port {port}", node = socket.node, port = u64::from(socket.port));
    let mut fields = vec![
        field(t!("from"), socket(segment.from)),
        field(t!("to"), socket(segment.to)),
        field(t!("sequence number"), number(segment.seq.0)),
    ];
    fields.extend(segment.ack.map(|ack| field(t!("acknowledges"), number(ack.0))));
    fields.push(field(t!("data"), bytes(segment.bytes())));
    fields.push(field(t!("window"), bytes(segment.window)));
    for (from, to) in &segment.sack {
        let of = |seq: super::Seq| seq.since(segment.marks.irs);
        fields.push(field(t!("has the block"), t!("{from}:{to}", from = of(*from), to = of(*to))));
    }
    if segment.marks.is_again {
        fields.push(field(t!("sent before"), t!("yes")));
    }
    fields
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
