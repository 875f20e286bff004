//! Replays answer files, and says what is right in them. It believes nothing that stands there but what was answered and done.

use sim::text::{QUOTED, excerpt};
use sim::{AnyLab, Input, Text, Timed, Timeline, World, t};

use crate::answers::{AnswerFile, Done, LONGEST_LABEL, Predicted};
use crate::course::{MOST_EVENTS, Moment, clicks};
use crate::lesson::{Block, Lesson, Prediction, PredictionKind, Task};
use crate::mistake::Mistake;
use crate::path::{Path, ways};
use crate::reveal::{Answer, Revealed};
use crate::runner::Stand;
use crate::watch::{Standing, Watch};

/// What became of a question or a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The prediction is right, or all goals are met.
    Met,
    NotMet,
    /// The file was made with another text of the lesson, or with a lesson that is not there.
    OtherText,
    /// The file cannot be read, or holds what cannot have come about in this lesson.
    DoesNotReplay,
}

impl Verdict {
    /// As it stands in tables.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Met => "met",
            Verdict::NotMet => "not-met",
            Verdict::OtherText => "other-text",
            Verdict::DoesNotReplay => "does-not-replay",
        }
    }
}

/// A prediction, a task, or a file of which nothing can be said in detail.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub label: String,
    pub lesson: String,
    /// None for a whole file.
    pub place: Option<Place>,
    /// What was answered, and what is right: places of choices counted from 1, a number with its unit, a node, a message.
    pub answer: String,
    pub right: String,
    /// The misconceptions that the answer shows.
    pub tags: Vec<String>,
    /// How many hints were read.
    pub hints: u64,
    /// How many acts it took.
    pub acts: usize,
    pub verdict: Verdict,
    /// What to say of it.
    pub sentence: Text,
    /// Where it can be seen: how a task was left.
    pub moment: Option<Moment>,
}

/// Where a row's block stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Counted from 1.
    pub step: usize,
    pub kind: Kind,
    /// Which of its kind in the step, counted from 1.
    pub number: usize,
}

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Predict,
    Do,
}

impl Kind {
    /// As it stands in files of lessons.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Predict => "predict",
            Kind::Do => "do",
        }
    }
}

/// Replays answers to one lesson. What it has found out of the lesson is kept, since a class answers the same questions.
#[derive(Debug)]
pub struct Verifier {
    lesson: Lesson,
    lab: &'static dyn AnyLab,
    path: Path,
    judged: Vec<(Place, Answer, Judged)>,
}

/// What is said of an answer.
#[derive(Clone, Debug)]
struct Judged {
    is_right: bool,
    right: String,
    tags: Vec<String>,
    sentence: Text,
}

impl Row {
    /// A file of which nothing else can be said.
    pub fn of_file(label: &str, lesson: &str, verdict: Verdict, sentence: Text) -> Row {
        Row {
            label: sim::share::plain(label, LONGEST_LABEL),
            lesson: excerpt(lesson, QUOTED),
            place: None,
            answer: String::new(),
            right: String::new(),
            tags: Vec::new(),
            hints: 0,
            acts: 0,
            verdict,
            sentence,
            moment: None,
        }
    }

    /// A file whose lesson is not there.
    pub fn without_lesson(file: &AnswerFile) -> Row {
        let sentence = t!("there is no lesson {lesson} here", lesson = excerpt(&file.lesson, QUOTED));
        Row::of_file(&file.label, &file.lesson, Verdict::OtherText, sentence)
    }
}

impl Verifier {
    /// Goes through a lesson, to compare answers with it.
    ///
    /// # Errors
    ///
    /// What cannot be carried out in the lesson.
    pub fn new(lesson: Lesson, lab: &'static dyn AnyLab) -> Result<Verifier, Mistake> {
        let path = Path::of(&lesson, lab)?;
        Ok(Verifier { lesson, lab, path, judged: Vec::new() })
    }

    /// The lesson that it compares answers with.
    pub fn lesson(&self) -> &Lesson {
        &self.lesson
    }

