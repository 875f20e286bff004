//! A system behind a plain interface: what the world calls, for values that only the system's own code can read.

use std::any::Any;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::rc::Rc;

use crate::base::clock::Clock;
use crate::base::digest::Digest;
use crate::base::id::NodeId;
use crate::base::opaque::{Hidden, Parcel, Shared};
use crate::base::rng::Rng;
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::frame::{Action, Frame, LegendRow, Measure};
use crate::judge::check::{Check, Verdicts};
use crate::kernel::effects::{Context, Effects};
use crate::kernel::lie::{Lie, Manner};
use crate::kernel::network::{Line, Lines, Network};
use crate::kernel::nodes::Nodes;
use crate::kernel::system::{
    About, Cover, Look, Machinery, MessageLook, Monitor, NodeSetup, Observation, Protocol, Rule, Timing, all_settings,
};
use crate::kernel::world::World;

/// A system with its types hidden. Its methods are those of the traits that [`Machinery`] is the sum of, and of [`Protocol`].
/// All but [`Of`] is compiled once for all labs.
pub trait AnySystem: Sync {
    /// The name card.
    fn about(&self) -> About;
    /// The settings, with a switch for each rule.
    fn settings(&self) -> Vec<Setting>;
    /// The rules of the protocol.
    fn rules(&self) -> Vec<Rule>;
    /// The checks.
    fn checks(&self) -> Vec<Check>;
    /// The nodes and links of a new world.
    fn start(&self, settings: &Settings) -> Start;
    /// What the nodes know.
    fn configure(&self, settings: &Settings) -> Rc<dyn Any>;
    /// Starts a node from its disk.
    fn boot(&self, disk: &Shared, context: Context<'_>) -> Hidden;
    /// A message arrives, and is taken out of its parcel.
    fn on_message(&self, state: &mut Hidden, from: NodeId, message: &mut Parcel, context: Context<'_>);
    /// A timer runs out.
    fn on_timer(&self, state: &mut Hidden, timer: &Shared, context: Context<'_>);
    /// A person tells the node to do something; the error says what is wrong with it.
    fn on_operation(&self, state: &mut Hidden, operation: &Operation<'_>, context: Context<'_>);
    /// Says what is wrong with an operation.
    fn refuse(&self, operation: &Operation<'_>) -> Result<(), Text>;
    /// Damages a message; none if its receiver would notice.
    fn corrupt(&self, message: &Parcel, rng: &mut Rng) -> Option<Parcel>;
    /// The manners in which nodes can lie.
    fn manners(&self) -> &'static [Manner];
    /// What a lying node makes of a message.
    fn lie(&self, message: &Parcel, from: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Parcel>;
    /// How many lying nodes a hunt lets lie.
    fn most_liars(&self, config: &dyn Any) -> usize;
    /// Who lies from the start.
    fn liars(&self, settings: &Settings, rng: &mut Rng) -> Vec<(NodeId, Manner)>;
    /// How large a message is, in bytes.
    fn size(&self, message: &Parcel) -> u64;
    /// An empty disk.
    fn empty_disk(&self) -> Shared;
    /// The monitor of a new run.
    fn monitor(&self) -> Box<dyn AnyMonitor>;
    /// What nodes can be told to do.
    fn actions(&self, world: &World) -> Vec<Action>;
    /// The numbers of a moment.
    fn measures(&self, world: &World) -> Vec<Measure>;
    /// How many of a node's fields, the first ones, a beginner needs.
    fn essential_fields(&self) -> usize;
    /// How a node looks.
    fn look(&self, node: NodeId, state: Option<&Hidden>) -> Look;
    /// The time that a node gives its last event.
    fn stamp(&self, state: &Hidden) -> Option<Text>;
    /// How a message looks.
    fn message_look(&self, message: &Parcel) -> MessageLook;
    /// Whom a message claims to be of, and its lock.
    fn cover(&self, message: &Parcel) -> Cover;
    /// What a timer is called.
    fn timer_name(&self, timer: &Shared) -> Text;
    /// What the signs on the stage mean.
    fn legend(&self) -> Vec<LegendRow>;
    /// Adds to a frame what only the lab knows.
    fn view(&self, world: &World, frame: &mut Frame);
}

/// Watches a run for the checks of a lab whose types are hidden.
pub trait AnyMonitor {
    /// The same again.
    fn copy(&self) -> Box<dyn AnyMonitor>;
    /// Looks at the world after an event.
    fn observe(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts);
    /// Takes what it remembers into a digest.
    fn fold(&self, digest: &mut Digest);
    /// The lab's own monitor.
    fn hidden(&self) -> &dyn Any;
}

/// What a monitor sees after an event; see [`Observation`].
#[derive(Debug)]
pub struct Seen<'a> {
    pub event: u64,
    pub at_us: u64,
    pub node: Option<NodeId>,
    pub config: &'a dyn Any,
    pub nodes: &'a Nodes,
    pub network: &'a Network,
    pub timing: Timing,
}

/// What a node is told to do.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    pub action: &'a str,
    pub values: &'a [Value],
}

/// The nodes and links of a new world; see [`Setup`](crate::kernel::system::Setup).
#[derive(Clone, Debug)]
pub struct Start {
    pub labels: Vec<String>,
    pub ranks: Vec<u8>,
    pub disks: Vec<Shared>,
    pub clocks: Vec<Clock>,
    pub links: Vec<(NodeId, NodeId)>,
    pub lines: Lines,
    /// The nodes that do not run at first.
    pub off: Vec<NodeId>,
}

/// The system of this type.
#[derive(Debug)]
pub struct Of<L>(PhantomData<fn() -> L>);

impl<L: Machinery> Of<L> {
    /// The one of its kind.
    pub const LAB: &'static Of<L> = &Of(PhantomData);
}

impl<L: Machinery> AnySystem for Of<L> {
    fn about(&self) -> About {
        L::about()
    }

    fn settings(&self) -> Vec<Setting> {
        all_settings::<L>()
    }

    fn rules(&self) -> Vec<Rule> {
        L::rules()
    }

    fn checks(&self) -> Vec<Check> {
        L::checks()
    }

    fn start(&self, settings: &Settings) -> Start {
        let setup = L::setup(settings);
        let is_off = |(place, node): (usize, &NodeSetup<L::Protocol>)| node.is_off.then(|| NodeId::at(place));
        let off = setup.nodes.iter().enumerate().filter_map(is_off).collect();
        let disks = setup.nodes.iter().map(|node| Shared::from_rc(node.disk.clone())).collect();
        Start {
            labels: setup.nodes.iter().map(|node| node.label.clone()).collect(),
            ranks: setup.nodes.iter().map(|node| node.rank).collect(),
            disks,
            clocks: (0..setup.nodes.len()).map(|place| L::clock(settings, NodeId::at(place))).collect(),
            links: setup.links,
            lines: Lines { usual: Line::new(setup.delay, setup.troubles), own: setup.own_lines },
            off,
        }
    }

    fn configure(&self, settings: &Settings) -> Rc<dyn Any> {
        Rc::new(L::configure(settings))
    }

    fn boot(&self, disk: &Shared, context: Context<'_>) -> Hidden {
        Hidden::new(L::Protocol::boot(disk.read(), &mut Effects::new(context)))
    }

    fn on_message(&self, state: &mut Hidden, from: NodeId, message: &mut Parcel, context: Context<'_>) {
        state.write::<L::Protocol>().on_message(from, message.take(), &mut Effects::new(context));
    }

    fn on_timer(&self, state: &mut Hidden, timer: &Shared, context: Context<'_>) {
        state.write::<L::Protocol>().on_timer(*timer.read(), &mut Effects::new(context));
    }

    fn on_operation(&self, state: &mut Hidden, operation: &Operation<'_>, context: Context<'_>) {
        if let Ok(operation) = L::operation(operation.action, operation.values) {
            state.write::<L::Protocol>().on_operation(operation, &mut Effects::new(context));
        }
    }

    fn refuse(&self, operation: &Operation<'_>) -> Result<(), Text> {
        L::operation(operation.action, operation.values).map(|_| ())
    }

    fn corrupt(&self, message: &Parcel, rng: &mut Rng) -> Option<Parcel> {
        L::Protocol::corrupt(message.read(), rng).map(Parcel::new)
    }

    fn manners(&self) -> &'static [Manner] {
        L::Protocol::MANNERS
    }

    fn lie(&self, message: &Parcel, from: NodeId, to: NodeId, manner: Manner, rng: &mut Rng) -> Lie<Parcel> {
        L::Protocol::lie(message.read(), from, to, manner, rng).map(Parcel::new)
    }

    fn most_liars(&self, config: &dyn Any) -> usize {
        L::most_liars(config.downcast_ref().expect("the config of the world's own lab"))
    }

    fn liars(&self, settings: &Settings, rng: &mut Rng) -> Vec<(NodeId, Manner)> {
        L::liars(settings, rng)
    }

    fn size(&self, message: &Parcel) -> u64 {
        L::Protocol::size(message.read())
    }

    fn empty_disk(&self) -> Shared {
        Shared::new(<L::Protocol as Protocol>::Disk::default())
    }

    fn monitor(&self) -> Box<dyn AnyMonitor> {
        Box::new(Watching::<L>(L::Monitor::default()))
    }

    fn actions(&self, world: &World) -> Vec<Action> {
        L::actions(world.of())
    }

    fn measures(&self, world: &World) -> Vec<Measure> {
        L::measures(world.of())
    }

    fn essential_fields(&self) -> usize {
        L::ESSENTIAL_FIELDS
    }

    fn look(&self, node: NodeId, state: Option<&Hidden>) -> Look {
        L::look(node, state.map(Hidden::read))
    }

    fn stamp(&self, state: &Hidden) -> Option<Text> {
        L::stamp(state.read())
    }

    fn message_look(&self, message: &Parcel) -> MessageLook {
        L::message_look(message.read())
    }

    fn cover(&self, message: &Parcel) -> Cover {
        L::cover(message.read())
    }

    fn timer_name(&self, timer: &Shared) -> Text {
        L::timer_name(timer.read())
    }

    fn legend(&self) -> Vec<LegendRow> {
        L::legend()
    }

    fn view(&self, world: &World, frame: &mut Frame) {
        L::view(world.of(), frame);
    }
}

impl Debug for dyn AnySystem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.about().id)
    }
}

/// A lab's monitor.
struct Watching<L: Machinery>(L::Monitor);

impl<L: Machinery> AnyMonitor for Watching<L> {
    fn copy(&self) -> Box<dyn AnyMonitor> {
        Box::new(Watching::<L>(self.0.clone()))
    }

    fn observe(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let config = seen.config.downcast_ref().expect("the config of the world's own lab");
        let Seen { event, at_us, node, nodes, network, timing, .. } = *seen;
        self.0.observe(&Observation { event, at_us, node, config, nodes: nodes.of(), network, timing }, verdicts);
    }

    fn fold(&self, digest: &mut Digest) {
        digest.add(&self.0);
    }

    fn hidden(&self) -> &dyn Any {
        &self.0
    }
}

impl Clone for Box<dyn AnyMonitor> {
    fn clone(&self) -> Self {
        self.copy()
    }
}

impl Debug for dyn AnyMonitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AnyMonitor")
    }
}
