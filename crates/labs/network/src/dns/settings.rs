//! What can be set in this lab.

use std::rc::Rc;

use sim::{Configuration, Delay, Line, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::name::Role;
use super::zone::Shop;
use super::{Disk, Dns, DnsNode};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Who takes part, in the order of the nodes.
    pub cast: Vec<Role>,
    pub ask_for: AskFor,
    pub ttl_s: u32,
    pub ns_ttl_s: u32,
    pub negative_s: u32,
    pub change_us: u64,
    pub fail_ttl_us: u64,
    pub max_ttl_s: u32,
    pub max_negative_s: u32,
    pub stub_timeout_us: u64,
    pub stub_attempts: u32,
    pub stub_cache: StubCache,
    pub query_timeout_us: u64,
    pub max_sent: u32,
    pub stale: bool,
    pub max_stale_us: u64,
    pub id_bits: u32,
    pub port_bits: u32,
    pub forge: u32,
    pub forward: bool,
    pub workload_us: u64,
    pub refresh_us: u64,
    pub rules: Rules,
}

/// What clients ask for by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskFor {
    All,
    Www,
}

/// What a client keeps of the answers that it gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubCache {
    Nothing,
    /// As long as the answer says.
    Ttl,
    /// For ever.
    Ever,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub expire: bool,
    pub count_down: bool,
    pub matching: bool,
    pub bailiwick: bool,
    pub next_server: bool,
    pub bound: bool,
    pub greater_serial: bool,
    pub give_up: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let whole = |name: &str| settings.integer(name).unsigned_abs();
        let small = |name: &str| u32::try_from(whole(name)).unwrap_or(u32::MAX);
        let seconds = |name: &str| whole(name) * 1_000_000;
        let forge = small("forge");
        Config {
            cast: cast(settings.word("cast"), forge > 0),
            ask_for: if settings.word("ask_for") == "www" { AskFor::Www } else { AskFor::All },
            ttl_s: small("ttl_s"),
            ns_ttl_s: small("ns_ttl_s"),
            negative_s: small("negative_s"),
            change_us: seconds("change_s"),
            fail_ttl_us: seconds("fail_ttl_s"),
            max_ttl_s: small("max_ttl_s"),
            max_negative_s: small("max_negative_s"),
            stub_timeout_us: whole("stub_timeout_ms") * 1_000,
            stub_attempts: small("stub_attempts"),
            stub_cache: match settings.word("stub_cache") {
                "ttl" => StubCache::Ttl,
                "ever" => StubCache::Ever,
                _ => StubCache::Nothing,
            },
            query_timeout_us: whole("query_timeout_ms") * 1_000,
            max_sent: small("max_sent"),
            stale: settings.is_on("stale"),
            max_stale_us: seconds("max_stale_s"),
            id_bits: small("id_bits"),
            port_bits: small("port_bits"),
            forge,
            forward: settings.is_on("forward"),
            workload_us: whole("workload_ms") * 1_000,
            refresh_us: seconds("refresh_s"),
            rules: Rules {
                expire: settings.is_on("expire"),
                count_down: settings.is_on("count_down"),
                matching: settings.is_on("match"),
                bailiwick: settings.is_on("bailiwick"),
                next_server: settings.is_on("next_server"),
                bound: settings.is_on("bound"),
                greater_serial: settings.is_on("greater_serial"),
                give_up: settings.is_on("give_up"),
            },
        }
    }

    /// Who a node is.
    pub fn role(&self, node: NodeId) -> Role {
        self.cast[node.index()]
    }

    /// The node that plays a part, if anybody does.
    pub fn node(&self, role: Role) -> Option<NodeId> {
        self.cast.iter().position(|cast| *cast == role).map(NodeId::at)
    }

    /// Where a client asks, in its order: two have the one resolver at the top of their list, two the other.
    pub fn resolvers(&self, client: Role) -> [Role; 2] {
        match client {
            Role::C1 | Role::C2 => [Role::R1, Role::R2],
            _ => [Role::R2, Role::R1],
        }
    }

    /// Whether a resolver asks another one instead of authorities.
    pub fn forwards(&self, role: Role) -> bool {
        self.forward && role == Role::R2
    }

    /// How many queries a question may cost at most.
    pub fn most_sent(&self) -> u32 {
        if self.rules.bound { self.max_sent } else { 300 }
    }
}

/// Who takes part.
fn cast(word: &str, is_forged: bool) -> Vec<Role> {
    use Role::{C2, C3, E, N2, Net, X};
    let is_in = |role: &Role| match word {
        "few" => !matches!(role, C2 | Role::C4 | Net | N2 | E | X),
        "one-way" => !matches!(role, C3 | Role::C4 | Role::R2 | N2 | E | X),
        "pair" => !matches!(role, Role::C4 | Role::R2 | Net | E | X | C3),
        _ => *role != X || is_forged,
    };
    Role::ALL.into_iter().filter(is_in).collect()
}

