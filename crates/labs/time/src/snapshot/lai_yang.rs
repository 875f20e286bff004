//! White and red messages, counted (Lai and Yang 1987; Mattern 1993).

use sim::{NodeId, t};

use super::channel::Packet;
use super::letters::Body;
use super::recording::SnapshotId;
use super::{Effects, Process};

impl Process {
    /// Lai and Yang: records, and says to all how many messages it had sent them.
    pub(super) fn record_and_count(&mut self, id: SnapshotId, effects: &mut Effects<'_>) {
        self.record(id, None, effects);
        let red = &mut self.red[id.initiator.index()];
        *red = (*red).max(id.number);
        effects.rule("count_white");
        let others: Vec<NodeId> = effects.config().outgoing(effects.me()).collect();
        for to in others {
            let sent = self.out[to.index()].last;
            self.write_letter(to, Body::White(id, sent), effects);
        }
        effects.note(|| t!("From now on its messages are red, and it says how many white ones it has sent."));
        self.close_counted(effects);
    }

    /// Lai and Yang: nobody takes a message of somebody who has recorded without having recorded.
    pub(super) fn record_before_red(&mut self, from: NodeId, packet: &Packet, effects: &mut Effects<'_>) {
        for place in 0..packet.red.len() {
            while self.red[place] < packet.red[place] {
                let id = SnapshotId { initiator: NodeId::at(place), number: self.red[place] + 1 };
                let (me, now) = (effects.me(), self.holding.text());
                effects.rule("red_first");
                effects.note(|| {
                    t!(
                        "A red message of {from} comes to {node}, which first records its state, {now}, for {snapshot}",
                        from = from,
                        node = me,
                        now = now,
                        snapshot = id.text()
                    )
                });
                self.record_and_count(id, effects);
            }
        }
    }

    /// Lai and Yang: a channel is recorded when all white messages have come.
    pub(super) fn close_counted(&mut self, effects: &mut Effects<'_>) {
        for recording in &mut self.recordings {
            for (channel, incoming) in recording.channels.iter_mut().zip(&self.incoming) {
                if let Some(channel) = channel {
                    channel.is_closed = channel.due.is_some_and(|due| incoming.taken.upto >= due);
                }
            }
        }
        self.finish(effects);
    }

    /// Lai and Yang: a process says how many white messages it has sent.
    pub(super) fn on_count(&mut self, from: NodeId, id: SnapshotId, sent: u64, effects: &mut Effects<'_>) {
        let me = effects.me();
        while self.red[id.initiator.index()] < id.number {
            let next = SnapshotId { number: self.red[id.initiator.index()] + 1, ..id };
            let now = self.holding.text();
            effects.rule("red_first");
            effects.note(|| {
                t!(
                    "{node} hears from {from} of snapshot {snapshot}, and records its state, {now}",
                    node = me,
                    from = from,
                    snapshot = next.text(),
                    now = now
                )
            });
            self.record_and_count(next, effects);
        }
        let taken = self.incoming[from.index()].taken.count().min(sent);
        effects.rule("count_white");
        effects.note(|| {
            t!(
                "Before {snapshot}, messages from {from} to {node}: {sent}; of these have come: {taken}",
                snapshot = id.text(),
                from = from,
                node = me,
                sent = sent,
                taken = taken
            )
        });
        let recording = self.recordings.iter_mut().find(|recording| recording.id == id);
        if let Some(channel) = recording.and_then(|recording| recording.channels[from.index()].as_mut()) {
            channel.due = Some(sent);
        }
        self.close_counted(effects);
    }
}

/// Lai and Yang: whether the sender of a message had recorded for this snapshot.
pub(super) fn is_red_for(packet: &Packet, id: SnapshotId) -> bool {
    packet.red.get(id.initiator.index()).is_some_and(|red| *red >= id.number)
}
