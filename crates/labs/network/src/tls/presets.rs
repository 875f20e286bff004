//! Lifetimes and early data as real systems have them.

use parts::values::number;
use sim::{Preset, Presets, Value, t};

use super::Tls;

impl Presets for Tls {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "lets-encrypt",
                title: t!("Let's Encrypt: certificates for 90 days"),
                source: "letsencrypt.org/2015/11/09/why-90-days",
                settings: vec![("lifetime_days", number(90))],
            },
            Preset {
                name: "baseline-2029",
                title: t!("All public authorities from March 2029 on: 47 days at the most"),
                source: "cabforum.org, ballot SC081v3",
                settings: vec![("lifetime_days", number(47))],
            },
            Preset {
                name: "cdn-early-data",
                title: t!("Akamai: early data for GET requests only"),
                source: "techdocs.akamai.com/property-mgr/docs/early-data-0rtt",
                settings: vec![("early_post", Value::Flag(false))],
            },
        ]
    }
}
