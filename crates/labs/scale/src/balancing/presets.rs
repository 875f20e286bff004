//! How real balancers are set.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::LoadBalancing;

impl Presets for LoadBalancing {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "envoy",
                title: t!("Envoy: least request of two, outlier detection"),
                source: "Envoy API v3, cluster.proto and outlier_detection.proto",
                settings: vec![
                    ("policy", word("random-choices")),
                    ("choices", number(2)),
                    ("layer", word("requests")),
                    ("eject_after", number(5)),
                    ("eject_ms", number(30_000)),
                    ("probe_ms", number(0)),
                    ("server_timeout_ms", number(15_000)),
                ],
            },
            Preset {
                name: "nginx",
                title: t!("nginx, as it comes"),
                source: "nginx documentation, ngx_http_upstream_module and ngx_http_proxy_module",
                settings: vec![
                    ("policy", word("round-robin")),
                    ("layer", word("requests")),
                    ("eject_after", number(1)),
                    ("eject_ms", number(10_000)),
                    ("probe_ms", number(0)),
                    ("slow_start_ms", number(0)),
                    ("server_timeout_ms", number(60_000)),
                ],
            },
            Preset {
                name: "haproxy",
                title: t!("HAProxy with round robin and health checks"),
                source: "HAProxy configuration manual: balance, inter, fall, rise",
                settings: vec![
                    ("policy", word("round-robin")),
                    ("layer", word("requests")),
                    ("probe_ms", number(2_000)),
                    ("fall", number(3)),
                    ("rise", number(2)),
                    ("eject_after", number(0)),
                    ("slow_start_ms", number(0)),
                ],
            },
        ]
    }
}
