//! What a condition is at a moment.
//!
//! A truth has three values (Kleene 1952, *Introduction to Metamathematics*, section 64): it is so, it is not so yet, and it can no
//! longer become otherwise. Numbers say whether they only grow: so `actions <= 2` is lost for good with the third act.

use std::borrow::Cow;
use std::cell::OnceCell;

use sim::frame::{CellState, Frame, Message, Node, Status, TraceEvent};
use sim::history::Outcome as Ending;
use sim::{AnyLab, Check, Judge, NodeId, Outcome, Text, Timed, World};

use crate::course::{Course, Start, clicks};
use crate::expression::{Expression, Kind, NAMES, Operator, Term};
use crate::mistake::{Mistake, Slip, unknown};
use crate::value::Value;

/// A value, and whether it can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) value: Value,
    pub(crate) trend: Trend,
}

/// What more events can do to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trend {
    Settled,
    Grows,
    Falls,
    Open,
}

/// What a word remembers of the events that it has seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Register {
    /// How often, or the extreme so far.
    number: Option<i64>,
    /// When it was so first.
    first_us: Option<u64>,
    /// Since when it has been so without a break.
    since_us: Option<u64>,
    /// The event that made it so.
    pub(crate) event: Option<u64>,
    /// Whether it was ever otherwise.
    is_broken: bool,
}

/// Another run that can be asked.
pub(crate) struct Other<'a> {
    pub(crate) name: &'a str,
    pub(crate) course: &'a Course,
    /// What each expression that is asked remembers of it.
    pub(crate) registers: &'a [Register],
}

/// Who looks at a moment.
#[derive(Clone, Copy)]
pub(crate) struct Eye<'a> {
    pub(crate) lab: &'static dyn AnyLab,
    pub(crate) world: &'a World,
    inputs: &'a [Timed],
    pub(crate) start: Start,
    /// The moment, in microseconds of virtual time.
    pub(crate) now_us: u64,
    pub(crate) registers: &'a [Register],
    /// The answer, or the node that is counted.
    it: Option<&'a It<'a>>,
    /// The right number.
    value: Option<i64>,
    /// The runs that a moment goes on in.
    others: &'a [Other<'a>],
    /// The whole run, where more than the moment is asked.
    course: Option<&'a Course>,
    /// The frame of a node that knows only its past.
    known: Option<&'a Frame>,
    /// Whether what takes long is asked too.
    is_thorough: bool,
}

/// What `it` stands for.
pub(crate) enum It<'a> {
    Value(Value),
    Node(NodeId),
    Message(&'a Message),
}

/// What is asked of a moment more than once, made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    frame: OnceCell<Frame>,
    roles: OnceCell<Vec<Text>>,
    event: OnceCell<TraceEvent>,
    /// The same at all moments.
    checks: OnceCell<Vec<Check>>,
}

impl Shown {
    pub(crate) fn new() -> Shown {
        Shown::default()
    }

    /// The next moment has come.
    pub(crate) fn turn(&mut self) {
        self.frame.take();
        self.roles.take();
        self.event.take();
    }

    fn event(&self, eye: &Eye<'_>) -> &TraceEvent {
        self.event.get_or_init(|| eye.course.map_or_else(|| eye.world.last_event(), Course::last_event))
    }
}

type Found = Result<Judged, Slip>;

impl<'a> Eye<'a> {
    pub(crate) fn new(
        lab: &'static dyn AnyLab,
        world: &'a World,
        inputs: &'a [Timed],
        start: Start,
        now_us: u64,
    ) -> Eye<'a> {
        Eye {
            lab,
            world,
            inputs,
            start,
            now_us,
            registers: &[],
            it: None,
            value: None,
            others: &[],
            course: None,
            known: None,
            is_thorough: false,
        }
    }

    /// The end of a stretch, where all can be asked.
    pub(crate) fn at_end(course: &'a Course, registers: &'a [Register]) -> Eye<'a> {
        let eye = Eye::new(course.lab, course.timeline.world(), course.timeline.inputs(), course.start, course.now_us);
        Eye { registers, course: Some(course), is_thorough: true, ..eye }
    }

    pub(crate) fn with_it(self, it: Option<&'a It<'a>>, value: Option<i64>) -> Eye<'a> {
        Eye { it, value, ..self }
    }

    pub(crate) fn among(self, others: &'a [Other<'a>]) -> Eye<'a> {
        Eye { others, ..self }
    }

    pub(crate) fn remembering(self, registers: &'a [Register]) -> Eye<'a> {
        Eye { registers, ..self }
    }

    fn recorded(self) -> bool {
        self.world.event() > self.start.event
    }
}

