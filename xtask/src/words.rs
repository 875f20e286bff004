//! The vocabulary in a site: `words/en.txt`, and one file for each other language.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lessons::Vocabulary;

use crate::{folders, languages, site};

/// What the folder is called in a site.
pub const FOLDER: &str = "words";

/// Writes all of it into a site.
pub fn add(site: &Path) -> Result<()> {
    let source = folders::root().join("lessons");
    let folder = site.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let english = read(&source.join("words.md"), Vocabulary::read)?;
    let write = |language: &str, words: &Vocabulary| {
        let file = folder.join(format!("{language}.txt"));
        fs::write(&file, words.to_string()).with_context(|| format!("cannot write {}", file.display()))
    };
    write("en", &english)?;
    // What nobody speaks has no words of its own.
    write(languages::PSEUDO, &english)?;
    for name in site::names(&source)? {
        if let Some(language) =
            name.strip_prefix("words.").and_then(|rest| rest.strip_suffix(".md")).filter(|rest| !rest.is_empty())
        {
            write(language, &read(&source.join(&name), |text| english.translated(text))?)?;
        }
    }
    Ok(())
}

fn read(file: &Path, reader: impl Fn(&str) -> Result<Vocabulary, lessons::Mistake>) -> Result<Vocabulary> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    reader(&text).map_err(|mistake| anyhow!("{}:{mistake}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_the_words_of_each_language() {
        let site = folders::scratch("words-of-a-test");
        add(&site).unwrap();
        let words = |language: &str| {
            let file = site.join(FOLDER).join(format!("{language}.txt"));
            read(&file, Vocabulary::read).unwrap().words
        };
        let english = words("en");
        for language in ["de", "fa", languages::PSEUDO] {
            let names = |words: &[lessons::Word]| words.iter().map(|word| word.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&words(language)), names(&english), "{language}");
        }
        let term = |language| words(language).into_iter().find(|word| word.name == "term").unwrap().title;
        assert_eq!([term("en"), term("de"), term("fa")], ["term", "Amtszeit", "دوره"]);
    }
}
