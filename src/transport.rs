//! The transport: step, play, scrub, speed, run until.

use sim::frame::{Frame, Measure, Scale};
use sim::{NodeId, Text, Until, t};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, InputEvent};
use yew::prelude::*;

use crate::command::{Commands, Course, Look, Run, Topic};
use crate::dom::css;
use crate::icons::{Shape, icon};
use crate::lab_page::Stretch;
use crate::looks::Controls;
use crate::math;
use crate::menu::{Entry, MenuButton};
use crate::panels::{Dock, Level, Panel};
use crate::shared::Shared;
use crate::speed::{self, Pace};
use crate::words::{moment, name, say};

/// What the transport shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    pub frame: Shared<Frame>,
    pub playing: bool,
    pub pace: Pace,
    /// The part of the run that is shown.
    pub stretch: Stretch,
    /// The lab's own pace: virtual microseconds in a real second at speed 1.
    pub pace_us: u64,
    pub node: Option<NodeId>,
    /// What it is called when a node takes the lead, where one does.
    pub new_leader: Option<Text>,
    /// What stands below, where there is something to choose.
    pub dock: Option<Dock>,
    /// What lies on the scrubber.
    pub marks: Html,
    pub commands: Commands,
}

/// The row of controls that moves through a run.
/// `goals` is the menu of what the run can go on to.
pub fn draw(props: &Transport, goals: Html) -> Html {
    let frame = &props.frame;
    html! {
        <div class="transport">
            { draw_buttons(props, Some((t!("To the start (Home)"), Some(t!("To the last event so far (End)"))))) }
            { draw_scrubber(props) }
            { draw_counter(frame) }
            { for props.dock.map(|dock| draw_dock(dock, &props.commands)) }
            { draw_speed(props) }
            { goals }
        </div>
    }
}

/// The row of *Learn*: the ways through a run with what stands between them and the end of the row.
pub fn draw_row(props: &Transport, between: Html, goals: Html, end: Html) -> Html {
    html! {
        <div class="transport">
            { draw_buttons(props, Some((t!("To the start (Home)"), None))) }
            { between }
            { draw_speed(props) }
            { goals }
            { end }
        </div>
    }
}

/// Below that row: the scrubber over the lanes, with the moment at its side.
pub fn draw_strip(props: &Transport, at_us: u64, is_low: bool, lanes: Html) -> Html {
    let frame = &props.frame;
    let title = if is_low { t!("Open the lanes") } else { t!("Lower the lanes") };
    let onclick = props.commands.reform(|_: MouseEvent| Look::Fold(Panel::Lanes).into());
    html! {
        <div class={classes!("strip", is_low.then_some("low"))}>
            { draw_scrubber(props) }
            <div class="strip-side">
                <b class="mono" data-testid="moment">{ say(moment(frame.scale, at_us)) }</b>
                { draw_counter(frame) }
                <button class="button" data-testid="strip-lanes" aria-expanded={(!is_low).to_string()} aria-label={say(&title)} title={say(title)} {onclick}>
                    { say(props.dock.unwrap_or(Dock::Lanes).title()) }<span class="down" aria-hidden="true">{ if is_low { "▴" } else { "▾" } }</span>
                </button>
            </div>
            { lanes }
        </div>
    }
}

/// All that *All* has in its rows and *Learn* has not.
fn draw_more(props: &Transport) -> Html {
    let commands = &props.commands;
    let further = |goal: Entry| Entry {
        label: say(t!("Run until {goal}", goal = Text::verbatim(goal.label.to_string()))),
        ..goal
    };
    let dock = |dock: Dock| Entry {
        current: props.dock == Some(dock),
        ..Entry::new(format!("dock-{}", dock.name()), say(dock.title()), Look::ShowDock(dock))
    };
    let mut entries = vec![
        Entry::new("to-end", say(t!("To the last event so far")), Course::End).key("End"),
        Entry::new("bookmark", say(t!("Mark this moment, or unmark it")), Run::ToggleBookmark).key("B"),
        Entry::new("fold-inspector", say(Panel::Inspector.title()), Look::Fold(Panel::Inspector)),
        Entry::new("fold-side", say(Panel::Side.title()), Look::Fold(Panel::Side)),
    ];
    entries.extend(props.dock.into_iter().flat_map(|_| Dock::ALL.map(dock)));
    entries.extend(goals(props).into_iter().map(further));
    html! {
        <MenuButton class={classes!("upwards")} id="tools" label={say(t!("More"))} {entries} commands={commands.clone()}>
            { "⋯" }
        </MenuButton>
    }
}

