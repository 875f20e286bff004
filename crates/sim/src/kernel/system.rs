//! What the world has to know of a system: its protocol, what can be set and done, how it looks, and what it is judged by.

use std::fmt::Debug;
use std::rc::Rc;

use serde::Serialize;

use crate::base::clock::Clock;
use crate::base::delay::Delay;
use crate::base::id::NodeId;
use crate::base::rng::Rng;
use crate::base::settings::{Setting, Settings, Value};
use crate::base::text::Text;
use crate::frame::{Action, Field, Frame, Layout, LegendRow, Measure, MessageKind, Shape, Tone};
use crate::judge::check::{Check, Judge, Verdicts};
use crate::judge::history::Model;
use crate::kernel::effects::Effects;
use crate::kernel::hazard::Ground;
use crate::kernel::lie::{Lie, Manner};
use crate::kernel::network::{Line, Network, Troubles};
use crate::kernel::nodes::NodesOf;
use crate::kernel::world::WorldOf;
use crate::t;

/// A node's state machine. It does no I/O and knows no time but its own clock's: handlers change the state and push
/// what shall happen into [`Effects`].
///
/// What stands in `self` is lost in a crash; [`Effects::persist`] writes what is not.
pub trait Protocol: Clone + Debug + Serialize + Sized + 'static {
    /// What all nodes know from the start, computed from the settings.
    type Config: Clone + Debug + 'static;
    /// What nodes send each other.
    type Message: Clone + Debug + Serialize + 'static;
    /// What a node can wait for. Setting a timer again moves it.
    type Timer: Copy + Debug + Eq + Serialize + 'static;
    /// What a person can tell a node to do.
    type Operation: Clone + Debug + 'static;
    /// What a node keeps through a crash.
    type Disk: Clone + Debug + Default + Serialize + 'static;

    /// Starts a node, the first time or after a crash, from what is on its disk.
    fn boot(disk: &Self::Disk, effects: &mut Effects<'_, Self>) -> Self;

    /// A message arrives.
    fn on_message(&mut self, from: NodeId, message: Self::Message, effects: &mut Effects<'_, Self>);

    /// A timer runs out. It is no longer set.
    fn on_timer(&mut self, timer: Self::Timer, effects: &mut Effects<'_, Self>);

    /// A person tells the node to do something.
    fn on_operation(&mut self, operation: Self::Operation, effects: &mut Effects<'_, Self>);

    /// Damages a message under way. A protocol whose messages carry a checksum leaves this alone: the receiver then
    /// throws the message away.
    fn corrupt(_message: &Self::Message, _rng: &mut Rng) -> Option<Self::Message> {
        None
    }

    /// The manners in which nodes can lie; none where a protocol says nothing of that.
    const MANNERS: &'static [Manner] = &[];

    /// What a node that lies in one of these manners makes of a message that it should send. It can forge nothing that others have
    /// signed: parts that are signed carry their signer, and only those of `me` may be new.
    fn lie(_message: &Self::Message, _me: NodeId, _to: NodeId, _manner: Manner, _rng: &mut Rng) -> Lie<Self::Message> {
        Lie::AsItIs
    }

    /// How large a message is, in bytes: so long a link with a rate takes for it ([`Pipe`](crate::Pipe)).
    fn size(_message: &Self::Message) -> u64 {
        0
    }
}

/// Watches a run for the checks of a lab.
pub trait Monitor<P: Protocol>: Clone + Debug + Default + Serialize + 'static {
    /// Looks at the world after an event, and says so when that decided a check.
    fn observe(&mut self, seen: &Observation<'_, P>, verdicts: &mut Verdicts);
}

/// What a monitor sees after an event.
#[derive(Debug)]
pub struct Observation<'a, P: Protocol> {
    /// The number of the event.
    pub event: u64,
    /// In microseconds of virtual time.
    pub at_us: u64,
    /// The node that acted; none for what happens to the network.
    pub node: Option<NodeId>,
    pub config: &'a P::Config,
    pub nodes: NodesOf<'a, P>,
    pub network: &'a Network,
    /// What the event did to the timing of messages and timers.
    pub timing: Timing,
}

/// What an event did to the timing of messages and timers: what a promise that rests on timing has to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// How long the slowest message takes, of those that the event sent or moved, in microseconds from its sending on. One that is held
    /// takes for ever.
    pub slowest_us: u64,
    /// Whether a message was lost, other than because its receiver was down.
    pub lost: bool,
    /// Whether a timer ran out before its time.
    pub early: bool,
}

/// The system that a lab shows: nodes that all run one protocol. The base of all that a lab says about it.
pub trait System: Debug + Sized + 'static {
    type Protocol: Protocol;

    /// Name, title and chapter.
    fn about() -> About;
}

