//! A name of one's own for a branch.

use sim::{BranchRow, t};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use super::Dialog;
use crate::command::{Command, Commands};
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RenameDialogProps {
    pub branch: usize,
    pub row: BranchRow,
    pub commands: Commands,
}

/// One field and a button.
#[component]
pub fn RenameDialog(props: &RenameDialogProps) -> Html {
    let field = use_node_ref();
    let onsubmit = {
        let (branch, commands, field) = (props.branch, props.commands.clone(), field.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let name = field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            commands.emit(Command::RenameBranch(branch, name));
            commands.emit(Command::ShowDialog(None));
        })
    };
    html! {
        <Dialog title={say(t!("Name of branch {letter}", letter = props.row.letter.clone()))} commands={props.commands.clone()}>
            <form {onsubmit}>
                <div class="control">
                    <label for="branch-name">{ say(t!("Name")) }</label>
                    <input ref={field} id="branch-name" data-testid="branch-name" type="text" required=true maxlength="60"
                        autocomplete="off" value={say(&props.row.title)} />
                </div>
                <button class="button strong" data-testid="branch-name-apply">{ say(t!("Rename")) }</button>
            </form>
        </Dialog>
    }
}
