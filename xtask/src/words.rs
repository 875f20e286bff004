//! The vocabulary in a site: `words/en.txt`, and one file for each other language.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lessons::{Vocabulary, Word};

use crate::{folders, languages};

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
    write(languages::PSEUDO, &pseudo(&english))?;
    for language in languages::codes()? {
        let file = source.join(format!("words.{language}.md"));
        // What nobody has translated yet is shown in English.
        let said = if file.exists() { read(&file, |text| english.translated(text))? } else { english.clone() };
        write(&language, &said)?;
    }
    Ok(())
}

/// In the language that nobody speaks; its texts have none of these words.
fn pseudo(english: &Vocabulary) -> Vocabulary {
    let say = |word: &Word| Word {
        title: languages::pseudo(&word.title),
        also: Vec::new(),
        sentence: languages::pseudo(&word.sentence),
        instance: languages::pseudo(&word.instance),
        ..word.clone()
    };
    Vocabulary { words: english.words.iter().map(say).collect() }
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
            let names = |words: &[Word]| words.iter().map(|word| word.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&words(language)), names(&english), "{language}");
        }
        let term = |language| words(language).into_iter().find(|word| word.name == "term").unwrap().title;
        assert_eq!([term("en"), term("de"), term("fa")], ["term", "Amtszeit", "دوره"]);
    }
}
