//! The workspace natively: its programs, and `cargo test` over it.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;

use crate::process::{self, announce};
use crate::tally::Count;

/// What is compiled natively; the WebAssembly module for Node has nothing to test there. It is the same for programs and
/// tests: for a part of the workspace cargo chooses other features of the crates below, and compiles all of them again.
pub const PACKAGES: [&str; 3] = ["--workspace", "--exclude", "netsplit-wasm-tests"];

/// Builds the programs and examples of the workspace, and gives back the file of one.
pub fn program(name: &str) -> Result<PathBuf> {
    announce("compiling the programs of the workspace");
    let messages = process::output(
        process::cargo()
            .args(["build", "--bins", "--examples", "--message-format=json-render-diagnostics"])
            .args(PACKAGES),
    )?;
    executable_in(&messages, name).ok_or_else(|| anyhow!("the workspace has no program {name}"))
}

/// The program with this name that cargo's messages tell of.
fn executable_in(messages: &str, name: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// Runs the tests, prints what they print, and counts them.
pub fn test(arguments: &[String]) -> Result<Count> {
    announce("native tests");
    let mut tests = process::cargo()
        .args(["test", "--no-fail-fast"])
        .args(PACKAGES)
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .context("`cargo test` could not be started")?;
    let mut count = Count::default();
    let printed = tests.stdout.take().context("`cargo test` has no output")?;
    for line in BufReader::new(printed).lines() {
        let line = line?;
        println!("{line}");
        count_line(&mut count, &line);
    }
    let status = tests.wait()?;
    if !status.success() && count.failed == 0 {
        anyhow::bail!("`cargo test` failed ({status}) before its tests could run");
    }
    Ok(count)
}

/// Takes in a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn count_line(count: &mut Count, line: &str) {
    let Some((_, numbers)) = line.strip_prefix("test result: ").and_then(|result| result.split_once(". ")) else {
        return;
    };
    for part in numbers.split("; ") {
        let Some((number, what)) = part.split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse::<u64>() else {
            continue;
        };
        match what {
            "passed" => count.passed += number,
            "failed" => count.failed += number,
            "ignored" => count.skipped += number,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_its_name() {
        let messages = r#"{"target":{"name":"sim"},"executable":null}
{"target":{"name":"netsplit"},"executable":"/target/debug/netsplit"}
{"target":{"name":"pages"},"executable":"/target/debug/examples/pages"}"#;
        assert_eq!(executable_in(messages, "pages"), Some(PathBuf::from("/target/debug/examples/pages")));
        assert_eq!(executable_in(messages, "sim"), None);
    }

    #[test]
    fn results_add_up() {
        let mut count = Count::default();
        count_line(
            &mut count,
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out; finished in 0.01s",
        );
        count_line(
            &mut count,
            "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
        );
        count_line(&mut count, "test server::tests::results ... ok");
        assert_eq!(count, Count { passed: 13, failed: 2, skipped: 1, ..Count::default() });
    }
}
