//! What lies on what in a drawing of the stage: its texts and signs with their places, read from the SVG that is shown.

use kurbo::{BezPath, PathEl};
use netsplit::geometry::{Area, Point, Size};
use netsplit::motion::Way;
use resvg::usvg::roxmltree::{Document, Node};

use crate::letters::{ASCENT, BELOW_THE_LINE, DESCENT, Font, Letters};

const STYLE: &str = include_str!("../../static/stage.css");

/// The radius of the largest mark of a message.
const MARK: f64 = 9.0;

/// Between more nodes the ways of messages lead under others, whose names and logs stay above them.
const MOST_APART: usize = 8;

/// What a visitor reads, and the signs that may not lie on it. Signs may lie on lines, which go everywhere.
#[derive(Debug)]
pub struct Drawing {
    texts: Vec<Thing>,
    signs: Vec<Thing>,
    /// What does not depend on the moment: words that are longer than their boxes.
    too_long: Vec<String>,
    /// The least letters, in pixels, and what they say.
    least: (f64, String),
    size: Size,
    /// Whether messages pass under nodes.
    is_crowded: bool,
    /// Pixels in a unit.
    scale: f64,
    /// How far boxes may reach into each other.
    slack: f64,
}

#[derive(Debug)]
struct Thing {
    name: String,
    /// The node that it is a part of.
    owner: Option<String>,
    shape: Shape,
    kind: Kind,
    /// Seen from where its way has brought it, if it moves.
    area: Area,
    way: Option<Way>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Inside the outline of its node, which carries it.
    Inside,
    /// In the log of its node.
    Log,
    Free,
}

#[derive(Debug)]
enum Shape {
    Box,
    Round,
    /// The corners of something convex, seen from the upper left corner of its area.
    Corners(Vec<Point>),
}

impl Thing {
    fn new(element: Node<'_, '_>, name: String, local: Area) -> Thing {
        let (area, way) = placed(element, local);
        let owner = element.ancestors().find_map(|around| around.attribute("data-node")).map(str::to_string);
        let name = owner.as_ref().map_or(name.clone(), |owner| format!("{name} of {owner}"));
        Thing { name, owner, shape: Shape::Box, kind: Kind::Free, area, way }
    }

    fn with(self, shape: Shape) -> Thing {
        Thing { shape, ..self }
    }

    fn of(self, kind: Kind) -> Thing {
        Thing { kind, ..self }
    }

    fn area_at(&self, clock_us: f64, travels: bool) -> Area {
        let (x, y) = self.way.map_or((0.0, 0.0), |way| way.place(clock_us, travels));
        Area { x: self.area.x + x, y: self.area.y + y, ..self.area }
    }
}

impl Drawing {
    /// Reads a drawing that is shown in so many pixels for each unit.
    pub fn read(svg: &str, size: Size, scale: f64, letters: &Letters) -> Drawing {
        let document = Document::parse(svg).expect("a drawing");
        let root = document.root_element();
        let is_small = has_class(root, "crowded") && !has_class(root, "near");
        let mut drawing = Drawing {
            texts: Vec::new(),
            signs: Vec::new(),
            too_long: Vec::new(),
            least: (f64::INFINITY, String::new()),
            size,
            is_crowded: root.descendants().filter(|part| has_class(*part, "node")).count() > MOST_APART,
            scale,
            slack: 1.0 / scale,
        };
        for element in root.descendants().filter(Node::is_element) {
            if element.has_tag_name("text") {
                let is_hidden = has_class(root, "nameless") && has_class(element, "node-label");
                if !is_hidden {
                    drawing.read_text(element, is_small, letters);
                }
            } else if let Some(sign) = sign(element) {
                drawing.signs.push(sign);
            }
        }
        drawing
    }

    /// All that it says.
    pub fn told(&self) -> Vec<&str> {
        self.texts.iter().filter_map(|text| text.name.split('"').nth(1)).collect()
    }

