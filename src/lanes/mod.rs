//! Space-time lanes: one lane a node, time to the right, messages as slanted lines.

use std::collections::BTreeMap;

use sim::frame::{EventKind, Frame, Message, MessageKind, Status, Tone, TraceEvent};
use sim::{MessageId, NodeId, t, time_us};
use web_sys::Element;
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::dom::SizeObserver;
use crate::icons::{Icon, Shape};
use crate::motion::{Motion, Part};
use crate::shared::Shared;
use crate::stage::message::kind_class;
use crate::stage::node::tone_class;
use crate::words::{number, say};

const START_X: f64 = 64.0;
const END_GAP: f64 = 16.0;
const TOP: f64 = 16.0;
const AXIS_HEIGHT: f64 = 20.0;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct LanesProps {
    pub frame: Shared<Frame>,
    /// What happened around the moment that is shown, without gaps.
    pub trace: Shared<Vec<TraceEvent>>,
    #[prop_or_default]
    pub node: Option<NodeId>,
    pub motion: Motion,
    pub commands: Commands,
}

/// The stretch of time that the lanes show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub start_us: f64,
    pub span_us: f64,
}

impl Stretch {
    /// A stretch with some sixty events up to this moment.
    pub fn around(at_us: u64, trace: &[TraceEvent]) -> Stretch {
        let before = trace.iter().rev().filter(|event| event.at_us <= at_us).nth(60).or(trace.first());
        let past = before.map_or(0, |event| at_us.saturating_sub(event.at_us)) as f64;
        let span_us = round_up((past * 1.3).max(250_000.0));
        Stretch { start_us: 0.0, span_us }.following(at_us)
    }

    /// The same stretch while the moment is well inside it, and otherwise one that has the moment in its last third.
    pub fn following(self, at_us: u64) -> Stretch {
        let at = at_us as f64;
        let place = (at - self.start_us) / self.span_us;
        if (0.02..=0.9).contains(&place) || (self.start_us == 0.0 && place < 0.02) {
            return self;
        }
        Stretch { start_us: (at - 0.7 * self.span_us).max(0.0), ..self }
    }

    /// A longer or shorter stretch around a moment, which keeps its place.
    pub fn zoomed(self, factor: f64, at_us: u64) -> Stretch {
        let span_us = round_up((self.span_us * factor).clamp(1_000.0, 3_600_000_000.0));
        let place = ((at_us as f64 - self.start_us) / self.span_us).clamp(0.0, 1.0);
        Stretch { start_us: (at_us as f64 - place * span_us).max(0.0), span_us }
    }

    /// Round moments inside it, at most so many.
    pub fn ticks(self, most: f64) -> Vec<u64> {
        let step = round_up(self.span_us / most);
        let first = (self.start_us / step).ceil() as u64;
        (first..).map(|tick| tick * step as u64).take_while(|at| (*at as f64) < self.start_us + self.span_us).collect()
    }
}

/// The next number of the row 1, 2, 5, 10, 20, 50 …
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|round| *round >= value * 0.999).unwrap_or(value)
}

/// The way of one message through the lanes.
#[derive(Clone, Debug, PartialEq)]
struct Flight {
    from: NodeId,
    to: NodeId,
    kind: MessageKind,
    sent_us: u64,
    arrives_us: u64,
    lost_us: Option<u64>,
}

/// All messages that a stretch of trace speaks of.
fn flights(trace: &[TraceEvent]) -> BTreeMap<MessageId, Flight> {
    let mut flights = BTreeMap::new();
    let flight = |message: &Message| Flight {
        from: message.from,
        to: message.to,
        kind: message.kind,
        sent_us: message.sent_at_us,
        arrives_us: message.arrives_at_us,
        lost_us: None,
    };
    for event in trace {
        for message in &event.sent {
            flights.insert(message.id, flight(message));
        }
        for message in &event.lost {
            flights.entry(message.id).or_insert_with(|| flight(message)).lost_us = Some(event.at_us);
        }
        if let Some(message) = &event.received {
            flights.entry(message.id).or_insert_with(|| flight(message)).arrives_us = event.at_us;
        }
    }
    flights
}

/// How long a node was something that the lanes show as a band.
#[derive(Clone, Debug, PartialEq)]
struct Band {
    node: NodeId,
    from_us: u64,
    to_us: Option<u64>,
    tone: Tone,
    status: Status,
}

