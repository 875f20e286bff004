//! `cargo xtask new-lab NAME --chapter CHAPTER`: a copy of the template, under a name of its own, in the crate of its chapter
//! and in the list of labs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::folders;
use crate::process::announce;

/// The name of the template, as an address, as a type and as a title, and its chapter.
const TEMPLATE: Name<'static> = Name { id: "new-lab", kind: "NewLab", title: "New lab", chapter: "Network" };

/// How long the name of a lab may be.
const LONGEST: usize = 30;

/// Words that name no module, or another one.
const RESERVED: [&str; 55] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "override", "parts", "priv", "pub", "ref", "return", "self", "serde", "sim", "static", "std", "struct",
    "super", "template", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// What a lab is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Name<'a> {
    /// In addresses and on the command line: `two-phase-commit`.
    id: &'a str,
    /// In Rust: `TwoPhaseCommit`.
    kind: &'a str,
    /// For people: `Two phase commit`.
    title: &'a str,
    /// For people: `Agreement`.
    chapter: &'a str,
}

/// Writes the skeleton of a lab of this name into a chapter, and says what comes next.
pub fn write(id: &str, chapter: &str) -> Result<()> {
    let module = write_into(&folders::root().join("crates/labs"), id, chapter)?;
    let folder = format!("crates/labs/{chapter}/src/{module}");
    announce(&format!("{folder} is a lab of two nodes that runs: begin with its README.md and mod.rs"));
    announce(&format!("test it: cargo test -p netsplit-labs-{chapter} {module}"));
    announce("hold it to the rules of all labs: cargo test -p netsplit-labs --test registry");
    announce("write down what it tells: INSTA_UPDATE=always cargo test -p netsplit-labs --test golden");
    announce("and its links: RECORD_LINKS=1 cargo test -p netsplit-labs --test links");
    announce(&format!("prove its lesson: cargo run -p netsplit-cli -- lesson {folder}/lesson.md --keys"));
    announce("see it: cargo xtask serve");
    Ok(())
}

/// Writes it into the crate of the chapter, and returns the name of its module.
fn write_into(labs: &Path, id: &str, chapter: &str) -> Result<String> {
    accept(id)?;
    let chapters = chapters(labs)?;
    ensure!(
        chapters.iter().any(|known| known == chapter),
        "there is no chapter {chapter:?}; there are: {}",
        chapters.join(", ")
    );
    let module = id.replace('-', "_");
    let source = labs.join(chapter).join("src");
    let folder = source.join(&module);
    ensure!(
        !folder.exists() && !folder.with_extension("rs").exists(),
        "there is a crates/labs/{chapter}/src/{module} already"
    );
    for chapter in &chapters {
        ensure!(
            !is_lab(&labs.join(chapter).join("src"), id)?,
            "there is a lab {id} already: cargo run -p netsplit-cli -- labs lists them"
        );
    }
    let (kind, title, heading) = (type_of(id), title_of(id), title_of(chapter));
    let name = Name { id, kind: &kind, title: &title, chapter: &heading };
    let list = labs.join("src/registry.rs");
    let modules = source.join("lib.rs");
    // Both are read before anything is written, so that a failure leaves nothing half done.
    let chapter = chapter.replace('-', "_");
    let listed = with_entry(&read(&list)?, &format!("    {module} = {chapter}::{module}::{kind},\n"))?;
    let declared = with_module(&read(&modules)?, &module)?;
    let template = labs.join("template");
    fs::create_dir(&folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for entry in fs::read_dir(&template).context("the template cannot be read")? {
        let file = entry?.path();
        let copy = folder.join(file.file_name().context("a file of the template has no name")?);
        fs::write(copy, renamed(&read(&file)?, name))?;
    }
    fs::write(list, listed)?;
    fs::write(modules, declared)?;
    Ok(module)
}

/// The chapters: the crates beside the registry.
fn chapters(labs: &Path) -> Result<Vec<String>> {
    let mut chapters = Vec::new();
    for folder in fs::read_dir(labs)? {
        let folder = folder?;
        if folder.path().join("Cargo.toml").exists() {
            chapters.push(folder.file_name().to_string_lossy().into_owned());
        }
    }
    chapters.sort_unstable();
    Ok(chapters)
}

/// Refuses names that cannot be addresses and modules.
fn accept(id: &str) -> Result<()> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let is_word = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase());
    ensure!(
        id.len() <= LONGEST && id.bytes().all(is_plain) && id.split('-').all(is_word),
        "a lab is called by words of small letters and digits with hyphens between them, such as two-phase-commit, of at most \
         {LONGEST} characters; {id:?} is not"
    );
    ensure!(!RESERVED.contains(&id) && id != TEMPLATE.id, "{id} means something else already: choose another name");
    Ok(())
}

/// Whether a lab has this name; its folder may have another one.
fn is_lab(source: &Path, id: &str) -> Result<bool> {
    let named = format!("id: \"{id}\"");
    for folder in fs::read_dir(source)? {
        let folder = folder?.path();
        if folder.is_dir() {
            for file in fs::read_dir(folder)? {
                let file = file?.path();
                if file.is_file() && read(&file)?.contains(&named) {
                    return Ok(true);
                }
            }
        }
    }
    Ok(false)
}

/// `TwoPhaseCommit`.
fn type_of(id: &str) -> String {
    id.split('-').map(capitalized).collect()
}

/// `Two phase commit`.
fn title_of(id: &str) -> String {
    capitalized(&id.replace('-', " "))
}

