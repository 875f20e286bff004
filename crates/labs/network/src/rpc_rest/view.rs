//! How the lab looks: clients, the proxy, front ends, store and printer in columns, and what travels between them.

use super::connection::Segment;
use sim::frame::{CellState, Field, Frame, LegendRow, MessageKind, Node, Queue, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::call::{Answer, Ask, Call, Origin};
use super::client::Client;
use super::desk::Desk;
use super::door::Door;
use super::front::Front;
use super::http::{Letter, Request, Response};
use super::printing::Job;
use super::proxy::Proxy;
use super::store::{Book, EffectKind};
use super::{Message, RpcNode, RpcRest, Timer, panels};

impl View for RpcRest {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&RpcNode>) -> Look {
        let plain = |shape, role| Look { shape, tone: Tone::Plain, role, badge: Text::default() };
        match state {
            None => plain(Shape::Box, Text::default()),
            Some(RpcNode::Client(_)) => plain(Shape::Client, t!("client")),
            Some(RpcNode::Proxy(_)) => plain(Shape::Gateway, t!("proxy")),
            Some(RpcNode::Front(_)) => plain(Shape::Box, t!("front end")),
            Some(RpcNode::Store(_)) => plain(Shape::Store, t!("store")),
            Some(RpcNode::Printer(_)) => plain(Shape::Outside, t!("printer")),
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let plain = |kind, reply, label| MessageLook { kind, reply, label, fields: Vec::new() };
        match message {
            Message::Bind { life } => MessageLook {
                fields: vec![field(t!("life of the caller"), number(*life))],
                ..plain(MessageKind::Other, false, t!("which life?"))
            },
            Message::Bound { now, .. } => plain(MessageKind::Other, true, t!("life {life}", life = *now)),
            Message::Call(call) => call_look(call),
            Message::Reply { number, answer, .. } => MessageLook {
                fields: vec![field(t!("call"), t!("{number}", number = *number)), field(t!("answer"), answer.word())],
                ..plain(MessageKind::Client, true, answer.word())
            },
            Message::Refused { number, now, .. } => MessageLook {
                fields: vec![
                    field(t!("call"), t!("{number}", number = *number)),
                    field(t!("life of the server"), t!("{number}", number = *now)),
                ],
                ..plain(MessageKind::Other, true, t!("not in this life"))
            },
            Message::Http(segment) => http_look(segment),
            Message::Print(job) => plain(MessageKind::Election, false, print_word(*job)),
            Message::Printed(job) => plain(MessageKind::Election, true, t!("{call} printed", call = name(job.origin))),
            Message::Back { life } => plain(MessageKind::Other, false, t!("back, life {life}", life = *life)),
            Message::Paper { job, .. } => {
                plain(MessageKind::Election, false, t!("text of {call}", call = name(job.origin)))
            }
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next wish"),
            Timer::Repeat => t!("repeat"),
            Timer::GiveUp => t!("deadline"),
            Timer::Patience(_) => t!("patience"),
            Timer::Work(_) => t!("work done"),
            Timer::Step => t!("next step of printing"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Client, Tone::Plain), t!("a client, which calls or speaks HTTP")).of("client"),
            row(Badge(t!("unknown")), t!("what its user was told last")),
            row(Node(Shape::Gateway, Tone::Plain), t!("the proxy: it keeps, fetches ahead and repeats")).of("proxy"),
            row(Node(Shape::Box, Tone::Plain), t!("a front end, with one worker")).of("server"),
            row(Sign::Queue(MessageKind::Client), t!("what waits for the worker")).of("queue"),
            row(Node(Shape::Store, Tone::Plain), t!("the store of orders")),
            row(Badge(t!("{count}", count = 3)), t!("how many orders there are, or sheets of paper")),
            row(Node(Shape::Outside, Tone::Plain), t!("the printer")),
            row(Mark(MessageKind::Client), t!("a call; hollow: its answer")).of("remote procedure call"),
            row(Mark(MessageKind::Replication), t!("an HTTP request; hollow: its answer")).of("HTTP"),
            row(Mark(MessageKind::Election), t!("a text to be printed; hollow: the completion message")),
            row(Mark(MessageKind::Other), t!("about lives and connections")),
            row(Sign::Cell(CellState::Committed, t!("C1·1")), t!("a text on paper")),
            row(Sign::Cell(CellState::Conflicting, t!("C1·1")), t!("the same text, once more")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, RpcRest>, frame: &mut Frame) {
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let sees_truth = frame.knower.is_none();
        let labels = panels::labels(world);
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(RpcNode::Client(client)) => show_client(client, node),
                Some(RpcNode::Proxy(proxy)) => show_proxy(proxy, world, node),
                Some(RpcNode::Front(front)) => show_front(front, world, node),
                Some(RpcNode::Store(store)) => {
                    show_book(&world.nodes().disk(node.id).book, node);
                    show_desk(&store.desk, node);
                    node.fields.extend(door_fields(&store.door, world));
                }
                Some(RpcNode::Printer(printer)) => {
                    let sheets = printer.paper().len();
                    node.badge = t!("{count}", count = sheets);
                    node.fields = vec![field(t!("sheets of paper"), t!("{count}", count = sheets))];
                }
                None => show_crashed(world, node),
            }
            node.tag = node.tag.take().map(|tag| tag.with_labels(&labels));
            for field in &mut node.fields {
                field.value = std::mem::take(&mut field.value).with_labels(&labels);
            }
        }
        frame.panels.extend(panels::all(world, sees_truth));
    }
}

