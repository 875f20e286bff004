//! The smallest pieces of conditions.

use crate::mistake::Slip;

/// A piece of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A whole number; a time is in microseconds.
    Number(i64),
    /// A name or a word that joins: `leader`, `and`, `p99`.
    Name(String),
    /// What stands between quotes.
    Quoted(String),
    /// A sign: `<=`.
    Sign(&'static str),
    /// Nothing more.
    End,
}

/// Signs, the long ones first.
const SIGNS: [&str; 12] = ["!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "(", ")", ","];

/// What stands behind a number, with what it makes of that: a time in microseconds, and of a share its number.
const UNITS: [(&str, i64); 5] = [("µs", 1), ("us", 1), ("ms", 1_000), ("s", 1_000_000), ("%", 1)];

/// Cuts a condition into tokens, each with its place in characters.
pub(crate) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, Slip> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(next) = chars.get(at) {
        if next.is_whitespace() {
            at += 1;
            continue;
        }
        let (token, end) = if next.is_ascii_digit() {
            number(&chars, at)
        } else if next.is_alphabetic() {
            name(&chars, at)
        } else if *next == '"' {
            quoted(&chars, at)?
        } else {
            sign(&chars, at)?
        };
        tokens.push((at, token));
        at = end;
    }
    tokens.push((chars.len(), Token::End));
    Ok(tokens)
}

/// `1_000`, `300 ms`, `20 %`.
fn number(chars: &[char], from: usize) -> (Token, usize) {
    let (mut number, mut at) = (0_i64, from);
    while let Some(next) = chars.get(at) {
        let goes_on = *next == '_' && chars.get(at + 1).is_some_and(char::is_ascii_digit);
        match next.to_digit(10) {
            Some(digit) => number = number.saturating_mul(10).saturating_add(i64::from(digit)),
            None if goes_on => {}
            None => break,
        }
        at += 1;
    }
    let unit_at = at + chars[at..].iter().take_while(|next| **next == ' ').count();
    let unit: String = chars[unit_at..].iter().take_while(|next| next.is_alphabetic() || **next == '%').collect();
    match UNITS.iter().find(|(known, _)| *known == unit) {
        Some((_, times)) => (Token::Number(number.saturating_mul(*times)), unit_at + unit.chars().count()),
        None => (Token::Number(number), at),
    }
}

/// Letters and digits; `_` anywhere, `-` in the middle.
fn name(chars: &[char], from: usize) -> (Token, usize) {
    let is_part = |at: usize| {
        chars.get(at).is_some_and(|next| match next {
            '-' => chars.get(at + 1).is_some_and(|after| after.is_alphanumeric()),
            next => next.is_alphanumeric() || *next == '_',
        })
    };
    let mut end = from;
    while is_part(end) {
        end += 1;
    }
    (Token::Name(chars[from..end].iter().collect()), end)
}

fn quoted(chars: &[char], from: usize) -> Result<(Token, usize), Slip> {
    let length = chars[from + 1..].iter().position(|next| *next == '"');
    let length = length.ok_or_else(|| Slip::new(from, "a text begins here and does not end: put \" after it"))?;
    let end = from + 1 + length;
    Ok((Token::Quoted(chars[from + 1..end].iter().collect()), end + 1))
}

fn sign(chars: &[char], from: usize) -> Result<(Token, usize), Slip> {
    let begins = |sign: &str| sign.chars().enumerate().all(|(place, sign)| chars.get(from + place) == Some(&sign));
    if begins("==") {
        return Err(Slip::new(from, "write = to compare"));
    }
    if let Some((_, word)) =
        [("&&", "and"), ("||", "or"), ("!", "not")].iter().find(|(sign, _)| begins(sign) && !begins("!="))
    {
        return Err(Slip::new(from, format!("write the word “{word}”")));
    }
    match SIGNS.iter().find(|sign| begins(sign)) {
        Some(sign) => Ok((Token::Sign(sign), from + sign.len())),
        None => Err(Slip::new(from, format!("“{}” means nothing here", chars[from]))),
    }
}
