//! A moment that a person passes on: as a link, or as a file where a link would be too long.

mod file;
mod link;

pub use link::{pack, unpack};

use serde::{Deserialize, Serialize};

use crate::base::text::Text;
use crate::run::scenario::Scenario;
use crate::session::LabSession;
use crate::t;

/// A link of more characters than this is cut off by some programs that pass it on: a file is offered instead.
pub const MOST_CHARACTERS: usize = 8_000;

/// How long the text of a link or a file may be that is read at all, in bytes.
pub const MOST_BYTES: usize = 4 << 20;

/// How many bookmarks a moment may bring: each is looked up in the run.
const MOST_BOOKMARKS: usize = 1_000;

/// How long a title may be, in characters.
pub const MOST_TITLE: usize = 100;

/// How long a note on a run may be, in characters.
pub const MOST_NOTE: usize = 1_000;

/// How long a note on a bookmark may be, in characters: a sentence or two.
pub const MOST_REMARK: usize = 300;

/// The version of links and files with nothing but a scenario and names: they are written so that older programs read them.
const PLAIN: u32 = Scenario::VERSION;

/// The version of those that also say where the run came from and what the person wrote about it.
const ANNOTATED: u32 = 2;

/// A moment of a run with what a person has written on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedMoment {
    pub scenario: Scenario,
    /// The name of the lab's scenario that the run came from, as who shared it says. Unless the run begins as that scenario
    /// does, it has been set up anew since.
    pub origin: Option<String>,
    /// What the person calls the run, and says about it; nothing where they are empty.
    pub title: String,
    pub note: String,
    /// The name that the person gave to the branch.
    pub branch: Option<String>,
    /// In the order in which they were made.
    pub bookmarks: Vec<Mark>,
    /// Of the moment: the lower half of [`LabSession::digest`].
    pub digest: u32,
}

/// A marked moment of the branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// How many events have happened.
    pub event: u64,
    /// The name that the person gave to it, or nothing.
    #[serde(default)]
    pub name: String,
    /// A sentence that the person wrote about it, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl SharedMoment {
    /// The moment that a session shows.
    pub fn now(session: &mut dyn LabSession, branch: Option<String>, bookmarks: Vec<Mark>) -> SharedMoment {
        SharedMoment {
            scenario: session.scenario(),
            origin: None,
            title: String::new(),
            note: String::new(),
            branch,
            bookmarks,
            digest: session.digest() as u32,
        }
    }

    /// The version that it is written in: the oldest that can hold it.
    fn version(&self) -> u32 {
        let notes = self.bookmarks.iter().map(|mark| &mark.note);
        let is_plain = notes.chain([&self.title, &self.note]).all(String::is_empty) && self.origin.is_none();
        if is_plain { PLAIN } else { ANNOTATED }
    }

    /// Says so when a session that has come to this moment shows another one than the person who shared it saw.
    pub fn compare(&self, session: &mut dyn LabSession) -> Result<(), Text> {
        let reached = session.scenario().cursor;
        if reached < self.scenario.cursor {
            return Err(t!(
                "this replays differently here: it ends after {reached} of {events} events, so another version of Netsplit has made it",
                reached = reached,
                events = self.scenario.cursor
            ));
        }
        if session.digest() as u32 != self.digest {
            return Err(t!(
                "this replays differently here: another version of Netsplit has made it, and what you see is not what was shared"
            ));
        }
        Ok(())
    }

    /// The state of a link, `1;…`, in what programs that pass texts on have made of the link or of its end. None where no
    /// version stands in front of a semicolon.
    pub fn state_in(link: &str) -> Option<String> {
        link::state(link)
    }

    /// Reads a link, a link's state or the content of a file, whichever it is.
    pub fn read(text: &str) -> Result<SharedMoment, Text> {
        let text = text.trim();
        if text.len() > MOST_BYTES {
            return Err(t!("this is too long to be a moment of Netsplit: {bytes} bytes", bytes = text.len()));
        }
        let shared = if text.starts_with('{') { file::read(text)? } else { link::read(text)? };
        shared.scenario.accept()?;
        let bookmarks = shared.bookmarks.len();
        if bookmarks > MOST_BOOKMARKS {
            return Err(t!(
                "this moment has {bookmarks} bookmarks, and more than {most} are not looked up",
                bookmarks = bookmarks,
                most = MOST_BOOKMARKS
            ));
        }
        shared.accept_words()
    }

    /// Says so when a word is too long, and takes out of all words what is not to be read.
    fn accept_words(mut self) -> Result<SharedMoment, Text> {
        let origin = self.origin.iter_mut().map(|name| (name, MOST_TITLE));
        let notes = self.bookmarks.iter_mut().map(|mark| (&mut mark.note, MOST_REMARK));
        for (words, most) in origin.chain(notes).chain([(&mut self.title, MOST_TITLE), (&mut self.note, MOST_NOTE)]) {
            if words.chars().count() > most {
                return Err(t!(
                    "this moment brings a title or a note of more than {most} characters: it may be damaged",
                    most = most
                ));
            }
            *words = plain(words, most);
        }
        Ok(self)
    }
}

/// Words of a person as they are kept and passed on: so many characters at most, without what nobody types.
pub fn plain(words: &str, most: usize) -> String {
    let readable = |letter: char| if letter.is_control() && letter != '\n' { ' ' } else { letter };
    words.trim().chars().take(most).map(readable).collect()
}

/// Says so when a moment is of no version that this program reads.
fn accept_version(version: u32) -> Result<(), Text> {
    if (PLAIN..=ANNOTATED).contains(&version) {
        return Ok(());
    }
    Err(t!(
        "this moment has version {version}, and this program reads version {known}: open it with the version that made it",
        version = version,
        known = ANNOTATED
    ))
}
