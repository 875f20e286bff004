//! The whole page: reads the address and shows what it says.

use std::rc::Rc;

use sim::{SharedMoment, Text, t};
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::home::Home;
use crate::icons::logo;
use crate::lab_page::{LabPage, Source, Start};
use crate::log_page::LogPage;
use crate::open_file::DropTarget;
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
    html! {
        <>
            { draw(&route) }
            <DropTarget />
        </>
    }
}

fn draw(route: &Route) -> Html {
    match route {
        Route::Home => html! { <Home /> },
        Route::Stress => html! { <Stress /> },
        Route::Log => html! { <LogPage /> },
        Route::Lab { lab, scenario: None } => draw_lab(lab, Start::First),
        Route::Lab { lab, scenario: Some(name) } => draw_lab(lab, Start::Scenario(name.clone().into())),
        Route::Moment(state) => match SharedMoment::read(state) {
            Ok(moment) => draw_lab(&moment.scenario.lab.clone(), Start::Moment(Rc::new(moment))),
            Err(sentence) => draw_dead_end(t!("This link cannot be opened: {why}.", why = sentence)),
        },
    }
}

fn draw_lab(lab: &str, start: Start) -> Html {
    match labs::registry::lab(lab) {
        Ok(_) => html! { <LabPage key={lab.to_string()} source={Source::Lab(lab.to_string().into())} {start} /> },
        Err(sentence) => draw_dead_end(t!("This address leads nowhere: {why}.", why = sentence)),
    }
}

fn draw_dead_end(sentence: Text) -> Html {
    html! {
            <main class="plain-page">
                { logo() }
                <p role="alert">{ say(sentence) }</p>
                <p><a href="#/">{ say(t!("Go to the start page")) }</a></p>
            </main>
    }
}
