//! Words that ask the moment for something.

use std::borrow::Cow;

use sim::frame::{CellState, Frame, Message, Node, Status};
use sim::history::Outcome as Ending;
use sim::{Judge, NodeId, Outcome, Text, Timed};

use super::eye::{Eye, It, Shown, ids};
use super::judged::{Found, Judged, grows, open, settled, truth, truth_for_good};
use super::{judged_history, term, whole};
use crate::course::clicks;
use crate::expression::{Expression, Kind, Term};
use crate::mistake::{Slip, unknown};
use crate::value::Value;

/// What is asked of the moment, or of more than this one run.
pub(super) fn asked(at: usize, word: &str, parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Found {
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

/// The word that stands there, which is a name and nothing that is computed.
pub(super) fn plain(part: &Term) -> Result<Cow<'_, str>, Slip> {
    part.plain().ok_or_else(|| Slip::new(part.at, "a name is wanted here"))
}

/// The node that is named there, or that `it` stands for.
pub(super) fn node(part: &Term, eye: &Eye<'_>) -> Result<NodeId, Slip> {
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

pub(super) fn frame<'s>(eye: &Eye<'s>, shown: &'s Shown) -> &'s Frame {
    eye.known.unwrap_or_else(|| shown.frame.get_or_init(|| eye.world.shown()))
}

pub(super) fn role<'s>(eye: &Eye<'s>, shown: &'s Shown, node: NodeId) -> &'s Text {
    let roles = || ids(eye).map(|node| eye.world.look(node).role).collect();
    match eye.known {
        Some(known) => &known.nodes[node.index()].role,
        None => &shown.roles.get_or_init(roles)[node.index()],
    }
}

pub(super) fn status(eye: &Eye<'_>, node: NodeId) -> Status {
    eye.known.map_or_else(|| eye.world.nodes().status(node), |known| known.nodes[node.index()].status)
}

pub(super) fn is_role(eye: &Eye<'_>, shown: &Shown, node: NodeId, wanted: &str) -> bool {
    match (wanted, status(eye, node)) {
        ("crashed", status) => status == Status::Crashed,
        ("off", status) => status == Status::Off,
        ("paused", status) => status == Status::Paused,
        (_, status) if status.is_down() => false,
        (wanted, _) => reads(role(eye, shown, node), wanted),
    }
}

/// Whether a text is this. Most are nothing but their template.
pub(super) fn reads(text: &Text, wanted: &str) -> bool {
    match text.template().contains('{') {
        false => text.template() == wanted,
        true => text.to_string() == wanted,
    }
}

pub(super) fn of_node(word: &str, parts: &[Term], node: &Node) -> Result<Value, Slip> {
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

pub(super) const CELL_STATES: [(&str, CellState); 5] = [
    ("plain", CellState::Plain),
    ("committed", CellState::Committed),
    ("uncommitted", CellState::Uncommitted),
    ("conflicting", CellState::Conflicting),
    ("unwritten", CellState::Unwritten),
];

/// The cell of this place, counted from 1.
pub(super) fn cell<'n>(part: &Term, node: &'n Node) -> Result<Option<&'n sim::frame::Cell>, Slip> {
    match part.kind {
        Kind::Number(place) => Ok(usize::try_from(place - 1).ok().and_then(|place| node.cells.get(place))),
        _ => Err(Slip::new(part.at, "the place of a cell is a number, counted from 1")),
    }
}

/// The messages that fit: `messages(election, "Append", from(S1), to(S2), reply)`.
pub(super) fn messages<'m>(all: &'m [Message], parts: &[Term], eye: &Eye<'_>) -> Result<Vec<&'m Message>, Slip> {
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
pub(super) fn is_event(parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Result<bool, Slip> {
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

pub(super) fn of_message(at: usize, word: &str, eye: &Eye<'_>) -> Found {
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

pub(super) fn of_client(word: &str, client: NodeId, eye: &Eye<'_>) -> Judged {
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

pub(super) fn is_used(timed: &Timed, name: &str, target: Option<&str>) -> bool {
    match (&timed.input, target) {
        (sim::Input::Set { name: set, .. }, Some(target)) => name == "set" && set == target,
        (sim::Input::Heal { .. } | sim::Input::HealAll, None) => name == "heal" || name == timed.input.name(),
        (input, None) => input.name() == name,
        (_, Some(_)) => false,
    }
}

pub(super) fn setting(part: &Term, eye: &Eye<'_>) -> Found {
    let name = plain(part)?;
    match eye.world.settings().get(&name) {
        Some(sim::Value::Integer(number)) => Ok(open(Value::Number(*number))),
        Some(sim::Value::Flag(flag)) => Ok(truth(*flag)),
        Some(sim::Value::Word(word)) => Ok(open(Value::shown(word))),
        None => Err(Slip::new(part.at, unknown("setting", &name, eye.world.settings().iter().map(|(name, _)| name)))),
    }
}

/// How a check stands. What was seen before the block began does not count.
pub(super) fn check(at: usize, word: &str, part: &Term, eye: &Eye<'_>, shown: &Shown) -> Found {
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
pub(super) const KNOWING: u64 = 500;

/// The most runs of one question.
pub(super) const MOST_TRIALS: i64 = 100;

pub(super) fn trials(at: usize, parts: &[Term], eye: &Eye<'_>, shown: &Shown) -> Found {
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
