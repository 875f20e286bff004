//! Everything the screen shows for one moment, as plain data in the screen's words.

use serde::Serialize;

use crate::base::id::{MessageId, NodeId, TimerId};
use crate::base::settings::Setting;
use crate::base::text::{Text, decimal, time_us};
use crate::judge::check::Outcome;
use crate::kernel::lie::Manner;
use crate::t;

/// One moment of one branch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Frame {
    /// How many events have happened.
    pub event: u64,
    /// How many events of this branch have been computed so far.
    pub length: u64,
    /// Virtual time of the last event, in microseconds.
    pub at_us: u64,
    /// What stands between two moments.
    pub scale: Scale,
    /// When the next event happens by itself; none when nothing is due.
    pub next_at_us: Option<u64>,
    /// The seed of all random numbers of the run.
    pub seed: u64,
    /// Who sees it so: a node, which knows its causal past and no true time, or, where it is none, the visitor, who knows all.
    pub knower: Option<NodeId>,
    /// What the last event did.
    pub caption: Caption,
    /// How the stage places the nodes.
    pub layout: Layout,
    /// The nodes, in the order of their ids.
    pub nodes: Vec<Node>,
    /// How many of a node's fields, the first ones, a beginner needs; the others are read on demand.
    pub essential_fields: usize,
    /// The links to draw, one for each pair of nodes.
    pub links: Vec<Link>,
    /// Messages under way or held.
    pub messages: Vec<Message>,
    /// Messages that the last event lost.
    pub lost: Vec<Message>,
    /// Parts of a split network; empty while it is whole.
    pub groups: Vec<Group>,
    /// Further views of the moment.
    pub panels: Vec<Panel>,
    /// Lines through the lanes, the oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cuts: Vec<Cut>,
    /// The numbers that the lab counts.
    pub measures: Vec<Measure>,
    /// What clients and other nodes can be told to do.
    pub actions: Vec<Action>,
    /// How nodes can lie.
    #[serde(skip_serializing_if = "<[Manner]>::is_empty")]
    pub manners: &'static [Manner],
    /// The verdicts of the checks, in the order of the lab's list.
    pub checks: Vec<CheckRow>,
}

/// A cut of the run: of each node all that it has done up to one of its events, drawn as a line through the lanes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// What it is called, in a few characters: `A1`.
    pub name: Text,
    /// Where it passes, one place a node, in the order of the lanes. A node that it has not come to yet is left out.
    pub points: Vec<CutPoint>,
    /// What is wrong with it, in a sentence without a full stop: an effect lies before it and its cause after it. None as long as it
    /// could have been one moment.
    pub wrong: Option<Text>,
}

/// Where a cut passes through the lane of a node: after this event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CutPoint {
    pub node: NodeId,
    pub event: u64,
    /// In microseconds of virtual time.
    pub at_us: u64,
}

/// What stands between two moments of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Scale {
    /// Virtual time, in microseconds.
    Time,
    /// Nobody knows how much time: the events have only an order, and stand so many microseconds apart to have room.
    Order { apart_us: u64 },
}

/// What happened, in one plain sentence, and where it matters, why.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Caption {
    /// What happened.
    pub headline: Text,
    /// Why, or what it means.
    pub detail: Option<Text>,
    /// The node it happened at.
    pub node: Option<NodeId>,
    pub weight: Weight,
}

/// How much an event tells.
///
/// Every event is telling of which its lab does not say that it is routine ([`Effects::routine`](crate::Effects::routine)). Routine
/// becomes telling as the first of its kind in a run, where it changes a verdict of the lab's monitor, or loses a message on a link
/// after which nothing has come through. What somebody does, and the end and the start of a process, are telling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Weight {
    /// It is worth reading: something is different now, is refused or lost, or has not happened before.
    #[default]
    Telling,
    /// It happens all the time and changes nothing.
    Routine,
}

/// How the stage places the nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Layout {
    /// Nodes of rank 0 on a ring; those of other ranks at the sides, lower ranks first.
    Ring,
    /// One column for each rank, from the start of the line of reading to its end.
    Columns,
    /// Nodes where they are on the earth, over its coasts. Every node has a [`Place`].
    Map,
}

