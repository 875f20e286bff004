//! The strip of branches.

use sim::{BranchRow, t};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::icons::{Icon, Shape};
use crate::shared::Shared;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct BranchesProps {
    pub rows: Shared<Vec<BranchRow>>,
    pub commands: Commands,
}

/// One chip a branch: press it to go there.
#[component]
pub fn Branches(props: &BranchesProps) -> Html {
    let removable = props.rows.len() > 1;
    let chip = |(index, row): (usize, &BranchRow)| {
        let select = props.commands.reform(move |_: MouseEvent| Command::SelectBranch(index));
        let remove = props.commands.reform(move |_: MouseEvent| Command::RemoveBranch(index));
        let remove_label = say(t!("Remove branch {letter}", letter = row.letter.clone()));
        html! {
            <li key={row.letter.clone()} class={classes!("chip", row.selected.then_some("selected"))}>
                <button data-testid={format!("branch-{}", row.letter)} aria-pressed={row.selected.to_string()} onclick={select}>
                    <b>{ &row.letter }</b>
                    <span>{ say(&row.title) }</span>
                    <small>{ say(if row.length == 1 { t!("1 event") } else { t!("{count} events", count = row.length) }) }</small>
                </button>
                if removable {
                    <button class="remove" data-testid={format!("branch-remove-{}", row.letter)} aria-label={remove_label.clone()}
                        title={remove_label} onclick={remove}><Icon shape={Shape::Close} /></button>
                }
            </li>
        }
    };
    html! {
        <ul class="branches" aria-label={say(t!("Branches"))}>{ for props.rows.iter().enumerate().map(chip) }</ul>
    }
}
