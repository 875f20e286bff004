//! A process: what it has, and what is on its disk.

use std::collections::VecDeque;
use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, t};

use super::application::Holding;
use super::channel::{Incoming, Outgoing};
use super::letters::Letter;
use super::numbers::Numbers;
use super::recording::{Collection, Complete, Recording, SnapshotId};
use super::{Effects, Timer};

/// The state of a process. All of it is on its disk before anything is sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Process {
    pub holding: Holding,
    /// How often it has lost the token.
    pub lost: u64,
    /// The channels to and from each process.
    pub out: Vec<Outgoing>,
    pub incoming: Vec<Incoming>,
    /// The snapshots that it takes part in and has not done its part of, the oldest first.
    pub recordings: Vec<Recording>,
    /// Its last finished parts, the oldest first.
    pub done: VecDeque<Rc<Recording>>,
    /// The snapshots of each process that it has done its part of.
    pub finished: Vec<Numbers>,
    /// How many snapshots it has started.
    pub started: u32,
    /// Those of them that are not complete.
    pub collections: Vec<Collection>,
    /// Its last complete ones, the oldest first.
    pub complete: VecDeque<Rc<Complete>>,
    /// How many are complete.
    pub completed: u64,
    /// Letters that are not acknowledged.
    pub letters: Vec<Letter>,
    /// How many letters it has written.
    pub written: u64,
    /// How many markers it has sent, repeats not counted.
    pub markers: u64,
    /// Lai and Yang: how many snapshots of each process it has recorded.
    pub red: Vec<u32>,
    /// By the clock: what is agreed on, and when.
    pub appointments: Vec<(SnapshotId, i64)>,
    /// By the clock: markers of snapshots that are still to be recorded here.
    pub early_markers: Vec<(SnapshotId, NodeId)>,
}

impl Process {
    /// A process at the start of the run.
    pub(super) fn new(effects: &mut Effects<'_>) -> Process {
        let nodes = effects.node_count();
        let process = Process {
            holding: Holding::first(effects.config().application, effects.me()),
            lost: 0,
            out: vec![Outgoing::default(); nodes],
            incoming: vec![Incoming::default(); nodes],
            recordings: Vec::new(),
            done: VecDeque::new(),
            finished: vec![Numbers::default(); nodes],
            started: 0,
            collections: Vec::new(),
            complete: VecDeque::new(),
            completed: 0,
            letters: Vec::new(),
            written: 0,
            markers: 0,
            red: vec![0; nodes],
            appointments: Vec::new(),
            early_markers: Vec::new(),
        };
        process.set_timers(effects);
        process.write(effects);
        process
    }

    /// A process that comes back from its disk: a crash is a long pause.
    pub(super) fn restarted(disk: &Process, effects: &mut Effects<'_>) -> Process {
        let process = disk.clone();
        process.set_timers(effects);
        effects.note(|| t!("All that it had was on its disk: it goes on as after a pause."));
        process
    }

    fn set_timers(&self, effects: &mut Effects<'_>) {
        let (me, resend_us, snapshot_us) = (effects.me(), effects.config().resend_us, effects.config().snapshot_us);
        self.wait_to_act(effects);
        if snapshot_us > 0 {
            effects.set_timer(Timer::Snapshot, snapshot_us * (u64::from(me.0) + 1));
        }
        for to in effects.config().nodes() {
            if !self.out[to.index()].waiting.is_empty() || !self.out[to.index()].late.is_empty() {
                effects.set_timer(Timer::Repeat(to), resend_us);
            }
        }
        if !self.letters.is_empty() {
            effects.set_timer(Timer::Letters, resend_us);
        }
        self.wait_for_appointment(effects);
    }

    /// Writes all to the disk.
    pub(super) fn write(&self, effects: &mut Effects<'_>) {
        effects.persist(Some(Rc::new(self.clone())));
    }
}
