//! The whole page: reads the address and shows what it says.

use sim::t;
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::home::Home;
use crate::icons::logo;
use crate::lab_page::{LabPage, Source};
use crate::log_page::LogPage;
use crate::route::Route;
use crate::stress::Stress;
use crate::words::say;

/// The app.
#[component]
pub fn App() -> Html {
    let route = use_state(Route::current);
    {
        let route = route.clone();
        use_effect_with((), move |()| {
            let listener =
                dom::window().map(|window| Listener::new(&window, "hashchange", move |_| route.set(Route::current())));
            move || drop(listener)
        });
    }
    let (lab, scenario) = match &*route {
        Route::Home => return html! { <Home /> },
        Route::Stress => return html! { <Stress /> },
        Route::Log => return html! { <LogPage /> },
        Route::Lab { lab, scenario } => (lab.clone(), scenario.clone()),
    };
    match labs::registry::lab(&lab) {
        Ok(_) => html! { <LabPage key={lab.clone()} source={Source::Lab(lab.clone().into())} {scenario} /> },
        Err(sentence) => html! {
            <main class="plain-page">
                { logo() }
                <p role="alert">{ say(t!("This address leads nowhere: {why}.", why = sentence)) }</p>
                <p><a href="#/">{ say(t!("Go to the start page")) }</a></p>
            </main>
        },
    }
}
