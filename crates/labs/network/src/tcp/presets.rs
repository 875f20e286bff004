//! How TCP is set in real systems, and in documents.

use parts::values::{number, word};
use sim::{Preset, Presets, Value, t};

use super::Tcp;

impl Presets for Tcp {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "rfcs",
                title: t!("as the RFCs say: a second, four segments, an MSL of two minutes"),
                source: "RFC 6298, sections 2.1 and 2.4; RFC 5681, sections 3.1 and 4.2 (at most 500 ms); RFC 9293, section 3.4.1 (MSL)",
                settings: vec![
                    ("rto_initial_ms", number(1_000)),
                    ("rto_min_ms", number(1_000)),
                    ("iw", number(4)),
                    ("delayed_ack_ms", number(500)),
                    ("msl_ms", number(120_000)),
                ],
            },
            Preset {
                name: "linux",
                title: t!("Linux, but for its CUBIC"),
                source: "torvalds/linux, include/net/tcp.h: TCP_TIMEOUT_INIT 1 s, TCP_RTO_MIN 200 ms, TCP_INIT_CWND 10, TCP_TIMEWAIT_LEN 60 s; Documentation/networking/ip-sysctl.rst: tcp_sack 1, tcp_retries2 15",
                settings: vec![
                    ("sack", Value::Flag(true)),
                    ("iw", number(10)),
                    ("rto_initial_ms", number(1_000)),
                    ("rto_min_ms", number(200)),
                    ("msl_ms", number(30_000)),
                    ("give_up", number(15)),
                ],
            },
            Preset {
                name: "before-1988",
                title: t!("before 1988: RFC 793 alone"),
                source: "RFC 793, section 3.7 (a timeout of β times the mean, β = 2); V. Jacobson and M. Karels, Congestion Avoidance and Control, 1988, on what was missing",
                settings: vec![("algorithm", word("none")), ("timeout", word("twice"))],
            },
        ]
    }
}
