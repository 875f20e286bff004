//! `netsplit check-history`.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use sim::history::{self, Call, History, OperationId, Outcome, Verdict};

use crate::{history_file, print_json};

/// Judges the history in a file. The error says at which line the file is wrong.
pub fn check(path: &Path, limit: u64, as_json: bool) -> Result<ExitCode, String> {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let read = history_file::read(BufReader::new(file)).map_err(|error| format!("{}: {error}", path.display()))?;
    let verdict = history::check(&read.history, &read.model, limit);
    if let Verdict::Undecided(reason) = &verdict {
        return Err(format!("{}: {reason}", path.display()));
    }
    if as_json {
        print_json(&as_value(&read.history, &verdict))?;
    } else {
        print(&read.history, &verdict);
    }
    Ok(if verdict.is_linearizable() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn as_value(history: &History, verdict: &Verdict) -> Value {
    let list =
        |ids: &[OperationId]| -> Vec<Value> { ids.iter().filter_map(|id| operation_json(history, *id)).collect() };
    match verdict {
        Verdict::Linearizable { points } => {
            let order: Vec<OperationId> = points.iter().map(|point| point.operation).collect();
            json!({"linearizable": true, "operations": history.len(), "order": list(&order)})
        }
        Verdict::NotLinearizable { longest_prefix, cannot_place } => json!({
            "linearizable": false, "operations": history.len(),
            "longest_prefix": list(longest_prefix), "cannot_place": list(cannot_place),
        }),
        Verdict::Undecided(reason) => json!({"linearizable": null, "reason": reason.to_string()}),
    }
}

fn operation_json(history: &History, id: OperationId) -> Option<Value> {
    let operation = history.get(id)?;
    Some(json!({
        "process": operation.client,
        "line": operation.invoked.event,
        "text": describe(history, id),
    }))
}

fn print(history: &History, verdict: &Verdict) {
    match verdict {
        Verdict::Linearizable { points } => {
            println!("linearizable: {} operations, {} of them take effect", history.len(), points.len());
        }
        Verdict::NotLinearizable { longest_prefix, cannot_place } => {
            println!("not linearizable");
            println!("the longest part that could be placed ({} operations):", longest_prefix.len());
            longest_prefix.iter().for_each(|id| println!("  {}", describe(history, *id)));
            println!("cannot be placed:");
            cannot_place.iter().for_each(|id| println!("  {}", describe(history, *id)));
        }
        Verdict::Undecided(_) => {}
    }
}

/// One operation in a line: who, what, on what, with which result, and where it stands in the file.
fn describe(history: &History, id: OperationId) -> String {
    let Some(operation) = history.get(id) else { return String::new() };
    let call = match &operation.call {
        Call::Read => "read".to_string(),
        Call::Write(value) => format!("write {value}"),
        Call::Cas { from, to } => format!("cas {from} → {to}"),
        Call::Get => "get".to_string(),
        Call::Put(value) => format!("put {value}"),
        Call::Append(value) => format!("append {value}"),
        Call::Delete => "delete".to_string(),
        Call::Acquire => "acquire".to_string(),
        Call::Release => "release".to_string(),
        Call::Txn(accesses) => format!("txn of {} accesses", accesses.len()),
    };
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
    format!("process {}, line {}: {call}{key}{result}", operation.client, operation.invoked.event)
}
