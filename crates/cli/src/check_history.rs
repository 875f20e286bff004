//! `netsplit check-history`.

use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::{Map, Value, json};
use sim::Argument;
use sim::history::consistency::{Criterion, Holds, Judgement, judge, judge_by};
use sim::history::{self, History, Model, OperationId, Outcome, Verdict};

use crate::form::{Form, forms};
use crate::history_file::{self, FileHistory};
use crate::output::say;
use crate::{print_json, read_text};

/// What to ask of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Consistency {
    /// One order of all operations that respects real time
    Linearizable,
    /// One order of all operations that keeps the order of each client
    Sequential,
    /// For each client an order of the writes that respects causes (causal memory)
    Causal,
    /// After the last write all clients end up reading the same
    Eventual,
    /// All four
    All,
}

/// Which history to judge, and how.
#[derive(Debug)]
pub struct Request {
    /// The file; `-` for the standard input.
    pub file: String,
    /// The model of a file that does not begin with it.
    pub model: Option<String>,
    /// What is there before the first operation of that model, as JSON.
    pub init: Option<String>,
    pub consistency: Consistency,
    pub limit: u64,
    pub json: bool,
}

/// What is said of a history by one criterion: for a person, and as fields of a JSON object.
struct Answer {
    holds: Holds,
    /// The first one is a sentence.
    lines: Vec<String>,
    fields: Map<String, Value>,
}

