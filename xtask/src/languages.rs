//! Translations: `locales/*.po` for people, and for the app catalogue files: of each language one for the screen, and one
//! for each lab.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use polib::catalog::Catalog;
use polib::message::{Message, MessageView};
use polib::metadata::CatalogMetadata;
use polib::po_file;

use crate::process::announce;
use crate::templates::{self, Places, Templates};
use crate::{folders, registry, site};

/// What the folder of catalogues is called, here and in a site.
pub const FOLDER: &str = "locales";

/// A language that nobody speaks: every text in brackets and twice as long, so that what is written past `Text` and what
/// is cut off can be seen.
pub const PSEUDO: &str = "en-XA";

/// How many of a lab's texts have to be translated for the lab to count as translated, in percent.
const NEARLY_ALL_PERCENT: usize = 95;

/// English templates with what they are in another language.
type Translations = BTreeMap<String, String>;

/// Writes the template of all texts, and drops from each translation what is no longer said.
pub fn update() -> Result<()> {
    let templates = templates::all()?;
    fs::create_dir_all(folder())?;
    po_file::write_to_file(&listed(&templates, None), &template_file()).context("cannot write the template")?;
    announce(&format!("{} texts", templates.len()));
    let labs = translated_labs()?;
    for file in po_files()? {
        let old = read(&file)?;
        let new = listed(&templates, Some(&old));
        po_file::write_to_file(&new, &file).with_context(|| format!("cannot write {}", file.display()))?;
        let missing = templates.len() - new.messages().filter(|message| said(*message).is_some()).count();
        let dropped = old.messages().filter(|message| !templates.contains_key(message.msgid())).count();
        let language = language(&file);
        announce(&format!("{language}: {missing} without a translation, {dropped} dropped, {} labs", labs[&language]));
        for wrong in new.messages().filter(|message| said(*message).is_some_and(|said| !fits(message.msgid(), said))) {
            announce(&format!("{language}: other names in braces: {}", wrong.msgid()));
        }
    }
    Ok(())
}

/// Writes the catalogues of all languages into a site: `de.txt` with what is read where no lab is, `de/raft.txt` with what
/// only the lab says.
pub fn add(site: &Path) -> Result<()> {
    let templates = templates::all()?;
    let labs = registry::labs()?;
    let pseudo = templates.keys().map(|template| (template.clone(), pseudo(template))).collect();
    for (language, said) in translations()?.into_iter().chain([(PSEUDO.to_string(), pseudo)]) {
        let folder = site.join(FOLDER).join(&language);
        fs::create_dir_all(&folder)?;
        fs::write(folder.with_extension("txt"), catalogue(&templates, &said, Places::is_on_screen))?;
        for (lab, its_folder) in &labs {
            let of_lab = |places: &Places| !places.is_on_screen() && places.labs().contains(its_folder.as_str());
            fs::write(folder.join(format!("{lab}.txt")), catalogue(&templates, &said, of_lab))?;
        }
    }
    Ok(())
}

/// How many labs are translated into each language.
pub fn translated_labs() -> Result<BTreeMap<String, usize>> {
    let templates = templates::all()?;
    let labs = registry::labs()?;
    let count = |(language, said): (String, Translations)| {
        (language, labs.values().filter(|folder| is_translated(&templates, &said, folder)).count())
    };
    Ok(translations()?.into_iter().map(count).collect())
}

/// Whether all, or nearly all, texts of the lab in a folder are translated.
fn is_translated(templates: &Templates, said: &Translations, folder: &str) -> bool {
    let texts = || templates.iter().filter(|(_, places)| places.labs().contains(folder));
    let translated = texts().filter(|(template, _)| said.contains_key(*template)).count();
    translated * 100 >= texts().count() * NEARLY_ALL_PERCENT
}

/// A catalogue file: lines of a template, a tab and a translation, sorted. What reads as in English is left out.
fn catalogue(templates: &Templates, said: &Translations, stands_in: impl Fn(&Places) -> bool) -> String {
    let theirs = templates.iter().filter(|(_, places)| stands_in(places));
    let pairs = theirs.filter_map(|(template, _)| Some((template, said.get(template)?)));
    pairs.filter(|(template, said)| template != said).map(|(template, said)| format!("{template}\t{said}\n")).collect()
}

/// What each language has translations of.
fn translations() -> Result<Vec<(String, Translations)>> {
    let of_file = |file: PathBuf| {
        let catalog = read(&file)?;
        let pairs = catalog.messages().filter_map(|message| Some((message.msgid().into(), said(message)?.into())));
        Ok((language(&file), pairs.collect()))
    };
    po_files()?.into_iter().map(of_file).collect()
}

/// Twice as long, in brackets, with the names in braces as they are.
pub fn pseudo(template: &str) -> String {
    let words = template.split('{').map(|part| part.split_once('}').map_or(part, |(_, words)| words));
    let letters = words.map(|words| words.chars().count()).sum();
    let filling: String = "one two three four five ".chars().cycle().take(letters).collect();
    format!("[{template} {}]", filling.trim_end())
}

/// All templates in a fixed order; of a translation those that it has.
fn listed(templates: &Templates, translated: Option<&Catalog>) -> Catalog {
    let mut catalog = Catalog::new(translated.map_or_else(header, |translated| translated.metadata.clone()));
    for (template, places) in templates {
        let old = translated.and_then(|translated| translation(translated, template));
        if translated.is_none() || old.is_some() {
            let source = places.files.iter().map(String::as_str).collect::<Vec<_>>().join("\n");
            catalog.append_or_update(message(template, &source, old));
        }
    }
    catalog
}

