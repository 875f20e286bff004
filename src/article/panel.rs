//! An article in the panel beside the stage.

use std::cell::RefCell;
use std::rc::Rc;

use lessons::Article as Text;
use lessons::prose::Target;
use sim::t;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::draw::{self, Place};
use crate::command::{Commands, Run};
use crate::dom;
use crate::glossary::{self, use_words};
use crate::icons::{Shape, icon};
use crate::language::{self, ENGLISH, use_language};
use crate::parts::Missing;
use crate::wait::draw_missing;
use crate::words::say;

/// Where a site has the articles: `articles/raft.txt`.
const FOLDER: &str = "articles";

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ArticleProps {
    /// The lab, by its name.
    pub lab: AttrValue,
    pub commands: Commands,
}

/// What has come of the article so far.
#[derive(Clone, Debug, PartialEq)]
enum Arrival {
    Awaited,
    There(Rc<Text>),
    Missing(Missing),
}

/// The article of a lab, once it has come.
#[component]
pub fn Article(props: &ArticleProps) -> Html {
    let language = use_language();
    use_words(true);
    let arrival = use_state(|| Arrival::Awaited);
    // The link that was pressed last: whoever comes back to the text goes on there.
    let last = use_state(|| None::<AttrValue>);
    let load = {
        let (lab, setter) = (props.lab.clone(), arrival.setter());
        // In another language it stands there as it was until it has come.
        let is_there = matches!(&*arrival, Arrival::There(article) if *article.lab == *lab);
        Callback::from(move |()| {
            let (lab, setter) = (lab.clone(), setter.clone());
            spawn_local(async move {
                if !is_there {
                    setter.set(Arrival::Awaited);
                }
                let fetched = fetch(&lab).await;
                // Another one may have been chosen meanwhile.
                if language::present() == language {
                    setter.set(match fetched {
                        Ok(article) => Arrival::There(Rc::new(article)),
                        Err(why) => Arrival::Missing(why),
                    });
                }
            });
        })
    };
    {
        let load = load.clone();
        use_effect_with((props.lab.clone(), language.code), move |_| load.emit(()));
    }
    match &*arrival {
        Arrival::Awaited => html! { <p class="hint" role="status">{ say(t!("The article is coming…")) }</p> },
        Arrival::Missing(why) => draw_missing(*why, &load, dom::reload),
        Arrival::There(article) => {
            let on_open = {
                let (setter, commands) = (last.setter(), props.commands.clone());
                Callback::from(move |(moment, title): (AttrValue, AttrValue)| {
                    setter.set(Some(moment.clone()));
                    commands.emit(Run::OpenMoment(moment.to_string(), title.to_string()).into());
                })
            };
            draw(article, (*last).as_ref(), &on_open)
        }
    }
}

async fn fetch(lab: &str) -> Result<Text, Missing> {
    let name = match language::present().code {
        code if code == ENGLISH.code => format!("{FOLDER}/{lab}.txt"),
        code => format!("{FOLDER}/{code}/{lab}.txt"),
    };
    match language::writing(&name).await {
        Some(article) => Ok(article),
        None => Err(Missing::why().await),
    }
}

/// The article itself. It is English where nobody has translated it, whatever the page is written in.
pub fn draw(article: &Text, last: Option<&AttrValue>, on_open: &Callback<(AttrValue, AttrValue)>) -> Html {
    let blocks = &article.prose.blocks;
    // First what it says, so that each word is marked once in all of it.
    let listener = Listener::default();
    let _ = draw::draw(blocks, &listener);
    let marked = glossary::marked_in(listener.heard.take());
    let beside = Beside { marked: RefCell::new(marked.into_iter()), last, on_open };
    html! {
        <article class="prose" lang={article.language.clone()} dir={language::dir_of(&article.language)}>
            <h2 id="article-title">{ &article.title }</h2>
            <nav class="sections" aria-label={say(t!("On this page"))}>{ for article.contents().into_iter().map(draw_section) }</nav>
            { draw::draw(blocks, &beside) }
        </article>
    }
}

/// A button that leads to a section. An address would lead to another page of the app.
fn draw_section((slug, title): (&str, String)) -> Html {
    let heading = format!("#{}", anchor(slug));
    let onclick = Callback::from(move |_: MouseEvent| {
        dom::scroll_to(&heading);
        dom::focus(&heading);
    });
    html! { <button type="button" data-section={slug.to_string()} {onclick}>{ title }</button> }
}

/// What the heading of a section is called in the document.
fn anchor(slug: &str) -> String {
    format!("article-{slug}")
}

/// Hears what there is to mark.
#[derive(Default)]
struct Listener {
    heard: RefCell<Vec<AttrValue>>,
}

impl Place for Listener {
    const LOWER: u8 = 0;

    fn words(&self, said: &str) -> Html {
        self.heard.borrow_mut().push(said.to_string().into());
        Html::default()
    }

    fn link(&self, _: &Target, _: &str, _: Html) -> Html {
        Html::default()
    }

    fn figure(&self, _: &str, _: &str, _: Html) -> Html {
        Html::default()
    }
}

/// Beside the stage.
struct Beside<'a> {
    /// What the listener has heard, with words marked.
    marked: RefCell<std::vec::IntoIter<Html>>,
    last: Option<&'a AttrValue>,
    on_open: &'a Callback<(AttrValue, AttrValue)>,
}

impl Beside<'_> {
    /// A button that opens a moment on the stage.
    fn draw_moment(&self, moment: &str, title: &str, class: &'static str, drawn: Html) -> Html {
        let asked = (AttrValue::from(moment.to_string()), AttrValue::from(title.to_string()));
        let current = (self.last == Some(&asked.0)).then_some("true");
        let onclick = self.on_open.reform(move |_: MouseEvent| asked.clone());
        html! { <button type="button" {class} data-testid="moment" aria-current={current} {onclick}>{ icon(Shape::Play) }{ drawn }</button> }
    }
}

impl Place for Beside<'_> {
    const LOWER: u8 = 1;

    fn words(&self, _: &str) -> Html {
        self.marked.borrow_mut().next().unwrap_or_default()
    }

    fn link(&self, target: &Target, said: &str, drawn: Html) -> Html {
        match target {
            Target::Word(slug) => glossary::word(slug, said),
            Target::Lesson(id) => html! { <a href={format!("#/lesson/{id}")}>{ drawn }</a> },
            Target::Moment(moment) => self.draw_moment(moment, said, "moment", drawn),
            Target::Address(address) => {
                html! { <a href={address.clone()} target="_blank" rel="noopener">{ drawn }</a> }
            }
            // A site has an address in its place.
            Target::Readme => drawn,
        }
    }

    fn figure(&self, moment: &str, said: &str, caption: Html) -> Html {
        html! {
            <figure>
                { self.draw_moment(moment, said, "button primary", html! { { say(t!("See it")) } }) }
                <figcaption>{ caption }</figcaption>
            </figure>
        }
    }

    fn anchor(&self, slug: &str) -> String {
        anchor(slug)
    }
}
