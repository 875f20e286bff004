//! How the lab looks: busy servers with their queues, the balancer and its policy, response times and throughput.

use parts::policy::Policy;
use parts::statistics::Point;
use sim::frame::{
    Along, Axis, Chart, ChartKind, Field, Frame, Gauge, LegendRow, Mark, MessageKind, Node, Panel, Queue, Series,
    Shape, Sign, Status, Tone,
};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::balancer::{Balancer, Opinion};
use super::client::Client;
use super::server::Server;
use super::settings::{Config, Layer};
use super::{Answer, BalancingNode, LoadBalancing, Message, RequestId, Timer};

/// From here on a server counts as overloaded, in parts of a thousand.
const BUSY_PERMILLE: u16 = 900;

impl View for LoadBalancing {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&BalancingNode>) -> Look {
        let (shape, role) = match state {
            None => (Shape::Box, Text::default()),
            Some(BalancingNode::Client(_)) => (Shape::Client, t!("client")),
            Some(BalancingNode::Balancer(_)) => (Shape::Gateway, t!("balancer")),
            Some(BalancingNode::Server(_)) => (Shape::Box, t!("server")),
        };
        let tone = if shape == Shape::Gateway { Tone::Leader } else { Tone::Plain };
        Look { shape, tone, role, badge: Text::default() }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let requested = |request: RequestId| t!("{client}·{number}", client = request.client, number = request.number);
        let request_field = |request: RequestId| field(t!("request"), requested(request));
        let (kind, reply, label, fields) = match *message {
            Message::Ask { request, attempt } => (
                MessageKind::Client,
                false,
                requested(request),
                vec![request_field(request), field(t!("attempt"), number(u64::from(attempt)))],
            ),
            Message::Forward { request, ticket } => (
                MessageKind::Client,
                false,
                requested(request),
                vec![request_field(request), field(t!("number at the balancer"), number(ticket & 0xFFFF_FFFF))],
            ),
            Message::Done { ticket, answer } => (
                kind(answer),
                true,
                said(answer),
                vec![
                    field(t!("number at the balancer"), number(ticket & 0xFFFF_FFFF)),
                    field(t!("answer"), said(answer)),
                ],
            ),
            Message::Reply { request, answer } => (
                kind(answer),
                true,
                match answer {
                    Answer::Served => requested(request),
                    _ => said(answer),
                },
                vec![request_field(request), field(t!("answer"), said(answer))],
            ),
            Message::Probe { round } => {
                (MessageKind::Replication, false, t!("well?"), vec![field(t!("round"), number(round.into()))])
            }
            Message::Well { round } => {
                (MessageKind::Replication, true, t!("well"), vec![field(t!("round"), number(round.into()))])
            }
        };
        MessageLook { kind, reply, label, fields }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next request"),
            Timer::Deadline => t!("oldest request too old"),
            Timer::Probe => t!("next health checks"),
            Timer::Work(worker) => t!("worker {number} done", number = u64::from(*worker) + 1),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Gauge as Load, Message as Mark, Node, Queue as Line};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Client, Tone::Plain), t!("a client: it sends requests")).of("client"),
            row(Node(Shape::Gateway, Tone::Leader), t!("the balancer: it hands each request to a server"))
                .of("balancer"),
            row(Badge(Policy::RoundRobin.badge(1)), t!("how the balancer chooses: one after the other"))
                .of("round robin"),
            row(Badge(Policy::Choices.badge(2)), t!("it takes the less burdened of two drawn by lot"))
                .of("random choices"),
            row(Node(Shape::Box, Tone::Plain), t!("a server")).of("worker"),
            row(Load(Tone::Committed), t!("the share of the time in which it works")).of("utilisation"),
            row(Load(Tone::Violation), t!("it works nearly all the time: requests pile up")).of("utilisation"),
            row(Line(MessageKind::Client), t!("requests that wait there")).of("queue"),
            row(Mark(MessageKind::Client), t!("a request or its answer")).of("response time"),
            row(Mark(MessageKind::Replication), t!("a health check")).of("health check"),
            row(Mark(MessageKind::Other), t!("the answer to a request that failed")).of("timeout"),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, LoadBalancing>, frame: &mut Frame) {
        let config = world.config();
        // Which clients can talk with each other says nothing here.
        frame.groups.clear();
        let balancer = world.nodes().state(config.balancer()).and_then(BalancingNode::balancer);
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(BalancingNode::Client(client)) => node.fields = client_fields(client),
                Some(BalancingNode::Balancer(balancer)) => show_balancer(balancer, config, node),
                Some(BalancingNode::Server(server)) => show_server(server, config, balancer, node),
                None => show_crashed(config, balancer, node),
            }
        }
        if let Some(balancer) = balancer {
            let clock = world.nodes().clock(config.balancer());
            let ahead_us = clock.offset_us(world.now_us());
            let marks = marks(world, balancer, ahead_us);
            frame.panels.push(Panel::Chart(latency_chart(balancer, ahead_us, config, marks.clone())));
            frame.panels.push(Panel::Chart(throughput_chart(balancer, ahead_us, marks)));
            frame.panels.push(server_table(world, balancer));
        }
    }
}

