//! How the lab looks: a ring of peers, the tracker and the seed at the side, and what travels between them.

use parts::connection::Wire;
use sim::frame::{Field, Flow, Frame, Gauge, LegendRow, MessageKind, Node as Drawn, Shape, Sign, Tone};
use sim::{Look, MessageLook, NodeId, Text, View, WorldOf, t, time_us};

use super::file::{BLOCKS, BlockId};
use super::measures::{disk, share_ppm};
use super::peer::place;
use super::tracker::{Announce, Moment};
use super::{Body, Message, Mode, Node, Peer, PeerToPeer, S, T, Timer, Tracker, panels};

/// Above so many nodes what stands beside each of them would lie on its neighbours.
const MOST_TAGGED: usize = 10;

impl View for PeerToPeer {
    /// How a node looks.
    fn look(node: NodeId, state: Option<&Node>) -> Look {
        let look = |shape, tone, role| Look { shape, tone, role, badge: Text::default() };
        match state {
            None if node == T => look(Shape::Gateway, Tone::Plain, Text::default()),
            None if node == S => look(Shape::Box, Tone::Plain, Text::default()),
            None => look(Shape::Circle, Tone::Plain, Text::default()),
            Some(Node::Tracker(_)) => look(Shape::Gateway, Tone::Plain, t!("tracker")),
            Some(Node::Peer(_)) if node == S => look(Shape::Box, Tone::Leader, t!("seeder")),
            Some(Node::Peer(peer)) if peer.disk.is_rubbish => {
                look(Shape::Diamond, Tone::Violation, t!("sender of rubbish"))
            }
            Some(Node::Peer(peer)) if peer.disk.rides => look(Shape::Diamond, Tone::Candidate, t!("free rider")),
            Some(Node::Peer(peer)) if peer.leaves_us.is_some() => {
                look(Shape::Hexagon, Tone::Committed, t!("peer with the whole file"))
            }
            Some(Node::Peer(_)) => look(Shape::Circle, Tone::Plain, t!("peer")),
        }
    }

    /// How a message looks.
    fn message_look(message: &Message) -> MessageLook {
        let other = |label, fields| MessageLook { kind: MessageKind::Other, reply: false, label, fields };
        match message {
            Message::Announce(announce) => {
                other(announce_label(*announce), vec![field(t!("pieces"), number(announce.have.into()))])
            }
            Message::Others(others) => {
                let look = other(t!("others: {count}", count = others.len()), Vec::new());
                MessageLook { reply: true, ..look }
            }
            Message::Wire(Wire::Hello { answers, .. }) => {
                let look = other(t!("hello"), Vec::new());
                MessageLook { reply: answers.is_some(), ..look }
            }
            Message::Wire(Wire::Bye { .. }) => other(t!("bye"), Vec::new()),
            Message::Wire(Wire::Said { number: said, body, .. }) => {
                let place = field(t!("number on the connection"), number(u64::from(*said)));
                body_look(*body, place)
            }
        }
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
        use Sign::{Badge, Cell as Entry, Message as Mark, Node as Shown};
        use sim::frame::CellState;
        let row = LegendRow::new;
        let cell = |state, label: &str| Entry(state, Text::verbatim(label.to_string()));
        vec![
            row(Shown(Shape::Box, Tone::Leader), t!("S, the seeder, which has the file from the beginning"))
                .of("seeder"),
            row(Shown(Shape::Circle, Tone::Plain), t!("a peer that wants the file")).of("peer"),
            row(Shown(Shape::Hexagon, Tone::Committed), t!("a peer that has all of it")),
            row(Shown(Shape::Diamond, Tone::Candidate), t!("a free rider: it gives nothing")).of("free rider"),
            row(Shown(Shape::Diamond, Tone::Violation), t!("a peer that sends rubbish")),
            row(Shown(Shape::Gateway, Tone::Plain), t!("T, the tracker, which knows who takes part")).of("tracker"),
            row(Badge(pieces_badge(5, 12)), t!("how many pieces it has, of how many")).of("file piece"),
            row(Sign::Gauge(Tone::Plain), t!("how much of the file it has")),
            row(Sign::Gauge(Tone::Committed), t!("it has all of the file")),
            row(Mark(MessageKind::Replication), t!("a block: a quarter of a piece")),
            row(Mark(MessageKind::Client), t!("a block is asked for, or no longer wanted")),
            row(Mark(MessageKind::Election), t!("choke, unchoke: whether it may ask; or whether it wants something"))
                .of("choke"),
            row(Mark(MessageKind::Other), t!("which pieces it has; or hello, or a word with the tracker")),
            row(cell(CellState::Committed, "■"), t!("it has the piece")),
            row(cell(CellState::Uncommitted, "½"), t!("two of the four blocks are there")),
            row(cell(CellState::Plain, "·"), t!("it lacks the piece")),
            row(cell(CellState::Conflicting, "×"), t!("it has kept something else in the place of the piece")),
        ]
    }

