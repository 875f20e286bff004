//! What the signs on a stage mean: first those of its lab, then those of all labs.

use sim::frame::{
    Direction, Gauge, Group, LegendRow, Link, Message, MessageKind, Node, Queue, Seal, Shape, Sign, Status, Stroke,
    Tally, Timer, Tone, Weight,
};
use sim::{Manner, MessageId, NodeId, Text, TimerId, t};
use yew::prelude::*;

use super::marks::mark;
use crate::geometry::{Area, Point};
use crate::inspector::tree::draw_twig;
use crate::stage::node::{Place, era_class, state_class, tone_class};
use crate::stage::{hull, link, message, node};
use crate::words::{number, say};

/// The moment of these drawings, in microseconds: of a way and of a wait that take 100, half is over.
const NOW_US: u64 = 50;
const END_US: u64 = 100;

/// What the signs of a lab mean; nothing for what is no lab.
pub(super) fn rows(lab: &str) -> Vec<LegendRow> {
    labs::registry::lab(lab).map(|lab| lab.legend()).unwrap_or_default()
}

/// Both lists.
pub(super) fn draw(lab: &str) -> Html {
    html! {
        <>
            <ul class="signs-list" data-testid="legend-of-lab">{ for rows(lab).iter().map(draw_row) }</ul>
            <h3>{ say(t!("In every lab")) }</h3>
            <ul class="signs-list">{ for common().into_iter().map(|(drawing, meaning)| draw_line(drawing, None, meaning)) }</ul>
        </>
    }
}

/// A sign beside what it means.
pub(super) fn draw_row(row: &LegendRow) -> Html {
    draw_line(draw_sign(&row.sign, row.era), name(&row.sign), row.meaning.clone())
}

/// `name` is what those hear who do not see the drawing.
fn draw_line(drawing: Html, name: Option<Text>, meaning: Text) -> Html {
    html! {
        <li>
            <span class="sign-drawing" aria-hidden="true">{ drawing }</span>
            <span>
                if let Some(name) = name {
                    <span class="unseen">{ say(t!("{name}:", name = name)) }{ " " }</span>
                }
                { for mark(&[say(meaning)]) }
            </span>
        </li>
    }
}

/// What a sign is called, where what it says does not tell.
fn name(sign: &Sign) -> Option<Text> {
    Some(match sign {
        Sign::Node(shape, _) => match shape {
            Shape::Circle => t!("circle"),
            Shape::Diamond => t!("diamond"),
            Shape::Hexagon => t!("hexagon"),
            Shape::Box => t!("box"),
            Shape::Client => t!("small square"),
            Shape::Gateway => t!("arrow-shaped box"),
            Shape::Store => t!("drum"),
            Shape::Queue => t!("pipe"),
            Shape::Outside => t!("cloud"),
            Shape::Person => t!("head and shoulders"),
        },
        Sign::Message(kind) => match kind {
            MessageKind::Election => t!("triangle"),
            MessageKind::Replication => t!("square"),
            MessageKind::Client => t!("disc"),
            MessageKind::Other => t!("small diamond"),
        },
        Sign::Seal { is_open: false } => t!("shut lock"),
        Sign::Seal { is_open: true } => t!("open lock"),
        Sign::Claim => t!("ring around a mark"),
        Sign::Badge(badge) => badge.clone(),
        Sign::Cell(_, label) => t!("cell {label}", label = label.clone()),
        Sign::Group(_) => t!("part of the network"),
        Sign::Gauge(_) => t!("bar"),
        Sign::Branch(_) => t!("row of the tree"),
        Sign::Twig(Stroke::Solid) => t!("box of the tree"),
        Sign::Twig(Stroke::Dashed) => t!("dashed box of the tree"),
        Sign::Twig(Stroke::Hatched) => t!("hatched box of the tree"),
        Sign::Queue(_) | Sign::Tally => t!("dots"),
        Sign::Cut { is_right: true } => t!("line through the lanes"),
        Sign::Cut { is_right: false } => t!("line with strokes across it"),
    })
}

