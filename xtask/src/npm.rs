//! The npm packages of package.json: Playwright, axe, binaryen, reveal.js, and scorm-again, which is a learning platform's side of SCORM.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::folders;
use crate::process::{self, announce};

/// Installs what the lock file names, unless that has been done since it last changed.
pub fn install() -> Result<()> {
    if is_installed() {
        return Ok(());
    }
    if process::find("npm").is_none() {
        bail!("npm is missing: install Node.js 20 or newer (https://nodejs.org), then run the same command again");
    }
    announce("installing the npm packages of package-lock.json");
    process::run(
        process::command("npm").args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"),
    )
    .context("the npm packages could not be installed; is the npm registry within reach?")
}

/// A program that one of the packages brings, if npm can be used here.
pub fn tool(name: &str) -> Option<PathBuf> {
    if let Err(problem) = install() {
        announce(&format!("{problem:#}"));
        return None;
    }
    let file = folders::root().join("node_modules/.bin").join(name);
    file.is_file().then_some(file)
}

/// npm writes node_modules/.package-lock.json at the end of every installation.
fn is_installed() -> bool {
    let installed = changed("node_modules/.package-lock.json");
    installed.is_some() && installed >= changed("package-lock.json")
}

fn changed(file: &str) -> Option<SystemTime> {
    fs::metadata(folders::root().join(file)).and_then(|data| data.modified()).ok()
}
