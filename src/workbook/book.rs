//! The runs on a shelf: which stay, and which leave when there is no room.

use sim::order::sort_by_key;

use super::row::{Door, Row};
use super::shelf::Shelf;

/// How many runs stay.
pub const MOST_RUNS: usize = 100;

/// How much room they may take, in bytes: a fifth of what browsers give a site.
pub const MOST_BYTES: usize = 1 << 20;

/// The name of the list of runs.
const LIST: &str = "netsplit.runs";

/// The runs of a visitor.
#[derive(Debug)]
pub struct Book<S>(pub S);

/// A run that was taken out, to be put back.
#[derive(Clone, Debug, PartialEq)]
pub struct Removed {
    row: Row,
    packed: String,
}

fn name(id: u64) -> String {
    format!("netsplit.run.{id}")
}

impl<S: Shelf> Book<S> {
    /// All runs, the one that changed last first.
    pub fn rows(&self) -> Vec<Row> {
        let list = self.0.get(LIST).unwrap_or_default();
        let mut rows: Vec<Row> = list.lines().filter_map(Row::read).collect();
        sort_by_key(&mut rows, |row| u128::from(u64::MAX - row.changed_ms));
        rows
    }

    /// The run to which a door leads: the last one that the visitor has not left.
    pub fn behind(&self, lab: &str, door: &Door) -> Option<Row> {
        self.rows().into_iter().find(|row| row.lab == lab && row.door == *door && !row.is_left)
    }

    /// What a run was packed into.
    pub fn read(&self, id: u64) -> Option<String> {
        self.0.get(&name(id))
    }

    /// Keeps a run in the place of what was kept of it before. `known_ms` is when that had changed, as far as the caller
    /// knows: where another tab has gone on with it meanwhile, this one becomes a run of its own. The oldest runs leave
    /// when there is no room. Returns the row as it is kept.
    pub fn keep(&mut self, mut row: Row, packed: &str, known_ms: Option<u64>) -> Row {
        let mut rows = self.rows();
        row.bytes = packed.len();
        let others_ms = rows.iter().find(|other| other.id == row.id).map(|other| other.changed_ms);
        if others_ms.is_some() && others_ms != known_ms {
            while rows.iter().any(|other| other.id == row.id) {
                row.id += 1;
            }
        }
        row.changed_ms = row.changed_ms.max(known_ms.map_or(0, |known_ms| known_ms + 1));
        rows.retain(|other| other.id != row.id);
        if row.is_left {
            let same = rows.iter_mut().filter(|other| other.lab == row.lab && other.door == row.door);
            same.for_each(|other| other.is_left = true);
        }
        rows.insert(0, row.clone());
        let room = |rows: &[Row]| rows.iter().map(|row| row.bytes).sum::<usize>();
        while rows.len() > 1 && (rows.len() > MOST_RUNS || room(&rows) > MOST_BYTES) {
            self.drop_oldest(&mut rows);
        }
        self.put(&name(row.id), packed, &mut rows);
        self.put_list(&mut rows);
        row
    }

    /// Takes a run out; none where it is not there.
    pub fn remove(&mut self, id: u64) -> Option<Removed> {
        let mut rows = self.rows();
        let place = rows.iter().position(|row| row.id == id)?;
        let removed = Removed { row: rows.remove(place), packed: self.read(id)? };
        self.0.remove(&name(id));
        self.put_list(&mut rows);
        Some(removed)
    }

    /// Puts a run back that was taken out.
    pub fn put_back(&mut self, removed: Removed) {
        let mut rows = self.rows();
        let Removed { row, packed } = removed;
        let name = name(row.id);
        rows.insert(0, row);
        self.put(&name, &packed, &mut rows);
        self.put_list(&mut rows);
    }

    fn put_list(&mut self, rows: &mut Vec<Row>) {
        let list = |rows: &[Row]| rows.iter().map(Row::write).collect::<Vec<_>>().join("\n");
        while !self.0.put(LIST, &list(rows)) {
            if !self.drop_oldest(rows) {
                return self.0.hold(LIST, &list(rows));
            }
        }
    }

    /// Puts something on the shelf, in the place of the oldest runs if need be, but never of the first row.
    fn put(&mut self, name: &str, value: &str, rows: &mut Vec<Row>) {
        while !self.0.put(name, value) {
            if !self.drop_oldest(rows) {
                return self.0.hold(name, value);
            }
        }
    }

