//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, Line, NodeId, NodeSetup, Pipe, Setting, Settings, Setup, t};

use super::{Disk, Peer, ProofOfWork, graph, power};

/// How many miners there are at the most.
pub const MOST_MINERS: u16 = 40;

/// How many blocks can wait on one link.
const PLACES: u32 = 10_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub miners: u16,
    /// How much of the hash power each miner has, in millionths.
    pub shares: Vec<u64>,
    pub interval_us: u64,
    /// The nodes that each node is linked with.
    pub peers: Vec<Vec<NodeId>>,
    pub block_kb: u64,
    pub old_limit_kb: u64,
    pub confirmations: u64,
    pub retarget: Retarget,
    pub window: u64,
    pub attacker: Attacker,
    pub gamma_percent: u64,
    pub give_up: u64,
    pub pay_us: u64,
    pub rules: Rules,
}

/// Who has how much of the hash power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Powers {
    Equal,
    /// The first miner has a third.
    OneThird,
    /// The first half of the miners has 60 of 100.
    SixtyForty,
}

/// How the work of a block follows the power that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retarget {
    Never,
    /// After each window.
    Bitcoin,
    /// With each block.
    Homestead,
}

/// What the last miner does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attacker {
    /// The same as all others.
    None,
    DoubleSpend,
    Selfish,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub heaviest: bool,
    pub ask_parent: bool,
    pub check_spends: bool,
    pub return_payments: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let number = |name: &str| settings.integer(name).unsigned_abs();
        let miners = number("miners").clamp(3, u64::from(MOST_MINERS)) as u16;
        let powers = match settings.word("powers") {
            "one-third" => Powers::OneThird,
            "60-40" => Powers::SixtyForty,
            _ => Powers::Equal,
        };
        let attacker = match settings.word("attacker") {
            "double-spend" => Attacker::DoubleSpend,
            "selfish" => Attacker::Selfish,
            _ => Attacker::None,
        };
        let links = Config::links(settings);
        let peers = (0..miners + 2).map(|node| {
            let of = |(a, b): &(NodeId, NodeId)| {
                let node = NodeId(node);
                if *a == node { Some(*b) } else { (*b == node).then_some(*a) }
            };
            links.iter().filter_map(of).collect()
        });
        Config {
            miners,
            shares: power::shares(miners, powers, attacker, number("attacker_share")),
            interval_us: number("interval_ms") * 1_000,
            peers: peers.collect(),
            block_kb: number("block_kb"),
            old_limit_kb: number("old_limit_kb"),
            confirmations: number("confirmations"),
            retarget: match settings.word("retarget") {
                "bitcoin" => Retarget::Bitcoin,
                "homestead" => Retarget::Homestead,
                _ => Retarget::Never,
            },
            window: number("window").max(2),
            attacker,
            gamma_percent: number("gamma"),
            give_up: number("give_up"),
            pay_us: number("pay_ms") * 1_000,
            rules: Rules {
                heaviest: settings.is_on("heaviest"),
                ask_parent: settings.is_on("ask_parent"),
                check_spends: settings.is_on("check_spends"),
                return_payments: settings.is_on("return_payments"),
            },
        }
    }

    fn links(settings: &Settings) -> Vec<(NodeId, NodeId)> {
        let number = |name: &str| settings.integer(name).unsigned_abs();
        let miners = number("miners").clamp(3, u64::from(MOST_MINERS)) as u16;
        graph::links(miners, number("peers").clamp(2, 10) as u16, number("graph"))
    }

    /// The buyer.
    pub fn buyer(&self) -> NodeId {
        NodeId(self.miners)
    }

    /// The shop.
    pub fn shop(&self) -> NodeId {
        NodeId(self.miners + 1)
    }

    /// Whether a node mines at all.
    pub fn is_miner(&self, node: NodeId) -> bool {
        node.0 < self.miners
    }

    /// The miner that attacks, if one does.
    pub fn attacker_node(&self) -> Option<NodeId> {
        (self.attacker != Attacker::None).then_some(NodeId(self.miners - 1))
    }

    /// Whether a node is the one that attacks.
    pub fn is_attacker(&self, node: NodeId) -> bool {
        self.attacker_node() == Some(node)
    }

    /// How much of the hash power a node has, in millionths.
    pub fn share_ppm(&self, node: NodeId) -> u64 {
        self.shares.get(node.index()).copied().unwrap_or(0)
    }
}

