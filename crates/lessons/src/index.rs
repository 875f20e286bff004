//! The list of all lessons, as a site has it: a line a lesson, in columns with tabs between them.

use std::fmt::{self, Display};

use crate::lesson::{Lesson, Level};

/// What the list says of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name in addresses: `raft-two-leaders`.
    pub id: String,
    /// The lab that it plays in.
    pub lab: String,
    pub minutes: u32,
    pub level: Level,
    /// The language that it was first written in.
    pub language: String,
    /// How many steps it has.
    pub steps: usize,
    pub title: String,
}

impl Listing {
    /// Reads a line of the list.
    pub fn read(line: &str) -> Option<Listing> {
        let columns: Vec<&str> = line.splitn(7, '\t').collect();
        let [id, lab, minutes, level, language, steps, title] = columns.as_slice() else { return None };
        let (_, level) = Level::ALL.into_iter().find(|(name, _)| name == level)?;
        Some(Listing {
            id: id.to_string(),
            lab: lab.to_string(),
            minutes: minutes.parse().ok()?,
            level,
            language: language.to_string(),
            steps: steps.parse().ok()?,
            title: title.to_string(),
        })
    }
}

impl From<&Lesson> for Listing {
    fn from(lesson: &Lesson) -> Listing {
        Listing {
            id: lesson.id.clone(),
            lab: lesson.lab.clone(),
            minutes: lesson.minutes,
            level: lesson.level,
            language: lesson.language.clone(),
            steps: lesson.steps.len(),
            title: lesson.title.clone(),
        }
    }
}

impl Display for Listing {
    /// The line that [`Listing::read`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Listing { id, lab, minutes, level, language, steps, title } = self;
        let level = Level::ALL.iter().find(|(_, known)| known == level).map_or("", |(name, _)| name);
        write!(formatter, "{id}\t{lab}\t{minutes}\t{level}\t{language}\t{steps}\t{title}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let line = "raft-two-leaders\traft\t20\tengineer\ten\t6\tTwo leaders at once";
        let listing = Listing::read(line).unwrap();
        assert_eq!(
            (listing.minutes, listing.level, listing.title.as_str()),
            (20, Level::Engineer, "Two leaders at once")
        );
        assert_eq!(listing.to_string(), line);
    }

    #[test]
    fn a_line_that_is_no_lesson_is_none() {
        for line in [
            "",
            "a\tb",
            "a\traft\tlong\tengineer\ten\t6\tA",
            "a\traft\t20\texpert\ten\t6\tA",
            "a\traft\t20\tengineer\ten\t-1\tA",
        ] {
            assert_eq!(Listing::read(line), None, "{line}");
        }
    }
}
