//! One execution of a log on the screen, as a run that can be looked at and not changed.

use std::any::Any;
use std::sync::Arc;

use super::edges::Edge;
use super::execution::Execution;
use super::why;
use crate::base::digest::Digest;
use crate::base::id::{MessageId, NodeId};
use crate::base::order::{pair, sort_by_key};
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::explain::known;
use crate::explain::relation;
use crate::explain::why::{Subject, Why};
use crate::frame::{
    Caption, Direction, EventKind, Field, Frame, Known, Layout, Link, Message, MessageKind, Node, Scale, Shape, Status,
    Tone, TraceEvent, Weight,
};
use crate::judge::check::Check;
use crate::judge::history::{History, Model};
use crate::kernel::input::{Input, Timed};
use crate::kernel::system::{About, Rule};
use crate::run::catalogue::ScenarioCard;
use crate::run::lab::Preset;
use crate::run::scenario::Scenario;
use crate::run::timeline::Ahead;
use crate::run::weights::Weights;
use crate::session::work::mark_changes;
use crate::session::{BranchRow, LabSession, Place, Until};
use crate::show::outline::{Condition, Outline};
use crate::t;

/// The name of the lab in scenarios.
const LAB: &str = "log";
/// Logs have no common time: the events stand at the same distance, some twenty in the lanes at first sight.
const GAP_US: u64 = 20_000;
/// How much of an event's text stands at the message that it sends.
const LABEL: usize = 24;

/// A place in one execution of a log. The event at place 0 has the number 1.
#[derive(Debug)]
pub struct LogSession {
    execution: Arc<Execution>,
    about: About,
    settings: Settings,
    links: Vec<Link>,
    /// The Lamport time of each event (Lamport 1978), from the message edges.
    lamport: Vec<u32>,
    /// The message edges by the event that they come from.
    sent: Vec<Edge>,
    weights: Weights,
    /// How many events have happened.
    cursor: usize,
}

impl LogSession {
    /// A session that stands before the first event.
    pub fn new(execution: Arc<Execution>) -> LogSession {
        let name = match execution.name() {
            "" => t!("Recorded log"),
            name => Text::verbatim(name.to_string()),
        };
        let about = About {
            id: LAB,
            title: name,
            chapter: t!("Your own log"),
            summary: t!("A recorded execution with vector clocks"),
            layout: Layout::Ring,
            new_leader: None,
            pace_us: GAP_US,
        };
        let mut sent = execution.edges().to_vec();
        sort_by_key(&mut sent, |edge| pair(edge.from.into(), edge.to.into()));
        LogSession {
            about,
            settings: Settings::default(),
            links: links(&execution),
            lamport: lamport(&execution),
            sent,
            weights: weights(&execution),
            cursor: 0,
            execution,
        }
    }

    fn length(&self) -> usize {
        self.execution.events().len()
    }

    /// The frame after so many events, all but its caption.
    fn moment(&self, cursor: usize) -> Frame {
        let under_way = |edge: &&Edge| (edge.from as usize) < cursor && edge.to as usize >= cursor;
        Frame {
            event: cursor as u64,
            length: self.length() as u64,
            at_us: at_us(cursor),
            scale: Scale::Order { apart_us: GAP_US },
            next_at_us: (cursor < self.length()).then(|| at_us(cursor + 1)),
            seed: 0,
            knower: None,
            caption: self.caption(cursor),
            layout: self.about.layout,
            nodes: (0..self.execution.hosts().len()).map(|host| self.node(NodeId::at(host), cursor)).collect(),
            essential_fields: usize::MAX,
            links: self.links.clone(),
            messages: self.sent.iter().filter(under_way).map(|edge| self.message(edge)).collect(),
            lost: Vec::new(),
            groups: Vec::new(),
            panels: Vec::new(),
            cuts: Vec::new(),
            measures: Vec::new(),
            actions: Vec::new(),
            manners: &[],
            checks: Vec::new(),
        }
    }

    /// What the last of so many events did.
    fn caption(&self, cursor: usize) -> Caption {
        match cursor.checked_sub(1) {
            Some(place) => self.caption_of(place),
            None => Caption { headline: t!("The log begins"), ..Caption::default() },
        }
    }

    fn caption_of(&self, place: usize) -> Caption {
        Caption { weight: self.weights.of(place as u64 + 1), ..caption(&self.execution, place) }
    }

