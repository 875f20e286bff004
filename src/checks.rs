//! How the checks stand: as a row, and in one verdict. Both open into a list (`dialog::checks`).

use sim::check::Outcome;
use sim::frame::{CheckRow, Frame};
use sim::{Text, t, time_us};
use yew::prelude::*;

use crate::command::{Command, Commands, Look, Read, Topic};
use crate::words::{names, say};

/// The row of checks, with the moment of virtual time and the seed at its end.
pub fn draw_row(frame: &Frame, at_us: u64, commands: &Commands) -> Html {
    let checks = frame.checks.iter().map(|row| draw_check(row, frame, commands));
    draw_footer(frame, at_us, html! { <ul>{ for checks }</ul> })
}

/// All checks in one verdict.
pub fn draw_chip(frame: &Frame, commands: &Commands) -> Html {
    let (sign, class, verdict) = sum_up(&frame.checks);
    let onclick = commands.reform(|_: MouseEvent| Look::ShowDialog(Some(Topic::Checks(None))).into());
    let label = say(t!("Checks: {verdict}", verdict = verdict.clone()));
    html! {
        <button class={classes!("verdict", class)} data-testid="verdict" aria-haspopup="dialog" aria-label={label} {onclick}>
            <span class="sign" aria-hidden="true">{ sign }</span>{ say(verdict) }
        </button>
    }
}

/// The row at the foot of the page: checks, with the moment and the seed beside them.
pub fn draw_footer(frame: &Frame, at_us: u64, checks: Html) -> Html {
    html! {
        <footer class="checks" aria-label={say(t!("Checks"))}>
            { checks }
            <span class="moment mono" data-testid="moment">
                { say(t!("t = {time} · seed {seed}", time = time_us(at_us), seed = frame.seed)) }
            </span>
        </footer>
    }
}

/// How all checks stand together, what is broken first: a sign, its class and the words.
fn sum_up(rows: &[CheckRow]) -> (&'static str, &'static str, Text) {
    let count = |counted: &[Outcome]| rows.iter().filter(|row| counted.contains(&row.outcome)).count();
    let (broken, kept) = (count(&[Outcome::Broken]), count(&[Outcome::Kept, Outcome::Reached]));
    let seen = count(&[Outcome::Seen]);
    let words = [
        (broken, t!("{count} broken", count = broken)),
        (kept, t!("{count} kept", count = kept)),
        (seen, t!("{count} seen", count = seen)),
    ];
    let words = words.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text);
    let verdict = words.reduce(|first, next| t!("{first} · {next}", first = first, next = next));
    match verdict {
        Some(verdict) if broken > 0 => ("✕", "bad", verdict),
        Some(verdict) => ("✓", "good", verdict),
        None => ("○", "open", t!("nothing decided so far")),
    }
}

/// Where somebody goes who presses a check: to the event that decided it. None where nothing has.
pub fn visit(row: &CheckRow) -> Option<Command> {
    let is_decided = matches!(row.outcome, Outcome::Broken | Outcome::Seen);
    row.event.filter(|_| is_decided).map(|_| Read::PointAt(row.name).into())
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
pub fn look(outcome: Outcome) -> (&'static str, &'static str, Text) {
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
    // What is not decided explains itself.
    let wish = visit(row).unwrap_or_else(|| Look::ShowDialog(Some(Topic::Checks(Some(row.name)))).into());
    html! {
        <li key={row.name} {class} data-testid={testid} data-outcome={outcome} title={tip.clone()}>
            <button aria-label={tip} onclick={commands.reform(move |_: MouseEvent| wish.clone())}>{ inner }</button>
        </li>
    }
}
