//! The language of conditions: how one is read. Whole numbers, truths, texts; no name can be bound and nothing repeats, so
//! that each condition ends, in time linear in the events.
//!
//! ```text
//! expr = and {"or" and}   and = not {"and" not}   not = "not" not | compare
//! compare = sum [("="|"!="|"<"|"<="|">"|">="|"has") sum]   sum = product {("+"|"-") product}   product = atom {"*" atom}
//! atom = NUMBER [us|ms|s|%] | "text" | name ["(" expr {"," expr} ")"] | "(" expr ")"
//! ```

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::mistake::{Mistake, Slip, unknown};
use crate::patience::frame_cost;
use crate::token::{Token, tokens};

/// The longest condition, in bytes.
const LONGEST: usize = 2_000;

/// How deep a condition may nest.
const DEEPEST: usize = 40;

/// How many parts may be joined in a row.
const MOST_JOINED: usize = 40;

/// How many parts are looked at in the time of an event.
const PARTS_AN_EVENT: u64 = 8;

/// What it costs to write an event down and put it into words.
const EVENT_COST: u64 = 20;

/// A condition, or anything else that is computed from a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expression {
    pub(crate) root: Term,
    /// How many words in it look back over the events: each keeps a register.
    pub(crate) registers: usize,
    /// Where it stands in its file.
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// As it stands there, where it was read from that.
    #[serde(skip)]
    text: String,
}

/// A part of a condition, with the place of its first character.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Term {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

/// What a part of a condition is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Number(i64),
    Quoted(String),
    Name(String),
    /// Something that is asked of the moment.
    Call(#[serde(with = "listed")] &'static Word, Vec<Term>),
    /// The same of what looks back: it has a register.
    Over(#[serde(with = "listed")] &'static Word, usize, Vec<Term>),
    Not(Box<Term>),
    Two(Operator, Box<Term>, Box<Term>),
}

/// What joins two parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Has,
    Plus,
    Minus,
    Times,
}

/// A word with brackets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    least: usize,
    most: usize,
    sort: Sort,
}

/// What a word looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// The moment.
    Now,
    /// All events since the block began, by a condition that holds at some of them.
    Over,
    /// The same, by what stands in it, which is no condition.
    Sum,
    /// More than this one run at this one moment.
    Wide,
}

macro_rules! words {
    ($($sort:ident: $($name:literal $least:literal..$most:literal),+;)+) => {
        &[$($(Word { name: $name, least: $least, most: $most, sort: Sort::$sort }),+),+]
    };
}

const WORDS: &[Word] = words! {
    Now: "kept" 1..1, "broken" 1..1, "seen" 1..1, "reached" 1..1, "nodes" 1..1, "count" 1..1, "role" 1..1, "badge" 1..1,
        "tag" 1..1, "up" 1..1, "crashed" 1..1, "paused" 1..1, "off" 1..1, "lies" 1..1, "era" 1..2, "field" 2..2, "cells" 1..2,
        "cell" 2..2, "queue" 1..1, "busy" 1..1, "messages" 0..5, "from" 1..1, "to" 1..1, "label" 1..1, "arrived" 1..1,
        "waits" 1..1, "answer" 1..1, "used" 1..2, "setting" 1..1, "rule" 1..1, "measure" 1..2, "at-end" 1..1;
    Sum: "lost" 0..5, "events" 1..2;
    Over: "ever" 1..1, "never" 1..1, "always" 1..1, "within" 2..3, "during" 2..2, "lasting" 2..2, "most" 1..1, "least" 1..1;
    Wide: "in" 2..2, "same" 1..1, "knows" 2..2, "trials" 2..2;
};

/// A word as data: its place in the list.
mod listed {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{WORDS, Word};

