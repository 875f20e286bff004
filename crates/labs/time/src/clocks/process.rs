//! A node: it has events, and its own clock stamps them.

use serde::Serialize;
use sim::{NodeId, Text, t};

use super::Effects;
use super::settings::{Config, LETTERS};
use super::stamp::Stamp;

/// How many of its last events a node remembers.
const EVENTS_KEPT: usize = 12;

/// The state of a node. All of it is on its disk after each event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Process {
    /// What its clock shows: the stamp of its last event.
    pub clock: Stamp,
    /// How many events it has had.
    pub count: u64,
    /// Its last events, oldest first.
    pub events: Vec<Event>,
}

/// An event of a node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Counted for each node, from 1 on: A's third event is called A3.
    pub number: u64,
    pub stamp: Stamp,
    pub what: What,
    /// What the node's wall clock showed, in microseconds. No rule reads it.
    pub at_us: i64,
}

/// What kind of event it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum What {
    /// Something that concerns nobody else.
    Local { name: String },
    /// A message leaves.
    Send { to: NodeId, label: String },
    /// A message arrives: the one that the sender's event of this number sent.
    Receive { from: NodeId, label: String, event: u64 },
}

/// What nodes send each other.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    pub label: String,
    /// The time of the sending event (Lamport 1978, IR2 (a)).
    pub stamp: Stamp,
    /// The number of the sending event.
    pub event: u64,
}

/// What a person can tell a node to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    Local { name: String },
    Send { to: NodeId, label: String },
}

/// What a node waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// The next event that it has by itself.
    Workload,
}

impl sim::Protocol for Process {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Option<Process>;

    fn boot(disk: &Option<Process>, effects: &mut Effects<'_>) -> Process {
        let zero = effects.config().kind.zero(effects.node_count());
        let mut process = disk.clone().unwrap_or(Process { clock: zero, count: 0, events: Vec::new() });
        let clock = process.clock;
        effects.rule("keep_clock");
        if effects.config().rules.keep_clock {
            effects.note(|| t!("Its clock was on disk, and goes on from {time}.", time = clock.text()));
        } else {
            process.clock = zero;
            effects.note(|| t!("It has not kept its clock, which starts again at {time}.", time = zero.text()));
        }
        wait(effects);
        process
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let Message { label, stamp, event } = message;
        let (me, before) = (effects.me(), self.clock);
        let takes_maximum = effects.config().rules.receive_maximum;
        let learned = if takes_maximum { before.maximum(stamp) } else { before };
        self.clock = learned.ticked(me);
        effects.rule("receive_maximum");
        let clock = self.clock;
        effects.note(|| received(me, &label, [before, stamp, learned, clock], takes_maximum));
        effects.because(&["receive_maximum", "every_event_ticks", "keep_clock"], || compared(me, before, stamp));
        self.remember(What::Receive { from, label, event }, effects);
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Workload => {
                wait(effects);
                let me = effects.me();
                let name = event_name(me, self.count + 1);
                // One event in three stays at home; the others go to any other node.
                if effects.choose(3) == 0 {
                    self.local(name, effects);
                } else {
                    let other = effects.choose(effects.node_count() as u64 - 1) as u16;
                    let to = NodeId(if other >= me.0 { other + 1 } else { other });
                    self.send(to, name, effects);
                }
            }
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match operation {
            Operation::Local { name } => self.local(name, effects),
            Operation::Send { to, label } => self.send(to, label, effects),
        }
    }
}

impl Process {
    /// Something happens here, and nobody is told.
    fn local(&mut self, name: String, effects: &mut Effects<'_>) {
        let (me, before) = (effects.me(), self.clock);
        self.tick(effects);
        let sum = sum(before, self.clock);
        effects.note(|| t!("“{name}” happens at {node}: {sum}", name = name.clone(), node = me, sum = sum));
        self.explain_tick(effects);
        self.remember(What::Local { name }, effects);
    }

    /// A message leaves, with the time of this event.
    fn send(&mut self, to: NodeId, label: String, effects: &mut Effects<'_>) {
        let (me, before) = (effects.me(), self.clock);
        self.tick(effects);
        let (sum, stamp) = (sum(before, self.clock), self.clock);
        effects.rule("stamp");
        effects
            .note(|| t!("{node} sends {label} to {to}: {sum}", node = me, label = label.clone(), to = to, sum = sum));
        if effects.config().rules.every_event_ticks {
            effects.note(|| t!("The message carries the time of its sending: {time}.", time = stamp.text()));
        } else {
            self.explain_tick(effects);
        }
        effects.send(to, Message { label: label.clone(), stamp, event: self.count + 1 });
        self.remember(What::Send { to, label }, effects);
    }

