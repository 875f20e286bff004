//! A node: outline, label, timer ring, log and tag.

use sim::frame::{CellState, Gauge, Known, Node, Queue, Shape, Status, Tally, Tone};
use sim::{Text, t};
use yew::prelude::*;

use super::cells::{self, Cells};
use super::message::{draw_mask, kind_class};
use crate::geometry::{Area, Point};
use crate::math;
use crate::motion::Way;
use crate::words::{length, number, say, shorten};

/// How far from the middle of a node what stands below it begins.
const BELOW: f64 = 53.0;
/// Dots that stand for what waits at a node, in rows; the others are counted.
const MOST_DOTS: u32 = 10;
const DOTS_IN_ROW: u32 = 5;
const DOT_STEP: f64 = 11.0;
/// How far from the middle of a node what stands beside it begins.
const BESIDE: f64 = 46.0;
/// Dots of a tally, in one row.
const MOST_VOTES: u32 = 7;
const TALLY_HEIGHT: f64 = 18.0;
/// The sizes of letters in the stylesheet, before they are enlarged to be read.
const LABEL: f64 = 17.0;
const SMALL_LABEL: f64 = 15.0;
const CROWDED_LABEL: f64 = 23.0;
const BADGE: f64 = 12.0;
/// The least letters, in a drawing that is shown as large as its units say.
pub const LEAST_LETTER: f64 = 11.5;
/// How high capital letters and figures are, and how wide equal ones, in letters of size 1.
const CAPITAL: f64 = 0.73;
const MONO: f64 = 0.6;

/// The class that colours something by its meaning.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "tone-plain",
        Tone::Leader => "tone-leader",
        Tone::Candidate => "tone-candidate",
        Tone::Committed => "tone-committed",
        Tone::Violation => "tone-violation",
        Tone::Aside => "tone-aside",
    }
}

/// A node in a sentence: "S3, candidate, T5".
pub fn describe(node: &Node) -> Text {
    match state(node) {
        state if state.is_empty() => t!("{label}", label = node.label.clone()),
        state => t!("{label}, {state}", label = node.label.clone(), state = state),
    }
}

/// What stands beside a node: from when it is, where it is what another node knows, or what the lab remarks, or what does
/// not fit into its outline.
fn remark(node: &Node, text: f64, is_crowded: bool) -> Option<Text> {
    // Clients stand at the edge, where there is little room.
    match (node.known, node.shape) {
        (Known::Now, _) => node.tag.clone().or_else(|| {
            // In a crowd nodes say their names only.
            (!is_crowded && !node.badge.is_empty() && !has_room_for_badge(node, text))
                .then(|| Text::verbatim(shorten(&say(&node.badge), 22)))
        }),
        (Known::AsOf { event: 0, .. }, shape) if shape.is_small() => Some(t!("start")),
        (Known::AsOf { event: 0, .. }, _) => Some(t!("as of the start")),
        (Known::AsOf { event, .. }, shape) if shape.is_small() => Some(t!("event {event}", event = event)),
        (Known::AsOf { event, .. }, _) => Some(t!("as of event {event}", event = event)),
        (Known::Nothing, shape) if shape.is_small() => None,
        (Known::Nothing, _) => Some(t!("nothing heard")),
    }
}

/// The state of a node in a few words, with what the lab remarks: "leader, T5, crashed, last leader of 2".
pub fn state(node: &Node) -> Text {
    let status = match node.status {
        // Its part says so.
        Status::Up | Status::Off => t!(""),
        Status::Crashed => t!("crashed"),
        Status::Paused => t!("paused"),
    };
    // The role of a node that is down may say so already.
    let status = Some(status).filter(|status| *status != node.role);
    let remark = if node.known == Known::Now { node.tag.clone() } else { remark(node, 1.0, false) };
    let gauge = node.gauge.as_ref().filter(|_| node.status == Status::Up).map(|gauge| gauge.text.clone());
    let queue = node.queue.as_ref().filter(|queue| queue.waiting > 0);
    let queue = queue.map(|queue| t!("{count} waiting", count = queue.waiting));
    let tally = node.tally.as_ref().map(|tally| tally.text.clone());
    let parts = [Some(node.role.clone()), Some(node.badge.clone()), tally, gauge, queue, status, remark];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.reduce(|all, part| t!("{all}, {part}", all = all, part = part)).unwrap_or_default()
}

