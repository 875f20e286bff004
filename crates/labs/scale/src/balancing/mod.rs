//! Load balancing: many requests, several servers, and one node that decides who gets what.
//!
//! Policies, health checks and slow start follow the documentation of HAProxy, nginx and Envoy; the choice among a few
//! random servers follows M. Mitzenmacher, "The power of two choices in randomized load balancing", IEEE Transactions on
//! Parallel and Distributed Systems 12(10), 2001.

mod balancer;
mod client;
mod experiments;
mod measures;
mod monitor;
mod operations;
mod presets;
mod rules;
mod scenarios;
mod server;
mod settings;
mod view;

#[cfg(test)]
mod tests;

use serde::Serialize;
use sim::frame::Layout;
use sim::rng::Rng;
use sim::{About, Delay, NodeId, Protocol, System, t};

pub use balancer::Balancer;
pub use client::Client;
pub use monitor::Monitor;
pub use server::Server;
pub use settings::{Config, Layer, Rules};

pub(crate) type Effects<'a> = sim::Effects<'a, BalancingNode>;

/// The lab.
#[derive(Clone, Copy, Debug)]
pub struct LoadBalancing;

impl System for LoadBalancing {
    type Protocol = BalancingNode;

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
            pace_us: About::PACE_US,
        }
    }
}

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
