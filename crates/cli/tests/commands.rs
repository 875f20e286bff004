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
fn a_hunt_through_all_runs_says_how_far_it_saw() {
    let three = ["hunt", "raft", "--set", "servers=3", "--set", "clients=0", "--may", "timer", "--json", "--all"];
    let run = |more: &[&str]| netsplit(&[&three[..], more].concat());
    let nothing = run(&["4"]);
    assert_eq!(code(&nothing), 0);
    assert_eq!((&json(&nothing)["found"], &json(&nothing)["longest"]), (&false.into(), &4.into()));
    let full = run(&["20", "--moments", "100"]);
    assert_eq!((&json(&full)["memory_full"], &json(&full)["longest"]), (&true.into(), &3.into()));
    let found = run(&["4", "--without", "majority"]);
    assert_eq!((code(&found), &json(&found)["inputs"]), (1, &2.into()));
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
        (&["hunt", "raft", "--may", "flood"], "there is no hazard flood; there are: crash"),
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
