//! The checks: what is promised, and what is to be seen.

use sim::{Check, CheckKind, Checks, t};

use super::{Generals, Monitor};

pub(super) const IC1: usize = 0;
pub(super) const IC2: usize = 1;
pub(super) const CONTRADICTION: usize = 2;
pub(super) const AGREED: usize = 3;
pub(super) const DISUNITY: usize = 4;

impl Checks for Generals {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "ic1",
                t!("enough generals: all loyal lieutenants do the same"),
                CheckKind::Always,
                t!(
                    "If at most m lie, and there are more than 3m generals or signatures, loyal lieutenants decide alike. Where a loyal one is down or late, nothing is promised."
                ),
            ),
            check(
                "ic2",
                t!("enough generals: a loyal commander is obeyed"),
                CheckKind::Always,
                t!("Under the same conditions, if the commander is loyal, all loyal lieutenants do what it has ordered (IC2)."),
            )
            .kept_by("majority"),
            check(
                "contradiction",
                t!("somebody is told one thing and its opposite"),
                CheckKind::Sometimes,
                t!("A loyal lieutenant has heard both orders in one battle: somebody lies, or something was late."),
            ),
            check(
                "agreed",
                t!("loyal generals agree although one lies"),
                CheckKind::Sometimes,
                t!("A traitor was among them, and all loyal generals have done the same."),
            ),
            check(
                "disunity",
                t!("loyal generals part"),
                CheckKind::Sometimes,
                t!("One loyal general attacks and another one retreats, in the same battle."),
            ),
        ]
    }
}
