//! A link between two nodes, with its cuts.

use sim::frame::{Direction, Link};
use sim::{Text, t};
use yew::prelude::*;

use super::node::{lettered, mono_width};
use crate::geometry::{Area, Point};
use crate::math;
use crate::words::{decimal, number, say};

/// How far a bar reaches to both sides of its link.
const BAR: f64 = 7.0;

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
    let is_tuned = self::note(link).is_some();
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
            { for bars(link, (a, b)).map(|at| bar(at, along)) }
            { for note.map(|note| draw_note(note, text)) }
        </g>
    }
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
    let (forth, back) = (direction_note(&link.forth), direction_note(&link.back));
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
