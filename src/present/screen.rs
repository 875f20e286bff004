//! The whole screen in the colours for a projector, and back to what was before.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Element;

use crate::command::{Commands, Lectern};
use crate::dom::{self, Listener};

const THEME: &str = "data-theme";

/// The screen while a page presents. Dropped, it gives back full screen and colours.
#[derive(Debug)]
pub struct Screen {
    root: Option<Element>,
    /// What stood on the page before; none where the system chose.
    theme: Option<String>,
    listener: Option<Listener>,
}

impl Screen {
    /// Takes colours and screen. Where the screen is refused, the page fills its window.
    pub fn take(commands: &Commands) -> Screen {
        let document = dom::document();
        let root = document.as_ref().and_then(|document| document.document_element());
        let theme = root.as_ref().and_then(|root| root.get_attribute(THEME));
        if let Some(root) = &root {
            let _ = root.set_attribute(THEME, "projector");
        }
        let commands = commands.clone();
        let listener = document.map(|document| {
            Listener::new(&document, "fullscreenchange", move |_| {
                if !is_full() {
                    commands.emit(Lectern::LoseScreen.into());
                }
            })
        });
        let screen = Screen { root, theme, listener };
        screen.fill();
        screen
    }

    /// Asks for the whole screen where the page does not fill it. Returns whether it asked.
    pub fn fill(&self) -> bool {
        match &self.root {
            Some(root) if !is_full() => ask(root).is_some(),
            _ => false,
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // The page leaves by itself now, and does not want to hear of it.
        self.listener = None;
        if let Some(document) = dom::document().filter(|_| is_full()) {
            document.exit_fullscreen();
        }
        if let Some(root) = &self.root {
            let _ = match &self.theme {
                Some(theme) => root.set_attribute(THEME, theme),
                None => root.remove_attribute(THEME),
            };
        }
    }
}

fn is_full() -> bool {
    dom::document().is_some_and(|document| document.fullscreen_element().is_some())
}

/// Asks the browser by hand, since a refusal comes later, and nobody would catch it.
fn ask(root: &Element) -> Option<()> {
    let request: Function = Reflect::get(root, &"requestFullscreen".into()).ok()?.dyn_into().ok()?;
    let promise: Promise = request.call0(root).ok()?.dyn_into().ok()?;
    spawn_local(async move {
        let _ = JsFuture::from(promise).await;
    });
    Some(())
}