fn capitalized(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// A text of the template under the new name.
fn renamed(text: &str, name: Name<'_>) -> String {
    let chapter = |title| format!("chapter: t!(\"{title}\")");
    text.replace(TEMPLATE.id, name.id)
        .replace(TEMPLATE.kind, name.kind)
        .replace(TEMPLATE.title, name.title)
        .replace(&chapter(TEMPLATE.chapter), &chapter(name.chapter))
}

/// The list of labs with one more at its end.
fn with_entry(list: &str, line: &str) -> Result<String> {
    let start = list.find("\nlabs! {\n").context("registry.rs has no list of labs")?;
    let end = start + list[start..].find("\n}").context("the list of labs in registry.rs has no end")? + 1;
    Ok(format!("{}{line}{}", &list[..end], &list[end..]))
}

/// The modules with one more among them, in their order.
fn with_module(modules: &str, module: &str) -> Result<String> {
    let line = format!("pub mod {module};");
    let is_after = |known: &&str| known.starts_with("pub mod ") && *known > line.as_str();
    let last = || modules.lines().rfind(|known| known.starts_with("pub mod "));
    match modules.lines().find(is_after) {
        Some(next) => Ok(modules.replacen(next, &format!("{line}\n{next}"), 1)),
        None => {
            let last = last().context("lib.rs has no modules")?;
            Ok(modules.replacen(last, &format!("{last}\n{line}"), 1))
        }
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// A copy of what new-lab reads, in a folder of its own.
    fn labs(name: &str) -> PathBuf {
        let labs = folders::scratch(name);
        let _ = fs::remove_dir_all(&labs);
        let real = folders::root().join("crates/labs");
        let mut files = vec![PathBuf::from("src/registry.rs")];
        for chapter in chapters(&real).unwrap() {
            files.extend(["Cargo.toml", "src/lib.rs"].map(|file| Path::new(&chapter).join(file)));
        }
        for entry in fs::read_dir(real.join("template")).unwrap() {
            files.push(Path::new("template").join(entry.unwrap().file_name()));
        }
        for file in files {
            fs::create_dir_all(labs.join(&file).parent().unwrap()).unwrap();
            fs::copy(real.join(&file), labs.join(&file)).unwrap();
        }
        labs
    }

    #[test]
    fn a_lab_is_the_template_under_another_name() {
        let labs = labs("new-lab");
        assert_eq!(write_into(&labs, "two-generals", "agreement").unwrap(), "two_generals");
        let folder = labs.join("agreement/src/two_generals");
        for entry in fs::read_dir(labs.join("template")).unwrap() {
            let name = entry.unwrap().file_name();
            let text = read(&folder.join(&name)).unwrap();
            for word in [TEMPLATE.id, TEMPLATE.kind, TEMPLATE.title] {
                assert!(!text.contains(word), "{name:?} still says {word}");
            }
        }
        let head = read(&folder.join("mod.rs")).unwrap();
        for said in [
            "pub struct TwoGenerals;",
            "id: \"two-generals\"",
            "title: t!(\"Two generals\")",
            "chapter: t!(\"Agreement\")",
        ] {
            assert!(head.contains(said), "{said}");
        }
        let list = read(&labs.join("src/registry.rs")).unwrap();
        assert!(list.contains(",\n    two_generals = agreement::two_generals::TwoGenerals,\n}\n"), "{list}");
        let modules = read(&labs.join("agreement/src/lib.rs")).unwrap();
        assert!(modules.contains("pub mod two_generals;\npub mod two_phase_commit;\n"), "{modules}");
        for chapter in ["agreement", "time"] {
            let refusal = write_into(&labs, "two-generals", chapter).unwrap_err().to_string();
            assert!(refusal.contains("already"), "{refusal}");
        }
    }

    #[test]
    fn modules_stand_in_order() {
        assert_eq!(with_module("pub mod b;\npub mod d;\n", "a").unwrap(), "pub mod a;\npub mod b;\npub mod d;\n");
        assert_eq!(with_module("pub mod b;\npub mod d;\n", "e").unwrap(), "pub mod b;\npub mod d;\npub mod e;\n");
    }

    #[test]
    fn names_that_are_none_are_refused_with_a_sentence() {
        let labs = labs("refused-lab");
        let long = "a".repeat(LONGEST + 1);
        for name in ["", "Raft", "two phase", "a--b", "-a", "a-", "2pc", "é", "../a", "loop", "new-lab", &long] {
            let refusal = write_into(&labs, name, "time").unwrap_err().to_string();
            assert!(refusal.len() > 20, "{name}: {refusal}");
        }
        let drift = Path::new("time/src/drift");
        fs::create_dir(labs.join(drift)).unwrap();
        let head = drift.join("mod.rs");
        fs::copy(folders::root().join("crates/labs").join(&head), labs.join(&head)).unwrap();
        assert!(write_into(&labs, "clock-drift", "scale").unwrap_err().to_string().contains("already"));
        assert!(write_into(&labs, "drift", "time").unwrap_err().to_string().contains("already"));
        assert_eq!(fs::read_dir(labs.join("time/src")).unwrap().count(), 2);
    }

    #[test]
    fn a_chapter_that_is_none_is_refused_with_the_list() {
        let labs = labs("unknown-chapter");
        for chapter in ["", "Time", "template", "src", "../labs"] {
            let refusal = write_into(&labs, "ping", chapter).unwrap_err().to_string();
            assert!(refusal.contains("there are: agreement, failure, "), "{refusal}");
        }
    }
}
