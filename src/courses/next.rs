//! What to go on with: the lesson that follows in a course, and the lessons of a lab.

use lessons::{Level, Listing, Prospectus, Syllabus};
use sim::t;
use yew::prelude::*;

use super::plan::{Progress, Stand, minutes};
use super::{address, choose};
use crate::words::say;

/// A lesson, as one that is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub id: String,
    pub title: AttrValue,
    pub minutes: u32,
    pub stand: Stand,
}

/// The lesson that follows in a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub lesson: Offer,
    /// The course, by its name in addresses, and what it is called.
    pub course: String,
    pub course_title: AttrValue,
}

impl Offer {
    fn of(lesson: &Listing, progress: &Progress) -> Offer {
        Offer {
            id: lesson.id.clone(),
            title: lesson.title.clone().into(),
            minutes: lesson.minutes,
            stand: progress.stand(&lesson.id),
        }
    }
}

/// The lesson that follows another one, and is not done: in the chosen course where that has it, else in the one whose readers the lesson
/// was written for, else in any.
pub fn next(all: &Prospectus, lesson: &str, progress: &Progress, chosen: Option<&str>) -> Option<Next> {
    let level = all.lesson(lesson)?.level;
    let mut courses: Vec<&Syllabus> =
        all.courses.iter().filter(|course| course.lessons().any(|id| id == lesson)).collect();
    courses.sort_by_key(|course| (Some(course.id.as_str()) != chosen, course.id != course_of(level)));
    courses.into_iter().find_map(|course| {
        let after = course.lessons().skip_while(|id| *id != lesson).skip(1);
        let open = after.filter(|id| progress.stand(id) != Stand::Done).find_map(|id| all.lesson(id))?;
        Some(Next {
            lesson: Offer::of(open, progress),
            course: course.id.clone(),
            course_title: course.title.text.clone().into(),
        })
    })
}

/// The course for readers of a level.
fn course_of(level: Level) -> &'static str {
    match level {
        Level::Beginner => "internet",
        Level::Engineer => "engineer",
        Level::Protocols => "protocols",
    }
}

/// The lessons of a lab, easy ones first.
pub fn of_lab(all: &Prospectus, lab: &str, progress: &Progress) -> Vec<Offer> {
    let mut lessons: Vec<&Listing> = all.lessons.iter().filter(|lesson| lesson.lab == lab).collect();
    lessons.sort_by_key(|lesson| Level::ALL.iter().position(|(_, level)| *level == lesson.level));
    lessons.into_iter().map(|lesson| Offer::of(lesson, progress)).collect()
}

/// The lessons of a lab, each with its minutes and how far the visitor is in it.
pub fn draw_of_lab(lessons: &[Offer]) -> Html {
    if lessons.is_empty() {
        return Html::default();
    }
    let detail = |lesson: &Offer| {
        let time = minutes(lesson.minutes);
        match lesson.stand {
            Stand::New => time,
            Stand::Begun { step, steps } => {
                t!("{time} · step {step} of {count}", time = time, step = step, count = steps)
            }
            Stand::Done => t!("{time} · done", time = time),
        }
    };
    let link = |lesson: &Offer| {
        html! {
            <li>
                <a data-testid={format!("lesson-{}", lesson.id)} href={address(&lesson.id)}><bdi>{ &lesson.title }</bdi></a>
                { " " }<span>{ say(detail(lesson)) }</span>
            </li>
        }
    };
    html! {
        <div class="lab-lessons" data-testid="lab-lessons">
            <h2 class="eyebrow">{ say(if lessons.len() == 1 { t!("Lesson") } else { t!("Lessons") }) }</h2>
            <ul>{ for lessons.iter().map(link) }</ul>
        </div>
    }
}

/// The way on from the end of a lesson.
pub fn draw(next: &Next) -> Html {
    html! {
        <p class="next-lesson" data-testid="next-lesson" onclick={choose}>
            <small>{ say(t!("Next in the course {course}", course = next.course_title.to_string())) }</small>
            <a class="button primary" data-course={next.course.clone()} href={address(&next.lesson.id)}>
                <bdi>{ &next.lesson.title }</bdi>{ " · " }{ say(minutes(next.lesson.minutes)) }
            </a>
        </p>
    }
}
