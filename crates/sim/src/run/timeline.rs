//! All moments of one branch: its inputs, and snapshots to come back from.

use crate::base::text::Text;
use crate::frame::Weight;
use crate::kernel::input::{Input, Timed};
use crate::kernel::world::World;
use crate::run::weights::Weights;

/// How many events apart the newest snapshots are.
const FINEST_GAP: u64 = 64;

/// How many events apart the oldest snapshots are: as many as can be replayed while a person blinks.
const COARSEST_GAP: u64 = 8_192;

/// How many events apart worlds are kept where the cursor has gone through old moments.
const PASSED_GAP: u64 = 512;

/// How many worlds are kept there.
const MOST_PASSED: usize = 48;

/// One branch: what was done to it and how far it has been computed. Any moment is the nearest snapshot before it and a
/// replay from there.
#[derive(Clone, Debug)]
pub struct Timeline {
    inputs: Vec<Timed>,
    /// By number of events, the start always among them.
    snapshots: Vec<World>,
    /// Worlds between them that the cursor has passed lately, in order: what is asked next is near.
    passed: Vec<World>,
    /// When every so many events had happened: event and moment, the start always among them. It finds a moment of
    /// virtual time again without a replay.
    moments: Vec<(u64, u64)>,
    weights: Weights,
    world: World,
    length: u64,
}

/// An event that is to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// Its number.
    pub event: u64,
    /// In microseconds of virtual time.
    pub at_us: u64,
    pub weight: Weight,
}

impl Timeline {
    /// A branch that begins with this world, and has these inputs ahead of it.
    pub fn new(start: World, inputs: Vec<Timed>) -> Timeline {
        let moments = vec![(start.event(), start.now_us())];
        Timeline {
            inputs,
            snapshots: vec![start.clone()],
            passed: Vec::new(),
            moments,
            weights: Weights::default(),
            length: start.event(),
            world: start,
        }
    }

    /// The world at the cursor.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The world before the first event.
    pub fn start(&self) -> &World {
        &self.snapshots[0]
    }

    /// How many events have been computed.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Which of those are telling.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The next telling event after the cursor, among so many that follow; where there is none, the last one in this stretch of
    /// virtual time, or the first one after it. None where nothing more is due. Nothing of the branch is computed for it.
    pub fn ahead(&self, most: u64, idle_us: u64) -> Option<Ahead> {
        let mut replay = Replay { world: self.world.clone(), inputs: self.inputs.clone() };
        let until_us = self.world.now_us().saturating_add(idle_us);
        let mut idle = None;
        for _ in 0..most {
            if !replay.forward() {
                break;
            }
            let world = &replay.world;
            let here = Ahead { event: world.event(), at_us: world.now_us(), weight: world.weight() };
            if here.weight == Weight::Telling {
                return Some(here);
            }
            if idle.is_none() || here.at_us <= until_us {
                idle = Some(here);
            }
        }
        idle
    }

    /// What was done to this branch, in order.
    pub fn inputs(&self) -> &[Timed] {
        &self.inputs
    }

    /// Goes to the moment after this many events, or as far as there are events. Returns where it got to.
    pub fn seek(&mut self, event: u64) -> u64 {
        self.rewind(event);
        while self.world.event() < event && self.forward() {}
        self.world.event()
    }

    /// Goes to the moment of virtual time after which nothing else happens until then, computing at most `most` events.
    /// Returns whether it got there.
    pub fn seek_moment(&mut self, at_us: u64, most: u64) -> bool {
        let before = self.enclosing(at_us, at_us).0 - 1;
        if self.world.now_us() > at_us || self.world.event() < before {
            self.seek(before);
        }
        for _ in 0..most {
            if self.next_at_us().is_none_or(|next_us| next_us > at_us) || !self.forward() {
                return true;
            }
        }
        false
    }

    /// The numbers of two events, of those that have been computed, with a stretch of virtual time between them: what
    /// happened in it, and a little more at both ends. The second is less than the first where there is nothing.
    pub fn enclosing(&self, from_us: u64, to_us: u64) -> (u64, u64) {
        let before = self.moments.partition_point(|(_, at_us)| *at_us < from_us).saturating_sub(1);
        let after = self.moments.partition_point(|(_, at_us)| *at_us <= to_us);
        let last = self.moments.get(after).map_or(self.length, |(event, _)| *event);
        (self.moments[before].0 + 1, last)
    }

    /// Lets the next event happen: an input that belongs here, or what is due. False when nothing is due.
    pub fn forward(&mut self) -> bool {
        if !forward(&mut self.world, &mut self.inputs) {
            return false;
        }
        let event = self.world.event();
        if event > self.length {
            self.length = event;
            self.weights.note(event, self.world.weight());
            if event.is_multiple_of(FINEST_GAP) {
                self.moments.push((event, self.world.now_us()));
            }
            if event.is_multiple_of(self.finest_gap()) {
                self.keep_snapshot();
            }
        } else if event.is_multiple_of(PASSED_GAP) {
            self.keep_passed();
        }
        true
    }

    /// When the next event happens, input or not.
    pub fn next_at_us(&self) -> Option<u64> {
        let natural = self.world.next_at_us();
        match self.inputs.get(next_input(&self.inputs, self.world.event())) {
            Some(timed) if timed.after_event == self.world.event() => {
                Some(timed.at_us.clamp(self.world.now_us(), natural.unwrap_or(u64::MAX)))
            }
            _ => natural,
        }
    }

