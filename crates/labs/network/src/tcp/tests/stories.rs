//! The scenarios come to what their sentences say.

use parts::values::word;
use sim::{AnyLab, Input, LabSession, Of, Outcome, World};

use super::super::{A, B, State, Tcp};

const LAB: &dyn AnyLab = Of::<Tcp>::LAB;

/// A session at the opening moment of a scenario.
fn open(scenario: &str) -> Box<dyn LabSession> {
    let mut session = LAB.open().unwrap();
    session.open(scenario).unwrap();
    session
}

/// The world at the opening moment of a scenario.
fn world(scenario: &str) -> World {
    LAB.prepare(scenario).unwrap().world
}

fn outcome(session: &mut dyn LabSession, check: &str) -> Outcome {
    session.frame().checks.into_iter().find(|row| row.name == check).unwrap().outcome
}

/// Whether something is told within so many events.
fn is_told(session: &mut dyn LabSession, events: u64, words: &str) -> bool {
    let from = session.scenario().cursor;
    let last = session.seek(from + events);
    session.trace(from + 1, last).iter().any(|event| event.caption.headline.to_string().contains(words))
}

#[test]
fn the_third_duplicate_fills_the_hole_and_no_timer() {
    let mut session = open("one-loss");
    assert_eq!(outcome(&mut *session, "fast-retransmit"), Outcome::NotSeen);
    assert!(is_told(&mut *session, 30, "The third duplicate: A sends 5001 again"));
    assert_eq!(
        (outcome(&mut *session, "fast-retransmit"), outcome(&mut *session, "timeout")),
        (Outcome::Seen, Outcome::NotSeen)
    );
}

#[test]
fn an_old_syn_makes_no_connection() {
    let mut session = open("old-duplicate-syn");
    assert!(is_told(&mut *session, 3, "which it has never sent: it answers with a reset"));
    let last = session.frame().event + 20;
    session.seek(last);
    let badges: Vec<String> = session.frame().nodes.iter().map(|node| node.badge.to_string()).collect();
    assert_eq!([&badges[0], &badges[2]], ["ESTABLISHED"; 2]);
}

#[test]
fn who_has_forgotten_resets_who_has_not() {
    let mut session = open("half-open");
    assert!(is_told(&mut *session, 20, "A knows nothing of this connection: B gives it up"));
}

/// Jacobson and Karels 1988: most of what is sent was sent before, and little of the line is used.
#[test]
fn a_tenth_of_the_line_is_used_and_with_newreno_more_than_half() {
    let run = |algorithm: &str| {
        let session = open("collapse-1986");
        let (_, values) = session.settings();
        let mut changes: Vec<_> = values.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
        changes.retain(|(name, _)| name != "algorithm");
        changes.push(("algorithm".to_string(), word(algorithm)));
        let settings = changes.into_iter().fold(sim::Settings::default(), |all, (name, value)| all.with(&name, value));
        let mut world = World::new(LAB, settings, 4).unwrap();
        while world.next_at_us().is_some_and(|next_us| next_us <= 20_000_000) {
            world.step();
        }
        // 20 kB a second for 20 seconds.
        world.of::<Tcp>().nodes().state(B).unwrap().total_read() / 4_000
    };
    let (before, since) = (run("none"), run("newreno"));
    assert!((5..=15).contains(&before) && since > 50, "{before} % and {since} %");
}

#[test]
fn a_probe_finds_the_room() {
    let mut session = open("reader-asleep");
    assert!(is_told(&mut *session, 3, "A asks B with a single byte"));
}

#[test]
fn message_2_waits_for_message_1() {
    let world = world("head-of-line");
    let receiver = &world.of::<Tcp>().nodes().state(B).unwrap().with(A).unwrap().receiver;
    assert_eq!((receiver.read_bytes(), receiver.kept.len(), receiver.kept[0].1.from), (0, 1, 1_000));
}

#[test]
fn the_fin_comes_again_to_time_wait() {
    let mut session = open("who-waits");
    assert!(is_told(&mut *session, 5, "The FIN of B comes again"));
    let states = world("who-waits");
    assert_eq!(states.of::<Tcp>().nodes().state(A).unwrap().first().unwrap().state, State::TimeWait);
}

/// RFC 793, section 3.9: "what is acknowledged" was received, and not read: a crash of B takes it away.
#[test]
fn what_is_acknowledged_is_not_read() {
    let mut session = open("reader-asleep");
    session.act(Input::Crash(B), None).unwrap();
    assert_eq!(outcome(&mut *session, "prefix"), Outcome::Kept);
}
