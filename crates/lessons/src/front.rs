//! The head of a text: `key: value` lines between two lines of `---`.

use crate::mistake::{Mistake, unknown};

/// The head of a text.
#[derive(Debug, Default)]
pub(crate) struct Front {
    /// The line of its first `---`.
    pub(crate) line: usize,
    entries: Vec<(usize, String, String)>,
}

impl Front {
    /// Reads the head that begins in this line (counted from 0), and says in which line the text goes on.
    pub(crate) fn read(lines: &[&str], from: usize, known: &[&str]) -> Result<(Front, usize), Mistake> {
        let mut front = Front { line: from + 1, entries: Vec::new() };
        for (place, line) in lines.iter().enumerate().skip(from + 1) {
            if line.trim_end() == "---" {
                return Ok((front, place + 1));
            }
            if line.trim().is_empty() {
                continue;
            }
            let Some((key, value)) = line.split_once(':') else {
                return Err(Mistake::new(
                    place + 1,
                    1,
                    "the head has lines of the form “key: value”, and ends with ---",
                ));
            };
            let key = key.trim();
            if !known.contains(&key) {
                return Err(Mistake::new(place + 1, 1, unknown("key", key, known.iter().copied())));
            }
            if front.entries.iter().any(|(_, other, _)| other == key) {
                return Err(Mistake::new(place + 1, 1, format!("{key} stands here twice")));
            }
            front.entries.push((place + 1, key.to_string(), value.trim().to_string()));
        }
        Err(Mistake::new(from + 1, 1, "the head does not end: put a line with --- after it"))
    }

    /// What a key says; empty where it is not there.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.entries.iter().find(|(_, known, _)| known == key).map_or("", |(_, _, value)| value)
    }

    /// The same, which has to be there.
    pub(crate) fn wanted(&self, key: &str) -> Result<String, Mistake> {
        match self.get(key) {
            "" => Err(Mistake::new(self.line, 1, format!("the head wants a line “{key}: …”"))),
            value => Ok(value.to_string()),
        }
    }

    /// What a key says, as a list.
    pub(crate) fn list(&self, key: &str) -> Vec<String> {
        self.get(key).split(',').map(|item| item.trim().to_string()).filter(|item| !item.is_empty()).collect()
    }

    /// The line of a key, or that of the head.
    pub(crate) fn line_of(&self, key: &str) -> usize {
        self.entries.iter().find(|(_, known, _)| known == key).map_or(self.line, |(line, ..)| *line)
    }
}

/// Whether this can be a name in an address: `raft-two-leaders`.
pub(crate) fn is_name(text: &str) -> bool {
    let is_part = |next: char| next.is_ascii_lowercase() || next.is_ascii_digit() || next == '-';
    !text.is_empty() && text.len() <= 60 && text.chars().all(is_part)
}
