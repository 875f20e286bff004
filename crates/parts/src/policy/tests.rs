//! The policies, by the documentation of those who have them.

use sim::rng::Rng;

use super::{Backend, Policy, Rotation};

fn idle(count: usize) -> Vec<Backend> {
    vec![Backend { is_available: true, weight: Backend::FULL, open: 0 }; count]
}

/// So many picks, with the server's count of open requests left as it is.
fn picks(policy: Policy, backends: &[Backend], choices: u8, count: usize) -> Vec<usize> {
    let (mut rng, mut rotation) = (Rng::stream(1, 1), Rotation::default());
    let pick = |_| policy.pick(backends, (7, choices), &mut rotation, &mut |bound| rng.below(bound));
    (0..count).map(pick).map(|place| place.expect("one is available")).collect()
}

/// HAProxy, "balance roundrobin": each server in turn.
#[test]
fn round_robin_goes_by_number() {
    assert_eq!(picks(Policy::RoundRobin, &idle(3), 1, 7), [0, 1, 2, 0, 1, 2, 0]);
    let mut backends = idle(3);
    backends[1].is_available = false;
    assert_eq!(picks(Policy::RoundRobin, &backends, 1, 4), [0, 2, 0, 2]);
}

/// nginx, the comment in `ngx_http_upstream_round_robin.c`: weights 5, 1, 1 give a a b a c a a.
#[test]
fn weighted_turns_are_smooth() {
    let mut backends = idle(3);
    backends[0].weight *= 5;
    assert_eq!(picks(Policy::Weighted, &backends, 1, 7), [0, 0, 1, 0, 2, 0, 0]);
}

/// nginx, "least_conn": the server with the least number of active connections, taking weights into account.
#[test]
fn least_connections_takes_the_fewest_for_its_weight() {
    let mut backends = idle(3);
    (backends[0].open, backends[1].open, backends[2].open) = (2, 1, 3);
    assert_eq!(picks(Policy::LeastOpen, &backends, 1, 3), [1, 1, 1]);
    backends[2].weight *= 4;
    assert_eq!(picks(Policy::LeastOpen, &backends, 1, 3), [2, 2, 2]);
}

/// Mitzenmacher 2001, section 1: of d servers drawn independently and uniformly, the one with fewest customers. The
/// fullest of n is taken with chance n^-d.
#[test]
fn of_two_choices_the_fuller_one_is_rarely_taken() {
    let mut backends = idle(10);
    backends.iter_mut().enumerate().for_each(|(place, backend)| backend.open = place as u32);
    for (choices, expected) in [(1, 1_000), (2, 100), (3, 10)] {
        let taken = picks(Policy::Choices, &backends, choices, 10_000).into_iter().filter(|place| *place == 9).count();
        assert!(taken.abs_diff(expected) < 40 + expected / 10, "{choices} choices: {taken}");
    }
}

/// Random picks go by the weights, and so by the shares of slow start.
#[test]
fn random_goes_by_the_weights() {
    let mut backends = idle(2);
    backends[0].weight = Backend::FULL / 4;
    let first = picks(Policy::Random, &backends, 1, 10_000).into_iter().filter(|place| *place == 0).count();
    assert!(first.abs_diff(2_000) < 150, "{first}");
    // One of many that can be taken is found.
    let mut backends = vec![Backend::default(); 500];
    backends[321] = Backend { is_available: true, weight: 100, open: 0 };
    assert_eq!(picks(Policy::Random, &backends, 1, 3), [321; 3]);
}

/// Thaler and Ravishankar 1998: when a server goes, only its own clients move.
#[test]
fn a_hash_moves_only_those_who_must() {
    let place = |client: u16, backends: &[Backend]| {
        Policy::Hash.pick(backends, (client, 1), &mut Rotation::default(), &mut |_| 0).expect("one is available")
    };
    let all = idle(5);
    let mut without = idle(5);
    without[2].is_available = false;
    let mut moved = 0;
    for client in 0..500 {
        let (before, after) = (place(client, &all), place(client, &without));
        assert!(before == 2 || before == after);
        moved += usize::from(before == 2);
    }
    assert!((60..140).contains(&moved), "{moved} of 500 clients were on one of 5 servers");
}

#[test]
fn without_a_server_nobody_is_picked() {
    for policy in
        [Policy::RoundRobin, Policy::Random, Policy::LeastOpen, Policy::Choices, Policy::Weighted, Policy::Hash]
    {
        let backends = vec![Backend::default(); 3];
        let mut rng = Rng::stream(1, 1);
        assert_eq!(policy.pick(&backends, (0, 2), &mut Rotation::default(), &mut |bound| rng.below(bound)), None);
        assert_eq!(Policy::named(policy.name()), policy);
    }
}
