//! The whole page: reads the address and shows what it says.

use std::rc::Rc;

use sim::{Text, t};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::cap;
use crate::courses;
use crate::dom::{self, Listener};
use crate::focus::FocusKeeper;
use crate::glossary;
use crate::home;
use crate::icons::logo;
use crate::lab_page::{LabPageProps, Source, Start, host, whole};
use crate::language::{self, use_language};
use crate::lesson;
use crate::log_page;
use crate::looks::{Looks, Problems, View};
use crate::open_file::DropTarget;
use crate::rescue;
use crate::results;
use crate::route::Route;
use crate::share;
use crate::stress;
use crate::wait::{Needed, Wait};
use crate::words::say;
use crate::workbook;
use crate::write;

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
    use_effect_with(((*route).clone(), language), |(route, _)| {
        let route = route.clone();
        spawn_local(async move { dom::name_page(&say(title(&route).await)) });
    });
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
async fn title(route: &Route) -> Text {
    let of_lab = |lab: &str| labs::registry::about(lab).ok().map(|about| about.title);
    let page = match route {
        Route::Home => None,
        Route::Stress => Some(t!("Many messages")),
        Route::Log => Some(t!("Bring your own log")),
        Route::Cap => Some(t!("CAP: the same cut, side by side")),
        Route::Marks => Some(t!("Marks")),
        Route::Courses(_) => Some(t!("Courses")),
        Route::Words(_) => Some(t!("Words")),
        Route::Write { .. } => Some(t!("Write a lesson")),
        Route::Lab { lab, .. } | Route::Notes { lab } | Route::Run { lab, .. } => of_lab(lab),
        Route::Lesson { id, .. } => match Needed::Lesson(id.clone().into()).load().await {
            Ok(()) => lesson::PART.get().and_then(|player| (player.title)(id)).map(Text::verbatim),
            Err(_) => None,
        },
        Route::Moment(state) => {
            let moment = share::PART.load().await.ok().and_then(|share| (share.read)(state).ok());
            moment.and_then(|moment| of_lab(&moment.scenario.lab))
        }
    };
    page.map_or_else(|| t!("Netsplit"), |page| t!("{page} · Netsplit", page = page))
}

fn draw(route: &Route, looks: &Looks) -> Html {
    match route {
        Route::Home
        | Route::Stress
        | Route::Log
        | Route::Cap
        | Route::Courses(_)
        | Route::Marks
        | Route::Words(_)
        | Route::Write { .. }
        | Route::Run { .. }
            if looks.view == View::Embed =>
        {
            draw_dead_end(t!("This address names no lab to show, as #/lab/raft does."), looks)
        }
        Route::Home => await_parts(vec![Needed::Gallery], || home::PART.get().map(|gallery| (gallery.draw)())),
        Route::Stress => await_parts(vec![Needed::Stress], || stress::PART.get().map(|load| (load.draw)())),
        Route::Log => await_parts(vec![Needed::Log], || log_page::PART.get().map(|logs| (logs.draw)())),
        Route::Cap => {
            let labs = cap::LABS.map(|lab| Needed::Lab(lab.into()));
            let needs = [Needed::Cap].into_iter().chain(labs).collect();
            await_parts(needs, || cap::PART.get().map(|cap| (cap.draw)()))
        }
        Route::Marks => await_parts(vec![Needed::Results], || results::PART.get().map(|results| (results.draw)())),
        Route::Courses(id) => {
            let id = id.clone();
            await_parts(vec![Needed::Courses], move || {
                courses::PART.get().map(|courses| (courses.draw_page)(id.as_deref()))
            })
        }
        Route::Words(word) => {
            let word = word.clone();
            await_parts(vec![Needed::Words], move || {
                glossary::PART.get().map(|glossary| (glossary.draw_page)(word.as_deref()))
            })
        }
        Route::Lab { lab, scenario: None } => draw_lab(lab, Start::First, looks),
        Route::Lab { lab, scenario: Some(name) } => draw_lab(lab, Start::Scenario(name.clone().into()), looks),
        Route::Notes { lab } => draw_lab(lab, Start::Notes, looks),
        Route::Lesson { id, step } => {
            let (id, step, looks) = (AttrValue::from(id.clone()), *step, looks.clone());
            await_parts(vec![Needed::Lesson(id.clone())], move || {
                Some(match (lesson::PART.get()?.lab)(&id) {
                    Ok(lab) => draw_lab(&lab, Start::Lesson { id: id.clone(), step }, &looks),
                    Err(sentence) => draw_dead_end(t!("This lesson cannot be opened: {why}.", why = sentence), &looks),
                })
            })
        }
        Route::Write { lab } => {
            let (lab, looks) = (lab.clone(), looks.clone());
            await_parts(vec![Needed::Write], move || {
                let of_draft = (write::PART.get()?.lab)();
                // An address may be of another draft.
                let lab = lab.clone().filter(|lab| *lab == of_draft).unwrap_or(of_draft);
                Some(draw_lab(&lab, Start::Write, &looks))
            })
        }
        Route::Run { lab, id } => draw_lab(lab, Start::Run(*id), looks),
        Route::Moment(state) => {
            let (state, looks) = (state.clone(), looks.clone());
            await_parts(vec![Needed::Share], move || {
                let share = share::PART.get()?;
                Some(match (share.read)(&state) {
                    Ok(moment) => draw_lab(&moment.scenario.lab.clone(), Start::Moment(Rc::new(moment)), &looks),
                    Err(sentence) => draw_dead_end(t!("This link cannot be opened: {why}.", why = sentence), &looks),
                })
            })
        }
    }
}

fn draw_lab(lab: &str, start: Start, looks: &Looks) -> Html {
    if let Err(sentence) = labs::registry::about(lab) {
        return draw_dead_end(t!("This address leads nowhere: {why}.", why = sentence), looks);
    }
    let of_view: &[Needed] = match looks.view {
        View::Full => &[],
        View::Embed => &[Needed::Embed, Needed::Checkers, Needed::Share],
        View::Present => &[Needed::Present, Needed::Checkers],
    };
    // Whoever has been here before may come back to a run.
    let has_runs = looks.view != View::Embed && (matches!(start, Start::Run(_)) || workbook::has_runs(lab));
    let of_visitor: &[Needed] = if has_runs { &[Needed::Workbook] } else { &[] };
    let lab = AttrValue::from(lab.to_string());
    let needs = [Needed::Lab(lab.clone()), Needed::Page].iter().chain(of_view).chain(of_visitor).cloned().collect();
    let looks = looks.clone();
    await_parts(needs, move || {
        let props = LabPageProps {
            source: Source::Lab(lab.clone()),
            start: start.clone(),
            on_close: Callback::default(),
            looks: looks.clone(),
        };
        whole::PART.get().map(|page| (page.draw)(&lab, props))
    })
}

fn draw_dead_end(sentence: Text, looks: &Looks) -> Html {
    if looks.view == View::Embed {
        let origin = looks.origin.clone();
        return await_parts(vec![Needed::Embed], move || {
            host::PART.get().map(|figure| (figure.refuse)(sentence.clone(), origin.clone(), Html::default()))
        });
    }
    html! {
        <main class="plain-page">
            { logo() }
            <p role="alert">{ say(sentence) }</p>
            <p><a href="#/">{ say(t!("Go to the start page")) }</a></p>
        </main>
    }
}

/// Draws something once what it needs is there.
fn await_parts(needs: Vec<Needed>, draw: impl Fn() -> Option<Html> + 'static) -> Html {
    html! { <Wait {needs} draw={Callback::from(move |()| draw().unwrap_or_default())} /> }
}