/// The bands of all nodes; the last of each has no end. Before its first event here a node was as after it, unless the
/// run itself begins here; a node without any event is as the frame shows it.
fn bands(frame: &Frame, trace: &[TraceEvent]) -> Vec<Band> {
    let from_start = trace.first().is_some_and(|event| event.number == 1);
    let mut open: BTreeMap<NodeId, Band> = BTreeMap::new();
    let mut bands = Vec::new();
    for event in trace {
        let Some(node) = event.node else { continue };
        let begins = |from_us| Band { node, from_us, to_us: None, tone: event.tone, status: event.status };
        match open.get_mut(&node) {
            None => {
                open.insert(node, begins(if from_start { event.at_us } else { 0 }));
            }
            Some(band) if band.tone != event.tone || band.status != event.status => {
                let ended = std::mem::replace(band, begins(event.at_us));
                bands.push(Band { to_us: Some(event.at_us), ..ended });
            }
            Some(_) => {}
        }
    }
    for node in &frame.nodes {
        let still = Band { node: node.id, from_us: 0, to_us: None, tone: node.tone, status: node.status };
        bands.push(open.remove(&node.id).unwrap_or(still));
    }
    bands.retain(|band| band.status != Status::Up || band.tone != Tone::Plain);
    bands
}

/// The lanes under the transport.
#[derive(Debug)]
pub struct Lanes {
    container: NodeRef,
    width: f64,
    height: f64,
    stretch: Stretch,
    observer: Option<SizeObserver>,
}

#[derive(Debug)]
pub enum LanesMessage {
    Resized,
    Zoom(f64),
}

impl Component for Lanes {
    type Message = LanesMessage;
    type Properties = LanesProps;

    fn create(context: &Context<Self>) -> Lanes {
        let props = context.props();
        let stretch = Stretch::around(props.frame.at_us, &props.trace);
        Lanes { container: NodeRef::default(), width: 1408.0, height: 150.0, stretch, observer: None }
    }

    fn changed(&mut self, context: &Context<Self>, old: &LanesProps) -> bool {
        let LanesProps { frame, trace, .. } = context.props();
        // Another seed is another run: it gets a stretch of its own.
        self.stretch = if frame.seed == old.frame.seed {
            self.stretch.following(frame.at_us)
        } else {
            Stretch::around(frame.at_us, trace)
        };
        true
    }

    fn update(&mut self, context: &Context<Self>, message: LanesMessage) -> bool {
        match message {
            LanesMessage::Zoom(factor) => self.stretch = self.stretch.zoomed(factor, context.props().frame.at_us),
            LanesMessage::Resized => {
                let Some(container) = self.container.cast::<Element>() else { return false };
                let (width, height) = (f64::from(container.client_width()), f64::from(container.client_height()));
                if width < 1.0 || height < 1.0 || (width, height) == (self.width, self.height) {
                    return false;
                }
                (self.width, self.height) = (width, height);
            }
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        let plan = Plan::new(self, context.props());
        let zoom = |factor: f64| context.link().callback(move |_: MouseEvent| LanesMessage::Zoom(factor));
        html! {
            <div class="lanes" ref={self.container.clone()}>
                <svg width={number(self.width)} height={number(self.height)} role="img" data-testid="lanes"
                    aria-label={say(t!("Messages between the nodes over time; the Events tab lists the same in words"))}>
                    { plan.draw_axis() }
                    { plan.draw_lanes() }
                    { plan.draw_bands() }
                    { plan.draw_ground() }
                    { plan.draw_flights() }
                    { plan.draw_events() }
                    { plan.draw_playhead() }
                </svg>
                <div class="lanes-zoom" role="group" aria-label={say(t!("Stretch of time"))}>
                    <button class="button icon tiny" aria-label={say(t!("Show a longer time"))} onclick={zoom(2.0)}><Icon shape={Shape::Minus} /></button>
                    <button class="button icon tiny" aria-label={say(t!("Show a shorter time"))} onclick={zoom(0.5)}><Icon shape={Shape::Plus} /></button>
                </div>
            </div>
        }
    }

    fn rendered(&mut self, context: &Context<Self>, first: bool) {
        let Some(container) = self.container.cast::<Element>() else { return };
        if first {
            self.observer = SizeObserver::new(&container, context.link().callback(|()| LanesMessage::Resized));
        }
        context.props().motion.collect(Part::Lanes, &container);
    }
}

/// One drawing of the lanes.
struct Plan<'a> {
    props: &'a LanesProps,
    stretch: Stretch,
    width: f64,
    bottom: f64,
    pitch: f64,
    scale: f64,
}