    pub(super) fn serialize<S: Serializer>(word: &&Word, serializer: S) -> Result<S::Ok, S::Error> {
        WORDS.iter().position(|other| other == *word).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static Word, D::Error> {
        let place = Option::<usize>::deserialize(deserializer)?;
        place.and_then(|place| WORDS.get(place)).ok_or_else(|| D::Error::custom("there is no such word"))
    }
}

/// The names of all words that take something in brackets.
#[cfg(test)]
pub(crate) fn every_word() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|word| word.name)
}

/// Names that mean something without brackets; all others are texts.
pub(crate) const NAMES: &[&str] = &[
    "true",
    "false",
    "it",
    "value",
    "nothing",
    "time",
    "elapsed",
    "event",
    "actions",
    "linearizable",
    "sequential",
    "causal",
    "eventual",
];

/// Words of Kleene's logic and of sums by how tightly they bind, the loosest first.
const LEVELS: [&[(&str, Operator)]; 5] = [
    &[("or", Operator::Or)],
    &[("and", Operator::And)],
    &[
        ("=", Operator::Equal),
        ("!=", Operator::Unequal),
        ("<=", Operator::AtMost),
        (">=", Operator::AtLeast),
        ("<", Operator::Less),
        (">", Operator::More),
        ("has", Operator::Has),
    ],
    &[("+", Operator::Plus), ("-", Operator::Minus)],
    &[("*", Operator::Times)],
];

/// The level of comparisons, of which each condition has one at a time.
const COMPARISONS: usize = 2;

impl Expression {
    /// Reads a condition that begins at this place of its file.
    pub fn read(text: &str, line: usize, column: usize) -> Result<Expression, Mistake> {
        read(text).map_err(|slip| slip.at(line, column)).map(|(root, registers)| Expression {
            root,
            registers,
            line,
            column,
            text: text.to_string(),
        })
    }

    /// A part of a condition as one of its own, with room for all registers of the whole.
    pub(crate) fn of(root: &Term) -> Expression {
        let registers = root.registers();
        Expression { root: root.clone(), registers, line: 0, column: 1, text: String::new() }
    }

    /// As it stands in its file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The left side of its first comparison, with the text that it has there.
    pub(crate) fn compared(&self) -> Option<Expression> {
        let mut part = &self.root;
        loop {
            match &part.kind {
                Kind::Two(Operator::And | Operator::Or, left, _) | Kind::Not(left) => part = left,
                Kind::Two(_, left, right) => {
                    // Without what joins them, which stands before the right side.
                    let text: String = self.text.chars().skip(left.at).take(right.at - left.at).collect();
                    let text =
                        text.trim_end().trim_end_matches("has").trim_end_matches(['=', '!', '<', '>', '+', '-', '*']);
                    return Some(Expression { text: text.trim().to_string(), ..Expression::of(left) });
                }
                _ => return None,
            }
        }
    }

    /// What is wrong with it, at one of its parts.
    pub(crate) fn mistake(&self, slip: Slip) -> Mistake {
        slip.at(self.line, self.column)
    }

    /// Whether this is said of any of its parts.
    pub(crate) fn any(&self, is_so: impl Fn(&Kind) -> bool + Copy) -> bool {
        self.root.any(is_so)
    }

    /// Whether it may come to be false for good: by what is counted, by time, or by what must never be.
    pub(crate) fn may_be_lost(&self) -> bool {
        self.any(|kind| match kind {
            Kind::Name(name) => ["false", "nothing", "actions", "elapsed", "time"].contains(&name.as_str()),
            Kind::Call(word, _) => ["kept", "used"].contains(&word.name),
            Kind::Over(word, ..) => !["ever", "lasting"].contains(&word.name),
            Kind::Not(_) => true,
            Kind::Number(_) | Kind::Quoted(_) | Kind::Two(..) => false,
        })
    }

    /// Whether it asks what takes long, and so is asked last.
    pub(crate) fn is_costly(&self) -> bool {
        self.any(|kind| match kind {
            Kind::Name(name) => ["linearizable", "sequential", "causal", "eventual"].contains(&name.as_str()),
            Kind::Call(word, _) => word.name == "trials",
            _ => false,
        })
    }

