//! Light, dark, for a projector, or as the system has it.

use sim::{Text, t};
use yew::prelude::*;

use crate::dom;
use crate::icons::{Shape, icon};
use crate::language::use_language;
use crate::looks::Looks;
use crate::words::say;

const NAME: &str = "netsplit.theme";

/// Which set of colours is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
    /// Black on white with strong lines, to be read from the last row.
    Projector,
}

impl Theme {
    /// What the visitor chose last time.
    pub fn recalled() -> Theme {
        match dom::recall(NAME).as_deref() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            Some("projector") => Theme::Projector,
            _ => Theme::System,
        }
    }

    /// Puts it on the page.
    pub fn put_on(self) {
        if let Some(root) = dom::document().and_then(|document| document.document_element()) {
            let _ = match self {
                Theme::System => root.remove_attribute("data-theme"),
                theme => root.set_attribute("data-theme", theme.name()),
            };
        }
    }

    /// Remembers it for the next visit.
    fn remember(self) {
        dom::remember(NAME, self.name());
    }

    fn name(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
            Theme::Projector => "projector",
        }
    }

    fn next(self) -> Theme {
        match self {
            Theme::System => Theme::Light,
            Theme::Light => Theme::Dark,
            Theme::Dark => Theme::Projector,
            Theme::Projector => Theme::System,
        }
    }

    fn title(self) -> Text {
        match self {
            Theme::System => t!("Colours: as the system"),
            Theme::Light => t!("Colours: light"),
            Theme::Dark => t!("Colours: dark"),
            Theme::Projector => t!("Colours: projector"),
        }
    }

    fn shape(self) -> Shape {
        match self {
            Theme::System => Shape::HalfCircle,
            Theme::Light => Shape::Sun,
            Theme::Dark => Shape::Moon,
            Theme::Projector => Shape::Screen,
        }
    }
}

/// The button that goes through the themes.
#[component]
pub fn ThemeButton() -> Html {
    use_language();
    let theme = use_state(Theme::default);
    {
        let theme = theme.clone();
        use_effect_with((), move |()| {
            let first = Looks::current().theme.unwrap_or_else(Theme::recalled);
            first.put_on();
            theme.set(first);
        });
    }
    let title = say(theme.title());
    let shape = theme.shape();
    let onclick = Callback::from(move |_: MouseEvent| {
        let next = theme.next();
        next.put_on();
        next.remember();
        theme.set(next);
    });
    html! {
        <button class="button icon" data-testid="theme" aria-label={title.clone()} {title} {onclick}>
            { icon(shape) }
        </button>
    }
}
