//! One moment of a run, and how the next event changes it.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;

use crate::base::clock::Clock;
use crate::base::digest::Digest;
use crate::base::id::{MessageId, NodeId, TimerId};
use crate::base::map::Map;
use crate::base::opaque::{Hidden, Parcel, Shared};
use crate::base::rng::{Rng, mix};
use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::frame::{Status, Weight};
use crate::judge::check::Verdicts;
use crate::judge::history::History;
use crate::kernel::effects::{Context, OperationStep, Outbox, switched_off, title_of};
use crate::kernel::erased::AnySystem;
use crate::kernel::erased::{AnyMonitor, Seen, Start};
use crate::kernel::input::Input;
use crate::kernel::lie::{Lie, Manner};
use crate::kernel::network::{Loss, Network, Passage};
use crate::kernel::nodes::{Nodes, NodesOf, SetTimer, Slot, VectorTime, Waiting};
use crate::kernel::queue::{Due, Envelope, EnvelopeOf, Key, Queue};
use crate::kernel::record::{Happening, Record};
use crate::kernel::system::{Checks, Protocol, System, Timing};
use crate::t;

/// A moment of a run: the nodes, the network and all that is going to happen. A clone is cheap: what does not change
/// is shared. One type for all labs: it is compiled once, and the lab's code reads it as a [`WorldOf`].
#[derive(Debug)]
pub struct World {
    pub(crate) lab: &'static dyn AnySystem,
    pub(crate) seed: u64,
    pub(crate) settings: Rc<Settings>,
    pub(crate) config: Rc<dyn Any>,
    pub(crate) event: u64,
    pub(crate) now_us: u64,
    pub(crate) nodes: Nodes,
    pub(crate) network: Network,
    pub(crate) queue: Queue,
    pub(crate) held: Map<MessageId, Rc<Envelope>>,
    pub(crate) links: Rc<[(NodeId, NodeId)]>,
    messages_sent: u64,
    messages_delivered: u64,
    history: History,
    monitor: Box<dyn AnyMonitor>,
    verdicts: Verdicts,
    is_watched: bool,
    last_node: Option<NodeId>,
    /// What the last event did to the timing.
    pub(crate) timing: Timing,
    /// How much the last event tells.
    pub(crate) weight: Weight,
    /// The kinds of routine that there have been.
    routines: Vec<&'static str>,
    /// A digest of all events so far.
    trail: u64,
    outbox: Outbox,
    /// Envelopes whose messages have been taken out, for others.
    spare: Vec<Rc<Envelope>>,
    pub(crate) record: Record,
}

/// The largest number of nodes that a world can have.
pub const MOST_NODES: usize = 1_000;

/// The stream of the random numbers that say who lies from the start.
const LIARS: u64 = 4 << 32;

/// How many envelopes are kept for others.
const MOST_SPARE: usize = 64;

impl Clone for World {
    fn clone(&self) -> Self {
        World {
            lab: self.lab,
            seed: self.seed,
            settings: self.settings.clone(),
            config: self.config.clone(),
            event: self.event,
            now_us: self.now_us,
            nodes: self.nodes.clone(),
            network: self.network.clone(),
            queue: self.queue.clone(),
            held: self.held.clone(),
            links: self.links.clone(),
            messages_sent: self.messages_sent,
            messages_delivered: self.messages_delivered,
            history: self.history.clone(),
            monitor: self.monitor.clone(),
            verdicts: self.verdicts.clone(),
            is_watched: self.is_watched,
            last_node: self.last_node,
            timing: self.timing,
            weight: self.weight,
            routines: self.routines.clone(),
            trail: self.trail,
            outbox: Outbox::default(),
            spare: Vec::new(),
            record: Record::default(),
        }
    }
}

/// A world as the code of its lab reads it.
#[derive(Debug)]
pub struct WorldOf<'a, L: System> {
    world: &'a World,
    lab: PhantomData<fn() -> L>,
}

impl<L: System> Clone for WorldOf<'_, L> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<L: System> Copy for WorldOf<'_, L> {}

impl<L: System> Deref for WorldOf<'_, L> {
    type Target = World;

    fn deref(&self) -> &World {
        self.world
    }
}

