//! A page that asks much of the stage: a thousand labelled messages between fifty nodes, and how well they move.

use sim::frame::{Caption, Frame, Layout, Message, MessageKind, Node, Scale, Weight};
use sim::{MessageId, NodeId, t};
use yew::prelude::*;

use crate::language::use_language;
use crate::motion::{Motion, Report};
use crate::part;
use crate::shared::Shared;
use crate::stage::Stage;
use crate::words::say;

/// The page that measures: a part of its own.
#[derive(Debug)]
pub struct Load {
    pub draw: fn() -> Html,
}

part!(stress: Load = Load { draw: || html! { <Stress /> } });

const NODES: u16 = 50;
const MESSAGES: u32 = 1_000;
/// All messages are under way all the time.
const SPAN_US: u64 = 60_000_000;

fn node(index: u16) -> Node {
    Node { role: t!("node"), ..Node::plain(NodeId(index), format!("S{}", index + 1)) }
}

fn message(number: u32) -> Message {
    let from = NodeId((number % u32::from(NODES)) as u16);
    let to = NodeId(((number * 7 + 13 + number / 50) % u32::from(NODES)) as u16);
    let kinds = [MessageKind::Election, MessageKind::Replication, MessageKind::Client, MessageKind::Other];
    Message {
        id: MessageId { from, to, number },
        from,
        to,
        kind: kinds[(number % 4) as usize],
        reply: number.is_multiple_of(3),
        label: t!("request {number}", number = number),
        fields: Vec::new(),
        sent_at_us: 0,
        leaves_at_us: 0,
        arrives_at_us: SPAN_US + u64::from(number) * 1_000,
        held: false,
        damaged: false,
        claims: None,
        seal: None,
        honest: None,
        contradicts: Vec::new(),
        weight: Weight::default(),
    }
}

fn frame() -> Frame {
    Frame {
        event: 0,
        length: 0,
        at_us: 0,
        next_at_us: Some(u64::MAX),
        scale: Scale::Time,
        seed: 0,
        knower: None,
        caption: Caption::default(),
        layout: Layout::Ring,
        nodes: (0..NODES).map(node).collect(),
        essential_fields: 0,
        links: Vec::new(),
        messages: (0..MESSAGES).map(message).collect(),
        lost: Vec::new(),
        groups: Vec::new(),
        panels: Vec::new(),
        cuts: Vec::new(),
        measures: Vec::new(),
        actions: Vec::new(),
        manners: &[],
        checks: Vec::new(),
    }
}

/// The page; it begins to move at once.
#[component]
pub fn Stress() -> Html {
    use_language();
    let frame = use_memo((), |()| Shared::new(frame()));
    let motion = use_memo((), |()| Motion::new(Callback::from(|_: Report| {})));
    {
        let motion = motion.clone();
        use_effect_with((), move |()| {
            motion.expect(0, Some(u64::MAX));
            motion.play(1_000.0);
        });
    }
    html! {
        <main class="stress">
            <h1>{ say(t!("{count} labelled messages", count = MESSAGES)) }</h1>
            <Stage frame={(*frame).clone()} every_label=true motion={(*motion).clone()} commands={Callback::noop()} />
        </main>
    }
}
