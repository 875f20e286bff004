//! A stage as small as a letter: where its nodes stand, what they are, what is cut and what is under way, without any text.

use sim::frame::{Frame, Node, Shape, Status};
use yew::prelude::*;

use super::message::kind_class;
use super::node::tone_class;
use super::scene::{Flying, Scene};
use crate::geometry::{Point, Size};
use crate::words::number;

/// How large it is, in pixels.
pub const SIZE: Size = Size { width: 56.0, height: 40.0 };
/// How far the middle of a node stays from the edge.
const MARGIN: f64 = 7.0;
/// The stage that it is the picture of.
const STAGE: Size = Size { width: 620.0, height: 400.0 };
/// More nodes than that are dots.
const MANY_NODES: usize = 9;

/// Draws a frame so small. Screen readers skip it.
pub fn draw(frame: &Frame) -> Html {
    let scene = Scene::new(frame, None, STAGE, 1.0);
    let fit = Fit::of(&scene.points);
    let radius = if frame.nodes.len() > MANY_NODES { 2.0 } else { 4.2 };
    let ends = |a: usize, b: usize| Some((fit.put(*scene.points.get(a)?), fit.put(*scene.points.get(b)?)));
    let (mut wires, mut gaps, mut bars) = (String::new(), String::new(), String::new());
    for link in &frame.links {
        let Some((a, b)) = ends(link.a.index(), link.b.index()) else { continue };
        if link.forth.up && link.back.up {
            wires += &line(a, b);
        } else {
            gaps += &line(a, b);
            let (middle, along) = (a.middle(b), b.minus(a).unit());
            let across = along.turned().times(2.5);
            for side in [-1.2, 1.2] {
                let at = middle.plus(along.times(side));
                bars += &line(at.minus(across), at.plus(across));
            }
        }
    }
    let node = |(node, at): (&Node, &Point)| {
        let is_up = node.status == Status::Up;
        let class = classes!(tone_class(node.tone), (!is_up).then_some("gone"));
        html! { <path {class} d={outline(node.shape, fit.put(*at), radius)} /> }
    };
    let message = |flying: Flying| {
        html! { <path class={kind_class(flying.message.kind)} d={outline(Shape::Circle, fit.put(flying.at), 1.6)} /> }
    };
    html! {
        <svg class="miniature" viewBox={format!("0 0 {} {}", number(SIZE.width), number(SIZE.height))} aria-hidden="true">
            <path class="wires" d={wires} />
            <path class="gaps" d={gaps} />
            <path class="bars" d={bars} />
            { for frame.nodes.iter().zip(&scene.points).map(node) }
            { for scene.flying().map(message) }
        </svg>
    }
}

/// How a stage is brought to the size: by each side for itself, since only the order of things matters here.
struct Fit {
    corner: Point,
    scale: (f64, f64),
}

impl Fit {
    fn of(points: &[Point]) -> Fit {
        let extent = |values: &dyn Fn(&Point) -> f64| {
            let all = || points.iter().map(values);
            (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max))
        };
        let ((left, right), (top, bottom)) = (extent(&|point| point.x), extent(&|point| point.y));
        let scale = |length: f64, room: f64| (room - 2.0 * MARGIN) / length.max(1.0);
        // What has no extent stands in the middle.
        let begin = |from: f64, to: f64| if to - from < 1.0 { from - 0.5 } else { from };
        let (x, y) = (scale(right - left, SIZE.width), scale(bottom - top, SIZE.height));
        Fit { corner: Point::new(begin(left, right), begin(top, bottom)), scale: (x, y) }
    }

    fn put(&self, point: Point) -> Point {
        let away = point.minus(self.corner);
        Point::new(MARGIN + away.x * self.scale.0, MARGIN + away.y * self.scale.1)
    }
}

fn line(a: Point, b: Point) -> String {
    format!("M{} {}L{} {}", number(a.x), number(a.y), number(b.x), number(b.y))
}

/// The outline of a node or a message, as on the stage.
fn outline(shape: Shape, at: Point, radius: f64) -> String {
    let polygon = |corners: &[(f64, f64)]| {
        let corner = |(x, y): &(f64, f64)| format!("{} {}", number(at.x + x * radius), number(at.y + y * radius));
        format!("M{}z", corners.iter().map(corner).collect::<Vec<_>>().join("L"))
    };
    match shape {
        Shape::Diamond => polygon(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
        Shape::Hexagon => polygon(&[(0.0, -1.2), (1.1, -0.6), (1.1, 0.6), (0.0, 1.2), (-1.1, 0.6), (-1.1, -0.6)]),
        Shape::Box | Shape::Store | Shape::Queue => polygon(&[(-1.2, -0.9), (1.2, -0.9), (1.2, 0.9), (-1.2, 0.9)]),
        Shape::Gateway => polygon(&[(-1.2, -1.1), (0.4, -1.1), (1.3, 0.0), (0.4, 1.1), (-1.2, 1.1)]),
        Shape::Circle | Shape::Client | Shape::Person | Shape::Outside => {
            let radius = if shape.is_small() { 0.7 * radius } else { radius };
            let [x, y, wide] = [at.x - radius, at.y, 2.0 * radius].map(number);
            let radius = number(radius);
            format!("M{x} {y}a{radius} {radius} 0 1 0 {wide} 0a{radius} {radius} 0 1 0 -{wide} 0z")
        }
    }
}
