//! `cargo test` over the workspace.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::process::{self, announce};
use crate::tally::Count;

/// The WebAssembly module for Node has nothing to test natively.
const EXCLUDED: &str = "netsplit-wasm-tests";

/// Runs the tests, prints what they print, and counts them.
pub fn test(arguments: &[String]) -> Result<Count> {
    announce("native tests");
    let mut tests = process::cargo()
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(["--exclude", EXCLUDED])
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
        assert_eq!(count, Count { passed: 13, failed: 2, skipped: 1 });
    }
}
