//! What can be set in this lab, and what servers and clients read of it at every step.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::{Disk, LogNode, MultiPaxos, ReadMode};
use crate::paxos::majority;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes before this number are servers, the others clients.
    pub servers: u16,
    /// From heartbeat to heartbeat.
    pub heartbeat_us: u64,
    /// Without a leader for so long, and at most as long again, a server stands.
    pub suspect_us: u64,
    /// Without an answer for so long, the same message goes out again.
    pub repeat_us: u64,
    /// A leader proposes up to so many slots beyond those that are chosen without a gap (α).
    pub window: u64,
    /// How a leader answers reads.
    pub read_mode: ReadMode,
    /// For so long a server that has answered a heartbeat promises nothing to others, by its own clock; with leases only.
    pub lease_us: u64,
    /// A leader counts on so much less, in percent, since clocks do not run alike.
    pub drift_percent: u64,
    /// Whether a server that has lost its disk goes on as if it were new.
    pub lost_disk_votes: bool,
    /// From one command of a client to the next; 0 when only people give commands.
    pub workload_us: u64,
    /// How long a client waits before it asks another server.
    pub retry_us: u64,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub propose_again: bool,
    pub fill_gaps: bool,
    pub confirm_reads: bool,
    pub client_sessions: bool,
    pub learn_in_ballot: bool,
    pub own_ballots: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        Config {
            servers: settings.integer("servers").clamp(3, 9) as u16,
            heartbeat_us: us("heartbeat_ms").max(1_000),
            suspect_us: us("suspect_ms").max(1_000),
            repeat_us: us("repeat_ms").max(1_000),
            window: settings.integer("window").max(1) as u64,
            read_mode: ReadMode::of(settings.word("read_mode")),
            lease_us: us("lease_ms"),
            drift_percent: settings.integer("drift_percent").clamp(0, 50) as u64,
            lost_disk_votes: settings.word("lost_disk") == "votes",
            workload_us: us("workload_ms"),
            retry_us: us("retry_ms"),
            rules: Rules {
                propose_again: settings.is_on("propose_again"),
                fill_gaps: settings.is_on("fill_gaps"),
                confirm_reads: settings.is_on("confirm_reads"),
                client_sessions: settings.is_on("client_sessions"),
                learn_in_ballot: settings.is_on("learn_in_ballot"),
                own_ballots: settings.is_on("own_ballots"),
            },
        }
    }

    /// How many have to promise, to accept, or to confirm a leader: more than half, so that any two groups share a server.
    pub fn majority(&self) -> u32 {
        majority(self.servers)
    }

    pub fn all_servers(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.servers).map(NodeId)
    }
}

impl Configuration for MultiPaxos {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        let read_modes = vec![
            ("confirm", t!("after a round of heartbeats")),
            ("lease", t!("at once, trusting the clocks")),
            ("log", t!("in a slot of the log")),
        ];
        let lost_disk = vec![("silent", t!("only listens")), ("votes", t!("goes on as if it were new"))];
        vec![
            Setting::integer("servers", t!("servers"), (3, 9), "", 5).structural(),
            Setting::integer("clients", t!("clients"), (0, 2), "", 2).structural(),
            Setting::integer(
                "window",
                t!("slots ahead of those that are chosen without a gap, at most"),
                (1, 100),
                "",
                3,
            ),
            Setting::integer("heartbeat_ms", t!("heartbeat every"), (1, 10_000), "ms", 50),
            Setting::integer(
                "suspect_ms",
                t!("without a leader for this long, and up to as long again, a server stands"),
                (5, 60_000),
                "ms",
                200,
            ),
            Setting::integer(
                "repeat_ms",
                t!("without an answer the same goes out again after"),
                (10, 60_000),
                "ms",
                400,
            ),
            Setting::choice("read_mode", t!("the leader answers reads"), read_modes),
            Setting::integer("lease_ms", t!("a lease lasts"), (5, 60_000), "ms", 150),
            Setting::integer("drift_percent", t!("a leader counts on less of it, by"), (0, 50), "%", 2),
            Setting::choice("lost_disk", t!("who has lost its disk"), lost_disk),
            Setting::integer(
                "workload_ms",
                t!("each client gives a command every (0: only by hand)"),
                (0, 60_000),
                "ms",
                100,
            )
            .structural(),
            Setting::integer("retry_ms", t!("a client asks another server after"), (10, 60_000), "ms", 400),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<LogNode> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, 2) as u16;
        let disk = Rc::new(Disk { mark: true, ..Disk::default() });
        let node = |letter: &str, number: u16, rank: u8| NodeSetup {
            label: format!("{letter}{}", number + 1),
            rank,
            disk: disk.clone(),
            is_off: false,
        };
        let nodes = servers + clients;
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: (0..servers)
                .map(|number| node("S", number, 0))
                .chain((0..clients).map(|number| node("C", number, 1)))
                .collect(),
            links: pairs.collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
