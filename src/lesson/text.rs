//! The prose of a lesson as HTML.

use lessons::Passage;
use lessons::prose::Target;
use yew::prelude::*;

use crate::article::draw::{self, Place};
use crate::glossary;

/// Text that is read, in which words open their cards.
struct Page;

impl Place for Page {
    const LOWER: u8 = 2;

    fn link(&self, target: &Target, said: &str, drawn: Html) -> Html {
        match target {
            Target::Word(slug) => glossary::word(slug, said),
            Target::Lesson(id) => html! { <a href={format!("#/lesson/{id}")}>{ drawn }</a> },
            Target::Address(address) => {
                html! { <a href={address.clone()} target="_blank" rel="noopener">{ drawn }</a> }
            }
            // What has a place of its own in an article.
            Target::Moment(_) | Target::Readme => drawn,
        }
    }

    fn figure(&self, _: &str, _: &str, caption: Html) -> Html {
        html! { <p>{ caption }</p> }
    }
}

/// Text that is pressed as a whole: nothing in it can be.
struct Label;

impl Place for Label {
    const LOWER: u8 = 2;

    fn link(&self, _: &Target, _: &str, drawn: Html) -> Html {
        drawn
    }

    fn figure(&self, _: &str, _: &str, caption: Html) -> Html {
        caption
    }
}

/// Paragraphs, lists and tables.
pub fn draw(passages: &[Passage]) -> Html {
    passages.iter().map(|passage| draw::draw(&passage.blocks, &Page)).collect()
}

/// One paragraph, without anything around it.
pub fn line(passage: &Passage) -> Html {
    draw::draw_item(&passage.blocks, &Page)
}

/// The same inside of what is pressed.
pub fn label(passage: &Passage) -> Html {
    draw::draw_item(&passage.blocks, &Label)
}
