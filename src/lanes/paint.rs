//! Paints a scene in the colours of the stylesheet: on a canvas, or into a file.

use std::rc::Rc;

use sim::NodeId;
use sim::frame::{MessageKind, Tone};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::field::Field;
use super::pen::{Lettering, Pen, Spot, Stroke};
use super::scene::{Bar, COLUMN, CutLine, Dot, Flight, Ink, Look, Scene, Strength};
use crate::dom;
use crate::geometry::{Area, Point};
use crate::palette::{Palette, kind_token};

/// Dots above this number are drawn as small squares, which is much faster.
const MANY: usize = 700;

/// How strong the ways of telling messages are: on white and on black still three times as light or dark as the ground.
pub const TELLING: f64 = 0.85;

/// Paints everything anew.
pub fn paint(canvas: &HtmlCanvasElement, palette: &Palette, scene: &Scene, field: &Field) {
    let Ok(Some(context)) = canvas.get_context("2d") else { return };
    let Ok(context) = context.dyn_into::<CanvasRenderingContext2d>() else { return };
    let density = dom::pixel_density();
    let (width, height) = ((field.width * density).round() as u32, (field.height * density).round() as u32);
    if (canvas.width(), canvas.height()) != (width, height) {
        canvas.set_width(width);
        canvas.set_height(height);
    }
    let _ = context.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, field.width, field.height);
    draw(&context, palette, scene, field);
}

/// Draws a scene with any pen.
pub fn draw(pen: &dyn Pen, palette: &Palette, scene: &Scene, field: &Field) {
    Painter { pen, palette, field }.paint(scene);
}

struct Painter<'a> {
    pen: &'a dyn Pen,
    palette: &'a Palette,
    field: &'a Field,
}

