//! The table: a row for each prediction and task, which can be put in the order of any column.

use std::cmp::Ordering;

use lessons::{Kind, Verdict};
use sim::{Text, t};
use yew::prelude::*;

use super::Found;
use crate::words::say;

/// A column that rows can be put in order by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    File,
    Label,
    Lesson,
    Step,
    Answer,
    Right,
    Misconception,
    Hints,
    Acts,
    Verdict,
}

impl Column {
    const ALL: [Column; 10] = [
        Column::File,
        Column::Label,
        Column::Lesson,
        Column::Step,
        Column::Answer,
        Column::Right,
        Column::Misconception,
        Column::Hints,
        Column::Acts,
        Column::Verdict,
    ];

    fn title(self) -> Text {
        match self {
            Column::File => t!("File"),
            Column::Label => t!("Label"),
            Column::Lesson => t!("Lesson"),
            Column::Step => t!("Step"),
            Column::Answer => t!("Answer"),
            Column::Right => t!("Right answer"),
            Column::Misconception => t!("Misconception"),
            Column::Hints => t!("Hints"),
            Column::Acts => t!("Acts"),
            Column::Verdict => t!("Verdict"),
        }
    }

    /// How two rows stand in it.
    pub fn compare(self, one: &Found, other: &Found) -> Ordering {
        let (a, b) = (&one.row, &other.row);
        match self {
            Column::File => one.file.cmp(&other.file),
            Column::Label => a.label.cmp(&b.label),
            Column::Lesson => a.lesson.cmp(&b.lesson),
            Column::Step => (a.place, &a.lesson).cmp(&(b.place, &b.lesson)),
            Column::Answer => a.answer.cmp(&b.answer),
            Column::Right => a.right.cmp(&b.right),
            Column::Misconception => a.tags.cmp(&b.tags),
            Column::Hints => a.hints.cmp(&b.hints),
            Column::Acts => a.acts.cmp(&b.acts),
            Column::Verdict => a.verdict.cmp(&b.verdict),
        }
    }
}

/// The whole table.
pub fn draw(found: &[Found], order: Option<(Column, bool)>, sort: &Callback<Column>) -> Html {
    let head = |column: Column| {
        let direction = order.filter(|(known, _)| *known == column).map(|(_, is_back)| is_back);
        let (aria, sign) = match direction {
            Some(false) => (Some("ascending"), " ↑"),
            Some(true) => (Some("descending"), " ↓"),
            None => (None, ""),
        };
        let onclick = sort.reform(move |_: MouseEvent| column);
        html! {
            <th scope="col" aria-sort={aria}>
                <button class="sort" {onclick}>{ say(column.title()) }<span aria-hidden="true">{ sign }</span></button>
            </th>
        }
    };
    html! {
        <section>
            <h2 id="answers">{ say(t!("Answers")) }</h2>
            <div class="results-table" role="region" aria-labelledby="answers" tabindex="0">
                <table data-testid="marks-table">
                    <thead>
                        <tr>{ for Column::ALL.into_iter().map(head) }<th scope="col">{ say(t!("What there is to say")) }</th></tr>
                    </thead>
                    <tbody>{ for found.iter().map(draw_row) }</tbody>
                </table>
            </div>
        </section>
    }
}

fn draw_row(found: &Found) -> Html {
    let Found { file, row, link } = found;
    let place = row.place.map(|place| {
        let kind = match place.kind {
            Kind::Predict => t!("question {number}", number = place.number),
            Kind::Do => t!("task {number}", number = place.number),
        };
        format!("{}, {}", place.step, say(kind))
    });
    html! {
        <tr class={row.verdict.name()}>
            <td dir="auto">{ file.clone() }</td>
            <td dir="auto">{ row.label.clone() }</td>
            <td class="mono" dir="ltr">{ row.lesson.clone() }</td>
            <td>{ place.unwrap_or_default() }</td>
            <td><bdi>{ row.answer.clone() }</bdi></td>
            <td><bdi>{ row.right.clone() }</bdi></td>
            <td class="mono" dir="ltr">{ row.tags.join(" ") }</td>
            <td>{ row.hints }</td>
            <td>{ if row.moment.is_some() { row.acts.to_string() } else { String::new() } }</td>
            <td class="verdict">
                <span class="sign" aria-hidden="true">{ sign(row.verdict) }</span>{ say(verdict(row.verdict)) }
                if let Some(link) = link {
                    { " " }<a href={link.clone()} target="_blank" rel="noopener">{ say(t!("See the run")) }</a>
                }
            </td>
            <td dir="auto">{ say(&row.sentence) }</td>
        </tr>
    }
}

fn verdict(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Met => t!("right"),
        Verdict::NotMet => t!("not right"),
        Verdict::OtherText => t!("another text"),
        Verdict::DoesNotReplay => t!("does not replay"),
    }
}

fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "✓ ",
        Verdict::NotMet => "✕ ",
        Verdict::OtherText | Verdict::DoesNotReplay => "! ",
    }
}
