//! What the list of runs says of each: a line of text in the storage, so that nobody has to unpack a run to list it.

/// A run that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name in the storage: about when it began, in milliseconds since 1970.
    pub id: u64,
    /// The name of its lab.
    pub lab: String,
    pub door: Door,
    /// Whether the visitor has begun again since: its door does not lead to it any more.
    pub is_left: bool,
    /// When something in it changed last, in milliseconds since 1970.
    pub changed_ms: u64,
    /// How much room it takes, in bytes.
    pub bytes: usize,
    pub branches: usize,
    /// How many inputs are the visitor's own, in the branch that was shown last.
    pub acts: usize,
    pub bookmarks: usize,
    /// What it is called, in the language that it was kept in.
    pub title: String,
}

/// Through what a visitor came into a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Door {
    /// A scenario of the lab, by its name.
    Scenario(String),
    /// A link or a file, by a number that stands for its moment.
    Link(u64),
    /// A task of a lesson, by its place: `raft-two-leaders/5/2`.
    Lesson(String),
    /// Settings and a seed.
    #[default]
    Settings,
}

impl Door {
    fn write(&self) -> String {
        match self {
            Door::Scenario(name) => format!("/{name}"),
            Door::Link(moment) => format!("#{moment}"),
            Door::Lesson(place) => format!("${place}"),
            Door::Settings => String::new(),
        }
    }

    fn read(text: &str) -> Option<Door> {
        match text.split_at_checked(1) {
            None => Some(Door::Settings),
            Some(("/", name)) => Some(Door::Scenario(name.to_string())),
            Some(("#", moment)) => Some(Door::Link(moment.parse().ok()?)),
            Some(("$", place)) => Some(Door::Lesson(place.to_string())),
            Some(_) => None,
        }
    }
}

impl Row {
    /// The line.
    pub fn write(&self) -> String {
        let Row { id, lab, door, is_left, changed_ms, bytes, branches, acts, bookmarks, title } = self;
        let (door, is_left) = (door.write(), u8::from(*is_left));
        let title = title.replace(char::is_control, " ");
        format!("{id}\t{lab}\t{door}\t{is_left}\t{changed_ms}\t{bytes}\t{branches}\t{acts}\t{bookmarks}\t{title}")
    }

    /// Reads a line; none where it is no such line.
    pub fn read(line: &str) -> Option<Row> {
        let mut words = line.split('\t');
        let mut next = || words.next();
        Some(Row {
            id: next()?.parse().ok()?,
            lab: next()?.to_string(),
            door: Door::read(next()?)?,
            is_left: next()? == "1",
            changed_ms: next()?.parse().ok()?,
            bytes: next()?.parse().ok()?,
            branches: next()?.parse().ok()?,
            acts: next()?.parse().ok()?,
            bookmarks: next()?.parse().ok()?,
            title: next()?.to_string(),
        })
    }
}
