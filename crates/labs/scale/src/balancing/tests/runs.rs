//! Whole runs: what policies, crashes and restarts do, and that the checks hold whatever is set.

use parts::values::{number, word};
use proptest::prelude::*;
use sim::hunt::Hunt;
use sim::probe::Probe;
use sim::{Director, Input, NodeId, Of, Scenarios, Value};

use super::super::scenarios::balancer;
use super::super::{Answer, BalancingNode, Disk, LoadBalancing, Message, Protocol, RequestId, Timer};
use super::{config, director, servers, settings};

fn queue_of(director: &Director<LoadBalancing>, place: usize) -> usize {
    servers(director.world()).nth(place).expect("a server").station.queue.len()
}

/// How much each server has been given.
fn shares(director: &Director<LoadBalancing>) -> Vec<u64> {
    servers(director.world())
        .map(|server| server.station.begun + server.station.queue.len() as u64 + server.station.refused)
        .collect()
}

fn slowed(policy: &str) -> Director<LoadBalancing> {
    let mut director = director(&[("policy", word(policy)), ("queue", number(1_000))], 1);
    let server = director.world().config().server(2);
    director.operate(server, "slow", &[Value::Integer(3)]);
    director.run_until_us(20_000_000);
    director
}

/// Round robin does not look at queues; those that do keep the queue of a slow server short.
#[test]
fn only_policies_that_look_at_queues_spare_the_slow_server() {
    let [blind, two, least] =
        ["round-robin", "random-choices", "least-connections"].map(|policy| queue_of(&slowed(policy), 2));
    println!("{blind} wait with round robin, {two} with two choices, {least} with least connections");
    assert!(blind > 30 && two < 10 && least < 10);
}

/// After three failed checks a crashed server gets nothing more; restarted, it comes back after two that it passes.
#[test]
fn a_crash_is_found_by_health_checks() {
    let mut director = director(&[], 2);
    director.run_until_us(2_100_000);
    let server = director.world().config().server(3);
    director.act(Input::Crash(server));
    director.run_for_us(2_100_000);
    let health = |director: &Director<LoadBalancing>| balancer(director.world()).expect("it is up").health[3].clone();
    assert!(!health(&director).is_up && health(&director).failed == 3);
    director.run_for_us(1_000_000);
    assert_eq!(balancer(director.world()).expect("it is up").open[3], 0);
    director.act(Input::Restart(server));
    director.run_for_us(1_600_000);
    assert!(health(&director).is_up);
}

/// With slow start a server that comes back gets less than without.
#[test]
fn slow_start_spares_a_cold_server() {
    let begun = |slow_start_ms: i64| {
        let mut director = director(&[("slow_start_ms", number(slow_start_ms)), ("queue", number(1_000))], 3);
        let server = director.world().config().server(1);
        director.act(Input::Crash(server));
        director.run_until_us(2_600_000);
        director.act(Input::Restart(server));
        director.run_until(|world| balancer(world).is_some_and(|balancer| balancer.health[1].is_up));
        director.run_for_us(3_000_000);
        shares(&director)[1]
    };
    let (with, without) = (begun(10_000), begun(0));
    println!("{with} requests with slow start, {without} without");
    assert!(with * 2 < without);
}

/// Layer 4: all requests of a connection go the same way. Layer 7: each has its turn.
#[test]
fn connections_stick_and_requests_do_not() {
    let run = |layer: &str| {
        let mut director = director(&[("layer", word(layer)), ("clients", number(1))], 4);
        director.run_until_us(5_000_000);
        shares(&director)
    };
    let (connection, requests) = (run("connections"), run("requests"));
    assert_eq!(connection.iter().filter(|share| **share > 0).count(), 1, "{connection:?}");
    assert!(requests.iter().max().unwrap() - requests.iter().min().unwrap() <= 1, "{requests:?}");
}

