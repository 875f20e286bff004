//! The prepared scenarios. Each runs the real protocol up to a moment worth looking at.

use parts::values::{number, word};
use sim::check::Outcome;
use sim::{Director, Input, NodeId, Prepared, Scenarios, Sight, Value, WorldOf, t};

use super::balancer::Balancer;
use super::{BalancingNode, LoadBalancing};

impl Scenarios for LoadBalancing {
    /// The scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<LoadBalancing>> {
        vec![
            Prepared {
                name: "slow-server",
                title: t!("One slow server, round robin"),
                summary: t!(
                    "Four servers get ten requests a second each. S3 takes three times as long since a few seconds, and still gets its turn: its queue grows, and one request in four is slow. Try other policies in the settings."
                ),
                seed: 1,
                settings: patient(),
                sight: Sight::CHARTS,
                direct: slow_server,
                expect: vec![("overflow", Outcome::NotSeen), ("all-end", Outcome::Reached)],
            },
            Prepared {
                name: "two-choices",
                title: t!("The same, with two random choices"),
                summary: t!(
                    "Of two servers drawn by lot, the one with fewer open requests gets the next one. S3 is as slow as before, and so it has more open and gets less: its queue stays short."
                ),
                seed: 1,
                settings: [patient(), vec![("policy", word("random-choices"))]].concat(),
                sight: Sight::CHARTS,
                direct: slow_server,
                expect: vec![("overflow", Outcome::NotSeen), ("all-end", Outcome::Reached)],
            },
            Prepared {
                name: "crash",
                title: t!("A crash, and how long until it is noticed"),
                summary: t!(
                    "S4 has just crashed. Each fourth request still goes there, and nobody will answer it, until three health checks in a row have failed."
                ),
                seed: 2,
                settings: vec![],
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_for_us(4_200_000);
                    let server = server(director, 3);
                    director.act(Input::Crash(server));
                },
                expect: vec![("crash-found", Outcome::Waiting), ("all-end", Outcome::Reached)],
            },
            Prepared {
                name: "cold-start",
                title: t!("A cold start"),
                summary: t!(
                    "S2 has been restarted and is up again. Its caches are empty: it takes four times as long, and gets a full share at once. Set a slow start in the settings, and look again."
                ),
                seed: 3,
                settings: vec![],
                sight: Sight::CHARTS,
                direct: cold_start,
                expect: vec![("crash-found", Outcome::Reached)],
            },
            Prepared {
                name: "slow-start",
                title: t!("A cold start with slow start"),
                summary: t!(
                    "The same restart. S2 gets a tenth of its share at first, and all of it after five seconds, when it is warm."
                ),
                seed: 3,
                settings: vec![("slow_start_ms", number(5_000))],
                sight: Sight::CHARTS,
                direct: cold_start,
                expect: vec![("crash-found", Outcome::Reached), ("overflow", Outcome::NotSeen)],
            },
            Prepared {
                name: "layer-4",
                title: t!("Six connections, four servers"),
                summary: t!(
                    "Six clients with ten requests a second each. On layer 4 a connection is balanced once: S1 and S2 have two clients and are overloaded, S3 and S4 have one. Balance each request instead (layer 7), and see."
                ),
                seed: 4,
                settings: vec![
                    ("layer", word("connections")),
                    ("clients", number(6)),
                    ("requests_per_second", number(60)),
                ],
                sight: Sight::CHARTS,
                direct: |director| director.run_for_us(6_000_000),
                expect: vec![("all-end", Outcome::Reached)],
            },
            Prepared {
                name: "retry-storm",
                title: t!("A retry storm"),
                summary: t!(
                    "The servers can do 80 requests a second, and only 60 come. For three seconds all of them were slow. They have been well again for five seconds, and hardly anything is served in time: each request that waits too long is sent up to three times more. Set the retries to 0, and in ten seconds nearly all is."
                ),
                seed: 5,
                settings: vec![
                    ("requests_per_second", number(60)),
                    ("retries", number(3)),
                    ("timeout_ms", number(600)),
                    ("server_timeout_ms", number(20_000)),
                    ("queue", number(60)),
                    ("policy", word("least-connections")),
                ],
                sight: Sight::CHARTS,
                direct: retry_storm,
                expect: vec![("overflow", Outcome::Seen)],
            },
            Prepared {
                name: "as-in-envoy",
                title: t!("Found out by its answers, as in Envoy"),
                summary: t!(
                    "No health checks: the balancer goes by what servers answer. S1 has crashed, five requests in a row have timed out, and so it is ejected for a while. When that is over it gets requests again, crashed or not."
                ),
                seed: 6,
                settings: vec![("probe_ms", number(0)), ("eject_after", number(5)), ("server_timeout_ms", number(500))],
                sight: Sight::CHARTS,
                direct: |director| {
                    director.run_for_us(2_000_000);
                    let server = server(director, 0);
                    director.act(Input::Crash(server));
                    director.run_until(|world| balancer(world).is_some_and(|balancer| !balancer.remarks.is_empty()));
                },
                expect: vec![("crash-found", Outcome::Waiting), ("all-down", Outcome::NotSeen)],
            },
            Prepared {
                name: "tail",
                title: t!("One request in a hundred takes a second"),
                summary: t!(
                    "Servers take 10 ms, but now and then one stops for a second, as in a garbage collection. Few requests meet it; a page that needs a hundred answers meets it nearly two times in three."
                ),
                seed: 7,
                settings: vec![
                    ("requests_per_second", number(100)),
                    ("workers", number(4)),
                    ("service", word("constant")),
                    ("service_us", number(10_000)),
                    ("hiccups_per_mille", number(10)),
                ],
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| director.run_for_us(3_000_000),
                expect: vec![("all-end", Outcome::Reached)],
            },
            Prepared {
                name: "ten-thousand",
                title: t!("Ten thousand requests a second"),
                summary: t!(
                    "Eight servers with eight workers each, busy for four fifths of their time, and two random choices. Slow one down, or crash it, while it runs."
                ),
                seed: 8,
                settings: vec![
                    ("policy", word("random-choices")),
                    ("requests_per_second", number(10_000)),
                    ("servers", number(8)),
                    ("workers", number(8)),
                    ("service_us", number(5_000)),
                    ("queue", number(100)),
                    ("probe_ms", number(20)),
                    ("server_timeout_ms", number(200)),
                    ("timeout_ms", number(500)),
                    ("delay_least_us", number(1_000)),
                    ("delay_most_us", number(5_000)),
                    ("window_ms", number(10)),
                    ("p99_bound_ms", number(50)),
                ],
                sight: Sight::CHARTS.in_real_time(),
                direct: |director| director.run_for_us(100_000),
                expect: vec![("all-end", Outcome::Reached), ("p99", Outcome::Reached), ("overflow", Outcome::NotSeen)],
            },
        ]
    }
}

