//! What lies over the painted lanes as elements of the page: the moments, the names of the lanes, the playhead and the
//! selected event.

use sim::frame::{Frame, Scale, TraceEvent};
use sim::{NodeId, Text, t};
use yew::prelude::*;

use super::field::{AXIS_HEIGHT, Field, NAMED_PITCH};
use crate::words::{moment, number, say};

/// How far the clipped part reaches out before the start, so that half a playhead is seen there.
const BEFORE: f64 = 8.0;

/// How far the lines at the moments reach into the lanes.
const TICK: f64 = 5.0;

/// The moments below the lanes, always in view.
pub fn draw_axis(field: &Field, scale: Scale) -> Html {
    let tick = |at: &u64| {
        let x = number(field.x(*at));
        let label = round_moment(scale, *at);
        html! {
            <g key={at.to_string()} class="tick">
                <line x1={x.clone()} x2={x.clone()} y1="0" y2={number(TICK)} />
                <text {x} y={number(TICK + 12.0)}>{ say(label) }</text>
            </g>
        }
    };
    html! {
        <svg class="lanes-axis" width={number(field.width)} height={number(TICK + AXIS_HEIGHT)} aria-hidden="true">
            { for field.ticks(scale).iter().map(tick) }
        </svg>
    }
}

/// A round moment in few characters.
pub fn round_moment(scale: Scale, at_us: u64) -> Text {
    match (scale, at_us) {
        (_, 0) => t!("0"),
        (Scale::Time, _) if at_us.is_multiple_of(1_000_000) => t!("{seconds} s", seconds = at_us / 1_000_000),
        _ => moment(scale, at_us),
    }
}

/// The names of the lanes.
pub fn draw_names(frame: &Frame, field: &Field, selected: Option<NodeId>) -> Html {
    let name = |node: &sim::frame::Node| {
        let class = classes!("lane-name", (selected == Some(node.id)).then_some("selected"));
        html! {
            <text key={node.id.0.to_string()} {class} data-lane={node.label.clone()} x={number(field.start_x() - 14.0)}
                y={number(field.y(node.id) + 4.5)}>{ &node.label }</text>
        }
    };
    let nodes = field.rows.nodes().iter().filter_map(|node| frame.nodes.get(node.index()));
    html! { <g>{ for nodes.step_by(name_step(field)).map(name) }</g> }
}

/// With too many lanes for all names, every second or third one is named, and so on.
pub fn name_step(field: &Field) -> usize {
    (NAMED_PITCH / field.pitch()).ceil().max(1.0) as usize
}

/// What moves over the lanes, and is cut off at their ends.
pub fn draw_marks(frame: &Frame, field: &Field, [selected, second]: [Option<&TraceEvent>; 2]) -> Html {
    let left = field.start_x() - BEFORE;
    let width = field.end_x() - field.start_x() + 2.0 * BEFORE;
    let bottom = number(field.bottom());
    let axis = format!("{BEFORE} {} {}", field.stretch.start_us, field.scale());
    let x = field.x(frame.at_us) - left;
    html! {
        <svg x={number(left)} y="0" width={number(width)} height={bottom.clone()}>
            <g class="playhead" data-axis={axis} transform={format!("translate({} 0)", number(x))}>
                <rect class="future" x={number(BEFORE)} width={number(width.max(width - x))} height={bottom.clone()} />
                <line y1="0" y2={bottom.clone()} />
                <path d="M-7 0H7L0 9Z" />
            </g>
            { for selected.map(|event| draw_selected(field, event, left, "lanes-selected")) }
            { for second.map(|event| draw_selected(field, event, left, "lanes-second")) }
        </svg>
    }
}

fn draw_selected(field: &Field, event: &TraceEvent, left: f64, id: &'static str) -> Html {
    let x = number(field.x(event.at_us) - left);
    html! {
        <g class={classes!("lanes-selected", id)} data-testid={id} data-event={event.number.to_string()}>
            if let Some(node) = event.node {
                <circle cx={x} cy={number(field.y(node))} r="8" />
            } else {
                <line x1={x.clone()} x2={x} y1="9" y2={number(field.bottom())} />
            }
        </g>
    }
}
