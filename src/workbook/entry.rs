//! One run as it is kept: its branches, its bookmarks, and what the visitor wrote about it.

use serde::{Deserialize, Serialize};
use sim::share::{pack, unpack};
use sim::{Scenario, SharedMoment, Text, Tree, t};

use crate::bookmarks::Bookmark;

/// The version of what is kept.
const VERSION: &str = "1";

/// One run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The name of the lab's scenario that it came from.
    pub origin: Option<String>,
    /// What it is called and what is said about it, by the visitor or by who shared it.
    pub title: String,
    pub note: String,
    pub tree: Tree,
    pub bookmarks: Vec<Bookmark>,
    /// Of the moment that was shown, as in [`SharedMoment::digest`].
    pub digest: u32,
}

impl Entry {
    /// The run in letters.
    pub fn write(&self) -> String {
        format!("{VERSION};{}", pack(self))
    }

    /// Reads what [`Entry::write`] has written.
    pub fn read(packed: &str) -> Result<Entry, Text> {
        match packed.split_once(';') {
            Some((VERSION, letters)) => unpack(letters).ok_or_else(|| t!("it is damaged")),
            Some(_) => Err(t!("another version of Netsplit has made it, and it would replay differently here")),
            None => Err(t!("it is damaged")),
        }
    }

    /// The moment that was shown, and how far its branch had been computed; none where the tree is damaged.
    pub fn moment(&self, lab: &str) -> Option<(SharedMoment, u64)> {
        let limb = self.tree.branches.get(self.tree.selected)?;
        let scenario = Scenario {
            version: self.tree.version,
            lab: lab.to_string(),
            settings: limb.settings.clone(),
            seed: limb.seed,
            inputs: limb.inputs.clone(),
            cursor: limb.left.cursor,
        };
        let moment = SharedMoment {
            scenario,
            origin: self.origin.clone(),
            title: self.title.clone(),
            note: self.note.clone(),
            branch: None,
            bookmarks: Vec::new(),
            digest: self.digest,
        };
        Some((moment, limb.left.length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        let mut session = labs::registry::open("raft").unwrap();
        session.seek(session.scenario().cursor + 20);
        let digest = session.digest() as u32;
        let note = "Who \"votes\"? <b>".to_string();
        let bookmark = Bookmark { letter: "A".into(), event: 7, title: t!("S1 crashes"), is_named: false, note };
        let (title, note) = ("Two at once".to_string(), String::new());
        let tree = session.tree().unwrap();
        Entry { origin: Some("split-vote".into()), title, note, tree, bookmarks: vec![bookmark], digest }
    }

    #[test]
    fn an_entry_comes_back_as_it_was_written() {
        let entry = entry();
        let packed = entry.write();
        assert_eq!(Entry::read(&packed), Ok(entry));
        assert!(packed.len() < 600, "{} characters", packed.len());
    }

    #[test]
    fn what_cannot_be_read_gets_a_sentence() {
        let said = |packed: &str| Entry::read(packed).unwrap_err().to_string();
        assert_eq!((said(""), said("1;***")), ("it is damaged".into(), "it is damaged".into()));
        assert!(said("2;abc").contains("another version of Netsplit"));
        let packed = entry().write();
        for length in 0..packed.len() {
            assert!(Entry::read(&packed[..length]).is_err(), "the first {length} characters");
        }
    }

    #[test]
    fn the_moment_is_the_one_that_was_shown() {
        let entry = entry();
        let (moment, length) = entry.moment("raft").unwrap();
        let mut session = labs::registry::open("raft").unwrap();
        session.load(&moment.scenario).unwrap();
        assert_eq!((moment.compare(&mut *session), length), (Ok(()), moment.scenario.cursor));
        let damaged = Entry { tree: Tree { selected: 9, ..entry.tree.clone() }, ..entry };
        assert_eq!(damaged.moment("raft"), None);
    }
}
