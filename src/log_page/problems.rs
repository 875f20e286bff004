//! What is wrong with a log, line by line.

use sim::log::{Problem, Problems};
use sim::t;
use yew::prelude::*;

use crate::words::say;

/// The list of problems.
pub fn draw(problems: &Problems) -> Html {
    let row = |problem: &Problem| {
        html! { <li><b>{ say(t!("Line {line}", line = problem.line)) }</b>{ ": " }{ say(&problem.message) }{ "." }</li> }
    };
    html! {
        <div class="log-answer" role="alert" data-testid="log-problems">
            <h2>{ say(t!("The log cannot be opened yet")) }</h2>
            <ol>{ for problems.list().iter().map(row) }</ol>
            if problems.left_out() > 0 {
                <p>{ say(t!("And {count} more.", count = problems.left_out())) }</p>
            }
        </div>
    }
}