/// Requests that fail stand out.
fn kind(answer: Answer) -> MessageKind {
    if answer == Answer::Served { MessageKind::Client } else { MessageKind::Other }
}

fn said(answer: Answer) -> Text {
    match answer {
        Answer::Served => t!("served"),
        Answer::Refused => t!("refused"),
        Answer::NoServer => t!("no server"),
        Answer::TimedOut => t!("timed out"),
    }
}

fn client_fields(client: &Client) -> Vec<Field> {
    let mut fields = vec![
        field(t!("requests sent"), number(client.sent.into())),
        field(t!("served"), number(client.served.into())),
        field(t!("failed"), number(client.failed.into())),
        field(t!("waits for"), number(client.open.len() as u64)),
        field(t!("tried again"), number(client.retried.into())),
    ];
    if let Some((request, us)) = client.last {
        let value = t!("{time} (request {number})", time = time_us(us), number = request);
        fields.push(field(t!("last answer after"), value));
    }
    fields
}

fn show_balancer(balancer: &Balancer, config: &Config, node: &mut Node) {
    node.badge = config.policy.badge(config.choices);
    let up = balancer.health.iter().filter(|health| health.is_available(node.clock_us)).count();
    let layer = match config.layer {
        Layer::Requests => t!("each request (layer 7)"),
        Layer::Connections => t!("each connection (layer 4)"),
    };
    node.fields = vec![
        field(t!("policy"), node.badge.clone()),
        field(t!("balances"), layer),
        field(t!("servers up"), t!("{up} of {all}", up = up, all = balancer.health.len())),
        field(t!("handed on"), number(balancer.forwarded)),
        field(t!("waits for"), number(balancer.flights.len() as u64)),
    ];
    if let Some(p99_us) = balancer.statistics.p99_us() {
        node.fields.push(field(t!("p99"), t!("{time}", time = time_us(p99_us))));
    }
}

fn show_server(server: &Server, config: &Config, balancer: Option<&Balancer>, node: &mut Node) {
    let now_us = node.clock_us;
    let busy = server.station.busy_permille(now_us);
    let percent = u64::from((busy + 5) / 10);
    node.gauge = Some(Gauge {
        permille: busy,
        text: t!("{percent} % busy", percent = percent),
        tone: if busy >= BUSY_PERMILLE { Tone::Violation } else { Tone::Committed },
    });
    node.queue = Some(Queue { waiting: server.station.queue.len() as u32, kind: MessageKind::Client });
    node.tag = tag(server, now_us, config).or_else(|| opinion_tag(config, balancer, node));
    node.fields = vec![
        field(
            t!("in service"),
            t!("{busy} of {all}", busy = server.station.at_work(), all = server.station.workers.len()),
        ),
        field(t!("queue"), number(server.station.queue.len() as u64)),
        field(t!("busy"), t!("{percent} %", percent = percent)),
        field(t!("service time"), service_text(server, now_us, config)),
        field(t!("served"), number(server.station.served)),
        field(t!("refused"), number(server.station.refused)),
        field(t!("last wait"), t!("{time}", time = time_us(server.station.waited_us))),
        field(t!("health check"), health_text(config, balancer, node)),
    ];
}

