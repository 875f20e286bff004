//! How real balancers are set.

use sim::{Preset, Presets, Value, t};

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
                    ("choices", Value::Integer(2)),
                    ("layer", word("requests")),
                    ("eject_after", Value::Integer(5)),
                    ("eject_ms", Value::Integer(30_000)),
                    ("probe_ms", Value::Integer(0)),
                    ("server_timeout_ms", Value::Integer(15_000)),
                ],
            },
            Preset {
                name: "nginx",
                title: t!("nginx, as it comes"),
                source: "nginx documentation, ngx_http_upstream_module and ngx_http_proxy_module",
                settings: vec![
                    ("policy", word("round-robin")),
                    ("layer", word("requests")),
                    ("eject_after", Value::Integer(1)),
                    ("eject_ms", Value::Integer(10_000)),
                    ("probe_ms", Value::Integer(0)),
                    ("slow_start_ms", Value::Integer(0)),
                    ("server_timeout_ms", Value::Integer(60_000)),
                ],
            },
            Preset {
                name: "haproxy",
                title: t!("HAProxy with round robin and health checks"),
                source: "HAProxy configuration manual: balance, inter, fall, rise",
                settings: vec![
                    ("policy", word("round-robin")),
                    ("layer", word("requests")),
                    ("probe_ms", Value::Integer(2_000)),
                    ("fall", Value::Integer(3)),
                    ("rise", Value::Integer(2)),
                    ("eject_after", Value::Integer(0)),
                    ("slow_start_ms", Value::Integer(0)),
                ],
            },
        ]
    }
}

fn word(word: &str) -> Value {
    Value::Word(word.to_string())
}
