//! A file of lessons that somebody has brought, read where it is opened: a part of its own, with the reader.

use std::rc::Rc;

use lessons::read_lessons;
use sim::{Text, t};

use super::shelf;
use crate::part;

/// What reads files of lessons.
#[derive(Debug)]
pub struct Reader {
    /// Takes in the lessons of a file, and returns the name of the first one.
    pub take: fn(&str) -> Result<String, Text>,
}

part!(reader: Reader = Reader { take });

/// Takes in all lessons of a file, and returns the name of the first one; what is wrong with it first, with line and column.
fn take(text: &str) -> Result<String, Text> {
    let lessons = read_lessons(text).map_err(|mistakes| match mistakes.first() {
        Some(mistake) => Text::verbatim(mistake.to_string()),
        None => t!("it is damaged"),
    })?;
    let first = lessons.first().map(|lesson| lesson.id.clone()).ok_or_else(|| t!("it is damaged"))?;
    for lesson in lessons {
        shelf::keep(&lesson.id.clone(), Ok(Rc::new(lesson)));
    }
    Ok(first)
}
