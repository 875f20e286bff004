//! Paints a scene on a canvas, in the colours of the stylesheet.

use std::rc::Rc;

use sim::NodeId;
use sim::frame::{MessageKind, Tone};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::scene::{Bar, COLUMN, Dot, Field, Flight, Ink, Look, Scene, Weight};
use crate::dom;
use crate::palette::{Palette, kind_token};

const FULL_TURN: f64 = std::f64::consts::TAU;
/// Dots above this number are drawn as small squares, which is much faster.
const MANY: usize = 700;

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
    let painter = Painter { context, palette, field };
    painter.paint(scene);
}

struct Painter<'a> {
    context: CanvasRenderingContext2d,
    palette: &'a Palette,
    field: &'a Field,
}

impl Painter<'_> {
    fn colour(&self, token: &'static str) -> Rc<str> {
        self.palette.token(token)
    }

    fn paint(&self, scene: &Scene) {
        self.context.save();
        self.context.begin_path();
        // A little more than the field, so that dots at its start are whole.
        self.context.rect(
            self.field.start_x() - 5.0,
            0.0,
            self.field.end_x() - self.field.start_x() + 10.0,
            self.field.bottom(),
        );
        self.context.clip();
        self.hatch(scene);
        self.lanes(scene);
        self.bands(scene);
        self.columns(scene);
        self.strikes(scene);
        self.flights(&scene.flights);
        self.dots(&scene.dots);
        self.crosses(scene);
        self.stamps(scene);
        self.context.restore();
    }

    fn line(&self, from: (f64, f64), to: (f64, f64)) {
        self.context.move_to(from.0, from.1);
        self.context.line_to(to.0, to.1);
    }

    /// Slanted lines over the lanes of nodes with cut links. They move with time.
    fn hatch(&self, scene: &Scene) {
        const GAP: f64 = 9.0;
        let half = self.field.pitch() / 2.0;
        let moved = (self.field.stretch.start_us * self.field.scale()).rem_euclid(GAP);
        self.context.set_stroke_style_str(&self.colour("--link"));
        self.context.set_line_width(1.0);
        self.context.set_global_alpha(0.24);
        for bar in scene.bars.iter().filter(|bar| bar.look == Look::CutOff) {
            let (x1, x2) = self.visible(bar);
            let (top, bottom) = (bar.y - half, bar.y + half);
            self.context.save();
            self.context.begin_path();
            self.context.rect(x1, top, x2 - x1, bottom - top);
            self.context.clip();
            self.context.begin_path();
            // All lanes share one set of lines, x + y = n gaps, so that strips join.
            let first = ((x1 + top + moved) / GAP).floor() as i64;
            let last = ((x2 + bottom + moved) / GAP).ceil() as i64;
            for sum in (first..=last).map(|line| line as f64 * GAP - moved) {
                self.line((sum - top, top), (sum - bottom, bottom));
            }
            self.context.stroke();
            self.context.restore();
        }
        self.context.set_global_alpha(1.0);
    }

    fn lanes(&self, scene: &Scene) {
        let (start, end) = (self.field.start_x(), self.field.end_x());
        self.context.set_stroke_style_str(&self.colour("--line"));
        self.context.set_line_width(2.0);
        self.context.begin_path();
        for index in 0..self.field.lanes() {
            let y = self.field.y(NodeId::at(index)).round();
            self.line((start, y), (end, y));
        }
        self.context.stroke();
        // A node that is down or paused has no line of its own there.
        self.context.set_fill_style_str(&self.colour("--background"));
        for bar in scene.bars.iter().filter(|bar| matches!(bar.look, Look::Crashed | Look::Paused)) {
            let (x1, x2) = self.visible(bar);
            self.context.fill_rect(x1, bar.y.round() - 1.0, x2 - x1, 2.0);
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
                    self.context.set_global_alpha(self.colour("--band").parse().unwrap_or(0.5));
                    self.context.set_fill_style_str(&self.colour(tone_token(tone)));
                    self.round_bar(x1, x2.max(x1 + 1.5), bar.y, height);
                    self.context.fill();
                    self.context.set_global_alpha(1.0);
                }
                Look::Crashed => self.dashes((x1, bar.y.round()), (x2, bar.y.round()), 2.0, (4.0, 5.0), "--violation"),
                Look::Paused => {
                    self.context.set_stroke_style_str(&self.colour("--link"));
                    self.context.set_line_width(1.5);
                    self.round_bar(x1, x2, bar.y, height);
                    self.context.stroke();
                }
            }
        }
    }

    fn round_bar(&self, x1: f64, x2: f64, y: f64, height: f64) {
        let radius = (height / 2.0).min((x2 - x1) / 2.0).max(0.0);
        self.context.begin_path();
        let _ = self.context.round_rect_with_f64(x1, y - height / 2.0, x2 - x1, height, radius);
    }

    /// How many events there are, from afar.
    fn columns(&self, scene: &Scene) {
        let height = (self.field.pitch() * 0.5).min(13.0);
        self.context.set_fill_style_str(&self.colour("--link"));
        self.context.set_global_alpha(0.75);
        for column in &scene.columns {
            // By its root, so that little is seen too.
            let tall = (column.share.sqrt() * height).max(1.5);
            self.context.fill_rect(column.x, column.y - tall / 2.0, COLUMN, tall);
        }
        self.context.set_global_alpha(1.0);
    }

    fn strikes(&self, scene: &Scene) {
        for strike in &scene.strikes {
            let x = strike.x.round() + 0.5;
            self.dashes((x, strike.y1), (x, strike.y2), 1.6, (4.0, 3.0), "--violation");
        }
    }

    fn dashes(&self, from: (f64, f64), to: (f64, f64), width: f64, (dash, gap): (f64, f64), token: &'static str) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if length <= 0.0 {
            return;
        }
        let (dx, dy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
        self.context.set_stroke_style_str(&self.colour(token));
        self.context.set_line_width(width);
        self.context.begin_path();
        let mut at = 0.0;
        while at < length {
            let end = (at + dash).min(length);
            self.line((from.0 + dx * at, from.1 + dy * at), (from.0 + dx * end, from.1 + dy * end));
            at += dash + gap;
        }
        self.context.stroke();
    }

    /// One stroke for all that look the same.
    fn flights(&self, flights: &[Flight]) {
        let dense = flights.len() > MANY;
        for weight in Weight::ALL {
            let (alpha, width) = match weight {
                Weight::Faint => (0.16, 1.2),
                Weight::Normal if dense => (0.45, 1.0),
                Weight::Normal => (0.58, 1.5),
                Weight::Ring => (0.75, 1.5),
                Weight::Strong => (1.0, 2.2),
            };
            self.context.set_line_width(width);
            for kind in KINDS {
                let group = || flights.iter().filter(|flight| flight.weight == weight && flight.ink == Ink::Kind(kind));
                self.context.set_stroke_style_str(&self.colour(kind_token(kind)));
                self.context.set_global_alpha(alpha);
                self.context.begin_path();
                group().filter(|flight| !flight.fading).for_each(|flight| self.line(flight.from, flight.to));
                self.context.stroke();
                let fading: Vec<&Flight> = group().filter(|flight| flight.fading).collect();
                self.fade(&fading, alpha);
            }
        }
        self.context.set_global_alpha(1.0);
    }

    /// Messages that have not arrived fade out towards where they will.
    fn fade(&self, flights: &[&Flight], alpha: f64) {
        const STEPS: i32 = 8;
        let at = |flight: &Flight, step: i32| {
            let part = f64::from(step) / f64::from(STEPS);
            (flight.from.0 + (flight.to.0 - flight.from.0) * part, flight.from.1 + (flight.to.1 - flight.from.1) * part)
        };
        for step in (0..STEPS).take_while(|_| !flights.is_empty()) {
            let left = f64::from(STEPS - step) / f64::from(STEPS);
            self.context.set_global_alpha((1.6 * alpha * left).min(1.0));
            self.context.begin_path();
            flights.iter().for_each(|flight| self.line(at(flight, step), at(flight, step + 1)));
            self.context.stroke();
        }
    }

    fn dots(&self, dots: &[Dot]) {
        let background = self.colour("--background");
        let dense = dots.len() > MANY;
        let colours = KINDS.map(|kind| self.colour(kind_token(kind)));
        let (plain, violation) = (self.colour("--link"), self.colour("--violation"));
        for dot in Weight::ALL.iter().flat_map(|weight| dots.iter().filter(move |dot| dot.weight == *weight)) {
            let colour = match dot.ink {
                Ink::Kind(kind) => &colours[kind as usize],
                Ink::Plain => &plain,
            };
            if dot.is_fault {
                self.context.set_global_alpha(1.0);
                self.cross(dot.x, dot.y, 6.0, 2.6, &violation);
                continue;
            }
            let (radius, alpha) = match dot.weight {
                Weight::Faint => (1.8, 0.45),
                Weight::Normal => (3.2, 1.0),
                Weight::Ring => (3.2, 1.0),
                Weight::Strong => (4.2, 1.0),
            };
            self.context.set_global_alpha(alpha);
            self.context.set_fill_style_str(if dot.weight == Weight::Ring { &background } else { colour });
            if dense && matches!(dot.weight, Weight::Faint | Weight::Normal) {
                self.context.fill_rect(dot.x - 1.5, dot.y - 1.5, 3.0, 3.0);
                continue;
            }
            self.context.begin_path();
            let _ = self.context.arc(dot.x, dot.y, radius, 0.0, FULL_TURN);
            self.context.fill();
            self.context.set_stroke_style_str(if dot.weight == Weight::Ring { colour } else { &background });
            self.context.set_line_width(if dot.weight == Weight::Ring { 1.8 } else { 1.0 });
            self.context.stroke();
        }
        self.context.set_global_alpha(1.0);
    }

    fn crosses(&self, scene: &Scene) {
        let violation = self.colour("--violation");
        let lost = || scene.flights.iter().filter(|flight| flight.lost);
        let size = if lost().count() > MANY / 2 { 2.2 } else { 3.6 };
        for flight in lost() {
            self.context.set_global_alpha(if flight.weight == Weight::Faint { 0.5 } else { 1.0 });
            self.cross(flight.to.0, flight.to.1, size, 2.0, &violation);
        }
        self.context.set_global_alpha(1.0);
    }

    /// Times at events, on a ground of their own so that a message behind one does not strike it out.
    fn stamps(&self, scene: &Scene) {
        if scene.stamps.is_empty() {
            return;
        }
        self.context.set_font(&format!("500 10px {}", self.colour("--mono")));
        self.context.set_text_align("center");
        self.context.set_line_join("round");
        self.context.set_line_width(3.0);
        self.context.set_stroke_style_str(&self.colour("--background"));
        self.context.set_fill_style_str(&self.colour("--ink"));
        for stamp in &scene.stamps {
            let _ = self.context.stroke_text(&stamp.text, stamp.x, stamp.y);
            let _ = self.context.fill_text(&stamp.text, stamp.x, stamp.y);
        }
    }

    fn cross(&self, x: f64, y: f64, size: f64, width: f64, colour: &str) {
        self.context.set_stroke_style_str(colour);
        self.context.set_line_width(width);
        self.context.begin_path();
        self.line((x - size, y - size), (x + size, y + size));
        self.line((x + size, y - size), (x - size, y + size));
        self.context.stroke();
    }
}

const KINDS: [MessageKind; 4] =
    [MessageKind::Election, MessageKind::Replication, MessageKind::Client, MessageKind::Other];

fn tone_token(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "--line",
        Tone::Leader => "--leader",
        Tone::Candidate => "--candidate",
        Tone::Committed => "--committed",
        Tone::Violation => "--violation",
    }
}
