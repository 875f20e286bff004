//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::retry::{BackOff, Plan, Spread};
use serde::Serialize;
use sim::{Configuration, Delay, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::call::OrderId;
use super::store::Book;
use super::{Disk, RpcNode, RpcRest};

/// How many clients there can be.
const MOST_CLIENTS: u16 = 3;

const LABELS: [&str; MOST_CLIENTS as usize] = ["C1", "C2", "C3"];

/// How long somebody without a deadline goes on waiting after the last attempt, in microseconds.
pub(super) const LAST_WAIT_US: u64 = 30_000_000;

/// The orders that there are at first, with their versions.
pub(super) const FIRST_ORDERS: [(OrderId, u32); 3] = [(5, 1), (6, 1), (7, 3)];

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    styles: Styles,
    clients: u16,
    has_twin: bool,
    has_printer: bool,
    pub semantics: Semantics,
    /// How long a call may take, in microseconds.
    pub deadline_us: Option<u64>,
    attempts: u32,
    back_off: BackOff,
    /// How many tokens a stub has for repeating; 0 where it needs none.
    pub tokens: u32,
    /// How long the front end works on a request.
    pub work: Delay,
    /// How long the store works on one.
    pub store_us: u64,
    pub items: u16,
    pub is_chatty: bool,
    pub max_age_us: u64,
    pub prefetches: bool,
    /// From one wish of a user to the next; 0 for none.
    pub workload_us: u64,
    pub print_first: bool,
    pub strategy: Strategy,
    pub rules: Rules,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Styles {
    Both,
    Rpc,
    Rest,
}

/// How a client asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Rpc,
    Rest,
}

/// What a stub promises of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semantics {
    /// It is sent once.
    Maybe,
    /// It is sent until there is an answer, and carried out each time that it comes.
    AtLeastOnce,
    /// It is sent until there is an answer, and carried out once at the most.
    AtMostOnce,
}

