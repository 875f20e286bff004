//! One drawing of a frame: where everything stands and how it looks. Nothing in it can be pressed; the stage adds that.

use sim::frame::{Frame, Group, Layout, Link, Message, Status, Tone};
use sim::map::Map;
use sim::order::{pair, sort_by_key};
use sim::{MessageId, NodeId};
use yew::prelude::*;

use super::cells::Cells;
use super::label;
use super::layout::{self, Path, ends, place};
use super::map::Projection;
use super::pointed::Pointed;
use super::{hull, link, message, node};
use crate::dom;
use crate::geometry::{Area, Point, Size, Sweep};
use crate::motion::Way;
use crate::words::number;

/// Above this number of messages, only the selected one has a label: more could not be read.
const MANY_LABELS: usize = 40;

/// No letter is smaller on the screen, in pixels.
const LEAST_LETTER_PX: f64 = 11.0;

/// The scale from which on many nodes say all that few say: that at which these usually stand.
const LEAST_FOR_ALL: f64 = 1.0;

/// From so much larger letters on, many nodes go without their names.
const WALL_OF_TEXT: f64 = 1.8;

/// A frame with the places of its nodes.
#[derive(Debug)]
pub struct Scene<'a> {
    pub frame: &'a Frame,
    /// The message that the last event delivered, while the step to it is being shown.
    pub arriving: Option<&'a Message>,
    pub points: Vec<Point>,
    /// What each node covers with its texts.
    texts: Vec<Vec<Area>>,
    /// The tags of nodes that found room for theirs.
    remarks: Map<NodeId, Area>,
    /// The logs of nodes that found room for theirs.
    logs: Map<NodeId, (Area, Cells)>,
    /// The answers that nodes count, of those that found room for them.
    tallies: Map<NodeId, Area>,
    /// The notes beside links.
    notes: Map<(NodeId, NodeId), (AttrValue, Area)>,
    /// In the stage's own units.
    pub size: Size,
    /// Pixels in one unit.
    pub scale: f64,
    /// How much larger marks are than usual, so that they can be seen among many small nodes.
    pub mark: f64,
    /// How much larger the least letters are than usual, so that they can be read.
    pub text: f64,
    /// Whether it is drawn in front of a class, where names are larger than nodes.
    is_for_class: bool,
    /// Whether messages stand where their time puts them, or rest on their lines.
    travels: bool,
}

/// A message on its way.
#[derive(Debug)]
pub struct Flying<'a> {
    pub message: &'a Message,
    pub from: Point,
    pub to: Point,
    pub way: Way,
    /// Where it stands at the moment of the frame.
    pub at: Point,
    /// Where it will stand at the next event.
    next: Point,
}

impl Flying<'_> {
    /// The same as an attribute.
    pub fn transform(&self) -> String {
        format!("translate({} {})", number(self.at.x), number(self.at.y))
    }
}

