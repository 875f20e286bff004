//! A link between two nodes, with its cuts.

use sim::frame::{Direction, Flow, Link};
use sim::{Text, t};
use yew::prelude::*;

use super::node::{lettered, mono_width};
use crate::geometry::{Area, Point};
use crate::math;
use crate::words::{decimal, number, say};

/// How far a bar reaches to both sides of its link.
const BAR: f64 = 7.0;

/// So many places of a queue are drawn at most, so far apart, and so far beside their link.
const MOST_PLACES: u32 = 8;
const PLACE: f64 = 8.0;
const BESIDE: f64 = 15.0;

/// A link in a sentence: "Link S1 – S2, cut from S1 to S2".
pub fn describe(link: &Link, a: &str, b: &str) -> Text {
    let name = t!("Link {a} – {b}", a = a.to_string(), b = b.to_string());
    if link.forth.up && link.back.up && note(link).is_none() {
        return name;
    }
    t!("{link}, {state}", link = name, state = state(link, a, b))
}

/// The state of a link in a few words: "cut from S1 to S2, 50 ms".
pub fn state(link: &Link, a: &str, b: &str) -> Text {
    let (a, b) = (a.to_string(), b.to_string());
    let up = match (link.forth.up, link.back.up) {
        (true, true) => t!("whole"),
        (false, false) => t!("cut"),
        (false, true) => t!("cut from {a} to {b}", a = a, b = b),
        (true, false) => t!("cut from {b} to {a}", a = a, b = b),
    };
    match note(link) {
        Some(note) => t!("{state}, {note}", state = up, note = note),
        None => up,
    }
}

/// Draws a link with its note. `minor` links, to clients, are drawn thinner.
pub fn draw(
    link: &Link,
    (a, b): (Point, Point),
    note: Option<(AttrValue, Area)>,
    minor: bool,
    selected: bool,
    text: f64,
) -> Html {
    let middle = a.middle(b);
    let is_tuned = [&link.forth, &link.back].into_iter().any(|direction| troubles(direction).is_some());
    let class = classes!("link", minor.then_some("minor"), selected.then_some("selected"), is_tuned.then_some("tuned"));
    let along = b.minus(a).unit();
    html! {
        <g {class}>
            if link.forth.up || link.back.up {
                { line(a, b, "wire") }
            } else {
                { line(a, middle.minus(along.times(9.0)), "wire cut") }
                { line(middle.plus(along.times(9.0)), b, "wire cut") }
            }
            { for flows(link, (a, b)).map(|(flow, ends)| draw_flow(flow, ends)) }
            { for bars(link, (a, b)).map(|at| bar(at, along)) }
            { for note.map(|note| draw_note(note, text)) }
        </g>
    }
}

/// What goes down it at a rate, and from where to where.
fn flows(link: &Link, (a, b): (Point, Point)) -> impl Iterator<Item = (&Flow, (Point, Point))> {
    let directions = [(&link.forth, (a, b)), (&link.back, (b, a))];
    directions.into_iter().filter_map(|(direction, ends)| Some((direction.flow.as_ref()?, ends)))
}

/// The middle of its queue, from where its places stand to both sides: beside the link, nearer to where it begins.
fn queue_middle((from, to): (Point, Point)) -> Point {
    let along = to.minus(from).unit();
    from.plus(to.minus(from).times(0.4)).plus(along.turned().times(BESIDE))
}

/// A broad line, the broader the more goes down, and the places of its queue.
fn draw_flow(flow: &Flow, (from, to): (Point, Point)) -> Html {
    let width = f64::from(2 * (flow.bytes_per_s / 1_000 + 1).ilog2()).clamp(4.0, 12.0);
    let (places, along) = (flow.places.min(MOST_PLACES), to.minus(from).unit());
    let taken = if flow.places > MOST_PLACES {
        (u64::from(flow.waiting) * u64::from(MOST_PLACES)).div_ceil(u64::from(flow.places)) as u32
    } else {
        flow.waiting
    };
    let first = queue_middle((from, to)).plus(along.times(PLACE * f64::from(places.saturating_sub(1)) / 2.0));
    let place = |place: u32| {
        let Point { x, y } = first.minus(along.times(PLACE * f64::from(place)));
        html! { <circle class={classes!("place", (place < taken).then_some("taken"))} cx={number(x)} cy={number(y)} r="3" /> }
    };
    let class = classes!("flow", flow.is_busy.then_some("busy"));
    html! {
        <g {class}>
            <line class="pipe" stroke-width={number(width)} x1={number(from.x)} y1={number(from.y)} x2={number(to.x)} y2={number(to.y)} />
            { for (0..places).map(place) }
        </g>
    }
}

