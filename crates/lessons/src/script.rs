//! How a moment comes about, a statement a line: what is opened, how much time passes, what is done. How it is read;
//! [`Runner`](crate::Runner) carries it out.
//!
//! ```text
//! where  scenario NAME | start | again | from step N | seed N | set NAME = VALUE
//! time   run 300 ms | run 5 events | run until EXPR | step
//! acts   crash|restart|lose-disk|pause|resume NODE…   cut|heal A -> B (one way), A -- B (both)   heal all
//!        split S1 S2 | S3 S4 S5   link A -> B takes 8 ms..12 ms, loses 20 %
//!        deliver|drop|duplicate|hold|release [all] ["label begins so"] [from A] [to B]   delay … by 50 ms
//!        lie A opposite (or silent, two-faced, random)   be-honest A
//!        fire "election" of S2   clock S1 ahead 5 s, runs 50 %   C1: put x 3
//! ```

use serde::{Deserialize, Serialize};
use sim::Manner;

use crate::expression::Expression;
use crate::mistake::{Mistake, Slip, unknown};
use crate::token::{Token, tokens};

/// Statements, in the order in which they are carried out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Script {
    /// The line that it begins in.
    pub line: usize,
    pub(crate) statements: Vec<Statement>,
}

/// One statement, with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) deed: Deed,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Deed {
    Scenario(String),
    Start,
    Again,
    FromStep(usize),
    Seed(u64),
    Set {
        name: String,
        value: String,
    },
    RunFor(u64),
    RunEvents(u64),
    RunUntil(Expression),
    /// What is done to each of these nodes.
    Nodes(NodeDeed, Vec<String>),
    /// One way, or both.
    Link {
        from: String,
        to: String,
        both: bool,
        deeds: Vec<LinkDeed>,
    },
    HealAll,
    Split(Vec<Vec<String>>),
    Message {
        deed: MessageDeed,
        all: bool,
        label: Option<String>,
        from: Option<String>,
        to: Option<String>,
    },
    /// A node lies in this manner, or is honest again.
    Lie {
        node: String,
        manner: Option<Manner>,
    },
    Fire {
        timer: String,
        node: String,
    },
    Clock {
        node: String,
        offset_us: Option<i64>,
        percent: Option<i64>,
    },
    /// An action of the lab.
    Operate {
        node: String,
        action: String,
        values: Vec<String>,
    },
}

/// What can be done to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NodeDeed {
    Crash,
    Restart,
    LoseDisk,
    Pause,
    Resume,
}

/// What can be done to one direction of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum LinkDeed {
    Cut,
    Heal,
    Takes { least_us: u64, most_us: u64 },
    Loses(u32),
    Doubles(u32),
    Reorders(u32),
    Damages(u32),
}

/// What can be done to a message under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MessageDeed {
    Deliver,
    Drop,
    Duplicate,
    Damage,
    Hold,
    Release,
    Delay(u64),
}

const NODE_DEEDS: [(&str, NodeDeed); 5] = [
    ("crash", NodeDeed::Crash),
    ("restart", NodeDeed::Restart),
    ("lose-disk", NodeDeed::LoseDisk),
    ("pause", NodeDeed::Pause),
    ("resume", NodeDeed::Resume),
];

const MESSAGE_DEEDS: [(&str, MessageDeed); 7] = [
    ("deliver", MessageDeed::Deliver),
    ("drop", MessageDeed::Drop),
    ("duplicate", MessageDeed::Duplicate),
    ("damage", MessageDeed::Damage),
    ("hold", MessageDeed::Hold),
    ("release", MessageDeed::Release),
    ("delay", MessageDeed::Delay(0)),
];

/// The first words of statements.
const VERBS: [&str; 27] = [
    "scenario",
    "start",
    "again",
    "from",
    "seed",
    "set",
    "run",
    "step",
    "crash",
    "restart",
    "lose-disk",
    "pause",
    "resume",
    "cut",
    "heal",
    "split",
    "link",
    "deliver",
    "drop",
    "duplicate",
    "damage",
    "hold",
    "release",
    "delay",
    "fire",
    "lie",
    "be-honest",
];

/// How many statements a script may have.
const MOST_STATEMENTS: usize = 200;

/// How many events a statement may ask for.
const MOST_EVENTS: u64 = 100_000;

/// How long a statement may run: a day of virtual time.
const LONGEST_US: u64 = 86_400_000_000;

