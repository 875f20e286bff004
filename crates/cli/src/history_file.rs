//! Histories as files: JSON lines, the first one naming the model, the others one event each, in real-time order.
//!
//! ```json
//! {"model":"cas-register","init":0}
//! {"process":0,"type":"invoke","f":"cas","value":[0,1]}
//! {"process":1,"type":"invoke","f":"read"}
//! {"process":0,"type":"ok","f":"cas","value":[0,1]}
//! {"process":1,"type":"ok","f":"read","value":1}
//! ```
//!
//! `ok`: it took place with this result (a `cas`, or an `acquire`, may carry `"result":false`). `fail`: it did not take
//! place. `info`, or no completion: it may take effect at any later time, or never. Fields that are not named here, and
//! blank lines, are passed over. A key is the same written as a number or as a text (`1` and `"1"`), for the names in
//! `init` are always texts. After an `info` a process may go on: that begins a new operation.

use std::collections::BTreeMap;
use std::fmt;
use std::io::BufRead;

use serde_json::{Map, Value as Json};
use sim::history::{Access, Call, History, Initial, Model, OperationId, Outcome, Value};

/// What a file holds. The `event` of each moment of the history is the number of its line, counted from 1.
#[derive(Debug)]
pub struct FileHistory {
    /// The model of the first line.
    pub model: Model,
    /// The operations.
    pub history: History,
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The number of the line, counted from 1.
    pub line: u64,
    /// What is wrong there and what is expected instead, as a sentence without a full stop.
    pub problem: String,
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

impl std::error::Error for FileError {}

/// Reads a history.
///
/// # Errors
///
/// The first line that cannot be read, is no JSON object, or makes no sense after the lines before it.
pub fn read(reader: impl BufRead) -> Result<FileHistory, FileError> {
    let mut so_far: Option<Reading> = None;
    let mut last = 0;
    for (line, text) in (1..).zip(reader.lines()) {
        last = line;
        let at_line = |problem| FileError { line, problem };
        let text = text.map_err(|error| at_line(format!("cannot be read: {error}")))?;
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() {
            continue;
        }
        match &mut so_far {
            None => so_far = Some(Reading::new(&object(text).and_then(|header| model(&header)).map_err(at_line)?)),
            Some(reading) => object(text).and_then(|event| reading.event(line, &event)).map_err(at_line)?,
        }
    }
    let nothing = || FileError { line: last.max(1), problem: format!("there is nothing in it; {HEADER}") };
    so_far.map(|reading| FileHistory { model: reading.model, history: reading.history }).ok_or_else(nothing)
}

/// What to say of a line, if it is wrong.
type Checked<T> = Result<T, String>;

const HEADER: &str = "expected a first line such as {\"model\":\"register\",\"init\":0}";
const MODELS: [&str; 5] = ["register", "cas-register", "kv", "mutex", "multi-register"];
const TYPES: [&str; 4] = ["invoke", "ok", "fail", "info"];

fn object(text: &str) -> Checked<Map<String, Json>> {
    match serde_json::from_str(text) {
        Ok(Json::Object(fields)) => Ok(fields),
        Ok(other) => Err(format!("{other} is not a JSON object; expected {{…}}, one on each line")),
        Err(error) => Err(format!("this is not JSON ({error}); expected one object {{…}} on each line")),
    }
}

// ---- the first line ----

fn model(header: &Map<String, Json>) -> Checked<Model> {
    let Some(name) = header.get("model") else { return Err(format!("\"model\" is missing; {HEADER}")) };
    let init = header.get("init").unwrap_or(&Json::Null);
    match name.as_str() {
        Some("register") => Ok(Model::Register(initial(init)?)),
        Some("cas-register") => Ok(Model::CasRegister(initial(init)?)),
        Some("kv") => Ok(Model::KeyValue(initial(init)?)),
        Some("multi-register") => Ok(Model::MultiRegister(initial(init)?)),
        Some("mutex") => Ok(Model::Mutex { held: held(init)? }),
        _ => Err(format!("unknown model {name}; expected one of {}", MODELS.join(", "))),
    }
}

/// An object gives the values of keys; anything else is the value of all.
fn initial(init: &Json) -> Checked<Initial> {
    let Json::Object(by_key) = init else { return Ok(Initial::all(value(init)?)) };
    let by_key = by_key.iter().map(|(key, json)| Ok((Value::text(key), value(json)?)));
    Ok(Initial { default: Value::Nil, by_key: by_key.collect::<Checked<_>>()? })
}

fn held(init: &Json) -> Checked<bool> {
    match init {
        Json::Null => Ok(false),
        Json::Bool(held) => Ok(*held),
        _ => Err(format!("\"init\" of a mutex is {init}; expected true (held) or false (free)")),
    }
}

// ---- the events ----

/// A history half read.
struct Reading {
    model: Model,
    history: History,
    open: BTreeMap<u64, OperationId>,
}

impl Reading {
    fn new(model: &Model) -> Self {
        Self { model: model.clone(), history: History::new(), open: BTreeMap::new() }
    }

