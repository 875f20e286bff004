//! A name of one's own for a branch or a bookmark.

use sim::share::MOST_REMARK;
use sim::{Text, t};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::Dialog;
use crate::command::{Commands, Look, Named, Run};
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RenameDialogProps {
    pub named: Named,
    /// What the dialog says that it is about.
    pub heading: Text,
    /// The name until now.
    pub title: Text,
    /// What was written about it so far, where that can be done.
    pub note: Option<AttrValue>,
    pub commands: Commands,
}

/// A field for the name, one for a note where there can be one, and a button.
#[component]
pub fn RenameDialog(props: &RenameDialogProps) -> Html {
    let field = use_node_ref();
    let note_field = use_node_ref();
    let onsubmit = {
        let (named, commands, field) = (props.named, props.commands.clone(), field.clone());
        let note_field = note_field.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            commands.emit(Run::Rename(named, name).into());
            if let (Named::Bookmark(place), Some(input)) = (named, note_field.cast::<HtmlInputElement>()) {
                commands.emit(Run::Annotate(place, input.value()).into());
            }
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    let apply = if props.note.is_some() { t!("Save") } else { t!("Rename") };
    html! {
        <Dialog title={say(&props.heading)} commands={props.commands.clone()}>
            <form {onsubmit}>
                <div class="control">
                    <label for="new-name">{ say(t!("Name")) }</label>
                    <input ref={field} id="new-name" data-testid="new-name" type="text" required=true maxlength="60"
                        autocomplete="off" value={say(&props.title)} />
                </div>
                if let Some(note) = &props.note {
                    <div class="control words">
                        <label for="new-note">{ say(t!("Note")) }<small>{ say(t!("a sentence to show there, or a question to ask")) }</small></label>
                        <input ref={note_field} id="new-note" data-testid="new-note" type="text" maxlength={MOST_REMARK.to_string()}
                            autocomplete="off" value={note} />
                    </div>
                }
                <button class="button strong" data-testid="new-name-apply">{ say(apply) }</button>
            </form>
        </Dialog>
    }
}
