//! A run of a hunt.

use crate::base::id::NodeId;
use crate::frame::Status;
use crate::kernel::input::{Input, Timed, Trouble};
use crate::kernel::world::World;

/// A run and what was done to it. Nobody goes back in it, so that it needs no snapshots.
pub(super) struct Course {
    pub(super) world: World,
    pub(super) inputs: Vec<Timed>,
}

/// What an input keeps in another run: its place among the events, or its moment. *Likeness* is its moment too, and its
/// place among the events of that moment, so that runs stay equal until something makes them part.
#[derive(Clone, Copy, Debug)]
pub(super) enum Alignment {
    Event,
    Time,
    Likeness,
}

impl Alignment {
    pub(super) const BOTH: [Alignment; 2] = [Alignment::Event, Alignment::Time];
}

impl Course {
    pub(super) fn new(world: World) -> Course {
        Course { world, inputs: Vec::new() }
    }

    /// Acts now. What is not possible does not happen.
    pub(super) fn act(&mut self, input: Input) {
        self.act_at(self.world.now_us(), input);
    }

    fn act_at(&mut self, at_us: u64, input: Input) {
        let timed = Timed { after_event: self.world.event(), at_us, input };
        if self.world.apply(&timed).is_ok() {
            self.inputs.push(timed);
        }
    }

    /// Goes on until there are so many events, or nothing is due.
    pub(super) fn go_on(&mut self, event: u64) {
        while self.world.event() < event && self.world.step() {}
    }

    /// Lets everything happen that is due up to a moment, unless that takes more events.
    pub(super) fn go_on_to(&mut self, at_us: u64, most_event: u64) {
        let is_due = |world: &World| world.next_at_us().is_some_and(|next_us| next_us <= at_us);
        while is_due(&self.world) && self.world.event() < most_event && self.world.step() {}
    }

    /// Does what was done in another run.
    pub(super) fn follow(&mut self, inputs: &[Timed], alignment: Alignment) {
        for Timed { after_event, at_us, input } in inputs {
            match alignment {
                Alignment::Event => self.go_on(*after_event),
                Alignment::Time => self.go_on_to(*at_us, u64::MAX),
                Alignment::Likeness => {
                    self.go_on_to(*at_us, *after_event);
                    self.go_on_to(at_us.saturating_sub(1), u64::MAX);
                }
            }
            self.act_at(*at_us, input.clone());
        }
    }

    /// Ends all faults. Clocks run again as they did at the start and are not set: that would be one jump more.
    pub(super) fn heal(&mut self) {
        self.act(Input::HealAll);
        for (from, to, ppm) in self.world.network().damaging().collect::<Vec<_>>() {
            self.act(Input::SetTrouble { from, to, trouble: Trouble::Corruption, ppm });
        }
        let clocks = self.world.lab.start(self.world.settings()).clocks;
        for node in self.world.nodes().ids().collect::<Vec<NodeId>>() {
            let drift_ppm = clocks[node.index()].drift_ppm();
            if self.world.nodes().clock(node).drift_ppm() != drift_ppm {
                self.act(Input::SetClockDrift { node, drift_ppm });
            }
            match self.world.nodes().status(node) {
                Status::Crashed => self.act(Input::Restart(node)),
                Status::Paused => self.act(Input::Resume(node)),
                // What is off was not switched off by a fault.
                Status::Up | Status::Off => {}
            }
        }
    }
}