    fn event(&mut self, line: u64, event: &Map<String, Json>) -> Checked<()> {
        let process = process(event)?;
        match text(event, "type")? {
            "invoke" => self.invoke(line, process, event),
            "ok" => self.complete(line, process, event, |call| Ok(Outcome::Ok(result(call, event)?))),
            "fail" => self.complete(line, process, event, |_| Ok(Outcome::Failed)),
            "info" => self.complete(line, process, event, |_| Ok(Outcome::Unknown)),
            other => Err(format!("unknown type \"{other}\"; expected one of {}", TYPES.join(", "))),
        }
    }

    fn invoke(&mut self, line: u64, process: u64, event: &Map<String, Json>) -> Checked<()> {
        if let Some(operation) = self.open.get(&process).and_then(|id| self.history.get(*id)) {
            return Err(format!(
                "process {process} invokes while its {} of line {} is open; expected ok, fail or info for that one first",
                operation.call.name(),
                operation.invoked.event
            ));
        }
        let call = self.call(event)?;
        let key = self.key(event, &call)?;
        self.open.insert(process, self.history.invoke(process, line, 0, key, call));
        Ok(())
    }

    fn complete(
        &mut self,
        line: u64,
        process: u64,
        event: &Map<String, Json>,
        outcome: impl FnOnce(&Call) -> Checked<Outcome>,
    ) -> Checked<()> {
        let operation = self.open.get(&process).and_then(|id| self.history.get(*id));
        let operation = operation.ok_or_else(|| {
            let kind = event.get("type").and_then(Json::as_str).unwrap_or("completion");
            format!(
                "{kind} of process {process}, which has nothing open; expected an invoke of process {process} before it"
            )
        })?;
        let (invoked, asked) = (operation.call.name(), operation.invoked.event);
        if let Some(told) = event.get("f").filter(|told| told.as_str() != Some(invoked)) {
            return Err(format!("\"f\" is {told}, but process {process} invoked \"{invoked}\" in line {asked}"));
        }
        if event.get("key").is_some_and(|key| !key.is_null()) && self.key(event, &operation.call)? != operation.key {
            return Err(format!(
                "the key differs from \"{}\", which process {process} named in line {asked}",
                operation.key
            ));
        }
        let outcome = outcome(&operation.call)?;
        self.history.complete(operation.id, line, 0, outcome);
        self.open.remove(&process);
        Ok(())
    }

    fn call(&self, event: &Map<String, Json>) -> Checked<Call> {
        let f = text(event, "f")?;
        let expected: &[&str] = match self.model {
            Model::Register(_) => &["read", "write"],
            Model::CasRegister(_) => &["read", "write", "cas"],
            Model::KeyValue(_) => &["get", "put", "append", "delete", "cas"],
            Model::Mutex { .. } => &["acquire", "release"],
            Model::MultiRegister(_) => &["txn"],
        };
        if !expected.contains(&f) {
            let model = self.model.name();
            return Err(format!("the model {model} has no \"{f}\"; expected one of {}", expected.join(", ")));
        }
        match f {
            "read" => Ok(Call::Read),
            "write" => Ok(Call::Write(value(given(event, f)?)?)),
            "get" => Ok(Call::Get),
            "put" => Ok(Call::Put(value(given(event, f)?)?)),
            "append" => Ok(Call::Append(value(given(event, f)?)?)),
            "delete" => Ok(Call::Delete),
            "acquire" => Ok(Call::Acquire),
            "release" => Ok(Call::Release),
            "cas" => {
                let (from, to) = from_to(given(event, f)?)?;
                Ok(Call::Cas { from, to })
            }
            _ => Ok(Call::Txn(accesses(given(event, f)?)?.into_iter().map(|access| access.asked).collect())),
        }
    }