    /// Says what is right in a file: a row for each prediction and task of the lesson, in its order, answered or not.
    pub fn verify(&mut self, file: &AnswerFile) -> Vec<Row> {
        let of_file = |verdict, sentence| vec![Row::of_file(&file.label, &file.lesson, verdict, sentence)];
        if file.lesson != self.lesson.id || file.text != self.lesson.digest {
            let sentence = t!(
                "the text of the lesson was another one ({theirs}) than here ({ours})",
                theirs = excerpt(&file.text, QUOTED),
                ours = self.lesson.digest.clone()
            );
            return of_file(Verdict::OtherText, sentence);
        }
        if let Some(step) = self.surplus(file) {
            let sentence = t!("the file answers more in step {step} than the lesson asks there", step = step);
            return of_file(Verdict::DoesNotReplay, sentence);
        }
        let places: Vec<(Place, usize)> = places(&self.lesson).collect();
        places.into_iter().map(|(place, block)| self.row(file, place, block)).collect()
    }

    /// A step in which more is answered than is asked.
    fn surplus(&self, file: &AnswerFile) -> Option<usize> {
        let is_surplus = |kind: Kind, step: usize, count: usize| {
            places(&self.lesson).filter(|(place, _)| (place.step, place.kind) == (step, kind)).count() < count
        };
        let found = file.steps.iter().find(|answers| {
            self.lesson.step(answers.step).is_none()
                || is_surplus(Kind::Predict, answers.step, answers.predict.len())
                || is_surplus(Kind::Do, answers.step, answers.tasks.len())
        });
        found.map(|answers| answers.step)
    }

    fn row(&mut self, file: &AnswerFile, place: Place, block: usize) -> Row {
        let row = Row {
            place: Some(place),
            ..Row::of_file(&file.label, &file.lesson, Verdict::NotMet, t!("nothing was answered"))
        };
        let answers = file.step(place.step);
        match place.kind {
            Kind::Predict => {
                let found = answers.and_then(|answers| answers.predict.get(place.number - 1)).cloned();
                self.predicted(row, place, block, &found.unwrap_or_default())
            }
            Kind::Do => {
                let found = answers.and_then(|answers| answers.tasks.get(place.number - 1)).cloned();
                self.done(row, place, block, &found.unwrap_or_default())
            }
        }
    }

    fn predicted(&mut self, row: Row, place: Place, block: usize, predicted: &Predicted) -> Row {
        let row = Row { hints: predicted.hints, ..row };
        let Some(answer) = &predicted.answer else { return row };
        match self.judge(place, block, answer) {
            Ok((answer, Judged { is_right, right, tags, sentence })) => {
                let verdict = if is_right { Verdict::Met } else { Verdict::NotMet };
                Row { answer, right, tags, verdict, sentence, ..row }
            }
            Err(sentence) => Row { verdict: Verdict::DoesNotReplay, sentence: said(sentence), ..row },
        }
    }

    /// An answer in words, and what is said of it.
    fn judge(&mut self, place: Place, block: usize, answer: &Answer) -> Result<(String, Judged), String> {
        let step = self.lesson.step(place.step).ok_or("there is no such step")?;
        let Some(Block::Predict(prediction)) = step.blocks.get(block) else { return Err("this is no question".into()) };
        let known = self.judged.iter().find(|(known, same, _)| *known == place && same == answer);
        let judged = match known {
            Some((_, _, judged)) => judged.clone(),
            None => {
                let stand = self.path.at(place.step, block).ok_or("there is no such block")?;
                let revealed = Revealed::new(prediction, ways(step, block), self.lab, stand);
                let judged = revealed.and_then(|revealed| judge(prediction, &revealed, answer));
                let judged = judged.map_err(|mistake| mistake.sentence)?;
                self.judged.push((place, answer.clone(), judged.clone()));
                judged
            }
        };
        Ok((in_words(prediction, answer), judged))
    }

