//! The strip of branches and bookmarks.

use sim::{BranchRow, t};
use yew::prelude::*;

use crate::bookmarks::{self, Bookmark};
use crate::command::{Commands, Look, Named, Run, Topic};
use crate::compare::{By, Comparison};
use crate::counts;
use crate::icons::{Shape, icon};
use crate::menu::{Entry, MenuButton};
use crate::words::say;

/// One chip a branch: press it to go there.
/// `comparison` is the branch that stands beside the selected one.
pub fn draw(rows: &[BranchRow], comparison: Option<&Comparison>, bookmarks: &[Bookmark], commands: &Commands) -> Html {
    let removable = rows.len() > 1;
    let chip = |(index, row): (usize, &BranchRow)| {
        let select = commands.reform(move |_: MouseEvent| Run::SelectBranch(index).into());
        let remove = commands.reform(move |_: MouseEvent| Run::RemoveBranch(index).into());
        let rename =
            commands.reform(move |_: MouseEvent| Look::ShowDialog(Some(Topic::Rename(Named::Branch(index)))).into());
        let rename_label = say(t!("Rename branch {letter}", letter = row.letter.clone()));
        let remove_label = say(t!("Remove branch {letter}", letter = row.letter.clone()));
        html! {
            <li key={row.letter.clone()} class={classes!("chip", row.selected.then_some("selected"))}>
                <button data-testid={format!("branch-{}", row.letter)} aria-pressed={row.selected.to_string()} onclick={select}>
                    <b>{ &row.letter }</b>
                    <span>{ say(&row.title) }</span>
                    <small>{ say(counts::events(row.length)) }</small>
                </button>
                if row.selected {
                    <button class="remove" data-testid={format!("branch-rename-{}", row.letter)} aria-label={rename_label.clone()}
                        title={rename_label} onclick={rename}>{ icon(Shape::Pencil) }</button>
                }
                if removable {
                    <button class="remove" data-testid={format!("branch-remove-{}", row.letter)} aria-label={remove_label.clone()}
                        title={remove_label} onclick={remove}>{ icon(Shape::Close) }</button>
                }
            </li>
        }
    };
    html! {
        <div class="branches">
            <ul aria-label={say(t!("Branches"))}>{ for rows.iter().enumerate().map(chip) }</ul>
            { draw_compare(rows, comparison, commands) }
            { bookmarks::draw(bookmarks, commands) }
        </div>
    }
}

fn draw_compare(rows: &[BranchRow], comparison: Option<&Comparison>, commands: &Commands) -> Html {
    let Some(here) = rows.iter().find(|row| row.selected) else { return Html::default() };
    let by = comparison.map_or(By::Event, |comparison| comparison.by);
    let compare = |row: &BranchRow| Run::Compare(Some(Comparison { letter: row.letter.clone(), by, story: None }));
    let others: Vec<&BranchRow> = rows.iter().filter(|row| !row.selected).collect();
    match others[..] {
        [] => Html::default(),
        [other] => {
            let wish = if comparison.is_some() { Run::Compare(None) } else { compare(other) };
            let title = t!("Compare {a} and {b}", a = here.letter.clone(), b = other.letter.clone());
            html! {
                <button class="button quiet" data-testid="compare-start" aria-pressed={comparison.is_some().to_string()}
                    onclick={commands.reform(move |_: MouseEvent| wish.clone().into())}>{ say(title) }</button>
            }
        }
        _ => {
            let entry = |row: &&BranchRow| Entry {
                detail: Some(say(&row.title)),
                current: comparison.is_some_and(|comparison| comparison.letter == row.letter),
                ..Entry::new(format!("compare-with-{}", row.letter), AttrValue::from(row.letter.clone()), compare(row))
            };
            let label = say(t!("Compare {a} with…", a = here.letter.clone()));
            html! {
                <MenuButton class={classes!("upwards")} id="compare-start" label={label.clone()}
                    entries={others.iter().map(entry).collect::<Vec<_>>()} commands={commands.clone()}>
                    { label }
                </MenuButton>
            }
        }
    }
}
