//! What a search finds among lessons and courses.

use lessons::{Listing, Prospectus, Syllabus};
use sim::t;
use yew::prelude::*;

use super::{plan, shelf};
use crate::route::Route;
use crate::words::say;

/// A lesson or a course that a search has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub route: Route,
    pub title: AttrValue,
    /// What it is.
    pub detail: AttrValue,
}

/// What has all words of a wish in its title, or in the name of its lab of which the title has at least one word.
pub fn find(wish: &str) -> Vec<Found> {
    shelf::prospectus().map(|all| find_in(&all, wish)).unwrap_or_default()
}

fn find_in(all: &Prospectus, wish: &str) -> Vec<Found> {
    let wish = wish.to_lowercase();
    let words: Vec<&str> = wish.split_whitespace().collect();
    let has_all = |text: &str| !words.is_empty() && words.iter().all(|word| text.contains(word));
    let lab = |lesson: &Listing| labs::registry::about(&lesson.lab).map(|about| say(about.title)).unwrap_or_default();
    let lessons =
        all.lessons.iter().filter(|lesson| has_all(&format!("{} {}", lesson.title, lab(lesson)).to_lowercase()));
    let of_lesson = |lesson: &Listing| Found {
        route: Route::Lesson { id: lesson.id.clone(), step: None },
        title: lesson.title.clone().into(),
        detail: say(t!("lesson of {lab}, {time}", lab = lab(lesson).to_string(), time = plan::minutes(lesson.minutes))),
    };
    let courses = all.courses.iter().filter(|course| has_all(&course.title.text.to_lowercase()));
    let of_course = |course: &Syllabus| Found {
        route: Route::Courses(Some(course.id.clone())),
        title: course.title.text.clone().into(),
        detail: say(t!("course")),
    };
    lessons.map(of_lesson).chain(courses.map(of_course)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_are_found_by_their_titles_and_labs_and_courses_by_theirs() {
        let all = Prospectus::read(
            "b\traft\t20\tengineer\ten\t6\tTwo leaders\na\tswim\t10\tbeginner\ten\t3\tWho is here?\n---\ncourse: x\ntitle: How it works\n\
             for: you\n---\n## P\n\n- lesson:a: C.\n",
        );
        let all = all.unwrap();
        let found = |wish| find_in(&all, wish).into_iter().map(|found| found.route.hash()).collect::<Vec<_>>();
        assert_eq!(found("TWO  leaders"), ["#/lesson/b"]);
        assert_eq!(found("raft"), ["#/lesson/b"]);
        assert_eq!(found("works"), ["#/courses/x"]);
        assert!(found("zzz").is_empty() && found(" ").is_empty());
    }
}
