//! What can be set in this lab.

use std::rc::Rc;

use parts::links;
use sim::{Configuration, NodeId, NodeSetup, Setting, Settings, Setup, t};

use super::quorum::majority;
use super::{Disk, Paxos, PaxosNode};

/// What all nodes know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub proposers: u16,
    pub acceptors: u16,
    pub learners: u16,
    /// Each proposer begins by itself within so long, in microseconds; 0 when only people begin.
    pub begin_us: u64,
    /// Without an answer for so long, the same message goes out again, in microseconds.
    pub repeat_us: u64,
    /// How long a proposer takes to write down what it will propose, in microseconds.
    pub write_us: u64,
    /// Who is overtaken stays away for at most so long, in microseconds,
    pub backoff_us: u64,
    /// twice as long after each further time, so often at most.
    pub doublings: u32,
    /// Whether only one proposer proposes: the live one with the highest number.
    pub leader: bool,
    /// Whether a node that has lost its disk goes on as if it were new.
    pub lost_disk_votes: bool,
    pub rules: Rules,
}

/// The rules that can be switched off; on means that the rule is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    pub promise: bool,
    pub accept_promises: bool,
    pub adopt_value: bool,
    pub highest_ballot: bool,
    pub quorums_meet: bool,
    pub acceptor_disk: bool,
    pub own_ballots: bool,
    pub round_on_disk: bool,
    pub back_off: bool,
}

/// What a node is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Proposer,
    Acceptor,
    Learner,
}

impl Config {
    /// Reads the settings.
    pub fn new(settings: &Settings) -> Config {
        let us = |name: &str| settings.integer(name).unsigned_abs() * 1_000;
        let count = |name: &str, least: i64, most: i64| settings.integer(name).clamp(least, most) as u16;
        Config {
            proposers: count("proposers", 1, 5),
            acceptors: count("acceptors", 3, 7),
            learners: count("learners", 1, 3),
            begin_us: us("begin_ms"),
            repeat_us: us("repeat_ms"),
            write_us: us("proposer_disk_ms"),
            backoff_us: us("backoff_ms"),
            doublings: settings.integer("doublings").clamp(0, 10) as u32,
            leader: settings.is_on("leader"),
            lost_disk_votes: settings.word("lost_disk") == "votes",
            rules: Rules {
                promise: settings.is_on("promise"),
                accept_promises: settings.is_on("accept_promises"),
                adopt_value: settings.is_on("adopt_value"),
                highest_ballot: settings.is_on("highest_ballot"),
                quorums_meet: settings.is_on("quorums_meet"),
                acceptor_disk: settings.is_on("acceptor_disk"),
                own_ballots: settings.is_on("own_ballots"),
                round_on_disk: settings.is_on("round_on_disk"),
                back_off: settings.is_on("back_off"),
            },
        }
    }

    /// How many promises a proposer waits for.
    pub fn promises_needed(&self) -> u32 {
        majority(self.acceptors) - u32::from(!self.rules.quorums_meet)
    }

    /// How many have to accept a value in one ballot, so that it is chosen.
    pub fn acceptances_needed(&self) -> u32 {
        majority(self.acceptors)
    }

    /// What a node is for.
    pub fn part(&self, node: NodeId) -> Part {
        match node.0 {
            number if number < self.proposers => Part::Proposer,
            number if number < self.proposers + self.acceptors => Part::Acceptor,
            _ => Part::Learner,
        }
    }

    /// The place of an acceptor among all of them.
    pub fn place(&self, acceptor: NodeId) -> u16 {
        acceptor.0 - self.proposers
    }

    /// The acceptor at a place.
    pub fn acceptor(&self, place: u16) -> NodeId {
        NodeId(self.proposers + place)
    }

    pub fn all_proposers(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.proposers).map(NodeId)
    }

    pub fn all_acceptors(&self) -> impl Iterator<Item = NodeId> + use<> {
        (self.proposers..self.proposers + self.acceptors).map(NodeId)
    }

    pub fn all_learners(&self) -> impl Iterator<Item = NodeId> + use<> {
        let first = self.proposers + self.acceptors;
        (first..first + self.learners).map(NodeId)
    }

    /// From one sign of life of a proposer to the next, where one of them leads.
    pub fn beat_us(&self) -> u64 {
        (self.repeat_us / 2).max(1)
    }

    /// Without a sign of life for so long, a proposer counts for gone.
    pub fn suspect_us(&self) -> u64 {
        2 * self.repeat_us
    }
}

impl Configuration for Paxos {
    /// All settings but the rules.
    fn settings() -> Vec<Setting> {
        let lost_disk = vec![("silent", t!("says nothing any more")), ("votes", t!("goes on as if it were new"))];
        let [delay, delay_least, delay_most] = links::settings(8_000, 12_000);
        vec![
            Setting::integer("proposers", t!("proposers"), (1, 5), "", 3).structural(),
            Setting::integer("acceptors", t!("acceptors"), (3, 7), "", 5).structural(),
            Setting::integer("learners", t!("learners"), (1, 3), "", 2).structural(),
            Setting::integer("begin_ms", t!("a proposer begins within (0: only by hand)"), (0, 10_000), "ms", 20)
                .structural(),
            Setting::integer(
                "repeat_ms",
                t!("without an answer the same goes out again after"),
                (10, 60_000),
                "ms",
                80,
            ),
            Setting::integer(
                "proposer_disk_ms",
                t!("a proposer writes down what it will propose in"),
                (0, 1_000),
                "ms",
                5,
            ),
            Setting::integer(
                "backoff_ms",
                t!("a proposer that is overtaken stays away for at most"),
                (0, 10_000),
                "ms",
                40,
            ),
            Setting::integer("doublings", t!("and twice as long each further time, so often"), (0, 10), "", 5),
            Setting::switch("leader", t!("one proposer leads, the others wait"), false).structural(),
            Setting::choice("lost_disk", t!("who has lost its disk"), lost_disk),
            delay,
            delay_least,
            delay_most,
            Setting::integer("loss_percent", t!("messages lost"), (0, 90), "%", 0),
        ]
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn setup(settings: &Settings) -> Setup<PaxosNode> {
        let config = Config::new(settings);
        let disk = Rc::new(Disk { mark: true, ..Disk::default() });
        let node = |letter: &str, number: u16, rank: u8| NodeSetup {
            label: format!("{letter}{}", number + 1),
            rank,
            disk: disk.clone(),
            is_off: false,
        };
        let proposers = (0..config.proposers).map(|number| node("P", number, 0));
        let acceptors = (0..config.acceptors).map(|number| node("A", number, 1));
        let learners = (0..config.learners).map(|number| node("L", number, 2));
        let nodes = proposers.chain(acceptors).chain(learners).collect();
        let to_proposers = config.all_proposers().flat_map(|a| config.all_acceptors().map(move |b| (a, b)));
        let to_learners = config.all_acceptors().flat_map(|a| config.all_learners().map(move |b| (a, b)));
        let links = to_proposers.chain(to_learners).collect();
        let (delay, troubles) = (links::delay(settings), links::troubles(settings));
        Setup { nodes, links, delay, troubles, own_lines: Vec::new() }
    }
}
