//! The command line as a person or a CI job uses it.

use std::process::{Command, Output};

fn netsplit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_netsplit")).args(arguments).output().expect("netsplit starts")
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ends by itself")
}

fn history(name: &str, lines: &str) -> String {
    let path = std::env::temp_dir().join(format!("netsplit-{}-{name}.jsonl", std::process::id()));
    std::fs::write(&path, lines).expect("the folder for temporary files can be written");
    path.to_string_lossy().into_owned()
}

#[test]
fn labs_are_listed_with_all_that_they_have() {
    let output = netsplit(&["labs", "--json"]);
    assert_eq!(code(&output), 0);
    let raft = &json(&output)[0];
    assert_eq!(raft["id"], "raft");
    for list in ["settings", "scenarios", "rules", "checks", "experiments"] {
        assert!(!raft[list].as_array().expect(list).is_empty(), "{list}");
    }
}

#[test]
fn a_run_prints_one_object_a_line() {
    let output = netsplit(&["run", "raft", "--seed", "3", "--events", "50", "--json"]);
    assert_eq!(code(&output), 0);
    let text = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 50);
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(line["id"], index + 1);
        for field in ["time", "node", "kind", "cause", "lamport", "vector"] {
            assert!(line.get(field).is_some(), "{field}");
        }
    }
}

#[test]
fn a_hunt_ends_with_1_when_it_finds_something_and_with_0_when_not() {
    let found = netsplit(&["hunt", "raft", "--without", "majority", "--seeds", "0..200", "--json"]);
    assert_eq!(code(&found), 1);
    assert_eq!(json(&found)["check"], "election-safety");
    let nothing = netsplit(&["hunt", "raft", "--seeds", "0..50", "--json"]);
    assert_eq!(code(&nothing), 0);
    assert_eq!(json(&nothing)["found"], false);
}

#[test]
fn a_history_is_judged_and_a_bad_file_named_by_its_line() {
    let good = history(
        "good",
        r#"{"model":"register","init":0}
{"process":1,"type":"invoke","f":"write","value":5}
{"process":2,"type":"invoke","f":"read","value":null}
{"process":2,"type":"ok","f":"read","value":5}
{"process":1,"type":"info","f":"write","value":5}
"#,
    );
    let output = netsplit(&["check-history", &good, "--json"]);
    assert_eq!((code(&output), &json(&output)["linearizable"]), (0, &true.into()));

    let stale = history(
        "stale",
        r#"{"model":"register","init":0}
{"process":1,"type":"invoke","f":"write","value":5}
{"process":1,"type":"ok","f":"write","value":5}
{"process":2,"type":"invoke","f":"read","value":null}
{"process":2,"type":"ok","f":"read","value":0}
"#,
    );
    let output = netsplit(&["check-history", &stale, "--json"]);
    assert_eq!((code(&output), &json(&output)["linearizable"]), (1, &false.into()));

    let bad = history(
        "bad",
        "{\"model\":\"register\",\"init\":0}\n{\"process\":1,\"type\":\"ok\",\"f\":\"read\",\"value\":0}\n",
    );
    let output = netsplit(&["check-history", &bad]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("line 2"), "{output:?}");
}

/// Attiya & Welch 1994: each key alone has an order, both together have none; and real time says so of each.
const STORE_BUFFERS: &str = r#"{"model":"register","init":0}
{"process":1,"type":"invoke","f":"write","key":"x","value":1}
{"process":1,"type":"ok","f":"write","key":"x","value":1}
{"process":2,"type":"invoke","f":"write","key":"y","value":1}
{"process":2,"type":"ok","f":"write","key":"y","value":1}
{"process":1,"type":"invoke","f":"read","key":"y","value":null}
{"process":1,"type":"ok","f":"read","key":"y","value":0}
{"process":2,"type":"invoke","f":"read","key":"x","value":null}
{"process":2,"type":"ok","f":"read","key":"x","value":0}
"#;

#[test]
fn a_history_is_judged_by_the_consistency_that_is_asked_for() {
    let file = history("store-buffers", STORE_BUFFERS);
    for (asked, ends_with) in [("linearizable", 1), ("sequential", 1), ("causal", 0), ("eventual", 0), ("all", 1)] {
        let output = netsplit(&["check-history", &file, "--consistency", asked, "--json"]);
        assert_eq!(code(&output), ends_with, "{asked}: {output:?}");
    }
    let output = netsplit(&["check-history", &file, "--consistency", "all", "--json"]);
    let said = json(&output);
    assert_eq!((&said["linearizable"], &said["operations"]), (&false.into(), &4.into()));
    for (name, holds) in [("sequential", false), ("causal", true), ("eventual", true)] {
        assert_eq!(said[name]["holds"], holds, "{said}");
        assert!(said[name]["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{said}");
        assert_eq!(said[name]["operations"].as_array().map(Vec::is_empty), Some(holds), "{said}");
    }
    let output = netsplit(&["check-history", &file, "--consistency", "causal"]);
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("causal: "), "{output:?}");
}

#[test]
fn what_is_undecided_or_does_not_apply_ends_with_2_and_a_sentence() {
    let file = history("limited", STORE_BUFFERS);
    for asked in ["linearizable", "sequential", "causal"] {
        let output = netsplit(&["check-history", &file, "--consistency", asked, "--limit", "0", "--json"]);
        assert_eq!(code(&output), 2, "{asked}: {output:?}");
        let said = json(&output);
        let (holds, reason) = match asked {
            "linearizable" => (&said[asked], &said["reason"]),
            _ => (&said[asked]["holds"], &said[asked]["reason"]),
        };
        assert_eq!((holds.is_null(), reason.is_string()), (true, true), "{said}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("undecided: "), "{output:?}");
    }
    let lock = history("lock", "{\"model\":\"mutex\"}\n{\"process\":1,\"type\":\"invoke\",\"f\":\"acquire\"}\n");
    let output = netsplit(&["check-history", &lock, "--consistency", "causal"]);
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("causal does not apply: a lock"), "{output:?}");
    assert_eq!(code(&netsplit(&["check-history", &lock, "--consistency", "all"])), 0);
}

#[test]
fn an_experiment_reports_its_metrics() {
    let output = netsplit(&["experiment", "raft/messages", "--runs", "3", "--json"]);
    assert_eq!(code(&output), 0);
    assert!(json(&output)["metrics"].as_object().is_some_and(|metrics| !metrics.is_empty()));
}

#[test]
fn bad_arguments_end_with_2_and_a_sentence_that_says_what_there_is() {
    for (arguments, sentence) in [
        (&["run", "paxos"][..], "there is no lab paxos; there are: raft"),
        (&["hunt", "raft", "--without", "gravity"], "there is no rule gravity to switch off; there are:"),
        (&["hunt", "raft", "--seeds", "9..3"], "--seeds takes a range such as 0..10000"),
        (&["run", "raft", "--set", "servers=99"], "servers takes a whole number from 3"),
        (&["experiment", "raft/love"], "the lab raft has no experiment love"),
    ] {
        let output = netsplit(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(sentence), "{said}");
    }
}
