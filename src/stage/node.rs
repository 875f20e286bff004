//! A node: outline, label, timer ring, log and tag.

use sim::frame::{Cell, CellState, Gauge, Known, Node, Queue, Shape, Status, Tone};
use sim::{Text, t};
use yew::prelude::*;

use super::message::kind_class;
use crate::geometry::{Area, Point};
use crate::motion::Way;
use crate::words::{length, number, say, shorten};

const CELL_HEIGHT: f64 = 19.0;
const CELL_GAP: f64 = 2.0;
const CELL_LETTER: f64 = 6.7;
/// Log cells that fit under a node; the others are counted.
const MOST_CELLS: usize = 6;
/// How far from the middle of a node that of its log is.
const LOG_AWAY: f64 = 62.5;
/// Dots that stand for what waits at a node, in rows; the others are counted.
const MOST_DOTS: u32 = 10;
const DOTS_IN_ROW: u32 = 5;
const DOT_STEP: f64 = 11.0;
/// How far from the middle of a node what stands beside it begins.
const BESIDE: f64 = 46.0;

/// The class that colours something by its meaning.
pub fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "tone-plain",
        Tone::Leader => "tone-leader",
        Tone::Candidate => "tone-candidate",
        Tone::Committed => "tone-committed",
        Tone::Violation => "tone-violation",
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
fn remark(node: &Node) -> Option<Text> {
    // Clients stand at the edge, where there is little room.
    match (node.known, node.shape) {
        (Known::Now, _) => node
            .tag
            .clone()
            .or_else(|| (!has_room_for_badge(node)).then(|| Text::verbatim(shorten(&say(&node.badge), 22)))),
        (Known::AsOf { event: 0, .. }, Shape::Client) => Some(t!("start")),
        (Known::AsOf { event: 0, .. }, _) => Some(t!("as of the start")),
        (Known::AsOf { event, .. }, Shape::Client) => Some(t!("event {event}", event = event)),
        (Known::AsOf { event, .. }, _) => Some(t!("as of event {event}", event = event)),
        (Known::Nothing, Shape::Client) => None,
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
    let remark = if node.known == Known::Now { node.tag.clone() } else { remark(node) };
    let gauge = node.gauge.as_ref().filter(|_| node.status == Status::Up).map(|gauge| gauge.text.clone());
    let queue = node.queue.as_ref().filter(|queue| queue.waiting > 0);
    let queue = queue.map(|queue| t!("{count} waiting", count = queue.waiting));
    let parts = [Some(node.role.clone()), Some(node.badge.clone()), gauge, queue, Some(status), remark];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.reduce(|all, part| t!("{all}, {part}", all = all, part = part)).unwrap_or_default()
}

/// The width of text in the monospaced font at 11.5 px.
pub fn mono_width(text: &str) -> f64 {
    length(text) as f64 * 6.9
}

/// Whether the badge fits into the outline.
fn has_room_for_badge(node: &Node) -> bool {
    let room = match node.shape {
        Shape::Client => 40.0,
        Shape::Circle | Shape::Diamond => 60.0,
        Shape::Hexagon => 62.0,
        Shape::Box | Shape::Gateway => 74.0,
    };
    length(&say(&node.badge)) as f64 * 6.7 <= room
}

/// Whether the badge would touch a round outline in letters of the usual size.
fn is_long_badge(node: &Node) -> bool {
    has_ring(node.shape) && length(&say(&node.badge)) > 7
}

/// The places for a node's tag, the best first.
pub fn tag_places(node: &Node, at: Point, text: f64) -> Vec<Area> {
    let Some(words) = remark(node) else { return Vec::new() };
    let (width, height) = ((length(&say(words)) as f64 * 6.2 + 24.0) * text, 20.0 * text);
    let (half, beside) = (half_height(node), half_width(node) + 10.0 + width / 2.0);
    let above = half + 18.0 + height / 2.0;
    let beyond_log = LOG_AWAY + CELL_HEIGHT / 2.0 + 6.0 + height / 2.0;
    let below = if node.cells.is_empty() { above } else { beyond_log };
    let around = [(0.0, -above), (0.0, below), (beside, -half / 2.0), (-beside, -half / 2.0), (0.0, -beyond_log)];
    // Above what waits beside it.
    let queued = [(beside, -23.0), (-beside, -23.0), (0.0, -above), (0.0, below)];
    let places = if node.shape == Shape::Box { &queued[..] } else { &around };
    places.iter().map(|(x, y)| Area::around(at.plus(Point::new(*x, *y)), width, height)).collect()
}

/// The places for a node's log, for which there is so much room, the best first: below it or above it, a little to the
/// side where need be, or beside it. None where there is no log.
pub fn log_places(node: &Node, at: Point, room: f64) -> Vec<Area> {
    if node.cells.is_empty() {
        return Vec::new();
    }
    let width = cells_width(&shown_cells(&node.cells, room)) + 3.0;
    let aside = [0.0, -10.0, 10.0, -20.0, 20.0, -30.0, 30.0, -40.0, 40.0, -50.0, 50.0];
    let beside = half_width(node) + 12.0 + width / 2.0;
    let places = [LOG_AWAY, -LOG_AWAY].into_iter().flat_map(|y| aside.map(|x| Point::new(x, y)));
    let places = places.chain([Point::new(-beside, 0.0), Point::new(beside, 0.0)]);
    places.map(|place| Area::around(at.plus(place), width, CELL_HEIGHT + 3.0)).collect()
}

/// What a node covers with its outline, its ring and the sign of its state.
pub fn outline_areas(node: &Node, at: Point) -> Vec<Area> {
    let mut areas = match node.shape {
        Shape::Client => vec![Area::around(at, 46.0, 46.0)],
        Shape::Box => vec![Area::around(at, 81.0, 69.0)],
        Shape::Gateway => vec![Area::around(at, 95.0, 63.0)],
        // Together they hold a circle.
        _ => vec![Area::around(at, 90.0, 66.0), Area::around(at, 66.0, 90.0)],
    };
    if matches!(node.status, Status::Crashed | Status::Paused) {
        areas.push(Area::around(at.plus(status_corner(node.shape)), 24.0, 24.0));
    }
    areas
}

/// The ground inside the outline on which its name stands.
pub fn ground(node: &Node, at: Point) -> Area {
    match node.shape {
        Shape::Client => Area::around(at, 44.0, 44.0),
        Shape::Box => Area::around(at, 78.0, 66.0),
        Shape::Gateway => Area { x: at.x - 46.0, y: at.y - 30.0, width: 68.0, height: 60.0 },
        Shape::Circle | Shape::Diamond | Shape::Hexagon => Area::around(at, 48.0, 40.0),
    }
}

/// What a node covers with what waits there, and with its words.
pub fn text_areas(node: &Node, at: Point) -> Vec<Area> {
    let mut areas = Vec::new();
    let waiting = node.queue.as_ref().map_or(0, |queue| queue.waiting);
    if waiting > 0 {
        let count = if waiting > MOST_DOTS { 34.0 } else { 0.0 };
        let width = f64::from(DOTS_IN_ROW) * DOT_STEP + count;
        areas.push(Area { x: at.x + BESIDE, y: at.y - 10.0, width, height: 30.0 });
    }
    // Elsewhere messages go under the outline before they come to it.
    if node.shape == Shape::Gateway && !node.badge.is_empty() {
        areas.push(Area::around(at.plus(Point::new(GATEWAY_MIDDLE, 13.0)), mono_width(&say(&node.badge)), 12.0));
    }
    areas
}

/// How far from the middle of a node its menu button stands, both ways.
pub fn corner(node: &Node) -> f64 {
    if node.shape == Shape::Client { 31.0 } else { 40.0 }
}

/// Where the texts of a gateway have their middle, beside that of its outline.
const GATEWAY_MIDDLE: f64 = -8.0;

/// The radius of what lies inside the outline of a node, whatever its shape.
pub fn core(node: &Node) -> f64 {
    if node.shape == Shape::Client { 21.0 } else { 27.0 }
}

fn half_height(node: &Node) -> f64 {
    match node.shape {
        Shape::Client => 22.0,
        Shape::Box | Shape::Gateway => 33.0,
        _ => 42.0,
    }
}

fn half_width(node: &Node) -> f64 {
    match node.shape {
        Shape::Client => 22.0,
        _ => 42.0,
    }
}

/// What a drawing gives to a node.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Its middle.
    pub at: Point,
    /// How wide its log may be.
    pub room: f64,
    /// Where its log stands, if it has one.
    pub log: Option<Area>,
    /// Where its tag stands, if there is room for it.
    pub tag: Option<Area>,
    /// How much larger free-standing texts are than usual.
    pub text: f64,
}

