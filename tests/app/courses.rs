//! The page of the courses, their cards on the start page, and the way from lesson to lesson, of the courses as they are written.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::syllabus::Subject;
use lessons::{Listing, Prospectus, read_lessons, read_syllabi};
use netsplit::courses::plan::{Progress, Stand};
use netsplit::courses::{next, page, strip};
use netsplit::lesson::go_on::Begun;
use netsplit::route::Route;
use netsplit::workbook::go_on;

use crate::{count, draw_part, near};

fn read(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The folders in a folder.
fn folders(parent: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    fs::read_dir(parent).into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| path.is_dir())
}

/// All courses, and the lessons of all labs.
fn prospectus() -> Prospectus {
    let chapters = folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/labs"));
    let labs = chapters.flat_map(|chapter| folders(&chapter.join("src")));
    let texts = labs.filter_map(|lab| fs::read_to_string(lab.join("lesson.md")).ok());
    let lessons: Vec<_> = texts.flat_map(|text| read_lessons(&text).unwrap()).collect();
    let courses = ["internet", "engineer", "protocols"];
    let courses = courses.iter().flat_map(|id| read_syllabi(&read(&format!("lessons/courses/{id}.md"))).unwrap());
    Prospectus { lessons: lessons.iter().map(Listing::from).collect(), courses: courses.collect() }
}

/// Lessons of which the visitor has seen so many steps; six steps are all of it.
fn progress(lessons: &[(&str, usize)]) -> Progress {
    let begun = |(id, step): &(&str, usize)| Begun {
        id: id.to_string(),
        step: *step,
        steps: 6,
        is_over: *step == 6,
        changed_ms: 0,
        title: id.to_string(),
    };
    Progress { begun: lessons.iter().map(begun).collect() }
}

/// The tag that a piece of HTML stands in.
fn tag<'a>(html: &'a str, piece: &str) -> &'a str {
    let place = html.find(piece).unwrap_or_else(|| panic!("there is no {piece} in {html}"));
    let (start, end) = (html[..place].rfind('<').unwrap_or(0), html[place..].find('>').unwrap_or(0));
    &html[start..place + end]
}

#[test]
fn the_page_has_every_course_with_each_lesson_and_what_is_coming() {
    let all = prospectus();
    let html = draw_part(page::draw(&all, None, &Progress::default()));
    for course in &all.courses {
        assert!(html.contains(&format!("data-testid=\"course-{}\"", course.id)), "{}", course.id);
        let alone = draw_part(page::draw(&all, Some(&course.id), &Progress::default()));
        assert_eq!(count(&alone, "<article"), 1);
        assert!(alone.contains(&format!("<h1>{}</h1>", course.title.text)));
        for entry in course.entries() {
            match &entry.subject {
                Subject::Lesson(id) => {
                    let lesson = all.lesson(id).unwrap();
                    let row = near(&alone, &format!("data-testid=\"lesson-{id}\""));
                    assert!(row.contains(&format!("href=\"#/lesson/{id}\"")), "{row}");
                    assert!(row.contains(&format!("{} min", lesson.minutes)), "{row}");
                    assert!(row.contains(&format!("href=\"#/lab/{}\"", lesson.lab)), "{row}");
                }
                Subject::Coming { title, .. } => {
                    let row = near(&alone, &format!("<bdi>{}</bdi></b>", title.text));
                    assert!(
                        row.starts_with(&format!("<bdi>{}</bdi></b> <span class=\"tag\">coming</span>", title.text)),
                        "{row}"
                    );
                }
            }
        }
        let links = course.lessons().count();
        assert_eq!(count(&alone, "data-testid=\"lesson-"), links, "what is coming leads nowhere");
    }
}

#[test]
fn a_course_that_there_is_not_shows_all() {
    let html = draw_part(page::draw(&prospectus(), Some("nonsense"), &Progress::default()));
    assert_eq!(count(&html, "<article"), 3);
}

#[test]
fn progress_says_what_is_done_and_where_to_go_on() {
    let all = prospectus();
    let order: Vec<&str> = all.course("internet").unwrap().lessons().collect();
    let html = draw_part(page::draw(&all, Some("internet"), &progress(&[(order[1], 2), (order[0], 6)])));
    assert!(near(&html, &format!("data-testid=\"lesson-{}\"", order[0])).contains(">done<"));
    assert!(near(&html, &format!("data-testid=\"lesson-{}\"", order[1])).contains(">step 2 of 6<"));
    assert_eq!(count(&html, "button primary"), 1);
    assert!(tag(&html, "button primary").contains(&format!("href=\"#/lesson/{}\"", order[1])));
    assert!(html.contains("1 done"), "how many are done stands at the top");
}

