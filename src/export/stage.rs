//! The stage as an SVG file: what is on the page, with all that the stylesheet says about it written down.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, XmlSerializer};

use super::document;
use crate::dom;
use crate::geometry::Size;
use crate::words::number;

/// What the stylesheet says about shapes and texts.
const PROPERTIES: [&str; 17] = [
    "fill",
    "fill-opacity",
    "font-family",
    "font-size",
    "font-weight",
    "letter-spacing",
    "opacity",
    "paint-order",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "transform",
    "visibility",
];

/// The attributes of a shape; all others mean something to the app only.
const KEPT: &str = " x y x1 y1 x2 y2 cx cy r rx ry d points width height viewBox id patternUnits patternTransform pathLength href preserveAspectRatio ";

/// What is there to be pressed and cannot be seen.
const UNSEEN: &str = ".hit, .ground, .more, .lasso";

/// The stage as it stands on the page. None where it is not shown.
pub fn stage_svg(title: &str, description: &str) -> Option<String> {
    let ground = dom::style(dom::document()?.body()?.as_ref())?.get_property_value("background-color").ok()?;
    svg_of(&dom::find(".stage")?, &ground, title, description)
}

/// One of the stages on the page as it stands there, on a ground of this colour.
pub fn svg_of(stage: &Element, ground: &str, title: &str, description: &str) -> Option<String> {
    let drawing = stage.query_selector(".stage-drawing").ok()??;
    let size = Size { width: f64::from(stage.client_width()), height: f64::from(stage.client_height()) };
    if size.width < 1.0 || size.height < 1.0 {
        return None;
    }
    let copy: Element = drawing.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let copies = dom::find_all(&copy, "*");
    for (original, copy) in dom::find_all(&drawing, "*").iter().zip(&copies) {
        dress(original, copy)?;
    }
    dress(&drawing, &copy)?;
    for unseen in copies.iter().filter(|copy| copy.has_attribute("data-unseen")) {
        unseen.remove();
    }
    copy.set_attribute("width", &number(size.width)).ok()?;
    copy.set_attribute("height", &number(size.height)).ok()?;
    let mut content = format!("<rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\n");
    content += &XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()?;
    content += &crowd(stage, size).unwrap_or_default();
    Some(document(size, title, description, &content))
}

/// Writes what the stylesheet says about an element onto its copy, as far as it differs from the element around, and
/// takes away what only the app needs.
fn dress(original: &Element, copy: &Element) -> Option<()> {
    let style = dom::style(original)?;
    if original.matches(UNSEEN).ok()? || style.get_property_value("display").ok()? == "none" {
        return copy.set_attribute("data-unseen", "").ok();
    }
    for name in copy.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        if !KEPT.contains(&format!(" {name} ")) {
            let _ = copy.remove_attribute(&name);
        }
    }
    let around = original.parent_element().filter(|parent| !parent.matches(".stage").unwrap_or(true));
    let around = around.and_then(|parent| dom::style(&parent));
    for name in PROPERTIES {
        let value = style.get_property_value(name).ok()?;
        // These two add up; all others pass on to what is inside.
        let usual = match name {
            "opacity" => Some("1".to_string()),
            "transform" => Some("none".to_string()),
            _ => around.as_ref().and_then(|around| around.get_property_value(name).ok()),
        };
        if usual.as_deref() != Some(&value) {
            let _ = copy.set_attribute(name, &value);
        }
    }
    Some(())
}

/// Messages that are painted on a canvas because there are too many to draw each.
fn crowd(stage: &Element, size: Size) -> Option<String> {
    let canvas: HtmlCanvasElement = stage.query_selector("canvas.crowd").ok()??.dyn_into().ok()?;
    let [width, height] = [size.width, size.height].map(number);
    let pixels = canvas.to_data_url().ok()?;
    Some(format!("<image width=\"{width}\" height=\"{height}\" href=\"{pixels}\"/>\n"))
}