/// A place on the earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// East of Greenwich, in thousandths of a degree, from -180,000 to 180,000.
    pub longitude_mdeg: i32,
    /// North of the equator, in thousandths of a degree, from -90,000 to 90,000.
    pub latitude_mdeg: i32,
}

/// A node on the stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    pub id: NodeId,
    /// The short name: `S1`.
    pub label: String,
    /// Its place in the layout: the ring or column it belongs to.
    pub rank: u8,
    /// Where it is on the earth, where the layout is a map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub shape: Shape,
    pub tone: Tone,
    pub status: Status,
    /// How it lies, if it does: nobody sees that but the visitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lies: Option<Manner>,
    /// What it is now, in a word: "leader".
    pub role: Text,
    /// The line under the label: `T4`.
    pub badge: Text,
    /// The era that it is in, counted from 1: a term, an epoch. It gives the badge the colour that cells of this era have.
    pub era: Option<u64>,
    /// A remark beside the node: "leader of 2, cannot commit".
    pub tag: Option<Text>,
    /// The fields of its state, for the inspector.
    pub fields: Vec<Field>,
    /// Its log, oldest first.
    pub cells: Vec<Cell>,
    /// How full or busy it is, drawn as a bar inside it.
    pub gauge: Option<Gauge>,
    /// What waits there, drawn as dots beside it.
    pub queue: Option<Queue>,
    /// The answers that it waits for, drawn as dots beside it.
    pub tally: Option<Tally>,
    /// Its timers, the one that runs out first at the front.
    pub timers: Vec<Timer>,
    /// What its own clock shows, in microseconds.
    pub clock_us: i64,
    /// How far its clock is ahead of true time, in microseconds.
    pub clock_offset_us: i64,
    /// How fast its clock runs, in parts per million above true time.
    pub clock_drift_ppm: i64,
    /// Its Lamport time.
    pub lamport: u64,
    /// Its vector time, one number a node.
    pub vector: Vec<u32>,
    /// Whether this is how it is now.
    pub known: Known,
}

impl Node {
    /// A node of which nothing is said but its name: up, a plain circle, with nothing in it.
    pub fn plain(id: NodeId, label: String) -> Node {
        Node {
            id,
            label,
            rank: 0,
            place: None,
            shape: Shape::Circle,
            tone: Tone::Plain,
            status: Status::Up,
            lies: None,
            role: Text::default(),
            badge: Text::default(),
            era: None,
            tag: None,
            fields: Vec::new(),
            cells: Vec::new(),
            gauge: None,
            queue: None,
            tally: None,
            timers: Vec::new(),
            clock_us: 0,
            clock_offset_us: 0,
            clock_drift_ppm: 0,
            lamport: 0,
            vector: Vec::new(),
            known: Known::Now,
        }
    }
}

/// How much a frame knows of a node: all, or as much as another node can have heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Known {
    /// How it is now.
    Now,
    /// How it was after this event; what it has done since is hidden.
    AsOf { event: u64, at_us: u64 },
    /// Nothing at all.
    Nothing,
}

/// The outline of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Shape {
    /// A follower, or any node without a part of its own.
    Circle,
    /// A candidate.
    Diamond,
    /// A leader.
    Hexagon,
    /// A server with a queue.
    Box,
    /// A client.
    Client,
    /// A balancer or gateway.
    Gateway,
    /// Where things are kept: a database, a zone.
    Store,
    /// Where messages wait for somebody to take them.
    Queue,
    /// A system or somebody that is no part of this one.
    Outside,
    /// A person, or the program in front of them.
    Person,
}

impl Shape {
    /// Whether it is drawn small: many stand at the edge.
    pub fn is_small(self) -> bool {
        matches!(self, Shape::Client | Shape::Person)
    }