impl Configuration for Dns {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let casts = vec![
            ("all", t!("all: two resolvers, root, com and net, three servers")),
            ("few", t!("few: two resolvers, and one server for shop.com")),
            ("one-way", t!("one resolver, root, com and net, one server")),
            ("pair", t!("one resolver, and two servers for shop.com")),
        ];
        let caches = vec![
            ("none", t!("nothing")),
            ("ttl", t!("answers, as long as they say")),
            ("ever", t!("answers, for ever")),
        ];
        let asked = vec![("all", t!("six names by turns")), ("www", t!("www.shop.com only"))];
        let seconds = |name, title, default| Setting::integer(name, title, (0, 86_400), "s", default);
        vec![
            Setting::choice("cast", t!("who takes part"), casts).structural(),
            Setting::choice("ask_for", t!("clients ask for"), asked),
            Setting::integer(
                "workload_ms",
                t!("each client asks every (0: when it is told to)"),
                (0, 600_000),
                "ms",
                2_000,
            ),
            seconds("ttl_s", t!("answers of shop.com may be kept for (TTL)"), 6),
            Setting::integer("ns_ttl_s", t!("who answers for a zone may be kept for"), (1, 172_800), "s", 60),
            seconds("negative_s", t!("that a name is not there may be kept for"), 5),
            seconds("change_s", t!("www.shop.com moves every (0: when told to)"), 6),
            Setting::integer("refresh_s", t!("N2 asks N1 for changes every"), (1, 86_400), "s", 4),
            Setting::switch("forward", t!("R2 asks R1 instead of finding out itself"), true),
            Setting::integer("query_timeout_ms", t!("a resolver waits for a server"), (10, 60_000), "ms", 400),
            Setting::integer("max_sent", t!("queries that a question may cost"), (1, 300), "", 32),
            Setting::integer("max_ttl_s", t!("a resolver keeps answers for at most"), (0, 604_800), "s", 86_400),
            Setting::integer(
                "max_negative_s",
                t!("and that a name is not there for at most"),
                (0, 86_400),
                "s",
                10_800,
            ),
            Setting::integer("fail_ttl_s", t!("a resolver remembers that it found nothing out for"), (1, 300), "s", 5),
            Setting::switch("stale", t!("serve stale: an old answer is better than none"), false),
            Setting::integer("max_stale_s", t!("old answers are kept for"), (0, 604_800), "s", 86_400),
            Setting::integer("stub_timeout_ms", t!("a client waits for a resolver"), (100, 60_000), "ms", 5_000),
            Setting::integer("stub_attempts", t!("and asks all of them so many times"), (1, 5), "", 2),
            Setting::choice("stub_cache", t!("a client keeps"), caches),
            Setting::integer("id_bits", t!("bits of the id of a query that are drawn"), (1, 16), "", 16),
            Setting::integer("port_bits", t!("bits of its port that are drawn"), (0, 16), "", 16),
            Setting::integer("forge", t!("answers that X forges for each question (0: no X)"), (0, 1_000), "", 2)
                .structural(),
            Setting::integer("near_ms", t!("way between clients and resolvers"), (1, 5_000), "ms", 2),
            Setting::integer("top_ms", t!("way to root, com and net"), (1, 5_000), "ms", 20),
            Setting::integer("far_ms", t!("way to the servers of other zones"), (1, 5_000), "ms", 40),
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<DnsNode> {
        let config = Config::new(settings);
        let node = |role: &Role| NodeSetup {
            label: role.label().to_string(),
            rank: role.rank(),
            disk: Rc::new(Disk::first(*role)),
            is_off: false,
        };
        let way_us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        let (near_us, top_us, far_us) = (way_us("near_ms"), way_us("top_ms"), way_us("far_ms"));
        let troubles = Troubles {
            loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
            ..Troubles::default()
        };
        // A tenth more at most: ways are not equal each time.
        let line =
            |us: u64| Line { delay: Delay::Uniform { least_us: us, most_us: us + us / 10 }, troubles, pipe: None };
        let length_us = |one: Role, other: Role| match one.rank().max(other.rank()) {
            // It stands near the one whose browser it uses, and far from resolvers.
            0 => near_us,
            _ if one == Role::X || other == Role::X => far_us,
            1 => near_us,
            2 => top_us,
            _ => far_us,
        };
        let mut links = Vec::new();
        let mut own_lines = Vec::new();
        for (place, one) in config.cast.iter().enumerate() {
            for (other_place, other) in config.cast.iter().enumerate().skip(place + 1) {
                let (from, to) = (NodeId::at(place), NodeId::at(other_place));
                let line = line(length_us(*one, *other));
                if line.delay.longest_bound_us() != far_us + far_us / 10 {
                    own_lines.extend([(from, to, line), (to, from, line)]);
                }
                let is_drawn = match (one.rank(), other.rank()) {
                    (0, 1) => *one != Role::X || *other == Role::R1 || !config.forward,
                    (1, 0) => *other == Role::X && *one == if config.forward { Role::R1 } else { Role::R2 },
                    (0, 0) => (*one, *other) == (Role::C4, Role::X),
                    (1, 2 | 3) => !config.forwards(*one),
                    (1, 1) => config.forward,
                    (3, 3) => (*one, *other) == (Role::N1, Role::N2),
                    _ => false,
                };
                if is_drawn {
                    links.push((from, to));
                }
            }
        }
        Setup { nodes: config.cast.iter().map(node).collect(), links, delay: line(far_us).delay, troubles, own_lines }
    }
}

impl Disk {
    /// What is on the disk of somebody at the start.
    pub(super) fn first(role: Role) -> Disk {
        let has_zone = matches!(role, Role::N1 | Role::N2);
        Disk { lives: 0, shop: has_zone.then_some(Shop::FIRST) }
    }
}
