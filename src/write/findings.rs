//! What is wrong with a draft, and what could be better.

use std::cell::OnceCell;

use lessons::{Known, Lesson, Misconception, Mistake, Vocabulary, lint, read_lessons, read_misconceptions, resolve};

/// What is explained beside the labs.
const WORDS: &str = include_str!("../../lessons/words.md");
const MISCONCEPTIONS: &str = include_str!("../../lessons/misconceptions.md");

/// Something that is said of a place in a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Counted from 1.
    pub line: usize,
    pub column: usize,
    pub sentence: String,
    /// Whether the lesson cannot be used as it is; else it could only be better.
    pub is_mistake: bool,
}

impl Finding {
    pub fn mistake(Mistake { line, column, sentence }: Mistake) -> Finding {
        Finding { line, column, sentence, is_mistake: true }
    }

    fn remark(Mistake { line, column, sentence }: Mistake) -> Finding {
        Finding { line, column, sentence, is_mistake: false }
    }
}

/// The lessons of a draft, if it can be read, and what is to be said of it.
pub fn read(text: &str) -> (Vec<Lesson>, Vec<Finding>) {
    let lessons = match read_lessons(text) {
        Ok(lessons) => lessons,
        Err(mistakes) => return (Vec::new(), mistakes.into_iter().map(Finding::mistake).collect()),
    };
    let mut findings = Vec::new();
    for lesson in &lessons {
        if let Err(why) = labs::registry::about(&lesson.lab) {
            findings.push(Finding::mistake(Mistake { line: lesson.line, column: 1, sentence: why.to_string() }));
        }
        GROUND.with(|ground| {
            let Ground { vocabulary, misconceptions } = ground.get_or_init(Ground::read);
            let known = Known {
                words: vocabulary.words.iter().map(|word| word.name.as_str()).collect(),
                tags: misconceptions.iter().map(|one| one.tag.as_str()).collect(),
                // Those of the site are not all here.
                lessons: lesson.needs.iter().map(String::as_str).collect(),
            };
            findings.extend(resolve(lesson, &known).into_iter().map(Finding::mistake));
            findings.extend(lint(text, lesson, vocabulary).into_iter().map(Finding::remark));
        });
    }
    (lessons, findings)
}

/// What lessons name.
#[derive(Debug)]
struct Ground {
    vocabulary: Vocabulary,
    misconceptions: Vec<Misconception>,
}

impl Ground {
    /// A test reads both.
    fn read() -> Ground {
        Ground {
            vocabulary: Vocabulary::read(WORDS).unwrap_or_default(),
            misconceptions: read_misconceptions(MISCONCEPTIONS).unwrap_or_default(),
        }
    }
}

thread_local! {
    static GROUND: OnceCell<Ground> = const { OnceCell::new() };
}
