//! The protocol: one node asks, the other answers.

use serde::Serialize;
use sim::{NodeId, Protocol, t};

use super::{A, B, Config, Effects, Message, Operation, Timer};

/// A node. What stands here is lost in a crash.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Node {
    /// How many pings it has sent.
    pub sent: u64,
    /// How many of its pings were answered.
    pub answered: u64,
    /// Whether an answer to the last ping is still to come.
    pub waits: bool,
}

impl Protocol for Node {
    type Config = Config;
    type Message = Message;
    type Timer = Timer;
    type Operation = Operation;
    /// Nothing is kept through a crash.
    type Disk = ();

    fn boot(_disk: &(), effects: &mut Effects<'_>) -> Node {
        let mut node = Node::default();
        if effects.me() == A {
            node.ping(effects);
        }
        node
    }

    fn on_message(&mut self, from: NodeId, message: Message, effects: &mut Effects<'_>) {
        match message {
            Message::Ping(number) => answer(from, number, effects),
            Message::Pong(number) => self.count(from, number, effects),
        }
    }

    fn on_timer(&mut self, Timer::Ping: Timer, effects: &mut Effects<'_>) {
        self.ping(effects);
    }

    fn on_operation(&mut self, Operation::Ping: Operation, effects: &mut Effects<'_>) {
        self.ping(effects);
    }
}

impl Node {
    /// Sends the next ping, and waits for the interval of its own clock.
    fn ping(&mut self, effects: &mut Effects<'_>) {
        self.sent += 1;
        self.waits = true;
        effects.send(B, Message::Ping(self.sent));
        effects.set_timer(Timer::Ping, effects.config().interval_us);
        effects.rule("ping");
        let (me, number) = (effects.me(), self.sent);
        effects.note(|| t!("{node} sends ping {number}", node = me, number = number));
        effects.routine("ping");
    }

    /// Takes an answer.
    fn count(&mut self, from: NodeId, number: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        let is_expected = self.waits && number == self.sent;
        if effects.config().rules.last_only && !is_expected {
            effects.rule("last_only");
            effects.note(|| t!("{node} ignores the answer of {other}", node = me, other = from));
            effects.note(|| t!("It does not wait for an answer to ping {number} any more.", number = number));
            return;
        }
        self.answered += 1;
        self.waits = self.waits && !is_expected;
        effects.note(|| t!("{node} hears that {other} is there", node = me, other = from));
        if !is_expected {
            effects.because(&["last_only"], || t!("It counts each answer once."));
        }
    }
}

fn answer(from: NodeId, number: u64, effects: &mut Effects<'_>) {
    effects.send(from, Message::Pong(number));
    effects.rule("pong");
    let me = effects.me();
    effects.note(|| t!("{node} answers ping {number} of {other}", node = me, number = number, other = from));
    effects.routine("pong");
}