fn show_crashed(config: &Config, balancer: Option<&Balancer>, node: &mut Node) {
    if node.id < config.balancer() {
        node.shape = Shape::Client;
    } else if node.id == config.balancer() {
        node.shape = Shape::Gateway;
    } else {
        node.gauge = Some(Gauge { permille: 0, text: t!("crashed"), tone: Tone::Plain });
        node.tag = opinion_tag(config, balancer, node);
        node.fields = vec![field(t!("health check"), health_text(config, balancer, node))];
    }
}

/// What is unusual about a server.
fn tag(server: &Server, now_us: i64, config: &Config) -> Option<Text> {
    let is_cold = server.times_ppm(now_us, config) > u64::from(server.machine.slower_by + 1) * 1_000_000;
    match (server.machine.slower_by, is_cold) {
        (0, true) => Some(t!("warms up")),
        (0, false) => None,
        (more, _) => Some(t!("{times}× slower", times = more + 1)),
    }
}

/// What the balancer thinks of a server, where that is remarkable.
fn opinion_tag(config: &Config, balancer: Option<&Balancer>, node: &Node) -> Option<Text> {
    let place = config.place_of(node.id)?;
    let health = &balancer?.health[place];
    let share = health.share_permille(node.clock_us, config.slow_start_us);
    match (health.is_up, health.is_available(node.clock_us)) {
        (false, _) => Some(t!("marked down")),
        (true, false) => Some(t!("ejected")),
        (true, true) if node.status == Status::Crashed => Some(t!("not noticed")),
        (true, true) if config.weight(place) == 0 => Some(t!("gets nothing new")),
        (true, true) if share < 1_000 => Some(t!("{percent} % share", percent = share / 10)),
        (true, true) => None,
    }
}

fn health_text(config: &Config, balancer: Option<&Balancer>, node: &Node) -> Text {
    let health = config.place_of(node.id).and_then(|place| Some(&balancer?.health[place]));
    match health {
        None => t!("nobody checks"),
        Some(health) if !health.is_up => {
            t!("down; passed {streak} of {rise}", streak = health.streak, rise = config.checks.rise)
        }
        Some(health) if !health.is_available(node.clock_us) => t!("ejected for a while"),
        Some(health) if health.streak > 0 => {
            t!("up; failed {streak} of {fall}", streak = health.streak, fall = config.checks.fall)
        }
        Some(_) => t!("up"),
    }
}

/// The mean service time of a server, and of the others where it differs.
fn service_text(server: &Server, now_us: i64, config: &Config) -> Text {
    let usual_us = match config.service.time {
        sim::Delay::Constant { us } => us,
        sim::Delay::Uniform { most_us, .. } => most_us,
        sim::Delay::Exponential { mean_us, .. } => mean_us,
    };
    let us = usual_us * (server.times_ppm(now_us, config) / 1_000) / 1_000;
    match us == usual_us {
        true => t!("{time}", time = time_us(us)),
        false => t!("{time} (usual: {usual})", time = time_us(us), usual = time_us(usual_us)),
    }
}

/// When a server was slowed down, or the balancer changed its mind about one.
fn marks(world: WorldOf<'_, LoadBalancing>, balancer: &Balancer, ahead_us: i64) -> Vec<Mark> {
    let config = world.config();
    let first_us = balancer.statistics.points.front().map_or(0, |point| point.at_us - ahead_us);
    let label = |place: usize| world.label(config.server(place)).to_string();
    let slowed = (0..usize::from(config.servers)).filter_map(|place| {
        let server = config.server(place);
        let machine = &world.nodes().disk(server).machine;
        let at_us = machine.slowed_at_us? - world.nodes().clock(server).offset_us(world.now_us());
        let text = t!("{server} {times}× slower", server = label(place), times = machine.slower_by + 1);
        Some(Mark { along: Along::X, at: at_us, text })
    });
    let thought = balancer.remarks.iter().map(|remark| {
        let server = label(remark.server);
        let text = match remark.opinion {
            Opinion::Up => t!("{server} up", server = server),
            Opinion::Down => t!("{server} marked down", server = server),
            Opinion::Ejected => t!("{server} ejected", server = server),
        };
        Mark { along: Along::X, at: remark.at_us - ahead_us, text }
    });
    slowed.chain(thought).filter(|mark| mark.at >= first_us).collect()
}