impl<'a> Scene<'a> {
    /// Places the nodes of a frame on a stage of this size in pixels, of which the visitor stands so many times nearer.
    pub fn new(frame: &'a Frame, arriving: Option<&'a Message>, size_px: Size, zoom: f64) -> Scene<'a> {
        let size = layout::units(frame, size_px);
        let size_px = size_px.times(zoom);
        let scale = size_px.width / size.width;
        let mark = (layout::SMALLEST / scale).max(1.0);
        let text = (LEAST_LETTER_PX / node::LEAST_LETTER / scale).max(1.0);
        Scene::lettered(frame, arriving, size_px, size, ((mark * 10.0).round() / 10.0, (text * 100.0).ceil() / 100.0))
    }

    /// The same in front of a class: all that is written can be read from the last row.
    pub fn for_class(frame: &'a Frame, arriving: Option<&'a Message>, size_px: Size, zoom: f64) -> Scene<'a> {
        let (size, text) = size_px.for_class(frame.nodes.len());
        let text = ((text / zoom).max(1.0) * 10.0).ceil() / 10.0;
        let scene = Scene::lettered(frame, arriving, size_px.times(zoom), size, (text, text));
        Scene { is_for_class: true, ..scene }
    }

    fn lettered(
        frame: &'a Frame,
        arriving: Option<&'a Message>,
        size_px: Size,
        size: Size,
        (mark, text): (f64, f64),
    ) -> Scene<'a> {
        let scale = size_px.width / size.width;
        let points = place(frame, size);
        let mut scene = Scene {
            frame,
            arriving,
            texts: frame.nodes.iter().zip(&points).map(|(node, at)| node::text_areas(node, *at, text)).collect(),
            points,
            remarks: Map::default(),
            logs: Map::default(),
            tallies: Map::default(),
            notes: Map::default(),
            size,
            scale,
            mark,
            text,
            is_for_class: false,
            travels: !dom::reduced_motion(),
        };
        scene.place_logs();
        scene.place_tallies();
        scene.place_remarks();
        scene.place_notes();
        scene.make_way();
        scene
    }

    /// The same with all messages at rest, so that none hides at the node that has just sent it.
    pub fn at_rest(self) -> Scene<'a> {
        let mut scene = Scene { travels: false, ..self };
        scene.make_way();
        scene
    }

    /// The coasts, where the stage is a map.
    pub fn draw_land(&self) -> Option<Html> {
        (self.frame.layout == Layout::Map).then(|| Projection::of(self.frame, self.size).draw_land())
    }

    /// Soft shapes around the parts of a split network.
    pub fn draw_hulls(&self) -> Html {
        self.frame.groups.iter().map(|group| hull::draw(group, &self.points)).collect()
    }

    /// A link between the places of its nodes.
    pub fn draw_link(&self, link: &Link, selected: bool) -> Option<Html> {
        let ends = ends(&self.points, link.a, link.b)?;
        if !selected && !self.shows(link) {
            return Some(Html::default());
        }
        let minor = self.frame.nodes[link.a.index()].rank != self.frame.nodes[link.b.index()].rank;
        let note = self.notes.get(&(link.a, link.b)).cloned();
        Some(html! { <>{ link::hit_line(ends) }{ link::draw(link, ends, note, minor, selected, self.text) }</> })
    }

    /// Whether a link is drawn: one that is not used is, while there is something to see of it.
    fn shows(&self, link: &Link) -> bool {
        let is_on = |message: &Message| [(link.a, link.b), (link.b, link.a)].contains(&(message.from, message.to));
        let (frame, whole) = (self.frame, link.forth.up && link.back.up);
        link.is_used
            || !whole
            || self.notes.get(&(link.a, link.b)).is_some()
            || self.arriving.into_iter().chain(&frame.messages).chain(&frame.lost).any(is_on)
    }

    /// What a check points at: rings, and its name beside the first of them that has room for it.
    pub fn draw_pointed(&self, pointed: &Pointed) -> Html {
        let mut taken = self.solid();
        taken.extend(self.tags().into_iter().map(|(_, area)| area));
        let nodes: Vec<&sim::frame::Node> =
            pointed.nodes.iter().filter_map(|node| self.frame.nodes.get(node.index())).collect();
        let points: Vec<Point> = nodes.iter().map(|node| self.points[node.id.index()]).collect();
        let around =
            |(node, at): (&&sim::frame::Node, &Point)| node::places_around(node, *at, pointed.size(), self.text);
        let places = nodes.iter().zip(&points).flat_map(around).map(|place| place.on_stage(self.size));
        let tag = layout::least_covering(places, &taken, &self.paths()).map(|(area, _)| area);
        pointed.draw(&points, tag, self.text)
    }

    /// The messages that the last event lost.
    pub fn draw_lost(&self) -> Html {
        let draw = |message: &Message| Some(message::draw_lost(message, self.frame.at_us, self.way(message)?));
        html! { <g>{ for self.frame.lost.iter().filter_map(draw) }</g> }
    }

    /// A node at its place.
    pub fn draw_node(&self, node: &sim::frame::Node, selected: bool) -> Html {
        let place = node::Place {
            at: self.points[node.id.index()],
            log: self.logs.get(&node.id).cloned(),
            tag: self.remarks.get(&node.id).copied(),
            tally: self.tallies.get(&node.id).copied(),
            text: self.text,
            is_crowded: self.is_small_crowd(),
        };
        node::draw(node, &place, self.frame.at_us, selected)
    }

    /// The nodes that say their names. Where letters are so large that the names of all would be a wall of text, those
    /// that are as usual leave it to every fifth, and nobody speaks where a name beside it already does: these first, then
    /// what is not as usual.
    pub fn named(&self, first: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        let mut nodes: Vec<&sim::frame::Node> = self.frame.nodes.iter().collect();
        if self.text >= WALL_OF_TEXT {
            let is_usual = |node: &sim::frame::Node| node.tone == Tone::Plain && node.status == Status::Up;
            nodes.retain(|node| first(node.id) || !is_usual(node) || node.id.index().is_multiple_of(5));
            sort_by_key(&mut nodes, |node| pair((!first(node.id)).into(), is_usual(node).into()));
            let mut taken: Vec<Area> = Vec::new();
            nodes.retain(|node| {
                let letter = node::LEAST_LETTER * self.text;
                let width = letter * (0.8 * node.label.chars().count() as f64 + 0.5);
                let area = Area::around(self.points[node.id.index()], width, 1.4 * letter);
                let has_room = taken.iter().all(|other| area.overlap(other) == 0.0);
                taken.extend(has_room.then_some(area));
                has_room
            });
        }
        nodes.into_iter().map(|node| node.id).collect()
    }

    /// The way of a message between its nodes.
    pub fn way(&self, message: &Message) -> Option<(Point, Point)> {
        let (from, to) = ends(&self.points, message.from, message.to)?;
        Some(layout::way((from, &self.texts[message.from.index()]), (to, &self.texts[message.to.index()])))
    }

    /// The messages to draw, with the one that is just arriving.
    pub fn flying(&self) -> impl Iterator<Item = Flying<'_>> {
        self.on_the_way(|way| way)
    }

    /// The labels of these messages, which move a little less.
    fn flying_labels(&self) -> impl Iterator<Item = Flying<'_>> {
        self.on_the_way(layout::label_way)
    }

    fn on_the_way(&self, inset: fn((Point, Point)) -> (Point, Point)) -> impl Iterator<Item = Flying<'_>> {
        let mut on_link: Map<(NodeId, NodeId), usize> = Map::default();
        let next_at_us = self.frame.next_at_us.unwrap_or(self.frame.at_us);
        let all = self.arriving.into_iter().chain(&self.frame.messages);
        all.filter(|message| !self.is_queued(message)).filter_map(move |message| {
            let (from, to) = ends(&self.points, message.from, message.to)?;
            let (begin, end) = inset(self.way(message)?);
            let before = on_link.get_or_insert_with((message.from, message.to), usize::default);
            let rest = message::resting_place(*before);
            *before += 1;
            let way = Way::Line {
                from: (begin.x, begin.y),
                to: (end.x, end.y),
                begin: message.leaves_at_us as f64,
                end: message.arrives_at_us as f64,
                rest,
            };
            let (at, next) = (self.place_at(&way, self.frame.at_us), self.place_at(&way, next_at_us));
            Some(Flying { message, from, to, way, at, next })
        })
    }

    /// Whether a message waits for the one that goes down its link: it is drawn as a place of the queue.
    fn is_queued(&self, message: &Message) -> bool {
        let is_before = |other: &&Message| {
            (other.from, other.to) == (message.from, message.to)
                && (self.frame.at_us + 1..message.leaves_at_us).contains(&other.leaves_at_us)
        };
        message.leaves_at_us > self.frame.at_us
            && !message.held
            && self.frame.messages.iter().any(|other| is_before(&other))
    }

    /// Where a way leads to at a moment.
    pub fn place_at(&self, way: &Way, clock_us: u64) -> Point {
        let (x, y) = way.place(clock_us as f64, self.travels);
        Point::new(x, y)
    }

    /// Whether there are so many nodes that they are small and say their names only.
    fn is_crowded(&self) -> bool {
        self.frame.nodes.len() > layout::MANY_NODES
    }

    /// What is left out of a drawing with many nodes.
    pub fn class(&self) -> Option<&'static str> {
        match self.is_crowded() {
            false => None,
            true if self.is_nameless() => Some("crowded nameless"),
            true if self.is_small_crowd() => Some("crowded"),
            true => Some("crowded near"),
        }
    }

    /// Whether the nodes are so many that they say their names only.
    fn is_small_crowd(&self) -> bool {
        self.is_crowded() && self.scale < LEAST_FOR_ALL
    }

    /// Whether they are so small that not even their names have room in them.
    fn is_nameless(&self) -> bool {
        let has_room = |node: &sim::frame::Node| node::has_room_for_label(&node.label, self.text);
        self.is_small_crowd() && !self.is_for_class && !self.frame.nodes.iter().all(has_room)
    }

    /// What stands still and must stay readable.
    fn solid(&self) -> Vec<Area> {
        let outlines = self.frame.nodes.iter().flat_map(|node| node::outline_areas(node, self.points[node.id.index()]));
        let notes = self.notes.values().map(|(_, area)| *area);
        outlines
            .chain(self.texts.iter().flatten().copied())
            .chain(notes)
            .chain(self.bars())
            .chain(self.queues())
            .collect()
    }

    /// The bars of cut links.
    fn bars(&self) -> impl Iterator<Item = Area> {
        let ends = |link: &Link| ends(&self.points, link.a, link.b);
        self.frame.links.iter().filter_map(move |link| Some(link::bar_areas(link, ends(link)?))).flatten()
    }

    /// The queues of links.
    fn queues(&self) -> impl Iterator<Item = Area> {
        let ends = |link: &Link| ends(&self.points, link.a, link.b);
        self.frame.links.iter().filter_map(move |link| Some(link::queue_areas(link, ends(link)?))).flatten()
    }

    /// Where messages can pass.
    fn paths(&self) -> Vec<Path> {
        let open = self.frame.links.iter().filter(|link| link.forth.up || link.back.up);
        open.filter_map(|link| ends(&self.points, link.a, link.b).map(|(from, to)| Path { from, to })).collect()
    }

    /// A log stands where no messages of other nodes pass, whether their links are cut or not: it stays when one is. Those of
    /// its node go under it, which would leave too little of a short link.
    fn place_logs(&mut self) {
        let mut taken = self.solid();
        let room = layout::log_room(&self.points) / self.text;
        for (node, at) in self.frame.nodes.iter().zip(&self.points) {
            let links = self.frame.links.iter().filter_map(|link| Some((link, ends(&self.points, link.a, link.b)?)));
            let links: Vec<(&Link, (Point, Point))> = links.collect();
            let paths = |width: f64| -> Vec<Path> {
                let short = layout::SHORT_LINK + 0.75 * width * self.text;
                let hinders = |link: &Link, (from, to): (Point, Point)| {
                    from.distance(to) < short || (link.a != node.id && link.b != node.id)
                };
                let all = links.iter().filter(|(link, ends)| hinders(link, *ends));
                all.map(|(_, (from, to))| Path { from: *from, to: *to }).collect()
            };
            // Fewer entries where not so many have room.
            let rooms = (0..12).map(|step| room * (1.0 - f64::from(step) / 12.0));
            let mut all = rooms.filter_map(|room| Cells::fitting(&node.cells, room)).collect::<Vec<_>>();
            all.dedup();
            let placed = all.into_iter().find_map(|cells| {
                let places = node::log_places(node, *at, cells.width(), self.text);
                let places = places.into_iter().map(|place| place.on_stage(self.size));
                let (area, covered) = layout::least_covering(places, &taken, &paths(cells.width()))?;
                (covered == 0).then_some((area, cells))
            });
            if let Some((area, cells)) = placed {
                taken.push(area);
                self.texts[node.id.index()].push(area);
                self.logs.insert(node.id, (area, cells));
            }
        }
    }

    /// What nodes count stands beside them, where it has room.
    fn place_tallies(&mut self) {
        let (mut taken, paths) = (self.solid(), self.paths());
        for (node, at) in self.frame.nodes.iter().zip(&self.points) {
            let places = node::tally_places(node, *at, self.text).into_iter().map(|place| place.on_stage(self.size));
            if let Some((area, 0)) = layout::least_covering(places, &taken, &paths) {
                taken.push(area);
                self.texts[node.id.index()].push(area);
                self.tallies.insert(node.id, area);
            }
        }
    }

    /// What stands where a message passes until the next event is left out so long.
    fn make_way(&mut self) {
        let marks = self.marks();
        let is_free = |area: Area| !marks.iter().any(|mark| mark.meets(&Sweep::standing(area)));
        self.remarks.retain(|_, area| is_free(*area));
        self.tallies.retain(|_, area| is_free(*area));
        self.notes.retain(|_, (_, area)| is_free(*area));
    }

    /// What the marks of messages cover until the next event.
    fn marks(&self) -> Vec<Sweep> {
        let side = 2.0 * layout::MARK_RADIUS * self.mark;
        let mark = |flying: Flying| Sweep { from: flying.at, to: flying.next, width: side, height: side };
        self.flying().map(mark).collect()
    }

    /// Tags of nodes stand where fewest messages pass; those that find no room are left out: the text view has them.
    fn place_remarks(&mut self) {
        let (mut taken, paths) = (self.solid(), self.paths());
        for (node, at) in self.frame.nodes.iter().zip(&self.points) {
            let places = node::tag_places(node, *at, self.text, self.is_small_crowd())
                .into_iter()
                .map(|place| place.on_stage(self.size));
            if let Some((area, 0)) = layout::least_covering(places, &taken, &paths) {
                taken.push(area);
                self.texts[node.id.index()].push(area);
                self.remarks.insert(node.id, area);
            }
        }
    }

    fn place_notes(&mut self) {
        for link in &self.frame.links {
            let Some(ends) = ends(&self.points, link.a, link.b) else { continue };
            let placed = link::notes(link, ends.0.x <= ends.1.x).into_iter().find_map(|note| {
                let size = link::note_size(&note, self.text);
                let area = layout::place_note(ends, size, &self.solid(), &self.paths(), self.size)?;
                Some((note, area))
            });
            if let Some(placed) = placed {
                self.notes.insert((link.a, link.b), placed);
            }
        }
    }

    /// The tags of the groups, each where few messages pass. One that finds no room is left out: the text view has it.
    fn tags(&self) -> Vec<(&'a Group, Area)> {
        let (mut taken, paths) = (self.solid(), self.paths());
        let (marks, mut tags) = (self.marks(), Vec::new());
        for group in &self.frame.groups {
            let points = hull::points_of(group, &self.points);
            if !points.is_empty() && !group.tag.is_empty() {
                let size = (hull::tag_width(group) * self.text, 24.0 * self.text);
                let area = layout::place_tag(&points, size, &taken, &paths, self.size);
                let is_free = !marks.iter().any(|mark| mark.meets(&Sweep::standing(area)));
                if is_free && taken.iter().all(|other| area.overlap(other) == 0.0) {
                    taken.push(area);
                    tags.push((group, area));
                }
            }
        }
        tags
    }

    /// The tags of the groups.
    pub fn draw_hull_tags(&self) -> Html {
        self.tags().into_iter().map(|(group, area)| hull::draw_tag(group, area, self.text)).collect()
    }

    /// Where the labels of the messages stand, seen from their marks. Labels make room for each other; one that finds no
    /// room is left out, unless its message is selected.
    pub fn label_places(&self, selected: Option<MessageId>) -> Vec<Option<Point>> {
        let is_crowded = self.frame.messages.len() > MANY_LABELS;
        if is_crowded && selected.is_none() {
            return vec![None; self.flying().count()];
        }
        let mut taken = self.solid();
        taken.extend(self.tags().into_iter().map(|(_, area)| area));
        let wish = |flying: Flying| label::Wish {
            // Equal labels of one sender are one.
            said: (flying.message.from, flying.message.reply, message::shortened(flying.message)),
            way: (flying.at, flying.next),
            along: flying.to.minus(flying.from).unit(),
            width: message::label_width(flying.message),
            scale: self.text,
            must: selected == Some(flying.message.id),
        };
        let wishes: Vec<label::Wish> = self.flying_labels().map(wish).collect();
        let mut places = label::place(&wishes, &taken, &self.marks(), &self.ways(), self.size);
        if is_crowded {
            places.iter_mut().zip(&wishes).filter(|(_, wish)| !wish.must).for_each(|(place, _)| *place = None);
        }
        places
    }

    /// The lines beside which a label would seem to speak of another message.
    fn ways(&self) -> Vec<Path> {
        let shown = self.frame.links.iter().filter(|link| self.shows(link));
        let links = shown.filter_map(|link| ends(&self.points, link.a, link.b));
        links.map(|(from, to)| Path { from, to }).collect()
    }

    /// The labels of the messages, above the nodes, so that none of them hides a label.
    pub fn draw_labels(&self, selected: Option<MessageId>) -> Html {
        let draw = |(flying, place): (Flying, Option<Point>)| {
            let label = message::draw_label(flying.message, place?, self.text);
            let (key, path, transform) = (flying.message.id.to_string(), flying.way.path(), flying.transform());
            Some(html! { <g {key} class="message-label" data-path={path} {transform}>{ label }</g> })
        };
        let places = self.label_places(selected);
        html! { <g>{ for self.flying_labels().zip(places).filter_map(draw) }</g> }
    }
}

