//! Turns a moment of a run into what the screen shows.

use std::rc::Rc;

use crate::base::digest::Digest;
use crate::base::id::NodeId;
use crate::base::order::{pair, sort_by_key};
use crate::base::text::Text;
use crate::frame::{
    Caption, Direction, EventKind, Field, Flow, Frame, Group, Known, Link, Message, Node, Scale, Seal, Status, Timer,
    Tone, TraceEvent,
};
use crate::kernel::input::Input;
use crate::kernel::network::Loss;
use crate::kernel::queue::Envelope;
use crate::kernel::record::{Happening, Record};
use crate::kernel::world::World;
use crate::t;

/// Everything to show to a visitor, or to a node that knows what is in this world, but what a session adds: the caption, the
/// verdicts, what was lost, the values before. What a lab counts is of the whole system, and only a visitor sees that.
pub(crate) fn frame(world: &World, knower: Option<NodeId>) -> Frame {
    let mut frame = Frame {
        event: world.event(),
        length: world.event(),
        at_us: world.now_us(),
        scale: Scale::Time,
        next_at_us: world.next_at_us(),
        seed: world.seed(),
        knower,
        caption: Caption::default(),
        layout: world.lab.about().layout,
        nodes: world.nodes().ids().map(|id| node(world, id)).collect(),
        essential_fields: world.lab.essential_fields(),
        links: world.links.iter().map(|(a, b)| link(world, *a, *b)).collect(),
        messages: messages(world, world.messages()),
        lost: Vec::new(),
        groups: groups(world),
        panels: Vec::new(),
        cuts: Vec::new(),
        measures: Vec::new(),
        actions: world.lab.actions(world),
        manners: world.lab.manners(),
        checks: Vec::new(),
    };
    sort_by_key(&mut frame.messages, |message| pair(message.sent_at_us, message.id.bits()));
    if knower.is_none() {
        frame.measures = world.lab.measures(world);
    } else {
        // Whoever gets it finds out, or does not.
        for message in &mut frame.messages {
            (message.damaged, message.claims, message.honest) = (false, None, None);
            message.contradicts.clear();
        }
    }
    world.lab.view(world, &mut frame);
    frame.nodes.iter_mut().for_each(unmask);
    frame
}

/// Says of a node that lies that it does.
fn unmask(node: &mut Node) {
    let Some(manner) = node.lies else { return };
    node.tag = Some(match node.tag.take() {
        None => t!("lies"),
        Some(tag) => t!("{tag}, lies", tag = tag),
    });
    node.fields.insert(0, Field { name: t!("lies"), value: manner.title(), before: None });
}

fn node(world: &World, id: NodeId) -> Node {
    let nodes = world.nodes();
    let look = world.look(id);
    let clock = nodes.clock(id);
    let (lamport, vector) = logical_time(world, id);
    let mut timers: Vec<Timer> = nodes
        .timers(id)
        .iter()
        .map(|set| Timer {
            id: set.id,
            name: world.lab.timer_name(&set.timer),
            set_at_us: set.set_at_us,
            fires_at_us: set.fires_at_us,
        })
        .collect();
    sort_by_key(&mut timers, |timer| pair(timer.fires_at_us, timer.id.0));
    Node {
        id,
        label: world.label(id).to_string(),
        rank: nodes.ranks[id.index()],
        place: None,
        shape: look.shape,
        tone: look.tone,
        status: nodes.status(id),
        lies: nodes.lies(id),
        role: look.role,
        badge: look.badge,
        era: None,
        tag: None,
        fields: Vec::new(),
        cells: Vec::new(),
        gauge: None,
        queue: None,
        tally: None,
        timers,
        clock_us: clock.shows(world.now_us()),
        clock_offset_us: clock.offset_us(world.now_us()),
        clock_drift_ppm: clock.drift_ppm(),
        lamport,
        vector,
        known: Known::Now,
    }
}

