//! Load balancing: many requests, several servers, and one node that decides who gets what.
//!
//! Policies, health checks and slow start follow the documentation of HAProxy, nginx and Envoy; the choice among a few
//! random servers follows M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE Transactions on
//! Parallel and Distributed Systems 12(10), 2001.

mod balancer;
mod client;
mod experiments;
mod health;
mod latency;
mod monitor;
mod policy;
mod rules;
mod scenarios;
mod server;
mod settings;
mod theory;
mod view;

#[cfg(test)]
mod tests;

use std::rc::Rc;

use serde::Serialize;
use sim::experiment::Experiment;
use sim::frame::{Action, Frame, Layout};
use sim::lab::no_operation;
use sim::rng::Rng;
use sim::{
    About, Check, Delay, Lab, Look, MessageLook, NodeId, NodeSetup, Prepared, Protocol, Rule, Setting, Settings, Setup,
    Text, Value, WorldOf, t,
};

pub use balancer::Balancer;
pub use client::Client;
pub use health::Health;
pub use latency::{Histogram, Point, Statistics};
pub use monitor::Monitor;
pub use policy::{Backend, Policy, Rotation};
pub use server::Server;
pub use settings::{Config, Layer, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, BalancingNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct LoadBalancing;

/// A node of this lab: first the clients, then the balancer, then the servers.
#[derive(Clone, Debug, Serialize)]
pub enum BalancingNode {
    Client(Client),
    Balancer(Balancer),
    Server(Server),
}

/// The name of one request. It stays the same when the client tries again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RequestId {
    pub client: NodeId,
    /// How many times the client has started.
    pub life: u32,
    /// Counted from 1 in each life.
    pub number: u32,
}

/// What nodes send each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Message {
    /// A client asks the balancer.
    Ask { request: RequestId, attempt: u8 },
    /// The balancer hands a request on to a server, under a number of its own.
    Forward { request: RequestId, ticket: u64 },
    /// A server answers the balancer.
    Done { ticket: u64, answer: Answer },
    /// The balancer answers the client.
    Reply { request: RequestId, answer: Answer },
    /// The balancer asks a server whether it is well.
    Probe { round: u32 },
    /// A server is well.
    Well { round: u32 },
}

/// How a request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Answer {
    Served,
    /// The queue of the server was full (status 503).
    Refused,
    /// The balancer had no server to send it to (status 503).
    NoServer,
    /// The balancer got no answer in time (status 504).
    TimedOut,
}

/// What a node keeps through a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disk {
    /// How many times it has started.
    pub lives: u32,
    /// Of a server: what a person made of the machine.
    pub machine: server::Machine,
}

/// What nodes wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Timer {
    /// Of a client: its next request.
    Next,
    /// Of a client or the balancer: the request that has waited longest gets too old.
    Deadline,
    /// Of the balancer: the next round of health checks.
    Probe,
    /// Of a server: this worker is done.
    Work(u8),
}

/// What nodes can be told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A client sends a request now.
    Request,
    /// A server takes so many times as long for everything.
    Slow { times: u32 },
    /// A server gets one more worker.
    AddWorker,
}

impl BalancingNode {
    /// The client, if it is one.
    pub fn client(&self) -> Option<&Client> {
        if let BalancingNode::Client(client) = self { Some(client) } else { None }
    }

    /// The balancer, if it is the one.
    pub fn balancer(&self) -> Option<&Balancer> {
        if let BalancingNode::Balancer(balancer) = self { Some(balancer) } else { None }
    }

    /// The server, if it is one.
    pub fn server(&self) -> Option<&Server> {
        if let BalancingNode::Server(server) = self { Some(server) } else { None }
    }
}

/// Draws a time, from a stream of random numbers of its own.
fn draw(delay: Delay, effects: &mut Effects<'_>) -> u64 {
    delay.draw(&mut Rng::stream(effects.choose(u64::MAX), 0))
}

impl Protocol for BalancingNode {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    type Disk = Disk;

    fn boot(disk: &Disk, effects: &mut Effects<'_>) -> BalancingNode {
        let disk = Disk { lives: disk.lives + 1, ..disk.clone() };
        let (me, balancer) = (effects.me(), effects.config().balancer());
        let node = if me < balancer {
            BalancingNode::Client(Client::boot(disk.lives, effects))
        } else if me == balancer {
            BalancingNode::Balancer(Balancer::boot(disk.lives, effects))
        } else {
            BalancingNode::Server(Server::boot(&disk, effects))
        };
        effects.persist(disk);
        node
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match (self, message) {
            (BalancingNode::Client(client), Message::Reply { request, answer }) => {
                client.on_reply(request, answer, effects);
            }
            (BalancingNode::Balancer(balancer), message) => balancer.on_message(from, message, effects),
            (BalancingNode::Server(server), message) => server.on_message(message, effects),
            (BalancingNode::Client(_), _) => {}
        }
    }

    fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match self {
            BalancingNode::Client(client) => client.on_timer(timer, effects),
            BalancingNode::Balancer(balancer) => balancer.on_timer(timer, effects),
            BalancingNode::Server(server) => server.on_timer(timer, effects),
        }
    }

    fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let me = effects.me();
        match (self, operation) {
            (BalancingNode::Client(client), Operation::Request) => client.ask(effects),
            (BalancingNode::Server(server), Operation::Slow { times }) => server.slow_down(times, effects),
            (BalancingNode::Server(server), Operation::AddWorker) => server.add_worker(effects),
            _ => effects.note(|| t!("{node} cannot do that", node = me)),
        }
    }
}

impl Lab for LoadBalancing {
    type Protocol = BalancingNode;
    type Monitor = Monitor;

    fn about() -> About {
        About {
            id: "load-balancing",
            title: t!("Load balancing"),
            chapter: t!("Scale"),
            summary: t!(
                "One node spreads requests over several servers. Slow a server down or crash it, and see what each policy makes of it."
            ),
            layout: Layout::Columns,
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

    fn scenarios() -> Vec<Prepared<LoadBalancing>> {
        scenarios::scenarios()
    }

    fn experiments() -> Vec<Experiment> {
        experiments::experiments()
    }

    fn setup(settings: &Settings) -> Setup<BalancingNode> {
        let config = Config::new(settings);
        let node = |label: String, rank: u8| NodeSetup { label, rank, disk: Rc::default() };
        let clients = (1..=config.clients).map(|number| node(format!("C{number}"), 0));
        let servers = (1..=config.servers).map(|number| node(format!("S{number}"), 2));
        let balancer = config.balancer();
        let others = (0..config.node_count()).map(NodeId::at).filter(|other| *other != balancer);
        Setup {
            nodes: clients.chain([node("LB".to_string(), 1)]).chain(servers).collect(),
            links: others.map(|other| (other.min(balancer), other.max(balancer))).collect(),
            delay: settings::delay(settings),
            loss_ppm: settings.integer("loss_percent").clamp(0, 100) as u32 * 10_000,
            duplication_ppm: 0,
            reordering_ppm: 0,
            corruption_ppm: 0,
        }
    }

    fn configure(settings: &Settings) -> Config {
        Config::new(settings)
    }

    fn actions(world: WorldOf<'_, LoadBalancing>) -> Vec<Action> {
        let balancer = world.config().balancer();
        let action = |name, title, is_meant: fn(NodeId, NodeId) -> bool, parameters| {
            let nodes = world.nodes().ids().filter(|node| is_meant(*node, balancer)).collect();
            Action { name, title, nodes, parameters, gesture: None }
        };
        let times = Setting::integer("times", t!("times as slow"), (1, 100), "", 3);
        vec![
            action("request", t!("Send a request now"), |node, balancer| node < balancer, Vec::new()),
            action("slow", t!("Slow down"), |node, balancer| node > balancer, vec![times]),
            action("add-worker", t!("Add a worker"), |node, balancer| node > balancer, Vec::new()),
        ]
    }

    fn operation(action: &str, values: &[Value]) -> Result<Operation, Text> {
        match (action, values) {
            ("request", _) => Ok(Operation::Request),
            ("slow", [Value::Integer(times)]) if (1..=100).contains(times) => {
                Ok(Operation::Slow { times: *times as u32 })
            }
            ("add-worker", _) => Ok(Operation::AddWorker),
            _ => Err(no_operation(action)),
        }
    }

    fn look(_node: NodeId, state: Option<&BalancingNode>) -> Look {
        view::look(state)
    }

    fn message_look(message: &Message) -> MessageLook {
        view::message_look(message)
    }

    fn timer_name(timer: &Timer) -> Text {
        match timer {
            Timer::Next => t!("next request"),
            Timer::Deadline => t!("oldest request too old"),
            Timer::Probe => t!("next health checks"),
            Timer::Work(worker) => t!("worker {number} done", number = u64::from(*worker) + 1),
        }
    }

    fn view(world: WorldOf<'_, LoadBalancing>, frame: &mut Frame) {
        view::view(world, frame);
    }
}
