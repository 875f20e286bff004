//! Whatever anybody does to a run, it can be replayed.

use crate::echo::EchoLab;
use proptest::prelude::*;
use sim::{Delay, Input, LabSession, MessageId, NodeId, Of, SharedMoment, Timeline, TimerId, Trouble, Value, Work};

fn node() -> impl Strategy<Value = NodeId> {
    // One number too many, so that unknown nodes are among them.
    (0u16..4).prop_map(NodeId)
}

fn message() -> impl Strategy<Value = MessageId> {
    (node(), node(), 1u32..6).prop_map(|(from, to, number)| MessageId { from, to, number })
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![Just(Trouble::Loss), Just(Trouble::Duplication), Just(Trouble::Reordering), Just(Trouble::Corruption)]
}

fn delay() -> impl Strategy<Value = Delay> {
    prop_oneof![
        any::<u64>().prop_map(|us| Delay::Constant { us }),
        (0u64..9_000, 0u64..9_000).prop_map(|(least_us, most_us)| Delay::Uniform { least_us, most_us }),
        (0u64..9_000, 0u64..9_000).prop_map(|(least_us, mean_us)| Delay::Exponential { least_us, mean_us }),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    prop_oneof![
        message().prop_map(Input::Deliver),
        (node(), 1u64..9).prop_map(|(node, timer)| Input::FireTimer { node, timer: TimerId(timer) }),
        message().prop_map(Input::Drop),
        message().prop_map(Input::Duplicate),
        message().prop_map(Input::Corrupt),
        message().prop_map(Input::Hold),
        message().prop_map(Input::Release),
        (message(), any::<u64>()).prop_map(|(message, by_us)| Input::Delay { message, by_us: by_us >> (by_us % 64) }),
        (node(), node()).prop_map(|(from, to)| Input::Cut { from, to }),
        (node(), node()).prop_map(|(from, to)| Input::Heal { from, to }),
        prop::collection::vec(prop::collection::vec(node(), 0..3), 0..4).prop_map(Input::Split),
        Just(Input::HealAll),
        node().prop_map(Input::Crash),
        node().prop_map(Input::Restart),
        node().prop_map(Input::LoseDisk),
        node().prop_map(Input::Pause),
        node().prop_map(Input::Resume),
        (node(), any::<i64>()).prop_map(|(node, offset)| Input::SetClockOffset { node, offset_us: offset >> 20 }),
        (node(), -600_000i64..1_100_000).prop_map(|(node, drift_ppm)| Input::SetClockDrift { node, drift_ppm }),
        (node(), node(), delay()).prop_map(|(from, to, delay)| Input::SetDelay { from, to, delay }),
        (node(), node(), trouble(), 0u32..1_100_000).prop_map(|(from, to, trouble, ppm)| Input::SetTrouble {
            from,
            to,
            trouble,
            ppm
        }),
        (node(), -1i64..11).prop_map(|(node, value)| {
            Input::Operate { node, action: "write".into(), values: vec![Value::Integer(value)] }
        }),
        (0i64..40).prop_map(|beat| Input::Set { name: "beat".into(), value: Value::Integer(beat) }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_inputs_replay_to_the_same_moment(
        seed in 0u64..1_000,
        acts in prop::collection::vec((0u64..20, 0u64..30_000, input()), 0..30),
        back in 0u64..400,
    ) {
        let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
        work.restart(Vec::new(), seed).unwrap();
        for (steps, later_us, input) in acts {
            let event = work.scenario().cursor;
            work.seek(event + steps);
            let at_us = work.frame().at_us.saturating_add(later_us);
            let before = work.digest();
            if let Err(sentence) = work.act(input, Some(at_us)) {
                prop_assert!(sentence.missing_arguments().is_empty(), "{sentence}");
                prop_assert_eq!(work.digest(), before, "a refused input changes nothing");
            }
        }
        let event = work.scenario().cursor;
        let digest = work.digest();

        let there = work.seek(back.min(event));
        let trace = work.trace(1, event);
        prop_assert_eq!(trace.len() as u64, event);
        prop_assert!(trace.iter().all(|event| event.caption.headline.missing_arguments().is_empty()));
        prop_assert!(there <= event);
        work.seek(event);
        prop_assert_eq!(work.digest(), digest, "there and back");

        let shared = SharedMoment::now(&mut work, None, Vec::new());
        for text in [shared.link(), shared.file()] {
            let read = SharedMoment::read(&text).unwrap();
            prop_assert_eq!(&read, &shared);
            let mut other = Work::new(Of::<EchoLab>::LAB).unwrap();
            other.load(&read.scenario).unwrap();
            prop_assert_eq!(other.digest(), digest, "replayed from a link and from a file");
            prop_assert_eq!(read.compare(&mut other), Ok(()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_way_through_a_long_run_leads_to_the_same_moments(
        seed in 0u64..1_000,
        stops in prop::collection::vec((0u64..60_000, 0u64..600, prop::option::weighted(0.2, input())), 1..12),
    ) {
        let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
        work.restart(Vec::new(), seed).unwrap();
        let mut timeline = work.timeline().clone();
        for (event, back, input) in stops {
            let event = timeline.seek(event);
            timeline.seek(event.saturating_sub(back));
            if let Some(input) = input {
                // One that is refused changes nothing.
                let _ = timeline.act(input, timeline.world().now_us());
                timeline.seek(60_000);
            }
        }
        let mut other = Timeline::new(timeline.start().clone(), timeline.inputs().to_vec());
        other.seek(timeline.world().event());
        prop_assert_eq!(other.world().digest(), timeline.world().digest());
    }
}
