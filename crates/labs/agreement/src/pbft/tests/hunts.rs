//! Hunts with all rules on find nothing, whoever lies, crashes or is late.

use super::*;
use sim::hunt::{Hazard, Hunt};
use sim::{Of, Value};

fn hunt(changes: &[(&str, Value)], hazards: &[Hazard]) -> Hunt {
    let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
    let hunt = Hunt::new(Of::<Pbft>::LAB, settings);
    Hunt { hazards: [&Hazard::USUAL[..], hazards].concat(), ..hunt }
}

fn finds_nothing(hunt: &Hunt, seeds: u64) {
    let find = hunt.search(0..seeds, |_| true).expect("settings of the lab");
    assert_eq!(find.map(|find| (find.scenario.seed, find.check, find.sentence.to_string())), None);
}

/// Section 4.5.1, safety, and 4.5.2, liveness.
#[test]
fn no_fault_breaks_what_is_promised() {
    let word = |word: &str| Value::Word(word.to_string());
    for manner in ["two-faced", "silent", "opposite", "random"] {
        let hunt = hunt(&[("manner", word(manner)), ("liar", word("R0"))], &[]);
        finds_nothing(&hunt, 12);
        finds_nothing(&Hunt { healed_events: 0, ..hunt }, 150);
    }
    let many = [
        ("replicas", Value::Integer(7)),
        ("f", Value::Integer(2)),
        ("liars", Value::Integer(2)),
        ("manner", word("drawn")),
    ];
    finds_nothing(&hunt(&many, &[Hazard::Lie, Hazard::Operation]), 12);
    finds_nothing(&hunt(&[("checkpoint_every", Value::Integer(1)), ("loss_percent", Value::Integer(20))], &[]), 8);
}

/// Who has lost its disk counts as a liar: with no other one, all is promised.
#[test]
fn one_lost_disk_is_borne() {
    use sim::{Director, Input};
    for seed in 0..10 {
        let mut director = Director::<Pbft>::new(Settings::default().with("liars", Value::Integer(0)), seed).unwrap();
        director.run_for_us(400_000);
        for input in [Input::Crash(R2), Input::LoseDisk(R2), Input::Restart(R2)] {
            director.act(input);
        }
        director.run_for_us(1_500_000);
        let (world, _, refusals) = director.finish();
        assert!(refusals.is_empty());
        let world = world.of::<Pbft>();
        let lost = world.nodes().state(R2).and_then(Node::replica).expect("a replica");
        assert!(lost.has_lost_disk && lost.executed > 20, "seed {seed}: {}", lost.executed);
        assert!(world.monitor().answered > 20);
    }
}