/// What an expression is.
pub(crate) fn eval(expression: &Expression, eye: &Eye<'_>, shown: &Shown) -> Result<Judged, Mistake> {
    term(&expression.root, eye, shown).map_err(|slip| expression.mistake(slip))
}

/// Lets an expression remember a moment: the start of the block, and then each event.
pub(crate) fn observe(
    expression: &Expression,
    eye: &Eye<'_>,
    shown: &Shown,
    registers: &mut [Register],
) -> Result<(), Mistake> {
    if registers.is_empty() {
        return Ok(());
    }
    remember(&expression.root, eye, shown, registers).map_err(|slip| expression.mistake(slip))
}

/// The innermost words first, since others look at them.
fn remember(term: &Term, eye: &Eye<'_>, shown: &Shown, registers: &mut [Register]) -> Result<(), Slip> {
    match &term.kind {
        Kind::Number(_) | Kind::Quoted(_) | Kind::Name(_) => Ok(()),
        // A run of its own remembers for itself.
        Kind::Call(word, _) if word.name == "trials" => Ok(()),
        Kind::Call(_, parts) => parts.iter().try_for_each(|part| remember(part, eye, shown, registers)),
        Kind::Not(part) => remember(part, eye, shown, registers),
        Kind::Two(_, left, right) => {
            remember(left, eye, shown, registers)?;
            remember(right, eye, shown, registers)
        }
        Kind::Over(word, place, parts) => {
            parts.iter().try_for_each(|part| remember(part, eye, shown, registers))?;
            let here = Eye { registers, ..*eye };
            let mut register = registers[*place];
            note(word.name, parts, &here, shown, &mut register)?;
            registers[*place] = register;
            Ok(())
        }
    }
}

fn note(word: &str, parts: &[Term], eye: &Eye<'_>, shown: &Shown, register: &mut Register) -> Result<(), Slip> {
    let is_so = |part: &Term| term(part, eye, shown).map(|judged| judged.value.is_true());
    let event = eye.world.event();
    match word {
        "events" | "lost" => {
            let more = if !eye.recorded() {
                0
            } else if word == "events" {
                i64::from(is_event(parts, eye, shown)?)
            } else {
                Value::count(messages(&shown.event(eye).lost, parts, eye)?.len()).number().unwrap_or(0)
            };
            register.number = Some(register.number.unwrap_or(0).saturating_add(more));
        }
        "most" | "least" => {
            if let Value::Number(number) = term(&parts[0], eye, shown)?.value {
                let best = |old: i64| if word == "most" { old.max(number) } else { old.min(number) };
                register.number = Some(register.number.map_or(number, best));
            }
        }
        "ever" | "never" => {
            if register.first_us.is_none() && is_so(&parts[0])? {
                (register.first_us, register.event) = (Some(eye.now_us), Some(event));
            }
        }
        "always" => {
            if !register.is_broken && !is_so(&parts[0])? {
                (register.is_broken, register.event) = (true, Some(event));
            }
        }
        "during" => {
            if !register.is_broken && is_so(&parts[0])? {
                register.first_us.get_or_insert(eye.now_us);
                if !is_so(&parts[1])? {
                    (register.is_broken, register.event) = (true, Some(event));
                }
            }
        }
        "within" => {
            let limit_us = span(&parts[0], eye, shown)?;
            let from_us = match parts {
                [_, _] => Some(eye.start.at_us),
                _ => {
                    if register.first_us.is_none() && is_so(&parts[1])? {
                        register.first_us = Some(eye.now_us);
                    }
                    register.first_us
                }
            };
            let in_time = from_us.is_some_and(|from_us| eye.now_us - from_us <= limit_us);
            if in_time && register.event.is_none() && is_so(&parts[parts.len() - 1])? {
                register.event = Some(event);
            }
        }
        // lasting
        _ => {
            if is_so(&parts[1])? {
                register.since_us.get_or_insert(eye.now_us);
            } else {
                register.since_us = None;
            }
        }
    }
    Ok(())
}

