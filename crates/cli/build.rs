//! Makes the list of all lessons that stand in the labs' folders.

use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let labs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs");
    println!("cargo::rerun-if-changed={}", labs.display());
    let chapters = folders(&labs).into_iter().flat_map(|chapter| folders(&chapter.join("src")));
    let files: Vec<PathBuf> = chapters.map(|lab| lab.join("lesson.md")).filter(|file| file.exists()).collect();
    let list: Vec<String> = files.iter().map(|file| format!("    include_str!({file:?}),\n")).collect();
    let out = std::env::var_os("OUT_DIR").expect("cargo says where to write");
    fs::write(Path::new(&out).join("lessons.rs"), format!("&[\n{}]\n", list.concat())).expect("it can be written");
}

/// The folders in a folder, by name.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}
