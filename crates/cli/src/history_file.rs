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
//! place. `info`, or no completion: it may take effect at any later time, or never. Fields that are not named here (`time`,
//! `index` and `error` of Jepsen) are passed over, and so is what its nemesis does. A key is the same written as a number or
//! as a text (`1` and `"1"`), for the names in `init` are always texts. After an `info` a process may go on: that begins a
//! new operation.
//!
//! The events may also stand in one list, and in EDN, as in the `history.edn` that Jepsen writes; the model is then given
//! beside the file. Where each value is a pair of a key and a value, as with `jepsen.independent`, the key is taken from it.

use std::collections::BTreeMap;
use std::fmt;

use sim::history::{Access, Call, History, Initial, Model, OperationId, Outcome, Value};
use sim::text::{QUOTED, excerpt};

use crate::form::{Fields, Form, forms};

/// What a file holds. The `event` of each moment of the history is the number of its line, counted from 1.
#[derive(Debug)]
pub struct FileHistory {
    /// The model of the first line, or the one that was given.
    pub model: Model,
    /// The operations.
    pub history: History,
    /// How many events of the nemesis were passed over.
    pub nemesis_events: u64,
    /// Whether each value is a pair of a key and a value.
    pub has_keys_in_values: bool,
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

/// Reads a history, of this model if one is given, else of the one that the file begins with.
///
/// # Errors
///
/// The first place that cannot be read, is no object, or makes no sense after what is before it.
pub fn read(text: &str, given: Option<Model>) -> Result<FileHistory, FileError> {
    let forms = forms(text).map_err(|(line, problem)| at_line(line)(format!("{problem}; {AN_EVENT}")))?;
    let mut events = forms.into_iter().map(object).collect::<Result<Vec<_>, _>>()?;
    let Some((line, first)) = events.first() else {
        return Err(at_line(1)(format!("there is nothing in it; {HEADER}")));
    };
    let (line, has_header) = (*line, !first.contains_key("type"));
    let model = match given {
        Some(_) if has_header => Err("the file begins with its model: leave out --model".to_string()),
        Some(model) => Ok(model),
        None => header(first),
    };
    let model = model.map_err(at_line(line))?;
    events.drain(..usize::from(has_header));
    let count = events.len();
    events.retain(|(_, event)| !is_of_nemesis(event));
    let nemesis_events = (count - events.len()) as u64;
    let has_keys_in_values = take_keys_out(&model, &mut events)?;
    let mut reading = Reading { model, history: History::new(), open: BTreeMap::new() };
    for (line, event) in events {
        reading.event(line, &event).map_err(at_line(line))?;
    }
    let Reading { model, history, .. } = reading;
    Ok(FileHistory { model, history, nemesis_events, has_keys_in_values })
}

/// What to say of a line, if it is wrong.
type Checked<T> = Result<T, String>;

const AN_EVENT: &str = "expected one object {…} on each line";
const HEADER: &str = "expected a first line such as {\"model\":\"register\",\"init\":0}";
const MODELS: [&str; 5] = ["register", "cas-register", "kv", "mutex", "multi-register"];
const TYPES: [&str; 4] = ["invoke", "ok", "fail", "info"];

fn at_line(line: u64) -> impl FnOnce(String) -> FileError {
    move |problem| FileError { line, problem }
}

fn object((line, form): (u64, Form)) -> Result<(u64, Fields), FileError> {
    match form {
        Form::Map(fields) => Ok((line, fields)),
        other => Err(at_line(line)(format!("{} is not an object; {AN_EVENT}", quoted(&other)))),
    }
}

/// As much of a value as a sentence repeats.
fn quoted(form: &Form) -> String {
    excerpt(&form.to_string(), QUOTED)
}

// ---- what Jepsen writes ----

/// The nemesis of Jepsen makes trouble, and asks for nothing.
fn is_of_nemesis(event: &Fields) -> bool {
    event.get("process").and_then(word) == Some("nemesis")
}

/// Takes the keys out of the values, if each event that asks for something has a pair of a key and a value, as the tuples of
/// `jepsen.independent` are; false if not.
fn take_keys_out(model: &Model, events: &mut [(u64, Fields)]) -> Result<bool, FileError> {
    let is_invoked = |(_, event): &&(u64, Fields)| event.get("type").and_then(word) == Some("invoke");
    let (keyed, plain): (Vec<_>, Vec<_>) =
        events.iter().filter(is_invoked).partition(|(_, event)| pair(event).is_some());
    if keyed.is_empty() {
        return Ok(false);
    }
    if let Some((line, _)) = plain.first() {
        let is_empty = |(_, event): &&(u64, Fields)| matches!(event.get("value"), None | Some(Form::Nothing));
        let is_certain = keyed.iter().any(|(_, event)| event.get("f").and_then(word) == Some("cas"));
        let problem = "the other values are pairs of a key and a value: this one needs its key, too, as [key, null]";
        let is_missing = is_certain && plain.iter().all(is_empty);
        return if is_missing { Err(at_line(*line)(problem.to_string())) } else { Ok(false) };
    }
    if let (Model::MultiRegister(_), Some((line, _))) = (model, keyed.first()) {
        let problem = "a txn has its keys in its accesses: a key beside them cannot be judged";
        return Err(at_line(*line)(problem.to_string()));
    }
    for (_, event) in events {
        if let Some((key, value)) = pair(event) {
            let (key, value) = (key.clone(), value.clone());
            event.extend([("key".to_string(), key), ("value".to_string(), value)]);
        }
    }
    Ok(true)
}

/// A key and a value as the value of an event that names no key; a `cas` has a pair as its value, with or without a key.
fn pair(event: &Fields) -> Option<(&Form, &Form)> {
    let names_key = event.get("key").is_some_and(|key| *key != Form::Nothing);
    let Some(Form::List(parts)) = event.get("value").filter(|_| !names_key) else { return None };
    let [key, value] = &parts[..] else { return None };
    let is_key = matches!(key, Form::Text(_) | Form::Word(_) | Form::Number(_) | Form::Truth(_));
    let is_cas = event.get("f").and_then(word) == Some("cas");
    let fits = !is_cas || matches!(value, Form::List(values) if values.len() == 2);
    (is_key && fits).then_some((key, value))
}

// ---- the model ----

fn header(first: &Fields) -> Checked<Model> {
    let Some(name) = first.get("model") else {
        return Err(format!("\"model\" is missing; {HEADER}, or say --model register"));
    };
    let unknown = || format!("unknown model {}; expected one of {}", quoted(name), MODELS.join(", "));
    model(word(name).ok_or_else(unknown)?, first.get("init").unwrap_or(&Form::Nothing))
}

/// The model of this name, with what is there before the first operation.
pub fn model(name: &str, init: &Form) -> Checked<Model> {
    match name {
        "register" => Ok(Model::Register(initial(init)?)),
        "cas-register" => Ok(Model::CasRegister(initial(init)?)),
        "kv" => Ok(Model::KeyValue(initial(init)?)),
        "multi-register" => Ok(Model::MultiRegister(initial(init)?)),
        "mutex" => Ok(Model::Mutex { held: held(init)? }),
        _ => Err(format!("unknown model \"{}\"; expected one of {}", excerpt(name, QUOTED), MODELS.join(", "))),
    }
}

/// An object gives the values of keys; anything else is the value of all.
fn initial(init: &Form) -> Checked<Initial> {
    let Form::Map(by_key) = init else { return Ok(Initial::all(value(init)?)) };
    let by_key = by_key.iter().map(|(key, form)| Ok((Value::text(key), value(form)?)));
    Ok(Initial { default: Value::Nil, by_key: by_key.collect::<Checked<_>>()? })
}

fn held(init: &Form) -> Checked<bool> {
    match init {
        Form::Nothing => Ok(false),
        Form::Truth(held) => Ok(*held),
        _ => Err(format!("\"init\" of a mutex is {}; expected true (held) or false (free)", quoted(init))),
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
    fn event(&mut self, line: u64, event: &Fields) -> Checked<()> {
        let process = process(event)?;
        match text(event, "type")? {
            "invoke" => self.invoke(line, process, event),
            "ok" => self.complete(line, process, event, |call| Ok(Outcome::Ok(result(call, event)?))),
            "fail" => self.complete(line, process, event, |_| Ok(Outcome::Failed)),
            "info" => self.complete(line, process, event, |_| Ok(Outcome::Unknown)),
            other => {
                let other = excerpt(other, QUOTED);
                Err(format!("unknown type \"{other}\"; expected one of {}", TYPES.join(", ")))
            }
        }
    }

    fn invoke(&mut self, line: u64, process: u64, event: &Fields) -> Checked<()> {
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
        event: &Fields,
        outcome: impl FnOnce(&Call) -> Checked<Outcome>,
    ) -> Checked<()> {
        let operation = self.open.get(&process).and_then(|id| self.history.get(*id));
        let operation = operation.ok_or_else(|| {
            let kind = event.get("type").and_then(word).unwrap_or("completion");
            format!(
                "{kind} of process {process}, which has nothing open; expected an invoke of process {process} before it"
            )
        })?;
        let (invoked, asked) = (operation.call.name(), operation.invoked.event);
        if let Some(told) = event.get("f").filter(|told| word(told) != Some(invoked)) {
            let told = quoted(told);
            return Err(format!("\"f\" is {told}, but process {process} invoked \"{invoked}\" in line {asked}"));
        }
        if event.get("key").is_some_and(|key| *key != Form::Nothing)
            && self.key(event, &operation.call)? != operation.key
        {
            return Err(format!(
                "the key differs from \"{}\", which process {process} named in line {asked}",
                excerpt(&operation.key.to_string(), QUOTED)
            ));
        }
        let outcome = outcome(&operation.call)?;
        self.history.complete(operation.id, line, 0, outcome);
        self.open.remove(&process);
        Ok(())
    }

    fn call(&self, event: &Fields) -> Checked<Call> {
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
            let f = excerpt(f, QUOTED);
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

    fn key(&self, event: &Fields, call: &Call) -> Checked<Value> {
        match event.get("key").unwrap_or(&Form::Nothing) {
            _ if matches!(call, Call::Txn(_)) => Ok(Value::Nil),
            Form::Nothing if matches!(self.model, Model::KeyValue(_)) => {
                Err(format!("\"key\" is missing; expected the key that the {} is about", call.name()))
            }
            Form::Nothing => Ok(Value::Nil),
            form => key(form),
        }
    }
}

/// What an event with the type `ok` says of the result.
fn result(call: &Call, event: &Fields) -> Checked<Value> {
    let refused = match event.get("result").unwrap_or(&Form::Nothing) {
        Form::Nothing | Form::Truth(true) => false,
        Form::Truth(false) if matches!(call, Call::Cas { .. } | Call::Acquire) => true,
        Form::Truth(false) => return Err(format!("a {} has no \"result\":false; expected type fail", call.name())),
        other => return Err(format!("\"result\" is {}; expected true or false", quoted(other))),
    };
    let told = event.get("value");
    let repeated = told.filter(|form| **form != Form::Nothing);
    match call {
        Call::Read | Call::Get => {
            let told = told.ok_or_else(|| {
                format!("\"value\" is missing; expected what the {} returned, null for nothing", call.name())
            })?;
            value(told)
        }
        Call::Txn(asked) => told_by_txn(asked, given(event, "txn")?),
        Call::Write(asked) | Call::Put(asked) | Call::Append(asked) => match repeated {
            Some(form) if value(form)? != *asked => Err(differs(call, form, &asked.to_string())),
            _ => Ok(Value::Nil),
        },
        Call::Cas { from, to } => match repeated {
            Some(form) if from_to(form)? != (from.clone(), to.clone()) => {
                Err(differs(call, form, &format!("[{from}, {to}]")))
            }
            _ => Ok(Value::Bool(!refused)),
        },
        Call::Acquire => Ok(Value::Bool(!refused)),
        Call::Delete | Call::Release => Ok(Value::Nil),
    }
}

fn differs(call: &Call, told: &Form, asked: &str) -> String {
    let (told, asked) = (quoted(told), excerpt(asked, QUOTED));
    format!("\"value\" is {told}, but this {} was invoked with {asked}; expected the same", call.name())
}

fn told_by_txn(asked: &[Access], form: &Form) -> Checked<Value> {
    let told = accesses(form)?;
    let same = |(asked, told): (&Access, &AccessOnFile)| match (asked, &told.asked) {
        (Access::Read(key), Access::Read(again)) => key == again,
        (asked, told) => asked == told,
    };
    if asked.len() != told.len() || !asked.iter().zip(&told).all(same) {
        let told = quoted(form);
        return Err(format!("{told} has not the reads and writes with which this txn was invoked; expected the same"));
    }
    told.into_iter()
        .map(|access| access.told.ok_or_else(|| no_value_read(form)))
        .collect::<Checked<Vec<_>>>()
        .map(Value::list)
}

fn no_value_read(form: &Form) -> String {
    format!("a read in {} has no value; expected [\"read\",key,value]", quoted(form))
}

/// An access of a `txn`, with the value written, or read if it is there.
struct AccessOnFile {
    asked: Access,
    told: Option<Value>,
}

fn accesses(form: &Form) -> Checked<Vec<AccessOnFile>> {
    match form {
        Form::List(accesses) => accesses.iter().map(access).collect(),
        other => Err(format!(
            "a txn has the value {}; expected a list such as [[\"read\",\"x\",1],[\"write\",\"y\",2]]",
            quoted(other)
        )),
    }
}

fn access(form: &Form) -> Checked<AccessOnFile> {
    let parts = list(form).unwrap_or_default();
    match (parts.first().and_then(word), parts) {
        (Some("read" | "r"), [_, at]) => Ok(AccessOnFile { asked: Access::Read(key(at)?), told: None }),
        (Some("read" | "r"), [_, at, read]) => {
            Ok(AccessOnFile { asked: Access::Read(key(at)?), told: Some(value(read)?) })
        }
        (Some("write" | "w"), [_, at, written]) => {
            let written = value(written)?;
            Ok(AccessOnFile { asked: Access::Write(key(at)?, written.clone()), told: Some(written) })
        }
        _ => Err(format!(
            "{} is no access of a txn; expected [\"read\",key,value] or [\"write\",key,value]",
            quoted(form)
        )),
    }
}

// ---- fields ----

fn process(event: &Fields) -> Checked<u64> {
    match event.get("process") {
        None => Err("\"process\" is missing; expected a whole number, 0 or more".into()),
        Some(Form::Number(Value::Int(number @ 0..))) => Ok(number.unsigned_abs()),
        Some(other) => Err(format!("\"process\" is {}; expected a whole number, 0 or more", quoted(other))),
    }
}

fn text<'a>(event: &'a Fields, field: &str) -> Checked<&'a str> {
    match event.get(field) {
        None => Err(format!("\"{field}\" is missing; expected a text")),
        Some(form) => word(form).ok_or_else(|| format!("\"{field}\" is {}; expected a text", quoted(form))),
    }
}

fn given<'a>(event: &'a Fields, f: &str) -> Checked<&'a Form> {
    event.get("value").ok_or_else(|| {
        let expected = match f {
            "cas" => "[from, to]",
            "txn" => "a list such as [[\"read\",\"x\",1],[\"write\",\"y\",2]]",
            _ => "what is written",
        };
        format!("\"value\" of the {f} is missing; expected {expected}")
    })
}

