//! Why: the events that led to the selected state, in sentences, and the rules that decided.

use sim::frame::{Frame, Node};
use sim::{Cited, Outcome, Step, Subject, Text, Why, t};
use yew::prelude::*;

use super::node::shown;
use crate::command::{Commands, Course, Item, Read};
use crate::words::{event_at, say};

/// The question of the Why tab where nobody has asked another one.
pub fn usual_subject(frame: &Frame, selection: Option<Item>) -> Option<Subject> {
    match selection {
        Some(Item::Message(id)) if frame.messages.iter().any(|message| message.id == id) => Some(Subject::Message(id)),
        Some(Item::Node(_) | Item::Message(_)) => shown(frame, selection).map(|node| Subject::Node(node.id)),
        Some(Item::Link(..)) | None => (frame.event > 0).then_some(Subject::Event(frame.event)),
    }
}

/// The Why tab: the whole answer, and what else can be asked.
pub fn draw(
    frame: &Frame,
    why: Option<&Why>,
    selection: Option<Item>,
    event: Option<u64>,
    commands: &Commands,
) -> Html {
    let asked = why.map(|why| why.question.clone());
    let others = questions(frame, selection, event);
    let others = others.into_iter().filter(|(question, _)| Some(question) != asked.as_ref());
    let others: Vec<Html> = others.map(|(question, subject)| draw_question(question, subject, commands)).collect();
    html! {
        <>
            if let Some(why) = why {
                <section class="why" aria-labelledby="why-title" data-testid="why-panel">
                    <h2 id="why-title">{ say(&why.question) }</h2>
                    { draw_answer(frame, why, true, commands) }
                    if why.event != frame.event {
                        <button class="button" data-testid="why-back" onclick={follow(why.event, commands)}>
                            { say(t!("Back to event {event}", event = why.event)) }
                        </button>
                    }
                </section>
            } else {
                <p class="hint">{ say(t!("Pause, and the causes of the selected node or message stand here.")) }</p>
            }
            if !others.is_empty() {
                <h2 class="eyebrow">{ say(t!("Ask as well")) }</h2>
                <ul class="rows">{ for others }</ul>
            }
        </>
    }
}

/// The answer in few words, under a node or a message.
pub fn draw_short(frame: &Frame, why: &Why, commands: &Commands) -> Html {
    html! {
        <section class="why" aria-labelledby="why-short-title" data-testid="why-short">
            <h3 id="why-short-title" class="eyebrow">{ say(&why.question) }</h3>
            { draw_answer(frame, why, false, commands) }
        </section>
    }
}

fn draw_answer(frame: &Frame, why: &Why, whole: bool, commands: &Commands) -> Html {
    html! {
        <>
            if let Some(note) = &why.note {
                <p class="hint">{ say(note) }</p>
            }
            <ol>
                { for why.steps.iter().map(|step| draw_step(frame, step, whole, commands)) }
                { for why.rules.iter().map(draw_rule) }
            </ol>
        </>
    }
}

fn draw_step(frame: &Frame, step: &Step, whole: bool, commands: &Commands) -> Html {
    let here = step.event == frame.event;
    let detail = step.detail.as_ref().filter(|_| whole);
    html! {
        <li>
            <button class="cause" data-event={step.event.to_string()} aria-current={here.then_some("step")}
                onclick={follow(step.event, commands)}>{ say(&step.sentence) }</button>
            { " " }
            <small class="mono">{ say(event_at(frame.scale, step.event, step.at_us)) }</small>
            if let Some(detail) = detail {
                <p class="detail">{ say(detail) }</p>
            }
        </li>
    }
}

fn draw_rule(rule: &Cited) -> Html {
    let title = rule.title.clone();
    let sentence = if rule.followed {
        t!("Rule: {title}", title = title)
    } else {
        t!("Rule, broken here: {title}", title = title)
    };
    html! {
        <li class={classes!("rule", (!rule.followed).then_some("broken"))} data-rule={rule.name}>
            { say(sentence) }{ " " }<small>{ say(t!("— {source}", source = rule.source)) }</small>
        </li>
    }
}

fn draw_question(question: Text, subject: Subject, commands: &Commands) -> Html {
    let onclick = commands.reform(move |_: MouseEvent| Read::Ask(subject.clone()).into());
    let question = say(question);
    html! { <li key={question.to_string()}><button data-testid="why-ask" {onclick}>{ question }</button></li> }
}

/// What one may want to know at this moment: about what the last event changed, that event itself and the one selected in
/// the lanes, and broken checks.
fn questions(frame: &Frame, selection: Option<Item>, event: Option<u64>) -> Vec<(Text, Subject)> {
    let broken = frame.checks.iter().filter(|row| row.outcome == Outcome::Broken);
    let broken =
        broken.map(|row| (t!("Why is “{check}” broken?", check = row.title.clone()), Subject::Check(row.name)));
    let node = shown(frame, selection);
    let changed = node.into_iter().flat_map(|node| changes(node).map(move |field| (node, field)));
    let fields = changed.map(|(node, field)| {
        let question = t!(
            "Why does {node} say “{field}: {value}”?",
            node = node.label.clone(),
            field = field.name.clone(),
            value = field.value.clone()
        );
        (question, Subject::Field(node.id, field.name.clone()))
    });
    let here = (frame.event > 0).then_some(frame.event);
    let events = event.filter(|event| *event < frame.event).into_iter().chain(here);
    let events = events.map(|number| (t!("Why did event {number} happen?", number = number), Subject::Event(number)));
    broken.chain(fields).chain(events).collect()
}

fn changes(node: &Node) -> impl Iterator<Item = &sim::frame::Field> {
    super::node::own_fields(node).filter(|field| field.before.is_some())
}

fn follow(event: u64, commands: &Commands) -> Callback<MouseEvent> {
    commands.reform(move |_: MouseEvent| Course::Follow(event).into())
}
