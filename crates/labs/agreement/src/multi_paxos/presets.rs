//! The timeouts of a real system.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::MultiPaxos;

impl Presets for MultiPaxos {
    fn presets() -> Vec<Preset> {
        vec![Preset {
            name: "ceph",
            title: t!("Ceph's monitors, as they come"),
            source: "ceph/ceph, src/mon/Paxos.cc (extend_lease, reset_lease_timeout, propose_pending) and src/common/config_opts.h: mon_lease 5 s, renewed after 0.6 of it; an election after twice of it; one proposal at a time",
            settings: vec![
                ("servers", number(3)),
                ("window", number(1)),
                ("heartbeat_ms", number(3_000)),
                ("suspect_ms", number(10_000)),
            ],
        }]
    }
}
