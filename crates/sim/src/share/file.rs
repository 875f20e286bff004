//! The file of a moment, `.netsplit`: JSON that a person can read, with the content of a link.

use serde::{Deserialize, Serialize};

use super::{Mark, SharedMoment, accept_version};
use crate::base::settings::Settings;
use crate::base::text::{QUOTED, Text, excerpt};
use crate::kernel::input::Timed;
use crate::run::scenario::Scenario;
use crate::t;

#[derive(Debug, Serialize, Deserialize)]
struct Content {
    /// The version.
    netsplit: u32,
    lab: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
    #[serde(default)]
    settings: Settings,
    seed: u64,
    cursor: u64,
    digest: u32,
    #[serde(default)]
    branch: Option<String>,
    #[serde(default)]
    bookmarks: Vec<Mark>,
    inputs: Vec<Timed>,
}

/// What every version writes.
#[derive(Debug, Deserialize)]
struct Version {
    netsplit: u32,
}

impl SharedMoment {
    /// The content of a file.
    pub fn file(&self) -> String {
        let netsplit = self.version();
        let SharedMoment { scenario, origin, title, note, branch, bookmarks, digest } = self.clone();
        let Scenario { lab, settings, seed, inputs, cursor, .. } = scenario;
        let content =
            Content { netsplit, lab, origin, title, note, settings, seed, cursor, digest, branch, bookmarks, inputs };
        serde_json::to_string_pretty(&content).unwrap_or_default()
    }
}

/// Reads the content of a file.
pub(super) fn read(text: &str) -> Result<SharedMoment, Text> {
    let problem = |error: serde_json::Error| {
        t!(
            "line {line} of this file is not as Netsplit writes it: {problem}",
            line = error.line(),
            problem = excerpt(&error.to_string(), 3 * QUOTED)
        )
    };
    let Version { netsplit } = serde_json::from_str(text).map_err(|error| {
        if error.is_data() {
            t!("this file does not say its version: it is not a moment of Netsplit")
        } else {
            problem(error)
        }
    })?;
    accept_version(netsplit)?;
    let Content { lab, origin, title, note, settings, seed, cursor, digest, branch, bookmarks, inputs, .. } =
        serde_json::from_str(text).map_err(problem)?;
    let scenario = Scenario { version: Scenario::VERSION, lab, settings, seed, inputs, cursor };
    Ok(SharedMoment { scenario, origin, title, note, branch, bookmarks, digest })
}
