//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::lease::Sessions;
use super::stock::Shelf;
use super::{Disk, Lock, Node};

/// The first token that is granted.
pub const FIRST_TOKEN: u64 = 33;

/// What all nodes know. Times are in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub scheme: Scheme,
    pub ttl_us: u64,
    /// From keep-alive to keep-alive; 0 for none.
    pub keepalive_us: u64,
    /// How long a lock stays shut that nobody released.
    pub lock_delay_us: u64,
    /// The longest time until somebody tries again.
    pub retry_us: u64,
    /// How long an answer is waited for.
    pub answer_us: u64,
    pub work_us: u64,
    pub locks: u16,
    /// How long a restarted server of Redlock says nothing.
    pub silence_us: u64,
    pub drift_percent: u64,
    /// Whether a customer looks at its clock before it writes.
    pub check_lease: bool,
    pub customers: u16,
    /// From purchase to purchase of a customer, on average; 0 when only people buy.
    pub workload_us: u64,
    /// How long after the last piece is sold one more comes; 0 for never.
    pub restock_us: u64,
    pub rules: Rules,
}

/// How the lock is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// There is none.
    None,
    /// A service with sessions, a queue and tokens, on disk.
    Lease,
    /// One key with a time to live, in memory.
    Single,
    /// Such a key on a majority of servers.
    Redlock,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub fencing: bool,
    pub token_on_read: bool,
    pub owner_only: bool,
    pub lock_on_disk: bool,
    pub expiry: bool,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Customer,
    Lock,
    Stock,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        let scheme = match settings.word("scheme") {
            "none" => Scheme::None,
            "single" => Scheme::Single,
            "redlock" => Scheme::Redlock,
            _ => Scheme::Lease,
        };
        Config {
            scheme,
            ttl_us: whole("ttl_ms") * 1_000,
            keepalive_us: whole("keepalive_ms") * 1_000,
            lock_delay_us: whole("lock_delay_ms") * 1_000,
            retry_us: whole("retry_ms") * 1_000,
            answer_us: whole("answer_ms") * 1_000,
            work_us: whole("work_ms") * 1_000,
            locks: match scheme {
                Scheme::None => 0,
                Scheme::Lease | Scheme::Single => 1,
                Scheme::Redlock => settings.integer("servers").clamp(3, 9) as u16,
            },
            silence_us: whole("restart_silence_ms") * 1_000,
            drift_percent: whole("drift_percent"),
            check_lease: settings.is_on("check_lease"),
            customers: settings.integer("customers").clamp(2, 6) as u16,
            workload_us: whole("workload_ms") * 1_000,
            restock_us: whole("restock_ms") * 1_000,
            rules: Rules {
                fencing: settings.is_on("fencing"),
                token_on_read: settings.is_on("token_on_read"),
                owner_only: settings.is_on("owner_only"),
                lock_on_disk: settings.is_on("lock_on_disk"),
                expiry: settings.is_on("expiry"),
            },
        }
    }

    /// All customers.
    pub fn customers(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.customers).map(NodeId)
    }

    /// All nodes that keep the lock.
    pub fn locks(&self) -> impl Iterator<Item = NodeId> + use<> {
        (self.customers..self.customers + self.locks).map(NodeId)
    }

    /// The place of a node among those that keep the lock.
    pub fn place(&self, node: NodeId) -> Option<usize> {
        (self.part(node) == Part::Lock).then(|| node.index() - usize::from(self.customers))
    }

    /// The stock.
    pub fn stock(&self) -> NodeId {
        NodeId(self.customers + self.locks)
    }

    /// How many servers have to grant.
    pub fn majority(&self) -> usize {
        usize::from(self.locks) / 2 + 1
    }

    /// What a node is.
    pub fn part(&self, node: NodeId) -> Part {
        match node.0 {
            number if number < self.customers => Part::Customer,
            number if number < self.customers + self.locks => Part::Lock,
            _ => Part::Stock,
        }
    }

    /// For how much less than its time to live a lock counts, for clocks that do not run alike: as in redlock-rb.
    pub fn margin_us(&self) -> u64 {
        match self.scheme {
            Scheme::Redlock => self.ttl_us * self.drift_percent / 100 + 2_000,
            _ => 0,
        }
    }
}

impl Configuration for Lock {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let schemes = vec![
            ("lease", t!("a service with sessions and tokens")),
            ("single", t!("one key that expires")),
            ("redlock", t!("such a key on a majority of servers")),
            ("none", t!("no lock at all")),
        ];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::choice("scheme", t!("the lock is"), schemes).structural(),
            Setting::integer("ttl_ms", t!("a lock lasts, if nobody renews it"), (20, 120_000), "ms", 400),
            Setting::integer("keepalive_ms", t!("it is renewed every (0: never)"), (0, 60_000), "ms", 130),
            Setting::integer("lock_delay_ms", t!("a lock that ran out stays shut for"), (0, 60_000), "ms", 0),
            Setting::integer("retry_ms", t!("who finds it taken tries again within"), (1, 10_000), "ms", 60),
            Setting::integer("answer_ms", t!("an answer is waited for"), (1, 10_000), "ms", 50),
            Setting::integer("work_ms", t!("a customer thinks for"), (0, 120_000), "ms", 60),
            Setting::integer("servers", t!("servers of Redlock"), (3, 9), "", 5).structural(),
            Setting::integer("restart_silence_ms", t!("a restarted server is silent for"), (0, 120_000), "ms", 0),
            Setting::integer("drift_percent", t!("taken off for clocks that differ (Redlock)"), (0, 50), "%", 1),
            Setting::switch("check_lease", t!("customers look at the clock before they write"), false),
            Setting::integer("customers", t!("customers"), (2, 6), "", 3).structural(),
            Setting::integer("workload_ms", t!("a customer buys every (0: only by hand)"), (0, 60_000), "ms", 150)
                .structural(),
            Setting::integer("restock_ms", t!("one more piece comes after (0: never)"), (0, 60_000), "ms", 1_000),
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
        let node = |label: String, rank: u8, disk: Disk| NodeSetup { label, rank, disk: Rc::new(disk), is_off: false };
        let lock = |place: u16| {
            let lease = Sessions { token: FIRST_TOKEN - 1, ..Sessions::default() };
            match config.scheme {
                Scheme::Redlock => node(format!("R{}", place + 1), 1, Disk::default()),
                _ => node("L".to_string(), 1, Disk { lease, ..Disk::default() }),
            }
        };
        let stock =
            node("D".to_string(), 2, Disk { stock: Shelf { delivered: 1, ..Shelf::default() }, ..Disk::default() });
        let customers = (0..config.customers).map(|place| node(format!("C{}", place + 1), 0, Disk::default()));
        let others = || config.locks().chain([config.stock()]);
        Setup {
            nodes: customers.chain((0..config.locks).map(lock)).chain([stock]).collect(),
            links: config.customers().flat_map(|a| others().map(move |b| (a, b))).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
