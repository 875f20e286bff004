//! Hunts: what may happen in them, and what a search of all runs says.

use crate::echo::EchoLab;
use sim::hunt::{Breadth, Hazard, Hunt, Searched};
use sim::{Input, LabSession, Of, Outcome, Settings, Value, Work};

fn hunt() -> Hunt {
    Hunt::new(Of::<EchoLab>::LAB, Settings::default())
}

fn only(hazards: &[Hazard], hunt: Hunt) -> Hunt {
    Hunt { hazards: hazards.to_vec(), ..hunt }
}

const SMALL: Breadth = Breadth { events: 8, moments: 20_000 };

/// The shortest run that counts an answer twice: a node asks, is answered, the answer is doubled, and both arrive.
#[test]
fn a_search_of_all_runs_finds_the_shortest() {
    let hunt = only(&[Hazard::Copy], hunt().without("count-once").unwrap());
    let Searched::Found(find) = hunt.search_all(SMALL, |_| true).unwrap() else { panic!("nothing found") };
    assert_eq!((find.check, find.scenario.cursor), ("counted-once", 5));
    let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
    work.load(&find.scenario).unwrap();
    assert_eq!(work.frame().checks[0].outcome, Outcome::Broken);
    let shorter = Breadth { events: 4, ..SMALL };
    assert_eq!(hunt.search_all(shorter, |_| true).unwrap(), Searched::Nothing { events: 4 });
}

#[test]
fn a_search_of_all_runs_says_how_far_it_saw() {
    let quiet = only(&[], hunt());
    assert_eq!(quiet.search_all(Breadth { events: 3, ..SMALL }, |_| true).unwrap(), Searched::Nothing { events: 3 });
    let little = Breadth { events: 30, moments: 50 };
    let Searched::Full { events } = quiet.search_all(little, |_| true).unwrap() else { panic!("not full") };
    assert!((1..10).contains(&events), "{events}");
    assert_eq!(quiet.search_all(SMALL, |progress| progress.depth < 2).unwrap(), Searched::Stopped { events: 2 });
}

/// Two answers that are under way are delivered in either order, which comes to the same.
#[test]
fn runs_that_come_to_the_same_are_one() {
    let quiet = only(&[], hunt());
    let mut last = sim::hunt::Progress::default();
    quiet
        .search_all(Breadth { events: 3, ..SMALL }, |progress| {
            last = progress;
            true
        })
        .unwrap();
    assert!(last.runs < last.events, "{} moments of {} events", last.runs, last.events);
}

/// A search for something that may be seen ends with the first run that shows it: here one answer, doubled twice.
#[test]
fn what_may_be_seen_is_shown() {
    let hunt = hunt().for_check("three-answers").unwrap().without("count-once").unwrap();
    let hunt = only(&[Hazard::Copy], hunt);
    let Searched::Found(find) = hunt.search_all(Breadth { events: 7, moments: 100_000 }, |_| true).unwrap() else {
        panic!("nothing found")
    };
    assert_eq!((find.check, find.scenario.cursor), ("three-answers", 7));
    assert!(hunt.search(0..5, |_| true).unwrap().is_some());
}

/// The case: after a stopped hunt, the next one found 13 inputs where a fresh one found 3.
#[test]
fn short_runs_are_searched_first_and_always_in_the_same_way() {
    let hunt = only(&[Hazard::Copy], hunt().without("count-once").unwrap());
    let mut lengths = Vec::new();
    let mut shortest = || {
        let search = |hunt: &Hunt, seeds| {
            lengths.push(hunt.fault_events);
            hunt.search(seeds, |_| true)
        };
        hunt.shortest(0..1_000, search).unwrap().unwrap()
    };
    let find = shortest();
    assert_eq!(find, shortest());
    assert_eq!((lengths[0], find.scenario.inputs.len()), (25, 1), "400 events, halved while they are 20 at least");
    assert!(find.scenario.cursor <= 25, "{} events", find.scenario.cursor);
}

