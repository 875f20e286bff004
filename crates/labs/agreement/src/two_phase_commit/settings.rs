//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::shop::{Desk, Shelves};
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::journal::Disk;
use super::ledger::Ledger;
use super::{Node, TwoPhaseCommit};

/// The coordinator.
pub const TM: NodeId = NodeId(0);

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub services: u16,
    pub customers: u16,
    /// Whether all are told that all said yes before anybody commits: three phases (Skeen 1981).
    pub three_phases: bool,
    /// What an order without a record means.
    pub presumption: Presumption,
    /// Whether services in doubt ask each other too.
    pub cooperative: bool,
    /// How long a write of the log takes, in microseconds.
    pub disk_us: u64,
    /// How long the coordinator waits for all answers of a phase, in microseconds.
    pub vote_us: u64,
    /// How long a service waits before it gives up what it has not promised, in microseconds.
    pub patience_us: u64,
    /// From question to question, in microseconds.
    pub ask_us: u64,
    pub pieces: i64,
    /// How many of a hundred prepares a service refuses.
    pub refuse_percent: u64,
    /// From order to order of a customer, on average, in microseconds; 0 when only people order.
    pub workload_us: u64,
    /// How many orders a customer places by itself; 0 for no end.
    pub orders: u64,
    pub rules: Rules,
}

/// What an order without a record means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presumption {
    /// Nothing: aborts are forced and acknowledged like commits.
    Nothing,
    /// It was aborted.
    Abort,
    /// It was committed.
    Commit,
}

impl Presumption {
    /// Whether who has such an outcome has to say so, and the coordinator to remember it until then.
    pub fn needs_acks(self, commit: bool) -> bool {
        match self {
            Presumption::Nothing => true,
            Presumption::Abort => commit,
            Presumption::Commit => !commit,
        }
    }
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub force_prepared: bool,
    pub force_decision: bool,
    pub wait_in_doubt: bool,
    pub forget_after_acks: bool,
    pub all_votes: bool,
    pub hold_locks: bool,
    pub spare_prepared: bool,
    pub ask: bool,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Coordinator,
    Service(Desk),
    Customer,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        Config {
            services: settings.integer("services").clamp(2, 5) as u16,
            customers: settings.integer("customers").clamp(1, 2) as u16,
            three_phases: settings.word("protocol") == "3pc",
            presumption: match settings.word("presumption") {
                "nothing" => Presumption::Nothing,
                "commit" => Presumption::Commit,
                _ => Presumption::Abort,
            },
            cooperative: settings.is_on("cooperative"),
            disk_us: whole("disk_ms") * 1_000,
            vote_us: whole("vote_ms") * 1_000,
            patience_us: whole("patience_ms") * 1_000,
            ask_us: whole("ask_ms") * 1_000,
            pieces: settings.integer("stock"),
            refuse_percent: whole("refuse_percent"),
            workload_us: whole("workload_ms") * 1_000,
            orders: whole("orders"),
            rules: Rules {
                force_prepared: settings.is_on("force_prepared"),
                force_decision: settings.is_on("force_decision"),
                wait_in_doubt: settings.is_on("wait_in_doubt"),
                forget_after_acks: settings.is_on("forget_after_acks"),
                all_votes: settings.is_on("all_votes"),
                hold_locks: settings.is_on("hold_locks"),
                spare_prepared: settings.is_on("spare_prepared"),
                ask: settings.is_on("ask"),
            },
        }
    }

    /// Whether the coordinator notes on disk whom it asks for votes, before it does.
    pub fn collects(&self) -> bool {
        self.three_phases || self.presumption == Presumption::Commit
    }

    /// All services, in the order of their desks.
    pub fn services(&self) -> impl Iterator<Item = NodeId> + use<> {
        (1..=self.services).map(NodeId)
    }

    /// All customers.
    pub fn customers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let first = self.services + 1;
        (first..first + self.customers).map(NodeId)
    }

    /// What a node is.
    pub fn part(&self, node: NodeId) -> Part {
        match node.index() {
            0 => Part::Coordinator,
            place if place <= usize::from(self.services) => Part::Service(Desk::ALL[place - 1]),
            _ => Part::Customer,
        }
    }

    /// The place of a service among all services.
    pub fn place(&self, service: NodeId) -> Option<usize> {
        matches!(self.part(service), Part::Service(_)).then(|| service.index() - 1)
    }

    /// The desk of a service by its place.
    pub fn desks(&self) -> impl Iterator<Item = Desk> + use<> {
        Desk::ALL.into_iter().take(usize::from(self.services))
    }
}

impl Configuration for TwoPhaseCommit {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let presumptions = vec![
            ("abort", t!("that it was aborted")),
            ("commit", t!("that it was committed")),
            ("nothing", t!("nothing")),
        ];
        let protocols = vec![("2pc", t!("two phases")), ("3pc", t!("three phases"))];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::integer("services", t!("services"), (2, 5), "", 3).structural(),
            Setting::integer("customers", t!("customers"), (1, 2), "", 2).structural(),
            Setting::choice("protocol", t!("protocol"), protocols).structural(),
            Setting::choice("presumption", t!("an order without a record means"), presumptions).structural(),
            Setting::switch("cooperative", t!("services in doubt ask each other too"), true),
            Setting::integer("disk_ms", t!("a write to disk takes"), (0, 10_000), "ms", 10),
            Setting::integer("vote_ms", t!("the coordinator waits for answers"), (1, 600_000), "ms", 200),
            Setting::integer(
                "patience_ms",
                t!("a service gives up what it has not promised after"),
                (1, 600_000),
                "ms",
                300,
            ),
            Setting::integer("ask_ms", t!("who waits asks again every"), (1, 600_000), "ms", 150),
            Setting::integer("stock", t!("pieces in stock"), (0, 1_000), "", 5).structural(),
            Setting::integer("refuse_percent", t!("votes that are no by chance"), (0, 100), "%", 5),
            Setting::integer("workload_ms", t!("a customer orders every (0: only by hand)"), (0, 60_000), "ms", 150)
                .structural(),
            Setting::integer("orders", t!("orders of each customer (0: no end)"), (0, 1_000), "", 0).structural(),
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
        let node = |label: &str, rank: u8, disk: Disk| NodeSetup {
            label: label.to_string(),
            rank,
            disk: Rc::new(disk),
            is_off: false,
        };
        let service = |desk: Desk| {
            let shelves = Shelves::opened(desk, config.customers(), config.pieces);
            node(desk.name(), 2, Disk { ledger: Ledger::new(shelves), ..Disk::default() })
        };
        let coordinator = node("TM", 1, Disk::default());
        let customers = ["A", "B"].into_iter().take(usize::from(config.customers));
        let customers = customers.map(|label| node(label, 0, Disk::default()));
        let pairs = config.services().flat_map(|a| config.services().map(move |b| (a, b))).filter(|(a, b)| a < b);
        Setup {
            nodes: [coordinator].into_iter().chain(config.desks().map(service)).chain(customers).collect(),
            links: config.services().chain(config.customers()).map(|node| (TM, node)).chain(pairs).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
