//! The parts of a split network: a soft shape around each, with a tag.

use sim::frame::Group;
use yew::prelude::*;

use super::node::{lettered, tone_class};
use crate::geometry::{Area, Point, convex_hull};
use crate::words::{length, number, say};

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

/// The width of the tag of a group.
pub fn tag_width(group: &Group) -> f64 {
    length(&say(&group.tag)) as f64 * 7.0 + 24.0
}

/// Draws the tag, so much larger than usual.
pub fn draw_tag(group: &Group, area: Area, text: f64) -> Html {
    let (Point { x, y }, width) = (area.center(), tag_width(group));
    html! {
        <g class={classes!("hull-tag", tone_class(group.tone))}
            transform={lettered((x, y), text)}>
            <rect x={number(-width / 2.0)} y="-12" width={number(width)} height="24" rx="12" />
            <text y="4.5">{ say(&group.tag) }</text>
        </g>
    }
}
