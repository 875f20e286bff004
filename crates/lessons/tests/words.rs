//! The vocabulary as it stands in `lessons/`, in all languages.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::{Vocabulary, Word};

/// How many words a sentence may have (LESSONS, section 8).
const MOST_WORDS: usize = 25;

const TRANSLATIONS: [&str; 2] = ["de", "fa"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn english() -> Vocabulary {
    Vocabulary::read(&text("lessons/words.md")).unwrap_or_else(|mistake| panic!("lessons/words.md:{mistake}"))
}

fn translated(language: &str) -> Vocabulary {
    let name = format!("lessons/words.{language}.md");
    english().translated(&text(&name)).unwrap_or_else(|mistake| panic!("{name}:{mistake}"))
}

fn sentences(word: &Word) -> impl Iterator<Item = &str> {
    [&word.sentence, &word.instance].into_iter().flat_map(|text| text.split_inclusive(['.', '!', '?']))
}

#[test]
fn sentences_are_short() {
    for vocabulary in [english(), translated("de"), translated("fa")] {
        for word in &vocabulary.words {
            for sentence in sentences(word) {
                let count = sentence.split_whitespace().count();
                assert!(count <= MOST_WORDS, "{}: {count} words: {sentence}", word.name);
            }
        }
    }
}

#[test]
fn every_word_has_a_source_and_an_instance_of_its_own() {
    for word in &english().words {
        assert!(!word.source.title.is_empty(), "{} does not say where it comes from", word.name);
        let is_link = |address: &String| address.starts_with("https://");
        assert!(word.source.address.iter().all(is_link), "{}: {:?}", word.name, word.source.address);
        assert!(word.instance.starts_with("For instance: "), "{}: {}", word.name, word.instance);
    }
}

/// A word that nobody meets needs no explanation.
#[test]
fn every_word_is_used() {
    let vocabulary = english();
    let texts = text("locales/netsplit.pot");
    let texts = texts.lines().filter_map(|line| line.strip_prefix("msgid "));
    let explained = vocabulary.words.iter().flat_map(|word| [word.sentence.as_str(), word.instance.as_str()]);
    let mut used = vec![false; vocabulary.words.len()];
    for text in texts.chain(explained) {
        vocabulary.marks(text).iter().for_each(|mark| used[mark.word] = true);
    }
    for see in vocabulary.words.iter().flat_map(|word| &word.see) {
        let place = vocabulary.words.iter().position(|word| word.name == *see);
        used[place.expect("what is to be seen is there")] = true;
    }
    let unused: Vec<&str> =
        vocabulary.words.iter().zip(used).filter(|(_, used)| !used).map(|(word, _)| word.name.as_str()).collect();
    assert!(unused.is_empty(), "nothing says {unused:?}");
}

/// A translation that lacks a word would show it in English.
#[test]
fn every_word_is_translated() {
    for language in TRANSLATIONS {
        let (english, said) = (english(), translated(language));
        let missing = english.words.iter().zip(&said.words).filter(|(word, said)| word.sentence == said.sentence);
        let missing: Vec<&str> = missing.map(|(word, _)| word.name.as_str()).collect();
        assert!(missing.is_empty(), "lessons/words.{language}.md has no {missing:?}");
    }
}

/// A text without the names of what is filled in, which nobody reads.
fn without_places(text: &str) -> String {
    let parts = text.split('{').enumerate();
    parts
        .map(|(place, part)| if place == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) })
        .collect()
}

/// The texts of a `.po` file with their translations.
fn translations(language: &str) -> Vec<(String, String)> {
    let file = text(&format!("locales/{language}.po"));
    let entry = |entry: &str| {
        let (english, said) = entry.split_once("\nmsgstr ")?;
        let (_, english) = english.split_once("msgid ")?;
        let whole = |quoted: &str| quoted.lines().map(|line| line.trim_matches('"')).collect::<String>();
        Some((whole(english), whole(said)))
    };
    file.split("\n\n").filter_map(entry).collect()
}

/// A translation calls a word as the translated texts do, so that it is found in them.
#[test]
fn translated_words_are_found_in_translated_texts() {
    let english = english();
    for language in TRANSLATIONS {
        let said = translated(language);
        let (mut used, mut found) = (vec![false; english.words.len()], vec![false; english.words.len()]);
        for (text, translation) in translations(language) {
            let marks = said.marks(&without_places(&translation));
            for mark in english.marks(&without_places(&text)) {
                used[mark.word] = true;
                found[mark.word] |= marks.iter().any(|other| other.word == mark.word);
            }
        }
        let names = english.words.iter().map(|word| word.name.as_str());
        let lost: Vec<&str> = names
            .zip(used.iter().zip(found))
            .filter(|(_, (used, found))| **used && !found)
            .map(|(name, _)| name)
            .collect();
        assert!(lost.is_empty(), "lessons/words.{language}.md has no form of {lost:?} that the texts have");
    }
}

/// Addresses have the names: `#/words/happened-before`.
#[test]
fn names_can_stand_in_addresses() {
    let vocabulary = english();
    for word in &vocabulary.words {
        let slug = word.slug();
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '\'');
        assert!(slug.chars().all(is_plain), "{slug}");
        assert_eq!(vocabulary.at(&slug), Some(word));
    }
}

/// `cases/screen.md`: "The search finds nothing for consensus, consistency, eventual, term, happened before, Paxos", and the
/// words that "a beginner meets and finds nowhere explained".
#[test]
fn what_a_beginner_looks_for_is_found() {
    for (wanted, first) in [
        ("consensus", "consensus"),
        ("consistency", "consistency"),
        ("eventual", "eventual consistency"),
        ("term", "term"),
        ("happened before", "happened before"),
        ("Paxos", "Paxos"),
        ("T1", "term"),
        ("candidate", "candidate"),
        ("quorum", "quorum"),
        ("commit", "commit"),
        ("entry", "entry"),
        ("next index", "next index"),
        ("match index", "next index"),
        ("carried out", "carried out"),
        ("logical clocks", "logical clock"),
        ("L20 [16 3 5]", "logical clock"),
        ("epoch", "epoch"),
        ("E1", "epoch"),
        ("O", "observer"),
        ("phi", "phi"),
        ("incarnation", "incarnation"),
        ("p99", "percentile"),
        ("linearizable", "linearizable"),
        ("siblings", "sibling"),
        ("sloppy", "sloppy quorum"),
        ("lease", "lease"),
        ("D5", "version"),
    ] {
        let vocabulary = english();
        let found: Vec<&str> = vocabulary.search(wanted).iter().map(|word| word.name.as_str()).collect();
        // A sign may stand for several words: T1 is a term, and a timestamp of NTP.
        assert!(found.iter().take(2).any(|name| *name == first), "{wanted}: {found:?}");
    }
}
