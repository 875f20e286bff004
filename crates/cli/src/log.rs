//! `netsplit log`.

use std::process::ExitCode;

use serde_json::{Value, json};
use sim::log::{DEFAULT_PARSER, Execution, Format, Header, PassedOver, Problems, better_parser};

use crate::expression::Expression;
use crate::output::{remark, say};
use crate::{print_json, read_text};

/// What to read, and how.
#[derive(Debug)]
pub struct Request {
    /// The file; `-` for the standard input.
    pub file: String,
    /// Without it that of the file's header, or the usual one.
    pub parser: Option<String>,
    /// Without it that of the file's header, or none.
    pub delimiter: Option<String>,
    /// Pairs of events, as `host:n,host:n`.
    pub relations: Vec<String>,
    pub json: bool,
}

/// Reads a log and says what is in it. What is wrong with it goes to the standard error, and the exit code is 2.
pub fn read(request: &Request) -> Result<ExitCode, String> {
    let pairs = request.relations.iter().map(|pair| parse_pair(pair)).collect::<Result<Vec<_>, _>>()?;
    let text = read_text(&request.file)?;
    let header = Header::of(&text);
    let parser = parser(request, header, &text);
    let parser = Expression::new(parser)?;
    let of_header = header.filter(|header| !header.is_one_line(&text, &parser)).map(|header| header.delimiter);
    let delimiter = match (request.delimiter.as_deref(), of_header) {
        (Some(""), _) | (None, Some("") | None) => None,
        (Some(delimiter), _) => Some(Expression::new(delimiter)?),
        (None, Some(of_header)) => Some(Expression::new(of_header).map_err(|error| {
            format!(
                "line 2 stands for the delimiter expression: leave it blank if there is one execution only ({error})"
            )
        })?),
    };
    let delimiter = delimiter.as_ref().map(|delimiter| delimiter as &dyn sim::log::Expression);
    let format = Format::new(&parser, delimiter).map_err(|sentence| sentence.to_string())?;
    match format.read(&text) {
        Ok(executions) => {
            for (a, b) in &pairs {
                let is_known = |execution: &Execution| execution.named(a).is_some() && execution.named(b).is_some();
                if !executions.iter().any(is_known) {
                    return Err(missing(&executions, a, b));
                }
            }
            if request.json {
                let executions: Vec<Value> = executions.iter().map(|execution| as_value(execution, &pairs)).collect();
                print_json(&json!({"executions": executions}))?;
            } else {
                executions.iter().enumerate().for_each(|(place, execution)| print(place, execution, &pairs));
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            complain(&request.file, &problems);
            if request.json {
                let list = problems.list().iter();
                let list: Vec<Value> =
                    list.map(|problem| json!({"line": problem.line, "message": problem.message.to_string()})).collect();
                print_json(&json!({"executions": [], "problems": list}))?;
            }
            Ok(ExitCode::from(2))
        }
    }
}

/// The parser expression: the one that is asked for, that of the header, or the usual one that fits the log.
fn parser<'a>(request: &'a Request, header: Option<Header<'a>>, text: &str) -> &'a str {
    let given = request.parser.as_deref().or(header.map(|header| header.parser));
    match (given, better_parser(given.unwrap_or(DEFAULT_PARSER), text)) {
        (Some(given), None) => given,
        (Some(given), Some(better)) => {
            remark(&format!("{}: the lines of this log fit --parser '{better}' better", request.file));
            given
        }
        (None, None) => DEFAULT_PARSER,
        (None, Some(better)) => {
            remark(&format!("{}: read with --parser '{better}', which fits its lines", request.file));
            better
        }
    }
}

/// Reads `host:n,host:n`. Hosts may have colons and commas in their names.
fn parse_pair(pair: &str) -> Result<(String, String), String> {
    let is_event = |name: &str| {
        name.rsplit_once(':').is_some_and(|(host, own)| !host.is_empty() && own.parse::<u32>().is_ok_and(|own| own > 0))
    };
    let splits = pair.match_indices(',').map(|(comma, _)| (pair[..comma].trim(), pair[comma + 1..].trim()));
    let (a, b) = splits.into_iter().find(|(a, b)| is_event(a) && is_event(b)).ok_or_else(|| {
        format!("write --relation host:n,host:n with the host's own count as n, such as alice:3,bob:1, not --relation {pair}")
    })?;
    Ok((a.to_string(), b.to_string()))
}

fn missing(executions: &[Execution], a: &str, b: &str) -> String {
    let is_missing = |name: &&str| executions.iter().all(|execution| execution.named(name).is_none());
    let Some(name) = [a, b].into_iter().find(is_missing) else {
        return format!("no execution has both {a} and {b}");
    };
    let hosts: Vec<&str> =
        executions.iter().flat_map(|execution| execution.hosts()).map(|host| &**host).take(20).collect();
    format!("there is no event {name}; the hosts are {}", hosts.join(", "))
}

fn as_value(execution: &Execution, pairs: &[(String, String)]) -> Value {
    let relations: Vec<Value> = relations(execution, pairs)
        .map(|(a, b, relation)| json!({"a": a, "b": b, "relation": relation.to_string()}))
        .collect();
    json!({
        "name": execution.name(),
        "events": execution.events().len(),
        "hosts": execution.hosts().len(),
        "host_names": execution.hosts(),
        "ordered_pairs": execution.ordered_pairs(),
        "concurrent_pairs": execution.concurrent_pairs(),
        "message_edges": execution.edges().len(),
        "lines_passed_over": execution.passed_over().lines,
        "relations": relations,
    })
}

fn print(place: usize, execution: &Execution, pairs: &[(String, String)]) {
    match execution.name() {
        "" => say!("execution {}", place + 1),
        name => say!("{name}"),
    }
    say!("  events            {}", execution.events().len());
    say!("  hosts             {}: {}", execution.hosts().len(), execution.hosts().join(", "));
    say!("  ordered pairs     {}", execution.ordered_pairs());
    say!("  concurrent pairs  {}", execution.concurrent_pairs());
    say!("  message edges     {}", execution.edges().len());
    if let PassedOver { lines: lines @ 1.., first_line } = execution.passed_over() {
        say!("  lines passed over {lines}: no event for the parser expression; the first is line {first_line}");
    }
    for (a, b, relation) in relations(execution, pairs) {
        say!("  {a} and {b}: {relation}");
    }
}

/// The pairs whose events are in this execution.
fn relations<'a>(
    execution: &'a Execution,
    pairs: &'a [(String, String)],
) -> impl Iterator<Item = (&'a str, &'a str, sim::Relation)> {
    pairs.iter().filter_map(|(a, b)| Some((&**a, &**b, execution.relation(execution.named(a)?, execution.named(b)?))))
}

fn complain(file: &str, problems: &Problems) {
    problems.list().iter().for_each(|problem| remark(&format!("{file}: {problem}")));
    if problems.left_out() > 0 {
        remark(&format!("{file}: and {} more problems", problems.left_out()));
    }
}
