//! A client of a replicated store: one command at a time, and another server when no answer comes (section 8 of the Raft paper). The logs
//! of Raft and of Multi-Paxos have the same clients, and people give them the same commands.

use std::collections::VecDeque;
use std::rc::Rc;

use parts::store::{ClientId, Command, Request};
use serde::Serialize;
use sim::frame::Action;
use sim::history::{OperationId, Outcome, Value};
use sim::{Effects, NodeId, Protocol, Setting, Text, no_operation, t};

/// A protocol whose servers carry out the commands of clients.
pub trait Serving: Protocol {
    /// Of a client: another server.
    const RETRY: Self::Timer;
    /// Of a client: the next command.
    const WORKLOAD: Self::Timer;

    /// What clients have to know.
    fn terms(config: &Self::Config) -> Terms;

    /// What a client sends.
    fn request(request: Rc<Request>) -> Self::Message;
}

/// What clients have to know.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// The nodes before this number are servers, the others clients.
    pub servers: u16,
    /// How long a client waits before it asks another server.
    pub retry_us: u64,
    /// From one command of a client to the next; 0 when only people give commands.
    pub workload_us: u64,
}

/// How a leader answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadMode {
    /// After a round of heartbeats has confirmed it.
    Confirm,
    /// At once, while others may not lead. It trusts the clocks.
    Lease,
    /// In the log, like a write.
    Log,
}

impl ReadMode {
    /// That of a word of the setting.
    pub(crate) fn of(word: &str) -> ReadMode {
        match word {
            "lease" => ReadMode::Lease,
            "log" => ReadMode::Log,
            _ => ReadMode::Confirm,
        }
    }
}

/// What a server tells a client.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The command took place, with this result.
    Answer(Value),
    /// Only the leader answers. This server knows it, or does not.
    Redirect(Option<NodeId>),
}

/// A client. What it knows is lost when it crashes; it comes back as a new client.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    pub id: ClientId,
    /// The serial number of the latest command.
    pub serial: u64,
    /// The server that it takes for the leader.
    pub server: NodeId,
    /// The command that it waits for.
    pub open: Option<Open>,
    /// Commands for later.
    pub waiting: VecDeque<Command>,
    /// The latest command that was answered, with the answer.
    pub last: Option<(Command, Value)>,
}

/// A command that a client waits for.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    pub command: Command,
    pub operation: OperationId,
    /// How often servers have sent it on since the client last waited.
    pub hops: u64,
}

/// After so many redirections the client waits for a while: two servers may each take the other one for the leader.
const MOST_HOPS: u64 = 3;

/// The keys of the automatic workload.
const KEYS: [&str; 2] = ["x", "y"];

impl Client {
    pub(crate) fn boot<P: Serving>(effects: &mut Effects<'_, P>) -> Client {
        // A number that no earlier life had, all but certainly.
        let life = 1 + effects.choose(1 << 31);
        let client = Client {
            id: ClientId { node: effects.me(), life },
            serial: 0,
            server: NodeId(0),
            open: None,
            waiting: VecDeque::new(),
            last: None,
        };
        client.set_workload(effects);
        client
    }

    pub(crate) fn on_operation<P: Serving>(&mut self, command: Command, effects: &mut Effects<'_, P>) {
        if self.open.is_some() {
            let me = effects.me();
            effects.note(|| t!("{node} keeps “{command}” for later", node = me, command = command.text()));
            effects.note(|| t!("It has one command open, and waits for its answer first."));
            self.waiting.push_back(command);
        } else {
            self.begin(command, effects);
        }
    }

    /// Nobody has answered.
    pub(crate) fn on_retry<P: Serving>(&mut self, effects: &mut Effects<'_, P>) {
        let me = effects.me();
        let servers = P::terms(effects.config()).servers;
        self.server = NodeId((self.server.0 + 1) % servers.max(1));
        let server = self.server;
        if let Some(open) = &mut self.open {
            open.hops = 0;
            effects.rule("client_retry");
            effects.note(|| t!("{node} has got no answer, and asks {server}", node = me, server = server));
            effects.because(&["client_sessions"], || {
                t!("The command may have taken place or not: its serial number keeps it from taking place twice.")
            });
        }
        self.ask(effects);
    }

    /// It is time for the next command.
    pub(crate) fn on_workload<P: Serving>(&mut self, effects: &mut Effects<'_, P>) {
        let me = effects.me();
        self.set_workload(effects);
        if self.open.is_none() {
            let command = self.choose_command(effects);
            self.begin(command, effects);
        } else {
            effects.note(|| t!("{node} still waits for an answer", node = me));
            effects.routine("waits");
        }
    }

    /// A server has answered the command of this serial number.
    pub(crate) fn on_reply<P: Serving>(
        &mut self,
        from: NodeId,
        command: (ClientId, u64),
        reply: Reply,
        effects: &mut Effects<'_, P>,
    ) {
        let me = effects.me();
        if command != (self.id, self.serial) {
            effects.note(|| t!("{node} has got this answer before", node = me));
            effects.routine("known answer");
            return;
        }
        match reply {
            Reply::Answer(result) => self.on_answer(result, effects),
            Reply::Redirect(leader) => self.on_redirect(from, leader, effects),
        }
    }

    fn on_redirect<P: Serving>(&mut self, from: NodeId, leader: Option<NodeId>, effects: &mut Effects<'_, P>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        open.hops += 1;
        let goes_on = open.hops <= MOST_HOPS;
        match leader.filter(|leader| *leader != from && goes_on) {
            Some(leader) => {
                self.server = leader;
                effects.rule("redirect");
                effects
                    .note(|| t!("{node} asks {leader} instead of {other}", node = me, leader = leader, other = from));
                self.ask(effects);
            }
            None => {
                effects.rule("redirect");
                effects.note(|| t!("{node} waits for a leader to be found", node = me));
            }
        }
    }

