//! The list of labs, as `crates/labs/src/registry.rs` has it.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};

use crate::folders;

/// The labs of the registry, each with the folder that it stands in. Some share one.
pub fn labs() -> Result<BTreeMap<String, String>> {
    let registry = fs::read_to_string(folders::root().join("crates/labs/src/registry.rs"))?;
    let (_, list) = registry.split_once("\nlabs! {\n").context("registry.rs has no list of labs")?;
    let lines = list.lines().take_while(|line| *line != "}");
    let lab = |line: &str| {
        let (name, path) = line.trim().split_once(" = ")?;
        Some((name.replace('_', "-"), path.split("::").nth(1)?.to_string()))
    };
    lines.map(|line| lab(line).with_context(|| format!("registry.rs has a line that names no lab: {line}"))).collect()
}
