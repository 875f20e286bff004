//! A ring of hash values: who owns which part of it and where keys stand, as a drawing and as a table.

use std::f64::consts::TAU;

use sim::NodeId;
use sim::frame::{Frame, Ring, RingKey, Token};
use sim::order::sort_by_key;
use sim::t;
use yew::prelude::*;

use crate::language;
use crate::words::{name, names, number, say};

/// The drawing in its own units, which are pixels where the inspector is as wide as at first.
const SIZE: f64 = 300.0;
const MIDDLE: f64 = SIZE / 2.0;
/// The radius of the band of arcs, of the labels outside it, and of the keys within.
const BAND: f64 = 112.0;
const LABELS: f64 = 135.0;
const KEYS: f64 = 92.0;
const KEY_LABELS: f64 = 74.0;

/// One turn.
const TURN: u32 = 1_000_000;

/// Shorter arcs have no label of their own; the table names them.
const LABELLED: u32 = TURN / 40;

/// A ring with its keys, and a table of what the nodes own.
pub fn draw(frame: &Frame, ring: &Ring) -> Html {
    html! {
        <figure class="chart ring" data-testid="ring">
            <figcaption>{ say(&ring.title) }</figcaption>
            <svg viewBox={format!("0 0 {SIZE} {SIZE}")} role="img" aria-label={describe(frame, ring)}>
                { for arcs(ring).map(|(token, length)| draw_arc(frame, token, length)) }
                { for ring.keys.iter().map(draw_key) }
            </svg>
            { draw_keys(frame, ring) }
            <details>
                <summary>{ say(t!("Numbers")) }</summary>
                { draw_table(frame, ring) }
            </details>
        </figure>
    }
}

/// The tokens with the lengths of their arcs, which end at them.
fn arcs(ring: &Ring) -> impl Iterator<Item = (Token, u32)> {
    let before = ring.tokens.last().into_iter().chain(&ring.tokens);
    ring.tokens.iter().zip(before).map(|(token, before)| {
        let length = (token.at + TURN - before.at) % TURN;
        (*token, if length == 0 { TURN } else { length })
    })
}

/// A point at a radius, for a place on the ring.
fn point(at: f64, radius: f64) -> (f64, f64) {
    let angle = at / f64::from(TURN) * TAU;
    (MIDDLE + radius * angle.sin(), MIDDLE - radius * angle.cos())
}

fn draw_arc(frame: &Frame, token: Token, length: u32) -> Html {
    let (end, length) = (f64::from(token.at), f64::from(length));
    // A whole turn would begin where it ends, and be nothing.
    let start = end - length.min(f64::from(TURN) - 1.0);
    let ((x1, y1), (x2, y2)) = (point(start, BAND), point(end, BAND));
    let far = u8::from(length > f64::from(TURN) / 2.0);
    let path = format!("M {} {} A {BAND} {BAND} 0 {far} 1 {} {}", number(x1), number(y1), number(x2), number(y2));
    let ((inner_x, inner_y), (outer_x, outer_y)) = (point(end, BAND - 9.0), point(end, BAND + 9.0));
    let (x, y) = point(end - length / 2.0, LABELS);
    html! {
        <g class={colour(token.node)}>
            <path class="ring-arc" d={path} />
            <line class="ring-token" x1={number(inner_x)} y1={number(inner_y)} x2={number(outer_x)} y2={number(outer_y)} />
            if length >= f64::from(LABELLED) {
                <text x={number(x)} y={number(y + 4.0)} text-anchor="middle">{ name(frame, token.node) }</text>
            }
        </g>
    }
}

/// The arcs of neighbours differ in colour where four are enough; the labels always tell them apart.
fn colour(node: NodeId) -> &'static str {
    ["kind-replication", "kind-other", "kind-client", "kind-election"][node.index() % 4]
}

fn draw_key(key: &RingKey) -> Html {
    let ((x, y), (label_x, label_y)) = (point(key.at.into(), KEYS), point(key.at.into(), KEY_LABELS));
    html! {
        <g class="ring-key">
            <circle cx={number(x)} cy={number(y)} r="4" />
            <text x={number(label_x)} y={number(label_y + 4.0)} text-anchor="middle">{ say(&key.label) }</text>
        </g>
    }
}

