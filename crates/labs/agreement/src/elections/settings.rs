//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::disk::Disk;
use super::{Elections, Node};

/// The most nodes that elect.
pub const MOST: i64 = 8;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The number of each node that elects, in the order of their places.
    pub numbers: Vec<u16>,
    pub algorithm: Algorithm,
    pub guard: Guard,
    /// After so long without an answer a node is taken for down, in microseconds.
    pub answer_us: u64,
    /// So long a node waits for the winner before it starts over, in microseconds.
    pub wait_us: u64,
    /// From one look at the coordinator to the next, in microseconds.
    pub beat_us: u64,
    /// From one write of a coordinator to the next, in microseconds; 0 if it does not write.
    pub work_us: u64,
    pub rules: Rules,
}

/// Who gives orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Garcia-Molina 1982, and as textbooks tell it.
    Bully,
    /// Chang and Roberts 1979.
    Ring,
}

/// What else a coordinator needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    None,
    /// Answers of more than half.
    Majority,
    /// The same, and a term that is counted up.
    Terms,
}

/// How the numbers stand round the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Rising,
    Falling,
    Shuffled,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub halt_first: bool,
    pub only_from_halter: bool,
    pub wait_for_winner: bool,
    pub watch: bool,
    pub recover_elects: bool,
    pub ask_members: bool,
    pub answer_once: bool,
    pub refuse_older: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        let order = match settings.word("ids") {
            "worst" => Order::Falling,
            "shuffled" => Order::Shuffled,
            _ => Order::Rising,
        };
        let algorithm = if settings.word("algorithm") == "ring" { Algorithm::Ring } else { Algorithm::Bully };
        let halt_first = settings.is_on("halt_first");
        let guard = match settings.word("guard") {
            // A ring asks nobody, and the bully of textbooks gets no answers from those whom it tells.
            _ if algorithm == Algorithm::Ring || !halt_first => Guard::None,
            "majority" => Guard::Majority,
            "terms" => Guard::Terms,
            _ => Guard::None,
        };
        Config {
            numbers: numbers(settings.integer("nodes").clamp(1, 64) as u16, order, whole("shuffle")),
            algorithm,
            guard,
            answer_us: whole("answer_ms") * 1_000,
            wait_us: whole("wait_ms") * 1_000,
            beat_us: whole("beat_ms") * 1_000,
            work_us: whole("work_ms") * 1_000,
            rules: Rules {
                halt_first,
                only_from_halter: settings.is_on("only_from_halter"),
                wait_for_winner: settings.is_on("wait_for_winner"),
                watch: settings.is_on("watch"),
                recover_elects: settings.is_on("recover_elects"),
                ask_members: settings.is_on("ask_members"),
                answer_once: settings.is_on("answer_once"),
                refuse_older: settings.is_on("refuse_older"),
            },
        }
    }

    /// Those that elect.
    pub fn members(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.numbers.len()).map(NodeId::at)
    }

    /// The others of those that elect.
    pub fn others(&self, me: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        self.members().filter(move |node| *node != me)
    }

    /// The disk that all may write to.
    pub fn store(&self) -> NodeId {
        NodeId::at(self.numbers.len())
    }

    /// The number of a node: the highest one that is up shall lead.
    pub fn number(&self, node: NodeId) -> u16 {
        self.numbers.get(node.index()).copied().unwrap_or(0)
    }

    /// Those with a higher number.
    pub fn higher(&self, me: NodeId) -> Vec<NodeId> {
        self.members().filter(|node| self.number(*node) > self.number(me)).collect()
    }

    /// Those with a lower number.
    pub fn lower(&self, me: NodeId) -> Vec<NodeId> {
        self.members().filter(|node| self.number(*node) < self.number(me)).collect()
    }

    /// The node with the highest number.
    pub fn highest(&self) -> NodeId {
        self.members().max_by_key(|node| self.number(*node)).unwrap_or(NodeId(0))
    }

    /// How many are more than half of all.
    pub fn majority(&self) -> usize {
        self.numbers.len() / 2 + 1
    }

    /// The node that stands so many places further round the ring.
    pub fn after(&self, me: NodeId, places: u16) -> NodeId {
        NodeId((me.0 + places) % self.numbers.len().max(1) as u16)
    }

    /// So long a node waits for the winner, in microseconds. Twice round the ring every step may have to wait for somebody that is down.
    pub fn winner_us(&self) -> u64 {
        match self.algorithm {
            Algorithm::Bully => self.wait_us,
            Algorithm::Ring => self.wait_us + 2 * self.numbers.len() as u64 * self.answer_us,
        }
    }

    /// No message may take as long as this, if what the bully promises is to hold: half of what is waited for an answer.
    pub fn bound_us(&self) -> u64 {
        self.answer_us / 2
    }
}

/// The numbers from 1 on, in the order of the places round the ring.
fn numbers(count: u16, order: Order, shuffle: u64) -> Vec<u16> {
    let mut numbers: Vec<u16> = (1..=count).collect();
    match order {
        Order::Rising => {}
        Order::Falling => numbers.reverse(),
        Order::Shuffled => {
            // Fisher and Yates, with a generator of its own (Knuth's MMIX): a world's settings know no seed.
            let mut state = shuffle.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(1);
            for last in (1..numbers.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                numbers.swap(last, ((state >> 33) % (last as u64 + 1)) as usize);
            }
        }
    }
    numbers
}

impl Configuration for Elections {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let algorithms =
            vec![("bully", t!("bully: the highest number wins")), ("ring", t!("ring (Chang and Roberts)"))];
        let guards = vec![
            ("none", t!("nothing else")),
            ("majority", t!("answers of more than half")),
            ("terms", t!("answers of more than half, and terms")),
        ];
        let orders =
            vec![("order", t!("rising")), ("shuffled", t!("shuffled")), ("worst", t!("falling: the worst for a ring"))];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::integer("nodes", t!("nodes that elect"), (2, MOST), "", 5).structural(),
            Setting::choice("algorithm", t!("an election by"), algorithms).structural(),
            Setting::choice("guard", t!("a bully needs"), guards).structural(),
            Setting::choice("ids", t!("numbers round the ring"), orders).structural(),
            Setting::integer("shuffle", t!("which shuffle"), (0, 1_000_000), "", 1).structural(),
            Setting::integer("answer_ms", t!("no answer after: taken for down"), (1, 10_000), "ms", 40),
            Setting::integer("wait_ms", t!("waits for the winner"), (1, 60_000), "ms", 120),
            Setting::integer("beat_ms", t!("looks at the coordinator every"), (5, 60_000), "ms", 150),
            Setting::integer("work_ms", t!("the coordinator writes every (0: never)"), (0, 60_000), "ms", 50),
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
        let first = Disk { is_new: true, term: 1, answered: Some(config.highest()), ..Disk::default() };
        let first = Rc::new(first);
        let member = |id: NodeId| NodeSetup {
            label: format!("N{}", config.number(id)),
            rank: 0,
            disk: first.clone(),
            is_off: false,
        };
        let store = NodeSetup { label: "D".to_string(), rank: 1, disk: Rc::default(), is_off: false };
        let pairs = config.members().flat_map(|a| config.members().map(move |b| (a, b)));
        let is_link = |(a, b): &(NodeId, NodeId)| {
            a < b && (config.algorithm == Algorithm::Bully || config.after(*a, 1) == *b || config.after(*b, 1) == *a)
        };
        Setup {
            nodes: config.members().map(member).chain([store]).collect(),
            links: pairs.filter(is_link).chain(config.members().map(|member| (member, config.store()))).collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
