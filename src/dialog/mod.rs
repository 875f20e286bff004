//! Dialogs: what needs more than a menu.

pub mod clock;
pub mod help;
pub mod link;
pub mod moment;
pub mod rename;
pub mod split;

use sim::frame::Frame;
use sim::{BranchRow, t};
use web_sys::{Event, HtmlDialogElement};
use yew::prelude::*;

use crate::command::{Command, Commands, Topic};
use crate::icons::{Shape, icon};
use crate::shared::Shared;
use crate::words::say;

/// Draws the dialog about a topic.
pub fn draw(topic: Topic, frame: &Shared<Frame>, branches: &[BranchRow], commands: &Commands) -> Html {
    let (frame, commands) = (frame.clone(), commands.clone());
    match topic {
        Topic::Help => help::draw(&commands),
        Topic::Moment => html! { <moment::MomentDialog {frame} {commands} /> },
        Topic::Split => html! { <split::SplitDialog {frame} {commands} /> },
        Topic::Clock(node) => clock::draw(&frame, node, &commands),
        Topic::Link(a, b) => link::draw(&frame, a, b, &commands),
        Topic::Rename(branch) => branches
            .get(branch)
            .map(|row| html! { <rename::RenameDialog {branch} row={row.clone()} {commands} /> })
            .unwrap_or_default(),
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct DialogProps {
    pub title: AttrValue,
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
    let onclose = props.commands.reform(|_: Event| Command::ShowDialog(None));
    let onclick = props.commands.reform(|_: MouseEvent| Command::ShowDialog(None));
    let close = say(t!("Close"));
    html! {
        <dialog ref={dialog} class="dialog" aria-labelledby="dialog-title" {onclose}>
            <header>
                <h2 id="dialog-title">{ &props.title }</h2>
                <button class="button icon" aria-label={close.clone()} title={close} {onclick}>{ icon(Shape::Close) }</button>
            </header>
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
