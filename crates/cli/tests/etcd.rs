//! The 102 histories of etcd that checkers of linearizability are measured by: a register with compare-and-set, recorded
//! by Jepsen (Kingsbury, "Jepsen: etcd and Consul", 2014) and first judged with the checker of Horn and Kroening ("Faster
//! linearizability checking via P-compositionality", 2015). The package `todc-utils` has them, with the answers, as its
//! own tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use regex::Regex;
use serde_json::{Value, json};

#[test]
fn all_histories_of_etcd_are_judged_as_in_the_literature() {
    let folder = histories();
    let answers = fs::read_to_string(folder.join("etcd.rs")).expect("the answers stand beside the histories");
    let answer = Regex::new(r#"test_\d+: \("(\d+)", (true|false)\)"#).expect("an expression");
    let mut judged = 0;
    for [number, linearizable] in answer.captures_iter(&answers).map(|found| found.extract().1) {
        let log = fs::read_to_string(folder.join(format!("etcd/etcd_{number}.log"))).expect("a history");
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("etcd_{number}.jsonl"));
        fs::write(&file, history(&log)).expect("the folder for temporary files can be written");
        let output = Command::new(env!("CARGO_BIN_EXE_netsplit")).arg("check-history").arg(&file).output();
        let expected = if linearizable == "true" { 0 } else { 1 };
        assert_eq!(output.expect("netsplit starts").status.code(), Some(expected), "history {number}");
        judged += 1;
    }
    assert_eq!(judged, 102);
}

/// Where cargo keeps the package with the histories.
fn histories() -> PathBuf {
    let metadata =
        Command::new(env!("CARGO")).args(["metadata", "--format-version", "1"]).output().expect("cargo starts");
    let metadata: Value = serde_json::from_slice(&metadata.stdout).expect("cargo metadata prints JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let package =
        packages.iter().find(|package| package["name"] == "todc-utils").expect("it is a dependency of the tests");
    let manifest = Path::new(package["manifest_path"].as_str().expect("a path"));
    manifest.with_file_name("tests").join("linearizability")
}

/// One of Jepsen's logs as `check-history` reads it. A compare-and-set that failed took place and found another value.
fn history(log: &str) -> String {
    let event = Regex::new(r"(?m)^INFO +jepsen\.util - (\d+)\s+:(\w+)\s+:(\w+)\s+(.*?)\s*$").expect("an expression");
    let mut lines = vec![json!({"model": "cas-register"})];
    for [process, kind, call, value] in event.captures_iter(log).map(|found| found.extract().1) {
        let process: u64 = process.parse().expect("a number");
        let numbers: Vec<u64> =
            value.trim_matches(['[', ']']).split(' ').filter_map(|word| word.parse().ok()).collect();
        lines.push(match (kind, call) {
            ("info", _) => json!({"process": process, "type": kind, "f": call}),
            ("fail", "cas") => json!({"process": process, "type": "ok", "f": call, "value": numbers, "result": false}),
            (_, "cas") => json!({"process": process, "type": kind, "f": call, "value": numbers}),
            _ => json!({"process": process, "type": kind, "f": call, "value": numbers.first()}),
        });
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
