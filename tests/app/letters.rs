//! How wide words are. Letters of variable width are those of Noto Sans, as in the pictures of a release, each wider by what
//! DejaVu Sans adds to it, which is the widest of the fonts that systems put in the place of the page's own. Those of equal
//! width take what they take in DejaVu Sans Mono and nearly all others.

use netsplit::words;
use ttf_parser::Face;

const REGULAR: &[u8] = include_bytes!("../../examples/pages/font/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../examples/pages/font/NotoSans-Bold.ttf");

/// How many times as wide words are in DejaVu Sans: measured in Chromium, "leader of 2, cannot commit" is 1.075 times and
/// "as of event 120" 1.10 times as wide, in bold letters 1.135 and 1.175 times.
const WIDER_REGULAR: f64 = 1.10;
const WIDER_BOLD: f64 = 1.17;

/// Of the size of letters, as in DejaVu Sans and DejaVu Sans Mono.
pub const ASCENT: f64 = 0.93;
pub const DESCENT: f64 = 0.24;
/// The letters that go below the line on which they stand.
pub const BELOW_THE_LINE: [char; 8] = ['g', 'j', 'p', 'q', 'y', ',', '(', ')'];
const MONO: f64 = 0.602;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Font {
    Regular,
    Bold,
    Mono,
}

/// The fonts, read once.
#[derive(Debug)]
pub struct Letters {
    regular: Face<'static>,
    bold: Face<'static>,
}

impl Letters {
    pub fn new() -> Letters {
        let face = |bytes| Face::parse(bytes, 0).expect("a font");
        Letters { regular: face(REGULAR), bold: face(BOLD) }
    }

    /// In letters of size 1.
    pub fn width(&self, said: &str, font: Font) -> f64 {
        match font {
            Font::Regular => WIDER_REGULAR * advance(&self.regular, said),
            Font::Bold => WIDER_BOLD * advance(&self.bold, said),
            Font::Mono => MONO * words::length(said) as f64,
        }
    }
}

/// A letter that the font does not have counts as a square.
fn advance(face: &Face<'_>, said: &str) -> f64 {
    let unit = f64::from(face.units_per_em());
    let of_one = |letter| face.glyph_index(letter).and_then(|glyph| face.glyph_hor_advance(glyph));
    said.chars().map(|letter| of_one(letter).map_or(1.0, |advance| f64::from(advance) / unit)).sum()
}
