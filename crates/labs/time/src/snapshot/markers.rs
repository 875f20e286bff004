//! Markers (Chandy and Lamport 1985, section 3.2).

use sim::{NodeId, t};

use super::application::list;
use super::channel::Content;
use super::recording::SnapshotId;
use super::settings::Algorithm;
use super::{Effects, Process, Timer};

impl Process {
    /// Sends a marker down each channel (section 3.2, marker-sending rule). Returns to how many.
    pub(super) fn put_markers(&mut self, id: SnapshotId, effects: &mut Effects<'_>) -> usize {
        let others: Vec<NodeId> = effects.config().outgoing(effects.me()).collect();
        let goes_first = effects.config().rules.marker_first || effects.config().algorithm != Algorithm::Markers;
        if effects.config().algorithm == Algorithm::Markers {
            effects.rule("marker_first");
        }
        for to in &others {
            if goes_first {
                self.markers += 1;
                self.put(*to, Content::Marker(id), effects);
                continue;
            }
            let out = &mut self.out[to.index()];
            out.late.push(id);
            // It goes with the next repetition, and one is due though nothing waits.
            let resend_us = effects.config().resend_us;
            effects.set_timer(Timer::Repeat(*to), resend_us);
        }
        others.len()
    }

    /// Markers: the process takes part from now on. `first` is the channel of the marker that it has heard of it by.
    pub(super) fn begin(&mut self, id: SnapshotId, first: Option<NodeId>, effects: &mut Effects<'_>) {
        self.record(id, None, effects);
        effects.rule("record_first");
        if !effects.config().rules.record_first
            && let Some(recording) = self.recordings.last_mut()
        {
            recording.holding = None;
        }
        let markers = self.put_markers(id, effects);
        if let Some(from) = first {
            self.close(id, from);
        }
        self.record_last(id, effects);
        effects.because(&["marker_first"], || match markers {
            1 => t!("Before any further message, a marker goes down its channel."),
            count => t!("Before any further message, a marker goes down each of its {count} channels.", count = count),
        });
        self.finish(effects);
    }

    /// Where states need not be recorded first, they are when all markers are in.
    fn record_last(&mut self, id: SnapshotId, effects: &mut Effects<'_>) {
        let waits = self.recordings.iter().find(|recording| recording.id == id && recording.holding.is_none());
        let is_due =
            waits.is_some_and(|recording| recording.channels.iter().flatten().all(|channel| channel.is_closed));
        if is_due {
            effects.rule("record_first");
            self.record_state(id);
        }
    }

    /// A marker comes (section 3.2, marker-receiving rule).
    pub(super) fn on_marker(&mut self, from: NodeId, id: SnapshotId, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.has_begun(id) {
            let (now, records) = (self.holding.text(), effects.config().rules.record_first);
            effects.note(|| match records {
                true => t!(
                    "The marker of {snapshot} comes to {node} from {from}: {node} records its state, {now}, and the channel as empty",
                    snapshot = id.text(),
                    node = me,
                    from = from,
                    now = now
                ),
                false => t!("The marker of {snapshot} comes to {node} from {from}: {node} passes it on, and records its state later", snapshot = id.text(), node = me, from = from),
            });
            self.begin(id, Some(from), effects);
            return;
        }
        self.close(id, from);
        let recording = self.recordings.iter().find(|recording| recording.id == id);
        let Some(recording) = recording else {
            effects.note(|| t!("A marker of {snapshot} comes to {node} again", snapshot = id.text(), node = me));
            return;
        };
        let (closed, all) = recording.progress();
        let loads =
            recording.channels[from.index()].iter().flat_map(|channel| channel.loads.iter().map(|(_, load)| *load));
        let content = list(loads);
        effects.rule("close_channel");
        effects.note(|| match content {
            Some(loads) => t!(
                "The marker of {snapshot} comes to {node} from {from}: recorded as under way on this channel is {loads}",
                snapshot = id.text(),
                node = me,
                from = from,
                loads = loads
            ),
            None => t!(
                "The marker of {snapshot} comes to {node} from {from}: nothing is recorded as under way on this channel",
                snapshot = id.text(),
                node = me,
                from = from
            ),
        });
        self.record_last(id, effects);
        // Where that makes the snapshot complete, this is what is told.
        let completes = self.collections.iter().any(|collection| {
            collection.id == id && collection.parts.iter().filter(|part| part.is_none()).count() == 1
        });
        if closed == all {
            effects.rule("termination");
        }
        match (closed == all, id.initiator == me) {
            (true, true) if completes => {}
            (true, true) => effects.note(|| t!("That was its last marker: {node} has done its part.", node = me)),
            (true, false) => effects.note(|| {
                t!(
                    "That was its last marker: {node} has done its part, and sends it to {initiator}.",
                    node = me,
                    initiator = id.initiator
                )
            }),
            _ => effects.note(|| {
                t!("Markers that have come to {node}: {closed} of {all}.", node = me, closed = closed, all = all)
            }),
        }
        self.finish(effects);
    }
}