/// The Lamport and vector time of a node. The starts of the nodes, which come before all events, are not counted, so that
/// both begin at zero.
fn logical_time(world: &World, id: NodeId) -> (u64, Vec<u32>) {
    let nodes = world.nodes();
    let vector = nodes.vector(id).iter().map(|count| count.saturating_sub(1));
    (nodes.lamport(id).saturating_sub(1), vector.collect())
}

fn link(world: &World, a: NodeId, b: NodeId) -> Link {
    let direction = |from, to| {
        let link = world.network().link(from, to);
        Direction {
            up: link.up,
            delay: link.delay_is_set.then(|| link.delay.describe()),
            loss_ppm: link.troubles.loss_ppm,
            duplication_ppm: link.troubles.duplication_ppm,
            reordering_ppm: link.troubles.reordering_ppm,
            corruption_ppm: link.troubles.corruption_ppm,
            flow: link.pipe.map(|pipe| Flow {
                bytes_per_s: pipe.bytes_per_s,
                is_busy: link.is_busy(world.now_us()),
                waiting: link.waiting(world.now_us()) as u32,
                places: pipe.places,
                dropped: link.dropped,
            }),
        }
    };
    Link { a, b, forth: direction(a, b), back: direction(b, a), is_used: true }
}

/// The parts of the innermost rank, where the network is split; the lab may name them better.
fn groups(world: &World) -> Vec<Group> {
    let members: Vec<NodeId> = world.nodes().ids().filter(|id| world.nodes.ranks[id.index()] == 0).collect();
    let parts = world.network().components(&members);
    if parts.len() < 2 {
        return Vec::new();
    }
    let tag = |part: &Vec<NodeId>| t!("{size} of {all}", size = part.len(), all = members.len());
    parts.into_iter().map(|nodes| Group { tag: tag(&nodes), nodes, tone: Tone::Plain }).collect()
}

/// Messages, with what lying nodes tell others at the same time.
fn messages<'a>(world: &World, envelopes: impl Iterator<Item = &'a Rc<Envelope>>) -> Vec<Message> {
    let envelopes: Vec<&Rc<Envelope>> = envelopes.collect();
    let mut messages: Vec<Message> = envelopes.iter().map(|envelope| message(world, envelope)).collect();
    if envelopes.iter().all(|envelope| envelope.honest.is_none()) {
        return messages;
    }
    // What an honest node would have said, and when.
    let truth = |envelope: &Envelope| {
        let mut digest = Digest(envelope.cause);
        envelope.honest.as_ref().unwrap_or(&envelope.payload).fold(&mut digest);
        (envelope.from, digest.0)
    };
    let truths: Vec<(NodeId, u64)> = envelopes.iter().map(|envelope| truth(envelope)).collect();
    let is_other = |one: usize, other: usize| {
        let told = |place: usize| (messages[place].to, &messages[place].label);
        truths[one] == truths[other] && told(one).0 != told(other).0 && told(one).1 != told(other).1
    };
    let all = 0..messages.len();
    let contradicts = |one| all.clone().filter(|other| is_other(one, *other)).map(|other| messages[other].to).collect();
    let contradictions: Vec<Vec<NodeId>> = all.clone().map(contradicts).collect();
    messages.iter_mut().zip(contradictions).for_each(|(message, others)| message.contradicts = others);
    messages
}

fn message(world: &World, envelope: &Envelope) -> Message {
    let look = world.lab.message_look(&envelope.payload);
    let cover = world.lab.cover(&envelope.payload);
    let labels = &world.nodes().labels;
    Message {
        id: envelope.id,
        from: envelope.from,
        to: envelope.to,
        kind: look.kind,
        reply: look.reply,
        label: look.label.with_labels(labels),
        fields: look
            .fields
            .into_iter()
            .map(|field| Field { value: field.value.with_labels(labels), ..field })
            .collect(),
        sent_at_us: envelope.sent_at_us,
        leaves_at_us: envelope.leaves_at_us,
        arrives_at_us: envelope.arrives_at_us,
        held: world.is_held(envelope.id),
        damaged: envelope.corrupted,
        honest: envelope.honest.as_ref().map(|honest| world.lab.message_look(honest).label.with_labels(labels)),
        contradicts: Vec::new(),
        claims: cover.claims,
        seal: cover.key.map(|key| Seal { key: key.with_labels(labels), openers: Vec::new(), is_open: false }),
        weight: envelope.weight,
    }
}

