//! A client: one operation at a time, and a session that remembers how far it has written and seen (Terry et al. 1994).

use std::collections::VecDeque;

use serde::Serialize;
use sim::history::{OperationId, Outcome, Value};
use sim::{NodeId, t};

use super::log::{Position, RequestId};
use super::message::{Answer, Command, Message, Request};
use super::settings::{Config, Reads};
use super::{Effects, Timer};

/// A client. What it knows is lost when it crashes; it comes back as a new client, with a new session.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    pub life: u64,
    /// The number of the latest operation.
    pub serial: u64,
    /// The server that it takes for the primary.
    pub primary: NodeId,
    /// The last write of this session that was acknowledged.
    pub written: Position,
    /// How far the servers were that this session has read from.
    pub seen: Position,
    /// The operation that it waits for.
    pub open: Option<Open>,
    /// Operations for later.
    pub waiting: VecDeque<Wanted>,
    /// The last answer.
    pub last: Option<Answered>,
}

/// What a client is told to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    pub command: Command,
    /// The server to ask; none as the settings say.
    pub server: Option<NodeId>,
}

/// An operation that a client waits for.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    pub command: Command,
    pub operation: OperationId,
    /// The server that it has asked last.
    pub server: NodeId,
    /// How often servers have sent it on since it last waited.
    pub hops: u64,
}

/// An operation that was answered.
#[derive(Clone, Debug, Serialize)]
pub struct Answered {
    pub command: Command,
    pub server: NodeId,
    pub answer: Answer,
}

/// After so many redirections the client waits for a while: two servers may each take the other one for the primary.
const MOST_HOPS: u64 = 3;

/// The keys of the automatic workload.
const KEYS: [&str; 2] = ["x", "y"];

impl Client {
    pub(super) fn boot(effects: &mut Effects<'_>) -> Client {
        let client = Client {
            // A number that no earlier life had, all but certainly.
            life: 1 + effects.choose(1 << 31),
            serial: 0,
            primary: NodeId(0),
            written: Position::default(),
            seen: Position::default(),
            open: None,
            waiting: VecDeque::new(),
            last: None,
        };
        client.set_workload(effects);
        client
    }

    pub(super) fn on_operation(&mut self, wanted: Wanted, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open.is_some() {
            effects.note(|| t!("{node} keeps “{command}” for later", node = me, command = wanted.command.text()));
            effects.note(|| t!("It has one operation open, and waits for its answer first."));
            self.waiting.push_back(wanted);
        } else {
            self.begin(wanted, effects);
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Retry => self.retry(effects),
            Timer::Workload => {
                self.set_workload(effects);
                if self.open.is_none() {
                    let command = self.choose_command(effects);
                    self.begin(Wanted { command, server: None }, effects);
                } else {
                    let me = effects.me();
                    effects.note(|| t!("{node} still waits for an answer", node = me));
                    effects.routine("waits");
                }
            }
            _ => {}
        }
    }

    fn retry(&mut self, effects: &mut Effects<'_>) {
        let (me, servers) = (effects.me(), effects.config().servers);
        let Some(open) = &mut self.open else { return };
        open.hops = 0;
        open.server = NodeId((open.server.0 + 1) % servers);
        let server = open.server;
        effects.rule("once");
        effects.note(|| t!("{node} has got no answer, and asks {server}", node = me, server = server));
        effects.note(|| t!("A write may have taken place or not: its number keeps it from taking place twice."));
        self.ask(effects);
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        let id = RequestId { client: me, life: self.life, serial: self.serial };
        match message {
            Message::Answer(answer) if answer.request == id && self.open.is_some() => {
                self.on_answer(from, answer, effects)
            }
            Message::Redirect { request, primary } if request == id => self.on_redirect(from, primary, effects),
            _ => {
                effects.note(|| t!("{node} has got this answer before", node = me));
                effects.routine("known answer");
            }
        }
    }