fn term(part: &Term, eye: &Eye<'_>, shown: &Shown) -> Found {
    match &part.kind {
        Kind::Number(number) => Ok(settled(Value::Number(*number))),
        Kind::Quoted(text) => Ok(settled(Value::word(text))),
        Kind::Name(name) if NAMES.contains(&name.as_str()) => name_of(part.at, name, eye, shown),
        Kind::Name(name) => Ok(settled(Value::word(name))),
        Kind::Not(inner) => {
            let Judged { value, trend } = term(inner, eye, shown)?;
            Ok(Judged { value: Value::Truth(!value.is_true()), trend: only_settled(trend) })
        }
        Kind::Two(operator @ (Operator::And | Operator::Or), left, right) => {
            // With “and” what is false decides, with “or” what is true.
            let decides = *operator == Operator::Or;
            let left = term(left, eye, shown)?;
            if left.value.is_true() == decides && left.trend == Trend::Settled {
                return Ok(settled(Value::Truth(decides)));
            }
            let right = term(right, eye, shown)?;
            let both = [&left, &right];
            let is_decided = both.iter().any(|one| one.value.is_true() == decides);
            let stays = both.iter().any(|one| one.value.is_true() == decides && one.trend == Trend::Settled)
                || both.iter().all(|one| one.trend == Trend::Settled);
            let value = Value::Truth(if is_decided { decides } else { !decides });
            Ok(Judged { value, trend: if stays { Trend::Settled } else { Trend::Open } })
        }
        Kind::Two(operator, left, right) => {
            if let Some(asked) = role_and_word(*operator, left, right) {
                let is_so = reads(role(eye, shown, node(asked, eye)?), &plain(right)?);
                return Ok(truth(is_so == (*operator == Operator::Equal)));
            }
            let (left, right) = (term(left, eye, shown)?, term(right, eye, shown)?);
            Ok(join(*operator, left, right))
        }
        Kind::Over(word, place, parts) => looked_back(word.name, parts, eye, shown, eye.registers.get(*place)),
        Kind::Call(word, parts) => asked(part.at, word.name, parts, eye, shown),
    }
}

/// Whose role is compared with a word, if that is all: what is asked most often is compared without a copy.
fn role_and_word<'t>(operator: Operator, left: &'t Term, right: &Term) -> Option<&'t Term> {
    let is_word = match &right.kind {
        Kind::Quoted(_) => true,
        Kind::Name(name) => !NAMES.contains(&name.as_str()),
        _ => false,
    };
    match &left.kind {
        Kind::Call(word, parts) if word.name == "role" && is_word => {
            matches!(operator, Operator::Equal | Operator::Unequal).then_some(&parts[0])
        }
        _ => None,
    }
}

fn settled(value: Value) -> Judged {
    Judged { value, trend: Trend::Settled }
}

fn open(value: Value) -> Judged {
    Judged { value, trend: Trend::Open }
}

fn truth(truth: bool) -> Judged {
    open(Value::Truth(truth))
}

/// A truth that stays when it is this.
fn truth_for_good(truth: bool, stays: bool) -> Judged {
    Judged { value: Value::Truth(truth), trend: if truth == stays { Trend::Settled } else { Trend::Open } }
}

fn grows(number: i64) -> Judged {
    Judged { value: Value::Number(number), trend: Trend::Grows }
}

fn only_settled(trend: Trend) -> Trend {
    if trend == Trend::Settled { Trend::Settled } else { Trend::Open }
}

fn join(operator: Operator, left: Judged, right: Judged) -> Judged {
    let trend = match (left.trend, right.trend) {
        (Trend::Settled, Trend::Settled) => Trend::Settled,
        (Trend::Grows, Trend::Settled | Trend::Falls) | (Trend::Settled, Trend::Falls) => Trend::Grows,
        (Trend::Falls, Trend::Settled | Trend::Grows) | (Trend::Settled, Trend::Grows) => Trend::Falls,
        _ => Trend::Open,
    };
    let both_settled = left.trend == Trend::Settled && right.trend == Trend::Settled;
    let (a, b) = match (&left.value, &right.value) {
        (Value::Number(a), Value::Number(b)) => (*a, *b),
        (Value::Nothing, _) | (_, Value::Nothing) => {
            return Judged { value: Value::Truth(false), trend: only_settled(trend) };
        }
        (a, b) => {
            let is_so = match (operator, a, b) {
                (Operator::Equal, a, b) => a == b,
                (Operator::Unequal, a, b) => a != b,
                (Operator::Has, Value::Word(a), Value::Word(b)) => a.contains(b.as_str()),
                _ => false,
            };
            return Judged {
                value: Value::Truth(is_so),
                trend: if both_settled { Trend::Settled } else { Trend::Open },
            };
        }
    };
    let sum = |number: i64, both: [Trend; 2]| {
        let trend = match both {
            [Trend::Settled, Trend::Settled] => Trend::Settled,
            [Trend::Grows | Trend::Settled, Trend::Grows | Trend::Settled] => Trend::Grows,
            [Trend::Falls | Trend::Settled, Trend::Falls | Trend::Settled] => Trend::Falls,
            _ => Trend::Open,
        };
        Judged { value: Value::Number(number), trend }
    };
    // The trend of the difference decides whether a comparison can still change.
    let compare = |is_so: bool| {
        let stays = match trend {
            Trend::Settled => true,
            Trend::Grows => match operator {
                Operator::Less | Operator::AtMost => !is_so,
                Operator::More | Operator::AtLeast => is_so,
                _ => a > b,
            },
            Trend::Falls => match operator {
                Operator::Less | Operator::AtMost => is_so,
                Operator::More | Operator::AtLeast => !is_so,
                _ => a < b,
            },
            Trend::Open => false,
        };
        Judged { value: Value::Truth(is_so), trend: if stays { Trend::Settled } else { Trend::Open } }
    };
    match operator {
        Operator::Equal => compare(a == b),
        Operator::Unequal => compare(a != b),
        Operator::Less => compare(a < b),
        Operator::AtMost => compare(a <= b),
        Operator::More => compare(a > b),
        Operator::AtLeast => compare(a >= b),
        Operator::Plus => sum(a.saturating_add(b), [left.trend, right.trend]),
        Operator::Minus => Judged { value: Value::Number(a.saturating_sub(b)), trend },
        Operator::Times => Judged {
            value: Value::Number(a.saturating_mul(b)),
            trend: if both_settled { Trend::Settled } else { Trend::Open },
        },
        Operator::Has | Operator::And | Operator::Or => truth(false),
    }
}