/// Draws a node at its place as it is at a moment; `selected` adds a ring.
pub fn draw(node: &Node, place: Place, at_us: u64, selected: bool) -> Html {
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
        (node.shape == Shape::Client).then_some("small"),
    );
    let at = place.at;
    let badge_below = !node.badge.is_empty() && has_room_for_badge(node);
    let label_y = match (badge_below, &node.gauge) {
        (_, Some(_)) => "-8",
        (true, None) => "1",
        (false, None) => "6",
    };
    let middle = if node.shape == Shape::Gateway { number(GATEWAY_MIDDLE) } else { number(0.0) };
    html! {
        <g {class} transform={format!("translate({} {})", number(at.x), number(at.y))}>
            if selected {
                { draw_selection(node.shape) }
            }
            if node.status == Status::Up && has_ring(node.shape) {
                { draw_timer(node, at_us) }
            }
            { draw_outline(node.shape) }
            <text class="node-label" x={middle.clone()} y={label_y}>{ &node.label }</text>
            if badge_below {
                <text class={classes!("node-badge", (node.shape != Shape::Gateway).then_some("mono"), is_long_badge(node).then_some("long"))}
                    x={middle} y="17">{ say(&node.badge) }</text>
            }
            { for node.gauge.as_ref().map(draw_gauge) }
            { for node.queue.as_ref().map(draw_queue) }
            { draw_status(node.status, node.shape) }
            { draw_log(node, place) }
            { draw_tag(node, place) }
        </g>
    }
}