fn draw_sign(sign: &Sign, era: Option<u64>) -> Html {
    match sign {
        Sign::Node(shape, tone) => draw_node(&sample(*shape, *tone)),
        Sign::Badge(badge) => {
            let colour = era.and_then(era_class);
            html! { <span class={classes!("mono", colour.map(|_| "era-badge"), colour)}>{ say(badge) }</span> }
        }
        Sign::Cell(state, label) => html! {
            <span class={classes!("entry", "mono", state_class(*state))}>
                if let Some(era) = era {
                    <b class={classes!("era", era_class(era))}>{ era }</b>
                }
                <span>{ say(label) }</span>
            </span>
        },
        Sign::Tally => {
            let tally = Tally { got: 1, needed: 3, text: Text::default() };
            frame((-26.0, -10.0, 52.0, 20.0), node::draw_tally(&tally, Point::new(0.0, 0.0), 1.0))
        }
        Sign::Cut { is_right } => draw_cut(*is_right),
        Sign::Branch(tone) => html! { <span class={classes!("tree-dot", tone_class(*tone))}></span> },
        Sign::Twig(stroke) => html! { <span class="tree">{ draw_twig(*stroke) }</span> },
        Sign::Seal { is_open } => {
            let seal = Seal { key: Text::default(), openers: Vec::new(), is_open: *is_open };
            draw_marks(&[Message { seal: Some(seal), ..sent(MessageKind::Other, false) }])
        }
        Sign::Claim => draw_marks(&[Message { claims: Some(NodeId(1)), ..sent(MessageKind::Other, false) }]),
        Sign::Message(kind) => draw_marks(&[sent(*kind, false), sent(*kind, true)]),
        Sign::Group(tone) => draw_group(*tone),
        Sign::Gauge(tone) => {
            let gauge = Gauge {
                permille: if *tone == Tone::Violation { 950 } else { 600 },
                text: Text::default(),
                tone: *tone,
            };
            draw_node(&Node { gauge: Some(gauge), ..sample(Shape::Box, Tone::Plain) })
        }
        Sign::Queue(kind) => frame(
            (44.0, -14.0, 40.0, 20.0),
            node::draw(
                &Node { queue: Some(Queue { waiting: 3, kind: *kind }), ..sample(Shape::Box, Tone::Plain) },
                &at_middle(),
                NOW_US,
                false,
            ),
        ),
    }
}

/// A line through two lanes, as the lanes paint it.
fn draw_cut(is_right: bool) -> Html {
    let class = classes!("legend-cut", (!is_right).then_some("wrong"));
    let stroke = |y: i32| html! { <path d={format!("M-4 {}L4 {}", y + 4, y - 4)} /> };
    let drawing = html! {
        <g {class}>
            <path class="lane" d="M-24 -8H24M-24 8H24" />
            <path class="cut" d="M0 -16V16" />
            if !is_right { { for [-13, 0, 13].map(stroke) } }
            <circle cy="-8" r="4" /><circle cy="8" r="4" />
        </g>
    };
    frame((-26.0, -17.0, 52.0, 34.0), drawing)
}

/// What looks the same in every lab.
fn common() -> Vec<(Html, Text)> {
    let plain = || sample(Shape::Circle, Tone::Plain);
    let status = |status| draw_node(&Node { status, ..plain() });
    let timer = Timer { id: TimerId(0), name: Text::default(), set_at_us: 0, fires_at_us: END_US };
    let ends = (Point::new(-45.0, 0.0), Point::new(45.0, 0.0));
    let line = |drawing| frame((-50.0, -16.0, 100.0, 32.0), drawing);
    vec![
        (
            draw_node(&Node { timers: vec![timer], ..plain() }),
            t!("the ring is a timer: when it is empty, the node acts by itself"),
        ),
        (status(Status::Crashed), t!("the node has crashed")),
        (status(Status::Paused), t!("the node is paused")),
        (
            draw_marks(&[sent(MessageKind::Other, false), sent(MessageKind::Other, true)]),
            t!("a filled mark asks, a hollow one answers"),
        ),
        (line(message::draw_lost(&sent(MessageKind::Other, false), NOW_US, ends)), t!("the message was lost")),
        (
            draw_marks(&[Message { held: true, ..sent(MessageKind::Other, false) }]),
            t!("the message is held until it is released"),
        ),
        (
            draw_marks(&[Message { damaged: true, ..sent(MessageKind::Other, false) }]),
            t!("the message was damaged under way"),
        ),
        (draw_node(&Node { lies: Some(Manner::Opposite), tone: Tone::Violation, ..plain() }), t!("the node lies")),
        (
            draw_marks(&[Message { honest: Some(Text::default()), ..sent(MessageKind::Other, false) }]),
            t!("a lie: an honest node would have said something else"),
        ),
        (
            html! { <span class="mono">{ "≠" }</span> },
            t!("whoever sends this tells others something else at the same time"),
        ),
        (line(link::draw(&cut(false), ends, None, false, false, 1.0)), t!("the link is cut both ways")),
        (
            line(link::draw(&cut(true), ends, None, false, false, 1.0)),
            t!("the link is cut in one direction, at the end that hears nothing"),
        ),
        (draw_group(Tone::Plain), t!("nodes that can still reach each other")),
    ]
}

