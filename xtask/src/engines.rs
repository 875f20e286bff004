//! The release build in Firefox and WebKit: what a page, a figure and the single file need of a browser.

use anyhow::{Context, Result};

use crate::process::{self, announce};
use crate::tally::Count;
use crate::{apt, folders, release, server};

/// Each program with Debian's package that brings it.
const PROGRAMS: [(&str, &str); 3] =
    [("firefox-esr", "firefox-esr"), ("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")];

/// Builds and serves the site, and lets Node.js lead both browsers through it.
pub fn test() -> Result<Count> {
    announce("tests in Firefox and WebKit");
    let missing: Vec<&str> =
        PROGRAMS.iter().filter(|(program, _)| process::find(program).is_none()).map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        apt::install(&missing)?;
    }
    let folder = release::build(release::ADDRESS, true)?;
    let address = server::start(server::listen(0)?, folder.clone())?;
    // Node.js 20 has web sockets behind this switch.
    let mut node = process::command("node");
    node.args(["--experimental-websocket", "--test", "--test-reporter=tap", "tests/engines/engines.test.mjs"])
        .env("NETSPLIT_URL", address)
        .env("NETSPLIT_FOLDER", folder)
        .env("NETSPLIT_PICTURES", folders::scratch("engines"));
    let output = node.output().context("Node.js could not be started")?;
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    announce(&format!("pictures are in {}", folders::scratch("engines").display()));
    Ok(counted(&report))
}

/// Adds up the lines `# pass 4` with which a report ends.
fn counted(report: &str) -> Count {
    let number = |name: &str| {
        let line = report.lines().rev().find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    Count {
        passed: number("pass"),
        failed: number("fail") + number("cancelled"),
        skipped: number("skipped"),
        ..Count::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_counted_by_its_end() {
        let report =
            "ok 1 - firefox\n# tests 10\n# suites 2\n# pass 8\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n";
        assert_eq!(counted(report), Count { passed: 8, failed: 2, ..Count::default() });
        assert_eq!(counted(""), Count::default());
    }
}
