//! Translations: `locales/*.po` for people, and a catalogue file for each language for the app.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use polib::catalog::Catalog;
use polib::message::{Message, MessageView};
use polib::metadata::CatalogMetadata;
use polib::po_file;

use crate::process::announce;
use crate::templates::{self, Templates};
use crate::{folders, site};

/// What the folder of catalogues is called, here and in a site.
pub const FOLDER: &str = "locales";

/// A language that nobody speaks: every text in brackets and twice as long, so that what is written past `Text` and what
/// is cut off can be seen.
const PSEUDO: &str = "en-XA";

/// Writes the template of all texts, and takes it over into each translation.
pub fn update() -> Result<()> {
    let templates = templates::all()?;
    fs::create_dir_all(folder())?;
    po_file::write_to_file(&listed(&templates, None), &template_file()).context("cannot write the template")?;
    announce(&format!("{} texts", templates.len()));
    for file in po_files()? {
        let old = read(&file)?;
        let new = listed(&templates, Some(&old));
        po_file::write_to_file(&new, &file).with_context(|| format!("cannot write {}", file.display()))?;
        let missing = new.messages().filter(|message| !message.is_translated()).count();
        let dropped = old.messages().filter(|message| !templates.contains_key(message.msgid())).count();
        announce(&format!("{}: {missing} without a translation, {dropped} dropped", language(&file)));
        for wrong in new.messages().filter(|message| said(*message).is_some_and(|said| !fits(message.msgid(), said))) {
            announce(&format!("{}: other names in braces: {}", language(&file), wrong.msgid()));
        }
    }
    Ok(())
}

/// Writes a catalogue for each language into a site.
pub fn add(site: &Path) -> Result<()> {
    let folder = site.join(FOLDER);
    fs::create_dir_all(&folder)?;
    for (language, catalogue) in catalogues()? {
        fs::write(folder.join(format!("{language}.txt")), catalogue)?;
    }
    let pseudo = templates::all()?.into_keys().map(|template| (pseudo(&template), template));
    fs::write(folder.join(format!("{PSEUDO}.txt")), lines(pseudo.map(|(said, template)| (template, said))))?;
    Ok(())
}

/// Each language with its catalogue file: lines of a template, a tab and a translation, sorted by the first. What reads as
/// in English is left out.
pub fn catalogues() -> Result<Vec<(String, String)>> {
    let of_file = |file: PathBuf| {
        let catalog = read(&file)?;
        let pairs =
            catalog.messages().filter_map(|message| Some((message.msgid().to_string(), said(message)?.to_string())));
        Ok((language(&file), lines(pairs.filter(|(template, said)| template != said))))
    };
    po_files()?.into_iter().map(of_file).collect()
}

fn lines(pairs: impl Iterator<Item = (String, String)>) -> String {
    let mut lines: Vec<(String, String)> = pairs.collect();
    lines.sort();
    lines.into_iter().map(|(template, said)| format!("{template}\t{said}\n")).collect()
}

/// Twice as long, in brackets, with the names in braces as they are.
fn pseudo(template: &str) -> String {
    let words = template.split('{').map(|part| part.split_once('}').map_or(part, |(_, words)| words));
    let letters = words.map(|words| words.chars().count()).sum();
    let filling: String = "one two three four five ".chars().cycle().take(letters).collect();
    format!("[{template} {}]", filling.trim_end())
}

/// All templates in a fixed order, with the translations that there are.
fn listed(templates: &Templates, translated: Option<&Catalog>) -> Catalog {
    let mut catalog = Catalog::new(translated.map_or_else(header, |translated| translated.metadata.clone()));
    for (template, files) in templates {
        let old = translated.and_then(|catalog| catalog.find_message(None, template, None));
        let mut message = Message::build_singular();
        message.with_msgid(template.clone());
        message.with_source(files.iter().map(String::as_str).collect::<Vec<_>>().join("\n"));
        if let Some(old) = old {
            message.with_msgstr(old.msgstr().unwrap_or_default().to_string());
            message.with_flags(old.flags().clone());
            message.with_translator_comments(old.translator_comments().to_string());
        }
        catalog.append_or_update(message.done());
    }
    catalog
}

fn header() -> CatalogMetadata {
    CatalogMetadata {
        project_id_version: "netsplit".into(),
        mime_version: "1.0".into(),
        content_type: "text/plain; charset=UTF-8".into(),
        content_transfer_encoding: "8bit".into(),
        ..CatalogMetadata::default()
    }
}

fn folder() -> PathBuf {
    folders::root().join(FOLDER)
}

fn template_file() -> PathBuf {
    folder().join("netsplit.pot")
}

fn po_files() -> Result<Vec<PathBuf>> {
    let files = site::files(&folder())?;
    Ok(files.into_iter().filter(|file| file.extension().is_some_and(|end| end == "po")).collect())
}

/// A file is called as its language: `de.po`.
fn language(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(file: &Path) -> Result<Catalog> {
    po_file::parse(file).with_context(|| format!("cannot read {}", file.display()))
}

/// A translation, unless it is marked as doubtful.
fn said(message: &dyn MessageView) -> Option<&str> {
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
                let Some(said) = said(message) else { continue };
                assert!(fits(message.msgid(), said), "{}: {} | {said}", language(&file), message.msgid());
                assert!(!said.contains(['\n', '\t']), "{}: {said} has to be one line", language(&file));
            }
        }
    }

    #[test]
    fn what_is_translated_stays_when_texts_change() {
        let of =
            |texts: &[&str]| texts.iter().map(|text| (text.to_string(), BTreeSet::from(["a.rs".into()]))).collect();
        let mut old = listed(&of(&["kept", "gone"]), None);
        for mut message in old.messages_mut() {
            message.set_msgstr("said".into()).unwrap();
        }
        let new = listed(&of(&["kept", "new"]), Some(&old));
        let all: Vec<_> = new.messages().map(|message| (message.msgid(), said(message))).collect();
        assert_eq!(all, [("kept", Some("said")), ("new", None)]);
    }

    #[test]
    fn the_pseudo_language_doubles_texts_and_keeps_names() {
        assert_eq!(pseudo("{n} events"), "[{n} events one two]");
        assert!(fits("{a}: {b}", &pseudo("{a}: {b}")));
    }
}