    /// All of them.
    pub const ALL: [Shape; 10] = [
        Shape::Circle,
        Shape::Diamond,
        Shape::Hexagon,
        Shape::Box,
        Shape::Client,
        Shape::Gateway,
        Shape::Store,
        Shape::Queue,
        Shape::Outside,
        Shape::Person,
    ];
}

/// A colour by its meaning; the stylesheet says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Tone {
    Plain,
    Leader,
    Candidate,
    Committed,
    Violation,
    /// It takes no part in what the others do.
    Aside,
}

/// Whether a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    Up,
    Crashed,
    Paused,
    /// It has not been started, or has ended by itself.
    Off,
}

impl Status {
    /// Whether there is no process: it has crashed or is off.
    pub fn is_down(self) -> bool {
        matches!(self, Status::Crashed | Status::Off)
    }
}

/// A named value of a node's state.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    pub name: Text,
    pub value: Text,
    /// The value before the last event, where that changed it.
    pub before: Option<Text>,
}

/// How full or busy a node is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gauge {
    /// In parts of a thousand.
    pub permille: u16,
    /// The same in words: "57 % busy".
    pub text: Text,
    pub tone: Tone,
}

/// What waits at a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Queue {
    /// How many wait.
    pub waiting: u32,
    /// Drawn in the colour of messages of this kind.
    pub kind: MessageKind,
}

/// Answers that a node counts until it has enough: votes, acknowledgements.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tally {
    /// How many it has: filled dots.
    pub got: u32,
    /// How many are enough: dots in all, as far as there is room.
    pub needed: u32,
    /// The same in words: "1 of 3 needed".
    pub text: Text,
}

/// One entry of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cell {
    /// The era that it was written in, counted from 1: a term, an epoch. Stands before the label, in the colour of the era.
    pub era: Option<u64>,
    /// What stands in the cell: `x=3`. May be empty where there is an era; left out where there is no room for both.
    pub label: Text,
    pub state: CellState,
    /// The whole entry, for the tooltip and the text view.
    pub detail: Text,
}

/// How far an entry has got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum CellState {
    /// It has happened, and that is all there is to it.
    Plain,
    Committed,
    Uncommitted,
    /// At odds with an entry that is committed elsewhere.
    Conflicting,
    /// In memory only: a crash takes it away.
    Unwritten,
}

impl Cell {
    /// The whole entry, and whether a crash would take it away.
    pub fn said(&self) -> Text {
        match self.state {
            CellState::Unwritten => t!("{entry}, not on disk yet", entry = self.detail.clone()),
            _ => self.detail.clone(),
        }
    }
}

/// A timer that is set.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Timer {
    pub id: TimerId,
    pub name: Text,
    /// When it was set, in microseconds of virtual time.
    pub set_at_us: u64,
    /// When it runs out, in microseconds of virtual time.
    pub fires_at_us: u64,
}

/// A pair of nodes that can talk, `a` before `b`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub a: NodeId,
    pub b: NodeId,
    /// From `a` to `b`.
    pub forth: Direction,
    /// From `b` to `a`.
    pub back: Direction,
    /// Whether the lab sends over it as things stand. One that is not used is drawn only while it shows something.
    pub is_used: bool,
}

/// A client sends to these nodes only, as things stand.
pub fn use_only(links: &mut [Link], client: NodeId, nodes: &[NodeId]) {
    for link in links.iter_mut().filter(|link| link.b == client) {
        link.is_used = nodes.contains(&link.a);
    }
}

/// One direction of a link.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Direction {
    pub up: bool,
    /// Where it was set for this link: the delay in words.
    pub delay: Option<Text>,
    /// Lost messages, in parts per million.
    pub loss_ppm: u32,
    /// Messages that arrive twice, in parts per million.
    pub duplication_ppm: u32,
    /// Messages that others may overtake, in parts per million.
    pub reordering_ppm: u32,
    /// Damaged messages, in parts per million.
    pub corruption_ppm: u32,
    /// Where only so much goes down at once.
    pub flow: Option<Flow>,
}

impl Direction {
    /// A direction that does nothing to messages, or that is cut.
    pub fn plain(up: bool) -> Direction {
        Direction { up, delay: None, loss_ppm: 0, duplication_ppm: 0, reordering_ppm: 0, corruption_ppm: 0, flow: None }
    }
}

