//! Where things are.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// What xtask itself makes and nobody keeps.
pub fn scratch(name: &str) -> PathBuf {
    target().join("xtask").join(name)
}

/// The release, ready for any static host.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// A file as texts name it, from the root of the workspace on: `crates/labs/agreement/src/raft/lesson.md`.
pub fn name(file: &Path) -> String {
    file.strip_prefix(root()).unwrap_or(file).to_string_lossy().replace('\\', "/")
}