    fn read_text(&mut self, text: Node<'_, '_>, is_small: bool, letters: &Letters) {
        let words = words(text);
        let area = text_area(text, is_small, letters);
        let size_px = size_in(text, is_small) * self.scale;
        if size_px < self.least.0 {
            self.least = (size_px, words.clone());
        }
        let around = text.parent().expect("a group");
        let holder = around.children().find(|child| child.is_element() && child.has_tag_name("rect"));
        let node = text.ancestors().find(|around| has_class(*around, "node"));
        let within = |name| text.ancestors().any(|around| has_class(around, name));
        let is_inside = ["node-label", "node-badge", "gauge"].into_iter().any(within);
        let kind = match () {
            () if is_inside => Kind::Inside,
            () if within("cell") => Kind::Log,
            () => Kind::Free,
        };
        let (name, covered) = match holder.map(rect).filter(|_| !is_inside) {
            Some(holder) => (format!("the box \"{words}\""), holder),
            None => (format!("\"{words}\""), area),
        };
        self.texts.push(Thing::new(text, name, covered).of(kind));
        let is_free = ["cell", "node-tag", "queue", "tally"].iter().any(|name| within(name));
        let outer = match node {
            Some(node) if !is_free => node.descendants().find(|part| has_class(*part, "outline")).map(extent),
            _ => holder.map(rect),
        };
        if let Some(outer) = outer
            && (area.x < outer.x - self.slack || area.x + area.width > outer.x + outer.width + self.slack)
        {
            self.too_long.push(format!("\"{words}\" is longer than its room"));
        }
    }

    /// The least letters, in pixels, and what they say.
    pub fn least_letters(&self) -> (f64, &str) {
        (self.least.0, &self.least.1)
    }

    /// All pairs of things that lie on each other at a moment, and all that is longer than its box or sticks out of the
    /// stage, in words. `travels` as in [`Way::place`].
    pub fn faults(&self, clock_us: f64, travels: bool) -> Vec<String> {
        let areas =
            |things: &[Thing]| -> Vec<Area> { things.iter().map(|thing| thing.area_at(clock_us, travels)).collect() };
        let (texts, signs) = (areas(&self.texts), areas(&self.signs));
        let mut found = self.too_long.clone();
        for (index, text) in self.texts.iter().enumerate() {
            let is_own = |other: &Thing| text.owner.is_some() && text.owner == other.owner;
            // A cell has its era and its value.
            let is_of_same_cell = |other: &Thing| {
                text.kind == Kind::Log && other.kind == Kind::Log && is_own(other) && text.area == other.area
            };
            for (place, other) in self.texts[..index].iter().enumerate() {
                let is_carried = [text.kind, other.kind].contains(&Kind::Inside) && is_own(other);
                if !is_carried && !is_of_same_cell(other) && self.share(texts[index], other, texts[place]) {
                    found.push(format!("{} on {}", text.name, other.name));
                }
            }
            for (place, sign) in self.signs.iter().enumerate() {
                // The outline covers what passes under it.
                let may_pass = text.kind == Kind::Inside || (self.is_crowded && text.kind != Kind::Free);
                let passes_under = may_pass && sign.owner.is_none();
                let is_carried = text.kind == Kind::Inside && is_own(sign);
                if !passes_under && !is_carried && self.share(texts[index], sign, signs[place]) {
                    found.push(format!("{} on {}", text.name, sign.name));
                }
            }
            let area = texts[index];
            if area.x < -self.slack
                || area.y < -self.slack
                || area.x + area.width > self.size.width + self.slack
                || area.y + area.height > self.size.height + self.slack
            {
                found.push(format!("{} sticks out of the stage", text.name));
            }
        }
        found
    }

    fn share(&self, text: Area, other: &Thing, area: Area) -> bool {
        let Point { x, y } = Point::new(area.x, area.y);
        match &other.shape {
            Shape::Box => reach_into(text, &corners_of(area), self.slack),
            Shape::Corners(corners) => {
                let corners: Vec<Point> = corners.iter().map(|corner| corner.plus(Point::new(x, y))).collect();
                text.overlap(&area) > 0.0 && reach_into(text, &corners, self.slack)
            }
            Shape::Round => {
                let middle = area.center();
                let nearest = Point::new(
                    middle.x.clamp(text.x, text.x + text.width),
                    middle.y.clamp(text.y, text.y + text.height),
                );
                middle.distance(nearest) < area.width / 2.0 - self.slack
            }
        }
    }
}

