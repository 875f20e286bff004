//! The article of a lab as a page of its own: it can be read without a script, and with one its figures run.

use std::cell::{Cell, RefCell};

use lessons::Article;
use lessons::prose::Target;
use netsplit::article::draw::{self, Place};
use netsplit::article::moments::moment;
use netsplit::geometry::Size;
use netsplit::icons::{Shape, icon, logo_to};
use netsplit::route::Route;
use netsplit::stage::scene::{draw_patterns, picture};
use netsplit::words::say;
use sim::frame::Frame;
use sim::{About, AnyLab, SharedMoment, Text};
use yew::prelude::*;
use yew::virtual_dom::{VNode, VTag};

/// How large the stage of a figure is drawn, in pixels.
const SIZE: Size = Size { width: 680.0, height: 360.0 };

/// Words that somebody reads in a minute.
const WORDS_PER_MINUTE: usize = 200;

/// Where the app is, from the page of a lab.
const APP: &str = "../../";

/// The page of a lab with an article.
pub struct Essay<'a> {
    pub lab: &'static dyn AnyLab,
    pub article: &'a Article,
    /// How many figures have been drawn.
    figures: Cell<usize>,
    /// What could not be drawn.
    problems: RefCell<Vec<String>>,
}

impl<'a> Essay<'a> {
    pub fn new(lab: &'static dyn AnyLab, article: &'a Article) -> Essay<'a> {
        Essay { lab, article, figures: Cell::default(), problems: RefCell::default() }
    }

    /// The body of the page.
    ///
    /// # Errors
    ///
    /// Says which moments cannot be shown.
    pub fn draw(&self) -> Result<Html, String> {
        let body = self.draw_body();
        let problems = self.problems.take();
        if problems.is_empty() { Ok(body) } else { Err(problems.join("\n")) }
    }

    fn draw_body(&self) -> Html {
        let About { id, title, chapter, .. } = self.lab.about();
        let Article { title: heading, prose, .. } = self.article;
        let moments = self.article.moments().len();
        let minutes = self.article.words().div_ceil(WORDS_PER_MINUTE);
        let beside = format!("{APP}{}", Route::Notes { lab: id.to_string() }.hash());
        let contents = self.article.contents();
        html! {
            <body>
                // The pattern of all pictures.
                <svg class="unseen" aria-hidden="true">{ draw_patterns() }</svg>
                <header class="essay-bar">
                    { logo_to(APP) }
                    <span>{ say(&chapter) }{ " · " }<b>{ say(&title) }</b></span>
                    <span class="space"></span>
                    <a class="button" href={beside}>{ "Read it beside the lab" }</a>
                </header>
                <div class="essay">
                    <nav class="contents" aria-labelledby="contents-title">
                        <h2 class="eyebrow" id="contents-title">{ "On this page" }</h2>
                        <ul>{ for contents.iter().map(|(slug, title)| html! { <li><a href={format!("#{slug}")}>{ title }</a></li> }) }</ul>
                    </nav>
                    <main>
                        <p class="eyebrow">{ format!("{} · {minutes} minutes", say(&chapter)) }</p>
                        <h1>{ heading }</h1>
                        <article class="prose">{ draw::draw(&prose.blocks, self) }</article>
                        { self.draw_scenarios() }
                    </main>
                    <div class="rail">{ self.draw_play(&title, moments) }{ self.draw_words() }</div>
                </div>
            </body>
        }
    }

    /// The way into the lab.
    fn draw_play(&self, title: &Text, moments: usize) -> Html {
        let about = self.lab.about();
        let count = self.count_of_figures();
        let figures = match moments - count {
            0 => format!("{} on this page", counted(count, "live figure")),
            more => format!("{} on this page, {}", counted(count, "live figure"), counted(more, "more moment")),
        };
        html! {
            <section class="card" aria-labelledby="play-title">
                <p class="eyebrow">{ "Play with it" }</p>
                <h2 id="play-title">{ format!("The lab {}", say(title)) }</h2>
                <p>{ say(&about.summary) }</p>
                <p class="hint">{ figures }</p>
                <a class="button primary large" href={self.address(None)}>{ "Open the lab" }</a>
            </section>
        }
    }

    fn count_of_figures(&self) -> usize {
        let blocks = &self.article.prose.blocks;
        blocks.iter().filter(|block| matches!(block, lessons::prose::Block::Figure { .. })).count()
    }

    /// The words that the article explains.
    fn draw_words(&self) -> Html {
        let mut words: Vec<String> = Vec::new();
        for target in self.article.prose.targets() {
            if let Target::Word(slug) = target
                && !words.contains(&slug)
            {
                words.push(slug);
            }
        }
        words.sort();
        if words.is_empty() {
            return Html::default();
        }
        html! {
            <section class="card" aria-labelledby="words-title">
                <h2 class="eyebrow" id="words-title">{ "Words on this page" }</h2>
                <ul class="words">{ for words.iter().map(|slug| html! { <li><a class="word" href={word(slug)}>{ slug.replace('-', " ") }</a></li> }) }</ul>
            </section>
        }
    }

    /// What the lab has prepared, in short.
    fn draw_scenarios(&self) -> Html {
        let scenarios = self.lab.open().map(|session| session.scenarios()).unwrap_or_default();
        let row = |card: &sim::ScenarioCard| {
            html! { <li><a href={self.address(Some(card.name))}>{ say(&card.title) }</a>{ " " }{ say(&card.summary) }</li> }
        };
        html! {
            <section class="prose more" aria-labelledby="scenarios-title">
                <h2 id="scenarios-title">{ "All moments that the lab has prepared" }</h2>
                <ul>{ for scenarios.iter().map(row) }</ul>
                <p><a href={APP}>{ "All labs" }</a></p>
            </section>
        }
    }

    /// Where the app shows a scenario of the lab.
    fn address(&self, scenario: Option<&str>) -> String {
        let route = Route::Lab { lab: self.lab.about().id.to_string(), scenario: scenario.map(str::to_string) };
        format!("{APP}{}", route.hash())
    }

    /// A moment of the lab, with the state of a link to it.
    fn moment(&self, said: &str, title: &str) -> Option<(SharedMoment, String)> {
        let about = self.lab.about();
        match moment(about.id, said, title) {
            Ok(moment) => {
                let state = moment.link();
                Some((moment, state))
            }
            Err(why) => {
                self.problems.borrow_mut().push(format!("the article of {}: moment:{said}: {why}", about.id));
                None
            }
        }
    }

    /// What the stage shows at a moment.
    fn frame(&self, moment: &SharedMoment) -> Result<Frame, Text> {
        let mut session = self.lab.open()?;
        session.load(&moment.scenario)?;
        session.seek(moment.scenario.cursor);
        Ok(session.frame())
    }
}

