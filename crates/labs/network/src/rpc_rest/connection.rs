//! A connection: what is sent on it comes in order and once, or no more comes.
//!
//! Not how TCP does that (which repeats what is lost), only what is left of it for those above: they never see a copy, nor anything
//! out of its turn, and after a gap the connection is broken. It stands between two *lives*: who has crashed knows nothing of the
//! connections of the life before (RFC 9293, section 3.5.1: half-open connections).

use serde::Serialize;

/// The name of a connection: the life of the end that opens it, and how many that one has opened. Later ones are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Name {
    pub life: u64,
    pub serial: u32,
}

/// What travels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Segment<T> {
    /// Opens a connection.
    Open(Name),
    /// It is open, says the other end, in this life of its own.
    Opened { name: Name, life: u64 },
    /// The number says the how-manieth it is in this direction, from 1 on.
    Data { name: Name, life: u64, number: u32, body: T },
    /// There is no such connection, or no more.
    Broken(Name),
}

impl<T> Segment<T> {
    /// The connection that it is of.
    pub fn name(&self) -> Name {
        match self {
            Segment::Open(name) | Segment::Broken(name) => *name,
            Segment::Opened { name, .. } | Segment::Data { name, .. } => *name,
        }
    }
}

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Connection {
    pub name: Name,
    /// The life of the end that was asked to open it; none as long as it has not said so.
    pub life: Option<u64>,
    sent: u32,
    heard: u32,
}

/// What a number says of what comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is the next one.
    Next,
    /// It has come before.
    Copy,
    /// Something before it has not come.
    Gap,
    /// It is of another connection.
    Foreign,
}

/// What a wish to open a connection is to the end that is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knock {
    /// A new connection, which ends the one before.
    New,
    /// The one that there is, once more.
    Again,
    /// An old one.
    Old,
}

impl Connection {
    /// The end that opens it.
    pub fn open(name: Name) -> Connection {
        Connection { name, life: None, sent: 0, heard: 0 }
    }

    /// The end that was asked, in this life.
    pub fn accept(name: Name, life: u64) -> Connection {
        Connection { life: Some(life), ..Connection::open(name) }
    }

    /// What it means for an end that has this connection to be asked for one.
    pub fn knock(current: Option<&Connection>, name: Name) -> Knock {
        match current {
            Some(current) if name == current.name => Knock::Again,
            Some(current) if name < current.name => Knock::Old,
            _ => Knock::New,
        }
    }

    /// The other end has said that it is open. Returns whether that is news.
    pub fn opened(&mut self, name: Name, life: u64) -> bool {
        let is_news = name == self.name && self.life.is_none();
        if is_news {
            self.life = Some(life);
        }
        is_news
    }

    /// What to put around a body; none as long as it is not open.
    pub fn send<T>(&mut self, body: T) -> Option<Segment<T>> {
        let life = self.life?;
        self.sent += 1;
        Some(Segment::Data { name: self.name, life, number: self.sent, body })
    }

    /// How many have been sent.
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Something comes.
    pub fn hear(&mut self, name: Name, life: u64, number: u32) -> Heard {
        if name != self.name || self.life != Some(life) {
            return Heard::Foreign;
        }
        if number <= self.heard {
            Heard::Copy
        } else if number > self.heard + 1 {
            Heard::Gap
        } else {
            self.heard = number;
            Heard::Next
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Name = Name { life: 1, serial: 1 };

    #[test]
    fn copies_are_known_and_gaps_are_seen() {
        let (mut near, mut far) = (Connection::open(NAME), Connection::accept(NAME, 7));
        assert_eq!(near.send("early"), None);
        assert!(near.opened(NAME, 7) && !near.opened(NAME, 7));
        assert_eq!(near.send("one"), Some(Segment::Data { name: NAME, life: 7, number: 1, body: "one" }));
        assert_eq!(
            [far.hear(NAME, 7, 1), far.hear(NAME, 7, 1), far.hear(NAME, 7, 3)],
            [Heard::Next, Heard::Copy, Heard::Gap]
        );
        assert_eq!(near.sent(), 1);
    }

    #[test]
    fn another_life_knows_nothing_of_it() {
        let mut far = Connection::accept(NAME, 8);
        assert_eq!(far.hear(NAME, 7, 1), Heard::Foreign);
        assert_eq!(far.hear(Name { life: 1, serial: 2 }, 8, 1), Heard::Foreign);
    }

    #[test]
    fn later_connections_end_earlier_ones() {
        let far = Connection::accept(NAME, 7);
        let (again, new) = (Name { life: 1, serial: 1 }, Name { life: 2, serial: 1 });
        assert_eq!(Connection::knock(None, NAME), Knock::New);
        assert_eq!(Connection::knock(Some(&far), again), Knock::Again);
        assert_eq!(Connection::knock(Some(&far), new), Knock::New);
        assert_eq!(Connection::knock(Some(&Connection::accept(new, 7)), NAME), Knock::Old);
    }
}
