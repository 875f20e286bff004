//! `netsplit verify`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::process::ExitCode;

use lessons::{AnswerFile, Lesson, Row, Verdict, Verifier, csv_head, csv_line, read_lessons};

use sim::Text;

use crate::output::{remark, write};
use crate::read_text;

/// The lessons that stand in the labs' folders, as they were when this program was built.
const CATALOGUE: &[&str] = include!(concat!(env!("OUT_DIR"), "/lessons.rs"));

/// Which answers to replay.
#[derive(Debug)]
pub struct Request {
    pub files: Vec<String>,
    /// Files with lessons that are not in the catalogue, or with other texts of them.
    pub lessons: Vec<String>,
}

/// Replays answers to any lesson that it knows.
pub struct School {
    lessons: Vec<Lesson>,
    /// By lesson and digest of its text.
    verifiers: BTreeMap<(String, String), Verifier>,
}

/// Prints a table with a row for each prediction and task. What cannot be read has a row as well, and then the exit code is 1.
pub fn verify(request: &Request) -> Result<ExitCode, String> {
    let mut school = School::new(&request.lessons)?;
    write(format_args!("{}", csv_head()));
    let mut refused = 0;
    for file in &request.files {
        let rows = match read_text(file) {
            Ok(text) => school.rows(&text)?,
            Err(sentence) => refusal(Text::verbatim(sentence)),
        };
        refused += usize::from(rows.iter().any(|row| row.place.is_none()));
        for row in rows {
            write(format_args!("{}", csv_line(file, &row)));
        }
    }
    if refused == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    remark(&format!("netsplit: nothing can be said of {refused} of {} files: see their rows", request.files.len()));
    Ok(ExitCode::from(1))
}

impl School {
    /// Knows the lessons of these files, and those of the catalogue.
    pub fn new(files: &[String]) -> Result<School, String> {
        Ok(School { lessons: known_lessons(files)?, verifiers: BTreeMap::new() })
    }

    /// What can be said of the content of a file. Only a lesson that cannot be gone through ends it all.
    pub fn rows(&mut self, text: &str) -> Result<Vec<Row>, String> {
        let answers = match AnswerFile::read(text) {
            Ok(answers) => answers,
            Err(sentence) => return Ok(refusal(sentence)),
        };
        let Some(lesson) = answers.lesson_among(&self.lessons) else {
            return Ok(vec![Row::without_lesson(&answers)]);
        };
        let verifier = match self.verifiers.entry((lesson.id.clone(), lesson.digest.clone())) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => {
                let lab = labs::registry::lab(&lesson.lab).map_err(|refusal| refusal.to_string())?;
                let verifier = Verifier::new(lesson.clone(), lab);
                place.insert(verifier.map_err(|mistake| format!("{}: {mistake}", lesson.id))?)
            }
        };
        Ok(verifier.verify(&answers))
    }
}

fn refusal(sentence: Text) -> Vec<Row> {
    vec![Row::of_file("", "", Verdict::DoesNotReplay, sentence)]
}

/// Those of the files first: they may have a text that the catalogue no longer has.
pub fn known_lessons(files: &[String]) -> Result<Vec<Lesson>, String> {
    let mut lessons = Vec::new();
    for file in files {
        let read = read_lessons(&read_text(file)?);
        lessons.extend(read.map_err(|mistakes| format!("{file}:{}", mistakes[0]))?);
    }
    for text in CATALOGUE {
        lessons.extend(read_lessons(text).map_err(|mistakes| mistakes[0].to_string())?);
    }
    Ok(lessons)
}
