//! How far the visitor is in a course.

use lessons::syllabus::Part;
use lessons::{Level, Listing, Prospectus, Syllabus};
use sim::{Text, t};

use crate::lesson::go_on::{Begun, begun};

/// The lessons that the visitor has begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub begun: Vec<Begun>,
}

/// How far the visitor is in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    New,
    /// At a step, of so many.
    Begun {
        step: usize,
        steps: usize,
    },
    Done,
}

/// How far the visitor is in a part of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartStand {
    /// Each lesson that is written is done.
    Done,
    /// The lesson to go on with is here.
    Here,
    /// There is something to do.
    Open,
    /// Nothing is written yet.
    Coming,
}

/// The lesson to go on with in a course.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place<'a> {
    /// The part, counted from 1.
    pub number: usize,
    pub part: &'a Part,
    pub lesson: &'a Listing,
    pub stand: Stand,
}

/// What a course is made of, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    pub lessons: usize,
    pub minutes: u32,
    /// How many of the lessons are done.
    pub done: usize,
    /// How many more are coming.
    pub coming: usize,
}

impl Progress {
    /// As it is kept in this browser.
    pub fn present() -> Progress {
        Progress { begun: begun() }
    }

    pub fn stand(&self, lesson: &str) -> Stand {
        match self.begun.iter().find(|begun| begun.id == lesson) {
            Some(begun) if begun.is_over => Stand::Done,
            Some(begun) => Stand::Begun { step: begun.step, steps: begun.steps },
            None => Stand::New,
        }
    }

    /// The lesson to go on with: one that is begun, or else the first that is not done.
    pub fn place<'a>(&self, all: &'a Prospectus, course: &'a Syllabus) -> Option<Place<'a>> {
        let places = || {
            course.parts.iter().zip(1..).flat_map(move |(part, number)| {
                let lessons = part.entries.iter().filter_map(|entry| all.lesson(entry.lesson()?));
                lessons.map(move |lesson| Place { number, part, lesson, stand: self.stand(&lesson.id) })
            })
        };
        // What was shown last stands first.
        let is_under_way = |begun: &&Begun| !begun.is_over;
        let mut under_way = self.begun.iter().filter(is_under_way);
        under_way
            .find_map(|begun| places().find(|place| place.lesson.id == begun.id))
            .or_else(|| places().find(|place| place.stand != Stand::Done))
    }

    pub fn part_stand(&self, part: &Part, here: Option<Place<'_>>) -> PartStand {
        let mut lessons = part.entries.iter().filter_map(|entry| entry.lesson()).peekable();
        if lessons.peek().is_none() {
            PartStand::Coming
        } else if here.is_some_and(|place| std::ptr::eq(place.part, part)) {
            PartStand::Here
        } else if lessons.all(|lesson| self.stand(lesson) == Stand::Done) {
            PartStand::Done
        } else {
            PartStand::Open
        }
    }

    pub fn extent(&self, all: &Prospectus, course: &Syllabus) -> Extent {
        let mut extent = Extent::default();
        for entry in course.entries() {
            match entry.lesson().and_then(|lesson| all.lesson(lesson)) {
                Some(lesson) => {
                    extent.lessons += 1;
                    extent.minutes += lesson.minutes;
                    extent.done += usize::from(self.stand(&lesson.id) == Stand::Done);
                }
                None => extent.coming += 1,
            }
        }
        extent
    }
}

impl Stand {
    /// What to do with a lesson that stands so.
    pub fn deed(self) -> Text {
        match self {
            Stand::New => t!("Start"),
            Stand::Begun { .. } => t!("Continue"),
            Stand::Done => t!("Again"),
        }
    }
}

impl Extent {
    /// "6 lessons · 105 min · 21 coming"
    pub fn text(self) -> Text {
        let lessons = match self.lessons {
            1 => t!("1 lesson"),
            count => t!("{count} lessons", count = count),
        };
        let text = t!("{lessons} · {time}", lessons = lessons, time = minutes(self.minutes));
        let text = match self.done {
            0 => text,
            done => t!("{lessons} · {count} done", lessons = text, count = done),
        };
        match self.coming {
            0 => text,
            count => t!("{lessons} · {count} coming", lessons = text, count = count),
        }
    }
}

/// How long something takes.
pub fn minutes(count: u32) -> Text {
    t!("{count} min", count = count)
}

/// For whom a lesson is.
pub fn level(level: Level) -> Text {
    match level {
        Level::Beginner => t!("for beginners"),
        Level::Engineer => t!("for engineers"),
        Level::Protocols => t!("about protocols"),
    }
}

/// For whom a course is.
pub fn audience(course: &Syllabus) -> Text {
    t!("For {audience}", audience = course.audience.text.clone())
}