    fn key(&self, event: &Map<String, Json>, call: &Call) -> Checked<Value> {
        match event.get("key").unwrap_or(&Json::Null) {
            _ if matches!(call, Call::Txn(_)) => Ok(Value::Nil),
            Json::Null if matches!(self.model, Model::KeyValue(_)) => {
                Err(format!("\"key\" is missing; expected the key that the {} is about", call.name()))
            }
            Json::Null => Ok(Value::Nil),
            json => key(json),
        }
    }
}

/// What an event with the type `ok` says of the result.
fn result(call: &Call, event: &Map<String, Json>) -> Checked<Value> {
    let refused = match event.get("result").unwrap_or(&Json::Null) {
        Json::Null | Json::Bool(true) => false,
        Json::Bool(false) if matches!(call, Call::Cas { .. } | Call::Acquire) => true,
        Json::Bool(false) => return Err(format!("a {} has no \"result\":false; expected type fail", call.name())),
        other => return Err(format!("\"result\" is {other}; expected true or false")),
    };
    let told = event.get("value");
    let repeated = told.filter(|json| !json.is_null());
    match call {
        Call::Read | Call::Get => {
            let told = told.ok_or_else(|| {
                format!("\"value\" is missing; expected what the {} returned, null for nothing", call.name())
            })?;
            value(told)
        }
        Call::Txn(asked) => told_by_txn(asked, given(event, "txn")?),
        Call::Write(asked) | Call::Put(asked) | Call::Append(asked) => match repeated {
            Some(json) if value(json)? != *asked => Err(differs(call, json, &asked.to_string())),
            _ => Ok(Value::Nil),
        },
        Call::Cas { from, to } => match repeated {
            Some(json) if from_to(json)? != (from.clone(), to.clone()) => {
                Err(differs(call, json, &format!("[{from}, {to}]")))
            }
            _ => Ok(Value::Bool(!refused)),
        },
        Call::Acquire => Ok(Value::Bool(!refused)),
        Call::Delete | Call::Release => Ok(Value::Nil),
    }
}

fn differs(call: &Call, told: &Json, asked: &str) -> String {
    format!("\"value\" is {told}, but this {} was invoked with {asked}; expected the same", call.name())
}

fn told_by_txn(asked: &[Access], json: &Json) -> Checked<Value> {
    let told = accesses(json)?;
    let same = |(asked, told): (&Access, &AccessOnFile)| match (asked, &told.asked) {
        (Access::Read(key), Access::Read(again)) => key == again,
        (asked, told) => asked == told,
    };
    if asked.len() != told.len() || !asked.iter().zip(&told).all(same) {
        return Err(format!("{json} has not the reads and writes with which this txn was invoked; expected the same"));
    }
    told.into_iter()
        .map(|access| access.told.ok_or_else(|| no_value_read(json)))
        .collect::<Checked<Vec<_>>>()
        .map(Value::list)
}

fn no_value_read(json: &Json) -> String {
    format!("a read in {json} has no value; expected [\"read\",key,value]")
}

/// An access of a `txn`, with the value written, or read if it is there.
struct AccessOnFile {
    asked: Access,
    told: Option<Value>,
}

fn accesses(json: &Json) -> Checked<Vec<AccessOnFile>> {
    let expected =
        || format!("a txn has the value {json}; expected a list such as [[\"read\",\"x\",1],[\"write\",\"y\",2]]");
    json.as_array().ok_or_else(expected)?.iter().map(access).collect()
}

fn access(json: &Json) -> Checked<AccessOnFile> {
    let parts = json.as_array().map(Vec::as_slice).unwrap_or_default();
    match (parts.first().and_then(Json::as_str), parts) {
        (Some("read" | "r"), [_, at]) => Ok(AccessOnFile { asked: Access::Read(key(at)?), told: None }),
        (Some("read" | "r"), [_, at, read]) => {
            Ok(AccessOnFile { asked: Access::Read(key(at)?), told: Some(value(read)?) })
        }
        (Some("write" | "w"), [_, at, written]) => {
            let written = value(written)?;
            Ok(AccessOnFile { asked: Access::Write(key(at)?, written.clone()), told: Some(written) })
        }
        _ => Err(format!("{json} is no access of a txn; expected [\"read\",key,value] or [\"write\",key,value]")),
    }
}

// ---- fields ----

fn process(event: &Map<String, Json>) -> Checked<u64> {
    match event.get("process") {
        None => Err("\"process\" is missing; expected a whole number, 0 or more".into()),
        Some(json) => json.as_u64().ok_or_else(|| format!("\"process\" is {json}; expected a whole number, 0 or more")),
    }
}

fn text<'a>(event: &'a Map<String, Json>, field: &str) -> Checked<&'a str> {
    match event.get(field) {
        None => Err(format!("\"{field}\" is missing; expected a text")),
        Some(json) => json.as_str().ok_or_else(|| format!("\"{field}\" is {json}; expected a text")),
    }
}

