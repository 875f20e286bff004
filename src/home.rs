//! The gallery: all labs by chapter, each with its real stage.

use sim::About;
use sim::frame::Frame;
use sim::{Text, t};
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::dom;
use crate::geometry::Size;
use crate::icons::{Shape, icon, logo};
use crate::language::{self, LanguageChoice, use_language};
use crate::open_file::OpenFile;
use crate::route::Route;
use crate::shared::Shared;
use crate::stage::scene::picture;
use crate::theme::ThemeButton;
use crate::words::{say, sentence};

/// The lab and the scenario that stand at the top of the page.
const FIRST: (&str, &str) = ("raft", "minority-leader");
const CARD: Size = Size { width: 620.0, height: 400.0 };

/// A lab in the gallery.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    about: About,
    frame: Shared<Frame>,
    /// All that the search looks through, in small letters.
    words: String,
}

fn cards() -> Vec<Card> {
    let card = |lab: &&'static dyn sim::AnyLab| {
        let mut session = lab.open().ok()?;
        let about = lab.about();
        let presets = session.presets().iter().map(|preset| language::write(&preset.title)).collect::<Vec<_>>();
        let titles = session.scenarios().into_iter().map(|card| language::write(&card.title)).chain(presets);
        let words: Vec<String> =
            [&about.title, &about.chapter, &about.summary].into_iter().map(language::write).chain(titles).collect();
        Some(Card { frame: Shared::new(session.frame()), words: words.join(" ").to_lowercase(), about })
    };
    labs::registry::LABS.iter().filter_map(card).collect()
}

fn opening() -> Option<Shared<Frame>> {
    let mut session = labs::registry::open(FIRST.0).ok()?;
    session.open(FIRST.1).ok()?;
    Some(Shared::new(session.frame()))
}

/// The start page.
#[component]
pub fn Home() -> Html {
    let language = use_language();
    let cards = use_memo(language, |_| cards());
    let first = use_memo((), |()| opening());
    let search = use_state(String::new);
    let chapter = use_state(|| None::<Text>);
    let mut chapters: Vec<Text> = Vec::new();
    for card in cards.iter() {
        if !chapters.contains(&card.about.chapter) {
            chapters.push(card.about.chapter.clone());
        }
    }
    let oninput = {
        let search = search.clone();
        Callback::from(move |event: InputEvent| search.set(event.target_unchecked_into::<HtmlInputElement>().value()))
    };
    let wanted = search.trim().to_lowercase();
    let found: Vec<&Card> = cards
        .iter()
        .filter(|card| wanted.split_whitespace().all(|word| card.words.contains(word)))
        .filter(|card| chapter.as_ref().is_none_or(|chapter| *chapter == card.about.chapter))
        .collect();
    let filter = |value: Option<Text>, title: Text| {
        let pressed = *chapter == value;
        let chapter = chapter.clone();
        let onclick = Callback::from(move |_: MouseEvent| chapter.set(value.clone()));
        html! { <button class="filter" aria-pressed={pressed.to_string()} {onclick}>{ say(title) }</button> }
    };
    let search_label = match cards.len() {
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
                    if let Some(frame) = &*first {
                        <a class="hero-stage" href={address(FIRST.0, Some(FIRST.1))} aria-label={say(t!("Open this moment"))}>
                            { picture(frame, Size { width: 820.0, height: 400.0 }, &[], None) }
                            <span class="hero-caption">
                                <span class="play-sign">{ icon(Shape::Play) }</span>
                                <span><b>{ sentence(&frame.caption.headline) }</b>if let Some(detail) = &frame.caption.detail { { " " }{ sentence(detail) } }</span>
                            </span>
                        </a>
                    }
                </section>
                <div class="filters" role="group" aria-label={say(t!("Chapters"))}>
                    { filter(None, t!("All")) }
                    { for chapters.iter().map(|chapter| filter(Some(chapter.clone()), chapter.clone())) }
                </div>
                <p class="found" role="status">
                    if found.is_empty() {
                        { say(t!("No lab matches. Try fewer letters, or another chapter.")) }
                    }
                </p>
                <ul class="gallery">{ for found.into_iter().map(draw_card) }</ul>
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

fn address(lab: &str, scenario: Option<&str>) -> String {
    Route::Lab { lab: lab.to_string(), scenario: scenario.map(str::to_string) }.hash()
}

fn draw_card(card: &Card) -> Html {
    html! {
        <li key={card.about.id}>
            <a class="lab-card" data-testid={format!("lab-{}", card.about.id)} href={address(card.about.id, None)}>
                { picture(&card.frame, CARD, &[], None) }
                <b>{ say(&card.about.title) }</b>
                <span>{ say(&card.about.summary) }</span>
            </a>
        </li>
    }
}