/// What goes down a direction of a link that has a rate, and what waits for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Flow {
    pub bytes_per_s: u64,
    /// Whether a message is going down now.
    pub is_busy: bool,
    /// How many wait besides.
    pub waiting: u32,
    /// How many can wait.
    pub places: u32,
    /// How many have found all places taken so far, and were dropped.
    pub dropped: u64,
}

impl Flow {
    /// The same in words.
    pub fn text(&self) -> Text {
        let Flow { bytes_per_s, waiting, places, dropped, .. } = *self;
        let rate = match bytes_per_s {
            0..1_000 => t!("{number} bytes a second", number = bytes_per_s),
            _ if bytes_per_s.is_multiple_of(1_000) => t!("{number} kB a second", number = bytes_per_s / 1_000),
            _ => t!("{number} kB a second", number = decimal(bytes_per_s / 1_000, bytes_per_s % 1_000 / 100, 1)),
        };
        let known = match places {
            0 => rate,
            _ => t!("{rate}, {waiting} of {places} places taken", rate = rate, waiting = waiting, places = places),
        };
        if dropped == 0 { known } else { t!("{known}, {dropped} dropped", known = known, dropped = dropped) }
    }
}

/// A message under way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    pub id: MessageId,
    pub from: NodeId,
    pub to: NodeId,
    pub kind: MessageKind,
    /// Whether it answers another one: drawn hollow.
    pub reply: bool,
    /// What it says, in a few characters: "Append x=3".
    pub label: Text,
    /// All it carries, for the inspector.
    pub fields: Vec<Field>,
    /// In microseconds of virtual time.
    pub sent_at_us: u64,
    /// When it has gone down its link, in microseconds of virtual time: later than it was sent where links have rates.
    pub leaves_at_us: u64,
    /// In microseconds of virtual time.
    pub arrives_at_us: u64,
    pub held: bool,
    /// Whether it was damaged under way, which its receiver may or may not notice.
    pub damaged: bool,
    /// The node that it says it is of, where another one has made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<NodeId>,
    /// With which key it is sealed, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<Seal>,
    /// What an honest node would have said, where a lying one has sent this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub honest: Option<Text>,
    /// Who is told something else in the same breath, where all should be told the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contradicts: Vec<NodeId>,
    /// How much it tells: as much as the event that sent it.
    pub weight: Weight,
}

impl Message {
    /// What it says, with the key that it is sealed with: the words beside its mark.
    pub fn said(&self) -> Text {
        let said = match &self.seal {
            Some(seal) => t!("{message} · {key}", message = self.label.clone(), key = seal.key.clone()),
            None => self.label.clone(),
        };
        if self.contradicts.is_empty() { said } else { t!("≠ {message}", message = said) }
    }
}

/// A lock on a message: who has its key can open it, and nobody else.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seal {
    /// The short name of the key.
    pub key: Text,
    /// The nodes that can open it, as far as that is known.
    pub openers: Vec<NodeId>,
    /// Whether somebody can open it whom it is not meant for; where a node looks, whether that node can.
    pub is_open: bool,
}

/// What a message is about; it gives the mark and the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum MessageKind {
    Election,
    Replication,
    Client,
    Other,
}

impl MessageKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [MessageKind; 4] =
        [MessageKind::Election, MessageKind::Replication, MessageKind::Client, MessageKind::Other];
}

/// What a sign on the stage of a lab means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LegendRow {
    pub sign: Sign,
    /// A sentence without a full stop.
    pub meaning: Text,
    /// The era that the sign is shown in, where badges and cells have the colours of eras.
    pub era: Option<u64>,
    /// The English name of the word that the sign is an instance of, for those who look it up: "term".
    pub word: Option<&'static str>,
}

