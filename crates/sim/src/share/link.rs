//! The state of a link: a version, a semicolon, and the rest in postcard, deflated, in the letters of base64url.

use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::bufread::{DeflateDecoder, DeflateEncoder};
use serde::{Deserialize, Serialize};

use super::{MOST_BYTES, Mark, SharedMoment, accept_version};
use crate::input::{Input, Timed};
use crate::scenario::Scenario;
use crate::settings::Settings;
use crate::t;
use crate::text::Text;

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
    bookmarks: Vec<Mark>,
}

/// An input, placed by how far it is from the one before it: small numbers are short.
#[derive(Debug, Serialize, Deserialize)]
struct Further {
    events: u64,
    us: i64,
    input: Input,
}

impl SharedMoment {
    /// The state of a link to this moment, `1;…`: letters, digits, `-` and `_` after the version.
    pub fn link(&self) -> String {
        let Scenario { version, lab, settings, seed, inputs, cursor } = self.scenario.clone();
        let (branch, bookmarks) = (self.branch.clone(), self.bookmarks.clone());
        let content =
            Content { lab, settings, seed, cursor, digest: self.digest, inputs: apart(inputs), branch, bookmarks };
        let bytes = postcard::to_allocvec(&content).unwrap_or_default();
        let mut packed = Vec::new();
        // Reading from memory into memory does not fail.
        let _ = DeflateEncoder::new(bytes.as_slice(), Compression::best()).read_to_end(&mut packed);
        format!("{version};{}", URL_SAFE_NO_PAD.encode(packed))
    }
}

/// Reads the state of a link.
pub(super) fn read(text: &str) -> Result<SharedMoment, Text> {
    let (version, rest) =
        text.split_once(';').ok_or_else(|| t!("this link holds no moment of Netsplit: copy it again"))?;
    let version = version.parse().map_err(|_| t!("this link does not begin with its version: copy it again"))?;
    accept_version(version)?;
    let damaged = || t!("this link is damaged or cut off: copy it again");
    let packed = URL_SAFE_NO_PAD.decode(rest).map_err(|_| damaged())?;
    let mut bytes = Vec::new();
    let most = MOST_BYTES as u64 + 1;
    DeflateDecoder::new(packed.as_slice()).take(most).read_to_end(&mut bytes).map_err(|_| damaged())?;
    if bytes.len() > MOST_BYTES {
        return Err(t!("this link unpacks to more than {bytes} bytes: it may be damaged", bytes = MOST_BYTES));
    }
    let Content { lab, settings, seed, cursor, digest, inputs, branch, bookmarks } =
        postcard::from_bytes(&bytes).map_err(|_| damaged())?;
    let scenario = Scenario { version, lab, settings, seed, inputs: together(inputs), cursor };
    Ok(SharedMoment { scenario, branch, bookmarks, digest })
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