fn draw_counter(frame: &Frame) -> Html {
    html! {
        <span class="event-counter mono" data-testid="event-counter">
            { say(t!("event {event} of {length}", event = frame.event, length = frame.length)) }
        </span>
    }
}

/// What of it a figure in another page has, which leaves the keys of the ends to that page.
pub fn draw_compact(props: &Transport, controls: Controls) -> Html {
    let ends = || (t!("To the start"), Some(t!("To the last event so far")));
    match controls {
        Controls::None => Html::default(),
        Controls::Step => draw_buttons(props, None),
        Controls::All => html! { <>{ draw_buttons(props, Some(ends())) }{ draw_scrubber(props) }</> },
    }
}

/// Back, play and next, between the ways to the ends with these titles.
fn draw_buttons(props: &Transport, ends: Option<(Text, Option<Text>)>) -> Html {
    let button = |id: &'static str,
                  shape: Shape,
                  title: Text,
                  wish: fn(bool) -> Course,
                  class: Option<&'static str>| {
        let title = say(title);
        html! {
            <button class={classes!("button", "icon", class)} data-testid={id} aria-label={title.clone()} {title}
                onclick={props.commands.reform(move |event: MouseEvent| wish(event.shift_key()).into())}>{ icon(shape) }</button>
        }
    };
    let (play_shape, play_title) = match props.playing {
        true => (Shape::Pause, t!("Pause (Space)")),
        false if props.stretch.is_over(props.frame.event) => (Shape::ToStart, t!("Again (Space)")),
        false => (Shape::Play, t!("Play (Space)")),
    };
    let (to_start, to_end) = ends.unzip();
    html! {
        <div class="transport-buttons" role="group" aria-label={say(t!("Time"))}>
            { for to_start.map(|title| button("to-start", Shape::ToStart, title, |_| Course::Seek(0), None)) }
            { button("step-back", Shape::Back, t!("Back one event (P); with Shift, to the telling moment before"), |shift| step(shift, false), None) }
            { button("play", play_shape, play_title, |_| Course::Play, Some("primary")) }
            { button("step", Shape::Next, t!("Next event (N); with Shift, the next telling moment"), |shift| step(shift, true), None) }
            { for to_end.flatten().map(|title| button("to-end", Shape::ToEnd, title, |_| Course::End, None)) }
        </div>
    }
}

/// One event on or back, or one telling moment.
fn step(telling: bool, forward: bool) -> Course {
    if telling { Course::StepTelling { forward } } else { Course::Step { forward } }
}

fn draw_scrubber(props: &Transport) -> Html {
    let frame = &props.frame;
    let oninput = props.commands.reform(|event: InputEvent| {
        Course::Seek(event.target_unchecked_into::<HtmlInputElement>().value_as_number() as u64).into()
    });
    let (from, to) = (props.stretch.from, props.stretch.end(frame.length));
    let part = if to > from { 100.0 * frame.event.saturating_sub(from) as f64 / (to - from) as f64 } else { 0.0 };
    let spoken = t!(
        "event {event} of {length}: {caption}",
        event = frame.event,
        length = to,
        caption = frame.caption.headline.clone()
    );
    html! {
        <div class="scrubbing">
            <input class="scrubber" type="range" data-testid="scrubber" min={from.to_string()} max={to.to_string()} step="1"
                value={frame.event.to_string()} ~style={css(format!("--part:{}%", math::digits(part, 2)))} aria-label={say(t!("Moment"))}
                aria-valuetext={say(spoken)} {oninput} />
            { props.marks.clone() }
        </div>
    }
}