fn call_look(call: &Call) -> MessageLook {
    let Call { life, number: made, server_life, left_us, attempt, ask } = *call;
    let word = t!("{call} {what}", call = name(ask.origin), what = ask.deed.word());
    let label = if attempt > 1 { t!("{what} ×{attempt}", what = word, attempt = attempt) } else { word };
    let fields = vec![
        field(t!("time left"), left_us.map_or_else(|| t!("no deadline"), at)),
        field(t!("life of the caller, and number of the call"), t!("{life}, {number}", life = life, number = made)),
        field(t!("for this life of the server"), if server_life == 0 { t!("any") } else { number(server_life) }),
        field(t!("attempt"), t!("{number}", number = attempt)),
    ];
    MessageLook { kind: MessageKind::Client, reply: false, label, fields }
}

fn http_look(segment: &Segment<Letter>) -> MessageLook {
    let opened_by = segment.name();
    let connection = field(
        t!("connection"),
        t!("{number} of life {life}", number = u64::from(opened_by.serial), life = opened_by.life),
    );
    let plain = |kind, reply, label, mut fields: Vec<Field>| {
        fields.push(connection.clone());
        MessageLook { kind, reply, label, fields }
    };
    match segment {
        Segment::Open(_) => plain(MessageKind::Other, false, t!("open"), Vec::new()),
        Segment::Opened { life, .. } => {
            plain(MessageKind::Other, true, t!("opened"), vec![field(t!("life of the server"), number(*life))])
        }
        Segment::Broken(_) => plain(MessageKind::Other, true, t!("no such connection"), Vec::new()),
        Segment::Data { body: Letter::Request(request), .. } => {
            plain(MessageKind::Replication, false, request_word(request), request_fields(request))
        }
        Segment::Data { body: Letter::Response { response, .. }, .. } => {
            plain(MessageKind::Replication, true, response_word(response), response_fields(response))
        }
    }
}

fn request_word(request: &Request) -> Text {
    match request.if_match {
        Some(version) => t!("{request} if v{version}", request = request.word(), version = version),
        None => request.word(),
    }
}

fn request_fields(request: &Request) -> Vec<Field> {
    let mut fields = vec![
        field(t!("method and path"), request.word()),
        field(t!("wish"), if request.origin.number == 0 { t!("fetched ahead") } else { name(request.origin) }),
    ];
    fields
        .extend(request.if_match.map(|version| field(Text::verbatim("If-Match"), t!("v{version}", version = version))));
    if request.if_none_match {
        fields.push(field(Text::verbatim("If-None-Match"), Text::verbatim("*")));
    }
    if request.no_cache {
        fields.push(field(Text::verbatim("Cache-Control"), Text::verbatim("no-cache")));
    }
    fields
}

fn response_word(response: &Response) -> Text {
    match response.answer {
        Answer::Order { version, .. } | Answer::Changed { version, .. } => {
            t!("{status} v{version}", status = u64::from(response.status()), version = version)
        }
        _ => t!("{status}", status = u64::from(response.status())),
    }
}

fn response_fields(response: &Response) -> Vec<Field> {
    let mut fields = vec![
        field(t!("status"), t!("{status}", status = u64::from(response.status()))),
        field(t!("answer"), response.answer.word()),
    ];
    fields.extend(response.age_us.map(|age_us| field(t!("age"), at(age_us))));
    fields
}

fn print_word(job: Job) -> Text {
    if job.again {
        t!("print {call} again", call = name(job.origin))
    } else {
        t!("print {call}", call = name(job.origin))
    }
}

fn show_client(client: &Client, node: &mut Node) {
    let last = client.told.back();
    match (&client.open, last) {
        (Some(open), _) => node.tag = Some(t!("waits: {what}", what = open.wish.word())),
        (None, Some(told)) => {
            node.badge = told.verdict.word();
            node.tag = Some(t!("{what}: {verdict}", what = told.wish.word(), verdict = told.verdict.word()));
        }
        (None, None) => {}
    }
    let none = || t!("none");
    let attempts = client.stub.open.as_ref().map(|open| open.attempts.made);
    node.fields = vec![
        field(t!("waits for"), client.open.as_ref().map_or_else(none, |open| open.wish.word())),
        field(t!("last told"), last.map_or_else(none, |told| told.verdict.word())),
        field(t!("attempts of its call"), attempts.map_or_else(none, |made| t!("{number}", number = made))),
        field(
            t!("version of order 7 in front of its user"),
            client.known.get(&7).map_or_else(none, |version| t!("v{version}", version = *version)),
        ),
        field(t!("wishes so far"), t!("{number}", number = client.written().made)),
        field(t!("wishes that wait"), t!("{count}", count = client.wishes.len())),
        field(t!("asks the twin"), if client.prefers_twin() { t!("yes") } else { t!("no") }),
    ];
}