    /// Acts at the cursor, at this moment of virtual time. What lay ahead is gone: [`Timeline::fork`] first to keep it.
    pub fn act(&mut self, input: Input, at_us: u64) -> Result<(), Text> {
        let timed = Timed { after_event: self.world.event(), at_us, input };
        self.world.apply(&timed)?;
        let event = self.world.event();
        self.inputs.truncate(next_input(&self.inputs, timed.after_event));
        self.inputs.push(timed);
        self.snapshots.retain(|snapshot| snapshot.event() < event);
        self.passed.retain(|passed| passed.event() < event);
        self.moments.retain(|(before, _)| *before < event);
        self.length = event;
        self.weights.note(event, self.world.weight());
        Ok(())
    }

    /// The same branch up to the cursor, to go on differently.
    pub fn fork(&self) -> Timeline {
        let event = self.world.event();
        Timeline {
            inputs: self.inputs[..next_input(&self.inputs, event)].to_vec(),
            snapshots: self.snapshots.iter().filter(|snapshot| snapshot.event() <= event).cloned().collect(),
            passed: Vec::new(),
            moments: self.moments.iter().filter(|(before, _)| *before <= event).copied().collect(),
            weights: self.weights.until(event),
            world: self.world.clone(),
            length: event,
        }
    }

    /// A look at another moment, without moving the cursor: the world after so many events, and a way to go on.
    pub fn replay_from(&self, event: u64) -> Replay {
        let mut replay = self.replay_before(event);
        while replay.world.event() < event && replay.forward() {}
        replay
    }

    /// A look at the nearest moment, not after so many events, from which nothing has to be computed.
    pub fn replay_before(&self, event: u64) -> Replay {
        Replay { world: self.nearest(event).clone(), inputs: self.inputs.clone() }
    }

    /// A look at the first moment of which this is so. What is so once has to stay so.
    pub fn replay_until(&self, is_so: impl Fn(&World) -> bool) -> Replay {
        let before = self.snapshots.partition_point(|snapshot| !is_so(snapshot));
        let nearest = &self.snapshots[before.saturating_sub(1)];
        let mut replay = Replay { world: nearest.clone(), inputs: self.inputs.clone() };
        while !is_so(&replay.world) && replay.forward() {}
        replay
    }

    /// The same, going on from an earlier look at this branch where that is nearer.
    pub fn go_on(&self, earlier: Option<Replay>, event: u64) -> Replay {
        let nearest = self.nearest(event).event();
        match earlier {
            Some(mut replay) if (nearest..=event).contains(&replay.world.event()) => {
                replay.record(false);
                while replay.world.event() < event && replay.forward() {}
                replay
            }
            _ => self.replay_from(event),
        }
    }

    /// Of many nodes most have changed after some events, and a snapshot shares little with the one before.
    fn finest_gap(&self) -> u64 {
        FINEST_GAP * (self.world.nodes().len() as u64 / 16).next_power_of_two()
    }

    fn rewind(&mut self, event: u64) {
        let nearest = self.nearest(event);
        if event < self.world.event() || nearest.event() > self.world.event() {
            self.world = nearest.clone();
        }
    }

    fn nearest(&self, event: u64) -> &World {
        let snapshot = &self.snapshots[next_world(&self.snapshots, event).saturating_sub(1)];
        let passed = next_world(&self.passed, event).checked_sub(1).map(|place| &self.passed[place]);
        passed.filter(|passed| passed.event() > snapshot.event()).unwrap_or(snapshot)
    }

    /// Keeps the world at the cursor, and of those kept so far what is nearest to it.
    fn keep_passed(&mut self) {
        let event = self.world.event();
        if self.nearest(event).event() == event {
            return;
        }
        self.passed.insert(next_world(&self.passed, event), self.world.clone());
        if self.passed.len() > MOST_PASSED {
            let is_first_further = event - self.passed[0].event() > self.passed[MOST_PASSED].event() - event;
            self.passed.remove(if is_first_further { 0 } else { MOST_PASSED });
        }
    }

    fn keep_snapshot(&mut self) {
        self.snapshots.push(self.world.clone());
        // Thinning out looks at all snapshots, so it waits until there is something to gain.
        if self.world.event().is_multiple_of(FINEST_GAP * 64) {
            let length = self.length;
            self.snapshots.retain(|snapshot| snapshot.event().is_multiple_of(gap(length - snapshot.event())));
        }
    }
}

/// How far apart snapshots of this age are kept.
fn gap(age: u64) -> u64 {
    (age / 32).next_power_of_two().clamp(FINEST_GAP, COARSEST_GAP)
}

/// A run through a part of a branch.
#[derive(Debug)]
pub struct Replay {
    world: World,
    inputs: Vec<Timed>,
}

impl Replay {
    /// The world where the replay stands.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Writes down what happens from here on, or stops to.
    pub fn record(&mut self, on: bool) {
        self.world.set_recording(on);
    }

    /// Lets the next event happen. False when nothing is due.
    pub fn forward(&mut self) -> bool {
        forward(&mut self.world, &mut self.inputs)
    }
}

/// One event: an input that belongs here, or what is due. An input that is impossible by now is thrown out: that
/// happens only when others before it were taken away.
fn forward(world: &mut World, inputs: &mut Vec<Timed>) -> bool {
    loop {
        let next = next_input(inputs, world.event());
        match inputs.get(next) {
            Some(timed) if timed.after_event == world.event() => {
                if world.apply(timed).is_ok() {
                    return true;
                }
                inputs.remove(next);
            }
            _ => return world.step(),
        }
    }
}

/// The place of the first world after so many events.
fn next_world(worlds: &[World], event: u64) -> usize {
    worlds.partition_point(|world| world.event() <= event)
}

fn next_input(inputs: &[Timed], event: u64) -> usize {
    inputs.partition_point(|timed| timed.after_event < event)
}
