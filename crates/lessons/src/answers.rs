//! Answer files: what somebody has answered and done in a lesson, as JSON. They hold no verdict: that is found by replaying them
//! ([`Verifier`](crate::Verifier)).

use serde::{Deserialize, Serialize};
use sim::text::{QUOTED, excerpt};
use sim::{AnyLab, Scenario, Settings, Text, Timed, t};

use crate::course::Moment;
use crate::lesson::{Block, Lesson};
use crate::mistake::Mistake;
use crate::path::Path;
use crate::proof::prove;
use crate::reveal::Answer;
use crate::runner::{Runner, Stand};
use crate::script::Script;

/// The longest answer file, in bytes.
pub const LONGEST_ANSWERS: usize = 1024 * 1024;

/// The longest label, in characters.
pub const LONGEST_LABEL: usize = 100;

/// The answers to one lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFile {
    /// The version of the simulator whose runs it holds: [`Scenario::VERSION`].
    pub netsplit: u32,
    /// The name of the lesson.
    pub lesson: String,
    /// The digest of the lesson's text that was answered.
    pub text: String,
    /// What the file is called by who made it: free, and perhaps empty. No name is asked.
    #[serde(default)]
    pub label: String,
    /// Those of which anything was answered, each once.
    #[serde(default)]
    pub steps: Vec<StepAnswers>,
}

/// The answers to one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepAnswers {
    /// Counted from 1.
    pub step: usize,
    /// In the order of the step's predictions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub predict: Vec<Predicted>,
    /// In the order of the step's tasks.
    #[serde(default, rename = "do", skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Done>,
}

/// What was predicted: `{"answer":[4]}`, or `{}` where nothing was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// How many hints were read before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hints: u64,
}

/// How a task was done: `{"scenario":{…},"at_us":2600000,"hints":1}`, or `{}` where it was not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The run up to the moment at which all goals were met, or at which it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Run>,
    /// That moment, in microseconds of virtual time: the time of the last event, or later.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub at_us: u64,
    /// How many hints were read before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub hints: u64,
}

/// A scenario whose lab is the lesson's: `{"seed":176,"inputs":[],"cursor":61}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// What differs from the lab's default settings.
    #[serde(default)]
    pub settings: Settings,
    pub seed: u64,
    pub inputs: Vec<Timed>,
    pub cursor: u64,
}

/// What every version writes.
#[derive(Debug, Deserialize)]
struct Version {
    netsplit: u32,
}

impl AnswerFile {
    /// An empty file for a lesson.
    pub fn new(lesson: &Lesson, label: &str) -> AnswerFile {
        AnswerFile {
            netsplit: Scenario::VERSION,
            lesson: lesson.id.clone(),
            text: lesson.digest.clone(),
            label: label.to_string(),
            steps: Vec::new(),
        }
    }

    /// All right: each prediction, and each task as its solution of this place does it, or its last one. What replays answers is
    /// tried out and measured with it.
    ///
    /// # Errors
    ///
    /// All that is wrong with the lesson.
    pub fn solved(lesson: &Lesson, lab: &'static dyn AnyLab, solution: usize) -> Result<AnswerFile, Vec<Mistake>> {
        let key = prove(lesson, lab)?;
        let path = Path::of(lesson, lab).map_err(|mistake| vec![mistake])?;
        let mut file = AnswerFile::new(lesson, "");
        for entry in &key.entries {
            let block = lesson.step(entry.step).and_then(|step| step.blocks.get(entry.block));
            let answers = file.step_mut(entry.step);
            match (block, path.at(entry.step, entry.block)) {
                (Some(Block::Do(task)), Some(stand)) => {
                    let script = &task.solutions[solution.min(task.solutions.len() - 1)];
                    let moment = run_from(stand, lab, script).map_err(|mistake| vec![mistake])?;
                    answers.tasks.push(Done::at(&moment, 0));
                }
                _ => answers.predict.push(Predicted { answer: entry.right.first().cloned(), hints: 0 }),
            }
        }
        Ok(file)
    }

