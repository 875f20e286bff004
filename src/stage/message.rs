//! A message under way: a mark by its kind, filled for a request and hollow for a reply, with its label.

use sim::frame::{Frame, Message, MessageKind, Seal};
use sim::{Text, t};
use yew::prelude::*;

use super::label;
use super::node::{lettered, mono_width};
use crate::geometry::Point;
use crate::math;
use crate::words::{name, names, number, say, shorten};

/// The class that colours a message by its kind.
pub fn kind_class(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Election => "kind-election",
        MessageKind::Replication => "kind-replication",
        MessageKind::Client => "kind-client",
        MessageKind::Other => "kind-other",
    }
}

/// The sign of a kind in text.
pub fn kind_sign(kind: MessageKind, reply: bool) -> &'static str {
    match (kind, reply) {
        (MessageKind::Election, false) => "▲",
        (MessageKind::Election, true) => "△",
        (MessageKind::Replication, false) => "■",
        (MessageKind::Replication, true) => "□",
        (MessageKind::Client, false) => "●",
        (MessageKind::Client, true) => "○",
        (MessageKind::Other, false) => "◆",
        (MessageKind::Other, true) => "◇",
    }
}

/// A message in a sentence: "RequestVote T5 from S3 to S4".
pub fn describe(frame: &Frame, message: &Message) -> Text {
    let text = t!(
        "{label} from {from} to {to}",
        label = message.label.clone(),
        from = name(frame, message.from),
        to = name(frame, message.to)
    );
    let text = with_cover(frame, message, text);
    if message.held { t!("{message}, held", message = text) } else { text }
}

/// The same text, with what shows of the message from outside: whom it claims to be of, its lock, damage.
pub fn with_cover(frame: &Frame, message: &Message, text: Text) -> Text {
    let text = match message.claims {
        Some(node) => t!("{message}, which says that it is of {node}", message = text, node = name(frame, node)),
        None => text,
    };
    let text = match &message.seal {
        Some(seal) => t!("{message}, {seal}", message = text, seal = describe_seal(frame, seal)),
        None => text,
    };
    let text = if message.damaged { t!("{message}, damaged", message = text) } else { text };
    match describe_lie(frame, message) {
        Some(lie) => t!("{message}, {lie}", message = text, lie = lie),
        None => text,
    }
}

/// What there is to say of a message of a lying node: "a lie in place of “attack”, while C is told something else".
pub fn describe_lie(frame: &Frame, message: &Message) -> Option<Text> {
    let lie = message.honest.as_ref().map(|honest| t!("a lie in place of “{message}”", message = honest.clone()));
    let others = (!message.contradicts.is_empty())
        .then(|| t!("others are told something else: {nodes}", nodes = names(frame, &message.contradicts)));
    match (lie, others) {
        (Some(lie), Some(others)) => Some(t!("{lie}; {others}", lie = lie, others = others)),
        (lie, others) => lie.or(others),
    }
}

/// A lock in words: "sealed with a1 (can be opened by: C1, S1)".
pub fn describe_seal(frame: &Frame, seal: &Seal) -> Text {
    let names = seal.openers.iter().map(|node| t!("{node}", node = name(frame, *node)));
    let names = names.reduce(|first, next| t!("{first}, {next}", first = first, next = next));
    match names {
        Some(nodes) => t!("sealed with {key} (can be opened by: {nodes})", key = seal.key.clone(), nodes = nodes),
        None => t!("sealed with {key}", key = seal.key.clone()),
    }
}

/// Draws the mark of a message around the origin, so much larger than usual.
pub fn draw_mark(message: &Message, from: Point, to: Point, scale: f64) -> Html {
    let along = to.minus(from).unit();
    let angle = math::atan2(along.y, along.x).to_degrees();
    let trail = along.times(-44.0);
    html! {
        <g class={classes!("message-drawing", kind_class(message.kind), message.reply.then_some("reply"), message.damaged.then_some("damaged"), message.honest.is_some().then_some("lie"))}
            transform={format!("scale({})", number(scale))}>
            <line class="trail" x2={number(trail.x)} y2={number(trail.y)} />
            <path class="mark" d={mark(message.kind)} transform={format!("rotate({})", number(angle))} />
            if message.claims.is_some() {
                <circle class="claim-ring" r="10" />
            }
            if message.honest.is_some() {
                <g transform="scale(.8)">{ draw_mask() }</g>
            } else if message.damaged {
                <path class="damage-sign" d="M-2-8L2-2L-2 1L2 8" />
            } else if let Some(seal) = &message.seal {
                <circle class="lock-disc" r="6.8" />
                <path class="lock-bow" d={if seal.is_open { "M-2-.6V-3A2 2 0 0 1 1.6-4.2" } else { "M-2-.6V-2.4A2 2 0 0 1 2-2.4V-.6" }} />
                <path class="lock-body" d="M-3.4-.8H3.4V4.2H-3.4Z" />
            }
            if message.held {
                <circle class="held-disc" cx="0" cy="0" r="9" />
                <path class="held-sign" d="M-2.5-4v8M2.5-4v8" />
            }
        </g>
    }
}

