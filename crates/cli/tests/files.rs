//! Files that people have brought: logs and histories as other programs write them, and what is wrong with some of them.
//! What is in `files` stands for a whole kind each.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn brought(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

/// A file made up by a test.
fn written(name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).expect("the folder for temporary files can be written");
    path
}

fn netsplit(command: &str, file: &Path, more: &[&str]) -> Output {
    let mut netsplit = Command::new(env!("CARGO_BIN_EXE_netsplit"));
    netsplit.arg(command).arg(file).args(more).output().expect("netsplit starts")
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What it prints as JSON, with its exit code.
fn answer(command: &str, file: &Path, more: &[&str]) -> (Option<i32>, Value) {
    let output = netsplit(command, file, &[more, &["--json"]].concat());
    let answer = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    (code(&output), answer)
}

/// Events, hosts and lines passed over of the only execution of a log.
fn counts(file: &Path, more: &[&str]) -> [Value; 3] {
    let (code, answer) = answer("log", file, more);
    assert_eq!((code, answer["executions"].as_array().map(Vec::len)), (Some(0), Some(1)), "{file:?}: {answer}");
    ["events", "hosts", "lines_passed_over"].map(|count| answer["executions"][0][count].clone())
}

/// The refusal of a file: one sentence or several, none longer than is read.
fn refusal(command: &str, file: &Path, more: &[&str]) -> String {
    let output = netsplit(command, file, more);
    assert_eq!(code(&output), Some(2), "{output:?}");
    let said = said(&output);
    assert!(!said.is_empty() && said.lines().all(|line| line.chars().count() <= 300), "{said}");
    said
}

// ---- logs ----

#[test]
fn a_log_with_the_event_first_is_read_so_and_says_so() {
    let log = brought("event-line-first.log");
    assert_eq!(counts(&log, &[]), [7, 3, 0].map(Value::from));
    assert!(
        said(&netsplit("log", &log, &[])).contains(r"read with --parser '(?<event>.*)\n(?<host>\S*) (?<clock>{.*})'")
    );
    // Whoever says how to read it is obeyed, and told of the other one.
    let usual = r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)";
    assert!(said(&netsplit("log", &log, &["--parser", usual])).contains(r"fit --parser '(?<event>.*)\n"));
}

#[test]
fn blanks_after_a_clock_hide_no_host() {
    assert_eq!(counts(&brought("blank-after-the-clock.log"), &[]), [4, 2, 0].map(Value::from));
}

#[test]
fn what_an_expression_passes_over_is_counted_and_shown() {
    let log = brought("blank-after-the-clock.log");
    let strict = ["--parser", r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)"];
    assert_eq!(counts(&log, &strict), [2, 1, 4].map(Value::from));
    let output = netsplit("log", &log, &strict);
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(shown.contains("lines passed over 4: ") && shown.contains("the first is line 3"), "{shown}");
    // Where something is wrong, that may be why.
    let log = written("far-down.log", "2026-11-30 a: 1\n2026-11-30 a: 2\na {\"a\":3}\nx\nb {\"b\":1}\ny\n");
    let refusal = refusal("log", &log, &[]);
    assert!(refusal.contains("line 1: the parser expression passes over this line, and over 2 in all"), "{refusal}");
    assert!(refusal.contains("line 3: the first event of a has the count 3"), "{refusal}");
}

#[test]
fn a_dictionary_of_python_is_a_clock() {
    assert_eq!(counts(&brought("python-dict.log"), &[]), [2, 2, 0].map(Value::from));
}

#[test]
fn a_header_may_have_one_line() {
    assert_eq!(counts(&brought("header-without-second-line.log"), &[]), [3, 2, 0].map(Value::from));
    let event_first = "(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})\r\nis lit\r\nlamp {\"lamp\":1}\r\n";
    assert_eq!(counts(&written("one-line-header.log", event_first), &[]), [1, 1, 0].map(Value::from));
}

#[test]
fn several_executions_without_a_delimiter_are_told_what_parts_them() {
    let run = "a {\"a\":1}\nx\nb {\"b\":1}\ny\na {\"a\":2,\"b\":1}\nz\n";
    let log = written("two-runs.log", format!("{run}--- next ---\n{run}"));
    let refusal = refusal("log", &log, &[]);
    assert!(refusal.contains("line 8: a counts 1 here, and did so in line 1 already"), "{refusal}");
    assert!(refusal.contains("as the delimiter expression"), "{refusal}");
    assert!(refusal.contains("line 7: the parser expression passes over this line, and over 1 in all"), "{refusal}");
    assert_eq!(refusal.lines().count(), 2, "{refusal}");
}

