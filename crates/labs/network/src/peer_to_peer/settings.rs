//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, Line, NodeId, NodeSetup, Pipe, Setting, Settings, Setup, t};

use super::file::MOST_PIECES;
use super::pieces::Disk;
use super::{Node, PeerToPeer, S, T};

/// How many peers there are at the most.
pub const MOST_PEERS: u16 = 20;

/// How many blocks can wait on one link: more than are ever asked for.
const PLACES: u32 = 10_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub mode: Mode,
    pub peers: u16,
    pub pieces: u8,
    pub block_bytes: u32,
    pub seed_kbps: u64,
    pub peer_kbps: u64,
    pub down_kbps: u64,
    pub numwant: usize,
    pub unchoked: usize,
    pub choke_us: u64,
    pub optimistic_us: u64,
    pub snub_us: u64,
    pub pipeline: usize,
    pub selection: Selection,
    pub fairness: Fairness,
    pub announce_us: u64,
    pub linger_us: u64,
    pub seed_leaves: bool,
    pub free_riders: u16,
    pub bad_per_mille: u64,
    pub rules: Rules,
}

/// Who gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Who has a part of it.
    Swarm,
    /// Who had it from the beginning.
    ClientServer,
}

/// Which piece is asked for first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selection {
    Rarest,
    Random,
    InOrder,
}

/// Who is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fairness {
    /// Who gives.
    TitForTat,
    /// All in turn.
    RoundRobin,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub hash: bool,
    pub ask_again: bool,
    pub have: bool,
    pub interest: bool,
    pub optimistic: bool,
    pub count_once: bool,
    pub limit: bool,
    pub forget: bool,
    pub choke: bool,
    pub line: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let number = |name: &str| settings.integer(name).unsigned_abs();
        let seconds = |name: &str| number(name) * 1_000_000;
        Config {
            mode: if settings.word("mode") == "client-server" { Mode::ClientServer } else { Mode::Swarm },
            peers: number("peers").clamp(2, u64::from(MOST_PEERS)) as u16,
            pieces: number("pieces").clamp(1, u64::from(MOST_PIECES)) as u8,
            block_bytes: number("block_kb") as u32 * 1_024,
            seed_kbps: number("seed_kbps").max(1),
            peer_kbps: number("up_kbps").max(1),
            down_kbps: number("down_kbps").max(1),
            numwant: number("numwant") as usize,
            unchoked: number("unchoked") as usize,
            choke_us: seconds("choke_s"),
            optimistic_us: seconds("optimistic_s"),
            snub_us: seconds("snub_s"),
            pipeline: number("pipeline") as usize,
            selection: match settings.word("selection") {
                "random" => Selection::Random,
                "in-order" => Selection::InOrder,
                _ => Selection::Rarest,
            },
            fairness: if settings.word("fairness") == "round-robin" {
                Fairness::RoundRobin
            } else {
                Fairness::TitForTat
            },
            announce_us: seconds("announce_s"),
            linger_us: seconds("linger_s"),
            seed_leaves: settings.is_on("seed_leaves"),
            free_riders: number("free_riders") as u16,
            bad_per_mille: number("bad_blocks"),
            rules: Rules {
                hash: settings.is_on("hash"),
                ask_again: settings.is_on("ask_again"),
                have: settings.is_on("have"),
                interest: settings.is_on("interest"),
                optimistic: settings.is_on("optimistic"),
                count_once: settings.is_on("count_once"),
                limit: settings.is_on("limit"),
                forget: settings.is_on("forget"),
                choke: settings.is_on("choke"),
                line: settings.is_on("line"),
            },
        }
    }

    /// The nodes that want the file.
    pub fn wanting(&self) -> impl Iterator<Item = NodeId> + Clone + use<> {
        (S.0 + 1..=S.0 + self.peers).map(NodeId)
    }

    /// Whether a node gives nothing, by the settings: the last of them.
    pub fn is_free_rider(&self, node: NodeId) -> bool {
        node.0 > S.0 && node.0 + self.free_riders > S.0 + self.peers
    }

    /// The rate of a node's uplink, in kilobits a second.
    pub fn up_kbps(&self, node: NodeId) -> u64 {
        if node == S { self.seed_kbps } else { self.peer_kbps }
    }

    /// How large the file is, in bytes.
    pub fn bytes(&self) -> u64 {
        u64::from(self.pieces) * u64::from(super::BLOCKS) * u64::from(self.block_bytes)
    }
}

