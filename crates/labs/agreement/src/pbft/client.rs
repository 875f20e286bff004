//! A client: one request at a time, and a result counts that f + 1 replicas have sent (the paper, section 4.1).

use std::collections::VecDeque;
use std::rc::Rc;

use parts::store::{ClientId, Command, Request};
use serde::Serialize;
use sim::history::{OperationId, Outcome, Value};
use sim::{NodeId, Text, t};

use super::{Effects, Message, Timer};
use crate::client;

/// A client. What it knows is lost when it crashes; it comes back as a new client.
#[derive(Clone, Debug, Serialize)]
pub struct Client {
    pub id: ClientId,
    /// The serial number of the latest request: its timestamp.
    pub serial: u64,
    /// The view that replies have told of.
    pub view: u64,
    pub open: Option<Open>,
    /// Commands for later.
    pub waiting: VecDeque<Command>,
    /// The latest command that was answered, with the answer.
    pub last: Option<(Command, Value)>,
}

/// A request that a client waits for.
#[derive(Clone, Debug, Serialize)]
pub struct Open {
    pub request: Rc<Request>,
    pub operation: OperationId,
    /// When it was sent last, by the clock that nobody sets.
    pub since_us: u64,
    /// What replicas have answered.
    pub replies: Vec<(NodeId, Value)>,
}

impl Client {
    pub(super) fn boot(effects: &mut Effects<'_>) -> Client {
        // A number that no earlier life had, all but certainly.
        let life = 1 + effects.choose(1 << 31);
        let client = Client {
            id: ClientId { node: effects.me(), life },
            serial: 0,
            view: 0,
            open: None,
            waiting: VecDeque::new(),
            last: None,
        };
        client.set_workload(effects);
        client
    }

    /// Somebody gives a command.
    pub(super) fn take(&mut self, command: Command, effects: &mut Effects<'_>) {
        if self.open.is_none() {
            self.begin(command, effects);
            return;
        }
        let me = effects.me();
        effects.note(|| t!("{node} keeps “{command}” for later", node = me, command = command.text()));
        effects.note(|| t!("It has one request open, and waits for its answer first."));
        self.waiting.push_back(command);
    }

    pub(super) fn on_timer(&mut self, timer: Timer, effects: &mut Effects<'_>) {
        match timer {
            Timer::Repeat => self.ask_all(effects),
            Timer::Workload => self.next(effects),
            Timer::View => {}
        }
    }

    fn next(&mut self, effects: &mut Effects<'_>) {
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

    /// There is no answer: it asks all replicas, unless it is too early for that.
    fn ask_all(&mut self, effects: &mut Effects<'_>) {
        let (me, now_us, repeat_us) = (effects.me(), effects.monotonic_now(), effects.config().repeat_us);
        let Some(open) = &mut self.open else { return };
        let due_us = open.since_us + repeat_us;
        if now_us < due_us {
            effects.set_timer(Timer::Repeat, due_us - now_us);
            effects.note(|| t!("{node} looks at its clock: it is not time yet", node = me));
            effects.routine("not time");
            return;
        }
        open.since_us = now_us;
        let command = open.request.command.text();
        effects.rule("client_retry");
        effects.note(|| {
            t!("{node} has no answer yet, and sends “{command}” to all replicas", node = me, command = command)
        });
        effects
            .note(|| t!("They will watch the primary, and pass it on. Its timestamp keeps it from being done twice."));
        for to in effects.config().all_replicas() {
            effects.send(to, Message::Request(Rc::clone(&open.request)));
        }
        effects.set_timer(Timer::Repeat, repeat_us);
    }

    pub(super) fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Message::Reply { view, client, serial, result } = message else { return };
        let is_open = (client, serial) == (self.id, self.serial) && effects.config().is_replica(from);
        let Some(open) = self.open.as_mut().filter(|_| is_open) else {
            effects.note(|| t!("{node} needs this answer of {replica} no more", node = me, replica = from));
            effects.routine("known answer");
            return;
        };
        open.replies.retain(|(replica, _)| *replica != from);
        open.replies.push((from, result.clone()));
        let same = open.replies.iter().filter(|(_, reply)| *reply == result).count();
        let differ = open.replies.len() - same;
        let needed = effects.config().one_honest() as usize;
        let is_enough = same >= needed || !effects.config().rules.f_plus_one;
        effects.rule("f_plus_one");
        if is_enough {
            self.view = self.view.max(view);
            self.finish(from, result, same >= needed, effects);
            return;
        }
        effects.note(|| {
            t!(
                "{replica} answers {node}: {result}",
                replica = from,
                node = me,
                result = told(&open.request.command, &result)
            )
        });
        effects.note(|| t!("Equal answers: {got} of {needed} needed.", got = same, needed = needed));
        if differ == 0 {
            effects.routine("answer");
        }
    }

    fn finish(&mut self, from: NodeId, result: Value, is_sure: bool, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(Open { request, operation, .. }) = self.open.take() else { return };
        let command = &request.command;
        let said = told(command, &result);
        match is_sure {
            true => effects.note(|| t!("{node} takes the answer: {result}", node = me, result = said)),
            false => effects
                .note(|| t!("{node} takes the word of {replica}: {result}", node = me, replica = from, result = said)),
        }
        effects.because(&["f_plus_one"], || {
            t!("More than f replicas have sent the same: one of them at least does not lie.")
        });
        effects.cancel_timer(Timer::Repeat);
        effects.complete(operation, Outcome::Ok(result.clone()));
        self.last = Some((command.clone(), result));
        if let Some(next) = self.waiting.pop_front() {
            self.begin(next, effects);
        }
    }

    fn begin(&mut self, command: Command, effects: &mut Effects<'_>) {
        let me = effects.me();
        let primary = effects.config().primary(self.view);
        self.serial += 1;
        let said = command.text();
        effects.rule("request");
        effects.note(|| {
            t!("{node} asks {primary}, the primary: “{command}”", node = me, primary = primary, command = said)
        });
        let operation = effects.invoke(command.key().clone(), command.call());
        let request = Rc::new(Request { client: self.id, serial: self.serial, command });
        effects.send(primary, Message::Request(Rc::clone(&request)));
        self.open = Some(Open { request, operation, since_us: effects.monotonic_now(), replies: Vec::new() });
        let repeat_us = effects.config().repeat_us;
        effects.set_timer(Timer::Repeat, repeat_us);
    }

    fn set_workload(&self, effects: &mut Effects<'_>) {
        client::set_workload(effects.config().workload_us, Timer::Workload, effects);
    }

    fn choose_command(&self, effects: &mut Effects<'_>) -> Command {
        let place = u64::from(self.id.node.0.saturating_sub(effects.config().replicas));
        client::choose_command(((self.serial + 1) * 2 + place) as i64, self.last.as_ref(), effects)
    }
}

/// What the answer to a command says: "x=3 is done", "x is 3".
pub fn told(command: &Command, result: &Value) -> Text {
    match (command, result) {
        (Command::Get { key }, value) => t!("{key} is {value}", key = key.to_string(), value = value.to_string()),
        (Command::CompareAndSet { .. }, Value::Bool(false)) => {
            t!("{command} changed nothing", command = command.text())
        }
        (_, Value::Nil | Value::Bool(true)) => t!("{command} is done", command = command.text()),
        (_, value) => t!("{command}: {value}", command = command.text(), value = value.to_string()),
    }
}
