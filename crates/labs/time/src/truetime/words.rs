//! Timestamps in words.

use parts::words::exact;
use sim::Text;

/// A timestamp, in milliseconds since the run began.
pub fn stamp(us: i64) -> Text {
    exact(us)
}
