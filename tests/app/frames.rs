//! A small world by hand: three servers and a client, with everything on the stage that can be there.

use netsplit::motion::Motion;
use netsplit::shared::Shared;
use sim::check::Outcome;
use sim::frame::{
    Action, Caption, Cell, CellState, CheckRow, Direction, Field, Frame, Group, Layout, Link, Message, MessageKind,
    Node, Scale, Shape, Timer, Tone, Weight,
};
use sim::{MessageId, NodeId, Setting, Text, TimerId, t};
use yew::Callback;

pub const S1: NodeId = NodeId(0);
pub const S2: NodeId = NodeId(1);
pub const S3: NodeId = NodeId(2);
pub const C1: NodeId = NodeId(3);

pub fn node(id: NodeId, label: &str, shape: Shape, tone: Tone) -> Node {
    Node {
        rank: u8::from(shape == Shape::Client),
        shape,
        tone,
        role: t!("follower"),
        badge: t!("T{term}", term = 4),
        era: Some(4),
        lamport: 7,
        vector: vec![2, 0, 1, 0],
        ..Node::plain(id, label.to_string())
    }
}

pub fn cell(label: &'static str, state: CellState) -> Cell {
    Cell { era: None, label: Text::new(label), state, detail: Text::new("x=3, term 4") }
}

pub fn link(a: NodeId, b: NodeId, forth: bool, back: bool) -> Link {
    let direction = Direction::plain;
    Link { a, b, forth: direction(forth), back: direction(back), is_used: true }
}

pub fn message(from: NodeId, to: NodeId, kind: MessageKind, reply: bool) -> Message {
    Message {
        id: MessageId { from, to, number: 5 },
        from,
        to,
        kind,
        reply,
        label: t!("Append x=3"),
        fields: vec![Field { name: t!("term"), value: t!("4"), before: None }],
        sent_at_us: 1_000,
        leaves_at_us: 1_000,
        arrives_at_us: 11_000,
        held: false,
        damaged: false,
        claims: None,
        seal: None,
        honest: None,
        contradicts: Vec::new(),
        weight: Weight::default(),
    }
}

pub fn frame() -> Frame {
    let mut leader = node(S1, "S1", Shape::Hexagon, Tone::Leader);
    leader.role = t!("leader");
    leader.tag = Some(t!("leader of 2, cannot commit"));
    leader.cells =
        vec![cell("2", CellState::Committed), cell("4", CellState::Uncommitted), cell("5", CellState::Conflicting)];
    leader.fields = vec![Field { name: t!("term"), value: t!("5"), before: Some(t!("4")) }];
    let mut follower = node(S2, "S2", Shape::Circle, Tone::Plain);
    let timer = Timer { id: TimerId(1), name: t!("election timer"), set_at_us: 0, fires_at_us: 250_000 };
    follower.timers = vec![timer];
    let client = node(C1, "C1", Shape::Client, Tone::Plain);
    Frame {
        event: 37,
        length: 120,
        at_us: 6_000,
        scale: Scale::Time,
        next_at_us: Some(11_000),
        seed: 42,
        knower: None,
        caption: Caption {
            headline: t!("{node} votes for {other}", node = "S2", other = "S1"),
            detail: Some(t!("It had not voted in this term.")),
            node: Some(S2),
            weight: Weight::default(),
        },
        layout: Layout::Ring,
        nodes: vec![leader, follower, node(S3, "S3", Shape::Diamond, Tone::Candidate), client],
        essential_fields: 1,
        links: vec![link(S1, S2, true, true), link(S1, S3, false, false), link(S2, S3, true, false)],
        messages: vec![message(S1, S2, MessageKind::Replication, false)],
        lost: vec![message(S1, S3, MessageKind::Election, false)],
        groups: vec![
            Group { nodes: vec![S1, S2], tag: t!("2 of 3 · a majority"), tone: Tone::Committed },
            Group { nodes: vec![S3], tag: t!("1 of 3 · no majority"), tone: Tone::Violation },
        ],
        measures: Vec::new(),
        panels: Vec::new(),
        cuts: Vec::new(),
        actions: vec![Action {
            name: "write",
            title: t!("Write"),
            nodes: vec![C1],
            parameters: vec![Setting::text("value", t!("value"), 8, "x")],
            gesture: None,
        }],
        manners: &[],
        checks: vec![
            check("one-leader", Outcome::Kept, None),
            check("committed", Outcome::Broken, Some(31)),
            check("split-vote", Outcome::NotSeen, None),
        ],
    }
}

fn check(name: &'static str, outcome: Outcome, event: Option<u64>) -> CheckRow {
    let sentence = event.map(|_| t!("S1 lost an entry"));
    CheckRow { name, title: Text::new(name), outcome, sentence, event, nodes: Vec::new() }
}

pub fn shared() -> Shared<Frame> {
    Shared::new(frame())
}

pub fn motion() -> Motion {
    Motion::new(Callback::noop())
}
