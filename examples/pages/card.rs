//! The picture of a lab that other sites show beside a link to it.

use std::error::Error;

use netsplit::geometry::Size;
use netsplit::stage::scene::picture;
use netsplit::words::say;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use sim::About;
use sim::frame::Frame;
use yew::prelude::*;

use crate::letters::Letters;
use crate::stylesheet::Stylesheet;

/// The size that sites ask for, in pixels.
pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;

/// How large the stage is drawn, before it is enlarged to the width of the card.
const STAGE: Size = Size { width: 760.0, height: 272.0 };

const STYLE: &str = concat!(
    include_str!("../../static/tokens.css"),
    include_str!("../../static/stage.css"),
    "svg .card-text { text-anchor: start; } svg .card-end { text-anchor: end; }"
);

/// How many letters of the caption have room beside each other.
const LINE: usize = 80;

/// The title, the stage and its caption.
pub fn draw(about: &About, frame: &Frame) -> Html {
    let caption = lines(&say(&frame.caption.headline));
    let below = |line: usize| (638 - 36 * (caption.len() - line)).to_string();
    let viewport = format!("0 0 {WIDTH} {HEIGHT}");
    html! {
        <svg viewBox={viewport} width={WIDTH.to_string()} height={HEIGHT.to_string()} class="picture">
            <rect width="100%" height="100%" fill="#FFFFFF" />
            <text x="48" y="82" class="card-text" font-size="46" font-weight="700">{ say(&about.title) }</text>
            <text x="1152" y="78" class="card-end" font-size="28">{ "Netsplit" }</text>
            <svg x="30" y="104" width="1140" height="408">{ picture(frame, STAGE, &[], None) }</svg>
            { for caption.iter().enumerate().map(|(line, words)| html! {
                <text x="48" y={below(line)} class="card-text" font-size="28">{ words }</text>
            }) }
        </svg>
    }
}

/// The drawing as a PNG.
pub fn png(drawing: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let drawing = Stylesheet::parse(STYLE).apply(drawing, &Letters::new()?)?;
    let tree = Tree::from_str(&drawing, &Options::default())?;
    let mut pixels = Pixmap::new(WIDTH, HEIGHT).ok_or("no room for a picture")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

/// A sentence in lines that fit.
fn lines(sentence: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in sentence.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}
