//! The folder that a web server serves.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::inline::{self, Extent};
use crate::wasm::{self, Host, Profile};
use crate::{folders, languages, page};

/// Builds the app and gives back the folder with the whole site. In a release what is small stands in the page.
pub fn build(profile: Profile) -> Result<PathBuf> {
    let module = wasm::compile("netsplit", profile)?;
    let app = format!("netsplit-{}", wasm::fingerprint(&module)?);

    let draft = draft();
    clear(&draft)?;
    wasm::bind(&module, Host::Browser, profile, &app, &draft)?;
    if profile == Profile::Dist {
        wasm::optimise(&draft.join(format!("{app}_bg.wasm")))?;
    }
    let source = fs::read_to_string(folders::root().join("index.html")).context("cannot read index.html")?;
    let page = page::assemble(&source, &app)?;
    fs::write(draft.join("index.html"), &page)?;
    fs::write(draft.join(format!("{app}.start.js")), page::starter(&app))?;
    copy(&folders::root().join("static"), &draft.join("static"))?;
    languages::add(&draft)?;

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