/// What a client does about a text to be printed once the server is back after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Strategy {
    Always,
    Never,
    /// If the completion message had come.
    IfCame,
    /// If it had not.
    IfNot,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub call_table: bool,
    pub server_life: bool,
    pub time_left: bool,
    pub idempotent_only: bool,
    pub safe_get: bool,
    pub if_match: bool,
    pub invalidate: bool,
    pub fresh: bool,
    pub reincarnation: bool,
    pub stateless: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        let work_us = ms("work_ms");
        Config {
            styles: match settings.word("styles") {
                "rpc" => Styles::Rpc,
                "rest" => Styles::Rest,
                _ => Styles::Both,
            },
            clients: settings.integer("clients").clamp(1, i64::from(MOST_CLIENTS)) as u16,
            has_twin: settings.is_on("twin"),
            has_printer: settings.is_on("printer"),
            semantics: match settings.word("semantics") {
                "maybe" => Semantics::Maybe,
                "at-least-once" => Semantics::AtLeastOnce,
                _ => Semantics::AtMostOnce,
            },
            deadline_us: Some(ms("deadline_ms")).filter(|us| *us > 0),
            attempts: settings.integer("attempts").clamp(1, 20) as u32,
            back_off: BackOff {
                first_us: ms("retry_ms").max(1_000),
                most_us: ms("retry_most_ms").max(1_000),
                spread: Spread::Percent(20),
            },
            tokens: settings.integer("tokens").clamp(0, 1_000) as u32,
            work: match settings.word("work") {
                "exponential" => Delay::Exponential { least_us: 0, mean_us: work_us },
                _ => Delay::Constant { us: work_us },
            },
            store_us: ms("store_ms"),
            items: settings.integer("items").clamp(1, 50) as u16,
            is_chatty: settings.word("reads") == "lines",
            max_age_us: ms("max_age_s") * 1_000,
            prefetches: settings.is_on("prefetch"),
            workload_us: ms("workload_ms"),
            print_first: settings.is_on("print_first"),
            strategy: match settings.word("strategy") {
                "never" => Strategy::Never,
                "if-came" => Strategy::IfCame,
                "if-not" => Strategy::IfNot,
                _ => Strategy::Always,
            },
            rules: Rules {
                call_table: settings.is_on("call_table"),
                server_life: settings.is_on("server_life"),
                time_left: settings.is_on("time_left"),
                idempotent_only: settings.is_on("idempotent_only"),
                safe_get: settings.is_on("safe_get"),
                if_match: settings.is_on("if_match"),
                invalidate: settings.is_on("invalidate"),
                fresh: settings.is_on("fresh"),
                reincarnation: settings.is_on("reincarnation"),
                stateless: settings.is_on("stateless"),
            },
        }
    }

    /// Whether a node is a client.
    pub fn is_client(&self, node: NodeId) -> bool {
        node.0 < self.clients
    }

    /// All clients.
    pub fn clients(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.clients).map(NodeId)
    }

    /// How a client asks.
    pub fn style(&self, client: NodeId) -> Style {
        match self.styles {
            Styles::Rpc => Style::Rpc,
            Styles::Both if client.0 == 0 => Style::Rpc,
            Styles::Both | Styles::Rest => Style::Rest,
        }
    }

    fn has_proxy(&self) -> bool {
        self.clients().any(|client| self.style(client) == Style::Rest)
    }

    /// The proxy, where somebody speaks HTTP.
    pub fn proxy(&self) -> Option<NodeId> {
        self.has_proxy().then_some(NodeId(self.clients))
    }

    /// The front end.
    pub fn front(&self) -> NodeId {
        NodeId(self.clients + u16::from(self.has_proxy()))
    }

    /// The other front end of the same name, if there is one.
    pub fn twin(&self) -> Option<NodeId> {
        self.has_twin.then(|| NodeId(self.front().0 + 1))
    }

    /// The front ends, one or two.
    pub fn fronts(&self) -> impl Iterator<Item = NodeId> + use<> {
        [Some(self.front()), self.twin()].into_iter().flatten()
    }

    /// The front end that is asked, or its twin.
    pub fn either(&self, is_twin: bool) -> NodeId {
        self.twin().filter(|_| is_twin).unwrap_or(self.front())
    }

    /// The store.
    pub fn store(&self) -> NodeId {
        NodeId(self.front().0 + 1 + u16::from(self.has_twin))
    }

    /// The printer, if there is one.
    pub fn printer(&self) -> Option<NodeId> {
        self.has_printer.then(|| NodeId(self.store().0 + 1))
    }

    /// How a stub repeats a call.
    pub fn retries(&self) -> Plan {
        let attempts = if self.semantics == Semantics::Maybe { 1 } else { self.attempts };
        Plan { attempts, timeout_us: 0, back_off: self.back_off }
    }

    /// How the proxy repeats a request: it waits for twice as long, since there is a front end and a store behind it.
    pub fn patience(&self) -> Plan {
        let BackOff { first_us, most_us, spread } = self.back_off;
        let back_off = BackOff { first_us: 2 * first_us, most_us: 2 * most_us, spread };
        Plan { attempts: self.attempts, timeout_us: 0, back_off }
    }

    /// How long a call, or a request of a client, is open at the most, in microseconds.
    pub fn longest_us(&self) -> u64 {
        self.deadline_us.unwrap_or_else(|| self.retries().longest_us() + LAST_WAIT_US)
    }
}