/// The width of text in the monospaced font at 11.5 px.
pub fn mono_width(text: &str) -> f64 {
    length(text) as f64 * 6.9
}

/// How much larger letters of this size have to be, where the least are so much larger than usual.
fn enlarged(size: f64, text: f64) -> f64 {
    (LEAST_LETTER * text / size).max(1.0)
}

fn badge_width(node: &Node, text: f64) -> f64 {
    length(&say(&node.badge)) as f64 * MONO * BADGE * enlarged(BADGE, text)
}

/// Whether the badge fits into the outline.
fn has_room_for_badge(node: &Node, text: f64) -> bool {
    let room = match node.shape {
        // Below its head there is room for its name alone.
        Shape::Person => return false,
        Shape::Client => 40.0,
        Shape::Diamond => 44.0,
        Shape::Circle | Shape::Hexagon | Shape::Outside => 54.0,
        Shape::Queue => 60.0,
        Shape::Box | Shape::Gateway | Shape::Store => 74.0,
    };
    badge_width(node, text) <= room
}

/// Whether the words about how busy a node is fit into its outline.
fn has_room_for_gauge(gauge: &Gauge, text: f64) -> bool {
    length(&say(&gauge.text)) as f64 * MONO * LEAST_LETTER * text <= 74.0
}

/// The size of letters of a node's label.
fn label_size(node: &Node, is_crowded: bool) -> f64 {
    match node.shape {
        _ if is_crowded => CROWDED_LABEL,
        shape if shape.is_small() => SMALL_LABEL,
        _ => LABEL,
    }
}

/// Whether a label in bold letters at least so large fits into the outline of a node in a crowd.
pub fn has_room_for_label(label: &str, text: f64) -> bool {
    length(label) as f64 * 0.76 * CROWDED_LABEL * enlarged(CROWDED_LABEL, text) <= 72.0
}

/// The places for a node's tag, the best first.
pub fn tag_places(node: &Node, at: Point, text: f64, is_crowded: bool) -> Vec<Area> {
    let Some(words) = remark(node, text, is_crowded) else { return Vec::new() };
    places_around(node, at, (length(&say(words)) as f64 * 6.2 + 24.0, 20.0), text)
}

/// The places around a node for something of this size, before it is enlarged, the best first.
pub fn places_around(node: &Node, at: Point, size: (f64, f64), text: f64) -> Vec<Area> {
    let (width, height) = (size.0 * text, size.1 * text);
    let (half, beside) = (half_height(node), half_width(node) + 10.0 + width / 2.0);
    let above = half + 18.0 + height / 2.0;
    let beyond_log = BELOW + cells::HEIGHT * text + 6.0 + height / 2.0;
    let below = if node.cells.is_empty() { above } else { beyond_log };
    let around = [(0.0, -above), (0.0, below), (beside, -half / 2.0), (-beside, -half / 2.0), (0.0, -beyond_log)];
    // Above what waits beside it.
    let queued = [(beside, -23.0), (-beside, -23.0), (0.0, -above), (0.0, below)];
    let places = if node.shape == Shape::Box { &queued[..] } else { &around };
    places.iter().map(|(x, y)| Area::around(at.plus(Point::new(*x, *y)), width, height)).collect()
}

/// The places for a node's log of this width, the best first: below it or above it, a little to the side where need be, or
/// beside it.
pub fn log_places(node: &Node, at: Point, width: f64, text: f64) -> Vec<Area> {
    let (width, height) = (width * text + 3.0, cells::HEIGHT * text + 3.0);
    let aside = [0.0, -10.0, 10.0, -20.0, 20.0, -30.0, 30.0, -40.0, 40.0, -50.0, 50.0];
    let beside = half_width(node) + 12.0 + width / 2.0;
    let away = BELOW + cells::HEIGHT * text / 2.0;
    let places = [away, -away].into_iter().flat_map(|y| aside.map(|x| Point::new(x, y)));
    let places = places.chain([Point::new(-beside, 0.0), Point::new(beside, 0.0)]);
    places.map(|place| Area::around(at.plus(place), width, height)).collect()
}

