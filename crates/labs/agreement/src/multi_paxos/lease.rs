//! Leases: for a while a leader may answer reads by itself (Paxos Made Live, section 5.2).

use sim::{NodeId, t};

use super::Effects;
use super::ReadMode;
use super::server::{Grant, Part, Server};
use crate::paxos::Ballot;

/// So many rounds of heartbeats are kept.
const ROUNDS: usize = 64;

impl Server {
    /// From now on it promises nothing to others than the leader of this ballot, for a while.
    pub(super) fn grant(&mut self, to: Option<Ballot>, effects: &Effects<'_>) {
        if effects.config().read_mode == ReadMode::Lease {
            self.granted = Some(Grant { to, until_us: effects.monotonic_now() + effects.config().lease_us });
        }
    }

    /// Whether a lease keeps it from promising anything to this server.
    pub(super) fn is_bound_against(&self, candidate: NodeId, effects: &Effects<'_>) -> bool {
        let now_us = effects.monotonic_now();
        effects.config().read_mode == ReadMode::Lease
            && self
                .granted
                .is_some_and(|grant| now_us < grant.until_us && grant.to.and_then(Ballot::owner) != Some(candidate))
    }

    /// Says nothing to whoever asks for a promise meanwhile: the question comes again.
    pub(super) fn keep_lease(&self, from: NodeId, effects: &mut Effects<'_>) {
        let me = effects.me();
        effects.rule("lease");
        effects.note(|| t!("{node} promises nothing to {other} yet, and does not answer", node = me, other = from));
        effects.note(|| t!("It has granted a lease, or has started anew and may have: that has to run out first."));
    }

    /// A round of heartbeats begins: the leader is the first that grants the lease.
    pub(super) fn begin_lease(&mut self, ballot: Ballot, beat: u64, effects: &Effects<'_>) {
        let now_us = effects.monotonic_now();
        self.grant(Some(ballot), effects);
        let Part::Leader(leadership) = &mut self.part else { return };
        if effects.config().read_mode == ReadMode::Lease {
            leadership.rounds.push_back((beat, now_us));
            if leadership.rounds.len() > ROUNDS {
                leadership.rounds.pop_front();
            }
        }
    }

    /// Its lease counts from the sending of the last round that a majority has answered, and is a little shorter than what they grant.
    pub(super) fn count_lease(&mut self, effects: &Effects<'_>) {
        let config = effects.config();
        let (needed, own_us) = (config.majority(), config.lease_us * (100 - config.drift_percent) / 100);
        let Part::Leader(leadership) = &mut self.part else { return };
        let is_confirmed = |beat: u64| {
            // Itself, and those that have answered.
            1 + leadership.heard.iter().filter(|heard| **heard >= beat).count() as u32 >= needed
        };
        let confirmed = leadership.rounds.iter().rev().find(|(beat, _)| is_confirmed(*beat));
        if let Some((_, began_us)) = confirmed {
            leadership.lease_until_us = began_us + own_us;
        }
    }
}
