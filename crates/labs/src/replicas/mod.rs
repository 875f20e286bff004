//! Primary and replicas: one server writes a log, the others follow it, and something has to give when it fails.
//!
//! Follows M. Kleppmann, "Designing Data-Intensive Applications", 2017, chapter 5; the manuals of PostgreSQL (streaming
//! replication, `pg_rewind`) and MySQL 8 (semisynchronous replication); W. Lin et al., "PacificA: Replication in Log-Based
//! Distributed Storage Systems", Microsoft Research 2008, for the observer; and D. Terry et al., "Session Guarantees for
//! Weakly Consistent Replicated Data", PDIS 1994.

mod client;
mod experiments;
mod log;
mod message;
mod monitor;
mod observer;
mod primary;
mod replica;
mod rules;
mod scenarios;
mod server;
mod servers;
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

pub use client::{Answered, Client, Open, Wanted};
pub use log::{Entry, Log, Position, RequestId, Write};
pub use message::{Answer, Appended, Command, Message, Request};
pub use monitor::Monitor;
pub use observer::{Observer, Survey};
pub use primary::{Follower, Lag, Reign, Sample};
pub use server::{Role, Server};
pub use servers::Servers;
pub use settings::{Behind, Config, Mode, Reads, Rules};
pub use store::Store;

pub(crate) type Effects<'a> = sim::Effects<'a, Replica>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct Replicas;

/// A node of this lab.
#[derive(Clone, Debug, Serialize)]
pub enum Replica {
    Server(Server),
    Observer(Observer),
    Client(Client),
}

/// What servers and the observer keep through a crash. Clients keep nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    pub epoch: u64,
    /// Whom the node takes for the primary.
    pub primary: Option<NodeId>,
    /// Of a server.
    pub log: Log,
    /// Of the observer and of a primary.
    pub in_sync: InSync,
}

/// The replicas that a primary waits for before it acknowledges a write.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct InSync {
    /// Counts the changes of `wanted` within an epoch.
    pub version: u64,
    /// Those that it waits for: never less than what the observer knows.
    pub agreed: Servers,
    /// Those that it wants to wait for.
    pub wanted: Servers,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a primary: the next heartbeat.
    Heartbeat,
    /// Of a semi-synchronous primary: it goes on alone.
    FallBack,
    /// Of the observer: the primary has been silent for too long.
    Failover,
    /// Of the observer: enough servers should have answered.
    Survey,
    /// Of a client: another server.
    Retry,
    /// Of a client: the next operation.
    Workload,
}

/// What nodes can be told to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client: this.
    Do(Wanted),
    /// A replica: become primary.
    Promote,
}

impl Config {
    /// The observer comes after the servers.
    pub fn observer(&self) -> NodeId {
        NodeId(self.servers)
    }
}

impl Replica {
    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            Replica::Server(server) => Some(server),
            _ => None,
        }
    }

    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        match self {
            Replica::Client(client) => Some(client),
            _ => None,
        }
    }

    /// The observer, if it is that.
    pub fn observer(&self) -> Option<&Observer> {
        match self {
            Replica::Observer(observer) => Some(observer),
            _ => None,
        }
    }
}

impl Protocol for Replica {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Replica {
        let observer = effects.config().observer();
        match effects.me() {
            me if me < observer => Replica::Server(Server::boot(disk, effects)),
            me if me == observer => Replica::Observer(Observer::boot(disk, effects)),
            _ => Replica::Client(Client::boot(effects)),
        }
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match self {
            Replica::Server(server) => server.on_message(from, message, effects),
            Replica::Observer(observer) => observer.on_message(from, message, effects),
            Replica::Client(client) => client.on_message(from, message, effects),
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match (self, timer) {
            (Replica::Server(server), Timer::Heartbeat) => server.beat(effects),
            (Replica::Server(server), _) => server.fall_back(effects),
            (Replica::Observer(observer), timer) => observer.on_timer(timer, effects),
            (Replica::Client(client), timer) => client.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        match (self, operation) {
            (Replica::Client(client), Operation::Do(wanted)) => client.on_operation(wanted, effects),
            (Replica::Server(server), Operation::Promote) => server.promote_by_hand(effects),
            _ => {
                let me = effects.me();
                effects.note(|| t!("{node} cannot do that", node = me));
            }
        }
    }
}

impl Lab for Replicas {
    type Protocol = Replica;
    type Monitor = Monitor;

