//! Snapshots by the clock: all agree on a moment, and record when their own clocks show it.

use sim::{NodeId, t};

use super::recording::SnapshotId;
use super::{Effects, Process, Timer};

/// Snapshots by the clock are agreed on so long before, in microseconds.
pub(super) const LEAD_US: i64 = 50_000;

impl Process {
    /// What its own clock shows: that of B may be behind.
    pub fn clock(effects: &Effects<'_>) -> i64 {
        let error_us = if effects.me() == NodeId(1) { effects.config().clock_error_us } else { 0 };
        effects.local_now().saturating_sub(error_us)
    }

    pub(super) fn wait_for_appointment(&self, effects: &mut Effects<'_>) {
        if let Some(first_us) = self.appointments.iter().map(|(_, at_us)| *at_us).min() {
            let after_us = first_us.saturating_sub(Process::clock(effects)).max(0);
            effects.set_timer(Timer::Appointment, after_us.unsigned_abs());
        }
    }

    /// By the clock: records what is due, before anything else happens here.
    pub(super) fn keep_appointments(&mut self, effects: &mut Effects<'_>) {
        if self.appointments.is_empty() {
            return;
        }
        let (me, now_us) = (effects.me(), Process::clock(effects));
        while let Some(place) = self.appointments.iter().position(|(_, at_us)| *at_us <= now_us) {
            let (id, at_us) = self.appointments.remove(place);
            let now = self.holding.text();
            effects.note(|| {
                t!(
                    "The clock of {node} shows the moment of {snapshot}: it records its state, {now}",
                    node = me,
                    snapshot = id.text(),
                    now = now
                )
            });
            self.record(id, Some(at_us), effects);
            self.put_markers(id, effects);
            let (early, others) = self.early_markers.iter().partition(|(of, _)| *of == id);
            self.early_markers = others;
            let early: Vec<(SnapshotId, NodeId)> = early;
            for (_, from) in early {
                self.close(id, from);
            }
            self.finish(effects);
        }
    }

    /// By the clock: a timer ran out, perhaps early.
    pub(super) fn look_at_the_clock(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if !self.appointments.is_empty() {
            self.wait_for_appointment(effects);
            effects.note(|| t!("{node} looks at its clock", node = me));
        }
    }

    /// By the clock: what its sender sent before the agreed moment has all come.
    pub(super) fn on_closing_marker(&mut self, from: NodeId, id: SnapshotId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.note(|| {
            t!(
                "{node} hears from {from} that all has been sent which was sent before the moment of {snapshot}",
                node = me,
                from = from,
                snapshot = id.text()
            )
        });
        if self.has_begun(id) {
            self.close(id, from);
            self.finish(effects);
        } else if !self.early_markers.contains(&(id, from)) {
            effects.note(|| t!("By the clock of {node} that moment is still to come.", node = me));
            self.early_markers.push((id, from));
        }
    }
}