/// What can be set, and the world that it makes.
pub trait Configuration: System {
    /// What can be set. The rules are switches too, and are added by [`all_settings`].
    fn settings() -> Vec<Setting>;
    /// What the nodes know; called again when a setting changes during a run.
    fn configure(settings: &Settings) -> <Self::Protocol as Protocol>::Config;
    /// The nodes and links of a new world.
    fn setup(settings: &Settings) -> Setup<Self::Protocol>;
    /// How many lying nodes are borne by what is promised: a hunt lets no more of them lie in a run.
    fn most_liars(_config: &<Self::Protocol as Protocol>::Config) -> usize {
        0
    }
    /// Who lies from the start of a new world, and how. The random numbers are of the seed.
    fn liars(_settings: &Settings, _rng: &mut Rng) -> Vec<(NodeId, Manner)> {
        Vec::new()
    }
    /// The clock of a node at the start of a new world.
    fn clock(_settings: &Settings, _node: NodeId) -> Clock {
        Clock::TRUE
    }
}

/// What a person can tell nodes to do.
pub trait Operations: System {
    /// What nodes can be told to do.
    fn actions(world: WorldOf<'_, Self>) -> Vec<Action>;
    /// Reads an operation as the screen sends it. The error says what is wrong and what to do. Actions and the bounds of their
    /// parameters are looked at before; [`no_operation`] is for what then cannot be.
    fn operation(action: &str, values: &[Value]) -> Result<<Self::Protocol as Protocol>::Operation, Text>;
}

/// The rules of the protocol.
pub trait Rules: System {
    /// The rules that a lesson can point at or switch off.
    fn rules() -> Vec<Rule>;
}

/// What a run is judged by.
pub trait Checks: System {
    type Monitor: Monitor<Self::Protocol>;

    /// The checks, in the order in which the monitor counts them.
    fn checks() -> Vec<Check>;
    /// What the operations that clients record are judged as; none for a lab without operations. Where a check looks at
    /// them, it has said so.
    fn model() -> Option<Model> {
        Self::checks().into_iter().find_map(|check| match check.judge {
            Judge::Linearizability(model) => Some(model),
            Judge::Monitor => None,
        })
    }
}

/// What the lab counts.
pub trait Measures: System {
    /// The numbers of a moment: few, and always the same ones in the same order.
    fn measures(world: WorldOf<'_, Self>) -> Vec<Measure>;
}

/// How the lab looks.
pub trait View: System {
    /// How many of a node's fields, the first ones, a beginner needs; the others are read on demand.
    const ESSENTIAL_FIELDS: usize = 4;

