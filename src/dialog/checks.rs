//! All checks: what each means, how it stands, who keeps it, and a way to see it.

use sim::check::Outcome;
use sim::frame::CheckRow;
use sim::{Check, CheckKind, Rule, Text, Until, t};
use yew::prelude::*;

use super::{Dialog, Matter};
use crate::checks::{describe, look, visit};
use crate::command::{Command, Commands, Course, Look, Run};
use crate::hunt::show::Wish;
use crate::words::say;

/// The list, with one of them opened.
pub fn draw(matter: &Matter<'_>, opened: Option<&'static str>) -> Html {
    let item = |(check, row): (&Check, &CheckRow)| draw_check(check, row, opened == Some(check.name), matter);
    // A frame has a row for each check, in the same order.
    html! {
        <Dialog title={say(t!("Checks"))} class="checks-dialog" commands={matter.commands.clone()}>
            <ul class="check-list">{ for matter.checks.iter().zip(&matter.frame.checks).map(item) }</ul>
        </Dialog>
    }
}

fn draw_check(check: &Check, row: &CheckRow, is_opened: bool, matter: &Matter<'_>) -> Html {
    let Matter { frame, rulebook, commands, .. } = matter;
    let (sign, class, verdict) = look(row.outcome);
    let keepers = rulebook.rules.iter().filter(|rule| keeps(rule, check));
    html! {
        <li key={check.name} {class} data-testid={format!("check-{}", check.name)} data-outcome={format!("{:?}", row.outcome)}>
            <details open={is_opened}>
                <summary autofocus={is_opened}>
                    <span class="sign" aria-hidden="true">{ sign }</span><b>{ say(&check.title) }</b>{ " " }<small>{ say(verdict) }</small>
                </summary>
                <p>{ say(&check.meaning) }</p>
                <p class="hint">{ say(promise(check, matter)) }</p>
                if row.event.is_some() || row.sentence.is_some() {
                    <p>{ say(describe(row, frame)) }</p>
                }
                <p class="buttons">{ for ways(check, row).into_iter().map(|way| draw_way(check, way, commands)) }</p>
                { for keepers.map(|rule| draw_keeper(rule, check, commands)) }
            </details>
        </li>
    }
}

/// Whether a check breaks without this rule.
fn keeps(rule: &Rule, check: &Check) -> bool {
    rule.broken_check == Some(check.name) || check.kept_by == Some(rule.name)
}

/// What is promised of it, and under what.
fn promise(check: &Check, matter: &Matter<'_>) -> Text {
    let promise = match check.kind {
        CheckKind::Always => t!("Promised for every moment of every run"),
        CheckKind::Eventually => t!("Promised for the end: once all faults are over, and for as long as none comes"),
        CheckKind::Sometimes => t!("Not promised: it may happen, and is no fault"),
    };
    match check.condition(&matter.rulebook.settings) {
        Some(condition) => t!("{promise}; {condition}.", promise = promise, condition = condition),
        None => t!("{promise}.", promise = promise),
    }
}

/// A button at a check: its name for tests, its words, and what it does.
type Way = (&'static str, Text, Command);

/// The ways from a check into a run: to where it was decided, or on to where it will be.
fn ways(check: &Check, row: &CheckRow) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    if let (Some(command), Some(event)) = (visit(row), row.event) {
        ways.push(("visit", t!("Go there: event {event}", event = event), command));
    }
    let show = || Run::ShowMe(Some(Wish { without: None, check: check.name.to_string() })).into();
    match check.kind {
        CheckKind::Sometimes if check.is_to_be_seen() => ways.push(("show", t!("Show me one"), show())),
        CheckKind::Sometimes => ways.push(("show", t!("Show me a run that is not"), show())),
        CheckKind::Eventually if row.outcome != Outcome::Reached => {
            let wish = Course::RunUntil(Until::Holds(check.name));
            ways.push(("run", t!("Run until it holds"), wish.into()));
        }
        CheckKind::Always | CheckKind::Eventually => {}
    }
    ways
}

fn draw_way(check: &Check, (id, words, command): Way, commands: &Commands) -> Html {
    html! {
        <button class="button" data-testid={format!("{id}-{}", check.name)} onclick={leave(commands, command)}>{ say(words) }</button>
    }
}

fn draw_keeper(rule: &Rule, check: &Check, commands: &Commands) -> Html {
    let wish = Wish { without: Some(rule.name.to_string()), check: check.name.to_string() };
    html! {
        <div key={rule.name} class="keeper">
            <p>{ say(t!("Kept by this rule: “{rule}”", rule = rule.title.clone())) }</p>
            <button class="button" data-testid={format!("keeper-{}-{}", check.name, rule.name)}
                onclick={leave(commands, Run::ShowMe(Some(wish)).into())}>{ say(t!("Show me what it is for")) }</button>
        </div>
    }
}

/// Closes the list and does something else.
fn leave(commands: &Commands, command: Command) -> Callback<MouseEvent> {
    let commands = commands.clone();
    Callback::from(move |_| {
        commands.emit(Look::ShowDialog(None).into());
        commands.emit(command.clone());
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The case: checks that are open or kept did nothing when pressed.
    #[test]
    fn every_check_leads_somewhere() {
        for lab in labs::registry::LABS {
            let rules = lab.rules();
            let mut session = lab.open().expect("a session");
            let rows = session.frame().checks;
            for (check, row) in session.checks().iter().zip(&rows) {
                assert_eq!(check.name, row.name, "rows stand in the order of the checks");
                let is_kept = rules.iter().any(|rule| keeps(rule, check));
                let is_led = is_kept || !ways(check, row).is_empty() || row.outcome == Outcome::Reached;
                // Only a person breaks this one.
                assert!(is_led || check.name == "one-primary", "{}: {}", lab.about().id, check.name);
            }
        }
    }
}
