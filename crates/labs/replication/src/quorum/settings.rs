//! What can be set in this lab.

use std::rc::Rc;

use parts::latency::{Latencies, Latency};
use parts::links;
use parts::ring::{Ring, position};
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::version::Conflicts;
use super::{LeaderlessQuorum, QuorumNode};

/// The most servers and clients.
pub const MOST_SERVERS: i64 = 12;
pub const MOST_CLIENTS: i64 = 4;

/// The labels of the servers.
pub(super) const SERVERS: [&str; MOST_SERVERS as usize] =
    ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12"];

/// What all nodes know. Every node knows the whole ring (a zero-hop table, section 4.2): membership does not change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes before this number are servers, the others clients.
    pub servers: u16,
    pub ring: Ring,
    /// How many replicas a key has (section 4.3).
    pub n: u16,
    /// How many replicas have to answer a get, and a put (section 4.5).
    pub r: u16,
    pub w: u16,
    /// Whether other servers stand in for replicas that do not answer (section 4.6).
    pub is_sloppy: bool,
    /// Whether clients ask replicas of the key, or any server.
    pub coordinator: Coordinator,
    pub conflicts: Conflicts,
    /// When a read repairs replicas that are behind.
    pub repair: Repair,
    /// From one comparison of Merkle trees to the next; 0 for never.
    pub anti_entropy_us: u64,
    /// From one attempt to return hints to the next.
    pub handoff_us: u64,
    /// How long a coordinator waits for a replica.
    pub patience_us: u64,
    /// How long a client waits for an answer.
    pub give_up_us: u64,
    /// From one operation of a client to the next, on average; 0 when only people give them.
    pub workload_us: u64,
    /// How many operations each client gives by itself; 0 for no end.
    pub operations: u64,
    /// How long servers take for each kind of message, on top of the links.
    pub latencies: Latencies,
    pub rules: Rules,
}

/// Whom clients ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coordinator {
    /// A replica of the key: the client knows the ring (section 6.4).
    Replica,
    /// Any server, as through a load balancer; it coordinates whether it is a replica or not (as in Cassandra).
    Any,
}

/// When a read repairs replicas that are behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Before the client is answered (Cassandra, `read_repair = 'BLOCKING'`).
    Before,
    /// After all replicas have answered, or had the time to (Dynamo, section 5).
    After,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub context: bool,
    pub own_dot: bool,
    pub write_first: bool,
    pub write_quorum: bool,
    pub read_quorum: bool,
    pub read_repair: bool,
    pub hinted_handoff: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        let servers = settings.integer("servers").clamp(1, MOST_SERVERS) as u16;
        let n = settings.integer("n").clamp(1, servers.into()) as u16;
        let quorum = |name: &str| settings.integer(name).clamp(1, n.into()) as u16;
        let mean = |name: &str| Latency::exponential(settings.integer(name).unsigned_abs());
        Config {
            servers,
            ring: Ring::new(servers, settings.integer("virtual_nodes").clamp(1, 64) as u16),
            n,
            r: quorum("r"),
            w: quorum("w"),
            is_sloppy: settings.is_on("sloppy"),
            coordinator: match settings.word("coordinator") {
                "any" => Coordinator::Any,
                _ => Coordinator::Replica,
            },
            conflicts: match settings.word("conflicts") {
                "last-write-wins" => Conflicts::LastWriteWins,
                _ => Conflicts::Siblings,
            },
            repair: match settings.word("repair") {
                "after" => Repair::After,
                _ => Repair::Before,
            },
            anti_entropy_us: ms("anti_entropy_ms"),
            handoff_us: ms("handoff_ms").max(1_000),
            patience_us: ms("patience_ms").max(1_000),
            give_up_us: ms("give_up_ms").max(1_000),
            workload_us: ms("workload_ms"),
            operations: settings.integer("operations").unsigned_abs(),
            latencies: Latencies::named(settings.word("latencies")).unwrap_or_else(|| Latencies {
                write: mean("w_mean_us"),
                acknowledge: mean("a_mean_us"),
                read: mean("r_mean_us"),
                answer: mean("s_mean_us"),
                away_us: 0,
            }),
            rules: Rules {
                context: settings.is_on("context"),
                own_dot: settings.is_on("own_dot"),
                write_first: settings.is_on("write_first"),
                write_quorum: settings.is_on("write_quorum"),
                read_quorum: settings.is_on("read_quorum"),
                read_repair: settings.is_on("read_repair"),
                hinted_handoff: settings.is_on("hinted_handoff"),
            },
        }
    }

    /// All servers in the order in which they serve a key: the first n are its replicas.
    pub fn preference_list(&self, key: &str) -> Vec<NodeId> {
        self.ring.preference_list(self.ring.range_of(position(key)))
    }

    /// The replicas of a key.
    pub fn replicas(&self, key: &str) -> Vec<NodeId> {
        let mut list = self.preference_list(key);
        list.truncate(self.n.into());
        list
    }

    /// Whether a server is a replica of a range of the ring.
    pub fn is_replica_of(&self, server: NodeId, range: usize) -> bool {
        self.ring.preference_list(range)[..self.n.into()].contains(&server)
    }

    /// Whether every get meets every put that was acknowledged (section 4.5).
    pub fn quorums_overlap(&self) -> bool {
        !self.is_sloppy && self.r + self.w > self.n
    }
}