impl<'a> Plan<'a> {
    fn new(lanes: &Lanes, props: &'a LanesProps) -> Plan<'a> {
        let gaps = props.frame.nodes.len().saturating_sub(1).max(1) as f64;
        let pitch = ((lanes.height - AXIS_HEIGHT - TOP - 10.0) / gaps).min(27.0);
        Plan {
            props,
            stretch: lanes.stretch,
            width: lanes.width,
            bottom: lanes.height - AXIS_HEIGHT,
            pitch,
            scale: (lanes.width - START_X - END_GAP) / lanes.stretch.span_us,
        }
    }

    fn x(&self, at_us: u64) -> f64 {
        START_X + (at_us as f64 - self.stretch.start_us) * self.scale
    }

    fn y(&self, node: NodeId) -> f64 {
        TOP + self.pitch * node.index() as f64
    }

    fn shows(&self, from_us: u64, to_us: u64) -> bool {
        to_us as f64 >= self.stretch.start_us && from_us as f64 <= self.stretch.start_us + self.stretch.span_us
    }

    fn end_x(&self) -> f64 {
        self.width - END_GAP
    }

    fn draw_axis(&self) -> Html {
        let tick = |at: &u64| {
            // The buttons that zoom stand at the end.
            if self.x(*at) > self.end_x() - 90.0 {
                return Html::default();
            }
            let x = number(self.x(*at));
            let label = if *at == 0 { t!("0") } else { t!("{at}", at = time_us(*at)) };
            html! {
                <g key={at.to_string()} class="tick">
                    <line x1={x.clone()} x2={x.clone()} y1="4" y2={number(self.bottom)} />
                    <text {x} y={number(self.bottom + 13.0)}>{ say(label) }</text>
                </g>
            }
        };
        html! { <g>{ for self.stretch.ticks((self.width / 110.0).clamp(2.0, 12.0)).iter().map(tick) }</g> }
    }

    fn draw_lanes(&self) -> Html {
        let lane = |node: &sim::frame::Node| {
            let y = self.y(node.id);
            let id = node.id;
            let class = classes!("lane", (self.props.node == Some(id)).then_some("selected"));
            html! {
                <g key={id.0.to_string()} {class}>
                    <text x={number(START_X - 14.0)} y={number(y + 4.5)}>{ &node.label }</text>
                    <line x1={number(START_X)} x2={number(self.end_x())} y1={number(y)} y2={number(y)} />
                </g>
            }
        };
        html! { <g>{ for self.props.frame.nodes.iter().map(lane) }</g> }
    }

    fn draw_bands(&self) -> Html {
        let last = self.props.trace.last().map_or(0, |event| event.at_us).max(self.props.frame.at_us);
        let band = |band: Band| {
            let to_us = band.to_us.unwrap_or(last);
            if !self.shows(band.from_us, to_us) {
                return Html::default();
            }
            let (from, to) = (self.x(band.from_us).max(START_X), self.x(to_us).min(self.end_x()));
            let class = match band.status {
                Status::Up => tone_class(band.tone),
                Status::Crashed => "crashed",
                Status::Paused => "paused",
            };
            html! {
                <rect class={classes!("band", class)} x={number(from)} y={number(self.y(band.node) - 6.0)}
                    width={number((to - from).max(0.0))} height="12" rx="6" />
            }
        };
        html! { <g>{ for bands(&self.props.frame, &self.props.trace).into_iter().map(band) }</g> }
    }

    // Takes clicks beside the events, and leads to the last event before.
    fn draw_ground(&self) -> Html {
        let moments: Vec<(u64, u64)> = self.props.trace.iter().map(|event| (event.at_us, event.number)).collect();
        let (start_us, scale) = (self.stretch.start_us, self.scale);
        let onclick = self.props.commands.reform(move |event: MouseEvent| {
            let ground: Element = event.target_unchecked_into();
            let x = f64::from(event.client_x()) - ground.get_bounding_client_rect().left();
            let at = start_us + x / scale;
            let before = moments.iter().rev().find(|(at_us, _)| *at_us as f64 <= at);
            Command::Seek(before.or(moments.first()).map_or(0, |(_, number)| *number))
        });
        html! {
            <rect class="ground" x={number(START_X)} y="0" width={number(self.end_x() - START_X)} height={number(self.bottom)} {onclick} />
        }
    }

    fn draw_flights(&self) -> Html {
        let draw = |(id, flight): (MessageId, Flight)| {
            if !self.shows(flight.sent_us, flight.arrives_us) {
                return Html::default();
            }
            let (x1, y1) = (self.x(flight.sent_us), self.y(flight.from));
            // What was lost at once has no time of arrival; it leans a little to be seen.
            let lean = if flight.arrives_us > flight.sent_us { 0.0 } else { 18.0 };
            let (x2, y2) = (self.x(flight.arrives_us) + lean, self.y(flight.to));
            let part = match flight.lost_us {
                None => 1.0,
                Some(lost) if lost > flight.sent_us && flight.arrives_us > flight.sent_us => {
                    ((lost - flight.sent_us) as f64 / (flight.arrives_us - flight.sent_us) as f64).clamp(0.2, 0.9)
                }
                Some(_) => 0.5,
            };
            let (x, y) = (x1 + (x2 - x1) * part, y1 + (y2 - y1) * part);
            if x < START_X {
                return Html::default();
            }
            // What began before the stretch enters at its edge.
            let enter = if x1 < START_X { (START_X - x1) / (x - x1) } else { 0.0 };
            let (x1, y1) = (x1 + (x - x1) * enter, y1 + (y - y1) * enter);
            html! {
                <g key={id.to_string()} class={classes!("flight", kind_class(flight.kind))}>
                    <line x1={number(x1)} y1={number(y1)} x2={number(x)} y2={number(y)} />
                    if flight.lost_us.is_some() {
                        <path class="lost-cross" transform={format!("translate({} {})", number(x), number(y))} d="M-3.5-3.5l7 7M3.5-3.5l-7 7" />
                    }
                </g>
            }
        };
        html! { <g>{ for flights(&self.props.trace).into_iter().map(draw) }</g> }
    }

    fn draw_events(&self) -> Html {
        let draw = |event: &TraceEvent| {
            if !self.shows(event.at_us, event.at_us) {
                return Html::default();
            }
            let x = self.x(event.at_us);
            let now = event.number == self.props.frame.event;
            let kind = event.received.as_ref().or(event.sent.first()).map(|message| kind_class(message.kind));
            let class =
                classes!("event", kind, now.then_some("now"), (event.kind == EventKind::Fault).then_some("fault"));
            let number_of = event.number;
            let onclick = self.props.commands.reform(move |_: MouseEvent| Command::Seek(number_of));
            let title = say(t!("{number}: {caption}", number = event.number, caption = event.caption.headline.clone()));
            let Some(node) = event.node else {
                // A message that nobody took shows as a lost one.
                if event.kind != EventKind::Fault {
                    return Html::default();
                }
                return html! {
                    <g key={event.number.to_string()} {class} data-event={event.number.to_string()} {onclick}>
                        <title>{ title }</title>
                        <line class="network" x1={number(x)} x2={number(x)} y1="2" y2={number(self.bottom)} />
                    </g>
                };
            };
            html! {
                <g key={event.number.to_string()} {class} data-event={event.number.to_string()}
                    transform={format!("translate({} {})", number(x), number(self.y(node)))} {onclick}>
                    <title>{ title }</title>
                    <circle class="hit" r="8" />
                    if event.kind == EventKind::Fault {
                        <path class="fault-mark" d="M-5-6l10 12M5-6l-10 12" />
                    } else {
                        <circle class="dot" r={if now { "4.6" } else { "3.2" }} />
                    }
                </g>
            }
        };
        html! { <g>{ for self.props.trace.iter().map(draw) }</g> }
    }

    fn draw_playhead(&self) -> Html {
        let axis = format!("{START_X} {} {}", number(self.stretch.start_us), self.scale);
        let x = self.x(self.props.frame.at_us);
        html! {
            <g class="playhead" data-axis={axis} transform={format!("translate({} 0)", number(x))}>
                <rect class="future" width={number(self.width)} height={number(self.bottom)} />
                <line y1="0" y2={number(self.bottom)} />
                <path d="M-7 0H7L0 9Z" />
            </g>
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_stays_until_the_moment_leaves_it() {
        let stretch = Stretch { start_us: 0.0, span_us: 1000.0 };
        assert_eq!(stretch.following(0), stretch);
        assert_eq!(stretch.following(900), stretch);
        let next = stretch.following(901);
        assert_eq!(next, Stretch { start_us: 201.0, span_us: 1000.0 });
        assert_eq!(next.following(100), stretch);
    }

    #[test]
    fn zooming_keeps_the_moment_in_its_place() {
        let stretch = Stretch { start_us: 10_000.0, span_us: 10_000.0 };
        assert_eq!(stretch.zoomed(0.5, 15_000), Stretch { start_us: 12_500.0, span_us: 5_000.0 });
    }

    #[test]
    fn ticks_are_round() {
        let stretch = Stretch { start_us: 1_010_000.0, span_us: 500_000.0 };
        assert_eq!(stretch.ticks(10.0)[..3], [1_050_000, 1_100_000, 1_150_000]);
        assert_eq!([round_up(1.0), round_up(1.2), round_up(30.0), round_up(60.0)], [1.0, 2.0, 50.0, 100.0]);
    }
}
