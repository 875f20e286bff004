//! The rules of locks, with their places in the literature.

use sim::{Rule, Rules, t};

use super::Lock;

impl Rules for Lock {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        vec![
            Rule::switch(
                "fencing",
                t!("The stock refuses a token that is lower than one it has seen"),
                "Kleppmann 2016, How to do distributed locking, Making the lock safe with fencing; Burrows 2006, section 2.4, sequencers",
                "never-oversold",
            ),
            Rule::switch(
                "token_on_read",
                t!("Reads carry the token too, and the stock notes it"),
                "Follows from Kleppmann 2016: what is read before a write has to be fenced with it",
                "never-oversold",
            ),
            Rule::switch(
                "owner_only",
                t!("A release frees the lock of its sender only"),
                "Redis documentation, Distributed Locks with Redis, Correct implementation with a single instance",
                "own-release",
            ),
            Rule::switch(
                "lock_on_disk",
                t!("The lock service keeps sessions and tokens on disk"),
                "Burrows 2006, section 2.9, fail-overs; Kleppmann 2016, Making the lock safe with fencing: the token increases each time",
                "tokens-grow",
            ),
            Rule::switch(
                "expiry",
                t!("A lock that nobody renews runs out"),
                "Gray and Cheriton 1989, section 2",
                "lock-freed",
            ),
            Rule::cited(
                "tokens",
                t!("Each grant has a higher token than all before"),
                "Kleppmann 2016, Making the lock safe with fencing; Burrows 2006, section 2.4, lock generation number",
            ),
            Rule::cited(
                "queue",
                t!("Who waits is served in turn"),
                "Hunt et al. 2010, ZooKeeper, section 2.4, simple locks without herd effect; etcd, package concurrency, Mutex: the lowest revision holds the lock",
            ),
            Rule::cited(
                "renew",
                t!("Whoever is alive says so, and its time begins anew"),
                "Gray and Cheriton 1989, section 2; Burrows 2006, section 2.8",
            ),
            Rule::cited(
                "own_clock",
                t!("Who has a lock counts its time from when it asked, on its own clock"),
                "Gray and Cheriton 1989, section 2; Redis documentation, The Redlock Algorithm, step 4",
            ),
            Rule::cited(
                "lock_delay",
                t!("A lock that nobody released stays shut for a while"),
                "Burrows 2006, section 2.4, lock-delay",
            ),
            Rule::cited(
                "set_if_absent",
                t!("The key is set only where there is none"),
                "Redis documentation, Distributed Locks with Redis, SET with NX and PX",
            ),
            Rule::cited(
                "majority",
                t!("Who has the key on a majority of servers, and in time, has the lock"),
                "Redis documentation, Distributed Locks with Redis, The Redlock Algorithm, steps 2 to 5",
            ),
            Rule::cited(
                "memory",
                t!("A key is kept in memory"),
                "Redis documentation, Distributed Locks with Redis, Performance, crash-recovery and fsync",
            ),
            Rule::cited(
                "silence",
                t!("A server that restarts is silent until all that it knew has run out"),
                "Redis documentation, Distributed Locks with Redis, Performance, crash-recovery and fsync",
            ),
            Rule::cited(
                "once",
                t!("A write is taken once"),
                "Kleppmann 2017, Designing Data-Intensive Applications, chapter 12",
            ),
            Rule::cited("restart", t!("Who restarts has lost its lock, and asks anew"), "Burrows 2006, section 2.8"),
            Rule::cited("no_lock", t!("Without a lock, anybody reads and writes at any time"), "Kleppmann 2016"),
        ]
    }
}
