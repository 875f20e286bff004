//! How the lab looks: what the clocks show, what their nodes claim, and how far they are from the true time.

use parts::exchange::Times;
use parts::words::{exact, signed, standing};
use sim::frame::{
    Along, Axis, Cell, CellState, Chart, ChartKind, Field, Frame, LegendRow, Mark, MessageKind, Node, Panel, Series,
    Shape, Sign, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::exchange::Exchange;
use super::replica::{Reading, Replica};
use super::scenarios::replica;
use super::settings::Timestamps;
use super::{ClockDrift, DriftNode, Message, SERVER, Timer};

/// The colours of the lines, one a node as far as they go.
const COLOURS: [MessageKind; 4] =
    [MessageKind::Replication, MessageKind::Election, MessageKind::Client, MessageKind::Other];

/// The node whose claims are drawn.
const DRAWN: NodeId = NodeId(1);

impl View for ClockDrift {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&DriftNode>) -> Look {
        match state {
            None => Look { shape: Shape::Circle, tone: Tone::Plain, role: t!("crashed"), badge: Text::default() },
            Some(DriftNode::Server(_)) => {
                Look { shape: Shape::Box, tone: Tone::Leader, role: t!("time server"), badge: t!("true time") }
            }
            Some(DriftNode::Replica(_)) => {
                Look { shape: Shape::Circle, tone: Tone::Plain, role: t!("replica"), badge: Text::default() }
            }
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let time = |name: Text, us: &i64| Field { name, value: exact(*us), before: None };
        let (kind, reply, label, fields) = match message {
            Message::Request { t1_us } => {
                (MessageKind::Other, false, t!("what time is it?"), vec![time(t!("T1, question sent"), t1_us)])
            }
            Message::Reply { t1_us, t2_us, t3_us } => (
                MessageKind::Other,
                true,
                exact(*t3_us),
                vec![
                    time(t!("T1, question sent"), t1_us),
                    time(t!("T2, question came"), t2_us),
                    time(t!("T3, answer sent"), t3_us),
                ],
            ),
            Message::Write(write) => (
                MessageKind::Replication,
                false,
                t!("{value} of {stamp}", value = write.value.clone(), stamp = write.stamp.text()),
                vec![
                    field(t!("value"), Text::verbatim(write.value.clone())),
                    field(t!("timestamp"), write.stamp.text()),
                ],
            ),
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Poll => t!("next question"),
            Timer::Write => t!("next write"),
            Timer::Answer(node) => t!("answer to N{number}", number = node.0),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Cell as Entry, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Box, Tone::Leader), t!("the time server, which has the true time")).of("NTP"),
            row(Node(Shape::Circle, Tone::Plain), t!("a node with a clock of its own, and a copy of the value"))
                .of("replica"),
            row(Node(Shape::Circle, Tone::Violation), t!("its clock is further off than it claims")).of("offset"),
            row(Badge(signed(200_000)), t!("what its clock shows")).of("drift"),
            row(Badge(t!("true time")), t!("its clock is never wrong")),
            row(Entry(CellState::Plain, Text::verbatim("red")), t!("the value that it holds")).of("last write wins"),
            row(Mark(MessageKind::Other), t!("asks for the time; the answer has it")).of("round trip"),
            row(Mark(MessageKind::Replication), t!("a value with the time of its writing")).of("timestamp"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, ClockDrift>, frame: &mut Frame) {
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(DriftNode::Replica(replica)) => {
                    let now = now(world, node.id, replica);
                    node.badge = signed(now.shown_us);
                    node.cells = cells(replica);
                    node.fields = fields(world, node.id, replica, &now);
                    if frame.knower.is_none() {
                        show_truth(world, &now, node);
                    }
                }
                Some(DriftNode::Server(server)) => {
                    let waiting = t!("{count}", count = server.asked.iter().count());
                    node.fields = vec![field(t!("questions not answered yet"), waiting)];
                }
                None if node.id == SERVER => {}
                None => {
                    let written = world.nodes().disk(node.id).register.as_ref().map(|write| write.value.clone());
                    let value = written.map_or_else(|| t!("nothing"), Text::verbatim);
                    node.fields = vec![field(t!("register on disk"), value)];
                }
            }
        }
        let replicas: Vec<(NodeId, &Replica)> =
            world.nodes().ids().filter_map(|id| Some((id, replica(world, id)?))).collect();
        frame.panels.push(claims_table(world, &replicas, frame.knower.is_none()));
        if replicas.iter().any(|(_, replica)| replica.last_exchange.is_some()) {
            frame.panels.push(exchange_table(world, &replicas));
        }
        frame.panels.push(Panel::Chart(offset_chart(world, &replicas)));
        if let Some(drawn) = replica(world, DRAWN).filter(|drawn| drawn.clock.sample.is_some()) {
            frame.panels.push(Panel::Chart(claim_chart(world, drawn)));
        }
    }
}

