//! How the lab looks: clients, the gateway and the ledger in columns, or two generals, and what travels between them.

use sim::frame::{CellState, Field, Frame, LegendRow, MessageKind, Node, Shape, Sign, Tone, use_only};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::client::Client;
use super::gateway::Gateway;
use super::general::{General, Messenger};
use super::ledger::{Book, Ledger};
use super::settings::Plan;
use super::wire::{ACCOUNTS, Answer, Ask, Deed, HopCheck, Packet, Record, Request, Status};
use super::{Message, Story, Timer, UnreliableNetwork, UnreliableNode, panels};

impl View for UnreliableNetwork {
    /// How a node looks.
    fn look(_node: NodeId, state: Option<&UnreliableNode>) -> Look {
        let plain = |shape, role| Look { shape, tone: Tone::Plain, role, badge: Text::default() };
        match state {
            None => plain(Shape::Box, Text::default()),
            Some(UnreliableNode::Client(_)) => plain(Shape::Client, t!("client")),
            Some(UnreliableNode::Gateway(_)) => plain(Shape::Gateway, t!("gateway")),
            Some(UnreliableNode::Ledger(_)) => plain(Shape::Box, t!("ledger")),
            Some(UnreliableNode::General(general)) => match general.last() {
                Some(last) if last.attacks => {
                    Look { tone: Tone::Candidate, ..plain(Shape::Hexagon, t!("attacking general")) }
                }
                Some(_) => plain(Shape::Circle, t!("general on his hill")),
                None => plain(Shape::Circle, t!("waiting general")),
            },
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        match message {
            Message::Packet(packet) => packet_look(packet),
            Message::Messenger(messenger) => messenger_look(*messenger),
        }
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next wish"),
            Timer::Attempt => t!("patience"),
            Timer::Forward(_) => t!("send on"),
            Timer::Work(_) => t!("work done"),
            Timer::Write(_) => t!("write to disk"),
            Timer::Battle => t!("next battle"),
            Timer::Round => t!("next messenger"),
            Timer::Dawn => t!("dawn"),
        }
    }

    fn legend() -> Vec<LegendRow> {
        use Sign::{Badge, Message as Mark, Node};
        let row = LegendRow::new;
        vec![
            row(Node(Shape::Client, Tone::Plain), t!("a client, which asks for a payment")).of("client"),
            row(Badge(tries(2)), t!("how often it has tried")).of("retry"),
            row(Node(Shape::Gateway, Tone::Plain), t!("the gateway, through which all goes")).of("gateway"),
            row(Node(Shape::Box, Tone::Plain), t!("the ledger, which charges accounts")),
            row(Badge(balance(100)), t!("how much was charged in all")),
            row(Mark(MessageKind::Client), t!("a charge; hollow: its answer")),
            row(Mark(MessageKind::Replication), t!("a limit to be set; hollow: its answer")).of("idempotent"),
            row(Mark(MessageKind::Other), t!("an answer that says no, or bytes that make no sense")),
            row(Node(Shape::Circle, Tone::Plain), t!("a general who waits, or stays on his hill")),
            row(Node(Shape::Hexagon, Tone::Candidate), t!("a general who has attacked")),
            row(Badge(level(2)), t!("how far a general has got: one more than what he has heard of the other")),
            row(Mark(MessageKind::Election), t!("a messenger of a general")),
            row(Sign::Cell(CellState::Committed, t!("a+100")), t!("it had effect")),
            row(Sign::Cell(CellState::Conflicting, t!("a+100")), t!("it had effect once more")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, UnreliableNetwork>, frame: &mut Frame) {
        let config = world.config();
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let sees_truth = frame.knower.is_none();
        // Loss and damage say enough of links that are as the settings have them.
        let usual = config.troubles;
        for direction in frame.links.iter_mut().flat_map(|link| [&mut link.forth, &mut link.back]) {
            if direction.duplication_ppm == usual.duplication_ppm {
                direction.duplication_ppm = 0;
            }
            if direction.reordering_ppm == usual.reordering_ppm {
                direction.reordering_ppm = 0;
            }
        }
        if config.story == Story::Generals {
            for node in &mut frame.nodes {
                if let Some(general) = world.nodes().state(node.id).and_then(UnreliableNode::general) {
                    show_general(general, config.plan, node);
                }
            }
            frame.panels.extend(panels::generals(world));
            return;
        }
        for client in (0..config.clients).map(NodeId) {
            use_only(&mut frame.links, client, &[config.gateway()]);
        }
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(UnreliableNode::Client(client)) => show_client(client, node),
                Some(UnreliableNode::Gateway(gateway)) => show_gateway(gateway, sees_truth, node),
                Some(UnreliableNode::Ledger(ledger)) => show_ledger(ledger, node),
                Some(UnreliableNode::General(_)) => {}
                None => show_crashed(world, node),
            }
        }
        if sees_truth {
            for message in &mut frame.messages {
                let packet = world.messages().find(|envelope| envelope.id == message.id);
                message.damaged |= packet
                    .is_some_and(|envelope| matches!(envelope.payload, Message::Packet(packet) if packet.is_spoilt()));
            }
        }
        frame.panels.extend(panels::payments(world, sees_truth));
    }
}

