//! How a prediction comes out, and what that says of an answer.

use serde::{Deserialize, Serialize};
use sim::frame::Message;
use sim::{AnyLab, MessageId, Text};

use crate::course::{Course, Moment};
use crate::expression::Expression;
use crate::judge::{self, Eye, It, Other, Shown};
use crate::lesson::{Prediction, PredictionKind, Show, Within};
use crate::mistake::{Mistake, Slip};
use crate::patience::Patience;
use crate::runner::{Runner, Stand};
use crate::script::Script;
use crate::value::Value;

/// What somebody predicts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// The places of the choices that are ticked, counted from 1.
    Choices(Vec<usize>),
    /// A number, in the unit in which conditions count: a time in microseconds.
    Number(i64),
    /// The label of a node.
    Node(String),
    /// A message.
    Message(MessageId),
}

/// What is said to an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feedback {
    pub is_right: bool,
    /// The choices, or the remark, whose `say` is meant for it, counted from 0.
    pub remarks: Vec<usize>,
    /// What was right: places of choices counted from 1, the number, or a node.
    pub right: Vec<Answer>,
}

/// A prediction after its reveal.
#[derive(Clone, Debug)]
pub struct Revealed<'l> {
    prediction: &'l Prediction,
    lab: &'static dyn AnyLab,
    stand: &'l Stand,
    /// The messages under way when it was asked.
    messages: Vec<Message>,
    ways: Vec<(&'l str, Course)>,
}

