//! The status row: how the checks stand.

use sim::check::Outcome;
use sim::frame::{CheckRow, Frame};
use sim::{Text, t, time_us};
use yew::prelude::*;

use crate::command::{Commands, Read};
use crate::words::{names, say};

/// The row of checks, with the moment of virtual time and the seed at its end.
pub fn draw(frame: &Frame, at_us: u64, commands: &Commands) -> Html {
    html! {
        <footer class="checks" aria-label={say(t!("Checks"))}>
            <ul>{ for frame.checks.iter().map(|row| draw_check(row, frame, commands)) }</ul>
            <span class="moment mono" data-testid="moment">
                { say(t!("t = {time} · seed {seed}", time = time_us(at_us), seed = frame.seed)) }
            </span>
        </footer>
    }
}

/// How a check stands, in a sentence.
pub fn describe(row: &CheckRow, frame: &Frame) -> Text {
    let (_, _, verdict) = look(row.outcome);
    let mut sentence = t!("{title}: {verdict}", title = row.title.clone(), verdict = verdict);
    if let Some(seen) = &row.sentence {
        sentence = t!("{tip}. {sentence}", tip = sentence, sentence = seen.clone());
    }
    if !row.nodes.is_empty() {
        sentence = t!("{tip} ({nodes})", tip = sentence, nodes = names(frame, &row.nodes));
    }
    if let Some(event) = row.event {
        sentence = t!("{tip} · event {event}", tip = sentence, event = event);
    }
    sentence
}

/// The sign of an outcome, its class, and its word.
fn look(outcome: Outcome) -> (&'static str, &'static str, Text) {
    match outcome {
        Outcome::Kept => ("✓", "good", t!("kept so far")),
        Outcome::Reached => ("✓", "good", t!("holds now")),
        Outcome::Seen => ("✓", "good", t!("seen")),
        Outcome::Broken => ("✕", "bad", t!("broken")),
        Outcome::NotSeen => ("○", "open", t!("not seen so far")),
        Outcome::Waiting => ("○", "open", t!("does not hold now")),
        Outcome::Undecided => ("?", "open", t!("too much to decide")),
        Outcome::NotPromised => ("–", "open", t!("not promised here")),
    }
}

fn draw_check(row: &CheckRow, frame: &Frame, commands: &Commands) -> Html {
    let (sign, class, _) = look(row.outcome);
    let tip = say(describe(row, frame));
    let inner = html! { <><span class="sign" aria-hidden="true">{ sign }</span>{ say(&row.title) }</> };
    let testid = format!("check-{}", row.name);
    let outcome = format!("{:?}", row.outcome);
    let is_decided = row.event.is_some() && matches!(row.outcome, Outcome::Broken | Outcome::Seen);
    let name = row.name;
    html! {
        <li key={row.name} {class} data-testid={testid} data-outcome={outcome} title={tip.clone()}>
            if is_decided {
                <button aria-label={tip} onclick={commands.reform(move |_: MouseEvent| Read::PointAt(name).into())}>{ inner }</button>
            } else {
                <span aria-label={tip} role="img">{ inner }</span>
            }
        </li>
    }
}
