//! Links that people have: every version must replay them, or say that it cannot. `tests/links/corpus.txt` holds a name and
//! the state of a link a line. Lines are added, never changed: a new lab or scenario adds its own with
//! `RECORD_LINKS=1 cargo test -p netsplit-labs --test links`.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;

use labs::registry::{self, LABS};
use sim::frame::Frame;
use sim::{Delay, Input, LabSession, NodeId, SharedMoment, Trouble};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/links/corpus.txt");

/// How many events after the opening moment a link of a scenario shows.
const AFTER: u64 = 40;

/// How many events lie between two inputs of a tour.
const BETWEEN: u64 = 7;

fn corpus() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(CORPUS).unwrap_or_default();
    let line = |line: &str| {
        let (name, link) = line.split_once(' ').expect("a name and a link");
        (name.to_string(), link.to_string())
    };
    text.lines().map(line).collect()
}

/// A run of a lab in which every kind of input acts that can.
fn tour(session: &mut dyn LabSession) {
    let last_setting = session.settings().0.iter().rfind(|setting| !setting.structural).cloned();
    for kind in 0.. {
        let frame = session.frame();
        let Some(inputs) = inputs(kind, &frame, last_setting.as_ref()) else { return };
        for input in inputs {
            let _ = session.act(input, None);
        }
        session.seek(frame.event + BETWEEN);
    }
}

/// Inputs of one kind that may be possible now; none after the last kind.
fn inputs(kind: u32, frame: &Frame, setting: Option<&sim::Setting>) -> Option<Vec<Input>> {
    let (one, other) = (NodeId(0), NodeId(1));
    let message = frame.messages.first().map(|message| message.id);
    let of_message = |input: fn(sim::MessageId) -> Input| message.map(input).into_iter().collect();
    let trouble = |trouble| vec![Input::SetTrouble { from: one, to: other, trouble, ppm: 50_000 }];
    Some(match kind {
        0 => of_message(Input::Deliver),
        1 => of_message(Input::Drop),
        2 => of_message(Input::Duplicate),
        3 => of_message(|message| Input::Delay { message, by_us: 5_000 }),
        4 => message.into_iter().flat_map(|id| [Input::Hold(id), Input::Release(id)]).collect(),
        5 => {
            let timers = frame.nodes.iter().flat_map(|node| node.timers.iter().map(|timer| (node.id, timer.id)));
            timers.take(1).map(|(node, timer)| Input::FireTimer { node, timer }).collect()
        }
        6 => vec![Input::Cut { from: one, to: other }],
        7 => vec![Input::Heal { from: one, to: other }],
        8 => vec![Input::Split(vec![vec![one], frame.nodes.iter().map(|node| node.id).skip(1).collect()])],
        9 => vec![Input::HealAll],
        10 => vec![Input::Crash(other)],
        11 => vec![Input::LoseDisk(other)],
        12 => vec![Input::Restart(other)],
        13 => vec![Input::Pause(one)],
        14 => vec![Input::Resume(one)],
        15 => vec![Input::SetClockOffset { node: one, offset_us: -2_000 }],
        16 => vec![Input::SetClockDrift { node: one, drift_ppm: 10_000 }],
        17 => vec![Input::SetDelay { from: one, to: other, delay: Delay::Constant { us: 9_000 } }],
        18 => trouble(Trouble::Loss),
        19 => [Trouble::Duplication, Trouble::Reordering, Trouble::Corruption].into_iter().flat_map(trouble).collect(),
        20 => {
            let operate = |action: &sim::frame::Action| {
                let values = action.parameters.iter().map(|parameter| parameter.default.clone()).collect();
                Some(Input::Operate { node: *action.nodes.first()?, action: action.name.to_string(), values })
            };
            frame.actions.iter().filter_map(operate).collect()
        }
        21 => setting
            .map(|setting| Input::Set { name: setting.name.to_string(), value: setting.default.clone() })
            .into_iter()
            .collect(),
        22 => of_message(Input::Corrupt),
        23 => {
            let lie = |manner| Input::Lie { node: other, manner: Some(manner) };
            frame.manners.iter().copied().map(lie).chain([Input::Lie { node: other, manner: None }]).collect()
        }
        _ => return None,
    })
}

/// The links that this version makes, by their names.
fn made() -> BTreeMap<String, String> {
    let mut links = BTreeMap::new();
    for lab in LABS {
        let id = lab.about().id;
        let mut session = lab.open().unwrap();
        for card in session.scenarios() {
            session.open(card.name).unwrap();
            session.seek(session.scenario().cursor + AFTER);
            let shared = SharedMoment::now(&mut *session, None, Vec::new());
            links.insert(format!("{id}/{}", card.name), shared.link());
        }
        session.restart(Vec::new(), 5).unwrap();
        session.seek(2 * BETWEEN);
        tour(&mut *session);
        links.insert(
            format!("{id}:tour"),
            SharedMoment::now(&mut *session, Some("tour".to_string()), Vec::new()).link(),
        );
    }
    links
}

/// Whether somebody asks for new lines.
#[allow(clippy::disallowed_methods, reason = "the links themselves do not depend on it")]
fn is_recording() -> bool {
    std::env::var_os("RECORD_LINKS").is_some()
}

#[test]
fn every_lab_and_scenario_has_a_link_in_the_corpus() {
    let known = corpus();
    let missing: Vec<_> = made().into_iter().filter(|(name, _)| !known.contains_key(name)).collect();
    if is_recording() {
        let mut file = OpenOptions::new().create(true).append(true).open(CORPUS).unwrap();
        for (name, link) in missing {
            writeln!(file, "{name} {link}").unwrap();
        }
        return;
    }
    let names: Vec<_> = missing.into_iter().map(|(name, _)| name).collect();
    assert!(names.is_empty(), "record the links of {names:?} with RECORD_LINKS=1");
    assert!(known.len() >= 60, "{} links", known.len());
}

#[test]
fn every_link_of_the_corpus_replays() {
    let mut kinds = BTreeMap::new();
    for (name, link) in corpus() {
        let shared = SharedMoment::read(&link).unwrap_or_else(|sentence| panic!("{name}: {sentence}"));
        let mut session = registry::open(&shared.scenario.lab).unwrap_or_else(|sentence| panic!("{name}: {sentence}"));
        session.load(&shared.scenario).unwrap_or_else(|sentence| panic!("{name}: {sentence}"));
        shared.compare(&mut *session).unwrap_or_else(|sentence| panic!("{name}: {sentence}"));
        for timed in session.inputs() {
            let kind = format!("{:?}", timed.input).split([' ', '(']).next().unwrap_or_default().to_string();
            *kinds.entry(kind).or_insert(0) += 1;
        }
    }
    assert_eq!(kinds.len(), 24, "every kind of input is among them: {kinds:?}");
}
