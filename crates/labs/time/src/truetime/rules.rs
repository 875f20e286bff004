//! The rules of TrueTime and of transactions, with their places in the paper.

use parts::values::number;
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::TrueTime;

impl Rules for TrueTime {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "commit_wait",
                t!("A coordinator tells nobody before the timestamp has certainly passed"),
                "Corbett et al. 2012, section 4.1.2: commit wait",
                "external-consistency",
            ),
            switch(
                "start_latest",
                t!("A timestamp is later than the latest that it may have been when the commit was asked for"),
                "Corbett et al. 2012, section 4.1.2: start; 4.2.1",
                "external-consistency",
            )
            .hunted_on(busy()),
            switch(
                "growing_epsilon",
                t!("The interval grows with the age of the last answer, since a quartz drifts"),
                "Corbett et al. 2012, section 3",
                "interval-honest",
            ),
            switch(
                "safe_time",
                t!("A replica answers as of a moment only if nothing can be committed up to then any more"),
                "Corbett et al. 2012, section 4.1.3",
                "snapshot-fixed",
            ),
            switch(
                "prepare_floor",
                t!("The timestamp of a commit is not earlier than any prepare timestamp"),
                "Corbett et al. 2012, section 4.2.1",
                "snapshot-fixed",
            )
            .hunted_on(busy()),
            switch(
                "locks_to_the_end",
                t!("Locks are kept until the commit is applied"),
                "Corbett et al. 2012, section 4.2.1; two-phase locking",
                "linearizable",
            ),
            cited(
                "prepare",
                t!("A participant prepares with a timestamp later than all it has given"),
                "Corbett et al. 2012, section 4.2.1",
            ),
            cited(
                "liars",
                t!("A time master that contradicts the others is not believed"),
                "Corbett et al. 2012, section 3; Marzullo and Owicki 1983",
            ),
            cited(
                "one_answer",
                t!("An answer of a time master counts only for the question that is open"),
                "RFC 5905, section 8: duplicate and bogus packets",
            ),
            cited(
                "read_latest",
                t!("A read of several groups takes the latest that it may be now"),
                "Corbett et al. 2012, section 4.2.2: s_read = TT.now().latest",
            ),
            cited(
                "last_ts",
                t!("A read of one group takes the timestamp of its last commit, if nothing is prepared"),
                "Corbett et al. 2012, section 4.2.2: LastTS()",
            ),
            cited(
                "min_next_ts",
                t!("A leader promises up to which moment nothing more will be committed"),
                "Corbett et al. 2012, section 4.2.4: MinNextTS()",
            ),
            cited(
                "wound_wait",
                t!("Who is older takes the lock of who is younger; who is younger waits"),
                "Rosenkrantz, Stearns and Lewis 1978; Corbett et al. 2012, section 4.2.1",
            ),
            cited(
                "boots",
                t!("A lock is gone with the life of its leader"),
                "Corbett et al. 2012, section 4.2.1: leaders change, and locks are in their memory",
            ),
            cited(
                "presumed_abort",
                t!("A coordinator that knows nothing of a transaction has aborted it"),
                "Mohan, Lindsay and Obermarck 1986: presumed abort",
            ),
            cited("once", t!("Each try of a client is carried out once"), "Corbett et al. 2012, section 4.2.1"),
            cited(
                "alive",
                t!("Clients say that they are still there, and leaders drop who does not"),
                "Corbett et al. 2012, section 4.2.1: keepalive messages",
            ),
        ]
    }
}

/// Clients that hardly rest, and messages that come early or late: what is judged is a matter of some milliseconds.
fn busy() -> Ground {
    let settings = vec![("workload_ms", number(15)), ("replicas", number(0))];
    Ground { settings, hazards: vec![Hazard::Disorder], ..Ground::default() }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