fn corners_of(area: Area) -> [Point; 4] {
    let Area { x, y, width, height } = area;
    [(x, y), (x + width, y), (x + width, y + height), (x, y + height)].map(|(x, y)| Point::new(x, y))
}

/// Whether a box and something convex reach into each other by more than so much: no line lies between them.
fn reach_into(text: Area, corners: &[Point], slack: f64) -> bool {
    let edges = corners.iter().zip(corners.iter().cycle().skip(1)).map(|(a, b)| b.minus(*a).unit().turned());
    let mut axes = edges.chain([Point::new(1.0, 0.0), Point::new(0.0, 1.0)]);
    let along = |points: &[Point], axis: Point| ends(points.iter().map(|point| point.dot(axis)));
    axes.all(|axis| {
        let ((a_least, a_most), (b_least, b_most)) = (along(&corners_of(text), axis), along(corners, axis));
        a_most.min(b_most) - a_least.max(b_least) > slack
    })
}

/// The least and the most of some numbers.
fn ends(numbers: impl Iterator<Item = f64>) -> (f64, f64) {
    numbers.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), number| (least.min(number), most.max(number)))
}

/// What may not lie on what is read.
fn sign(element: Node<'_, '_>) -> Option<Thing> {
    if has_class(element, "outline") {
        let sign = Thing::new(element, "the outline".to_string(), extent(element));
        Some(match element.attribute("d") {
            Some(path) => {
                let corner = Point::new(extent(element).x, extent(element).y);
                sign.with(Shape::Corners(corners(path).into_iter().map(|place| place.minus(corner)).collect()))
            }
            None if element.has_tag_name("circle") => sign.with(Shape::Round),
            None => sign,
        })
    } else if has_class(element, "timer-track") {
        Some(Thing::new(element, "the ring".to_string(), extent(element)).with(Shape::Round))
    } else if has_class(element, "status-disc") {
        Some(Thing::new(element, "the state".to_string(), extent(element)).with(Shape::Round))
    } else if has_class(element, "bar") {
        let end = |number| Point::new(length(element, &format!("x{number}")), length(element, &format!("y{number}")));
        let (from, to) = (end(1), end(2));
        let corner = Point::new(from.x.min(to.x), from.y.min(to.y));
        let area = Area { x: corner.x, y: corner.y, width: (from.x - to.x).abs(), height: (from.y - to.y).abs() };
        let corners = [from, to].map(|end| end.minus(corner)).to_vec();
        Some(Thing::new(element, "a bar of a cut link".to_string(), area).with(Shape::Corners(corners)))
    } else if has_class(element, "mark") {
        let message = element.ancestors().find_map(|around| around.attribute("data-message")).unwrap_or_default();
        let area = Area::around(Point::default(), 2.0 * MARK, 2.0 * MARK);
        Some(Thing::new(element, format!("the message {message}"), area).with(Shape::Round))
    } else {
        None
    }
}

fn has_class(element: Node<'_, '_>, class: &str) -> bool {
    element.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|other| other == class))
}

fn words(text: Node<'_, '_>) -> String {
    text.descendants().filter(Node::is_text).filter_map(|part| part.text()).collect()
}

/// Where something stands on the stage, seen from where its way has brought it if it moves.
fn placed(element: Node<'_, '_>, local: Area) -> (Area, Option<Way>) {
    let mut area = local;
    for around in element.ancestors() {
        if let Some(path) = around.attribute("data-path") {
            let [x1, y1, x2, y2, begin, end, rest] = numbers(path)[..] else { panic!("{path} is no path") };
            return (area, Some(Way::Line { from: (x1, y1), to: (x2, y2), begin, end, rest }));
        }
        let transform = around.attribute("transform").unwrap_or_default();
        let given = |name: &str| transform.split(name).nth(1).and_then(|rest| rest.split(')').next()).map(numbers);
        let scale = given("scale(").map_or(1.0, |numbers| numbers[0]);
        let shift = given("translate(").map_or(Point::default(), |numbers| Point::new(numbers[0], numbers[1]));
        area = Area {
            x: area.x * scale + shift.x,
            y: area.y * scale + shift.y,
            width: area.width * scale,
            height: area.height * scale,
        };
    }
    (area, None)
}

