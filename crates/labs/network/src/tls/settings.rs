//! What can be set in this lab.

use std::rc::Rc;

use sim::clock::Clock;
use sim::{Configuration, Delay, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::certificates::DAY_US;
use super::server::Identity;
use super::{Disk, Tls, TlsNode, server};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub mallory: Strategy,
    /// How often Mallory interferes at the most, where she does so at random.
    pub tampers: u32,
    pub servers: u16,
    /// From one wish of a user to the next, in microseconds; 0 for none.
    pub workload_us: u64,
    /// Whether servers give tickets and clients use them.
    pub resume: bool,
    /// Whether clients send early data with a ticket.
    pub early_data: bool,
    /// Whether that may be a purchase too.
    pub early_post: bool,
    /// How old early data may be, in milliseconds.
    pub freshness_ms: i64,
    /// How long a certificate is good, in microseconds.
    pub lifetime_us: i64,
    /// How long ago the shop got its own.
    pub age_us: i64,
    /// How long a hop takes, in microseconds.
    pub hop_us: u64,
    pub rules: Rules,
}

/// What Mallory does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// She looks on.
    Passive,
    /// She answers for the shop, with the good certificate of her own name.
    OwnCertificate,
    /// With one that she has signed herself.
    OwnRoot,
    /// With an old one of the shop, whose key has leaked.
    OldCertificate,
    /// With one that an authority has signed which clients trust.
    TrustedAuthority,
    /// With the certificate of the shop, and her own share.
    RealCertificate,
    /// She sends early data to all servers.
    Replay,
    /// She cuts off the end of answers.
    CutOff,
    /// One or the other, at random.
    Anything,
}

impl Strategy {
    const WORDS: [(&'static str, Strategy); 9] = [
        ("anything", Strategy::Anything),
        ("passive", Strategy::Passive),
        ("own-certificate", Strategy::OwnCertificate),
        ("own-root", Strategy::OwnRoot),
        ("old-certificate", Strategy::OldCertificate),
        ("real-certificate", Strategy::RealCertificate),
        ("trusted-authority", Strategy::TrustedAuthority),
        ("replay", Strategy::Replay),
        ("cut-off", Strategy::CutOff),
    ];
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub chain: bool,
    pub name: bool,
    pub dates: bool,
    pub signature: bool,
    pub record_numbers: bool,
    pub close_notify: bool,
    pub single_use: bool,
    pub fresh_share: bool,
}

impl Config {
    /// Mallory.
    pub const MALLORY: NodeId = NodeId(2);

    /// The first server.
    pub const FIRST_SERVER: NodeId = NodeId(3);

    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let word = settings.word("mallory");
        let strategy = Strategy::WORDS.iter().find(|(name, _)| *name == word);
        let ms = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        Config {
            mallory: strategy.map_or(Strategy::Anything, |(_, strategy)| *strategy),
            tampers: settings.integer("tampers").clamp(0, 1_000) as u32,
            servers: settings.integer("servers").clamp(1, 3) as u16,
            workload_us: ms("workload_ms"),
            resume: settings.is_on("resume"),
            early_data: settings.is_on("early_data"),
            early_post: settings.is_on("early_post"),
            freshness_ms: settings.integer("freshness_s") * 1_000,
            lifetime_us: settings.integer("lifetime_days") * DAY_US,
            age_us: settings.integer("age_days") * DAY_US,
            hop_us: ms("hop_ms"),
            rules: Rules {
                chain: settings.is_on("chain"),
                name: settings.is_on("name"),
                dates: settings.is_on("dates"),
                signature: settings.is_on("signature"),
                record_numbers: settings.is_on("record_numbers"),
                close_notify: settings.is_on("close_notify"),
                single_use: settings.is_on("single_use"),
                fresh_share: settings.is_on("fresh_share"),
            },
        }
    }

    /// Whether a node is a client.
    pub fn is_client(&self, node: NodeId) -> bool {
        node < Config::MALLORY
    }

