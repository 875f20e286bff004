//! What may happen in a hunt, and where a rule is hunted.

use serde::{Deserialize, Serialize};

use crate::base::settings::Value;
use crate::base::text::Text;
use crate::t;

/// Something that a hunt may let happen besides what happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hazard {
    /// Nodes crash and start again.
    Crash,
    /// Nodes stand still for a while and do not notice.
    Pause,
    /// Links are cut and heal, one by one or between two groups.
    Cut,
    /// Messages are lost.
    Loss,
    /// Messages arrive twice.
    Copy,
    /// Messages arrive early or late, and so in another order.
    Disorder,
    /// Timers run out early.
    Timer,
    /// Clocks are set wrong.
    Clock,
    /// Nodes crash and come back with an empty disk.
    Disk,
    /// Messages are damaged: one, or many on a link for a while.
    Damage,
    /// Nodes are told to do what the lab's actions offer.
    Operation,
    /// Nodes lie, as many as the lab says that it bears.
    Lie,
}

impl Hazard {
    /// All of them.
    pub const ALL: [Hazard; 12] = [
        Hazard::Crash,
        Hazard::Pause,
        Hazard::Cut,
        Hazard::Loss,
        Hazard::Copy,
        Hazard::Disorder,
        Hazard::Timer,
        Hazard::Clock,
        Hazard::Disk,
        Hazard::Damage,
        Hazard::Operation,
        Hazard::Lie,
    ];

    /// Those that a hunt has if nothing is said: what every protocol has to bear.
    pub const USUAL: [Hazard; 7] =
        [Hazard::Crash, Hazard::Pause, Hazard::Cut, Hazard::Loss, Hazard::Copy, Hazard::Disorder, Hazard::Timer];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Hazard::Crash => "crash",
            Hazard::Pause => "pause",
            Hazard::Cut => "cut",
            Hazard::Loss => "loss",
            Hazard::Copy => "copy",
            Hazard::Disorder => "disorder",
            Hazard::Timer => "timer",
            Hazard::Clock => "clock",
            Hazard::Disk => "disk",
            Hazard::Damage => "damage",
            Hazard::Operation => "operation",
            Hazard::Lie => "lie",
        }
    }

    /// The words of the switch.
    pub fn title(self) -> Text {
        match self {
            Hazard::Crash => t!("nodes crash and restart"),
            Hazard::Pause => t!("nodes pause"),
            Hazard::Cut => t!("links are cut and heal"),
            Hazard::Loss => t!("messages are lost"),
            Hazard::Copy => t!("messages arrive twice"),
            Hazard::Disorder => t!("messages come early or late"),
            Hazard::Timer => t!("timers run out early"),
            Hazard::Clock => t!("clocks are wrong"),
            Hazard::Disk => t!("disks are lost"),
            Hazard::Damage => t!("messages are damaged"),
            Hazard::Lie => t!("nodes lie"),
            Hazard::Operation => t!("somebody uses the lab's actions"),
        }
    }

    /// The hazard of this name, or a sentence that names those there are.
    pub fn named(name: &str) -> Result<Hazard, Text> {
        Hazard::ALL.into_iter().find(|hazard| hazard.name() == name).ok_or_else(|| {
            let names = Hazard::ALL.map(Hazard::name).join(", ");
            t!("there is no hazard {name}; there are: {names}", name = name.to_string(), names = names)
        })
    }
}

/// Where a hunt looks for what a rule is for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ground {
    /// What differs from the lab's default settings.
    pub settings: Vec<(&'static str, Value)>,
    /// What may happen.
    pub hazards: Vec<Hazard>,
    /// How many events of faults a run has.
    pub fault_events: u64,
}

impl Default for Ground {
    /// The default settings, what every protocol has to bear, and runs that are long enough for most rules.
    fn default() -> Ground {
        Ground { settings: Vec::new(), hazards: Hazard::USUAL.to_vec(), fault_events: 400 }
    }
}
