//! How fast the simulator runs, and how fast others do.

use anyhow::Result;

use crate::process::{self, announce};
use crate::{folders, parity};

/// Runs the measurements one after the other, never two at a time.
pub fn run(peers: bool) -> Result<()> {
    announce("measuring natively");
    process::run(process::cargo().args(["run", "--quiet", "--release", "--package", "netsplit-cli", "--", "bench"]))?;

    let module = parity::module()?;
    announce("measuring as WebAssembly, in Node");
    print!("{}", parity::call(&module, "bench", &[])?);

    if peers {
        announce("measuring other simulators with the same load");
        // Its own folder, because it has settings of its own in bench-peers/.cargo/config.toml.
        process::run(
            process::cargo()
                .current_dir(folders::root().join("bench-peers"))
                .args(["run", "--quiet", "--release", "--target-dir"])
                .arg(folders::target().join("bench-peers")),
        )?;
    }
    Ok(())
}