#[test]
fn a_file_of_windows_is_read_in_every_encoding() {
    assert_eq!(counts(&brought("powershell.log"), &[]), [2, 2, 0].map(Value::from));
    for (encode, mark) in
        [(u16::to_le_bytes as fn(u16) -> [u8; 2], true), (u16::to_be_bytes, true), (u16::to_be_bytes, false)]
    {
        let history = fs::read_to_string(brought("jepsen-with-nemesis.jsonl")).expect("a text");
        let marked = if mark { format!("\u{feff}{history}") } else { history };
        let file = written("utf-16.jsonl", marked.encode_utf16().flat_map(encode).collect::<Vec<u8>>());
        assert_eq!(answer("check-history", &file, &[]).0, Some(0));
    }
    let marked = written("marked.jsonl", "\u{feff}{\"model\":\"register\"}\n");
    assert_eq!(answer("check-history", &marked, &[]).0, Some(0));
    let latin = written("latin-1.log", b"a {\"a\":1}\ngr\xFC\xDFt\n");
    for command in ["log", "check-history"] {
        let refusal = refusal(command, &latin, &[]);
        assert!(refusal.contains("line 2 is not UTF-8, nor is the file UTF-16: save it as UTF-8"), "{refusal}");
    }
}

#[test]
fn a_reader_of_the_errors_that_has_seen_enough_is_no_reason_to_panic() {
    let wrong: String = (0..50).map(|host| format!("h{host} {{\"h{host}\":2}}\nx\n")).collect();
    let wrong = written("wrong.log", wrong);
    let wrong = wrong.to_string_lossy();
    for arguments in
        [&["log", &wrong][..], &["check-history", &wrong], &["run", "zab"], &["hunt", "raft", "--seeds", "x"]]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let (out, err) = (writer.try_clone().expect("a second end"), writer);
        let status = Command::new(env!("CARGO_BIN_EXE_netsplit")).args(arguments).stdout(out).stderr(err).status();
        assert_eq!(status.expect("netsplit starts").code(), Some(2), "{arguments:?}");
    }
}

// ---- histories ----

#[test]
fn what_the_nemesis_does_is_passed_over_and_counted() {
    let (code, answer) = answer("check-history", &brought("jepsen-with-nemesis.jsonl"), &["--consistency", "all"]);
    assert_eq!((code, &answer["operations"], &answer["nemesis_events"]), (Some(0), &json!(4), &json!(3)));
    let output = netsplit("check-history", &brought("jepsen-with-nemesis.jsonl"), &[]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("events of the nemesis passed over: 3"), "{output:?}");
}

#[test]
fn the_history_that_jepsen_writes_is_read_with_a_model_beside_it() {
    let maps = fs::read_to_string(brought("history.edn")).expect("a text");
    let records = maps.replace("{:type", "#jepsen.history.Op{:type");
    for (name, content) in [("lines", maps.clone()), ("vector", format!("[{maps}]")), ("records", records)] {
        let file = written(&format!("{name}.edn"), &content);
        let (code, said) = answer("check-history", &file, &["--model", "cas-register"]);
        assert_eq!((code, &said["operations"], &said["nemesis_events"]), (Some(0), &json!(3), &json!(2)), "{name}");
        let wrong =
            written(&format!("{name}-wrong.edn"), content.replace(":value 4, :process 6", ":value 5, :process 6"));
        assert_eq!(answer("check-history", &wrong, &["--model", "cas-register", "--init", "5"]).0, Some(1), "{name}");
    }
    let file = brought("history.edn");
    assert!(refusal("check-history", &file, &[]).contains("line 1: \"model\" is missing"));
    assert!(
        refusal("check-history", &file, &["--model", "queue"]).contains("unknown model \"queue\"; expected one of")
    );
    assert!(
        refusal("check-history", &file, &["--model", "register", "--init", "1 2"]).contains("--init takes one value")
    );
    let named = brought("crashed-appends.jsonl");
    assert!(refusal("check-history", &named, &["--model", "kv"]).contains("begins with its model: leave out --model"));
}

#[test]
fn keys_inside_of_values_are_seen() {
    let file = brought("key-inside-the-value.jsonl");
    for (consistency, field) in [("linearizable", "linearizable"), ("all", "linearizable")] {
        let (code, answer) = answer("check-history", &file, &["--consistency", consistency]);
        assert_eq!((code, &answer[field], &answer["keys_in_values"]), (Some(0), &json!(true), &json!(true)));
    }
    let right = fs::read_to_string(&file).expect("a text");
    let wrong = written("wrong-key.jsonl", right.replace("[\"k1\",7]", "[\"k1\",6]"));
    assert_eq!(answer("check-history", &wrong, &[]).0, Some(1));
    // A key that only the answer of a read tells is asked for.
    let without = written("read-without-key.jsonl", right.replace("[\"k1\",null]", "null"));
    assert!(
        refusal("check-history", &without, &[]).contains("line 6: the other values are pairs of a key and a value")
    );
    // A register may hold pairs: then its reads name no key.
    let pairs = "{\"model\":\"register\"}\n{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":[1,2]}\n\
        {\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"value\":[1,2]}\n\
        {\"process\":0,\"type\":\"invoke\",\"f\":\"read\",\"value\":null}\n\
        {\"process\":0,\"type\":\"ok\",\"f\":\"read\",\"value\":[1,2]}\n";
    let (code, answer) = answer("check-history", &written("pairs.jsonl", pairs), &[]);
    assert_eq!((code, &answer["keys_in_values"]), (Some(0), &json!(false)));
}

