//! The bar at the top of pages that are no lab.

use sim::t;
use yew::prelude::*;

use crate::icons::logo;
use crate::language::LanguageChoice;
use crate::theme::ThemeButton;
use crate::words::say;

/// Logo, what the page puts beside it, and what holds for all pages.
pub fn draw(own: Html) -> Html {
    html! {
        <header class="page-bar">
            { logo() }
            { own }
            <span class="space"></span>
            <a class="bar-link" data-testid="courses" href="#/courses">{ say(t!("Courses")) }</a>
            <a class="bar-link" data-testid="words" href="#/words">{ say(t!("Words")) }</a>
            <LanguageChoice />
            <ThemeButton />
        </header>
    }
}
