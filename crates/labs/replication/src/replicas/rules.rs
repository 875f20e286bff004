//! The rules of replication, with their places in the literature.

use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, Text, t};

use super::Replicas;

impl Rules for Replicas {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            switch(
                "fencing",
                t!("Nodes refuse what is of an earlier epoch, and a primary that hears of a later one steps down"),
                "Kleppmann 2017, chapter 8, “Fencing tokens”; PacificA (Lin et al. 2008), the version of the configuration",
                "acknowledged-kept",
            ),
            switch(
                "rewind",
                t!("A replica makes its log that of the primary: what it has besides goes"),
                "PostgreSQL documentation, pg_rewind",
                "converged",
            ),
            switch(
                "lease",
                t!("A primary answers only while the observer lets nobody else be primary"),
                "Gray and Cheriton 1989; GFS (Ghemawat et al. 2003), section 3.1; PacificA (Lin et al. 2008), “Leases and Failure Detection”",
                "current-reads",
            ),
            switch(
                "ask_before_drop",
                t!("A primary waits for a silent replica until the observer has struck it off"),
                "PacificA (Lin et al. 2008), “Reconfiguration”: removing a secondary; Kafka: the controller keeps the in-sync replicas",
                "acknowledged-kept",
            ),
            switch(
                "in_sync_only",
                t!("Only a replica that is in sync becomes primary"),
                "PacificA (Lin et al. 2008), “Reconfiguration”: changing the primary; Kafka, unclean.leader.election.enable = false",
                "acknowledged-kept",
            ),
            switch(
                "read_committed",
                t!("Reads see only what replicas have as well"),
                "MySQL 8 manual, rpl_semi_sync_source_wait_point = AFTER_SYNC",
                "monotonic-reads",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Crash, Hazard::Pause, Hazard::Cut], ..Ground::default() }),
            switch(
                "read_your_writes",
                t!("A read of a session waits until the server has what the session has written"),
                "Terry et al. 1994, “Read Your Writes”; Kleppmann 2017, chapter 5, “Reading Your Own Writes”",
                "read-your-writes",
            ),
            switch(
                "monotonic_reads",
                t!("A read of a session waits until the server has what the session has seen"),
                "Terry et al. 1994, “Monotonic Reads”; Kleppmann 2017, chapter 5, “Monotonic Reads”",
                "monotonic-reads",
            ),
            cited(
                "append",
                t!("The primary writes a log, and the replicas carry it out in the same order"),
                "Kleppmann 2017, chapter 5, “Leaders and Followers”; PostgreSQL documentation, streaming replication",
            ),
            cited(
                "gap",
                t!("A replica that lacks entries is sent them from where its log ends"),
                "Kleppmann 2017, chapter 5, “Follower failure: Catch-up recovery”",
            ),
            cited(
                "acknowledge",
                t!("A write is acknowledged when as many replicas have it as the mode asks for"),
                "PostgreSQL documentation, synchronous_standby_names; MySQL 8 manual, “Semisynchronous Replication”",
            ),
            cited(
                "fall_back",
                t!("A semi-synchronous primary goes on alone when no replica answers in time"),
                "MySQL 8 manual, rpl_semi_sync_source_timeout",
            ),
            cited(
                "drop_silent",
                t!("A replica that is silent for too long is dropped from the in-sync set"),
                "Kafka, replica.lag.time.max.ms",
            ),
            cited(
                "take_back",
                t!("A replica counts as in sync again when it has caught up"),
                "PacificA (Lin et al. 2008), “Reconfiguration”: adding a secondary; Kafka, in-sync replicas",
            ),
            cited(
                "failover",
                t!("A primary that is silent for too long is replaced"),
                "Kleppmann 2017, chapter 5, “Leader failure: Failover”",
            ),
            cited(
                "most_advanced",
                t!("The replica with the longest log becomes primary"),
                "Kleppmann 2017, chapter 5, “Leader failure: Failover”: the one with the most up-to-date data changes",
            ),
            cited("promote", t!("A new primary opens an epoch of its own"), "PostgreSQL documentation, “Timelines”"),
            cited(
                "opening_entry",
                t!("A new primary answers reads when its first entry is committed: then it knows what else is"),
                "PacificA (Lin et al. 2008), “Reconciliation”; Raft paper, section 8",
            ),
            cited(
                "redirect",
                t!("Who cannot carry out a request names the primary"),
                "Kleppmann 2017, chapter 5, “Leaders and Followers”",
            ),
            cited(
                "once",
                t!("Requests are numbered, and a write takes place once"),
                "Kleppmann 2017, chapter 11, “Idempotence”",
            ),
        ]
    }
}

fn switch(name: &'static str, title: Text, source: &'static str, broken_check: &'static str) -> Rule {
    Rule::switch(name, title, source, broken_check)
}

fn cited(name: &'static str, title: Text, source: &'static str) -> Rule {
    Rule::cited(name, title, source)
}
