//! How long ago something was.

use sim::{Text, t};

use crate::dom;

const MINUTE_MS: u64 = 60_000;

/// "just now", "5 minutes ago", "yesterday".
pub fn ago(then_ms: u64, now_ms: u64) -> Text {
    let days = dom::local_day(now_ms) - dom::local_day(then_ms);
    match now_ms.saturating_sub(then_ms) / MINUTE_MS {
        0 => t!("just now"),
        1 => t!("a minute ago"),
        minutes @ 2..60 => t!("{count} minutes ago", count = minutes),
        60..120 if days == 0 => t!("an hour ago"),
        minutes if days == 0 => t!("{count} hours ago", count = minutes / 60),
        _ if days == 1 => t!("yesterday"),
        _ => t!("{count} days ago", count = days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_since_is_told_in_words() {
        let day = 24 * 60 * MINUTE_MS;
        let now = 100 * day + 20 * 60 * MINUTE_MS;
        for (before, words) in [
            (0, "just now"),
            (MINUTE_MS, "a minute ago"),
            (59 * MINUTE_MS, "59 minutes ago"),
            (60 * MINUTE_MS, "an hour ago"),
            (7 * 60 * MINUTE_MS, "7 hours ago"),
            (21 * 60 * MINUTE_MS, "yesterday"),
            (30 * 60 * MINUTE_MS, "yesterday"),
            (2 * day, "2 days ago"),
            (40 * day, "40 days ago"),
        ] {
            assert_eq!(ago(now - before, now).to_string(), words);
        }
        // A clock that was turned back.
        assert_eq!(ago(now + MINUTE_MS, now).to_string(), "just now");
    }
}
