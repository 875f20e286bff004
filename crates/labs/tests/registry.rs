//! The rules that every lab is held to.

#[path = "../template/mod.rs"]
#[expect(unused_imports, reason = "a lab shows the names of its parts to others")]
mod template;

use labs::registry::LABS;
use serde_json::Value as Json;
use sim::frame::{Node, Panel, Status, TraceEvent, Weight};
use sim::hunt::{Find, Hunt, SEEDS_TO_SHOW};
use sim::{
    AnyLab, CheckKind, Input, Judge, LabSession, NodeId, Of, Outcome, Rule, Scenario, SettingKind, Settings, Subject,
    Text, Until, Value,
};

/// How many inputs may be needed to show what a rule is for.
const MOST_INPUTS: usize = 10;

/// Of how many subjects a moment is asked why, and for how many nodes what they know: labs with hundreds of nodes have
/// thousands of answers.
const MOST_SUBJECTS: usize = 40;
const MOST_NODES_ASKED: usize = 4;

/// Words with an s at the end that may follow a number 1.
const NO_PLURALS: [&str; 3] = ["has", "is", "was"];

/// How many moments of a scenario are looked at before its opening, at how many of them everything is asked, and how
/// many events are told.
const MOST_MOMENTS: usize = 20;
const MOST_MOMENTS_ASKED: usize = 2;
const MOST_TRACED: u64 = 2_000;

/// How many events of a scenario are looked at before and after.
const MOST_WEIGHED: u64 = 120;

/// A group of more nodes than this is large.
const MOST_READ: usize = 12;

/// All labs, and what `cargo xtask new-lab` writes: a lab like any other.
fn all() -> impl Iterator<Item = &'static dyn AnyLab> {
    let template: &'static dyn AnyLab = Of::<template::NewLab>::LAB;
    LABS.iter().copied().chain([template])
}

fn open(lab: &'static dyn AnyLab) -> Box<dyn LabSession> {
    lab.open().unwrap_or_else(|error| panic!("{}: {error}", lab.about().id))
}

fn each_scenario(test: impl Fn(&'static dyn AnyLab, &str, &mut dyn LabSession)) {
    for lab in all() {
        let mut session = open(lab);
        for card in session.scenarios() {
            session.open(card.name).unwrap_or_else(|error| panic!("{}/{}: {error}", lab.about().id, card.name));
            test(lab, card.name, &mut *session);
        }
    }
}

#[test]
fn names_are_unique_and_short() {
    for lab in all() {
        let scenarios = open(lab).scenarios();
        let checks = lab.checks();
        let names = scenarios.iter().map(|card| card.name);
        let names = names.chain(checks.iter().map(|check| check.name)).chain([lab.about().id]);
        for name in names {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            assert!(name.len() <= 30 && name.bytes().all(is_plain), "{name}");
        }
        let mut seen: Vec<&str> = scenarios.iter().map(|card| card.name).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), scenarios.len(), "{}", lab.about().id);
        assert!(scenarios.len() >= 3, "{} has at least three scenarios", lab.about().id);
    }
}

#[test]
fn each_scenario_opens_and_its_checks_come_out_as_it_says() {
    each_scenario(|lab, name, session| {
        let run = lab.prepare(name).unwrap();
        assert_eq!(run.refusals.iter().map(ToString::to_string).collect::<Vec<_>>(), Vec::<String>::new(), "{name}");
        let frame = session.frame();
        assert!(frame.event > 0, "{name} opens on a moment");
        for row in &frame.checks {
            let said = run.expect.iter().find(|(check, _)| *check == row.name).map(|(_, outcome)| *outcome);
            match said {
                Some(said) => assert_eq!(row.outcome, said, "{name}: {}: {:?}", row.name, row.sentence),
                None => assert_ne!(row.outcome, Outcome::Broken, "{name}: {}: {:?}", row.name, row.sentence),
            }
        }
        for (check, _) in &run.expect {
            assert!(frame.checks.iter().any(|row| row.name == *check), "{name}: no check {check}");
        }
    });
}

#[test]
fn the_same_scenario_twice_gives_the_same_digest() {
    assert_eq!(labs::registry::digests().unwrap(), labs::registry::digests().unwrap());
}

#[test]
fn replaying_from_the_start_equals_the_live_run() {
    each_scenario(|_, name, session| {
        let cursor = session.scenario().cursor;
        session.seek(cursor + 500);
        let live = session.digest();
        session.seek(0);
        session.seek(cursor + 500);
        assert_eq!(session.digest(), live, "{name}");
    });
}