fn packet_look(packet: &Packet) -> MessageLook {
    let record = Record::read(&packet.bytes);
    let (kind, reply, label) = match (record.request(), record.answer()) {
        (Some(request), _) => (kind(request.ask), false, request_label(request)),
        (None, Some(answer)) => {
            let is_done = answer.status == Status::Done;
            (if is_done { kind(answer.ask) } else { MessageKind::Other }, true, answer_label(answer))
        }
        (None, None) => (MessageKind::Other, false, t!("no sense")),
    };
    MessageLook { kind, reply, label, fields: packet_fields(packet, record) }
}

fn packet_fields(packet: &Packet, record: Record) -> Vec<Field> {
    let ends = if packet.is_whole() { t!("good") } else { t!("does not fit") };
    let hop = match packet.check {
        HopCheck::None => t!("none"),
        _ if packet.fits() => t!("good"),
        _ => t!("does not fit"),
    };
    vec![
        field(t!("amount"), number(record.amount)),
        field(t!("key"), if record.key == 0 { t!("none") } else { key_word(record.key) }),
        field(
            t!("request"),
            t!("{number} of client {client}", number = record.number, client = u64::from(record.client)),
        ),
        field(t!("check of this hop"), hop),
        field(t!("check of the two ends"), ends),
        field(t!("bytes"), hex(&packet.bytes)),
    ]
}

fn kind(ask: Ask) -> MessageKind {
    match ask.deed {
        Deed::Charge => MessageKind::Client,
        Deed::Set => MessageKind::Replication,
    }
}

fn request_label(request: Request) -> Text {
    let ask = request.ask;
    let amount = match ask.deed {
        Deed::Charge => t!("{account}+{amount}", account = account(ask), amount = ask.amount),
        Deed::Set => t!("{account}≤{amount}", account = account(ask), amount = ask.amount),
    };
    match (request.key, request.attempt) {
        (0, 0 | 1) => amount,
        (0, attempt) => t!("{what} ×{attempt}", what = amount, attempt = u64::from(attempt)),
        (key, 0 | 1) => t!("{what} k{key}", what = amount, key = key_word(key)),
        (key, attempt) => {
            t!("{what} k{key} ×{attempt}", what = amount, key = key_word(key), attempt = u64::from(attempt))
        }
    }
}

fn answer_label(answer: Answer) -> Text {
    let said = match answer.status {
        Status::Done => t!("{account}={amount}", account = account(answer.ask), amount = answer.after),
        status => status.word(),
    };
    if answer.key == 0 { said } else { t!("{what} k{key}", what = said, key = key_word(answer.key)) }
}

fn messenger_look(messenger: Messenger) -> MessageLook {
    let Messenger { number: place, level, key, .. } = messenger;
    let mut fields = vec![field(t!("number"), number(place)), field(t!("level of the sender"), number(level))];
    let label = match key {
        None if level == 0 => t!("messenger {number}", number = place),
        None => t!("level {level}", level = level),
        Some(key) => {
            fields.push(field(t!("secret number"), number(key)));
            t!("level {level}, key {key}", level = level, key = key)
        }
    };
    MessageLook { kind: MessageKind::Election, reply: false, label, fields }
}

fn show_client(client: &Client, node: &mut Node) {
    let written = client.written();
    let last = written.told.back();
    if let Some(open) = &client.open {
        node.badge = tries(open.attempts.made);
    }
    node.tag = match (&client.open, last) {
        (Some(_), _) => Some(t!("waits for an answer")),
        (None, Some(told)) => Some(t!("told: {verdict}", verdict = told.verdict.word())),
        (None, None) => None,
    };
    let none = || t!("none");
    let key = |key: u32| if key == 0 { t!("none") } else { key_word(key) };
    node.fields = vec![
        field(t!("waits for"), client.open.as_ref().map_or_else(none, |open| in_words(open.ask))),
        field(t!("attempts"), client.open.as_ref().map_or_else(none, |open| number(open.attempts.made))),
        field(t!("key"), client.open.as_ref().map_or_else(none, |open| key(open.key))),
        field(t!("last told"), last.map_or_else(none, |told| told.verdict.word())),
        field(
            t!("on its disk"),
            match written.open {
                None => t!("nothing is open"),
                Some((number, Some(0), _)) => t!("request {number} is open", number = number),
                Some((number, Some(key), _)) => {
                    t!("request {number} is open, key {key}", number = number, key = key_word(key))
                }
                Some((number, None, _)) => t!("request {number} is open, without its key", number = number),
            },
        ),
        field(t!("requests so far"), number(written.made)),
        field(t!("wishes that wait"), t!("{count}", count = client.wishes.len())),
        field(t!("thrown away"), t!("{count}", count = client.seen.thrown)),
    ];
}

