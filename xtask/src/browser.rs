//! The release build in a real browser.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, announce};
use crate::tally::Count;
use crate::{apt, folders, native, npm, release, scorm, server};

/// The names under which systems install it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const MAC: &str = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/// Debian's names; without a font a browser shows boxes.
const PACKAGES: [&str; 3] = ["chromium", "fonts-dejavu-core", "fonts-liberation"];

/// Builds and serves the site, and runs Playwright on it.
pub fn test(arguments: &[String]) -> Result<Count> {
    announce("browser tests");
    npm::install()?;
    let chromium = chromium()?;
    let book = book()?;
    let folder = release::build(release::ADDRESS, true)?;
    let package = scorm::unpacked("heartbeats-dead-or-slow", &folder)?;
    let address = server::start(server::listen(0)?, folder.clone())?;

    let results = folders::scratch("playwright.json");
    if results.exists() {
        fs::remove_file(&results)?;
    }
    let outcome = process::run(
        process::command("node")
            .args(["node_modules/@playwright/test/cli.js", "test"])
            .args(arguments)
            .env("CHROMIUM", chromium)
            .env("NETSPLIT_URL", address)
            .env("NETSPLIT_FOLDER", folder)
            .env("NETSPLIT_BOOK", book)
            .env("NETSPLIT_SCORM", package)
            .env("NETSPLIT_RESULTS", &results),
    );
    // Without results, what stopped Playwright tells more than that they are missing.
    let count = match counted(&results) {
        Ok(count) => count,
        Err(problem) => return Err(outcome.err().unwrap_or(problem)),
    };
    print_pages(Path::new("test-results"));
    if count.failed == 0 {
        outcome?;
    }
    Ok(count)
}

/// Prints what the page showed where a test failed: nobody can open a file that stays on the machine of CI.
fn print_pages(folder: &Path) {
    const MOST_LINES: usize = 120;
    let mut pages: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("error-context.md"))
        .filter(|page| page.is_file())
        .collect();
    pages.sort();
    for page in pages {
        println!("\n{}", page.display());
        let text = fs::read_to_string(&page).unwrap_or_default();
        let told = text.lines().skip_while(|line| !line.starts_with("# Test info"));
        told.take(MOST_LINES).for_each(|line| println!("{line}"));
    }
}

/// The book that a test of the preprocessor lets mdBook build.
fn book() -> Result<PathBuf> {
    announce("building the book of the tests");
    process::run(process::cargo().args(["test", "--test", "book"]).args(native::PACKAGES))?;
    Ok(folders::target().join("tmp/book"))
}

/// Reads what Playwright's JSON reporter wrote.
fn counted(results: &Path) -> Result<Count> {
    let text = fs::read_to_string(results).context("Playwright wrote no results")?;
    let results: Value = serde_json::from_str(&text).context("Playwright's results are no JSON")?;
    let number = |name: &str| results["stats"][name].as_u64().unwrap_or(0);
    let flaky = number("flaky");
    Ok(Count { passed: number("expected") + flaky, failed: number("unexpected"), skipped: number("skipped"), flaky })
}

/// Finds a Chromium, or installs Debian's.
fn chromium() -> Result<PathBuf> {
    if let Some(file) = env::var_os("CHROMIUM").map(PathBuf::from) {
        if file.is_file() {
            return Ok(file);
        }
        bail!("the variable CHROMIUM names {}, which is no file", file.display());
    }
    if let Some(file) = installed() {
        return Ok(file);
    }
    apt::install(&PACKAGES).context("no Chromium was found; it can also be named in the variable CHROMIUM")?;
    installed().context("chromium was installed, but it is not on the PATH; name it in the variable CHROMIUM")
}

fn installed() -> Option<PathBuf> {
    let mac = Some(PathBuf::from(MAC)).filter(|file| file.is_file());
    NAMES.iter().find_map(|name| process::find(name)).or(mac)
}