/// A mask: the sign of who lies, and of what is one.
pub fn draw_mask() -> Html {
    html! {
        <>
            <path class="mask" d="M-9-5Q0-2 9-5Q10 5 4 6Q1.5 6 0 3Q-1.5 6-4 6Q-10 5-9-5Z" />
            <path class="mask-eyes" d="M-6-.5Q-4-2-2 .8Q-4 2-6-.5ZM6-.5Q4-2 2 .8Q4 2 6-.5Z" />
        </>
    }
}

/// The corners of a mark that moves to the right; none for a disc.
pub fn corners(kind: MessageKind) -> &'static [(f64, f64)] {
    match kind {
        MessageKind::Election => &[(9.0, 0.0), (-7.0, 8.0), (-7.0, -8.0)],
        MessageKind::Replication => &[(-7.5, -7.5), (7.5, -7.5), (7.5, 7.5), (-7.5, 7.5)],
        MessageKind::Client => &[],
        MessageKind::Other => &[(9.0, 0.0), (0.0, 9.0), (-9.0, 0.0), (0.0, -9.0)],
    }
}

fn mark(kind: MessageKind) -> String {
    let corners: Vec<String> = corners(kind).iter().map(|(x, y)| format!("{} {}", number(*x), number(*y))).collect();
    match corners.is_empty() {
        true => "M-8 0A8 8 0 1 0 8 0A8 8 0 1 0 -8 0".to_string(),
        false => format!("M{}Z", corners.join("L")),
    }
}

/// Where messages of one direction of a link rest when nothing may travel: nearer to their end, so that two that meet do
/// not overlap, and the second behind the first.
pub fn resting_place(place: usize) -> f64 {
    [0.6, 0.42, 0.78, 0.24][place % 4]
}

/// How much of its way a message has behind it at a moment, from 0 to 1.
pub fn progress(message: &Message, at_us: u64) -> f64 {
    let whole = message.arrives_at_us.saturating_sub(message.leaves_at_us).max(1) as f64;
    ((at_us as f64 - message.leaves_at_us as f64) / whole).clamp(0.0, 1.0)
}

/// The width of a message's label.
pub fn label_width(message: &Message) -> f64 {
    mono_width(&shortened(message)) + 10.0
}

/// Draws its label around a place, so much larger than usual.
pub fn draw_label(message: &Message, center: Point, scale: f64) -> Html {
    let width = label_width(message);
    html! {
        <g transform={lettered((center.x, center.y), scale)}>
            <rect x={number(-width / 2.0)} y={number(-label::HEIGHT / 2.0)} width={number(width)} height="19" rx="5" />
            <text class="mono" y="4">{ shortened(message) }</text>
        </g>
    }
}

/// Its label, cut where it is too long.
pub fn shortened(message: &Message) -> AttrValue {
    AttrValue::from(shorten(&say(message.said()), 22))
}

/// Draws where a message was lost.
pub fn draw_lost(message: &Message, at_us: u64, (begin, end): (Point, Point)) -> Html {
    let place = begin.plus(end.minus(begin).times(progress(message, at_us).clamp(0.3, 0.9)));
    let class = classes!("lost", kind_class(message.kind));
    html! {
        <g {class}>
            <line class="trail" x1={number(begin.x)} y1={number(begin.y)} x2={number(place.x)} y2={number(place.y)} />
            <path class="lost-cross" transform={format!("translate({} {})", number(place.x), number(place.y))}
                d="M-6-6l12 12M6-6l-12 12" />
            <title>{ say(t!("{label}: lost", label = message.label.clone())) }</title>
        </g>
    }
}
