//! Thousands of random schedules of crashes, pauses, cuts, lost, late and doubled messages. That each rule is missed when
//! it is off is a test of the registry.

use sim::hunt::Hunt;

use sim::Checks;

use super::*;

fn quorums(servers: i64, n: i64, r: i64, w: i64) -> Vec<(&'static str, Value)> {
    vec![("servers", number(servers)), ("n", number(n)), ("r", number(r)), ("w", number(w))]
}

/// No check of the kind *always* breaks, whatever the quorums are: what is promised depends on them.
#[test]
fn all_promises_hold_under_faults() {
    let variants = [
        vec![],
        quorums(3, 3, 1, 3),
        quorums(3, 3, 3, 1),
        quorums(7, 5, 3, 3),
        quorums(5, 3, 1, 1),
        vec![("coordinator", word("any"))],
        vec![("sloppy", Value::Flag(true))],
        vec![("repair", word("after"))],
        vec![("loss_percent", number(10)), ("workload_ms", number(60)), ("operations", number(30))],
        vec![("latencies", word("lnkd-disk")), ("workload_ms", number(40)), ("operations", number(30))],
    ];
    for (changes, first) in variants.iter().zip((0..).step_by(1_000)) {
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<LeaderlessQuorum>::LAB, settings(changes)) };
        assert_eq!(hunt.search(first..first + 400, |_| true).expect("settings"), None, "{changes:?}");
    }
}

/// After the faults all replicas become equal, and all hints go home.
#[test]
fn replicas_converge_after_the_faults() {
    for changes in [vec![], vec![("sloppy", Value::Flag(true))], vec![("conflicts", word("last-write-wins"))]] {
        for check in ["converged", "hints-returned"] {
            let hunt = Hunt::new(Of::<LeaderlessQuorum>::LAB, settings(&changes)).for_check(check).expect("a check");
            assert_eq!(hunt.search(0..60, |_| true).expect("settings"), None, "{changes:?}");
        }
    }
}

/// What is never promised does happen.
#[test]
fn what_is_not_promised_happens() {
    let seen = |changes: &[(&str, Value)], check: &str| {
        let place = LeaderlessQuorum::checks().iter().position(|known| known.name == check).expect("a check");
        (0..300).any(|seed| {
            let mut world = World::new(Of::<LeaderlessQuorum>::LAB, settings(changes), seed).expect("known settings");
            (0..400).all(|_| world.step());
            matches!(world.verdicts().get(place).outcome, sim::Outcome::Seen | sim::Outcome::Broken)
        })
    };
    let busy = ("workload_ms", number(40));
    assert!(seen(std::slice::from_ref(&busy), "siblings") && seen(std::slice::from_ref(&busy), "merged"));
    // On links of 8 to 12 ms all copies are there before a client can know of the first one.
    let uneven = [("latencies", word("lnkd-disk")), ("delay_least_us", number(0)), ("delay_most_us", number(0))];
    let one = [busy.clone(), ("r", number(1)), ("w", number(1))];
    assert!(seen(&[&one[..], &uneven].concat(), "stale-read"));
    assert!(seen(&[busy.clone(), ("conflicts", word("last-write-wins"))], "no-lost-write"));
    assert!(!seen(std::slice::from_ref(&busy), "stale-read"));
}
