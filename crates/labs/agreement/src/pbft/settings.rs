//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::rng::Rng;
use sim::{Configuration, Manner, NodeId, NodeSetup, Setting, Settings, Setup, Text, t};

use super::{Disk, Node, Pbft, Replica};

/// The names of replicas. The first one is the primary of view 0.
pub const LABELS: [&str; 10] = ["R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9"];

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The nodes before this number are replicas, the others clients.
    pub replicas: u16,
    /// How many liars are borne: f.
    pub faulty: u32,
    /// How long a backup waits for a request before it takes the primary for faulty.
    pub timeout_us: u64,
    /// How long somebody waits before it sends the same again.
    pub repeat_us: u64,
    pub checkpoint_every: u64,
    /// From one command of a client to the next; 0 when only people give commands.
    pub workload_us: u64,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub one_pre_prepare: bool,
    pub quorum: bool,
    pub commit_phase: bool,
    pub carry_over: bool,
    pub check_new_view: bool,
    pub f_plus_one: bool,
    pub view_timer: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        Config {
            replicas: settings.integer("replicas").clamp(3, 10) as u16,
            faulty: settings.integer("f").clamp(0, 3) as u32,
            timeout_us: ms("timeout_ms"),
            repeat_us: ms("repeat_ms").max(1_000),
            checkpoint_every: settings.integer("checkpoint_every").clamp(1, 1_000) as u64,
            workload_us: ms("workload_ms"),
            rules: Rules {
                one_pre_prepare: settings.is_on("one_pre_prepare"),
                quorum: settings.is_on("quorum"),
                commit_phase: settings.is_on("commit_phase"),
                carry_over: settings.is_on("carry_over"),
                check_new_view: settings.is_on("check_new_view"),
                f_plus_one: settings.is_on("f_plus_one"),
                view_timer: settings.is_on("view_timer"),
            },
        }
    }

    /// All replicas.
    pub fn all_replicas(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.replicas).map(NodeId)
    }

    /// Whether this node is one.
    pub fn is_replica(&self, node: NodeId) -> bool {
        node.0 < self.replicas
    }

    /// The primary of a view (section 4.1).
    pub fn primary(&self, view: u64) -> NodeId {
        NodeId((view % u64::from(self.replicas)) as u16)
    }

    /// How many replicas settle something: any two such groups have a replica in common that does not lie. That is 2f + 1 of 3f + 1,
    /// and with other numbers of replicas the fewest that do.
    pub fn quorum(&self) -> u32 {
        match self.rules.quorum {
            true => (u32::from(self.replicas) + self.faulty) / 2 + 1,
            false => self.faulty + 1,
        }
    }

    /// How many backups have to agree with the primary until something is prepared: 2f.
    pub fn prepares(&self) -> u32 {
        self.quorum() - 1
    }

    /// At least one of so many does not lie: f + 1.
    pub fn one_honest(&self) -> u32 {
        self.faulty + 1
    }

    /// How far numbers may go beyond the last stable checkpoint (section 4.3: "big enough so that replicas do not stall").
    pub fn window(&self) -> u64 {
        2 * self.checkpoint_every
    }
}

impl Configuration for Pbft {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        let drawn = || ("drawn", t!("drawn by the seed"));
        let replicas = LABELS.map(|label| (label, Text::new(label)));
        let manners = [Manner::TwoFaced, Manner::Silent, Manner::Opposite, Manner::Random];
        let manners = manners.map(|manner| (manner.name(), manner.title()));
        vec![
            Setting::integer("replicas", t!("replicas"), (3, 10), "", 4).structural(),
            Setting::integer("f", t!("liars that are borne (f)"), (0, 3), "", 1).structural(),
            Setting::integer("clients", t!("clients"), (1, 2), "", 2).structural(),
            Setting::integer("liars", t!("liars"), (0, 3), "", 1).structural(),
            Setting::choice("liar", t!("the first liar is"), [drawn()].into_iter().chain(replicas).collect())
                .structural(),
            Setting::choice("manner", t!("a liar"), manners.into_iter().chain([drawn()]).collect()).structural(),
            Setting::integer("timeout_ms", t!("a backup waits for a request"), (5, 10_000), "ms", 300),
            Setting::integer("repeat_ms", t!("sent again after"), (5, 10_000), "ms", 100),
            Setting::integer("checkpoint_every", t!("requests from checkpoint to checkpoint"), (1, 1_000), "", 8)
                .structural(),
            Setting::integer(
                "workload_ms",
                t!("each client gives a command every (0: only by hand)"),
                (0, 60_000),
                "ms",
                100,
            )
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
        let replicas = Config::new(settings).replicas;
        let nodes = replicas + settings.integer("clients").clamp(1, 2) as u16;
        let node = |number: u16| match LABELS.get(usize::from(number)).filter(|_| number < replicas) {
            Some(label) => NodeSetup {
                label: (*label).to_string(),
                rank: 0,
                disk: Rc::new(Disk(Some(Replica::default()))),
                is_off: false,
            },
            None => {
                NodeSetup { label: format!("C{}", number - replicas + 1), rank: 1, disk: Rc::default(), is_off: false }
            }
        };
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..replicas).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: (0..nodes).map(node).collect(),
            links: pairs.collect(),
            delay: links::delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }

    fn most_liars(config: &Config) -> usize {
        config.faulty as usize
    }

    fn liars(settings: &Settings, rng: &mut Rng) -> Vec<(NodeId, Manner)> {
        let config = Config::new(settings);
        let mut rest: Vec<NodeId> = config.all_replicas().collect();
        let named = LABELS.iter().position(|label| *label == settings.word("liar"));
        let mut liars = Vec::new();
        for place in 0..settings.integer("liars").max(0) {
            if rest.is_empty() {
                break;
            }
            let drawn = rng.below(rest.len() as u64) as usize;
            let manner = Manner::ALL[rng.below(Manner::ALL.len() as u64) as usize];
            let node = rest.remove(named.filter(|named| place == 0 && *named < rest.len()).unwrap_or(drawn));
            liars.push((node, Manner::named(settings.word("manner")).unwrap_or(manner)));
        }
        liars
    }
}
