//! The visitor's runs of a lab, to go on with or to remove.

use sim::{Text, t};
use yew::prelude::*;

use super::row::Row;
use super::when;
use crate::command::{Commands, Run};
use crate::counts;
use crate::dom;
use crate::icons::{Shape, icon};
use crate::words::say;

/// The list; nothing where there are no runs. `open` is the one that is shown.
pub fn draw(rows: &[Row], open: Option<u64>, commands: &Commands) -> Html {
    if rows.is_empty() {
        return Html::default();
    }
    let now_ms = dom::date_ms();
    let item = |row: &Row| {
        let (id, is_open) = (row.id, Some(row.id) == open);
        let remove = say(t!("Remove this run: {title}", title = row.title.clone()));
        html! {
            <li key={id.to_string()} class="run">
                <button class="card-button" data-testid={format!("run-{id}")} aria-current={is_open.then_some("true")}
                    onclick={commands.reform(move |_: MouseEvent| Run::OpenKept(id).into())}>
                    <b><bdi>{ &row.title }</bdi></b>
                    <small>{ say(describe(row, now_ms)) }</small>
                </button>
                // The open one would only come back with the next step.
                if !is_open {
                    <button class="button icon tiny" data-testid={format!("run-remove-{id}")} aria-label={remove.clone()} title={remove}
                        onclick={commands.reform(move |_: MouseEvent| Run::RemoveKept(id).into())}>{ icon(Shape::Close) }</button>
                }
            </li>
        }
    };
    html! {
        <section class="runs" aria-labelledby="runs-title">
            <h2 id="runs-title" class="eyebrow">{ say(t!("Your runs of this lab")) }</h2>
            <ul class="cards">{ for rows.iter().map(item) }</ul>
            <p class="hint">{ say(t!("They are kept in this browser only. Share saves one as a link or a file.")) }</p>
        </section>
    }
}

/// When a run changed last, and what is in it.
pub fn describe(row: &Row, now_ms: u64) -> Text {
    let counted = [
        (row.branches > 1).then(|| counts::branches(row.branches)),
        (row.acts > 0).then(|| counts::acts(row.acts)),
        (row.bookmarks > 0).then(|| counts::bookmarks(row.bookmarks)),
    ];
    let all = counted.into_iter().flatten();
    all.fold(when::ago(row.changed_ms, now_ms), |line, next| t!("{line} · {next}", line = line, next = next))
}
