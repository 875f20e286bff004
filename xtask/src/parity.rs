//! Every scenario gives the same digest natively and as WebAssembly, and every lesson the same verdicts.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::process::{self, announce};
use crate::tally::Count;
use crate::teaching::LESSONS;
use crate::wasm::{self, Host, Profile};
use crate::{articles, folders, native};

const PACKAGE: &str = "netsplit-wasm-tests";

/// Compares `netsplit digests` with the same lines out of WebAssembly.
pub fn test() -> Result<Count> {
    announce("parity tests");
    let lessons = articles::files(LESSONS)?;
    let native = process::output(process::command(native::program("netsplit")?).arg("digests").args(&lessons))?;
    let module = module()?;
    let wasm = call(&module, "digests", &[])? + &call(&module, "verdicts", &lessons)?;
    if !native.contains("lesson/") {
        bail!("`netsplit digests` printed no line of a lesson");
    }
    Ok(compare(&native, &wasm))
}

/// Builds the module that Node can load, optimised as a visitor gets it.
pub fn module() -> Result<PathBuf> {
    let folder = folders::scratch("node");
    let module = wasm::compile(PACKAGE, Profile::Dist, &[])?;
    wasm::bind(&module, Host::Node, Profile::Dist, "tests", &folder)?;
    wasm::optimise(&folder.join("tests_bg.wasm"))?;
    Ok(folder.join("tests.js"))
}

/// Calls a function of the module that returns text, once or with the text of each of these files.
pub fn call(module: &PathBuf, function: &str, texts: &[PathBuf]) -> Result<String> {
    if process::find("node").is_none() {
        bail!("node is missing: install Node.js 20 or newer (https://nodejs.org), then run the same command again");
    }
    process::output(process::command("node").arg("tests/wasm/call.cjs").arg(module).arg(function).args(texts))
}

/// Line by line; a line that only one side has differs too.
fn compare(native: &str, wasm: &str) -> Count {
    let mut count = Count::default();
    let (mut native, mut wasm) = (native.lines(), wasm.lines());
    loop {
        match (native.next(), wasm.next()) {
            (None, None) => return count,
            (Some(one), Some(other)) if one == other => count.passed += 1,
            (one, other) => {
                count.failed += 1;
                println!("native: {}", one.unwrap_or("(nothing)"));
                println!("  wasm: {}", other.unwrap_or("(nothing)"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_and_a_missing_line_fail() {
        let count = compare("ping/calm 1\nping/lossy 2\nraft/calm 3\n", "ping/calm 1\nping/lossy 9\n");
        assert_eq!((count.passed, count.failed), (1, 2));
    }
}
