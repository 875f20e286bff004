//! What is left when the app itself fails: the page outside of it (`static/rescue.js`) keeps the last moment of each
//! branch, and offers them beside the reason.

use js_sys::Array;
use sim::t;
use wasm_bindgen::JsValue;

use crate::dom;
use crate::words::say;

/// Lets the page keep the moment of a branch, as the state of its link and as a file, in the place of the one before.
pub fn keep(letter: &str, state: &str, file: &str) {
    dom::tell("netsplit:keep", &Array::of3(&letter.into(), &state.into(), &file.into()));
}

/// Lets the page forget the moments of a run that is over.
pub fn forget() {
    dom::tell("netsplit:forget", &JsValue::UNDEFINED);
}

/// Lets the page forget the moment of a branch that is removed.
pub fn forget_branch(letter: &str) {
    dom::tell("netsplit:forget", &letter.into());
}

/// Lets the page know what to say when the app has failed, in the language of the page.
pub fn teach() {
    let sentences = [
        t!("Netsplit has failed"),
        t!(
            "This is a mistake in Netsplit, and not in what you did. Your run is not lost: go on from the last moment, or save it as a file and send it along when you report this."
        ),
        t!("Go to the start page"),
        t!("What the program said"),
        // The page puts the letter there.
        t!("Branch {letter}:", letter = "{letter}"),
        t!("Go on from its last moment"),
        t!("Save as a file"),
    ];
    let said: Array = sentences.iter().map(|sentence| JsValue::from_str(&say(sentence))).collect();
    dom::tell("netsplit:words", &said);
}

/// Lets the page say so when the app fails.
pub fn watch_panics() {
    teach();
    yew::set_custom_panic_hook(Box::new(|panic| dom::tell("netsplit:panic", &panic.to_string().into())));
}
