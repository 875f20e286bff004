//! What can be set in this lab.

use std::rc::Rc;

use parts::arrivals::Arrivals;
use parts::health::Checks;
use parts::links;
use parts::policy::Policy;
use sim::{Configuration, Delay, NodeId, NodeSetup, Setting, Settings, Setup, Text, t};

use super::{BalancingNode, LoadBalancing};

/// The most that a server can weigh.
const MOST_WEIGHT: u32 = 1_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub clients: u16,
    pub servers: u16,
    /// Of all clients together.
    pub requests_per_second: u64,
    pub arrivals: Arrivals,
    /// How long a client waits for an answer to one attempt, in microseconds.
    pub timeout_us: u64,
    /// How often a client tries again.
    pub retries: u8,
    pub policy: Policy,
    /// How many servers *random choices* looks at.
    pub choices: u8,
    /// For *weighted round robin*: the weights of the first servers; the others have 1. A server with 0 is drained.
    pub weights: Vec<u32>,
    pub layer: Layer,
    /// Of each server, before a person adds some.
    pub workers: u8,
    /// How many requests wait at a server at most.
    pub queue: usize,
    pub service: Service,
    pub cold: Cold,
    pub checks: Checks,
    /// How long a server that is up again gets less than its share, in microseconds.
    pub slow_start_us: u64,
    /// How much time one point of the charts stands for, in microseconds.
    pub window_us: u64,
    /// What the check of the 99th percentile asks for, in microseconds.
    pub p99_bound_us: u64,
    pub rules: Rules,
}

/// What is balanced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Each connection once; all requests of a client go the same way.
    Connections,
    /// Each request.
    Requests,
}

/// How long a server works on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Service {
    pub time: Delay,
    /// So many requests in a million take another time.
    pub hiccup_ppm: u32,
    pub hiccup_us: u64,
}

/// How a server that has just been started again behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cold {
    /// How many times as long it takes at first.
    pub times: u32,
    /// When it is as fast as ever, in microseconds.
    pub warm_up_us: u64,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub skip_down: bool,
    pub readmit: bool,
    pub first_answer: bool,
    pub give_up: bool,
    pub bounded: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let positive = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| positive(name) * 1_000;
        Config {
            clients: settings.integer("clients").clamp(1, 20) as u16,
            servers: settings.integer("servers").clamp(1, 900) as u16,
            requests_per_second: positive("requests_per_second"),
            arrivals: if settings.word("arrivals") == "even" { Arrivals::Even } else { Arrivals::Random },
            timeout_us: ms("timeout_ms"),
            retries: settings.integer("retries").clamp(0, 10) as u8,
            policy: Policy::named(settings.word("policy")),
            choices: settings.integer("choices").clamp(1, 10) as u8,
            weights: weights(settings.word("weights")).unwrap_or_default(),
            layer: if settings.word("layer") == "connections" { Layer::Connections } else { Layer::Requests },
            workers: settings.integer("workers").clamp(1, 64) as u8,
            queue: settings.integer("queue").clamp(0, 1_000_000) as usize,
            service: Service {
                time: match (settings.word("service"), positive("service_us")) {
                    ("constant", us) => Delay::Constant { us },
                    (_, mean_us) => Delay::Exponential { least_us: 0, mean_us },
                },
                hiccup_ppm: settings.integer("hiccups_per_mille").clamp(0, 1_000) as u32 * 1_000,
                hiccup_us: ms("hiccup_ms"),
            },
            cold: Cold { times: settings.integer("cold_times").clamp(1, 100) as u32, warm_up_us: ms("warm_up_ms") },
            checks: Checks {
                interval_us: Some(ms("probe_ms")).filter(|us| *us > 0),
                fall: settings.integer("fall").clamp(1, 100) as u32,
                rise: settings.integer("rise").clamp(1, 100) as u32,
                eject_after: settings.integer("eject_after").clamp(0, 1_000) as u32,
                eject_us: ms("eject_ms"),
                timeout_us: ms("server_timeout_ms"),
            },
            slow_start_us: ms("slow_start_ms"),
            window_us: ms("window_ms").max(1_000),
            p99_bound_us: ms("p99_bound_ms"),
            rules: Rules {
                skip_down: settings.is_on("skip_down"),
                readmit: settings.is_on("readmit"),
                first_answer: settings.is_on("first_answer"),
                give_up: settings.is_on("give_up"),
                bounded: settings.is_on("bounded"),
            },
        }
    }

    /// The balancer, which stands between the clients and the servers.
    pub fn balancer(&self) -> NodeId {
        NodeId(self.clients)
    }

    /// The server at this place, counted from 0.
    pub fn server(&self, place: usize) -> NodeId {
        NodeId::at(usize::from(self.clients) + 1 + place)
    }

    /// The place of a server, counted from 0; none for another node.
    pub fn place_of(&self, node: NodeId) -> Option<usize> {
        node.index().checked_sub(usize::from(self.clients) + 1)
    }

    /// How many nodes there are.
    pub fn node_count(&self) -> usize {
        usize::from(self.clients) + 1 + usize::from(self.servers)
    }

    /// The weight of the server at a place.
    pub fn weight(&self, place: usize) -> u32 {
        match self.policy {
            Policy::Weighted => self.weights.get(place).copied().unwrap_or(1),
            _ => 1,
        }
    }

    /// The time between two requests of one client.
    pub fn gap(&self) -> Delay {
        self.arrivals.gap(self.requests_per_second, self.clients.into())
    }
}

