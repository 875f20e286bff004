//! A lesson in front of a class: one block that fills the screen, and what the teacher reads in the second window.

use lessons::{Answer, Block, Passage, Prediction, PredictionKind, Step};
use sim::t;
use yew::prelude::*;

use super::notebook::{Notebook, Phase, Place};
use super::panel::PanelProps;
use super::{amount, text};
use crate::command::{Commands, Lesson};
use crate::language::{self, use_language};
use crate::words::say;

/// What fills the screen.
#[component]
pub fn Large(props: &PanelProps) -> Html {
    use_language();
    let notebook = &props.notebook;
    let Some(step) = notebook.shown() else { return draw_end(notebook) };
    let place = t!("Step {step} of {count}", step = step.number, count = notebook.lesson.steps.len());
    html! {
        <section class="lesson-large" data-testid="lesson-large" data-phase={if notebook.phase == Phase::Told { "told" } else { "asked" }} lang={notebook.lesson.language.clone()} dir={language::dir_of(&notebook.lesson.language)}>
            <p class="eyebrow">{ say(place) }{ " · " }{ &step.title }</p>
            { match (notebook.prediction(), notebook.task()) {
                (Some(_), _) if notebook.phase == Phase::Told => {
                    let together = notebook.together((notebook.step, notebook.block));
                    together.into_iter().map(|block| draw_question(props, (notebook.step, block))).collect()
                }
                (Some(_), _) => draw_question(props, (notebook.step, notebook.block)),
                (None, Some(task)) => html! {
                    <>
                        { text::draw(&task.text) }
                        <ul class="large-goals">{ for task.goals.iter().map(|goal| html! { <li>{ text::line(&goal.text) }</li> }) }</ul>
                    </>
                },
                (None, None) => text::draw(&prose(step, notebook.begins())),
            } }
        </section>
    }
}

fn draw_end(notebook: &Notebook) -> Html {
    html! { <section class="lesson-large" data-testid="lesson-large"><h2>{ &notebook.lesson.title }</h2><p>{ say(t!("The end")) }</p></section> }
}

fn draw_question(props: &PanelProps, place: Place) -> Html {
    let notebook = &props.notebook;
    let Some(prediction) = notebook.prediction_at(place) else { return Html::default() };
    let told = notebook.question(place).told.filter(|_| notebook.phase == Phase::Told);
    let is_right = |choice: usize| {
        let right = told.iter().flat_map(|told| &told.feedback.right);
        right.into_iter().any(|answer| matches!(answer, Answer::Choices(chosen) if chosen.contains(&(choice + 1))))
    };
    let is_of_choices = matches!(prediction.kind, PredictionKind::One | PredictionKind::Any);
    let hands = notebook.hands.get(&place).cloned().unwrap_or_default();
    let choice = |(number, choice): (usize, &lessons::Choice)| {
        let count = hands.get(number).copied().unwrap_or(0);
        let letter = Notebook::letter(number);
        let change =
            |more: bool| props.commands.reform(move |_: MouseEvent| Lesson::Count { choice: number + 1, more }.into());
        html! {
            <li key={number} class={classes!(is_right(number).then_some("happened"))} data-testid={format!("large-choice-{}", number + 1)}>
                <b class="letter">{ &letter }</b>
                <div>
                    if is_right(number) { <small class="mark">{ "✓ " }{ say(t!("What happened")) }</small> }
                    { text::label(&choice.text) }
                    if is_right(number) { <div class="said">{ text::draw(std::slice::from_ref(&choice.say)) }</div> }
                </div>
                <span class="hands" role="group" aria-label={say(t!("Hands for {choice}", choice = letter.clone()))}>
                    <button type="button" class="button icon" aria-label={say(t!("One hand less"))} onclick={change(false)}>{ "−" }</button>
                    <output data-testid={format!("hands-{}", number + 1)}>{ count }</output>
                    <button type="button" class="button icon" aria-label={say(t!("One hand more"))} onclick={change(true)}>{ "+" }</button>
                </span>
            </li>
        }
    };
    html! {
        <>
            <h2>{ for prediction.question.iter().map(text::line) }</h2>
            if is_of_choices {
                <ol>{ for prediction.choices.iter().enumerate().map(choice) }</ol>
            } else if let Some(told) = &told {
                <p class="answer"><b>{ say(t!("What happened")) }{ ": " }</b>{ key(prediction, &told.feedback.right) }</p>
                { for prediction.choices.iter().map(|choice| text::draw(std::slice::from_ref(&choice.say))) }
            }
        </>
    }
}

fn prose(step: &Step, from: usize) -> Vec<Passage> {
    let blocks = step.blocks[from.min(step.blocks.len())..].iter();
    blocks.filter_map(|block| if let Block::Prose(passage) = block { Some(passage.clone()) } else { None }).collect()
}

/// What is right, in a line.
pub(super) fn key(prediction: &Prediction, right: &[Answer]) -> String {
    let say = |answer: &Answer| match (answer, &prediction.kind) {
        (Answer::Choices(chosen), _) => {
            let letters = chosen.iter().map(|place| Notebook::letter(place.saturating_sub(1)));
            letters.collect::<Vec<_>>().join(", ")
        }
        (Answer::Number(number), PredictionKind::Number { unit, .. }) => amount::write(*number, unit),
        (Answer::Number(number), _) => number.to_string(),
        (Answer::Node(label), _) => label.clone(),
        (Answer::Message(_), _) => String::new(),
    };
    right.iter().map(say).collect::<Vec<_>>().join(", ")
}

/// What only the teacher reads.
pub(super) fn notes(notebook: &Notebook, key: Option<String>, commands: &Commands) -> Html {
    let onclick = commands.reform(|_: MouseEvent| Lesson::Print { with_key: true }.into());
    html! {
        <>
            { notebook.shown().map(|step| draw_notes(notebook, step, key)).unwrap_or_default() }
            <p><button type="button" class="button" data-testid="notes-worksheet" {onclick}>{ say(t!("Worksheet and key")) }</button></p>
        </>
    }
}

fn draw_notes(notebook: &Notebook, step: &Step, key: Option<String>) -> Html {
    let teacher: Vec<Passage> = step
        .blocks
        .iter()
        .filter_map(|block| if let Block::Teacher(passage) = block { Some(passage.clone()) } else { None })
        .collect();
    html! {
        <section class="prose" data-testid="notes-lesson" lang={notebook.lesson.language.clone()} dir={language::dir_of(&notebook.lesson.language)}>
            <h2>{ say(t!("Step {step}: {title}", step = step.number, title = step.title.clone())) }</h2>
            if let Some(key) = key {
                <p data-testid="notes-key"><b>{ say(t!("The answer")) }{ ": " }</b>{ key }</p>
            }
            if step.number == 1 { { text::draw(&notebook.lesson.teacher) } }
            { text::draw(&teacher) }
        </section>
    }
}