/// The event that a world has just been through while it was recorded.
pub(crate) fn trace_event(world: &World) -> TraceEvent {
    let record = &world.record;
    let nodes = world.nodes();
    let acted = acting_node(record);
    let show = |envelope: &Rc<Envelope>| message(world, envelope);
    let look = acted.map(|node| world.look(node));
    let (lamport, vector) = acted.map(|node| logical_time(world, node)).unwrap_or_default();
    let kind = match &record.what {
        Happening::Delivery(_) => EventKind::Delivery,
        Happening::Timer(..) | Happening::Restart(_) => EventKind::Timer,
        Happening::Input(Input::Operate { .. }) => EventKind::Operation,
        Happening::Start | Happening::Input(_) => EventKind::Fault,
    };
    let state = acted.filter(|_| record.is_noticed && kind != EventKind::Fault).and_then(|node| nodes.state(node));
    let received = match &record.what {
        Happening::Delivery(envelope) => vec![show(envelope)],
        _ => Vec::new(),
    };
    TraceEvent {
        number: world.event(),
        at_us: world.now_us(),
        node: acted,
        kind,
        caption: caption(world, record, acted),
        causes: record.cause.into_iter().collect(),
        lamport,
        vector,
        stamp: state.and_then(|state| world.lab.stamp(state)),
        is_noticed: record.is_noticed,
        received,
        sent: messages(world, record.sent.iter()),
        lost: record.lost.iter().map(|(envelope, _)| show(envelope)).collect(),
        rules: record.rules.clone(),
        tone: look.map_or(Tone::Plain, |look| look.tone),
        status: acted.map_or(Status::Up, |node| nodes.status(node)),
    }
}

fn acting_node(record: &Record) -> Option<NodeId> {
    match &record.what {
        Happening::Start => None,
        Happening::Delivery(envelope) => {
            let arrived = !record.lost.iter().any(|(lost, _)| lost.id == envelope.id);
            arrived.then_some(envelope.to)
        }
        Happening::Timer(node, _) | Happening::Restart(node) => Some(*node),
        Happening::Input(input) => input.acting_node(),
    }
}

fn caption(world: &World, record: &Record, node: Option<NodeId>) -> Caption {
    let labels = &world.nodes().labels;
    let mut notes = record.notes.iter().map(|note| note.clone().with_labels(labels));
    let from_outside = match &record.what {
        Happening::Input(Input::Operate { .. }) => None,
        Happening::Input(input) => {
            let known = message_input(world, record, input).or_else(|| link_input(world, input));
            Some(known.unwrap_or_else(|| input.describe(world)).with_labels(labels))
        }
        _ => None,
    };
    let loss = match &record.what {
        Happening::Delivery(envelope) => record.lost.iter().find(|(lost, _)| lost.id == envelope.id),
        _ => None,
    };
    let headline =
        from_outside.or_else(|| loss.map(|(envelope, loss)| lost(world, envelope, *loss))).or_else(|| notes.next());
    Caption {
        headline: headline.unwrap_or_else(|| plain_headline(world, record).with_labels(labels)),
        detail: lies(world, record).map(|said| said.with_labels(labels)).or_else(|| notes.next()),
        node,
        weight: world.weight(),
    }
}

/// How many lies of one event a caption tells.
const MOST_LIES: usize = 3;