impl<'a, L: System> WorldOf<'a, L> {
    /// What the nodes know from the start.
    pub fn config(self) -> &'a <L::Protocol as Protocol>::Config {
        self.world.config.downcast_ref().expect("the config of the world's own lab")
    }

    /// The nodes.
    pub fn nodes(self) -> NodesOf<'a, L::Protocol> {
        self.world.nodes.of()
    }

    /// The messages under way, held, or waiting for a paused node.
    pub fn messages(self) -> impl Iterator<Item = EnvelopeOf<'a, L::Protocol>> {
        self.world.messages().map(|envelope| EnvelopeOf::new(envelope))
    }

    /// What clients asked and were told.
    pub fn history(self) -> &'a History {
        self.world.history()
    }

    /// The short name of a node.
    pub fn label(self, node: NodeId) -> &'a str {
        self.world.label(node)
    }

    /// All settings.
    pub fn settings(self) -> &'a Settings {
        self.world.settings()
    }

    /// What the lab's monitor has seen so far; in an unwatched world, nothing. No node knows it: a view leaves it alone where a
    /// frame has a knower.
    pub fn monitor(self) -> &'a L::Monitor
    where
        L: Checks,
    {
        self.world.monitor.hidden().downcast_ref().expect("the monitor of the world's own lab")
    }
}

impl World {
    /// A world of this lab at time 0, its nodes started. The settings have to be complete; the error says what is wrong
    /// with them.
    pub fn new(lab: &'static dyn AnySystem, settings: Settings, seed: u64) -> Result<World, Text> {
        settings.accept(&lab.settings()).map(|settings| World::build(lab, settings, seed))
    }

    /// A new run whose settings may lie beyond the bounds of the lab, which are those of a screen: for experiments on many
    /// nodes, of which there can be [`MOST_NODES`]. What is missing has its default; names that the lab does not know mean
    /// nothing.
    pub fn beyond_bounds(lab: &'static dyn AnySystem, settings: &Settings, seed: u64) -> World {
        let defaults = Settings::defaults(&lab.settings());
        let all = settings.iter().fold(defaults, |all, (name, value)| all.with(name, value.clone()));
        World::build(lab, all, seed)
    }

    fn build(lab: &'static dyn AnySystem, settings: Settings, seed: u64) -> World {
        let start = lab.start(&settings);
        let off = start.off.clone();
        let mut world = World {
            lab,
            seed,
            config: lab.configure(&settings),
            settings: Rc::new(settings),
            event: 0,
            now_us: 0,
            network: Network::new(seed, start.labels.len(), start.lines.clone()),
            links: start.links.iter().copied().collect(),
            nodes: nodes(start, seed),
            queue: Queue::default(),
            held: Map::default(),
            messages_sent: 0,
            messages_delivered: 0,
            history: History::new(),
            monitor: lab.monitor(),
            verdicts: Verdicts::new(&lab.checks()),
            is_watched: true,
            last_node: None,
            timing: Timing::default(),
            weight: Weight::Telling,
            routines: Vec::new(),
            trail: mix(seed),
            outbox: Outbox::default(),
            spare: Vec::new(),
            record: Record::default(),
        };
        for (node, manner) in lab.liars(&world.settings, &mut Rng::stream(seed, LIARS)) {
            world.nodes.slot_mut(node).lies = Some(manner);
        }
        for node in world.nodes.ids() {
            if !off.contains(&node) {
                world.boot(node);
            }
        }
        // Nobody has seen the starts.
        world.routines.clear();
        world.settle();
        world
    }

