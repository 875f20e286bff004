//! Goals that take long, such as what is asked of twenty runs: they are asked of a run in one go, and so can be asked in a worker.

use serde::{Deserialize, Serialize};
use sim::{AnyLab, Timeline};

use crate::course::{Course, Moment, Start, moment};
use crate::expression::Expression;
use crate::judge::{self, Eye, Shown};
use crate::mistake::{Mistake, Slip};
use crate::patience::Patience;

/// Goals of a task that take long, and the moment that they are asked of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighing {
    moment: Moment,
    start: Start,
    goals: Vec<Goal>,
}

/// A goal by its place in the task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Goal {
    place: usize,
    condition: Expression,
}

impl Weighing {
    pub(crate) fn of<'a>(
        goals: impl Iterator<Item = (usize, &'a Expression)>,
        lab: &'static dyn AnyLab,
        timeline: &Timeline,
        start: Start,
        now_us: u64,
    ) -> Weighing {
        let goal = |(place, condition): (usize, &Expression)| Goal { place, condition: condition.clone() };
        Weighing { moment: moment(lab, timeline, now_us), start, goals: goals.map(goal).collect() }
    }

    /// The lab of the run.
    pub fn lab(&self) -> &str {
        &self.moment.scenario.lab
    }

    /// The moment, where the goals at these places are all that take long.
    pub fn done(&self, met: &[usize]) -> Option<&Moment> {
        self.goals.iter().all(|goal| met.contains(&goal.place)).then_some(&self.moment)
    }

    /// The places of the goals that are met, counted from 0.
    ///
    /// # Errors
    ///
    /// A condition that cannot be asked, or that takes too long.
    pub fn weigh(&self, lab: &'static dyn AnyLab) -> Result<Vec<usize>, Mistake> {
        let mut met = Vec::new();
        let mut course = None;
        for Goal { place, condition } in &self.goals {
            let course = match &course {
                Some(course) => course,
                None => {
                    let refused = |sentence| condition.mistake(Slip::new(0, sentence));
                    let timeline = self.moment.open(lab).map_err(|text| refused(text.to_string()))?;
                    let patience = Patience::default();
                    course.insert(Course { lab, timeline, start: self.start, now_us: self.moment.at_us, patience })
                }
            };
            if is_met(condition, course)? {
                met.push(*place);
            }
        }
        Ok(met)
    }
}

/// Whether a condition is true at the end of a stretch.
pub(crate) fn is_met(condition: &Expression, course: &Course) -> Result<bool, Mistake> {
    let registers = course.remember(&[condition], None)?;
    let judged = judge::eval(condition, &Eye::at_end(course, &registers[0]), &Shown::new())?;
    Ok(judged.value.is_true())
}