impl Script {
    /// Reads statements, one a line or divided by `;`, that begin at this line and column of their file. What stands after a `#` is a remark.
    pub fn read(text: &str, line: usize, column: usize) -> Result<Script, Mistake> {
        let mut statements = Vec::new();
        for (place, row) in text.lines().enumerate() {
            let mut at = if place == 0 { column } else { 1 };
            for part in row.split('#').next().unwrap_or_default().split(';') {
                let indent = part.chars().take_while(|next| next.is_whitespace()).count();
                let (here, column) = (line + place, at + indent);
                at += part.chars().count() + 1;
                if part.trim().is_empty() {
                    continue;
                }
                let deed = read(part.trim(), here, column)?;
                statements.push(Statement { line: here, column, deed });
                if statements.len() > MOST_STATEMENTS {
                    let sentence = format!("more than {MOST_STATEMENTS} statements: begin with a scenario instead");
                    return Err(Mistake::new(here, column, sentence));
                }
            }
        }
        Ok(Script { line, statements })
    }

    /// Whether it does not go on from where somebody is, but begins somewhere.
    pub fn begins_anew(&self) -> bool {
        let first = self.statements.iter().find(|statement| !matches!(statement.deed, Deed::Seed(_)));
        first.is_some_and(|first| {
            matches!(first.deed, Deed::Scenario(_) | Deed::Start | Deed::Again | Deed::FromStep(_))
        })
    }

    /// Whether nothing is done in it.
    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

fn read(text: &str, line: usize, column: usize) -> Result<Deed, Mistake> {
    if let Some(rest) = text.strip_prefix("run until ") {
        let indent = rest.chars().take_while(|next| next.is_whitespace()).count();
        return Expression::read(rest.trim(), line, column + "run until ".len() + indent).map(Deed::RunUntil);
    }
    statement(text).map_err(|slip| slip.at(line, column))
}

fn statement(text: &str) -> Result<Deed, Slip> {
    if let Some((node, rest)) = text.split_once(": ").filter(|(node, _)| !node.contains([' ', '"'])) {
        let mut words = rest.split_whitespace().map(str::to_string);
        let action = words.next().ok_or_else(|| Slip::new(0, "an action of the lab is missing after the colon"))?;
        return Ok(Deed::Operate { node: node.to_string(), action, values: words.collect() });
    }
    let mut words = text.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let rest: Vec<&str> = words.collect();
    if let Some((_, deed)) = NODE_DEEDS.iter().find(|(name, _)| *name == verb) {
        let nodes: Vec<String> = rest.iter().map(|node| node.to_string()).collect();
        return if nodes.is_empty() { Err(wants(verb, "a node: crash S1")) } else { Ok(Deed::Nodes(*deed, nodes)) };
    }
    if let Some((_, deed)) = MESSAGE_DEEDS.iter().find(|(name, _)| *name == verb) {
        return message(*deed, text);
    }
    match (verb, &rest[..]) {
        ("scenario", [name]) => Ok(Deed::Scenario(name.to_string())),
        ("start", []) => Ok(Deed::Start),
        ("again", []) => Ok(Deed::Again),
        ("from", ["step", number]) => whole(number).map(|number| Deed::FromStep(number as usize)),
        ("seed", [number]) => whole(number).map(Deed::Seed),
        ("set", [name, "=", value @ ..]) if !value.is_empty() => {
            Ok(Deed::Set { name: name.to_string(), value: value.join(" ") })
        }
        ("set", _) => Err(Slip::new(0, "write set NAME = VALUE, with spaces around the =")),
        ("step", []) => Ok(Deed::RunEvents(1)),
        ("run", [number, "events" | "event"]) => whole(number).map(|number| Deed::RunEvents(number.min(MOST_EVENTS))),
        ("run", [_, ..]) => time(&rest.join(" ")).map(Deed::RunFor),
        ("heal", ["all"]) => Ok(Deed::HealAll),
        ("cut" | "heal", [from, way @ ("->" | "--"), to]) => {
            let deed = if verb == "cut" { LinkDeed::Cut } else { LinkDeed::Heal };
            Ok(Deed::Link { from: from.to_string(), to: to.to_string(), both: *way == "--", deeds: vec![deed] })
        }
        ("cut" | "heal", _) => Err(wants(verb, "two nodes: cut S1 -> S2 one way, cut S1 -- S2 both")),
        ("link", [from, way @ ("->" | "--"), to, what @ ..]) if !what.is_empty() => Ok(Deed::Link {
            from: from.to_string(),
            to: to.to_string(),
            both: *way == "--",
            deeds: what.join(" ").split(',').map(link_deed).collect::<Result<_, _>>()?,
        }),
        ("link", _) => Err(wants(verb, "link S1 -> S2 takes 8 ms..12 ms, loses 20 %")),
        ("split", [_, ..]) => Ok(Deed::Split(groups(&rest))),
        ("fire", _) => fire(text),
        ("lie", [node, manner]) => lie(node, manner),
        ("be-honest", [node]) => Ok(Deed::Lie { node: node.to_string(), manner: None }),
        ("clock", [node, what @ ..]) if !what.is_empty() => clock(node, &what.join(" ")),
        _ if VERBS.contains(&verb) => {
            Err(Slip::new(0, format!("“{verb}” does not go on like this: {}", pattern(verb))))
        }
        _ => Err(Slip::new(0, unknown("statement", verb, VERBS))),
    }
}

fn wants(verb: &str, pattern: &str) -> Slip {
    Slip::new(0, format!("“{verb}” wants more: {pattern}"))
}

/// How a statement is written.
fn pattern(verb: &str) -> &'static str {
    match verb {
        "scenario" => "scenario NAME",
        "from" => "from step 2",
        "seed" => "seed 7",
        "run" => "run 300 ms, run 5 events, or run until CONDITION",
        "lie" => "lie S1 opposite",
        "be-honest" => "be-honest S1",
        "split" => "split S1 S2 | S3 S4 S5",
        _ => "it stands alone",
    }
}

