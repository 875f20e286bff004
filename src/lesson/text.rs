//! The prose of a lesson as HTML.

use lessons::prose::{Prose, Target};
use lessons::{Passage, prose};
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
    passages.iter().map(|passage| draw::draw(&blocks(passage), &Page)).collect()
}

/// One paragraph, without anything around it.
pub fn line(passage: &Passage) -> Html {
    draw::draw_item(&blocks(passage), &Page)
}

/// The same inside of what is pressed.
pub fn label(passage: &Passage) -> Html {
    draw::draw_item(&blocks(passage), &Label)
}

/// What it says, without how.
pub fn plain(passage: &Passage) -> String {
    blocks(passage).iter().map(prose::Block::plain).collect::<Vec<_>>().join(" ")
}

fn blocks(passage: &Passage) -> Vec<prose::Block> {
    match Prose::read(&passage.text, passage.line) {
        Ok(prose) => prose.blocks,
        // Those who write lessons are told; those who read them see the words.
        Err(_) => vec![prose::Block::Paragraph(vec![prose::Inline::Text(passage.text.clone())])],
    }
}