/// Judges the history in a file. The error says at which line the file is wrong, or that the history is undecided.
pub fn check(request: &Request) -> Result<ExitCode, String> {
    let Request { file, consistency, limit, .. } = request;
    let (consistency, limit) = (*consistency, *limit);
    let given = request.model.as_deref().map(|name| given_model(name, request.init.as_deref())).transpose()?;
    let at_path = |problem: &dyn std::fmt::Display| format!("{file}: {problem}");
    let read = history_file::read(&read_text(file)?, given).map_err(|error| at_path(&error))?;
    let answers = answers(&read.history, &read.model, consistency, limit);
    // Asked about all, a criterion that says nothing is in nobody's way.
    let is_open = |answer: &&Answer| match answer.holds {
        Holds::Undecided => true,
        Holds::DoesNotApply => consistency != Consistency::All,
        Holds::Yes | Holds::No => false,
    };
    if request.json {
        let mut fields: Map<String, Value> = answers.iter().flat_map(|answer| answer.fields.clone()).collect();
        fields.insert("nemesis_events".into(), read.nemesis_events.into());
        fields.insert("keys_in_values".into(), read.has_keys_in_values.into());
        print_json(&fields)?;
    } else {
        let decided = answers.iter().filter(|answer| !is_open(answer));
        decided.flat_map(|answer| &answer.lines).for_each(|line| say!("{line}"));
        say_how_it_was_read(&read);
    }
    let open = answers.iter().find(is_open).and_then(|answer| answer.lines.first());
    match open {
        _ if answers.iter().any(|answer| answer.holds == Holds::No) => Ok(ExitCode::from(1)),
        Some(sentence) => Err(at_path(sentence)),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn given_model(name: &str, init: Option<&str>) -> Result<Model, String> {
    let mut init = match init {
        Some(typed) => forms(typed).map_err(|(_, problem)| format!("--init: {problem}"))?,
        None => Vec::new(),
    };
    let (_, first) = init.pop().unwrap_or((1, Form::Nothing));
    if !init.is_empty() {
        return Err("--init takes one value, such as 0 or {\"x\":1}".to_string());
    }
    history_file::model(name, &first)
}

fn say_how_it_was_read(read: &FileHistory) {
    if read.nemesis_events > 0 {
        say!("events of the nemesis passed over: {}", read.nemesis_events);
    }
    if read.has_keys_in_values {
        say!("each value was read as a pair of a key and a value, as in jepsen.independent");
    }
}

fn answers(history: &History, model: &Model, consistency: Consistency, limit: u64) -> Vec<Answer> {
    let by = |criterion| vec![judged(history, &judge_by(criterion, history, model, limit, &client))];
    match consistency {
        Consistency::Linearizable => vec![linearizable(history, &history::check(history, model, limit))],
        Consistency::Sequential => by(Criterion::Sequential),
        Consistency::Causal => by(Criterion::Causal),
        Consistency::Eventual => by(Criterion::Eventual),
        Consistency::All => {
            let verdict = history::check(history, model, limit);
            let judgements = judge(history, model, &verdict, limit, &client).judgements;
            let weaker = judgements.iter().filter(|judgement| judgement.criterion != Criterion::Linearizable);
            let weaker = weaker.map(|judgement| judged(history, judgement));
            std::iter::once(linearizable(history, &verdict)).chain(weaker).collect()
        }
    }
}

/// What a process is called in a sentence.
fn client(number: u64) -> Argument {
    format!("p{number}").into()
}

fn linearizable(history: &History, verdict: &Verdict) -> Answer {
    let mut fields = Map::new();
    fields.insert("operations".into(), history.len().into());
    let (holds, truth, lines) = match verdict {
        Verdict::Linearizable { points } => {
            let order: Vec<OperationId> = points.iter().map(|point| point.operation).collect();
            fields.insert("order".into(), list(history, &order));
            let line = format!("linearizable: {} operations, {} of them take effect", history.len(), points.len());
            (Holds::Yes, json!(true), vec![line])
        }
        Verdict::NotLinearizable { longest_prefix, cannot_place } => {
            fields.insert("longest_prefix".into(), list(history, longest_prefix));
            fields.insert("cannot_place".into(), list(history, cannot_place));
            let mut lines = vec!["not linearizable".to_string()];
            lines.push(format!("the longest part that could be placed ({} operations):", longest_prefix.len()));
            lines.extend(indented(history, longest_prefix));
            lines.push("cannot be placed:".to_string());
            lines.extend(indented(history, cannot_place));
            (Holds::No, json!(false), lines)
        }
        Verdict::Undecided(reason) => {
            fields.insert("reason".into(), reason.to_string().into());
            (Holds::Undecided, Value::Null, vec![format!("linearizable or not is undecided: {reason}")])
        }
    };
    fields.insert("linearizable".into(), truth);
    Answer { holds, lines, fields }
}

fn judged(history: &History, judgement: &Judgement) -> Answer {
    let Judgement { criterion, holds, reason, operations, order } = judgement;
    let (name, holds, reason) = (criterion.name(), *holds, reason.to_string());
    let (said, truth) = match holds {
        Holds::Yes => (name.to_string(), json!(true)),
        Holds::No => (format!("not {name}"), json!(false)),
        Holds::Undecided => (format!("{name} or not is undecided"), Value::Null),
        Holds::DoesNotApply => (format!("{name} does not apply"), Value::Null),
    };
    let mut lines = vec![format!("{said}: {reason}")];
    lines.extend(indented(history, operations));
    let mut answer = json!({"holds": truth, "reason": reason, "operations": list(history, operations)});
    if !order.is_empty() {
        answer["order"] = list(history, order);
    }
    Answer { holds, lines, fields: Map::from_iter([(name.to_string(), answer)]) }
}

fn indented(history: &History, operations: &[OperationId]) -> impl Iterator<Item = String> {
    operations.iter().map(|id| format!("  {}", describe(history, *id)))
}

fn list(history: &History, ids: &[OperationId]) -> Value {
    ids.iter().filter_map(|id| operation_json(history, *id)).collect()
}

fn operation_json(history: &History, id: OperationId) -> Option<Value> {
    let operation = history.get(id)?;
    Some(json!({
        "process": operation.client,
        "line": operation.invoked.event,
        "text": describe(history, id),
    }))
}

/// One operation in a line: who, what, on what, with which result, and where it stands in the file.
fn describe(history: &History, id: OperationId) -> String {
    let Some(operation) = history.get(id) else { return String::new() };
    let key = match &operation.key {
        history::Value::Nil => String::new(),
        key => format!(" [{key}]"),
    };
    let result = match &operation.completed {
        Some((_, Outcome::Ok(history::Value::Nil))) => ", done".to_string(),
        Some((_, Outcome::Ok(result))) => format!(", result {result}"),
        Some((_, Outcome::Failed)) => ", did not take place".to_string(),
        Some((_, Outcome::Unknown)) | None => ", never answered".to_string(),
    };
    format!("process {}, line {}: {}{key}{result}", operation.client, operation.invoked.event, operation.call)
}
