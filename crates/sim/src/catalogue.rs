//! A lab behind a plain interface: what the world, the sessions and a list of all labs call.

use std::any::Any;
use std::fmt::{self, Debug};
use std::marker::PhantomData;
use std::sync::Arc;

use crate::check::{Check, Verdicts};
use crate::delay::Delay;
use crate::digest::Digest;
use crate::director::Director;
use crate::effects::{Context, Effects};
use crate::frame::{Action, Frame};
use crate::history::Model;
use crate::id::NodeId;
use crate::lab::{About, Lab, Look, MessageLook, Monitor, Observation, Prepared, Protocol, Rule, all_settings};
use crate::network::Network;
use crate::nodes::Nodes;
use crate::opaque::{Hidden, Shared};
use crate::rng::Rng;
use crate::scenario::Scenario;
use crate::session::{LabSession, ScenarioCard};
use crate::settings::{Setting, Settings, Value};
use crate::t;
use crate::text::{Text, shortened};
use crate::work::{Work, scenario};
use crate::world::World;

/// A lab with its types hidden. Its methods are those of [`Lab`] and [`Protocol`], for values that only the lab's own code can
/// read. All but [`Of`] is compiled once for all labs.
pub trait AnyLab: Sync {
    /// The name card.
    fn about(&self) -> About;
    /// The settings, with a switch for each rule.
    fn settings(&self) -> Vec<Setting>;
    /// The rules of the protocol.
    fn rules(&self) -> Vec<Rule>;
    /// The checks.
    fn checks(&self) -> Vec<Check>;
    /// What the operations of clients are judged as.
    fn model(&self) -> Option<Model>;
    /// The prepared scenarios.
    fn scenarios(&self) -> Vec<ScenarioCard>;
    /// Leads a prepared scenario to its opening moment.
    fn prepare(&'static self, scenario: &str) -> Result<PreparedRun, Text>;
    /// The nodes and links of a new world.
    fn start(&self, settings: &Settings) -> Start;
    /// What the nodes know.
    fn configure(&self, settings: &Settings) -> Arc<dyn Any + Send + Sync>;
    /// Starts a node from its disk.
    fn boot(&self, disk: &Shared, context: Context<'_>) -> Hidden;
    /// A message arrives.
    fn on_message(&self, state: &mut Hidden, from: NodeId, message: Hidden, context: Context<'_>);
    /// A timer runs out.
    fn on_timer(&self, state: &mut Hidden, timer: &Shared, context: Context<'_>);
    /// A person tells the node to do something; the error says what is wrong with it.
    fn on_operation(&self, state: &mut Hidden, operation: &Operation<'_>, context: Context<'_>);
    /// Says what is wrong with an operation.
    fn refuse(&self, operation: &Operation<'_>) -> Result<(), Text>;
    /// Damages a message; none if its receiver would notice.
    fn corrupt(&self, message: &Hidden, rng: &mut Rng) -> Option<Hidden>;
    /// An empty disk.
    fn empty_disk(&self) -> Shared;
    /// The monitor of a new run.
    fn monitor(&self) -> Box<dyn AnyMonitor>;
    /// What nodes can be told to do.
    fn actions(&self, world: &World) -> Vec<Action>;
    /// How a node looks.
    fn look(&self, node: NodeId, state: Option<&Hidden>) -> Look;
    /// The time that a node gives its last event.
    fn stamp(&self, state: &Hidden) -> Option<Text>;
    /// How a message looks.
    fn message_look(&self, message: &Hidden) -> MessageLook;
    /// What a timer is called.
    fn timer_name(&self, timer: &Shared) -> Text;
    /// Adds to a frame what only the lab knows.
    fn view(&self, world: &World, frame: &mut Frame);
}

/// Watches a run for the checks of a lab whose types are hidden.
pub trait AnyMonitor: Send + Sync {
    /// The same again.
    fn copy(&self) -> Box<dyn AnyMonitor>;
    /// Looks at the world after an event.
    fn observe(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts);
    /// Takes what it remembers into a digest.
    fn fold(&self, digest: &mut Digest);
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
}

/// What a node is told to do.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    pub action: &'a str,
    pub values: &'a [Value],
}

/// The nodes and links of a new world; see [`Setup`](crate::lab::Setup).
#[derive(Clone, Debug)]
pub struct Start {
    pub labels: Vec<String>,
    pub ranks: Vec<u8>,
    pub disks: Vec<Shared>,
    pub links: Vec<(NodeId, NodeId)>,
    pub delay: Delay,
    /// Lost, duplicated, reordered and corrupted messages, in parts per million.
    pub troubles_ppm: [u32; 4],
}

/// A prepared scenario, directed.
#[derive(Clone, Debug)]
pub struct PreparedRun {
    pub scenario: Scenario,
    /// What was refused on the way: a mistake in the lab.
    pub refusals: Vec<Text>,
    /// How the lab says that checks stand.
    pub expect: Vec<(&'static str, crate::check::Outcome)>,
}

impl dyn AnyLab {
    /// A session at the opening moment of the first scenario.
    pub fn open(&'static self) -> Result<Box<dyn LabSession>, Text> {
        Ok(Box::new(Work::new(self)?))
    }
}

impl Debug for dyn AnyLab {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.about().id)
    }
}

/// The lab of this type, for the registry.
#[derive(Debug)]
pub struct Of<L>(PhantomData<fn() -> L>);

impl<L: Lab> Of<L> {
    /// The entry of the registry.
    pub const LAB: &'static Of<L> = &Of(PhantomData);
}

impl<L: Lab> AnyLab for Of<L> {
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

    fn model(&self) -> Option<Model> {
        L::model()
    }

    fn scenarios(&self) -> Vec<ScenarioCard> {
        let card = |Prepared { name, title, summary, .. }: Prepared<L>| ScenarioCard { name, title, summary };
        L::scenarios().into_iter().map(card).collect()
    }

    fn prepare(&'static self, name: &str) -> Result<PreparedRun, Text> {
        let prepared = L::scenarios().into_iter().find(|prepared| prepared.name == name);
        let Some(prepared) = prepared else { return Err(no_scenario(self, name)) };
        let settings =
            prepared.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let mut director = Director::<L>::new(settings, prepared.seed)?;
        let settings = director.world().settings().clone();
        (prepared.direct)(&mut director);
        let (world, inputs, refusals) = director.finish();
        let scenario = scenario(self, inputs, &settings, prepared.seed, world.event());
        Ok(PreparedRun { scenario, refusals, expect: prepared.expect })
    }

    fn start(&self, settings: &Settings) -> Start {
        let setup = L::setup(settings);
        let disks = setup.nodes.iter().map(|node| Shared::from_arc(node.disk.clone())).collect();
        Start {
            labels: setup.nodes.iter().map(|node| node.label.clone()).collect(),
            ranks: setup.nodes.iter().map(|node| node.rank).collect(),
            disks,
            links: setup.links,
            delay: setup.delay,
            troubles_ppm: [setup.loss_ppm, setup.duplication_ppm, setup.reordering_ppm, setup.corruption_ppm],
        }
    }

    fn configure(&self, settings: &Settings) -> Arc<dyn Any + Send + Sync> {
        Arc::new(L::configure(settings))
    }

    fn boot(&self, disk: &Shared, context: Context<'_>) -> Hidden {
        Hidden::new(L::Protocol::boot(disk.read(), &mut Effects::new(context)))
    }

    fn on_message(&self, state: &mut Hidden, from: NodeId, message: Hidden, context: Context<'_>) {
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

    fn corrupt(&self, message: &Hidden, rng: &mut Rng) -> Option<Hidden> {
        L::Protocol::corrupt(message.read(), rng).map(Hidden::new)
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

    fn look(&self, node: NodeId, state: Option<&Hidden>) -> Look {
        L::look(node, state.map(Hidden::read))
    }

    fn stamp(&self, state: &Hidden) -> Option<Text> {
        L::stamp(state.read())
    }

    fn message_look(&self, message: &Hidden) -> MessageLook {
        L::message_look(message.read())
    }

    fn timer_name(&self, timer: &Shared) -> Text {
        L::timer_name(timer.read())
    }

    fn view(&self, world: &World, frame: &mut Frame) {
        L::view(world.of(), frame);
    }
}

fn no_scenario(lab: &'static dyn AnyLab, name: &str) -> Text {
    let names: Vec<&str> = lab.scenarios().iter().map(|card| card.name).collect();
    t!("there is no scenario {name}; there are: {names}", name = shortened(name), names = names.join(", "))
}

/// A lab's monitor.
struct Watching<L: Lab>(L::Monitor);

impl<L: Lab> AnyMonitor for Watching<L> {
    fn copy(&self) -> Box<dyn AnyMonitor> {
        Box::new(Watching::<L>(self.0.clone()))
    }

    fn observe(&mut self, seen: &Seen<'_>, verdicts: &mut Verdicts) {
        let config = seen.config.downcast_ref().expect("the config of the world's own lab");
        let Seen { event, at_us, node, nodes, network, .. } = *seen;
        self.0.observe(&Observation { event, at_us, node, config, nodes: nodes.of(), network }, verdicts);
    }

    fn fold(&self, digest: &mut Digest) {
        digest.add(&self.0);
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
