//! The icons, drawn as outlines on a square of 24.

use sim::t;
use yew::prelude::*;

use crate::words::say;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    ToStart,
    Back,
    Play,
    Pause,
    Next,
    ToEnd,
    Sun,
    Moon,
    HalfCircle,
    Screen,
    PanelSide,
    PanelInspector,
    PanelLanes,
    Pencil,
    Printer,
    Close,
    Minus,
    Plus,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Shape::ToStart => "M19 5v14L8 12zM5 5v14",
            Shape::Back => "M17 5v14L6 12z",
            Shape::Play => "M7 4l13 8-13 8z",
            Shape::Pause => "M7 5h3v14H7zM14 5h3v14h-3z",
            Shape::Next => "M7 5v14l11-7z",
            Shape::ToEnd => "M5 5v14l11-7zM19 5v14",
            Shape::Sun => {
                "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4\
                 M19.1 4.9l-1.4 1.4M6.3 17.7l-1.4 1.4"
            }
            Shape::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4A8.5 8.5 0 1 0 20 14.5z",
            Shape::HalfCircle => "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18zM12 3v18M12 7l6-2.4M12 12h9M12 17l6 2.4",
            Shape::Screen => "M3 5h18v11H3zM12 16v4M8 20h8",
            Shape::PanelSide => "M3 5h18v14H3zM9 5v14",
            Shape::PanelInspector => "M3 5h18v14H3zM15 5v14",
            Shape::PanelLanes => "M3 5h18v14H3zM3 14h18",
            Shape::Pencil => "M4 20l1-4L16 5l3 3L8 19z",
            Shape::Printer => "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
            Shape::Close => "M6 6l12 12M18 6L6 18",
            Shape::Minus => "M6 12h12",
            Shape::Plus => "M6 12h12M12 6v12",
        }
    }

    fn fill(self) -> &'static str {
        if matches!(self, Shape::Play | Shape::Pause) { "currentColor" } else { "none" }
    }
}

/// An icon beside or instead of words; screen readers skip it.
pub fn icon(shape: Shape) -> Html {
    html! {
        <svg class="icon-drawing" width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
            <path d={shape.path()} fill={shape.fill()} />
        </svg>
    }
}

/// The name and the mark of Netsplit: two nodes and the cut between them.
pub fn logo() -> Html {
    logo_to("#/")
}

/// The same where the start page has another address.
pub fn logo_to(href: &'static str) -> Html {
    html! {
        <a class="logo" {href} aria-label={say(t!("Netsplit: start page"))}>
            <svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true">
                <circle class="logo-first" cx="6" cy="13" r="4.2" />
                <circle class="logo-second" cx="20" cy="13" r="4.2" />
                <path class="logo-cut" d="M11.4 8v10M14.6 8v10" />
            </svg>
            <span class="logo-name">{ "netsplit" }</span>
        </a>
    }
}