/// Adds what only an observer with a true clock can say of a node.
fn show_truth(world: WorldOf<'_, ClockDrift>, now: &Reading, node: &mut Node) {
    let error_us = error_us(world, node.id, now);
    node.tag = Some(standing(-error_us));
    if now.claim_us.is_some_and(|claim_us| error_us.unsigned_abs() > claim_us) {
        node.tone = Tone::Violation;
    }
    let drift_ppm = world.config().quartz(node.id).drift_ppm;
    node.fields.push(field(t!("in truth"), standing(-error_us)));
    node.fields.push(field(t!("its quartz drifts by"), t!("{drift} ppm", drift = drift_ppm)));
}

/// What the clock of a replica shows now.
pub(super) fn now(world: WorldOf<'_, ClockDrift>, id: NodeId, replica: &Replica) -> Reading {
    let local_us = world.nodes().clock(id).shows(world.now_us());
    Reading {
        local_us,
        shown_us: replica.shows(id, local_us, world.config()),
        claim_us: replica.claim_us(id, local_us, world.config()),
    }
}

/// When a clock was read, in microseconds of true time. The simulator's clock of the node is taken as it runs now.
fn at_us(world: WorldOf<'_, ClockDrift>, id: NodeId, reading: &Reading) -> i64 {
    reading.local_us - world.nodes().clock(id).offset_us(world.now_us())
}

/// How far a reading was ahead of true time.
pub(super) fn error_us(world: WorldOf<'_, ClockDrift>, id: NodeId, reading: &Reading) -> i64 {
    reading.shown_us - at_us(world, id, reading)
}

fn claim(reading: &Reading) -> Text {
    reading.claim_us.map_or_else(|| t!("nothing"), |claim_us| t!("± {claim}", claim = time_us(claim_us)))
}

fn cells(replica: &Replica) -> Vec<Cell> {
    let cell = |write: &super::Write| Cell {
        era: None,
        label: Text::verbatim(write.value.clone()),
        state: CellState::Plain,
        detail: t!("{value}, written at {stamp}", value = write.value.clone(), stamp = write.stamp.text()),
    };
    replica.kept.register.iter().map(cell).collect()
}

fn fields(world: WorldOf<'_, ClockDrift>, id: NodeId, replica: &Replica, now: &Reading) -> Vec<Field> {
    let config = world.config();
    let written = replica.kept.register.as_ref();
    let mut fields = vec![
        field(t!("clock"), signed(now.shown_us)),
        field(t!("claims to be right within"), claim(now)),
        field(t!("added to its quartz"), signed(now.shown_us - config.quartz(id).shows(now.local_us))),
        field(t!("samples in the filter"), t!("{count}", count = replica.samples.len())),
        field(t!("register"), written.map_or_else(|| t!("nothing"), |write| Text::verbatim(write.value.clone()))),
        field(t!("written at"), written.map_or_else(|| t!("never"), |write| write.stamp.text())),
    ];
    if config.timestamps == Timestamps::Hybrid {
        let hybrid = super::Stamp { time: replica.kept.hybrid, node: id };
        fields.push(field(t!("hybrid time"), hybrid.text()));
    }
    fields
}

