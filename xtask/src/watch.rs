//! Noticing that a source file changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use crate::folders;
use crate::process::announce;

/// What the app is made of.
const SOURCES: [&str; 8] = ["Cargo.toml", "Cargo.lock", "crates", "index.html", "lessons", "locales", "src", "static"];

/// A look at a few hundred files costs nothing and works on every system and every mounted folder.
const PAUSE: Duration = Duration::from_millis(500);

/// The time at which each source file last changed.
#[derive(PartialEq, Eq)]
pub struct Sources(BTreeMap<PathBuf, SystemTime>);

impl Sources {
    pub fn now() -> Self {
        let mut times = BTreeMap::new();
        for name in SOURCES {
            collect(&folders::root().join(name), &mut times);
        }
        Self(times)
    }

    /// Calls back after every change, for ever.
    pub fn each_change(mut self, mut act: impl FnMut()) {
        loop {
            thread::sleep(PAUSE);
            let now = Self::now();
            if now == self {
                continue;
            }
            if let Some(file) = self.difference(&now) {
                announce(&format!("{} changed", file.display()));
            }
            self = now;
            act();
        }
    }

    fn difference(&self, now: &Self) -> Option<PathBuf> {
        let changed = |(file, time): &(&PathBuf, &SystemTime)| self.0.get(*file) != Some(time);
        let removed = |file: &&PathBuf| !now.0.contains_key(*file);
        let file = now.0.iter().find(changed).map(|(file, _)| file).or_else(|| self.0.keys().find(removed))?;
        Some(file.strip_prefix(folders::root()).unwrap_or(file).into())
    }
}

/// Files that come and go while we look are seen the next time.
fn collect(path: &Path, times: &mut BTreeMap<PathBuf, SystemTime>) {
    if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            collect(&entry.path(), times);
        }
    } else if let Ok(time) = fs::metadata(path).and_then(|data| data.modified()) {
        times.insert(path.to_path_buf(), time);
    }
}
