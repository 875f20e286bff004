//! From a package to a WebAssembly module with its JavaScript: compile, bind, optimise.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, announce};
use crate::{folders, npm, toolchain};

/// What the compiler writes today; wasm-opt has to be told.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build
    Dev,
    /// What a visitor gets
    Dist,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Dist => "dist",
        }
    }
}

/// Who loads the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    Browser,
    Node,
}

/// Compiles a package of the workspace and gives back its .wasm file.
pub fn compile(package: &str, profile: Profile, features: &[&str]) -> Result<PathBuf> {
    toolchain::prepare()?;
    announce(&format!("compiling {package} to WebAssembly ({})", profile.name()));
    let messages = process::output(
        process::cargo()
            .args(["build", "--package", package, "--target", toolchain::TARGET])
            .args(["--profile", profile.name(), "--features", &features.join(",")])
            .arg("--message-format=json-render-diagnostics"),
    )?;
    module_in(&messages).ok_or_else(|| anyhow!("the package {package} gives no .wasm file"))
}

/// The last .wasm file that cargo's messages name: dependencies come before what needs them.
fn module_in(messages: &str) -> Option<PathBuf> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter_map(|message| message.get("filenames")?.as_array().cloned())
        .flatten()
        .filter_map(|file| file.as_str().map(PathBuf::from))
        .rfind(|file| file.extension().is_some_and(|end| end == "wasm"))
}

/// Writes NAME.js and NAME_bg.wasm into a folder.
pub fn bind(module: &Path, host: Host, profile: Profile, name: &str, folder: &Path) -> Result<()> {
    let release = profile == Profile::Dist;
    let mut bindgen = Bindgen::new();
    match host {
        Host::Browser => bindgen.no_modules(true)?,
        Host::Node => bindgen.nodejs(true)?,
    };
    bindgen
        .input_path(module)
        .out_name(name)
        .typescript(false)
        // The parts of a module share its table, under the linker's name.
        .keep_lld_exports(release && host == Host::Browser)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(folder)
        .with_context(|| format!("wasm-bindgen could not bind {}", module.display()))
}

/// A short name for what files hold, so that a new release never meets an old file in a cache.
pub fn fingerprint(files: impl IntoIterator<Item = impl AsRef<Path>>) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let file = file.as_ref();
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Makes a module smaller in place, when wasm-opt can be had; what it made of a module is kept for the next time.
pub fn optimise(module: &Path) -> Result<()> {
    let kept = folders::scratch("optimised").join(format!("{}.wasm", fingerprint([module])?));
    if !kept.is_file() {
        let Some(mut wasm_opt) = wasm_opt() else {
            announce(
                "wasm-opt is neither to be had from npm nor on the PATH: the module stays larger than it could be",
            );
            return Ok(());
        };
        announce("making the module smaller with wasm-opt");
        fs::create_dir_all(folders::scratch("optimised"))?;
        process::run(wasm_opt.arg("-Oz").args(FEATURES).arg(module).arg("-o").arg(&kept))?;
    }
    fs::copy(&kept, module)?;
    Ok(())
}

/// The tool that puts modules together, when it can be had.
pub fn merger() -> Option<PathBuf> {
    npm::tool("wasm-merge")
}

/// Puts modules into another one, which they may import by this name.
pub fn merge(merger: &Path, into: &Path, name: &str, others: &[PathBuf]) -> Result<()> {
    let mut merge = process::command(merger);
    merge.args(FEATURES).arg(into).arg(name);
    for (index, other) in others.iter().enumerate() {
        merge.arg(other).arg(format!("{name}{index}"));
    }
    process::run(merge.arg("-o").arg(into))
}

/// The version that package.json names comes first: older ones do not know what the compiler writes.
fn wasm_opt() -> Option<Command> {
    npm::tool("wasm-opt").or_else(|| process::find("wasm-opt")).map(process::command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_names_the_module_among_other_files() {
        let messages = r#"
            {"reason":"compiler-artifact","filenames":["/t/libsim.rlib"]}
            {"reason":"compiler-artifact","filenames":["/t/app.js","/t/app.wasm"]}
            {"reason":"build-finished","success":true}
        "#;
        assert_eq!(module_in(messages), Some(PathBuf::from("/t/app.wasm")));
        assert_eq!(module_in(""), None);
    }
}
