//! Translations of lessons, articles and courses: `locales/lessons/raft.de.po` for people, and for the app each text as it is read in
//! that language: `lessons/de/raft-two-leaders.txt`, `articles/de/raft.txt`. What is said of courses stands in `locales/lessons/courses.de.po`, and
//! in a site in the courses themselves.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use lessons::article::Manuscript;
use lessons::translation::fits;
use lessons::{Lesson, Mistake, Piece};
use polib::catalog::Catalog;
use polib::message::{MessageMutView, MessageView};
use polib::po_file;
use sim::{Catalogue, Direction};

use crate::process::announce;
use crate::{articles, courses, folders, languages, site, teaching};

/// The language that lessons are first written in, if they do not say another.
const ENGLISH: &str = "en";

/// How much of its words a changed text shares with the old one for the old translation to be of use, in percent.
const ALIKE_PERCENT: usize = 60;

/// A lesson or an article.
struct Writing {
    text: Original,
    lab: String,
    language: String,
    /// What it is called in a site: `lessons/` and `raft-two-leaders`.
    folder: &'static str,
    name: String,
    file: PathBuf,
    entries: Vec<Piece>,
}

/// What is translated.
enum Original {
    Lesson(Box<Lesson>),
    /// As it stands in its file, with the addresses of a site.
    Article(String),
    Course,
}

/// A text to be translated, with all places that it stands in.
struct Entry {
    text: String,
    places: Vec<String>,
}

/// Writes the template of each lab, and takes it over into each translation.
pub fn update() -> Result<()> {
    let labs = labs(&writings()?);
    fs::create_dir_all(folder())?;
    for (lab, entries) in &labs {
        let file = folder().join(format!("{lab}.pot"));
        let mut template = Catalog::new(languages::header());
        for entry in entries {
            template.append_or_update(languages::message(&entry.text, &entry.places.join("\n"), None));
        }
        po_file::write_to_file(&template, &file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    let count: usize = labs.values().map(Vec::len).sum();
    announce(&format!("{count} texts of lessons and articles"));
    for (file, lab, language) in po_files()? {
        let entries = labs.get(&lab).with_context(|| format!("{} is of no lab", file.display()))?;
        let new = merged(entries, &languages::read(&file)?);
        po_file::write_to_file(&new, &file).with_context(|| format!("cannot write {}", file.display()))?;
        let said = new.messages().filter(|message| languages::said(*message).is_some()).count();
        let doubtful = new.messages().filter(|message| message.is_fuzzy()).count();
        announce(&format!("{language}: {lab}: {} without a translation, {doubtful} doubtful", entries.len() - said));
        for wrong in new.messages().filter_map(misfit) {
            announce(&format!("{language}: {lab}: {wrong}"));
        }
    }
    Ok(())
}

/// Writes all lessons and articles in each other language into a site, also those of which nothing is translated: so nobody asks for
/// what is not there.
pub fn add(site: &Path) -> Result<()> {
    let writings = writings()?;
    let translations = translations()?;
    let languages: Vec<String> =
        [ENGLISH.into(), languages::PSEUDO.into()].into_iter().chain(languages::codes()?).collect();
    for writing in &writings {
        for language in languages.iter().filter(|language| **language != writing.language) {
            let said = |text: &str| match language.as_str() {
                languages::PSEUDO => Some(languages::pseudo(text)),
                language => translations.get(&(writing.lab.clone(), language.into()))?.get(text).cloned(),
            };
            let catalogue = writing.catalogue(language, said);
            let folder = site.join(writing.folder).join(language);
            fs::create_dir_all(&folder)?;
            match &writing.text {
                Original::Lesson(lesson) => {
                    let mut lesson = Lesson::clone(lesson);
                    lesson.translate(language, &catalogue);
                    site::add_writing(&folder, &writing.name, &lesson)?;
                }
                Original::Article(text) => {
                    let wrong = |mistake: &Mistake| anyhow!("{}:{mistake}", writing.file.display());
                    let manuscripts = Manuscript::all(text).map_err(|mistake| wrong(&mistake))?;
                    for manuscript in manuscripts {
                        let article = manuscript.read_in(language, &catalogue);
                        let article = article.map_err(|mistakes| wrong(&mistakes[0]))?;
                        site::add_writing(&folder, &writing.name, &article)?;
                    }
                }
                // A site has these as a whole.
                Original::Course => {}
            }
        }
    }
    Ok(())
}

impl Writing {
    /// What another language says of it.
    fn catalogue(&self, language: &str, said: impl Fn(&str) -> Option<String>) -> Catalogue {
        let line = |entry: &Piece| Some(format!("{}\t{}\n", entry.text, said(&entry.text)?));
        let lines: String = self.entries.iter().filter_map(line).collect();
        let mut catalogue = Catalogue::new(Direction::of(language));
        catalogue.read(&articles::resolved(&lines, &self.file));
        catalogue
    }
}

/// All lessons and articles, in a fixed order.
fn writings() -> Result<Vec<Writing>> {
    let mut writings = Vec::new();
    let read = |file: &Path| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()));
    for file in articles::files(teaching::LESSONS)? {
        let wrong = |mistakes: Vec<lessons::Mistake>| anyhow!("{}:{}", file.display(), mistakes[0]);
        for lesson in lessons::read_lessons(&read(&file)?).map_err(wrong)? {
            let entries = lesson.entries();
            writings.push(Writing {
                lab: lesson.lab.clone(),
                language: lesson.language.clone(),
                folder: teaching::FOLDER,
                name: lesson.id.clone(),
                file: file.clone(),
                entries,
                text: Original::Lesson(Box::new(lesson)),
            });
        }
    }
    for file in articles::files(articles::NOTES)? {
        let text = read(&file)?;
        let all = Manuscript::all(&text).map_err(|mistake| anyhow!("{}:{mistake}", file.display()))?;
        writings.extend(all.into_iter().map(|manuscript| Writing {
            lab: manuscript.lab.to_string(),
            language: ENGLISH.to_string(),
            folder: articles::FOLDER,
            name: manuscript.lab.to_string(),
            file: file.clone(),
            entries: manuscript.entries(),
            text: Original::Article(articles::resolved(manuscript.text, &file)),
        }));
    }
    for (file, mut course) in courses::files()? {
        let mut entries = Vec::new();
        course.passages(|passage| entries.push(passage.clone()));
        let (lab, language) = (courses::FOLDER.to_string(), ENGLISH.to_string());
        let (text, folder) = (Original::Course, courses::FOLDER);
        writings.push(Writing { text, lab, language, folder, name: course.id, file, entries });
    }
    Ok(writings)
}

