//! How far the page is drawn, and what it hears from the browser around its parts.

use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::{LabPage, LabPageMessage};
use crate::dom::{self, Listener, NextPicture};
use crate::language;

/// How far the page is drawn, and what it hears from the browser around its parts.
#[derive(Debug)]
pub(super) struct Painting {
    /// Whether what stands around the stage is drawn: not in the first picture, which is there the sooner.
    pub(super) is_whole: bool,
    pub(super) first_picture: Option<NextPicture>,
    /// What gets the focus once the page is drawn.
    pub(super) focus: Option<AttrValue>,
    listeners: Vec<Listener>,
}

impl Painting {
    pub(super) fn new() -> Painting {
        // Without a window there is one picture only.
        let is_whole = dom::window().is_none();
        Painting { is_whole, first_picture: None, focus: None, listeners: Vec::new() }
    }

    /// Asks to be told before the next picture. What is done before the first one is painted together with it.
    pub(super) fn await_picture(&mut self, context: &Context<LabPage>, first: bool) {
        let report = context.link().callback(move |()| LabPageMessage::Painting { first });
        self.first_picture = NextPicture::new(report);
    }

    pub(super) fn give_focus(&mut self) {
        if let Some(selector) = self.focus.take() {
            dom::focus(&selector);
        }
    }

    /// Listens to keys, to the language and to the window: its size, and when it is left.
    pub(super) fn listen(&mut self, context: &Context<LabPage>) {
        let link = context.link();
        if let Some(document) = dom::document() {
            let report = link.callback(LabPageMessage::Key);
            self.listeners.push(Listener::new(&document, "keydown", move |event| {
                if let Ok(event) = event.dyn_into::<KeyboardEvent>() {
                    report.emit(event);
                }
            }));
        }
        let report = link.callback(|()| LabPageMessage::Translated);
        self.listeners.extend(language::on_change(move || report.emit(())));
        if let Some(window) = dom::window() {
            let report = link.callback(|()| LabPageMessage::Resized);
            self.listeners.push(Listener::new(&window, "resize", move |_| report.emit(())));
            let report = link.callback(|()| LabPageMessage::Leaving);
            self.listeners.push(Listener::new(&window, "pagehide", move |_| report.emit(())));
        }
    }
}
