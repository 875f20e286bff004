//! What stands beside the pointer: the event that it points at, in words. The pointer may move onto the words, and Escape
//! takes them away (WCAG 1.4.13).

use sim::frame::{Frame, TraceEvent};
use web_sys::MouseEvent;
use yew::prelude::*;

use super::field::Field;
use super::readout;
use crate::dom::{self, css};
use crate::words::{event_at, number, say};

/// The event under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tip {
    pub event: u64,
    /// How high the pointer was when it came there, in pixels.
    y: f64,
    /// Whether the words stand above the event, where there is more room than below.
    is_above: bool,
    /// Whether the words were taken away. They come back when the pointer does.
    pub is_closed: bool,
}

impl Tip {
    /// The pointer comes to an event, with so much room above it and below it.
    pub fn new(event: u64, y: f64, above: f64, below: f64) -> Tip {
        Tip { event, y, is_above: above > below, is_closed: false }
    }

    /// The words. A narrow part of them reaches to the event, so that the pointer comes from there to here past no other.
    pub fn draw(self, event: &TraceEvent, field: &Field, frame: &Frame) -> Html {
        let x = field.x(event.at_us);
        let y = event.node.map_or(self.y, |node| field.y(node));
        let side = if x > field.width * 0.6 { "left" } else { "right" };
        let mut cuts = readout::cuts_at(frame, event.number).peekable();
        let width = cuts.peek().map(|_| "wide");
        let class = classes!("lanes-tip", side, width, if self.is_above { "above" } else { "below" });
        html! {
            <div {class} data-testid="lanes-tip" ~style={css(format!("left:{}px;top:{}px", number(x), number(y)))} aria-hidden="true">
                { say(&event.caption.headline) }
                <small class="mono">
                    { say(event_at(frame.scale, event.number, event.at_us)) }
                    if let Some(stamp) = &event.stamp { { " · " }{ say(stamp) } }
                </small>
                { for cuts.map(|cut| html! { <small>{ say(readout::cut_words(cut)) }</small> }) }
            </div>
        }
    }
}

/// Whether the pointer is on the words. A pressed pointer is caught by the lanes, so the event's own target does not tell.
pub fn is_under(event: &MouseEvent) -> bool {
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let element = dom::document().and_then(|document| document.element_from_point(x, y));
    element.is_some_and(|element| element.matches(".lanes-tip, .lanes-tip *").unwrap_or(false))
}
