//! A client: one operation at a time. It merges siblings, and writes back with the context of what it has read
//! (Dynamo, sections 4.4 and 4.5).

use std::collections::VecDeque;

use serde::Serialize;
use sim::history::{Call, OperationId, Outcome, Value as Data};
use sim::{Map, NodeId, Text, t};

use super::message::{Answer, Command, Message};
use super::server::Suspects;
use super::settings::Coordinator;
use super::version::{Dot, Key, Siblings, VectorClock, add, context, items_text, siblings_text, union};
use super::{Disk, Effects, Operation, Timer, Wish};

/// A client. It keeps the number of its operations on disk, so that no two of its puts are taken for one.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    /// The number of the latest operation.
    pub serial: u64,
    /// The operation that it waits for.
    pub open: Option<Open>,
    /// Operations for later.
    waiting: VecDeque<Operation>,
    /// What it knows of each key.
    pub known: Map<Key, Known>,
    /// The latest operation that has ended, with its answer; without one if it gave up.
    pub last: Option<(Open, Option<Answer>)>,
    silent: Suspects,
    /// How many operations it has begun by itself.
    begun: u64,
}

/// What a client has learnt of a key by its latest get or put.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Known {
    /// All items of all versions.
    pub items: Vec<Key>,
    /// The context for the next put.
    pub context: VectorClock,
    /// The puts that made the versions.
    pub puts: Vec<Dot>,
}

/// An operation that a client waits for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    pub serial: u64,
    pub key: Key,
    pub command: Command,
    /// For a put: the puts whose versions the client had seen.
    pub based_on: Vec<Dot>,
    pub operation: OperationId,
    pub client: NodeId,
    /// The coordinator.
    pub server: NodeId,
}

impl Open {
    /// The put, as the versions that it makes name it.
    pub fn put(&self) -> Dot {
        Dot { node: self.client, count: self.serial }
    }
}

/// The keys of the automatic workload.
const KEYS: [&str; 2] = ["x", "y"];

impl Client {
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Client {
        let client = Client {
            serial: disk.operations,
            open: None,
            waiting: VecDeque::new(),
            known: Map::default(),
            last: None,
            silent: Suspects::default(),
            begun: 0,
        };
        client.set_workload(effects);
        client
    }

    pub(super) fn on_operation(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        if self.open.is_some() {
            let (me, key) = (effects.me(), operation.key.to_string());
            effects.note(|| t!("{node} keeps this operation on {key} for later", node = me, key = key));
            effects.note(|| t!("It waits for the answer to another one first."));
            self.waiting.push_back(operation);
        } else {
            self.begin(operation, effects);
        }
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        let me = effects.me();
        match timer {
            Timer::Workload if self.open.is_some() => {
                self.set_workload(effects);
                effects.note(|| t!("{node} still waits for an answer", node = me));
                effects.routine("waits");
            }
            Timer::Workload => {
                self.begun += 1;
                self.set_workload(effects);
                let operation = self.choose_operation(effects);
                self.begin(operation, effects);
            }
            Timer::GiveUp => {
                if let Some(open) = &self.open {
                    let server = open.server;
                    self.silent.add(server, effects.local_now());
                    effects.note(|| t!("{node} gives up: {server} does not answer", node = me, server = server));
                    effects.note(|| t!("A put may have taken place or not; {node} cannot know.", node = me));
                    self.end(None, effects);
                }
            }
            _ => {}
        }
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        self.silent.clear(from);
        let me = effects.me();
        match (message, &self.open) {
            (Message::Answer { serial, answer }, Some(open)) if serial == open.serial => {
                tell_of_answer(open, &answer, effects);
                self.learn(&answer);
                self.end(Some(answer), effects);
            }
            _ => effects.note(|| t!("{node} has given up waiting for this answer", node = me)),
        }
    }

    /// Remembers what an answer says about the key.
    fn learn(&mut self, answer: &Answer) {
        let Some(open) = &self.open else { return };
        let known = match (answer, &open.command) {
            (Answer::Found { versions, .. }, _) => Known {
                items: union(versions),
                context: context(versions),
                puts: versions.iter().map(|version| version.put).collect(),
            },
            // Its next put follows this one.
            (Answer::Written { clock, .. }, Command::Put { items, .. }) => {
                Known { items: items.clone(), context: clock.clone(), puts: vec![open.put()] }
            }
            _ => return,
        };
        let key = open.key.clone();
        self.known.insert(key, known);
    }