/// What a lying node has said instead of what it should, in a sentence.
fn lies(world: &World, record: &Record) -> Option<Text> {
    let node = acting_node(record)?;
    let label = |message| world.lab.message_look(message).label;
    let changed = record.sent.iter().filter_map(|envelope| {
        let (said, honest) = (label(&envelope.payload), label(envelope.honest.as_ref()?));
        Some(match said == honest {
            // What is changed is inside.
            true => t!("another “{message}” to {to} than the right one", message = said, to = envelope.to),
            false => {
                t!("“{message}” to {to} in place of “{honest}”", message = said, to = envelope.to, honest = honest)
            }
        })
    });
    let withheld = record.withheld.iter().map(|(to, _)| t!("nothing to {to}", to = *to));
    let mut lies: Vec<Text> = changed.chain(withheld).collect();
    let more = lies.len().saturating_sub(MOST_LIES);
    lies.truncate(MOST_LIES);
    if more > 0 {
        lies.push(t!("{more} more", more = more));
    }
    let lies = lies.into_iter().reduce(|all, next| t!("{all}, {next}", all = all, next = next))?;
    Some(t!("{node} lies: {lies}", node = node, lies = lies))
}

/// What was done to a direction of a link where the other one is as it now is: both are named.
fn link_input(world: &World, input: &Input) -> Option<Text> {
    let is_up = |from: NodeId, to: NodeId| world.network().link(from, to).up;
    match *input {
        Input::Cut { from, to } if !is_up(to, from) => {
            Some(t!("The link between {from} and {to} is cut both ways", from = from, to = to))
        }
        Input::Heal { from, to } if is_up(to, from) => {
            Some(t!("The link between {from} and {to} is whole again", from = from, to = to))
        }
        _ => None,
    }
}

/// What was done to a message, with what the message says.
fn message_input(world: &World, record: &Record, input: &Input) -> Option<Text> {
    let (Input::Drop(id) | Input::Duplicate(id) | Input::Corrupt(id) | Input::Hold(id) | Input::Release(id)) = input
    else {
        return None;
    };
    let lost = record.lost.iter().map(|(envelope, _)| envelope);
    let envelope = lost.chain(world.messages()).find(|envelope| envelope.id == *id)?;
    let (message, from, to) = (world.lab.message_look(&envelope.payload).label, id.from, id.to);
    Some(match input {
        Input::Drop(_) => t!("“{message}” from {from} to {to} is dropped", message = message, from = from, to = to),
        Input::Duplicate(_) => {
            t!("“{message}” from {from} to {to} is doubled", message = message, from = from, to = to)
        }
        Input::Corrupt(_) => {
            t!("“{message}” from {from} to {to} is damaged", message = message, from = from, to = to)
        }
        Input::Hold(_) => t!("“{message}” from {from} to {to} is held up", message = message, from = from, to = to),
        _ => t!("“{message}” from {from} to {to} goes on", message = message, from = from, to = to),
    })
}

/// A message that was lost, in a sentence.
pub(crate) fn lost(world: &World, envelope: &Envelope, loss: Loss) -> Text {
    let label = world.lab.message_look(&envelope.payload).label;
    let (message, from, to) = (label, envelope.from, envelope.to);
    let text = match loss {
        Loss::NodeDown => t!("“{message}” of {from} is lost: {to} is down", message = message, from = from, to = to),
        Loss::Corrupted => t!(
            "“{message}” of {from} reaches {to} damaged, and {to} throws it away",
            message = message,
            from = from,
            to = to
        ),
        Loss::Cut => {
            t!("“{message}” of {from} is lost: the link to {to} is cut", message = message, from = from, to = to)
        }
        Loss::Full => {
            t!(
                "“{message}” of {from} to {to} is dropped: the queue of the link is full",
                message = message,
                from = from,
                to = to
            )
        }
        Loss::Chance | Loss::Dropped => {
            t!("“{message}” of {from} to {to} is lost", message = message, from = from, to = to)
        }
    };
    text.with_labels(&world.nodes().labels)
}

fn plain_headline(world: &World, record: &Record) -> Text {
    match &record.what {
        Happening::Start => t!("The run begins"),
        Happening::Delivery(envelope) => t!("{to} hears from {from}", to = envelope.to, from = envelope.from),
        Happening::Timer(node, _) => t!("A timer of {node} runs out", node = *node),
        Happening::Restart(node) => t!("{node} is started again", node = *node),
        Happening::Input(input) => input.describe(world),
    }
}