impl Painter<'_> {
    fn colour(&self, token: &'static str) -> Rc<str> {
        self.palette.token(token)
    }

    fn paint(&self, scene: &Scene) {
        // A little more than the field, so that dots at its start are whole.
        let width = self.field.end_x() - self.field.start_x() + 10.0;
        self.pen.clip(Area { x: self.field.start_x() - 5.0, y: 0.0, width, height: self.field.bottom() });
        self.hatch(scene);
        self.lanes(scene);
        self.bands(scene);
        self.columns(scene);
        self.strikes(scene);
        self.flights(&scene.flights);
        self.cuts(&scene.cuts);
        self.dots(&scene.dots);
        self.crosses(scene);
        self.stamps(scene);
        self.pen.unclip();
    }

    /// Slanted lines over the lanes of nodes with cut links. They move with time.
    fn hatch(&self, scene: &Scene) {
        const GAP: f64 = 9.0;
        let half = self.field.pitch() / 2.0;
        let moved = (self.field.stretch.start_us * self.field.scale()).rem_euclid(GAP);
        let link = self.colour("--link");
        self.pen.set_strength(0.24);
        for bar in scene.bars.iter().filter(|bar| bar.look == Look::CutOff) {
            let (x1, x2) = self.visible(bar);
            let (top, bottom) = (bar.y - half, bar.y + half);
            self.pen.clip(Area { x: x1, y: top, width: x2 - x1, height: bottom - top });
            // All lanes share one set of lines, x + y = n gaps, so that strips join.
            let first = ((x1 + top + moved) / GAP).floor() as i64;
            let last = ((x2 + bottom + moved) / GAP).ceil() as i64;
            let sums = (first..=last).map(|line| line as f64 * GAP - moved);
            let stroke = Stroke { colour: &link, width: 1.0 };
            self.pen.lines(stroke, &mut sums.map(|sum| ((sum - top, top), (sum - bottom, bottom))));
            self.pen.unclip();
        }
        self.pen.set_strength(1.0);
    }

    fn lanes(&self, scene: &Scene) {
        let (start, end) = (self.field.start_x(), self.field.end_x());
        let lane = |node: &NodeId| {
            let y = self.field.y(*node).round();
            ((start, y), (end, y))
        };
        let stroke = Stroke { colour: &self.colour("--line"), width: 2.0 };
        self.pen.lines(stroke, &mut self.field.rows.nodes().iter().map(lane));
        // A node that is down or paused has no line of its own there.
        let background = self.colour("--background");
        for bar in scene.bars.iter().filter(|bar| matches!(bar.look, Look::Crashed | Look::Paused)) {
            let (x1, x2) = self.visible(bar);
            self.pen.fill_area(&background, Area { x: x1, y: bar.y.round() - 1.0, width: x2 - x1, height: 2.0 }, 0.0);
        }
    }

    fn visible(&self, bar: &Bar) -> (f64, f64) {
        // Round ends stay out of sight where the bar goes on.
        (bar.x1.max(self.field.start_x() - 12.0), bar.x2.min(self.field.end_x() + 12.0))
    }

    fn bands(&self, scene: &Scene) {
        // From afar they stand behind the counts.
        let pitch = self.field.pitch();
        let height = if scene.columns.is_empty() { (pitch * 0.5).min(12.0) } else { pitch * 0.85 };
        for bar in &scene.bars {
            let (x1, x2) = self.visible(bar);
            match bar.look {
                Look::CutOff => {}
                Look::Tone(tone) => {
                    self.pen.set_strength(self.colour("--band").parse().unwrap_or(0.5));
                    let (area, radius) = round_bar(x1, x2.max(x1 + 1.5), bar.y, height);
                    self.pen.fill_area(&self.colour(tone_token(tone)), area, radius);
                    self.pen.set_strength(1.0);
                }
                Look::Crashed => self.dashes((x1, bar.y.round()), (x2, bar.y.round()), 2.0, (4.0, 5.0), "--violation"),
                Look::Paused => {
                    let (area, radius) = round_bar(x1, x2, bar.y, height);
                    self.pen.outline_area(Stroke { colour: &self.colour("--link"), width: 1.5 }, area, radius);
                }
            }
        }
    }

    /// How many events there are, from afar.
    fn columns(&self, scene: &Scene) {
        let height = (self.field.pitch() * 0.5).min(13.0);
        let link = self.colour("--link");
        self.pen.set_strength(0.75);
        for column in &scene.columns {
            // By its root, so that little is seen too.
            let tall = (column.share.sqrt() * height).max(1.5);
            let area = Area { x: column.x, y: column.y - tall / 2.0, width: COLUMN, height: tall };
            self.pen.fill_area(&link, area, 0.0);
        }
        self.pen.set_strength(1.0);
    }

    fn strikes(&self, scene: &Scene) {
        for strike in &scene.strikes {
            let x = strike.x.round() + 0.5;
            self.dashes((x, strike.y1), (x, strike.y2), 1.6, (4.0, 3.0), "--violation");
        }
    }

    /// Lines through the lanes, with a ring where each passes; what is wrong has strokes across it.
    fn cuts(&self, cuts: &[CutLine]) {
        const STROKES: f64 = 7.0;
        let (background, family) = (self.colour("--background"), self.colour("--mono"));
        for cut in cuts {
            let colour = self.colour(if cut.is_right { "--committed" } else { "--violation" });
            // Apart from lanes and messages, which may have the same colours.
            self.pen.lines(Stroke { colour: &background, width: 6.0 }, &mut cut.pieces.iter().copied());
            self.pen.lines(Stroke { colour: &colour, width: 2.8 }, &mut cut.pieces.iter().copied());
            for (from, to) in cut.pieces.iter().filter(|_| !cut.is_right) {
                let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
                let count = (length / STROKES).floor();
                // Only those in view: from near, a line may be very long.
                let place = |x: f64| ((x - from.0) / (to.0 - from.0) * (count + 1.0)).max(1.0).min(count + 1.0);
                let (one, other) = match (to.0 - from.0).abs() > 1.0 {
                    true => (place(self.field.start_x()), place(self.field.end_x())),
                    false => (1.0, count + 1.0),
                };
                let mut strokes = (one.min(other) as u32..one.max(other).ceil() as u32).map(|stroke| {
                    let part = f64::from(stroke) / (count + 1.0);
                    let (x, y) = (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
                    ((x - 4.0, y + 4.0), (x + 4.0, y - 4.0))
                });
                self.pen.lines(Stroke { colour: &colour, width: 1.4 }, &mut strokes);
            }
            for (_, at) in &cut.places {
                self.pen.disc(&background, Stroke { colour: &colour, width: 2.0 }, *at, 6.0);
            }
            let lettering = Lettering { colour: &colour, family: &family, weight: 600, size: 11.0, ends_there: false };
            self.pen.write_apart(lettering, Stroke { colour: &background, width: 3.0 }, cut.head, &cut.name);
        }
    }

    fn dashes(&self, from: Spot, to: Spot, width: f64, (dash, gap): (f64, f64), token: &'static str) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length <= 0.0 {
            return;
        }
        let (dx, dy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
        let at = |way: f64| (from.0 + dx * way.min(length), from.1 + dy * way.min(length));
        let starts = (0..).map(|index| f64::from(index) * (dash + gap)).take_while(|start| *start < length);
        let stroke = Stroke { colour: &self.colour(token), width };
        self.pen.lines(stroke, &mut starts.map(|start| (at(start), at(start + dash))));
    }

    /// One stroke for all that look the same.
    fn flights(&self, flights: &[Flight]) {
        let dense = flights.len() > MANY;
        for strength in Strength::ALL {
            let (alpha, width) = match strength {
                Strength::Faint => (0.16, 1.2),
                Strength::Routine if dense => (0.3, 0.8),
                Strength::Routine => (0.34, 1.0),
                Strength::Normal if dense => (TELLING, 1.0),
                Strength::Normal => (TELLING, 1.7),
                Strength::Ring => (0.75, 1.5),
                Strength::Strong => (1.0, 2.2),
            };
            for kind in MessageKind::ALL {
                let group =
                    || flights.iter().filter(|flight| flight.strength == strength && flight.ink == Ink::Kind(kind));
                let stroke = Stroke { colour: &self.colour(kind_token(kind)), width };
                self.pen.set_strength(alpha);
                let mut whole = group().filter(|flight| !flight.fading).map(|flight| (flight.from, flight.to));
                self.pen.lines(stroke, &mut whole);
                let fading: Vec<&Flight> = group().filter(|flight| flight.fading).collect();
                self.fade(&fading, stroke, alpha);
            }
        }
        self.pen.set_strength(1.0);
    }

    /// Messages that have not arrived fade out towards where they will.
    fn fade(&self, flights: &[&Flight], stroke: Stroke, alpha: f64) {
        const STEPS: i32 = 8;
        let at = |flight: &Flight, step: i32| {
            let part = f64::from(step) / f64::from(STEPS);
            (flight.from.0 + (flight.to.0 - flight.from.0) * part, flight.from.1 + (flight.to.1 - flight.from.1) * part)
        };
        for step in (0..STEPS).take_while(|_| !flights.is_empty()) {
            let left = f64::from(STEPS - step) / f64::from(STEPS);
            self.pen.set_strength((1.6 * alpha * left).min(1.0));
            self.pen.lines(stroke, &mut flights.iter().map(|flight| (at(flight, step), at(flight, step + 1))));
        }
    }

    fn dots(&self, dots: &[Dot]) {
        let background = self.colour("--background");
        let dense = dots.len() > MANY;
        let colours = MessageKind::ALL.map(|kind| self.colour(kind_token(kind)));
        let (plain, violation) = (self.colour("--link"), self.colour("--violation"));
        for dot in Strength::ALL.iter().flat_map(|strength| dots.iter().filter(move |dot| dot.strength == *strength)) {
            let colour = match dot.ink {
                Ink::Kind(kind) => &colours[kind as usize],
                Ink::Plain => &plain,
            };
            if dot.is_fault {
                self.pen.set_strength(1.0);
                self.cross(dot.x, dot.y, 6.0, 2.6, &violation);
                continue;
            }
            let (radius, alpha) = match dot.strength {
                Strength::Faint => (1.8, 0.45),
                Strength::Routine => (2.0, 0.6),
                Strength::Normal => (3.2, 1.0),
                Strength::Ring => (3.2, 1.0),
                Strength::Strong => (4.2, 1.0),
            };
            self.pen.set_strength(alpha);
            let is_ring = dot.strength == Strength::Ring;
            if dense && matches!(dot.strength, Strength::Faint | Strength::Routine | Strength::Normal) {
                let side = if dot.strength == Strength::Normal { 3.0 } else { 2.0 };
                self.pen.fill_area(colour, Area::around(Point::new(dot.x, dot.y), side, side), 0.0);
                continue;
            }
            let (fill, border, width) = if is_ring { (&background, colour, 1.8) } else { (colour, &background, 1.0) };
            self.pen.disc(fill, Stroke { colour: border, width }, (dot.x, dot.y), radius);
        }
        self.pen.set_strength(1.0);
    }

    fn crosses(&self, scene: &Scene) {
        let violation = self.colour("--violation");
        let lost = || scene.flights.iter().filter(|flight| flight.lost);
        let size = if lost().count() > MANY / 2 { 2.2 } else { 3.6 };
        for flight in lost() {
            self.pen.set_strength(match flight.strength {
                Strength::Faint => 0.5,
                Strength::Routine => 0.6,
                _ => 1.0,
            });
            self.cross(flight.to.0, flight.to.1, size, 2.0, &violation);
        }
        self.pen.set_strength(1.0);
    }

    /// Times at events, on a ground of their own so that a message behind one does not strike it out.
    fn stamps(&self, scene: &Scene) {
        let (colour, halo, family) = (self.colour("--ink"), self.colour("--background"), self.colour("--mono"));
        let lettering = Lettering { colour: &colour, family: &family, weight: 500, size: 10.0, ends_there: false };
        for stamp in &scene.stamps {
            self.pen.write_apart(lettering, Stroke { colour: &halo, width: 3.0 }, (stamp.x, stamp.y), &stamp.text);
        }
    }

    fn cross(&self, x: f64, y: f64, size: f64, width: f64, colour: &str) {
        let lines = [((x - size, y - size), (x + size, y + size)), ((x + size, y - size), (x - size, y + size))];
        self.pen.lines(Stroke { colour, width }, &mut lines.into_iter());
    }
}

/// A bar with round ends, and their radius.
fn round_bar(x1: f64, x2: f64, y: f64, height: f64) -> (Area, f64) {
    let radius = (height / 2.0).min((x2 - x1) / 2.0).max(0.0);
    (Area { x: x1, y: y - height / 2.0, width: x2 - x1, height }, radius)
}

fn tone_token(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain | Tone::Aside => "--line",
        Tone::Leader => "--leader",
        Tone::Candidate => "--candidate",
        Tone::Committed => "--committed",
        Tone::Violation => "--violation",
    }
}