    /// A host after so many events.
    fn node(&self, id: NodeId, cursor: usize) -> Node {
        let own = self.execution.so_far(id, cursor);
        let last = self.execution.place(id, own);
        let all = self.execution.so_far(id, self.length());
        Node {
            id,
            label: self.execution.hosts()[id.index()].clone(),
            rank: 0,
            place: None,
            shape: Shape::Circle,
            tone: Tone::Plain,
            status: Status::Up,
            lies: None,
            role: Text::default(),
            badge: t!("{own} of {all}", own = own, all = all),
            era: None,
            tag: None,
            gauge: None,
            queue: None,
            tally: None,
            fields: last.map_or_else(Vec::new, |place| fields(&self.execution, place)),
            cells: Vec::new(),
            timers: Vec::new(),
            clock_us: at_us(cursor) as i64,
            clock_offset_us: 0,
            clock_drift_ppm: 0,
            lamport: last.map_or(0, |place| self.lamport[place].into()),
            vector: last.map_or_else(|| vec![0; self.execution.hosts().len()], |place| self.execution.clock(place)),
            known: Known::Now,
        }
    }

    fn message(&self, edge: &Edge) -> Message {
        let sender = self.execution.event(edge.from as usize);
        let to = self.execution.event(edge.to as usize).host;
        Message {
            id: MessageId { from: sender.host, to, number: sender.own },
            from: sender.host,
            to,
            kind: MessageKind::Other,
            reply: false,
            label: Text::verbatim(shortened(self.execution.text(edge.from as usize))),
            fields: fields(&self.execution, edge.from as usize),
            sent_at_us: at_us(edge.from as usize + 1),
            leaves_at_us: at_us(edge.from as usize + 1),
            arrives_at_us: at_us(edge.to as usize + 1),
            held: false,
            damaged: false,
            claims: None,
            seal: None,
            honest: None,
            contradicts: Vec::new(),
            weight: self.weights.of(u64::from(edge.from) + 1),
        }
    }

    fn trace_event(&self, place: usize) -> TraceEvent {
        let arrived = self.execution.edges_to(place);
        let sent = self.sent.partition_point(|edge| (edge.from as usize) < place);
        let sent = self.sent[sent..].iter().take_while(|edge| edge.from as usize == place);
        TraceEvent {
            number: place as u64 + 1,
            at_us: at_us(place + 1),
            node: Some(self.execution.event(place).host),
            kind: if arrived.is_empty() { EventKind::Operation } else { EventKind::Delivery },
            caption: self.caption_of(place),
            causes: arrived.iter().map(|edge| u64::from(edge.from) + 1).collect(),
            lamport: self.lamport[place].into(),
            vector: self.execution.clock(place),
            stamp: Some(relation::whole(&self.execution.clock(place))),
            is_noticed: true,
            received: arrived.iter().map(|edge| self.message(edge)).collect(),
            sent: sent.map(|edge| self.message(edge)).collect(),
            lost: Vec::new(),
            rules: Vec::new(),
            tone: Tone::Plain,
            status: Status::Up,
        }
    }

    fn refusal(&self) -> Text {
        t!("this is a recorded log: it can be read, not changed")
    }

    fn is_branch(&self, branch: usize) -> Result<(), Text> {
        if branch == 0 { Ok(()) } else { Err(t!("a recorded log has one branch")) }
    }
}

impl LogSession {
    /// Why something is as it is at this moment.
    pub fn why(&self, subject: &Subject) -> Why {
        why::why(&self.execution, self.cursor, subject)
    }

    /// This moment as one node can know it at the best.
    pub fn known_by(&mut self, node: NodeId) -> Frame {
        if node.index() >= self.execution.hosts().len() {
            return self.frame();
        }
        let mut frame = Frame { knower: Some(node), ..self.frame() };
        let heard = frame.nodes[node.index()].vector.clone();
        for other in frame.nodes.iter_mut().filter(|other| other.id != node) {
            match self.execution.place(other.id, heard[other.id.index()]) {
                Some(place) => {
                    *other = self.node(other.id, place + 1);
                    other.known = Known::AsOf { event: place as u64 + 1, at_us: at_us(place + 1) };
                }
                None => {
                    known::forget(other);
                    other.known = Known::Nothing;
                }
            }
        }
        frame.messages.retain(|message| message.from == node);
        if frame.caption.node.is_some_and(|acted| acted != node) {
            let label = frame.nodes[node.index()].label.clone();
            frame.caption =
                Caption { headline: t!("{node} does not notice what happens now", node = label), ..Caption::default() };
        }
        frame
    }
}

impl LabSession for LogSession {
    fn as_any(&mut self) -> &mut (dyn Any + 'static) {
        self
    }

    fn about(&self) -> &About {
        &self.about
    }

    fn settings(&self) -> (&[Setting], &Settings) {
        (&[], &self.settings)
    }

    fn presets(&self) -> &[Preset] {
        &[]
    }

    fn rules(&self) -> &[Rule] {
        &[]
    }

