//! The state of a link: a version, a semicolon, and the rest in postcard, deflated, in the letters of base64url.

use std::io::Read;
use std::iter;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::bufread::{DeflateDecoder, DeflateEncoder};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{ANNOTATED, MOST_BYTES, Mark, SharedMoment, accept_version};
use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::kernel::input::{Input, Timed};
use crate::run::scenario::Scenario;
use crate::t;

/// What stands behind the semicolon. The order is part of the format.
#[derive(Debug, Serialize, Deserialize)]
struct Content {
    lab: String,
    settings: Settings,
    seed: u64,
    cursor: u64,
    digest: u32,
    inputs: Vec<Further>,
    branch: Option<String>,
    bookmarks: Vec<Place>,
}

/// A bookmark, without its note.
#[derive(Debug, Serialize, Deserialize)]
struct Place {
    event: u64,
    name: String,
}

/// What stands behind that from the second version on.
#[derive(Debug, Serialize, Deserialize)]
struct Annotation {
    origin: Option<String>,
    title: String,
    note: String,
    /// Those of the bookmarks, in their order.
    notes: Vec<String>,
}

/// An input, placed by how far it is from the one before it: small numbers are short.
#[derive(Debug, Serialize, Deserialize)]
struct Further {
    events: u64,
    us: i64,
    input: Input,
}

impl SharedMoment {
    /// The state of a link to this moment, `1;…` or `2;…`: letters, digits, `-` and `_` after the version.
    pub fn link(&self) -> String {
        let version = self.version();
        let SharedMoment { scenario, origin, title, note, branch, bookmarks, digest } = self.clone();
        let Scenario { lab, settings, seed, inputs, cursor, .. } = scenario;
        let (bookmarks, notes) =
            bookmarks.into_iter().map(|Mark { event, name, note }| (Place { event, name }, note)).unzip();
        let content = Content { lab, settings, seed, cursor, digest, inputs: apart(inputs), branch, bookmarks };
        let annotation = (version >= ANNOTATED).then_some(Annotation { origin, title, note, notes });
        let mut bytes = postcard::to_allocvec(&content).unwrap_or_default();
        bytes.extend(annotation.iter().flat_map(|more| postcard::to_allocvec(more).unwrap_or_default()));
        format!("{version};{}", letters_of(&bytes))
    }
}

/// Anything in the letters of a link.
pub fn pack(value: &impl Serialize) -> String {
    letters_of(&postcard::to_allocvec(value).unwrap_or_default())
}

/// Reads what [`pack`] has written; none where that is damaged.
pub fn unpack<T: DeserializeOwned>(letters: &str) -> Option<T> {
    postcard::from_bytes(&bytes_of(letters)?).ok()
}

fn letters_of(bytes: &[u8]) -> String {
    let mut packed = Vec::new();
    // Reading from memory into memory does not fail.
    let _ = DeflateEncoder::new(bytes, Compression::best()).read_to_end(&mut packed);
    URL_SAFE_NO_PAD.encode(packed)
}

/// What stands in the letters of a link, up to one byte more than is allowed; none where they are damaged.
fn bytes_of(letters: &str) -> Option<Vec<u8>> {
    let packed = URL_SAFE_NO_PAD.decode(letters).ok()?;
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed.as_slice()).take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The state in what chats, mails and editors have made of a link or of its end: letters percent-encoded or escaped, lines
/// broken, and punctuation or a tracker's query behind it. None where no version stands in front of a semicolon.
pub(super) fn state(text: &str) -> Option<String> {
    let text = joined(&decoded(text));
    let starts = iter::once(0).chain(text.match_indices('#').map(|(place, _)| place + 1));
    starts.into_iter().find_map(|start| {
        let (version, rest) = text[start..].split_once(';')?;
        let is_version = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        let is_foreign = |letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_');
        is_version.then(|| format!("{version};{}", rest.split(is_foreign).next().unwrap_or_default()))
    })
}

/// Without percent signs, also where something has encoded them again.
fn decoded(text: &str) -> String {
    (0..3).fold(text.to_string(), |text, _| percent_decode_str(&text).decode_utf8_lossy().into_owned())
}

/// In one line, without the signs of quoted and of broken lines, of escapes, and what nobody sees.
fn joined(text: &str) -> String {
    let lines = text.split(['\r', '\n']).map(|line| {
        line.trim_start_matches(|letter: char| letter == '>' || letter.is_whitespace())
            .trim_end_matches(|letter: char| letter == '=' || letter.is_whitespace())
    });
    lines.collect::<String>().replace(['\\', '\u{AD}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{2060}', '\u{FEFF}'], "")
}

/// Reads a link, or its state.
pub(super) fn read(text: &str) -> Result<SharedMoment, Text> {
    let state = state(text).ok_or_else(|| match text.contains(';') {
        true => t!("this link does not begin with its version: copy it again"),
        false => t!("this link holds no moment of Netsplit: copy it again"),
    })?;
    // An underline may also be the sign of letters in italics.
    open(&state).or_else(|sentence| match state.strip_suffix('_') {
        Some(state) => open(state.trim_end_matches('_')),
        None => Err(sentence),
    })
}

fn open(state: &str) -> Result<SharedMoment, Text> {
    let (version, rest) = state.split_once(';').unwrap_or_default();
    let damaged = || t!("this link is damaged or cut off: copy it again");
    let version = version.parse().map_err(|_| damaged())?;
    accept_version(version)?;
    let bytes = bytes_of(rest).ok_or_else(damaged)?;
    if bytes.len() > MOST_BYTES {
        return Err(t!("this link unpacks to more than {bytes} bytes: it may be damaged", bytes = MOST_BYTES));
    }
    let (content, rest) = postcard::take_from_bytes::<Content>(&bytes).map_err(|_| damaged())?;
    let Content { lab, settings, seed, cursor, digest, inputs, branch, bookmarks } = content;
    let Annotation { origin, title, note, notes } = match version {
        ANNOTATED => postcard::from_bytes(rest).map_err(|_| damaged())?,
        _ => Annotation {
            origin: None,
            title: String::new(),
            note: String::new(),
            notes: vec![String::new(); bookmarks.len()],
        },
    };
    if notes.len() != bookmarks.len() {
        return Err(damaged());
    }
    let bookmarks = bookmarks.into_iter().zip(notes).map(|(Place { event, name }, note)| Mark { event, name, note });
    let scenario = Scenario { version: Scenario::VERSION, lab, settings, seed, inputs: together(inputs), cursor };
    Ok(SharedMoment { scenario, origin, title, note, branch, bookmarks: bookmarks.collect(), digest })
}

fn apart(inputs: Vec<Timed>) -> Vec<Further> {
    let (mut event, mut at_us) = (0, 0);
    let further = |timed: Timed| {
        let further = Further {
            events: timed.after_event.wrapping_sub(event),
            us: timed.at_us.wrapping_sub(at_us).cast_signed(),
            input: timed.input,
        };
        (event, at_us) = (timed.after_event, timed.at_us);
        further
    };
    inputs.into_iter().map(further).collect()
}

fn together(inputs: Vec<Further>) -> Vec<Timed> {
    let (mut event, mut at_us) = (0u64, 0u64);
    let timed = |further: Further| {
        event = event.wrapping_add(further.events);
        at_us = at_us.wrapping_add(further.us.cast_unsigned());
        Timed { after_event: event, at_us, input: further.input }
    };
    inputs.into_iter().map(timed).collect()
}