/// The places for what a node counts, the best first: beside it, or above or below it.
pub fn tally_places(node: &Node, at: Point, text: f64) -> Vec<Area> {
    let Some(tally) = &node.tally else { return Vec::new() };
    let (width, height) = (tally_width(tally) * text, TALLY_HEIGHT * text);
    let (beside, above) = (half_width(node) + 12.0 + width / 2.0, half_height(node) + 10.0 + height / 2.0);
    let below = BELOW + cells::HEIGHT * text + 4.0 + height / 2.0;
    let places =
        [(beside, 0.0), (-beside, 0.0), (beside, -24.0), (-beside, -24.0), (0.0, -above), (0.0, above), (0.0, below)];
    let corners = [(beside, above), (-beside, above), (beside, -above), (-beside, -above)];
    let all = places.into_iter().chain(corners);
    all.map(|(x, y)| Area::around(at.plus(Point::new(x, y)), width, height)).collect()
}

fn tally_width(tally: &Tally) -> f64 {
    f64::from(tally.needed.min(MOST_VOTES)) * DOT_STEP + 6.0 + length(&say(&tally.text)) as f64 * 6.4
}

/// What a node covers with its outline, its ring and the sign of its state.
pub fn outline_areas(node: &Node, at: Point) -> Vec<Area> {
    let mut areas = match node.shape {
        Shape::Client => vec![Area::around(at, 46.0, 46.0)],
        Shape::Person => vec![Area::around(at, 46.0, 46.0), Area::around(at.plus(Point::new(0.0, -24.0)), 19.0, 15.0)],
        Shape::Box | Shape::Store | Shape::Queue | Shape::Outside => vec![Area::around(at, 81.0, 69.0)],
        Shape::Gateway => vec![Area::around(at, 95.0, 63.0)],
        // Together they hold a circle.
        _ => vec![Area::around(at, 90.0, 66.0), Area::around(at, 66.0, 90.0)],
    };
    if matches!(node.status, Status::Crashed | Status::Paused) {
        areas.push(Area::around(at.plus(status_corner(node.shape)), 24.0, 24.0));
    }
    if node.lies.is_some() {
        areas.push(Area::around(at.plus(mask_corner(node.shape)), 28.0, 24.0));
    }
    areas
}

/// The ground inside the outline on which its name stands.
pub fn ground(node: &Node, at: Point) -> Area {
    match node.shape {
        Shape::Client | Shape::Person => Area::around(at, 44.0, 44.0),
        Shape::Box | Shape::Store => Area::around(at, 78.0, 66.0),
        Shape::Queue => Area::around(at, 64.0, 60.0),
        Shape::Outside => Area::around(at, 56.0, 46.0),
        Shape::Gateway => Area { x: at.x - 46.0, y: at.y - 30.0, width: 68.0, height: 60.0 },
        Shape::Circle | Shape::Diamond | Shape::Hexagon => Area::around(at, 48.0, 40.0),
    }
}

/// What a node covers with what waits there, and with its words.
pub fn text_areas(node: &Node, at: Point, text: f64) -> Vec<Area> {
    let mut areas = Vec::new();
    let waiting = node.queue.as_ref().map_or(0, |queue| queue.waiting);
    if waiting > 0 {
        let count = if waiting > MOST_DOTS { 34.0 * text } else { 0.0 };
        let width = f64::from(DOTS_IN_ROW) * DOT_STEP + count;
        areas.push(Area { x: at.x + BESIDE, y: at.y - 10.0, width, height: 30.0 });
    }
    // Elsewhere messages go under the outline before they come to it.
    if node.shape == Shape::Gateway && !node.badge.is_empty() && has_room_for_badge(node, text) {
        let middle = at.plus(Point::new(GATEWAY_MIDDLE, 10.0));
        areas.push(Area::around(middle, badge_width(node, text), BADGE * enlarged(BADGE, text)));
    }
    areas
}

/// How far from the middle of a node its menu button stands, both ways.
pub fn corner(node: &Node) -> f64 {
    if node.shape.is_small() { 31.0 } else { 40.0 }
}

/// Where the texts of a gateway have their middle, beside that of its outline.
const GATEWAY_MIDDLE: f64 = -8.0;

/// How far below the middle of a person its name has its own.
const PERSON_MIDDLE: f64 = 5.0;

/// The radius of what lies inside the outline of a node, whatever its shape.
pub fn core(node: &Node) -> f64 {
    if node.shape.is_small() { 21.0 } else { 27.0 }
}

