//! The courses in a site, with the list of lessons: `courses/en.txt`, and one file for each other language.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use lessons::{Listing, Prospectus, Syllabus, read_syllabi};

use crate::{folders, languages, teaching, translations};

/// What the folder is called in a site, and the courses among what is translated.
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
    write(languages::PSEUDO, &said(&english, |_, text| Some(languages::pseudo(text))))?;
    let translations = translations::translations()?;
    for language in languages::codes()? {
        let of = |lab: &str| translations.get(&(lab.to_string(), language.clone()));
        write(&language, &said(&english, |lab, text| of(lab)?.get(text).cloned()))?;
    }
    Ok(())
}

/// The files of the courses, in the order in which these are shown.
pub fn files() -> Result<Vec<(PathBuf, Syllabus)>> {
    let mut all = Vec::new();
    for course in COURSES {
        let file = folders::root().join("lessons/courses").join(format!("{course}.md"));
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let courses = read_syllabi(&text).map_err(|mistakes| anyhow!("{}:{}", file.display(), mistakes[0]))?;
        all.extend(courses.into_iter().map(|course| (file.clone(), course)));
    }
    Ok(all)
}

fn english(site: &Path) -> Result<Prospectus> {
    let index = site.join(teaching::FOLDER).join("index.txt");
    let index = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let mut prospectus = Prospectus { lessons: index.lines().filter_map(Listing::read).collect(), courses: Vec::new() };
    for (file, course) in files()? {
        for entry in course.entries() {
            let is_known = entry.lesson().is_none_or(|lesson| prospectus.lesson(lesson).is_some());
            ensure!(is_known, "{}:{}:3: there is no such lesson", file.display(), entry.line);
        }
        prospectus.courses.push(course);
    }
    Ok(prospectus)
}

/// The same with what is read said in another way: the title of a lesson as in its lab. What nobody has translated stays as it is.
fn said(english: &Prospectus, say: impl Fn(&str, &str) -> Option<String>) -> Prospectus {
    let mut prospectus = english.clone();
    for lesson in &mut prospectus.lessons {
        lesson.title = say(&lesson.lab, &lesson.title).unwrap_or_else(|| lesson.title.clone());
    }
    for course in &mut prospectus.courses {
        course.passages(|passage| {
            if let Some(said) = say(FOLDER, &passage.text) {
                passage.text = said;
            }
        });
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
        let title = |language: &str, id: &str| read(language).lesson(id).map(|lesson| lesson.title.clone());
        assert_eq!(title("de", "raft-two-leaders").as_deref(), Some("Zwei Leader zugleich"));
        assert_eq!(read("de").courses[0].title.text, "Wie Systeme im Internet arbeiten");
        assert_eq!(read(languages::PSEUDO).courses[0].title.text, languages::pseudo("How internet systems work"));
    }
}