/// What each clock shows, what its node claims, and where somebody sees it, what is true.
fn claims_table(world: WorldOf<'_, ClockDrift>, replicas: &[(NodeId, &Replica)], sees_truth: bool) -> Panel {
    let row = |&(id, replica): &(NodeId, &Replica)| {
        let now = now(world, id, replica);
        let known = [Text::verbatim(world.label(id).to_string()), signed(now.shown_us), claim(&now)];
        let truth = sees_truth.then(|| standing(-error_us(world, id, &now)));
        known.into_iter().chain(truth).collect()
    };
    let head = [t!("node"), t!("its clock shows"), t!("it claims")];
    Panel::Table {
        title: t!("Clocks"),
        head: head.into_iter().chain(sees_truth.then(|| t!("in truth"))).collect(),
        rows: replicas.iter().map(row).collect(),
    }
}

/// The last question and answer of each node.
fn exchange_table(world: WorldOf<'_, ClockDrift>, replicas: &[(NodeId, &Replica)]) -> Panel {
    let row = |&(id, replica): &(NodeId, &Replica)| {
        let Exchange { times: Times { t1_us, t2_us, t3_us, t4_us }, offset_us, delay_us, .. } = replica.last_exchange?;
        let times = [t1_us, t2_us, t3_us, t4_us, offset_us, delay_us as i64].map(exact);
        let label = Text::verbatim(world.label(id).to_string());
        Some([label].into_iter().chain(times).collect())
    };
    Panel::Table {
        title: t!("Last answer of each node"),
        head: vec![t!("node"), t!("T1"), t!("T2"), t!("T3"), t!("T4"), t!("offset"), t!("delay")],
        rows: replicas.iter().filter_map(row).collect(),
    }
}

/// How far all clocks were ahead of true time.
fn offset_chart(world: WorldOf<'_, ClockDrift>, replicas: &[(NodeId, &Replica)]) -> Chart {
    let line = |(&(id, replica), kind): (&(NodeId, &Replica), MessageKind)| {
        let name = Text::verbatim(world.label(id).to_string());
        series(world, (id, replica), name, kind, |error_us, _| Some(error_us))
    };
    let colours = COLOURS.into_iter().cycle();
    chart(t!("Clocks ahead of true time"), replicas.iter().zip(colours).map(line).collect())
}

/// How far one clock was ahead of true time, and between which bounds its node believed it to be.
fn claim_chart(world: WorldOf<'_, ClockDrift>, replica: &Replica) -> Chart {
    let node = (DRAWN, replica);
    let name = world.label(DRAWN).to_string();
    chart(
        t!("What {node} claims: the true time between two bounds", node = name.clone()),
        vec![
            series(world, node, Text::verbatim(name), COLOURS[0], |error_us, _| Some(error_us)),
            series(world, node, t!("at most ahead"), COLOURS[3], |error_us, claim_us| Some(error_us + claim_us?)),
            series(world, node, t!("at least ahead"), COLOURS[1], |error_us, claim_us| Some(error_us - claim_us?)),
        ],
    )
}

fn series(
    world: WorldOf<'_, ClockDrift>,
    (id, replica): (NodeId, &Replica),
    name: Text,
    kind: MessageKind,
    height_us: impl Fn(i64, Option<i64>) -> Option<i64>,
) -> Series {
    let now = now(world, id, replica);
    let point = |reading: &Reading| {
        let claim_us = reading.claim_us.map(|us| us as i64);
        Some((at_us(world, id, reading), height_us(error_us(world, id, reading), claim_us)?))
    };
    Series { name, kind, points: replica.past.iter().chain([&now]).filter_map(point).collect() }
}

fn chart(title: Text, series: Vec<Series>) -> Chart {
    Chart {
        title,
        kind: ChartKind::Lines,
        x: Axis::new(t!("true time"), "s", 1_000_000),
        y: Axis::new(t!("ahead"), "ms", 1_000),
        series,
        marks: vec![Mark { along: Along::Y, at: 0, text: t!("true time") }],
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