/// The list of checks explains each of them to somebody who has never heard of it.
#[test]
fn every_check_says_what_it_means_in_a_sentence_or_two() {
    for lab in all() {
        for check in lab.checks() {
            let meaning = check.meaning.to_string();
            let (place, sentences) = (format!("{}: {}", lab.about().id, check.name), meaning.matches(". ").count() + 1);
            assert!(meaning.ends_with('.') && sentences <= 2, "{place}: {meaning}");
            assert!((30..=160).contains(&meaning.len()), "{place}: {} characters", meaning.len());
        }
    }
}

/// DESIGN, section 5, level Learn: what a lab calls routine changes nothing that a reader sees at the node.
#[test]
fn what_changes_a_node_or_a_verdict_is_telling() {
    each_scenario(|lab, name, session| {
        let first = session.scenario().cursor + 1;
        let last = session.seek(first + MOST_WEIGHED);
        let seen = |session: &mut dyn LabSession, event: u64, node: Option<NodeId>| {
            session.seek(event);
            let frame = session.frame();
            let is_monitored = |name: &str| {
                lab.checks().iter().any(|check| check.name == name && matches!(check.judge, Judge::Monitor))
            };
            let rows = frame.checks.into_iter().filter(|row| is_monitored(row.name));
            let outcomes: Vec<Outcome> = rows.map(|row| row.outcome).collect();
            let node = node.map(|node| frame.nodes[node.index()].clone());
            // Some watchers of heartbeats doubt before each one that comes, and of a large group nobody can read who has heard
            // what: there colours change all the time.
            let changes_all_the_time = lab.about().id == "heartbeats" || frame.nodes.len() > MOST_READ;
            let look = |node: &Node| (!changes_all_the_time).then(|| (node.tone, node.role.clone()));
            (node.map(|node| (look(&node), node.shape, node.status, node.cells)), outcomes)
        };
        for event in session.trace(first, last) {
            assert_eq!(session.weights().of(event.number), event.caption.weight, "{name}: event {}", event.number);
            if event.caption.weight == Weight::Routine {
                let before = seen(session, event.number - 1, event.node);
                let after = seen(session, event.number, event.node);
                assert_eq!(before, after, "{name}: event {}, {}", event.number, event.caption.headline);
            }
        }
    });
}

#[test]
fn every_text_has_its_arguments_and_no_debug_strings() {
    each_scenario(|lab, name, session| {
        let about = serde_json::to_value(lab.about()).unwrap();
        let cards = serde_json::to_value(session.scenarios()).unwrap();
        let (settings, _) = session.settings();
        let settings = serde_json::to_value(settings).unwrap();
        let rules = serde_json::to_value(session.rules()).unwrap();
        for json in [about, cards, settings, rules] {
            look_at_texts(&json, name);
        }
        let cursor = session.scenario().cursor;
        let moments = |most: usize| (0..cursor).step_by((cursor as usize).div_ceil(most).max(1));
        for event in moments(MOST_MOMENTS).chain(cursor..cursor + 10) {
            session.seek(event);
            look_at_texts(&serde_json::to_value(session.frame()).unwrap(), name);
        }
        let first = (cursor + 60).saturating_sub(MOST_TRACED).max(1);
        look_at_texts(&serde_json::to_value(session.trace(first, cursor + 60)).unwrap(), name);
        for event in moments(MOST_MOMENTS_ASKED).chain([cursor, cursor + 60]) {
            session.seek(event);
            for subject in subjects(session) {
                look_at_texts(&serde_json::to_value(session.why(&subject)).unwrap(), name);
            }
            let count = session.frame().nodes.len();
            for node in (0..count).step_by(count.div_ceil(MOST_NODES_ASKED)) {
                look_at_texts(&serde_json::to_value(session.known_by(NodeId::at(node))).unwrap(), name);
            }
        }
    });
}