    /// Lets the run leave that changed the longest ago. Returns whether there was one besides the first row.
    fn drop_oldest(&mut self, rows: &mut Vec<Row>) -> bool {
        let others = rows.iter().enumerate().skip(1);
        let Some(place) = others.min_by_key(|(_, row)| row.changed_ms).map(|(place, _)| place) else { return false };
        let row = rows.remove(place);
        self.0.remove(&name(row.id));
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A shelf with room for so many bytes.
    #[derive(Debug, Default)]
    struct Small {
        most: usize,
        kept: BTreeMap<String, String>,
        held: BTreeMap<String, String>,
    }

    impl Shelf for Small {
        fn get(&self, name: &str) -> Option<String> {
            self.held.get(name).or_else(|| self.kept.get(name)).cloned()
        }

        fn put(&mut self, name: &str, value: &str) -> bool {
            let others = self.kept.iter().filter(|(other, _)| *other != name);
            let taken: usize = others.map(|(other, value)| other.len() + value.len()).sum();
            let has_room = taken + name.len() + value.len() <= self.most;
            if has_room {
                self.held.remove(name);
                self.kept.insert(name.to_string(), value.to_string());
            }
            has_room
        }

        fn hold(&mut self, name: &str, value: &str) {
            self.held.insert(name.to_string(), value.to_string());
        }

        fn remove(&mut self, name: &str) {
            self.kept.remove(name);
            self.held.remove(name);
        }
    }

    fn book(most: usize) -> Book<Small> {
        Book(Small { most, ..Small::default() })
    }

    fn row(id: u64) -> Row {
        Row {
            id,
            lab: "raft".to_string(),
            door: Door::Scenario("split-vote".to_string()),
            is_left: false,
            changed_ms: id,
            bytes: 0,
            branches: 1,
            acts: 0,
            bookmarks: 0,
            title: "Split\tvote".to_string(),
        }
    }

    fn ids(book: &Book<Small>) -> Vec<u64> {
        book.rows().iter().map(|row| row.id).collect()
    }

    #[test]
    fn a_row_comes_back_as_it_was_written() {
        for door in
            [Door::Scenario("split-vote".to_string()), Door::Link(7), Door::Lesson("a/5/2".into()), Door::Settings]
        {
            let row = Row { door, title: "Split vote".to_string(), is_left: true, ..row(5) };
            assert_eq!(Row::read(&row.write()), Some(row));
        }
        for line in ["", "x", "1\traft", "1\traft\t?x\t0\t1\t1\t1\t1\t1\tt", "-1\traft\t\t0\t1\t1\t1\t1\t1\tt"] {
            assert_eq!(Row::read(line), None, "{line}");
        }
    }

    #[test]
    fn a_run_is_kept_under_its_door() {
        let mut book = book(10_000);
        book.keep(row(5), "first", None);
        let door = Door::Scenario("split-vote".to_string());
        assert_eq!(
            book.behind("raft", &door).map(|row| (row.id, row.bytes, row.title)),
            Some((5, 5, "Split vote".into()))
        );
        assert_eq!((book.behind("raft", &Door::Settings), book.behind("swim", &door)), (None, None));
        assert_eq!(book.read(5).as_deref(), Some("first"));
        // What is left stays, but its door leads to the next one.
        book.keep(Row { is_left: true, changed_ms: 6, ..row(5) }, "first", Some(5));
        assert_eq!((book.behind("raft", &door), ids(&book)), (None, vec![5]));
        book.keep(row(9), "second", None);
        assert_eq!((book.behind("raft", &door).map(|row| row.id), ids(&book)), (Some(9), vec![9, 5]));
    }

    /// Two tabs go on with one run: neither overwrites what the other has kept.
    #[test]
    fn another_tab_does_not_overwrite_a_run() {
        let mut book = book(10_000);
        let known = book.keep(row(5), "both", None).changed_ms;
        let here = book.keep(Row { changed_ms: 10, ..row(5) }, "here", Some(known));
        let there = book.keep(Row { changed_ms: 11, ..row(5) }, "there", Some(known));
        assert_eq!((here.id, there.id), (5, 6));
        assert_eq!((book.read(5).as_deref(), book.read(6).as_deref()), (Some("here"), Some("there")));
        // And each goes on with its own.
        assert_eq!(book.keep(Row { changed_ms: 12, ..here.clone() }, "here 2", Some(here.changed_ms)).id, 5);
        assert_eq!(book.keep(Row { changed_ms: 13, ..there.clone() }, "there 2", Some(there.changed_ms)).id, 6);
    }

    #[test]
    fn the_oldest_runs_leave() {
        let mut many = book(1 << 30);
        for id in 1..=MOST_RUNS as u64 + 3 {
            many.keep(row(id), "run", None);
        }
        assert_eq!(many.rows().len(), MOST_RUNS);
        assert_eq!((many.read(3), many.read(4).as_deref()), (None, Some("run")));
        let mut large = book(1 << 30);
        let third = "x".repeat(MOST_BYTES / 3);
        for id in 1..=4 {
            large.keep(row(id), &third, None);
        }
        assert_eq!(ids(&large), [4, 3, 2]);
        // One that is larger than all the room stays alone: it is the one that is open.
        large.keep(row(5), &"x".repeat(2 * MOST_BYTES), None);
        assert_eq!(ids(&large), [5]);
    }

    #[test]
    fn a_full_storage_keeps_what_is_open() {
        let mut book = book(400);
        for id in 1..=5 {
            book.keep(row(id), &"x".repeat(100), None);
        }
        assert_eq!(ids(&book).first(), Some(&5));
        assert!((1..5).contains(&book.rows().len()), "{:?}", ids(&book));
        assert!(book.rows().iter().all(|row| book.read(row.id).is_some()));
        // Even where there is no room for it at all, it stays as long as the page is open.
        book.keep(row(6), &"x".repeat(1_000), None);
        assert_eq!((ids(&book), book.read(6).map(|packed| packed.len())), (vec![6], Some(1_000)));
        assert!(book.0.held.contains_key("netsplit.run.6"));
    }

    #[test]
    fn a_removed_run_can_be_put_back() {
        let mut book = book(10_000);
        let rows = [1, 2, 3].map(|id| book.keep(row(id), "run", None));
        let removed = book.remove(2).unwrap();
        assert_eq!((ids(&book), book.read(2), book.remove(2)), (vec![3, 1], None, None));
        book.put_back(removed);
        assert_eq!((ids(&book), book.read(2).as_deref()), (vec![3, 2, 1], Some("run")));
        assert_eq!(book.rows()[1].changed_ms, rows[1].changed_ms);
    }

    /// What is damaged is left out, and the rest is there.
    #[test]
    fn a_damaged_list_loses_only_what_is_damaged() {
        let mut book = book(10_000);
        book.keep(row(1), "run", None);
        let list = book.0.get(LIST).unwrap();
        book.0.put(LIST, &format!("nonsense\n{list}\n\u{0}"));
        assert_eq!(ids(&book), [1]);
    }
}
