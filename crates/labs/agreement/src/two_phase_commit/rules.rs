//! The rules of atomic commitment, with their places in the literature.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::TwoPhaseCommit;

impl Rules for TwoPhaseCommit {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            Rule::switch(
                "force_prepared",
                t!("A service votes yes only when its promise is on disk"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4; Mohan, Lindsay and Obermarck 1986, section 2",
                "same-decision",
            ),
            Rule::switch(
                "force_decision",
                t!("A commit is told only when it is on disk"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4; Mohan, Lindsay and Obermarck 1986, section 2",
                "same-decision",
            ),
            Rule::switch(
                "wait_in_doubt",
                t!("A service that has voted yes waits for the outcome, however long it takes"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4, timeout actions",
                "same-decision",
            ),
            Rule::switch(
                "forget_after_acks",
                t!("The coordinator remembers a commit until all have acknowledged it"),
                "Mohan, Lindsay and Obermarck 1986, sections 2 and 3",
                "same-decision",
            ),
            Rule::switch(
                "all_votes",
                t!("Only if all vote yes, an order is committed"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.3, AC3",
                "commit-needs-all",
            ),
            Rule::switch(
                "hold_locks",
                t!("Locks are held until the outcome is known"),
                "Bernstein, Hadzilacos and Goodman 1987, section 3.2, strict two-phase locking",
                "linearizable",
            ),
            Rule::switch(
                "spare_prepared",
                t!("An older order never takes the lock of one that was promised"),
                "Rosenkrantz, Stearns and Lewis 1978, wound-wait: who is terminating is not wounded",
                "no-failure-commits",
            )
            // The older order has to come late where the younger one is promised already.
            .hunted_on(Ground {
                settings: vec![("workload_ms", number(10)), ("refuse_percent", number(0)), ("stock", number(100))],
                hazards: vec![Hazard::Disorder],
                ..Ground::default()
            }),
            Rule::switch(
                "ask",
                t!("Who waits for an answer asks again, and an outcome is told until it is acknowledged"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4, termination and recovery",
                "decided",
            ),
            Rule::cited(
                "work",
                t!("Before the vote each service does its part, and can undo it"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.3",
            ),
            Rule::cited(
                "lock",
                t!("Who touches something locks it first"),
                "Bernstein, Hadzilacos and Goodman 1987, section 3.2, strict two-phase locking",
            ),
            Rule::cited(
                "prepare",
                t!("The coordinator asks all to promise, and decides when it has all votes"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4",
            ),
            Rule::cited(
                "tell",
                t!("The decision is made when it is on the disk of the coordinator; then all are told"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4",
            ),
            Rule::cited(
                "collect",
                t!("Before the votes, the coordinator writes down whom it asks"),
                "Mohan, Lindsay and Obermarck 1986, section 3, presumed commit; Bernstein, Hadzilacos and Goodman 1987, section 7.5",
            ),
            Rule::cited(
                "precommit",
                t!("Three phases: nobody commits before all know that all said yes"),
                "Skeen 1981; Bernstein, Hadzilacos and Goodman 1987, section 7.5",
            ),
            Rule::cited(
                "terminate",
                t!("Three phases: if nobody that is there knows that all said yes, they abort; else they commit"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.5, termination protocol",
            ),
            Rule::cited(
                "abort_alone",
                t!("As long as it has not voted yes, a service may abort alone"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.3",
            ),
            Rule::cited(
                "read_only",
                t!("Who has only looked votes read-only, and is out of phase 2"),
                "Mohan, Lindsay and Obermarck 1986, section 3",
            ),
            Rule::cited(
                "presume",
                t!("What there is no record of ended as everybody presumes"),
                "Mohan, Lindsay and Obermarck 1986, section 3, presumed abort and presumed commit",
            ),
            Rule::cited(
                "cooperative",
                t!("A service in doubt asks the others: one that knows, or has not voted, can help"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4, cooperative termination protocol",
            ),
            Rule::cited(
                "recover",
                t!("Who restarts goes by its log"),
                "Bernstein, Hadzilacos and Goodman 1987, section 7.4, recovery",
            ),
            Rule::cited(
                "wound_wait",
                t!("An older order takes the lock of a younger one; a younger one waits"),
                "Rosenkrantz, Stearns and Lewis 1978, wound-wait",
            ),
            Rule::cited(
                "by_hand",
                t!("A person may end what is in doubt, and nobody warrants that the others end it so too"),
                "X/Open 1991, Distributed Transaction Processing: The XA Specification, heuristic completion",
            ),
        ]
    }
}