    fn on_redirect(&mut self, from: NodeId, primary: Option<NodeId>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = &mut self.open else { return };
        open.hops += 1;
        effects.rule("redirect");
        match primary.filter(|primary| *primary != from && open.hops <= MOST_HOPS) {
            Some(primary) => {
                open.server = primary;
                self.primary = primary;
                effects.note(|| {
                    t!("{node} asks {primary} instead of {other}", node = me, primary = primary, other = from)
                });
                self.ask(effects);
            }
            None => effects.note(|| t!("{node} waits for a primary to be found", node = me)),
        }
    }

    fn on_answer(&mut self, from: NodeId, answer: Answer, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(open) = self.open.take() else { return };
        let value = answer.value.clone();
        effects.note(|| match &open.command {
            Command::Get { key } => t!(
                "{node} reads {key} = {value} from {server}",
                node = me,
                key = key.to_string(),
                value = value.to_string(),
                server = from
            ),
            Command::Put { .. } => {
                t!("{node} learns that “{command}” is done", node = me, command = open.command.text())
            }
        });
        let version = answer.version;
        effects.note(|| t!("It is {version} of the log.", version = version));
        effects.cancel_timer(Timer::Retry);
        effects.complete(open.operation, Outcome::Ok(value));
        match open.command {
            Command::Put { .. } => self.written = self.written.max(answer.version),
            Command::Get { .. } => self.seen = self.seen.max(answer.applied),
        }
        if answer.by_primary {
            self.primary = from;
        }
        self.last = Some(Answered { command: open.command, server: from, answer });
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    /// Opens an operation.
    fn begin(&mut self, wanted: Wanted, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Wanted { command, server } = wanted;
        self.serial += 1;
        let server = server.unwrap_or_else(|| self.choose_server(&command, effects));
        effects.note(|| t!("{node} asks {server}: “{command}”", node = me, server = server, command = command.text()));
        let operation = match &command {
            Command::Put { key, value } => effects.invoke(key.clone(), sim::history::Call::Put(value.clone())),
            Command::Get { key } => effects.invoke(key.clone(), sim::history::Call::Get),
        };
        self.open = Some(Open { command, operation, server, hops: 0 });
        self.ask(effects);
    }

    /// Sends the open operation to the server that it has chosen.
    fn ask(&mut self, effects: &mut Effects<'_>) {
        let Some(open) = &self.open else { return };
        let id = RequestId { client: effects.me(), life: self.life, serial: self.serial };
        let after = self.after(effects.config());
        if matches!(open.command, Command::Get { .. }) {
            // Without its rule a session asks for less than it has written or seen.
            if self.written > after {
                effects.rule("read_your_writes");
            }
            if self.seen > after {
                effects.rule("monotonic_reads");
            }
        }
        let request = Request { id, command: open.command.clone(), after };
        effects.send(open.server, Message::Request(request));
        let retry_us = effects.config().retry_us;
        effects.set_timer(Timer::Retry, retry_us);
    }

    /// What a read has to see at least.
    fn after(&self, config: &Config) -> Position {
        let written = if config.rules.read_your_writes { self.written } else { Position::default() };
        let seen = if config.rules.monotonic_reads { self.seen } else { Position::default() };
        written.max(seen)
    }

    fn choose_server(&self, command: &Command, effects: &mut Effects<'_>) -> NodeId {
        let Config { servers, reads, .. } = *effects.config();
        match (command, reads) {
            (Command::Get { .. }, Reads::Replicas) => {
                let place = effects.choose(u64::from(servers - 1)) as u16;
                NodeId((self.primary.0 + 1 + place) % servers)
            }
            _ => self.primary,
        }
    }

    fn set_workload(&self, effects: &mut Effects<'_>) {
        let workload_us = effects.config().workload_us;
        if workload_us > 0 {
            // Between half and one and a half times the interval, so that the clients do not march in step.
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    /// Half of the operations are writes, each of a value of its own.
    fn choose_command(&self, effects: &mut Effects<'_>) -> Command {
        let key = Value::text(KEYS[effects.choose(KEYS.len() as u64) as usize]);
        let first = effects.config().observer().0 + 1;
        let clients = u64::from(first).abs_diff(effects.node_count() as u64).max(1);
        let value = Value::Int((self.serial * clients + u64::from(effects.me().0 - first) + 1) as i64);
        if effects.choose(2) == 0 { Command::Put { key, value } } else { Command::Get { key } }
    }
}