/// What its queues cover.
pub fn queue_areas(link: &Link, ends: (Point, Point)) -> impl Iterator<Item = Area> {
    flows(link, ends).filter(|(flow, _)| flow.places > 0).map(|(flow, ends)| {
        let along = ends.1.minus(ends.0).unit();
        let length = PLACE * f64::from(flow.places.min(MOST_PLACES));
        let (width, height) = ((along.x * length).abs() + PLACE, (along.y * length).abs() + PLACE);
        Area::around(queue_middle(ends), width, height)
    })
}

/// Where its bars stand: two in the gap where it is cut, one before the end that a message does not get to.
fn bars(link: &Link, (a, b): (Point, Point)) -> impl Iterator<Item = Point> {
    let (middle, along) = (a.middle(b), b.minus(a).unit());
    let bars = match (link.forth.up, link.back.up) {
        (true, true) => [None, None],
        (false, false) => [Some(middle.minus(along.times(5.0))), Some(middle.plus(along.times(5.0)))],
        (false, true) => [Some(b.minus(along.times(60.0))), None],
        (true, false) => [None, Some(a.plus(along.times(60.0)))],
    };
    bars.into_iter().flatten()
}

/// What its bars cover.
pub fn bar_areas(link: &Link, ends: (Point, Point)) -> impl Iterator<Item = Area> {
    bars(link, ends).map(|at| Area::around(at, 2.0 * BAR, 2.0 * BAR))
}

/// The wide line that takes clicks.
pub fn hit_line((a, b): (Point, Point)) -> Html {
    line(a, b, "hit")
}

fn line(a: Point, b: Point, class: &'static str) -> Html {
    html! { <line {class} x1={number(a.x)} y1={number(a.y)} x2={number(b.x)} y2={number(b.y)} /> }
}

fn bar(at: Point, along: Point) -> Html {
    let aside = along.turned().times(BAR);
    line(at.minus(aside), at.plus(aside), "bar")
}

/// What may stand beside a link that is slow or gives trouble, where an arrow points to a node: a note, or a sign where the
/// note finds no room. The link's own name says it in any case.
pub fn notes(link: &Link, a_is_left: bool) -> Vec<AttrValue> {
    // The queue is drawn; only what it has dropped is not.
    let brief = |direction: &Direction| {
        let dropped = direction.flow.map_or(0, |flow| flow.dropped);
        let dropped = (dropped > 0).then(|| t!("{count} dropped", count = dropped));
        added(troubles(direction), dropped)
    };
    let (forth, back) = (brief(&link.forth), brief(&link.back));
    let note = if a_is_left { joined(forth, back) } else { joined(back, forth) };
    note.map(|note| vec![say(note), AttrValue::from("…")]).unwrap_or_default()
}

/// The size of a note with its border.
pub fn note_size(note: &str, text: f64) -> (f64, f64) {
    ((mono_width(note) + 10.0) * text, 18.0 * text)
}

/// Delay and troubles, where they were set for this link: "50 ms · 10 % lost". An arrow to the right is from `a` to `b`.
fn note(link: &Link) -> Option<Text> {
    joined(direction_note(&link.forth), direction_note(&link.back))
}

fn joined(right: Option<Text>, left: Option<Text>) -> Option<Text> {
    Some(match (right, left) {
        (None, None) => return None,
        (Some(right), Some(left)) if right == left => right,
        (Some(right), None) => t!("→ {note}", note = right),
        (None, Some(left)) => t!("← {note}", note = left),
        (Some(right), Some(left)) => t!("→ {forth} ← {back}", forth = right, back = left),
    })
}

fn direction_note(direction: &Direction) -> Option<Text> {
    added(direction.flow.as_ref().map(Flow::text), troubles(direction))
}

fn added(first: Option<Text>, second: Option<Text>) -> Option<Text> {
    let both = first.into_iter().chain(second);
    both.reduce(|all, more| t!("{all} · {more}", all = all, more = more))
}

/// What it does to messages that was set for it.
fn troubles(direction: &Direction) -> Option<Text> {
    let share = |ppm: u32| (ppm > 0).then(|| decimal(&math::digits(f64::from(ppm) / 10_000.0, 4)));
    let troubles = [
        share(direction.loss_ppm).map(|percent| t!("{percent} % lost", percent = percent)),
        share(direction.duplication_ppm).map(|percent| t!("{percent} % twice", percent = percent)),
        share(direction.reordering_ppm).map(|percent| t!("{percent} % out of order", percent = percent)),
        share(direction.corruption_ppm).map(|percent| t!("{percent} % damaged", percent = percent)),
    ];
    let all = direction.delay.clone().into_iter().chain(troubles.into_iter().flatten());
    all.reduce(|all, more| t!("{all} · {more}", all = all, more = more))
}

fn draw_note((words, area): (AttrValue, Area), text: f64) -> Html {
    let (Point { x, y }, width) = (area.center(), area.width / text);
    html! {
        <g class="link-note" transform={lettered((x, y), text)}>
            <rect x={number(-width / 2.0)} y="-9" width={number(width)} height="18" rx="5" />
            <text class="mono" y="4">{ words }</text>
        </g>
    }
}
