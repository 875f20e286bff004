//! Component tests: small hand-made frames, drawn to HTML without a browser.

mod articles;
mod colours;
mod courses;
mod drawing;
mod frames;
mod home;
mod inspector;
mod lesson;
mod letters;
mod log;
mod map;
mod overlap;
mod page;
mod sentences;
mod settings;
mod stage;
mod story;
mod strips;
mod text_view;
mod words;
mod workbook;
mod write;

use yew::{BaseComponent, Html, LocalServerRenderer, Properties, component};

/// Draws a component to HTML.
fn draw<C: BaseComponent>(props: C::Properties) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(LocalServerRenderer::<C>::with_props(props).hydratable(false).render())
}

#[derive(PartialEq, Properties)]
struct HolderProps {
    children: Html,
}

#[component]
fn Holder(props: &HolderProps) -> Html {
    props.children.clone()
}

/// Draws a part of a page to HTML.
fn draw_part(children: Html) -> String {
    draw::<Holder>(HolderProps { children })
}

/// How often a piece of HTML occurs.
fn count(html: &str, piece: &str) -> usize {
    html.matches(piece).count()
}

/// The HTML from the first place where a piece occurs, for a few hundred bytes.
fn near<'a>(html: &'a str, piece: &str) -> &'a str {
    let start = html.find(piece).unwrap_or_else(|| panic!("there is no {piece} in {html}"));
    let end = (start + 600..html.len()).find(|end| html.is_char_boundary(*end)).unwrap_or(html.len());
    &html[start..end]
}