fn name_of(at: usize, name: &str, eye: &Eye<'_>, shown: &Shown) -> Found {
    Ok(match name {
        "true" => settled(Value::Truth(true)),
        "false" => settled(Value::Truth(false)),
        "nothing" => settled(Value::Nothing),
        "it" => match eye.it {
            Some(It::Value(value)) => settled(value.clone()),
            Some(It::Node(node)) => settled(Value::word(eye.world.label(*node))),
            Some(It::Message(_)) => {
                return Err(Slip::new(at, "a message is asked about in brackets: to(it), label(it)"));
            }
            None => return Err(Slip::new(at, "“it” means something in count(…) and where there is an answer")),
        },
        "value" => match eye.value {
            Some(value) => settled(Value::Number(value)),
            None => return Err(Slip::new(at, "“value” means something in the remarks of “predict number”")),
        },
        "time" => grows(whole(eye.now_us)),
        "elapsed" => grows(whole(eye.now_us.saturating_sub(eye.start.at_us))),
        "event" if eye.recorded() => open(Value::word(shown.event(eye).caption.headline.to_string())),
        "event" => open(Value::Nothing),
        "actions" => grows(whole(clicks(eye.inputs, eye.start.event, eye.world.event()).count() as u64)),
        // The four judgements of a history.
        criterion if eye.is_thorough => judged_history(at, criterion, eye)?,
        _ => open(Value::Nothing),
    })
}

/// What it costs to judge a history, and what each of its operations adds to that.
const JUDGEMENT: u64 = 10_000;
const JUDGED: u64 = 100;

