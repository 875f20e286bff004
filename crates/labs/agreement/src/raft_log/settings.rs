//! What can be set: all that Raft has, and when snapshots are taken and how they are sent.

use parts::values::number;
use sim::{Configuration, Setting, Settings, Setup, t};

use super::RaftLog;
use crate::raft::{Config, Raft, RaftNode};

impl Configuration for RaftLog {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let new = vec![
            Setting::integer("snapshot_every", t!("a snapshot after so many entries (0: none)"), (0, 100_000), "", 6),
            Setting::integer("trailing", t!("entries that stay behind in the log"), (0, 20_000), "", 0),
            Setting::integer("snapshot_parts", t!("messages that a snapshot takes"), (1, 10), "", 3),
            Setting::integer(
                "in_flight",
                t!("messages to a follower without an answer, at most (0: all is sent again each time)"),
                (0, 1_000),
                "",
                0,
            ),
            Setting::integer("write_us", t!("a disk writes for"), (0, 100_000), "µs", 0).structural(),
            Setting::choice(
                "writes",
                t!("a leader writes its entries"),
                vec![("beside", t!("while it sends them")), ("first", t!("before it sends them"))],
            ),
        ];
        let of_raft = Raft::settings().into_iter().filter(|setting| setting.name != "initial_logs");
        let mut all: Vec<Setting> = of_raft.chain(new).collect();
        for setting in &mut all {
            match setting.name {
                "servers" => setting.default = number(3),
                "entries_a_message" => setting.default = number(4),
                _ => {}
            }
        }
        all
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<RaftNode> {
        Raft::setup(settings)
    }
}
