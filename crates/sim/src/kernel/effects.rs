//! What a handler of a protocol may do.

use std::any::Any;

use crate::base::id::NodeId;
use crate::base::opaque::{Parcel, Shared};
use crate::base::rng::Rng;
use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::judge::history::{Call, OperationId, Outcome, Value};
use crate::kernel::erased::AnySystem;
use crate::kernel::nodes::SetTimer;
use crate::kernel::system::Protocol;
use crate::t;

/// Collects what a node does while it handles one event. The world carries it out afterwards, in this order.
#[derive(Debug)]
pub struct Effects<'a, P: Protocol> {
    config: &'a P::Config,
    context: Context<'a>,
}

/// What a node can see and do while it handles one event, before the types of its protocol are put on it.
#[derive(Debug)]
pub struct Context<'a> {
    pub(crate) me: NodeId,
    pub(crate) node_count: usize,
    pub(crate) config: &'a dyn Any,
    /// Whose rules these are; none in a stand for tests.
    pub(crate) lab: Option<&'static dyn AnySystem>,
    /// Which rules are followed.
    pub(crate) settings: &'a Settings,
    pub(crate) local_now_us: i64,
    pub(crate) counted_us: u64,
    pub(crate) rng: &'a mut Rng,
    pub(crate) out: &'a mut Outbox,
    pub(crate) next_operation: u64,
    /// The timers of the node that are set.
    pub(crate) timers: &'a [SetTimer],
}

/// What a handler asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outbox {
    pub sends: Vec<(NodeId, Parcel)>,
    /// Parcels whose messages have been taken out, for others.
    pub spare: Vec<Parcel>,
    pub timers: Vec<(Shared, Option<u64>)>,
    /// How far the node's clock is set forward; back where it is less than 0.
    pub clock_step_us: i64,
    pub disk: Option<Shared>,
    /// The process ends; after so many microseconds of its clock it is started again, if it is.
    pub ends: Option<Option<u64>>,
    pub operations: Vec<OperationStep>,
    /// Whether anybody reads notes and rules: they cost nothing otherwise.
    pub recording: bool,
    pub notes: Vec<Text>,
    pub rules: Vec<&'static str>,
    /// Rules that would have decided something, and are switched off.
    pub missing: Vec<&'static str>,
    /// The kind of routine that the event is; none for what tells something.
    pub routine: Option<&'static str>,
}

/// A client operation begins or ends.
#[derive(Clone, Debug)]
pub(crate) enum OperationStep {
    Invoke(Value, Call),
    Complete(OperationId, Outcome),
}

