//! Carries out inputs: what people, scenarios and hunts do to a world.

use std::rc::Rc;

use crate::base::clock::Clock;
use crate::base::id::{MessageId, NodeId, TimerId};
use crate::base::order::sort_by_key;
use crate::base::rng::mix;
use crate::base::settings::{Value, setting_named};
use crate::base::text::Text;
use crate::frame::{Status, Weight};
use crate::kernel::erased::Operation;
use crate::kernel::input::{Input, Timed, action_title};
use crate::kernel::network::Loss;
use crate::kernel::nodes::Waiting;
use crate::kernel::queue::{Due, Envelope};
use crate::kernel::record::Happening;
use crate::kernel::world::World;
use crate::t;

/// The longest delay that can be set or added: a day, in microseconds.
const LONGEST_DELAY_US: u64 = 86_400_000_000;

/// With so many messages under way, inputs add no more: a link made by a machine could fill the memory.
const MOST_MESSAGES: usize = 5_000;

impl World {
    /// Carries out an input as the next event. Its moment is moved to between the last event and the next one. The
    /// error says why it is not possible now; the world is then as it was.
    pub fn apply(&mut self, timed: &Timed) -> Result<(), Text> {
        self.refuse_unknown_nodes(&timed.input)?;
        let latest_us = self.next_at_us().unwrap_or(u64::MAX);
        let at_us = timed.at_us.clamp(self.now_us, latest_us);
        match &timed.input {
            Input::Deliver(message) => self.deliver_now(*message, at_us)?,
            Input::FireTimer { node, timer } => self.fire_now(*node, *timer, at_us)?,
            input => {
                self.refuse(input)?;
                self.begin(at_us);
                if self.is_recording() {
                    self.record.what = Happening::Input(input.clone());
                }
                let node = self.carry_out_input(input);
                self.end(node, mix(1));
            }
        }
        // What somebody does is telling, whatever comes of it.
        self.weight = Weight::Telling;
        Ok(())
    }

    /// Says why an input is not possible now.
    fn refuse(&self, input: &Input) -> Result<(), Text> {
        match input {
            Input::Deliver(message) | Input::Drop(message) => self.envelope(*message).map(|_| ()),
            Input::Duplicate(message) => {
                self.envelope(*message)?;
                self.refuse_crowd()
            }
            Input::Delay { message, by_us } => {
                self.envelope(*message)?;
                refuse_if(*by_us > LONGEST_DELAY_US, || t!("a message can be delayed by a day at most"))
            }
            Input::Hold(message) => {
                self.envelope(*message)?;
                refuse_if(self.is_held(*message), || t!("this message is held already"))
            }
            Input::Corrupt(message) => {
                let is_damaged = self.envelope(*message)?.corrupted;
                refuse_if(is_damaged, || t!("this message is damaged already"))
            }
            Input::Release(message) => refuse_if(!self.is_held(*message), || t!("this message is not held")),
            Input::FireTimer { node, timer } => {
                refuse_if(self.nodes.slot(*node).timer(*timer).is_none(), || t!("this timer is not set any more"))
            }
            Input::Cut { from, to } => {
                refuse_self(*from, *to)?;
                refuse_if(!self.network.is_up(*from, *to), || {
                    t!("the link from {from} to {to} is cut already", from = *from, to = *to)
                })
            }
            Input::Heal { from, to } => refuse_if(self.network.is_up(*from, *to), || {
                t!("the link from {from} to {to} is not cut", from = *from, to = *to)
            }),
            Input::Split(groups) => refuse_groups(groups),
            Input::HealAll => refuse_if(self.network.is_whole(), || t!("no link is cut")),
            Input::Crash(node) => self.refuse_down(*node),
            Input::Restart(node) | Input::LoseDisk(node) => {
                refuse_if(!self.nodes.status(*node).is_down(), || t!("{node} is running: crash it first", node = *node))
            }
            Input::Pause(node) => {
                self.refuse_down(*node)?;
                self.refuse_paused(*node)
            }
            Input::Resume(node) => {
                refuse_if(self.nodes.status(*node) != Status::Paused, || t!("{node} is not paused", node = *node))
            }
            Input::Lie { node, manner } => {
                let lies = self.nodes.slot(*node).lies;
                let is_known = manner.is_none_or(|manner| self.lab.manners().contains(&manner));
                refuse_if(!is_known, || t!("the nodes of this lab do not lie in this way"))?;
                refuse_if(lies == *manner, || match manner {
                    Some(_) => t!("{node} lies in this way already", node = *node),
                    None => t!("{node} does not lie", node = *node),
                })
            }
            Input::SetClockOffset { offset_us, .. } => {
                refuse_if(offset_us.unsigned_abs() > Clock::OFFSET_US as u64, || {
                    t!("a clock can be wrong by 100 days at most")
                })
            }
            Input::SetClockDrift { drift_ppm, .. } => {
                let (least, most) = Clock::DRIFT_PPM;
                refuse_if(!(least..=most).contains(drift_ppm), || t!("a clock runs between half and double speed"))
            }
            Input::SetDelay { from, to, delay } => {
                refuse_self(*from, *to)?;
                refuse_if(delay.longest_bound_us() > LONGEST_DELAY_US, || t!("a link can delay by a day at most"))
            }
            Input::SetTrouble { from, to, ppm, .. } => {
                refuse_self(*from, *to)?;
                refuse_if(*ppm > 1_000_000, || t!("a share of messages is at most 1,000,000 in a million"))
            }
            Input::Operate { node, action, values } => self.refuse_operation(*node, Operation { action, values }),
            Input::Set { name, value } => {
                let known = self.lab.settings();
                let setting = setting_named(&known, name)?;
                setting.accept(value)?;
                refuse_if(setting.structural, || {
                    let title = setting.title.clone();
                    t!("{title} is fixed once a run has begun: start a new run to change it", title = title)
                })
            }
        }
    }