/// Something on the stage that has a meaning of the lab's own.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Sign {
    Node(Shape, Tone),
    /// The line under a label, for instance this one.
    Badge(Text),
    /// An entry of a log, for instance with this in it.
    Cell(CellState, Text),
    Message(MessageKind),
    /// A lock on a message: one that is shut, or one that somebody can open whom it is not meant for.
    Seal {
        is_open: bool,
    },
    /// A message that says that it is of another node than the one that has made it.
    Claim,
    /// A part of a split network.
    Group(Tone),
    Gauge(Tone),
    Queue(MessageKind),
    /// A node of a tree in a panel.
    Branch(Tone),
    /// The same by how it is drawn: dashed, hatched.
    Twig(Stroke),
    /// Answers that a node counts.
    Tally,
    /// A line through the lanes: one that is right, or a wrong one.
    Cut {
        is_right: bool,
    },
}

impl LegendRow {
    /// A sign and what it means.
    pub fn new(sign: Sign, meaning: Text) -> LegendRow {
        LegendRow { sign, meaning, era: None, word: None }
    }

    /// The same, shown in an era.
    pub fn in_era(self, era: u64) -> LegendRow {
        LegendRow { era: Some(era), ..self }
    }

    /// The same as an instance of a word of the vocabulary.
    pub fn of(self, word: &'static str) -> LegendRow {
        LegendRow { word: Some(word), ..self }
    }
}

/// Nodes that can still talk with each other after a split.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Group {
    pub nodes: Vec<NodeId>,
    /// What this part can do: "3 of 5 · a majority".
    pub tag: Text,
    pub tone: Tone,
}

/// A number of a moment that a lab counts: what runs go on to, lessons ask for and pages around a figure are told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Measure {
    /// The name in lessons and for pages around a figure: "stale-reads".
    pub name: &'static str,
    /// The same in words: "stale reads".
    pub title: Text,
    pub unit: Unit,
    /// The node that it is of; none for the whole system.
    pub node: Option<NodeId>,
    pub value: i64,
}

/// What a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Unit {
    /// Things.
    Count,
    /// Microseconds.
    Time,
    /// Parts per million.
    Share,
    Bytes,
}

impl Measure {
    /// A number of the whole system.
    pub fn new(name: &'static str, title: Text, unit: Unit, value: i64) -> Measure {
        Measure { name, title, unit, node: None, value }
    }

    /// How many there are in the whole system.
    pub fn count(name: &'static str, title: Text, value: usize) -> Measure {
        Measure::new(name, title, Unit::Count, value as i64)
    }

    /// The same of one node.
    pub fn of(self, node: NodeId) -> Measure {
        Measure { node: Some(node), ..self }
    }

    /// The number with its unit.
    pub fn text(&self) -> Text {
        match self.unit {
            Unit::Count => t!("{number}", number = self.value),
            Unit::Time if self.value < 0 => t!("−{time}", time = time_us(self.value.unsigned_abs())),
            Unit::Time => t!("{time}", time = time_us(self.value.unsigned_abs())),
            Unit::Share => {
                let share = self.value.unsigned_abs();
                t!("{percent} %", percent = decimal(share / 10_000, share % 10_000 / 1_000, 1))
            }
            Unit::Bytes => t!("{number} bytes", number = self.value),
        }
    }
}

/// A view beside the stage.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Panel {
    /// Rows of texts under a heading.
    Table { title: Text, head: Vec<Text>, rows: Vec<Vec<Text>> },
    /// The logs of several nodes under each other, by index. The first cell of each row has the index `first`.
    Log { title: Text, first: u64, rows: Vec<(Text, Vec<Cell>)> },
    /// Lines or bars over two axes.
    Chart(Chart),
    /// Who owns which part of a ring of hash values.
    Ring(Ring),
    /// What lasted how long: leases, locks, the calls of one request.
    Spans(Spans),
    /// What lies under what: zones of names, chains of certificates, blocks and their parents.
    Tree(Tree),
}

/// A tree, or several.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    pub title: Text,
    /// Its nodes, each after the one that it lies under and before the next one beside it.
    pub rows: Vec<TreeRow>,
    #[serde(skip_serializing_if = "Growth::is_down")]
    pub growth: Growth,
}

