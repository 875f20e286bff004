//! One drawing of a frame: where everything stands and how it looks. Nothing in it can be pressed; the stage adds that.

use std::collections::BTreeMap;

use sim::frame::{Frame, Group, Link, Message};
use sim::{MessageId, NodeId};
use yew::prelude::*;

use super::label;
use super::layout::{self, Area, Point, Size, ends, place};
use super::{hull, link, message, node};
use crate::dom;
use crate::motion::Way;
use crate::words::number;

/// A frame with the places of its nodes.
#[derive(Debug)]
pub struct Scene<'a> {
    pub frame: &'a Frame,
    /// The message that the last event delivered, while the step to it is being shown.
    pub arriving: Option<&'a Message>,
    pub points: Vec<Point>,
    pub size: Size,
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
}

impl Flying<'_> {
    /// The same as an attribute.
    pub fn transform(&self) -> String {
        format!("translate({} {})", number(self.at.x), number(self.at.y))
    }
}

impl<'a> Scene<'a> {
    /// Places the nodes of a frame on a stage of this size, in the stage's own units.
    pub fn new(frame: &'a Frame, arriving: Option<&'a Message>, size: Size) -> Scene<'a> {
        Scene { frame, arriving, points: place(frame, size), size, travels: !dom::reduced_motion() }
    }

    /// The same with all messages at rest, so that none hides at the node that has just sent it.
    pub fn at_rest(self) -> Scene<'a> {
        Scene { travels: false, ..self }
    }

    /// Soft shapes around the parts of a split network.
    pub fn draw_hulls(&self) -> Html {
        self.frame.groups.iter().map(|group| hull::draw(group, &self.points)).collect()
    }

    /// A link between the places of its nodes.
    pub fn draw_link(&self, link: &Link, selected: bool) -> Option<Html> {
        let ends = ends(&self.points, link.a, link.b)?;
        let minor = self.frame.nodes[link.a.index()].rank != self.frame.nodes[link.b.index()].rank;
        Some(html! { <>{ link::hit_line(ends) }{ link::draw(link, ends, minor, selected) }</> })
    }

    /// The messages that the last event lost.
    pub fn draw_lost(&self) -> Html {
        let draw = |message: &Message| {
            let (from, to) = ends(&self.points, message.from, message.to)?;
            Some(message::draw_lost(message, self.frame.at_us, from, to))
        };
        html! { <g>{ for self.frame.lost.iter().filter_map(draw) }</g> }
    }

    /// A node at its place.
    pub fn draw_node(&self, node: &sim::frame::Node, selected: bool) -> Html {
        node::draw(node, self.points[node.id.index()], self.frame.at_us, selected)
    }

    /// The messages to draw, with the one that is just arriving.
    pub fn flying(&self) -> impl Iterator<Item = Flying<'_>> {
        self.on_the_way(layout::way)
    }

    fn on_the_way(&self, way: fn(Point, Point) -> (Point, Point)) -> impl Iterator<Item = Flying<'_>> {
        let mut on_link: BTreeMap<(NodeId, NodeId), usize> = BTreeMap::new();
        let all = self.arriving.into_iter().chain(&self.frame.messages);
        all.filter_map(move |message| {
            let (from, to) = ends(&self.points, message.from, message.to)?;
            let (begin, end) = way(from, to);
            let before = on_link.entry((message.from, message.to)).or_default();
            let rest = message::resting_place(*before);
            *before += 1;
            let way = Way::Line {
                from: (begin.x, begin.y),
                to: (end.x, end.y),
                begin: message.sent_at_us as f64,
                end: message.arrives_at_us as f64,
                rest,
            };
            let (x, y) = way.place(self.frame.at_us as f64, self.travels);
            Some(Flying { message, from, to, way, at: Point::new(x, y) })
        })
    }

    /// What stands still and must stay readable.
    fn solid(&self) -> Vec<Area> {
        self.frame.nodes.iter().flat_map(|node| node::areas(node, self.points[node.id.index()])).collect()
    }

    /// The tags of the groups, each where it covers least.
    fn tags(&self) -> Vec<(&'a Group, Area)> {
        let mut taken = self.solid();
        let mut tags = Vec::new();
        for group in &self.frame.groups {
            let points = hull::points_of(group, &self.points);
            if !points.is_empty() && !group.tag.is_empty() {
                let area = layout::place_tag(&points, hull::tag_width(group), 24.0, &taken, self.size);
                taken.push(area);
                tags.push((group, area));
            }
        }
        tags
    }

    /// The tags of the groups.
    pub fn draw_hull_tags(&self) -> Html {
        self.tags().into_iter().map(|(group, area)| hull::draw_tag(group, area)).collect()
    }

    /// Where the labels of the messages stand, seen from their marks. Labels make room for each other; one that finds no
    /// room is left out, unless its message is selected.
    pub fn label_places(&self, selected: Option<MessageId>) -> Vec<Option<Point>> {
        let mut taken = self.solid();
        taken.extend(self.tags().into_iter().map(|(_, area)| area));
        taken.extend(
            self.frame.links.iter().filter_map(|link| link::note_area(link, ends(&self.points, link.a, link.b)?)),
        );
        let marks: Vec<Area> = self.flying().map(|flying| Area::around(flying.at, 18.0, 18.0)).collect();
        let wish = |flying: Flying| label::Wish {
            at: flying.at,
            along: flying.to.minus(flying.from).unit(),
            width: message::label_width(flying.message),
            must: selected == Some(flying.message.id),
        };
        let wishes: Vec<label::Wish> = self.on_the_way(layout::label_way).map(wish).collect();
        label::place(&wishes, &taken, &marks, self.size)
    }

    /// The labels of the messages, above the nodes, so that none of them hides a label.
    pub fn draw_labels(&self, selected: Option<MessageId>) -> Html {
        let draw = |(flying, place): (Flying, Option<Point>)| {
            let label = message::draw_label(flying.message, place?);
            let (key, path, transform) = (flying.message.id.to_string(), flying.way.path(), flying.transform());
            Some(html! { <g {key} class="message-label" data-path={path} {transform}>{ label }</g> })
        };
        let places = self.label_places(selected);
        html! { <g>{ for self.on_the_way(layout::label_way).zip(places).filter_map(draw) }</g> }
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
    let size = size_px.in_units();
    let scene = Scene::new(frame, None, size).at_rest();
    let message = |flying: Flying| {
        html! { <g transform={flying.transform()}>{ message::draw_mark(flying.message, flying.from, flying.to) }</g> }
    };
    html! {
        <svg class="picture" viewBox={format!("0 0 {} {}", number(size.width), number(size.height))}
            role={if label.is_some() { "img" } else { "presentation" }} aria-label={label.clone()}
            aria-hidden={label.is_none().then_some("true")}>
            { draw_patterns() }
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