fn time_axis() -> Axis {
    Axis::new(t!("time"), "s", 1_000_000)
}

fn latency_chart(balancer: &Balancer, ahead_us: i64, config: &Config, mut marks: Vec<Mark>) -> Chart {
    let line = |name: Text, kind: MessageKind, place: usize| Series {
        name,
        kind,
        points: balancer
            .statistics
            .points
            .iter()
            .filter_map(|point| Some((point.at_us - ahead_us, point.percentiles_us?[place] as i64)))
            .collect(),
    };
    let highest = balancer.statistics.points.iter().filter_map(|point| point.percentiles_us).map(|[.., p99]| p99).max();
    // A bound far above all lines would press them flat.
    if highest.is_some_and(|highest| highest * 2 >= config.p99_bound_us) {
        marks.push(Mark { along: Along::Y, at: config.p99_bound_us as i64, text: t!("bound for p99") });
    }
    Chart {
        title: t!("Response time at the balancer"),
        kind: ChartKind::Lines,
        x: time_axis(),
        y: Axis::new(t!("response time"), "ms", 1_000),
        series: vec![
            line(t!("p99"), MessageKind::Election, 2),
            line(t!("p95"), MessageKind::Replication, 1),
            line(t!("p50"), MessageKind::Client, 0),
        ],
        marks,
    }
}

fn throughput_chart(balancer: &Balancer, ahead_us: i64, marks: Vec<Mark>) -> Chart {
    let line = |name: Text, kind: MessageKind, count: fn(&Point) -> u32| Series {
        name,
        kind,
        points: balancer
            .statistics
            .points
            .iter()
            .map(|point| {
                let a_second = u64::from(count(point)) * 1_000_000 / point.window_us.max(1);
                (point.at_us - ahead_us, a_second as i64)
            })
            .collect(),
    };
    Chart {
        title: t!("Requests per second, at the clients"),
        kind: ChartKind::Lines,
        x: time_axis(),
        y: Axis::new(t!("requests per second"), "", 1),
        series: vec![
            line(t!("served"), MessageKind::Client, |point| point.served),
            line(t!("failed"), MessageKind::Other, |point| point.failed),
        ],
        marks,
    }
}

/// The servers under each other.
fn server_table(world: WorldOf<'_, LoadBalancing>, balancer: &Balancer) -> Panel {
    let config = world.config();
    let row = |place: usize| {
        let id: NodeId = config.server(place);
        let (server, health) = (world.nodes().state(id).and_then(BalancingNode::server), &balancer.health[place]);
        let clock_us = world.nodes().clock(id).shows(world.now_us());
        let of_server =
            |text: fn(&Server, i64) -> Text| server.map_or_else(|| t!("–"), |server| text(server, clock_us));
        let opinion = match (health.is_up, health.is_available(clock_us)) {
            (true, true) => t!("up"),
            (true, false) => t!("ejected"),
            (false, _) => t!("down"),
        };
        vec![
            Text::verbatim(world.label(id).to_string()),
            opinion,
            number(balancer.open[place].into()),
            of_server(|server, _| number(server.station.queue.len() as u64)),
            of_server(|server, now_us| {
                t!("{percent} %", percent = u64::from(server.station.busy_permille(now_us) / 10))
            }),
            of_server(|server, _| number(server.station.served)),
            of_server(|server, _| number(server.station.refused)),
        ]
    };
    Panel::Table {
        title: t!("Servers"),
        head: vec![t!("server"), t!("is"), t!("open"), t!("queue"), t!("busy"), t!("served"), t!("refused")],
        rows: (0..usize::from(config.servers)).map(row).collect(),
    }
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}