/// A text with where it stands, and what a translator has said of it.
pub fn message(text: &str, source: &str, old: Option<&dyn MessageView>) -> Message {
    let mut message = Message::build_singular();
    message.with_msgid(text.to_string());
    message.with_source(source.to_string());
    if let Some(old) = old {
        message.with_msgstr(old.msgstr().unwrap_or_default().to_string());
        message.with_flags(old.flags().clone());
        message.with_translator_comments(old.translator_comments().to_string());
    }
    message.done()
}

/// What a translation has of a text, doubtful or not.
pub fn translation<'a>(translated: &'a Catalog, text: &str) -> Option<&'a dyn MessageView> {
    translated.find_message(None, text, None).filter(|old| old.msgstr().is_ok_and(|said| !said.is_empty()))
}

pub fn header() -> CatalogMetadata {
    CatalogMetadata {
        project_id_version: "netsplit".into(),
        mime_version: "1.0".into(),
        content_type: "text/plain; charset=UTF-8".into(),
        content_transfer_encoding: "8bit".into(),
        ..CatalogMetadata::default()
    }
}

/// Where the translations stand.
pub fn folder() -> PathBuf {
    folders::root().join(FOLDER)
}

fn template_file() -> PathBuf {
    folder().join("netsplit.pot")
}

fn po_files() -> Result<Vec<PathBuf>> {
    let names = site::names(&folder())?;
    Ok(names.iter().filter(|name| name.ends_with(".po")).map(|name| folder().join(name)).collect())
}

/// The languages that there are translations into.
pub fn codes() -> Result<Vec<String>> {
    Ok(po_files()?.iter().map(|file| language(file)).collect())
}

/// A file is called as its language: `de.po`.
fn language(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

pub fn read(file: &Path) -> Result<Catalog> {
    po_file::parse(file).with_context(|| format!("cannot read {}", file.display()))
}

/// A translation, unless it is marked as doubtful.
pub fn said(message: &dyn MessageView) -> Option<&str> {
    message.msgstr().ok().filter(|said| !said.is_empty() && !message.is_fuzzy())
}

/// Whether a translation has the names of its template.
fn fits(template: &str, said: &str) -> bool {
    names(template) == names(said)
}

/// The names in braces.
fn names(template: &str) -> BTreeSet<&str> {
    template.split('{').skip(1).filter_map(|part| part.split('}').next()).collect()
}

#[cfg(test)]
mod tests {
    use polib::message::MessageMutView;

    use super::*;

    /// Run `cargo xtask i18n` where this fails.
    #[test]
    fn the_template_is_up_to_date() {
        let listed = read(&template_file()).unwrap();
        let listed: BTreeSet<&str> = listed.messages().map(|message| message.msgid()).collect();
        let templates = templates::all().unwrap();
        let present: BTreeSet<&str> = templates.keys().map(String::as_str).collect();
        let differing: Vec<_> = listed.symmetric_difference(&present).collect();
        assert!(differing.is_empty(), "not the same in locales/netsplit.pot as in the source: {differing:#?}");
    }

    #[test]
    fn translations_have_the_names_of_their_templates() {
        for file in po_files().unwrap() {
            for message in read(&file).unwrap().messages() {
                assert!(
                    !message.msgstr().unwrap().is_empty(),
                    "{}: {} is not translated: leave it out",
                    language(&file),
                    message.msgid()
                );
                let Some(said) = said(message) else { continue };
                assert!(fits(message.msgid(), said), "{}: {} | {said}", language(&file), message.msgid());
                assert!(!said.contains(['\n', '\t']), "{}: {said} has to be one line", language(&file));
            }
        }
    }

    #[test]
    fn what_is_translated_stays_when_texts_change() {
        let of = |texts: &[&str]| texts.iter().map(|text| (text.to_string(), Places::default())).collect();
        let mut old = listed(&of(&["kept", "gone"]), None);
        for mut message in old.messages_mut() {
            message.set_msgstr("said".into()).unwrap();
        }
        let new = listed(&of(&["kept", "new"]), Some(&old));
        let all: Vec<_> = new.messages().map(|message| (message.msgid(), said(message))).collect();
        assert_eq!(all, [("kept", Some("said"))]);
    }

    #[test]
    fn a_lab_is_translated_when_nearly_all_of_it_is() {
        let places = Places { files: BTreeSet::from(["crates/labs/scale/src/queue/mod.rs".into()]), is_on_card: false };
        let templates: Templates = (0..100).map(|number| (format!("text {number}"), places.clone())).collect();
        let said = |count| templates.keys().take(count).map(|text| (text.clone(), "gesagt".into())).collect();
        assert!(is_translated(&templates, &said(95), "queue"));
        assert!(!is_translated(&templates, &said(94), "queue"));
        let catalogue = |stands_in: fn(&Places) -> bool| catalogue(&templates, &said(2), stands_in);
        assert_eq!(catalogue(|places| !places.is_on_screen()), "text 0\tgesagt\ntext 1\tgesagt\n");
        assert_eq!(catalogue(Places::is_on_screen), "");
    }

    #[test]
    fn both_logical_clocks_stand_in_one_folder() {
        let labs = registry::labs().unwrap();
        assert_eq!([&labs["lamport-clocks"], &labs["vector-clocks"]], ["clocks", "clocks"]);
    }

    #[test]
    fn the_pseudo_language_doubles_texts_and_keeps_names() {
        assert_eq!(pseudo("{n} events"), "[{n} events one two]");
        assert!(fits("{a}: {b}", &pseudo("{a}: {b}")));
    }
}
