//! What is left when the app itself fails: the page outside of it (`static/rescue.js`) keeps the last moment of each
//! branch, and offers them beside the reason.

use js_sys::Array;
use sim::{Text, t};
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

/// Lets the page load the release that its host has now, and go on there with what it has kept.
pub fn renew() {
    let sentences = [
        t!("A newer version of Netsplit"),
        t!("The new version opens one branch at a time. Choose the one to go on with, and save the others as files."),
    ];
    dom::tell("netsplit:renew", &said(&sentences));
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
    dom::tell("netsplit:words", &said(&sentences));
}

fn said(sentences: &[Text]) -> Array {
    sentences.iter().map(|sentence| JsValue::from_str(&say(sentence))).collect()
}

/// Lets the page say so when the app fails.
pub fn watch_panics() {
    teach();
    yew::set_custom_panic_hook(Box::new(|panic| dom::tell("netsplit:panic", &panic.to_string().into())));
}
