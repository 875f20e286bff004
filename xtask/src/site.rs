//! The folder that a web server serves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::inline::{self, Extent};
use crate::process::{self, announce};
use crate::split::{self, Parts};
use crate::wasm::{self, Host, Profile};
use crate::{articles, courses, folders, languages, native, page, styles, teaching, translations, words};

/// Builds the app and gives back the folder with the whole site. In a release what is small stands in the page.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let is_release = profile == Profile::Dist;
    let module = wasm::compile("netsplit", profile, if is_release { &["lazy"] } else { &[] })?;
    let looks = folders::root().join("static");
    let app = format!("netsplit-{}", wasm::fingerprint([vec![module.clone()], files(&looks)?].concat())?);
    let cut = is_release.then(|| split::cut(&module)).transpose()?;

    let draft = draft();
    clear(&draft)?;
    wasm::bind(cut.as_ref().map_or(&module, |cut| &cut.main), Host::Browser, profile, &app, &draft)?;
    let mut source = fs::read_to_string(folders::root().join("index.html")).context("cannot read index.html")?;
    let mut parts = Parts::default();
    if let Some(cut) = &cut {
        parts = cut.add(&app, &draft)?;
        source = styles::add(&source, &app, &draft, &mut parts)?;
    }
    let articles = articles::add(&draft)?;
    let page = page::assemble(&source, &app, &parts, &languages::translated_labs()?, &articles)?;
    fs::write(draft.join("index.html"), &page)?;
    fs::write(draft.join(format!("{app}.start.js")), page::starter(&app))?;
    copy(&looks, &draft.join("static"))?;
    languages::add(&draft)?;
    words::add(&draft)?;
    teaching::add(&draft)?;
    translations::add(&draft)?;
    courses::add(&draft)?;
    if is_release {
        announce("drawing the cards of the start page");
        process::run(process::command(native::program("cards")?).arg(&draft))?;
    }

    let site = folder(profile);
    clear(&site)?;
    copy(&draft, &site)?;
    let page = match profile {
        Profile::Dev => page::with_policy(&page, page::POLICY)?,
        Profile::Dist => {
            fs::remove_file(site.join(format!("{app}.start.js")))?;
            inline::build(&draft, Extent::Small)?
        }
    };
    fs::write(site.join("index.html"), page)?;
    Ok(site)
}

/// What the start page shows of labs, in each language: the folder of a release that `examples/cards.rs` writes.
pub const CARDS: &str = "cards";

/// Where a site is put together, every file by itself.
pub fn draft() -> PathBuf {
    folders::scratch("draft")
}

/// dist/ holds a release and nothing else, so that nobody uploads a development build.
pub fn folder(profile: Profile) -> PathBuf {
    match profile {
        Profile::Dev => folders::scratch("site"),
        Profile::Dist => folders::dist(),
    }
}

/// Writes what was read into a folder of a site, as the page unpacks it. Its name ends as that of a text, which hosts pack on the way.
pub fn add_writing(folder: &Path, name: &str, writing: &impl Serialize) -> Result<()> {
    let file = folder.join(format!("{name}.txt"));
    fs::write(&file, postcard::to_stdvec(writing)?).with_context(|| format!("cannot write {}", file.display()))
}

/// Every file below a folder, in a fixed order.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a file of a site is called in its addresses.
pub fn name(file: &Path, site: &Path) -> Result<String> {
    Ok(file.strip_prefix(site)?.to_string_lossy().replace('\\', "/"))
}

/// The names of the files that stand in a folder itself, in a fixed order.
pub fn names(folder: &Path) -> Result<Vec<String>> {
    let files = files(folder)?;
    let names = files.iter().filter_map(|file| file.strip_prefix(folder).ok()?.to_str());
    Ok(names.filter(|name| !name.contains(['/', '\\'])).map(str::to_string).collect())
}

fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in files(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &copy).with_context(|| format!("cannot write {}", copy.display()))?;
    }
    Ok(())
}