impl Configuration for PeerToPeer {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let integer = Setting::integer;
        let [delay, delay_least, delay_most] = links::settings(20_000, 40_000);
        let modes =
            vec![("swarm", t!("whoever has a part of it (swarm)")), ("client-server", t!("the server S alone"))];
        let selections = vec![("rarest", t!("the rarest")), ("random", t!("any")), ("in-order", t!("the first"))];
        let fairness = vec![
            ("tit-for-tat", t!("those who give, and one more (tit for tat)")),
            ("round-robin", t!("all in turn (round robin)")),
        ];
        vec![
            Setting::choice("mode", t!("the file is given by"), modes),
            integer("peers", t!("peers that want it"), (2, i64::from(MOST_PEERS)), "", 5).structural(),
            integer("late", t!("of these come later, when somebody starts them"), (0, 5), "", 0).structural(),
            integer("pieces", t!("pieces of four blocks"), (4, i64::from(MOST_PIECES)), "", 12).structural(),
            integer("block_kb", t!("a block has"), (16, 256), "KiB", 16).structural(),
            integer("had_percent", t!("of the file each peer has at the start"), (0, 90), "%", 0).structural(),
            integer("seed_kbps", t!("uplink of S"), (32, 1_000_000), "kbit/s", 2_560),
            integer("up_kbps", t!("uplink of each peer"), (32, 1_000_000), "kbit/s", 256),
            integer("down_kbps", t!("downlink of each peer"), (32, 1_000_000), "kbit/s", 2_560),
            integer("numwant", t!("others that the tracker names at the most"), (1, 50), "", 50),
            integer("unchoked", t!("places: so many are served at once"), (1, 10), "", 4),
            integer("choke_s", t!("a round is held every"), (1, 60), "s", 10),
            integer("optimistic_s", t!("the place that nobody has to earn changes every"), (1, 300), "s", 30),
            integer("snub_s", t!("who owes a block for so long is given up"), (20, 300), "s", 60),
            integer("pipeline", t!("blocks that one is asked for at once"), (1, 20), "", 5),
            Setting::choice("selection", t!("the piece that is asked for next"), selections),
            Setting::choice("fairness", t!("places are for"), fairness),
            integer("announce_s", t!("a peer tells the tracker that it is there every"), (10, 3_600), "s", 60),
            integer("linger_s", t!("who has all stays for"), (0, 3_600), "s", 600),
            Setting::switch("seed_leaves", t!("S leaves when each piece is with somebody who gives"), true),
            integer("free_riders", t!("the last so many peers give nothing (free riders)"), (0, 10), "", 0)
                .structural(),
            integer("bad_blocks", t!("blocks of a thousand that are wrong"), (0, 200), "", 10),
            delay,
            delay_least,
            delay_most,
            integer("loss_percent", t!("messages lost"), (0, 20), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Node> {
        let config = Config::new(settings);
        let late = settings.integer("late").clamp(0, 5) as u16;
        let had = settings.integer("had_percent").clamp(0, 90) as u64;
        let mut nodes = vec![
            NodeSetup { label: "T".to_string(), rank: 2, disk: Rc::default(), is_off: false },
            NodeSetup { label: "S".to_string(), rank: 1, disk: Rc::new(Disk::whole(config.pieces)), is_off: false },
        ];
        nodes.extend((1..=config.peers).map(|number| {
            let rides = config.is_free_rider(NodeId(S.0 + number));
            let mut disk = Disk { rides, ..Disk::default() };
            disk.have = some(config.pieces, number, had);
            let is_off = number + late > config.peers;
            NodeSetup { label: format!("P{number}"), rank: 0, disk: Rc::new(disk), is_off }
        }));
        let (delay, troubles) = (links::delay(settings), links::troubles(settings));
        let all: Vec<NodeId> = (S.0..=S.0 + config.peers).map(NodeId).collect();
        let pairs = all.iter().flat_map(|from| all.iter().map(move |to| (*from, *to))).filter(|(from, to)| from != to);
        let line = Line::new(delay, troubles);
        let own_lines = pairs.clone().map(|(from, to)| {
            let pipe = Pipe { bytes_per_s: config.up_kbps(from) * 125, places: PLACES };
            (from, to, line.with_pipe(pipe))
        });
        let own_lines = own_lines.collect();
        let links = pairs.filter(|(from, to)| from < to).chain(all.iter().map(|peer| (T, *peer))).collect();
        Setup { nodes, links, delay, troubles, own_lines }
    }
}

/// What a peer has at the start: so many of a hundred pieces, others than its neighbours have.
fn some(pieces: u8, peer: u16, percent: u64) -> super::Pieces {
    let mut have = super::Pieces::default();
    for piece in 0..pieces {
        let lot = sim::rng::mix(u64::from(peer) << 8 | u64::from(piece)) % 100;
        if lot < percent {
            have.add(piece);
        }
    }
    have
}