    /// Whether it reads the sentences of events, or what they lost.
    pub(crate) fn reads_events(&self) -> bool {
        self.any(|kind| match kind {
            Kind::Name(name) => name == "event",
            Kind::Over(word, ..) => word.sort == Sort::Sum,
            _ => false,
        })
    }

    /// What it costs to ask it of a moment, in events.
    pub(crate) fn cost(&self, nodes: usize) -> u64 {
        let frame = if self.needs_view() { frame_cost(nodes) } else { 0 };
        let record = if self.reads_events() { EVENT_COST } else { 0 };
        self.root.size(nodes as u64) / PARTS_AN_EVENT + frame + record + 1
    }

    /// Whether it needs what only the lab's view knows.
    pub(crate) fn needs_view(&self) -> bool {
        self.any(|kind| match kind {
            Kind::Call(word, _) => {
                ["badge", "tag", "era", "field", "cells", "cell", "queue", "busy", "messages", "measure"]
                    .contains(&word.name)
            }
            _ => false,
        })
    }
}

impl Term {
    fn any(&self, is_so: impl Fn(&Kind) -> bool + Copy) -> bool {
        is_so(&self.kind)
            || match &self.kind {
                Kind::Number(_) | Kind::Quoted(_) | Kind::Name(_) => false,
                Kind::Call(_, parts) | Kind::Over(_, _, parts) => parts.iter().any(|part| part.any(is_so)),
                Kind::Not(part) => part.any(is_so),
                Kind::Two(_, left, right) => left.any(is_so) || right.any(is_so),
            }
    }

    /// How many parts are looked at.
    fn size(&self, nodes: u64) -> u64 {
        let all = |parts: &[Term]| parts.iter().map(|part| part.size(nodes)).sum::<u64>();
        match &self.kind {
            Kind::Number(_) | Kind::Quoted(_) | Kind::Name(_) => 1,
            Kind::Call(word, parts) if word.name == "count" => 1 + all(parts).saturating_mul(nodes),
            Kind::Call(word, parts) if word.name == "nodes" || word.name == "role" => nodes + all(parts),
            Kind::Call(_, parts) | Kind::Over(_, _, parts) => 1 + all(parts),
            Kind::Not(part) => 1 + part.size(nodes),
            Kind::Two(_, left, right) => 1 + left.size(nodes) + right.size(nodes),
        }
    }

    /// One more than the highest place of its registers.
    fn registers(&self) -> usize {
        match &self.kind {
            Kind::Number(_) | Kind::Quoted(_) | Kind::Name(_) => 0,
            Kind::Call(_, parts) => parts.iter().map(Term::registers).max().unwrap_or(0),
            Kind::Over(_, place, parts) => parts.iter().map(Term::registers).max().unwrap_or(0).max(place + 1),
            Kind::Not(part) => part.registers(),
            Kind::Two(_, left, right) => left.registers().max(right.registers()),
        }
    }

    /// The word that stands there, if it is nothing but a word or a number.
    pub(crate) fn plain(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            Kind::Name(word) | Kind::Quoted(word) => Some(word.as_str().into()),
            Kind::Number(number) => Some(number.to_string().into()),
            _ => None,
        }
    }
}

fn read(text: &str) -> Result<(Term, usize), Slip> {
    if text.len() > LONGEST {
        return Err(Slip::new(0, format!("this is longer than {LONGEST} letters: split it into several")));
    }
    let mut reader = Reader { tokens: tokens(text)?, at: 0, registers: 0, depth: 0, looks_back: None, counts: false };
    let root = reader.level(0)?;
    match reader.token() {
        Token::End => Ok((root, reader.registers)),
        Token::Sign(")") => Err(reader.slip("a ( is missing before this )")),
        _ => Err(reader.slip("a word that joins is missing before this: and, or")),
    }
}

