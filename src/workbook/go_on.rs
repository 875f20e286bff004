//! "Go on where you were", for the start page.

use sim::t;
use yew::prelude::*;

use super::row::Row;
use super::{list, recent};
use crate::dom;
use crate::language::use_language;
use crate::route::Route;
use crate::words::say;

/// How many other runs are listed.
const MOST_OTHERS: usize = 12;

/// The run that changed last and the way to the others; nothing for who has none.
#[component]
pub fn GoOn() -> Html {
    use_language();
    draw(&recent(), dom::date_ms())
}

/// The same for these runs, the one that changed last first.
pub fn draw(rows: &[Row], now_ms: u64) -> Html {
    let known = rows.iter().filter_map(|row| Some((row, labs::registry::about(&row.lab).ok()?.title)));
    let mut known = known.map(|(row, lab)| (row, say(lab)));
    let Some((last, lab)) = known.next() else { return Html::default() };
    let others: Vec<(&Row, AttrValue)> = known.collect();
    let address = |row: &Row| Route::Run { lab: row.lab.clone(), id: row.id }.hash();
    let other = |(row, lab): &(&Row, AttrValue)| {
        html! {
            <li key={row.id.to_string()}>
                <a href={address(row)}>{ lab }{ ": " }<bdi>{ &row.title }</bdi></a>
                <small>{ say(list::describe(row, now_ms)) }</small>
            </li>
        }
    };
    let count = match others.len() {
        1 => t!("1 other run of yours"),
        count => t!("{count} other runs of yours", count = count),
    };
    html! {
        <section class="go-on" data-testid="go-on" aria-labelledby="go-on-title">
            <h2 id="go-on-title" class="eyebrow">{ say(t!("Go on where you were")) }</h2>
            <p><b>{ lab }{ ": " }<bdi>{ &last.title }</bdi></b></p>
            <p class="hint">{ say(list::describe(last, now_ms)) }</p>
            <a class="button primary" data-testid="go-on-last" href={address(last)}>{ say(t!("Continue")) }</a>
            if !others.is_empty() {
                <details data-testid="go-on-others">
                    <summary>{ say(count) }</summary>
                    <ul>{ for others.iter().take(MOST_OTHERS).map(other) }</ul>
                </details>
            }
        </section>
    }
}