    /// The same world with the types of its lab.
    pub fn of<L: System>(&self) -> WorldOf<'_, L> {
        WorldOf { world: self, lab: PhantomData }
    }

    /// The same world without the monitor's checks, for runs that ask for nothing but speed.
    pub fn unwatched(mut self) -> World {
        self.is_watched = false;
        self
    }

    /// How many events have happened.
    pub fn event(&self) -> u64 {
        self.event
    }

    /// Virtual time, in microseconds.
    pub fn now_us(&self) -> u64 {
        self.now_us
    }

    /// When the next event happens by itself, in microseconds of virtual time; none when nothing is due.
    pub fn next_at_us(&self) -> Option<u64> {
        self.queue.first().map(|((at_us, _), _)| at_us.max(self.now_us))
    }

    /// The node that acted last.
    pub fn last_node(&self) -> Option<NodeId> {
        self.last_node
    }

    /// How much the last event tells: as a part of the run up to it, the same whenever it is computed. A world that is unwatched
    /// does not weigh.
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// The seed of all random numbers.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// All settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The nodes.
    pub fn nodes(&self) -> &Nodes {
        &self.nodes
    }

    /// The links.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// What clients asked and were told.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The verdicts of the monitor.
    pub fn verdicts(&self) -> &Verdicts {
        &self.verdicts
    }

    /// The messages under way, held, or waiting for a paused node.
    pub fn messages(&self) -> impl Iterator<Item = &Rc<Envelope>> {
        self.queue.messages().chain(self.resting_messages())
    }

    /// The same in no order that means anything, which takes less.
    pub(crate) fn messages_unsorted(&self) -> impl Iterator<Item = &Rc<Envelope>> {
        self.queue.messages_unsorted().chain(self.resting_messages())
    }

    fn resting_messages(&self) -> impl Iterator<Item = &Rc<Envelope>> {
        let waiting = self.nodes.slots.iter().flat_map(|slot| &slot.waiting).filter_map(|waiting| match waiting {
            Waiting::Message(envelope) => Some(envelope),
            Waiting::Timer(_) => None,
        });
        self.held.values().chain(waiting)
    }

    /// Whether a message is held.
    pub fn is_held(&self, message: MessageId) -> bool {
        self.held.get(&message).is_some()
    }

    /// The short name of a node.
    pub fn label(&self, node: NodeId) -> &str {
        self.nodes.label(node)
    }

    /// How many messages have come to their receivers.
    pub fn messages_delivered(&self) -> u64 {
        self.messages_delivered
    }

    /// How many messages have been sent, copies included.
    pub fn messages_sent(&self) -> u64 {
        self.messages_sent
    }

    /// Lets the next event happen. False when nothing is due.
    pub fn step(&mut self) -> bool {
        let Some((key, due)) = self.queue.pop() else {
            return false;
        };
        self.begin(key.0.max(self.now_us));
        match due {
            Due::Message(envelope) => self.deliver(envelope),
            Due::Timer(node) => self.fire(node, |set| set.queued == key),
            Due::Start(node) => self.restart(node),
        }
        true
    }

    /// Starts to write down what happens, or stops.
    pub(crate) fn set_recording(&mut self, recording: bool) {
        self.outbox.recording = recording;
    }

    pub(crate) fn is_recording(&self) -> bool {
        self.outbox.recording
    }

    pub(crate) fn begin(&mut self, at_us: u64) {
        self.event += 1;
        self.now_us = at_us;
        self.timing = Timing::default();
        self.weight = Weight::Telling;
        if self.outbox.recording {
            self.record = Record::default();
        }
    }

    /// Ends an event: the checks look at it, and what is due next comes to the front of the queue.
    pub(crate) fn end(&mut self, node: Option<NodeId>, trace: u64) {
        self.settle();
        self.last_node = node;
        self.trail = mix(self.trail ^ mix(self.now_us) ^ trace);
        if self.is_watched {
            self.verdicts.begin(self.event);
            let seen = Seen {
                event: self.event,
                at_us: self.now_us,
                node,
                config: &*self.config,
                nodes: &self.nodes,
                network: &self.network,
                timing: self.timing,
            };
            self.monitor.observe(&seen, &mut self.verdicts);
            if self.verdicts.are_new() {
                self.weight = Weight::Telling;
            }
        }
        if self.outbox.recording {
            self.record.notes.append(&mut self.outbox.notes);
            self.record.rules.append(&mut self.outbox.rules);
            self.name_missing_rules();
        }
    }

    /// Adds to the caption the rules that would have decided something, and are switched off.
    fn name_missing_rules(&mut self) {
        // A caption has no room for a third sentence, and its first one may say that somebody has restarted the node.
        let last = if matches!(self.record.what, Happening::Input(Input::Restart(_))) { 0 } else { 1 };
        for missing in std::mem::take(&mut self.outbox.missing) {
            let said = switched_off(Some(self.lab), missing);
            if self.record.notes.contains(&said) {
                continue;
            }
            match self.record.notes.get_mut(last) {
                Some(why) => {
                    let rule = title_of(Some(self.lab), missing);
                    *why = t!("{why} (switched off: “{rule}”)", why = std::mem::take(why), rule = rule);
                }
                None => self.record.notes.push(said),
            }
        }
    }

    /// A message comes to its receiver, or to where its receiver should have been.
    pub(crate) fn deliver(&mut self, mut envelope: Rc<Envelope>) {
        let MessageId { from, to, number } = envelope.id;
        if self.outbox.recording {
            self.record.what = Happening::Delivery(envelope.clone());
            self.record.cause = Some(envelope.cause);
        }
        let node = match self.arrive(&envelope) {
            Ok(damaged) => {
                self.messages_delivered += 1;
                if self.is_watched {
                    self.network.hear(from, to);
                }
                let Envelope { payload, lamport, vector, .. } = Rc::make_mut(&mut envelope);
                if let Some(damaged) = damaged {
                    *payload = damaged;
                }
                let lab = self.lab;
                self.run(to, Some((*lamport, vector)), |slot, context| {
                    if let Some(state) = slot {
                        lab.on_message(state, from, payload, context);
                    }
                });
                if self.spare.len() < MOST_SPARE {
                    self.spare.push(envelope);
                }
                Some(to)
            }
            Err(loss) => {
                self.weight = envelope.weight;
                self.lose(envelope, loss);
                None
            }
        };
        self.end(node, mix(number.into()));
    }

    /// Whether the receiver gets a message, and what it gets instead if the message was damaged under way.
    fn arrive(&mut self, envelope: &Envelope) -> Result<Option<Parcel>, Loss> {
        if self.nodes.slot(envelope.to).state.is_none() {
            return Err(Loss::NodeDown);
        }
        if !envelope.corrupted {
            return Ok(None);
        }
        let rng = self.network.rng(envelope.from, envelope.to);
        self.lab.corrupt(&envelope.payload, rng).map(Some).ok_or(Loss::Corrupted)
    }

    /// A timer runs out.
    pub(crate) fn fire(&mut self, node: NodeId, is_meant: impl Fn(&SetTimer) -> bool) {
        let slot = self.nodes.slot_mut(node);
        if let Some(place) = slot.timers.iter().position(is_meant) {
            let set = slot.timers.remove(place);
            if self.outbox.recording {
                self.record.what = Happening::Timer(node, set.timer.clone());
                self.record.cause = (set.cause > 0).then_some(set.cause);
            }
            let lab = self.lab;
            self.act(node, |state, context| lab.on_timer(state, &set.timer, context));
        }
        self.end(Some(node), mix(node.0.into()));
    }

    /// Lets a node handle something, and carries out what it asks for.
    pub(crate) fn act(&mut self, node: NodeId, handle: impl FnOnce(&mut Hidden, Context<'_>)) {
        self.run(node, None, |state, context| {
            if let Some(state) = state {
                handle(state, context);
            }
        });
    }

    /// A node that had ended is started again by its machine.
    fn restart(&mut self, node: NodeId) {
        if self.outbox.recording {
            self.record.what = Happening::Restart(node);
        }
        self.boot(node);
        self.weight = Weight::Telling;
        self.end(Some(node), mix(node.0.into()));
    }

    /// Takes a node down: its state, its timers and what waited for it are lost.
    pub(crate) fn halt(&mut self, node: NodeId, status: Status) {
        let slot = self.nodes.slot_mut(node);
        (slot.state, slot.status, slot.starts) = (None, status, None);
        slot.timers.clear();
        for waiting in std::mem::take(&mut slot.waiting) {
            match waiting {
                // What had not reached it yet is still under way.
                Waiting::Message(envelope) if envelope.arrives_at_us > self.now_us => self.queue.push_message(envelope),
                Waiting::Message(envelope) => self.lose(envelope, Loss::NodeDown),
                Waiting::Timer(_) => {}
            }
        }
    }

    /// A process has asked for its own end.
    fn exit(&mut self, node: NodeId, restart_after_us: Option<u64>) {
        self.halt(node, Status::Off);
        self.weight = Weight::Telling;
        let Some(after_us) = restart_after_us else { return };
        let number = self.queue.number();
        let slot = self.nodes.slot_mut(node);
        let at_us = self.now_us.saturating_add(slot.clock.true_duration(after_us));
        slot.starts = Some((at_us, number));
        self.queue.push((at_us, number), Due::Start(node));
    }

    /// Starts a node from its disk.
    pub(crate) fn boot(&mut self, node: NodeId) {
        let slot = self.nodes.slot_mut(node);
        (slot.status, slot.starts) = (Status::Up, None);
        let (lab, disk) = (self.lab, slot.disk.clone());
        self.run(node, None, |state, context| *state = Some(lab.boot(&disk, context)));
    }

    /// One event of a node: it hears of times, handles something, and what it asks for is carried out.
    fn run(
        &mut self,
        node: NodeId,
        heard: Option<(u64, &VectorTime)>,
        handle: impl FnOnce(&mut Option<Hidden>, Context<'_>),
    ) {
        let node_count = self.nodes.len();
        let slot = self.nodes.slot_mut(node);
        if let Some((lamport, vector)) = heard {
            slot.learn(lamport, vector);
        }
        slot.tick(node);
        self.record.is_noticed = true;
        let context = Context {
            me: node,
            node_count,
            config: &*self.config,
            lab: Some(self.lab),
            settings: &self.settings,
            local_now_us: slot.clock.shows(self.now_us),
            counted_us: slot.clock.counts(self.now_us),
            rng: &mut slot.rng,
            out: &mut self.outbox,
            next_operation: self.history.len() as u64,
            timers: &slot.timers,
        };
        handle(&mut slot.state, context);
        if let Some(kind) = self.outbox.routine.take().filter(|_| self.is_watched) {
            if self.routines.contains(&kind) {
                self.weight = Weight::Routine;
            } else {
                self.routines.push(kind);
            }
        }
        if let Some(disk) = self.outbox.disk.take() {
            slot.disk = disk;
        }
        match std::mem::take(&mut self.outbox.clock_step_us) {
            0 => {}
            by_us => {
                let offset_us = slot.clock.offset_us(self.now_us).saturating_add(by_us);
                let offset_us = offset_us.clamp(-Clock::OFFSET_US, Clock::OFFSET_US);
                slot.clock = slot.clock.with_offset(self.now_us, offset_us);
            }
        }
        for (timer, after_us) in self.outbox.timers.drain(..) {
            set_timer(slot, node, timer, after_us, (self.now_us, self.event), &mut self.queue);
        }
        for step in self.outbox.operations.drain(..) {
            match step {
                OperationStep::Invoke(key, call) => {
                    self.history.invoke(node.0.into(), self.event, self.now_us, key, call);
                }
                OperationStep::Complete(id, outcome) => {
                    self.history.complete(id, self.event, self.now_us, outcome);
                }
            }
        }
        if !self.outbox.sends.is_empty() {
            let (lamport, vector, lies) = (slot.lamport, slot.vector.clone(), slot.lies);
            let mut sends = std::mem::take(&mut self.outbox.sends);
            for (to, payload) in sends.drain(..) {
                match lies {
                    None => self.send(node, to, (payload, None), (lamport, &vector)),
                    Some(manner) => self.lie(node, to, (payload, manner), (lamport, &vector)),
                }
            }
            self.outbox.sends = sends;
        }
        if let Some(restart_after_us) = self.outbox.ends.take() {
            self.exit(node, restart_after_us);
        }
    }

    /// Sends what a lying node makes of a message, if anything.
    fn lie(&mut self, from: NodeId, to: NodeId, (message, manner): (Parcel, Manner), time: (u64, &VectorTime)) {
        let lab = self.lab;
        match lab.lie(&message, from, to, manner, &mut self.nodes.slot_mut(from).rng) {
            Lie::AsItIs => self.send(from, to, (message, None), time),
            Lie::Changed(lie) => {
                self.weight = Weight::Telling;
                self.send(from, to, (lie, Some(message)), time);
            }
            Lie::Nothing => {
                self.weight = Weight::Telling;
                if self.outbox.recording {
                    self.record.withheld.push((to, message));
                }
            }
        }
    }

    fn send(
        &mut self,
        from: NodeId,
        to: NodeId,
        (payload, honest): (Parcel, Option<Parcel>),
        (lamport, vector): (u64, &VectorTime),
    ) {
        let lab = self.lab;
        let (id, passage) = self.network.pass(from, to, self.now_us, || lab.size(&payload));
        self.messages_sent += 1;
        let (leaves_at_us, arrives_at_us, corrupted) = match passage {
            Passage::Arrives { leaves_us, at_us, corrupted, .. } => (leaves_us, at_us, corrupted),
            Passage::Lost(_) => (self.now_us, self.now_us, false),
        };
        let envelope = self.shared(Envelope {
            id,
            from,
            to,
            payload,
            sent_at_us: self.now_us,
            leaves_at_us,
            arrives_at_us,
            cause: self.event,
            lamport,
            vector: vector.clone(),
            corrupted,
            honest,
            weight: self.weight,
        });
        if self.outbox.recording {
            self.record.sent.push(envelope.clone());
        }
        self.time(&envelope);
        match passage {
            Passage::Lost(loss) => self.lose(envelope, loss),
            Passage::Arrives { copy_at_us: None, .. } => self.queue.push_message(envelope),
            Passage::Arrives { copy_at_us: Some(copy_at_us), .. } => {
                self.queue.push_message(envelope.clone());
                self.enqueue_copy(Envelope { arrives_at_us: copy_at_us, ..Rc::unwrap_or_clone(envelope) });
            }
        }
    }

    /// Puts an envelope into the memory of one that is not used any more, if there is one.
    fn shared(&mut self, envelope: Envelope) -> Rc<Envelope> {
        let Some(mut spare) = self.spare.pop() else { return Rc::new(envelope) };
        let emptied = std::mem::replace(Rc::make_mut(&mut spare), envelope);
        self.outbox.spare.push(emptied.payload);
        spare
    }

    /// Puts a second copy of a message on its way.
    pub(crate) fn enqueue_copy(&mut self, mut copy: Envelope) {
        copy.id = self.network.next_message(copy.from, copy.to);
        self.messages_sent += 1;
        self.time(&copy);
        let copy = Rc::new(copy);
        if self.outbox.recording {
            self.record.sent.push(copy.clone());
        }
        self.queue.push_message(copy);
    }

    /// Notes how long a message takes.
    pub(crate) fn time(&mut self, envelope: &Envelope) {
        let takes_us = envelope.arrives_at_us.saturating_sub(envelope.sent_at_us);
        self.timing.slowest_us = self.timing.slowest_us.max(takes_us);
    }

    pub(crate) fn lose(&mut self, envelope: Rc<Envelope>, loss: Loss) {
        self.timing.lost |= loss != Loss::NodeDown;
        if self.is_watched && self.network.fall_silent(envelope.from, envelope.to) {
            self.weight = Weight::Telling;
        }
        if self.outbox.recording {
            self.record.lost.push((envelope, loss));
        }
    }

    /// Brings what really happens next to the front of the queue: timers that were moved or cancelled are put in their
    /// places or removed, and what meets a paused node waits there.
    pub(crate) fn settle(&mut self) {
        while let Some((key, due)) = self.queue.first() {
            let goes_ahead = match due {
                Due::Message(envelope) => self.nodes.status(envelope.to) != Status::Paused,
                Due::Timer(node) => {
                    let slot = self.nodes.slot(*node);
                    let mut timers = slot.timers.iter();
                    slot.status == Status::Up && timers.any(|set| set.queued == key && set.fires_at_us <= key.0)
                }
                Due::Start(node) => self.nodes.slot(*node).starts == Some(key),
            };
            if goes_ahead {
                return;
            }
            let Some((_, due)) = self.queue.pop() else { return };
            match due {
                Due::Message(envelope) => {
                    let slot = self.nodes.slot_mut(envelope.to);
                    slot.waiting.push(Waiting::Message(envelope));
                }
                Due::Timer(node) => self.settle_timer(node, key),
                Due::Start(_) => {}
            }
        }
    }

    fn settle_timer(&mut self, node: NodeId, key: Key) {
        let slot = self.nodes.slot_mut(node);
        let is_paused = slot.status == Status::Paused;
        let Some(set) = slot.timers.iter_mut().find(|set| set.queued == key) else {
            return;
        };
        let id = set.id;
        if set.fires_at_us > key.0 {
            set.queued = (set.fires_at_us, key.1);
            self.queue.push(set.queued, Due::Timer(node));
        } else if is_paused {
            slot.waiting.push(Waiting::Timer(id));
        }
    }

    /// A number that two equal moments share and two different ones (all but certainly) do not: the same natively and
    /// in WebAssembly.
    pub fn digest(&self) -> u64 {
        let mut digest = Digest(self.trail);
        digest.add(&(self.event, self.now_us, self.messages_sent, self.messages_delivered));
        for slot in &self.nodes.slots {
            digest.add(&slot.state.is_some());
            slot.state.iter().for_each(|state| state.fold(&mut digest));
            slot.disk.fold(&mut digest);
            digest.add(&(slot.status, &slot.clock, slot.lamport, &*slot.vector, slot.timers.len() as u64));
            // Nothing is added where nothing is to start, so that digests of links that were made before there was this stay.
            slot.starts.iter().for_each(|(at_us, _)| digest.add(at_us));
            slot.lies.iter().for_each(|manner| digest.add(manner));
            for set in &slot.timers {
                digest.add(&set.id);
                set.timer.fold(&mut digest);
                digest.add(&(set.set_at_us, set.fires_at_us, set.cause));
            }
        }
        for envelope in self.messages() {
            let Envelope {
                id,
                from,
                to,
                payload,
                sent_at_us,
                arrives_at_us,
                cause,
                lamport,
                vector,
                corrupted,
                honest,
                ..
            } = &**envelope;
            digest.add(&(id, from, to));
            payload.fold(&mut digest);
            digest.add(&(sent_at_us, arrives_at_us, cause, lamport, vector, corrupted));
            honest.iter().for_each(|honest| honest.fold(&mut digest));
        }
        for operation in self.history.iter() {
            digest.add(operation);
        }
        digest.0
    }

    /// A number that moments share (all but certainly only those) from which the same can follow if time stands still:
    /// the same states, messages under way, timers, links, and what the checks remember. When and in which order that
    /// came about does not count.
    pub(crate) fn shape(&self) -> u64 {
        let mut digest = Digest(0);
        for slot in &self.nodes.slots {
            digest.add(&(slot.status, slot.lies));
            slot.state.iter().for_each(|state| state.fold(&mut digest));
            slot.disk.fold(&mut digest);
            digest.add(&slot.starts.is_some());
            digest.add(&sum_of(&slot.timers, |set, digest| set.timer.fold(digest)));
        }
        digest.add(&sum_of(self.messages_unsorted(), |envelope, digest| digest.add(&envelope.shape())));
        self.network.cuts().for_each(|cut| digest.add(&cut));
        self.monitor.fold(&mut digest);
        for operation in self.history.iter() {
            let ended = operation.completed.as_ref().map(|(moment, outcome)| (moment.order, outcome));
            digest.add(&(operation.client, &operation.key, &operation.call, operation.invoked.order, ended));
        }
        digest.0
    }
}

/// A number for some things in whatever order they come.
fn sum_of<T>(things: impl IntoIterator<Item = T>, fold: impl Fn(T, &mut Digest)) -> u64 {
    let number = |thing| {
        let mut digest = Digest(0);
        fold(thing, &mut digest);
        mix(digest.0)
    };
    things.into_iter().map(number).fold(0, u64::wrapping_add)
}

fn nodes(start: Start, seed: u64) -> Nodes {
    assert!(start.labels.len() <= MOST_NODES, "a lab asked for more than {MOST_NODES} nodes");
    let vector = VectorTime::zero(start.labels.len());
    let slot = |(index, disk)| {
        Rc::new(Slot {
            state: None,
            disk,
            status: Status::Off,
            lies: None,
            clock: start.clocks[index],
            rng: Rng::stream(seed, 1 + index as u64),
            lamport: 0,
            vector: vector.clone(),
            timers: Vec::new(),
            timers_set: 0,
            starts: None,
            waiting: Vec::new(),
        })
    };
    Nodes {
        labels: start.labels.into(),
        ranks: start.ranks.into(),
        slots: start.disks.into_iter().enumerate().map(slot).collect(),
    }
}

fn set_timer(
    slot: &mut Slot,
    node: NodeId,
    timer: Shared,
    after_us: Option<u64>,
    (now_us, event): (u64, u64),
    queue: &mut Queue,
) {
    let place = slot.timers.iter().position(|set| set.timer.is(&timer));
    let Some(after_us) = after_us else {
        if let Some(place) = place {
            slot.timers.remove(place);
        }
        return;
    };
    slot.timers_set += 1;
    let id = TimerId(slot.timers_set);
    let number = queue.number();
    let fires_at_us = now_us.saturating_add(slot.clock.true_duration(after_us));
    // A timer that moves to a later time leaves its entry in the queue where it is (see `SetTimer::queued`), and the
    // entry then goes by its old number.
    let queued = (fires_at_us, number);
    let set = SetTimer { id, timer, set_at_us: now_us, fires_at_us, cause: event, queued };
    match place {
        Some(place) if slot.timers[place].queued.0 <= fires_at_us => {
            let queued = slot.timers[place].queued;
            slot.timers[place] = SetTimer { queued, ..set };
        }
        Some(place) => {
            slot.timers[place] = set;
            queue.push(queued, Due::Timer(node));
        }
        None => {
            slot.timers.push(set);
            queue.push(queued, Due::Timer(node));
        }
    }
}
