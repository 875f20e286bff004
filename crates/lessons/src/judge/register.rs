//! Words that look back over the events: what each of them remembers.

use super::asked::{is_event, messages};
use super::eye::{Eye, Shown};
use super::judged::{Found, Judged, Trend, grows, settled, truth, truth_for_good};
use super::term;
use crate::expression::{Expression, Kind, Term};
use crate::mistake::{Mistake, Slip};
use crate::value::Value;

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
pub(super) fn remember(term: &Term, eye: &Eye<'_>, shown: &Shown, registers: &mut [Register]) -> Result<(), Slip> {
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

pub(super) fn note(
    word: &str,
    parts: &[Term],
    eye: &Eye<'_>,
    shown: &Shown,
    register: &mut Register,
) -> Result<(), Slip> {
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

/// What a word that looks back says of what it remembers.
pub(super) fn looked_back(
    word: &str,
    parts: &[Term],
    eye: &Eye<'_>,
    shown: &Shown,
    register: Option<&Register>,
) -> Found {
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

pub(super) fn span(part: &Term, eye: &Eye<'_>, shown: &Shown) -> Result<u64, Slip> {
    match term(part, eye, shown)?.value {
        Value::Number(us) if us >= 0 => Ok(us as u64),
        _ => Err(Slip::new(part.at, "a time is wanted here: 2 s")),
    }
}