    /// Carries out an input that was not refused. Returns the node that acts, if one does.
    fn carry_out_input(&mut self, input: &Input) -> Option<NodeId> {
        let now_us = self.now_us;
        match input {
            // These two are events of their own: see `apply`.
            Input::Deliver(_) | Input::FireTimer { .. } => {}
            Input::Drop(message) => {
                let taken = self.take_message(*message);
                taken.into_iter().for_each(|envelope| self.lose(envelope, Loss::Dropped));
            }
            Input::Duplicate(message) => {
                if let Ok(original) = self.envelope(*message) {
                    let arrives_at_us = original.arrives_at_us.max(now_us);
                    self.enqueue_copy(Envelope { arrives_at_us, ..Envelope::clone(&original) });
                }
            }
            Input::Corrupt(message) => self.corrupt(*message),
            Input::Hold(message) => {
                if let Some(envelope) = self.take_message(*message) {
                    self.timing.slowest_us = u64::MAX;
                    self.held.insert(*message, envelope);
                }
            }
            Input::Release(message) => self.requeue(*message, 0),
            Input::Delay { message, by_us } => self.requeue(*message, *by_us),
            Input::Cut { from, to } => self.cut(*from, *to),
            Input::Heal { from, to } => self.network.set_up(*from, *to, true),
            Input::Split(groups) => self.split(groups),
            Input::HealAll => self.network.heal_all(),
            Input::Crash(node) => self.crash(*node),
            Input::Restart(node) => self.boot(*node),
            Input::LoseDisk(node) => self.nodes.slot_mut(*node).disk = self.lab.empty_disk(),
            Input::Pause(node) => self.nodes.slot_mut(*node).status = Status::Paused,
            Input::Resume(node) => self.resume(*node),
            Input::Lie { node, manner } => self.nodes.slot_mut(*node).lies = *manner,
            Input::SetClockOffset { node, offset_us } => {
                let slot = self.nodes.slot_mut(*node);
                slot.clock = slot.clock.with_offset(now_us, *offset_us);
            }
            Input::SetClockDrift { node, drift_ppm } => self.set_drift(*node, *drift_ppm),
            Input::SetDelay { from, to, delay } => {
                let link = self.network.link_mut(*from, *to);
                (link.delay, link.delay_is_set) = (*delay, true);
            }
            Input::SetTrouble { from, to, trouble, ppm } => self.network.set_trouble(*from, *to, *trouble, *ppm),
            Input::Operate { node, action, values } => {
                let (lab, operation) = (self.lab, Operation { action, values });
                self.act(*node, |state, context| lab.on_operation(state, &operation, context));
            }
            Input::Set { name, value } => self.set(name, value.clone()),
        }
        input.acting_node()
    }

    fn deliver_now(&mut self, message: MessageId, at_us: u64) -> Result<(), Text> {
        let envelope = self.envelope(message)?;
        self.refuse_paused(envelope.to)?;
        self.take_message(message);
        self.begin(at_us);
        self.deliver(envelope);
        Ok(())
    }