/// What there is to translate in each lab, in the order of its files; what stands in several places once.
fn labs(writings: &[Writing]) -> BTreeMap<String, Vec<Entry>> {
    let mut labs: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for writing in writings {
        let entries = labs.entry(writing.lab.clone()).or_default();
        for Piece { line, text } in &writing.entries {
            let place = format!("{}:{line}", folders::name(&writing.file));
            match entries.iter_mut().find(|entry| entry.text == *text) {
                Some(entry) => entry.places.push(place),
                None => entries.push(Entry { text: text.clone(), places: vec![place] }),
            }
        }
    }
    labs
}

/// What a translation has of the texts that there are now. Where a text has changed a little, the old translation stays as a doubtful
/// one, which nobody is shown.
fn merged(entries: &[Entry], old: &Catalog) -> Catalog {
    let mut catalog = Catalog::new(old.metadata.clone());
    let is_lost = |message: &&dyn MessageView| entries.iter().all(|entry| entry.text != message.msgid());
    let lost: Vec<&dyn MessageView> = old.messages().filter(is_lost).collect();
    for Entry { text, places } in entries {
        let places = places.join("\n");
        if let Some(known) = languages::translation(old, text) {
            catalog.append_or_update(languages::message(text, &places, Some(known)));
        } else if let Some(before) = lost.iter().find(|before| alike_percent(before.msgid(), text) >= ALIKE_PERCENT) {
            let mut message = languages::message(text, &places, Some(*before));
            let comments = format!("{}\nThe English was: {}", message.translator_comments(), before.msgid());
            *message.translator_comments_mut() = comments.trim().to_string();
            message.flags_mut().add_flag("fuzzy");
            catalog.append_or_update(message);
        }
    }
    catalog
}

/// How many of the words of two texts are in both.
fn alike_percent(one: &str, other: &str) -> usize {
    let (one, mut other): (Vec<&str>, Vec<&str>) = (one.split(' ').collect(), other.split(' ').collect());
    let all = one.len() + other.len();
    let shared = one.iter().filter(|word| {
        let place = other.iter().position(|known| known == *word);
        place.map(|place| other.swap_remove(place)).is_some()
    });
    2 * shared.count() * 100 / all
}

/// What is wrong with a translation, and of which text.
fn misfit(message: &dyn MessageView) -> Option<String> {
    let wrong = fits(message.msgid(), languages::said(message)?).err()?;
    Some(format!("{wrong}: {}", message.msgid()))
}

