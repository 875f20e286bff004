//! The time server: its clock is the true one.

use parts::words::exact;
use serde::Serialize;
use sim::map::Map;
use sim::{NodeId, t};

use super::{Effects, Message, Timer};

/// The state of the server: the questions that it has not answered yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TimeServer {
    pub asked: Map<NodeId, Asked>,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// When it left, by the asking node's clock, in microseconds.
    pub t1_us: i64,
    /// When it came, in microseconds.
    pub t2_us: i64,
}

impl TimeServer {
    /// A node asks for the time.
    pub(super) fn on_request(&mut self, from: NodeId, t1_us: i64, effects: &mut Effects<'_>) {
        let t2_us = effects.local_now();
        self.asked.insert(from, Asked { t1_us, t2_us });
        let (me, service_us) = (effects.me(), effects.config().service_us);
        effects.set_timer(Timer::Answer(from), service_us);
        effects.rule("offset");
        effects.note(|| t!("{server} is asked by {node}: T2 = {t2}", server = me, node = from, t2 = exact(t2_us)));
    }

    /// The answer is ready.
    pub(super) fn answer(&mut self, node: NodeId, effects: &mut Effects<'_>) {
        let (me, t3_us) = (effects.me(), effects.local_now());
        let Some(Asked { t1_us, t2_us }) = self.asked.remove(&node) else { return };
        effects.send(node, Message::Reply { t1_us, t2_us, t3_us });
        effects.rule("offset");
        effects.note(|| t!("{server} answers {node}: T3 = {t3}", server = me, node = node, t3 = exact(t3_us)));
        effects.note(|| {
            t!(
                "The question came at T2 = {t2}. What it says will be old when it arrives, and {server} cannot know how old",
                t2 = exact(t2_us),
                server = me
            )
        });
    }
}
