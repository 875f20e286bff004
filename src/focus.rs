//! The focus is never lost: where what had it is taken away, something near by gets it.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, MutationObserver, MutationObserverInit};

use crate::dom::{self, Listener};

/// Where the focus may go to, the better places first: the stage, or else whatever Tab leads to.
const STOPS: [&str; 2] = [
    ".stage [tabindex=\"0\"]",
    "button:not(:disabled, [tabindex=\"-1\"]), [tabindex=\"0\"], a[href], input:not(:disabled), select, textarea, summary",
];

/// Watches over the focus until it is dropped.
#[derive(Debug)]
pub struct FocusKeeper {
    observer: MutationObserver,
    _closure: Closure<dyn FnMut()>,
    _listener: Listener,
}

impl FocusKeeper {
    /// Watches from now on.
    pub fn new() -> Option<FocusKeeper> {
        let document = dom::document()?;
        let line = Rc::new(RefCell::new(Vec::new()));
        let listener = {
            let line = line.clone();
            Listener::new(&document, "focusin", move |event| {
                *line.borrow_mut() =
                    event.target().and_then(|target| target.dyn_into().ok()).map_or(Vec::new(), ancestors);
            })
        };
        let closure = Closure::<dyn FnMut()>::new(move || {
            let next = stop_after(&line.borrow());
            // Outside of the borrow, since the focus is reported at once.
            if let Some(next) = next {
                let _ = next.unchecked_ref::<HtmlElement>().focus();
            }
        });
        let observer = MutationObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        let wanted = MutationObserverInit::new();
        wanted.set_child_list(true);
        wanted.set_subtree(true);
        observer.observe_with_options(document.body()?.as_ref(), &wanted).ok()?;
        Some(FocusKeeper { observer, _closure: closure, _listener: listener })
    }
}

impl Drop for FocusKeeper {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// An element and all that it stands in, from the inside out.
fn ancestors(element: Element) -> Vec<Element> {
    std::iter::successors(Some(element), |element| element.parent_element()).collect()
}

/// Where the focus goes when the first of this line had it and is gone, or takes it no more.
fn stop_after(line: &[Element]) -> Option<Element> {
    let last = line.first()?;
    // Asked at every change of the page: while it is there, that is all.
    if last.is_connected() && !last.matches(":disabled").unwrap_or(false) {
        return None;
    }
    let document = dom::document()?;
    let active = document.active_element().filter(|active| Some(active) != document.body().as_deref());
    if active.is_some_and(|active| active != *last) {
        return None;
    }
    line.iter().filter(|around| around.is_connected()).find_map(first_stop)
}

fn first_stop(around: &Element) -> Option<Element> {
    let is_seen = |element: &Element| element.get_bounding_client_rect().width() > 0.0;
    STOPS.iter().find_map(|selector| dom::find_all(around, selector).into_iter().find(is_seen))
}