    fn done(&self, row: Row, place: Place, block: usize, done: &Done) -> Row {
        let row = Row { hints: done.hints, ..row };
        let Some(run) = &done.scenario else { return row };
        let step = self.lesson.step(place.step).expect("its place is of the lesson");
        let (Block::Do(task), Some(stand)) = (&step.blocks[block], self.path.at(place.step, block)) else { return row };
        let moment = Moment { scenario: run.scenario(&self.lesson.lab), at_us: done.at_us };
        let timeline = match replay(self.lab, stand, &moment) {
            Ok(timeline) => timeline,
            Err(sentence) => return Row { verdict: Verdict::DoesNotReplay, sentence, ..row },
        };
        let start = stand.moment.start();
        let acts: Vec<&Timed> = clicks(timeline.inputs(), start.event, moment.scenario.cursor).collect();
        let row = Row { acts: acts.len(), ..row };
        let (verdict, sentence) = match closed(task, &acts) {
            Some(name) => (Verdict::DoesNotReplay, t!("{act} is not open in this task", act = name)),
            None => goals(task, self.lab, stand, &timeline, moment.at_us),
        };
        Row { verdict, sentence, moment: Some(moment), ..row }
    }
}

/// All predictions and tasks of a lesson, with the place of each one's block in its step.
fn places(lesson: &Lesson) -> impl Iterator<Item = (Place, usize)> {
    lesson.steps.iter().flat_map(|step| {
        let (mut predictions, mut tasks) = (0, 0);
        step.blocks.iter().enumerate().filter_map(move |(block, it)| {
            let (kind, number) = match it {
                Block::Predict(_) => (Kind::Predict, &mut predictions),
                Block::Do(_) => (Kind::Do, &mut tasks),
                _ => return None,
            };
            *number += 1;
            Some((Place { step: step.number, kind, number: *number }, block))
        })
    })
}

fn judge(prediction: &Prediction, revealed: &Revealed<'_>, answer: &Answer) -> Result<Judged, Mistake> {
    let feedback = revealed.judge(answer)?;
    let right: Vec<String> = feedback.right.iter().map(|right| in_words(prediction, right)).collect();
    // Of several ticks, those are wrong that should not be there or are missing.
    let meant: Vec<usize> = match (&prediction.kind, answer, feedback.right.first()) {
        (PredictionKind::Any, Answer::Choices(chosen), Some(Answer::Choices(right))) => feedback
            .remarks
            .into_iter()
            .filter(|place| chosen.contains(&(place + 1)) != right.contains(&(place + 1)))
            .collect(),
        _ => feedback.remarks,
    };
    let choices = || meant.iter().filter_map(|place| prediction.choices.get(*place));
    let tags = match feedback.is_right {
        true => Vec::new(),
        false => choices().filter_map(|choice| choice.tag.clone()).collect(),
    };
    let say: Vec<&str> = choices().map(|choice| choice.say.text.as_str()).collect();
    Ok(Judged {
        is_right: feedback.is_right,
        right: excerpt(&right.join(" | "), QUOTED),
        tags,
        sentence: said(say.join(" ")),
    })
}

/// An answer as it stands in tables.
pub fn in_words(prediction: &Prediction, answer: &Answer) -> String {
    let words = match answer {
        Answer::Choices(places) => places.iter().map(usize::to_string).collect::<Vec<_>>().join(" "),
        Answer::Number(number) => match &prediction.kind {
            PredictionKind::Number { unit, .. } => in_unit(*number, unit),
            _ => number.to_string(),
        },
        Answer::Node(label) => label.clone(),
        Answer::Message(id) => id.to_string(),
    };
    excerpt(&words, QUOTED)
}

/// A number in the unit in which it is asked for; it is counted in microseconds where that is one of time.
fn in_unit(number: i64, unit: &str) -> String {
    let one: u64 = match unit {
        "s" => 1_000_000,
        "ms" => 1_000,
        _ => return format!("{number} {unit}").trim_end().to_string(),
    };
    let sign = if number < 0 { "-" } else { "" };
    let (whole, rest) = (number.unsigned_abs() / one, number.unsigned_abs() % one);
    let digits = one.ilog10() as usize;
    let rest = format!(".{rest:0digits$}");
    format!("{sign}{whole}{} {unit}", rest.trim_end_matches('0').trim_end_matches('.'))
}

