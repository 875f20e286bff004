//! Settings as real systems have them.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::Saga;

impl Presets for Saga {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "temporal",
                title: t!("Temporal, activities by default"),
                source: "Temporal documentation, retry policies: initial interval 1 s, backoff coefficient 2.0, maximum interval 100 times the initial one, attempts without end",
                settings: vec![
                    ("style", word("orchestration")),
                    ("recovery", word("forward")),
                    ("retry_ms", number(1_000)),
                    ("retry_most_ms", number(100_000)),
                ],
            },
            Preset {
                name: "step-functions",
                title: t!("AWS Step Functions, Retry by default"),
                source: "AWS documentation, RetryProps of the CDK for Step Functions: interval 1 s, backoff rate 2, at most 3 retries; what is caught then is the author’s",
                settings: vec![
                    ("style", word("orchestration")),
                    ("retry_ms", number(1_000)),
                    ("retry_most_ms", number(600_000)),
                    ("step_repeats", number(3)),
                    ("undo_repeats", number(3)),
                ],
            },
            Preset {
                name: "servicecomb",
                title: t!("Apache ServiceComb Saga, JSON API"),
                source: "apache/servicecomb-pack, docs/api/api.md as of pull request 322 (2018): a transaction is retried without end (retries -1), a compensation 3 times at most",
                settings: vec![("style", word("orchestration")), ("undo_repeats", number(3))],
            },
        ]
    }
}
