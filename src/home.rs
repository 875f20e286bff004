//! The gallery: all labs by chapter, each with its real stage.

use std::cell::RefCell;
use std::rc::Rc;

use sim::About;
use sim::frame::{Caption, Frame};
use sim::{Text, t};
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlInputElement, InputEvent};
use yew::prelude::*;

use crate::dom;
use crate::geometry::Size;
use crate::icons::{Shape, icon, logo};
use crate::language::{self, LanguageChoice, use_language};
use crate::open_file::OpenFile;
use crate::part;
use crate::parts::Missing;
use crate::route::Route;
use crate::shared::Shared;
use crate::stage::scene::picture;
use crate::theme::ThemeButton;
use crate::wait::{Needed, draw_missing};
use crate::words::{number, say, sentence};

/// The lab and the scenario that stand at the top of the page.
const FIRST: (&str, &str) = ("raft", "minority-leader");
const CARD: Size = Size { width: 620.0, height: 400.0 };
const HERO: Size = Size { width: 820.0, height: 400.0 };

/// A lab in the gallery: what is known without its code, and what only that knows.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    about: About,
    inside: Option<Inside>,
}

/// What the code of a lab knows of its card.
#[derive(Clone, Debug, PartialEq)]
struct Inside {
    frame: Shared<Frame>,
    scenarios: Vec<Text>,
    presets: Vec<Text>,
}

impl Card {
    /// Whether what is known of the lab holds all these words, in small letters.
    fn matches(&self, words: &str) -> bool {
        let inside = self.inside.iter().flat_map(|inside| inside.scenarios.iter().chain(&inside.presets));
        let texts = [&self.about.title, &self.about.chapter, &self.about.summary].into_iter().chain(inside);
        let text = texts.map(language::write).collect::<Vec<_>>().join(" ").to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
    }
}

/// The cards as far as they are known: those of labs that are loaded have pictures.
#[derive(Debug, PartialEq)]
struct Gallery {
    cards: Vec<Card>,
    /// The moment at the top of the page.
    opening: Option<Shared<Frame>>,
    missing: Option<Missing>,
}

impl Gallery {
    fn new() -> Gallery {
        let card = |about: &fn() -> About| Card { about: about(), inside: None };
        let mut gallery =
            Gallery { cards: labs::registry::ABOUT.iter().map(card).collect(), opening: None, missing: None };
        gallery.look();
        gallery
    }

    /// Takes in what labs that have been loaded know.
    fn look(&mut self) {
        for card in self.cards.iter_mut().filter(|card| card.inside.is_none()) {
            card.inside = labs::registry::open(card.about.id).ok().map(|mut session| Inside {
                frame: Shared::new(session.frame()),
                scenarios: session.scenarios().into_iter().map(|card| card.title).collect(),
                presets: session.presets().iter().map(|preset| preset.title.clone()).collect(),
            });
        }
        if self.opening.is_none() {
            self.opening = labs::registry::open(FIRST.0).ok().and_then(|mut session| {
                session.open(FIRST.1).ok()?;
                Some(Shared::new(session.frame()))
            });
        }
    }
}

/// The gallery, and what loads the labs for it one after the other, the one at the top first.
#[hook]
fn use_gallery() -> (Rc<RefCell<Gallery>>, Callback<()>) {
    let gallery = use_mut_ref(Gallery::new);
    let redraw = use_force_update();
    let load = {
        let gallery = gallery.clone();
        Callback::from(move |()| {
            let (gallery, redraw) = (gallery.clone(), redraw.clone());
            spawn_local(async move {
                gallery.borrow_mut().missing = None;
                for about in labs::registry::ABOUT {
                    let lab = Needed::Lab(about().id.into());
                    let missing = lab.load().await.err();
                    gallery.borrow_mut().look();
                    gallery.borrow_mut().missing = missing;
                    redraw.force_update();
                    if missing.is_some() {
                        return;
                    }
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((), move |()| load.emit(()));
    }
    (gallery, load)
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
    use_language();
    let (gallery, load) = use_gallery();
    let gallery = gallery.borrow();
    let cards = &gallery.cards;
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
        .filter(|card| card.matches(&wanted))
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
                    <a class="hero-stage" href={address(FIRST.0, Some(FIRST.1))} aria-label={say(t!("Open this moment"))}>
                        { draw_picture(gallery.opening.as_deref(), HERO) }
                        <span class="hero-caption">
                            <span class="play-sign">{ icon(Shape::Play) }</span>
                            if let Some(Caption { headline, detail, .. }) = gallery.opening.as_ref().map(|frame| &frame.caption) {
                                <span><b>{ sentence(headline) }</b>if let Some(detail) = detail { { " " }{ sentence(detail) } }</span>
                            }
                        </span>
                    </a>
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
                if let Some(why) = gallery.missing {
                    { draw_missing(why, &load, dom::reload) }
                }
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

/// A still picture, or the room for it.
fn draw_picture(frame: Option<&Frame>, size: Size) -> Html {
    match frame {
        Some(frame) => picture(frame, size, &[], None),
        None => {
            html! { <svg class="picture" viewBox={format!("0 0 {} {}", number(size.width), number(size.height))} aria-hidden="true"></svg> }
        }
    }
}

fn draw_card(card: &Card) -> Html {
    html! {
        <li key={card.about.id}>
            <a class="lab-card" data-testid={format!("lab-{}", card.about.id)} href={address(card.about.id, None)}>
                { draw_picture(card.inside.as_ref().map(|inside| &*inside.frame), CARD) }
                <b>{ say(&card.about.title) }</b>
                <span>{ say(&card.about.summary) }</span>
            </a>
        </li>
    }
}
