//! Links and files of moments: a part of its own, with what packs and unpacks them.

use sim::{SharedMoment, Text};

use crate::part;

/// What links and files can do.
#[derive(Debug)]
pub struct Share {
    /// Reads the state of a link, or the content of a file.
    pub read: fn(&str) -> Result<SharedMoment, Text>,
    /// The state of a link to a moment.
    pub link: fn(&SharedMoment) -> String,
    /// The content of a file with a moment.
    pub file: fn(&SharedMoment) -> String,
}

part!(share: Share = Share { read: SharedMoment::read, link: SharedMoment::link, file: SharedMoment::file });