fn draw_outline(shape: Shape) -> Html {
    match shape {
        Shape::Circle => html! { <circle class="outline" r="34" /> },
        Shape::Hexagon => html! { <path class="outline" d="M32-18.5V18.5L0 37L-32 18.5V-18.5L0-37Z" /> },
        Shape::Diamond => html! { <path class="outline" d="M0-39L39 0L0 39L-39 0Z" /> },
        Shape::Box => html! { <rect class="outline" x="-39" y="-33" width="78" height="66" rx="9" /> },
        Shape::Client => html! { <rect class="outline" x="-22" y="-22" width="44" height="44" rx="7" /> },
        Shape::Gateway => html! { <path class="outline" d="M-46-30H22L40 0L22 30H-46Z" /> },
    }
}

/// Whether the next timer is drawn as a ring; what serves and balances has too many of them.
fn has_ring(shape: Shape) -> bool {
    !matches!(shape, Shape::Client | Shape::Box | Shape::Gateway)
}

fn draw_gauge(gauge: &Gauge) -> Html {
    const WIDTH: f64 = 54.0;
    let full = f64::from(gauge.permille.min(1_000)) / 1_000.0 * WIDTH;
    html! {
        <g class="gauge">
            <rect class="gauge-track" x={number(-WIDTH / 2.0)} y="0" width={number(WIDTH)} height="7" rx="3.5" />
            <rect class={classes!("gauge-full", tone_class(gauge.tone))} x={number(-WIDTH / 2.0)} y="0" width={number(full)} height="7" rx="3.5" />
            <text class="mono" y="23">{ say(&gauge.text) }</text>
        </g>
    }
}