/// The numbers in an attribute, which need nothing between them where the next one begins with a minus.
fn numbers(text: &str) -> Vec<f64> {
    let apart = text.replace('-', " -");
    apart.split([' ', ',']).filter(|word| !word.is_empty()).map(|word| word.parse().expect("a number")).collect()
}

fn length(element: Node<'_, '_>, name: &str) -> f64 {
    element.attribute(name).map_or(0.0, |value| value.parse().expect("a number"))
}

fn rect(element: Node<'_, '_>) -> Area {
    let length = |name| length(element, name);
    Area { x: length("x"), y: length("y"), width: length("width"), height: length("height") }
}

/// The box around a rectangle, a circle, or a path, before it is moved.
fn extent(element: Node<'_, '_>) -> Area {
    match element.tag_name().name() {
        "rect" => rect(element),
        "circle" => {
            let side = 2.0 * length(element, "r");
            Area::around(Point::new(length(element, "cx"), length(element, "cy")), side, side)
        }
        _ => {
            let corners = corners(element.attribute("d").unwrap_or_default());
            let ((left, right), (top, bottom)) =
                (ends(corners.iter().map(|corner| corner.x)), ends(corners.iter().map(|corner| corner.y)));
            Area { x: left, y: top, width: right - left, height: bottom - top }
        }
    }
}

/// The corners of a path, with as many for its curves as the eye needs.
fn corners(path: &str) -> Vec<Point> {
    let mut corners = Vec::new();
    kurbo::flatten(BezPath::from_svg(path).expect("a path"), 0.2, |part| {
        if let PathEl::MoveTo(place) | PathEl::LineTo(place) = part {
            corners.push(Point::new(place.x, place.y));
        }
    });
    corners
}

/// The size of the letters of a text on the stage, in its units.
fn size_in(text: Node<'_, '_>, is_small: bool) -> f64 {
    let scales =
        text.ancestors().filter_map(|around| around.attribute("transform")?.split("scale(").nth(1)?.split(')').next());
    scales.fold(size_of(text, is_small), |size, scale| size * numbers(scale)[0])
}

/// The size of the letters of a text, before it is enlarged.
fn size_of(text: Node<'_, '_>, is_small: bool) -> f64 {
    let within = |name| text.ancestors().any(|around| has_class(around, name));
    let is_label = has_class(text, "node-label");
    let rule = match () {
        () if is_label && is_small => ".crowded:not(.near) .node-label",
        () if is_label && within("small") => ".node.small .node-label",
        () if is_label => ".node .node-label",
        () if has_class(text, "node-badge") => ".node .node-badge",
        () if within("gauge") => ".node .gauge text",
        () if within("queue") => ".node .queue text",
        () if within("tally") => ".node .tally text",
        () if within("node-tag") => ".node-tag text",
        () if within("cell") => ".cell text",
        () if within("link-note") => ".link-note text",
        () if within("message-label") => ".message-label text",
        () => ".hull-tag text",
    };
    size_of_letters(rule)
}

/// The box around the letters of a text, before it is moved.
fn text_area(text: Node<'_, '_>, is_small: bool, letters: &Letters) -> Area {
    let within = |name| text.ancestors().any(|around| has_class(around, name));
    let is_label = has_class(text, "node-label");
    let size = size_of(text, is_small);
    let font = match () {
        () if has_class(text, "mono") => Font::Mono,
        () if is_label || within("hull-tag") => Font::Bold,
        () => Font::Regular,
    };
    let width = size * letters.width(words(text).trim(), font);
    let start = if within("queue") || within("tally") { 0.0 } else { width / 2.0 };
    let top = length(text, "y") - ASCENT * size;
    let descent = if words(text).contains(BELOW_THE_LINE) { DESCENT } else { 0.0 };
    Area { x: length(text, "x") - start, y: top, width, height: (ASCENT + descent) * size }
}

/// In the stage's own units, as a rule of the stylesheet says.
fn size_of_letters(rule: &str) -> f64 {
    let start = STYLE.find(&format!("\n{rule} {{")).unwrap_or_else(|| panic!("there is no rule {rule}"));
    let size = STYLE[start..].split("font-size: ").nth(1).and_then(|rest| rest.split("px").next());
    size.and_then(|size| size.parse().ok()).unwrap_or_else(|| panic!("{rule} has no size"))
}
