//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::log::Log;
use super::servers::Servers;
use super::{Disk, InSync, Replica, Replicas};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The first so many nodes are servers; the observer comes after them, then the clients.
    pub servers: u16,
    pub mode: Mode,
    /// How long a semi-synchronous primary waits for a replica before it goes on alone, in microseconds; 0: for ever.
    pub fall_back_us: u64,
    /// After how long a silence a replica is dropped from the in-sync set, in microseconds; 0: never.
    pub drop_us: u64,
    /// Where clients read.
    pub reads: Reads,
    /// What a replica does that is too far behind for a session.
    pub behind: Behind,
    /// Whether the observer replaces a silent primary.
    pub automatic: bool,
    /// After how long a silence it does, in microseconds of its clock.
    pub failover_us: u64,
    /// How long it waits for the answers of the servers, in microseconds of its clock.
    pub survey_us: u64,
    /// From heartbeat to heartbeat of a primary, in microseconds of its clock.
    pub heartbeat_us: u64,
    /// From one operation of a client to the next, in microseconds; 0 when only people give commands.
    pub workload_us: u64,
    /// How long a client waits before it asks another server, in microseconds.
    pub retry_us: u64,
    pub rules: Rules,
}

/// When a primary acknowledges a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// When all replicas of the in-sync set have it.
    Sync,
    /// When a majority of all servers has it.
    Quorum,
    /// When one replica has it, or none has answered for some time.
    SemiSync,
    /// At once.
    Async,
}

/// Where clients read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    Replicas,
    Primary,
}

/// What a replica does that is too far behind for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    Wait,
    Redirect,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub fencing: bool,
    pub rewind: bool,
    pub lease: bool,
    pub ask_before_drop: bool,
    pub in_sync_only: bool,
    pub read_committed: bool,
    pub read_your_writes: bool,
    pub monotonic_reads: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        Config {
            servers: 1 + settings.integer("replicas").clamp(1, 5) as u16,
            mode: match settings.word("mode") {
                "async" => Mode::Async,
                "semi-sync" => Mode::SemiSync,
                "quorum" => Mode::Quorum,
                _ => Mode::Sync,
            },
            fall_back_us: ms("fall_back_ms"),
            drop_us: ms("drop_ms"),
            reads: if settings.word("reads") == "primary" { Reads::Primary } else { Reads::Replicas },
            behind: if settings.word("behind") == "redirect" { Behind::Redirect } else { Behind::Wait },
            automatic: settings.word("failover") != "manual",
            failover_us: ms("failover_ms"),
            survey_us: ms("survey_ms"),
            heartbeat_us: ms("heartbeat_ms"),
            workload_us: ms("workload_ms"),
            retry_us: ms("retry_ms"),
            rules: Rules {
                fencing: settings.is_on("fencing"),
                rewind: settings.is_on("rewind"),
                lease: settings.is_on("lease"),
                ask_before_drop: settings.is_on("ask_before_drop"),
                in_sync_only: settings.is_on("in_sync_only"),
                read_committed: settings.is_on("read_committed"),
                read_your_writes: settings.is_on("read_your_writes"),
                monotonic_reads: settings.is_on("monotonic_reads"),
            },
        }
    }

    /// The least number of servers of which two groups share one.
    pub fn majority(&self) -> usize {
        usize::from(self.servers) / 2 + 1
    }
}

impl Configuration for Replicas {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let mut settings = vec![
            Setting::integer("replicas", t!("replicas"), (1, 5), "", 2).structural(),
            Setting::integer("clients", t!("clients"), (0, 3), "", 2).structural(),
            mode(),
            Setting::integer(
                "fall_back_ms",
                t!("semi-synchronous: goes on alone after (0: never)"),
                (0, 600_000),
                "ms",
                10_000,
            ),
            Setting::integer(
                "drop_ms",
                t!("synchronous: a silent replica is dropped after (0: never)"),
                (0, 600_000),
                "ms",
                300,
            ),
            Setting::choice(
                "reads",
                t!("clients read"),
                vec![("replicas", t!("from replicas")), ("primary", t!("from the primary"))],
            ),
            Setting::choice(
                "behind",
                t!("a replica that is behind a session"),
                vec![("wait", t!("waits")), ("redirect", t!("sends the client to the primary"))],
            ),
            Setting::choice(
                "failover",
                t!("failover"),
                vec![("automatic", t!("by the observer")), ("manual", t!("by hand"))],
            ),
            Setting::integer("failover_ms", t!("the observer replaces a primary silent for"), (10, 600_000), "ms", 500),
            Setting::integer("survey_ms", t!("the observer waits for answers"), (1, 600_000), "ms", 60),
            Setting::integer("heartbeat_ms", t!("heartbeat every"), (1, 60_000), "ms", 100),
        ];
        settings.extend(links::settings(8_000, 12_000));
        settings.extend([
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
            Setting::integer(
                "workload_ms",
                t!("each client gives a command every (0: only by hand)"),
                (0, 60_000),
                "ms",
                150,
            )
            .structural(),
            Setting::integer("retry_ms", t!("a client asks another server after"), (10, 600_000), "ms", 400),
        ]);
        settings
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Replica> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, 3) as u16;
        let all = Servers::first(servers);
        let in_sync = InSync { version: 0, agreed: all, wanted: all };
        let disk = Rc::new(Disk { epoch: 1, primary: Some(NodeId(0)), log: Log::default(), in_sync });
        let node = |label, rank, disk: &Rc<Disk>| NodeSetup { label, rank, disk: disk.clone(), is_off: false };
        let server = |number: u16| node(format!("S{}", number + 1), 0, &disk);
        let client = |number: u16| node(format!("C{number}"), 1, &Rc::default());
        let observer = node("O".to_string(), 2, &disk);
        // Every pair but two clients, and a client and the observer, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..=servers + clients).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            links: pairs.collect(),
            nodes: (0..servers).map(server).chain([observer]).chain((1..=clients).map(client)).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}

/// When a write is acknowledged.
pub fn mode() -> Setting {
    let modes = vec![
        ("sync", t!("all in-sync replicas have it (synchronous)")),
        ("quorum", t!("a majority has it (synchronous)")),
        ("semi-sync", t!("one replica has it (semi-synchronous)")),
        ("async", t!("the primary has it (asynchronous)")),
    ];
    Setting::choice("mode", t!("a write is acknowledged when"), modes)
}