/// The pattern of contradicting log entries; once in each drawing.
pub fn draw_patterns() -> Html {
    html! {
        <defs>
            <pattern id="hatch" width="7" height="7" patternTransform="rotate(45)" patternUnits="userSpaceOnUse">
                <rect class="hatch-ground" width="7" height="7" />
                <line class="hatch-line" x1="0" y1="0" x2="0" y2="7" />
            </pattern>
        </defs>
    }
}

/// A frame as a still picture that keeps these proportions, in pixels, at any size. `marked` are the nodes to point at,
/// `label` says what it shows; without one, screen readers skip the picture.
pub fn picture(frame: &Frame, size_px: Size, marked: &[NodeId], label: Option<AttrValue>) -> Html {
    let scene = Scene::new(frame, None, size_px, 1.0).at_rest();
    let size = scene.size;
    let message = |flying: Flying| {
        let mark = message::draw_mark(flying.message, flying.from, flying.to, scene.mark);
        html! { <g transform={flying.transform()}>{ mark }</g> }
    };
    html! {
        <svg class={classes!("picture", scene.class())} viewBox={format!("0 0 {} {}", number(size.width), number(size.height))}
            role={if label.is_some() { "img" } else { "presentation" }} aria-label={label.clone()}
            aria-hidden={label.is_none().then_some("true")}>
            { draw_patterns() }
            { scene.draw_land() }
            { scene.draw_hulls() }
            { for frame.links.iter().filter_map(|link| scene.draw_link(link, false)) }
            { scene.draw_lost() }
            { for scene.flying().map(message) }
            { for frame.nodes.iter().map(|node| scene.draw_node(node, marked.contains(&node.id))) }
            { scene.draw_labels(None) }
            { scene.draw_hull_tags() }
        </svg>
    }
}
