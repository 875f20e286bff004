//! What to try first: a line that goes away when it has been done, or skipped.

use sim::{Input, Text, t};
use yew::prelude::*;

use crate::command::{Command, Commands, Course, Notice};
use crate::dom;
use crate::words::say;

const NAME: &str = "netsplit.hint";

/// What a visitor has tried so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tried {
    pub cut: bool,
    pub crash: bool,
    pub back: bool,
}

impl Tried {
    /// What is left to try; none for who has been here before.
    pub fn recalled() -> Option<Tried> {
        dom::recall(NAME).is_none().then(Tried::default)
    }

    /// For the next visit: there is nothing left to try.
    pub fn remember() {
        dom::remember(NAME, "done");
    }

    /// After a command.
    pub fn after(mut self, command: &Command) -> Tried {
        match command {
            Command::Act(inputs) => {
                self.cut |= inputs.iter().any(|input| matches!(input, Input::Cut { .. } | Input::Split(_)));
                self.crash |= inputs.iter().any(|input| matches!(input, Input::Crash(_)));
            }
            Command::Course(Course::Step { forward: false }) => self.back = true,
            _ => {}
        }
        self
    }

    pub fn is_all(self) -> bool {
        self.cut && self.crash && self.back
    }
}

/// The line with the three things to try.
pub fn draw(tried: Tried, commands: &Commands) -> Html {
    let item = |done: bool, text: Text| {
        html! {
            <li class={classes!(done.then_some("done"))}>
                <span aria-hidden="true">{ if done { "✓" } else { "○" } }</span>
                { say(if done { t!("{task}: done", task = text) } else { text }) }
            </li>
        }
    };
    let Tried { cut, crash, back } = tried;
    let skip = commands.reform(|_: MouseEvent| Notice::EndHint.into());
    html! {
        <section class="hint-line" data-testid="hint" aria-label={say(t!("To try first"))}>
            <b>{ say(if tried.is_all() { t!("You have tried all three.") } else { t!("Try this:") }) }</b>
            <ul>
                { item(cut, t!("click a link, and cut it")) }
                { item(crash, t!("crash a node")) }
                { item(back, t!("step back")) }
            </ul>
            <button class="button tiny" data-testid="hint-skip" onclick={skip}>
                { say(if tried.is_all() { t!("Close") } else { t!("Skip") }) }
            </button>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::NodeId;

    #[test]
    fn trying_all_three_ends_the_hint() {
        let commands = [
            Command::Act(vec![Input::Cut { from: NodeId(0), to: NodeId(1) }]),
            Command::Act(vec![Input::Crash(NodeId(0))]),
            Course::Step { forward: false }.into(),
        ];
        let tried = commands[..2].iter().fold(Tried::default(), Tried::after);
        assert!(!tried.is_all());
        assert!(tried.after(&commands[2]).is_all());
        assert!(!Tried::default().after(&Course::Step { forward: true }.into()).back);
    }
}
