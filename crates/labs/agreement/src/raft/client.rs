//! A client: one command at a time, and another server when no answer comes (section 8 of the Raft paper).

use std::collections::VecDeque;
use std::rc::Rc;

use parts::store::{ClientId, Command, Request};
use serde::Serialize;
use sim::history::{OperationId, Outcome, Value};
use sim::{NodeId, t};

use super::message::Message;
use super::{Effects, Timer};

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
    pub(super) fn boot(effects: &mut Effects<'_>) -> Client {
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

    pub(super) fn on_operation(&mut self, command: Command, effects: &mut Effects<'_>) {
        if self.open.is_some() {
            let me = effects.me();
            effects.note(|| t!("{node} keeps “{command}” for later", node = me, command = command.text()));
            effects.note(|| t!("It has one command open, and waits for its answer first."));
            self.waiting.push_back(command);
        } else {
            self.begin(command, effects);
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let me = effects.me();
        match timer {
            Timer::Retry => {
                let servers = effects.config().servers;
                self.server = NodeId((self.server.0 + 1) % servers.max(1));
                let server = self.server;
                if let Some(open) = &mut self.open {
                    open.hops = 0;
                    effects.rule("client_retry");
                    effects.note(|| t!("{node} has got no answer, and asks {server}", node = me, server = server));
                    effects.because(&["client_sessions"], || t!("The command may have taken place or not: its serial number keeps it from taking place twice."));
                }
                self.ask(effects);
            }
            Timer::Workload => {
                self.set_workload(effects);
                if self.open.is_none() {
                    let command = self.choose_command(effects);
                    self.begin(command, effects);
                } else {
                    effects.note(|| t!("{node} still waits for an answer", node = me));
                    effects.routine("waits");
                }
            }
            Timer::Election | Timer::Heartbeat | Timer::Snapshot => {}
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        match message {
            Message::Answer { client, serial, result } if (client, serial) == (self.id, self.serial) => {
                self.on_answer(result, effects)
            }
            Message::Redirect { client, serial, leader } if (client, serial) == (self.id, self.serial) => {
                let Some(open) = &mut self.open else { return };
                open.hops += 1;
                let goes_on = open.hops <= MOST_HOPS;
                match leader.filter(|leader| *leader != from && goes_on) {
                    Some(leader) => {
                        self.server = leader;
                        effects.rule("redirect");
                        effects.note(|| {
                            t!("{node} asks {leader} instead of {other}", node = me, leader = leader, other = from)
                        });
                        self.ask(effects);
                    }
                    None => {
                        effects.rule("redirect");
                        effects.note(|| t!("{node} waits for a leader to be found", node = me));
                    }
                }
            }
            _ => {
                effects.note(|| t!("{node} has got this answer before", node = me));
                effects.routine("known answer");
            }
        }
    }

    fn on_answer(&mut self, result: Value, effects: &mut Effects<'_>) {
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
        effects.cancel_timer(Timer::Retry);
        effects.complete(open.operation, Outcome::Ok(result.clone()));
        self.last = Some((open.command, result));
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    /// Opens a command.
    fn begin(&mut self, command: Command, effects: &mut Effects<'_>) {
        let (me, server) = (effects.me(), self.server);
        self.serial += 1;
        effects.rule("ask_leader");
        effects.note(|| t!("{node} asks {server}: “{command}”", node = me, server = server, command = command.text()));
        let operation = effects.invoke(command.key().clone(), command.call());
        self.open = Some(Open { command, operation, hops: 0 });
        self.ask(effects);
    }

    /// Sends the open command to the server that it takes for the leader.
    fn ask(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        let request = Request { client: self.id, serial: self.serial, command: open.command.clone() };
        effects.send(self.server, Message::Request(Rc::new(request)));
        let retry_us = effects.config().retry_us;
        effects.set_timer(Timer::Retry, retry_us);
    }

    fn set_workload(&self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            // Between half and one and a half times the interval, so that the clients do not march in step.
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    /// Half of the commands are writes, each of a value of its own; the others read, or replace the value seen last.
    fn choose_command(&self, effects: &mut Effects<'_>) -> Command {
        let key = Value::text(KEYS[effects.choose(KEYS.len() as u64) as usize]);
        let clients = u64::from(effects.config().servers).abs_diff(effects.node_count() as u64).max(1);
        let place = u64::from(self.id.node.0 - effects.config().servers.min(self.id.node.0));
        let value = Value::Int(((self.serial + 1) * clients + place) as i64);
        match (effects.choose(6), &self.last) {
            (0..3, _) => Command::Put { key, value },
            (5, Some((Command::Get { key }, from))) => {
                Command::CompareAndSet { key: key.clone(), from: from.clone(), to: value }
            }
            _ => Command::Get { key },
        }
    }
}
