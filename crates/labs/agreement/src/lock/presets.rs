//! Settings as real systems have them.

use parts::values::{number, word};
use sim::{Preset, Presets, Value, t};

use super::Lock;

impl Presets for Lock {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "etcd",
                title: t!("etcd, a session"),
                source: "etcd, clientv3/concurrency/session.go: defaultSessionTTL = 60 s",
                settings: vec![("ttl_ms", number(60_000)), ("keepalive_ms", number(20_000))],
            },
            Preset {
                name: "consul",
                title: t!("Consul, the lock delay"),
                source: "Consul session API: lock-delay between 0 and 60 s, 15 s by default",
                settings: vec![("lock_delay_ms", number(15_000))],
            },
            Preset {
                name: "chubby",
                title: t!("Chubby, with its longest lock delay"),
                source: "Burrows 2006, section 2.8: a lease is extended by 12 s; section 2.4: a lock delay of at most one minute",
                settings: vec![
                    ("ttl_ms", number(12_000)),
                    ("keepalive_ms", number(10_000)),
                    ("lock_delay_ms", number(60_000)),
                ],
            },
            Preset {
                name: "kubernetes",
                title: t!("Kubernetes, electing a leader"),
                source: "Kubernetes, component-base/config/v1alpha1/defaults.go: LeaseDuration 15 s, RetryPeriod 2 s; client-go, package leaderelection: no fencing",
                settings: vec![
                    ("scheme", word("single")),
                    ("ttl_ms", number(15_000)),
                    ("keepalive_ms", number(2_000)),
                    ("retry_ms", number(2_000)),
                    ("check_lease", Value::Flag(true)),
                ],
            },
            Preset {
                name: "redisson",
                title: t!("Redisson, with its watchdog"),
                source: "Redisson, Config.lockWatchdogTimeout = 30 s; renewed each third of that",
                settings: vec![
                    ("scheme", word("single")),
                    ("ttl_ms", number(30_000)),
                    ("keepalive_ms", number(10_000)),
                ],
            },
            Preset {
                name: "redlock",
                title: t!("Redlock as documented"),
                source: "Redis documentation, Distributed Locks with Redis: 10 s, 5 to 50 ms a server; redlock-rb: tries again within 200 ms",
                settings: vec![
                    ("scheme", word("redlock")),
                    ("ttl_ms", number(10_000)),
                    ("answer_ms", number(50)),
                    ("retry_ms", number(200)),
                ],
            },
        ]
    }
}