    /// How a node looks now. `state` is none while it is crashed.
    fn look(node: NodeId, state: Option<&Self::Protocol>) -> Look;
    /// The time that a node gives its last event, for the lanes; none for a protocol without logical clocks.
    fn stamp(_state: &Self::Protocol) -> Option<Text> {
        None
    }
    /// How a message looks.
    fn message_look(message: &<Self::Protocol as Protocol>::Message) -> MessageLook;
    /// Whom a message says that it is of, where another one has made it, and the short name of the key that it is sealed with. Who can
    /// open it, [`view`](View::view) adds.
    fn cover(_message: &<Self::Protocol as Protocol>::Message) -> Cover {
        Cover::default()
    }
    /// What a timer is called.
    fn timer_name(timer: &<Self::Protocol as Protocol>::Timer) -> Text;
    /// What shapes, tones, cells, messages and badges mean here: all that its frames can have.
    fn legend() -> Vec<LegendRow>;
    /// Adds to a frame what only the lab knows: fields, log cells, tags, the tags of groups, panels. A frame with a `knower`
    /// says nothing of true time, which no node knows.
    fn view(world: WorldOf<'_, Self>, frame: &mut Frame);
}

/// All that a world has to know of a system.
pub trait Machinery: Configuration + Operations + Rules + Checks + Measures + View {}

impl<S: Configuration + Operations + Rules + Checks + Measures + View> Machinery for S {}

/// The name card of a lab.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct About {
    /// The name in addresses and on the command line.
    pub id: &'static str,
    pub title: Text,
    pub chapter: Text,
    /// One sentence for the gallery.
    pub summary: Text,
    pub layout: Layout,
    /// What happens when a node takes the lead, which a run can be asked to go on to: "a leader is elected". None where
    /// no node does.
    pub new_leader: Option<Text>,
    /// How much virtual time passes in a real second at speed 1, in microseconds: from [`About::PACE_US`], at which single
    /// messages are seen travelling, up to a day.
    pub pace_us: u64,
}

impl About {
    /// The pace of a lab whose messages take some ten milliseconds.
    pub const PACE_US: u64 = 20_000;
}

/// A rule of a protocol.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    /// The name in settings (as a switch) and in [`Effects::rule`].
    pub name: &'static str,
    /// The rule in one sentence.
    pub title: Text,
    /// Where it is written: paper and section.
    pub source: &'static str,
    /// For a rule that can be switched off: the check that a hunt then breaks.
    pub broken_check: Option<&'static str>,
    /// Where that hunt looks.
    pub ground: Ground,
}

impl Rule {
    /// A rule that is only cited.
    pub fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
        Rule { name, title, source, broken_check: None, ground: Ground::default() }
    }

    /// A rule that can be switched off, and then `broken_check` breaks.
    pub fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
        Rule { broken_check: Some(broken_check), ..Rule::cited(name, title, source) }
    }

    /// The same rule, hunted there.
    pub fn hunted_on(self, ground: Ground) -> Rule {
        Rule { ground, ..self }
    }
}

/// The nodes and links of a new world.
#[derive(Clone, Debug)]
pub struct Setup<P: Protocol> {
    pub nodes: Vec<NodeSetup<P>>,
    /// The links to draw; nodes can send to all others whether a link is drawn or not.
    pub links: Vec<(NodeId, NodeId)>,
    /// The delay of every link that has no line of its own.
    pub delay: Delay,
    /// What these links do to messages.
    pub troubles: Troubles,
    /// Directions of links that are different: from, to, and what it is like there.
    pub own_lines: Vec<(NodeId, NodeId, Line)>,
}

/// One node of a new world.
#[derive(Clone, Debug)]
pub struct NodeSetup<P: Protocol> {
    /// The short name: `S1`.
    pub label: String,
    /// Its ring or column on the stage.
    pub rank: u8,
    /// What is on its disk at the start.
    pub disk: Rc<P::Disk>,
    /// Whether it does not run at first: somebody has to start it.
    pub is_off: bool,
}

/// How a node looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    pub shape: Shape,
    pub tone: Tone,
    /// What it is now, a noun in one or two words: "leader".
    pub role: Text,
    /// The line under the label: `T4`.
    pub badge: Text,
}

/// How a message looks.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageLook {
    pub kind: MessageKind,
    pub reply: bool,
    pub label: Text,
    pub fields: Vec<Field>,
}

/// What shows of a message from outside: whom it claims to be of, and its lock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cover {
    pub claims: Option<NodeId>,
    pub key: Option<Text>,
}

/// The settings of a lab and a switch for each rule that can be switched off.
pub fn all_settings<S: Machinery>() -> Vec<Setting> {
    let switches = S::rules().into_iter().filter(|rule| rule.broken_check.is_some());
    S::settings().into_iter().chain(switches.map(|rule| Setting::switch(rule.name, rule.title, true))).collect()
}

/// The refusal of an operation that a lab has not, or not with these values. `action` is what stands in the input.
pub fn no_operation(action: &str) -> Text {
    t!("there is no operation {action} with such values", action = action.to_string())
}