    fn scenarios(&self) -> Vec<ScenarioCard> {
        Vec::new()
    }

    fn open(&mut self, _scenario: &str) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn restart(&mut self, _changes: Vec<(String, Value)>, _seed: u64) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn load(&mut self, scenario: &Scenario) -> Result<(), Text> {
        if scenario.lab != LAB || !scenario.inputs.is_empty() {
            return Err(self.refusal());
        }
        self.seek(scenario.cursor);
        Ok(())
    }

    fn frame(&mut self) -> Frame {
        let mut frame = self.moment(self.cursor);
        if let Some(id) = frame.caption.node {
            let before = self.node(id, self.cursor - 1);
            mark_changes(&mut frame.nodes[id.index()], &before);
        }
        frame
    }

    fn trace(&mut self, first: u64, last: u64) -> Vec<TraceEvent> {
        (first.max(1)..=last.min(self.length() as u64)).map(|number| self.trace_event(number as usize - 1)).collect()
    }

    fn history(&self) -> Option<(Model, History)> {
        None
    }

    fn outline(&mut self, first: u64, last: u64) -> Option<Outline> {
        let (first, last) = (first.max(1), last.min(self.length() as u64));
        let condition = Condition { tone: Tone::Plain, status: Status::Up };
        let start = vec![condition; self.execution.hosts().len()];
        let mut outline = Outline::starting(first - 1, (first - 1) * GAP_US, start);
        for number in first..=last {
            let host = self.execution.event(number as usize - 1).host;
            outline.count(number * GAP_US, Some((host, condition)));
        }
        (first <= last).then_some(outline)
    }

    fn enclosing(&self, from_us: u64, to_us: u64) -> (u64, u64) {
        (from_us.div_ceil(GAP_US).clamp(1, self.length() as u64), (to_us / GAP_US).min(self.length() as u64))
    }

    fn weights(&self) -> &Weights {
        &self.weights
    }

    fn ahead(&self, most: u64, idle_us: u64) -> Option<Ahead> {
        let now = self.cursor as u64;
        let ahead = |event: u64| Ahead { event, at_us: at_us(event as usize), weight: self.weights.of(event) };
        let following = || (now + 1..=(now + most).min(self.length() as u64)).map(ahead);
        let until_us = at_us(self.cursor) + idle_us;
        let telling = following().find(|next| next.weight == Weight::Telling);
        telling.or_else(|| following().take_while(|next| next.at_us <= until_us).last()).or_else(|| following().next())
    }

    fn inputs(&self) -> Vec<Timed> {
        Vec::new()
    }

    fn act(&mut self, _input: Input, _at_us: Option<u64>) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn seek(&mut self, event: u64) -> u64 {
        self.cursor = event.min(self.length() as u64) as usize;
        self.cursor as u64
    }

    fn advance(&mut self, to_us: u64, most: u64) -> u64 {
        let before = self.cursor as u64;
        self.seek((to_us / GAP_US).clamp(before, before + most)) - before
    }

    fn run_until(&mut self, until: Until, most: u64) -> bool {
        match until {
            Until::Moment(at_us) => {
                self.seek(at_us / GAP_US);
                true
            }
            Until::Node(node) => {
                let own = self.execution.so_far(node, self.cursor) + 1;
                let next = self.execution.place(node, own).filter(|place| ((place - self.cursor) as u64) < most);
                next.is_some_and(|place| {
                    self.cursor = place + 1;
                    true
                })
            }
            Until::Telling => {
                let next = self.ahead(most, 0).filter(|next| next.weight == Weight::Telling);
                next.is_some_and(|next| self.seek(next.event) == next.event)
            }
            Until::Check | Until::Holds(_) | Until::Leader | Until::Measure { .. } => false,
        }
    }

    fn branches(&self) -> Vec<BranchRow> {
        let length = self.length() as u64;
        vec![BranchRow {
            letter: "A".to_string(),
            title: self.about.title.clone(),
            past: Vec::new(),
            is_named: false,
            length,
            selected: true,
        }]
    }

    fn select_branch(&mut self, branch: usize) -> Result<(), Text> {
        self.is_branch(branch)
    }

    fn frame_of(&mut self, branch: usize, place: Place) -> Option<Frame> {
        self.is_branch(branch).ok()?;
        let left = self.cursor;
        self.seek(match place {
            Place::Event(event) => event,
            Place::Moment(at_us) => at_us / GAP_US,
        });
        let frame = self.frame();
        self.cursor = left;
        Some(frame)
    }

    fn rename_branch(&mut self, _branch: usize, _name: String) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn open_branch(&mut self, _scenario: &Scenario, _title: Text) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn checks(&self) -> &[Check] {
        &[]
    }

