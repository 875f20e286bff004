//! Settings of real systems.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::MultiPaxos;

impl Presets for MultiPaxos {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "chubby",
                title: t!("Chubby: five replicas, and reads under a lease"),
                source: "Paxos Made Live, sections 2 (five replicas) and 5.2 (master leases)",
                settings: vec![("servers", number(5)), ("read_mode", word("lease"))],
            },
            Preset {
                name: "ceph",
                title: t!("Ceph's monitors, as they come"),
                source: "ceph/ceph, src/mon/Paxos.cc (extend_lease, reset_lease_timeout, propose_pending) and src/common/config_opts.h: mon_lease 5 s, renewed after 0.6 of it, and reads under it; an election after twice of it; one proposal at a time",
                settings: vec![
                    ("servers", number(3)),
                    ("window", number(1)),
                    ("read_mode", word("lease")),
                    ("lease_ms", number(5_000)),
                    ("heartbeat_ms", number(3_000)),
                    ("suspect_ms", number(10_000)),
                ],
            },
        ]
    }
}