/// Long queues, and everybody waits: it is the queues that are to be seen.
fn patient() -> Vec<(&'static str, Value)> {
    vec![
        ("queue", number(100)),
        ("timeout_ms", number(20_000)),
        ("server_timeout_ms", number(20_000)),
        ("window_ms", number(500)),
    ]
}

/// Slows the third server down, and waits until that shows.
fn slow_server(director: &mut Director<LoadBalancing>) {
    director.run_for_us(4_000_000);
    let server = server(director, 2);
    director.operate(server, "slow", &[Value::Integer(3)]);
    director.run_for_us(4_000_000);
}

/// Slows all servers down for a while, and waits until that is long over.
fn retry_storm(director: &mut Director<LoadBalancing>) {
    director.run_for_us(3_000_000);
    for times in [4, 1] {
        for place in 0..4 {
            let server = server(director, place);
            director.operate(server, "slow", &[Value::Integer(times)]);
        }
        director.run_for_us(if times > 1 { 3_000_000 } else { 5_000_000 });
    }
}

/// Restarts the second server, and waits until it gets requests again and a little longer.
fn cold_start(director: &mut Director<LoadBalancing>) {
    let server = server(director, 1);
    director.run_for_us(2_000_000);
    director.act(Input::Crash(server));
    director.run_until(|world| balancer(world).is_some_and(|balancer| !balancer.health[1].is_up));
    director.act(Input::Restart(server));
    director.run_until(|world| balancer(world).is_some_and(|balancer| balancer.health[1].is_up));
    director.run_for_us(1_500_000);
}

fn server(director: &Director<LoadBalancing>, place: usize) -> NodeId {
    director.world().config().server(place)
}

pub(super) fn balancer(world: WorldOf<'_, LoadBalancing>) -> Option<&Balancer> {
    world.nodes().state(world.config().balancer()).and_then(BalancingNode::balancer)
}