fn from_to(form: &Form) -> Checked<(Value, Value)> {
    match list(form) {
        Some([from, to]) => Ok((value(from)?, value(to)?)),
        _ => Err(format!("a cas has the value {}; expected [from, to]", quoted(form))),
    }
}

fn key(form: &Form) -> Checked<Value> {
    if let Some(word) = word(form) {
        return Ok(Value::text(word));
    }
    match value(form)? {
        Value::Nil | Value::List(_) => {
            Err(format!("the key is {}; expected a text, a number, true or false", quoted(form)))
        }
        key => Ok(Value::text(&key.to_string())),
    }
}

fn value(form: &Form) -> Checked<Value> {
    match form {
        Form::Nothing => Ok(Value::Nil),
        Form::Truth(truth) => Ok(Value::Bool(*truth)),
        Form::Number(number) => Ok(number.clone()),
        Form::Text(text) => Ok(Value::text(text)),
        Form::Word(word) => Ok(Value::text(&format!(":{word}"))),
        Form::List(values) => values.iter().map(value).collect::<Checked<Vec<_>>>().map(Value::list),
        Form::Map(_) => {
            Err(format!("{} is an object; expected null, true, false, a number, a text or a list", quoted(form)))
        }
    }
}

fn word(form: &Form) -> Option<&str> {
    match form {
        Form::Text(word) | Form::Word(word) => Some(word),
        _ => None,
    }
}

fn list(form: &Form) -> Option<&[Form]> {
    match form {
        Form::List(forms) => Some(forms),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use sim::export::Format;
    use sim::history::{Verdict, check};

    use super::*;

    fn file(text: &str) -> Result<FileHistory, FileError> {
        read(text, None)
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
            ("register", "3", "3 is not an object; expected one object {…} on each line"),
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
            ("model: register", "this is not JSON (“model” is no value); expected one object {…} on each line"),
        ] {
            let error = file(text).expect_err(text);
            assert!(error.to_string().starts_with(&format!("line 1: {problem}")), "{error}");
        }
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
                let read = read(&written, None).unwrap_or_else(|error| panic!("{error} in\n{written}"));
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
