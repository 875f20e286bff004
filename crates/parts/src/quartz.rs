//! The quartz of a node, which nobody can set.

const MILLION: i64 = 1_000_000;

/// How wrong a quartz is. It cannot be set; a crash does not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quartz {
    pub offset_us: i64,
    pub drift_ppm: i64,
}

impl Quartz {
    /// What it shows when a right one shows `local_us`.
    pub fn shows(self, local_us: i64) -> i64 {
        local_us + self.offset_us + (i128::from(local_us) * i128::from(self.drift_ppm) / i128::from(MILLION)) as i64
    }
}
