//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::quartz::Quartz;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::interval::Sample;
use super::kept::Disk;
use super::transaction::Key;
use super::{Node, TrueTime};

/// How many time masters, groups and clients there are.
pub const MASTERS: u16 = 2;
pub const GROUPS: u16 = 3;
pub const CLIENTS: u16 = 2;

/// The key of each group.
pub const KEYS: [&str; GROUPS as usize] = ["x", "y", "z"];

/// How long ago each leader has asked the masters when the run begins, and each client.
const LEADERS_ASKED_US: [u64; GROUPS as usize] = [0, 20_000_000, 20_000_000];
const CLIENTS_ASKED_US: u64 = 10_000_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// How far the clocks of the masters are off at the most.
    pub master_us: u64,
    /// From question to question, by the asking node's clock.
    pub poll_us: u64,
    /// The most that a quartz is believed to drift, in parts per million: ρ.
    pub drift_bound_ppm: u64,
    /// How much it does: S2 is too slow by this, S3 too fast, and all others are right.
    pub quartz_ppm: i64,
    /// How long a group takes to log something.
    pub replicate_us: u64,
    /// How many each group has besides its leader.
    pub replicas: u16,
    /// An idle leader promises its replicas so often that nothing will happen before now.
    pub safe_us: u64,
    /// From transaction to transaction of a client, on average; 0 for none.
    pub workload_us: u64,
    /// How long a message takes on average.
    pub way_us: u64,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub commit_wait: bool,
    pub start_latest: bool,
    pub growing_epsilon: bool,
    pub safe_time: bool,
    pub prepare_floor: bool,
    pub locks_to_the_end: bool,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Master(u16),
    Leader(Key),
    Replica(Key),
    Client(u16),
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| us(name) * 1_000;
        let way_us = match settings.word("delay") {
            "uniform" => (us("delay_least_us") + us("delay_most_us")) / 2,
            _ => us("delay_most_us"),
        };
        Config {
            master_us: us("master_us"),
            poll_us: ms("poll_ms"),
            drift_bound_ppm: us("drift_bound_ppm"),
            quartz_ppm: settings.integer("quartz_ppm"),
            replicate_us: ms("replicate_ms"),
            replicas: settings.integer("replicas").clamp(0, 2) as u16,
            safe_us: ms("safe_ms"),
            workload_us: ms("workload_ms"),
            way_us,
            rules: Rules {
                commit_wait: settings.is_on("commit_wait"),
                start_latest: settings.is_on("start_latest"),
                growing_epsilon: settings.is_on("growing_epsilon"),
                safe_time: settings.is_on("safe_time"),
                prepare_floor: settings.is_on("prepare_floor"),
                locks_to_the_end: settings.is_on("locks_to_the_end"),
            },
        }
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> u16 {
        self.first_client() + CLIENTS
    }

    fn first_client(&self) -> u16 {
        MASTERS + GROUPS * (1 + self.replicas)
    }

    /// What a node is.
    pub fn part(&self, node: NodeId) -> Part {
        let number = node.0;
        if number < MASTERS {
            Part::Master(number)
        } else if number < MASTERS + GROUPS {
            Part::Leader(Key((number - MASTERS) as u8))
        } else if number < self.first_client() {
            Part::Replica(Key(((number - MASTERS - GROUPS) % GROUPS) as u8))
        } else {
            Part::Client(number - self.first_client())
        }
    }

    pub fn masters(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..MASTERS).map(NodeId)
    }

    /// The leader of the group that keeps a key.
    pub fn leader(&self, key: Key) -> NodeId {
        NodeId(MASTERS + u16::from(key.0))
    }

    /// The replicas of a group besides its leader.
    pub fn replicas(&self, key: Key) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.replicas).map(move |round| NodeId(MASTERS + round * GROUPS + u16::from(key.0)))
    }

    pub fn clients(&self) -> impl Iterator<Item = NodeId> + use<> {
        (self.first_client()..self.nodes()).map(NodeId)
    }

    /// The quartz that a node was built with.
    pub fn quartz(&self, node: NodeId) -> Quartz {
        let drift_ppm = match self.part(node) {
            Part::Leader(Key(1)) => -self.quartz_ppm,
            Part::Leader(Key(2)) => self.quartz_ppm,
            _ => 0,
        };
        Quartz { offset_us: 0, drift_ppm }
    }

    /// How far the clock of a master is ahead: as far as it may be, and a little less.
    pub fn master_error_us(&self, master: u16) -> i64 {
        let error_us = self.master_us as i64 * 2 / 5;
        if master == 0 { error_us } else { -error_us }
    }

    /// How long before the run a node has asked the masters for the last time.
    pub fn asked_us(&self, node: NodeId) -> u64 {
        let asked_us = match self.part(node) {
            Part::Leader(key) => LEADERS_ASKED_US[usize::from(key.0)],
            _ => CLIENTS_ASKED_US,
        };
        asked_us.min(self.poll_us)
    }

    /// What it was told then: its clock was right.
    pub fn first_sample(&self, node: NodeId) -> Sample {
        let at_us = -(self.asked_us(node) as i64);
        let quartz_us = self.quartz(node).shows(at_us);
        Sample::new(at_us - quartz_us, (self.master_us, 2 * self.way_us), quartz_us, self)
    }
}

impl Configuration for TrueTime {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(500, 1_500);
        vec![
            Setting::integer("master_us", t!("time masters are off by at most"), (0, 100_000), "µs", 1_000)
                .structural(),
            Setting::integer("poll_ms", t!("masters are asked every"), (100, 600_000), "ms", 30_000).structural(),
            Setting::integer("drift_bound_ppm", t!("drift that a node allows for"), (0, 10_000), "ppm", 200),
            Setting::integer("quartz_ppm", t!("S2 runs slow, S3 fast by"), (0, 10_000), "ppm", 150).structural(),
            Setting::integer("replicate_ms", t!("a group takes to log"), (0, 500), "ms", 1),
            Setting::integer("replicas", t!("replicas of a group besides its leader"), (0, 2), "", 1).structural(),
            Setting::integer("safe_ms", t!("an idle leader makes a promise every"), (100, 60_000), "ms", 8_000),
            Setting::integer("workload_ms", t!("a client does something every (0: never)"), (0, 60_000), "ms", 60),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Node> {
        let config = Config::new(settings);
        let node = |number: u16| {
            let (label, rank) = match config.part(NodeId(number)) {
                Part::Master(place) => (format!("T{}", place + 1), 0),
                Part::Leader(key) => (format!("S{}", key.0 + 1), 1),
                Part::Replica(_) => (format!("R{}", number - MASTERS - GROUPS + 1), 2),
                Part::Client(place) => (format!("C{}", place + 1), 3),
            };
            NodeSetup { label, rank, disk: Rc::new(Disk { is_new: true, ..Disk::default() }), is_off: false }
        };
        let ids = || (0..config.nodes()).map(NodeId);
        let is_link = |(a, b): &(NodeId, NodeId)| match (config.part(*a), config.part(*b)) {
            (Part::Master(_), Part::Leader(_) | Part::Client(_)) | (Part::Leader(_), Part::Client(_)) => true,
            (Part::Leader(_), Part::Leader(_)) | (Part::Replica(_), Part::Client(_)) => true,
            (Part::Leader(one), Part::Replica(other)) => one == other,
            _ => false,
        };
        let pairs = ids().flat_map(|a| ids().filter(move |b| a < *b).map(move |b| (a, b)));
        Setup {
            nodes: (0..config.nodes()).map(node).collect(),
            links: pairs.filter(is_link).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
