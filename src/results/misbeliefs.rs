//! What a class believes: for each step the misconceptions that its answers show, as bars.

use std::collections::BTreeMap;

use sim::t;
use yew::prelude::*;

use super::Found;
use super::school::School;
use crate::words::say;

/// How wide a bar is at the most.
const WIDTH: usize = 120;

/// How many answers show each misconception, by lesson and step.
type Counts<'a> = BTreeMap<(&'a str, usize), BTreeMap<&'a str, usize>>;

/// The bars; nothing where nobody believes anything wrong.
pub fn draw(found: &[Found], school: &School) -> Html {
    let counts = count(found);
    let most = counts.values().flat_map(BTreeMap::values).copied().max().unwrap_or(1);
    html! {
        if !counts.is_empty() {
            <section aria-labelledby="misconceptions" data-testid="misconceptions">
                <h2 id="misconceptions">{ say(t!("Misconceptions")) }</h2>
                { for counts.iter().map(|((lesson, step), tags)| draw_step(lesson, *step, tags, most, school)) }
            </section>
        }
    }
}

fn draw_step(lesson: &str, step: usize, tags: &BTreeMap<&str, usize>, most: usize, school: &School) -> Html {
    let mut tags: Vec<(&str, usize)> = tags.iter().map(|(tag, count)| (*tag, *count)).collect();
    tags.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let bar = |(tag, count): (&str, usize)| {
        let width = (count * WIDTH / most).max(2);
        html! {
            <li>
                <b class="count">{ count }</b>
                <svg aria-hidden="true" width={WIDTH.to_string()} height="12"><rect class="bar" width={width.to_string()} height="12" rx="2" /></svg>
                <span dir="auto">{ school.belief(tag) }</span>
            </li>
        }
    };
    html! {
        <>
            <h3><span class="mono">{ lesson.to_string() }</span>{ format!(" · {step}. {}", school.title(lesson, step)) }</h3>
            <ul class="misbeliefs">{ for tags.into_iter().map(bar) }</ul>
        </>
    }
}

fn count(found: &[Found]) -> Counts<'_> {
    let mut counts = Counts::new();
    for Found { row, .. } in found {
        if let Some(place) = row.place {
            for tag in &row.tags {
                *counts.entry((&row.lesson, place.step)).or_default().entry(tag.as_str()).or_default() += 1;
            }
        }
    }
    counts
}