/// A dot for each thing that waits, up to ten; the others are counted.
fn draw_queue(queue: &Queue) -> Html {
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
                <text class="mono" x={number(BESIDE + f64::from(DOTS_IN_ROW) * DOT_STEP + 4.0)} y={number(row_y(1) + 4.0)}>
                    { say(t!("+{more}", more = more)) }
                </text>
            }
        </g>
    }
}

fn draw_selection(shape: Shape) -> Html {
    match shape {
        Shape::Client => html! { <rect class="selection" x="-28" y="-28" width="56" height="56" rx="11" /> },
        Shape::Box => html! { <rect class="selection" x="-45" y="-39" width="90" height="78" rx="13" /> },
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

/// Where the sign of a node's state stands, seen from its middle.
fn status_corner(shape: Shape) -> Point {
    match shape {
        Shape::Client => Point::new(20.0, -20.0),
        Shape::Box => Point::new(36.0, -30.0),
        _ => Point::new(29.0, -29.0),
    }
}

/// The cells that fit under a node with their words, cut where they are too long; cells that do not fit are counted in one
/// of their own.
fn shown_cells(cells: &[Cell], room: f64) -> Vec<(String, Option<&Cell>)> {
    let hidden = if cells.len() > MOST_CELLS { cells.len() + 1 - MOST_CELLS } else { 0 };
    let count = (hidden > 0).then(|| (format!("+{hidden}"), None));
    let most = (room / (cells.len() - hidden) as f64 - CELL_GAP - 6.0) / CELL_LETTER;
    let label = |cell: &Cell| shorten(&say(&cell.label), (most as usize).max(3));
    count.into_iter().chain(cells[hidden..].iter().map(|cell| (label(cell), Some(cell)))).collect()
}

fn cells_width(shown: &[(String, Option<&Cell>)]) -> f64 {
    shown.iter().map(|(label, _)| cell_width(label) + CELL_GAP).sum::<f64>() - CELL_GAP
}

fn draw_log(node: &Node, place: Place) -> Html {
    let Some(area) = place.log else { return Html::default() };
    let shown = shown_cells(&node.cells, place.room);
    let middle = area.center().minus(place.at);
    let mut x = middle.x - cells_width(&shown) / 2.0;
    let y = number(middle.y - CELL_HEIGHT / 2.0);
    shown
        .into_iter()
        .map(|(label, cell)| {
            let width = cell_width(&label);
            let left = x;
            x += width + CELL_GAP;
            let class = classes!("cell", cell.map(|cell| state_class(cell.state)));
            html! {
                <g {class} transform={format!("translate({} {y})", number(left))}>
                    if let Some(cell) = cell {
                        <title>{ say(&cell.detail) }</title>
                        <rect width={number(width)} height="19" rx="4" />
                    }
                    <text class="mono" x={number(width / 2.0)} y="13.5">{ label }</text>
                </g>
            }
        })
        .collect()
}

/// How wide a cell with this label is.
fn cell_width(label: &str) -> f64 {
    (length(label) as f64 * CELL_LETTER + 6.0).max(CELL_HEIGHT)
}

/// The class that draws a log entry by how far it has got.
pub fn state_class(state: CellState) -> &'static str {
    match state {
        CellState::Plain => "plain",
        CellState::Committed => "committed",
        CellState::Uncommitted => "uncommitted",
        CellState::Conflicting => "conflicting",
    }
}

fn draw_tag(node: &Node, place: Place) -> Html {
    let (Some(words), Some(area)) = (remark(node), place.tag) else { return Html::default() };
    let Point { x, y } = area.center().minus(place.at);
    let width = area.width / place.text;
    html! {
        <g class="node-tag" transform={format!("translate({} {}) scale({})", number(x), number(y), number(place.text))}>
            <rect x={number(-width / 2.0)} y="-10" width={number(width)} height="20" rx="10" />
            <text y="4">{ say(words) }</text>
        </g>
    }
}
