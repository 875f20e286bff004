//! The whole page: reads the address and shows what it says.

use std::rc::Rc;

use sim::{SharedMoment, Text, t};
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::embed::Refusal;
use crate::focus::FocusKeeper;
use crate::home::Home;
use crate::icons::logo;
use crate::lab_page::{LabPage, Source, Start};
use crate::language::{self, use_language};
use crate::log_page::LogPage;
use crate::looks::{Looks, Problems, View};
use crate::open_file::DropTarget;
use crate::rescue;
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
    let looks = Looks::current();
    use_effect_with(looks.clone(), |looks| looks.put_on());
    let keeper = use_mut_ref(|| None);
    use_effect_with((), move |()| *keeper.borrow_mut() = FocusKeeper::new());
    let language = use_language();
    use_effect_with(language, |_| rescue::teach());
    use_effect_with(((*route).clone(), language), |(route, _)| dom::name_page(&say(title(route))));
    let problems: Vec<Text> = looks.problems.iter().cloned().chain(language::problem()).collect();
    html! {
        <>
            { draw(&route, &looks) }
            if looks.view != View::Embed {
                <DropTarget />
            }
            <Problems {problems} is_figure={looks.view == View::Embed} />
        </>
    }
}

/// What the window is called: the page first, so that tabs can be told apart.
fn title(route: &Route) -> Text {
    let of_lab = |lab: &str| labs::registry::lab(lab).ok().map(|lab| lab.about().title);
    let page = match route {
        Route::Home => None,
        Route::Stress => Some(t!("Many messages")),
        Route::Log => Some(t!("Bring your own log")),
        Route::Lab { lab, .. } => of_lab(lab),
        Route::Moment(state) => SharedMoment::read(state).ok().and_then(|moment| of_lab(&moment.scenario.lab)),
    };
    page.map_or_else(|| t!("Netsplit"), |page| t!("{page} · Netsplit", page = page))
}

fn draw(route: &Route, looks: &Looks) -> Html {
    let draw_lab = |lab: &str, start| draw_lab(lab, start, looks);
    let draw_dead_end = |sentence| draw_dead_end(sentence, looks);
    match route {
        Route::Home | Route::Stress | Route::Log if looks.view == View::Embed => {
            draw_dead_end(t!("This address names no lab to show, as #/lab/raft does."))
        }
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

fn draw_lab(lab: &str, start: Start, looks: &Looks) -> Html {
    match labs::registry::lab(lab) {
        Ok(_) => html! {
            <LabPage key={lab.to_string()} source={Source::Lab(lab.to_string().into())} {start} looks={looks.clone()} />
        },
        Err(sentence) => draw_dead_end(t!("This address leads nowhere: {why}.", why = sentence), looks),
    }
}

fn draw_dead_end(sentence: Text, looks: &Looks) -> Html {
    if looks.view == View::Embed {
        return html! { <Refusal {sentence} origin={looks.origin.clone()} /> };
    }
    html! {
        <main class="plain-page">
            { logo() }
            <p role="alert">{ say(sentence) }</p>
            <p><a href="#/">{ say(t!("Go to the start page")) }</a></p>
        </main>
    }
}
