//! A second window for the teacher, which follows the first one.

use sim::frame::Frame;
use sim::{Step, Text, t};
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlLinkElement, KeyboardEvent, Window};
use yew::prelude::*;

use super::Prompt;
use super::elapsed::Elapsed;
use crate::bookmarks::Bookmark;
use crate::checks;
use crate::command::{Commands, Lectern};
use crate::dom::{self, Listener};
use crate::language;
use crate::words::{event_at, say};

/// The window. Dropped, it is closed.
#[derive(Debug)]
pub struct NotesWindow {
    window: Window,
    /// Where the notes are drawn.
    pub host: Element,
    _listeners: [Listener; 3],
}

impl NotesWindow {
    /// Opens the window; none where the browser refuses. What is pressed in it goes to `keys`, as if it had been pressed
    /// in the first window: the clicker works in whichever is in front.
    pub fn open(commands: &Commands, keys: Callback<KeyboardEvent>) -> Option<NotesWindow> {
        let opener = dom::window()?;
        let window =
            opener.open_with_url_and_target_and_features("", "netsplit-notes", "popup,width=560,height=760").ok()??;
        let document = window.document()?;
        let host = furnish(&document)?;
        // An event of another window is no instance of this window's classes.
        let press = Listener::new(&document, "keydown", move |event| keys.emit(event.unchecked_into()));
        let lose = commands.reform(|()| Lectern::LoseNotes.into());
        let closed = Listener::new(&window, "pagehide", move |_| lose.emit(()));
        let close = window.clone();
        let left = Listener::new(&opener, "pagehide", move |_| {
            let _ = close.close();
        });
        Some(NotesWindow { window, host, _listeners: [press, closed, left] })
    }
}

impl Drop for NotesWindow {
    fn drop(&mut self) {
        let _ = self.window.close();
    }
}

/// Gives an empty window a name, the styles of the page and a place for the notes.
fn furnish(document: &Document) -> Option<Element> {
    document.set_title(&say(t!("Netsplit: notes")));
    language::present().put_on(&document.document_element()?);
    let (page, head) = (dom::document()?.document_element()?, document.head()?);
    head.set_inner_html("");
    for sheet in dom::find_all(&page, "link[rel=stylesheet]:not([disabled]), head > style") {
        let copy = document.import_node_with_deep(&sheet, true).ok()?;
        if let Some(sheet) = sheet.dyn_ref::<HtmlLinkElement>() {
            // The new window has no address of its own.
            copy.unchecked_ref::<HtmlLinkElement>().set_href(&sheet.href());
        }
        head.append_child(&copy).ok()?;
    }
    let body = document.body()?;
    body.set_inner_html("");
    let host = dom::document()?.create_element("main").ok()?;
    host.set_class_name("notes");
    body.append_child(&host).ok()?;
    Some(host)
}

/// What the notes are about.
#[derive(Debug)]
pub struct Notes<'a> {
    pub frame: &'a Frame,
    pub prompt: Option<&'a Prompt>,
    /// The bookmark at this moment, and the one to which Page Down leads.
    pub bookmark: Option<&'a Bookmark>,
    pub next: Option<&'a Bookmark>,
    /// In milliseconds of the page.
    pub began_ms: f64,
    /// What a lesson says to the teacher.
    pub lesson: Html,
}

/// What the teacher reads.
pub fn draw(notes: &Notes<'_>) -> Html {
    let Notes { frame, prompt, bookmark, next, began_ms, ref lesson } = *notes;
    html! {
        <>
            <header>
                <Elapsed since_ms={began_ms} />
                <p class="mono">{ say(event_at(frame.scale, frame.event, frame.at_us)) }</p>
            </header>
            { lesson.clone() }
            <h1 data-testid="notes-caption">{ say(&frame.caption.headline) }</h1>
            { for frame.caption.detail.as_ref().map(|detail| html! { <p>{ say(detail) }</p> }) }
            { for bookmark.map(|bookmark| draw_bookmark("notes-bookmark", t!("Bookmark {place}", place = bookmark.place()), bookmark)) }
            { for next.map(|next| draw_bookmark("notes-next-bookmark", t!("Next bookmark, {place}", place = next.place()), next)) }
            { for prompt.map(draw_prompt) }
            <h2>{ say(t!("Checks")) }</h2>
            <ul>{ for frame.checks.iter().map(|row| html! { <li>{ say(checks::describe(row, frame)) }</li> }) }</ul>
            <p class="hint">{ say(t!("Page Down and Page Up go from bookmark to bookmark, or step on and back where there is none, in this window too; . makes the screen black.")) }</p>
        </>
    }
}

fn draw_bookmark(id: &'static str, heading: Text, bookmark: &Bookmark) -> Html {
    html! {
        <section data-testid={id}>
            <h2>{ say(heading) }</h2>
            <p><b>{ say(&bookmark.title) }</b></p>
            if !bookmark.note.is_empty() {
                <p><bdi>{ &bookmark.note }</bdi></p>
            }
        </section>
    }
}

fn draw_prompt(prompt: &Prompt) -> Html {
    let step = |step: &Step| {
        html! { <li>{ say(t!("Event {event}: {sentence}", event = step.event, sentence = step.sentence.clone())) }</li> }
    };
    let rule = |title: &sim::Text, source: &'static str| {
        html! { <li>{ say(t!("Rule: {title}", title = title.clone())) }{ " " }<small>{ say(t!("— {source}", source = source)) }</small></li> }
    };
    html! {
        <>
            <h2>{ say(t!("Next")) }</h2>
            <p data-testid="notes-next">
                { match &prompt.next {
                    Some(next) => say(next),
                    None => say(t!("Nothing more is due.")),
                } }
            </p>
            if !prompt.why.steps.is_empty() {
                <h2>{ say(&prompt.why.question) }</h2>
                <ol data-testid="notes-why">
                    { for prompt.why.steps.iter().map(step) }
                    { for prompt.why.rules.iter().map(|cited| rule(&cited.title, cited.source)) }
                </ol>
            }
        </>
    }
}