fn half_height(node: &Node) -> f64 {
    match node.shape {
        Shape::Client => 22.0,
        Shape::Person => 30.0,
        Shape::Box | Shape::Gateway | Shape::Store | Shape::Queue | Shape::Outside => 33.0,
        _ => 42.0,
    }
}

fn half_width(node: &Node) -> f64 {
    match node.shape {
        shape if shape.is_small() => 22.0,
        _ => 42.0,
    }
}

/// What a drawing gives to a node.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its middle.
    pub at: Point,
    /// Where its log stands, if there is room for it, and the cells that do.
    pub log: Option<(Area, Cells)>,
    /// Where its tag stands, if there is room for it.
    pub tag: Option<Area>,
    /// Where the answers that it counts stand, if there is room for them.
    pub tally: Option<Area>,
    /// How much larger free-standing texts are than usual.
    pub text: f64,
    /// Whether there are so many nodes that it is small and says its name only.
    pub is_crowded: bool,
}

/// Draws a node at its place as it is at a moment; `selected` adds a ring.
pub fn draw(node: &Node, place: &Place, at_us: u64, selected: bool) -> Html {
    let class = classes!(
        "node",
        tone_class(node.tone),
        match node.status {
            Status::Up => None,
            Status::Crashed => Some("crashed"),
            Status::Paused => Some("paused"),
            Status::Off => Some("off"),
        },
        match node.known {
            Known::Now => None,
            Known::AsOf { .. } => Some("stale"),
            Known::Nothing => Some("unknown"),
        },
        node.shape.is_small().then_some("small"),
    );
    let at = place.at;
    html! {
        <g {class} transform={format!("translate({} {})", number(at.x), number(at.y))}>
            if selected {
                { draw_selection(node.shape) }
            }
            if node.status == Status::Up && has_ring(node.shape) {
                { draw_timer(node, at_us) }
            }
            { draw_outline(node.shape) }
            { draw_words(node, place) }
            { for node.queue.as_ref().map(|queue| draw_queue(queue, place.text)) }
            { draw_status(node.status, node.shape) }
            if node.lies.is_some() {
                { draw_liar(node.shape) }
            }
            { for place.log.as_ref().map(|(area, cells)| cells.draw(area.center().minus(at), place.text)) }
            { for node.tally.as_ref().zip(place.tally).map(|(tally, area)| draw_tally(tally, area.center().minus(at), place.text)) }
            { draw_tag(node, place) }
        </g>
    }
}

/// The words inside the outline: the label, and below it the badge, or how busy the node is.
fn draw_words(node: &Node, place: &Place) -> Html {
    let text = place.text;
    let middle = if node.shape == Shape::Gateway { GATEWAY_MIDDLE } else { 0.0 };
    let below_head = if node.shape == Shape::Person { PERSON_MIDDLE } else { 0.0 };
    let label = label_size(node, place.is_crowded);
    let label_scale = enlarged(label, text);
    let label_height = CAPITAL * label * label_scale;
    let say_label = |y: f64| html! { <text class="node-label" transform={lettered((middle, y), label_scale)}>{ &node.label }</text> };
    if place.is_crowded {
        return say_label(below_head + label_height / 2.0);
    }
    if let Some(gauge) = &node.gauge {
        let words = has_room_for_gauge(gauge, text);
        return html! { <>{ say_label(-8.0) }{ draw_gauge(gauge, words.then_some(text)) }</> };
    }
    if node.badge.is_empty() || !has_room_for_badge(node, text) {
        return say_label(below_head + label_height / 2.0);
    }
    let badge_scale = enlarged(BADGE, text);
    let badge_height = CAPITAL * BADGE * badge_scale;
    let half = (label_height + 7.0 + badge_height) / 2.0;
    let (width, height) = (badge_width(node, text) + 7.0 * badge_scale, badge_height + 6.0);
    let pill = Area::around(Point::new(middle, half - badge_height / 2.0), width, height);
    html! {
        <>
            { say_label(label_height - half) }
            if let Some(era) = node.era.and_then(era_class) {
                <rect class={classes!("era", era)} x={number(pill.x)} y={number(pill.y)} width={number(width)}
                    height={number(height)} rx={number(height / 2.0)} />
            }
            <text class={classes!("node-badge", "mono", node.era.map(|_| "on-era"))} transform={lettered((middle, half), badge_scale)}>
                { say(&node.badge) }
            </text>
        </>
    }
}

