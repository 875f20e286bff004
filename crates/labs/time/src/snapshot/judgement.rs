//! The judgement on a complete snapshot: whether what it tells could have been so.

use std::rc::Rc;

use serde::Serialize;
use sim::{NodeId, Verdicts, t};

use super::Monitor;
use super::application::expected;
use super::checks::{CHANNEL_EXACT, CUT_CONSISTENT, IN_FLIGHT, MONEY_KEPT, NEVER_WAS, STABLE_TOLD_TRUE, WRONG_TOTAL};
use super::global::Global;
use super::line::Backwards;
use super::recording::{Complete, SnapshotId};
use super::settings::{Application, Config};

/// A snapshot that is not complete.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Open {
    pub id: SnapshotId,
    pub began_us: u64,
    /// What was there when it began.
    pub total: u64,
    /// What had been taken from each channel then.
    pub taken: Vec<Vec<u64>>,
    /// The states of the whole system since then, as numbers, and the first ones as they were.
    pub digests: Vec<u64>,
    pub rows: Vec<Rc<Global>>,
}

/// A complete snapshot beside what really was.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub id: SnapshotId,
    pub recorded: Global,
    /// The first states of the whole system since it began.
    pub rows: Vec<Rc<Global>>,
    /// How many there were.
    pub passed: usize,
}

impl Monitor {
    /// A snapshot is complete.
    pub(super) fn judge(&mut self, complete: &Complete, config: &Config, verdicts: &mut Verdicts) {
        let Some(place) = self.open.iter().position(|open| open.id == complete.id) else { return };
        let open = self.open.remove(place);
        let initiator = complete.id.initiator;
        let recorded = Global::recorded(complete);
        self.judge_channels(complete, verdicts);
        if !recorded.is_quiet() {
            verdicts.seen(IN_FLIGHT, &[initiator], || {
                t!(
                    "{snapshot} has found messages under way: {count}",
                    snapshot = complete.id.text(),
                    count = complete.under_way()
                )
            });
        }
        if !open.digests.contains(&recorded.digest()) {
            verdicts.seen(NEVER_WAS, &[initiator], || {
                t!(
                    "{snapshot} has recorded none of the states that there were since it began: {count}",
                    snapshot = complete.id.text(),
                    count = open.digests.len()
                )
            });
        }
        let (total, now) = (recorded.total(), self.now().total());
        let is_bank = config.application == Application::Bank;
        let told = || match expected(config) {
            Some(all) => {
                t!("{snapshot} counts {total} of {all}", snapshot = complete.id.text(), total = total, all = all)
            }
            None if total == 0 => {
                t!("{snapshot} shows that all work is over, and there is work", snapshot = complete.id.text())
            }
            None => t!("{snapshot} shows work, and it was over before", snapshot = complete.id.text()),
        };
        // The token may be lost meanwhile: then both are right.
        let right = if is_bank { [expected(config).unwrap_or(0); 2] } else { [open.total, now] };
        if config.application != Application::Work && !right.contains(&total) {
            verdicts.broken(MONEY_KEPT, &[initiator], told);
        }
        let is_untrue = !is_bank && ((total == 0 && now > 0) || (total > 0 && open.total == 0));
        if is_untrue {
            verdicts.broken(STABLE_TOLD_TRUE, &[initiator], told);
        }
        if is_untrue || (config.application != Application::Work && !right.contains(&total)) {
            verdicts.seen(WRONG_TOTAL, &[initiator], told);
        }
        let passed = open.digests.len();
        self.judged = Some(Rc::new(Judged { id: complete.id, recorded, rows: open.rows, passed }));
    }

    /// Each channel by the numbers of its messages.
    fn judge_channels(&self, complete: &Complete, verdicts: &mut Verdicts) {
        for (from, sender) in complete.parts.iter().enumerate() {
            for (to, receiver) in complete.parts.iter().enumerate().filter(|(to, _)| *to != from) {
                let ledger = &self.ledgers[from][to];
                let (sent, taken) = (sender.sent[to], &receiver.taken[from]);
                let (a, b) = (NodeId::at(from), NodeId::at(to));
                if let Some(load) = ledger.backwards(sent, taken) {
                    verdicts.broken(CUT_CONSISTENT, &[a, b], || Backwards { from: a, to: b, load }.text());
                }
                let Some(channel) = &receiver.channels[from] else { continue };
                let mut recorded = channel.loads.clone();
                recorded.sort_unstable_by_key(|(number, _)| *number);
                if !ledger.crossing(sent, taken).eq(recorded.iter().copied()) {
                    verdicts.broken(CHANNEL_EXACT, &[a, b], || {
                        t!(
                            "In {snapshot} the channel from {from} to {to} holds messages: {recorded}; under way were: {right}",
                            snapshot = complete.id.text(),
                            from = a,
                            to = b,
                            recorded = recorded.len(),
                            right = ledger.crossing(sent, taken).count()
                        )
                    });
                }
            }
        }
    }
}