    /// The clients.
    pub fn clients(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..Config::MALLORY.0).map(NodeId)
    }

    /// The servers.
    pub fn servers(&self) -> impl Iterator<Item = NodeId> + use<> {
        let first = Config::FIRST_SERVER.0;
        (first..first + self.servers).map(NodeId)
    }

    /// How long a round trip between a client and a server takes, in microseconds.
    pub fn round_trip_us(&self) -> u64 {
        4 * self.hop_us
    }

    /// How long a client waits before it sends a flight again, in microseconds.
    pub fn patience_us(&self) -> u64 {
        2 * self.round_trip_us() + 140_000
    }
}

impl Configuration for Tls {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let strategies = vec![
            ("anything", t!("interferes at random")),
            ("passive", t!("looks on")),
            ("own-certificate", t!("answers for the shop, with the good certificate of her own name")),
            ("own-root", t!("answers for the shop, with a certificate that she has signed herself")),
            ("old-certificate", t!("answers for the shop, with an old certificate whose key has leaked")),
            ("real-certificate", t!("answers for the shop, with its own certificate and a share of hers")),
            (
                "trusted-authority",
                t!("answers for the shop, with a false certificate of an authority that clients trust"),
            ),
            ("replay", t!("sends early data to each server once more")),
            ("cut-off", t!("cuts off the end of answers")),
        ];
        vec![
            Setting::choice("mallory", t!("Mallory"), strategies),
            Setting::integer("tampers", t!("at random, she interferes so often at the most"), (0, 1_000), "", 20),
            Setting::integer("workload_ms", t!("a user wants something every (0: never)"), (0, 60_000), "ms", 1_000),
            Setting::switch("resume", t!("servers give tickets for the next time"), true),
            Setting::switch("early_data", t!("clients send early data with a ticket"), true),
            Setting::switch("early_post", t!("early data may be a purchase (POST)"), true),
            Setting::integer("freshness_s", t!("early data may be so old"), (0, 3_600), "s", 10),
            Setting::integer("servers", t!("servers of the shop"), (1, 3), "", 2).structural(),
            Setting::integer("lifetime_days", t!("days for which a certificate is good"), (1, 398), "", 90)
                .structural(),
            Setting::integer("age_days", t!("days since the shop got its certificate"), (0, 398), "", 30).structural(),
            Setting::integer("behind_days", t!("days by which the clock of C2 is behind"), (0, 100), "", 0)
                .structural(),
            Setting::integer("hop_ms", t!("a hop takes"), (1, 5_000), "ms", 20).structural(),
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<TlsNode> {
        let config = Config::new(settings);
        let node = |label: String, rank: u8, disk: Rc<Disk>| NodeSetup { label, rank, disk, is_off: false };
        let written = server::Written { identity: Some(Rc::new(Identity::first(&config))), ..Default::default() };
        let disk = Rc::new(Disk { server: written, ..Disk::default() });
        let mut nodes = vec![
            node("C1".to_string(), 0, Rc::default()),
            node("C2".to_string(), 0, Rc::default()),
            node("M".to_string(), 1, Rc::default()),
        ];
        let servers = ["S1", "S2", "S3"].into_iter().take(usize::from(config.servers));
        nodes.extend(servers.map(|label| node(label.to_string(), 2, disk.clone())));
        let clients = config.clients().map(|client| (client, Config::MALLORY));
        let servers = config.servers().map(|server| (Config::MALLORY, server));
        Setup {
            nodes,
            links: clients.chain(servers).collect(),
            delay: Delay::Constant { us: config.hop_us },
            troubles: Troubles {
                loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
                ..Troubles::default()
            },
            own_lines: Vec::new(),
        }
    }

    fn clock(settings: &Settings, node: NodeId) -> Clock {
        let days = if node == NodeId(1) { settings.integer("behind_days") } else { 0 };
        Clock::TRUE.with_offset(0, -days * DAY_US)
    }
}
