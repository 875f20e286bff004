//! What there is to draw in the lanes, as plain shapes in pixels. Only what is in view gets in.

use sim::frame::{EventKind, Frame, Message, MessageKind, Status, Tone, TraceEvent, Weight};
use sim::map::Map;
use sim::outline::Condition;
use sim::{Input, MessageId, NodeId, Relation};

use super::chronicle::Chronicle;
use super::cone::{self, Cone};
use super::cuts::cuts;
use super::field::Field;
use super::stretch::Stretch;
use crate::words::say;

/// How wide one count of events is, from afar.
pub const COLUMN: f64 = 2.0;
/// How wide a character of an event's time is, and how far such times stand from each other and from their events.
const STAMP_CHARACTER: f64 = 6.1;
const STAMP_GAP: f64 = 5.0;
const STAMP_OVER: f64 = 11.0;
const STAMP_UNDER: f64 = 18.0;
/// How far apart lanes have to be for times over their events, and for times on both sides.
const PITCH_OVER: f64 = 22.0;
const PITCH_UNDER: f64 = 40.0;
/// How long a message takes that was lost at once, where there is none to compare it with.
const TYPICAL_US: f64 = 10_000.0;

/// What gives a mark its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Kind(MessageKind),
    Plain,
}

/// How strongly a mark is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Concurrent with the selected event.
    Faint,
    /// Nothing is selected, and this is routine.
    Routine,
    /// Nothing is selected, and this is telling.
    Normal,
    /// It could depend on the selected event.
    Ring,
    /// It could have caused the selected event, or is it.
    Strong,
}

impl Strength {
    /// From what lies at the bottom to what lies on top.
    pub const ALL: [Strength; 5] =
        [Strength::Faint, Strength::Routine, Strength::Normal, Strength::Ring, Strength::Strong];
}

/// A length of time at one node or more.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub x1: f64,
    pub x2: f64,
    pub y: f64,
    pub look: Look,
}

/// What a bar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Tone(Tone),
    Crashed,
    Paused,
    /// Some of the node's links are cut.
    CutOff,
}

/// The way of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    pub from: (f64, f64),
    pub to: (f64, f64),
    pub ink: Ink,
    pub strength: Strength,
    pub lost: bool,
    /// Whether it has not arrived yet.
    pub fading: bool,
}

/// An event at a node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    pub number: u64,
    pub x: f64,
    pub y: f64,
    pub ink: Ink,
    pub strength: Strength,
    pub is_fault: bool,
}

/// A fault of the network: a line over all lanes that it concerns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strike {
    pub number: u64,
    pub x: f64,
    pub y1: f64,
    pub y2: f64,
}

/// How many events there are, from afar: a share of the most that there are in any column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    pub x: f64,
    pub y: f64,
    pub share: f64,
}

/// The time that a node gives an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    pub number: u64,
    /// The middle of its lower edge.
    pub x: f64,
    pub y: f64,
    pub text: String,
}

/// A cut of the run as a line. Where some lanes are not known yet, it has several pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct CutLine {
    pub name: String,
    pub is_right: bool,
    /// Where it passes through lanes, with the event there.
    pub places: Vec<(u64, (f64, f64))>,
    pub pieces: Vec<((f64, f64), (f64, f64))>,
    /// The middle of the lower edge of its name.
    pub head: (f64, f64),
}

impl CutLine {
    /// The event where it passes through the lane nearest to a point, and how far the line is from there.
    fn near(&self, x: f64, y: f64) -> Option<(u64, f64)> {
        let distance = self.pieces.iter().map(|piece| distance(*piece, (x, y))).min_by(f64::total_cmp)?;
        let places = self.places.iter();
        let (event, _) = places.min_by(|a, b| (a.1.1 - y).abs().total_cmp(&(b.1.1 - y).abs()))?;
        Some((*event, distance))
    }
}

/// How far a point is from a line between two others.
fn distance((from, to): ((f64, f64), (f64, f64)), (x, y): (f64, f64)) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (((x - from.0) * dx + (y - from.1) * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - from.0 - along * dx).hypot(y - from.1 - along * dy)
}

/// All that there is to draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    pub cuts: Vec<CutLine>,
    pub bars: Vec<Bar>,
    pub flights: Vec<Flight>,
    pub dots: Vec<Dot>,
    pub strikes: Vec<Strike>,
    pub columns: Vec<Column>,
    /// Those that there is room for.
    pub stamps: Vec<Stamp>,
    /// How many events are in view.
    pub count: u64,
}

