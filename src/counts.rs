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