    fn remove_branch(&mut self, _branch: usize) -> Result<(), Text> {
        Err(self.refusal())
    }

    fn scenario(&self) -> Scenario {
        Scenario {
            version: Scenario::VERSION,
            lab: LAB.to_string(),
            settings: Settings::default(),
            seed: 0,
            inputs: Vec::new(),
            cursor: self.cursor as u64,
        }
    }

    fn digest(&mut self) -> u64 {
        let mut digest = Digest(0);
        digest.add(&self.cursor);
        for host in self.execution.hosts() {
            digest.add(host);
        }
        for place in 0..self.cursor {
            digest.add(&self.execution.event(place).host);
            digest.add(&self.execution.text(place));
        }
        digest.0
    }
}

/// The moment of the last of so many events.
pub(super) fn at_us(events: usize) -> u64 {
    events as u64 * GAP_US
}

/// What an event did, and whom it has heard from.
pub(super) fn caption(execution: &Execution, place: usize) -> Caption {
    let event = execution.event(place);
    let host = execution.hosts()[event.host.index()].clone();
    let headline = match execution.text(place).trim() {
        "" => t!("{host}: event {own}", host = host.clone(), own = event.own),
        text => t!("{host}: {text}", host = host.clone(), text = text.to_string()),
    };
    let heard: Vec<String> = execution.edges_to(place).iter().map(|edge| name(execution, edge.from as usize)).collect();
    let detail =
        (!heard.is_empty()).then(|| t!("{host} has heard of {events}", host = host, events = heard.join(", ")));
    Caption { headline, detail, node: Some(event.host), weight: Weight::default() }
}

/// An event is telling where its host says for the first time what it says, whatever the numbers in it.
fn weights(execution: &Execution) -> Weights {
    let kind = |place: usize| {
        let mut digest = Digest(0);
        digest.add(&execution.event(place).host);
        execution.text(place).chars().filter(|letter| !letter.is_ascii_digit()).for_each(|letter| digest.add(&letter));
        digest.0
    };
    let mut kinds: Vec<(u64, usize)> = (0..execution.events().len()).map(|place| (kind(place), place)).collect();
    sort_by_key(&mut kinds, |(kind, place)| pair(*kind, *place as u64));
    kinds.dedup_by_key(|(kind, _)| *kind);
    let mut weights = Weights::default();
    sort_by_key(&mut kinds, |(_, place)| pair(0, *place as u64));
    kinds.into_iter().for_each(|(_, place)| weights.note(place as u64 + 1, Weight::Telling));
    weights
}

/// `host:n`.
fn name(execution: &Execution, place: usize) -> String {
    let event = execution.event(place);
    format!("{}:{}", execution.hosts()[event.host.index()], event.own)
}

/// What the log says of an event.
fn fields(execution: &Execution, place: usize) -> Vec<Field> {
    let field = |name: Text, value: Text| Field { name, value, before: None };
    let caught = execution.fields(place).into_iter();
    let caught = caught.map(|(name, text)| field(Text::verbatim(name.to_string()), Text::verbatim(text.to_string())));
    let event = field(t!("event"), Text::verbatim(execution.text(place).to_string()));
    let line = field(t!("line"), t!("{line}", line = execution.event(place).line));
    [event].into_iter().chain(caught).chain([line]).collect()
}

fn shortened(text: &str) -> String {
    match text.trim().char_indices().nth(LABEL) {
        Some((end, _)) => format!("{}…", text.trim()[..end].trim_end()),
        None => text.trim().to_string(),
    }
}

/// The pairs of hosts with a message between them.
fn links(execution: &Execution) -> Vec<Link> {
    let ends = |edge: &Edge| {
        let (from, to) = (execution.event(edge.from as usize).host, execution.event(edge.to as usize).host);
        (from.min(to), from.max(to))
    };
    let mut pairs: Vec<(NodeId, NodeId)> = execution.edges().iter().map(ends).collect();
    sort_by_key(&mut pairs, |(from, to)| pair(from.0.into(), to.0.into()));
    pairs.dedup();
    let direction = || Direction::plain(true);
    pairs.into_iter().map(|(a, b)| Link { a, b, forth: direction(), back: direction(), is_used: true }).collect()
}

fn lamport(execution: &Execution) -> Vec<u32> {
    let mut times: Vec<u32> = Vec::with_capacity(execution.events().len());
    for (place, event) in execution.events().iter().enumerate() {
        let own = execution.place(event.host, event.own - 1);
        let causes = execution.edges_to(place).iter().map(|edge| edge.from as usize).chain(own);
        times.push(causes.map(|cause| times[cause]).max().unwrap_or(0) + 1);
    }
    times
}
