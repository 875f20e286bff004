//! The checks: what a node claims of its clock, and what timestamps owe to cause and effect.
//!
//! The monitor knows the true time. What is claimed of a clock holds while nobody sets a clock by hand: those that do are left
//! out.

use serde::Serialize;
use sim::clock::Clock;
use sim::{Check, CheckKind, Checks, NodeId, Observation, Verdicts, t, time_us};

use super::hybrid::Hybrid;
use super::replica::{Replica, Stamp};
use super::settings::Timestamps;
use super::{ClockDrift, DriftNode, SERVER};
use parts::values::word;
use parts::words::signed;

const WITHIN_CLAIM: usize = 0;
const LATER_WINS: usize = 1;
const HYBRID_ORDER: usize = 2;
const HYBRID_AHEAD: usize = 3;
const CLOCKS_AGREE: usize = 4;
const CLOCK_BACK: usize = 5;

impl Checks for ClockDrift {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let hybrid = |check: Check| check.promised_under(vec![("timestamps", word("hybrid"))]);
        vec![
            check(
                "within-claim",
                t!("no clock is further off than its node claims"),
                CheckKind::Always,
                t!(
                    "Each node says how wrong its clock may be at the most. Its clock is never further from the true time than that."
                ),
            ),
            check(
                "later-wins",
                t!("a write wins over those that its writer had seen"),
                CheckKind::Always,
                t!(
                    "Whoever has seen a value and then writes another one finds its own there afterwards, not the old one."
                ),
            ),
            hybrid(check(
                "hybrid-order",
                t!("hybrid times grow from cause to effect"),
                CheckKind::Always,
                t!("The hybrid time of an event is larger than that of everything that could have caused it."),
            )),
            hybrid(check(
                "hybrid-ahead",
                t!("no hybrid time is ahead of all clocks heard of"),
                CheckKind::Always,
                t!(
                    "A hybrid time stays near real clocks: it never shows more than the largest clock that the node has heard of."
                ),
            )),
            check(
                "clocks-agree",
                t!("all clocks are near the true time"),
                CheckKind::Eventually,
                t!("Once the faults are over, all clocks come near the true time."),
            ),
            check(
                "clock-back",
                t!("a clock goes back"),
                CheckKind::Sometimes,
                t!("A clock is set to an earlier time, so that it shows some moments twice."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor {
    /// What it knows of each replica; none while that is down.
    known: Vec<Option<Known>>,
}

/// A replica as it was after the last event, or when it has just started.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Known {
    shown_us: i64,
    hybrid: Hybrid,
    own_writes: u64,
    heard_writes: u64,
}

impl sim::Monitor<DriftNode> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, DriftNode>, verdicts: &mut Verdicts) {
        self.known.resize(usize::from(seen.config.replicas), None);
        let mut are_all_near = true;
        for place in 0..self.known.len() {
            let id = NodeId::at(place + 1);
            let Some(replica) = seen.nodes.state(id).and_then(DriftNode::replica) else {
                self.known[place] = None;
                are_all_near = false;
                continue;
            };
            let local_us = seen.nodes.clock(id).shows(seen.at_us);
            let shown_us = replica.shows(id, local_us, seen.config);
            let error_us = shown_us - seen.at_us as i64;
            let claim_us = replica.claim_us(id, local_us, seen.config);
            are_all_near &= claim_us.is_some() && error_us.unsigned_abs() <= seen.config.near_us;
            if let Some(claim_us) =
                claim_us.filter(|claim_us| error_us.unsigned_abs() > *claim_us && is_untouched(id, seen))
            {
                verdicts.broken(WITHIN_CLAIM, &[id], || {
                    t!(
                        "The clock of {node} is off by {error}, and {node} claims that it is right within {claim}",
                        node = id,
                        error = signed(error_us),
                        claim = time_us(claim_us)
                    )
                });
            }
            let before = self.known[place];
            if let Some(before) = before {
                judge_clock(id, before.shown_us - shown_us, verdicts);
            }
            judge_writes(id, replica, shown_us, before.unwrap_or_default(), seen, verdicts);
            self.known[place] = Some(Known {
                shown_us,
                hybrid: replica.kept.hybrid,
                own_writes: replica.own_writes,
                heard_writes: replica.heard_writes,
            });
        }
        verdicts.reached(CLOCKS_AGREE, are_all_near);
    }
}

/// Whether nobody has set this clock or the server's by hand.
fn is_untouched(id: NodeId, seen: &Observation<'_, DriftNode>) -> bool {
    [id, SERVER].iter().all(|node| *seen.nodes.clock(*node) == Clock::TRUE)
}

fn judge_clock(id: NodeId, back_us: i64, verdicts: &mut Verdicts) {
    if back_us > 0 {
        verdicts.seen(CLOCK_BACK, &[id], || {
            t!("The clock of {node} goes back by {back}", node = id, back = signed(back_us))
        });
    }
}

/// Judges a write that this event has made or brought.
fn judge_writes(
    id: NodeId,
    replica: &Replica,
    shown_us: i64,
    before: Known,
    seen: &Observation<'_, DriftNode>,
    verdicts: &mut Verdicts,
) {
    let writes = replica.own_writes > before.own_writes;
    let heard = replica.heard.filter(|_| replica.heard_writes > before.heard_writes);
    if let (true, Some(own), Some(held)) = (writes, &replica.own, &replica.kept.register)
        && own != held
    {
        verdicts.broken(LATER_WINS, &[id, held.stamp.node], || {
            t!(
                "{node} had {held} when {value} was written, and acknowledged {value}: but {held} stays, since it is of {later} and {value} of {stamp}",
                node = id,
                held = held.value.clone(),
                value = own.value.clone(),
                later = held.stamp.text(),
                stamp = own.stamp.text()
            )
        });
    }
    if seen.config.timestamps == Timestamps::Hybrid && (writes || heard.is_some()) {
        let cause = heard.map_or(before.hybrid, |stamp| stamp.time.max(before.hybrid));
        judge_hybrid(id, replica.kept.hybrid, cause, shown_us, verdicts);
    }
}

/// Judges a hybrid time by the greatest one among its causes and by what the clock shows (Theorems 1 and 3 of the paper,
/// event by event).
fn judge_hybrid(id: NodeId, hybrid: Hybrid, cause: Hybrid, shown_us: i64, verdicts: &mut Verdicts) {
    if hybrid <= cause {
        verdicts.broken(HYBRID_ORDER, &[id], || {
            let text = |time| Stamp { time, node: id }.text();
            t!(
                "{node} gives the hybrid time {effect} to an event whose cause has {cause}",
                node = id,
                effect = text(hybrid),
                cause = text(cause)
            )
        });
    }
    let largest_us = cause.l_us.max(shown_us);
    if hybrid.l_us > largest_us {
        verdicts.broken(HYBRID_AHEAD, &[id], || {
            t!(
                "The hybrid time of {node} is {hybrid}, and it has heard of no clock that showed more than {largest}",
                node = id,
                hybrid = signed(hybrid.l_us),
                largest = signed(largest_us)
            )
        });
    }
}
