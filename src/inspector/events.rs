//! What has happened, in words: the last events, the newest first.

use sim::frame::{Frame, TraceEvent};
use sim::{t, time_us};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::words::say;

const SHOWN: usize = 30;

/// The events tab.
pub fn draw(frame: &Frame, trace: &[TraceEvent], selected: Option<u64>, commands: &Commands) -> Html {
    let ahead = trace.iter().filter(|event| event.number > frame.event).take(3).count();
    let shown = trace.iter().rev().filter(|event| event.number <= frame.event + ahead as u64).take(SHOWN + ahead);
    html! {
        <>
            if trace.is_empty() {
                <p class="hint">{ say(t!("Nothing has happened yet. Press play, or take one step.")) }</p>
            }
            <ol class="rows events" reversed=true>{ for shown.map(|event| draw_row(frame, event, selected == Some(event.number), commands)) }</ol>
        </>
    }
}

fn draw_row(frame: &Frame, event: &TraceEvent, selected: bool, commands: &Commands) -> Html {
    let number = event.number;
    let onclick = commands.reform(move |_: MouseEvent| Command::Seek(number));
    let now = number == frame.event;
    html! {
        <li key={number.to_string()} class={classes!((number > frame.event).then_some("future"), selected.then_some("selected"))}>
            <button aria-current={now.then_some("step")} {onclick}>
                <span class="mono number">{ number }</span>
                <span>{ say(&event.caption.headline) }</span>
                <small class="mono">{ say(t!("{time}", time = time_us(event.at_us))) }</small>
            </button>
        </li>
    }
}
