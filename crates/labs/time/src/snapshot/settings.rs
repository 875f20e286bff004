//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::{Process, Snapshot};

/// The names of processes, in the order of their numbers.
pub const LETTERS: [&str; 6] = ["A", "B", "C", "D", "E", "F"];

/// What all processes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub processes: u16,
    pub topology: Topology,
    pub application: Application,
    pub algorithm: Algorithm,
    /// From one act of a process to the next, on average, in microseconds; 0 when only people act.
    pub workload_us: u64,
    /// After so long what is not acknowledged is sent again, in microseconds.
    pub resend_us: u64,
    /// From snapshot to snapshot, in microseconds; 0 when only people start them.
    pub snapshot_us: u64,
    /// How many of a hundred passes lose the token.
    pub lose_token_percent: u64,
    /// How far the clock of B is behind, in microseconds.
    pub clock_error_us: i64,
    pub rules: Rules,
}

/// Which channels there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// From each process to each other one.
    Complete,
    /// From each process to the next one.
    Ring,
}

/// What the processes do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Application {
    /// They transfer money.
    Bank,
    /// They pass a token on.
    Token,
    /// They give each other work.
    Work,
}

/// How a snapshot is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Chandy and Lamport 1985.
    Markers,
    /// Lai and Yang 1987.
    LaiYang,
    /// All are told to record; nobody looks at channels.
    Together,
    /// All record when their clocks show the same.
    Clock,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub fifo: bool,
    pub marker_first: bool,
    pub record_first: bool,
    pub record_channels: bool,
    pub close_channel: bool,
    pub take_once: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        Config {
            processes: settings.integer("processes").clamp(2, 6) as u16,
            topology: if settings.word("topology") == "ring" { Topology::Ring } else { Topology::Complete },
            application: match settings.word("application") {
                "token" => Application::Token,
                "work" => Application::Work,
                _ => Application::Bank,
            },
            algorithm: match settings.word("algorithm") {
                "lai-yang" => Algorithm::LaiYang,
                "together" => Algorithm::Together,
                "clock" => Algorithm::Clock,
                _ => Algorithm::Markers,
            },
            workload_us: whole("workload_ms") * 1_000,
            resend_us: whole("resend_ms") * 1_000,
            snapshot_us: whole("snapshot_ms") * 1_000,
            lose_token_percent: whole("lose_token"),
            clock_error_us: settings.integer("clock_error_ms") * 1_000,
            rules: Rules {
                fifo: settings.is_on("fifo"),
                marker_first: settings.is_on("marker_first"),
                record_first: settings.is_on("record_first"),
                record_channels: settings.is_on("record_channels"),
                close_channel: settings.is_on("close_channel"),
                take_once: settings.is_on("take_once"),
            },
        }
    }

    /// All processes.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.processes).map(NodeId)
    }

    /// Whether there is a channel from one process to another one.
    pub fn has_channel(&self, from: NodeId, to: NodeId) -> bool {
        match self.topology {
            Topology::Complete => from != to,
            Topology::Ring => (from.0 + 1) % self.processes == to.0,
        }
    }

    /// The processes to which there is a channel from here.
    pub fn outgoing(&self, me: NodeId) -> impl Iterator<Item = NodeId> + use<'_> {
        self.nodes().filter(move |other| self.has_channel(me, *other))
    }
}

impl Configuration for Snapshot {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let topologies = vec![("complete", t!("from each to each")), ("ring", t!("round a ring, one way"))];
        let applications = vec![
            ("bank", t!("transfer money")),
            ("token", t!("pass a baton on")),
            ("work", t!("give each other work")),
        ];
        let algorithms = vec![
            ("markers", t!("markers (Chandy and Lamport)")),
            ("lai-yang", t!("white and red messages (Lai and Yang)")),
            ("together", t!("all are told to look, without channels")),
            ("clock", t!("all look when their clocks show the same")),
        ];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::integer("processes", t!("processes"), (2, 6), "", 3).structural(),
            Setting::choice("topology", t!("channels"), topologies).structural(),
            Setting::choice("application", t!("the processes"), applications).structural(),
            Setting::choice("algorithm", t!("a snapshot by"), algorithms).structural(),
            Setting::integer("workload_ms", t!("a process acts every (0: only by hand)"), (0, 60_000), "ms", 30)
                .structural(),
            Setting::integer("resend_ms", t!("what is not acknowledged is sent again after"), (5, 60_000), "ms", 60),
            Setting::integer("snapshot_ms", t!("a snapshot every (0: only by hand)"), (0, 600_000), "ms", 300)
                .structural(),
            Setting::integer("lose_token", t!("passes that lose the baton"), (0, 100), "%", 0),
            Setting::integer("clock_error_ms", t!("the clock of B is behind by"), (0, 1_000), "ms", 0).structural(),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Process> {
        let config = Config::new(settings);
        let node = |id: NodeId| NodeSetup {
            label: LETTERS[id.index()].to_string(),
            rank: 0,
            disk: Rc::default(),
            is_off: false,
        };
        let pairs = config.nodes().flat_map(|a| config.nodes().map(move |b| (a, b)));
        let is_link = |(a, b): &(NodeId, NodeId)| a < b && (config.has_channel(*a, *b) || config.has_channel(*b, *a));
        Setup {
            nodes: config.nodes().map(node).collect(),
            links: pairs.filter(is_link).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