/// What can be asked at this moment: all of it, or where there is very much, a part spread evenly.
fn subjects(session: &mut dyn LabSession) -> Vec<Subject> {
    let frame = session.frame();
    let fields = frame.nodes.iter().flat_map(|node| node.fields.iter().map(|field| (node.id, field.name.clone())));
    let mut subjects: Vec<Subject> = fields.map(|(node, name)| Subject::Field(node, name)).collect();
    subjects.extend(frame.nodes.iter().map(|node| Subject::Node(node.id)));
    subjects.extend(frame.messages.iter().map(|message| Subject::Message(message.id)));
    subjects.extend(frame.checks.iter().map(|row| Subject::Check(row.name)));
    subjects.push(Subject::Event(frame.event));
    let step = subjects.len().div_ceil(MOST_SUBJECTS);
    subjects.into_iter().step_by(step).collect()
}

#[test]
fn every_answer_is_short_in_order_and_ends_in_the_past() {
    each_scenario(|lab, name, session| {
        let cursor = session.scenario().cursor;
        session.seek(cursor + 40);
        for subject in subjects(session) {
            let why = session.why(&subject);
            let place = format!("{}/{name}: {}", lab.about().id, why.question);
            assert!(!why.question.is_empty(), "{place} {subject:?}");
            assert!(why.steps.len() <= 9, "{place}: {} steps", why.steps.len());
            assert!(why.steps.is_sorted_by_key(|step| step.event), "{place}");
            assert!(why.steps.iter().all(|step| step.event <= cursor + 40), "{place}");
        }
    });
}

/// A unit is a sign, or one of the words that `sim::unit_text` knows, where translations find it.
#[test]
fn every_unit_can_be_translated() {
    let is_known = |unit: &'static str| {
        let is_sign = unit == "ppm" || !unit.bytes().any(|byte| byte.is_ascii_alphabetic());
        is_sign || sim::unit_text(unit).template() == unit
    };
    each_scenario(|lab, name, session| {
        for setting in lab.settings() {
            if let SettingKind::Integer { unit, .. } = setting.kind {
                assert!(is_known(unit), "{}: {unit}", lab.about().id);
            }
        }
        for panel in session.frame().panels {
            if let Panel::Chart(chart) = panel {
                assert!([chart.x.unit, chart.y.unit].into_iter().all(is_known), "{}/{name}", lab.about().id);
            }
        }
    });
}

#[test]
fn every_rule_that_is_named_is_known() {
    each_scenario(|lab, name, session| {
        let cursor = session.scenario().cursor;
        session.seek(cursor + 200);
        let known: Vec<&str> = lab.rules().iter().map(|rule| rule.name).collect();
        for event in session.trace(1, cursor + 200) {
            for rule in event.rules {
                assert!(known.contains(&rule), "{name}: event {} names {rule}", event.number);
            }
        }
    });
}

#[test]
fn presets_are_settings_of_their_labs_and_differ() {
    for lab in all() {
        let presets = lab.presets();
        for (place, preset) in presets.iter().enumerate() {
            let name = format!("{}, {}", lab.about().id, preset.name);
            let chosen =
                preset.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
            let accepted = chosen.accept(&lab.settings()).unwrap_or_else(|error| panic!("{name}: {error}"));
            let mut session = open(lab);
            let changes = accepted.iter().map(|(name, value)| (name.to_string(), value.clone())).collect();
            session.restart(changes, 1).unwrap_or_else(|error| panic!("{name}: {error}"));
            session.seek(500);
            assert!(!preset.source.is_empty(), "{name}");
            assert!(presets[..place].iter().all(|other| other.name != preset.name), "{name}: twice");
            assert!(presets[..place].iter().all(|other| other.settings != preset.settings), "{name}: as another one");
        }
    }
}

/// A run can go on to a change of a number: so it has to be there at every moment, and what it counts has to change.
#[test]
fn measures_are_the_same_ones_at_every_moment_and_change() {
    for lab in all() {
        type Name = (&'static str, Option<NodeId>);
        let mut values: Vec<(Name, Vec<i64>)> = Vec::new();
        let mut of_system = 0;
        let mut session = open(lab);
        for card in session.scenarios() {
            session.open(card.name).expect("a scenario");
            let cursor = session.scenario().cursor;
            for event in [0, cursor, cursor + 300] {
                session.seek(event);
                let measures = session.frame().measures;
                of_system = measures.iter().filter(|measure| measure.node.is_none()).count();
                for measure in measures {
                    let name = (measure.name, measure.node);
                    match values.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, seen)) => seen.push(measure.value),
                        None => values.push((name, vec![measure.value])),
                    }
                }
            }
        }
        assert!((2..=6).contains(&of_system), "{}: {of_system} measures", lab.about().id);
        let names: Vec<&str> = values.iter().map(|((name, _), _)| *name).collect();
        for name in names {
            let mut seen = values.iter().filter(|((known, _), _)| *known == name).flat_map(|(_, seen)| seen);
            let first = seen.next();
            assert!(seen.any(|value| Some(value) != first), "{}: {name} is always {first:?}", lab.about().id);
        }
    }
}

