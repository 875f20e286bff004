//! Raft: one leader, one log, and a majority that decides.
//!
//! Follows D. Ongaro and J. Ousterhout, "In Search of an Understandable Consensus Algorithm (Extended Version)", 2014
//! (here "the Raft paper"), and D. Ongaro, "Consensus: Bridging Theory and Practice", 2014 (here "the dissertation").

mod client;
mod election;
mod experiments;
mod initial;
mod log;
mod message;
mod monitor;
mod reads;
mod replication;
mod rules;
mod scenarios;
mod server;
mod settings;
mod store;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::history::Value as Data;
use sim::lab::no_operation;
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Protocol, Rule, Setting, Settings, Setup, Text,
    Value, WorldOf, t,
};

use crate::links;

pub use client::{Client, Open};
pub use log::{Entry, Log};
pub use message::{Appended, Message};
pub use monitor::Monitor;
pub use server::{Leadership, Progress, Read, Role, Server, Votes};
pub use settings::{BackOff, Config, ReadMode, Rules};
pub use store::{ClientId, Command, Request, Store};

pub(crate) type Effects<'a> = sim::Effects<'a, RaftNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Raft;

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum RaftNode {
    Server(Server),
    Client(Client),
}

/// What a server keeps through a crash (Figure 2, persistent state). Clients keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub term: u64,
    pub voted_for: Option<NodeId>,
    pub log: Log,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a follower or a candidate: the next election.
    Election,
    /// Of a leader: the next heartbeat.
    Heartbeat,
    /// Of a client: another server.
    Retry,
    /// Of a client: the next command.
    Workload,
}

impl RaftNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            RaftNode::Server(server) => Some(server),
            RaftNode::Client(_) => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            RaftNode::Client(client) => Some(client),
            RaftNode::Server(_) => None,
        }
    }
}

impl Protocol for RaftNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Command;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> RaftNode {
        if effects.me().0 < effects.config().servers {
            RaftNode::Server(Server::boot(disk, effects))
        } else {
            RaftNode::Client(Client::boot(effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            RaftNode::Server(server) => server.on_message(from, message, effects),
            RaftNode::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            RaftNode::Server(server) => server.on_timer(timer, effects),
            RaftNode::Client(client) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, command: Command, effects: &mut Effects<'_>) {
        match self {
            RaftNode::Client(client) => client.on_operation(command, effects),
            RaftNode::Server(_) => {
                let me = effects.me();
                effects.note(|| t!("{node} is a server: only clients give commands", node = me));
            }
        }
    }
}

impl Lab for Raft {
    type Protocol = RaftNode;
    type Monitor = Monitor;

    fn about() -> About {
        About {
            id: "raft",
            title: t!("Raft"),
            chapter: t!("Agreement"),
            summary: t!(
                "Servers elect a leader, and the leader's log becomes everybody's. Crash it, split it, and see what is kept."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a leader is elected")),
        }
    }

    fn settings() -> Vec<Setting> {
        settings::settings()
    }

    fn rules() -> Vec<Rule> {
        rules::rules()
    }

    fn checks() -> Vec<Check> {
        monitor::checks()
    }

    fn scenarios() -> Vec<Prepared<Raft>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    fn setup(settings: &Settings) -> Setup<RaftNode> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, 2);
        let mut disks = initial::disks(settings.word("initial_logs"), servers).into_iter();
        let server = |number: u16| NodeSetup {
            label: format!("S{}", number + 1),
            rank: 0,
            disk: Rc::new(disks.next().unwrap_or_default()),
        };
        let client = |number: i64| NodeSetup { label: format!("C{number}"), rank: 1, disk: Rc::default() };
        let nodes = servers + clients as u16;
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: (0..servers).map(server).chain((1..=clients).map(client)).collect(),
            links: pairs.collect(),
            delay: links::delay(settings),
            loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn actions(world: WorldOf<'_, Raft>) -> Vec<Action> {
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| node.0 >= world.config().servers).collect();
        let action =
            |name, title, parameters| Action { name, title, nodes: clients.clone(), parameters, gesture: None };
        let key = || Setting::text("key", t!("key"), 12, "x");
        let value = |name, title, default| Setting::text(name, title, 12, default);
        vec![
            action("put", t!("Put"), vec![key(), value("value", t!("value"), "3")]),
            action("get", t!("Get"), vec![key()]),
            action(
                "cas",
                t!("Compare and set"),
                vec![key(), value("from", t!("if it is"), "3"), value("to", t!("set it to"), "4")],
            ),
            action("delete", t!("Delete"), vec![key()]),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Command, Text> {
        let words: Vec<String> = values.iter().map(typed).collect();
        let command = match (action, words.as_slice()) {
            ("put", [key, value]) => Command::Put { key: Data::text(key), value: data(value) },
            ("get", [key]) => Command::Get { key: Data::text(key) },
            ("cas", [key, from, to]) => Command::CompareAndSet { key: Data::text(key), from: data(from), to: data(to) },
            ("delete", [key]) => Command::Delete { key: Data::text(key) },
            _ => return Err(no_operation(action)),
        };
        match command.key() {
            Data::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
            _ => Ok(command),
        }
    }

    fn look(_node: NodeId, state: Option<&RaftNode>) -> Look {
        view::look(state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Election => t!("election timer"),
            Timer::Heartbeat => t!("heartbeat timer"),
            Timer::Retry => t!("retry timer"),
            Timer::Workload => t!("workload timer"),
        }
    }

    fn view(world: WorldOf<'_, Raft>, frame: &mut Frame) {
        view::view(world, frame);
    }
}

/// A parameter as it was typed.
fn typed(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
        Value::Word(word) => word.trim().to_string(),
    }
}

/// A value of the store: a number where it reads as one; nothing at all where it is empty.
fn data(typed: &str) -> Data {
    match typed.parse() {
        Ok(number) => Data::Int(number),
        Err(_) if typed.is_empty() || typed == "nil" => Data::Nil,
        Err(_) => Data::text(typed),
    }
}