impl Configuration for RpcRest {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(10_000, 30_000);
        let styles =
            vec![("both", t!("C1 by RPC, the others by REST")), ("rpc", t!("all by RPC")), ("rest", t!("all by REST"))];
        let semantics = vec![
            ("at-most-once", t!("at most once: repeated, and known to be the same")),
            ("at-least-once", t!("at least once: repeated")),
            ("maybe", t!("maybe: sent once")),
        ];
        let work = vec![("constant", t!("always as long")), ("exponential", t!("exponentially, that on average"))];
        let reads = vec![("one", t!("in one request")), ("lines", t!("one line after the other (RPC)"))];
        let strategies = vec![
            ("always", t!("always")),
            ("never", t!("never")),
            ("if-came", t!("if the completion message had come")),
            ("if-not", t!("if it had not come")),
        ];
        vec![
            Setting::choice("styles", t!("clients ask"), styles).structural(),
            Setting::integer("clients", t!("clients"), (1, i64::from(MOST_CLIENTS)), "", 3).structural(),
            Setting::switch("twin", t!("the front end has a twin"), true).structural(),
            Setting::switch("printer", t!("there is a printer"), false).structural(),
            Setting::choice("semantics", t!("a call is carried out"), semantics).structural(),
            Setting::integer("deadline_ms", t!("deadline of a call (0: none)"), (0, 60_000), "ms", 2_000),
            Setting::integer("retry_ms", t!("a call is repeated after"), (1, 10_000), "ms", 300),
            Setting::integer("retry_most_ms", t!("which doubles up to"), (1, 60_000), "ms", 10_000),
            Setting::integer("attempts", t!("attempts at most"), (1, 20), "", 5),
            Setting::integer("tokens", t!("tokens for repeating (0: no throttling)"), (0, 1_000), "", 0),
            Setting::integer("work_ms", t!("the front end works on a request for"), (0, 10_000), "ms", 50),
            Setting::choice("work", t!("which takes"), work),
            Setting::integer("store_ms", t!("the store works on one for"), (0, 10_000), "ms", 20),
            Setting::integer("items", t!("lines of an order"), (1, 50), "", 10),
            Setting::choice("reads", t!("an order is read"), reads),
            Setting::integer("max_age_s", t!("the proxy keeps an answer for"), (0, 3_600), "s", 5),
            Setting::switch("prefetch", t!("the proxy fetches the links of a page ahead"), true),
            Setting::integer("workload_ms", t!("a user wants something every (0: never)"), (0, 60_000), "ms", 1_500),
            Setting::switch("print_first", t!("the server prints first, and then sends the completion message"), true),
            Setting::choice("strategy", t!("after a crash of the server a client prints again"), strategies),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 2),
            Setting::integer("copies_percent", t!("messages that arrive twice"), (0, 90), "%", 1),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<RpcNode> {
        let config = Config::new(settings);
        let node =
            |label: &str, rank: u8| NodeSetup { label: label.to_string(), rank, disk: Rc::default(), is_off: false };
        let mut nodes: Vec<NodeSetup<RpcNode>> =
            LABELS.iter().take(usize::from(config.clients)).map(|label| node(label, 0)).collect();
        nodes.extend(config.proxy().map(|_| node("P", 1)));
        nodes.push(node("F", 2));
        nodes.extend(config.twin().map(|_| node("F2", 2)));
        let disk = Disk { book: Book::with(&FIRST_ORDERS), ..Disk::default() };
        nodes.push(NodeSetup { disk: Rc::new(disk), ..node("B", 3) });
        nodes.extend(config.printer().map(|_| node("D", 3)));
        let mut links = Vec::new();
        for front in config.fronts() {
            let callers = config.clients().filter(|client| config.style(*client) == Style::Rpc);
            links.extend(callers.chain(config.proxy()).map(|caller| (caller, front)));
            links.push((front, config.store()));
        }
        if let Some(proxy) = config.proxy() {
            let clients = config.clients().filter(|client| config.style(*client) == Style::Rest);
            links.extend(clients.map(|client| (client, proxy)));
        }
        if let Some(printer) = config.printer() {
            links.push((config.front(), printer));
            // Whoever speaks HTTP asks the front end itself for what is to be printed.
            let others = config.clients().filter(|client| config.style(*client) == Style::Rest);
            links.extend(others.map(|client| (client, config.front())));
        }
        let ppm = |name: &str| settings.integer(name).clamp(0, 100) as u32 * 10_000;
        let troubles = Troubles { duplication_ppm: ppm("copies_percent"), ..links::troubles(settings) };
        Setup { nodes, links, delay: links::delay(settings), troubles, own_lines: Vec::new() }
    }
}