/// Walks through everything that is shown: a text is an object with a template and arguments.
fn look_at_texts(json: &Json, place: &str) {
    if let (Some(template), Some(arguments)) = (json.get("template").and_then(Json::as_str), json.get("arguments")) {
        let read: Text = serde_json::from_value(json.clone()).unwrap();
        assert_eq!(one_of_many(&read.to_string()), None, "{place}: “{read}”");
        let names: Vec<&str> = arguments.as_array().unwrap().iter().filter_map(|pair| pair[0].as_str()).collect();
        for named in template.split('{').skip(1) {
            let name = named.split('}').next().unwrap_or_default();
            assert!(names.contains(&name), "{place}: “{template}” has no argument {name}");
        }
        for sign in ["NodeId", "Some(", "None", "::", "Ok("] {
            assert!(!template.contains(sign), "{place}: “{template}” looks like a debug string");
        }
        let is_label_missing = arguments.to_string().contains("{\"Node\":");
        assert!(!is_label_missing, "{place}: “{template}” names a node by its number: {arguments}");
    }
    match json {
        Json::Array(items) => items.iter().for_each(|item| look_at_texts(item, place)),
        Json::Object(fields) => fields.values().for_each(|field| look_at_texts(field, place)),
        _ => {}
    }
}

/// A word with an s that follows the number 1: "1 keys". Verbs and units may ("in term 1 has", "1 ms").
fn one_of_many(read: &str) -> Option<&str> {
    let words: Vec<&str> = read.split(' ').collect();
    let mut pairs = words.windows(2).map(|pair| (pair[0], pair[1].trim_end_matches([',', '.', ':', ';', '?', ')'])));
    let is_plural =
        |word: &str| word.len() > 2 && word.ends_with('s') && word.bytes().all(|byte| byte.is_ascii_lowercase());
    pairs
        .find(|(number, word)| number.trim_start_matches('(') == "1" && is_plural(word) && !NO_PLURALS.contains(word))
        .map(|(_, word)| word)
}

#[test]
fn a_single_thing_is_no_plural() {
    assert_eq!(one_of_many("S1 keeps 1 keys."), Some("keys"));
    assert_eq!(one_of_many("after 1 ms in epoch 1 has 21 keys, 1 key"), None);
}

#[test]
fn every_event_says_what_happened() {
    each_scenario(|_, name, session| {
        let cursor = session.scenario().cursor;
        session.seek(cursor + 200);
        for event in session.trace(1, cursor + 200) {
            let headline = event.caption.headline.to_string();
            assert!(headline.len() > 5, "{name}: event {} says “{headline}”", event.number);
        }
    });
}

#[test]
fn a_run_goes_on_to_a_new_leader_where_there_is_one() {
    for lab in all() {
        let mut session = open(lab);
        let led = session.scenarios().iter().any(|card| {
            session.open(card.name).expect("a scenario");
            session.run_until(Until::Leader, 3_000)
        });
        assert_eq!(led, lab.about().new_leader.is_some(), "{}", lab.about().id);
    }
}