fn given<'a>(event: &'a Map<String, Json>, f: &str) -> Checked<&'a Json> {
    event.get("value").ok_or_else(|| {
        let expected = match f {
            "cas" => "[from, to]",
            "txn" => "a list such as [[\"read\",\"x\",1],[\"write\",\"y\",2]]",
            _ => "what is written",
        };
        format!("\"value\" of the {f} is missing; expected {expected}")
    })
}

fn from_to(json: &Json) -> Checked<(Value, Value)> {
    match json.as_array().map(Vec::as_slice) {
        Some([from, to]) => Ok((value(from)?, value(to)?)),
        _ => Err(format!("a cas has the value {json}; expected [from, to]")),
    }
}

fn key(json: &Json) -> Checked<Value> {
    match value(json)? {
        Value::Nil | Value::List(_) => Err(format!("the key is {json}; expected a text, a number, true or false")),
        key => Ok(Value::text(&key.to_string())),
    }
}

fn value(json: &Json) -> Checked<Value> {
    match json {
        Json::Null => Ok(Value::Nil),
        Json::Bool(truth) => Ok(Value::Bool(*truth)),
        Json::Number(number) => Ok(decimal(&number.to_string())),
        Json::String(text) => Ok(Value::text(text)),
        Json::Array(values) => values.iter().map(value).collect::<Checked<Vec<_>>>().map(Value::list),
        Json::Object(_) => Err(format!("{json} is an object; expected null, true, false, a number, a text or a list")),
    }
}

/// `1.0` is the whole number 1.
fn decimal(text: &str) -> Value {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse().map_or_else(|_| Value::Decimal(text.into()), Value::Int)
}

#[cfg(test)]
mod tests {
    use sim::export::Format;
    use sim::history::{Verdict, check};

    use super::*;

    fn file(text: &str) -> Result<FileHistory, FileError> {
        read(text.as_bytes())
    }

    fn is_linearizable(text: &str) -> bool {
        let file = file(text).expect("a good file");
        match check(&file.history, &file.model, 1000) {
            Verdict::Linearizable { .. } => true,
            Verdict::NotLinearizable { .. } => false,
            Verdict::Undecided(reason) => panic!("{reason}"),
        }
    }

