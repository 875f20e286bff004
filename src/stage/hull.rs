//! The parts of a split network: a soft shape around each, with a tag.

use sim::frame::{Group, Tone};
use yew::prelude::*;

use super::layout::{Area, Point, convex_hull};
use super::node::tone_class;
use crate::words::{number, say};

/// The points of the nodes of a group.
pub fn points_of(group: &Group, points: &[Point]) -> Vec<Point> {
    group.nodes.iter().filter_map(|node| points.get(node.index()).copied()).collect()
}

/// Draws the shape: the hull of the nodes with a very wide outline, twice, so that a thin border remains.
pub fn draw(group: &Group, points: &[Point]) -> Html {
    let corners = convex_hull(&points_of(group, points));
    let line: Vec<String> = corners.iter().map(|point| format!("{},{}", number(point.x), number(point.y))).collect();
    let shape = format!("M{}Z", line.join("L"));
    html! {
        <g class="hull">
            <path class="hull-border" d={shape.clone()} />
            <path class="hull-body" d={shape} />
        </g>
    }
}

/// The size of the tag of a group, with letters so much larger than usual.
pub fn tag_size(group: &Group, letters: f64) -> (f64, f64) {
    ((group.tag.to_string().chars().count() as f64 * 7.0 + 24.0) * letters, 24.0 * letters)
}

/// Draws the tag.
pub fn draw_tag(group: &Group, area: Area) -> Html {
    let tone = if group.tone == Tone::Plain { "tone-plain" } else { tone_class(group.tone) };
    html! {
        <g class={classes!("hull-tag", tone)}>
            <rect x={number(area.x)} y={number(area.y)} width={number(area.width)} height={number(area.height)} rx="12" />
            <text x={number(area.x + area.width / 2.0)} y={number(area.y + area.height * 0.6875)}>{ say(&group.tag) }</text>
        </g>
    }
}