impl Configuration for LeaderlessQuorum {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        let coordinators = vec![("replica", t!("a replica of the key")), ("any", t!("any server"))];
        let conflicts = vec![
            ("siblings", t!("are kept as siblings until a client merges them")),
            ("last-write-wins", t!("are dropped but for the latest by the clock")),
        ];
        let repairs = vec![
            ("before", t!("before the answer (as in Cassandra)")),
            ("after", t!("after the answer (as in Dynamo)")),
        ];
        let quorum = |name, title, default| Setting::integer(name, title, (1, MOST_SERVERS), "", default);
        let mut settings = vec![
            Setting::integer("servers", t!("servers"), (3, MOST_SERVERS), "", 5).structural(),
            Setting::integer("virtual_nodes", t!("virtual nodes a server"), (1, 64), "", 3).structural(),
            Setting::integer("clients", t!("clients"), (0, MOST_CLIENTS), "", 2).structural(),
            quorum("n", t!("n: replicas of a key"), 3).structural(),
            quorum("r", t!("r: replicas that answer a get"), 2),
            quorum("w", t!("w: replicas that acknowledge a put"), 2),
            Setting::switch("sloppy", t!("sloppy quorum: others stand in for replicas"), false),
            Setting::choice("coordinator", t!("clients ask"), coordinators),
            Setting::choice("conflicts", t!("concurrent versions"), conflicts),
            Setting::choice("repair", t!("a read repairs replicas"), repairs),
            Setting::integer(
                "anti_entropy_ms",
                t!("Merkle trees are compared every (0: never)"),
                (0, 600_000),
                "ms",
                1_000,
            ),
            Setting::integer("handoff_ms", t!("hints are tried every"), (1, 600_000), "ms", 300),
            Setting::integer("patience_ms", t!("a coordinator waits for a replica"), (1, 600_000), "ms", 60),
            Setting::integer("give_up_ms", t!("a client waits for an answer"), (1, 600_000), "ms", 400),
            Setting::integer("workload_ms", t!("each client acts every (0: only by hand)"), (0, 60_000), "ms", 300)
                .structural(),
            Setting::integer("operations", t!("operations a client gives (0: no end)"), (0, 1_000), "", 8),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ];
        settings.extend(latency_settings(0));
        settings
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<QuorumNode> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, MOST_CLIENTS) as u16;
        let server = |label: &&str| NodeSetup { label: label.to_string(), rank: 0, disk: Rc::default(), is_off: false };
        let client =
            |number: u16| NodeSetup { label: format!("C{number}"), rank: 1, disk: Rc::default(), is_off: false };
        let nodes = servers + clients;
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: SERVERS.iter().take(servers.into()).map(server).chain((1..=clients).map(client)).collect(),
            links: pairs.collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}

/// The settings of the WARS model, with means that are all the same.
pub fn latency_settings(mean_us: i64) -> Vec<Setting> {
    let mut choices = vec![("exponential", t!("exponential, with the means below"))];
    choices.extend(Latencies::NAMES.map(|name| (name, sim::Text::verbatim(name.to_ascii_uppercase()))));
    let mean = |name, title| Setting::integer(name, title, (0, 10_000_000), "µs", mean_us);
    vec![
        Setting::choice("latencies", t!("time that servers take (WARS)"), choices),
        mean("w_mean_us", t!("W: until a replica has a write")),
        mean("a_mean_us", t!("A: until its acknowledgement is back")),
        mean("r_mean_us", t!("R: until a replica has a read")),
        mean("s_mean_us", t!("S: until its answer is back")),
    ]
}
