//! The card of a word: what it means, where it is met, and what it is on this stage.

use lessons::Word;
use sim::frame::LegendRow;
use sim::t;
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Element, Event, HtmlDialogElement, KeyboardEvent};
use yew::prelude::*;

use super::{legend, shelf};
use crate::dom::{self, Listener, css};
use crate::icons::{Shape, icon};
use crate::language::use_language;
use crate::route::Route;
use crate::words::{number, say};

/// What the window hears when a word is pressed, with its button.
const ASKED: &str = "netsplit:word";

/// How wide a card is, and how far from the edge of the window, in pixels.
const WIDTH: f64 = 340.0;
const MARGIN: f64 = 8.0;

/// A word is pressed. The holder of cards hears of it; a control that it is in the label of does not.
pub(super) fn ask(event: Event) {
    event.prevent_default();
    event.stop_propagation();
    if let Some(word) = event.target() {
        dom::tell(ASKED, &word);
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CardHolderProps {
    /// The lab on whose page it is.
    pub lab: Option<AttrValue>,
}

/// A word that is open, and where its card stands.
#[derive(Clone, Debug, PartialEq)]
struct Open {
    name: AttrValue,
    place: String,
}

/// Shows the card of the word that is pressed.
#[component]
pub fn CardHolder(props: &CardHolderProps) -> Html {
    use_language();
    let open = use_state(|| None::<Open>);
    {
        let setter = open.setter();
        use_effect_with((), move |()| {
            let listener = dom::window().map(|window| {
                Listener::new(&window, ASKED, move |event| {
                    let word =
                        event.dyn_ref::<CustomEvent>().and_then(|event| event.detail().dyn_into::<Element>().ok());
                    let asked = word.and_then(|word| {
                        Some(Open { name: word.get_attribute("data-word")?.into(), place: place(&word) })
                    });
                    setter.set(asked);
                })
            });
            move || drop(listener)
        });
    }
    let Some(Open { name, place }) = (*open).clone() else { return Html::default() };
    let vocabulary = shelf::vocabulary();
    let Some(word) = vocabulary.as_ref().and_then(|vocabulary| vocabulary.word(&name)) else { return Html::default() };
    let here = props.lab.as_deref().map(legend::rows).unwrap_or_default();
    let here: Vec<LegendRow> = here.into_iter().filter(|row| row.word == Some(word.name.as_str())).collect();
    let on_close = {
        let setter = open.setter();
        Callback::from(move |()| setter.set(None))
    };
    let on_see = {
        let (setter, place) = (open.setter(), place.clone());
        Callback::from(move |name: AttrValue| setter.set(Some(Open { name, place: place.clone() })))
    };
    html! { <Card word={word.clone()} {here} {place} {on_close} {on_see} /> }
}

/// Where a card has room beside a word: below it, or above where that is nearer to the middle of the window.
fn place(word: &Element) -> String {
    let (Some(root), bounds) =
        (dom::document().and_then(|document| document.document_element()), word.get_bounding_client_rect())
    else {
        return String::new();
    };
    let (width, height) = (f64::from(root.client_width()), f64::from(root.client_height()));
    let left = bounds.left().min(width - WIDTH - MARGIN).max(MARGIN);
    let beside = if bounds.bottom() < height / 2.0 {
        format!("top:{}px", number(bounds.bottom() + MARGIN))
    } else {
        format!("bottom:{}px", number(height - bounds.top() + MARGIN))
    };
    format!("left:{}px;{beside}", number(left))
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct CardProps {
    word: Word,
    /// What it is on the stage.
    here: Vec<LegendRow>,
    place: String,
    on_close: Callback<()>,
    /// Another word is to be read.
    on_see: Callback<AttrValue>,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let close = {
        let dialog = dialog.clone();
        Callback::from(move |()| {
            // The browser then gives the focus back to the word.
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
        })
    };
    // A press beside the card is one on the dialog itself.
    let onclick = {
        let (dialog, close) = (dialog.clone(), close.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target_dyn_into::<Element>() == dialog.cast::<Element>() {
                close.emit(());
            }
        })
    };
    // Keys are for the card, and not for the page below it.
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    let CardProps { word, here, .. } = props;
    let label = say(t!("Close"));
    html! {
        <dialog ref={dialog} class="word-card" data-testid="word-card" aria-labelledby="word-title" aria-describedby="word-sentence"
            ~style={css(&props.place)} onclose={props.on_close.reform(|_: Event| ())} {onclick} {onkeydown}>
            <div>
                <header>
                    <h2 id="word-title">{ &word.title }</h2>
                    <button class="button icon tiny" aria-label={label.clone()} title={label} onclick={close.reform(|_: MouseEvent| ())}>{ icon(Shape::Close) }</button>
                </header>
                { draw_body(word, "word-sentence") }
                if !here.is_empty() {
                    <div class="here"><b>{ say(t!("Here:")) }</b><ul class="signs-list">{ for here.iter().map(legend::draw_row) }</ul></div>
                }
                { draw_see(word, &props.on_see) }
                <footer>
                    { draw_source(word) }
                    <a href={Route::Words(Some(word.slug())).hash()}>{ say(t!("All words")) }</a>
                </footer>
            </div>
        </dialog>
    }
}

/// The sentence, the instance, and how the stage writes it.
pub(super) fn draw_body(word: &Word, id: impl Into<AttrValue>) -> Html {
    html! {
        <>
            <p id={id.into()}>{ &word.sentence }</p>
            <p class="instance">{ &word.instance }</p>
            if !word.signs.is_empty() {
                <p class="hint">{ say(t!("On the stage:")) }{ " " }<bdi class="mono">{ word.signs.join(", ") }</bdi></p>
            }
        </>
    }
}

/// Where the word comes from.
pub(super) fn draw_source(word: &Word) -> Html {
    match &word.source.address {
        Some(address) => html! {
            <small><a href={address.clone()} target="_blank" rel="noopener"><bdi lang="en">{ &word.source.title }</bdi></a></small>
        },
        None => html! { <small><bdi lang="en">{ &word.source.title }</bdi></small> },
    }
}

fn draw_see(word: &Word, on_see: &Callback<AttrValue>) -> Html {
    let Some(vocabulary) = shelf::vocabulary().filter(|_| !word.see.is_empty()) else { return Html::default() };
    let see = word.see.iter().filter_map(|name| vocabulary.word(name)).map(|other| {
        let name = AttrValue::from(other.name.clone());
        let onclick = on_see.reform(move |_: MouseEvent| name.clone());
        html! { <li><button type="button" class="word" {onclick}>{ &other.title }</button></li> }
    });
    html! { <div class="see"><span class="hint">{ say(t!("See also:")) }</span><ul>{ for see }</ul></div> }
}
