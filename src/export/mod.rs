//! What is shown, as a picture to keep: SVG, and PNG drawn from the same SVG.

mod png;
pub mod stage;

use sim::{Text, t};

use crate::files;
use crate::geometry::Size;
use crate::words::number;

/// What a picture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Stage,
    Lanes,
}

impl Subject {
    pub const ALL: [Subject; 2] = [Subject::Stage, Subject::Lanes];

    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Subject::Stage => "stage",
            Subject::Lanes => "lanes",
        }
    }

    /// Why there is no picture.
    pub fn refusal(self) -> Text {
        match self {
            Subject::Stage => t!("The stage is hidden now. Show it, and save its picture then."),
            Subject::Lanes => t!("This browser does not let the page draw the lanes."),
        }
    }
}

/// A kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Lines and texts, sharp at any size.
    Svg,
    /// Pixels.
    Png,
}

impl Format {
    pub const ALL: [Format; 2] = [Format::Svg, Format::Png];

    /// How a file of it ends.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Svg => "svg",
            Format::Png => "png",
        }
    }
}

/// What the button says that saves a picture.
pub fn title(subject: Subject, format: Format) -> Text {
    match (subject, format) {
        (Subject::Stage, Format::Svg) => t!("Stage (SVG)"),
        (Subject::Stage, Format::Png) => t!("Stage (PNG)"),
        (Subject::Lanes, Format::Svg) => t!("Lanes (SVG)"),
        (Subject::Lanes, Format::Png) => t!("Lanes (PNG)"),
    }
}

/// Gives the visitor a picture to keep. `refuse` is called where the browser cannot make pixels of it.
pub fn save(svg: String, name: String, format: Format, refuse: impl FnOnce() + 'static) {
    match format {
        Format::Svg => files::save(&name, "image/svg+xml", svg.as_bytes()),
        Format::Png => png::save(svg, name, refuse),
    }
}

/// A whole SVG file of this size in pixels, with what it shows in words.
pub fn document(size: Size, title: &str, description: &str, content: &str) -> String {
    let [width, height] = [size.width, size.height].map(number);
    let (title, description) = (escape(title), escape(description));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\">\n<title>{title}</title>\n<desc>{description}</desc>\n{content}</svg>\n"
    )
}

/// Text as it stands in SVG, between tags and in attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_says_what_it_shows() {
        let svg = document(Size { width: 10.0, height: 20.5 }, "S1 & S2", "a < b", "<g/>\n");
        assert!(svg.contains("<title>S1 &amp; S2</title>") && svg.contains("<desc>a &lt; b</desc>"));
        assert!(svg.contains("viewBox=\"0 0 10 20.5\"") && svg.ends_with("<g/>\n</svg>\n"));
    }
}
