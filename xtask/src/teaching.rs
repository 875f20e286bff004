//! The lessons in a site: `lessons/raft-two-leaders.txt` and so on, as the page takes them, and a list of them, `lessons/index.txt`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use lessons::{Listing, read_lessons};

use crate::{articles, folders, site};

/// What the folder is called in a site.
pub const FOLDER: &str = "lessons";

/// What a lab's folder calls its lessons.
pub const LESSONS: &str = "lesson.md";

/// Writes all of them into a site.
pub fn add(site: &Path) -> Result<()> {
    let folder = site.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let mut index: Vec<Listing> = Vec::new();
    for file in articles::files(LESSONS)? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let lessons = read_lessons(&text).map_err(|mistakes| anyhow!("{}:{}", file.display(), mistakes[0]))?;
        for lesson in &lessons {
            if index.iter().any(|other| other.id == lesson.id) {
                bail!("{}: there is another lesson {}", file.display(), lesson.id);
            }
            site::add_writing(&folder, &lesson.id, lesson)?;
            index.push(lesson.into());
        }
    }
    fs::copy(folders::root().join("lessons/misconceptions.md"), folder.join("misconceptions.txt"))?;
    index.sort_by(|one, other| one.id.cmp(&other.id));
    let index: String = index.iter().map(|listing| format!("{listing}\n")).collect();
    Ok(fs::write(folder.join("index.txt"), index)?)
}

#[cfg(test)]
mod tests {
    use lessons::Lesson;

    use super::*;

    #[test]
    fn a_site_has_each_lesson_as_it_is_read() {
        let site = folders::scratch("lessons-of-a-test");
        add(&site).unwrap();
        let read = |name: &str| fs::read(site.join(FOLDER).join(format!("{name}.txt"))).unwrap();
        let index = String::from_utf8(read("index")).unwrap();
        let listings: Vec<Listing> = index.lines().map(|line| Listing::read(line).unwrap()).collect();
        assert!(listings.iter().any(|listing| listing.id == "raft-figure-8"));
        let whole = fs::read_to_string(folders::root().join("crates/labs/agreement/src/raft").join(LESSONS)).unwrap();
        let whole = read_lessons(&whole).unwrap();
        for listing in &listings {
            let lesson: Lesson = postcard::from_bytes(&read(&listing.id)).unwrap();
            assert_eq!(Listing::from(&lesson), *listing);
            // Who has answered one is known by the digest of its text, which stands in the sources too.
            for same in whole.iter().filter(|lesson| lesson.id == listing.id) {
                assert_eq!(same.digest, lesson.digest);
            }
        }
    }
}
