//! The checks: what is promised while at most f lie, and what is to be seen.

use sim::history::Model;
use sim::{Check, CheckKind, Checks, Judge, t};

use super::{Monitor, Pbft};

pub(super) const SAME_ORDER: usize = 0;
pub(super) const ONE_PREPARED: usize = 1;
pub(super) const ANSWERED: usize = 3;
pub(super) const EQUIVOCATED: usize = 4;
pub(super) const VIEW_CHANGED: usize = 5;
pub(super) const FOOLED: usize = 6;
pub(super) const NULL_REQUEST: usize = 7;

impl Checks for Pbft {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "same-order",
                t!("honest replicas carry out the same in the same order"),
                CheckKind::Always,
                t!(
                    "While at most f lie: no two honest replicas carry out different requests under one number. Who has lost its disk counts as a liar."
                ),
            ),
            check(
                "one-prepared",
                t!("one request is prepared for each number of a view"),
                CheckKind::Always,
                t!("While at most f lie: no two honest replicas have prepared different requests under one number of one view."),
            )
            .kept_by("quorum"),
            Check {
                judge: Judge::Linearizability(Model::KeyValue(Default::default())),
                ..check(
                    "linearizable",
                    t!("linearizable"),
                    CheckKind::Always,
                    t!(
                        "To clients it looks as if there were one honest server: each operation takes place at one moment between its call and its answer."
                    ),
                )
            },
            check(
                "answered",
                t!("all requests are answered"),
                CheckKind::Eventually,
                t!(
                    "Once the faults are over: no request is open for more than a second, and honest replicas have the same stable checkpoint."
                ),
            ),
            check(
                "equivocated",
                t!("the primary says different things"),
                CheckKind::Sometimes,
                t!("Two honest backups have taken different requests for one number of one view."),
            ),
            check(
                "view-changed",
                t!("another primary takes over"),
                CheckKind::Sometimes,
                t!("An honest replica has entered a view after the first one."),
            ),
            check(
                "fooled",
                t!("a client believes a wrong answer"),
                CheckKind::Sometimes,
                t!("A client has taken an answer that no honest replica gives."),
            ),
            check(
                "null-request",
                t!("a number is left empty"),
                CheckKind::Sometimes,
                t!("An honest replica has carried out a null request: a new view found nothing prepared for that number."),
            ),
        ]
    }
}