    /// Adds to a frame what only this lab knows.
    fn view(world: WorldOf<'_, PeerToPeer>, frame: &mut Frame) {
        // Which nodes can still talk with each other says nothing here.
        frame.groups.clear();
        let sees_truth = frame.knower.is_none();
        let are_tagged = frame.nodes.len() <= MOST_TAGGED;
        for node in &mut frame.nodes {
            match world.nodes().state(node.id) {
                Some(Node::Tracker(tracker)) => show_tracker(world, tracker, node),
                Some(Node::Peer(peer)) => show_peer(world, peer, are_tagged, node),
                None if node.id == T => node.shape = Shape::Gateway,
                None => show_absent(world, are_tagged, node),
            }
        }
        for link in &mut frame.links {
            let (a, b) = (link.a, link.b);
            link.forth.flow = flow(world, a, b);
            link.back.flow = flow(world, b, a);
            link.is_used = link.forth.flow.is_some() || link.back.flow.is_some();
        }
        frame.panels.extend(panels::all(world, sees_truth));
    }
}

/// What goes down a link, where the sender has given the receiver a place.
fn flow(world: WorldOf<'_, PeerToPeer>, from: NodeId, to: NodeId) -> Option<Flow> {
    let peer = world.nodes().state(from).and_then(Node::peer)?;
    peer.neighbours.get(&to).filter(|other| other.is_served())?;
    let is_busy = peer.up.last.is_some_and(|sent| sent.to == to && world.now_us() < sent.at_us + sent.takes_us);
    let bytes_per_s = world.config().up_kbps(from) * 125;
    Some(Flow { bytes_per_s, is_busy, waiting: 0, places: 0, dropped: 0 })
}

fn announce_label(announce: Announce) -> Text {
    match announce.moment {
        Moment::Started => t!("I am here"),
        Moment::Again => t!("still here"),
        Moment::Completed => t!("have it all"),
        Moment::Stopped => t!("I leave"),
    }
}

fn body_look(body: Body, place_said: Field) -> MessageLook {
    let look = |kind, reply, label, fields: Vec<Field>| MessageLook { kind, reply, label, fields };
    let of_block =
        |id: BlockId| vec![field(t!("piece"), number(place(id.piece))), field(t!("block"), number(place(id.block)))];
    let mut looks = match body {
        Body::Bitfield(has) => look(MessageKind::Other, false, t!("has {count}", count = has.count()), Vec::new()),
        Body::Have(piece) => look(
            MessageKind::Other,
            false,
            t!("have {piece}", piece = place(piece)),
            vec![field(t!("piece"), number(place(piece)))],
        ),
        Body::Interested => look(MessageKind::Election, true, t!("interested"), Vec::new()),
        Body::NotInterested => look(MessageKind::Election, true, t!("not interested"), Vec::new()),
        Body::Choke => look(MessageKind::Election, false, t!("choke"), Vec::new()),
        Body::Unchoke => look(MessageKind::Election, false, t!("unchoke"), Vec::new()),
        Body::Request(id) => look(MessageKind::Client, false, t!("{block}?", block = block_name(id)), of_block(id)),
        Body::Cancel(id) => look(MessageKind::Client, true, t!("not {block}", block = block_name(id)), of_block(id)),
        Body::Block { id, bytes, .. } => {
            let mut fields = of_block(id);
            fields.push(field(t!("bytes"), number(u64::from(bytes))));
            look(MessageKind::Replication, false, block_name(id), fields)
        }
        Body::KeepAlive => look(MessageKind::Other, false, t!("still there"), Vec::new()),
    };
    looks.fields.push(place_said);
    looks
}

/// A block by the numbers of its piece and of itself: "7.2".
fn block_name(id: BlockId) -> Text {
    Text::verbatim(format!("{}.{}", place(id.piece), place(id.block)))
}

fn pieces_badge(have: u32, all: u8) -> Text {
    Text::verbatim(format!("{have}/{all}"))
}