#[test]
fn an_array_is_read_as_its_lines_would_be() {
    let (code, answer_of_array) = answer("check-history", &brought("one-array-in-one-line.json"), &[]);
    let array = fs::read_to_string(brought("one-array-in-one-line.json")).expect("a text");
    let events: Vec<Value> = serde_json::from_str(&array).expect("an array");
    let lines: String = events.iter().map(|event| format!("{event}\n")).collect();
    let (code_of_lines, answer_of_lines) = answer("check-history", &written("lines.jsonl", lines), &[]);
    assert_eq!(code, code_of_lines);
    for field in ["linearizable", "operations"] {
        assert_eq!(answer_of_array[field], answer_of_lines[field]);
    }
}

#[test]
fn no_refusal_repeats_more_than_is_read() {
    let long = "x".repeat(5_000);
    let event =
        |fields: &str| format!("{{\"model\":\"cas-register\"}}\n{{\"process\":0,\"type\":\"invoke\",{fields}}}\n");
    for content in [
        format!("[[{long}]]"),
        format!("[{{\"model\":\"{long}\"}}]"),
        format!("\"{long}\""),
        format!("{{\"{long}"),
        event(&format!("\"f\":\"{long}\"")),
        event(&format!("\"f\":\"cas\",\"value\":\"{long}\"")),
        event(&format!("\"f\":\"write\",\"value\":{{\"a\":\"{long}\"}}")),
        event(&format!("\"f\":\"read\",\"key\":[\"{long}\"]")),
    ] {
        refusal("check-history", &written("long.json", content), &[]);
    }
    for content in [
        format!("{long} {{\"a\":1}}\n{long}\n"),
        format!("a {{\"{long}\":1}}\n{long}\n"),
        format!("a {{\"a\":{long}}}\n{long}\n"),
        format!("(?<host>{long}) (?<clock>[) (?<event>)\n\n{long}"),
    ] {
        refusal("log", &written("long.log", content), &[]);
    }
    refusal("log", &brought("python-dict.log"), &["--relation", &long]);
    refusal("check-history", &brought("history.edn"), &["--model", &long]);
    for arguments in [
        &["run", &long][..],
        &["run", "raft", "--scenario", &long],
        &["run", "raft", "--set", &long],
        &["run", "raft", "--set", &format!("{long}=1")],
        &["run", "raft", "--set", &format!("servers={long}")],
        &["hunt", "raft", "--without", &long],
        &["hunt", "raft", "--check", &long],
        &["hunt", "raft", "--may", &long],
        &["hunt", "raft", "--seeds", &long],
        &["experiment", &long],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_netsplit")).args(arguments).output().expect("netsplit starts");
        assert!(code(&output) == Some(2) && said(&output).chars().count() <= 301, "{arguments:?}: {output:?}");
    }
}

#[test]
fn a_refused_cas_after_an_own_write_is_nothing_but_eventual() {
    let file = brought("own-write-then-refused-cas.jsonl");
    for (consistency, expected) in [("linearizable", 1), ("sequential", 1), ("causal", 1), ("eventual", 0)] {
        assert_eq!(answer("check-history", &file, &["--consistency", consistency]).0, Some(expected), "{consistency}");
    }
}

#[test]
fn numbers_are_what_they_are_and_not_how_they_are_written() {
    assert_eq!(answer("check-history", &brought("whole-numbers-beyond-64-bits.jsonl"), &[]).0, Some(1));
    assert_eq!(answer("check-history", &brought("fraction-of-nothing.jsonl"), &[]).0, Some(0));
    let file = fs::read_to_string(brought("fraction-of-nothing.jsonl")).expect("a text");
    for (one, other) in [("100", "1e2"), ("0", "-0"), ("0.50", "5e-1"), ("1e30", "1000000000000000000000000000000")] {
        let same = file.replace("9007199254740991.0", other).replace("9007199254740991", one);
        assert_eq!(answer("check-history", &written("same.jsonl", same), &[]).0, Some(0), "{one} is {other}");
    }
}

/// Within the memory of ten thousand configurations, where the orders of twelve appends are 479,001,600.
#[test]
fn twelve_lost_appends_are_put_in_order_by_what_is_read() {
    let file = brought("crashed-appends.jsonl");
    assert_eq!(answer("check-history", &file, &["--limit", "10000"]).0, Some(0));
    let right = fs::read_to_string(&file).expect("a text");
    let wrong = written("crashed-appends-wrong.jsonl", right.replace("lkjihgfedcba", "lkjihgfedcbb"));
    assert_eq!(answer("check-history", &wrong, &["--limit", "10000"]).0, Some(1));
}