/// Each lab's translation into each language, and that of the courses.
pub fn translations() -> Result<BTreeMap<(String, String), BTreeMap<String, String>>> {
    let of_file = |(file, lab, language): (PathBuf, String, String)| {
        let catalog = languages::read(&file)?;
        let pair = |message: &dyn MessageView| Some((message.msgid().into(), languages::said(message)?.into()));
        Ok(((lab, language), catalog.messages().filter_map(pair).collect()))
    };
    po_files()?.into_iter().map(of_file).collect()
}

fn folder() -> PathBuf {
    languages::folder().join(teaching::FOLDER)
}

/// The files of translators, each with its lab and its language: `raft.de.po`.
fn po_files() -> Result<Vec<(PathBuf, String, String)>> {
    let parts = |name: &String| {
        let (lab, language) = name.strip_suffix(".po")?.split_once('.')?;
        Some((folder().join(name), lab.to_string(), language.to_string()))
    };
    Ok(site::names(&folder())?.iter().filter_map(parts).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use lessons::Article;
    use lessons::prose::Target;

    use super::*;

    /// Run `cargo xtask i18n` where this fails.
    #[test]
    fn the_templates_are_up_to_date() {
        let labs = labs(&writings().unwrap());
        let names = site::names(&folder()).unwrap();
        let templates: BTreeSet<&str> = names.iter().filter_map(|name| name.strip_suffix(".pot")).collect();
        assert!(templates.into_iter().eq(labs.keys()));
        for (lab, entries) in labs {
            let template = languages::read(&folder().join(format!("{lab}.pot"))).unwrap();
            let listed: Vec<&str> = template.messages().map(|message| message.msgid()).collect();
            let present: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
            assert_eq!(listed, present, "locales/lessons/{lab}.pot is not as the lessons and the article are");
        }
    }

    #[test]
    fn translations_fit_where_they_stand() {
        let labs = labs(&writings().unwrap());
        for (file, lab, language) in po_files().unwrap() {
            assert!(language == ENGLISH || languages::codes().unwrap().contains(&language), "{}", file.display());
            let entries = &labs[&lab];
            for message in languages::read(&file).unwrap().messages() {
                let text = message.msgid();
                assert!(!message.msgstr().unwrap().is_empty(), "{language}: {text} is not translated: leave it out");
                assert!(entries.iter().any(|entry| entry.text == text), "{language}: nobody says {text}");
                assert_eq!(misfit(message), None, "{}", file.display());
            }
        }
    }

    #[test]
    fn what_is_translated_stays_where_it_stands_and_what_has_changed_is_doubtful() {
        let of = |texts: &[&str]| -> Vec<Entry> {
            texts.iter().map(|text| Entry { text: text.to_string(), places: vec!["here:1".into()] }).collect()
        };
        let mut old = Catalog::new(languages::header());
        for text in ["Second text", "S1 leads in term 1 now", "gone"] {
            let mut message = languages::message(text, "here:1", None);
            message.set_msgstr(format!("[{text}]")).unwrap();
            old.append_or_update(message);
        }
        let new = merged(&of(&["First", "S1 leads in term 2 now", "Second text"]), &old);
        let seen: Vec<_> = new.messages().map(|message| (message.msgid(), languages::said(message))).collect();
        assert_eq!(seen, [("S1 leads in term 2 now", None), ("Second text", Some("[Second text]"))]);
        let doubtful = new.messages().next().unwrap();
        assert_eq!(doubtful.msgstr(), Ok("[S1 leads in term 1 now]"));
        assert_eq!(doubtful.translator_comments(), "The English was: S1 leads in term 1 now");
    }

    #[test]
    fn a_site_has_each_text_in_each_language() {
        let site = folders::scratch("translations-of-a-test");
        add(&site).unwrap();
        let read = |name: &str| fs::read(site.join(name)).unwrap();
        let lesson = |name: &str| postcard::from_bytes::<Lesson>(&read(&format!("lessons/{name}.txt"))).unwrap();
        let german = lesson("de/raft-two-leaders");
        assert_eq!([german.title.as_str(), german.language.as_str()], ["Zwei Leader zugleich", "de"]);
        assert_eq!(lesson("fa/heartbeats-dead-or-slow").steps[0].title, "سکوت");
        assert!(lesson("en-XA/raft-two-leaders").steps[0].title.starts_with("[Three of five "));
        // What nobody has translated is there in its own language.
        assert_eq!(lesson("fa/raft-figure-8").language, "en");
        let article: Article = postcard::from_bytes(&read("articles/de/raft.txt")).unwrap();
        assert_eq!(article.language, "de");
        let targets: Vec<String> = article.prose.targets().iter().map(Target::to_string).collect();
        assert!(targets.iter().any(|target| target.ends_with("/agreement/src/raft/README.md")), "{targets:?}");
    }
}
