//! A run with faults at random.

use crate::base::id::NodeId;
use crate::base::rng::Rng;
use crate::frame::Status;
use crate::hunt::course::Course;
use crate::hunt::{Hazard, breadth};
use crate::kernel::input::{Input, Trouble};
use crate::kernel::lie::Manner;
use crate::kernel::world::World;

/// A run with faults at random. Each run draws its own rates first, so that some runs crash much and some cut much.
pub(super) struct Walk {
    pub(super) course: Course,
    rng: Rng,
    weights: [u64; FAULTS.len()],
    /// One event in so many is followed by a fault.
    calm: u64,
    /// Who has lied so far.
    liars: Vec<NodeId>,
}

/// What is drawn, and the hazard it belongs to.
const FAULTS: [Hazard; 15] = [
    Hazard::Crash,
    Hazard::Pause,
    Hazard::Cut,
    Hazard::Cut,
    Hazard::Loss,
    Hazard::Copy,
    Hazard::Disorder,
    Hazard::Disorder,
    Hazard::Timer,
    Hazard::Clock,
    Hazard::Operation,
    Hazard::Disk,
    Hazard::Damage,
    Hazard::Damage,
    Hazard::Lie,
];

/// How many messages of a million a link damages for a while.
const DAMAGED_PPM: u32 = 500_000;

impl Walk {
    pub(super) fn new(world: World, seed: u64, hazards: &[Hazard]) -> Walk {
        let mut rng = Rng::stream(seed, 2 << 32);
        let weights = FAULTS.map(|fault| match (fault, hazards.contains(&fault)) {
            // Those that are not usual draw nothing, so that the runs of a hunt without them stay what they are.
            (fault, false) if !Hazard::USUAL.contains(&fault) => 0,
            (Hazard::Lie, _) if world.lab.manners().is_empty() => 0,
            (_, is_allowed) => [0, 0, 1, 1, 2, 6][rng.below(6) as usize] * u64::from(is_allowed),
        });
        let calm = [3, 5, 10, 20, 40][rng.below(5) as usize];
        let liars = world.nodes().ids().filter(|node| world.nodes().lies(*node).is_some()).collect();
        Walk { course: Course::new(world), rng, weights, calm, liars }
    }

    pub(super) fn faults(&mut self, events: u64) {
        while self.course.world.event() < events && self.course.world.step() {
            if self.rng.below(self.calm) == 0 {
                self.strike();
            }
        }
    }

    /// One fault, or a few at the same moment: trouble comes in company, and often of one kind.
    fn strike(&mut self) {
        let Some(mut kind) = self.draw_kind() else { return };
        loop {
            // A fault drawn at random may not be possible now; then there is none.
            for input in self.draw(kind) {
                self.course.act(input);
            }
            if self.rng.below(3) > 0 {
                return;
            }
            if self.rng.below(2) == 0 {
                kind = self.draw_kind().unwrap_or(kind);
            }
        }
    }

    fn draw(&mut self, kind: usize) -> Vec<Input> {
        let node = self.draw_node(kind);
        match kind {
            11 => vec![Input::Crash(node), Input::LoseDisk(node), Input::Restart(node)],
            _ => self.draw_one(kind, node).into_iter().collect(),
        }
    }

    fn draw_one(&mut self, kind: usize, node: NodeId) -> Option<Input> {
        let count = self.course.world.nodes().len() as u64;
        let other = NodeId(self.rng.below(count) as u16);
        let world = &self.course.world;
        // Drawn whatever happens, so that a seed goes on as before; looked up only where it matters, since that means sorting.
        let message_count = world.messages_unsorted().count() as u64;
        let place = if message_count > 0 { self.rng.below(message_count) as usize } else { 0 };
        let message = || world.messages().nth(place).map(|envelope| envelope.id);
        Some(match kind {
            0 if world.nodes().status(node) == Status::Crashed => Input::Restart(node),
            0 => Input::Crash(node),
            1 if world.nodes().status(node) == Status::Paused => Input::Resume(node),
            1 => Input::Pause(node),
            2 if !world.network().is_whole() => Input::HealAll,
            2 => Input::Split(self.draw_groups()),
            3 if world.network().is_up(node, other) => Input::Cut { from: node, to: other },
            3 => Input::Heal { from: node, to: other },
            4 => Input::Drop(message()?),
            5 => Input::Duplicate(message()?),
            6 => Input::Deliver(message()?),
            7 => Input::Delay { message: message()?, by_us: 1 << self.rng.between(10, 20) },
            8 => {
                let timers = world.nodes().timers(node);
                let place = self.rng.below(timers.len() as u64) as usize;
                Input::FireTimer { node, timer: timers.get(place)?.id }
            }
            9 if self.rng.below(2) == 0 => {
                Input::SetClockDrift { node, drift_ppm: self.rng.between(0, 400_000) as i64 - 200_000 }
            }
            9 => {
                let by_us = 1 << self.rng.between(10, 24);
                Input::SetClockOffset { node, offset_us: if self.rng.below(2) == 0 { by_us } else { -by_us } }
            }
            10 => {
                let mut operations: Vec<Input> =
                    world.lab.actions(world).iter().flat_map(breadth::operations).collect();
                let place = self.rng.below(operations.len() as u64) as usize;
                (place < operations.len()).then(|| operations.swap_remove(place))?
            }
            14 => Input::Lie { node, manner: self.draw_manner(node)? },
            12 => {
                let usual_ppm = world.network().usual_corruption_ppm(node, other);
                let is_usual = world.network().link(node, other).troubles.corruption_ppm == usual_ppm;
                let ppm = if is_usual { DAMAGED_PPM } else { usual_ppm };
                Input::SetTrouble { from: node, to: other, trouble: Trouble::Corruption, ppm }
            }
            _ => Input::Corrupt(message()?),
        })
    }

    /// The node that has just acted is the one whose fault matters most; one that is down shall not be down for long.
    fn draw_node(&mut self, kind: usize) -> NodeId {
        let world = &self.course.world;
        let crashed: Vec<NodeId> =
            world.nodes().ids().filter(|node| world.nodes().status(*node) == Status::Crashed).collect();
        let (count, last) = (world.nodes().len() as u64, world.last_node());
        if kind == 0 && !crashed.is_empty() && self.rng.below(2) == 0 {
            return crashed[self.rng.below(crashed.len() as u64) as usize];
        }
        match last {
            Some(last) if self.rng.below(2) == 0 => last,
            _ => NodeId(self.rng.below(count) as u16),
        }
    }

    fn draw_kind(&mut self) -> Option<usize> {
        let mut rest = self.rng.below(self.weights.iter().sum());
        self.weights.iter().position(|weight| {
            let is_it = rest < *weight;
            rest = rest.saturating_sub(*weight);
            is_it
        })
    }

    /// How a node lies from here on. Those that have lied may change, and others begin as long as the lab bears that.
    fn draw_manner(&mut self, node: NodeId) -> Option<Option<Manner>> {
        let world = &self.course.world;
        let manners = world.lab.manners();
        let place = self.rng.below(manners.len() as u64 + 1) as usize;
        let has_lied = self.liars.contains(&node);
        if !has_lied && self.liars.len() >= world.lab.most_liars(&*world.config) {
            return None;
        }
        if !has_lied {
            self.liars.push(node);
        }
        Some(manners.get(place).copied())
    }

    fn draw_groups(&mut self) -> Vec<Vec<NodeId>> {
        let mut groups = vec![Vec::new(), Vec::new()];
        for node in self.course.world.nodes().ids() {
            groups[self.rng.below(2) as usize].push(node);
        }
        groups
    }
}
