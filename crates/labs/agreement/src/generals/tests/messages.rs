//! How messages come about, count and look.

use sim::experiment::Report;
use sim::probe::Probe;
use sim::{Configuration, Experiments, LabSession, NodeId, Of, Protocol, Settings, Work};

use crate::generals::{Config, General, Generals, Message, Order};

fn measured(name: &str, settings: &[(&str, i64)]) -> Report {
    let changes =
        settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, sim::Value::Integer(*value)));
    Generals::measure(name, changes, 12).expect("settings of the experiment")
}

/// Section 3: (n - 1) + (n - 1)(n - 2) + …
#[test]
fn a_battle_takes_as_many_messages_as_the_algorithm_says() {
    for (generals, depth, messages) in [(4, 0, 3), (4, 1, 9), (3, 1, 4), (7, 1, 36), (7, 2, 156)] {
        let metric = &measured("om-messages", &[("generals", generals), ("depth", depth)]).metrics[0];
        assert_eq!(metric.millionths, messages * 1_000_000);
        assert_eq!(metric.published_millionths, Some(metric.millionths));
    }
}

#[test]
fn three_always_part_and_four_never() {
    for generals in [3, 4, 7] {
        let metric = &measured("disunity", &[("generals", generals)]).metrics[0];
        assert_eq!(Some(metric.millionths), metric.published_millionths, "{generals}");
    }
}

/// Section 3, A2: who has sent a message, its receiver knows.
#[test]
fn nobody_can_speak_for_somebody_else_and_not_out_of_its_round() {
    let config = Config::new(&Settings::defaults(&Generals::settings()));
    let mut probe = Probe::<General>::new(NodeId(1), 4, config);
    probe.monotonic_now_us = 0;
    let (mut general, _) = probe.run(|effects| General::boot(&(), effects));
    probe.monotonic_now_us = 10_000;
    probe.run(|effects| general.on_timer(crate::generals::Timer::Round, effects));
    assert_eq!((general.battle, general.round), (1, 1));
    let message = |path: &[u16], battle| Message {
        battle,
        order: Order::Attack,
        path: path.iter().map(|node| NodeId(*node)).collect(),
        is_signed: false,
    };
    for (from, message) in [
        (2, message(&[0], 1)),
        (0, message(&[0], 2)),
        (2, message(&[0, 2], 1)),
        (3, message(&[3], 1)),
        (0, message(&[], 1)),
    ] {
        probe.run(|effects| general.on_message(NodeId(from), message, effects));
    }
    assert_eq!(general.heard, []);
    for _ in 0..2 {
        probe.run(|effects| general.on_message(NodeId(0), message(&[0], 1), effects));
    }
    assert_eq!(general.heard.len(), 1, "what comes twice counts once");
    // A timer that somebody lets run out early ends no round.
    probe.run(|effects| general.on_timer(crate::generals::Timer::Round, effects));
    assert_eq!(general.round, 1);
}

#[test]
fn messages_say_who_said_what() {
    let mut work = Work::new(Of::<Generals>::LAB).expect("the lab");
    let labels = |work: &mut Work, name: &str, event: u64| {
        work.open(name).expect("the scenario");
        work.seek(event);
        work.frame().messages.iter().map(|message| message.said().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(labels(&mut work, "three-generals", 8), ["A said attack", "A said retreat"]);
    assert_eq!(labels(&mut work, "traitor-commands", 1), ["≠ attack", "≠ retreat", "≠ attack"]);
    assert_eq!(labels(&mut work, "signed-three", 8), ["attack, signed A B", "retreat, signed A C"]);
    work.open("seven").expect("the scenario");
    work.seek(60);
    let last = work.frame().messages.last().expect("a message").label.to_string();
    assert!(last.contains(" said ") && last.contains(": "), "{last}");
}
