//! "Go on where you were", for the start page.

use sim::t;
use yew::prelude::*;

use super::row::Row;
use super::{list, recent, when};
use crate::dom;
use crate::language::use_language;
use crate::lesson::go_on::{Begun, begun};
use crate::route::Route;
use crate::words::say;

/// How many other runs are listed.
const MOST_OTHERS: usize = 12;

/// What was open last, a run or a lesson, and the way to the others; nothing for who has none.
#[component]
pub fn GoOn() -> Html {
    use_language();
    draw(&recent(), &begun(), dom::date_ms())
}

/// A run or a lesson to go on with.
struct Way {
    title: Html,
    detail: AttrValue,
    address: String,
    changed_ms: u64,
}

/// The same for these runs and lessons, of each the one that changed last first.
pub fn draw(rows: &[Row], lessons: &[Begun], now_ms: u64) -> Html {
    let of_row = |row: &Row| {
        let lab = labs::registry::about(&row.lab).ok()?.title;
        Some(Way {
            title: html! { <>{ say(lab) }{ ": " }<bdi>{ &row.title }</bdi></> },
            detail: say(list::describe(row, now_ms)),
            address: Route::Run { lab: row.lab.clone(), id: row.id }.hash(),
            changed_ms: row.changed_ms,
        })
    };
    let of_lesson = |lesson: &Begun| {
        let Begun { step, steps, changed_ms, .. } = *lesson;
        let when = when::ago(changed_ms, now_ms);
        Way {
            title: html! { <bdi>{ &lesson.title }</bdi> },
            detail: say(t!("Lesson, step {step} of {count} · {when}", step = step, count = steps, when = when)),
            address: Route::Lesson { id: lesson.id.clone(), step: None }.hash(),
            changed_ms,
        }
    };
    let mut runs = rows.iter().filter_map(of_row).peekable();
    // One lesson at a time: the others stand in their courses.
    let lesson = lessons.iter().find(|lesson| !lesson.is_over).map(of_lesson);
    let since = |way: Option<&Way>| way.map(|way| way.changed_ms);
    let begins_with_run = since(runs.peek()) > since(lesson.as_ref());
    let first_run = if begins_with_run { runs.next() } else { None };
    let mut ways = first_run.into_iter().chain(lesson).chain(runs);
    let Some(last) = ways.next() else { return Html::default() };
    let others: Vec<Way> = ways.collect();
    let other = |way: &Way| {
        html! {
            <li key={way.address.clone()}>
                <a href={way.address.clone()}>{ way.title.clone() }</a>
                <small>{ &way.detail }</small>
            </li>
        }
    };
    let count = match others.len() {
        1 => t!("1 other thing you have begun"),
        count => t!("{count} other things you have begun", count = count),
    };
    html! {
        <section class="go-on" data-testid="go-on" aria-labelledby="go-on-title">
            <h2 id="go-on-title" class="eyebrow">{ say(t!("Go on where you were")) }</h2>
            <p><b>{ last.title }</b></p>
            <p class="hint">{ last.detail }</p>
            <a class="button primary" data-testid="go-on-last" href={last.address}>{ say(t!("Continue")) }</a>
            if !others.is_empty() {
                <details data-testid="go-on-others">
                    <summary>{ say(count) }</summary>
                    <ul>{ for others.iter().take(MOST_OTHERS).map(other) }</ul>
                </details>
            }
        </section>
    }
}
