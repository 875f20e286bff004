//! How real resolvers and clients are set.

use parts::values::{number, word};
use sim::{Preset, Presets, Value, t};

use super::Dns;

impl Presets for Dns {
    fn presets() -> Vec<Preset> {
        let on = || Value::Flag(true);
        vec![
            Preset {
                name: "unbound",
                title: t!("Unbound, as it comes"),
                source: "NLnet Labs, unbound.conf(5): cache-max-ttl, cache-max-negative-ttl, max-sent-count, serve-expired",
                settings: vec![
                    ("max_ttl_s", number(86_400)),
                    ("max_negative_s", number(3_600)),
                    ("max_sent", number(32)),
                    ("max_stale_s", number(86_400)),
                ],
            },
            Preset {
                name: "bind",
                title: t!("BIND 9, as it comes"),
                source: "ISC, BIND 9.20, bin/named/config.c: max-cache-ttl, max-ncache-ttl, max-query-count, servfail-ttl, max-stale-ttl",
                settings: vec![
                    ("max_ttl_s", number(604_800)),
                    ("max_negative_s", number(10_800)),
                    ("max_sent", number(200)),
                    ("fail_ttl_s", number(1)),
                    ("max_stale_s", number(86_400)),
                ],
            },
            Preset {
                name: "rfc-8767",
                title: t!("Serve stale, as RFC 8767 suggests"),
                source: "RFC 8767, section 5: from 1 to 3 days, an answer after 1.8 s",
                settings: vec![("stale", on()), ("max_stale_s", number(259_200))],
            },
            Preset {
                name: "glibc",
                title: t!("The C library of Linux"),
                source: "resolv.conf(5): timeout, attempts; glibc, resolv.h: RES_TIMEOUT, RES_DFLRETRY",
                settings: vec![
                    ("stub_timeout_ms", number(5_000)),
                    ("stub_attempts", number(2)),
                    ("stub_cache", word("none")),
                ],
            },
            Preset {
                name: "jvm",
                title: t!("Java with a security manager: kept for ever"),
                source: "OpenJDK, java.security: networkaddress.cache.ttl",
                settings: vec![("stub_cache", word("ever"))],
            },
        ]
    }
}
