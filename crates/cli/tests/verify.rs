//! `netsplit verify`, answer files in, a table out; and `netsplit lesson --print`, a lesson on paper.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lessons::{AnswerFile, Lesson, read_lessons};

fn verify(files: &[&Path], more: &[&Path]) -> Output {
    let mut netsplit = Command::new(env!("CARGO_BIN_EXE_netsplit"));
    netsplit.arg("verify").args(files);
    for lesson in more {
        netsplit.arg("--lesson").arg(lesson);
    }
    netsplit.output().expect("netsplit starts")
}

fn written(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for temporary files can be written");
    path
}

fn lesson_text() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../labs/failure/src/heartbeats/lesson.md");
    std::fs::read_to_string(file).expect("the lesson is there")
}

fn answers(lesson: &Lesson) -> AnswerFile {
    AnswerFile::solved(lesson, labs::registry::lab(&lesson.lab).unwrap(), 0).unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(str::to_string).collect()
}

#[test]
fn each_prediction_and_task_has_a_row() {
    let lesson = read_lessons(&lesson_text()).unwrap().remove(0);
    let file = AnswerFile { label: "=cmd|' /C calc'!A0".into(), ..answers(&lesson) };
    let path = written("all-right.json", &file.write());
    let output = verify(&[&path], &[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let lines = lines(&output);
    assert_eq!(lines[0], "file,label,lesson,step,kind,number,answer,right,tag,hints,acts,verdict,sentence");
    assert_eq!(lines.len(), 1 + lesson.counts().0 + lesson.counts().1);
    assert!(lines[1..].iter().all(|line| line.contains(",met,")), "{lines:?}");
    let begin =
        format!("{},'=cmd|' /C calc'!A0,heartbeats-dead-or-slow,1,predict,1,270 ms,270 ms,,0,0,met,", path.display());
    assert!(lines[1].starts_with(&begin), "{}", lines[1]);
}

#[test]
fn what_cannot_be_read_has_a_row_too() {
    let lesson = read_lessons(&lesson_text()).unwrap().remove(0);
    let other = AnswerFile { lesson: "no-such-lesson".into(), ..answers(&lesson) };
    let damaged = written("damaged.json", "{");
    let output = verify(&[&damaged, &written("other.json", &other.write()), Path::new("/no/such/file")], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines = lines(&output);
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[1].contains("does-not-replay") && lines[1].contains("line 1"), "{}", lines[1]);
    assert!(lines[2].contains("other-text") && lines[2].contains("no-such-lesson"), "{}", lines[2]);
    assert!(lines[3].contains("does-not-replay"), "{}", lines[3]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("3 of 3 files"), "{output:?}");
}

#[test]
fn a_lesson_that_has_changed_since_can_be_given() {
    let changed = lesson_text().replace("# Dead, or just slow?", "# Dead or slow?");
    let lesson = read_lessons(&changed).unwrap().remove(0);
    let file = written("older.json", &answers(&lesson).write());
    let said = lines(&verify(&[&file], &[]));
    assert!(said.len() == 2 && said[1].contains(",other-text,"), "{said:?}");
    let output = verify(&[&file], &[&written("older.md", &changed)]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(lines(&output)[1..].iter().all(|line| line.contains(",met,")));
}

#[test]
fn a_lesson_on_paper_has_boxes_lines_and_a_key() {
    let file = written("paper.md", &lesson_text());
    let output = Command::new(env!("CARGO_BIN_EXE_netsplit")).arg("lesson").arg(&file).arg("--print").output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.starts_with("<!doctype html>"));
    let (sheet, key) = page.split_once("<section class=\"key\">").expect("the key stands at the end");
    let lesson = read_lessons(&lesson_text()).unwrap().remove(0);
    let (predictions, tasks) = lesson.counts();
    assert_eq!(sheet.matches("<p>Because</p>").count(), predictions);
    assert_eq!(sheet.matches("<p>What I did</p>").count(), tasks);
    // What is right is computed, and stands in the key alone.
    assert!(key.contains("<p class=\"right\">270 ms</p>") && !sheet.contains("270 ms"));
    assert!(key.contains("☑ No. B has heard exactly the same in both") && !sheet.contains("class=\"right\""));
    // Nothing is loaded, and nothing runs.
    for word in ["<script", "src=", "href=", "url("] {
        assert!(!page.contains(word), "{word}");
    }
}