    #[test]
    fn every_model_is_read() {
        let files = [
            (
                r#"{"model":"register","init":0}
                   {"process":0,"type":"invoke","f":"write","key":"x","value":1}
                   {"process":1,"type":"invoke","f":"read","key":"x","value":null}
                   {"process":1,"type":"ok","f":"read","key":"x","value":1}
                   {"process":0,"type":"info","f":"write","key":"x","value":1}
                   {"process":0,"type":"invoke","f":"read","key":"y"}"#,
                r#"{"process":0,"type":"ok","f":"read","key":"y","value":LAST}"#,
                ("0", "1"),
            ),
            (
                r#"{"model":"cas-register"}

                   {"process":3,"type":"invoke","f":"cas","value":[null,true]}
                   {"process":3,"type":"ok","f":"cas","value":[null,true]}
                   {"process":3,"type":"invoke","f":"cas","value":[1,2]}
                   {"process":3,"type":"ok","f":"cas","result":false}
                   {"process":3,"type":"invoke","f":"write","value":7}
                   {"process":3,"type":"fail","f":"write","value":7}
                   {"process":3,"type":"invoke","f":"read"}"#,
                r#"{"process":3,"type":"ok","value":LAST}"#,
                ("true", "7"),
            ),
            (
                r#"{"model":"kv","init":{"1":"a"}}
                   {"process":0,"type":"invoke","f":"append","key":1,"value":"b"}
                   {"process":0,"type":"ok","f":"append","key":"1"}
                   {"process":0,"type":"invoke","f":"get","key":2}
                   {"process":0,"type":"ok","f":"get","key":2,"value":null}
                   {"process":0,"type":"invoke","f":"get","key":1}"#,
                r#"{"process":0,"type":"ok","f":"get","key":1,"value":LAST}"#,
                (r#""ab""#, r#""b""#),
            ),
            (
                r#"{"model":"mutex"}
                   {"process":0,"type":"invoke","f":"acquire","value":null}
                   {"process":0,"type":"ok","f":"acquire","value":null}
                   {"process":1,"type":"invoke","f":"acquire","value":null}"#,
                r#"{"process":1,"type":"LAST","f":"acquire","value":null}"#,
                ("info", "ok"),
            ),
            (
                r#"{"model":"multi-register","init":{"x":0,"y":0.5}}
                   {"process":0,"type":"invoke","f":"txn","value":[["read","x",null],["write","y",2.0]]}
                   {"process":0,"type":"ok","f":"txn","value":[["read","x",0],["write","y",2]]}
                   {"process":0,"type":"invoke","f":"txn","value":[["read","y"]]}"#,
                r#"{"process":0,"type":"ok","f":"txn","value":[["read","y",LAST]]}"#,
                ("2", "0.5"),
            ),
        ];
        for (start, last, (right, wrong)) in files {
            assert!(is_linearizable(start), "{start}");
            assert!(is_linearizable(&format!("{start}\n{}\n", last.replace("LAST", right))), "{start}");
            assert!(!is_linearizable(&format!("{start}\r\n{}", last.replace("LAST", wrong))), "{start}");
        }
    }

    #[test]
    fn moments_name_their_lines() {
        let file =
            file("{\"model\":\"register\"}\n\n{\"process\":5,\"type\":\"invoke\",\"f\":\"read\"}\n").expect("good");
        let operation = file.history.iter().next().expect("one operation");
        assert_eq!((operation.client, operation.invoked.event, operation.is_open()), (5, 3, true));
    }

    /// What stands in the second line of a file with this model, and what is said of it.
    #[test]
    fn a_wrong_event_is_named_with_what_is_expected() {
        let wrong = [
            ("register", r#"{"process":0,"#, "this is not JSON ("),
            ("register", "[]", "[] is not a JSON object; expected {…}, one on each line"),
            (
                "register",
                r#"{"type":"invoke","f":"read"}"#,
                r#""process" is missing; expected a whole number, 0 or more"#,
            ),
            ("register", r#"{"process":"a","type":"ok"}"#, r#""process" is "a"; expected a whole number, 0 or more"#),
            ("register", r#"{"process":1}"#, r#""type" is missing; expected a text"#),
            (
                "register",
                r#"{"process":1,"type":"done"}"#,
                r#"unknown type "done"; expected one of invoke, ok, fail, info"#,
            ),
            ("register", r#"{"process":1,"type":"invoke"}"#, r#""f" is missing; expected a text"#),
            (
                "register",
                r#"{"process":1,"type":"invoke","f":"cas","value":[1,2]}"#,
                r#"the model register has no "cas"; expected one of read, write"#,
            ),
            (
                "mutex",
                r#"{"process":1,"type":"ok","f":"acquire"}"#,
                "ok of process 1, which has nothing open; expected an invoke of process 1 before it",
            ),
            (
                "register",
                r#"{"process":1,"type":"invoke","f":"write"}"#,
                r#""value" of the write is missing; expected what is written"#,
            ),
            (
                "cas-register",
                r#"{"process":1,"type":"invoke","f":"cas","value":3}"#,
                "a cas has the value 3; expected [from, to]",
            ),
            (
                "kv",
                r#"{"process":1,"type":"invoke","f":"get"}"#,
                r#""key" is missing; expected the key that the get is about"#,
            ),
            (
                "kv",
                r#"{"process":1,"type":"invoke","f":"get","key":[1]}"#,
                "the key is [1]; expected a text, a number, true or false",
            ),
            (
                "register",
                r#"{"process":1,"type":"invoke","f":"write","value":{}}"#,
                "{} is an object; expected null, true, false, a number, a text or a list",
            ),
            (
                "multi-register",
                r#"{"process":1,"type":"invoke","f":"txn","value":[["reed","x"]]}"#,
                r#"["reed","x"] is no access of a txn; expected ["read",key,value] or ["write",key,value]"#,
            ),
        ];
        for (model, line, problem) in wrong {
            let error = file(&format!("{{\"model\":\"{model}\"}}\n{line}")).expect_err(line);
            assert!(error.to_string().starts_with(&format!("line 2: {problem}")), "{error}");
        }
    }

    /// What stands in the third line, after an invocation.
    #[test]
    fn a_wrong_completion_is_named_with_what_is_expected() {
        let wrong = [
            (
                "\"read\"",
                r#"{"process":1,"type":"invoke","f":"read"}"#,
                "process 1 invokes while its read of line 2 is open; expected ok, fail or info for that one first",
            ),
            (
                "\"read\"",
                r#"{"process":1,"type":"ok","f":"read"}"#,
                r#""value" is missing; expected what the read returned, null for nothing"#,
            ),
            (
                "\"read\"",
                r#"{"process":1,"type":"ok","f":"write","value":1}"#,
                r#""f" is "write", but process 1 invoked "read" in line 2"#,
            ),
            (
                "\"read\",\"key\":\"x\"",
                r#"{"process":1,"type":"ok","f":"read","key":"y","value":1}"#,
                "the key differs from \"x\", which process 1 named in line 2",
            ),
            (
                "\"write\",\"value\":1",
                r#"{"process":1,"type":"ok","f":"write","value":2}"#,
                r#""value" is 2, but this write was invoked with 1; expected the same"#,
            ),
            (
                "\"write\",\"value\":1",
                r#"{"process":1,"type":"ok","result":false}"#,
                r#"a write has no "result":false; expected type fail"#,
            ),
            (
                "\"cas\",\"value\":[1,2]",
                r#"{"process":1,"type":"ok","value":[1,3]}"#,
                r#""value" is [1,3], but this cas was invoked with [1, 2]; expected the same"#,
            ),
            (
                "\"cas\",\"value\":[1,2]",
                r#"{"process":1,"type":"ok","result":1}"#,
                r#""result" is 1; expected true or false"#,
            ),
        ];
        for (invoked, line, problem) in wrong {
            let text = format!(
                "{{\"model\":\"cas-register\"}}\n{{\"process\":1,\"type\":\"invoke\",\"f\":{invoked}}}\n{line}"
            );
            assert_eq!(file(&text).expect_err(line).to_string(), format!("line 3: {problem}"));
        }
        let txn = "{\"model\":\"multi-register\"}\n{\"process\":1,\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"read\",\"x\",null]]}\n";
        let other =
            file(&format!(r#"{txn}{{"process":1,"type":"ok","value":[["read","y",1]]}}"#)).expect_err("another key");
        assert!(other.problem.contains("has not the reads and writes"), "{other}");
        let no_value =
            file(&format!(r#"{txn}{{"process":1,"type":"ok","value":[["read","x"]]}}"#)).expect_err("no value");
        assert!(no_value.problem.contains("expected [\"read\",key,value]"), "{no_value}");
    }

    #[test]
    fn a_wrong_first_line_is_named_with_what_is_expected() {
        for (text, problem) in [
            ("", "there is nothing in it; expected a first line such as"),
            ("{}", "\"model\" is missing; expected a first line such as"),
            (
                r#"{"model":"queue"}"#,
                "unknown model \"queue\"; expected one of register, cas-register, kv, mutex, multi-register",
            ),
            (r#"{"model":"mutex","init":3}"#, "\"init\" of a mutex is 3; expected true (held) or false (free)"),
            ("model: register", "this is not JSON ("),
        ] {
            let error = file(text).expect_err(text);
            assert!(error.to_string().starts_with(&format!("line 1: {problem}")), "{error}");
        }
        assert_eq!(read(&b"{\"model\":\"register\"}\n\xff\n"[..]).expect_err("no text").line, 2);
    }

    #[test]
    fn the_history_of_a_lab_comes_back_as_it_was_written() {
        let mut histories = 0;
        for lab in labs::registry::LABS {
            let mut session = lab.open().unwrap();
            for card in session.scenarios() {
                session.open(card.name).unwrap();
                session.seek(session.scenario().cursor + 100);
                let Some((model, history)) = session.history() else {
                    assert!(Format::History.write(&mut *session).is_err());
                    continue;
                };
                let written = Format::History.write(&mut *session).unwrap();
                let read = read(written.as_bytes()).unwrap_or_else(|error| panic!("{error} in\n{written}"));
                assert_eq!(read.model, model);
                let facts = |history: &History| -> Vec<_> {
                    let fact = |operation: &sim::history::Operation| {
                        let ended =
                            operation.completed.as_ref().map(|(moment, outcome)| (moment.order, outcome.clone()));
                        (operation.key.clone(), operation.call.clone(), operation.invoked.order, ended)
                    };
                    history.iter().map(fact).collect()
                };
                assert_eq!(facts(&read.history), facts(&history), "{}/{}", lab.about().id, card.name);
                histories += usize::from(!history.is_empty());
            }
        }
        assert!(histories >= 20, "{histories} histories");
    }
}
