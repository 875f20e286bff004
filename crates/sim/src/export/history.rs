//! The history of operations, as `netsplit check-history` reads it.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

use crate::judge::history::{Access, Call, History, Initial, Model, Operation, OperationId, Outcome, Value};

/// A line for the model, then one for each invocation and each completion, in real-time order.
pub(super) fn write(model: &Model, history: &History) -> String {
    let mut moments: Vec<(u64, &Operation, Option<&Outcome>)> = Vec::new();
    for operation in history.iter() {
        moments.push((operation.invoked.order, operation, None));
        if let Some((moment, outcome)) = &operation.completed {
            moments.push((moment.order, operation, Some(outcome)));
        }
    }
    moments.sort_by_key(|(order, ..)| *order);
    let mut processes = Processes::default();
    let mut lines = header(model).to_string() + "\n";
    for (_, operation, outcome) in moments {
        let line = match outcome {
            None => invocation(operation, processes.take(operation)),
            Some(outcome) => completion(operation, outcome, processes.give_back(operation)),
        };
        lines += &(line.to_string() + "\n");
    }
    lines
}

/// In a file a process has one open operation at a time: a client with more of them becomes several processes.
#[derive(Default)]
struct Processes {
    open: BTreeMap<(u64, u64), OperationId>,
}

/// Far enough apart for the processes of one client.
const CLIENT: u64 = 1_000_000;

impl Processes {
    fn take(&mut self, operation: &Operation) -> u64 {
        let free = (0..).find(|lane| !self.open.contains_key(&(operation.client, *lane))).unwrap_or_default();
        self.open.insert((operation.client, free), operation.id);
        free * CLIENT + operation.client
    }

    fn give_back(&mut self, operation: &Operation) -> u64 {
        let lane =
            self.open.iter().find(|(_, id)| **id == operation.id).map(|((_, lane), _)| *lane).unwrap_or_default();
        self.open.remove(&(operation.client, lane));
        lane * CLIENT + operation.client
    }
}

fn header(model: &Model) -> Json {
    let init = match model {
        Model::Register(initial)
        | Model::CasRegister(initial)
        | Model::KeyValue(initial)
        | Model::MultiRegister(initial) => initially(initial),
        Model::Mutex { held } => json!(held),
    };
    json!({ "model": model.name(), "init": init })
}

fn initially(initial: &Initial) -> Json {
    if initial.by_key.iter().next().is_none() {
        return json(&initial.default);
    }
    let by_key = initial.by_key.iter().map(|(key, value)| (key.to_string(), json(value)));
    Json::Object(by_key.collect())
}

fn invocation(operation: &Operation, process: u64) -> Json {
    let mut fields = common(operation, process, "invoke");
    let value = match &operation.call {
        Call::Write(value) | Call::Put(value) | Call::Append(value) => Some(json(value)),
        Call::Cas { from, to } => Some(json!([json(from), json(to)])),
        Call::Txn(accesses) => Some(accesses.iter().map(|access| self::access(access, None)).collect()),
        Call::Read | Call::Get | Call::Delete | Call::Acquire | Call::Release => None,
    };
    fields.extend(value.map(|value| ("value".to_string(), value)));
    Json::Object(fields)
}

fn completion(operation: &Operation, outcome: &Outcome, process: u64) -> Json {
    let result = match outcome {
        Outcome::Ok(result) => result,
        Outcome::Failed => return Json::Object(common(operation, process, "fail")),
        Outcome::Unknown => return Json::Object(common(operation, process, "info")),
    };
    let mut fields = common(operation, process, "ok");
    let told = match (&operation.call, result) {
        (Call::Read | Call::Get, result) => Some(("value", json(result))),
        (Call::Cas { .. } | Call::Acquire, Value::Bool(false)) => Some(("result", json!(false))),
        (Call::Txn(accesses), Value::List(values)) => {
            let accesses = accesses.iter().zip(values.iter());
            Some(("value", accesses.map(|(access, value)| self::access(access, Some(value))).collect()))
        }
        _ => None,
    };
    fields.extend(told.map(|(name, value)| (name.to_string(), value)));
    Json::Object(fields)
}

fn common(operation: &Operation, process: u64, kind: &str) -> Map<String, Json> {
    let mut fields = Map::new();
    fields.insert("process".to_string(), json!(process));
    fields.insert("type".to_string(), json!(kind));
    fields.insert("f".to_string(), json!(operation.call.name()));
    if operation.key != Value::Nil {
        fields.insert("key".to_string(), json(&operation.key));
    }
    fields
}

fn access(access: &Access, read: Option<&Value>) -> Json {
    match (access, read) {
        (Access::Read(key), None) => json!(["read", json(key)]),
        (Access::Read(key), Some(value)) => json!(["read", json(key), json(value)]),
        (Access::Write(key, value), _) => json!(["write", json(key), json(value)]),
    }
}

fn json(value: &Value) -> Json {
    match value {
        Value::Nil => Json::Null,
        Value::Bool(flag) => json!(flag),
        Value::Int(number) => json!(number),
        // A number that is no whole one: its digits are JSON already.
        Value::Decimal(digits) => serde_json::from_str(digits).unwrap_or(Json::Null),
        Value::Text(text) => json!(&**text),
        Value::List(values) => values.iter().map(json).collect(),
    }
}
