//! What can be set: what Raft has, and how its members change.

use std::rc::Rc;

use parts::values::number;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::RaftMembers;
use crate::raft::{Config, Raft, RaftNode};

impl Configuration for RaftMembers {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let memberships = vec![
            ("single", t!("one server at a time")),
            ("joint", t!("any change, by way of a joint configuration")),
            ("direct", t!("any change, in one step")),
        ];
        let new_servers = vec![
            ("learn-then-vote", t!("learn first, then vote")),
            ("learn", t!("learn until somebody lets them vote")),
            ("vote", t!("vote at once")),
        ];
        let new = vec![
            Setting::integer("spares", t!("spare servers"), (0, 3), "", 2).structural(),
            Setting::integer(
                "change_ms",
                t!("an operator changes the members every (0: only by hand)"),
                (0, 60_000),
                "ms",
                400,
            )
            .structural(),
            Setting::choice("membership", t!("the members change"), memberships),
            Setting::choice("new_servers", t!("new servers"), new_servers),
            Setting::switch("pre_vote", t!("pre-vote: servers ask first whether they would be elected"), true),
            Setting::switch("check_quorum", t!("a leader that no majority answers gives up"), true),
            Setting::switch("transfer_on_leave", t!("a leader that is removed hands over"), false),
            Setting::integer("snapshot_every", t!("a snapshot after so many entries (0: none)"), (0, 100_000), "", 0),
        ];
        let of_raft = Raft::settings().into_iter().filter(|setting| setting.name != "initial_logs");
        let mut all: Vec<Setting> = of_raft.chain(new).collect();
        for setting in &mut all {
            match setting.name {
                "servers" => setting.default = number(4),
                "clients" => setting.default = number(1),
                "heartbeat_ms" => setting.default = number(80),
                "entries_a_message" => setting.default = number(4),
                _ => {}
            }
        }
        all
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    /// What Raft has, and an operator if somebody is to change the members by itself.
    fn setup(settings: &Settings) -> Setup<RaftNode> {
        let mut setup = Raft::setup(settings);
        if settings.integer("change_ms") > 0 {
            let operator = NodeId::at(setup.nodes.len());
            let servers = (0..Config::new(settings).servers).map(NodeId);
            setup.links.extend(servers.map(|server| (server, operator)));
            setup.nodes.push(NodeSetup { label: "O".to_string(), rank: 1, disk: Rc::default(), is_off: false });
        }
        setup
    }
}