#[test]
fn a_card_leads_to_the_lesson_to_go_on_with() {
    let all = prospectus();
    let order: Vec<&str> = all.course("internet").unwrap().lessons().collect();
    let card = |progress: &Progress| draw_part(strip::draw(&all, progress, None));
    let fresh = card(&Progress::default());
    assert_eq!((count(&fresh, "<article"), count(&fresh, "button primary")), (3, 0));
    assert!(near(&fresh, "course-next").contains(&format!("href=\"#/lesson/{}\"", order[0])));
    let begun = card(&progress(&[(order[0], 2)]));
    assert!(near(&begun, "course-next").contains("step 2 of 6"), "{begun}");
    assert_eq!(count(&begun, "button primary"), 1, "it stands in three courses, and one goes on with it");
    let deep = draw_part(strip::draw(&all, &progress(&[("heartbeats-dead-or-slow", 2)]), Some("engineer")));
    assert!(
        deep.find("course-engineer") < deep.find("button primary")
            && deep.find("button primary") < deep.find("course-protocols")
    );
    assert!(tag(&begun, "button primary").contains(&format!("href=\"#/lesson/{}\"", order[0])));
    let done: Vec<(&str, usize)> = order.iter().map(|id| (*id, 6)).collect();
    assert!(
        near(&card(&progress(&done)), "course-next").contains("You have done all lessons that are written so far.")
    );
}

#[test]
fn a_lesson_is_followed_by_one_of_the_course_that_the_visitor_takes() {
    let all = prospectus();
    // It stands in all three, and is written for beginners.
    let shared = "heartbeats-dead-or-slow";
    let course =
        |chosen| next::next(&all, shared, &Progress::default(), chosen).map(|next| (next.course, next.lesson.id));
    for id in ["internet", "engineer", "protocols"] {
        let after = all.course(id).unwrap().after(shared).unwrap().to_string();
        assert_eq!(course(Some(id)), Some((id.to_string(), after)));
    }
    assert_eq!(course(None), course(Some("internet")));
    assert_eq!(course(Some("elsewhere")), course(Some("internet")));
    let follower = course(Some("engineer")).unwrap().1;
    let later = next::next(&all, shared, &progress(&[(&follower, 6)]), Some("engineer")).unwrap();
    assert_ne!(later.lesson.id, follower, "what is done is left out");
    assert_eq!(next::next(&all, "no-lesson", &Progress::default(), None), None);
    let last = all.course("internet").unwrap().lessons().last().unwrap();
    let everything = progress(&all.lessons.iter().map(|lesson| (lesson.id.as_str(), 6)).collect::<Vec<_>>());
    assert_eq!(next::next(&all, last, &everything, Some("internet")), None);
}

#[test]
fn a_lab_names_its_lessons() {
    let all = prospectus();
    let offers = next::of_lab(&all, "raft", &progress(&[("raft-two-leaders", 3)]));
    assert!(offers.len() > 1);
    assert_eq!(
        offers.iter().find(|offer| offer.id == "raft-two-leaders").map(|offer| offer.stand),
        Some(Stand::Begun { step: 3, steps: 6 })
    );
    let html = draw_part(next::draw_of_lab(&offers));
    assert!(near(&html, "href=\"#/lesson/raft-two-leaders\"").contains("20 min · step 3 of 6"), "{html}");
    assert_eq!(draw_part(next::draw_of_lab(&next::of_lab(&all, "no-lab", &Progress::default()))), "");
}

#[test]
fn the_start_page_goes_on_with_a_lesson() {
    let lessons = progress(&[("raft-two-leaders", 2), ("quorum-stale-read", 6)]).begun;
    let html = draw_part(go_on::draw(&[], &lessons, 5 * 60_000));
    assert!(html.contains("Lesson, step 2 of 6 · 5 minutes ago"), "{html}");
    assert!(near(&html, "go-on-last").contains("href=\"#/lesson/raft-two-leaders\""));
    assert!(!html.contains("quorum-stale-read"), "what is done is no way to go on");
}

#[test]
fn addresses_of_courses_are_read_as_they_are_written() {
    for (hash, route) in [
        ("#/courses", Route::Courses(None)),
        ("#/courses/", Route::Courses(None)),
        ("#/courses/internet", Route::Courses(Some("internet".into()))),
        ("#/courses/internet?lang=de", Route::Courses(Some("internet".into()))),
    ] {
        assert_eq!(Route::parse(hash), route, "{hash}");
    }
}
