//! A link between two nodes, with its cuts.

use sim::frame::{Direction, Link};
use sim::{Text, t};
use yew::prelude::*;

use super::layout::{Area, Point};
use super::node::mono_width;
use crate::words::{decimal, number, say};

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
pub fn draw(link: &Link, (a, b): (Point, Point), note: Option<(AttrValue, Area)>, minor: bool, selected: bool) -> Html {
    let middle = a.middle(b);
    let is_tuned = self::note(link).is_some();
    let class = classes!("link", minor.then_some("minor"), selected.then_some("selected"), is_tuned.then_some("tuned"));
    let along = b.minus(a).unit();
    html! {
        <g {class}>
            if link.forth.up || link.back.up {
                { line(a, b, "wire") }
                if !link.forth.up {
                    { bar(b.minus(along.times(60.0)), along) }
                }
                if !link.back.up {
                    { bar(a.plus(along.times(60.0)), along) }
                }
            } else {
                { line(a, middle.minus(along.times(9.0)), "wire cut") }
                { line(middle.plus(along.times(9.0)), b, "wire cut") }
                { bar(middle.minus(along.times(5.0)), along) }
                { bar(middle.plus(along.times(5.0)), along) }
            }
            { for note.map(draw_note) }
        </g>
    }
}

/// The wide line that takes clicks.
pub fn hit_line((a, b): (Point, Point)) -> Html {
    line(a, b, "hit")
}

fn line(a: Point, b: Point, class: &'static str) -> Html {
    html! { <line {class} x1={number(a.x)} y1={number(a.y)} x2={number(b.x)} y2={number(b.y)} /> }
}

fn bar(at: Point, along: Point) -> Html {
    let aside = along.turned().times(7.0);
    line(at.minus(aside), at.plus(aside), "bar")
}

/// What may stand beside a link that is slow or loses messages: a note, or a sign where the note finds no room. The link's
/// own name says it in any case.
pub fn notes(link: &Link) -> Vec<AttrValue> {
    note(link).map(|note| vec![say(note), AttrValue::from("…")]).unwrap_or_default()
}

/// The size of a note with its border.
pub fn note_size(note: &str) -> (f64, f64) {
    (mono_width(note) + 10.0, 18.0)
}

// Delay and loss, where they were set for this link: "50 ms · 10 % lost".
fn note(link: &Link) -> Option<Text> {
    let note = |direction: &Direction| {
        let loss = (direction.loss_ppm > 0).then(|| {
            t!("{percent} % lost", percent = decimal(&(f64::from(direction.loss_ppm) / 10_000.0).to_string()))
        });
        match (&direction.delay, loss) {
            (Some(delay), Some(loss)) => Some(t!("{delay} · {loss}", delay = delay.clone(), loss = loss)),
            (Some(delay), None) => Some(delay.clone()),
            (None, loss) => loss,
        }
    };
    Some(match (note(&link.forth), note(&link.back)) {
        (None, None) => return None,
        (Some(forth), Some(back)) if forth == back => forth,
        (Some(forth), None) => t!("→ {note}", note = forth),
        (None, Some(back)) => t!("← {note}", note = back),
        (Some(forth), Some(back)) => t!("→ {forth} ← {back}", forth = forth, back = back),
    })
}

fn draw_note((text, area): (AttrValue, Area)) -> Html {
    html! {
        <g class="link-note">
            <rect x={number(area.x)} y={number(area.y)} width={number(area.width)} height="18" rx="5" />
            <text class="mono" x={number(area.x + area.width / 2.0)} y={number(area.y + 13.0)}>{ text }</text>
        </g>
    }
}