/// How a tree is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Growth {
    /// As a list, each node indented under the one that it lies under: for names with much to say of them.
    #[default]
    Down,
    /// From the left to the right, each node on the line of the one that it lies under, as far as that is free: for long chains with
    /// few branches.
    Along,
}

impl Growth {
    fn is_down(&self) -> bool {
        *self == Growth::Down
    }
}

/// How a node of a tree is drawn that grows along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub enum Stroke {
    #[default]
    Solid,
    /// Not known to all.
    Dashed,
    /// Given up.
    Hatched,
}

impl Stroke {
    fn is_solid(&self) -> bool {
        *self == Stroke::Solid
    }
}

impl Tree {
    /// A tree that is drawn as a list.
    pub fn new(title: Text, rows: Vec<TreeRow>) -> Tree {
        Tree { title, rows, growth: Growth::Down }
    }
}

/// A node of a tree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TreeRow {
    /// How many nodes it lies under; at most one more than the row before it.
    pub depth: u8,
    /// What it is called.
    pub label: Text,
    /// What there is to say of it; may be empty.
    pub detail: Text,
    /// Drawn in this colour.
    pub tone: Tone,
    #[serde(skip_serializing_if = "Stroke::is_solid")]
    pub stroke: Stroke,
    /// The era that it belongs to, counted from 1, where a tree grows along: it has the colour of badges of this era.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub era: Option<u64>,
    /// What stands at it, in a few characters: who has got as far as this. May be empty; drawn where a tree grows along.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub mark: Text,
}

impl TreeRow {
    /// A node at which nothing stands.
    pub fn new(depth: u8, label: Text, detail: Text, tone: Tone) -> TreeRow {
        TreeRow { depth, label, detail, tone, stroke: Stroke::Solid, era: None, mark: Text::default() }
    }
}

/// Rows of bars over one axis of virtual time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spans {
    pub title: Text,
    /// The stretch that is shown, in microseconds of virtual time. What goes on beyond it is cut off there.
    pub from_us: u64,
    pub to_us: u64,
    pub rows: Vec<SpanRow>,
    /// Moments that concern all rows.
    pub marks: Vec<Moment>,
}

/// The bars of one thing, which do not overlap.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SpanRow {
    pub label: Text,
    /// How many rows above it this one is a part of: a call within a call.
    pub depth: u8,
    pub bars: Vec<Span>,
}

/// Something that lasts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Span {
    /// In microseconds of virtual time.
    pub from_us: u64,
    /// In microseconds of virtual time; none for what has not ended.
    pub to_us: Option<u64>,
    /// What it is, in a word; stands in the bar where there is room.
    pub label: Text,
    /// Drawn in the colour of messages of this kind.
    pub kind: MessageKind,
    /// Whether it failed: drawn with dashes.
    pub failed: bool,
}

/// A moment with a word.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    /// In microseconds of virtual time.
    pub at_us: u64,
    pub text: Text,
}

/// A ring of hash values. Places on it are counted in millionths of a turn, clockwise from the top.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ring {
    pub title: Text,
    /// The tokens of the nodes, in the order of their places.
    pub tokens: Vec<Token>,
    /// The keys that stand on it.
    pub keys: Vec<RingKey>,
}

/// A place of a node on a ring: the arc from the token before it up to this one is the node's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Token {
    pub at: u32,
    pub node: NodeId,
}

/// A key on a ring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RingKey {
    pub at: u32,
    pub label: Text,
    /// The nodes that hold it, in the order in which a walk along the ring meets them.
    pub holders: Vec<NodeId>,
}

/// Lines or bars over two axes. All numbers are whole; each axis says how many of them make one of its unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    pub title: Text,
    pub kind: ChartKind,
    pub x: Axis,
    pub y: Axis,
    pub series: Vec<Series>,
    /// Lines across the chart, for limits and moments.
    pub marks: Vec<Mark>,
}

/// How the points of a chart are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum ChartKind {
    /// Each point is joined with the next.
    Lines,
    /// A bar from 0 to each point, beginning at its x and this wide; along a logarithmic axis, so many thousandths of its x
    /// wide. Bars of several series stand side by side.
    Bars { width: i64 },
}