struct Reader {
    tokens: Vec<(usize, Token)>,
    at: usize,
    registers: usize,
    depth: usize,
    /// The word around that looks back.
    looks_back: Option<&'static str>,
    /// Whether a `count` is around, which says what `it` is.
    counts: bool,
}

impl Reader {
    fn token(&self) -> &Token {
        &self.tokens[self.at].1
    }

    fn slip(&self, sentence: impl Into<String>) -> Slip {
        Slip::new(self.tokens[self.at].0, sentence)
    }

    fn is(&self, sign: &str) -> bool {
        match self.token() {
            Token::Sign(here) => *here == sign,
            Token::Name(here) => here == sign,
            _ => false,
        }
    }

    fn level(&mut self, level: usize) -> Result<Term, Slip> {
        if self.depth > DEEPEST {
            return Err(self.slip("this nests too deep: split it"));
        }
        self.depth += 1;
        let term = self.level_within(level);
        self.depth -= 1;
        term
    }

    fn level_within(&mut self, level: usize) -> Result<Term, Slip> {
        let at = self.tokens[self.at].0;
        if level == COMPARISONS && self.is("not") {
            self.at += 1;
            let inner = self.level(COMPARISONS)?;
            return Ok(Term { at, kind: Kind::Not(Box::new(inner)) });
        }
        let Some(operators) = LEVELS.get(level) else { return self.atom() };
        let mut left = self.level_within(level + 1)?;
        let mut joined = 1;
        while let Some((_, operator)) = operators.iter().find(|(sign, _)| self.is(sign)) {
            joined += 1;
            if joined > MOST_JOINED {
                return Err(self.slip("this joins too much: split it into several"));
            }
            self.at += 1;
            let right = self.level_within(level + 1)?;
            left = Term { at, kind: Kind::Two(*operator, Box::new(left), Box::new(right)) };
            if level == COMPARISONS {
                if operators.iter().any(|(sign, _)| self.is(sign)) {
                    return Err(self.slip("compare two things at a time, and join with and"));
                }
                break;
            }
        }
        Ok(left)
    }

    fn atom(&mut self) -> Result<Term, Slip> {
        let (at, token) = self.tokens[self.at].clone();
        self.at += 1;
        let kind = match token {
            Token::Number(number) => Kind::Number(number),
            Token::Quoted(text) => Kind::Quoted(text),
            Token::Name(name) if self.is("(") => return self.call(at, &name),
            Token::Name(name) if WORDS.iter().any(|word| word.name == name && word.least > 0) && name != "label" => {
                return self.bare(at, name);
            }
            Token::Name(name) => Kind::Name(name),
            Token::Sign("(") => {
                let inner = self.level(0)?;
                if !self.is(")") {
                    return Err(self.slip("a ) is missing here"));
                }
                self.at += 1;
                return Ok(inner);
            }
            Token::Sign("-") => match self.token() {
                Token::Number(number) => {
                    let kind = Kind::Number(-number);
                    self.at += 1;
                    kind
                }
                _ => return Err(self.slip("a minus stands before numbers only, or between two with spaces around it")),
            },
            Token::Sign(_) | Token::End => {
                self.at -= 1;
                return Err(self.slip("something to compare is missing here"));
            }
        };
        Ok(Term { at, kind })
    }

    /// A word that wants brackets stands without them: it may be a text, such as the role “leader” or the act “crash”.
    fn bare(&mut self, at: usize, name: String) -> Result<Term, Slip> {
        let is_part = matches!(self.token(), Token::Sign(")" | ",")) || self.at == 1 || self.is_compared();
        if is_part {
            return Ok(Term { at, kind: Kind::Name(name) });
        }
        Err(Slip::new(at, format!("“{name}” wants brackets: {name}(…)")))
    }

    fn is_compared(&self) -> bool {
        self.at >= 2 && matches!(self.tokens[self.at - 2].1, Token::Sign("=" | "!="))
    }

