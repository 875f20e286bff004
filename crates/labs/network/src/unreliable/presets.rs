//! Keys and waits as real systems have them.

use parts::values::number;
use sim::{Preset, Presets, t};

use super::UnreliableNetwork;

impl Presets for UnreliableNetwork {
    fn presets() -> Vec<Preset> {
        let window = |seconds: i64| vec![("window_s", number(seconds))];
        vec![
            Preset {
                name: "stripe",
                title: t!("Stripe API v1: keys for 24 hours, back-off from half a second to five"),
                source: "docs.stripe.com/api/idempotent_requests; github.com/stripe/stripe-java, src/main/java/com/stripe/net/HttpClient.java",
                settings: vec![
                    ("window_s", number(86_400)),
                    ("backoff_ms", number(500)),
                    ("backoff_most_ms", number(5_000)),
                ],
            },
            Preset {
                name: "sqs-fifo",
                title: t!("Amazon SQS FIFO: five minutes"),
                source: "docs.aws.amazon.com, SQS developer guide: message deduplication ID",
                settings: window(300),
            },
            Preset {
                name: "service-bus",
                title: t!("Azure Service Bus: ten minutes"),
                source: "learn.microsoft.com, Azure Service Bus duplicate message detection",
                settings: window(600),
            },
            Preset {
                name: "nats-jetstream",
                title: t!("NATS JetStream: two minutes"),
                source: "docs.nats.io, JetStream streams: duplicate window; github.com/nats-io/nats-server, server/stream.go",
                settings: window(120),
            },
        ]
    }
}
