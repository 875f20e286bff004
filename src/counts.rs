//! How many of something, in words.

use sim::{Text, t};

pub fn events(count: u64) -> Text {
    match count {
        1 => t!("1 event"),
        _ => t!("{count} events", count = count),
    }
}

pub fn inputs(count: u64) -> Text {
    match count {
        1 => t!("1 input"),
        _ => t!("{count} inputs", count = count),
    }
}

pub fn runs(count: u64) -> Text {
    match count {
        1 => t!("1 run"),
        _ => t!("{count} runs", count = count),
    }
}

pub fn branches(count: usize) -> Text {
    match count {
        1 => t!("1 branch"),
        _ => t!("{count} branches", count = count),
    }
}

/// What a person did to a run.
pub fn acts(count: usize) -> Text {
    match count {
        1 => t!("1 act"),
        _ => t!("{count} acts", count = count),
    }
}

pub fn bookmarks(count: usize) -> Text {
    match count {
        1 => t!("1 bookmark"),
        _ => t!("{count} bookmarks", count = count),
    }
}