    fn on_answer<P: Serving>(&mut self, result: Value, effects: &mut Effects<'_, P>) {
        let me = effects.me();
        let Some(open) = self.open.take() else {
            effects.note(|| t!("{node} has got this answer before", node = me));
            return;
        };
        let command = &open.command;
        effects.rule("answer");
        effects.note(|| match (command, &result) {
            (Command::Get { key }, value) => {
                t!("{node} reads {key} = {value}", node = me, key = key.to_string(), value = value.to_string())
            }
            (Command::CompareAndSet { .. }, Value::Bool(false)) => {
                t!("{node} learns that “{command}” changed nothing", node = me, command = command.text())
            }
            _ => t!("{node} learns that “{command}” is done", node = me, command = command.text()),
        });
        if let (Command::CompareAndSet { .. }, Value::Bool(false)) = (command, &result) {
            effects.note(|| t!("The value was another one."));
        }
        effects.cancel_timer(P::RETRY);
        effects.complete(open.operation, Outcome::Ok(result.clone()));
        self.last = Some((open.command, result));
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    /// Opens a command.
    fn begin<P: Serving>(&mut self, command: Command, effects: &mut Effects<'_, P>) {
        let (me, server) = (effects.me(), self.server);
        self.serial += 1;
        effects.rule("ask_leader");
        effects.note(|| t!("{node} asks {server}: “{command}”", node = me, server = server, command = command.text()));
        let operation = effects.invoke(command.key().clone(), command.call());
        self.open = Some(Open { command, operation, hops: 0 });
        self.ask(effects);
    }

    /// Sends the open command to the server that it takes for the leader.
    fn ask<P: Serving>(&mut self, effects: &mut Effects<'_, P>) {
        let Some(open) = &self.open else { return };
        let request = Request { client: self.id, serial: self.serial, command: open.command.clone() };
        effects.send(self.server, P::request(Rc::new(request)));
        let retry_us = P::terms(effects.config()).retry_us;
        effects.set_timer(P::RETRY, retry_us);
    }

    fn set_workload<P: Serving>(&self, effects: &mut Effects<'_, P>) {
        set_workload(P::terms(effects.config()).workload_us, P::WORKLOAD, effects);
    }

    fn choose_command<P: Serving>(&self, effects: &mut Effects<'_, P>) -> Command {
        let servers = P::terms(effects.config()).servers;
        let clients = u64::from(servers).abs_diff(effects.node_count() as u64).max(1);
        let place = u64::from(self.id.node.0 - servers.min(self.id.node.0));
        let own = ((self.serial + 1) * clients + place) as i64;
        choose_command(own, self.last.as_ref(), effects)
    }
}

/// Sets the timer of the next command of a client that gives some by itself.
pub(crate) fn set_workload<P: Protocol>(workload_us: u64, timer: P::Timer, effects: &mut Effects<'_, P>) {
    if workload_us > 0 {
        // Between half and one and a half times the interval, so that the clients do not march in step.
        let after_us = workload_us / 2 + effects.choose(workload_us + 1);
        effects.set_timer(timer, after_us);
    }
}

/// Half of the commands are writes, each of a value that nobody else writes; the others read, or replace the value seen last.
pub(crate) fn choose_command<P: Protocol>(
    own: i64,
    last: Option<&(Command, Value)>,
    effects: &mut Effects<'_, P>,
) -> Command {
    let key = Value::text(KEYS[effects.choose(KEYS.len() as u64) as usize]);
    let value = Value::Int(own);
    match (effects.choose(6), last) {
        (0..3, _) => Command::Put { key, value },
        (5, Some((Command::Get { key }, from))) => {
            Command::CompareAndSet { key: key.clone(), from: from.clone(), to: value }
        }
        _ => Command::Get { key },
    }
}

/// What a person can have these clients ask for.
pub(crate) fn actions(clients: &[NodeId]) -> Vec<Action> {
    let action = |name, title, parameters| Action { name, title, nodes: clients.to_vec(), parameters, gesture: None };
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

/// Reads a command as the screen sends it.
pub(crate) fn command(action: &str, values: &[sim::Value]) -> Result<Command, Text> {
    let words: Vec<String> = values.iter().map(typed).collect();
    let command = match (action, words.as_slice()) {
        ("put", [key, value]) => Command::Put { key: Value::text(key), value: data(value) },
        ("get", [key]) => Command::Get { key: Value::text(key) },
        ("cas", [key, from, to]) => Command::CompareAndSet { key: Value::text(key), from: data(from), to: data(to) },
        ("delete", [key]) => Command::Delete { key: Value::text(key) },
        _ => return Err(no_operation(action)),
    };
    match command.key() {
        Value::Text(key) if key.is_empty() => Err(t!("a key has at least one character")),
        _ => Ok(command),
    }
}

/// A parameter as it was typed.
fn typed(value: &sim::Value) -> String {
    match value {
        sim::Value::Integer(number) => number.to_string(),
        sim::Value::Flag(flag) => flag.to_string(),
        sim::Value::Word(word) => word.trim().to_string(),
    }
}

/// A value of the store: a number where it reads as one; nothing at all where it is empty.
fn data(typed: &str) -> Value {
    match typed.parse() {
        Ok(number) => Value::Int(number),
        Err(_) if typed.is_empty() || typed == "nil" => Value::Nil,
        Err(_) => Value::text(typed),
    }
}
