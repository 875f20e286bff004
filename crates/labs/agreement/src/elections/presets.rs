//! Settings of real systems. The lowest number wins there: read the numbers turned round.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::Elections;

impl Presets for Elections {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "ceph",
                title: t!("Ceph monitors, classic strategy"),
                source: "src/common/options of Ceph: mon_election_timeout 5 s, mon_lease 5 s, mon_lease_renew_interval_factor 0.6, mon_lease_ack_timeout_factor 2",
                settings: vec![
                    ("nodes", number(3)),
                    ("guard", word("terms")),
                    ("answer_ms", number(5_000)),
                    ("beat_ms", number(3_000)),
                    ("wait_ms", number(10_000)),
                    ("work_ms", number(1_000)),
                ],
            },
            Preset {
                name: "elasticsearch-5",
                title: t!("Elasticsearch 5 (Zen), no minimum set"),
                source: "elastic.co/guide/en/elasticsearch/reference/5.6/modules-discovery-zen.html: discovery.zen.ping_timeout 3 s, discovery.zen.fd.ping_interval 1 s",
                settings: vec![
                    ("nodes", number(3)),
                    ("answer_ms", number(3_000)),
                    ("beat_ms", number(1_000)),
                    ("wait_ms", number(9_000)),
                    ("work_ms", number(1_000)),
                ],
            },
        ]
    }
}
