//! Dialogs: what needs more than a menu.

pub mod checks;
pub mod clock;
pub mod embed;
pub mod help;
pub mod link;
pub mod moment;
pub mod rename;
pub mod share;
pub mod split;

use std::rc::Rc;

use sim::frame::Frame;
use sim::{BranchRow, Check, SharedMoment, Text, t};
use web_sys::{Event, HtmlDialogElement};
use yew::prelude::*;

use crate::bookmarks::Bookmark;
use crate::command::{Commands, Look, Named, Topic};
use crate::glossary;
use crate::icons::{Shape, icon};
use crate::part;
use crate::settings_panel::Rulebook;
use crate::shared::Shared;
use crate::words::say;

/// The dialogs, as a part of their own.
#[derive(Debug)]
pub struct Dialogs {
    pub draw: fn(Topic, &Matter<'_>) -> Html,
}

part!(dialogs: Dialogs = Dialogs { draw });

/// What dialogs are about.
#[derive(Debug)]
pub struct Matter<'a> {
    /// The lab, by its name in addresses.
    pub lab: &'a str,
    pub frame: &'a Shared<Frame>,
    pub branches: &'a [BranchRow],
    pub bookmarks: &'a [Bookmark],
    /// The moment to share.
    pub moment: Option<&'a Rc<SharedMoment>>,
    /// The prepared scenario that the run began with.
    pub scenario: Option<&'a AttrValue>,
    pub checks: &'a [Check],
    pub rulebook: &'a Rulebook,
    pub commands: &'a Commands,
}

/// Draws the dialog about a topic.
fn draw(topic: Topic, matter: &Matter<'_>) -> Html {
    let (frame, commands) = (matter.frame.clone(), matter.commands.clone());
    match topic {
        Topic::Help => help::draw(&commands),
        Topic::Checks(opened) => checks::draw(matter, opened),
        Topic::Legend => {
            let legend = glossary::PART.get().map(|glossary| (glossary.draw_legend)(matter.lab));
            html! { <Dialog title={say(t!("Legend"))} {commands}>{ legend.unwrap_or_default() }</Dialog> }
        }
        Topic::Moment => html! { <moment::MomentDialog {frame} {commands} /> },
        Topic::Split => html! { <split::SplitDialog {frame} {commands} /> },
        Topic::Clock(node) => clock::draw(&frame, node, &commands),
        Topic::Link(a, b) => link::draw(&frame, a, b, &commands),
        Topic::Rename(named) => {
            let about = match named {
                Named::Branch(place) => matter
                    .branches
                    .get(place)
                    .map(|row| (t!("Name of branch {letter}", letter = row.letter.clone()), row.title.clone(), None)),
                Named::Bookmark(place) => matter.bookmarks.get(place).map(|mark| {
                    (
                        t!("The bookmark {place}", place = mark.place()),
                        mark.title.clone(),
                        Some(mark.note.clone().into()),
                    )
                }),
            };
            about
                .map(|(heading, title, note): (Text, Text, Option<AttrValue>)| html! { <rename::RenameDialog {named} {heading} {title} {note} {commands} /> })
                .unwrap_or_default()
        }
        Topic::Share => matter
            .moment
            .map(|moment| {
                let (scenario, length) = (matter.scenario.cloned(), frame.length);
                let embed = html! { <embed::Embed moment={moment.clone()} {scenario} {length} /> };
                html! { <share::ShareDialog moment={moment.clone()} {commands} {embed} /> }
            })
            .unwrap_or_default(),
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DialogProps {
    pub title: AttrValue,
    #[prop_or_default]
    pub class: Classes,
    pub commands: Commands,
    pub children: Html,
}

/// The frame of a dialog: the browser's own, which keeps the focus inside and closes at Escape.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let dialog = use_node_ref();
    {
        let dialog = dialog.clone();
        use_effect_with((), move |()| {
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                let _ = dialog.show_modal();
            }
        });
    }
    let onclose = props.commands.reform(|_: Event| Look::ShowDialog(None).into());
    let leave = {
        let (dialog, commands) = (dialog.clone(), props.commands.clone());
        Callback::from(move |()| {
            // As the browser does, which gives the focus back to where it came from.
            if let Some(dialog) = dialog.cast::<HtmlDialogElement>() {
                dialog.close();
            }
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    // What the browser does at Escape by itself is told later, and a key pressed until then would be lost.
    let oncancel = leave.reform(|event: Event| event.prevent_default());
    let onclick = leave.reform(|_: MouseEvent| ());
    let label = say(t!("Close"));
    html! {
        <dialog ref={dialog} class={classes!("dialog", props.class.clone())} aria-labelledby="dialog-title" {oncancel} {onclose}>
            <div class="dialog-head">
                <h2 id="dialog-title">{ &props.title }</h2>
                <button class="button icon" aria-label={label.clone()} title={label} {onclick}>{ icon(Shape::Close) }</button>
            </div>
            { props.children.clone() }
        </dialog>
    }
}

/// What stands in a number field of a form; none if it is empty.
fn number_in(form: &web_sys::Element, name: &str) -> Option<f64> {
    let input = form.query_selector(&format!("[name={name}]")).ok().flatten()?;
    let number = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlInputElement>(input).value_as_number();
    number.is_finite().then_some(number)
}
