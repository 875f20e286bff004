//! The courses in a site, with the list of lessons: `courses/en.txt`, and one file for each other language.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow, ensure};
use lessons::{Listing, Prospectus, read_syllabi};

use crate::{folders, languages, teaching};

/// What the folder is called in a site.
pub const FOLDER: &str = "courses";

/// The courses in the order in which they are shown: each has a file of its name in `lessons/courses`.
const COURSES: [&str; 3] = ["internet", "engineer", "protocols"];

/// Writes all of them into a site that has its lessons.
pub fn add(site: &Path) -> Result<()> {
    let english = english(site)?;
    let folder = site.join(FOLDER);
    fs::create_dir_all(&folder)?;
    let write = |language: &str, prospectus: &Prospectus| {
        let file = folder.join(format!("{language}.txt"));
        fs::write(&file, prospectus.to_string()).with_context(|| format!("cannot write {}", file.display()))
    };
    write("en", &english)?;
    write(languages::PSEUDO, &said(&english, languages::pseudo))?;
    // What nobody has translated yet is shown in English.
    languages::codes()?.iter().try_for_each(|language| write(language, &english))
}

fn english(site: &Path) -> Result<Prospectus> {
    let index = site.join(teaching::FOLDER).join("index.txt");
    let index = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let mut prospectus = Prospectus { lessons: index.lines().filter_map(Listing::read).collect(), courses: Vec::new() };
    for course in COURSES {
        let file = folders::root().join("lessons/courses").join(format!("{course}.md"));
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let courses = read_syllabi(&text).map_err(|mistakes| anyhow!("{}:{}", file.display(), mistakes[0]))?;
        for entry in courses.iter().flat_map(|course| course.entries()) {
            let is_known = entry.lesson().is_none_or(|lesson| prospectus.lesson(lesson).is_some());
            ensure!(is_known, "{}:{}:3: there is no such lesson", file.display(), entry.line);
        }
        prospectus.courses.extend(courses);
    }
    Ok(prospectus)
}

/// The same with all that is read said in another way.
fn said(english: &Prospectus, say: impl Fn(&str) -> String) -> Prospectus {
    let mut prospectus = english.clone();
    prospectus.lessons.iter_mut().for_each(|lesson| lesson.title = say(&lesson.title));
    for course in &mut prospectus.courses {
        course.passages(|passage| passage.text = say(&passage.text));
    }
    prospectus
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_the_courses_in_each_language() {
        let site = folders::scratch("courses-of-a-test");
        teaching::add(&site).unwrap();
        add(&site).unwrap();
        let read = |language: &str| {
            Prospectus::read(&fs::read_to_string(site.join(FOLDER).join(format!("{language}.txt"))).unwrap()).unwrap()
        };
        let english = read("en");
        assert_eq!(english.courses.iter().map(|course| course.id.as_str()).collect::<Vec<_>>(), COURSES);
        assert!(english.lesson("raft-two-leaders").is_some_and(|lesson| lesson.title == "Two leaders at once"));
        for language in ["de", "fa", languages::PSEUDO] {
            let lessons = |prospectus: &Prospectus| {
                prospectus.courses.iter().flat_map(|course| course.lessons().map(String::from)).collect::<Vec<_>>()
            };
            assert_eq!(lessons(&read(language)), lessons(&english), "{language}");
        }
        assert_eq!(read(languages::PSEUDO).courses[0].title.text, languages::pseudo("How internet systems work"));
    }
}
