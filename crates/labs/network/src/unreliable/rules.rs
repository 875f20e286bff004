//! The rules of a payment over an unreliable network, with their places in the literature.

use parts::values::{number, word};
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::UnreliableNetwork;

impl Rules for UnreliableNetwork {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            Rule::switch(
                "same_key",
                t!("A retry carries the key of the first attempt"),
                "Stripe, Idempotent requests: the client generates a key by which the server recognizes retries of the same request",
                "at-most-once",
            ),
            Rule::switch(
                "key_first",
                t!("A client writes its key to disk before it sends"),
                "Gray 1978, section 5.8: intentions are on stable storage before they show; draft-ietf-httpapi-idempotency-key-header, section 2.2",
                "at-most-once",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Crash, Hazard::Loss], ..Ground::default() }),
            Rule::switch(
                "one_write",
                t!("Effect and key reach the disk in one write"),
                "Gray 1978: all of a transaction is done, or nothing of it",
                "at-most-once",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Crash, Hazard::Loss], ..Ground::default() }),
            Rule::switch(
                "keep_answer",
                t!("A repeat gets the answer that was kept"),
                "Stripe, Idempotent requests: the status and the body of the first result are saved, and sent again",
                "told-failed",
            ),
            Rule::switch(
                "write_first",
                t!("The ledger writes to disk before it answers"),
                "Gray 1978: the log is forced before the commit is told",
                "told-done",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Crash, Hazard::Loss], ..Ground::default() }),
            Rule::switch(
                "end_to_end",
                t!("Each end checks what the other end has made"),
                "Saltzer, Reed and Clark 1984, section 2: careful file transfer needs a check from end to end",
                "right-effect",
            ),
            Rule::switch(
                "outdated",
                t!("An older limit does not follow a newer one"),
                "Birrell and Nelson 1984, section 3.2: call identifiers of one activity only go up, and what is below the last one is discarded",
                "no-stale-set",
            )
            .hunted_on(Ground {
                settings: vec![("semantics", word("at-least-once")), ("workload_ms", number(20)), ("clients", number(1))],
                hazards: vec![Hazard::Copy, Hazard::Disorder],
                ..Ground::default()
            }),
            Rule::switch(
                "retry",
                t!("A client that hears nothing tries again, and gives up in the end"),
                "Birrell and Nelson 1984, section 3.2: the caller retransmits until there is an acknowledgement, or gives up",
                "all-end",
            ),
            Rule::cited(
                "last_message",
                t!("Whoever sends the last messenger does not know whether it came"),
                "Gray 1978, section 5.8.3.3.1; Lynch 1996, theorem 5.1",
            ),
            Rule::cited(
                "levels",
                t!("Levels of two generals differ by one at the most"),
                "Lynch 1996, section 5.2: RandomAttack",
            ),
        ]
    }
}
