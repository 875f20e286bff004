//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use parts::retry::{self, BackOff, Spread};
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::wire::HopCheck;
use super::{UnreliableNetwork, UnreliableNode};

/// How many clients there can be.
pub(super) const MOST_CLIENTS: u16 = 3;

const LABELS: [&str; MOST_CLIENTS as usize] = ["C1", "C2", "C3"];

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub story: Story,
    pub semantics: Semantics,
    pub clients: u16,
    /// The kind of check that hops have.
    pub hop_check: HopCheck,
    /// In how many messages of a thousand the gateway swaps two bytes.
    pub gateway_swaps_per_mille: u64,
    /// How long the gateway keeps a message, in microseconds.
    pub gateway_us: u64,
    pub timeout_us: u64,
    pub attempts: u32,
    pub back_off: BackOff,
    /// For how long a key is remembered, in microseconds.
    pub window_us: u64,
    pub work_us: u64,
    /// From one wish of a user to the next, and from one battle to the next; 0 for none.
    pub workload_us: u64,
    pub plan: Plan,
    /// How many messengers there are in a battle (of the random key: in each direction).
    pub messages: u32,
    /// How long a messenger may take, in microseconds.
    pub round_us: u64,
    /// What links do to messages if nobody has changed it.
    pub troubles: Troubles,
    pub rules: Rules,
}

/// What the lab is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    Payments,
    Generals,
}

/// What clients and the ledger do to a request in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Semantics {
    /// One attempt.
    Maybe,
    /// Many attempts, and nothing that tells them from other requests.
    AtLeastOnce,
    /// Many attempts under one key.
    Exactly,
}

/// What the generals have agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// One messenger after the other.
    Chain,
    /// A number drawn at random, and rounds.
    RandomKey,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub same_key: bool,
    pub key_first: bool,
    pub one_write: bool,
    pub keep_answer: bool,
    pub write_first: bool,
    pub end_to_end: bool,
    pub outdated: bool,
    pub retry: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| us(name) * 1_000;
        let ppm = |name: &str| settings.integer(name).clamp(0, 100) as u32 * 10_000;
        Config {
            story: if settings.word("story") == "generals" { Story::Generals } else { Story::Payments },
            semantics: match settings.word("semantics") {
                "maybe" => Semantics::Maybe,
                "at-least-once" => Semantics::AtLeastOnce,
                _ => Semantics::Exactly,
            },
            clients: settings.integer("clients").clamp(1, i64::from(MOST_CLIENTS)) as u16,
            hop_check: match settings.word("hop_check") {
                "none" => HopCheck::None,
                "crc" => HopCheck::Crc(0),
                _ => HopCheck::Internet(0),
            },
            gateway_swaps_per_mille: us("gateway_swaps"),
            gateway_us: us("gateway_us"),
            timeout_us: ms("timeout_ms"),
            attempts: settings.integer("attempts").clamp(1, 20) as u32,
            back_off: BackOff { first_us: ms("backoff_ms"), most_us: ms("backoff_most_ms"), spread: Spread::UpperHalf },
            window_us: ms("window_s") * 1_000,
            work_us: ms("work_ms"),
            workload_us: ms("workload_ms"),
            plan: if settings.word("plan") == "random-key" { Plan::RandomKey } else { Plan::Chain },
            messages: settings.integer("messages").clamp(1, 20) as u32,
            round_us: ms("round_ms").max(1_000),
            troubles: Troubles {
                duplication_ppm: ppm("copies_percent"),
                reordering_ppm: ppm("reordering_percent"),
                corruption_ppm: ppm("damage_percent"),
                ..links::troubles(settings)
            },
            rules: Rules {
                same_key: settings.is_on("same_key"),
                key_first: settings.is_on("key_first"),
                one_write: settings.is_on("one_write"),
                keep_answer: settings.is_on("keep_answer"),
                write_first: settings.is_on("write_first"),
                end_to_end: settings.is_on("end_to_end"),
                outdated: settings.is_on("outdated"),
                retry: settings.is_on("retry"),
            },
        }
    }

    /// Whether a node is a client.
    pub fn is_client(&self, node: NodeId) -> bool {
        node.0 < self.clients
    }

    /// The gateway.
    pub fn gateway(&self) -> NodeId {
        NodeId(self.clients)
    }

    /// The ledger.
    pub fn ledger(&self) -> NodeId {
        NodeId(self.clients + 1)
    }

    /// How a client tries.
    pub fn retries(&self) -> retry::Plan {
        let attempts = if self.semantics == Semantics::Maybe { 1 } else { self.attempts };
        retry::Plan { attempts, timeout_us: self.timeout_us, back_off: self.back_off }
    }

    /// From one battle to the next.
    pub fn period_us(&self) -> u64 {
        (u64::from(self.messages) + 1) * self.round_us + self.workload_us.max(1)
    }
}

