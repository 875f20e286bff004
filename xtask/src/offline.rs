//! The folder without a network: a service worker that keeps all of it.

use std::fs;
use std::path::Path;

use anyhow::Result;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{articles, courses, inline, languages, site, teaching, words};

/// The part of the service worker that is the same for every release.
const WORKER: &str = include_str!("sw.js");

/// Writes sw.js for what stands in the folder now. Its version changes with any byte of any file.
pub fn add(folder: &Path) -> Result<()> {
    let mut hasher = Sha256::new();
    let (mut names, mut texts) = (Vec::new(), Vec::new());
    for file in site::files(folder)? {
        let name = site::name(&file, folder)?;
        // The single file is there to be saved, and works without help; the labs' pictures are for other sites.
        if name != inline::SINGLE && !name.ends_with("/picture.png") {
            hasher.update(&name);
            hasher.update(fs::read(&file)?);
            let list = if is_of_other_language(&name) { &mut texts } else { &mut names };
            list.push(address(&name));
        }
    }
    let version: String = hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let lists = format!("const FILES = {};\nconst TEXTS = {};\n", json!(names), json!(texts));
    let text = format!("const VERSION = {};\n{lists}{WORKER}", json!(version));
    Ok(fs::write(folder.join("sw.js"), text)?)
}

/// Whether a file is only for those who read another language than English.
fn is_of_other_language(name: &str) -> bool {
    match name.split(['/', '.']).collect::<Vec<_>>()[..] {
        [languages::FOLDER, ..] => true,
        [site::CARDS | words::FOLDER | courses::FOLDER, language, ..] => language != "en",
        // `articles/raft.txt` is English, or what its lab is written in; `articles/de/raft.txt` a translation.
        [articles::FOLDER | teaching::FOLDER, _, _, "txt"] => true,
        _ => false,
    }
}

/// Pages by their folder, since some hosts redirect from index.html to that, and a redirect cannot be kept.
fn address(name: &str) -> String {
    match name.strip_suffix("index.html") {
        Some(folder) => format!("./{folder}"),
        None => name.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_other_languages_are_told_apart() {
        for name in [
            "locales/de.txt",
            "locales/de/raft.txt",
            "cards/fa.txt",
            "words/de.txt",
            "courses/de.txt",
            "articles/de/raft.txt",
        ] {
            assert!(is_of_other_language(name), "{name}");
        }
        for name in
            ["index.html", "cards/en.txt", "words/en.txt", "courses/en.txt", "articles/raft.txt", "lab/raft/index.html"]
        {
            assert!(!is_of_other_language(name), "{name}");
        }
    }

    #[test]
    fn pages_are_kept_by_the_address_that_no_host_redirects() {
        assert_eq!(address("index.html"), "./");
        assert_eq!(address("lab/raft/index.html"), "./lab/raft/");
        assert_eq!(address("static/page.css"), "static/page.css");
    }
}
