//! Lifetimes and early data as real systems have them.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::Tls;

impl Presets for Tls {
    fn presets() -> Vec<Preset> {
        vec![Preset {
            name: "lets-encrypt",
            title: t!("Let's Encrypt: certificates for 90 days"),
            source: "letsencrypt.org/docs/faq: What is the lifetime for Let's Encrypt certificates?",
            settings: vec![("lifetime_days", number(90))],
        }]
    }
}