    fn call(&mut self, at: usize, name: &str) -> Result<Term, Slip> {
        let word = WORDS.iter().find(|word| word.name == name);
        let word = word.ok_or_else(|| Slip::new(at, unknown("word", name, WORDS.iter().map(|word| word.name))))?;
        let is_over = word.sort == Sort::Over;
        if let Some(around) = self.looks_back.filter(|_| is_over || word.sort == Sort::Wide) {
            return Err(Slip::new(at, format!("{name}(…) cannot stand inside {around}(…): write two conditions")));
        }
        if name == "count" && self.counts {
            return Err(Slip::new(at, "one count cannot stand inside another"));
        }
        let around = (self.looks_back, self.counts);
        // Within `in` and `trials` each run has registers of its own.
        self.looks_back = if is_over { Some(word.name) } else { self.looks_back };
        self.counts |= name == "count";
        self.at += 1;
        let mut parts = Vec::new();
        while !self.is(")") {
            parts.push(self.level(0)?);
            match self.token() {
                Token::Sign(",") => self.at += 1,
                Token::Sign(")") => {}
                _ => return Err(self.slip("a , or ) is missing here")),
            }
        }
        self.at += 1;
        (self.looks_back, self.counts) = around;
        if parts.len() < word.least || parts.len() > word.most {
            let wanted = if word.least == word.most {
                word.least.to_string()
            } else {
                format!("{} to {}", word.least, word.most)
            };
            let things = if word.most == 1 { "thing" } else { "things" };
            return Err(Slip::new(at, format!("{name}(…) takes {wanted} {things}, and {} stand here", parts.len())));
        }
        let kind = match word.sort {
            Sort::Over | Sort::Sum => {
                self.registers += 1;
                Kind::Over(word, self.registers - 1, parts)
            }
            Sort::Now | Sort::Wide => Kind::Call(word, parts),
        };
        Ok(Term { at, kind })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> String {
        Expression::read(text, 7, 5).expect_err(text).to_string()
    }

    #[test]
    fn conditions_are_read_as_they_bind() {
        let read = |text| Expression::read(text, 1, 1).expect(text).root;
        assert!(matches!(read("a or b and c").kind, Kind::Two(Operator::Or, ..)));
        assert!(matches!(read("not role(S1) = leader and up(S1)").kind, Kind::Two(Operator::And, ..)));
        assert!(matches!(read("setting(n) - setting(w) + 1 >= 2").kind, Kind::Two(Operator::AtLeast, ..)));
        assert_eq!(Expression::read("ever(nodes(leader) = 2) and always(up(A))", 1, 1).unwrap().registers, 2);
        assert!(Expression::read("used(crash) = 0 and count(tag(it) = \"marked down\") >= 1", 1, 1).is_ok());
    }

    #[test]
    fn a_mistake_has_a_place_and_a_mend() {
        assert_eq!(mistake("nodes(leader) == 2"), "7:19: write = to compare");
        assert_eq!(mistake("nodes(leader) = "), "7:21: something to compare is missing here");
        assert_eq!(mistake("evr(up(A))"), "7:5: there is no word evr; did you mean ever?");
        assert_eq!(mistake("ever(always(up(A)))"), "7:10: always(…) cannot stand inside ever(…): write two conditions");
        assert_eq!(mistake("1 < 2 < 3"), "7:11: compare two things at a time, and join with and");
        assert_eq!(mistake("role(S1) = \"leader"), "7:16: a text begins here and does not end: put \" after it");
        assert_eq!(mistake("up(A) up(B)"), "7:11: a word that joins is missing before this: and, or");
        assert_eq!(mistake("up(A) && up(B)"), "7:11: write the word “and”");
        assert_eq!(mistake("role(S1, S2) = leader"), "7:5: role(…) takes 1 thing, and 2 stand here");
        assert!(mistake(&"(".repeat(500)).contains("nests too deep"));
    }
}
