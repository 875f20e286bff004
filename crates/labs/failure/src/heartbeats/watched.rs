//! The node that is watched: it sends heartbeats, and knows nothing of what others think of it.

use serde::Serialize;
use sim::{NodeId, t};

use super::{Beat, Disk, Effects, Timer};

/// The state of the watched node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watched {
    /// The last heartbeat that it sent.
    pub last: Beat,
}

impl Watched {
    /// Starts it: each start is a life of its own, so that its heartbeats are newer than all before.
    pub(super) fn boot(disk: &Disk, effects: &mut Effects<'_>) -> Watched {
        let life = disk.lives + 1;
        effects.persist(Disk { lives: life });
        let mut watched = Watched { last: Beat { life, number: 0 } };
        watched.beat(effects);
        watched
    }

    /// Sends a heartbeat to all, and waits for the next interval of its own clock.
    pub(super) fn beat(&mut self, effects: &mut Effects<'_>) {
        self.last.number += 1;
        for watcher in 1..effects.node_count() {
            effects.send(NodeId::at(watcher), self.last);
        }
        let interval_us = effects.config().interval_us;
        effects.set_timer(Timer::Beat, interval_us);
        let (me, number) = (effects.me(), self.last.number);
        effects.rule("send");
        effects.note(|| t!("{node} sends heartbeat {number}", node = me, number = number));
        effects.routine("send");
    }
}
