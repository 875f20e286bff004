//! The gallery: all labs by chapter, each with its real stage.

use std::cell::RefCell;
use std::rc::Rc;

use sim::About;
use sim::{Text, t};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::cards::{CARD, Cards, FIRST, HERO};
use crate::dom;
use crate::geometry::Size;
use crate::glossary::{self, Found, use_words};
use crate::icons::{Shape, icon, logo};
use crate::language::{self, Language, LanguageChoice, use_language};
use crate::open_file::OpenFile;
use crate::part;
use crate::parts::Missing;
use crate::route::Route;
use crate::theme::ThemeButton;
use crate::wait::draw_missing;
use crate::words::{number, say};

/// At most so many words stand above the labs that a search finds; `#/words` has all.
const MOST_WORDS: usize = 6;

/// The cards as far as they have come.
#[derive(Debug, Default, PartialEq)]
struct Gallery {
    cards: Cards,
    missing: Option<Missing>,
}

/// What there is to show of labs, and what loads it: first what stands at the top of the page.
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
                // Another language may be chosen while they come.
                let show = |cards: &Cards, missing: Option<Missing>| {
                    if asked == language::present() {
                        *gallery.borrow_mut() = Gallery { cards: cards.clone(), missing };
                        redraw.force_update();
                    }
                };
                let mut cards = Cards::default();
                let mut missing = cards.load().await.err();
                show(&cards, missing);
                if missing.is_none() {
                    missing = cards.load_pictures().await.err();
                    show(&cards, missing);
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

/// Whether what is known of a lab holds all these words, in small letters.
fn matches(about: &About, cards: &Cards, words: &str) -> bool {
    let card = [&about.title, &about.chapter, &about.summary].map(language::write).join(" ");
    let text = format!("{card} {}", cards.words(about.id)).to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

/// The start page: a part of its own.
#[derive(Debug)]
pub struct Start {
    pub draw: fn() -> Html,
}

part!(gallery: Start = Start { draw: || html! { <Home /> } });

/// The start page.
#[component]
pub fn Home() -> Html {
    let language = use_language();
    let (gallery, load) = use_gallery(language);
    let gallery = gallery.borrow();
    let cards = &gallery.cards;
    let labs: Vec<About> = labs::registry::ABOUT.iter().map(|about| about()).collect();
    let search = use_state(String::new);
    let chapter = use_state(|| None::<Text>);
    let mut chapters: Vec<Text> = Vec::new();
    for about in &labs {
        if !chapters.contains(&about.chapter) {
            chapters.push(about.chapter.clone());
        }
    }
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let wanted = search.trim().to_lowercase();
    use_words(!wanted.is_empty());
    let words = glossary::find(&wanted);
    let is_about = |about: &About| words.iter().any(|word| word.labs.iter().any(|lab| lab == about.id));
    let found: Vec<&About> = labs
        .iter()
        .filter(|about| matches(about, cards, &wanted) || is_about(about))
        .filter(|about| chapter.as_ref().is_none_or(|chapter| *chapter == about.chapter))
        .collect();
    let filter = |value: Option<Text>, title: Text| {
        let pressed = *chapter == value;
        let chapter = chapter.clone();
        let onclick = Callback::from(move |_: MouseEvent| chapter.set(value.clone()));
        html! { <button class="filter" aria-pressed={pressed.to_string()} {onclick}>{ say(title) }</button> }
    };
    let search_label = match labs.len() {
        1 => t!("Search 1 lab"),
        count => t!("Search {count} labs", count = count),
    };
    html! {
        <div class="home">
            <header class="home-bar">
                { logo() }
                <span class="space"></span>
                <input class="search" type="search" data-testid="search" placeholder={say(&search_label)} aria-label={say(&search_label)}
                    value={(*search).clone()} {oninput} />
                <LanguageChoice />
                <ThemeButton />
            </header>
            <main>
                <section class="hero">
                    <div>
                        <h1>{ say(t!("Break a distributed system. See why.")) }</h1>
                        <p>{ say(t!("Real protocols run in your browser. Cut a link, crash a node, turn a clock back. Step through every message, forwards and backwards.")) }</p>
                        <a class="button primary large" data-testid="start" href={address(FIRST.0, Some(FIRST.1))}>{ say(t!("Cut this cluster in two")) }</a>
                    </div>
                    <a class="hero-stage" href={address(FIRST.0, Some(FIRST.1))} aria-label={say(t!("Open this moment"))}>
                        { draw_picture(cards.opening(), HERO) }
                        <span class="hero-caption">
                            <span class="play-sign">{ icon(Shape::Play) }</span>
                            if let Some(headline) = cards.headline() {
                                <span><b>{ headline }</b>if let Some(detail) = cards.detail() { { " " }{ detail } }</span>
                            }
                        </span>
                    </a>
                </section>
                <div class="filters" role="group" aria-label={say(t!("Chapters"))}>
                    { filter(None, t!("All")) }
                    { for chapters.iter().map(|chapter| filter(Some(chapter.clone()), chapter.clone())) }
                </div>
                <p class="found" role="status">
                    if found.is_empty() && words.is_empty() {
                        { say(t!("No lab matches. Try fewer letters, or another chapter.")) }
                    }
                </p>
                { draw_words(&words) }
                if let Some(why) = gallery.missing {
                    { draw_missing(why, &load, dom::reload) }
                }
                <ul class="gallery">{ for found.into_iter().map(|about| draw_card(about, cards)) }</ul>
                if dom::has_neighbours() {
                    <section class="further" aria-labelledby="cap-title">
                        <h2 id="cap-title">{ say(t!("CAP: the same cut, side by side")) }</h2>
                        <p>{ say(t!("One system stays consistent, the other stays available. The same clients meet the same cut in both, and each button acts on both.")) }</p>
                        <a class="button" data-testid="cap" href="static/cap.html" hreflang="en">{ say(t!("See them side by side")) }</a>
                    </section>
                }
                <section class="further" aria-labelledby="own-log-title">
                    <h2 id="own-log-title">{ say(t!("Bring your own log")) }</h2>
                    <p>{ say(t!("A log of your own system, with vector clocks as for ShiViz, as a space-time diagram to step through.")) }</p>
                    <a class="button" data-testid="own-log" href={Route::Log.hash()}>{ say(t!("Open a log")) }</a>
                </section>
                <section class="further" aria-labelledby="saved-title">
                    <h2 id="saved-title">{ say(t!("Go on from a saved moment")) }</h2>
                    <p>{ say(t!("A file that was saved with Share holds a run with all its inputs. Open it, or drop it on any page.")) }</p>
                    <OpenFile />
                </section>
            </main>
        </div>
    }
}

/// The words that the search has found.
fn draw_words(words: &[Found]) -> Html {
    let item = |word: &Found| {
        let href = Route::Words(Some(word.slug.to_string())).hash();
        html! { <li key={word.slug.to_string()}><a {href} data-testid={format!("word-{}", word.slug)}><b>{ &word.title }</b>{ " " }<span>{ &word.sentence }</span></a></li> }
    };
    match words {
        [] => Html::default(),
        words => {
            html! { <ul class="found-words" aria-label={say(t!("Words"))}>{ for words.iter().take(MOST_WORDS).map(item) }</ul> }
        }
    }
}

fn address(lab: &str, scenario: Option<&str>) -> String {
    Route::Lab { lab: lab.to_string(), scenario: scenario.map(str::to_string) }.hash()
}

/// A still picture, or the room for it.
fn draw_picture(picture: Option<&Html>, size: Size) -> Html {
    picture.cloned().unwrap_or_else(|| {
        html! { <svg class="picture" viewBox={format!("0 0 {} {}", number(size.width), number(size.height))} aria-hidden="true"></svg> }
    })
}

fn draw_card(about: &About, cards: &Cards) -> Html {
    html! {
        <li key={about.id}>
            <a class="lab-card" data-testid={format!("lab-{}", about.id)} href={address(about.id, None)}>
                { draw_picture(cards.picture(about.id), CARD) }
                <b>{ say(&about.title) }</b>
                <span>{ say(&about.summary) }</span>
            </a>
        </li>
    }
}
