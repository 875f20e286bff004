//! What a condition is at a moment.
//!
//! A truth has three values (Kleene 1952, *Introduction to Metamathematics*, section 64): it is so, it is not so yet, and it can no
//! longer become otherwise. Numbers say whether they only grow: so `actions <= 2` is lost for good with the third act.

mod asked;
mod eye;
mod judged;
mod register;

use self::asked::{asked, node, plain, reads, role};
use self::judged::{Found, grows, join, only_settled, open, settled, truth};
use self::register::looked_back;

pub(crate) use self::asked::KINDS;
pub(crate) use self::eye::{Eye, It, Other, Shown};
pub(crate) use self::judged::{Judged, Trend};
pub(crate) use self::register::{Register, observe};

use crate::course::clicks;
use crate::expression::{Expression, Kind, NAMES, Operator, Term};
use crate::mistake::{Mistake, Slip};
use crate::value::Value;

/// What an expression is.
pub(crate) fn eval(expression: &Expression, eye: &Eye<'_>, shown: &Shown) -> Result<Judged, Mistake> {
    term(&expression.root, eye, shown).map_err(|slip| expression.mistake(slip))
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

#[cfg(test)]
mod tests;