/// The run up to a moment, if a student can have come there from where the task begins.
fn replay(lab: &'static dyn AnyLab, stand: &Stand, moment: &Moment) -> Result<Timeline, Text> {
    let (begun, scenario) = (&stand.moment.scenario, &moment.scenario);
    let start = stand.moment.start();
    let before = |event: u64| move |timed: &&Timed| timed.after_event < event;
    let settings = World::new(lab, scenario.settings.clone(), scenario.seed)?;
    let begun_settings = World::new(lab, begun.settings.clone(), begun.seed)?;
    if settings.settings() != begun_settings.settings() || scenario.seed != begun.seed {
        return Err(t!("the run begins with other settings or another seed than the task"));
    }
    if !scenario.inputs.is_sorted_by_key(|timed| timed.after_event) {
        return Err(t!("the acts of the run are not in their order"));
    }
    let is_begun =
        scenario.inputs.iter().filter(before(start.event)).eq(begun.inputs.iter().filter(before(start.event)));
    let is_later =
        scenario.inputs.iter().filter(|timed| timed.after_event >= start.event).all(|timed| timed.at_us >= start.at_us);
    if !is_begun || !is_later || scenario.cursor < start.event || moment.at_us < start.at_us {
        return Err(t!("the run does not begin where the task does"));
    }
    if scenario.cursor - start.event > MOST_EVENTS {
        return Err(t!("the run has more than {most} events", most = MOST_EVENTS));
    }
    let mut scenario = scenario.clone();
    scenario.inputs.retain(|timed| timed.after_event < scenario.cursor);
    let timeline = Moment { scenario: scenario.clone(), at_us: moment.at_us }.open(lab)?;
    // What is impossible is thrown out while it is replayed.
    if timeline.world().event() != scenario.cursor || timeline.inputs() != scenario.inputs {
        return Err(t!("something in the run is impossible"));
    }
    let at_us = timeline.world().now_us()..=timeline.next_at_us().unwrap_or(u64::MAX);
    match at_us.contains(&moment.at_us) {
        true => Ok(timeline),
        false => Err(t!("at the end of the run it is not the time that the file says")),
    }
}

/// The first act that a task leaves closed.
fn closed(task: &Task, acts: &[&Timed]) -> Option<String> {
    let only = task.only.as_ref()?;
    let name = |timed: &&Timed| match &timed.input {
        Input::Set { name, .. } => name.clone(),
        input => input.name().to_string(),
    };
    acts.iter().map(name).find(|name| !only.contains(name))
}

/// Whether all goals are met, and which are not.
fn goals(task: &Task, lab: &'static dyn AnyLab, stand: &Stand, timeline: &Timeline, at_us: u64) -> (Verdict, Text) {
    let standings = match Watch::new(task, lab, &stand.moment).judge(timeline, at_us) {
        Ok(standings) => standings,
        Err(mistake) => return (Verdict::DoesNotReplay, said(mistake.sentence)),
    };
    let is_open = |standing: &Standing| *standing != Standing::Met;
    let open: Vec<String> = task
        .goals
        .iter()
        .zip(&standings)
        .filter(|(_, standing)| is_open(standing))
        .map(|(goal, _)| goal.text.plain())
        .collect();
    match open.is_empty() {
        true => (Verdict::Met, t!("all goals are met")),
        false => (Verdict::NotMet, t!("not met: {goals}", goals = excerpt(&open.join("; "), 4 * QUOTED))),
    }
}

/// What somebody has written, in one line.
fn said(sentence: impl AsRef<str>) -> Text {
    Text::verbatim(excerpt(&sentence.as_ref().split_whitespace().collect::<Vec<_>>().join(" "), 5 * QUOTED))
}
