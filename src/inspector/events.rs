//! What has happened, in words: the last events, the newest first.

use sim::frame::{Frame, TraceEvent};
use sim::{NodeId, t, time_us};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::lanes::chronicle::Chronicle;
use crate::lanes::cone;
use crate::words::say;

const SHOWN: usize = 30;

/// The events tab.
pub fn draw(
    frame: &Frame,
    chronicle: &Chronicle,
    selected: Option<u64>,
    knower: Option<NodeId>,
    commands: &Commands,
) -> Html {
    let known = || chronicle.around().filter(|event| knower.is_none_or(|knower| cone::knows(frame, knower, event)));
    let ahead = known().filter(|event| event.number > frame.event).take(3).count();
    let shown = known().rev().filter(|event| event.number <= frame.event + ahead as u64).take(SHOWN + ahead);
    html! {
        <>
            if chronicle.length() == 0 {
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