impl Scene {
    /// What is in view; with a knower, only the events that it has learnt of.
    pub fn compose(
        frame: &Frame,
        chronicle: &Chronicle,
        field: &Field,
        cone: Option<&Cone>,
        knower: Option<NodeId>,
    ) -> Scene {
        let mut scene = Scene::default();
        let composer = Composer { frame, chronicle, field, cone, knower };
        if knower.is_some() {
            // What all nodes are, and how the network is, nobody has told it.
            composer.add_events(&mut scene);
            return scene;
        }
        composer.add_cuts(&mut scene);
        composer.add_cut_lines(&mut scene);
        composer.add_bands(&mut scene);
        if chronicle.is_near() {
            composer.add_events(&mut scene);
            composer.add_under_way(&mut scene);
        } else {
            composer.add_columns(&mut scene);
            composer.add_faults(&mut scene);
        }
        scene
    }

    /// The event nearest to a point, no farther than so many pixels.
    pub fn nearest(&self, x: f64, y: f64, reach: f64) -> Option<u64> {
        let dots = self.dots.iter().map(|dot| (dot.number, (dot.x - x).hypot(dot.y - y)));
        // A dot beside a line goes before the line.
        let strikes = self.strikes.iter().map(|strike| (strike.number, (strike.x - x).abs() + 3.0));
        let cuts = self.cuts.iter().filter_map(|cut| cut.near(x, y)).map(|(event, distance)| (event, distance + 6.0));
        let near = dots.chain(strikes).chain(cuts).filter(|(_, distance)| *distance <= reach);
        near.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(number, _)| number)
    }
}

struct Composer<'a> {
    frame: &'a Frame,
    chronicle: &'a Chronicle,
    field: &'a Field,
    cone: Option<&'a Cone>,
    knower: Option<NodeId>,
}