fn show_proxy(proxy: &Proxy, world: WorldOf<'_, RpcRest>, node: &mut Node) {
    let users = proxy.exchanges.values().filter(|exchange| exchange.user.is_some()).count();
    if let Some(twin) = world.config().twin().filter(|_| proxy.prefers_twin) {
        node.tag = Some(t!("asks {twin}", twin = twin));
    }
    node.fields = vec![
        field(t!("requests that it has sent on"), t!("{count}", count = users)),
        field(t!("answers kept"), t!("{count}", count = proxy.cache.len())),
        field(t!("links to fetch ahead"), t!("{count}", count = proxy.ahead())),
        field(t!("served from the cache"), number(proxy.served.map_or(0, |served| served.count))),
    ];
}

fn show_front(front: &Front, world: WorldOf<'_, RpcRest>, node: &mut Node) {
    show_desk(&front.desk, node);
    node.fields.extend(door_fields(&front.door, world));
    if !world.config().rules.stateless {
        let has = if front.has_sessions { t!("of all clients") } else { t!("none") };
        node.fields.push(field(t!("sessions in its memory"), has));
    }
    if let Some(now) = front.press.now {
        let (printed, told) = (now.has_printed, now.has_told);
        node.tag = Some(match (printed, told) {
            (true, _) => t!("has printed, and told nobody"),
            (_, true) => t!("has told, and printed nothing"),
            _ => t!("is about to print"),
        });
    }
}

fn show_desk(desk: &Desk, node: &mut Node) {
    let waiting = desk.station.queue.len();
    if waiting > 0 {
        node.queue = Some(Queue { waiting: waiting as u32, kind: MessageKind::Client });
    }
    let at_work = desk.at_work().map(|(_, job)| job.ask);
    let work = |ask: Ask| t!("{call} {what}", call = name(ask.origin), what = ask.deed.word());
    if let Some(ask) = at_work {
        node.tag = Some(t!("at work: {call}", call = work(ask)));
    }
    node.fields.push(field(t!("at work on"), at_work.map_or_else(|| t!("nothing"), work)));
    node.fields.push(field(t!("waiting"), t!("{count}", count = waiting)));
}

/// The call table, a field a caller.
fn door_fields(door: &Door, world: WorldOf<'_, RpcRest>) -> Vec<Field> {
    let of_caller = |(caller, entry): (&NodeId, &super::door::Entry)| {
        let caller = world.label(*caller).to_string();
        let answer = entry.answer.as_ref().map_or_else(|| t!("at work"), Answer::word);
        field(
            t!("call table, {caller}", caller = caller),
            t!("call {number} of life {life}: {answer}", number = entry.number, life = entry.life, answer = answer),
        )
    };
    door.table.iter().map(of_caller).collect()
}

fn show_book(book: &Book, node: &mut Node) {
    let orders = book.orders.values().count();
    node.badge = t!("{count}", count = orders);
    node.fields = vec![field(t!("orders"), t!("{count}", count = orders))];
    let last = book.log.last().filter(|effect| effect.kind == EffectKind::Made);
    let made = last.map_or(0, |last| {
        let newest = (book.log.len().saturating_sub(panels::LOOKED_THROUGH)..book.log.len())
            .filter_map(|place| book.log.get(place));
        newest.filter(|effect| effect.origin == last.origin && effect.kind == EffectKind::Made).count()
    });
    if let Some(last) = last.filter(|_| made > 1) {
        node.tag = Some(t!("{call}: made {count} ×", call = name(last.origin), count = made));
    }
}

fn show_crashed(world: WorldOf<'_, RpcRest>, node: &mut Node) {
    let config = world.config();
    let disk = world.nodes().disk(node.id);
    if config.is_client(node.id) {
        node.shape = Shape::Client;
        let open =
            disk.client.open.map_or_else(|| t!("nothing is open"), |(_, wish)| t!("open: {what}", what = wish.word()));
        node.fields = vec![field(t!("on its disk"), open)];
    } else if config.proxy() == Some(node.id) {
        node.shape = Shape::Gateway;
    } else if config.store() == node.id {
        node.shape = Shape::Store;
        show_book(&disk.book, node);
    } else if config.printer() == Some(node.id) {
        node.shape = Shape::Outside;
    }
}

/// The name of a wish: `C1·4`.
pub(super) fn name(origin: Origin) -> Text {
    match origin.number {
        0 => t!("{node}", node = origin.client),
        number => t!("{node}·{number}", node = origin.client, number = number),
    }
}

pub(super) fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u64) -> Text {
    t!("{number}", number = number)
}

/// A moment or a length of time, for tables.
pub(super) fn at(us: u64) -> Text {
    t!("{time}", time = time_us(us))
}