    /// Reads the content of a file.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong.
    pub fn read(text: &str) -> Result<AnswerFile, Text> {
        if text.len() > LONGEST_ANSWERS {
            return Err(t!(
                "this file is larger than {most} KiB: it holds no answers of Netsplit",
                most = (LONGEST_ANSWERS / 1024) as u64
            ));
        }
        let problem = |error: serde_json::Error| {
            t!(
                "line {line} of this file is not as Netsplit writes answers: {problem}",
                line = error.line(),
                problem = excerpt(&error.to_string(), 3 * QUOTED)
            )
        };
        let Version { netsplit } = serde_json::from_str(text).map_err(|error| match error.is_data() {
            true => t!("this file does not say its version: it holds no answers of Netsplit"),
            false => problem(error),
        })?;
        if netsplit != Scenario::VERSION {
            return Err(t!(
                "these answers are of version {version}, and this program replays version {known}",
                version = netsplit,
                known = Scenario::VERSION
            ));
        }
        let file: AnswerFile = serde_json::from_str(text).map_err(problem)?;
        let mut steps: Vec<usize> = file.steps.iter().map(|step| step.step).collect();
        steps.sort_unstable();
        match steps.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(t!("step {step} is answered twice in this file", step = pair[0])),
            None => Ok(file),
        }
    }

    /// The content of a file, in one line.
    pub fn write(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The lesson that was answered: the one with the same text, or else one of the same name.
    pub fn lesson_among<'l>(&self, lessons: &'l [Lesson]) -> Option<&'l Lesson> {
        let of_name = || lessons.iter().filter(|lesson| lesson.id == self.lesson);
        of_name().find(|lesson| lesson.digest == self.text).or_else(|| of_name().next())
    }

    /// The answers to a step, counted from 1; made where there are none yet.
    pub fn step_mut(&mut self, number: usize) -> &mut StepAnswers {
        let place = self.steps.partition_point(|step| step.step < number);
        if self.steps.get(place).is_none_or(|step| step.step != number) {
            self.steps.insert(place, StepAnswers { step: number, ..StepAnswers::default() });
        }
        &mut self.steps[place]
    }

    /// The answers to a step, counted from 1.
    pub fn step(&self, number: usize) -> Option<&StepAnswers> {
        self.steps.iter().find(|step| step.step == number)
    }
}

impl StepAnswers {
    /// Answers the step's prediction of this place, counted from 0.
    pub fn predict(&mut self, place: usize, predicted: Predicted) {
        put(&mut self.predict, place, predicted);
    }

    /// Says how the step's task of this place, counted from 0, was done.
    pub fn task(&mut self, place: usize, done: Done) {
        put(&mut self.tasks, place, done);
    }
}

impl Done {
    /// A task that was done up to a moment.
    pub fn at(moment: &Moment, hints: u64) -> Done {
        Done { scenario: Some(Run::of(&moment.scenario)), at_us: moment.at_us, hints }
    }
}

impl Run {
    /// What is kept of a scenario: what lies behind its cursor is not.
    pub fn of(scenario: &Scenario) -> Run {
        let Scenario { settings, seed, inputs, cursor, .. } = scenario;
        let inputs = inputs.iter().filter(|timed| timed.after_event < *cursor).cloned().collect();
        Run { settings: settings.clone(), seed: *seed, inputs, cursor: *cursor }
    }

    /// The scenario of this lab.
    pub fn scenario(&self, lab: &str) -> Scenario {
        let Run { settings, seed, inputs, cursor } = self.clone();
        Scenario { version: Scenario::VERSION, lab: lab.to_string(), settings, seed, inputs, cursor }
    }
}

/// Where a script leads from where a block begins.
fn run_from(stand: &Stand, lab: &'static dyn AnyLab, script: &Script) -> Result<Moment, Mistake> {
    let refused = |refusal: Text| Mistake { line: script.line, column: 1, sentence: refusal.to_string() };
    let mut runner = Runner::at(lab, stand).map_err(refused)?;
    runner.run(script)?;
    Ok(runner.moment())
}

/// Puts a value at a place of a list, with nothing at the places before it that are not there yet.
fn put<T: Clone + Default>(list: &mut Vec<T>, place: usize, value: T) {
    if list.len() <= place {
        list.resize(place + 1, T::default());
    }
    list[place] = value;
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}
