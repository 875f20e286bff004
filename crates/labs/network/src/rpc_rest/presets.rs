//! Calls and requests as real systems make them.

use parts::values::{number, word};
use sim::{Preset, Presets, t};

use super::RpcRest;

impl Presets for RpcRest {
    fn presets() -> Vec<Preset> {
        vec![
            Preset {
                name: "grpc",
                title: t!("gRPC: no deadline unless one is set, and sent once"),
                source: "grpc.io/docs/guides/deadlines; grpc.io/docs/guides/retry",
                settings: vec![("deadline_ms", number(0)), ("semantics", word("maybe"))],
            },
            Preset {
                name: "grpc-a6",
                title: t!("gRPC with the retries of proposal A6: four attempts, from 0.1 to 1 second, throttled"),
                source: "github.com/grpc/proposal, A6-client-retries.md: retryPolicy and retryThrottling",
                settings: vec![
                    ("semantics", word("at-least-once")),
                    ("attempts", number(4)),
                    ("retry_ms", number(100)),
                    ("retry_most_ms", number(1_000)),
                    ("tokens", number(10)),
                ],
            },
            Preset {
                name: "urllib3",
                title: t!("urllib3 (Python): three retries, of idempotent methods only"),
                source: "github.com/urllib3/urllib3, src/urllib3/util/retry.py: DEFAULT and DEFAULT_ALLOWED_METHODS",
                settings: vec![("styles", word("rest")), ("attempts", number(4))],
            },
            Preset {
                name: "sun-rpc",
                title: t!("Sun RPC over UDP: at least once"),
                source: "RFC 5531, section 4: a repeated call that is answered was executed at least once",
                settings: vec![("styles", word("rpc")), ("semantics", word("at-least-once"))],
            },
        ]
    }
}