    /// The clock ticks between two events of a node (Lamport 1978, IR1; Mattern 1989).
    fn tick(&mut self, effects: &mut Effects<'_>) {
        effects.rule("every_event_ticks");
        if effects.config().rules.every_event_ticks {
            self.clock = self.clock.ticked(effects.me());
        }
    }

    fn explain_tick(&self, effects: &mut Effects<'_>) {
        let clock = self.clock;
        effects.because(&["every_event_ticks", "keep_clock"], || match clock {
            Stamp::Lamport(_) => t!("Each event of a node is later than the one before it."),
            Stamp::Vector(_) => t!("Each event counts in the node's own place of the vector."),
        });
    }

    /// The event has happened: it goes into the list, and all goes to the disk.
    fn remember(&mut self, what: What, effects: &mut Effects<'_>) {
        self.count += 1;
        if self.events.len() == EVENTS_KEPT {
            self.events.remove(0);
        }
        let at_us = effects.local_now();
        self.events.push(Event { number: self.count, stamp: self.clock, what, at_us });
        effects.persist(Some(self.clone()));
    }
}

/// What a node calls an event, or the message that it sends then, where nobody has named it: `a3`.
pub fn event_name(node: NodeId, number: u64) -> String {
    format!("{}{number}", LETTERS[node.index()].to_ascii_lowercase())
}

/// Sets the timer of the next event that a node has by itself: after half to one and a half times the average.
fn wait(effects: &mut Effects<'_>) {
    let workload_us = effects.config().workload_us;
    if workload_us > 0 {
        let after_us = workload_us / 2 + effects.choose(workload_us);
        effects.set_timer(Timer::Workload, after_us);
    }
}

/// The arithmetic of a tick: `2 + 1 = 3`, or `[2 0 0] becomes [3 0 0]`.
fn sum(before: Stamp, after: Stamp) -> Text {
    match (before, after) {
        _ if before == after => t!("still {time}", time = after.text()),
        (Stamp::Lamport(_), _) => t!("{before} + 1 = {after}", before = before.text(), after = after.text()),
        (Stamp::Vector(_), _) => t!("{before} becomes {after}", before = before.text(), after = after.text()),
    }
}

/// The arithmetic of a receipt.
fn received(me: NodeId, label: &str, times: [Stamp; 4], takes_maximum: bool) -> Text {
    let [before, stamp, learned, after] = times.map(|time| time.text());
    let label = label.to_string();
    match (times[0], takes_maximum) {
        (Stamp::Lamport(_), true) => t!(
            "{node} receives {label} stamped {stamp}: max({before}, {stamp}) + 1 = {after}",
            node = me,
            label = label,
            stamp = stamp,
            before = before,
            after = after
        ),
        (Stamp::Lamport(_), false) => t!(
            "{node} receives {label} stamped {stamp}: {before} + 1 = {after}",
            node = me,
            label = label,
            stamp = stamp,
            before = before,
            after = after
        ),
        (Stamp::Vector(_), true) => t!(
            "{node} receives {label} stamped {stamp}: the maximum with {before} is {learned}, and ticks to {after}",
            node = me,
            label = label,
            stamp = stamp,
            before = before,
            learned = learned,
            after = after
        ),
        (Stamp::Vector(_), false) => t!(
            "{node} receives {label} stamped {stamp}: {before} becomes {after}",
            node = me,
            label = label,
            stamp = stamp,
            before = before,
            after = after
        ),
    }
}

/// What a receipt means: who was ahead.
fn compared(me: NodeId, before: Stamp, stamp: Stamp) -> Text {
    let (grows, knew) = (!stamp.is_at_most(&before), !before.is_at_most(&stamp));
    match (before, grows, knew) {
        (Stamp::Lamport(_), true, _) => t!("The message was ahead of {node}, and pushes its clock forward.", node = me),
        (Stamp::Lamport(_), false, true) => t!("{node} was ahead already, and its clock only ticks.", node = me),
        (Stamp::Lamport(_), false, false) => {
            t!("{node} had just the time of the message, and moves past it.", node = me)
        }
        (Stamp::Vector(_), true, false) => t!("The sender knew of all that {node} knew of, and of more.", node = me),
        (Stamp::Vector(_), true, true) => {
            t!("Each knew of events that the other did not: now {node} knows of both.", node = me)
        }
        (Stamp::Vector(_), false, _) => {
            t!("{node} knew of all that already: the message tells it nothing new.", node = me)
        }
    }
}
