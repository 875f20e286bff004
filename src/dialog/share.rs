//! This moment as a link or as a file.

use std::rc::Rc;

use sim::export::Format;
use sim::share::{MOST_CHARACTERS, MOST_NOTE, MOST_TITLE, plain};
use sim::{SharedMoment, Text, t};
use web_sys::{Event, HtmlInputElement, HtmlTextAreaElement, InputEvent};
use yew::prelude::*;

use super::Dialog;
use crate::command::{Commands, Run, Save};
use crate::dom;
use crate::export;
use crate::files;
use crate::open_file::OpenFile;
use crate::route::Route;
use crate::share;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ShareDialogProps {
    pub moment: Rc<SharedMoment>,
    pub commands: Commands,
    /// The section for other pages.
    pub embed: Html,
}

/// A link to copy where one is short enough, and a file to keep.
#[component]
pub fn ShareDialog(props: &ShareDialogProps) -> Html {
    let answer = use_state(|| None::<Text>);
    let words = use_state(|| (props.moment.title.clone(), props.moment.note.clone()));
    let moment = SharedMoment {
        title: plain(&words.0, MOST_TITLE),
        note: plain(&words.1, MOST_NOTE),
        ..(*props.moment).clone()
    };
    let field = use_node_ref();
    let share = share::PART.get();
    let state = share.map(|share| (share.link)(&moment)).unwrap_or_default();
    let address = dom::page_address() + &Route::Moment(state.clone()).hash();
    let copy = {
        let (answer, field, address) = (answer.clone(), field.clone(), address.clone());
        Callback::from(move |_: MouseEvent| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                field.select();
            }
            let answer = answer.clone();
            dom::copy(&address, move |is_copied| {
                answer.set(Some(match is_copied {
                    true => t!("The link is copied."),
                    false => t!("This browser does not let the page copy. The link is selected: press Ctrl+C."),
                }));
            });
        })
    };
    let save = {
        let moment = moment.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(share) = share {
                files::save(&file_name(&moment), "application/json", (share.file)(&moment).as_bytes());
            }
        })
    };
    let event = props.moment.scenario.cursor;
    let intro = t!(
        "Whoever opens it sees event {event} as you see it now, and can step back, go on and try something else.",
        event = event
    );
    html! {
        <Dialog title={say(t!("Share this moment"))} commands={props.commands.clone()}>
            <p>{ say(intro) }</p>
            { draw_words(&words, &props.commands) }
            if address.len() <= MOST_CHARACTERS {
                <div class="share-link">
                    <label for="share-link">{ say(t!("Link")) }</label>
                    <input ref={field} id="share-link" class="mono" data-testid="share-link" type="text" readonly=true value={address} />
                    <button class="button strong" data-testid="share-copy" onclick={copy}>{ say(t!("Copy link")) }</button>
                </div>
            } else {
                <p data-testid="share-long">{ say(t!("A link to it would have {length} characters, and some programs cut off links of more than {most}. Save it as a file.", length = address.len(), most = MOST_CHARACTERS)) }</p>
            }
            <div class="share-buttons">
                <button class="button" data-testid="share-save" onclick={save}>{ say(t!("Save as a file")) }</button>
                <OpenFile />
            </div>
            { props.embed.clone() }
            <h3>{ say(t!("The run so far, for other programs")) }</h3>
            <div class="share-buttons">{ for Format::ALL.into_iter().map(|format| draw_export(format, &props.commands)) }</div>
            <h3>{ say(t!("Pictures")) }</h3>
            <div class="share-buttons">{ for export::Subject::ALL.map(|subject| draw_pictures(subject, &props.commands)) }</div>
            <p role="status" data-testid="share-answer">{ for answer.as_ref().map(say) }</p>
        </Dialog>
    }
}

/// Two fields for what its readers are told: kept with the run once they are left.
fn draw_words(words: &UseStateHandle<(String, String)>, commands: &Commands) -> Html {
    let (title, note) = (**words).clone();
    let set_title = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            words.set((event.target_unchecked_into::<HtmlInputElement>().value(), words.1.clone()));
        })
    };
    let set_note = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            words.set((words.0.clone(), event.target_unchecked_into::<HtmlTextAreaElement>().value()));
        })
    };
    let keep = {
        let (title, note) = (title.clone(), note.clone());
        commands.reform(move |_: Event| Run::Describe { title: title.clone(), note: note.clone() }.into())
    };
    html! {
        <div class="share-words">
            <div class="control words">
                <label for="share-title">{ say(t!("Title")) }<small>{ say(t!("may be left empty")) }</small></label>
                <input id="share-title" data-testid="share-title" type="text" maxlength={MOST_TITLE.to_string()} autocomplete="off"
                    value={title} oninput={set_title} onchange={keep.clone()} />
            </div>
            <div class="control words">
                <label for="share-note">{ say(t!("Note for who opens it")) }<small>{ say(t!("may be left empty")) }</small></label>
                <textarea id="share-note" data-testid="share-note" rows="2" maxlength={MOST_NOTE.to_string()}
                    value={note} oninput={set_note} onchange={keep} />
            </div>
        </div>
    }
}

fn draw_export(format: Format, commands: &Commands) -> Html {
    let onclick = commands.reform(move |_: MouseEvent| Save::Run(format).into());
    html! {
        <button class="button" data-testid={format!("export-{}", format.extension())} {onclick}>{ say(format.title()) }</button>
    }
}

fn draw_pictures(subject: export::Subject, commands: &Commands) -> Html {
    let button = |format: export::Format| {
        let onclick = commands.reform(move |_: MouseEvent| Save::Picture(subject, format).into());
        let id = format!("save-{}-{}", subject.name(), format.extension());
        html! { <button class="button" data-testid={id} {onclick}>{ say(export::title(subject, format)) }</button> }
    };
    html! { <>{ for export::Format::ALL.map(button) }</> }
}

/// `raft-event-37.netsplit`.
fn file_name(moment: &SharedMoment) -> String {
    format!("{}-event-{}.netsplit", moment.scenario.lab, moment.scenario.cursor)
}