impl Composer<'_> {
    fn has(&self, node: NodeId) -> bool {
        self.field.rows.has(node)
    }

    fn bar(&self, node: NodeId, from_us: u64, to_us: u64, look: Look) -> Option<Bar> {
        let (x1, x2) = (self.field.x(from_us), self.field.x(to_us));
        let in_view = x2 >= self.field.start_x() && x1 <= self.field.end_x() && self.has(node);
        in_view.then(|| Bar { x1, x2, y: self.field.y(node), look })
    }

    /// The last moment there is something to say about.
    fn end_us(&self) -> u64 {
        self.chronicle.end_us().max(self.frame.at_us)
    }

    fn add_cuts(&self, scene: &mut Scene) {
        // What is cut stays so.
        let open_end = self.field.stretch.end_us().max(self.end_us() as f64) as u64 * 2;
        let cuts = cuts(self.chronicle.inputs());
        let bars =
            cuts.iter().filter_map(|cut| self.bar(cut.node, cut.from_us, cut.to_us.unwrap_or(open_end), Look::CutOff));
        scene.bars.extend(bars);
    }

    /// The cuts of the run, as far as they have got: a piece from lane to lane, and half of one where the next lane is not known.
    fn add_cut_lines(&self, scene: &mut Scene) {
        let half = self.field.pitch() / 2.0;
        for cut in &self.frame.cuts {
            let place_of = |node: &NodeId| {
                let point = cut.points.iter().find(|point| point.node == *node)?;
                Some((point.event, (self.field.x(point.at_us), self.field.y(*node))))
            };
            let lanes: Vec<Option<(u64, (f64, f64))>> = self.field.rows.nodes().iter().map(place_of).collect();
            let places: Vec<(u64, (f64, f64))> = lanes.iter().flatten().copied().collect();
            let is_in_view = |x: f64| (self.field.start_x()..=self.field.end_x()).contains(&x);
            let Some((_, first)) = places.first().copied().filter(|_| places.iter().any(|(_, at)| is_in_view(at.0)))
            else {
                continue;
            };
            let mut pieces = Vec::new();
            for (row, lane) in lanes.iter().enumerate() {
                let Some((_, (x, y))) = *lane else { continue };
                let above = row.checked_sub(1).and_then(|row| lanes[row]);
                if above.is_none() {
                    pieces.push(((x, (y - half).max(12.0)), (x, y)));
                }
                match lanes.get(row + 1).copied().flatten() {
                    Some((_, next)) => pieces.push(((x, y), next)),
                    None => pieces.push(((x, y), (x, (y + half).min(self.field.bottom())))),
                }
            }
            // Beside the line, where the playhead does not lie on it.
            let name = say(&cut.name).to_string();
            let aside = STAMP_CHARACTER * name.chars().count() as f64 / 2.0 + 9.0;
            let has_room = first.0 - 2.0 * aside > self.field.start_x() - 5.0;
            let head = (first.0 + if has_room { -aside } else { aside }, (first.1 - half).max(12.0) + 2.0);
            scene.cuts.push(CutLine { name, is_right: cut.wrong.is_none(), places, pieces, head });
        }
    }

    /// What the nodes were, from the outlines that are known.
    fn add_bands(&self, scene: &mut Scene) {
        let mut open: Vec<(Condition, u64)> = Vec::new();
        let mut reached: Option<(u64, u64)> = None;
        for page in self.chronicle.pages() {
            if reached.is_none_or(|(last, _)| last + 1 != page.first()) {
                self.close(scene, &open, reached.map_or(0, |(_, last_us)| last_us));
                let begins_us = page.blocks().next().map_or(0, |block| block.from_us);
                let since_us = if page.first() == 1 { 0 } else { begins_us };
                open = page.start().iter().map(|condition| (*condition, since_us)).collect();
            }
            for change in page.changes() {
                let Some(place) = open.get_mut(change.node.index()) else { continue };
                let (condition, since_us) = std::mem::replace(place, (change.condition, change.at_us));
                self.add_band(scene, change.node, condition, since_us, change.at_us);
            }
            reached = Some((page.last(), page.last_us()));
        }
        let Some((last, last_us)) = reached else { return };
        self.close(scene, &open, if last == self.chronicle.length() { self.end_us() } else { last_us });
    }

    fn close(&self, scene: &mut Scene, open: &[(Condition, u64)], at_us: u64) {
        for (index, (condition, since_us)) in open.iter().enumerate() {
            self.add_band(scene, NodeId::at(index), *condition, *since_us, at_us);
        }
    }

    fn add_band(&self, scene: &mut Scene, node: NodeId, condition: Condition, from_us: u64, to_us: u64) {
        let look = match condition {
            Condition { status: Status::Crashed | Status::Off, .. } => Look::Crashed,
            Condition { status: Status::Paused, .. } => Look::Paused,
            Condition { tone: Tone::Plain, .. } => return,
            Condition { tone, .. } => Look::Tone(tone),
        };
        scene.bars.extend(self.bar(node, from_us, to_us, look));
    }

    fn add_events(&self, scene: &mut Scene) {
        let Stretch { start_us, span_us } = self.field.stretch;
        let known = self.chronicle.events_around(start_us - span_us, self.field.stretch.end_us() + span_us);
        let known: Vec<&TraceEvent> =
            known.filter(|event| self.knower.is_none_or(|knower| cone::knows(self.frame, knower, event))).collect();
        let typical_us = typical(&known);
        self.add_stamps(scene, &known);
        for event in known {
            self.add_flights(scene, event, typical_us);
            if self.field.stretch.shows(event.at_us) {
                scene.count += 1;
                self.add_event(scene, event);
            }
        }
    }

    fn add_event(&self, scene: &mut Scene, event: &TraceEvent) {
        let (number, x) = (event.number, self.field.x(event.at_us));
        let is_fault = event.kind == EventKind::Fault;
        match event.node {
            Some(node) if self.has(node) => {
                let kind = event.received.first().or(event.sent.first()).map(|message| message.kind);
                let ink = kind.map_or(Ink::Plain, Ink::Kind);
                let strength = self.strength(number, event.caption.weight);
                scene.dots.push(Dot { number, x, y: self.field.y(node), ink, strength, is_fault });
            }
            // A message that nobody took shows as a lost one.
            None if is_fault => scene.strikes.push(self.strike(number, x)),
            _ => {}
        }
    }

    /// Times stand over their events, or under them where a message comes from above or goes there; those that would touch
    /// one before them are left out.
    fn add_stamps(&self, scene: &mut Scene, events: &[&TraceEvent]) {
        if self.field.pitch() < PITCH_OVER {
            return;
        }
        let mut ends = vec![[f64::MIN; 2]; self.frame.nodes.len()];
        let last = self.frame.nodes.len().saturating_sub(1);
        for event in events.iter().filter(|event| self.field.stretch.shows(event.at_us)) {
            let (Some(node), Some(stamp)) = (event.node.filter(|node| self.has(*node)), &event.stamp) else { continue };
            let text = stamp.to_string();
            let half = text.chars().count() as f64 * STAMP_CHARACTER / 2.0;
            // The playhead stands at the moment itself.
            let aside = if event.at_us == self.frame.at_us { half + STAMP_GAP } else { 0.0 };
            let x = self.field.x(event.at_us).min(self.field.end_x() - half) - aside;
            let x = x.max(self.field.start_x() + half);
            let other = event.received.first().map(|message| message.from);
            let other = other.or(event.sent.first().map(|message| message.to));
            // Under the last lane the moments stand.
            let is_room = self.field.pitch() >= PITCH_UNDER && node.index() < last;
            let is_under = is_room && other.is_some_and(|other| other < node);
            let end = &mut ends[node.index()][usize::from(is_under)];
            if x - half < *end {
                continue;
            }
            *end = x + half + STAMP_GAP;
            let y = self.field.y(node) + if is_under { STAMP_UNDER } else { -STAMP_OVER };
            scene.stamps.push(Stamp { number: event.number, x, y, text });
        }
    }

    fn strike(&self, number: u64, x: f64) -> Strike {
        let input = self.chronicle.inputs().iter().find(|timed| timed.after_event + 1 == number);
        let nodes = input.map(|timed| concerned(&timed.input)).unwrap_or_default();
        let first = nodes.iter().min().copied().unwrap_or(NodeId(0));
        let last = nodes.iter().max().copied().unwrap_or(NodeId::at(self.frame.nodes.len().saturating_sub(1)));
        let half = self.field.pitch() / 2.0;
        Strike { number, x, y1: self.field.y(first) - half, y2: self.field.y(last) + half }
    }

    fn strength(&self, event: u64, weight: Weight) -> Strength {
        match self.cone.map(|cone| cone.relation(event)) {
            None => unselected(weight),
            Some(Some(Relation::Before | Relation::Same)) => Strength::Strong,
            Some(Some(Relation::After)) => Strength::Ring,
            Some(_) => Strength::Faint,
        }
    }

    /// A message belongs to the past where its arrival does, and to the future where its sending does.
    fn flight_strength(&self, message: &Message, cause: Option<u64>, arrival: Option<u64>) -> Strength {
        let Some(cone) = self.cone else { return unselected(message.weight) };
        let relation = |event: Option<u64>| event.and_then(|event| cone.relation(event));
        if matches!(relation(arrival), Some(Relation::Before | Relation::Same)) {
            Strength::Strong
        } else if matches!(relation(cause), Some(Relation::After | Relation::Same)) {
            Strength::Ring
        } else {
            Strength::Faint
        }
    }

    fn add_flights(&self, scene: &mut Scene, event: &TraceEvent, typical_us: f64) {
        let is_lost = |message: &Message| event.lost.iter().any(|lost| lost.id == message.id);
        for (message, cause) in event.received.iter().zip(&event.causes).filter(|(message, _)| !is_lost(message)) {
            let strength = self.flight_strength(message, Some(*cause), Some(event.number));
            self.add_flight(scene, message, event.at_us as f64, 1.0, strength, false);
        }
        for message in event.lost.iter().filter(|_| self.knower.is_none()) {
            let (sent, due) = (message.sent_at_us as f64, message.arrives_at_us as f64);
            // What was lost at once has no time of arrival; it is drawn as if it had got half of the way.
            let (arrives, part) = if due > sent {
                (due, ((event.at_us as f64 - sent) / (due - sent)).clamp(0.15, 1.0))
            } else {
                (sent + typical_us, 0.5)
            };
            let cause = if sent == event.at_us as f64 { Some(event.number) } else { event.causes.first().copied() };
            self.add_flight(scene, message, arrives, part, self.flight_strength(message, cause, None), true);
        }
    }

    fn add_flight(
        &self,
        scene: &mut Scene,
        message: &Message,
        arrives: f64,
        part: f64,
        strength: Strength,
        lost: bool,
    ) {
        if !self.has(message.from) || !self.has(message.to) {
            return;
        }
        let start = (self.field.x(message.sent_at_us), self.field.y(message.from));
        let end_x = self.field.start_x() + (arrives - self.field.stretch.start_us) * self.field.scale();
        let end = (end_x, self.field.y(message.to));
        let to = (start.0 + (end.0 - start.0) * part, start.1 + (end.1 - start.1) * part);
        if to.0 >= self.field.start_x() && start.0 <= self.field.end_x() {
            let ink = Ink::Kind(message.kind);
            scene.flights.push(Flight { from: start, to, ink, strength, lost, fading: false });
        }
    }

    /// What has been sent and is still under way when the run ends.
    fn add_under_way(&self, scene: &mut Scene) {
        let (length, end_us) = (self.chronicle.length(), self.chronicle.end_us());
        let tail = || self.chronicle.events(length.saturating_sub(400)..=length);
        let ended = tail().flat_map(|event| event.received.iter().chain(&event.lost));
        let done: Map<MessageId, ()> = ended.map(|message| (message.id, ())).collect();
        // A message may have been put off since it was sent.
        let under_way = self.frame.messages.iter();
        let due_us: Map<MessageId, u64> = under_way.map(|message| (message.id, message.arrives_at_us)).collect();
        for event in tail() {
            for message in &event.sent {
                let due_us = due_us.get(&message.id).copied().unwrap_or(message.arrives_at_us);
                if due_us > end_us && done.get(&message.id).is_none() {
                    let (strength, before) =
                        (self.flight_strength(message, Some(event.number), None), scene.flights.len());
                    self.add_flight(scene, message, due_us as f64, 1.0, strength, false);
                    scene.flights[before..].iter_mut().for_each(|flight| flight.fading = true);
                }
            }
        }
    }

    fn add_columns(&self, scene: &mut Scene) {
        let (start_x, width) = (self.field.start_x(), self.field.end_x() - self.field.start_x());
        let (columns, lanes) = ((width / COLUMN).ceil().max(1.0) as usize, self.frame.nodes.len());
        let mut counts = vec![0.0; columns * lanes];
        let mut count = 0.0;
        for page in self.chronicle.pages() {
            for block in page.blocks() {
                let from = (self.field.x(block.from_us) - start_x) / COLUMN;
                let to = ((self.field.x(block.to_us) - start_x) / COLUMN).max(from + 0.01);
                if to <= 0.0 || from >= columns as f64 {
                    continue;
                }
                let (first, last) = (from.max(0.0) as usize, (to as usize).min(columns - 1));
                let total: u32 = block.counts.iter().map(|count| u32::from(*count)).sum();
                for column in first..=last {
                    let share = ((to.min(column as f64 + 1.0)) - from.max(column as f64)).max(0.0) / (to - from);
                    count += share * f64::from(total);
                    for (lane, events) in block.counts.iter().take(lanes).enumerate() {
                        counts[column * lanes + lane] += share * f64::from(*events);
                    }
                }
            }
        }
        scene.count = count.round() as u64;
        let most = counts.iter().copied().fold(0.0, f64::max);
        for (place, events) in counts.into_iter().enumerate().filter(|(_, events)| *events > 0.0) {
            let (x, node) = (start_x + (place / lanes) as f64 * COLUMN, NodeId::at(place % lanes));
            if self.has(node) {
                scene.columns.push(Column { x, y: self.field.y(node), share: events / most });
            }
        }
    }

    /// Faults, also where single events are not known.
    fn add_faults(&self, scene: &mut Scene) {
        for timed in self.chronicle.inputs() {
            let (number, x) = (timed.after_event + 1, self.field.x(timed.at_us));
            if !self.field.stretch.shows(timed.at_us) {
                continue;
            }
            match &timed.input {
                Input::Deliver(_) | Input::FireTimer { .. } | Input::Operate { .. } => {}
                input => match input.acting_node().filter(|node| self.has(*node)) {
                    Some(node) => {
                        let (y, strength) = (self.field.y(node), Strength::Normal);
                        scene.dots.push(Dot { number, x, y, ink: Ink::Plain, strength, is_fault: true });
                    }
                    None => scene.strikes.push(self.strike(number, x)),
                },
            }
        }
    }
}

