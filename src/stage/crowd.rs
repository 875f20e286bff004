//! Messages on a canvas, where there are too many to draw each as an element of its own.

use std::f64::consts::TAU;

use sim::frame::MessageKind;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};
use yew::AttrValue;

use super::label;
use super::scene::{Flying, Scene};
use super::{message, node};
use crate::dom;
use crate::geometry::{Area, Point, Size};
use crate::motion::Way;
use crate::palette::{Palette, kind_token};
use crate::words::number;

/// Above this number, messages are painted instead of drawn.
pub const MANY: usize = 60;

/// A message as it is painted.
#[derive(Debug)]
struct Flight {
    way: Way,
    /// The direction of its way, with length 1.
    turn: Point,
    kind: MessageKind,
    reply: bool,
    label: Option<Label>,
}

#[derive(Debug)]
struct Label {
    text: AttrValue,
    width: f64,
    /// Its middle, seen from the mark.
    place: Point,
}

/// All messages of a frame, ready to be painted at any moment.
#[derive(Debug)]
pub struct Crowd {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// Pixels of the canvas in one unit of the stage.
    scale: f64,
    /// How large marks are beside those that are drawn as elements.
    mark: f64,
    flights: Vec<Flight>,
    /// What messages pass under: the insides of the nodes.
    grounds: Vec<Area>,
    palette: Palette,
}

impl Crowd {
    /// Prepares the messages of a scene for a canvas that covers the stage. `every_label` shows all labels, though they
    /// cover each other.
    pub fn new(
        canvas: HtmlCanvasElement,
        palette: Palette,
        scene: &Scene,
        size_px: Size,
        every_label: bool,
    ) -> Option<Crowd> {
        let context: CanvasRenderingContext2d = canvas.get_context("2d").ok().flatten()?.dyn_into().ok()?;
        let density = dom::pixel_density();
        let (width, height) = ((size_px.width * density).round() as u32, (size_px.height * density).round() as u32);
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let flight = |flying: Flying| {
            let (along, sent) = (flying.to.minus(flying.from).unit(), flying.message);
            let label = every_label.then(|| Label {
                text: message::shortened(sent),
                width: message::label_width(sent),
                place: along.turned().times(label::HEIGHT),
            });
            Flight { way: flying.way, turn: along, kind: sent.kind, reply: sent.reply, label }
        };
        let flights = scene.flying().map(flight).collect();
        let nodes = scene.frame.nodes.iter();
        let grounds = nodes.map(|node| node::ground(node, scene.points[node.id.index()])).collect();
        // Without labels, small marks leave room for each other.
        let mark = if every_label { 1.0 } else { 0.6 };
        Some(Crowd {
            canvas,
            context,
            scale: scene.scale * density,
            mark: mark * scene.mark,
            flights,
            grounds,
            palette,
        })
    }

    /// Paints all messages where they are at a moment of virtual time. Each mark is a path of its own and nothing has an
    /// outline: in software that is several times quicker than copied pictures, strokes, or one path for all. What has
    /// one colour is painted together, since each change of it costs as much as a mark.
    pub fn paint(&self, clock_us: f64, travels: bool) {
        let context = &self.context;
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        context.clear_rect(0.0, 0.0, f64::from(self.canvas.width()), f64::from(self.canvas.height()));
        let at = |flight: &Flight| {
            let (x, y) = flight.way.place(clock_us, travels);
            Point::new(x * self.scale, y * self.scale)
        };
        let places: Vec<Point> = self.flights.iter().map(at).collect();
        for kind in MessageKind::ALL {
            self.paint_marks(&places, kind);
        }
        self.clear_nodes();
        self.paint_labels(&places);
    }

    fn paint_marks(&self, places: &[Point], kind: MessageKind) {
        let paint = |size: f64, replies_only: bool| {
            for (flight, at) in self.flights.iter().zip(places) {
                if flight.kind == kind && (flight.reply || !replies_only) {
                    let (sine, cosine) = (flight.turn.y * self.scale, flight.turn.x * self.scale);
                    let _ = self.context.set_transform(cosine, sine, -sine, cosine, at.x, at.y);
                    self.fill(kind, size * self.mark);
                }
            }
        };
        self.context.set_fill_style_str(&self.palette.token(kind_token(kind)));
        paint(1.1, false);
        self.context.set_fill_style_str(&self.palette.token("--background"));
        paint(0.62, true);
    }

    fn clear_nodes(&self) {
        let _ = self.context.set_transform(self.scale, 0.0, 0.0, self.scale, 0.0, 0.0);
        for ground in &self.grounds {
            self.context.clear_rect(ground.x, ground.y, ground.width, ground.height);
        }
    }

    fn paint_labels(&self, places: &[Point]) {
        let (context, palette) = (&self.context, &self.palette);
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        let labels = || {
            let all = self.flights.iter().zip(places);
            all.filter_map(|(flight, at)| {
                let label = flight.label.as_ref()?;
                Some((label, at.plus(label.place.times(self.scale))))
            })
        };
        context.set_fill_style_str(&palette.token("--raised"));
        let height = label::HEIGHT * self.scale;
        for (label, at) in labels() {
            let width = label.width * self.scale;
            context.fill_rect(at.x - width / 2.0, at.y - height / 2.0, width, height);
        }
        context.set_fill_style_str(&palette.token("--ink"));
        context.set_font(&format!("{}px {}", number(11.5 * self.scale), palette.token("--mono")));
        context.set_text_align("center");
        for (label, at) in labels() {
            let _ = context.fill_text(&label.text, at.x, at.y + 4.0 * self.scale);
        }
    }

    fn fill(&self, kind: MessageKind, size: f64) {
        let context = &self.context;
        context.begin_path();
        let corners = message::corners(kind);
        if corners.is_empty() {
            let _ = context.arc(0.0, 0.0, 8.0 * size, 0.0, TAU);
        }
        for (x, y) in corners {
            context.line_to(x * size, y * size);
        }
        context.fill();
    }
}
