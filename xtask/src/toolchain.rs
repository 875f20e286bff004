//! Whether the Rust toolchain can build WebAssembly.

use std::env;
use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{self, announce};

pub const TARGET: &str = "wasm32-unknown-unknown";

const ADVICE: &str = "\
This Rust toolchain cannot build for wasm32-unknown-unknown.
  With rustup:                 rustup target add wasm32-unknown-unknown
  Without rustup, on Debian:   apt-get install rustc-web cargo-web rust-web-src lld
                               export RUSTC_BOOTSTRAP=1 CARGO_UNSTABLE_BUILD_STD=std,panic_abort
Then run the same command again.";

/// Makes sure that the target is there, and adds it by rustup if it is not.
pub fn prepare() -> Result<()> {
    if builds_its_own_std() || has_target() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!(ADVICE);
    }
    announce("adding the target wasm32-unknown-unknown");
    if process::run(process::command("rustup").args(["target", "add", TARGET])).is_err() {
        bail!("rustup could not add the target; is its server within reach?\n{ADVICE}");
    }
    Ok(())
}

/// The way for a toolchain that has the library's sources only.
fn builds_its_own_std() -> bool {
    env::var_os("CARGO_UNSTABLE_BUILD_STD").is_some()
}

fn has_target() -> bool {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    process::output(process::command(rustc).args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}