impl Configuration for ProofOfWork {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let integer = Setting::integer;
        let [delay, delay_least, delay_most] = links::settings(200_000, 600_000);
        let powers = vec![
            ("equal", t!("all have the same")),
            ("one-third", t!("M1 has a third")),
            ("60-40", t!("the first half has 60 %")),
        ];
        let retargets = vec![
            ("none", t!("never")),
            ("bitcoin", t!("after each window (Bitcoin)")),
            ("homestead", t!("with each block (Homestead)")),
        ];
        let attackers = vec![
            ("none", t!("nothing: it is a miner as all others")),
            ("double-spend", t!("pays W2 and takes the coin back")),
            ("selfish", t!("keeps its blocks back (selfish mining)")),
        ];
        vec![
            integer("miners", t!("miners"), (3, i64::from(MOST_MINERS)), "", 6).structural(),
            Setting::choice("powers", t!("hash power"), powers).structural(),
            integer("interval_ms", t!("all together find a block every"), (1_000, 3_600_000), "ms", 10_000)
                .structural(),
            integer("peers", t!("links of each miner"), (2, 8), "", 3).structural(),
            integer("graph", t!("which links: drawing number"), (1, 100), "", 1).structural(),
            delay,
            delay_least,
            delay_most,
            integer("loss_percent", t!("messages lost"), (0, 50), "%", 0),
            integer("block_kb", t!("a block has"), (0, 4_000), "kB", 0).structural(),
            integer("us_per_kb", t!("a link takes for a kilobyte"), (0, 100_000), "µs", 0).structural(),
            integer("confirmations", t!("W2 hands over after so many blocks"), (0, 12), "", 3),
            Setting::choice("retarget", t!("the work of a block is set"), retargets).structural(),
            integer("window", t!("blocks of a window"), (2, 2_016), "", 20).structural(),
            Setting::choice("attacker", t!("the last miner"), attackers).structural(),
            integer("attacker_share", t!("share of the attacker"), (1, 90), "%", 30).structural(),
            integer("gamma", t!("share of the others on its side in a race"), (0, 100), "%", 0),
            integer("give_up", t!("it gives up so many blocks behind"), (1, 100), "", 6),
            integer("pay_ms", t!("W1 pays every"), (0, 3_600_000), "ms", 20_000),
            integer("old", t!("so many miners, the last ones, refuse large blocks"), (0, 20), "", 0).structural(),
            integer("old_limit_kb", t!("they refuse more than"), (1, 4_000), "kB", 500).structural(),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Peer> {
        let config = Config::new(settings);
        let old = settings.integer("old").unsigned_abs();
        let first = Disk::default();
        let node = |place: u16| {
            let is_old = place < config.miners && u64::from(place) + old >= u64::from(config.miners);
            let is_old = is_old && !config.is_attacker(NodeId(place));
            let label = match place {
                place if config.is_attacker(NodeId(place)) => "A".to_string(),
                place if place < config.miners => format!("M{}", place + 1),
                place => format!("W{}", place - config.miners + 1),
            };
            let disk = Rc::new(Disk { is_old, ..first.clone() });
            NodeSetup { label, rank: u8::from(place >= config.miners), disk, is_off: false }
        };
        let (delay, troubles) = (links::delay(settings), links::troubles(settings));
        let links = Config::links(settings);
        let us_per_kb = settings.integer("us_per_kb").unsigned_abs();
        let both = links.iter().flat_map(|(a, b)| [(*a, *b), (*b, *a)]);
        let own_lines = match us_per_kb {
            0 => Vec::new(),
            us => {
                let pipe = Pipe { bytes_per_s: 1_000_000_000 / us, places: PLACES };
                both.map(|(from, to)| (from, to, Line::new(delay, troubles).with_pipe(pipe))).collect()
            }
        };
        Setup { nodes: (0..config.miners + 2).map(node).collect(), links, delay, troubles, own_lines }
    }
}
