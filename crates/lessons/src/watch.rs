//! Watches somebody at a task: goals that are met, not yet met, or can no longer be met.

use sim::{AnyLab, Replay, Timed, Timeline, World};

use crate::course::{Course, MOST_EVENTS, Moment, Start};
use crate::expression::Expression;
use crate::judge::{self, Eye, Judged, Register, Shown, Trend};
use crate::lesson::Task;
use crate::mistake::{Mistake, Slip};
use crate::patience::Patience;
use crate::weighing::{Weighing, is_met};

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

/// How the goals of a task stand at a moment, as far as a look tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Each goal. One that takes long is not yet met.
    pub standings: Vec<Standing>,
    /// What takes long, where all else is met.
    pub weighing: Option<Weighing>,
}

/// Follows a branch for the goals of a task.
#[derive(Debug)]
pub struct Watch {
    lab: &'static dyn AnyLab,
    start: Start,
    goals: Vec<Expression>,
    reads_events: bool,
    /// Which goals may be lost, and which take long.
    may_be_lost: Vec<bool>,
    are_costly: Vec<bool>,
    /// What it costs to see an event.
    cost: u64,
    /// The event that the registers have seen last; none where not even the start has been seen.
    event: Option<u64>,
    registers: Vec<Vec<Register>>,
    /// The event after which each goal was lost.
    lost: Vec<Option<u64>>,
    /// The same as it was at earlier events.
    kept: Vec<Kept>,
    /// The inputs that it has seen.
    inputs: Vec<Timed>,
    /// The look at the branch that has seen them, to go on from.
    replay: Option<Replay>,
    /// What was asked of the last moment.
    shown: Shown,
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
            may_be_lost: goals.iter().map(Expression::may_be_lost).collect(),
            are_costly: goals.iter().map(Expression::is_costly).collect(),
            cost: 0,
            event: None,
            kept: Vec::new(),
            inputs: Vec::new(),
            replay: None,
            shown: Shown::new(),
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
        self.judge_within(timeline, now_us, &Patience::default())
    }

    /// The same, as long as there is patience.
    pub(crate) fn judge_within(
        &mut self,
        timeline: &Timeline,
        now_us: u64,
        patience: &Patience,
    ) -> Result<Vec<Standing>, Mistake> {
        let mut standings = self.judge_cheap(timeline, now_us, patience)?;
        if self.is_ripe(&standings) {
            let (now_us, patience) = (now_us.max(timeline.world().now_us()), patience.clone());
            let course = Course { lab: self.lab, timeline: timeline.fork(), start: self.start, now_us, patience };
            for (place, goal) in self.costly() {
                if is_met(goal, &course)? {
                    standings[place] = Standing::Met;
                }
            }
        }
        Ok(standings)
    }

    /// The same, but for what takes long: that is left to the caller.
    ///
    /// # Errors
    ///
    /// A condition that cannot be asked.
    pub fn look(&mut self, timeline: &Timeline, now_us: u64) -> Result<Look, Mistake> {
        let standings = self.judge_cheap(timeline, now_us, &Patience::default())?;
        let weighing =
            self.is_ripe(&standings).then(|| Weighing::of(self.costly(), self.lab, timeline, self.start, now_us));
        Ok(Look { standings, weighing })
    }

    /// How the goals stand that do not take long; the others are not yet met, if they still can be.
    fn judge_cheap(&mut self, timeline: &Timeline, now_us: u64, patience: &Patience) -> Result<Vec<Standing>, Mistake> {
        self.follow(timeline, patience)?;
        if self.event != Some(timeline.world().event()) {
            self.shown.turn();
        }
        let now_us = now_us.max(timeline.world().now_us());
        let eye = Eye::new(self.lab, timeline.world(), timeline.inputs(), self.start, now_us);
        let mut standings = Vec::new();
        for (place, goal) in self.goals.iter().enumerate() {
            let judged = judge::eval(goal, &eye.remembering(&self.registers[place]), &self.shown)?;
            standings.push(match self.standing(place, &judged) {
                Standing::Met if self.are_costly[place] => Standing::NotYet,
                standing => standing,
            });
        }
        Ok(standings)
    }

    /// The goals that take long, with their places.
    fn costly(&self) -> impl Iterator<Item = (usize, &Expression)> {
        self.goals.iter().enumerate().filter(|(place, _)| self.are_costly[*place])
    }

    /// Whether there is something that takes long, and all else is met.
    fn is_ripe(&self, standings: &[Standing]) -> bool {
        let is_fit = |(costly, standing): (&bool, &Standing)| match costly {
            true => *standing == Standing::NotYet,
            false => *standing == Standing::Met,
        };
        self.are_costly.contains(&true) && self.are_costly.iter().zip(standings).all(is_fit)
    }

    fn standing(&self, place: usize, judged: &Judged) -> Standing {
        match judged {
            Judged { value, .. } if value.is_true() => Standing::Met,
            Judged { trend: Trend::Settled, .. } => {
                Standing::Lost(self.lost[place].or(self.event).unwrap_or(self.start.event))
            }
            _ => Standing::NotYet,
        }
    }

    /// Sees the events of a branch up to its cursor.
    fn follow(&mut self, timeline: &Timeline, patience: &Patience) -> Result<(), Mistake> {
        let cursor = timeline.world().event().min(self.start.event + MOST_EVENTS);
        let inputs = timeline.inputs();
        let same = self.inputs.iter().zip(inputs).take_while(|(mine, theirs)| mine == theirs).count();
        // Up to where the branch is the one that was seen.
        let differs_at = |inputs: &[Timed]| inputs.get(same).map_or(u64::MAX, |timed| timed.after_event);
        let common = differs_at(&self.inputs).min(differs_at(inputs));
        if self.event.is_some_and(|event| event > common.min(cursor)) {
            // The last event is seen again, so that what can be asked of it is there.
            self.go_back(common.min(cursor.saturating_sub(1)));
        }
        if self.inputs != inputs {
            self.inputs = inputs.to_vec();
            self.replay = None;
        }
        if self.event.is_some_and(|event| event >= cursor) {
            return Ok(());
        }
        let mut replay = self.replay.take().unwrap_or_else(|| self.replay(timeline));
        if self.event.is_none() {
            let nodes = timeline.world().nodes().len();
            self.cost = self.goals.iter().map(|goal| goal.cost(nodes)).sum();
            self.see(replay.world(), inputs)?;
        }
        while self.event.is_some_and(|event| event < cursor) && replay.forward() {
            patience.spend(self.cost).map_err(|sentence| self.goals[0].mistake(Slip::new(0, sentence)))?;
            self.see(replay.world(), inputs)?;
        }
        self.replay = Some(replay);
        Ok(())
    }

    /// A look at the branch from where it was seen last.
    fn replay(&self, timeline: &Timeline) -> Replay {
        let mut replay = timeline.replay_from(self.event.unwrap_or(self.start.event));
        replay.record(self.reads_events);
        replay
    }

    fn see(&mut self, world: &World, inputs: &[Timed]) -> Result<(), Mistake> {
        let eye = Eye::new(self.lab, world, inputs, self.start, world.now_us().max(self.start.at_us));
        let event = world.event();
        self.shown.turn();
        self.event = Some(event);
        for (place, goal) in self.goals.iter().enumerate() {
            judge::observe(goal, &eye, &self.shown, &mut self.registers[place])?;
            if self.may_be_lost[place] && self.lost[place].is_none() {
                let judged = judge::eval(goal, &eye.remembering(&self.registers[place]), &self.shown)?;
                if judged.trend == Trend::Settled && !judged.value.is_true() {
                    self.lost[place] = Some(event);
                }
            }
        }
        if event.is_multiple_of(GAP) {
            self.kept.push(Kept { event, registers: self.registers.clone(), lost: self.lost.clone() });
        }
        Ok(())
    }

    /// Goes back to what was kept, not after this event.
    fn go_back(&mut self, event: u64) {
        self.replay = None;
        self.kept.retain(|kept| kept.event <= event);
        self.event = self.kept.last().map(|kept| kept.event);
        match self.kept.last() {
            Some(kept) => {
                self.registers.clone_from(&kept.registers);
                self.lost.clone_from(&kept.lost);
            }
            None => {
                self.registers.iter_mut().flatten().for_each(|register| *register = Register::default());
                self.lost.fill(None);
            }
        }
    }
}
