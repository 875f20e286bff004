//! The lessons that the visitor has begun, for who shows the way back to them. It needs nothing that plays lessons.

use crate::dom;
use crate::workbook::shelf::{Browser, Shelf};

const NAME: &str = "netsplit.lessons";

/// How many are kept.
const MOST: usize = 30;

/// A lesson that the visitor has begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    pub id: String,
    /// The step that was shown last, and how many there are.
    pub step: usize,
    pub steps: usize,
    /// Whether it was gone through to its end.
    pub is_over: bool,
    /// When something in it was shown last, in milliseconds since 1970.
    pub changed_ms: u64,
    pub title: String,
}

impl Begun {
    fn write(&self) -> String {
        let Begun { id, step, steps, is_over, changed_ms, title } = self;
        format!("{id}\t{step}\t{steps}\t{}\t{changed_ms}\t{title}", u8::from(*is_over))
    }

    fn read(line: &str) -> Option<Begun> {
        let mut columns = line.splitn(6, '\t');
        Some(Begun {
            id: columns.next()?.to_string(),
            step: columns.next()?.parse().ok()?,
            steps: columns.next()?.parse().ok()?,
            is_over: columns.next()? == "1",
            changed_ms: columns.next()?.parse().ok()?,
            title: columns.next()?.to_string(),
        })
    }
}

/// All of them, the one that was shown last first.
pub fn begun() -> Vec<Begun> {
    Browser.get(NAME).unwrap_or_default().lines().filter_map(Begun::read).collect()
}

/// Notes where the visitor is in a lesson.
pub fn note(id: &str, title: &str, step: usize, steps: usize) {
    let known = begun();
    let was_over = known.iter().any(|begun| begun.id == id && begun.is_over);
    let (id, title) = (id.to_string(), title.to_string());
    let is_over = was_over || step > steps;
    let this = Begun { id, step: step.min(steps), steps, is_over, changed_ms: dom::date_ms(), title };
    let others = known.into_iter().filter(|begun| begun.id != this.id).take(MOST - 1);
    write(&[this.clone()].into_iter().chain(others).collect::<Vec<_>>());
}

/// Forgets a lesson.
pub fn forget(id: &str) {
    write(&begun().into_iter().filter(|begun| begun.id != id).collect::<Vec<_>>());
}

fn write(all: &[Begun]) {
    let lines: String = all.iter().map(|begun| begun.write() + "\n").collect();
    if !Browser.put(NAME, &lines) {
        Browser.hold(NAME, &lines);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lesson_stands_first() {
        note("a", "A lesson", 2, 6);
        note("b", "Another", 7, 6);
        note("a", "A lesson", 3, 6);
        let all: Vec<_> = begun().into_iter().map(|begun| (begun.id, begun.step, begun.is_over)).collect();
        assert_eq!(all, [("a".to_string(), 3, false), ("b".to_string(), 6, true)]);
        forget("a");
        note("b", "Another", 1, 6);
        assert_eq!(begun().iter().map(|begun| (begun.step, begun.is_over)).collect::<Vec<_>>(), [(1, true)]);
    }
}
