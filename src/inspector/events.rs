//! What has happened, in words: the last events, the newest first.

use sim::frame::{Frame, Scale, TraceEvent};
use sim::relation::Clue;
use sim::{Compared, NodeId, t, time_us};
use yew::prelude::*;

use crate::command::{Commands, Course, Read};
use crate::lanes::chronicle::Chronicle;
use crate::lanes::cone;
use crate::words::say;

const SHOWN: usize = 30;

/// The events tab.
pub fn draw(
    frame: &Frame,
    chronicle: &Chronicle,
    (selected, other): (Option<u64>, Option<u64>),
    compared: Option<&Compared>,
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
            if let Some(compared) = compared {
                { draw_compared(compared, commands) }
            } else if let (Some(number), true) = (selected, other.is_some()) {
                <p class="hint" role="status">{ say(t!("Compare event {number} with: choose another event, here by ⇄ or in the lanes.", number = number)) }</p>
            }
            <ol class="rows events" reversed=true>
                { for shown.map(|event| draw_row(frame, event, [selected, other], commands)) }
            </ol>
        </>
    }
}

/// How two events stand to each other, and what each clock tells of it.
fn draw_compared(compared: &Compared, commands: &Commands) -> Html {
    let clue = |clue: &Clue| html! { <><dt>{ say(&clue.clock) }</dt><dd>{ say(&clue.tells) }</dd></> };
    let relation = compared.relation.map(|relation| relation.to_string());
    html! {
        <section class="compared" data-testid="compared" data-relation={relation} aria-labelledby="compared-title">
            <h2 class="eyebrow" id="compared-title">{ say(t!("Two events")) }</h2>
            <p>{ say(&compared.verdict) }</p>
            <dl>{ for compared.clues.iter().map(clue) }</dl>
            <button class="button" data-testid="compared-close" onclick={commands.reform(|_: MouseEvent| Read::SelectEvent(None).into())}>
                { say(t!("Close the comparison")) }
            </button>
        </section>
    }
}

fn draw_row(frame: &Frame, event: &TraceEvent, chosen: [Option<u64>; 2], commands: &Commands) -> Html {
    let number = event.number;
    let selected = chosen.contains(&Some(number));
    let compared = selected && chosen[1].is_some();
    let onclick = commands.reform(move |_: MouseEvent| Course::Seek(number).into());
    let compare = commands.reform(move |_: MouseEvent| Read::CompareEvent((!compared).then_some(number)).into());
    let title = say(t!("Compare event {number} with another one", number = number));
    let now = number == frame.event;
    html! {
        <li key={number.to_string()} class={classes!((number > frame.event).then_some("future"), selected.then_some("selected"))}>
            <button aria-current={now.then_some("step")} {onclick}>
                <span class="mono number">{ number }</span>
                <span>
                    { say(&event.caption.headline) }{ " " }
                    <small class="mono">
                        { for event.stamp.iter().map(say) }
                        if frame.scale == Scale::Time {
                            if event.stamp.is_some() { { " · " } }
                            { say(t!("{time}", time = time_us(event.at_us))) }
                        }
                    </small>
                </span>
            </button>
            if event.node.is_some() {
                <button class="compare" data-testid={format!("compare-{number}")} aria-label={title.clone()} {title} aria-pressed={compared.to_string()}
                    onclick={compare}><span aria-hidden="true">{ "⇄" }</span></button>
            }
        </li>
    }
}