/// Beside a find stands the same run with the rule on, also where shortening has moved an input to another moment. This lab
/// tells both in the same words; how the labs of the registry part is tested there.
#[test]
fn a_find_stands_beside_the_same_run_with_the_rule_on() {
    let hunt = only(&[Hazard::Copy], hunt().without("count-once").unwrap());
    let find = hunt.shortest(0..1_000, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap().unwrap();
    let contrast = hunt.contrast(&find).unwrap();
    assert_eq!((&contrast.without, &contrast.broken, contrast.parts), (&find.scenario, &find.sentence, None));
    let run = |scenario: &sim::Scenario| {
        let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
        work.load(scenario).unwrap();
        let captions = work.trace(1, scenario.cursor).into_iter().map(|event| (event.at_us, event.caption));
        (captions.collect::<Vec<_>>(), work.frame().checks[0].outcome)
    };
    let ((without, broken), (with, kept)) = (run(&contrast.without), run(&contrast.with));
    assert_eq!(without, with);
    assert_eq!((broken, kept), (Outcome::Broken, Outcome::Kept));
}

#[test]
fn only_what_may_happen_happens() {
    let is_of = |input: &Input, hazard: Hazard| match input {
        Input::Crash(_) | Input::Restart(_) => matches!(hazard, Hazard::Crash | Hazard::Disk),
        Input::LoseDisk(_) => hazard == Hazard::Disk,
        Input::SetTrouble { .. } | Input::Corrupt(_) => hazard == Hazard::Damage,
        Input::Pause(_) | Input::Resume(_) => hazard == Hazard::Pause,
        Input::Cut { .. } | Input::Heal { .. } | Input::Split(_) | Input::HealAll => hazard == Hazard::Cut,
        Input::Drop(_) => hazard == Hazard::Loss,
        Input::Duplicate(_) => hazard == Hazard::Copy,
        Input::Deliver(_) | Input::Delay { .. } => hazard == Hazard::Disorder,
        Input::FireTimer { .. } => hazard == Hazard::Timer,
        Input::SetClockOffset { .. } | Input::SetClockDrift { .. } => hazard == Hazard::Clock,
        Input::Operate { .. } => hazard == Hazard::Operation,
        Input::Lie { .. } => hazard == Hazard::Lie,
        _ => false,
    };
    for hazard in Hazard::ALL {
        let hunt = only(&[hazard], hunt().for_check("three-answers").unwrap());
        let inputs: Vec<Input> = (0..20)
            .filter_map(|seed| hunt.run(seed).unwrap().0)
            .flat_map(|find| find.scenario.inputs)
            .map(|timed| timed.input)
            .collect();
        assert!(!inputs.is_empty(), "{hazard:?}");
        assert!(inputs.iter().all(|input| is_of(input, hazard)), "{hazard:?}: {inputs:?}");
    }
}

/// What breaks with all rules on as well is no find of a hunt without one of them: here any crash breaks the check.
#[test]
fn what_breaks_with_all_rules_on_too_is_no_find() {
    let hunt = only(&[Hazard::Crash], hunt().for_check("never-down").unwrap());
    assert!(hunt.search(0..50, |_| true).unwrap().is_some());
    assert!(matches!(hunt.search_all(SMALL, |_| true).unwrap(), Searched::Found(_)));
    let without = Hunt { hazards: hunt.hazards.clone(), ..hunt.without("count-once").unwrap() };
    assert_eq!(without.search(0..50, |_| true).unwrap(), None);
    let shorter = Breadth { events: 3, ..SMALL };
    assert_eq!(without.search_all(shorter, |_| true).unwrap(), Searched::Nothing { events: 3 });
}

/// A plain hunt looks only for what is promised under its settings, and the verdict row says what is not, and when it is.
#[test]
fn what_is_not_promised_is_not_judged() {
    let with_beat = |beat| Settings::default().with("beat", Value::Integer(beat));
    let find = |beat| Hunt::new(Of::<EchoLab>::LAB, with_beat(beat)).search(0..50, |_| true).unwrap();
    assert_eq!(find(10), None);
    for beat in [1, 2] {
        assert_eq!(find(beat).map(|find| find.check), Some("never-down"));
    }
    let row = |beat| {
        let mut work = Work::new(Of::<EchoLab>::LAB).unwrap();
        work.restart(vec![("beat".to_string(), Value::Integer(beat))], 1).unwrap();
        work.act(Input::Crash(sim::NodeId(0)), None).unwrap();
        work.frame().checks[3].clone()
    };
    let unpromised = row(10);
    assert_eq!((unpromised.outcome, unpromised.event), (Outcome::NotPromised, None));
    assert_eq!(unpromised.sentence.unwrap().to_string(), "this is promised only with “Beat: 1, or 2”");
    assert_eq!(row(2).outcome, Outcome::Broken);
}

/// A rule brings its own ground, and what is set already stays.
#[test]
fn a_rule_brings_the_ground_on_which_it_is_hunted() {
    let hunt = hunt().without("count-once").unwrap();
    assert_eq!((hunt.hazards, hunt.fault_events), (vec![Hazard::Copy, Hazard::Disorder], 200));
    assert_eq!((hunt.settings.integer("beat"), hunt.settings.integer("nodes")), (20, 0));
    let set = Settings::default().with("beat", Value::Integer(30));
    let hunt = Hunt::new(Of::<EchoLab>::LAB, set).without("count-once").unwrap();
    assert_eq!(hunt.settings.integer("beat"), 30);
}

#[test]
fn what_cannot_be_searched_is_refused_with_a_sentence() {
    assert!(Hazard::named("flood").unwrap_err().to_string().starts_with("there is no hazard flood; there are: crash,"));
    assert_eq!(Hazard::ALL.map(|hazard| Hazard::named(hazard.name()).unwrap()), Hazard::ALL);
}
