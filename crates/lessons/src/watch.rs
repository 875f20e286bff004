//! Watches somebody at a task: goals that are met, not yet met, or can no longer be met.

use sim::{AnyLab, Timed, Timeline};

use crate::course::{Course, MOST_EVENTS, Moment, Start};
use crate::expression::Expression;
use crate::judge::{self, Eye, Judged, Register, Shown, Trend};
use crate::lesson::Task;
use crate::mistake::Mistake;

/// How many events apart registers are kept, so that a step back does not begin anew.
const GAP: u64 = 256;

/// How a goal stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Met,
    NotYet,
    /// It can no longer be met in this branch. The event after which that was so.
    Lost(u64),
}

/// Follows a branch for the goals of a task.
#[derive(Debug)]
pub struct Watch {
    lab: &'static dyn AnyLab,
    start: Start,
    goals: Vec<Expression>,
    reads_events: bool,
    /// The event that the registers have seen last.
    event: u64,
    registers: Vec<Vec<Register>>,
    /// The event after which each goal was lost.
    lost: Vec<Option<u64>>,
    /// The same as it was at earlier events.
    kept: Vec<Kept>,
    /// The inputs that it has seen.
    inputs: Vec<Timed>,
}

#[derive(Clone, Debug)]
struct Kept {
    event: u64,
    registers: Vec<Vec<Register>>,
    lost: Vec<Option<u64>>,
}

impl Watch {
    /// Begins to watch a task that begins at a moment.
    pub fn new(task: &Task, lab: &'static dyn AnyLab, moment: &Moment) -> Watch {
        let goals = task.goals.iter().map(|goal| goal.condition.clone()).collect();
        Watch::of(goals, lab, moment.start())
    }

    /// Begins to watch conditions.
    pub fn of(goals: Vec<Expression>, lab: &'static dyn AnyLab, start: Start) -> Watch {
        let registers: Vec<Vec<Register>> =
            goals.iter().map(|goal| vec![Register::default(); goal.registers]).collect();
        let lost = vec![None; goals.len()];
        Watch {
            lab,
            start,
            reads_events: goals.iter().any(Expression::reads_events),
            // Not even the start has been seen.
            event: u64::MAX,
            kept: Vec::new(),
            inputs: Vec::new(),
            goals,
            registers,
            lost,
        }
    }

    /// How all goals stand at the cursor of a branch and at this moment, in microseconds of virtual time. What takes long is judged
    /// when all else is met.
    ///
    /// # Errors
    ///
    /// A condition that cannot be asked.
    pub fn judge(&mut self, timeline: &Timeline, now_us: u64) -> Result<Vec<Standing>, Mistake> {
        self.follow(timeline)?;
        let now_us = now_us.max(timeline.world().now_us());
        let eye = Eye::new(self.lab, timeline.world(), timeline.inputs(), self.start, now_us);
        let shown = Shown::new();
        let mut standings = Vec::new();
        for (place, goal) in self.goals.iter().enumerate() {
            let judged = judge::eval(goal, &eye.remembering(&self.registers[place]), &shown)?;
            standings.push(self.standing(place, &judged));
        }
        let is_costly = |place: usize| self.goals[place].is_costly();
        let cheap_are_met = (0..self.goals.len()).all(|place| is_costly(place) || standings[place] == Standing::Met);
        if cheap_are_met && (0..self.goals.len()).any(is_costly) {
            let course = Course { lab: self.lab, timeline: timeline.fork(), start: self.start, now_us };
            for place in (0..self.goals.len()).filter(|place| is_costly(*place)) {
                let judged = judge::eval(&self.goals[place], &Eye::at_end(&course, &self.registers[place]), &shown)?;
                standings[place] = self.standing(place, &judged);
            }
        }
        Ok(standings)
    }

    fn standing(&self, place: usize, judged: &Judged) -> Standing {
        match judged {
            Judged { value, .. } if value.is_true() => Standing::Met,
            Judged { trend: Trend::Settled, .. } => Standing::Lost(self.lost[place].unwrap_or(self.event)),
            _ => Standing::NotYet,
        }
    }

    /// Sees the events of a branch up to its cursor.
    fn follow(&mut self, timeline: &Timeline) -> Result<(), Mistake> {
        let cursor = timeline.world().event().min(self.start.event + MOST_EVENTS);
        let inputs = timeline.inputs();
        let same = self.inputs.iter().zip(inputs).take_while(|(mine, theirs)| mine == theirs).count();
        // Up to where the branch is the one that was seen.
        let differs_at = |inputs: &[Timed]| inputs.get(same).map_or(u64::MAX, |timed| timed.after_event);
        let common = differs_at(&self.inputs).min(differs_at(inputs));
        if self.event == u64::MAX || self.event > common || self.event > cursor {
            self.go_back(common.min(cursor));
        }
        self.inputs = inputs.to_vec();
        if self.event != u64::MAX && self.event >= cursor {
            return Ok(());
        }
        let mut replay = timeline.replay_from(if self.event == u64::MAX { self.start.event } else { self.event });
        replay.record(self.reads_events);
        if self.event == u64::MAX {
            self.see(replay.world(), inputs)?;
        }
        while self.event < cursor && replay.forward() {
            self.see(replay.world(), inputs)?;
        }
        Ok(())
    }

    fn see(&mut self, world: &sim::World, inputs: &[Timed]) -> Result<(), Mistake> {
        let eye = Eye::new(self.lab, world, inputs, self.start, world.now_us().max(self.start.at_us));
        let shown = Shown::new();
        self.event = world.event();
        for (place, goal) in self.goals.iter().enumerate() {
            judge::observe(goal, &eye, &shown, &mut self.registers[place])?;
            if self.lost[place].is_none() {
                let judged = judge::eval(goal, &eye.remembering(&self.registers[place]), &shown)?;
                if judged.trend == Trend::Settled && !judged.value.is_true() {
                    self.lost[place] = Some(self.event);
                }
            }
        }
        if self.event.is_multiple_of(GAP) {
            let Watch { event, registers, lost, .. } = self;
            self.kept.push(Kept { event: *event, registers: registers.clone(), lost: lost.clone() });
        }
        Ok(())
    }

    /// Goes back to what was kept, not after this event.
    fn go_back(&mut self, event: u64) {
        self.kept.retain(|kept| kept.event <= event);
        match self.kept.last() {
            Some(kept) => {
                self.event = kept.event;
                self.registers.clone_from(&kept.registers);
                self.lost.clone_from(&kept.lost);
            }
            None => {
                self.event = u64::MAX;
                self.registers.iter_mut().flatten().for_each(|register| *register = Register::default());
                self.lost.fill(None);
            }
        }
    }
}
