//! A drawing of the page as a picture that needs no stylesheet.

use wasm_bindgen::JsCast;
use web_sys::{Element, XmlSerializer};

use crate::dom;

/// What the stylesheet says about shapes and texts that a picture keeps.
const PROPERTIES: [&str; 16] = [
    "display",
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
];

/// What is there for readers and fingers and cannot be seen.
const UNSEEN: &str = ".hit, .ground, .more, .lasso";

/// A drawing as an SVG file, on a background of the page's colour. None without a browser.
pub fn standalone(drawing: &Element) -> Option<String> {
    let copy: Element = drawing.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
    let (originals, copies) = (dom::find_all(drawing, "*"), dom::find_all(&copy, "*"));
    dress(drawing, &copy, None)?;
    for (original, copy) in originals.iter().zip(&copies) {
        match original.matches(UNSEEN) {
            Ok(true) => copy.remove(),
            _ => dress(original, copy, original.parent_element().as_ref())?,
        }
    }
    let (width, height) = (drawing.client_width().to_string(), drawing.client_height().to_string());
    let page = dom::document()?.body()?;
    let ground = dom::style(&page)?.get_property_value("background-color").ok()?;
    let background = dom::document()?.create_element_ns(Some("http://www.w3.org/2000/svg"), "rect").ok()?;
    for (name, value) in [("width", "100%"), ("height", "100%"), ("fill", &ground)] {
        background.set_attribute(name, value).ok()?;
    }
    copy.prepend_with_node_1(&background).ok()?;
    for (name, value) in [("xmlns", "http://www.w3.org/2000/svg"), ("width", &width), ("height", &height)] {
        copy.set_attribute(name, value).ok()?;
    }
    XmlSerializer::new().ok()?.serialize_to_string(&copy).ok()
}

/// Writes what the stylesheet says about an element onto its copy, and takes away what only the app needs.
/// What it has from its parent in the picture is not written again.
fn dress(original: &Element, copy: &Element, parent: Option<&Element>) -> Option<()> {
    let (style, above) = (dom::style(original)?, parent.and_then(dom::style));
    for name in PROPERTIES {
        let value = style.get_property_value(name).unwrap_or_default();
        let inherited = above.as_ref().and_then(|above| above.get_property_value(name).ok());
        // Opacity is not inherited: it adds up.
        let differs = if name == "opacity" { value != "1" } else { inherited.as_deref() != Some(&value) };
        if differs {
            let _ = copy.set_attribute(name, &value);
        }
    }
    for name in
        ["class", "style", "tabindex", "role", "aria-haspopup", "aria-current", "data-path", "data-span", "data-testid"]
    {
        let _ = copy.remove_attribute(name);
    }
    Some(())
}
