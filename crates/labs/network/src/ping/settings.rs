//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::clock::Clock;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, Troubles, t};

use super::places::{self, REGIONS};
use super::schedule::Schedule;
use super::{DistributedPing, Server};

/// What servers are called that stand at one place.
pub(super) const LABELS: [&str; 8] = ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"];

/// Percent of the offset and of the drift that is set, for each server: the first one is ahead and fast, the second one behind and
/// slow.
const SHARES: [(i64, i64); 8] =
    [(100, 100), (-100, -100), (0, 50), (50, -50), (-50, 25), (25, -25), (-25, 75), (75, -75)];

/// What all servers know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub servers: u16,
    pub places: Places,
    /// From ping to ping of one server to one other, in microseconds.
    pub interval_us: u64,
    /// The schedule of the first server.
    pub first: Schedule,
    /// The schedule of all others.
    pub rest: Schedule,
    /// After this a ping is given up, in microseconds.
    pub timeout_us: u64,
    /// How long an answer takes, in microseconds.
    pub service_us: u64,
    /// How many answers of a thousand take longer.
    pub hiccups_per_mille: u64,
    /// And by how much, in microseconds.
    pub hiccup_us: u64,
    pub drift_ppm: i64,
    /// How often the time service takes back what the clock has drifted, in microseconds; 0 for never.
    pub adjust_us: u64,
    pub rules: Rules,
}

/// Where the servers stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Places {
    /// All at one place.
    OneSite,
    /// Each in another part of the world.
    SixRegions,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub monotonic: bool,
    pub numbered: bool,
    pub count_once: bool,
    pub threshold: bool,
    pub open_loop: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| us(name) * 1_000;
        let places = match settings.word("places") {
            "six-regions" => Places::SixRegions,
            _ => Places::OneSite,
        };
        let most = if places == Places::SixRegions { REGIONS.len() } else { LABELS.len() };
        Config {
            servers: settings.integer("servers").clamp(2, most as i64) as u16,
            places,
            interval_us: ms("interval_ms"),
            first: Schedule::named(settings.word("schedule_first")),
            rest: Schedule::named(settings.word("schedule_rest")),
            timeout_us: ms("timeout_ms"),
            service_us: us("service_us"),
            hiccups_per_mille: us("hiccups_per_mille"),
            hiccup_us: ms("hiccup_ms"),
            drift_ppm: settings.integer("drift_ppm"),
            adjust_us: ms("ntp_s") * 1_000,
            rules: Rules {
                monotonic: settings.is_on("monotonic"),
                numbered: settings.is_on("numbered"),
                count_once: settings.is_on("count_once"),
                threshold: settings.is_on("threshold"),
                open_loop: settings.is_on("open_loop"),
            },
        }
    }

    /// The schedule of a server.
    pub fn schedule(&self, server: NodeId) -> Schedule {
        if server == NodeId(0) { self.first } else { self.rest }
    }

    /// How fast the clock of a server was made to run, in parts per million.
    pub fn drift_ppm(&self, server: NodeId) -> i64 {
        self.drift_ppm * SHARES[server.index() % SHARES.len()].1 / 100
    }
}

impl Configuration for DistributedPing {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let [delay, delay_least, delay_most] = links::settings(10_000, 30_000);
        let places = vec![("one-site", t!("at one place")), ("six-regions", t!("in six regions of the world"))];
        let schedules = || {
            vec![
                ("open", t!("every interval, whatever comes back")),
                ("closed", t!("when the last one is answered or lost")),
                ("poisson", t!("at random, whatever comes back")),
            ]
        };
        vec![
            Setting::integer("servers", t!("servers (six at most in six regions)"), (2, 8), "", 3).structural(),
            Setting::choice("places", t!("servers stand"), places).structural(),
            Setting::integer("interval_ms", t!("a ping to each other server every"), (10, 60_000), "ms", 1_000),
            Setting::choice("schedule_first", t!("the first server pings"), schedules()),
            Setting::choice("schedule_rest", t!("the others ping"), schedules()),
            Setting::integer("timeout_ms", t!("a ping is lost after"), (10, 60_000), "ms", 2_000),
            Setting::integer("service_us", t!("an answer takes"), (0, 5_000_000), "µs", 500),
            Setting::integer("hiccups_per_mille", t!("answers of a thousand that take longer"), (0, 1_000), "", 0),
            Setting::integer("hiccup_ms", t!("and by how much"), (0, 60_000), "ms", 1_000),
            Setting::integer("offset_ms", t!("clocks wrong at the start by up to"), (0, 10_000), "ms", 20).structural(),
            Setting::integer("drift_ppm", t!("clocks drift by up to"), (0, 10_000), "ppm", 200).structural(),
            Setting::integer("ntp_s", t!("a time service takes the drift back every (0: never)"), (0, 3_600), "s", 5)
                .structural(),
            Setting::integer(
                "detour",
                t!("in six regions, a cable is as long as the way along the ground times"),
                (100, 400),
                "%",
                140,
            ),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
            Setting::integer("copies_percent", t!("messages that arrive twice"), (0, 90), "%", 0),
            Setting::integer("reordering_percent", t!("messages that others may overtake"), (0, 100), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Server> {
        let Config { servers, places, .. } = Config::new(settings);
        let is_far = places == Places::SixRegions;
        let label = |place: usize| if is_far { REGIONS[place].label } else { LABELS[place] };
        let node =
            |place: usize| NodeSetup { label: label(place).to_string(), rank: 0, disk: Rc::default(), is_off: false };
        let pairs = |one: u16| (one + 1..servers).map(move |other| (NodeId(one), NodeId(other)));
        let ppm = |name: &str| settings.integer(name).clamp(0, 100) as u32 * 10_000;
        let troubles = Troubles {
            duplication_ppm: ppm("copies_percent"),
            reordering_ppm: ppm("reordering_percent"),
            ..links::troubles(settings)
        };
        let detour = settings.integer("detour").unsigned_abs();
        Setup {
            nodes: (0..usize::from(servers)).map(node).collect(),
            links: (0..servers).flat_map(pairs).collect(),
            delay: links::delay(settings),
            troubles,
            own_lines: if is_far { places::lines(usize::from(servers), detour, troubles) } else { Vec::new() },
        }
    }

    fn clock(settings: &Settings, node: NodeId) -> Clock {
        let (offset, _) = SHARES[node.index() % SHARES.len()];
        let offset_us = settings.integer("offset_ms") * 1_000 * offset / 100;
        Clock::TRUE.with_drift(0, Config::new(settings).drift_ppm(node)).with_offset(0, offset_us)
    }
}
