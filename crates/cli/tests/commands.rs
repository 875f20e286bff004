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
    file(&format!("{name}.jsonl"), lines)
}

fn file(name: &str, lines: &str) -> String {
    let path = std::env::temp_dir().join(format!("netsplit-{}-{name}", std::process::id()));
    std::fs::write(&path, lines).expect("the folder for temporary files can be written");
    path.to_string_lossy().into_owned()
}

#[test]
fn labs_are_listed_with_all_that_they_have() {
    let output = netsplit(&["labs", "--json"]);
    assert_eq!(code(&output), 0);
    let labs = json(&output);
    let raft = labs.as_array().expect("a list").iter().find(|lab| lab["id"] == "raft").expect("the lab");
    for list in ["settings", "scenarios", "rules", "checks", "experiments"] {
        assert!(!raft[list].as_array().expect(list).is_empty(), "{list}");
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_no_command_with_a_panic() {
    for arguments in [&["labs"][..], &["labs", "--json"], &["experiment", "--list"], &["run", "raft", "--events", "5"]]
    {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_netsplit")).args(arguments).stdout(writer).output();
        let output = output.expect("netsplit starts");
        assert_eq!((code(&output), output.stderr.len()), (0, 0), "{arguments:?}: {output:?}");
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

/// The case of rules that the defaults do not find: this one took more than the seeds that a hunt searches.
#[test]
fn a_hunt_takes_from_the_rule_where_it_is_hunted_and_flags_override() {
    let found = netsplit(&["hunt", "raft", "--without", "own_term_commit", "--json"]);
    assert_eq!((code(&found), &json(&found)["check"]), (1, &"leader-completeness".into()));
    assert_eq!(json(&found)["scenario"]["settings"]["initial_logs"], "figure-8");
    let empty = ["hunt", "raft", "--without", "own_term_commit", "--set", "initial_logs=empty", "--json"];
    let other = netsplit(&[&empty[..], &["--may", "copy", "--events", "20", "--seeds", "0..20"]].concat());
    assert_eq!(code(&other), 0);
    assert!(
        json(&other)["events"].as_u64().is_some_and(|events| events < 800),
        "20 runs of 20 events, and what copies add"
    );
}

#[test]
fn a_hunt_finds_the_same_on_any_number_of_threads() {
    let on = |threads: &str| {
        let output = netsplit(&["hunt", "raft", "--without", "client_sessions", "--threads", threads, "--json"]);
        assert_eq!(code(&output), 1);
        json(&output)
    };
    assert_eq!(on("1"), on("7"));
    assert_eq!(code(&netsplit(&["hunt", "raft", "--threads", "0"])), 2);
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
fn a_log_is_read_counted_and_its_events_compared() {
    let talk = file(
        "talk.log",
        r#"ann {"ann":1}
asks
srv:80 {"srv:80":1, "ann":1}
takes the question
bob {"bob":1}
starts
ann {"ann":2, "srv:80":1}
has the answer
"#,
    );
    let output = netsplit(&["log", &talk, "--relation", "ann:1,srv:80:1", "--relation", "bob:1,ann:2", "--json"]);
    assert_eq!(code(&output), 0);
    let execution = &json(&output)["executions"][0];
    let numbers =
        ["events", "hosts", "ordered_pairs", "concurrent_pairs", "message_edges"].map(|name| &execution[name]);
    assert_eq!(numbers, [4, 3, 3, 3, 2]);
    assert_eq!(execution["name"], "");
    let relations = serde_json::json!([
        {"a": "ann:1", "b": "srv:80:1", "relation": "before"},
        {"a": "bob:1", "b": "ann:2", "relation": "concurrent"},
    ]);
    assert_eq!(execution["relations"], relations);
    let output = netsplit(&["log", &talk, "--relation", "ann:2,ann:1"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("concurrent pairs  3") && said.contains("ann:2 and ann:1: after"), "{said}");
    let output = netsplit(&["log", &talk, "--relation", "ann:1,eve:1"]);
    assert_eq!(code(&output), 2);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("there is no event eve:1; the hosts are ann, srv:80, bob"), "{said}");
}

#[test]
fn a_log_may_bring_its_own_format_and_several_executions() {
    let runs =
        "=== one ===\n10:01 [a] starts {\"a\":1}\n=== two ===\n10:02 [b] starts {\"b\":1}\n10:03 [b] ends {\"b\":2}\n";
    let (parser, delimiter) =
        (r"(?<date>\d{2}:\d{2}) \[(?<host>\w+)\] (?<event>.*) (?<clock>{.*})", "^=== (?<trace>.*) ===$");
    let names = |output: &Output| -> Vec<(String, u64)> {
        let executions = json(output)["executions"].as_array().expect("a list").clone();
        let name = |one: &serde_json::Value| Some((one["name"].as_str()?.to_string(), one["events"].as_u64()?));
        executions.iter().filter_map(name).collect()
    };
    let expected = [("one".to_string(), 1), ("two".to_string(), 2)];
    let plain = file("runs.log", runs);
    let output = netsplit(&["log", &plain, "--parser", parser, "--delimiter", delimiter, "--json"]);
    assert_eq!(names(&output), expected);
    let with_header = file("header.log", &format!("{parser}\n{delimiter}\n{runs}"));
    assert_eq!(names(&netsplit(&["log", &with_header, "--json"])), expected);
}

#[test]
fn a_wrong_log_is_named_by_its_lines() {
    let wrong = file("wrong.log", "a {\"a\":1}\nx\na {\"a\":3}\ny\nb {\"b\":1,\"c\":2}\nz\nb {b}\nz\n");
    let output = netsplit(&["log", &wrong, "--json"]);
    assert_eq!(code(&output), 2);
    let problems = json(&output)["problems"].as_array().expect("a list").clone();
    let lines: Vec<u64> = problems.iter().filter_map(|problem| problem["line"].as_u64()).collect();
    assert_eq!(lines, [3, 5, 7]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for sentence in
        ["line 3: the own count of a goes from 1", "line 5: the clock counts events of c", "line 7: the clock {b}"]
    {
        assert!(said.contains(sentence), "{said}");
    }
    for (arguments, sentence) in [
        (&["--parser", "(?<host>a)(?<clock>b)"][..], "the parser expression has no group event: write (?<event>…)"),
        (&["--parser", r"(?<host>(?<=a)b)"], "look-behind"),
        (&["--relation", "a:1"], "write --relation host:n,host:n"),
    ] {
        let output = netsplit(&[&["log", &wrong], arguments].concat());
        assert_eq!(code(&output), 2, "{arguments:?}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(sentence), "{said}");
    }
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
        (&["run", "zab"][..], "there is no lab zab; there are: ping, unreliable-network"),
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

#[test]
fn a_moment_says_what_its_sharer_wrote() {
    let session = |scenario: &str| {
        let mut session = labs::registry::open("raft").expect("a session");
        session.open(scenario).expect("a scenario");
        session
    };
    let mut moment = sim::SharedMoment::now(
        &mut *session("split-vote"),
        Some("my \u{1b}[31mbranch".to_string()),
        vec![sim::Mark { event: 3, name: "look".to_string(), note: "Who asks?".to_string() }],
    );
    moment.origin = Some("split-vote".to_string());
    moment.title = "Nobody wins".to_string();
    moment.note = "Count the votes.\nThen step on.".to_string();
    let title = session("split-vote").scenarios().into_iter().find(|card| card.name == "split-vote").unwrap().title;
    let saved = file("moment.netsplit", &moment.file());
    for argument in [moment.link(), format!("https://example.org/#{}", moment.link()), saved] {
        let output = netsplit(&["moment", &argument]);
        let text = String::from_utf8(output.stdout.clone()).expect("text");
        assert_eq!(code(&output), 0, "{output:?}");
        for line in [
            "lab: Raft",
            &format!("from: {title} (split-vote)"),
            "title: Nobody wins",
            "note: Count the votes. Then step on.",
            "branch: my  [31mbranch",
            "bookmark: event 3 look Who asks?",
        ] {
            assert!(text.lines().any(|other| other == line), "{line} in {text}");
        }
    }
    let other = sim::SharedMoment { digest: moment.digest ^ 1, ..moment.clone() };
    assert_eq!(code(&netsplit(&["moment", &other.link()])), 2);
    for wrong in ["1;abc", "3;abc", "no-such-file"] {
        let output = netsplit(&["moment", wrong]);
        assert_eq!((code(&output), output.stdout.len()), (2, 0), "{wrong}: {output:?}");
    }
}