impl<'l> Revealed<'l> {
    /// Lets the moment go on in these ways.
    ///
    /// # Errors
    ///
    /// The first statement that cannot be carried out.
    pub fn new(
        prediction: &'l Prediction,
        ways: &'l [(String, Script)],
        lab: &'static dyn AnyLab,
        stand: &'l Stand,
    ) -> Result<Revealed<'l>, Mistake> {
        Revealed::within(prediction, ways, lab, stand, Patience::default())
    }

    /// The same, as long as there is patience.
    pub(crate) fn within(
        prediction: &'l Prediction,
        ways: &'l [(String, Script)],
        lab: &'static dyn AnyLab,
        stand: &'l Stand,
        patience: Patience,
    ) -> Result<Revealed<'l>, Mistake> {
        let refused = |refusal: Text| Mistake::new(prediction.line, 1, refusal.to_string());
        let mut courses = Vec::new();
        for (name, script) in ways {
            let mut runner = Runner::at_within(lab, stand, patience.clone()).map_err(refused)?;
            runner.run(script)?;
            courses.push((name.as_str(), runner.course(stand.moment.start())));
        }
        if courses.is_empty() {
            return Err(Mistake::new(
                prediction.line,
                1,
                "reveal: next wants a question after it that says how both come out",
            ));
        }
        let messages = stand.moment.open(lab).map_err(refused)?.world().shown().messages;
        Ok(Revealed { prediction, lab, stand, messages, ways: courses })
    }

    /// Where each way ends, with its name.
    pub fn ends(&self) -> Vec<(&'l str, Moment)> {
        let end = |course: &Course| crate::course::moment(self.lab, &course.timeline, course.now_us);
        self.ways.iter().map(|(name, course)| (*name, end(course))).collect()
    }

    /// What is said to an answer.
    ///
    /// # Errors
    ///
    /// A condition that cannot be asked, or an answer of another kind.
    pub fn judge(&self, answer: &Answer) -> Result<Feedback, Mistake> {
        match (&self.prediction.kind, answer) {
            (PredictionKind::One | PredictionKind::Any, Answer::Choices(chosen)) => {
                let truths = self.truths()?;
                let right: Vec<usize> = (1..=truths.len()).filter(|place| truths[place - 1]).collect();
                let mut chosen: Vec<usize> =
                    chosen.iter().copied().filter(|place| (1..=truths.len()).contains(place)).collect();
                chosen.sort_unstable();
                chosen.dedup();
                let is_right = match self.prediction.kind {
                    PredictionKind::One => chosen.len() == 1 && right.contains(&chosen[0]),
                    _ => chosen == right,
                };
                let meant = if matches!(self.prediction.kind, PredictionKind::One) {
                    chosen
                } else {
                    (1..=truths.len()).collect()
                };
                let remarks = meant.into_iter().map(|place| place - 1).collect();
                Ok(Feedback { is_right, remarks, right: vec![Answer::Choices(right)] })
            }
            (PredictionKind::Number { .. }, Answer::Number(number)) => {
                let (value, tolerance) = self.number()?;
                let is_right = number.abs_diff(value) <= tolerance;
                let it = It::Value(Value::Number(*number));
                self.remark(is_right, &it, Some(value), vec![Answer::Number(value)])
            }
            (PredictionKind::Node { right }, Answer::Node(label)) => {
                let is_right = self.is_right_node(right, label)?;
                let nodes = self.right_nodes(right)?.into_iter().map(Answer::Node).collect();
                self.remark(is_right, &It::Value(Value::word(label)), None, nodes)
            }
            (PredictionKind::Message { right }, Answer::Message(id)) => {
                let message = self.messages.iter().find(|message| message.id == *id);
                let message = message.ok_or_else(|| self.mistake("this message was not under way"))?;
                let is_right = self.is_true(right, Some(&It::Message(message)), None)?;
                let mut all = Vec::new();
                for message in &self.messages {
                    if self.is_true(right, Some(&It::Message(message)), None)? {
                        all.push(Answer::Message(message.id));
                    }
                }
                self.remark(is_right, &It::Message(message), None, all)
            }
            _ => Err(self.mistake("this is an answer to another kind of question")),
        }
    }

    /// The moment at which it can be seen why a choice or a remark is as it is; none where nothing says so.
    ///
    /// # Errors
    ///
    /// A condition that cannot be asked, or a moment that never comes.
    pub fn show(&self, choice: usize) -> Result<Option<Moment>, Mistake> {
        let Some(show) = self.prediction.choices.get(choice).and_then(|choice| choice.show.as_ref()) else {
            return Ok(None);
        };
        match show {
            Show::First(condition) => {
                let course = &self.ways[0].1;
                let event = course.first(condition)?;
                let event = event.ok_or_else(|| {
                    Mistake::new(
                        condition.line,
                        condition.column,
                        "this is never so in the reveal: there is nothing to show",
                    )
                })?;
                let mut timeline = course.timeline.clone();
                timeline.seek(event);
                Ok(Some(crate::course::moment(self.lab, &timeline, self.stand.moment.at_us)))
            }
            Show::Run(script) => {
                let patience = self.ways[0].1.patience.clone();
                let runner = Runner::at_within(self.lab, self.stand, patience);
                let mut runner = runner.map_err(|refusal| self.mistake(&refusal.to_string()))?;
                runner.run(script)?;
                Ok(Some(runner.moment()))
            }
        }
    }

    /// Whether each choice is true.
    pub(crate) fn truths(&self) -> Result<Vec<bool>, Mistake> {
        let conditions: Vec<&Expression> = self.prediction.choices.iter().map(|choice| &choice.condition).collect();
        self.judge_all(&conditions, None, None)
    }

    /// The right number, and how far off is near enough.
    pub(crate) fn number(&self) -> Result<(i64, u64), Mistake> {
        let PredictionKind::Number { value, within, .. } = &self.prediction.kind else {
            return Err(self.mistake("no number is asked for"));
        };
        let number = match self.values(&[value], None, None)?.pop() {
            Some(Value::Number(number)) => number,
            other => {
                let other = other.unwrap_or(Value::Nothing);
                return Err(Mistake::new(
                    value.line,
                    value.column,
                    format!("this is no number at the reveal, but {other}"),
                ));
            }
        };
        let tolerance = match within {
            Within::Percent(percent) => number.saturating_abs().saturating_mul(*percent) / 100,
            Within::Amount(amount) => *amount,
        };
        Ok((number, tolerance.unsigned_abs()))
    }

    /// The nodes that are right.
    pub(crate) fn right_nodes(&self, right: &Expression) -> Result<Vec<String>, Mistake> {
        let mut found = Vec::new();
        for label in self.labels() {
            if self.is_right_node(right, &label)? {
                found.push(label);
            }
        }
        Ok(found)
    }

    /// The line of a remark.
    pub(crate) fn line_of(&self, remark: usize) -> usize {
        self.prediction.choices[remark].line
    }

    /// The labels of all nodes.
    pub(crate) fn labels(&self) -> Vec<String> {
        let world = self.ways[0].1.timeline.world();
        world.nodes().ids().map(|node| world.label(node).to_string()).collect()
    }

    /// The messages that can be chosen.
    pub(crate) fn messages(&self) -> &[Message] {
        &self.messages
    }

    fn is_right_node(&self, right: &Expression, label: &str) -> Result<bool, Mistake> {
        if !self.labels().iter().any(|known| known == label) {
            return Err(self.mistake(&format!("there is no node {}", sim::text::excerpt(label, sim::text::QUOTED))));
        }
        self.is_true(right, Some(&It::Value(Value::word(label))), None)
    }

    /// The first remark that is true of an answer; none for a right one.
    fn remark(&self, is_right: bool, it: &It<'_>, value: Option<i64>, right: Vec<Answer>) -> Result<Feedback, Mistake> {
        let conditions: Vec<&Expression> = self.prediction.choices.iter().map(|choice| &choice.condition).collect();
        let said = self.judge_all(&conditions, Some(it), value)?;
        let remarks = said.iter().position(|is_so| *is_so).into_iter().collect();
        Ok(Feedback { is_right, remarks, right })
    }

    fn is_true(&self, condition: &Expression, it: Option<&It<'_>>, value: Option<i64>) -> Result<bool, Mistake> {
        Ok(self.judge_all(&[condition], it, value)?[0])
    }

    fn judge_all(
        &self,
        conditions: &[&Expression],
        it: Option<&It<'_>>,
        value: Option<i64>,
    ) -> Result<Vec<bool>, Mistake> {
        Ok(self.values(conditions, it, value)?.iter().map(Value::is_true).collect())
    }

    /// What these are at the end of the first way, where all others can be asked too.
    pub(crate) fn values(
        &self,
        expressions: &[&Expression],
        it: Option<&It<'_>>,
        value: Option<i64>,
    ) -> Result<Vec<Value>, Mistake> {
        let remembered = self.ways.iter().map(|(_, course)| course.remember(expressions, it));
        let remembered = remembered.collect::<Result<Vec<_>, _>>()?;
        let mut values = Vec::new();
        let shown = Shown::new();
        let first = &self.ways[0].1;
        let nodes = first.timeline.world().nodes().len();
        for (place, expression) in expressions.iter().enumerate() {
            let too_much = |sentence| expression.mistake(Slip::new(0, sentence));
            first.patience.spend(expression.cost(nodes)).map_err(too_much)?;
            let others: Vec<Other<'_>> = self
                .ways
                .iter()
                .zip(&remembered)
                .map(|((name, course), registers)| Other { name, course, registers: &registers[place] })
                .collect();
            let eye = Eye::at_end(first, &remembered[0][place]).among(&others).with_it(it, value);
            values.push(judge::eval(expression, &eye, &shown)?.value);
        }
        Ok(values)
    }

    fn mistake(&self, sentence: &str) -> Mistake {
        Mistake::new(self.prediction.line, 1, sentence)
    }
}
