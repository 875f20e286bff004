//! The documentation of those who check the health of servers.

use super::*;

/// One check decides, and no error ejects.
const CHECKS: Checks =
    Checks { interval_us: None, fall: 1, rise: 1, eject_after: 0, eject_us: 0, timeout_us: 1_000_000 };

/// HAProxy, "fall" and "rise": so many checks in a row, and one of the other kind begins the count anew.
#[test]
fn health_falls_and_rises_by_checks_in_a_row() {
    let checks = Checks { fall: 3, rise: 2, ..CHECKS };
    let mut health = Health::default();
    assert_eq!([health.fail(&checks), health.fail(&checks)], [Change::Same; 2]);
    health.pass(0, &checks, true);
    assert_eq!([health.fail(&checks), health.fail(&checks)], [Change::Same; 2]);
    assert_eq!((health.fail(&checks), health.is_available(0)), (Change::Down, false));
    assert_eq!(health.pass(0, &checks, true), Change::Same);
    health.fail(&checks);
    assert_eq!([health.pass(1, &checks, true), health.pass(2, &checks, true)], [Change::Same, Change::Up]);
    assert!(health.is_available(2));
}

/// Envoy, outlier detection: consecutive errors eject a host for a time; a good answer in between resets the count.
#[test]
fn errors_in_a_row_eject_a_server_for_a_while() {
    let checks = Checks { eject_after: 3, eject_us: 5_000_000, ..CHECKS };
    let mut health = Health::default();
    let heard = [true, true, false, true, true].map(|is_error| health.hear(is_error, 0, &checks));
    assert_eq!(heard, [false; 5]);
    assert!(health.hear(true, 1_000_000, &checks));
    assert!(!health.is_available(5_999_999) && health.is_available(6_000_000));
}

/// Envoy, slow start: from a tenth of the share, growing evenly, to all of it.
#[test]
fn slow_start_grows_from_a_tenth_to_all() {
    const SLOW_START_US: u64 = 10_000_000;
    let mut health = Health::default();
    assert_eq!(health.share_permille(0, SLOW_START_US), 1_000);
    health.fail(&CHECKS);
    health.pass(1_000_000, &CHECKS, true);
    let share = |at_ms: i64| health.share_permille(at_ms * 1_000, SLOW_START_US);
    assert_eq!([1_000, 2_500, 6_000, 11_000, 99_000].map(share), [100, 150, 500, 1_000, 1_000]);
}
