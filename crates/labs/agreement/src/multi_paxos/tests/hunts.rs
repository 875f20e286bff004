//! Random schedules: every property holds with all rules on, and each rule is missed when it is off.

use proptest::prelude::*;
use sim::hunt::{Hazard, Hunt};

use super::*;

/// Random schedules with faults of all kinds, lost disks and people too.
#[test]
fn all_checks_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 5] = [
        &[],
        &[("servers", number(3)), ("workload_ms", number(30)), ("loss_percent", number(20))],
        &[("window", number(1)), ("read_mode", word("log")), ("servers", number(4))],
        &[("window", number(10)), ("delay_least_us", number(1_000)), ("delay_most_us", number(60_000))],
        &[("servers", number(7)), ("heartbeat_ms", number(20)), ("suspect_ms", number(60))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hunt = Hunt { hazards: Hazard::ALL.to_vec(), ..Hunt::new(Of::<MultiPaxos>::LAB, settings(changes)) };
        let find = hunt.search(seed..seed + 100, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

/// With leases too, as long as nobody sets clocks.
#[test]
fn leases_hold_in_random_schedules() {
    let variants: [&[(&str, Value)]; 2] = [
        &[("read_mode", word("lease"))],
        &[("read_mode", word("lease")), ("servers", number(3)), ("workload_ms", number(20))],
    ];
    for (changes, seed) in variants.into_iter().zip((0..).step_by(1_000)) {
        let hunt = Hunt::new(Of::<MultiPaxos>::LAB, settings(changes));
        let find = hunt.search(seed..seed + 200, |_| true).expect("settings");
        assert_eq!(find, None, "{changes:?}");
    }
}

/// After the faults there is a leader that all follow, and all logs become equal.
#[test]
fn everything_comes_right_after_the_faults() {
    let mut hunt = Hunt::new(Of::<MultiPaxos>::LAB, settings(&[]));
    hunt.healed_events = 3_000;
    let find = hunt.search(0..100, |_| true).expect("settings");
    assert_eq!(find, None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever the settings are, with all rules on the properties hold.
    #[test]
    fn all_checks_hold_whatever_is_set(
        seed in any::<u64>(),
        servers in 3_i64..=7,
        window in 1_i64..=12,
        heartbeat_ms in 10_i64..=120,
        repeat_ms in 10_i64..=200,
        delay_most_us in 1_000_i64..=80_000,
        workload_ms in 10_i64..=100,
        in_the_log in any::<bool>(),
    ) {
        let changes = [
            ("servers", number(servers)),
            ("window", number(window)),
            ("heartbeat_ms", number(heartbeat_ms)),
            ("repeat_ms", number(repeat_ms)),
            ("delay_least_us", number(1_000)),
            ("delay_most_us", number(delay_most_us)),
            ("workload_ms", number(workload_ms)),
            ("read_mode", word(if in_the_log { "log" } else { "confirm" })),
        ];
        let hunt = Hunt { healed_events: 0, hazards: Hazard::ALL.to_vec(), ..Hunt::new(Of::<MultiPaxos>::LAB, settings(&changes)) };
        let (find, _) = hunt.run(seed).expect("settings");
        prop_assert_eq!(find, None);
    }
}
