//! A lesson as a package for learning platforms, by SCORM 1.2: the app as one file, a page that reports to the platform, the text of
//! the lesson, and the manifest that names them.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lessons::{Lesson, read_lessons};
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::articles;
use crate::process::announce;
use crate::{folders, inline, release};

const PAGE: &str = include_str!("index.html");
const SCRIPT: &str = include_str!("scorm.js");
const MANIFEST: &str = include_str!("imsmanifest.xml");

/// A file of a package.
type Entry = (&'static str, Vec<u8>);

/// Builds the app and packs a lesson of this name with it.
pub fn pack(id: &str) -> Result<()> {
    // A name that is wrong is said before the app is built.
    let (lesson, text) = find(id)?;
    let folder = release::build(release::ADDRESS, true)?;
    let app = fs::read(folder.join(inline::SINGLE)).context("cannot read the app as one file")?;
    let package = folder.join(format!("{id}.scorm.zip"));
    let mut zip = ZipWriter::new(File::create(&package)?);
    for (name, content) in entries(&lesson, &text, app) {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&content)?;
    }
    zip.finish()?;
    announce(&format!("{}: {} KB", package.display(), fs::metadata(&package)?.len() / 1024));
    Ok(())
}

/// The same as a folder, for the tests in a browser.
pub fn unpacked(id: &str, release: &Path) -> Result<PathBuf> {
    let (lesson, text) = find(id)?;
    let folder = folders::scratch("scorm");
    fs::create_dir_all(&folder)?;
    for (name, content) in entries(&lesson, &text, fs::read(release.join(inline::SINGLE))?) {
        fs::write(folder.join(name), content)?;
    }
    Ok(folder)
}

/// A lesson of this name, and the file that it stands in.
fn find(id: &str) -> Result<(Lesson, String)> {
    let mut known = Vec::new();
    for file in articles::files("lesson.md")? {
        let text = fs::read_to_string(&file)?;
        let lessons = read_lessons(&text).map_err(|mistakes| anyhow!("{}:{}", file.display(), mistakes[0]))?;
        if let Some(lesson) = lessons.iter().find(|lesson| lesson.id == id) {
            return Ok((lesson.clone(), text));
        }
        known.extend(lessons.into_iter().map(|lesson| lesson.id));
    }
    bail!("there is no lesson {id}; there are: {}", known.join(", "))
}

fn entries(lesson: &Lesson, text: &str, app: Vec<u8>) -> Vec<Entry> {
    let fill = |template: &str| {
        template
            .replace("{lesson}", &escape(&lesson.id))
            .replace("{digest}", &escape(&lesson.digest))
            .replace("{title}", &escape(&lesson.title))
            .into_bytes()
    };
    vec![
        // Platforms look for it first.
        ("imsmanifest.xml", fill(MANIFEST)),
        ("index.html", fill(PAGE)),
        ("scorm.js", SCRIPT.into()),
        (inline::SINGLE, app),
        ("lesson.md", text.into()),
    ]
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use roxmltree::{Document, Node};

    use super::*;

    const PACKAGING: &str = "http://www.imsproject.org/xsd/imscp_rootv1p1p2";
    const ADL: &str = "http://www.adlnet.org/xsd/adlcp_rootv1p2";

    fn child<'a>(node: Node<'a, 'a>, name: &str) -> Node<'a, 'a> {
        let found = node.children().find(|child| child.has_tag_name((PACKAGING, name)));
        found.unwrap_or_else(|| panic!("there is no {name}"))
    }

    /// SCORM 1.2, Content Aggregation Model, section 2.3: what a manifest has to have.
    #[test]
    fn the_manifest_names_one_item_and_all_files() {
        let (lesson, text) = find("raft-two-leaders").unwrap();
        let entries = entries(&lesson, &text, Vec::new());
        let manifest = String::from_utf8(entries[0].1.clone()).unwrap();
        let document = Document::parse(&manifest).unwrap();
        let root = document.root_element();
        assert!(root.has_tag_name((PACKAGING, "manifest")) && root.attribute("identifier").is_some());
        let order: Vec<&str> = root.children().filter(Node::is_element).map(|node| node.tag_name().name()).collect();
        assert_eq!(order, ["metadata", "organizations", "resources"]);
        let metadata = child(root, "metadata");
        assert_eq!(child(metadata, "schema").text(), Some("ADL SCORM"));
        assert_eq!(child(metadata, "schemaversion").text(), Some("1.2"));
        let organizations = child(root, "organizations");
        let organization = child(organizations, "organization");
        assert_eq!(organizations.attribute("default"), organization.attribute("identifier"));
        assert_eq!(child(organization, "title").text(), Some(lesson.title.as_str()));
        let resource = child(child(root, "resources"), "resource");
        assert_eq!(child(organization, "item").attribute("identifierref"), resource.attribute("identifier"));
        assert_eq!(
            (resource.attribute("type"), resource.attribute((ADL, "scormtype"))),
            (Some("webcontent"), Some("sco"))
        );
        assert_eq!(resource.attribute("href"), Some("index.html"));
        // All files of the package but the manifest itself, each once.
        let files = resource.children().filter(|node| node.has_tag_name((PACKAGING, "file")));
        let mut files: Vec<&str> = files.filter_map(|file| file.attribute("href")).collect();
        let mut packed: Vec<&str> = entries[1..].iter().map(|(name, _)| *name).collect();
        files.sort_unstable();
        packed.sort_unstable();
        assert_eq!(files, packed);
    }

    #[test]
    fn a_title_is_written_as_text() {
        let (lesson, text) = find("raft-two-leaders").unwrap();
        let lesson = Lesson { title: "A < B & \"C\"".into(), ..lesson };
        for (name, content) in entries(&lesson, &text, Vec::new()).into_iter().take(2) {
            let content = String::from_utf8(content).unwrap();
            assert!(content.contains("A &lt; B &amp; &quot;C&quot;") && !content.contains("{title}"), "{name}");
        }
    }

    #[test]
    fn a_lesson_that_there_is_not_is_said_with_those_there_are() {
        let said = find("no-such").unwrap_err().to_string();
        assert!(said.contains("no-such") && said.contains("raft-two-leaders"), "{said}");
    }
}