    /// Ends the open operation and begins the next one, if there is one.
    fn end(&mut self, answer: Option<Answer>, effects: &mut Effects<'_>) {
        let Some(open) = self.open.take() else { return };
        effects.cancel_timer(Timer::GiveUp);
        let outcome = match (&answer, &open.command) {
            (Some(Answer::Found { versions, .. }), _) => Outcome::Ok(found_data(versions)),
            (Some(Answer::Written { .. }), _) => Outcome::Ok(Data::Nil),
            (_, Command::Get) => Outcome::Failed,
            // Some replicas may have written it, and will pass it on.
            (_, Command::Put { .. }) => Outcome::Unknown,
        };
        effects.complete(open.operation, outcome);
        self.last = Some((open, answer));
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    fn begin(&mut self, operation: Operation, effects: &mut Effects<'_>) {
        let Operation { key, wish, through } = operation;
        let me = effects.me();
        let known = self.known.get(&key).cloned().unwrap_or_default();
        let is_merge = known.puts.len() > 1;
        let written = match wish {
            Wish::Get => None,
            Wish::Put(items) => Some(items),
            Wish::Merge => Some(known.items.clone()),
            Wish::Add(item) => {
                let mut items = known.items.clone();
                add(&mut items, item);
                Some(items)
            }
        };
        let server = through.unwrap_or_else(|| self.choose_server(&key, effects));
        let (command, call, based_on) = match written {
            None => (Command::Get, Call::Get, Vec::new()),
            Some(items) => {
                let call = Call::Put(Data::text(&items.join(" ")));
                (Command::Put { items, context: known.context }, call, known.puts)
            }
        };
        self.serial += 1;
        effects.persist(Disk { operations: self.serial, ..Disk::default() });
        let name = key.to_string();
        effects.note(|| match &command {
            Command::Get => t!("{node} gets {key} through {server}", node = me, key = name, server = server),
            Command::Put { items, .. } => t!(
                "{node} puts {key} = {items} through {server}",
                node = me,
                key = name,
                items = items_text(items),
                server = server
            ),
        });
        if let (Command::Put { context, .. }, true) = (&command, is_merge) {
            effects.rule("merge");
            effects.because(&["context"], || {
                t!("It has merged the siblings; the context {context} covers them all.", context = context.text())
            });
        } else if let Command::Put { context, .. } = &command {
            effects.note(|| t!("The context {context} says what it has seen.", context = context.text()));
        }
        let operation = effects.invoke(Data::text(&key), call);
        let (serial, give_up_us) = (self.serial, effects.config().give_up_us);
        effects.send(server, Message::Request { serial, key: key.clone(), command: command.clone() });
        effects.set_timer(Timer::GiveUp, give_up_us);
        self.open = Some(Open { serial, key, command, based_on, operation, server, client: me });
    }

    /// A coordinator that has not been silent lately.
    fn choose_server(&self, key: &str, effects: &mut Effects<'_>) -> NodeId {
        let (config, now_us) = (effects.config(), effects.local_now());
        let list = config.preference_list(key);
        let favourites = match config.coordinator {
            Coordinator::Replica => config.n.into(),
            Coordinator::Any => list.len(),
        };
        let healthy = |nodes: &[NodeId]| -> Vec<NodeId> {
            nodes.iter().copied().filter(|node| !self.silent.contains(*node, now_us)).collect()
        };
        let choices = [healthy(&list[..favourites]), healthy(&list)].into_iter().find(|nodes| !nodes.is_empty());
        let choices = choices.unwrap_or(list);
        choices[effects.choose(choices.len() as u64) as usize]
    }

    fn set_workload(&self, effects: &mut Effects<'_>) {
        let (workload_us, operations) = (effects.config().workload_us, effects.config().operations);
        if workload_us > 0 && (operations == 0 || self.begun < operations) {
            // Between half and one and a half times the interval, so that the clients do not march in step.
            let after_us = workload_us / 2 + effects.choose(workload_us + 1);
            effects.set_timer(Timer::Workload, after_us);
        }
    }

    /// Who has found siblings merges them; else half of the operations are puts, each of an item of its own.
    fn choose_operation(&self, effects: &mut Effects<'_>) -> Operation {
        let key: Key = KEYS[effects.choose(KEYS.len() as u64) as usize].into();
        let is_put = effects.choose(2) == 0;
        let letter = char::from(b'a' + (effects.me().0.saturating_sub(effects.config().servers) % 26) as u8);
        let wish = match self.known.get(&key) {
            Some(known) if known.puts.len() > 1 => Wish::Merge,
            _ if is_put => Wish::Put(vec![format!("{letter}{}", self.serial + 1).into()]),
            _ => Wish::Get,
        };
        Operation { key, wish, through: None }
    }
}

fn tell_of_answer(open: &Open, answer: &Answer, effects: &mut Effects<'_>) {
    let (me, key) = (effects.me(), open.key.to_string());
    effects.note(|| match answer {
        Answer::Found { versions, .. } => {
            t!("{node} reads {key}: {versions}", node = me, key = key, versions = siblings_text(versions))
        }
        Answer::Written { .. } => t!("{node} learns that its put of {key} is done", node = me, key = key),
        Answer::Refused { .. } => t!("{node} learns that its operation on {key} has failed", node = me, key = key),
    });
    match answer {
        Answer::Found { versions, .. } if versions.len() > 1 => {
            effects.rule("siblings");
            effects.note(|| t!("These are siblings: nobody can say which is newer. The client has to merge them."));
        }
        Answer::Refused { answered, needed } => {
            let (answered, needed) = (*answered, *needed);
            effects.rule("unavailable");
            effects.note(|| t!("Only {answered} of {needed} answered in time.", answered = answered, needed = needed));
        }
        _ => {}
    }
}

/// What was found, for the history: nothing, an object, or a list of siblings.
fn found_data(versions: &Siblings) -> Data {
    let object = |items: &[Key]| Data::text(&items.join(" "));
    match versions.as_slice() {
        [] => Data::Nil,
        [version] => object(&version.items),
        siblings => Data::list(siblings.iter().map(|version| object(&version.items))),
    }
}

/// A command in few words.
pub fn command_text(key: &str, command: &Command) -> Text {
    let key = key.to_string();
    match command {
        Command::Get => t!("get {key}", key = key),
        Command::Put { items, .. } => t!("put {key}={items}", key = key, items = items_text(items)),
    }
}
