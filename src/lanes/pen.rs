//! What lanes are painted with: a canvas for the screen, or the text of an SVG file.

use std::cell::{Cell, RefCell};
use std::f64::consts::TAU;
use std::fmt::Write;

use web_sys::CanvasRenderingContext2d;

use crate::export::escape;
use crate::geometry::Area;
use crate::words::number;

/// A place in pixels.
pub type Spot = (f64, f64);

/// A colour and a width of lines in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke<'a> {
    pub colour: &'a str,
    pub width: f64,
}

/// How a text is set: in which font, and whether it ends at its place or has its middle there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lettering<'a> {
    pub colour: &'a str,
    pub family: &'a str,
    pub weight: u16,
    pub size: f64,
    pub ends_there: bool,
}

/// What the painter of the lanes needs, and both kinds of pictures can do.
pub trait Pen {
    /// How much all that follows covers, from 0 to 1.
    fn set_strength(&self, strength: f64);
    /// Draws lines that look the same in one go.
    fn lines(&self, stroke: Stroke, lines: &mut dyn Iterator<Item = (Spot, Spot)>);
    fn fill_area(&self, colour: &str, area: Area, radius: f64);
    fn outline_area(&self, stroke: Stroke, area: Area, radius: f64);
    /// A disc with a border.
    fn disc(&self, fill: &str, border: Stroke, middle: Spot, radius: f64);
    /// Draws only inside of an area until [`Pen::unclip`].
    fn clip(&self, area: Area);
    fn unclip(&self);
    /// Writes a line of text, its middle or its end at the foot of this place.
    fn write(&self, lettering: Lettering, at: Spot, text: &str);
    /// The same with a border round the letters that keeps them apart from what lies below.
    fn write_apart(&self, lettering: Lettering, border: Stroke, at: Spot, text: &str);
}

impl Pen for CanvasRenderingContext2d {
    fn set_strength(&self, strength: f64) {
        self.set_global_alpha(strength);
    }

    fn lines(&self, stroke: Stroke, lines: &mut dyn Iterator<Item = (Spot, Spot)>) {
        self.set_stroke_style_str(stroke.colour);
        self.set_line_width(stroke.width);
        self.begin_path();
        for (from, to) in lines {
            self.move_to(from.0, from.1);
            self.line_to(to.0, to.1);
        }
        self.stroke();
    }

    fn fill_area(&self, colour: &str, area: Area, radius: f64) {
        self.set_fill_style_str(colour);
        if radius > 0.0 {
            self.begin_path();
            let _ = self.round_rect_with_f64(area.x, area.y, area.width, area.height, radius);
            self.fill();
        } else {
            // Much faster than a path.
            self.fill_rect(area.x, area.y, area.width, area.height);
        }
    }

    fn outline_area(&self, stroke: Stroke, area: Area, radius: f64) {
        self.set_stroke_style_str(stroke.colour);
        self.set_line_width(stroke.width);
        self.begin_path();
        let _ = self.round_rect_with_f64(area.x, area.y, area.width, area.height, radius);
        self.stroke();
    }

    fn disc(&self, fill: &str, border: Stroke, middle: Spot, radius: f64) {
        self.set_fill_style_str(fill);
        self.begin_path();
        let _ = self.arc(middle.0, middle.1, radius, 0.0, TAU);
        self.fill();
        self.set_stroke_style_str(border.colour);
        self.set_line_width(border.width);
        self.stroke();
    }

    fn clip(&self, area: Area) {
        self.save();
        self.begin_path();
        self.rect(area.x, area.y, area.width, area.height);
        CanvasRenderingContext2d::clip(self);
    }

    fn unclip(&self) {
        self.restore();
    }

    fn write(&self, lettering: Lettering, at: Spot, text: &str) {
        set_letters(self, lettering);
        let _ = self.fill_text(text, at.0, at.1);
    }

    fn write_apart(&self, lettering: Lettering, border: Stroke, at: Spot, text: &str) {
        set_letters(self, lettering);
        self.set_line_join("round");
        self.set_line_width(border.width);
        self.set_stroke_style_str(border.colour);
        let _ = self.stroke_text(text, at.0, at.1);
        let _ = self.fill_text(text, at.0, at.1);
    }
}

fn set_letters(context: &CanvasRenderingContext2d, lettering: Lettering) {
    context.set_fill_style_str(lettering.colour);
    context.set_font(&format!("{} {}px {}", lettering.weight, lettering.size, lettering.family));
    context.set_text_align(if lettering.ends_there { "end" } else { "center" });
}

/// Writes what is drawn as the inside of an SVG file.
#[derive(Debug)]
pub struct SvgPen {
    text: RefCell<String>,
    strength: Cell<f64>,
    clips: Cell<usize>,
}

impl Default for SvgPen {
    fn default() -> SvgPen {
        SvgPen { text: RefCell::default(), strength: Cell::new(1.0), clips: Cell::new(0) }
    }
}

impl SvgPen {
    /// All that has been drawn.
    pub fn finish(self) -> String {
        self.text.into_inner()
    }

