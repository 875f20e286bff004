//! The start page: what to begin with, and all labs by chapter, each with a small picture of its stage.

use std::cell::RefCell;
use std::rc::Rc;

use sim::About;
use sim::{Text, t};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent, KeyboardEvent};
use yew::prelude::*;

use crate::article;
use crate::cards::{Cards, FIRST, HERO, Prepared};
use crate::courses::{self, use_courses};
use crate::dom::{self, Listener};
use crate::geometry::Size;
use crate::glossary::{self, use_words};
use crate::icons::{Shape, icon};
use crate::keys;
use crate::language::{self, Language, use_language};
use crate::lesson::go_on::begun;
use crate::open_file::OpenFile;
use crate::page_bar;
use crate::part;
use crate::parts::Missing;
use crate::route::Route;
use crate::search::{self, Found, SYSTEMS};
use crate::stage::miniature;
use crate::wait::draw_missing;
use crate::words::{cite, number, say};
use crate::workbook::go_on::GoOn;

/// At most so many words stand above the labs that a search finds; `#/words` has all.
const MOST_WORDS: usize = 6;

/// The cards as far as they have come.
#[derive(Debug, Default, PartialEq)]
struct Gallery {
    cards: Cards,
    missing: Option<Missing>,
}

/// What there is to show of labs, and what loads it.
#[hook]
fn use_gallery(language: &'static Language) -> (Rc<RefCell<Gallery>>, Callback<()>) {
    let gallery = use_mut_ref(Gallery::default);
    let redraw = use_force_update();
    let load = {
        let gallery = gallery.clone();
        Callback::from(move |()| {
            let (gallery, redraw) = (gallery.clone(), redraw.clone());
            spawn_local(async move {
                let asked = language::present();
                let mut cards = Cards::default();
                let missing = cards.load().await.err();
                // Another language may have been chosen while they came.
                if asked == language::present() {
                    *gallery.borrow_mut() = Gallery { cards, missing };
                    redraw.force_update();
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with(language, move |_| load.emit(()));
    }
    (gallery, load)
}

/// The chapters in their order, each with the question that its labs answer.
pub fn chapters() -> [(Text, Text); 6] {
    [
        (t!("Network"), t!("What do messages tell?")),
        (t!("Time"), t!("What came first?")),
        (t!("Failure"), t!("Dead or only slow?")),
        (t!("Agreement"), t!("Who decides?")),
        (t!("Replication"), t!("Which copy is right?")),
        (t!("Scale"), t!("How do many share the work?")),
    ]
}

/// The start page: a part of its own.
#[derive(Debug)]
pub struct Start {
    pub draw: fn() -> Html,
}

part!(gallery: Start = Start { draw: || html! { <Home /> } });

/// Where the search is.
const SEARCH: &str = ".page-bar .search";

/// The start page.
#[component]
pub fn Home() -> Html {
    let language = use_language();
    let (gallery, load) = use_gallery(language);
    let gallery = gallery.borrow();
    let cards = &gallery.cards;
    let labs: Vec<About> = labs::registry::ABOUT.iter().map(|about| about()).collect();
    let wish = use_state(String::new);
    use_effect_with((), |()| {
        let listener = dom::document().map(|document| {
            Listener::new(&document, "keydown", |event| {
                if event.dyn_ref::<KeyboardEvent>().is_some_and(keys::leads_to_search) {
                    event.prevent_default();
                    dom::focus(SEARCH);
                }
            })
        });
        move || drop(listener)
    });
    use_words(!wish.trim().is_empty());
    // Who has begun no lesson sees the courses as they were prepared.
    use_courses(!wish.trim().is_empty() || !begun().is_empty() || cfg!(not(feature = "lazy")));
    let found = (!wish.trim().is_empty()).then(|| search::find(&labs, cards, &wish));
    let look_for = {
        let wish = wish.clone();
        Callback::from(move |system: &'static str| wish.set(system.to_string()))
    };
    html! {
        <div class="home">
            { page_bar::draw(draw_search(labs.len(), &wish, found.as_ref().and_then(Found::first))) }
            <main>
                <p class="hint" role="status">{ for found.as_ref().map(|found| say(count(found))) }</p>
                if let Some(found) = &found {
                    { draw_found(found, cards) }
                } else {
                    <section class="hero">
                        <div>
                            <h1>{ say(t!("Break a distributed system. See why.")) }</h1>
                            <p>{ say(t!("Real protocols run in your browser. Cut a link, crash a node, and step through every message, forwards and backwards.")) }</p>
                            <a class="button primary large" data-testid="start" href={address(FIRST.0, Some(FIRST.1))}>{ say(t!("Step into a cluster cut in two")) }</a>
                        </div>
                        { draw_opening(cards) }
                    </section>
                    <GoOn />
                    { draw_courses(cards) }
                }
                if let Some(why) = gallery.missing {
                    { draw_missing(why, &load, dom::reload) }
                }
                <div class="labs-head">
                    if found.is_none() {
                        <h2>{ say(count_of_labs(labs.len())) }</h2>
                    }
                    { draw_systems(&wish, &look_for) }
                </div>
                if found.is_none() {
                    { for chapters().iter().map(|chapter| draw_chapter(chapter, &labs, cards)) }
                    { draw_own() }
                }
            </main>
        </div>
    }
}

fn count_of_labs(count: usize) -> Text {
    match count {
        1 => t!("1 lab"),
        count => t!("{count} labs", count = count),
    }
}

/// The field in the top bar; Enter goes to the first of what is found.
fn draw_search(count: usize, wish: &UseStateHandle<String>, first: Option<Route>) -> Html {
    let label = say(t!("Search {labs}, lessons, words and systems", labs = count_of_labs(count)));
    let oninput = {
        let wish = wish.clone();
        Callback::from(move |event: InputEvent| wish.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if let (Some(route), "Enter") = (&first, event.key().as_str()) {
            route.go();
        }
    });
    html! {
        <div class="search-field">
            <input class="search" type="search" data-testid="search" placeholder={label.clone()} aria-label={label} aria-keyshortcuts="/"
                value={wish.to_string()} {oninput} {onkeydown} />
            <kbd aria-hidden="true">{ "/" }</kbd>
        </div>
    }
}

/// What the primary action opens, as it stands there.
fn draw_opening(cards: &Cards) -> Html {
    html! {
        <a class="hero-stage" href={address(FIRST.0, Some(FIRST.1))} aria-label={say(t!("Open this moment"))}>
            { draw_picture(cards.opening(), "picture", HERO) }
            <span class="hero-caption">
                <span class="play-sign">{ icon(Shape::Play) }</span>
                if let Some(headline) = cards.headline() {
                    <span><b>{ headline }</b>if let Some(detail) = cards.detail() { { " " }{ detail } }</span>
                }
            </span>
        </a>
    }
}

/// The courses, each with the lesson to go on with.
fn draw_courses(cards: &Cards) -> Html {
    html! {
        <section class="courses" aria-labelledby="courses-title" onclick={courses::choose}>
            <h2 id="courses-title">{ say(t!("Courses")) }</h2>
            <p>{ say(t!("lessons in an order that builds up")) }</p>
            <div class="course-cards">{ courses::draw_strip().or_else(|| cards.courses().cloned()).unwrap_or_default() }</div>
        </section>
    }
}

/// How much a search has found, to be read out.
fn count(found: &Found) -> Text {
    if found.is_empty() {
        return t!("Nothing has these letters. Try fewer of them, or a system you know.");
    }
    t!(
        "{words}, {labs}, {lessons}, {scenarios}, {systems}",
        words = match found.words.len() {
            1 => t!("1 word"),
            count => t!("{count} words", count = count),
        },
        labs = count_of_labs(found.labs.len()),
        lessons = match found.lessons.len() {
            1 => t!("1 lesson"),
            count => t!("{count} lessons", count = count),
        },
        scenarios = match found.scenarios.len() {
            1 => t!("1 scenario"),
            count => t!("{count} scenarios", count = count),
        },
        systems = match found.systems.len() {
            1 => t!("1 system"),
            count => t!("{count} systems", count = count),
        }
    )
}

/// What a search has found, in the place of the chapters.
fn draw_found(found: &Found, cards: &Cards) -> Html {
    let of_lab = |id: &str| labs::registry::about(id).map(|about| about.title).unwrap_or_default();
    let row = |prepared: &&Prepared| {
        let place = match prepared.scenario {
            Some(_) => t!("scenario of {lab}", lab = of_lab(&prepared.lab)),
            None => t!("settings of {lab}", lab = of_lab(&prepared.lab)),
        };
        html! { <li><a href={prepared.route().hash()}><b>{ prepared.title.clone() }</b>{ " " }<small>{ say(place) }</small></a></li> }
    };
    let lesson = |lesson: &courses::Found| {
        html! { <li><a href={lesson.route.hash()}><b><bdi>{ &lesson.title }</bdi></b>{ " " }<small>{ &lesson.detail }</small></a></li> }
    };
    let article = |about: &&About| {
        let href = Route::Notes { lab: about.id.to_string() }.hash();
        html! { <li><a {href} data-testid={format!("article-{}", about.id)}><b>{ say(&about.title) }</b>{ " " }<small>{ say(t!("Article")) }</small></a></li> }
    };
    html! {
        <section class="found" data-testid="found" aria-labelledby="found-title">
            <h1 id="found-title" class="unseen">{ say(t!("Found")) }</h1>
            if !found.words.is_empty() {
                { draw_words(&found.words) }
            }
            <ul class="gallery">{ for found.labs.iter().map(|about| draw_card(about, cards)) }</ul>
            <ul class="found-rows">{ for found.lessons.iter().map(lesson) }{ for found.labs.iter().filter(|about| article::is_there(about.id)).map(article) }{ for found.scenarios.iter().chain(&found.systems).map(row) }</ul>
        </section>
    }
}

/// The words that a search has found.
fn draw_words(words: &[glossary::Found]) -> Html {
    let item = |word: &glossary::Found| {
        let href = Route::Words(Some(word.slug.to_string())).hash();
        html! { <li key={word.slug.to_string()}><a {href} data-testid={format!("word-{}", word.slug)}><b>{ &word.title }</b>{ " " }<span>{ &word.sentence }</span></a></li> }
    };
    html! { <ul class="found-words" aria-label={say(t!("Words"))}>{ for words.iter().take(MOST_WORDS).map(item) }</ul> }
}

fn draw_systems(wish: &str, look_for: &Callback<&'static str>) -> Html {
    let chip = |system: &'static str| {
        let onclick = look_for.reform(move |_: MouseEvent| system);
        html! { <li><button class="system" aria-pressed={(wish == system).to_string()} {onclick}>{ cite(system) }</button></li> }
    };
    html! {
        <div class="systems">
            <span id="systems-title">{ say(t!("Find by a system you know")) }</span>
            <ul aria-labelledby="systems-title">{ for SYSTEMS.map(chip) }</ul>
        </div>
    }
}

fn draw_chapter((title, question): &(Text, Text), labs: &[About], cards: &Cards) -> Html {
    let of_chapter = labs.iter().filter(|about| about.chapter == *title);
    html! {
        <section class="chapter">
            <div><h3>{ say(title) }</h3><p>{ say(question) }</p></div>
            <ul class="gallery">
                { for of_chapter.map(|about| draw_card(about, cards)) }
                if *title == t!("Replication") {
                    { draw_cap() }
                }
            </ul>
        </section>
    }
}

fn draw_card(about: &About, cards: &Cards) -> Html {
    let is_first = about.id == FIRST.0;
    let picture = draw_picture(cards.picture(about.id), "miniature", miniature::SIZE);
    draw_compact(about.id, address(about.id, None), picture, &about.title, &about.summary, is_first)
}

/// The page with two labs side by side, which is no lab.
fn draw_cap() -> Html {
    let picture = html! {
        <svg class="miniature" viewBox="0 0 56 40" aria-hidden="true">
            <path class="bars" d="M26.5 13v14M29.5 13v14" />
            <circle class="tone-leader" cx="11" cy="20" r="6" />
            <circle class="tone-plain gone" cx="45" cy="20" r="6" />
        </svg>
    };
    let summary =
        t!("One system stays consistent, the other stays available. The same clients meet the same cut in both.");
    draw_compact("cap", Route::Cap.hash(), picture, &t!("CAP, side by side"), &summary, false)
}

/// A compact card. Its summary is read under the row while the card has the pointer or the focus, and where neither can be.
fn draw_compact(id: &'static str, href: String, picture: Html, title: &Text, summary: &Text, is_first: bool) -> Html {
    let described = format!("about-{id}");
    html! {
        <li key={id}>
            <a class="lab-card" data-testid={format!("lab-{id}")} {href} aria-describedby={described.clone()}>
                { picture }
                <b>{ say(title) }</b>
                if is_first {
                    <span class="first">{ say(t!("begin here")) }</span>
                }
            </a>
            <p class="lab-summary" id={described}>{ say(summary) }</p>
        </li>
    }
}

fn draw_own() -> Html {
    html! {
        <section class="chapter">
            <div><h3>{ say(t!("Bring your own")) }</h3><p>{ say(t!("It stays with you.")) }</p></div>
            <ul class="gallery own">
                <li>
                    <a class="lab-card" data-testid="own-log" href={Route::Log.hash()}>
                        <span><b>{ say(t!("An event log")) }</b><small>{ say(t!("of any service with vector clocks, as lanes")) }</small></span>
                    </a>
                </li>
                <li>
                    <div class="lab-card">
                        <span><b>{ say(t!("A saved moment")) }</b><small>{ say(t!("a run with all its inputs; or drop it here")) }</small></span>
                        <OpenFile />
                    </div>
                </li>
                <li>
                    <a class="lab-card" data-testid="own-marks" href={Route::Marks.hash()}>
                        <span><b>{ say(t!("Answers of a class")) }</b><small>{ say(t!("to lessons, replayed and judged")) }</small></span>
                    </a>
                </li>
            </ul>
        </section>
    }
}

fn address(lab: &str, scenario: Option<&str>) -> String {
    Route::Lab { lab: lab.to_string(), scenario: scenario.map(str::to_string) }.hash()
}

/// A still picture, or the room for it.
fn draw_picture(picture: Option<&Html>, class: &'static str, size: Size) -> Html {
    picture.cloned().unwrap_or_else(|| {
        html! { <svg {class} viewBox={format!("0 0 {} {}", number(size.width), number(size.height))} aria-hidden="true"></svg> }
    })
}
