//! Random schedules: every property holds with all rules on. That each rule is missed when it is off is a test of the
//! registry.

use proptest::prelude::*;
use sim::hunt::Hunt;

use super::*;

/// More than a thousand random schedules of crashes, pauses, splits, lost, late and doubled messages.
#[test]
fn all_checks_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 5] = [
        &[],
        &[("servers", number(3)), ("workload_ms", number(30))],
        &[("initial_logs", word("figure-8")), ("entries_a_message", number(1)), ("back_off", word("term"))],
        &[("read_mode", word("log")), ("servers", number(4))],
        &[("servers", number(7)), ("initial_logs", word("figure-7")), ("loss_percent", number(5))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Raft>::LAB, settings(changes)) };
        let find = hunt.search(seed..seed + 300, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

/// After the faults there is a leader that all follow, and all logs become equal.
#[test]
fn everything_comes_right_after_the_faults() {
    let mut hunt = Hunt::new(Of::<Raft>::LAB, settings(&[("clients", number(0))]));
    hunt.healed_events = 3_000;
    let find = hunt.search(0..200, |_| true).expect("settings");
    assert_eq!(find, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the settings are, with all rules on the properties hold.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        servers in 3_i64..=7,
        heartbeat_ms in 10_i64..=120,
        delay_most_us in 1_000_i64..=80_000,
        entries_a_message in 1_i64..=4,
        workload_ms in 10_i64..=100,
        by_term in any::<bool>(),
    ) {
        let changes = [
            ("servers", number(servers)),
            ("heartbeat_ms", number(heartbeat_ms)),
            ("delay_least_us", number(1_000)),
            ("delay_most_us", number(delay_most_us)),
            ("entries_a_message", number(entries_a_message)),
            ("workload_ms", number(workload_ms)),
            ("back_off", word(if by_term { "term" } else { "entry" })),
        ];
        let hunt = Hunt { healed_events: 0, ..Hunt::new(Of::<Raft>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}