/// An axis of a chart.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Axis {
    /// What it counts: "silence".
    pub title: Text,
    /// The unit in words: "ms"; empty where there is none.
    pub unit: &'static str,
    /// How many of the chart's whole numbers make one of the unit: 1,000 for microseconds under "ms".
    pub scale: u32,
    /// Whether equal steps along it are equal ratios. All numbers are more than 0 then.
    pub is_logarithmic: bool,
}

impl Axis {
    /// An axis on which equal steps are equal differences.
    pub fn new(title: Text, unit: &'static str, scale: u32) -> Axis {
        Axis { title, unit, scale, is_logarithmic: false }
    }

    /// The same axis with equal steps for equal ratios.
    pub fn logarithmic(self) -> Axis {
        Axis { is_logarithmic: true, ..self }
    }
}

/// The points of one thing, in the order of x.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    pub name: Text,
    /// Drawn in the colour of messages of this kind.
    pub kind: MessageKind,
    pub points: Vec<(i64, i64)>,
}

/// A line across a chart with a word at it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mark {
    pub along: Along,
    pub at: i64,
    pub text: Text,
}

/// Which axis the place of a mark is counted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Along {
    /// A line upwards, at this x.
    X,
    /// A line from side to side, at this y.
    Y,
}

/// Something a node can be told to do: an operation of the lab.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Action {
    /// The name in inputs.
    pub name: &'static str,
    pub title: Text,
    /// The nodes that can do it.
    pub nodes: Vec<NodeId>,
    /// What has to be said with it.
    pub parameters: Vec<Setting>,
    /// How it is done by pressing nodes on the stage; none where it needs its form.
    pub gesture: Option<Gesture>,
}

/// How an action is done by pressing nodes on the stage; its parameters then have their default values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Gesture {
    /// The parameter that takes the label of a second node; none for what a node does alone.
    pub second: Option<&'static str>,
    /// How much virtual time passes before it while the run is paused, in microseconds, so that what is done one after the
    /// other stands apart in the lanes.
    pub pause_us: u64,
}

/// The verdict of one check at this moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CheckRow {
    pub name: &'static str,
    pub title: Text,
    pub outcome: Outcome,
    /// What it saw, where there is something to say.
    pub sentence: Option<Text>,
    /// The event that decided it.
    pub event: Option<u64>,
    /// The nodes to point at.
    pub nodes: Vec<NodeId>,
}

/// One event as the lanes and the list of events show it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraceEvent {
    /// Its number; the first event is 1, so that after it `Frame::event` is 1.
    pub number: u64,
    pub at_us: u64,
    /// The node that acted; none for what happens to the network.
    pub node: Option<NodeId>,
    pub kind: EventKind,
    pub caption: Caption,
    /// The events that sent what arrived, in its order, or the event that set the timer.
    pub causes: Vec<u64>,
    pub lamport: u64,
    pub vector: Vec<u32>,
    /// The time that the node itself gives the event, where its protocol keeps one: `L7`.
    pub stamp: Option<Text>,
    /// Whether the node has noticed it, so that its Lamport and vector time count it; a node that is paused notices nothing.
    pub is_noticed: bool,
    /// What arrived: at most one message in a run of a lab, in a log several may lead into one event.
    pub received: Vec<Message>,
    /// The messages that were sent, with those that were lost at once.
    pub sent: Vec<Message>,
    /// The messages that this event lost, sent now or before.
    pub lost: Vec<Message>,
    /// The rules that decided what was done, by name.
    pub rules: Vec<&'static str>,
    /// The node afterwards.
    pub tone: Tone,
    /// The node afterwards.
    pub status: Status,
}

/// What kind of thing happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum EventKind {
    Delivery,
    Timer,
    Operation,
    Fault,
}

impl EventKind {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Delivery => "delivery",
            EventKind::Timer => "timer",
            EventKind::Operation => "operation",
            EventKind::Fault => "fault",
        }
    }
}
