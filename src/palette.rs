//! The colours of the stylesheet, for what is painted on a canvas.

use std::cell::RefCell;
use std::rc::Rc;

use sim::frame::MessageKind;
use sim::map::Map;
use web_sys::{CssStyleDeclaration, Element};

use crate::dom;

/// The tokens of the stylesheet as an element sees them. Each is read once, since reading makes the browser work out the
/// styles of the page: begin another palette when the theme changes. A copy shares
/// what has been read.
#[derive(Clone, Debug)]
pub struct Palette {
    style: CssStyleDeclaration,
    known: Rc<RefCell<Map<&'static str, Rc<str>>>>,
}

impl Palette {
    /// What this element sees.
    pub fn of(element: &Element) -> Option<Palette> {
        Some(Palette { style: dom::style(element)?, known: Rc::default() })
    }

    /// The value of a token such as `--ink`.
    pub fn token(&self, name: &'static str) -> Rc<str> {
        let mut known = self.known.borrow_mut();
        let read = || self.style.get_property_value(name).unwrap_or_default().trim().into();
        known.get_or_insert_with(name, read).clone()
    }
}

/// The token of the colour of a kind of messages.
pub fn kind_token(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Election => "--election",
        MessageKind::Replication => "--replication",
        MessageKind::Client => "--client",
        MessageKind::Other => "--other",
    }
}