/// A drawing with its corner and its size.
fn frame((x, y, width, height): (f64, f64, f64, f64), drawing: Html) -> Html {
    let view = [x, y, width, height].map(number).join(" ");
    html! { <svg class="picture" viewBox={view} aria-hidden="true">{ drawing }</svg> }
}

fn at_middle() -> Place {
    Place { at: Point::new(0.0, 0.0), log: None, tag: None, tally: None, text: 1.0, is_crowded: false }
}

fn draw_node(sample: &Node) -> Html {
    frame((-50.0, -50.0, 100.0, 100.0), node::draw(sample, &at_middle(), NOW_US, false))
}

fn draw_marks(messages: &[Message]) -> Html {
    let draw = |(place, sent): (usize, &Message)| {
        let (from, to) = (Point::new(0.0, 0.0), Point::new(1.0, 0.0));
        let x = number(32.0 * place as f64);
        html! { <g transform={format!("translate({x} 0)")}>{ message::draw_mark(sent, from, to, 1.0) }</g> }
    };
    frame((-14.0, -14.0, 60.0, 28.0), messages.iter().enumerate().map(draw).collect())
}

fn draw_group(tone: Tone) -> Html {
    let size = if tone == Tone::Violation { 2 } else { 3 };
    let group = Group { nodes: Vec::new(), tag: t!("{size} of {all}", size = size, all = 5), tone };
    let tag = hull::draw_tag(&group, Area::around(Point::new(0.0, 0.0), hull::tag_width(&group), 24.0), 1.0);
    frame((-40.0, -16.0, 80.0, 32.0), tag)
}

fn sample(shape: Shape, tone: Tone) -> Node {
    Node { shape, tone, ..Node::plain(NodeId(0), String::new()) }
}

fn sent(kind: MessageKind, reply: bool) -> Message {
    let (from, to) = (NodeId(0), NodeId(1));
    Message {
        id: MessageId { from, to, number: 0 },
        from,
        to,
        kind,
        reply,
        label: Text::default(),
        fields: Vec::new(),
        sent_at_us: 0,
        leaves_at_us: 0,
        arrives_at_us: END_US,
        held: false,
        damaged: false,
        claims: None,
        seal: None,
        honest: None,
        contradicts: Vec::new(),
        weight: Weight::Telling,
    }
}

/// A link that is cut in one direction, or in both.
fn cut(forth: bool) -> Link {
    let direction = Direction::plain;
    Link { a: NodeId(0), b: NodeId(1), forth: direction(forth), back: direction(false), is_used: true }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sign is drawn by the parts of the stage: what says nothing there has a name for those who do not see it.
    #[test]
    fn each_sign_of_each_lab_is_drawn_and_named() {
        for about in labs::registry::ABOUT {
            let rows = rows(about().id);
            assert!(rows.len() >= 3, "{}", about().id);
            for row in rows {
                let drawn = format!("{:?}", draw_row(&row));
                let is_drawn = ["svg", "mono", "tree-dot"].iter().any(|mark| drawn.contains(mark));
                assert!(is_drawn && drawn.contains("unseen"), "{row:?}");
            }
        }
        assert!(rows("no-lab").is_empty());
    }
}
