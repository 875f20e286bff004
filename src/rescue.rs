//! What is left when the app itself fails: the page outside of it (`static/rescue.js`) keeps the last moment of each
//! branch, and offers them beside the reason.

use js_sys::Array;
use wasm_bindgen::JsValue;

use crate::dom;

/// Lets the page keep the moment of a branch, as the state of its link and as a file, in the place of the one before.
pub fn keep(letter: &str, state: &str, file: &str) {
    dom::tell("netsplit:keep", &Array::of3(&letter.into(), &state.into(), &file.into()));
}

/// Lets the page forget the moments of a run that is over.
pub fn forget() {
    dom::tell("netsplit:forget", &JsValue::UNDEFINED);
}

/// Lets the page say so when the app fails.
pub fn watch_panics() {
    yew::set_custom_panic_hook(Box::new(|panic| dom::tell("netsplit:panic", &panic.to_string().into())));
}
