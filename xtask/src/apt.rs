//! Debian's packages, where a test needs programs that are not there.

use anyhow::{Context, Result, bail};

use crate::process::{self, announce};

/// Installs packages, or says how to do it by hand.
pub fn install(packages: &[&str]) -> Result<()> {
    let packages_named = packages.join(" ");
    let by_hand = format!("install {packages_named} (on Debian, as root: apt-get install {packages_named})");
    if process::find("apt-get").is_none() || !is_root() {
        bail!(by_hand);
    }
    announce(&format!("installing {packages_named} with apt-get"));
    let apt = || {
        let mut apt = process::command("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive").arg("--quiet");
        apt
    };
    process::run(apt().arg("update"))
        .and_then(|()| process::run(apt().args(["install", "--yes", "--no-install-recommends"]).args(packages)))
        .context(by_hand)
}

fn is_root() -> bool {
    process::output(process::command("id").arg("--user")).is_ok_and(|user| user.trim() == "0")
}