    fn fire_now(&mut self, node: NodeId, timer: TimerId, at_us: u64) -> Result<(), Text> {
        self.refuse(&Input::FireTimer { node, timer })?;
        self.refuse_paused(node)?;
        self.begin(at_us);
        self.timing.early = self.nodes.slot(node).timer(timer).is_some_and(|set| set.fires_at_us > at_us);
        self.fire(node, |set| set.id == timer);
        Ok(())
    }

    /// Says why an operation is not possible now.
    fn refuse_operation(&self, node: NodeId, operation: Operation<'_>) -> Result<(), Text> {
        self.refuse_down(node)?;
        self.refuse_paused(node)?;
        self.refuse_crowd()?;
        let Operation { action, values } = operation;
        let actions = self.lab.actions(self);
        let Some(known) = actions.iter().find(|known| known.name == action && known.nodes.contains(&node)) else {
            return Err(t!("{node} cannot do this: {action}", node = node, action = action_title(self, action)));
        };
        refuse_if(known.parameters.len() != values.len(), || {
            let action = known.title.clone();
            match known.parameters.len() {
                1 => t!("“{action}” needs 1 value", action = action),
                needed => t!("“{action}” needs {needed} values", action = action, needed = needed),
            }
        })?;
        known.parameters.iter().zip(values).try_for_each(|(parameter, value)| parameter.accept(value))?;
        self.lab.refuse(&operation)
    }

    /// Puts a message that is under way or held back on its way, later by so much.
    fn requeue(&mut self, message: MessageId, by_us: u64) {
        if let Some(envelope) = self.take_message(message) {
            let envelope = delayed(envelope, self.now_us, by_us);
            self.time(&envelope);
            self.queue.push_message(envelope);
        }
    }

    fn envelope(&self, message: MessageId) -> Result<Rc<Envelope>, Text> {
        self.messages_unsorted()
            .find(|envelope| envelope.id == message)
            .cloned()
            .ok_or_else(|| t!("this message is not under way any more: it has arrived or was lost"))
    }

    /// Takes a message out of wherever it is.
    fn take_message(&mut self, message: MessageId) -> Option<Rc<Envelope>> {
        let queued = self.queue.take_messages(|envelope| envelope.id == message).pop();
        queued.or_else(|| self.held.remove(&message)).or_else(|| self.take_waiting(message))
    }

    /// Damages a message where it is: what comes of that, its protocol says when it arrives.
    fn corrupt(&mut self, message: MessageId) {
        let damaged = |envelope: Rc<Envelope>| Rc::new(Envelope { corrupted: true, ..Rc::unwrap_or_clone(envelope) });
        if let Some(envelope) = self.held.remove(&message) {
            self.held.insert(message, damaged(envelope));
        } else if let Some(envelope) = self.queue.take_messages(|envelope| envelope.id == message).pop() {
            self.queue.push_message(damaged(envelope));
        } else {
            let waiting = self.nodes.slot_mut(message.to).waiting.iter_mut();
            for waiting in waiting {
                if let Waiting::Message(envelope) = waiting
                    && envelope.id == message
                {
                    *envelope = damaged(envelope.clone());
                }
            }
        }
    }

    fn take_waiting(&mut self, message: MessageId) -> Option<Rc<Envelope>> {
        let is_meant = |waiting: &Waiting| matches!(waiting, Waiting::Message(envelope) if envelope.id == message);
        let node = self.nodes.ids().find(|node| self.nodes.slot(*node).waiting.iter().any(is_meant))?;
        let waiting = &mut self.nodes.slot_mut(node).waiting;
        let place = waiting.iter().position(is_meant)?;
        match waiting.remove(place) {
            Waiting::Message(envelope) => Some(envelope),
            Waiting::Timer(_) => None,
        }
    }

    /// Messages under way on a link that is cut are lost; those that are held stay.
    fn cut(&mut self, from: NodeId, to: NodeId) {
        self.network.set_up(from, to, false);
        let lost = self.queue.take_messages(|envelope| envelope.from == from && envelope.to == to);
        lost.into_iter().for_each(|envelope| self.lose(envelope, Loss::Cut));
    }

    fn split(&mut self, groups: &[Vec<NodeId>]) {
        let group_of = |node: NodeId| groups.iter().position(|group| group.contains(&node));
        let members: Vec<NodeId> = groups.iter().flatten().copied().collect();
        for &from in &members {
            for &to in members.iter().filter(|to| **to != from) {
                if group_of(from) == group_of(to) {
                    self.network.set_up(from, to, true);
                } else if self.network.is_up(from, to) {
                    self.cut(from, to);
                }
            }
        }
    }