    /// Adds an element that is drawn with the strength of the moment.
    fn add(&self, name: &str, attributes: &str) {
        let strength = self.strength.get();
        let faded = if strength < 1.0 { format!(r#" opacity="{strength:.2}""#) } else { String::new() };
        self.push(&format!("<{name} {attributes}{faded}/>\n"));
    }

    fn push(&self, text: &str) {
        self.text.borrow_mut().push_str(text);
    }
}

impl Pen for SvgPen {
    fn set_strength(&self, strength: f64) {
        self.strength.set(strength);
    }

    fn lines(&self, stroke: Stroke, lines: &mut dyn Iterator<Item = (Spot, Spot)>) {
        let mut path = String::new();
        for (from, to) in lines {
            let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(number);
            let _ = write!(path, "M{x1} {y1}L{x2} {y2}");
        }
        if !path.is_empty() {
            self.add("path", &format!(r#"d="{path}" fill="none" {}"#, border(stroke)));
        }
    }

    fn fill_area(&self, colour: &str, area: Area, radius: f64) {
        self.add("rect", &format!(r#"{} fill="{}""#, rectangle(area, radius), escape(colour)));
    }

    fn outline_area(&self, stroke: Stroke, area: Area, radius: f64) {
        self.add("rect", &format!(r#"{} fill="none" {}"#, rectangle(area, radius), border(stroke)));
    }

    fn disc(&self, fill: &str, stroke: Stroke, middle: Spot, radius: f64) {
        let [x, y, radius] = [middle.0, middle.1, radius].map(number);
        let fill = escape(fill);
        self.add("circle", &format!(r#"cx="{x}" cy="{y}" r="{radius}" fill="{fill}" {}"#, border(stroke)));
    }

    fn clip(&self, area: Area) {
        let index = self.clips.get();
        self.clips.set(index + 1);
        let rectangle = rectangle(area, 0.0);
        self.push(&format!(
            "<clipPath id=\"clip{index}\"><rect {rectangle}/></clipPath>\n<g clip-path=\"url(#clip{index})\">\n"
        ));
    }

    fn unclip(&self) {
        self.push("</g>\n");
    }

    fn write(&self, lettering: Lettering, at: Spot, text: &str) {
        self.text(lettering, "", at, text);
    }

    fn write_apart(&self, lettering: Lettering, border: Stroke, at: Spot, text: &str) {
        self.text(
            lettering,
            &format!(r#" paint-order="stroke" stroke-linejoin="round" {}"#, self::border(border)),
            at,
            text,
        );
    }
}

impl SvgPen {
    fn text(&self, lettering: Lettering, more: &str, at: Spot, text: &str) {
        let Lettering { colour, family, weight, size, ends_there } = lettering;
        let [x, y] = [at.0, at.1].map(number);
        let (colour, family, text) = (escape(colour), escape(family), escape(text));
        let anchor = if ends_there { "end" } else { "middle" };
        self.push(&format!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"{colour}\" font-family=\"{family}\" \
             font-weight=\"{weight}\" font-size=\"{size}\"{more}>{text}</text>\n"
        ));
    }
}

fn border(stroke: Stroke) -> String {
    format!(r#"stroke="{}" stroke-width="{}""#, escape(stroke.colour), number(stroke.width))
}

fn rectangle(area: Area, radius: f64) -> String {
    let [x, y, width, height, radius] = [area.x, area.y, area.width.max(0.0), area.height.max(0.0), radius].map(number);
    format!(r#"x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}""#)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STROKE: Stroke = Stroke { colour: "#123456", width: 2.0 };

    #[test]
    fn lines_that_look_the_same_become_one_path() {
        let pen = SvgPen::default();
        pen.set_strength(0.5);
        pen.lines(STROKE, &mut [((0.0, 1.0), (2.0, 3.0)), ((4.0, 5.0), (6.0, 7.0))].into_iter());
        pen.lines(STROKE, &mut std::iter::empty());
        let path = r##"<path d="M0 1L2 3M4 5L6 7" fill="none" stroke="#123456" stroke-width="2" opacity="0.50"/>"##;
        assert_eq!(pen.finish().trim(), path);
    }

    #[test]
    fn names_cannot_leave_their_element() {
        let pen = SvgPen::default();
        let lettering =
            Lettering { colour: "red", family: "\"Inter\", serif", weight: 600, size: 12.5, ends_there: true };
        pen.write(lettering, (1.0, 2.0), "</text><script>");
        let text = pen.finish();
        assert!(text.contains("&lt;/text&gt;&lt;script&gt;") && text.contains("&quot;Inter&quot;"), "{text}");
    }

    #[test]
    fn what_is_clipped_is_closed_again() {
        let pen = SvgPen::default();
        for _ in 0..2 {
            pen.clip(Area { x: 0.0, y: 0.0, width: 10.0, height: 10.0 });
            pen.fill_area("red", Area::default(), 0.0);
            pen.unclip();
        }
        let text = pen.finish();
        assert!(text.contains("id=\"clip0\"") && text.contains("id=\"clip1\""));
        assert_eq!(text.matches("<g ").count(), text.matches("</g>").count());
    }
}