fn lie(node: &str, manner: &str) -> Result<Deed, Slip> {
    let known = Manner::named(manner);
    let unknown = || Slip::new(0, unknown("manner", manner, Manner::ALL.map(Manner::name)));
    Ok(Deed::Lie { node: node.to_string(), manner: Some(known.ok_or_else(unknown)?) })
}

fn whole(text: &str) -> Result<u64, Slip> {
    text.parse().map_err(|_| Slip::new(0, format!("“{text}” is no whole number")))
}

/// A length of time: `300 ms`.
fn time(text: &str) -> Result<u64, Slip> {
    let has_unit = text.ends_with('s');
    match &tokens(text)?[..] {
        [(_, Token::Number(us)), (_, Token::End)] if has_unit && *us >= 0 && *us as u64 <= LONGEST_US => Ok(*us as u64),
        [(_, Token::Number(_)), (_, Token::End)] if has_unit => Err(Slip::new(0, "a day is the longest time")),
        _ => Err(Slip::new(0, format!("“{text}” is no time: write 300 ms, 2 s or 50 us"))),
    }
}

/// `20 %` in parts per million.
fn share(text: &str) -> Result<u32, Slip> {
    let percent = text.trim().strip_suffix('%').and_then(|number| number.trim().parse::<u32>().ok());
    let percent = percent.filter(|percent| *percent <= 100);
    percent.map(|percent| percent * 10_000).ok_or_else(|| Slip::new(0, "write a share from 0 % to 100 %"))
}