fn holders(frame: &Frame, key: &RingKey) -> sim::Text {
    t!("{key}: {nodes}", key = key.label.clone(), nodes = names(frame, &key.holders))
}

/// How much of the ring each node owns, in percent, and how many tokens it has.
fn shares(ring: &Ring) -> Vec<(NodeId, u32, usize)> {
    let mut nodes: Vec<NodeId> = ring.tokens.iter().map(|token| token.node).collect();
    sort_by_key(&mut nodes, |node| u128::from(node.0));
    nodes.dedup();
    let of_one = |node: NodeId| {
        let own = arcs(ring).filter(|(token, _)| token.node == node);
        let (length, count) = own.fold((0, 0), |(sum, count), (_, length)| (sum + length, count + 1));
        (node, (length + TURN / 200) / (TURN / 100), count)
    };
    nodes.into_iter().map(of_one).collect()
}

fn draw_keys(frame: &Frame, ring: &Ring) -> Html {
    html! { <ul class="chart-legend">{ for ring.keys.iter().map(|key| html! { <li>{ say(holders(frame, key)) }</li> }) }</ul> }
}

/// Who holds the keys, and a table of what the nodes own.
pub fn draw_numbers(frame: &Frame, ring: &Ring) -> Html {
    html! { <>{ draw_keys(frame, ring) }{ draw_table(frame, ring) }</> }
}

fn draw_table(frame: &Frame, ring: &Ring) -> Html {
    let row = |(node, percent, count): (NodeId, u32, usize)| {
        html! {
            <tr>
                <th scope="row">{ name(frame, node) }</th>
                <td class="mono">{ say(t!("{percent} %", percent = percent)) }</td>
                <td class="mono">{ count }</td>
            </tr>
        }
    };
    html! {
        <table class="panel-table">
            <thead>
                <tr>
                    <th scope="col">{ say(t!("node")) }</th>
                    <th scope="col">{ say(t!("owns")) }</th>
                    <th scope="col">{ say(t!("tokens")) }</th>
                </tr>
            </thead>
            <tbody>{ for shares(ring).into_iter().map(row) }</tbody>
        </table>
    }
}

/// What the drawing shows, in words.
pub fn describe(frame: &Frame, ring: &Ring) -> String {
    let share = |(node, percent, _): (NodeId, u32, usize)| {
        t!("{node} owns {percent} %", node = name(frame, node), percent = percent)
    };
    let parts = shares(ring).into_iter().map(share).chain(ring.keys.iter().map(|key| holders(frame, key)));
    let parts: Vec<String> = parts.map(|part| language::write(&part)).collect();
    language::write(&t!("{title}: {parts}.", title = ring.title.clone(), parts = parts.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(tokens: &[(u32, u16)]) -> Ring {
        let tokens = tokens.iter().map(|(at, node)| Token { at: *at, node: NodeId(*node) }).collect();
        Ring { title: t!("The ring"), tokens, keys: Vec::new() }
    }

    #[test]
    fn arcs_end_at_their_tokens_and_cover_the_ring() {
        let lengths = |ring: &Ring| arcs(ring).map(|(_, length)| length).collect::<Vec<_>>();
        assert_eq!(lengths(&ring(&[(100_000, 0), (400_000, 1), (900_000, 0)])), [200_000, 300_000, 500_000]);
        assert_eq!(lengths(&ring(&[(7, 0)])), [TURN]);
        assert_eq!(lengths(&ring(&[])), [0; 0]);
    }

    #[test]
    fn shares_add_up() {
        let ring = ring(&[(100_000, 0), (400_000, 1), (900_000, 0)]);
        assert_eq!(shares(&ring), [(NodeId(0), 70, 2), (NodeId(1), 30, 1)]);
    }

    #[test]
    fn places_go_clockwise_from_the_top() {
        let near = |(x, y): (f64, f64), (u, v): (f64, f64)| (x - u).abs() < 0.001 && (y - v).abs() < 0.001;
        assert!(near(point(0.0, 100.0), (MIDDLE, MIDDLE - 100.0)));
        assert!(near(point(250_000.0, 100.0), (MIDDLE + 100.0, MIDDLE)));
    }
}
