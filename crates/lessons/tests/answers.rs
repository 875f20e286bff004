//! Answer files: what is replayed, and what is not believed.

#![allow(clippy::disallowed_macros, reason = "what the cases of a fuzz test share is no state of a run")]

use std::path::Path as File;

use labs::registry;
use lessons::{
    Answer, AnswerFile, Block, Kind, LONGEST_ANSWERS, Lesson, Predicted, Row, Verdict, Verifier, prove, read_lessons,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use sim::Scenario;

/// The lessons of a lab's folder.
fn lessons_of(folder: &str) -> Vec<Lesson> {
    let path = File::new(env!("CARGO_MANIFEST_DIR")).join("../labs").join(folder).join("lesson.md");
    read_lessons(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn heartbeats() -> Lesson {
    lessons_of("failure/src/heartbeats").remove(0)
}

fn verifier(lesson: &Lesson) -> Verifier {
    Verifier::new(lesson.clone(), registry::lab(&lesson.lab).unwrap()).unwrap()
}

fn perfect(lesson: &Lesson, solution: usize) -> AnswerFile {
    let file = AnswerFile::solved(lesson, registry::lab(&lesson.lab).unwrap(), solution).unwrap();
    AnswerFile { label: "group 4".into(), ..file }
}

/// The file after JSON and back, with something changed in between.
fn changed(file: &AnswerFile, change: impl FnOnce(&mut Value)) -> AnswerFile {
    let mut value = serde_json::to_value(file).unwrap();
    change(&mut value);
    AnswerFile::read(&value.to_string()).unwrap_or_else(|sentence| panic!("{sentence}"))
}

fn refused(text: &str) -> String {
    let sentence = AnswerFile::read(text).expect_err("it is refused").to_string();
    assert!(sentence.chars().count() <= 300, "{sentence}");
    sentence
}

/// The row of the first task, in step 4, after a change of how it was done.
fn task_row(change: impl FnOnce(&mut Value)) -> Row {
    let lesson = heartbeats();
    let file = changed(&perfect(&lesson, 0), |file| change(&mut file["steps"][3]["do"][0]));
    let rows = verifier(&lesson).verify(&file);
    rows.into_iter().find(|row| row.place.is_some_and(|place| place.kind == Kind::Do)).unwrap()
}

#[test]
fn all_keys_and_solutions_of_all_lessons_are_met() {
    let folders = [
        "agreement/src/lock",
        "agreement/src/elections",
        "agreement/src/generals",
        "agreement/src/multi_paxos",
        "agreement/src/paxos",
        "agreement/src/pbft",
        "agreement/src/proof_of_work",
        "agreement/src/raft",
        "agreement/src/raft_log",
        "agreement/src/saga",
        "agreement/src/two_phase_commit",
        "failure/src/heartbeats",
        "failure/src/swim",
        "network/src/peer_to_peer",
        "network/src/ping",
        "network/src/rpc_rest",
        "network/src/tcp",
        "network/src/tls",
        "network/src/unreliable",
        "replication/src/quorum",
        "replication/src/replicas",
        "scale/src/balancing",
        "time/src/clocks",
        "time/src/drift",
        "time/src/snapshot",
        "time/src/truetime",
    ];
    let mut count = 0;
    for lesson in folders.into_iter().flat_map(lessons_of) {
        let mut verifier = verifier(&lesson);
        for solution in 0..most_solutions(&lesson) {
            let file = perfect(&lesson, solution);
            assert_eq!(AnswerFile::read(&file.write()), Ok(file.clone()));
            let rows = verifier.verify(&file);
            let (predictions, tasks) = lesson.counts();
            assert_eq!(rows.len(), predictions + tasks, "{}", lesson.id);
            for row in &rows {
                assert_eq!(row.verdict, Verdict::Met, "{}: {row:?}: {}", lesson.id, row.sentence);
                assert!(row.tags.is_empty() && row.label == "group 4" && !row.sentence.is_empty(), "{row:?}");
            }
            count += rows.len();
        }
    }
    assert!(count > 120, "{count}");
}

/// How many solutions the task has that has most.
fn most_solutions(lesson: &Lesson) -> usize {
    let solutions = lesson.steps.iter().flat_map(|step| &step.blocks).map(|block| match block {
        Block::Do(task) => task.solutions.len(),
        _ => 1,
    });
    solutions.max().unwrap_or(1)
}

#[test]
fn a_wrong_answer_shows_what_is_believed() {
    let lesson = heartbeats();
    let mut file = AnswerFile::new(&lesson, "");
    file.step_mut(2).predict(0, Predicted { answer: Some(Answer::Choices(vec![2])), hints: 0 });
    file.step_mut(1).predict(0, Predicted { answer: Some(Answer::Number(300_500)), hints: 1 });
    assert_eq!(file.steps.iter().map(|step| step.step).collect::<Vec<_>>(), [1, 2]);
    let rows = verifier(&lesson).verify(&file);
    let number = &rows[0];
    assert_eq!((number.answer.as_str(), number.right.as_str(), number.hints), ("300.5 ms", "270 ms", 1));
    assert_eq!((number.verdict, number.tags[0].as_str()), (Verdict::NotMet, "timeout-starts-at-the-crash"));
    let choice = &rows[1];
    assert_eq!((choice.answer.as_str(), choice.right.as_str()), ("2", "3"));
    assert_eq!((choice.verdict, choice.tags[0].as_str()), (Verdict::NotMet, "timeout-means-dead"));
    assert!(choice.sentence.to_string().starts_with("B suspects A in both stories."), "{}", choice.sentence);
    // What was not answered has a row too.
    assert_eq!((rows[2].verdict, rows[2].answer.as_str()), (Verdict::NotMet, ""));
    assert_eq!(rows.len(), lesson.counts().0 + lesson.counts().1);
}

#[test]
fn ticks_that_are_missing_or_too_many_show_what_is_believed() {
    let lesson = heartbeats();
    let lab = registry::lab(&lesson.lab).unwrap();
    let key = prove(&lesson, lab).unwrap();
    let any = |block: &Block| matches!(block, Block::Predict(it) if it.kind == lessons::PredictionKind::Any);
    let entry = key.entries.iter().find(|entry| any(&lesson.steps[entry.step - 1].blocks[entry.block])).unwrap();
    let Block::Predict(prediction) = &lesson.steps[entry.step - 1].blocks[entry.block] else { unreachable!() };
    let Answer::Choices(right) = &entry.right[0] else { unreachable!() };
    let all: Vec<usize> = (1..=prediction.choices.len()).collect();
    let wrong: Vec<usize> = all.iter().copied().filter(|place| !right.contains(place)).collect();
    let mut file = AnswerFile::new(&lesson, "");
    file.step_mut(entry.step).predict(1, Predicted { answer: Some(Answer::Choices(all)), hints: 0 });
    let rows = verifier(&lesson).verify(&file);
    let is_it =
        |row: &&Row| row.place.is_some_and(|place| (place.step, place.kind, place.number) == (6, Kind::Predict, 2));
    let row = rows.iter().find(is_it).unwrap();
    let tags: Vec<String> = wrong.iter().filter_map(|place| prediction.choices[place - 1].tag.clone()).collect();
    assert_eq!((row.verdict, &row.tags), (Verdict::NotMet, &tags));
    assert!(!tags.is_empty());
}

#[test]
fn a_task_is_done_by_what_was_done() {
    let row = task_row(|_| {});
    assert_eq!((row.verdict, row.acts, row.hints), (Verdict::Met, 1, 0), "{}", row.sentence);
    assert!(row.moment.is_some());
    // The same run, left before anything came of it.
    let row = task_row(|done| {
        done["scenario"]["cursor"] = json!(done["scenario"]["inputs"][0]["after_event"].as_u64().unwrap() + 1)
    });
    assert_eq!(row.verdict, Verdict::DoesNotReplay, "{}", row.sentence);
    let row = task_row(|done| {
        done["scenario"]["cursor"] = json!(done["scenario"]["inputs"][0]["after_event"].as_u64().unwrap() + 1);
        done["at_us"] = json!(done["scenario"]["inputs"][0]["at_us"]);
    });
    assert_eq!(row.verdict, Verdict::NotMet, "{}", row.sentence);
    assert!(row.sentence.to_string().contains("B suspects A, and C trusts it"), "{}", row.sentence);
}

#[test]
fn a_run_that_begins_elsewhere_does_not_replay() {
    type Refusal<'a> = (&'a str, &'a dyn Fn(&mut Value));
    let refusals: [Refusal<'_>; 8] = [
        ("another seed", &|done| done["scenario"]["seed"] = json!(7)),
        ("other settings", &|done| done["scenario"]["settings"] = json!({"timeout_ms": 100})),
        ("there is no setting", &|done| done["scenario"]["settings"] = json!({"nonsense": 1})),
        ("does not begin where", &|done| done["scenario"]["cursor"] = json!(3)),
        ("does not begin where", &|done| done["scenario"]["inputs"][0]["after_event"] = json!(3)),
        ("more than", &|done| done["scenario"]["cursor"] = json!(900_000)),
        ("not the time", &|done| done["at_us"] = json!(999_000_000)),
        ("impossible", &|done| {
            let mut twice = done["scenario"]["inputs"][0].clone();
            twice["input"] = json!({"restart": 1});
            twice["after_event"] = json!(twice["after_event"].as_u64().unwrap() + 1);
            done["scenario"]["inputs"].as_array_mut().unwrap().push(twice);
        }),
    ];
    for (words, change) in refusals {
        let row = task_row(change);
        assert_eq!(row.verdict, Verdict::DoesNotReplay, "{words}: {}", row.sentence);
        assert!(row.sentence.to_string().contains(words), "{words}: {}", row.sentence);
    }
}

#[test]
fn acts_that_a_task_leaves_closed_do_not_count() {
    let path = File::new(env!("CARGO_MANIFEST_DIR")).join("../labs/failure/src/heartbeats/lesson.md");
    let text = std::fs::read_to_string(path).unwrap();
    for (only, verdict) in [("cut", Verdict::Met), ("crash, cut", Verdict::Met), ("crash", Verdict::DoesNotReplay)] {
        let lesson = read_lessons(&text.replacen("```do", &format!("```do only {only}"), 1)).unwrap().remove(0);
        let rows = verifier(&lesson).verify(&perfect(&lesson, 0));
        let row = rows.iter().find(|row| row.place.is_some_and(|place| place.kind == Kind::Do)).unwrap();
        assert_eq!(row.verdict, verdict, "{only}: {}", row.sentence);
    }
}

#[test]
fn another_text_is_said_so() {
    let lesson = heartbeats();
    let mut verifier = verifier(&lesson);
    let file = changed(&perfect(&lesson, 0), |file| file["text"] = json!("0123"));
    let rows = verifier.verify(&file);
    assert_eq!((rows.len(), rows[0].verdict, rows[0].place), (1, Verdict::OtherText, None));
    let file = changed(&perfect(&lesson, 0), |file| file["steps"][0]["predict"] = json!([{}, {}, {}]));
    let rows = verifier.verify(&file);
    assert_eq!((rows.len(), rows[0].verdict), (1, Verdict::DoesNotReplay));
    assert!(rows[0].sentence.to_string().contains("step 1"), "{}", rows[0].sentence);
}

#[test]
fn what_is_no_answer_file_is_refused_with_a_sentence() {
    assert!(refused("").contains("line 1"));
    assert!(refused("{}").contains("version"));
    assert!(refused("{\"netsplit\":9}").contains("version 9"));
    assert!(refused("{\"netsplit\":1}").contains("lesson"));
    assert!(refused(&"[".repeat(100_000)).contains("version"));
    let deep = |key: &str| format!("{{\"netsplit\":1,\"{key}\":{}", "[".repeat(100_000));
    assert!(refused(&deep("steps")).contains("line 1"));
    assert!(refused(&deep("unknown")).contains("line 1"));
    assert!(refused(&" ".repeat(LONGEST_ANSWERS + 1)).contains("KiB"));
    let twice = json!({"netsplit": 1, "lesson": "a", "text": "b", "steps": [{"step": 2}, {"step": 2}]});
    assert!(refused(&twice.to_string()).contains("twice"));
    assert_eq!(Scenario::VERSION, 1, "write the versions here anew");
}

#[test]
fn the_file_looks_as_it_is_described() {
    let text = r#"{"netsplit":1,"lesson":"l","text":"9f3c","label":"group 4","steps":[{"step":2,"predict":[{"answer":[4]},{},{"answer":"S3"},{"answer":270000}]},{"step":5,"do":[{"scenario":{"settings":{},"seed":176,"inputs":[],"cursor":61},"at_us":2600000,"hints":1}]}]}"#;
    let file = AnswerFile::read(text).unwrap();
    assert_eq!(file.write(), text);
    let [one, other] = &file.steps[..] else { panic!("{file:?}") };
    assert_eq!(one.predict[2].answer, Some(Answer::Node("S3".into())));
    assert_eq!((other.tasks[0].hints, other.tasks[0].scenario.as_ref().unwrap().cursor), (1, 61));
}

/// Verifies what can be read. Nothing panics, and each sentence is one that can be read.
fn survives(verifier: &mut Verifier, text: &str) -> Result<(), TestCaseError> {
    match AnswerFile::read(text) {
        Err(sentence) => {
            prop_assert!(sentence.missing_arguments().is_empty(), "{}", sentence);
            prop_assert!(sentence.to_string().chars().count() <= 300, "{}", sentence);
        }
        Ok(file) => {
            for row in verifier.verify(&file) {
                prop_assert!(row.sentence.missing_arguments().is_empty(), "{}", row.sentence);
                prop_assert!(row.sentence.to_string().chars().count() <= 320, "{}", row.sentence);
            }
        }
    }
    Ok(())
}

thread_local! {
    static HEARTBEATS: std::cell::RefCell<(Verifier, String)> = {
        let lesson = heartbeats();
        let mut file = perfect(&lesson, 0);
        // A prediction of each kind, and one task.
        file.steps.retain(|step| [1, 2, 4].contains(&step.step));
        std::cell::RefCell::new((verifier(&lesson), file.write()))
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_changed_byte_never_panics(place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        HEARTBEATS.with_borrow_mut(|(verifier, text)| {
            let mut bytes = text.clone().into_bytes();
            let place = place.index(bytes.len());
            bytes[place] = byte;
            survives(verifier, &String::from_utf8_lossy(&bytes))
        })?;
    }

    #[test]
    fn a_changed_number_never_panics(place in any::<prop::sample::Index>(), number in any::<u64>()) {
        HEARTBEATS.with_borrow_mut(|(verifier, text)| {
            let mut pieces: Vec<String> = text.split_inclusive(':').map(str::to_string).collect();
            let place = place.index(pieces.len());
            let piece = &mut pieces[place];
            let digits = piece.bytes().take_while(u8::is_ascii_digit).count();
            piece.replace_range(..digits, &number.to_string());
            survives(verifier, &pieces.concat())
        })?;
    }

    #[test]
    fn any_text_never_panics(text in ".{0,200}") {
        HEARTBEATS.with_borrow_mut(|(verifier, _)| survives(verifier, &text))?;
    }
}
