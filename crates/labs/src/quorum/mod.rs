//! Leaderless quorum: n replicas, r that answer a read, w that acknowledge a write, and nobody in charge.
//!
//! Follows G. DeCandia et al., "Dynamo: Amazon's highly available key-value store", SOSP 2007 (here "Dynamo"), with
//! dotted version vectors (Preguiça et al. 2010), and Apache Cassandra's documentation for blocking read repair and last
//! write wins. P. Bailis et al., "Probabilistically bounded staleness for practical partial quorums", VLDB 2012, is what
//! the experiments measure.

mod anti_entropy;
mod client;
mod coordinator;
mod experiments;
mod latency;
mod merkle;
mod message;
mod monitor;
mod replica;
mod ring;
mod rules;
mod scenarios;
mod server;
mod settings;
mod version;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::history::Model;
use sim::lab::no_operation;
use sim::{
    About, Check, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Protocol, Rule, Setting, Settings, Setup, Text,
    Value, WorldOf, t,
};

use crate::links;

pub use client::{Client, Known, Open};
pub use coordinator::{Asked, Coordination, Task};
pub use latency::{Latencies, Latency};
pub use merkle::Place;
pub use message::{Answer, Command, Message, Promise};
pub use monitor::Monitor;
pub use ring::Ring;
pub use server::{Server, Store, Suspects};
pub use settings::{Config, Coordinator, Repair, Rules};
pub use version::{Conflicts, Dot, Key, Siblings, VectorClock, Version};

pub(crate) type Effects<'a> = sim::Effects<'a, QuorumNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct LeaderlessQuorum;

/// A node of this lab.
// The world keeps each node's state in a place of its own: what the smaller ones waste is lost once.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, Serialize)]
pub enum QuorumNode {
    Server(Server),
    Client(Client),
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// Of a server.
    pub store: Rc<Store>,
    /// Of a client: how many operations it has begun.
    pub operations: u64,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a coordinator: the answers to this request.
    Patience(u64),
    /// Of a server: until it is done with this message (WARS).
    Late(u64),
    /// Of a server: the next attempt to return hints.
    Handoff,
    /// Of a server: the next comparison of Merkle trees.
    AntiEntropy,
    /// Of a client: its next operation.
    Workload,
    /// Of a client: the end of its patience.
    GiveUp,
}

/// What a client can be told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Operation {
    pub key: Key,
    pub wish: Wish,
    /// The coordinator; the client chooses one if none is said.
    pub through: Option<NodeId>,
}

/// What is wanted of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Wish {
    Get,
    /// Write these items.
    Put(Vec<Key>),
    /// Write all that was read last, and this item.
    Add(Key),
    /// Write all that was read last, siblings merged.
    Merge,
}

impl QuorumNode {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            QuorumNode::Server(server) => Some(server),
            QuorumNode::Client(_) => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            QuorumNode::Client(client) => Some(client),
            QuorumNode::Server(_) => None,
        }
    }
}

impl Protocol for QuorumNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> QuorumNode {
        if effects.me().0 < effects.config().servers {
            QuorumNode::Server(Server::boot(disk, effects))
        } else {
            QuorumNode::Client(Client::boot(disk, effects))
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Server(server) => server.on_message(from, message, effects),
            QuorumNode::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Server(server) => server.on_timer(timer, effects),
            QuorumNode::Client(client) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match self {
            QuorumNode::Client(client) => client.on_operation(operation, effects),
            QuorumNode::Server(_) => {
                let me = effects.me();
                effects.note(|| t!("{node} is a server: only clients give operations", node = me));
            }
        }
    }
}

/// The labels of the servers, for the choice of a coordinator.
const SERVERS: [&str; settings::MOST_SERVERS as usize] =
    ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12"];

/// The choice of a coordinator that leaves it to the client.
const ANYBODY: &str = "client";

impl Lab for LeaderlessQuorum {
    type Protocol = QuorumNode;
    type Monitor = Monitor;

    fn about() -> About {
        About {
            id: "leaderless-quorum",
            title: t!("Leaderless quorum (as in Dynamo)"),
            chapter: t!("Replication"),
            summary: t!(
                "Any server takes reads and writes, and quorums make them meet. Cut it in two: both sides go on, and their versions become siblings."
            ),
            layout: Layout::Ring,
            new_leader: None,
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

    fn scenarios() -> Vec<Prepared<LeaderlessQuorum>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    /// A map, as seen by clients that know nothing of siblings.
    fn model() -> Option<Model> {
        Some(Model::KeyValue(Default::default()))
    }

    fn setup(settings: &Settings) -> Setup<QuorumNode> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, settings::MOST_CLIENTS) as u16;
        let server = |label: &&str| NodeSetup { label: label.to_string(), rank: 0, disk: Rc::default() };
        let client = |number: u16| NodeSetup { label: format!("C{number}"), rank: 1, disk: Rc::default() };
        let nodes = servers + clients;
        // Every pair but two clients, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..nodes).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            nodes: SERVERS.iter().take(servers.into()).map(server).chain((1..=clients).map(client)).collect(),
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

    fn actions(world: WorldOf<'_, LeaderlessQuorum>) -> Vec<Action> {
        let servers = world.config().servers;
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| node.0 >= servers).collect();
        let labels = SERVERS.iter().take(servers.into()).map(|label| (*label, Text::verbatim(*label)));
        let through: Vec<(&'static str, Text)> =
            [(ANYBODY, t!("chosen by the client"))].into_iter().chain(labels).collect();
        let key = || Setting::text("key", t!("key"), 12, "x");
        let through = || Setting::choice("through", t!("coordinator"), through.clone());
        let text = |name, title, default| Setting::text(name, title, 24, default);
        let action =
            |name, title, parameters| Action { name, title, nodes: clients.clone(), parameters, gesture: None };
        vec![
            action("get", t!("Get"), vec![key(), through()]),
            action("put", t!("Put"), vec![key(), text("items", t!("items"), "milk"), through()]),
            action(
                "add",
                t!("Add an item to what was read last"),
                vec![key(), text("item", t!("item"), "bread"), through()],
            ),
            action("merge", t!("Write back what was read last, merged"), vec![key(), through()]),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let words: Vec<String> = values.iter().map(|value| value.to_string().trim().to_string()).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (key, wish, through) = match (action, words.as_slice()) {
            ("get", [key, through]) => (key, Wish::Get, through),
            ("put", [key, items, through]) => {
                let mut list = Vec::new();
                items.split_whitespace().for_each(|item| version::add(&mut list, item.into()));
                (key, Wish::Put(list), through)
            }
            ("add", [key, item, through]) => (key, Wish::Add((*item).into()), through),
            ("merge", [key, through]) => (key, Wish::Merge, through),
            _ => return Err(no_operation(action)),
        };
        if key.is_empty() {
            return Err(t!("a key has at least one character"));
        }
        if wish == Wish::Add("".into()) {
            return Err(t!("an item has at least one character"));
        }
        let through = SERVERS.iter().position(|label| label == through).map(NodeId::at);
        Ok(Operation { key: (*key).into(), wish, through })
    }

    fn look(_node: NodeId, state: Option<&QuorumNode>) -> Look {
        view::look(state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Patience(_) => t!("waits for replicas"),
            Timer::Late(_) => t!("done with a message"),
            Timer::Handoff => t!("hints"),
            Timer::AntiEntropy => t!("compare trees"),
            Timer::Workload => t!("next operation"),
            Timer::GiveUp => t!("gives up"),
        }
    }

    fn view(world: WorldOf<'_, LeaderlessQuorum>, frame: &mut Frame) {
        view::view(world, frame);
    }
}