    fn crash(&mut self, node: NodeId) {
        self.nodes.slot_mut(node).tick(node);
        self.record.is_noticed = true;
        self.halt(node, Status::Crashed);
    }

    fn resume(&mut self, node: NodeId) {
        let now_us = self.now_us;
        let slot = self.nodes.slot_mut(node);
        slot.status = Status::Up;
        for waiting in std::mem::take(&mut slot.waiting) {
            match waiting {
                Waiting::Message(envelope) => self.queue.push_message(delayed(envelope, now_us, 0)),
                Waiting::Timer(id) => {
                    let number = self.queue.number();
                    if let Some(set) = slot.timers.iter_mut().find(|set| set.id == id) {
                        set.fires_at_us = set.fires_at_us.max(now_us);
                        set.queued = (set.fires_at_us, number);
                        self.queue.push(set.queued, Due::Timer(node));
                    }
                }
            }
        }
    }

    /// The timers of the node go on at the new rate from here.
    fn set_drift(&mut self, node: NodeId, drift_ppm: i64) {
        let now_us = self.now_us;
        let slot = self.nodes.slot_mut(node);
        let old = slot.clock;
        slot.clock = old.with_drift(now_us, drift_ppm);
        for set in &mut slot.timers {
            let left_local_us = old.elapsed(set.fires_at_us.saturating_sub(now_us));
            set.fires_at_us = now_us + slot.clock.true_duration(left_local_us);
            if set.queued.0 > set.fires_at_us {
                set.queued = (set.fires_at_us, self.queue.number());
                self.queue.push(set.queued, Due::Timer(node));
            }
        }
    }

    fn set(&mut self, name: &str, value: Value) {
        let settings = (*self.settings).clone().with(name, value);
        self.config = self.lab.configure(&settings);
        self.network.set_lines(self.lab.start(&settings).lines);
        self.settings = Rc::new(settings);
    }

    fn refuse_down(&self, node: NodeId) -> Result<(), Text> {
        match self.nodes.status(node) {
            Status::Crashed => Err(t!("{node} is down: restart it first", node = node)),
            Status::Off => Err(t!("{node} is off: start it first", node = node)),
            Status::Up | Status::Paused => Ok(()),
        }
    }

    fn refuse_crowd(&self) -> Result<(), Text> {
        refuse_if(self.messages_unsorted().count() >= MOST_MESSAGES, || {
            t!("there are {most} messages under way already: let some arrive first", most = MOST_MESSAGES)
        })
    }

    fn refuse_paused(&self, node: NodeId) -> Result<(), Text> {
        refuse_if(self.nodes.status(node) == Status::Paused, || t!("{node} is paused: resume it first", node = node))
    }

    fn refuse_unknown_nodes(&self, input: &Input) -> Result<(), Text> {
        let count = self.nodes.len();
        match input.nodes().into_iter().find(|node| node.index() >= count) {
            Some(node) => Err(t!(
                "there is no node number {node}: this run has {count} nodes, counted from 0",
                node = node.0,
                count = count
            )),
            None => Ok(()),
        }
    }
}

fn refuse_if(condition: bool, sentence: impl FnOnce() -> Text) -> Result<(), Text> {
    if condition { Err(sentence()) } else { Ok(()) }
}

fn refuse_self(from: NodeId, to: NodeId) -> Result<(), Text> {
    refuse_if(from == to, || t!("a node has no link to itself"))
}

fn refuse_groups(groups: &[Vec<NodeId>]) -> Result<(), Text> {
    let mut nodes = groups.concat();
    sort_by_key(&mut nodes, |node| u128::from(node.0));
    let is_twice = nodes.windows(2).any(|pair| pair[0] == pair[1]);
    refuse_if(is_twice, || t!("a node can be in one group only"))?;
    let filled = groups.iter().filter(|group| !group.is_empty()).count();
    refuse_if(filled < 2, || t!("a split needs two groups: put at least one node into each"))
}

/// A message that arrives so much later than it would have, and not before now.
fn delayed(envelope: Rc<Envelope>, now_us: u64, by_us: u64) -> Rc<Envelope> {
    let arrives_at_us = envelope.arrives_at_us.max(now_us) + by_us;
    if arrives_at_us == envelope.arrives_at_us {
        return envelope;
    }
    Rc::new(Envelope { arrives_at_us, ..Rc::unwrap_or_clone(envelope) })
}