/// What the page offers at each rule: “Show me what it is for”. The case: a rule that is not found with the defaults is a fault.
#[test]
fn every_rule_that_can_be_switched_off_is_found_out_by_a_short_run() {
    for lab in all() {
        for rule in lab.rules().iter().filter(|rule| rule.broken_check.is_some()) {
            let hunt = Hunt::new(lab, Settings::default()).without(rule.name).unwrap();
            let (id, mut first) = (lab.about().id, None);
            let search = |hunt: &Hunt, seeds| {
                let find = hunt.search(seeds, |_| true)?;
                first = first.take().or_else(|| find.clone());
                Ok(find)
            };
            let find = hunt.shortest(SEEDS_TO_SHOW, search).unwrap();
            let find = find.unwrap_or_else(|| panic!("{id}: no hunt finds out {}", rule.name));
            // Before it is shortened: what was healed stays so, and the rule has something to decide.
            let (first, mut whole) = (first.unwrap(), open(lab));
            whole.load(&first.scenario).unwrap();
            let events = whole.trace(1, first.scenario.cursor);
            assert!(is_said_to_be_missing(id, rule, &events), "{id}: no caption says that {} is missing", rule.name);
            // The case of finds that show a fault that never healed: with the rule on they are to show nothing.
            assert!(!fails(lab, find.check, &find.scenario, true), "{}: breaks with all rules on too", rule.name);
            assert!(fails(lab, find.check, &find.scenario, false), "{}: does not replay", rule.name);
            let ends = lab.checks().iter().any(|check| check.name == find.check && check.kind == CheckKind::Eventually);
            assert!(!ends || has_healed(lab, &find), "{}: something is still broken", rule.name);
            let inputs = find.scenario.inputs.len();
            println!("{id}: {} with {inputs} inputs, {} events", rule.name, find.scenario.cursor);
            assert_eq!(Some(find.check), rule.broken_check);
            assert!(inputs <= MOST_INPUTS, "{}: {inputs} inputs are left", rule.name);
            let contrast = hunt.contrast(&find).unwrap();
            assert_eq!(contrast.without, find.scenario);
            assert!(
                !fails(lab, find.check, &contrast.with, false),
                "{}: the same inputs break it with the rule",
                rule.name
            );
            let parts = contrast.parts.unwrap_or_else(|| panic!("{}: the two runs are told alike", rule.name));
            assert!(contrast.begins < parts && parts <= find.scenario.cursor, "{}: parts at {parts}", rule.name);
        }
    }
}

/// What the page offers at each check that may be seen: “Show me one”.
#[test]
fn every_situation_is_shown_by_a_short_run() {
    for lab in all() {
        for check in lab.checks().iter().filter(|check| check.kind == CheckKind::Sometimes) {
            let hunt = Hunt::to_see(lab, check.name).unwrap();
            let find = hunt.shortest(SEEDS_TO_SHOW, |hunt, seeds| hunt.search(seeds, |_| true)).unwrap();
            let find = find.unwrap_or_else(|| panic!("{}: no run shows {}", lab.about().id, check.name));
            assert!(fails(lab, find.check, &find.scenario, false), "{}: does not replay", check.name);
            assert!(find.scenario.inputs.len() <= MOST_INPUTS, "{}: {} inputs", check.name, find.scenario.inputs.len());
        }
    }
}

/// What the page offers at each check that has to hold in the end: “Run until it holds”.
#[test]
fn a_run_goes_on_until_what_has_to_come_holds() {
    for lab in all() {
        for check in lab.checks().iter().filter(|check| check.kind == CheckKind::Eventually) {
            let mut session = open(lab);
            session.restart(Vec::new(), 0).unwrap();
            let place = format!("{}: {}", lab.about().id, check.name);
            assert!(session.run_until(Until::Holds(check.name), 10_000), "{place}");
            let row = session.frame().checks.into_iter().find(|row| row.name == check.name).unwrap();
            assert_eq!(row.outcome, Outcome::Reached, "{place}");
        }
    }
}

/// Whether a check fails, or is seen, where a run stands, as a visitor sees it who opens it as it is or with all rules on.
fn fails(lab: &'static dyn AnyLab, check: &str, scenario: &Scenario, with_all_rules: bool) -> bool {
    let mut scenario = scenario.clone();
    for rule in lab.rules().iter().filter(|rule| rule.broken_check.is_some() && with_all_rules) {
        scenario.settings = scenario.settings.with(rule.name, Value::Flag(true));
    }
    let mut session = open(lab);
    session.load(&scenario).unwrap();
    let row = session.frame().checks.into_iter().find(|row| row.name == check).unwrap();
    matches!(row.outcome, Outcome::Broken | Outcome::Waiting | Outcome::Seen)
}

/// Whether nothing is broken any more where a find stands; what is off was switched off by no fault. The case: shortening took away what heals.
fn has_healed(lab: &'static dyn AnyLab, find: &Find) -> bool {
    let mut session = open(lab);
    session.load(&find.scenario).unwrap();
    let frame = session.frame();
    frame.nodes.iter().all(|node| matches!(node.status, Status::Up | Status::Off))
        && frame.links.iter().all(|link| link.forth.up && link.back.up)
}

