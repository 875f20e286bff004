//! The courses as they stand in `lessons/courses/`, beside the lessons of all labs.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use lessons::syllabus::{Entry, Subject};
use lessons::{Lesson, Syllabus, read_lessons, read_syllabi};

/// The texts that the courses cover, by their numbers, and how many chapters each has; none where chapters have no numbers, so that
/// such a text is covered as a whole.
const TEXTS: [(&str, u32); 5] = [("000", 27), ("001", 0), ("002", 0), ("003", 0), ("004", 0)];

/// How long a sentence about an entry may be: it is read in a list.
const MOST_LETTERS: usize = 200;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Every file below a folder that is called so, in a fixed order.
fn files(folder: &Path, is_meant: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut all: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    let each = |path: PathBuf| match path.is_dir() {
        true => files(&path, is_meant),
        false => Some(path).filter(|path| is_meant(path)).into_iter().collect(),
    };
    all.into_iter().flat_map(each).collect()
}

fn courses() -> Vec<Syllabus> {
    let read = |file: &PathBuf| {
        read_syllabi(&text(file)).unwrap_or_else(|mistakes| panic!("{}:{}", file.display(), mistakes[0]))
    };
    let is_course = |path: &Path| path.extension().is_some_and(|ending| ending == "md");
    files(&root().join("lessons/courses"), &is_course).iter().flat_map(read).collect()
}

fn lessons() -> Vec<Lesson> {
    // What a new lab begins with is in no course.
    let is_lesson = |path: &Path| path.ends_with("lesson.md") && !path.ends_with("template/lesson.md");
    let read = |file: &PathBuf| {
        read_lessons(&text(file)).unwrap_or_else(|mistakes| panic!("{}:{}", file.display(), mistakes[0]))
    };
    files(&root().join("crates/labs"), &is_lesson).iter().flat_map(read).collect()
}

fn coming(entry: &Entry) -> Option<(&str, &str)> {
    match &entry.subject {
        Subject::Coming { lab, title } => Some((lab, &title.text)),
        Subject::Lesson(_) => None,
    }
}

#[test]
fn there_are_three_courses_each_in_a_file_of_its_name() {
    let ids: Vec<String> = courses().into_iter().map(|course| course.id).collect();
    assert_eq!(ids, ["engineer", "internet", "protocols"]);
    for id in ids {
        assert!(root().join(format!("lessons/courses/{id}.md")).exists(), "{id}");
    }
}

#[test]
fn the_lessons_of_courses_are_written_and_each_written_one_is_in_a_course() {
    let written: BTreeSet<String> = lessons().into_iter().map(|lesson| lesson.id).collect();
    let courses = courses();
    let named: BTreeSet<String> = courses.iter().flat_map(Syllabus::lessons).map(String::from).collect();
    assert_eq!(named, written);
    for course in &courses {
        assert!(course.lessons().next().is_some(), "{} has nothing to begin with", course.id);
    }
}

/// Else a lesson would stay promised after it came.
#[test]
fn what_is_coming_is_not_written_and_is_called_the_same_everywhere() {
    let labs: BTreeSet<String> = lessons().into_iter().map(|lesson| lesson.lab).collect();
    let mut titles: BTreeMap<String, String> = BTreeMap::new();
    for course in courses() {
        for (lab, title) in course.entries().filter_map(coming) {
            assert!(!labs.contains(lab), "{}: {lab} has a lesson", course.id);
            let known = titles.entry(lab.to_string()).or_insert_with(|| title.to_string());
            assert_eq!(known, title, "{}: {lab}", course.id);
        }
    }
}

/// A course asks for nothing that it has not shown before, except where it is said that something is to be done first.
#[test]
fn what_a_lesson_needs_stands_before_it() {
    let needs: BTreeMap<String, Vec<String>> = lessons().into_iter().map(|lesson| (lesson.id, lesson.needs)).collect();
    for course in courses() {
        let order: Vec<&str> = course.lessons().collect();
        for (place, lesson) in order.iter().enumerate() {
            for need in &needs[*lesson] {
                let later = order[place..].contains(&need.as_str());
                assert!(!later, "{}: {lesson} needs {need}, which comes later", course.id);
            }
        }
    }
}

#[test]
fn every_chapter_is_covered() {
    let (mut chapters, mut whole) = (BTreeSet::new(), BTreeSet::new());
    for course in courses() {
        for covered in course.parts.iter().flat_map(|part| &part.covers) {
            let (_, count) = *TEXTS.iter().find(|(name, _)| *name == covered.text).expect("a text that there is");
            let last = covered.chapters.iter().max();
            assert!(last.is_none_or(|last| *last <= count), "{}: {} has {count} chapters", course.id, covered.text);
            whole.extend(covered.chapters.is_empty().then(|| covered.text.clone()));
            chapters.extend(covered.chapters.iter().map(|chapter| (covered.text.clone(), *chapter)));
        }
    }
    for (name, count) in TEXTS {
        let is_covered = |chapter: &u32| chapters.contains(&(name.to_string(), *chapter));
        let missing: Vec<u32> = (1..=count).filter(|chapter| !is_covered(chapter)).collect();
        assert!(missing.is_empty() && (count > 0 || whole.contains(name)), "no part covers {name}: {missing:?}");
    }
}

#[test]
fn sentences_about_entries_are_short() {
    for course in courses() {
        for entry in course.entries() {
            let letters = entry.why.text.chars().count();
            assert!(letters <= MOST_LETTERS, "{}:{}: {letters} letters", course.id, entry.line);
        }
    }
}
