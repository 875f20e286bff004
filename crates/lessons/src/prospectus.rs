//! All courses with all lessons, as a site has them: first the list of lessons, a line each, then the courses.

use std::fmt::{self, Display};

use crate::index::Listing;
use crate::syllabus::{Syllabus, read_syllabi};

/// All courses, and the lessons that they are made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prospectus {
    pub lessons: Vec<Listing>,
    /// In the order in which they are shown.
    pub courses: Vec<Syllabus>,
}

impl Prospectus {
    /// Reads what [`Prospectus`] writes; none where that is damaged.
    pub fn read(text: &str) -> Option<Prospectus> {
        let (lessons, courses) = text.split_at(text.find("---\n")?);
        Some(Prospectus {
            lessons: lessons.lines().map(Listing::read).collect::<Option<_>>()?,
            courses: read_syllabi(courses).ok()?,
        })
    }

    /// The lesson of this name.
    pub fn lesson(&self, id: &str) -> Option<&Listing> {
        self.lessons.iter().find(|lesson| lesson.id == id)
    }

    /// The course of this name.
    pub fn course(&self, id: &str) -> Option<&Syllabus> {
        self.courses.iter().find(|course| course.id == id)
    }
}

impl Display for Prospectus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lessons.iter().try_for_each(|lesson| writeln!(formatter, "{lesson}"))?;
        self.courses.iter().try_for_each(|course| write!(formatter, "{course}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "ping-pong\tping\t10\tbeginner\ten\t3\tPing, pong\n---\ncourse: a\ntitle: A\nfor: you\n---\n## B\n\n\
        - lesson:ping-pong: C.\n\n";

    #[test]
    fn what_is_written_is_read_again() {
        let prospectus = Prospectus::read(TEXT).unwrap();
        assert_eq!(prospectus.to_string(), TEXT);
        assert_eq!(prospectus.lesson("ping-pong").map(|lesson| lesson.minutes), Some(10));
        assert_eq!(prospectus.course("a").map(|course| course.title.text.as_str()), Some("A"));
        assert_eq!((prospectus.lesson("a"), prospectus.course("ping-pong")), (None, None));
    }

    #[test]
    fn what_is_damaged_is_none() {
        for text in ["", "ping-pong\tping\n", &TEXT.replace("\t10", "\tten"), &TEXT.replace("## B", "B")] {
            assert_eq!(Prospectus::read(text), None, "{text}");
        }
    }
}