/// Weights as they are typed, with spaces or commas between them. The error names what is none.
fn weights(typed: &str) -> Result<Vec<u32>, Text> {
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    let weight = |word: &str| word.parse().ok().filter(|weight| *weight <= MOST_WEIGHT);
    let refusal = |word: &str| {
        t!(
            "weights are whole numbers from 0 to {most} with spaces between them, such as 3 1; “{word}” is none",
            most = MOST_WEIGHT,
            word = word.to_string()
        )
    };
    words.map(|word| weight(word).ok_or_else(|| refusal(word))).collect()
}

/// The delay of the links.
pub fn delay(settings: &Settings) -> Delay {
    let us = |name: &str| settings.integer(name).unsigned_abs();
    Delay::Uniform { least_us: us("delay_least_us"), most_us: us("delay_most_us") }
}

impl Configuration for LoadBalancing {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let arrivals = vec![("random", t!("at random (a Poisson stream)")), ("even", t!("evenly"))];
        let services =
            vec![("exponential", t!("exponential: mostly short, sometimes long")), ("constant", t!("constant"))];
        let layers = vec![("requests", t!("each request (layer 7)")), ("connections", t!("each connection (layer 4)"))];
        vec![
            Setting::choice("policy", t!("policy"), Policy::choices()),
            Setting::integer("choices", t!("random choices: servers to look at"), (1, 10), "", 2),
            Setting::text("weights", t!("weights, for weighted round robin (0: no new requests)"), 200, "3 1")
                .read_by(|typed| weights(typed).map(drop)),
            Setting::choice("layer", t!("what is balanced"), layers),
            Setting::integer("clients", t!("clients"), (1, 20), "", 4).structural(),
            Setting::integer("servers", t!("servers"), (1, 100), "", 4).structural(),
            Setting::integer("requests_per_second", t!("requests a second, of all clients"), (1, 20_000), "", 40),
            Setting::choice("arrivals", t!("requests come"), arrivals),
            Setting::integer("timeout_ms", t!("a client waits for an answer"), (1, 600_000), "ms", 2_000),
            Setting::integer("retries", t!("and tries again"), (0, 10), "times", 1),
            Setting::integer("workers", t!("workers of a server"), (1, 64), "", 1),
            Setting::integer("queue", t!("places in the queue of a server"), (0, 1_000_000), "", 12),
            Setting::choice("service", t!("time for a request"), services),
            Setting::integer("service_us", t!("on average"), (1, 60_000_000), "µs", 50_000),
            Setting::integer("hiccups_per_mille", t!("requests that take another time"), (0, 1_000), "in 1,000", 0),
            Setting::integer("hiccup_ms", t!("which is"), (1, 60_000), "ms", 1_000),
            Setting::integer("cold_times", t!("after a restart a server is slower"), (1, 100), "times", 4),
            Setting::integer("warm_up_ms", t!("until it is warm, after"), (0, 600_000), "ms", 5_000),
            Setting::integer("probe_ms", t!("health check every (0: none)"), (0, 600_000), "ms", 500),
            Setting::integer("fall", t!("failed checks until a server is down"), (1, 100), "", 3),
            Setting::integer("rise", t!("passed checks until it is up again"), (1, 100), "", 2),
            Setting::integer("eject_after", t!("errors in a row until it is ejected (0: never)"), (0, 1_000), "", 0),
            Setting::integer("eject_ms", t!("ejected for"), (1, 600_000), "ms", 5_000),
            Setting::integer("server_timeout_ms", t!("the balancer waits for a server"), (1, 600_000), "ms", 1_000),
            Setting::integer("slow_start_ms", t!("slow start (0: none)"), (0, 600_000), "ms", 0),
            Setting::integer("delay_least_us", t!("least link delay"), (0, 5_000_000), "µs", 10_000),
            Setting::integer("delay_most_us", t!("most link delay"), (0, 5_000_000), "µs", 30_000),
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
            Setting::integer("window_ms", t!("a point of the charts stands for"), (1, 60_000), "ms", 1_000),
            Setting::integer("p99_bound_ms", t!("99 of 100 answers should take at most"), (1, 600_000), "ms", 500),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<BalancingNode> {
        let config = Config::new(settings);
        let node = |label: String, rank: u8| NodeSetup { label, rank, disk: Rc::default(), is_off: false };
        let clients = (1..=config.clients).map(|number| node(format!("C{number}"), 0));
        let servers = (1..=config.servers).map(|number| node(format!("S{number}"), 2));
        let balancer = config.balancer();
        let others = (0..config.node_count()).map(NodeId::at).filter(|other| *other != balancer);
        Setup {
            nodes: clients.chain([node("LB".to_string(), 1)]).chain(servers).collect(),
            links: others.map(|other| (other.min(balancer), other.max(balancer))).collect(),
            delay: delay(settings),
            troubles: links::troubles(settings),
            own_lines: Vec::new(),
        }
    }
}
