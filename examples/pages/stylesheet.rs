//! The rules of the stylesheet written into a drawing, for programs that know neither custom properties nor classes nor
//! the fonts of a page.

use std::collections::BTreeMap;
use std::f32::consts::TAU;
use std::fmt::Write;

use resvg::usvg::roxmltree::{Document, Error, Node};

use crate::letters::{Letters, Setting};

/// What a drawing takes from the stylesheet.
const PROPERTIES: [&str; 13] = [
    "display",
    "fill",
    "fill-opacity",
    "font-size",
    "font-weight",
    "opacity",
    "paint-order",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-width",
    "text-anchor",
];

/// A rule with one selector.
struct Rule<'a> {
    /// What the element and those around it have to be, outermost first.
    path: Vec<Compound<'a>>,
    declarations: Vec<(&'a str, &'a str)>,
}

/// `text.mono.wide`.
struct Compound<'a> {
    element: Option<&'a str>,
    classes: Vec<&'a str>,
}

/// Rules of elements and classes inside each other, weakest first. A drawing that nobody touches needs no others.
pub struct Stylesheet<'a> {
    rules: Vec<Rule<'a>>,
}

/// The custom properties that hold for an element.
type Tokens<'a> = BTreeMap<&'a str, &'a str>;

impl<'a> Stylesheet<'a> {
    pub fn parse(css: &'a str) -> Self {
        let mut rules = Vec::new();
        let mut rest = css;
        while let Some((head, body)) = rest.split_once('{') {
            let selectors = head.rsplit("*/").next().unwrap_or_default().trim();
            let end = end_of(body);
            rest = &body[end + 1..];
            if selectors.starts_with('@') {
                continue;
            }
            let declarations: Vec<(&str, &str)> = body[..end]
                .split(';')
                .filter_map(|line| line.rsplit("*/").next()?.split_once(':'))
                .map(|(name, value)| (name.trim(), value.trim()))
                .collect();
            let paths =
                selectors.split(',').filter_map(|selector| selector.split_whitespace().map(Compound::parse).collect());
            rules.extend(paths.map(|path| Rule { path, declarations: declarations.clone() }));
        }
        rules.sort_by_key(Rule::weight);
        Self { rules }
    }

    /// The drawing with all that the stylesheet says of it in attributes, and its texts as outlines.
    pub fn apply(&self, drawing: &str, letters: &Letters) -> Result<String, Error> {
        let document = Document::parse(drawing)?;
        let mut text = String::with_capacity(8 * drawing.len());
        self.write(document.root_element(), &Tokens::new(), letters, &mut text);
        Ok(text)
    }

    fn write(&self, node: Node<'_, '_>, around: &Tokens<'a>, letters: &Letters, text: &mut String) {
        let (mut tokens, mut own) = (around.clone(), Tokens::new());
        for rule in self.rules.iter().filter(|rule| rule.is_of(node)) {
            for &(name, value) in &rule.declarations {
                if name.starts_with("--") {
                    tokens.insert(name, value);
                } else if PROPERTIES.contains(&name) {
                    own.insert(name, value);
                }
            }
        }
        let words = node.text().filter(|_| node.has_tag_name("text"));
        let name = if words.is_some() { "path" } else { node.tag_name().name() };
        let _ = write!(text, "<{name}");
        if let Some(words) = words {
            let value = |name| own.get(name).copied().or_else(|| node.attribute(name)).unwrap_or_default();
            let number = |name| value(name).trim_end_matches("px").parse().unwrap_or_default();
            let (x, y, size, weight) = (number("x"), number("y"), number("font-size"), number("font-weight"));
            let setting = Setting { x, y, size, weight, anchor: value("text-anchor") };
            let _ = write!(text, " d=\"{}\"", letters.outlines(words, &setting));
        }
        if node == node.document().root_element() {
            text.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
        }
        for attribute in node.attributes().filter(|attribute| !own.contains_key(attribute.name())) {
            let value = match attribute.name() {
                "stroke-dasharray" if node.has_attribute("pathLength") => dashes(node, attribute.value()),
                _ => escape(attribute.value()),
            };
            let _ = write!(text, " {}=\"{value}\"", attribute.name());
        }
        for (name, value) in own {
            let _ = write!(text, " {name}=\"{}\"", escape(&resolved(value, &tokens)));
        }
        text.push('>');
        for child in node.children().filter(Node::is_element) {
            self.write(child, &tokens, letters, text);
        }
        let _ = write!(text, "</{name}>");
    }
}

impl Rule<'_> {
    /// Classes count more than elements.
    fn weight(&self) -> (usize, usize) {
        let classes = self.path.iter().map(|compound| compound.classes.len()).sum();
        (classes, self.path.iter().filter(|compound| compound.element.is_some()).count())
    }

    fn is_of(&self, node: Node<'_, '_>) -> bool {
        let Some((last, around)) = self.path.split_last() else { return false };
        let mut outer = node.ancestors().skip(1);
        last.is(node) && around.iter().rev().all(|compound| outer.any(|node| compound.is(node)))
    }
}

impl<'a> Compound<'a> {
    /// Nothing for what depends on more than elements and classes.
    fn parse(text: &'a str) -> Option<Self> {
        // The root of the page is the root of the drawing.
        let text = if text == ":root" { "svg" } else { text };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.');
        let mut parts = text.chars().all(is_plain).then(|| text.split('.'))?;
        let element = parts.next().filter(|element| !element.is_empty());
        Some(Self { element, classes: parts.collect() })
    }

    fn is(&self, node: Node<'_, '_>) -> bool {
        let classes = node.attribute("class").unwrap_or_default();
        self.element.is_none_or(|element| node.has_tag_name(element))
            && self.classes.iter().all(|class| classes.split_whitespace().any(|other| other == *class))
    }
}

/// Where the block ends whose inside this is.
fn end_of(block: &str) -> usize {
    let mut depth = 1;
    let end = block.bytes().position(|byte| {
        depth += i32::from(byte == b'{') - i32::from(byte == b'}');
        depth == 0
    });
    end.unwrap_or(block.len() - 1)
}

/// A value with its custom properties replaced.
fn resolved(value: &str, tokens: &Tokens<'_>) -> String {
    let name = value.strip_prefix("var(").and_then(|value| value.strip_suffix(')'));
    match name.and_then(|name| tokens.get(name)) {
        Some(value) => resolved(value, tokens),
        None => value.to_string(),
    }
}

/// The dashes of a circle whose way round counts as 1, which resvg does not know.
fn dashes(circle: Node<'_, '_>, parts: &str) -> String {
    let radius: f32 = circle.attribute("r").and_then(|radius| radius.parse().ok()).unwrap_or_default();
    let lengths = parts.split(' ').filter_map(|part| part.parse::<f32>().ok());
    lengths.map(|part| format!("{:.1} ", part * TAU * radius)).collect()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
