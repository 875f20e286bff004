//! A name of one's own for a branch or a bookmark.

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
    pub commands: Commands,
}

/// One field and a button.
#[component]
pub fn RenameDialog(props: &RenameDialogProps) -> Html {
    let field = use_node_ref();
    let onsubmit = {
        let (named, commands, field) = (props.named, props.commands.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            commands.emit(Run::Rename(named, name).into());
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    html! {
        <Dialog title={say(&props.heading)} commands={props.commands.clone()}>
            <form {onsubmit}>
                <div class="control">
                    <label for="new-name">{ say(t!("Name")) }</label>
                    <input ref={field} id="new-name" data-testid="new-name" type="text" required=true maxlength="60"
                        autocomplete="off" value={say(&props.title)} />
                </div>
                <button class="button strong" data-testid="new-name-apply">{ say(t!("Rename")) }</button>
            </form>
        </Dialog>
    }
}
