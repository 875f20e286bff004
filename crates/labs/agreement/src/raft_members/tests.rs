//! Tests that cite section 6 of the Raft paper and chapters 3, 4, 6 and 9 of the dissertation.

mod hunts;
mod leading;
mod measured;
mod members;
mod stories;

use parts::values::{number, word};
use sim::check::Outcome;
use sim::probe::{Asked, Probe};
use sim::{Checks, Director, NodeId, Of, Operations, Protocol, Scenarios, Settings, Value, WorldOf};

use super::RaftMembers;
use crate::raft::{
    Appended, Change, Config, Disk, Entry, Log, Members, Message, Operation, RaftNode, Role, Server, ServerSet, Timer,
};

const S1: NodeId = NodeId(0);
const S2: NodeId = NodeId(1);
const S3: NodeId = NodeId(2);
const S4: NodeId = NodeId(3);
const S5: NodeId = NodeId(4);

/// The default settings with some changes.
fn settings(changes: &[(&str, Value)]) -> Settings {
    changes.iter().fold(Settings::default(), |settings, (name, value)| settings.with(name, value.clone()))
}

/// How a check stands.
fn outcome(world: WorldOf<'_, RaftMembers>, name: &str) -> Outcome {
    let checks = RaftMembers::checks();
    let place = checks.iter().position(|check| check.name == name).expect("a check");
    let verdict = sim::judge_history(&checks[place], world.history());
    verdict.unwrap_or_else(|| world.verdicts().get(place).clone()).outcome
}

/// A scenario at its opening moment.
fn open(name: &str) -> Director<RaftMembers> {
    let scenarios = RaftMembers::scenarios();
    let prepared = scenarios.iter().find(|prepared| prepared.name == name).expect("a scenario");
    let mut director = Director::new(settings(&prepared.settings), prepared.seed).expect("known settings");
    (prepared.direct)(&mut director);
    let (world, _, refusals) = director.finish();
    assert!(refusals.is_empty(), "{name}: {refusals:?}");
    for check in RaftMembers::checks() {
        let found = outcome(world.of(), check.name);
        match prepared.expect.iter().find(|(known, _)| *known == check.name) {
            Some((_, expected)) => assert_eq!(found, *expected, "{name}: {}", check.name),
            None => assert_ne!(found, Outcome::Broken, "{name}: {}", check.name),
        }
    }
    Director::at(world)
}

fn server(director: &Director<RaftMembers>, id: NodeId) -> Server {
    crate::raft::staging::server(director.world(), id).expect("a running server").clone()
}

/// S1 of four servers that vote and two spare ones.
struct Bench {
    probe: Probe<RaftNode>,
    server: Server,
}

impl Bench {
    /// It starts in this term with these entries.
    fn new(term: u64, log: Log, changes: &[(&str, Value)]) -> Bench {
        let known = sim::all_settings::<RaftMembers>();
        let config = Config::new(&settings(changes).accept(&known).expect("known settings"));
        let mut probe = Probe::new(S1, 8, config);
        // Long enough after the start that it need not fear to have heard a leader.
        probe.local_now_us = 1_000_000;
        let disk = Disk { term, log, ..Disk::default() };
        let (node, _) = probe.run(|effects| RaftNode::boot(&disk, effects));
        probe.local_now_us = 2_000_000;
        let RaftNode::Server(server) = node else { panic!("S1 is a server") };
        Bench { probe, server: *server }
    }

    fn run(&mut self, act: impl FnOnce(&mut RaftNode, &mut sim::Effects<'_, RaftNode>)) -> Asked<RaftNode> {
        let mut node = RaftNode::Server(Box::new(self.server.clone()));
        let asked = self.probe.run(|effects| act(&mut node, effects)).1;
        let RaftNode::Server(server) = node else { panic!("S1 is a server") };
        self.server = *server;
        asked
    }

    fn receive(&mut self, from: NodeId, message: Message) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_message(from, message, effects))
    }

    fn fire(&mut self, timer: Timer) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_timer(timer, effects))
    }

    fn change(&mut self, change: Change) -> Asked<RaftNode> {
        self.run(|node, effects| node.on_operation(Operation::Change(change), effects))
    }

    /// It becomes leader of the next term with the votes of S2 and S3.
    fn leading(mut self) -> Bench {
        self.fire(Timer::Election);
        let term = self.server.term + 1;
        for voter in [S2, S3] {
            self.receive(voter, Message::PreVote { term, granted: true });
        }
        for voter in [S2, S3] {
            self.receive(voter, Message::Vote { term, granted: true });
        }
        assert!(self.server.is_leader());
        self
    }

    /// It is told that a server has all up to an entry.
    fn confirm(&mut self, from: NodeId, match_index: u64) -> Asked<RaftNode> {
        let answer = Appended::Stored { match_index };
        self.receive(from, Message::Appended { term: self.server.term, round: 1, answer })
    }

    /// The same of S2 and S3, which with itself are three of four.
    fn commit(&mut self) {
        let last_index = self.server.log.last_index();
        for other in [S2, S3] {
            self.confirm(other, last_index);
        }
    }
}

fn set(numbers: &[u16]) -> ServerSet {
    numbers.iter().map(|number| NodeId(number - 1)).collect()
}

/// An entry that names these as voters.
fn configuration(term: u64, numbers: &[u16]) -> Entry {
    Entry { term, request: None, members: Some(Members::voting(set(numbers))) }
}

/// To whom messages go.
fn receivers(asked: &Asked<RaftNode>) -> ServerSet {
    asked.sends.iter().map(|(to, _)| *to).collect()
}