fn judged_history(at: usize, criterion: &str, eye: &Eye<'_>) -> Found {
    let model =
        eye.lab.model().ok_or_else(|| Slip::new(at, "the clients of this lab record nothing that could be judged"))?;
    if let Some(course) = eye.course {
        let cost = JUDGEMENT + JUDGED * eye.world.history().len() as u64;
        course.patience.spend(cost).map_err(|sentence| Slip::new(at, sentence))?;
    }
    let all = eye.world.consistency(&model);
    let judged = all.judgements.iter().find(|judged| judged.criterion.name() == criterion);
    Ok(truth(judged.is_some_and(|judged| judged.holds == sim::history::consistency::Holds::Yes)))
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn span(part: &Term, eye: &Eye<'_>, shown: &Shown) -> Result<u64, Slip> {
    match term(part, eye, shown)?.value {
        Value::Number(us) if us >= 0 => Ok(us as u64),
        _ => Err(Slip::new(part.at, "a time is wanted here: 2 s")),
    }
}

/// What a word that looks back says of what it remembers.
fn looked_back(word: &str, parts: &[Term], eye: &Eye<'_>, shown: &Shown, register: Option<&Register>) -> Found {
    let register = register.copied().unwrap_or_default();
    Ok(match word {
        "events" | "lost" => grows(register.number.unwrap_or(0)),
        "most" | "least" => Judged {
            value: register.number.map_or(Value::Nothing, Value::Number),
            trend: if word == "most" { Trend::Grows } else { Trend::Falls },
        },
        "ever" => truth_for_good(register.first_us.is_some(), true),
        "never" => truth_for_good(register.first_us.is_none(), false),
        "always" => truth_for_good(!register.is_broken, false),
        "during" if register.is_broken => settled(Value::Truth(false)),
        "during" => truth(register.first_us.is_some()),
        "within" if register.event.is_some() => settled(Value::Truth(true)),
        "within" => {
            let limit_us = span(&parts[0], eye, shown)?;
            let from_us = if parts.len() == 2 { Some(eye.start.at_us) } else { register.first_us };
            let is_over = from_us.is_some_and(|from_us| eye.now_us - from_us > limit_us);
            if is_over { settled(Value::Truth(false)) } else { truth(false) }
        }
        _ => {
            let long_us = span(&parts[0], eye, shown)?;
            truth(register.since_us.is_some_and(|since_us| eye.now_us - since_us >= long_us))
        }
    })
}

/// What is asked of the moment, or of more than this one run.
fn asked(at: usize, word: &str, parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Found {
    Ok(match word {
        "at-end" => term(&parts[0], eye, shown)?,
        "kept" | "broken" | "seen" | "reached" => check(at, word, &parts[0], eye, shown)?,
        "nodes" => {
            let role = plain(&parts[0])?;
            open(Value::count(ids(eye).filter(|node| is_role(eye, shown, *node, &role)).count()))
        }
        "count" => {
            let mut count = 0;
            for node in ids(eye) {
                let it = It::Node(node);
                count += usize::from(term(&parts[0], &Eye { it: Some(&it), ..*eye }, shown)?.value.is_true());
            }
            open(Value::count(count))
        }
        "role" => open(Value::word(role(eye, shown, node(&parts[0], eye)?).to_string())),
        "up" | "crashed" | "paused" | "off" => {
            let status = status(eye, node(&parts[0], eye)?);
            let wanted = match word {
                "up" => Status::Up,
                "crashed" => Status::Crashed,
                "paused" => Status::Paused,
                _ => Status::Off,
            };
            truth(status == wanted)
        }
        "lies" => {
            let node = node(&parts[0], eye)?;
            truth(
                eye.known
                    .map_or_else(|| eye.world.nodes().lies(node), |known| known.nodes[node.index()].lies)
                    .is_some(),
            )
        }
        "badge" | "tag" | "era" | "field" | "cells" | "cell" | "queue" | "busy" => {
            open(of_node(word, parts, &frame(eye, shown).nodes[node(&parts[0], eye)?.index()])?)
        }
        "messages" => open(Value::count(messages(&frame(eye, shown).messages, parts, eye)?.len())),
        "from" | "to" | "label" | "arrived" => of_message(at, word, eye)?,
        "waits" | "answer" => of_client(word, node(&parts[0], eye)?, eye),
        "used" => {
            let target = parts.get(1).map(plain).transpose()?;
            let name = plain(&parts[0])?;
            let used = clicks(eye.inputs, eye.start.event, eye.world.event());
            grows(whole(used.filter(|timed| is_used(timed, &name, target.as_deref())).count() as u64))
        }
        "setting" | "rule" => setting(&parts[0], eye)?,
        "measure" => {
            let name = plain(&parts[0])?;
            let of = parts.get(1).map(|part| node(part, eye)).transpose()?;
            let all = eye.world.measures();
            let found = all.iter().find(|measure| measure.name == name && measure.node == of);
            match found {
                Some(measure) => open(Value::Number(measure.value)),
                None if all.iter().any(|measure| measure.name == name) => open(Value::Nothing),
                None => {
                    return Err(Slip::new(
                        parts[0].at,
                        unknown("measure", &name, all.iter().map(|measure| measure.name)),
                    ));
                }
            }
        }
        "in" => {
            let name = plain(&parts[0])?;
            let other = eye.others.iter().find(|other| other.name == name);
            let names = eye.others.iter().map(|other| other.name);
            let other = other.ok_or_else(|| Slip::new(parts[0].at, unknown("reveal", &name, names)))?;
            term(&parts[1], &Eye::at_end(other.course, other.registers), &Shown::new())?
        }
        "same" => {
            let node = node(&parts[0], eye)?;
            if eye.others.len() < 2 {
                return Err(Slip::new(at, "same(…) compares several reveals: give them names"));
            }
            let noticed = eye.others.iter().map(|other| other.course.noticed(node)).collect::<Result<Vec<_>, _>>();
            let noticed = noticed.map_err(|sentence| Slip::new(at, sentence))?;
            truth(noticed.windows(2).all(|pair| pair[0] == pair[1]))
        }
        "knows" => {
            let node = node(&parts[0], eye)?;
            let course = eye.course.ok_or_else(|| Slip::new(at, "knows(…) is asked at the end of a run"))?;
            let cost = KNOWING * eye.world.nodes().len() as u64;
            course.patience.spend(cost).map_err(|sentence| Slip::new(at, sentence))?;
            let known = course.timeline.known_by(&course.replay_here(), node);
            term(&parts[1], &Eye { known: Some(&known), ..*eye }, &Shown::new())?
        }
        // trials
        _ => trials(at, parts, eye, shown)?,
    })
}

fn ids(eye: &Eye<'_>) -> impl Iterator<Item = NodeId> + use<> {
    eye.world.nodes().ids()
}

/// The word that stands there, which is a name and nothing that is computed.
fn plain(part: &Term) -> Result<Cow<'_, str>, Slip> {
    part.plain().ok_or_else(|| Slip::new(part.at, "a name is wanted here"))
}

/// The node that is named there, or that `it` stands for.
fn node(part: &Term, eye: &Eye<'_>) -> Result<NodeId, Slip> {
    let label = match (&part.kind, eye.it) {
        (Kind::Name(name), Some(It::Node(node))) if name == "it" => return Ok(*node),
        (Kind::Name(name), Some(It::Value(Value::Word(label)))) if name == "it" => Cow::from(label.as_str()),
        (Kind::Name(name), Some(It::Value(_))) if name == "it" => {
            return Err(Slip::new(part.at, "“it” is no node here"));
        }
        (Kind::Call(word, _), Some(It::Message(message))) if word.name == "from" => return Ok(message.from),
        (Kind::Call(word, _), Some(It::Message(message))) if word.name == "to" => return Ok(message.to),
        _ => plain(part)?,
    };
    let known = || ids(eye).map(|node| eye.world.label(node));
    ids(eye)
        .find(|node| eye.world.label(*node) == label)
        .ok_or_else(|| Slip::new(part.at, unknown("node", &label, known())))
}

fn frame<'s>(eye: &Eye<'s>, shown: &'s Shown) -> &'s Frame {
    eye.known.unwrap_or_else(|| shown.frame.get_or_init(|| eye.world.shown()))
}

fn role<'s>(eye: &Eye<'s>, shown: &'s Shown, node: NodeId) -> &'s Text {
    let roles = || ids(eye).map(|node| eye.world.look(node).role).collect();
    match eye.known {
        Some(known) => &known.nodes[node.index()].role,
        None => &shown.roles.get_or_init(roles)[node.index()],
    }
}

fn status(eye: &Eye<'_>, node: NodeId) -> Status {
    eye.known.map_or_else(|| eye.world.nodes().status(node), |known| known.nodes[node.index()].status)
}

fn is_role(eye: &Eye<'_>, shown: &Shown, node: NodeId, wanted: &str) -> bool {
    match (wanted, status(eye, node)) {
        ("crashed", status) => status == Status::Crashed,
        ("off", status) => status == Status::Off,
        ("paused", status) => status == Status::Paused,
        (_, status) if status.is_down() => false,
        (wanted, _) => reads(role(eye, shown, node), wanted),
    }
}

/// Whether a text is this. Most are nothing but their template.
fn reads(text: &Text, wanted: &str) -> bool {
    match text.template().contains('{') {
        false => text.template() == wanted,
        true => text.to_string() == wanted,
    }
}

fn of_node(word: &str, parts: &[Term], node: &Node) -> Result<Value, Slip> {
    Ok(match word {
        "badge" => Value::shown(&node.badge.to_string()),
        "tag" => node.tag.as_ref().map_or(Value::Nothing, |tag| Value::word(tag.to_string())),
        "era" if parts.len() == 1 => node.era.map_or(Value::Nothing, |era| Value::Number(whole(era))),
        "era" => {
            cell(&parts[1], node)?.and_then(|cell| cell.era).map_or(Value::Nothing, |era| Value::Number(whole(era)))
        }
        "field" => {
            let name = plain(&parts[1])?;
            let found = node.fields.iter().find(|field| reads(&field.name, &name));
            found.map_or(Value::Nothing, |field| Value::shown(&field.value.to_string()))
        }
        "cells" => {
            let wanted = parts.get(1).map(plain).transpose()?;
            if let (Some(part), Some(wanted)) = (parts.get(1), &wanted)
                && !CELL_STATES.iter().any(|(name, _)| name == wanted)
            {
                return Err(Slip::new(
                    part.at,
                    unknown("state of cells", wanted, CELL_STATES.iter().map(|(name, _)| *name)),
                ));
            }
            let is_wanted = |state: CellState| {
                wanted
                    .as_deref()
                    .is_none_or(|wanted| CELL_STATES.iter().any(|(name, known)| *name == wanted && *known == state))
            };
            Value::count(node.cells.iter().filter(|cell| is_wanted(cell.state)).count())
        }
        "cell" => match cell(&parts[1], node)? {
            // A cell without a label is known by its era.
            Some(cell) if cell.label.to_string().is_empty() => {
                cell.era.map_or(Value::Nothing, |era| Value::Number(whole(era)))
            }
            Some(cell) => Value::shown(&cell.label.to_string()),
            None => Value::Nothing,
        },
        "queue" => Value::count(node.queue.as_ref().map_or(0, |queue| queue.waiting as usize)),
        // busy, in percent
        _ => Value::Number(node.gauge.as_ref().map_or(0, |gauge| (i64::from(gauge.permille) + 5) / 10)),
    })
}

const CELL_STATES: [(&str, CellState); 5] = [
    ("plain", CellState::Plain),
    ("committed", CellState::Committed),
    ("uncommitted", CellState::Uncommitted),
    ("conflicting", CellState::Conflicting),
    ("unwritten", CellState::Unwritten),
];

/// The cell of this place, counted from 1.
fn cell<'n>(part: &Term, node: &'n Node) -> Result<Option<&'n sim::frame::Cell>, Slip> {
    match part.kind {
        Kind::Number(place) => Ok(usize::try_from(place - 1).ok().and_then(|place| node.cells.get(place))),
        _ => Err(Slip::new(part.at, "the place of a cell is a number, counted from 1")),
    }
}

