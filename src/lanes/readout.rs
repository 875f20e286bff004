//! What the lanes show, in words: the stretch, or the selected event and how the others stand to it.

use sim::frame::{Cut, Frame, Scale, TraceEvent};
use sim::relation::Clue;
use sim::{Compared, Text, t, time_us};
use yew::prelude::*;

use super::chronicle::Chronicle;
use super::cone::{Cone, Counts};
use super::overlay::round_moment;
use super::stretch::Stretch;
use crate::command::{Commands, Course, Read};
use crate::counts;
use crate::icons::{Shape, icon};
use crate::words::say;

/// The line below the lanes. What it says of the selected event is read out, the stretch is not.
pub fn draw(
    (event, other): (Option<u64>, Option<u64>),
    stretch: Html,
    (chronicle, frame): (&Chronicle, &Frame),
    cone: Option<&Cone>,
    compared: Option<&Compared>,
    commands: &Commands,
) -> Html {
    let known = event.and_then(|number| chronicle.event(number));
    let counts = cone.map(|cone| &cone.counts);
    html! {
        <div class="lanes-readout" data-testid="lanes-readout">
            <p aria-live="polite">
                if let Some(compared) = compared {
                    <strong>{ say(&compared.verdict) }</strong>
                    { for compared.clues.iter().map(draw_clue) }
                } else if let (Some(number), true) = (event, other.is_some()) {
                    <strong>{ say(t!("Compare event {number} with: choose another event.", number = number)) }</strong>
                } else if let Some(number) = event {
                    <strong>{ say(sentence(number, known, frame.scale)) }</strong>
                    { for cuts_at(frame, number).map(|cut| html! { <span>{ say(cut_words(cut)) }</span> }) }
                    { for counts.map(|counts| draw_counts(known, counts)) }
                }
            </p>
            if let Some(number) = event { { draw_buttons(number, other, commands) } } else { { stretch } }
        </div>
    }
}

/// The cuts that pass right after an event.
pub fn cuts_at(frame: &Frame, event: u64) -> impl Iterator<Item = &Cut> {
    frame.cuts.iter().filter(move |cut| cut.points.iter().any(|point| point.event == event))
}

/// What a cut is, in words.
pub fn cut_words(cut: &Cut) -> Text {
    match &cut.wrong {
        None => t!("{name}: a consistent cut", name = cut.name.clone()),
        Some(wrong) => t!("{name}: no consistent cut. {wrong}", name = cut.name.clone(), wrong = wrong.clone()),
    }
}

/// The stretch in view, how much happens in it, and how many nodes have no lane.
pub fn draw_stretch(stretch: Stretch, scale: Scale, chronicle: &Chronicle, count: u64, others: usize) -> Html {
    let (from, to) = (round_moment(scale, stretch.start_us as u64), round_moment(scale, stretch.end_us() as u64));
    let text = match (chronicle.is_complete(), chronicle.is_near()) {
        (true, true) => t!("{from} to {to}: {events} in view", from = from, to = to, events = counts::events(count)),
        (true, false) => t!(
            "{from} to {to}: about {events} in view, too many to tell apart. Bars show how many; zoom in to see each.",
            from = from,
            to = to,
            events = counts::events(count)
        ),
        (false, _) => t!("{from} to {to}: reading the run…", from = from, to = to),
    };
    let text = match others {
        0 => text,
        _ => t!("{stretch} · and {count} others, which do less here", stretch = text, count = others),
    };
    html! { <p>{ say(text) }</p> }
}

/// What a clock tells of the two events, for windows that have no room for it beside the lanes.
fn draw_clue(clue: &Clue) -> Html {
    html! { <span class="clue">{ say(t!("{clock}: {tells}", clock = clue.clock.clone(), tells = clue.tells.clone())) }</span> }
}

fn draw_buttons(number: u64, other: Option<u64>, commands: &Commands) -> Html {
    let next = if other.is_some() { None } else { Some(number) };
    let compare = commands.reform(move |_: MouseEvent| Read::CompareEvent(next).into());
    let go = commands.reform(move |_: MouseEvent| Course::Seek(number).into());
    let leave = commands.reform(|_: MouseEvent| Read::SelectEvent(None).into());
    let close = say(t!("Select no event"));
    html! {
        <>
            <button class="button tiny" data-testid="lanes-compare" aria-pressed={other.is_some().to_string()} onclick={compare}>
                { say(t!("Compare with…")) }
            </button>
            <button class="button tiny" data-testid="lanes-go" onclick={go}>{ say(t!("Go to this event")) }</button>
            <button class="button icon tiny" data-testid="lanes-leave" aria-label={close.clone()} title={close} onclick={leave}>
                { icon(Shape::Close) }
            </button>
        </>
    }
}

fn sentence(number: u64, event: Option<&TraceEvent>, scale: Scale) -> Text {
    match (event, scale) {
        (Some(event), Scale::Time) => t!(
            "Event {number}, {time}: {caption}.",
            number = number,
            time = time_us(event.at_us),
            caption = event.caption.headline.clone()
        ),
        (Some(event), Scale::Order { .. }) => {
            t!("Event {number}: {caption}.", number = number, caption = event.caption.headline.clone())
        }
        (None, _) => t!("Event {number}", number = number),
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
            { item("past", t!("could have caused it: {count}", count = counts.past)) }
            { item("future", t!("could depend on it: {count}", count = counts.future)) }
            { item("concurrent", t!("concurrent: {count}", count = counts.concurrent)) }
            if let Some((first, last)) = counts.among {
                <span>{ say(t!("(of events {first} to {last})", first = first, last = last)) }</span>
            }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_that_is_not_known_yet_has_its_number() {
        assert_eq!(sentence(37, None, Scale::Time).to_string(), "Event 37");
    }
}
