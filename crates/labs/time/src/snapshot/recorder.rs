//! Recording: the own state, and what belongs to the channels.

use std::rc::Rc;

use sim::{NodeId, t};

use super::application::Load;
use super::channel::Packet;
use super::initiator::REMEMBERED;
use super::lai_yang::is_red_for;
use super::letters::Body;
use super::recording::{Channel, Recording, SnapshotId};
use super::settings::Algorithm;
use super::{Effects, Process};

impl Process {
    /// Whether it has recorded its state for this snapshot, or begun to.
    pub(super) fn has_begun(&self, id: SnapshotId) -> bool {
        self.finished[id.initiator.index()].has(id.number.into())
            || self.recordings.iter().any(|recording| recording.id == id)
    }

    /// What it shows of snapshots: the last one that it takes part in, or has done its part of.
    pub fn newest(&self) -> Option<&Recording> {
        self.recordings.last().or(self.done.back().map(|done| &**done))
    }

    /// Records its own state, and notes what it has sent and taken.
    pub(super) fn record(&mut self, id: SnapshotId, at_us: Option<i64>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let config = effects.config();
        let has_channels = config.algorithm != Algorithm::Together;
        let channel = |from: NodeId| (has_channels && config.has_channel(from, me)).then(Channel::default);
        self.recordings.push(Recording {
            id,
            holding: None,
            sent: Vec::new(),
            taken: Vec::new(),
            channels: config.nodes().map(channel).collect(),
            at_us,
        });
        self.record_state(id);
    }

    pub(super) fn record_state(&mut self, id: SnapshotId) {
        let sent = self.out.iter().map(|out| out.last).collect();
        let taken = self.incoming.iter().map(|incoming| incoming.taken.clone()).collect();
        let Some(recording) = self.recordings.iter_mut().find(|recording| recording.id == id) else { return };
        (recording.holding, recording.sent, recording.taken) = (Some(self.holding), sent, taken);
    }

    /// What came after a recording may belong to the channel. Returns whether there is something to tell.
    pub(super) fn remember(&mut self, from: NodeId, packet: &Packet, load: Load, effects: &mut Effects<'_>) -> bool {
        let (algorithm, rules) = (effects.config().algorithm, effects.config().rules);
        let (mut recorded, mut is_told) = (None, !self.recordings.is_empty());
        for recording in &mut self.recordings {
            let (id, at_us) = (recording.id, recording.at_us);
            let is_recorded = recording.holding.is_some();
            let Some(channel) = recording.channels[from.index()].as_mut().filter(|_| is_recorded) else { continue };
            let belongs = match algorithm {
                Algorithm::Markers => !channel.is_closed || !rules.close_channel,
                Algorithm::Clock => !channel.is_closed && at_us.is_some_and(|at_us| packet.sent_us < at_us),
                Algorithm::LaiYang => !is_red_for(packet, id),
                Algorithm::Together => false,
            };
            if !belongs {
                continue;
            }
            if channel.is_closed {
                effects.rule("close_channel");
            }
            effects.rule("record_channels");
            is_told = true;
            if rules.record_channels {
                channel.loads.push((packet.number, load));
                recorded = recorded.or(Some((id, channel.is_closed)));
            }
        }
        let me = effects.me();
        match recorded {
            Some((id, false)) => {
                let belongs = || {
                    t!(
                        "{node} had recorded its state before, and {from} had not when it sent this: in {snapshot} it is under way, in the channel.",
                        node = me,
                        from = from,
                        snapshot = id.text()
                    )
                };
                match algorithm {
                    Algorithm::Markers => effects.because(&["fifo", "marker_first", "record_first"], belongs),
                    Algorithm::Clock => effects.note(|| {
                        t!(
                            "By the clock of {from} it was sent before the moment of {snapshot}: so it counts as under way.",
                            from = from,
                            snapshot = id.text()
                        )
                    }),
                    _ => effects.note(belongs),
                }
            }
            Some((id, true)) => effects.note(|| {
                t!(
                    "The marker of {snapshot} has come on this channel before, and this is recorded all the same.",
                    snapshot = id.text()
                )
            }),
            None => {}
        }
        is_told
    }

    pub(super) fn close(&mut self, id: SnapshotId, from: NodeId) {
        let recording = self.recordings.iter_mut().find(|recording| recording.id == id);
        if let Some(channel) = recording.and_then(|recording| recording.channels[from.index()].as_mut()) {
            channel.is_closed = true;
        }
    }

    /// What is done goes to the one that began.
    pub(super) fn finish(&mut self, effects: &mut Effects<'_>) {
        while let Some(place) = self.recordings.iter().position(Recording::is_done) {
            let part = Rc::new(self.recordings.remove(place));
            let id = part.id;
            self.finished[id.initiator.index()].add(id.number.into());
            self.done.push_back(part.clone());
            if self.done.len() > REMEMBERED {
                self.done.pop_front();
            }
            if id.initiator == effects.me() {
                self.collect(effects.me(), part, effects);
            } else {
                self.write_letter(id.initiator, Body::Part(part), effects);
            }
        }
    }
}
