//! The process that begins a snapshot, and puts its parts together.

use std::rc::Rc;

use sim::{NodeId, t};

use super::application::expected;
use super::appointments::LEAD_US;
use super::letters::Body;
use super::recording::{Collection, Complete, Recording, SnapshotId};
use super::settings::Algorithm;
use super::{Effects, Process, Timer};

/// Nobody starts a snapshot by itself while it knows of so many that are open.
const MOST_BY_THEMSELVES: usize = 3;

/// Nobody starts one by hand while so many are open.
const MOST_OPEN: usize = 6;

/// How many parts and snapshots a process remembers.
pub(super) const REMEMBERED: usize = 3;

impl Process {
    /// The snapshots that it knows to be open.
    fn open(&self) -> usize {
        let others = self.recordings.iter().filter(|recording| !self.collects(recording.id)).count();
        others + self.collections.len()
    }

    fn collects(&self, id: SnapshotId) -> bool {
        self.collections.iter().any(|collection| collection.id == id)
    }

    /// Its turn has come to start one.
    pub(super) fn start_by_itself(&mut self, effects: &mut Effects<'_>) {
        let (me, every_us) = (effects.me(), effects.config().snapshot_us * effects.node_count() as u64);
        if every_us > 0 {
            effects.set_timer(Timer::Snapshot, every_us);
        }
        if self.open() < MOST_BY_THEMSELVES {
            self.start(effects);
        } else {
            effects.note(|| t!("{node} starts no snapshot: three are open", node = me));
        }
    }

    /// Starts a snapshot.
    pub(super) fn start(&mut self, effects: &mut Effects<'_>) {
        let me = effects.me();
        if self.open() >= MOST_OPEN {
            effects.note(|| t!("{node} starts no snapshot: there are enough that are not complete", node = me));
            return;
        }
        self.started += 1;
        let id = SnapshotId { initiator: me, number: self.started };
        self.collections.push(Collection { id, parts: vec![None; effects.node_count()] });
        let others: Vec<NodeId> = effects.config().nodes().filter(|other| *other != me).collect();
        let (now, algorithm) = (self.holding.text(), effects.config().algorithm);
        match algorithm {
            Algorithm::Markers => {
                if effects.config().rules.record_first {
                    effects.note(|| {
                        t!(
                            "{node} starts snapshot {snapshot}: it records its own state, {now}",
                            node = me,
                            snapshot = id.text(),
                            now = now
                        )
                    });
                } else {
                    effects.note(|| {
                        t!(
                            "{node} starts snapshot {snapshot}, and records its state later",
                            node = me,
                            snapshot = id.text()
                        )
                    });
                }
                self.begin(id, None, effects);
            }
            Algorithm::LaiYang => {
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: it records its own state, {now}",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                self.record_and_count(id, effects);
            }
            Algorithm::Together => {
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: it records {now}, and tells all others to record theirs",
                        node = me,
                        snapshot = id.text(),
                        now = now
                    )
                });
                for to in others {
                    self.write_letter(to, Body::Record(id), effects);
                }
                self.record(id, None, effects);
                self.finish(effects);
            }
            Algorithm::Clock => {
                let at_us = Process::clock(effects) + LEAD_US;
                effects.note(|| {
                    t!(
                        "{node} starts snapshot {snapshot}: all are to record when their clocks show {time}",
                        node = me,
                        snapshot = id.text(),
                        time = sim::time_us(at_us.unsigned_abs())
                    )
                });
                for to in others {
                    self.write_letter(to, Body::Appointment(id, at_us), effects);
                }
                self.appointments.push((id, at_us));
                self.wait_for_appointment(effects);
            }
        }
    }

    /// A part of one of its snapshots is there.
    pub(super) fn collect(&mut self, from: NodeId, part: Rc<Recording>, effects: &mut Effects<'_>) {
        let me = effects.me();
        let Some(place) = self.collections.iter().position(|collection| collection.id == part.id) else {
            effects.routine("twice");
            effects.note(|| t!("{node} has this part of {from} already", node = me, from = from));
            return;
        };
        let collection = &mut self.collections[place];
        collection.parts[from.index()] = Some(part);
        let parts: Vec<Rc<Recording>> = collection.parts.iter().flatten().cloned().collect();
        let (id, have, all) = (collection.id, parts.len(), collection.parts.len());
        if have < all {
            effects.note(|| {
                t!(
                    "{node} has {have} of {all} parts of snapshot {snapshot}",
                    node = me,
                    have = have,
                    all = all,
                    snapshot = id.text()
                )
            });
            return;
        }
        self.collections.remove(place);
        let complete = Rc::new(Complete { id, parts });
        let (total, expected) = (complete.total(), expected(effects.config()));
        let algorithm = effects.config().algorithm;
        self.complete.push_back(complete);
        self.completed += 1;
        if self.complete.len() > REMEMBERED {
            self.complete.pop_front();
        }
        effects.note(|| match expected {
            Some(expected) => t!(
                "Snapshot {snapshot} is complete: {total} of {expected}",
                snapshot = id.text(),
                total = total,
                expected = expected
            ),
            None if total == 0 && algorithm == Algorithm::Together => {
                t!(
                    "Snapshot {snapshot} is complete: all were idle, and nobody looked at what was under way",
                    snapshot = id.text()
                )
            }
            None if total == 0 => {
                t!("Snapshot {snapshot} is complete: all are idle, and nothing is under way", snapshot = id.text())
            }
            None => t!("Snapshot {snapshot} is complete: there is work", snapshot = id.text()),
        });
    }
}