/// The messages that fit: `messages(election, "Append", from(S1), to(S2), reply)`.
fn messages<'m>(all: &'m [Message], parts: &[Term], eye: &Eye<'_>) -> Result<Vec<&'m Message>, Slip> {
    let mut fitting: Vec<&Message> = all.iter().collect();
    for part in parts {
        match &part.kind {
            Kind::Quoted(text) => fitting.retain(|message| message.label.to_string().starts_with(text.as_str())),
            Kind::Call(word, of) if word.name == "from" || word.name == "to" => {
                let node = node(&of[0], eye)?;
                let is_from = word.name == "from";
                fitting.retain(|message| node == if is_from { message.from } else { message.to });
            }
            Kind::Name(name) => match name.as_str() {
                "reply" => fitting.retain(|message| message.reply),
                "request" => fitting.retain(|message| !message.reply),
                "held" => fitting.retain(|message| message.held),
                name => {
                    let kind = KINDS.iter().position(|kind| *kind == name);
                    let kind = kind.ok_or_else(|| Slip::new(part.at, unknown("kind of message", name, KINDS)))?;
                    fitting.retain(|message| message.kind == sim::frame::MessageKind::ALL[kind]);
                }
            },
            _ => {
                return Err(Slip::new(
                    part.at,
                    "messages are chosen by a kind, \"how they begin\", from(S1), to(S2), reply",
                ));
            }
        }
    }
    Ok(fitting)
}

