//! What the balancer thinks of a server: active health checks, passive ejection, and the slow start afterwards.

use serde::Serialize;

#[cfg(test)]
mod tests;

/// The least share of its weight that a server gets in slow start, in parts of a thousand (as in Envoy).
const LEAST_PERMILLE: u64 = 100;

/// How the balancer finds out that a server is down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checks {
    /// From probe to probe, in microseconds; none where servers are not probed.
    pub interval_us: Option<u64>,
    /// So many failures in a row mark a server down.
    pub fall: u32,
    /// So many successes in a row mark it up again.
    pub rise: u32,
    /// After so many errors in a row among its answers a server is ejected; 0 for never.
    pub eject_after: u32,
    /// For so long, in microseconds.
    pub eject_us: u64,
    /// How long the balancer waits for a server's answer, in microseconds.
    pub timeout_us: u64,
}

/// The health of one server, as the balancer sees it. All times are on the balancer's clock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// Whether the health checks say so.
    pub is_up: bool,
    /// Checks passed in a row, while it is down; failed in a row, while it is up.
    pub streak: u32,
    /// Checks that it has passed and failed in all.
    pub passed: u32,
    pub failed: u32,
    /// The round whose probe it has not answered yet.
    pub asked: Option<u32>,
    /// Errors in a row among its answers.
    pub errors: u32,
    /// Until when it is ejected, in microseconds.
    pub ejected_until_us: Option<i64>,
    /// Since when it is up again, in microseconds; none if it has been up from the start.
    pub up_since_us: Option<i64>,
}

/// How a check changed the opinion of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Same,
    Down,
    Up,
}

impl Default for Health {
    /// As in HAProxy: a server is up until the checks say otherwise.
    fn default() -> Health {
        Health {
            is_up: true,
            streak: 0,
            passed: 0,
            failed: 0,
            asked: None,
            errors: 0,
            ejected_until_us: None,
            up_since_us: None,
        }
    }
}

impl Health {
    /// Whether requests may go there.
    pub fn is_available(&self, now_us: i64) -> bool {
        self.is_up && self.ejected_until_us.is_none_or(|until_us| now_us >= until_us)
    }

    /// A check has passed. With `readmits`, enough of them in a row bring a server back.
    pub fn pass(&mut self, now_us: i64, checks: &Checks, readmits: bool) -> Change {
        self.asked = None;
        self.passed += 1;
        if self.is_up {
            self.streak = 0;
            return Change::Same;
        }
        self.streak += 1;
        if self.streak < checks.rise || !readmits {
            return Change::Same;
        }
        (self.is_up, self.streak, self.errors) = (true, 0, 0);
        self.up_since_us = Some(now_us);
        Change::Up
    }

    /// A check has failed.
    pub fn fail(&mut self, checks: &Checks) -> Change {
        self.asked = None;
        self.failed += 1;
        if !self.is_up {
            self.streak = 0;
            return Change::Same;
        }
        self.streak += 1;
        if self.streak < checks.fall {
            return Change::Same;
        }
        (self.is_up, self.streak) = (false, 0);
        Change::Down
    }

    /// An answer came, or should have come: enough errors in a row eject the server for a while. Returns whether they did.
    pub fn hear(&mut self, is_error: bool, now_us: i64, checks: &Checks) -> bool {
        self.errors = if is_error { self.errors + 1 } else { 0 };
        if checks.eject_after == 0 || self.errors < checks.eject_after || !self.is_available(now_us) {
            return false;
        }
        let until_us = now_us + checks.eject_us as i64;
        (self.errors, self.ejected_until_us, self.up_since_us) = (0, Some(until_us), Some(until_us));
        true
    }

    /// Which part of its share it gets, in parts of a thousand: in slow start it grows evenly with time.
    pub fn share_permille(&self, now_us: i64, slow_start_us: u64) -> u64 {
        let Some(since_us) = self.up_since_us.filter(|_| slow_start_us > 0) else { return 1_000 };
        let gone_us = u64::try_from(now_us - since_us).unwrap_or(0);
        (gone_us.saturating_mul(1_000) / slow_start_us).clamp(LEAST_PERMILLE, 1_000)
    }
}