fn link_deed(text: &str) -> Result<LinkDeed, Slip> {
    let (word, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    Ok(match word {
        "takes" => {
            let (least, most) = rest.split_once("..").unwrap_or((rest, rest));
            let (least_us, most_us) = (time(least.trim())?, time(most.trim())?);
            LinkDeed::Takes { least_us, most_us }
        }
        "loses" => LinkDeed::Loses(share(rest)?),
        "doubles" => LinkDeed::Doubles(share(rest)?),
        "reorders" => LinkDeed::Reorders(share(rest)?),
        "damages" => LinkDeed::Damages(share(rest)?),
        word => {
            return Err(Slip::new(
                0,
                unknown("word of links", word, ["takes", "loses", "doubles", "reorders", "damages"]),
            ));
        }
    })
}

fn groups(words: &[&str]) -> Vec<Vec<String>> {
    words.split(|word| *word == "|").map(|group| group.iter().map(|node| node.to_string()).collect()).collect()
}

/// `drop all "Append" from S1 to S2`, `delay "Vote" by 50 ms`.
fn message(deed: MessageDeed, text: &str) -> Result<Deed, Slip> {
    let pattern = "drop all \"Append\" from S1 to S2";
    let (mut deed, mut all, mut label, mut from, mut to) = (deed, false, None, None, None);
    let pieces = tokens(text)?;
    let mut rest = pieces.iter().skip(1).map(|(_, token)| token).peekable();
    while let Some(token) = rest.next() {
        match token {
            Token::Quoted(text) => label = Some(text.clone()),
            Token::Name(word) if word == "all" => all = true,
            Token::Name(word) if word == "by" => match (rest.next(), &mut deed) {
                (Some(Token::Number(us)), MessageDeed::Delay(by_us)) => *by_us = (*us).max(0) as u64,
                _ => return Err(Slip::new(0, "only delay has a time: delay \"Vote\" by 50 ms")),
            },
            Token::Name(word) if word == "from" || word == "to" => match rest.next() {
                Some(Token::Name(node)) if word == "from" => from = Some(node.clone()),
                Some(Token::Name(node)) => to = Some(node.clone()),
                _ => return Err(Slip::new(0, format!("a node is missing after “{word}”: {pattern}"))),
            },
            Token::End => {}
            _ => return Err(Slip::new(0, format!("write {pattern}"))),
        }
    }
    if deed == MessageDeed::Delay(0) {
        return Err(Slip::new(0, "say how long: delay \"Vote\" by 50 ms"));
    }
    Ok(Deed::Message { deed, all, label, from, to })
}

fn fire(text: &str) -> Result<Deed, Slip> {
    match &tokens(text)?[..] {
        [
            _,
            (_, Token::Quoted(timer) | Token::Name(timer)),
            (_, Token::Name(of)),
            (_, Token::Name(node)),
            (_, Token::End),
        ] if of == "of" => Ok(Deed::Fire { timer: timer.clone(), node: node.clone() }),
        _ => Err(wants("fire", "fire \"election\" of S2")),
    }
}

/// `ahead 5 s, runs 50 %`.
fn clock(node: &str, text: &str) -> Result<Deed, Slip> {
    let (mut offset_us, mut percent) = (None, None);
    for part in text.split(',') {
        match part.trim().split_once(' ') {
            Some(("ahead", rest)) => offset_us = Some(time(rest)? as i64),
            Some(("behind", rest)) => offset_us = Some(-(time(rest)? as i64)),
            Some(("runs", rest)) => {
                let number = rest.trim().strip_suffix('%').and_then(|number| number.trim().parse::<i64>().ok());
                let number = number.filter(|percent| (50..=200).contains(percent));
                percent = Some(number.ok_or_else(|| Slip::new(0, "a clock runs from 50 % to 200 % of true speed"))?);
            }
            _ => return Err(wants("clock", "clock S1 ahead 5 s, or clock S1 runs 90 %")),
        }
    }
    Ok(Deed::Clock { node: node.to_string(), offset_us, percent })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Deed>, String> {
        let script = Script::read(text, 3, 1).map_err(|mistake| mistake.to_string())?;
        Ok(script.statements.into_iter().map(|statement| statement.deed).collect())
    }

    #[test]
    fn each_statement_is_read() {
        let text = "scenario crash # a remark\nrun 300 ms; cut A -> B\nlink A -- B takes 8 ms..12 ms, loses 20 %\nC1: put x 3\n\
                    drop all \"Append\" from S1 to S2\nsplit S1 S2 | S3\nfire \"election\" of S2\nclock S1 behind 5 s, runs 50 %\n\
                    delay \"Vote\" by 50 ms\nrun until role(B) = leader";
        let deeds = read(text).unwrap();
        assert_eq!(deeds.len(), 11);
        assert_eq!(deeds[1], Deed::RunFor(300_000));
        assert_eq!(
            deeds[4],
            Deed::Operate { node: "C1".into(), action: "put".into(), values: vec!["x".into(), "3".into()] }
        );
        assert_eq!(deeds[8], Deed::Clock { node: "S1".into(), offset_us: Some(-5_000_000), percent: Some(50) });
    }

    #[test]
    fn what_cannot_be_read_says_how_it_is_written() {
        assert_eq!(read("run 300"), Err("3:1: “300” is no time: write 300 ms, 2 s or 50 us".into()));
        assert_eq!(read("crash S1\n  crsh S2"), Err("4:3: there is no statement crsh; did you mean crash?".into()));
        assert_eq!(read("run until nodes(leader) == 2"), Err("3:25: write = to compare".into()));
        assert_eq!(read("link A -> B loses 200 %"), Err("3:1: write a share from 0 % to 100 %".into()));
        assert_eq!(
            read("cut A B"),
            Err("3:1: “cut” wants more: two nodes: cut S1 -> S2 one way, cut S1 -- S2 both".into())
        );
    }
}
