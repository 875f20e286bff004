//! The lanes as an SVG file.

use sim::NodeId;
use sim::frame::{Frame, Scale};
use web_sys::Element;

use super::chronicle::{Chronicle, Watch};
use super::cone::Cone;
use super::field::Field;
use super::overlay::{name_step, round_moment};
use super::paint;
use super::pen::{Lettering, Pen, Stroke, SvgPen};
use super::rows::Rows;
use super::scene::Scene;
use super::stretch::Stretch;
use crate::export;
use crate::geometry::{Area, Size};
use crate::palette::Palette;
use crate::words::say;

/// How wide the picture is, in pixels.
const WIDTH: f64 = 1408.0;

/// What the picture shows.
#[derive(Debug)]
pub struct View<'a> {
    pub frame: &'a Frame,
    pub chronicle: &'a Chronicle,
    pub watch: Watch,
    /// The selected event.
    pub event: Option<u64>,
    /// The node that the picture is limited to the knowledge of.
    pub knower: Option<NodeId>,
    pub height_px: u16,
}

/// Draws the lanes in the colours that an element of the page sees. None without a browser.
pub fn svg(view: &View, element: &Element, title: &str, description: &str) -> Option<String> {
    let palette = Palette::of(element)?;
    let stretch = Stretch {
        start_us: view.watch.from_us as f64,
        span_us: view.watch.to_us.saturating_sub(view.watch.from_us).max(1) as f64,
    };
    let height = f64::from(view.height_px);
    let acted = view.event.and_then(|event| view.chronicle.event(event)?.node);
    let rows = Rows::fitting(height, view.frame, view.chronicle, stretch, acted.into_iter());
    let field = Field::new(WIDTH, height, stretch, rows);
    let size = Size { width: WIDTH, height: field.height };
    let cone = view.event.and_then(|event| Cone::of(view.chronicle, event));
    let scene = Scene::compose(view.frame, view.chronicle, &field, cone.as_ref(), view.knower);
    let pen = SvgPen::default();
    pen.fill_area(&palette.token("--background"), Area::around_all(size), 0.0);
    paint::draw(&pen, &palette, &scene, &field);
    draw_moments(&pen, &palette, &field, view.frame.scale);
    draw_names(&pen, &palette, &field, view.frame);
    draw_playhead(&pen, &palette, &field, view.frame.at_us);
    Some(export::document(size, title, description, &pen.finish()))
}

fn draw_moments(pen: &SvgPen, palette: &Palette, field: &Field, scale: Scale) {
    let (link, muted, family) = (palette.token("--link"), palette.token("--muted"), palette.token("--mono"));
    let lettering = Lettering { colour: &muted, family: &family, weight: 400, size: 10.5, ends_there: false };
    for at_us in field.ticks(scale) {
        let x = field.x(at_us);
        let line = ((x, field.bottom() - 5.0), (x, field.bottom()));
        pen.lines(Stroke { colour: &link, width: 1.0 }, &mut [line].into_iter());
        pen.write(lettering, (x, field.bottom() + 12.0), &say(round_moment(scale, at_us)));
    }
}

fn draw_names(pen: &SvgPen, palette: &Palette, field: &Field, frame: &Frame) {
    let (ink, family) = (palette.token("--ink"), palette.token("--sans"));
    let lettering = Lettering { colour: &ink, family: &family, weight: 600, size: 12.5, ends_there: true };
    let nodes = field.rows.nodes().iter().filter_map(|node| frame.nodes.get(node.index()));
    for node in nodes.step_by(name_step(field)) {
        pen.write(lettering, (field.start_x() - 14.0, field.y(node.id) + 4.5), &node.label);
    }
}

fn draw_playhead(pen: &SvgPen, palette: &Palette, field: &Field, at_us: u64) {
    let x = field.x(at_us);
    if (field.start_x()..=field.end_x()).contains(&x) {
        let line = ((x, 0.0), (x, field.bottom()));
        pen.lines(Stroke { colour: &palette.token("--focus"), width: 2.4 }, &mut [line].into_iter());
    }
}