/// Where letters stand that are so much larger than usual.
pub fn lettered((x, y): (f64, f64), scale: f64) -> String {
    format!("translate({} {}) scale({})", number(x), number(y), math::digits(scale, 3))
}

/// The class that gives an era its colour; colours come again after three.
pub fn era_class(era: u64) -> Option<&'static str> {
    let place = era.checked_sub(1)? % 3;
    Some(["era-1", "era-2", "era-3"][place as usize])
}

fn draw_outline(shape: Shape) -> Html {
    match shape {
        Shape::Circle => html! { <circle class="outline" r="34" /> },
        Shape::Hexagon => html! { <path class="outline" d="M32-18.5V18.5L0 37L-32 18.5V-18.5L0-37Z" /> },
        Shape::Diamond => html! { <path class="outline" d="M0-39L39 0L0 39L-39 0Z" /> },
        Shape::Box => html! { <rect class="outline" x="-39" y="-33" width="78" height="66" rx="9" /> },
        Shape::Client => html! { <rect class="outline" x="-22" y="-22" width="44" height="44" rx="7" /> },
        Shape::Gateway => html! { <path class="outline" d="M-46-30H22L40 0L22 30H-46Z" /> },
        Shape::Store => html! {
            <path class="outline" d="M-39-26A39 7 0 0 1 39-26V26A39 7 0 0 1-39 26ZM39-26A39 7 0 0 1-39-26" />
        },
        Shape::Queue => html! {
            <path class="outline" d="M-32-30H32A7 30 0 0 1 32 30H-32A7 30 0 0 1-32-30ZM32 30A7 30 0 0 1 32-30" />
        },
        Shape::Outside => html! {
            <path class="outline" d="M-24 31A18 18 0 0 1-33-2A17 17 0 0 1-17-22A21 21 0 0 1 19-24A17 17 0 0 1 34-2A18 18 0 0 1 24 31Z" />
        },
        Shape::Person => html! {
            <path class="outline" d="M-22 22V0A14 14 0 0 1-8-14H8A14 14 0 0 1 22 0V22ZM-8-22A8 8 0 1 1 8-22A8 8 0 1 1-8-22Z" />
        },
    }
}

/// Whether the next timer is drawn as a ring; what serves and balances has too many of them.
fn has_ring(shape: Shape) -> bool {
    matches!(shape, Shape::Circle | Shape::Diamond | Shape::Hexagon)
}

/// How busy a node is, with the words about it where they have room in letters so much larger than usual.
fn draw_gauge(gauge: &Gauge, text: Option<f64>) -> Html {
    const WIDTH: f64 = 54.0;
    let full = f64::from(gauge.permille.min(1_000)) / 1_000.0 * WIDTH;
    html! {
        <g class="gauge">
            <rect class="gauge-track" x={number(-WIDTH / 2.0)} y="0" width={number(WIDTH)} height="7" rx="3.5" />
            <rect class={classes!("gauge-full", tone_class(gauge.tone))} x={number(-WIDTH / 2.0)} y="0" width={number(full)} height="7" rx="3.5" />
            if let Some(text) = text {
                <text class="mono" transform={lettered((0.0, 14.0 + CAPITAL * LEAST_LETTER * text), text)}>{ say(&gauge.text) }</text>
            }
        </g>
    }
}

/// A dot for each thing that waits, up to ten; the others are counted.
fn draw_queue(queue: &Queue, text: f64) -> Html {
    let (dots, more) = (queue.waiting.min(MOST_DOTS), queue.waiting.saturating_sub(MOST_DOTS));
    let row_y = |row: u32| -3.0 + f64::from(row) * 12.0;
    let dot = |place: u32| {
        let x = BESIDE + 5.0 + f64::from(place % DOTS_IN_ROW) * DOT_STEP;
        html! { <circle cx={number(x)} cy={number(row_y(place / DOTS_IN_ROW))} r="4.4" /> }
    };
    html! {
        <g class={classes!("queue", kind_class(queue.kind))}>
            { for (0..dots).map(dot) }
            if more > 0 {
                <text class="mono" transform={lettered((BESIDE + f64::from(DOTS_IN_ROW) * DOT_STEP + 4.0, row_y(1) + 4.0), text)}>
                    { say(t!("+{more}", more = more)) }
                </text>
            }
        </g>
    }
}

