//! The checks: what a snapshot may tell, and what is to be seen.

use parts::values::word;
use sim::{Check, CheckKind, Checks, t};

use super::{Monitor, Snapshot};

pub(super) const CUT_CONSISTENT: usize = 0;
pub(super) const CHANNEL_EXACT: usize = 1;
pub(super) const MONEY_KEPT: usize = 2;
pub(super) const STABLE_TOLD_TRUE: usize = 3;
pub(super) const SNAPSHOT_ENDS: usize = 4;
pub(super) const NEVER_WAS: usize = 5;
pub(super) const IN_FLIGHT: usize = 6;
pub(super) const WRONG_TOTAL: usize = 7;

impl Checks for Snapshot {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let algorithms = |names: &[&str]| names.iter().map(|name| ("algorithm", word(name))).collect::<Vec<_>>();
        let applications = |names: &[&str]| names.iter().map(|name| ("application", word(name))).collect::<Vec<_>>();
        let of_papers = || algorithms(&["markers", "lai-yang"]);
        vec![
            check(
                "cut-consistent",
                t!("nothing is received before it is sent"),
                CheckKind::Always,
                t!("No snapshot has recorded that a message was received and, at its sender, that it was not sent yet."),
            )
            .promised_under(of_papers()),
            check(
                "channel-exact",
                t!("a recorded channel holds what was under way"),
                CheckKind::Always,
                t!(
                    "A recorded channel holds exactly what was sent before its sender recorded, and received after its receiver did."
                ),
            )
            .promised_under(of_papers()),
            check(
                "money-kept",
                t!("no money is missing, and none is made"),
                CheckKind::Always,
                t!("All recorded balances and channels together are the money of the start; of batons there is one."),
            )
            .promised_under([of_papers(), applications(&["bank", "token"])].concat()),
            check(
                "stable-told-true",
                t!("what has ended is told, and nothing else"),
                CheckKind::Always,
                t!(
                    "If a snapshot shows that all work is over, or the baton lost, it is so now. If it was so before, it is shown."
                ),
            )
            .kept_by("record_channels")
            .promised_under([of_papers(), applications(&["token", "work"])].concat()),
            check(
                "snapshot-ends",
                t!("each snapshot ends"),
                CheckKind::Eventually,
                t!("Once the faults are over, each snapshot that began more than 5 s ago is complete."),
            ),
            check(
                "never-was",
                t!("a state is recorded that never was"),
                CheckKind::Sometimes,
                t!("A snapshot is complete, and what it shows is at no moment what was, from its beginning on."),
            ),
            check(
                "in-flight",
                t!("a message is recorded under way"),
                CheckKind::Sometimes,
                t!("A complete snapshot has found a message in a channel: sent before, and received after."),
            ),
            check(
                "wrong-total",
                t!("a snapshot tells what is not so"),
                CheckKind::Sometimes,
                t!("A snapshot counts more or less than there is, or shows the end of work that goes on."),
            )
            .promised_under(algorithms(&["together", "clock"])),
        ]
    }
}
