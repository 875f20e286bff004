//! What `new-lab` copies has a lesson that is proved, and an article that reads.

#[path = "../template/mod.rs"]
#[expect(unused_imports, reason = "a lab shows the names of its parts to others")]
mod template;

use std::fs;

use lessons::{Article, Known, Runner, Script, Vocabulary, lint, prove, read_lessons, read_misconceptions, resolve};
use sim::{AnyLab, Of};

const LAB: &dyn AnyLab = Of::<template::NewLab>::LAB;

fn read(file: &str) -> String {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn its_lesson_is_proved_and_leaves_nothing_to_remark() {
    let text = read("template/lesson.md");
    let vocabulary = Vocabulary::read(&read("../../lessons/words.md")).unwrap();
    let misconceptions = read_misconceptions(&read("../../lessons/misconceptions.md")).unwrap();
    let known = Known {
        words: vocabulary.words.iter().map(|word| word.name.as_str()).collect(),
        tags: misconceptions.iter().map(|one| one.tag.as_str()).collect(),
        lessons: Vec::new(),
    };
    let lessons = read_lessons(&text).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let lesson = &lessons[0];
    assert_eq!(lint(&text, lesson, &vocabulary), Vec::new());
    assert_eq!(resolve(lesson, &known), Vec::new());
    prove(lesson, LAB).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let (predictions, tasks) = lesson.counts();
    assert!(lesson.steps.len() >= 5 && predictions >= 3 && tasks >= 2, "what a lesson has");
}

#[test]
fn the_moments_of_its_article_are_there() {
    let articles = Article::read(&read("template/notes.md")).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]));
    let article = &articles[0];
    assert!((600..=1_200).contains(&article.words()), "{} words", article.words());
    let moments = article.moments();
    assert!(!moments.is_empty());
    for moment in moments {
        let script = Script::read(&moment, 1, 1).unwrap();
        Runner::new(LAB).unwrap().run(&script).unwrap_or_else(|mistake| panic!("{moment}: {mistake}"));
    }
}
