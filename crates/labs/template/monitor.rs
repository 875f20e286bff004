//! The checks: what must never happen, what can, and what comes in the end.

use serde::Serialize;
use sim::{Check, CheckKind, Checks, Observation, Verdicts, t};

use super::NewLab;
use super::{A, B, Node};

const COUNTED_ONCE: usize = 0;
const ANSWERED: usize = 1;
const PING_UNANSWERED: usize = 2;

impl Checks for NewLab {
    type Monitor = Monitor;

    /// The checks, in the order of the numbers above.
    fn checks() -> Vec<Check> {
        let check = Check::new;
        vec![
            check(
                "counted-once",
                t!("no answer counts twice"),
                CheckKind::Always,
                t!("A counts at most one answer for each ping that it has sent."),
            ),
            check(
                "answered",
                t!("some ping is answered"),
                CheckKind::Eventually,
                t!("Once the faults are over, a ping is answered."),
            ),
            check(
                "ping-unanswered",
                t!("a ping without an answer"),
                CheckKind::Sometimes,
                t!("A sends the next ping though it has had no answer to the last one."),
            ),
        ]
    }
}

/// Watches a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitor;

impl sim::Monitor<Node> for Monitor {
    fn observe(&mut self, seen: &Observation<'_, Node>, verdicts: &mut Verdicts) {
        let Some(node) = seen.nodes.state(A) else { return verdicts.reached(ANSWERED, false) };
        let (sent, answered) = (node.sent, node.answered);
        verdicts.reached(ANSWERED, answered > 0);
        if answered > sent {
            verdicts.broken(COUNTED_ONCE, &[A], || {
                t!(
                    "pings that {node} has sent: {sent}, answers counted: {answered}",
                    node = A,
                    sent = sent,
                    answered = answered
                )
            });
        }
        if answered + 1 < sent {
            verdicts.seen(PING_UNANSWERED, &[A, B], || {
                t!("{node} had no answer to a ping, and sent the next one", node = A)
            });
        }
    }
}
