//! Times in the words of those who set TTLs.

use sim::{Text, t, time_us};

/// So many seconds: "217 s", and in other units from two hours on.
pub fn seconds(seconds: u64) -> Text {
    match seconds {
        0..7_200 => t!("{seconds} s", seconds = seconds),
        _ => t!("{time}", time = time_us(seconds * 1_000_000)),
    }
}