/// The case of plain hunts: they judge what comes in the end as well, and nothing breaks because of load or of a pause.
#[test]
fn with_all_rules_on_no_hunt_finds_anything() {
    for lab in all() {
        let hunt = Hunt::new(lab, Settings::default());
        let first_phase = Hunt { healed_events: 0, ..hunt.clone() };
        for find in [hunt.search(0..40, |_| true).unwrap(), first_phase.search(0..2_000, |_| true).unwrap()] {
            assert_eq!(find.map(|find| (find.check, find.sentence.to_string(), find.scenario.seed)), None);
        }
    }
}

/// What captions promise, and a rule without which they may not.
const PROMISES: [(&str, &str, &str); 17] = [
    ("raft", "own_term_commit", "every later leader will have it"),
    ("raft", "up_to_date_vote", "every later leader will have it"),
    ("raft", "majority", "every later leader will have it"),
    ("raft", "only_conflicts", "they were not committed"),
    ("raft", "majority", "nobody else can get as many"),
    ("raft", "one_vote", "It has given no other vote in this term"),
    ("raft", "persist_vote", "It has given no other vote in this term"),
    ("raft", "up_to_date_vote", "it knows no entry that"),
    ("raft", "client_sessions", "keeps it from taking place twice"),
    ("primary-replicas", "in_sync_only", "only these may become primary"),
    ("primary-replicas", "fencing", "It takes nothing from earlier epochs"),
    ("clock-drift", "hlc_counter", "after all that it has heard of"),
    ("unreliable-network", "same_key", "The key says"),
    ("unreliable-network", "keep_answer", "not carried out once more"),
    ("unreliable-network", "one_write", "all or nothing"),
    ("unreliable-network", "write_first", "before the answer leaves"),
    ("unreliable-network", "outdated", "but not the old one after the new one"),
];

/// With a rule switched off, captions neither cite it nor promise what it would have kept. Returns whether one says that it is
/// missing.
fn is_said_to_be_missing(lab: &str, rule: &Rule, events: &[TraceEvent]) -> bool {
    let missing = format!("switched off: “{}”", rule.title);
    let mut is_said = false;
    for event in events {
        let place = format!("{lab} without {}: event {}", rule.name, event.number);
        assert!(!event.rules.contains(&rule.name), "{place} cites it");
        let said = format!(
            "{} {}",
            event.caption.headline,
            event.caption.detail.as_ref().map(ToString::to_string).unwrap_or_default()
        );
        is_said |= said.contains(&missing);
        for (_, _, promise) in PROMISES.iter().filter(|(of, without, _)| (*of, *without) == (lab, rule.name)) {
            assert!(!said.contains(promise), "{place} says “{said}”");
        }
    }
    is_said
}

#[test]
fn no_scenario_is_told_by_a_rule_that_is_switched_off() {
    for lab in all() {
        for rule in lab.rules().iter().filter(|rule| rule.broken_check.is_some()) {
            let mut session = open(lab);
            for card in session.scenarios() {
                session.open(card.name).unwrap();
                let off = Input::Set { name: rule.name.to_string(), value: Value::Flag(false) };
                // It may be off already.
                let _ = session.act(off, None);
                let from = session.frame().event;
                let last = session.seek(from + 100);
                is_said_to_be_missing(lab.about().id, rule, &session.trace(from + 1, last));
            }
        }
    }
}

/// What a person does.
type Deed = fn(&mut dyn LabSession);

/// Checks that no rule keeps: what a person does breaks them.
const BROKEN_BY_HAND: [(&str, &str, Deed); 1] = [("primary-replicas", "one-primary", |session| {
    // Two people promote a replica each at the same moment: both open the next epoch (Kleppmann 2017, chapter 5, “split brain”).
    for node in [NodeId(1), NodeId(2)] {
        session.act(Input::Operate { node, action: "promote".to_string(), values: Vec::new() }, None).unwrap();
    }
})];