pub(crate) const KINDS: [&str; 4] = ["election", "replication", "client", "other"];

/// Whether the last event is meant: by what its sentence has, and the node that it happened at.
fn is_event(parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Result<bool, Slip> {
    let event = shown.event(eye);
    for part in parts {
        let fits = match &part.kind {
            Kind::Quoted(text) => event.caption.headline.to_string().contains(text.as_str()),
            _ => event.node == Some(node(part, eye)?),
        };
        if !fits {
            return Ok(false);
        }
    }
    Ok(true)
}

fn of_message(at: usize, word: &str, eye: &Eye<'_>) -> Found {
    let Some(It::Message(message)) = eye.it else {
        return Err(Slip::new(
            at,
            format!("{word}(…) stands in messages(…), or is asked of the message that was chosen"),
        ));
    };
    Ok(match word {
        "from" => settled(Value::word(eye.world.label(message.from))),
        "to" => settled(Value::word(eye.world.label(message.to))),
        "label" => settled(Value::word(message.label.to_string())),
        // Whether it is no longer under way, and was not lost on the way as far as anybody can see.
        _ => truth(!eye.world.messages().any(|under_way| under_way.id == message.id)),
    })
}

fn of_client(word: &str, client: NodeId, eye: &Eye<'_>) -> Judged {
    let own = eye.world.history().iter().filter(|operation| operation.client == u64::from(client.0));
    if word == "waits" {
        return truth(own.into_iter().any(|operation| operation.completed.is_none()));
    }
    let answered = own.into_iter().filter_map(|operation| operation.completed.as_ref());
    let last = answered.max_by_key(|(moment, _)| moment.order);
    open(match last {
        Some((_, Ending::Ok(value))) => Value::shown(&value.to_string().replace('"', "")),
        Some((_, Ending::Failed)) => Value::word("failed"),
        Some(_) => Value::word("unknown"),
        None => Value::Nothing,
    })
}

fn is_used(timed: &Timed, name: &str, target: Option<&str>) -> bool {
    match (&timed.input, target) {
        (sim::Input::Set { name: set, .. }, Some(target)) => name == "set" && set == target,
        (sim::Input::Heal { .. } | sim::Input::HealAll, None) => name == "heal" || name == timed.input.name(),
        (input, None) => input.name() == name,
        (_, Some(_)) => false,
    }
}

fn setting(part: &Term, eye: &Eye<'_>) -> Found {
    let name = plain(part)?;
    match eye.world.settings().get(&name) {
        Some(sim::Value::Integer(number)) => Ok(open(Value::Number(*number))),
        Some(sim::Value::Flag(flag)) => Ok(truth(*flag)),
        Some(sim::Value::Word(word)) => Ok(open(Value::shown(word))),
        None => Err(Slip::new(part.at, unknown("setting", &name, eye.world.settings().iter().map(|(name, _)| name)))),
    }
}

/// How a check stands. What was seen before the block began does not count.
fn check(at: usize, word: &str, part: &Term, eye: &Eye<'_>, shown: &Shown) -> Found {
    let name = plain(part)?;
    let checks = shown.checks.get_or_init(|| eye.lab.checks());
    let place = checks.iter().position(|check| check.name == name);
    let place =
        place.ok_or_else(|| Slip::new(part.at, unknown("check", &name, checks.iter().map(|check| check.name))))?;
    if let Judge::Linearizability(_) = checks[place].judge {
        return match word {
            "kept" | "broken" if !eye.is_thorough => Ok(open(Value::Nothing)),
            "kept" => judged_history(at, "linearizable", eye),
            "broken" => judged_history(at, "linearizable", eye).map(|judged| truth(!judged.value.is_true())),
            _ => Err(Slip::new(at, format!("{name} is a check of a history: write linearizable"))),
        };
    }
    let verdict = eye.world.verdicts().get(place);
    let (fits, kind, mend) = match verdict.outcome {
        Outcome::Kept | Outcome::Broken => (word == "kept" || word == "broken", "always", "kept"),
        Outcome::Seen | Outcome::NotSeen => (word == "seen", "sometimes", "seen"),
        _ => (word == "reached", "eventually", "reached"),
    };
    if !fits {
        return Err(Slip::new(at, format!("{name} is a check of the kind {kind}: write {mend}({name})")));
    }
    let seen_here = verdict.last.is_some_and(|event| event > eye.start.event);
    Ok(match word {
        "kept" => truth_for_good(verdict.outcome == Outcome::Kept, false),
        "broken" => truth_for_good(verdict.outcome == Outcome::Broken, true),
        "seen" => truth_for_good(verdict.outcome == Outcome::Seen && seen_here, true),
        _ => truth(verdict.outcome == Outcome::Reached),
    })
}

/// What it costs for each node to find out what one of them can know.
const KNOWING: u64 = 500;

/// The most runs of one question.
const MOST_TRIALS: i64 = 100;

fn trials(at: usize, parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Found {
    let count = match term(&parts[0], eye, shown)?.value {
        Value::Number(count) if (1..=MOST_TRIALS).contains(&count) => count as u64,
        _ => return Err(Slip::new(parts[0].at, format!("the number of runs is wanted here, from 1 to {MOST_TRIALS}"))),
    };
    let (Some(course), true) = (eye.course, eye.is_thorough) else { return Ok(open(Value::Nothing)) };
    let mut good = 0;
    for seed in 1..=count {
        let other = course.under_seed(seed).map_err(|refusal| Slip::new(at, refusal))?;
        let inner = Expression::of(&parts[1]);
        let registers = other.remember(&[&inner], None).map_err(|mistake| Slip::new(at, mistake.sentence))?;
        let judged = term(&parts[1], &Eye::at_end(&other, &registers[0]), &Shown::new())?;
        good += i64::from(judged.value.is_true());
    }
    Ok(open(Value::Number(good)))
}

#[cfg(test)]
mod tests;
