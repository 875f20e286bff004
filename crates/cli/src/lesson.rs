//! `netsplit lesson`.

use std::process::ExitCode;

use lessons::{Answer, Block, Key, Known, Lesson, Mistake, lint, prove, read_lessons, read_misconceptions, resolve};
use serde_json::{Value, json};

use crate::output::{remark, say, write};
use crate::{print_json, read_text, worksheet};

/// What is explained beside the labs, as it was when this program was built.
const WORDS: &str = include_str!("../../../lessons/words.md");
const MISCONCEPTIONS: &str = include_str!("../../../lessons/misconceptions.md");

/// Which lessons to prove, and what to say of them.
#[derive(Debug)]
pub struct Request {
    pub files: Vec<String>,
    pub keys: bool,
    pub print: bool,
    pub json: bool,
}

/// A lesson with what its proof has shown.
struct Proved {
    file: String,
    lesson: Lesson,
    key: Key,
}

/// What is said of a place in a file.
type Said = (String, Mistake);

/// Proves lessons. Mistakes are printed with file, line and column, and then the exit code is 1; remarks about what could be
/// better are printed too, and change nothing.
pub fn check(request: &Request) -> Result<ExitCode, String> {
    let vocabulary = lessons::Vocabulary::read(WORDS).map_err(|mistake| mistake.to_string())?;
    let (mut mistakes, mut remarks): (Vec<Said>, Vec<Said>) = (Vec::new(), Vec::new());
    let mut read: Vec<(String, Lesson)> = Vec::new();
    for file in &request.files {
        let text = read_text(file)?;
        match read_lessons(&text) {
            Ok(lessons) => {
                let found = lessons.iter().flat_map(|lesson| lint(&text, lesson, &vocabulary));
                remarks.extend(found.map(|remark| (file.clone(), remark)));
                read.extend(lessons.into_iter().map(|lesson| (file.clone(), lesson)));
            }
            Err(found) => mistakes.extend(found.into_iter().map(|mistake| (file.clone(), mistake))),
        }
    }
    let tags = read_misconceptions(MISCONCEPTIONS).map_err(|mistakes| mistakes[0].to_string())?;
    let known = Known {
        words: vocabulary.words.iter().map(|word| word.name.as_str()).collect(),
        tags: tags.iter().map(|one| one.tag.as_str()).collect(),
        // A file that stands alone may need a lesson of the catalogue.
        lessons: read.iter().flat_map(|(_, lesson)| lesson.needs.iter().map(String::as_str)).collect(),
    };
    let mut proved = Vec::new();
    for (file, lesson) in &read {
        let found = resolve(lesson, &known);
        mistakes.extend(found.into_iter().map(|mistake| (file.clone(), mistake)));
        let lab = match labs::registry::lab(&lesson.lab) {
            Ok(lab) => lab,
            Err(refusal) => {
                mistakes.push((file.clone(), Mistake { line: lesson.line, column: 1, sentence: refusal.to_string() }));
                continue;
            }
        };
        match prove(lesson, lab) {
            Ok(key) => proved.push(Proved { file: file.clone(), lesson: lesson.clone(), key }),
            Err(found) => mistakes.extend(found.into_iter().map(|mistake| (file.clone(), mistake))),
        }
    }
    if request.print {
        print_sheets(&proved, &mistakes)?;
    } else {
        report(request, &proved, &mistakes, &remarks)?;
    }
    Ok(if mistakes.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Prints a line for the verdicts of each lesson.
pub fn digests(files: &[String]) -> Result<ExitCode, String> {
    for file in files {
        let lessons = read_lessons(&read_text(file)?).map_err(|mistakes| format!("{file}:{}", mistakes[0]))?;
        for lesson in lessons {
            let lab = labs::registry::lab(&lesson.lab).map_err(|refusal| refusal.to_string())?;
            say!("{}", lessons::verdicts(&lesson, lab));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The page of each lesson. What is wrong with others goes to the standard error, since the pages are a file.
fn print_sheets(proved: &[Proved], mistakes: &[Said]) -> Result<(), String> {
    for Proved { lesson, key, .. } in proved {
        let lab = labs::registry::lab(&lesson.lab).map_err(|refusal| refusal.to_string())?;
        write(format_args!("{}", worksheet::page(lesson, key, lab)?));
    }
    for (file, mistake) in mistakes {
        remark(&format!("{file}:{mistake}"));
    }
    Ok(())
}

fn report(request: &Request, proved: &[Proved], mistakes: &[Said], remarks: &[Said]) -> Result<(), String> {
    if request.json {
        let said = |(file, said): &Said| json!({"file": file, "line": said.line, "column": said.column, "sentence": said.sentence});
        let all = |said_of: &[Said]| said_of.iter().map(said).collect::<Vec<Value>>();
        let lessons: Vec<Value> = proved.iter().map(as_value).collect();
        return print_json(&json!({"lessons": lessons, "mistakes": all(mistakes), "remarks": all(remarks)}));
    }
    for Proved { file, lesson, key } in proved {
        let (predictions, tasks) = lesson.counts();
        let steps = lesson.steps.len();
        say!(
            "{file}: {}: {steps} steps, {predictions} predictions, {tasks} tasks, {} minutes: proved",
            lesson.id,
            lesson.minutes
        );
        if request.keys {
            print_key(lesson, key);
        }
    }
    for (file, mistake) in mistakes {
        say!("{file}:{mistake}");
    }
    for (file, remark) in remarks {
        say!("{file}:{}:{}: remark: {}", remark.line, remark.column, remark.sentence);
    }
    Ok(())
}

fn as_value(proved: &Proved) -> Value {
    let Proved { file, lesson, key } = proved;
    let entry = |entry: &lessons::KeyEntry| json!({"step": entry.step, "line": entry.line, "right": entry.right});
    let (predictions, tasks) = lesson.counts();
    json!({
        "file": file,
        "lesson": lesson.id,
        "lab": lesson.lab,
        "title": lesson.title,
        "minutes": lesson.minutes,
        "steps": lesson.steps.len(),
        "predictions": predictions,
        "tasks": tasks,
        "text": lesson.digest,
        "keys": key.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn print_key(lesson: &Lesson, key: &Key) {
    for entry in &key.entries {
        let block = lesson.step(entry.step).and_then(|step| step.blocks.get(entry.block));
        match block {
            Some(Block::Predict(prediction)) => {
                say!("  {}. {}", entry.step, first_line(&prediction.question));
                for answer in &entry.right {
                    match answer {
                        Answer::Choices(places) => {
                            for place in places {
                                say!("     {place}: {}", prediction.choices[place - 1].text.text);
                            }
                        }
                        Answer::Number(number) => say!("     {number}"),
                        Answer::Node(label) => say!("     {label}"),
                        Answer::Message(id) => say!("     the message {id}"),
                    }
                }
            }
            Some(Block::Do(task)) => {
                say!("  {}. {}", entry.step, first_line(&task.text));
                say!("     done by each of {} solutions", task.solutions.len());
            }
            _ => {}
        }
    }
}

fn first_line(passages: &[lessons::Passage]) -> String {
    passages.first().map(|passage| passage.text.lines().collect::<Vec<_>>().join(" ")).unwrap_or_default()
}