impl Configuration for UnreliableNetwork {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(10_000, 30_000);
        let stories = vec![("payments", t!("payments over a gateway")), ("generals", t!("two generals"))];
        let semantics = vec![
            ("exactly", t!("many attempts under one key (exactly-once effect)")),
            ("at-least-once", t!("many attempts without a key (at least once)")),
            ("maybe", t!("one attempt (maybe)")),
        ];
        let checks = vec![("internet", t!("Internet checksum")), ("crc", t!("CRC-32")), ("none", t!("none"))];
        let plans =
            vec![("chain", t!("one messenger after the other")), ("random-key", t!("a secret number, in rounds"))];
        vec![
            Setting::choice("story", t!("the story"), stories).structural(),
            Setting::choice("semantics", t!("a request is sent with"), semantics).structural(),
            Setting::integer("clients", t!("clients"), (1, i64::from(MOST_CLIENTS)), "", 2).structural(),
            Setting::integer(
                "workload_ms",
                t!("a user wants something, or generals fight, every (0: never)"),
                (0, 60_000),
                "ms",
                800,
            ),
            Setting::integer("timeout_ms", t!("a client waits for an answer"), (10, 60_000), "ms", 300),
            Setting::integer("attempts", t!("attempts at most"), (1, 20), "", 8),
            Setting::integer(
                "backoff_ms",
                t!("before the second attempt it stays away for up to"),
                (0, 60_000),
                "ms",
                200,
            ),
            Setting::integer("backoff_most_ms", t!("which doubles up to"), (0, 60_000), "ms", 2_000),
            Setting::integer("window_s", t!("the ledger remembers a key for"), (1, 604_800), "s", 86_400),
            Setting::integer("work_ms", t!("the ledger works on a request for"), (0, 10_000), "ms", 20),
            Setting::choice("hop_check", t!("the check of each hop"), checks),
            Setting::integer(
                "gateway_swaps",
                t!("messages of a thousand in which the gateway swaps two bytes"),
                (0, 1_000),
                "",
                20,
            ),
            Setting::integer("gateway_us", t!("the gateway keeps a message for"), (0, 1_000_000), "µs", 500),
            Setting::choice("plan", t!("the generals have agreed on"), plans).structural(),
            Setting::integer("messages", t!("messengers"), (1, 20), "", 4).structural(),
            Setting::integer("round_ms", t!("a messenger takes at most"), (1, 10_000), "ms", 50).structural(),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 5),
            Setting::integer("copies_percent", t!("messages that arrive twice"), (0, 90), "%", 1),
            Setting::integer("reordering_percent", t!("messages that others may overtake"), (0, 100), "%", 10),
            Setting::integer("damage_percent", t!("messages that are damaged"), (0, 90), "%", 1),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<UnreliableNode> {
        let config = Config::new(settings);
        let node =
            |label: &str, rank: u8| NodeSetup { label: label.to_string(), rank, disk: Rc::default(), is_off: false };
        let troubles = config.troubles;
        let (nodes, links) = if config.story == Story::Generals {
            (vec![node("A", 0), node("B", 1)], vec![(NodeId(0), NodeId(1))])
        } else {
            let clients = LABELS.iter().take(usize::from(config.clients)).map(|label| node(label, 0));
            let gateway = config.gateway();
            let to_clients = (0..config.clients).map(|client| (NodeId(client), gateway));
            (
                clients.chain([node("G", 1), node("S", 2)]).collect(),
                to_clients.chain([(gateway, config.ledger())]).collect(),
            )
        };
        Setup { nodes, links, delay: links::delay(settings), troubles, own_lines: Vec::new() }
    }
}