/// How strongly something is drawn while nothing is selected.
fn unselected(weight: Weight) -> Strength {
    match weight {
        Weight::Telling => Strength::Normal,
        Weight::Routine => Strength::Routine,
    }
}

/// The nodes that an input concerns; none if it is all of them.
fn concerned(input: &Input) -> Vec<NodeId> {
    match input {
        Input::Drop(message)
        | Input::Duplicate(message)
        | Input::Corrupt(message)
        | Input::Hold(message)
        | Input::Release(message) => vec![message.from, message.to],
        Input::Delay { message, .. } => vec![message.from, message.to],
        input => input.nodes(),
    }
}

/// How long a message takes here, in microseconds.
fn typical(events: &[&TraceEvent]) -> f64 {
    let took = |event: &&TraceEvent| Some(event.at_us.saturating_sub(event.received.first()?.sent_at_us) as f64);
    let (count, sum) = events.iter().filter_map(took).fold((0.0, 0.0), |(count, sum), us| (count + 1.0, sum + us));
    if count > 0.0 { sum / count } else { TYPICAL_US }
}

#[cfg(test)]
mod tests {
    use sim::LabSession;

    use super::*;
    use crate::lanes::chronicle::Watch;
    use crate::lanes::rows::Rows;

    fn all(session: &mut dyn LabSession, most: u64) -> (Frame, Chronicle) {
        let frame = session.frame();
        let mut chronicle = Chronicle::default();
        chronicle.open(session, frame.length, 1..=1);
        let watch = Watch { from_us: 0, to_us: u64::MAX / 2, most };
        while chronicle.learn(session, watch, None) {}
        (frame, chronicle)
    }

