//! The button that opens a saved moment, and the whole page as a place to drop one.

use sim::share::MOST_BYTES;
use sim::{Text, t};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DragEvent, Event, File, HtmlInputElement};
use yew::prelude::*;

use crate::dom::{self, Listener};
use crate::files::{self, Reading};
use crate::icons::{Shape, icon};
use crate::language::use_language;
use crate::lesson;
use crate::parts::Missing;
use crate::route::Route;
use crate::share;
use crate::words::say;

/// Whether a file holds lessons: it begins with a head.
fn is_lesson(text: &str) -> bool {
    text.trim_start().starts_with("---")
}

/// Goes to the moment or the lesson that a file holds, or says what is wrong with it.
async fn go_to(content: Result<String, Text>) -> Result<(), Text> {
    if let Some(text) = content.as_ref().ok().filter(|text| is_lesson(text)) {
        let reader = lesson::file::PART.load().await.map_err(Missing::sentence)?;
        let id = (reader.take)(text).map_err(|why| t!("This lesson cannot be opened: {why}.", why = why))?;
        Route::Lesson { id, step: None }.go();
        return Ok(());
    }
    let share = share::PART.load().await.map_err(Missing::sentence)?;
    let moment = content.and_then(|content| (share.read)(&content));
    let moment = moment.map_err(|why| t!("This file cannot be opened: {why}.", why = why))?;
    Route::Moment((share.link)(&moment)).go();
    Ok(())
}

/// What reads a file and keeps what is wrong with it.
#[hook]
fn use_opening() -> (Callback<File>, UseStateHandle<Option<Text>>) {
    use_language();
    let refusal = use_state(|| None);
    let reading = use_mut_ref(|| None::<Reading>);
    let open = {
        let refusal = refusal.clone();
        Callback::from(move |file: File| {
            let refusal = refusal.clone();
            let report = Callback::from(move |content| {
                let refusal = refusal.clone();
                spawn_local(async move { refusal.set(go_to(content).await.err()) });
            });
            *reading.borrow_mut() = Reading::begin(&file, MOST_BYTES, report);
        })
    };
    (open, refusal)
}

/// A button that asks for a file.
#[component]
pub fn OpenFile() -> Html {
    let (open, refusal) = use_opening();
    let onchange = Callback::from(move |event: Event| {
        if let Some(file) = files::chosen(&event.target_unchecked_into::<HtmlInputElement>()) {
            open.emit(file);
        }
    });
    html! {
        <span class="open-file">
            <label class="button file-button">
                { say(t!("Open a file…")) }
                <input class="unseen" type="file" accept=".netsplit,application/json,.md,text/markdown" data-testid="open-file" {onchange} />
            </label>
            if let Some(refusal) = &*refusal {
                <span role="alert" data-testid="open-refusal">{ say(refusal) }</span>
            }
        </span>
    }
}

/// Takes files that are dropped anywhere on the page, unless what they are dropped on wants them.
#[component]
pub fn DropTarget() -> Html {
    let (open, refusal) = use_opening();
    use_effect_with((), move |()| {
        let listen = |kind, take: Callback<DragEvent>| {
            dom::document().map(|document| {
                Listener::new(&document, kind, move |event| {
                    if let (false, Ok(event)) = (event.default_prevented(), event.dyn_into()) {
                        take.emit(event);
                    }
                })
            })
        };
        let over = listen("dragover", Callback::from(|event| files::take_drag(&event)));
        let dropped = listen(
            "drop",
            Callback::from(move |event| files::dropped(&event).into_iter().for_each(|file| open.emit(file))),
        );
        move || drop((over, dropped))
    });
    let close = say(t!("Close"));
    let onclick = {
        let refusal = refusal.clone();
        Callback::from(move |_: MouseEvent| refusal.set(None))
    };
    html! {
        if let Some(sentence) = &*refusal {
            <div class="toast" role="alert" data-testid="drop-refusal">
                <p>{ say(sentence) }</p>
                <button class="button icon tiny" aria-label={close.clone()} title={close} {onclick}>{ icon(Shape::Close) }</button>
            </div>
        }
    }
}
