//! The way through a lesson when all is done as its author does it: where each block begins.

use sim::AnyLab;

use crate::lesson::{Block, Lesson, Reveals, Step};
use crate::mistake::Mistake;
use crate::patience::Patience;
use crate::runner::{Runner, Stand};
use crate::script::Script;

/// Where each block of each step begins.
#[derive(Clone, Debug)]
pub struct Path {
    steps: Vec<Vec<Stand>>,
}

impl Path {
    /// Goes through a lesson. A prediction comes out in its first way, and a task is done as the first solution does it.
    ///
    /// # Errors
    ///
    /// The first statement that cannot be carried out.
    pub fn of(lesson: &Lesson, lab: &'static dyn AnyLab) -> Result<Path, Mistake> {
        Path::within(lesson, lab, Patience::default())
    }

    /// The same, as long as there is patience.
    pub(crate) fn within(lesson: &Lesson, lab: &'static dyn AnyLab, patience: Patience) -> Result<Path, Mistake> {
        let mut runner =
            Runner::within(lab, patience).map_err(|refusal| Mistake::new(lesson.line, 1, refusal.to_string()))?;
        let mut steps = Vec::new();
        for step in &lesson.steps {
            let mut stands = Vec::new();
            let begins_with_sim = matches!(first(step), Some(Block::Sim(_)));
            if !begins_with_sim {
                runner.begin_step(step.number);
            }
            let mut is_first_sim = begins_with_sim;
            for (place, block) in step.blocks.iter().enumerate() {
                stands.push(runner.stand());
                if let Some(script) = script_of(step, place, block) {
                    runner.run(script)?;
                }
                if is_first_sim && matches!(block, Block::Sim(_)) {
                    is_first_sim = false;
                    runner.begin_step(step.number);
                }
            }
            steps.push(stands);
        }
        Ok(Path { steps })
    }

    /// Where a block begins: the step counted from 1, the block from 0.
    pub fn at(&self, step: usize, block: usize) -> Option<&Stand> {
        self.steps.get(step.checked_sub(1)?)?.get(block)
    }
}

/// The first block that is more than text.
fn first(step: &Step) -> Option<&Block> {
    step.blocks.iter().find(|block| !matches!(block, Block::Prose(_) | Block::Teacher(_)))
}

/// What happens in a block.
fn script_of<'l>(step: &'l Step, place: usize, block: &'l Block) -> Option<&'l Script> {
    match block {
        Block::Prose(_) | Block::Teacher(_) => None,
        Block::Sim(script) => Some(script),
        Block::Predict(prediction) => match &prediction.reveals {
            Reveals::Next => None,
            Reveals::Ways(_) => ways(step, place).first().map(|(_, script)| script),
        },
        Block::Do(task) => task.solutions.first(),
    }
}

/// The ways in which a prediction comes out, those of a later one where it is revealed with that.
pub fn ways(step: &Step, place: usize) -> &[(String, Script)] {
    let mut predictions = step.blocks[place..].iter().filter_map(|block| match block {
        Block::Predict(prediction) => Some(prediction),
        _ => None,
    });
    let found = predictions.find_map(|prediction| match &prediction.reveals {
        Reveals::Ways(ways) => Some(&ways[..]),
        Reveals::Next => None,
    });
    found.unwrap_or_default()
}
