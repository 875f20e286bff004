//! The rules of calls and of HTTP, with their places in the literature.

use parts::values::{number, word};
use sim::hunt::{Ground, Hazard};
use sim::{Rule, Rules, t};

use super::RpcRest;

impl Rules for RpcRest {
    /// All rules: first those that can be switched off, then those that are only cited.
    fn rules() -> Vec<Rule> {
        let usual = Ground::default;
        let calls_only = || vec![("styles", word("rpc")), ("clients", number(1)), ("workload_ms", number(300))];
        vec![
            Rule::switch(
                "call_table",
                t!("A call that was carried out is not carried out again: its answer is repeated"),
                "Birrell and Nelson 1984, section 3.2: the table of the last call of each activity, by which duplicates are found",
                "at-most-once",
            ),
            Rule::switch(
                "server_life",
                t!("A call names the life of the server that it is for, and another life refuses it"),
                "Birrell and Nelson 1984, section 3.1: the unique identifier of the exporter, so that calls fail after a crash",
                "at-most-once",
            )
            .hunted_on(Ground { settings: calls_only(), hazards: vec![Hazard::Crash, Hazard::Loss], ..usual() }),
            Rule::switch(
                "time_left",
                t!("The time left travels with a call, and is looked at before work begins"),
                "gRPC, Deadlines: a server passes on the deadline that it was given, as a timeout from which what has passed is taken off",
                "no-late-work",
            )
            .hunted_on(Ground {
                settings: vec![("deadline_ms", number(400)), ("work_ms", number(150)), ("workload_ms", number(300))],
                ..usual()
            }),
            Rule::switch(
                "idempotent_only",
                t!("A program repeats only requests that are idempotent"),
                "RFC 9110, section 9.2.2: a proxy must not automatically retry non-idempotent requests",
                "at-most-once",
            ),
            Rule::switch(
                "safe_get",
                t!("A GET changes nothing: to cancel takes a DELETE"),
                "RFC 9110, section 9.2.1: safe methods, so that links can be followed by programs without fear of harm",
                "safe-get",
            ),
            Rule::switch(
                "if_match",
                t!("A change names the version that its author has seen (If-Match)"),
                "RFC 9110, section 13.1.1: If-Match prevents accidental overwrites when several act in parallel",
                "no-lost-update",
            ),
            Rule::switch(
                "invalidate",
                t!("A cache throws away what an unsafe request has passed through it for"),
                "RFC 9111, section 4.4: a cache must invalidate the target of an unsafe request that was answered without error",
                "own-change-seen",
            ),
            Rule::switch(
                "fresh",
                t!("A cache answers only with what is fresh: no older than it may keep it"),
                "RFC 9111, section 4.2: a stored response is used without asking only while its age is less than its freshness lifetime",
                "fresh-enough",
            )
            .hunted_on(Ground { settings: vec![("max_age_s", number(1))], ..usual() }),
            Rule::switch(
                "reincarnation",
                t!("A call of a later life of a caller ends the work for all earlier ones"),
                "Nelson 1981, on orphans: reincarnation",
                "no-orphans",
            )
            .hunted_on(Ground { settings: calls_only(), hazards: vec![Hazard::Crash], ..usual() }),
            Rule::switch(
                "stateless",
                t!("A request carries all that is needed to understand it"),
                "Fielding 2000, section 5.1.3: session state is kept entirely on the client",
                "goes-on",
            )
            .hunted_on(Ground { hazards: vec![Hazard::Crash], ..usual() }),
        ]
    }
}
