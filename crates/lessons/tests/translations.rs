//! Lessons and articles in other languages, as they stand in `locales/lessons/`.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::article::{Article, Manuscript};
use lessons::{Block, Lesson, prove, read_lessons};
use polib::message::MessageView;
use sim::{Catalogue, Direction};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

const RAFT: &str = "crates/labs/agreement/src/raft";
const HEARTBEATS: &str = "crates/labs/failure/src/heartbeats";

/// What is translated: the folder of a lab, the lab, a language and its direction.
const TRANSLATIONS: [(&str, &str, &str, Direction); 3] = [
    (RAFT, "raft", "de", Direction::LeftToRight),
    (HEARTBEATS, "heartbeats", "de", Direction::LeftToRight),
    (HEARTBEATS, "heartbeats", "fa", Direction::RightToLeft),
];

fn catalogue(lab: &str, language: &str, direction: Direction) -> Catalogue {
    let file = root().join(format!("locales/lessons/{lab}.{language}.po"));
    let catalog = polib::po_file::parse(&file).unwrap();
    let line = |message: &dyn MessageView| format!("{}\t{}\n", message.msgid(), message.msgstr().unwrap());
    let mut catalogue = Catalogue::new(direction);
    catalogue.read(&catalog.messages().filter(|message| !message.is_fuzzy()).map(line).collect::<String>());
    catalogue
}

fn lesson(folder: &str, id: &str) -> Lesson {
    let lessons = read_lessons(&text(&format!("{folder}/lesson.md"))).unwrap();
    lessons.into_iter().find(|lesson| lesson.id == id).unwrap()
}

/// A lesson whose texts are all empty: what is left is what a translation cannot change.
fn without_words(lesson: &Lesson) -> Lesson {
    let mut lesson = Lesson { language: String::new(), ..lesson.clone() };
    lesson.passages(|_, text| text.clear());
    lesson
}

#[test]
fn a_translated_lesson_has_the_same_proofs() {
    for (folder, lab, language, direction) in TRANSLATIONS {
        let catalogue = catalogue(lab, language, direction);
        for english in read_lessons(&text(&format!("{folder}/lesson.md"))).unwrap() {
            let mut said = english.clone();
            said.translate(language, &catalogue);
            if said.language == english.language {
                continue;
            }
            assert_eq!(without_words(&said), without_words(&english), "{language}: {}", english.id);
            let lab = labs::registry::lab(&english.lab).unwrap();
            let key = prove(&english, lab).unwrap();
            assert_eq!(prove(&said, lab).as_ref(), Ok(&key), "{language}: {}", english.id);
        }
    }
}

#[test]
fn a_lesson_says_in_another_language_what_is_read_and_keeps_the_rest() {
    let english = lesson(RAFT, "raft-two-leaders");
    let mut german = english.clone();
    german.translate("de", &catalogue("raft", "de", Direction::LeftToRight));
    assert_eq!([german.language.as_str(), german.title.as_str()], ["de", "Zwei Leader zugleich"]);
    assert_eq!(german.digest, english.digest);
    let Some(Block::Predict(asked)) = german.steps[0].blocks.iter().find(|block| matches!(block, Block::Predict(_)))
    else {
        panic!("the first step asks")
    };
    assert_eq!(asked.choices[0].text.text, "Erledigt. S1 braucht niemanden sonst: Er ist der Leader.");
    assert!(asked.choices[0].say.text.starts_with("Schau in die Logs: "));
    assert!(german.introduction[0].text.contains("ihr [Log](word:log)"));

    // A lesson of which nobody has said anything stays English, also where the language runs the other way.
    let mut persian = english.clone();
    persian.translate("fa", &Catalogue::new(Direction::RightToLeft));
    assert_eq!(persian, english);
}

#[test]
fn from_right_to_left_names_stand_apart() {
    let mut lesson = lesson(HEARTBEATS, "heartbeats-dead-or-slow");
    lesson.translate("fa", &catalogue("heartbeats", "fa", Direction::RightToLeft));
    let Some(Block::Prose(first)) = lesson.steps[0].blocks.first() else { panic!("the first step begins with prose") };
    assert!(first.text.starts_with("\u{2068}A\u{2069} هر 100 میلی‌ثانیه"), "{}", first.text);
    assert!(first.text.contains("[مهلتی](word:timeout)"), "{}", first.text);
}

#[test]
fn an_article_keeps_its_addresses_in_another_language() {
    let file = text(&format!("{HEARTBEATS}/notes.md"));
    let manuscript = Manuscript::all(&file).unwrap().remove(0);
    let english = manuscript.read().unwrap();
    let catalogue = catalogue("heartbeats", "de", Direction::LeftToRight);
    let german = manuscript.read_in("de", &catalogue).unwrap();
    assert_eq!([german.language.as_str(), english.language.as_str()], ["de", "en"]);
    assert_eq!(german.title, "Heartbeats: tot, oder nur langsam?");
    assert!(german.summary.starts_with("Eine Maschine, die abgestürzt ist"));
    let slugs = |article: &Article| article.contents().iter().map(|(slug, _)| slug.to_string()).collect::<Vec<_>>();
    assert_eq!(slugs(&german), slugs(&english));
    assert_eq!(german.contents()[0].1, "Was es ist");
    assert_eq!(german.moments(), english.moments());
    let nothing = manuscript.read_in("de", &Catalogue::new(Direction::LeftToRight)).unwrap();
    assert_eq!(nothing, english);
}

/// `lang: fa` in its head.
#[test]
fn a_lesson_may_be_first_written_in_another_language() {
    let file = text(&format!("{HEARTBEATS}/lesson.md")).replace("level: beginner", "level: beginner\nlang: fa");
    let mut written = read_lessons(&file).unwrap().remove(0);
    assert_eq!(written.language, "fa");
    let mut english = Catalogue::new(Direction::LeftToRight);
    english.read("Silence\tQuiet\n");
    written.translate("en", &english);
    assert_eq!([written.language.as_str(), written.steps[0].title.as_str()], ["en", "Quiet"]);
}
