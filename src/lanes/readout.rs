//! What the lanes show, in words: the stretch, or the selected event and how the others stand to it.

use sim::frame::TraceEvent;
use sim::{Text, t, time_us};
use yew::prelude::*;

use super::chronicle::Chronicle;
use super::cone::{Cone, Counts};
use super::overlay::moment;
use super::stretch::Stretch;
use crate::command::{Command, Commands};
use crate::icons::{Icon, Shape};
use crate::words::say;

/// The stretch in view, and how much happens in it.
pub fn draw_stretch(stretch: Stretch, chronicle: &Chronicle, count: u64) -> Html {
    let (from, to) = (stretch.start_us as u64, stretch.end_us() as u64);
    let (from, to) = (moment(from), moment(to));
    let text = match (chronicle.is_complete(), chronicle.is_near()) {
        (true, true) => t!("{from} to {to}: {count} events in view", from = from, to = to, count = count),
        (true, false) => t!(
            "{from} to {to}: about {count} events in view, too many to tell apart. Bars show how many; zoom in to see each.",
            from = from,
            to = to,
            count = count
        ),
        (false, _) => t!("{from} to {to}: reading the run…", from = from, to = to),
    };
    html! { <p class="lanes-readout" data-testid="lanes-readout">{ say(text) }</p> }
}

/// The selected event.
pub fn draw_event(number: u64, event: Option<&TraceEvent>, cone: Option<&Cone>, commands: &Commands) -> Html {
    let go = commands.reform(move |_: MouseEvent| Command::Seek(number));
    let leave = commands.reform(|_: MouseEvent| Command::SelectEvent(None));
    let close = say(t!("Select no event"));
    html! {
        <div class="lanes-readout" data-testid="lanes-readout">
            <p aria-live="polite">
                <strong>{ say(sentence(number, event)) }</strong>
                if let Some(cone) = cone {
                    { draw_counts(event, &cone.counts) }
                }
            </p>
            <button class="button tiny" data-testid="lanes-go" onclick={go}>{ say(t!("Go to this event")) }</button>
            <button class="button icon tiny" data-testid="lanes-leave" aria-label={close.clone()} title={close} onclick={leave}>
                <Icon shape={Shape::Close} />
            </button>
        </div>
    }
}

fn sentence(number: u64, event: Option<&TraceEvent>) -> Text {
    match event {
        Some(event) => t!(
            "Event {number}, {time}: {caption}.",
            number = number,
            time = time_us(event.at_us),
            caption = event.caption.headline.clone()
        ),
        None => t!("Event {number}", number = number),
    }
}

fn draw_counts(event: Option<&TraceEvent>, counts: &Counts) -> Html {
    if event.is_some_and(|event| event.node.is_none()) {
        return html! { <span>{ say(t!("It happened to the network, so no event is before or after it by cause.")) }</span> };
    }
    let item = |class: &'static str, text: Text| {
        html! { <span class={classes!("relation", class)}><i aria-hidden="true"></i>{ say(text) }</span> }
    };
    html! {
        <>
            { item("past", t!("before it, could have caused it: {count}", count = counts.past)) }
            { item("future", t!("after it, could depend on it: {count}", count = counts.future)) }
            { item("concurrent", t!("concurrent with it: {count}", count = counts.concurrent)) }
            if let Some((first, last)) = counts.among {
                <span>{ say(t!("(counted among events {first} to {last})", first = first, last = last)) }</span>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_not_known_yet_has_its_number() {
        assert_eq!(sentence(37, None).to_string(), "Event 37");
    }
}