    fn field(stretch: Stretch) -> Field {
        Field::new(1440.0, 176.0, stretch, Rows::all(6))
    }

    fn split_and_crash() -> Box<dyn LabSession> {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(120);
        let groups = vec![vec![NodeId(0), NodeId(1)], vec![NodeId(2), NodeId(3), NodeId(4)]];
        session.act(Input::Split(groups), None).expect("a split");
        session.seek(150);
        session.act(Input::Crash(NodeId(1)), None).expect("a crash");
        session.seek(220);
        session
    }

    #[test]
    fn messages_losses_roles_cuts_and_crashes_are_drawn() {
        let mut session = split_and_crash();
        let (frame, chronicle) = all(&mut *session, 10_000);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us)), None, None);
        assert_eq!(scene.count, 220);
        assert!(scene.columns.is_empty());
        let looks = |wanted: Look| scene.bars.iter().filter(|bar| bar.look == wanted).count();
        assert_eq!(looks(Look::CutOff), 5);
        assert_eq!(looks(Look::Crashed), 1);
        assert!(looks(Look::Tone(Tone::Leader)) >= 1 && looks(Look::Tone(Tone::Candidate)) >= 1);
        // The scenario itself delays a message, too.
        let strikes: Vec<u64> = scene.strikes.iter().map(|strike| strike.number).collect();
        assert_eq!(strikes.last(), Some(&121));
        assert_eq!(scene.dots.iter().filter(|dot| dot.is_fault).map(|dot| dot.number).collect::<Vec<_>>(), [151]);
        assert!(scene.flights.iter().any(|flight| flight.lost));
        assert!(scene.flights.iter().all(|flight| flight.to.0 >= flight.from.0));
        let alone = scene.dots.last().expect("a dot");
        assert!(scene.nearest(alone.x + 1.0, alone.y, 8.0).is_some());
        assert_eq!(scene.nearest(0.0, 900.0, 8.0), None);
    }

    /// Mattern 1989: a cut is a line through all lanes, and a message that goes backwards over it makes it wrong.
    #[test]
    fn cuts_are_lines_through_the_lanes() {
        let mut session = labs::registry::open("snapshot").expect("the lab");
        let mut lines = |scenario: &str| {
            session.open(scenario).expect("the scenario");
            let (frame, chronicle) = all(&mut *session, 10_000);
            let field = Field::new(1440.0, 176.0, Stretch::whole(frame.at_us), Rows::all(frame.nodes.len()));
            (Scene::compose(&frame, &chronicle, &field, None, None), field)
        };
        let (scene, field) = lines("at-noon");
        let [cut] = &scene.cuts[..] else { panic!("{:?}", scene.cuts) };
        assert!(!cut.is_right && cut.places.len() == 3 && cut.pieces.len() == 4);
        // B is 300 ms late.
        assert!(cut.places[1].1.0 > cut.places[0].1.0 + 200.0);
        let (event, at) = cut.places[1];
        assert_eq!(scene.nearest(at.0, at.1, 8.0), Some(event));
        assert!(cut.places.iter().all(|(_, at)| (field.start_x()..=field.end_x()).contains(&at.0)));
        let (scene, _) = lines("nobody-stops");
        assert_eq!(
            scene.cuts.iter().map(|cut| (cut.name.as_str(), cut.is_right)).collect::<Vec<_>>(),
            [("A1", true), ("B1", true)]
        );
        // Only A has recorded: half a piece above its lane, and half below.
        let (scene, _) = lines("how-much-money");
        assert_eq!((scene.cuts[0].places.len(), scene.cuts[0].pieces.len()), (1, 2));
    }

    #[test]
    fn only_what_is_in_view_is_drawn() {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(8_000);
        let (frame, chronicle) = all(&mut *session, 10_000);
        let middle = frame.at_us as f64 / 2.0;
        let scene =
            Scene::compose(&frame, &chronicle, &field(Stretch { start_us: middle, span_us: 200_000.0 }), None, None);
        assert!((10..100).contains(&scene.count), "{}", scene.count);
        assert!(scene.dots.len() < 100 && scene.flights.len() < 120, "{} {}", scene.dots.len(), scene.flights.len());
        let (start, end) = (field(Stretch::whole(1)).start_x(), field(Stretch::whole(1)).end_x());
        assert!(scene.flights.iter().all(|flight| flight.to.0 >= start && flight.from.0 <= end));
    }

    #[test]
    fn from_afar_events_are_counted_and_faults_stay() {
        let mut session = split_and_crash();
        session.seek(30_000);
        let (frame, chronicle) = all(&mut *session, 1_000);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us)), None, None);
        assert!(scene.flights.is_empty());
        assert!(scene.columns.len() > 400 && scene.columns.len() < 4_000, "{}", scene.columns.len());
        assert!(scene.columns.iter().all(|column| (0.0..=1.0).contains(&column.share)));
        assert_eq!(scene.count, 30_000);
        assert!(!scene.strikes.is_empty() && scene.dots.len() == 1);
        assert!(scene.bars.iter().any(|bar| bar.look == Look::Crashed));
    }

    #[test]
    fn a_selected_event_gives_the_others_their_weight() {
        let mut session = split_and_crash();
        let (frame, chronicle) = all(&mut *session, 10_000);
        let cone = Cone::of(&chronicle, 100);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us)), cone.as_ref(), None);
        let dots = |strength: Strength| scene.dots.iter().filter(|dot| dot.strength == strength).count();
        let counts = cone.map(|cone| cone.counts).unwrap_or_default();
        assert_eq!(dots(Strength::Normal), 0);
        assert_eq!(dots(Strength::Strong), counts.past + 1);
        assert_eq!(dots(Strength::Ring), counts.future);
    }

    /// DESIGN, section 5: routine events are paler, so that a look finds what happened.
    #[test]
    fn routine_is_drawn_less_strongly() {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(200);
        let (frame, chronicle) = all(&mut *session, 10_000);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us)), None, None);
        let dot = |number: u64| scene.dots.iter().find(|dot| dot.number == number).map(|dot| dot.strength);
        let mut counts = [0; 2];
        for event in chronicle.events(1..=frame.event).filter(|event| event.node.is_some()) {
            let is_routine = event.caption.weight == Weight::Routine;
            assert_eq!(dot(event.number), Some(if is_routine { Strength::Routine } else { Strength::Normal }));
            counts[usize::from(is_routine)] += 1;
        }
        assert!(counts[0] > 20 && counts[1] > 20, "{counts:?}");
        assert!(scene.flights.iter().any(|flight| flight.strength == Strength::Routine));
        assert!(scene.flights.iter().any(|flight| flight.strength == Strength::Normal));
    }

    #[test]
    fn messages_under_way_fade_into_the_future() {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(200);
        while session.frame().messages.is_empty() {
            let next = session.frame().event + 1;
            session.seek(next);
        }
        let (frame, chronicle) = all(&mut *session, 10_000);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us + 50_000)), None, None);
        let fading = scene.flights.iter().filter(|flight| flight.fading).count();
        assert_eq!(fading, frame.messages.len());
    }

    #[test]
    fn a_message_that_is_put_off_fades_to_its_new_moment() {
        let mut session = labs::registry::open("raft").expect("a session");
        session.seek(200);
        while session.frame().messages.is_empty() {
            let next = session.frame().event + 1;
            session.seek(next);
        }
        let id = session.frame().messages[0].id;
        session.act(Input::Delay { message: id, by_us: 70_000 }, None).expect("a message under way");
        let (frame, chronicle) = all(&mut *session, 10_000);
        let message = frame.messages.iter().find(|message| message.id == id).expect("the message");
        let field = field(Stretch::whole(frame.at_us + 200_000));
        let scene = Scene::compose(&frame, &chronicle, &field, None, None);
        let end = (field.x(message.arrives_at_us), field.y(message.to));
        assert!(scene.flights.iter().any(|flight| flight.fading && flight.to == end), "{:?}", scene.flights);
    }

    /// Lamport 1978, Mattern 1989: each event has its time; here where there is room for it.
    #[test]
    fn events_have_their_times_where_there_is_room() {
        let lab = labs::registry::LABS.iter().find(|lab| lab.about().id == "vector-clocks").expect("the lab");
        let mut session = lab.open().expect("a session");
        session.open("three-processes").expect("a scenario");
        let (frame, chronicle) = all(&mut *session, 10_000);
        let stamps = |width: f64, height: f64| {
            let field = Field::new(width, height, Stretch::whole(frame.at_us), Rows::all(frame.nodes.len()));
            Scene::compose(&frame, &chronicle, &field, None, None).stamps
        };
        let wide = stamps(2_400.0, 176.0);
        let stamped = chronicle.events(1..=frame.length).filter(|event| event.stamp.is_some()).count();
        assert!(stamped >= 10 && wide.len() == stamped, "{} of {stamped}", wide.len());
        assert!(wide.iter().any(|stamp| stamp.text == "[1 0 0]"));
        assert!(stamps(400.0, 176.0).len() < stamped);
        assert_eq!(stamps(2_400.0, 60.0), []);
        let (frame, chronicle) = all(&mut *split_and_crash(), 10_000);
        let scene = Scene::compose(&frame, &chronicle, &field(Stretch::whole(frame.at_us)), None, None);
        assert_eq!(scene.stamps, [], "Raft keeps no logical clocks");
    }

    #[test]
    fn every_message_that_leads_into_an_event_is_drawn() {
        let mut session = labs::registry::open("raft").expect("a session");
        let (frame, chronicle) = all(&mut *session, 10_000);
        let arrives = |event: &&TraceEvent| event.node.is_some() && event.received.len() == 1;
        let mut event = chronicle.events(1..=frame.event).find(arrives).expect("a delivery").clone();
        event.number = 1;
        let flights = |event: &TraceEvent| {
            let field = field(Stretch::whole(event.at_us));
            Scene::compose(&frame, &Chronicle::of(vec![event.clone()]), &field, None, None).flights.len()
        };
        let before = flights(&event);
        // In a log several messages may be heard of at once.
        event.received.push(event.received[0].clone());
        event.causes.push(event.causes[0]);
        assert_eq!(flights(&event), before + 1);
    }

    #[test]
    fn with_a_knower_only_what_it_has_learnt_is_there() {
        let (frame, chronicle) = all(&mut *split_and_crash(), 10_000);
        let field = field(Stretch::whole(frame.at_us));
        let compose = |knower| Scene::compose(&frame, &chronicle, &field, None, knower);
        let all = compose(None).dots.len();
        for node in &frame.nodes {
            let known = compose(Some(node.id)).dots;
            let own = chronicle.events(1..=frame.event).filter(|event| event.node == Some(node.id)).count();
            assert!(known.len() < all && known.len() >= own, "{}: {} of {all}", node.label, known.len());
        }
    }

    /// Of two hundred nodes not the first ones, but those that are chosen, are not as usual or do something.
    #[test]
    fn of_many_nodes_those_that_matter_have_lanes() {
        let mut session = labs::registry::open("swim").expect("the lab");
        session.open("two-hundred").expect("the scenario");
        let down = NodeId(187);
        session.act(Input::Crash(down), None).expect("a crash");
        let (frame, chronicle) = all(&mut *session, 10_000);
        let stretch = Stretch::around(frame.at_us, 100_000, 0);
        let chosen = NodeId(66);
        let rows = Rows::fitting(176.0, &frame, &chronicle, stretch, [chosen].into_iter());
        assert_eq!(rows.nodes().len() + rows.others(), frame.nodes.len());
        assert!(rows.has(chosen) && rows.has(down) && rows.others() > 180, "{rows:?}");
        let acted: Vec<NodeId> = chronicle
            .events_around(stretch.start_us, stretch.end_us())
            .flat_map(|event| event.node.into_iter().chain(event.received.iter().map(|message| message.from)))
            .collect();
        let is_usual = |node: &&NodeId| {
            let shown = &frame.nodes[node.index()];
            **node != chosen && shown.tone == Tone::Plain && shown.status == Status::Up
        };
        assert!(rows.nodes().iter().filter(is_usual).all(|node| acted.contains(node)), "{rows:?}");
        let field = Field::new(1440.0, 176.0, stretch, rows.clone());
        assert_eq!(field.height, 176.0);
        let last = *rows.nodes().last().expect("a lane");
        assert!(field.y(last) <= field.bottom() - 8.0);
        let scene = Scene::compose(&frame, &chronicle, &field, None, None);
        assert!(!scene.dots.is_empty() && scene.dots.iter().all(|dot| dot.y <= field.bottom()));
    }
}