/// A check that nothing can break is none.
#[test]
fn every_check_that_always_holds_is_broken_by_something() {
    for lab in all() {
        let id = lab.about().id;
        let rules = lab.rules();
        for check in lab.checks().iter().filter(|check| check.kind == CheckKind::Always) {
            // A hunt shows these, in a test above.
            if rules.iter().any(|rule| rule.broken_check == Some(check.name)) {
                continue;
            }
            if let Some(rule) = check.kept_by {
                let hunt = Hunt::new(lab, Settings::default()).for_check(check.name).unwrap().without(rule).unwrap();
                let find = hunt.search(SEEDS_TO_SHOW, |_| true).unwrap();
                assert!(find.is_some(), "{id}: {} holds without {rule}", check.name);
                continue;
            }
            let by_hand = BROKEN_BY_HAND.iter().find(|(lab, name, _)| (*lab, *name) == (id, check.name));
            let (.., act) = by_hand.unwrap_or_else(|| panic!("{id}: nothing breaks {}", check.name));
            let mut session = open(lab);
            act(&mut *session);
            let row = session.frame().checks.into_iter().find(|row| row.name == check.name).unwrap();
            assert_eq!(row.outcome, Outcome::Broken, "{id}: {}", check.name);
        }
    }
}

#[test]
fn hunts_and_promises_name_settings_that_there_are() {
    for lab in all() {
        let (known, rules) = (lab.settings(), lab.rules());
        let named = rules.iter().flat_map(|rule| &rule.ground.settings);
        for (name, value) in named.chain(lab.checks().iter().flat_map(|check| &check.promised_under)) {
            sim::settings::setting_named(&known, name).and_then(|setting| setting.accept(value)).unwrap();
        }
    }
}

#[test]
fn everybody_can_be_crashed_and_restarted_anywhere() {
    each_scenario(|_, name, session| {
        for node in 0..session.frame().nodes.len() as u16 {
            session.act(Input::Crash(NodeId(node)), None).ok();
        }
        session.seek(session.scenario().cursor + 50);
        for node in 0..session.frame().nodes.len() as u16 {
            session.act(Input::Restart(NodeId(node)), None).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        let cursor = session.scenario().cursor;
        let reached = session.seek(cursor + 300);
        assert!(reached == cursor + 300 || session.frame().next_at_us.is_none(), "{name} stops at {reached}");
    });
}

/// What a node knows is its causal past: nothing in it may tell of what has not reached the node yet.
#[test]
fn a_node_knows_nothing_of_what_it_has_not_heard_of() {
    each_scenario(|lab, name, session| {
        let frame = session.frame();
        let (first, last) = (NodeId(0), NodeId::at(frame.nodes.len() - 1));
        for (knower, other) in [(first, last), (last, first)] {
            let before = known(session, knower);
            let rest = frame.nodes.iter().map(|node| node.id).filter(|id| *id != other).collect();
            for input in [
                Input::Crash(other),
                Input::Pause(other),
                Input::SetClockOffset { node: other, offset_us: 5_000_000 },
                Input::SetClockDrift { node: other, drift_ppm: 500 },
                Input::Split(vec![vec![other], rest]),
                Input::Lie { node: other, manner: Some(sim::Manner::Silent) },
            ] {
                let fault = format!("{}/{name}: {input:?}", lab.about().id);
                // What has happened to it already is refused.
                if session.act(input, None).is_ok() {
                    assert_eq!(known(session, knower), before, "{fault}");
                }
                session.open(name).unwrap();
            }
        }
    });
}

/// No node knows the true time, and so of no clock how wrong it is.
#[test]
fn a_node_knows_no_true_time() {
    each_scenario(|lab, name, session| {
        let frame = session.frame();
        let node = NodeId::at(frame.nodes.len() - 1);
        let knowing = session.known_by(node);
        assert_eq!((frame.knower, knowing.knower), (None, Some(node)));
        assert!(knowing.nodes.iter().all(|node| (node.clock_offset_us, node.clock_drift_ppm) == (0, 0)), "{name}");
        let (nodes, panels) = (serde_json::to_string(&knowing.nodes), serde_json::to_string(&knowing.panels));
        for said in [nodes.unwrap(), panels.unwrap()] {
            assert!(!said.contains("truth") && !said.contains("ahead of true"), "{}/{name}: {said}", lab.about().id);
        }
    });
}

/// What a node knows, without the event that it does not notice, and its own messages, which are drawn until they arrive.
fn known(session: &mut dyn LabSession, knower: NodeId) -> serde_json::Map<String, Json> {
    let Json::Object(mut parts) = serde_json::to_value(session.known_by(knower)).unwrap() else { unreachable!() };
    for part in ["event", "length", "caption", "next_at_us", "messages"] {
        parts.remove(part);
    }
    for node in parts["nodes"].as_array_mut().unwrap() {
        for field in node["fields"].as_array_mut().unwrap() {
            field["before"] = Json::Null;
        }
    }
    parts
}
