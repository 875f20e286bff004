//! Prose as HTML: in the panel of a lab, and on the page that search engines find.

use lessons::prose::{Block, Inline, Target, plain};
use yew::prelude::*;

/// Where prose is drawn, and what stands there for what only that place knows.
pub trait Place {
    /// By how much headings are lower than in the text.
    const LOWER: u8;

    /// Words outside of headings and links.
    fn words(&self, said: &str) -> Html {
        html! { { said.to_string() } }
    }

    /// A link with these words, and how they are drawn.
    fn link(&self, target: &Target, said: &str, drawn: Html) -> Html;

    /// A moment where it stands, with a caption that says this.
    fn figure(&self, moment: &str, said: &str, caption: Html) -> Html;

    /// The name of a section within the document.
    fn anchor(&self, slug: &str) -> String {
        slug.to_string()
    }
}

/// All blocks.
pub fn draw(blocks: &[Block], place: &impl Place) -> Html {
    blocks.iter().map(|block| draw_block(block, place)).collect()
}

fn draw_block<P: Place>(block: &Block, place: &P) -> Html {
    match block {
        Block::Paragraph(inlines) => html! { <p>{ draw_inlines(inlines, place) }</p> },
        Block::Heading { level, slug, inlines } => {
            let said = plain(inlines);
            html! { <@{format!("h{}", (level + P::LOWER).min(6))} id={place.anchor(slug)} tabindex="-1">{ said }</@> }
        }
        Block::List { first, items } => {
            let items = items.iter().map(|item| html! { <li>{ draw_item(item, place) }</li> });
            match first {
                Some(1) => html! { <ol>{ for items }</ol> },
                Some(first) => html! { <ol start={first.to_string()}>{ for items }</ol> },
                None => html! { <ul>{ for items }</ul> },
            }
        }
        Block::Table { head, rows } => {
            let row = |row: &Vec<Vec<Inline>>| {
                html! { <tr>{ for row.iter().map(|cell| html! { <td>{ draw_inlines(cell, place) }</td> }) }</tr> }
            };
            html! {
                <div class="table" tabindex="0"><table>
                    <thead><tr>{ for head.iter().map(|cell| html! { <th scope="col">{ draw_inlines(cell, place) }</th> }) }</tr></thead>
                    <tbody>{ for rows.iter().map(row) }</tbody>
                </table></div>
            }
        }
        Block::Code(text) => html! { <pre tabindex="0"><code>{ text }</code></pre> },
        Block::Figure { moment, caption } => place.figure(moment, &plain(caption), draw_linked(caption)),
    }
}

/// A line of a list without a paragraph around it.
pub fn draw_item(blocks: &[Block], place: &impl Place) -> Html {
    match blocks {
        [Block::Paragraph(inlines), rest @ ..] => html! { <>{ draw_inlines(inlines, place) }{ draw(rest, place) }</> },
        blocks => draw(blocks, place),
    }
}

fn draw_inlines(inlines: &[Inline], place: &impl Place) -> Html {
    let draw = |inline: &Inline| match inline {
        Inline::Text(text) => place.words(text),
        Inline::Emphasis(inlines) => html! { <em>{ draw_inlines(inlines, place) }</em> },
        Inline::Strong(inlines) => html! { <strong>{ draw_inlines(inlines, place) }</strong> },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Link { target, inlines } => place.link(target, &plain(inlines), draw_linked(inlines)),
    };
    inlines.iter().map(draw).collect()
}

/// What stands in a link has no links of its own.
fn draw_linked(inlines: &[Inline]) -> Html {
    let draw = |inline: &Inline| match inline {
        Inline::Text(text) => html! { { text } },
        Inline::Emphasis(inlines) => html! { <em>{ draw_linked(inlines) }</em> },
        Inline::Strong(inlines) => html! { <strong>{ draw_linked(inlines) }</strong> },
        Inline::Code(text) => html! { <code>{ text }</code> },
        Inline::Link { inlines, .. } => draw_linked(inlines),
    };
    inlines.iter().map(draw).collect()
}