/// A change of the policy takes hold at once: settings can change while it runs.
#[test]
fn the_policy_can_change_while_it_runs() {
    let mut director = director(&[], 5);
    director.run_until_us(2_000_000);
    director.act(Input::Set { name: "policy".to_string(), value: word("hash") });
    let before = shares(&director);
    director.run_for_us(3_000_000);
    let grown: Vec<u64> = shares(&director).iter().zip(before).map(|(now, before)| now - before).collect();
    let (_, _, refusals) = director.finish();
    assert!(refusals.is_empty());
    // Four clients have at most four servers, and here not each its own.
    assert!(grown.iter().any(|share| *share < 5), "{grown:?}");
}

/// What is sent is served, failed, or under way.
#[test]
fn nothing_is_lost_from_the_books() {
    let changes = [("requests_per_second", number(200)), ("retries", number(2)), ("timeout_ms", number(300))];
    let mut director = director(&changes, 6);
    director.run_until_us(10_000_000);
    let world = director.world();
    let clients = world.nodes().ids().filter_map(|id| world.nodes().state(id).and_then(BalancingNode::client));
    for client in clients {
        assert_eq!(client.sent, client.served + client.failed + client.open.len() as u32);
        assert!(client.retried > 0 && client.failed > 0);
    }
}

/// The state stays small however long the run is: snapshots copy it.
#[test]
fn the_state_does_not_grow() {
    let mut director = director(&[("requests_per_second", number(70)), ("window_ms", number(10))], 7);
    let size = |director: &Director<LoadBalancing>| {
        let balancer = balancer(director.world()).expect("it is up");
        (balancer.statistics.points.len(), balancer.remarks.len(), balancer.flights.len())
    };
    director.run_until_us(3_000_000);
    let early = size(&director);
    director.run_until_us(60_000_000);
    assert_eq!((early.0, size(&director).0), (120, 120));
    assert!(size(&director).1 <= 8 && size(&director).2 < 100);
}

