//! Texts as outlines, so that a drawing needs no font where it is read.

use std::fmt::Write;

use ttf_parser::{Face, FaceParsingError, OutlineBuilder};

/// Noto Sans; `font/OFL.txt` is its licence.
const REGULAR: &[u8] = include_bytes!("font/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("font/NotoSans-Bold.ttf");

pub struct Letters {
    regular: Face<'static>,
    bold: Face<'static>,
}

/// How a text is set.
pub struct Setting<'a> {
    pub x: f32,
    pub y: f32,
    pub size: f32,
    /// As in CSS.
    pub weight: f32,
    /// As in SVG: `start`, `middle` or `end`.
    pub anchor: &'a str,
}

impl Letters {
    pub fn new() -> Result<Self, FaceParsingError> {
        Ok(Self { regular: Face::parse(REGULAR, 0)?, bold: Face::parse(BOLD, 0)? })
    }

    /// The outlines of a line, as the data of a path. Letters that the font does not have leave their room.
    pub fn outlines(&self, words: &str, setting: &Setting<'_>) -> String {
        let face = if setting.weight >= 600.0 { &self.bold } else { &self.regular };
        let scale = setting.size / f32::from(face.units_per_em());
        let glyphs: Vec<_> = words.chars().map(|letter| face.glyph_index(letter).unwrap_or_default()).collect();
        let advance = |glyph| f32::from(face.glyph_hor_advance(glyph).unwrap_or_default()) * scale;
        let width: f32 = glyphs.iter().copied().map(advance).sum();
        let part = match setting.anchor {
            "middle" => 0.5,
            "end" => 1.0,
            _ => 0.0,
        };
        let mut pen = Pen { x: setting.x - part * width, y: setting.y, scale, path: String::new() };
        for glyph in glyphs {
            if glyph.0 != 0 {
                face.outline_glyph(glyph, &mut pen);
            }
            pen.x += advance(glyph);
        }
        pen.path
    }
}

/// Draws glyphs into the data of a path; fonts count upwards, drawings downwards.
struct Pen {
    x: f32,
    y: f32,
    scale: f32,
    path: String,
}

impl Pen {
    fn add(&mut self, command: char, points: &[(f32, f32)]) {
        self.path.push(command);
        for (x, y) in points {
            let _ = write!(self.path, " {:.2} {:.2}", self.x + x * self.scale, self.y - y * self.scale);
        }
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.add('L', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.add('Q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.add('C', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}