fn show_tracker(world: WorldOf<'_, PeerToPeer>, tracker: &Tracker, node: &mut Drawn) {
    let known: Vec<String> = tracker.known.iter().map(|(node, _)| world.label(*node).to_string()).collect();
    node.fields = vec![
        field(t!("on its list"), if known.is_empty() { t!("nobody") } else { Text::verbatim(known.join(" ")) }),
        field(t!("how many"), t!("{count}", count = known.len())),
        field(t!("bytes of the file that have passed here"), number(0)),
    ];
}

fn gauge(world: WorldOf<'_, PeerToPeer>, node: NodeId) -> Gauge {
    let share = share_ppm(world, node);
    let tone = if share == 1_000_000 { Tone::Committed } else { Tone::Plain };
    Gauge { permille: (share / 1_000) as u16, text: t!("has {percent} % of the file", percent = share / 10_000), tone }
}

fn show_peer(world: WorldOf<'_, PeerToPeer>, peer: &Peer, is_tagged: bool, node: &mut Drawn) {
    let config = world.config();
    let names = |is_meant: &dyn Fn(&super::Neighbour) -> bool| {
        let meant = peer.neighbours.iter().filter(|(_, other)| is_meant(other));
        let names: Vec<String> = meant.map(|(node, _)| world.label(*node).to_string()).collect();
        if names.is_empty() { t!("nobody") } else { Text::verbatim(names.join(" ")) }
    };
    node.gauge = Some(gauge(world, node.id));
    node.badge = pieces_badge(peer.disk.have.count(), config.pieces);
    let now_us = world.nodes().clock(node.id).counts(world.now_us());
    let banned = peer.neighbours.values().filter(|other| other.is_banned(now_us)).count();
    if is_tagged && peer.is_endgame {
        node.tag = Some(t!("asks everybody for the rest"));
    } else if is_tagged && banned > 0 {
        node.tag = Some(t!("has banned: {others}", others = names(&|other| other.is_banned(now_us))));
    }
    let all = u64::from(config.pieces) * u64::from(BLOCKS);
    node.fields = vec![
        field(t!("pieces"), t!("{have} of {all}", have = peer.disk.have.count(), all = u64::from(config.pieces))),
        field(t!("gives to"), names(&|other| other.is_served())),
        field(t!("may ask"), names(&|other| !other.chokes)),
        field(t!("blocks given, taken"), t!("{gave}, {got}", gave = peer.disk.gave, got = peer.disk.got)),
        field(t!("blocks that count"), t!("{count} of {all}", count = peer.counted, all = all)),
        field(
            t!("has a place without earning it"),
            peer.choker.optimistic.map_or_else(|| t!("nobody"), |node| Text::verbatim(world.label(node).to_string())),
        ),
        field(t!("knows"), names(&|other| other.connection.is_open())),
        field(
            t!("blocks asked for"),
            t!("{count}", count = peer.neighbours.values().map(|other| other.asked.len()).sum::<usize>()),
        ),
        field(
            t!("blocks that it is asked for"),
            t!("{count}", count = peer.neighbours.values().map(|other| other.wishes.len()).sum::<usize>()),
        ),
        field(t!("blocks that wait for its downlink"), t!("{count}", count = peer.down.waiting())),
        field(t!("pieces thrown away"), number(u64::from(peer.disk.thrown))),
    ];
    if node.id == S && config.mode == Mode::Swarm {
        node.fields.push(field(t!("pieces that others have got"), number(u64::from(peer.receipts.count()))));
    }
    if let Some(at_us) = peer.leaves_us {
        node.fields.push(field(t!("stays until"), t!("{time}", time = time_us(at_us))));
    }
}

/// One that is off or down, by what is on its disk.
fn show_absent(world: WorldOf<'_, PeerToPeer>, is_tagged: bool, node: &mut Drawn) {
    let disk = disk(world, node.id);
    if node.id == S {
        node.shape = Shape::Box;
    }
    node.badge = pieces_badge(disk.have.count(), world.config().pieces);
    if is_tagged && disk.has_left {
        node.tag = Some(t!("has left"));
    }
    node.fields = vec![
        field(
            t!("pieces on its disk"),
            t!("{have} of {all}", have = disk.have.count(), all = u64::from(world.config().pieces)),
        ),
        field(t!("blocks given, taken"), t!("{gave}, {got}", gave = disk.gave, got = disk.got)),
    ];
}

fn number(value: u64) -> Text {
    t!("{number}", number = value)
}

fn field(name: Text, value: Text) -> Field {
    Field { name, value, before: None }
}
