//! Pixels from an SVG: the browser draws it into a canvas.

use js_sys::encode_uri_component;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::dom;
use crate::files;

/// Pixels of the picture in one of the page, each way.
const DENSITY: f64 = 2.0;

/// Gives the visitor the picture as a PNG file.
pub fn save(svg: String, name: String, refuse: impl FnOnce() + 'static) {
    spawn_local(async move {
        if draw(&svg, name).await.is_none() {
            refuse();
        }
    });
}

async fn draw(svg: &str, name: String) -> Option<()> {
    let image = HtmlImageElement::new().ok()?;
    image.set_src(&format!("data:image/svg+xml,{}", encode_uri_component(svg)));
    JsFuture::from(image.decode()).await.ok()?;
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    let (width, height) = (f64::from(image.width()) * DENSITY, f64::from(image.height()) * DENSITY);
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height).ok()?;
    let keep = Closure::once_into_js(move |blob: JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            files::save_blob(&name, &blob);
        }
    });
    canvas.to_blob(keep.unchecked_ref()).ok()
}
