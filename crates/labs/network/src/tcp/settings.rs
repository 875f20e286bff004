//! What can be set in this lab.

use std::rc::Rc;

use sim::{Configuration, Delay, Line, NodeSetup, Pipe, Setting, Settings, Setup, Troubles, t};

use super::congestion::Algorithm;
use super::timer::Formula;
use super::{A, A2, B, Host, R, Tcp};

/// How many bytes a message of the application has.
pub const MESSAGE: u32 = 1_000;

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub algorithm: Algorithm,
    pub sack: bool,
    pub mss: u32,
    pub iw: u32,
    pub formula: Formula,
    pub rto_initial_us: u64,
    pub rto_min_us: u64,
    pub delayed_ack_us: u64,
    pub buffer: u32,
    /// Bytes a second; 0: at once.
    pub read_rate: u64,
    pub transfer: u32,
    pub msl_us: u64,
    pub streams: u32,
    pub give_up: u32,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub three_way: bool,
    pub in_order: bool,
    pub retransmit: bool,
    pub flow_control: bool,
    pub karn: bool,
    pub fin_in_order: bool,
    pub time_wait: bool,
    pub check_reset: bool,
    pub fresh_iss: bool,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let number = |name: &str| settings.integer(name).unsigned_abs();
        let ms = |name: &str| number(name) * 1_000;
        let bytes = |name: &str| (number(name) * 1_000) as u32;
        Config {
            algorithm: match settings.word("algorithm") {
                "none" => Algorithm::None,
                "reno" => Algorithm::Reno,
                _ => Algorithm::NewReno,
            },
            sack: settings.is_on("sack"),
            mss: number("mss") as u32,
            iw: number("iw") as u32,
            formula: if settings.word("timeout") == "twice" { Formula::TwiceTheMean } else { Formula::Deviation },
            rto_initial_us: ms("rto_initial_ms"),
            rto_min_us: ms("rto_min_ms"),
            delayed_ack_us: ms("delayed_ack_ms"),
            buffer: bytes("buffer"),
            read_rate: ms("read_rate"),
            transfer: bytes("transfer"),
            msl_us: ms("msl_ms"),
            streams: number("streams") as u32,
            give_up: number("give_up") as u32,
            rules: Rules {
                three_way: settings.is_on("three_way"),
                in_order: settings.is_on("in_order"),
                retransmit: settings.is_on("retransmit"),
                flow_control: settings.is_on("flow_control"),
                karn: settings.is_on("karn"),
                fin_in_order: settings.is_on("fin_in_order"),
                time_wait: settings.is_on("time_wait"),
                check_reset: settings.is_on("check_reset"),
                fresh_iss: settings.is_on("fresh_iss"),
            },
        }
    }

    /// The stream of the application that a byte belongs to.
    pub fn stream(&self, offset: u64) -> u32 {
        (offset / u64::from(MESSAGE)) as u32 % self.streams.max(1)
    }
}

impl Configuration for Tcp {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let integer = Setting::integer;
        let algorithms = vec![
            ("newreno", t!("NewReno")),
            ("reno", t!("Reno")),
            ("none", t!("nobody: the window of the receiver alone")),
        ];
        let timeouts = vec![("deviation", t!("the mean and four deviations")), ("twice", t!("twice the mean"))];
        vec![
            Setting::choice("algorithm", t!("congestion control"), algorithms),
            Setting::switch("sack", t!("receivers say which blocks they have (SACK)"), false),
            integer("mss", t!("bytes in a segment"), (100, 1_460), "", 1_000),
            integer("iw", t!("segments under way at first"), (1, 10), "", 4),
            Setting::choice("timeout", t!("the timeout is"), timeouts),
            integer("rto_initial_ms", t!("timeout before anything is measured"), (10, 10_000), "ms", 1_000),
            integer("rto_min_ms", t!("least timeout"), (0, 5_000), "ms", 1_000),
            integer("delayed_ack_ms", t!("an acknowledgment is put off by (0: never)"), (0, 500), "ms", 200),
            integer("buffer", t!("a receiver has room for"), (1, 64), "kB", 8),
            integer("read_rate", t!("an application reads, a second (0: at once)"), (0, 200), "kB", 20),
            integer("transfer", t!("a client writes (0: nothing by itself)"), (0, 64), "kB", 8),
            integer("senders", t!("clients"), (1, 2), "", 1).structural(),
            integer("rate", t!("the line from R to B takes, a second"), (1, 200), "kB", 100),
            integer("queue", t!("segments that can wait for it"), (0, 100), "", 5),
            integer("near_ms", t!("the way between clients and R takes"), (0, 5_000), "ms", 20),
            integer("far_ms", t!("the way between R and B takes"), (0, 5_000), "ms", 30),
            integer("jitter_ms", t!("and up to so much more"), (0, 5_000), "ms", 10),
            integer("loss_percent", t!("segments lost there"), (0, 90), "%", 1),
            integer("copies_percent", t!("segments that arrive twice"), (0, 90), "%", 1),
            integer("reordering_percent", t!("segments that others may overtake"), (0, 100), "%", 1),
            integer("damage_percent", t!("segments that arrive damaged"), (0, 90), "%", 1),
            integer("msl_ms", t!("a segment lives for (MSL)"), (100, 120_000), "ms", 2_000),
            integer("streams", t!("messages of so many streams take turns"), (1, 4), "", 2),
            integer("give_up", t!("timeouts in a row before it is given up"), (1, 15), "", 15),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<Host> {
        let node = |label: &str, rank| NodeSetup { label: label.to_string(), rank, disk: Rc::default(), is_off: false };
        let us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        let ppm = |name: &str| settings.integer(name).clamp(0, 100) as u32 * 10_000;
        let mut nodes = vec![node("A", 0), node("R", 1), node("B", 2)];
        let mut links = vec![(A, R), (R, B)];
        if settings.integer("senders") > 1 {
            nodes.push(node("A2", 0));
            links.push((R, A2));
        }
        let troubles = Troubles {
            loss_ppm: ppm("loss_percent"),
            duplication_ppm: ppm("copies_percent"),
            reordering_ppm: ppm("reordering_percent"),
            corruption_ppm: ppm("damage_percent"),
        };
        let far = match us("jitter_ms") {
            0 => Delay::Constant { us: us("far_ms") },
            jitter_us => Delay::Uniform { least_us: us("far_ms"), most_us: us("far_ms") + jitter_us },
        };
        let pipe = Pipe { bytes_per_s: us("rate"), places: settings.integer("queue").clamp(0, 100) as u32 };
        let line = Line::new(far, troubles);
        Setup {
            nodes,
            links,
            delay: Delay::Constant { us: us("near_ms") },
            troubles: Troubles::default(),
            own_lines: vec![(R, B, line.with_pipe(pipe)), (B, R, line)],
        }
    }
}
