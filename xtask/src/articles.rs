//! The articles of labs in a site: `articles/raft.txt` and so on.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lessons::article::Manuscript;

use crate::{folders, site};

/// What the folder is called in a site.
pub const FOLDER: &str = "articles";

/// What a lab's folder calls its articles.
pub const NOTES: &str = "notes.md";

/// Where the folders of the workspace can be read on the web.
const SOURCE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/");

/// Writes all of them into a site. Returns the labs that have one.
pub fn add(site: &Path) -> Result<Vec<String>> {
    let folder = site.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let mut labs: Vec<String> = Vec::new();
    for file in files(NOTES)? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let text = resolved(&text, &file);
        let wrong = |mistake: &lessons::Mistake| anyhow!("{}:{mistake}", file.display());
        for manuscript in Manuscript::all(&text).map_err(|mistake| wrong(&mistake))? {
            if labs.iter().any(|lab| lab == manuscript.lab) {
                bail!("{}: the lab {} has an article already", file.display(), manuscript.lab);
            }
            let article = manuscript.read().map_err(|mistakes| wrong(&mistakes[0]))?;
            site::add_writing(&folder, manuscript.lab, &article)?;
            labs.push(manuscript.lab.to_string());
        }
    }
    labs.sort();
    Ok(labs)
}

/// What stands in this file, with the address of the lab's README, since a site does not know where the sources are.
pub fn resolved(text: &str, file: &Path) -> String {
    let readme = folders::name(&file.with_file_name("README.md"));
    text.replace("](readme:)", &format!("]({SOURCE}{readme})"))
}

/// The files of this name in the folders of labs, in a fixed order.
pub fn files(name: &str) -> Result<Vec<PathBuf>> {
    let chapters = subfolders(&folders::root().join("crates/labs"))?;
    let mut files = Vec::new();
    for chapter in chapters {
        let source = chapter.join("src");
        let labs = if source.is_dir() { subfolders(&source)? } else { Vec::new() };
        files.extend(labs.into_iter().map(|lab| lab.join(name)).filter(|file| file.is_file()));
    }
    Ok(files)
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let mut folders: Vec<PathBuf> = paths.into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    Ok(folders)
}

#[cfg(test)]
mod tests {
    use lessons::Article;
    use lessons::prose::Target;

    use super::*;

    #[test]
    fn a_site_has_the_articles_of_all_labs() {
        let site = folders::scratch("articles-of-a-test");
        for lab in add(&site).unwrap() {
            let file = fs::read(site.join(FOLDER).join(format!("{lab}.txt"))).unwrap();
            let article: Article = postcard::from_bytes(&file).unwrap();
            assert_eq!(article.lab, lab);
            assert!(!article.prose.targets().contains(&Target::Readme), "{lab}");
        }
    }
}