    fn about() -> About {
        About {
            id: "primary-replicas",
            title: t!("Primary and replicas"),
            chapter: t!("Replication"),
            summary: t!(
                "One server takes the writes, the others follow. Acknowledge at once or wait for them; read where it is near or where it is current; and see what a failover loses."
            ),
            layout: Layout::Ring,
            new_leader: Some(t!("a replica becomes primary")),
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

    fn scenarios() -> Vec<Prepared<Replicas>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    fn setup(settings: &Settings) -> Setup<Replica> {
        let servers = Config::new(settings).servers;
        let clients = settings.integer("clients").clamp(0, 3) as u16;
        let all = Servers::first(servers);
        let in_sync = InSync { version: 0, agreed: all, wanted: all };
        let disk = Rc::new(Disk { epoch: 1, primary: Some(NodeId(0)), log: Log::default(), in_sync });
        let node = |label, rank, disk: &Rc<Disk>| NodeSetup { label, rank, disk: disk.clone() };
        let server = |number: u16| node(format!("S{}", number + 1), 0, &disk);
        let client = |number: u16| node(format!("C{number}"), 1, &Rc::default());
        let observer = node("O".to_string(), 1, &disk);
        // Every pair but two clients, and a client and the observer, which have nothing to say to each other.
        let pairs = (0..servers).flat_map(|a| (a + 1..=servers + clients).map(move |b| (NodeId(a), NodeId(b))));
        Setup {
            links: pairs.collect(),
            nodes: (0..servers).map(server).chain([observer]).chain((1..=clients).map(client)).collect(),
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

    fn actions(world: WorldOf<'_, Replicas>) -> Vec<Action> {
        let observer = world.config().observer();
        let servers: Vec<NodeId> = world.nodes().ids().filter(|node| *node < observer).collect();
        let clients: Vec<NodeId> = world.nodes().ids().filter(|node| *node > observer).collect();
        let key = || Setting::text("key", t!("key"), 12, "x");
        let value = Setting::text("value", t!("value"), 12, "3");
        let named = |server: &NodeId| (SERVER_NAMES[server.index()], Text::verbatim(SERVER_NAMES[server.index()]));
        let choices = [("as-set", t!("as the settings say"))].into_iter().chain(servers.iter().map(named)).collect();
        let from = Setting::choice("from", t!("from"), choices);
        let action = |name, title, nodes, parameters| Action { name, title, nodes, parameters, gesture: None };
        vec![
            action("put", t!("Put"), clients.clone(), vec![key(), value]),
            action("get", t!("Get"), clients, vec![key(), from]),
            action("promote", t!("Promote to primary"), servers, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        let words: Vec<String> = values.iter().map(|value| value.to_string().trim().to_string()).collect();
        let wanted = match (action, words.as_slice()) {
            ("promote", []) => return Ok(Operation::Promote),
            ("put", [key, value]) => {
                Wanted { command: Command::Put { key: Data::text(key), value: data(value) }, server: None }
            }
            ("get", [key, from]) => {
                let server = SERVER_NAMES.iter().position(|name| name == from).map(NodeId::at);
                Wanted { command: Command::Get { key: Data::text(key) }, server }
            }
            _ => return Err(no_operation(action)),
        };
        match wanted.command.key() {
            Data::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
            _ => Ok(Operation::Do(wanted)),
        }
    }

    fn look(_node: NodeId, state: Option<&Replica>) -> Look {
        view::look(state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Heartbeat => t!("heartbeat timer"),
            Timer::FallBack => t!("semi-synchronous timeout"),
            Timer::Failover => t!("failover timer"),
            Timer::Survey => t!("survey timer"),
            Timer::Retry => t!("retry timer"),
            Timer::Workload => t!("workload timer"),
        }
    }

    fn view(world: WorldOf<'_, Replicas>, frame: &mut Frame) {
        view::view(world, frame);
    }
}

/// The labels of the servers that there can be.
const SERVER_NAMES: [&str; 6] = ["S1", "S2", "S3", "S4", "S5", "S6"];

/// A value of the store: a number where it reads as one; nothing at all where it is empty.
fn data(typed: &str) -> Data {
    match typed.parse() {
        Ok(number) => Data::Int(number),
        Err(_) if typed.is_empty() || typed == "nil" => Data::Nil,
        Err(_) => Data::text(typed),
    }
}
