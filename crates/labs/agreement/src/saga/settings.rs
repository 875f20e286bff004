//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::shop::{Desk, Shelves};
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::service::Books;
use super::{Disk, Node, Saga};

pub const ORDER: NodeId = NodeId(0);
pub const PAY: NodeId = NodeId(1);
pub const STOCK: NodeId = NodeId(2);
pub const SHIP: NodeId = NodeId(3);
pub const A: NodeId = NodeId(4);
pub const B: NodeId = NodeId(5);
pub const V: NodeId = NodeId(6);

/// The services, in the order of their desks.
pub const SERVICES: [NodeId; 3] = [PAY, STOCK, SHIP];

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub style: Style,
    pub forward: bool,
    pub pieces: i64,
    pub fail_percent: u64,
    pub retry_us: u64,
    pub retry_most_us: u64,
    /// How often a step before the pivot, and a compensation, is asked for again; 0: without end.
    pub step_repeats: u64,
    pub undo_repeats: u64,
    pub relay_us: u64,
    pub cancel_percent: u64,
    pub workload_us: u64,
    pub rules: Rules,
}

/// Who says what comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Orchestration,
    Choreography,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub saga_log: bool,
    pub inbox: bool,
    pub tombstone: bool,
    pub retry_compensation: bool,
    pub reverse_order: bool,
    pub pivot: bool,
    pub respect_pending: bool,
    pub outbox: bool,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Order,
    Service(Desk),
    Customer,
    Viewer,
}

/// What a node is.
pub fn part(node: NodeId) -> Part {
    match node {
        ORDER => Part::Order,
        PAY => Part::Service(Desk::Payment),
        STOCK => Part::Service(Desk::Inventory),
        SHIP => Part::Service(Desk::Shipping),
        V => Part::Viewer,
        _ => Part::Customer,
    }
}

impl Config {
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        let us = |name: &str| whole(name) * 1_000;
        let is_on = |name: &str| settings.is_on(name);
        Config {
            style: match settings.word("style") {
                "choreography" => Style::Choreography,
                _ => Style::Orchestration,
            },
            forward: settings.word("recovery") == "forward",
            pieces: settings.integer("stock"),
            fail_percent: whole("fail_percent"),
            retry_us: us("retry_ms"),
            retry_most_us: us("retry_most_ms"),
            step_repeats: whole("step_repeats"),
            undo_repeats: whole("undo_repeats"),
            relay_us: us("relay_ms"),
            cancel_percent: whole("cancel_percent"),
            workload_us: us("workload_ms"),
            rules: Rules {
                saga_log: is_on("saga_log"),
                inbox: is_on("inbox"),
                tombstone: is_on("tombstone"),
                retry_compensation: is_on("retry_compensation"),
                reverse_order: is_on("reverse_order"),
                pivot: is_on("pivot"),
                respect_pending: is_on("respect_pending"),
                outbox: is_on("outbox"),
            },
        }
    }
}

impl Configuration for Saga {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let styles =
            vec![("orchestration", t!("one that conducts")), ("choreography", t!("each after the one before"))];
        let ways = vec![("backward", t!("goes back")), ("forward", t!("goes on"))];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::choice("style", t!("who says what comes next"), styles).structural(),
            Setting::choice("recovery", t!("after a crash a saga"), ways),
            Setting::integer("stock", t!("pieces in stock"), (0, 1_000), "", 3).structural(),
            Setting::integer("fail_percent", t!("steps that a service refuses by chance"), (0, 90), "%", 10),
            Setting::integer("retry_ms", t!("who has no answer asks again after"), (1, 600_000), "ms", 200),
            Setting::integer(
                "retry_most_ms",
                t!("and waits twice as long each time, up to"),
                (1, 600_000),
                "ms",
                2_000,
            ),
            Setting::integer("step_repeats", t!("a step is repeated at most (0: without end)"), (0, 100), "", 0),
            Setting::integer(
                "undo_repeats",
                t!("a compensation is repeated at most (0: without end)"),
                (0, 100),
                "",
                0,
            ),
            Setting::integer("relay_ms", t!("a letter waits in the outbox for"), (0, 10_000), "ms", 5),
            Setting::integer("cancel_percent", t!("moments at which a customer who waits cancels"), (0, 100), "%", 15),
            Setting::integer("workload_ms", t!("a customer orders every (0: only by hand)"), (0, 60_000), "ms", 200)
                .structural(),
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
            let shelves = Shelves::opened(desk, [A, B].into_iter(), config.pieces);
            node(desk.name(), 2, Disk { books: Books { shelves, ..Books::default() }, ..Disk::default() })
        };
        let pairs = [(PAY, STOCK), (STOCK, SHIP), (PAY, SHIP), (PAY, V), (STOCK, V)];
        Setup {
            nodes: [node("Order", 1, Disk::default())]
                .into_iter()
                .chain(Desk::ALL.into_iter().take(3).map(service))
                .chain(["A", "B", "V"].map(|label| node(label, 0, Disk::default())))
                .collect(),
            links: [PAY, STOCK, SHIP, A, B].into_iter().map(|node| (ORDER, node)).chain(pairs).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