fn draw_speed(props: &Transport) -> Html {
    let onchange = props.commands.reform(|event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        Course::SetPace(Pace::named(&value)).into()
    });
    let option = |pace: Pace| {
        html! { <option value={pace.name()} selected={pace == props.pace}>{ say(pace.title(props.pace_us, props.frame.scale)) }</option> }
    };
    let title = say(match props.frame.scale {
        Scale::Time => t!("Pace: each telling moment as long as it takes to read, or so much virtual time in a second"),
        Scale::Order { .. } => {
            t!("Pace: each telling moment as long as it takes to read, or at 1× an event in a second")
        }
    });
    html! {
        <select class="button speed" data-testid="speed" aria-label={title.clone()} {title} {onchange}>
            { option(Pace::Story) }
            { for speed::RANGE.rev().map(Pace::Real).map(option) }
        </select>
    }
}

/// Lanes or charts.
fn draw_dock(current: Dock, commands: &Commands) -> Html {
    let choice = |dock: Dock| {
        html! {
            <button class="button" data-testid={format!("dock-{}", dock.name())} aria-pressed={(dock == current).to_string()}
                onclick={commands.reform(move |_: MouseEvent| Look::ShowDock(dock).into())}>{ say(dock.title()) }</button>
        }
    };
    html! { <div class="dock-choice" role="group" aria-label={say(t!("Below"))}>{ for Dock::ALL.map(choice) }</div> }
}

/// What the run can go on to. A log has neither checks nor times.
pub fn goals(props: &Transport) -> Vec<Entry> {
    let entry = |id: &'static str, text: Text, until: Until| Entry::new(id, say(text), Course::RunUntil(until));
    let has_time = props.frame.scale == Scale::Time;
    let telling = entry("until-telling", t!("the next telling moment"), Until::Telling);
    let check = has_time.then(|| entry("until-check", t!("a check changes"), Until::Check));
    let leader = props.new_leader.clone().map(|text| entry("until-leader", text, Until::Leader));
    let node = props.node.map(|node| {
        let text = t!("{node} acts", node = name(&props.frame, node));
        entry("until-node", text, Until::Node(node))
    });
    let measure = |measure: &Measure| {
        let title = match measure.node {
            Some(node) => t!("{measure} of {node}", measure = measure.title.clone(), node = name(&props.frame, node)),
            None => measure.title.clone(),
        };
        let id = measure
            .node
            .map_or_else(|| format!("until-{}", measure.name), |node| format!("until-{}-{}", measure.name, node.0));
        let until = Until::Measure { name: measure.name, node: measure.node };
        Entry::new(id, say(t!("“{title}” changes", title = title)), Course::RunUntil(until))
    };
    // Those of single nodes where one is selected, which is where they are read.
    let concerns = |measure: &&Measure| measure.node.is_none_or(|node| Some(node) == props.node);
    let measures = props.frame.measures.iter().filter(concerns).map(measure);
    let moment = Entry::new("until-moment", say(t!("a time…")), Look::ShowDialog(Some(Topic::Moment)));
    [Some(telling), check, leader, node]
        .into_iter()
        .flatten()
        .chain(measures)
        .chain(has_time.then_some(moment))
        .collect()
}

/// The menu of that; on *Learn* with all else that is not at hand there.
pub fn draw_goals(props: &Transport, level: Level) -> Html {
    let entries = goals(props);
    match level {
        Level::Learn => draw_more(props),
        Level::All if entries.is_empty() => Html::default(),
        Level::All => html! {
            <MenuButton class={classes!("upwards")} id="run-until" label={say(t!("Run until…"))} {entries} commands={props.commands.clone()}>
                { say(t!("Run until…")) }
            </MenuButton>
        },
    }
}