/// The balancer forgets everything in a crash, and answers to its earlier life do not confuse it.
#[test]
fn a_balancer_starts_anew() {
    let mut director = director(&[], 8);
    director.run_until_us(3_000_000);
    let node: NodeId = director.world().config().balancer();
    director.act(Input::Crash(node));
    director.act(Input::Restart(node));
    director.run_for_us(10_000);
    director.run_for_us(5_000_000);
    let balancer = balancer(director.world()).expect("it is up");
    assert_eq!(balancer.open.iter().sum::<u32>() as usize, balancer.flights.len());
    assert!(balancer.answered > 100);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is set and whatever goes wrong: requests end once, servers that are down get none and come back.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        policy in prop::sample::select(vec!["round-robin", "random", "least-connections", "random-choices", "weighted", "hash"]),
        layer in prop::sample::select(vec!["requests", "connections"]),
        servers in 1_i64..6,
        queue in 0_i64..6,
        retries in 0_i64..4,
        timeout_ms in 20_i64..1_000,
        probe_ms in 0_i64..300,
        fall in 1_i64..4,
        rise in 1_i64..4,
        eject_after in 0_i64..4,
        slow_start_ms in 0_i64..2_000,
    ) {
        let changes = [
            ("policy", word(policy)),
            ("layer", word(layer)),
            ("servers", number(servers)),
            ("queue", number(queue)),
            ("retries", number(retries)),
            ("timeout_ms", number(timeout_ms)),
            ("probe_ms", number(probe_ms)),
            ("fall", number(fall)),
            ("rise", number(rise)),
            ("eject_after", number(eject_after)),
            ("slow_start_ms", number(slow_start_ms)),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<LoadBalancing>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}

/// After the faults every request ends, and every server that runs is up.
#[test]
fn everything_comes_right_after_the_faults() {
    for check in ["all-end", "crash-found"] {
        let hunt = Hunt::new(Of::<LoadBalancing>::LAB, settings(&[])).for_check(check).expect("a check");
        let find = hunt.search(0..150, |_| true).expect("settings");
        assert_eq!(find, None, "{check}");
    }
}

/// HAProxy Configuration Manual, “weight”: a value of 0 means that the server does not take part in load balancing.
#[test]
fn a_server_with_weight_0_gets_nothing() {
    for typed in ["0 1 1 1", "0,1,1,1", " 0, 1 1 1 "] {
        let mut director = director(&[("policy", word("weighted")), ("weights", word(typed))], 4);
        director.run_until_us(5_000_000);
        let shares = shares(&director);
        assert!(shares[0] == 0 && shares[1..].iter().all(|share| *share > 40), "{typed}: {shares:?}");
    }
    let mut director = director(&[("policy", word("weighted")), ("weights", word("3,1,1,1"))], 4);
    director.run_until_us(20_000_000);
    let shares = shares(&director);
    assert!((5..7).contains(&(2 * shares[0] / shares[1])), "{shares:?}");
}

/// What is no weight is refused with a sentence, when a run begins and while it goes on.
#[test]
fn what_is_no_weight_is_refused() {
    let known = sim::all_settings::<LoadBalancing>();
    for (typed, wrong) in [("three one", "three"), ("-1 1", "-1"), ("1 1001", "1001"), ("1;1", "1;1"), ("1.5", "1.5")] {
        let sentence = settings(&[("weights", word(typed))]).accept(&known).expect_err(typed).to_string();
        assert!(sentence.contains(&format!("“{wrong}”")) && sentence.len() <= 300, "{sentence}");
        let mut director = director(&[], 1);
        director.act(Input::Set { name: "weights".to_string(), value: word(typed) });
        assert_eq!(director.finish().2.len(), 1, "{typed}");
    }
}

/// What the caption says of a request for which no server is left, by why none is.
#[test]
fn a_request_without_a_server_says_why() {
    let said = |changes: &[(&str, Value)], fails: bool| {
        let config = config(&[&[("servers", number(1)), ("clients", number(1))], changes].concat());
        let mut stand = Probe::<BalancingNode>::new(NodeId(1), 3, config);
        let mut node = stand.run(|effects| BalancingNode::boot(&Disk::default(), effects)).0;
        let ask = |number| {
            let request = RequestId { client: NodeId(0), life: 1, number };
            Message::Ask { request, attempt: 1 }
        };
        if fails {
            let sends = stand.run(|effects| node.on_message(NodeId(0), ask(1), effects)).1.sends;
            let [(server, Message::Forward { ticket, .. })] = sends[..] else { panic!("not handed on: {sends:?}") };
            let done = Message::Done { ticket, answer: Answer::Refused };
            stand.run(|effects| node.on_message(server, done, effects));
        }
        // Each round that is not answered is a failed check.
        (0..4).for_each(|_| drop(stand.run(|effects| node.on_timer(Timer::Probe, effects))));
        let notes = stand.run(|effects| node.on_message(NodeId(0), ask(2), effects)).1.notes;
        notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let ejected = said(&[("eject_after", number(1)), ("fall", number(100))], true);
    assert!(ejected.contains("All servers are ejected.") && ejected.contains("panic mode"), "{ejected}");
    let down = said(&[], false);
    assert!(down.contains("All servers are marked down.") && down.contains("panic mode"), "{down}");
    let drained = said(&[("policy", word("weighted")), ("weights", word("0")), ("fall", number(100))], false);
    assert!(drained.contains("All servers have the weight 0.") && !drained.contains("panic"), "{drained}");
}

/// Bronson et al., Metastable Failures in Distributed Systems, HotOS 2021: what started a retry storm is over, and the retries alone keep
/// it going. Without them the same run is well again.
#[test]
fn a_retry_storm_lasts_until_the_retries_stop() {
    let served_in_the_second_ten_seconds = |retries: i64| {
        let card = LoadBalancing::scenarios().into_iter().find(|card| card.name == "retry-storm").expect("it is there");
        let mut director = director(&card.settings, card.seed);
        (card.direct)(&mut director);
        director.act(Input::Set { name: "retries".to_string(), value: number(retries) });
        let served = |director: &Director<LoadBalancing>| -> u32 {
            let world = director.world();
            let clients = world.nodes().ids().filter_map(|id| world.nodes().state(id).and_then(BalancingNode::client));
            clients.map(|client| client.served).sum()
        };
        director.run_for_us(10_000_000);
        let before = served(&director);
        director.run_for_us(10_000_000);
        served(&director) - before
    };
    let [with, without] = [3, 0].map(served_in_the_second_ten_seconds);
    println!("of 600 requests {with} are served in time with three retries, {without} without");
    assert!(with < 60 && without > 500, "{with}, {without}");
}