/// A filled dot for each answer that has come, an empty one for each that is missing, and the same in words.
pub fn draw_tally(tally: &Tally, middle: Point, text: f64) -> Html {
    let left = -tally_width(tally) / 2.0;
    let dots = tally.needed.min(MOST_VOTES);
    let dot = |place: u32| {
        let x = left + 5.0 + f64::from(place) * DOT_STEP;
        html! { <circle class={if place < tally.got { "had" } else { "missing" }} cx={number(x)} cy="0" r="4.2" /> }
    };
    html! {
        <g class="tally" transform={lettered((middle.x, middle.y), text)}>
            { for (0..dots).map(dot) }
            <text x={number(left + f64::from(dots) * DOT_STEP + 6.0)} y="4">{ say(&tally.text) }</text>
        </g>
    }
}

fn draw_selection(shape: Shape) -> Html {
    match shape {
        Shape::Client => html! { <rect class="selection" x="-28" y="-28" width="56" height="56" rx="11" /> },
        Shape::Person => html! { <rect class="selection" x="-28" y="-36" width="56" height="64" rx="11" /> },
        Shape::Box | Shape::Store | Shape::Queue | Shape::Outside => {
            html! { <rect class="selection" x="-45" y="-39" width="90" height="78" rx="13" /> }
        }
        _ => html! { <circle class="selection" r="48" /> },
    }
}

fn draw_timer(node: &Node, at_us: u64) -> Html {
    let ring = node.timers.first().map(|timer| {
        let (begin, end) = (timer.set_at_us as f64, timer.fires_at_us as f64);
        let (_, left) = Way::Ring { begin, end }.at(at_us as f64, true);
        (format!("{} {}", timer.set_at_us, timer.fires_at_us), left)
    });
    html! {
        <>
            <circle class="timer-track" r="42" />
            if let Some((span, left)) = ring {
                <circle class="timer" r="42" pathLength="1" transform="rotate(-90)" data-span={span} stroke-dasharray={left} />
            }
        </>
    }
}

fn draw_status(status: Status, shape: Shape) -> Html {
    let Point { x, y } = status_corner(shape);
    let corner = format!("translate({} {})", number(x), number(y));
    match status {
        Status::Up | Status::Off => Html::default(),
        Status::Crashed => html! {
            <g transform={corner}><circle class="status-disc" r="11" /><path class="status-cross" d="M-4-4l8 8M4-4l-8 8" /></g>
        },
        Status::Paused => html! {
            <g transform={corner}><circle class="status-disc" r="11" /><path class="status-pause" d="M-2.5-4v8M2.5-4v8" /></g>
        },
    }
}

/// The sign of a node that lies.
fn draw_liar(shape: Shape) -> Html {
    let Point { x, y } = mask_corner(shape);
    html! {
        <g transform={format!("translate({} {})", number(x), number(y))}><circle class="status-disc" r="13" />{ draw_mask() }</g>
    }
}

/// Where the sign of a node that lies stands, seen from its middle: opposite to that of its state.
fn mask_corner(shape: Shape) -> Point {
    let Point { x, y } = status_corner(shape);
    Point::new(-x, y)
}

/// Where the sign of a node's state stands, seen from its middle.
fn status_corner(shape: Shape) -> Point {
    match shape {
        Shape::Client | Shape::Person => Point::new(20.0, -20.0),
        Shape::Box | Shape::Store | Shape::Queue => Point::new(36.0, -30.0),
        _ => Point::new(29.0, -29.0),
    }
}

/// The class that draws a log entry by how far it has got.
pub fn state_class(state: CellState) -> &'static str {
    match state {
        CellState::Plain => "plain",
        CellState::Committed => "committed",
        CellState::Uncommitted => "uncommitted",
        CellState::Conflicting => "conflicting",
        CellState::Unwritten => "unwritten",
    }
}

fn draw_tag(node: &Node, place: &Place) -> Html {
    let (Some(words), Some(area)) = (remark(node, place.text, place.is_crowded), place.tag) else {
        return Html::default();
    };
    let Point { x, y } = area.center().minus(place.at);
    let width = area.width / place.text;
    html! {
        <g class="node-tag" transform={lettered((x, y), place.text)}>
            <rect x={number(-width / 2.0)} y="-10" width={number(width)} height="20" rx="10" />
            <text y="4">{ say(words) }</text>
        </g>
    }
}
