//! The checks: what must never happen, what can, and what comes in the end.

use parts::values::word;
use sim::{Check, CheckKind, Checks, t};

use super::{Elections, Monitor};

pub const ONE_COORDINATOR: usize = 0;
pub const NEVER_STUCK: usize = 1;
pub const ONE_PER_TERM: usize = 2;
pub const DISK_IN_ORDER: usize = 3;
pub const AGREED: usize = 4;
pub const HIGHEST_LEADS: usize = 5;
pub const TWO_COORDINATORS: usize = 6;
pub const DISK_TORN: usize = 7;
pub const BULLIED: usize = 8;
pub const STALLED: usize = 9;

impl Checks for Elections {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        let bully = || ("algorithm", word("bully"));
        let with_terms = || vec![bully(), ("guard", word("terms"))];
        vec![
            check(
                "one-coordinator",
                t!("in time: all who have a coordinator have the same one"),
                CheckKind::Always,
                t!(
                    "All nodes that work name the same coordinator. That is promised until a message is late or lost, or a node stands still."
                ),
            )
            .promised_under(vec![bully()]),
            check(
                "never-stuck",
                t!("in time: soon after the last crash all work"),
                CheckKind::Always,
                t!(
                    "Some time after the last crash or start, every live node works under a live one. This too is promised only as long as everything is in time."
                ),
            )
            .promised_under(vec![bully(), ("guard", word("none"))]),
            check(
                "one-per-term",
                t!("one coordinator a term"),
                CheckKind::Always,
                t!("In each term at most one node becomes coordinator, whatever is late or lost. Only a lost disk ends that."),
            )
            .promised_under(with_terms()),
            check(
                "disk-in-order",
                t!("no old term writes after a new one"),
                CheckKind::Always,
                t!("The common disk takes no write of a term after a write of a later one. Only a lost disk ends that."),
            )
            .promised_under(with_terms()),
            check(
                "agreed",
                t!("all follow the same live coordinator"),
                CheckKind::Eventually,
                t!("Once the faults are over, all live nodes work, and under the same live node."),
            ),
            check(
                "highest-leads",
                t!("it is the one with the highest number"),
                CheckKind::Eventually,
                t!("The node that all follow is the live one with the highest number."),
            )
            .kept_by("recover_elects"),
            check(
                "two-coordinators",
                t!("two nodes give orders"),
                CheckKind::Sometimes,
                t!("Two nodes that are up both work as coordinator."),
            ),
            check(
                "disk-torn",
                t!("two coordinators write in turns"),
                CheckKind::Sometimes,
                t!("Between two writes of one election's coordinator, the common disk has taken one of another."),
            ),
            check(
                "bullied",
                t!("a working coordinator is replaced"),
                CheckKind::Sometimes,
                t!("A node that comes back takes over from a coordinator that was up and did nothing wrong."),
            )
            .promised_under(vec![bully()]),
            check(
                "stalled",
                t!("nobody leads for want of a majority"),
                CheckKind::Sometimes,
                t!("Nodes are up, but no part of them that can still talk is more than half of all: nobody leads."),
            )
            .promised_under(vec![bully(), ("guard", word("majority")), ("guard", word("terms"))]),
        ]
    }
}