fn show_gateway(gateway: &Gateway, sees_truth: bool, node: &mut Node) {
    node.fields = vec![
        field(t!("sent on"), t!("{count}", count = gateway.passed)),
        field(t!("thrown away"), t!("{count}", count = gateway.seen.thrown)),
    ];
    if sees_truth {
        node.fields.push(field(t!("bytes swapped in its memory, in truth"), t!("{count}", count = gateway.swapped)));
        if gateway.swapped > 0 {
            node.tag = Some(t!("has swapped bytes: {count}", count = gateway.swapped));
        }
    }
}

fn show_ledger(ledger: &Ledger, node: &mut Node) {
    let book = ledger.book();
    node.badge = total(book);
    node.tag = (ledger.delivered > 0).then(|| {
        t!("delivered {delivered}, carried out {effects}", delivered = ledger.delivered, effects = ledger.carried_out)
    });
    node.fields = account_fields(book);
    node.fields.extend([
        field(t!("delivered in this life"), t!("{count}", count = ledger.delivered)),
        field(t!("carried out in this life"), t!("{count}", count = ledger.carried_out)),
        field(t!("at work"), t!("{count}", count = ledger.jobs.values().count())),
        field(t!("thrown away"), t!("{count}", count = ledger.seen.thrown)),
    ]);
}

fn show_crashed(world: WorldOf<'_, UnreliableNetwork>, node: &mut Node) {
    let disk = world.nodes().disk(node.id);
    if node.id == world.config().ledger() {
        node.badge = total(&disk.book);
        node.fields = account_fields(&disk.book);
    } else if world.config().is_client(node.id) {
        node.shape = Shape::Client;
        let open = disk
            .client
            .open
            .map_or_else(|| t!("nothing is open"), |(number, ..)| t!("request {number} is open", number = number));
        node.fields = vec![field(t!("on its disk"), open)];
    } else {
        node.shape = Shape::Gateway;
    }
}

fn account_fields(book: &Book) -> Vec<Field> {
    let accounts = book.accounts.iter().zip(ACCOUNTS);
    accounts
        .flat_map(|(account, name)| {
            [
                field(t!("balance of {account}", account = name), number(account.balance)),
                field(t!("limit of {account}", account = name), number(account.limit)),
            ]
        })
        .collect()
}

fn show_general(general: &General, plan: Plan, node: &mut Node) {
    let none = || t!("none");
    if let Some(battle) = &general.battle {
        let heard = battle.heard.count_ones();
        node.badge = if plan == Plan::RandomKey { level(battle.level) } else { Text::default() };
        node.tag = match plan {
            Plan::Chain => (heard > 0).then(|| super::general::knowledge(63 - battle.heard.leading_zeros())),
            Plan::RandomKey => battle.key.map(|key| t!("secret number {key}", key = key)),
        };
    }
    let decided = general.decisions.len();
    let attacks = general.decisions.iter().filter(|decision| decision.attacks).count();
    node.fields = vec![
        field(
            t!("messengers heard"),
            general.battle.as_ref().map_or_else(none, |battle| number(battle.heard.count_ones())),
        ),
        field(t!("messengers sent"), general.battle.as_ref().map_or_else(none, |battle| number(battle.sent))),
        field(t!("battles decided"), t!("{count}", count = decided)),
        field(t!("attacks"), t!("{count}", count = attacks)),
    ];
    if plan == Plan::RandomKey
        && let Some(battle) = &general.battle
    {
        node.fields.push(field(t!("level"), number(battle.level)));
        node.fields.push(field(t!("secret number"), battle.key.map_or_else(none, number)));
    }
}

/// What a user wants, in words.
pub(super) fn in_words(ask: Ask) -> Text {
    match ask.deed {
        Deed::Charge => t!("charge {amount} to account {account}", amount = ask.amount, account = account(ask)),
        Deed::Set => t!("limit of account {account} to {amount}", amount = ask.amount, account = account(ask)),
    }
}

/// The beginning of a key, which tells it from others.
pub(super) fn key_word(key: u32) -> Text {
    Text::verbatim(format!("{:04x}", key >> 16))
}

/// Bytes in hex.
pub(super) fn hex(bytes: &[u8]) -> Text {
    let words: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Text::verbatim(words.join(" "))
}

/// The name of an account.
pub(super) fn account(ask: Ask) -> &'static str {
    ACCOUNTS.get(usize::from(ask.account)).copied().unwrap_or("?")
}

fn total(book: &Book) -> Text {
    balance(book.accounts.iter().map(|account| u64::from(account.balance)).sum())
}

fn balance(amount: u64) -> Text {
    t!("Σ {amount}", amount = amount)
}

fn tries(made: u32) -> Text {
    t!("try {number}", number = made)
}

fn level(level: u32) -> Text {
    t!("L{level}", level = level)
}

pub(super) fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}

fn number(number: u32) -> Text {
    t!("{number}", number = number)
}

/// A moment, for tables.
pub(super) fn at(us: u64) -> Text {
    t!("{time}", time = time_us(us))
}