impl Place for Essay<'_> {
    const LOWER: u8 = 0;

    fn link(&self, target: &Target, said: &str, drawn: Html) -> Html {
        match target {
            Target::Word(slug) => html! { <a class="word" href={word(slug)}>{ drawn }</a> },
            Target::Lesson(id) => html! { <a href={format!("{APP}#/lesson/{id}")}>{ drawn }</a> },
            Target::Address(address) => html! { <a href={address.clone()}>{ drawn }</a> },
            Target::Readme => drawn,
            Target::Moment(moment) => match self.moment(moment, said) {
                Some((_, state)) => {
                    html! { <a class="moment" href={format!("{APP}#{state}")}>{ icon(Shape::Play) }{ drawn }</a> }
                }
                None => drawn,
            },
        }
    }

    fn figure(&self, said: &str, title: &str, caption: Html) -> Html {
        let number = self.figures.get() + 1;
        self.figures.set(number);
        let Some((moment, state)) = self.moment(said, title) else { return Html::default() };
        let frame = match self.frame(&moment) {
            Ok(frame) => frame,
            Err(why) => {
                self.problems.borrow_mut().push(format!("moment:{said}: {why}"));
                return Html::default();
            }
        };
        let headline = say(&frame.caption.headline);
        let href = format!("{APP}#{state}");
        let mut element = VTag::new("netsplit-lab");
        element.add_attribute("state", state);
        element.add_attribute("controls", "step");
        element.add_attribute("title", format!("Figure {number}, live"));
        // With a script, a live figure takes the place of what stands inside.
        element.add_child(html! {
            <div>
                { picture(&frame, SIZE, &[], Some(headline.clone())) }
                <p>{ headline }{ " " }<a {href}>{ "Step through it" }</a></p>
            </div>
        });
        html! {
            <figure id={format!("figure-{number}")}>
                { VNode::from(element) }
                <figcaption><b>{ format!("Figure {number}. ") }</b>{ caption }</figcaption>
            </figure>
        }
    }
}

fn word(slug: &str) -> String {
    format!("{APP}{}", Route::Words(Some(slug.to_string())).hash())
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