impl<'a, P: Protocol> Effects<'a, P> {
    pub(crate) fn new(context: Context<'a>) -> Effects<'a, P> {
        let config = context.config.downcast_ref().expect("the config of the world's own lab");
        Effects { config, context }
    }

    /// The node that acts.
    pub fn me(&self) -> NodeId {
        self.context.me
    }

    /// How many nodes the world has.
    pub fn node_count(&self) -> usize {
        self.context.node_count
    }

    /// What all nodes know.
    pub fn config(&self) -> &P::Config {
        self.config
    }

    /// What this node's own clock shows, in microseconds. It drifts, and a person can set it wrong.
    pub fn local_now(&self) -> i64 {
        self.context.local_now_us
    }

    /// How long this node's machine has run, in microseconds of its own clock: a clock that drifts too, but that nobody can set,
    /// so that it only goes forward. It goes on through a crash of the process.
    pub fn monotonic_now(&self) -> u64 {
        self.context.counted_us
    }

    /// Sets this node's own clock forward after this event, or back by a negative time.
    pub fn step_clock(&mut self, by_us: i64) {
        self.context.out.clock_step_us = by_us;
    }

    /// Sends a message. It may arrive late, twice, after a later one, or not at all.
    pub fn send(&mut self, to: NodeId, message: P::Message) {
        let out = &mut self.context.out;
        let parcel = match out.spare.pop() {
            Some(mut parcel) => {
                parcel.refill(message);
                parcel
            }
            None => Parcel::new(message),
        };
        out.sends.push((to, parcel));
    }

    /// Sets a timer to run out after so many microseconds of the node's own clock; one that is set already is moved.
    pub fn set_timer(&mut self, timer: P::Timer, after_us: u64) {
        let timer = self.shared(timer);
        self.context.out.timers.push((timer, Some(after_us)));
    }

    /// Cancels a timer; nothing happens if it is not set.
    pub fn cancel_timer(&mut self, timer: P::Timer) {
        let timer = self.shared(timer);
        self.context.out.timers.push((timer, None));
    }

    /// The one that stands for this timer already, or a new one: most timers are set again and again.
    fn shared(&self, timer: P::Timer) -> Shared {
        let set = self.context.timers.iter().map(|set| &set.timer);
        let asked = self.context.out.timers.iter().map(|(asked, _)| asked);
        let known = set.chain(asked).find(|known| *known.read::<P::Timer>() == timer);
        known.cloned().unwrap_or_else(|| Shared::new(timer))
    }

    /// Writes the disk. It is written before any message of this handler leaves.
    pub fn persist(&mut self, disk: P::Disk) {
        self.context.out.disk = Some(Shared::new(disk));
    }

    /// Ends the process after this event: what is not on the disk is lost, timers too, and messages that arrive from then on. The
    /// machine starts it again after so many microseconds of its clock, or, where nothing is said, waits until somebody does.
    pub fn exit(&mut self, restart_after_us: Option<u64>) {
        self.context.out.ends = Some(restart_after_us);
    }

    /// A client operation on this key begins here and now; the history keeps it.
    pub fn invoke(&mut self, key: Value, call: Call) -> OperationId {
        let id = OperationId(self.context.next_operation);
        self.context.next_operation += 1;
        self.context.out.operations.push(OperationStep::Invoke(key, call));
        id
    }

    /// A client operation ends here and now with this outcome.
    pub fn complete(&mut self, operation: OperationId, outcome: Outcome) {
        self.context.out.operations.push(OperationStep::Complete(operation, outcome));
    }

    /// A free choice of the protocol among 0 to `choices - 1`, such as a random timeout.
    pub fn choose(&mut self, choices: u64) -> u64 {
        self.context.rng.below(choices)
    }

    /// Says in a sentence what this event did: the caption. The first note is the headline, the second says why.
    pub fn note(&mut self, note: impl FnOnce() -> Text) {
        if self.context.out.recording {
            self.context.out.notes.push(note());
        }
    }

    /// Says that this event is routine of a kind, such as a heartbeat that changes nothing: nobody has to read it. The first of each
    /// kind in a run is telling all the same, and so is what loses a message or changes a verdict (see
    /// [`Weight`](crate::frame::Weight)).
    pub fn routine(&mut self, kind: &'static str) {
        self.context.out.routine = Some(kind);
    }

    /// Names the rule that decided what was done here. Of a rule that is switched off the caption says that it is missing.
    pub fn rule(&mut self, rule: &'static str) {
        if !self.context.out.recording {
            return;
        }
        if self.context.settings.is_on(rule) {
            self.context.out.rules.push(rule);
        } else if !self.context.out.missing.contains(&rule) {
            self.context.out.missing.push(rule);
        }
    }

    /// Says what these rules promise together. Where one of them is switched off there is no such promise, and the caption says
    /// instead that the rule is missing.
    pub fn because(&mut self, rules: &[&'static str], promise: impl FnOnce() -> Text) {
        let missing = rules.iter().find(|rule| !self.context.settings.is_on(rule));
        let lab = self.context.lab;
        self.note(|| missing.map_or_else(promise, |missing| switched_off(lab, missing)));
    }
}

/// Says that a rule is switched off.
pub(crate) fn switched_off(lab: Option<&dyn AnySystem>, name: &str) -> Text {
    t!("This rule is switched off: “{rule}”.", rule = title_of(lab, name))
}

/// What a rule says.
pub(crate) fn title_of(lab: Option<&dyn AnySystem>, name: &str) -> Text {
    let title = lab.into_iter().flat_map(AnySystem::rules).find(|rule| rule.name == name).map(|rule| rule.title);
    title.unwrap_or_default()
}
