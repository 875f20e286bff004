use std::fs;
use std::rc::Rc;

use lessons::{Answer, Feedback, Lesson, read_lessons};
use netsplit::lab_page::{LabPage, LabPageProps, Source, Start};
use netsplit::lesson::notebook::{Effort, GoalState, Notebook, Phase, Question, Told};
use netsplit::lesson::{panel, progress, shelf};
use netsplit::looks::Looks;
use sim::Text;
use yew::Callback;

use crate::{count, draw, draw_part, near};

/// A lesson as it stands in the sources.
fn lesson(folder: &str, id: &str) -> Rc<Lesson> {
    let file = format!("{}/crates/labs/{folder}/lesson.md", env!("CARGO_MANIFEST_DIR"));
    let lessons = read_lessons(&fs::read_to_string(file).unwrap()).unwrap();
    let lesson = Rc::new(lessons.into_iter().find(|lesson| lesson.id == id).unwrap());
    shelf::keep(id, Ok(lesson.clone()));
    lesson
}

fn raft() -> Rc<Lesson> {
    lesson("agreement/src/raft", "raft-two-leaders")
}

fn page(lab: &'static str, id: &'static str, step: Option<usize>, query: &str) -> String {
    draw::<LabPage>(LabPageProps {
        source: Source::Lab(lab.into()),
        start: Start::Lesson { id: id.into(), step },
        on_close: Callback::noop(),
        looks: Looks::read(&[query]),
    })
}

fn panel(notebook: &Notebook) -> String {
    draw_part(panel::draw(notebook, &Callback::noop()))
}

/// The question of step 2: of four choices the last is right.
fn notebook(phase: Phase, chosen: Option<usize>) -> Notebook {
    let mut notebook = Notebook { step: 2, phase, ..Notebook::new(raft()) };
    notebook.block = notebook.next_block(0).unwrap();
    let answer = chosen.map(|place| Answer::Choices(vec![place]));
    let is_locked = phase != Phase::Asking;
    let told = chosen.filter(|_| phase == Phase::Told).map(|place| Told {
        feedback: Feedback { is_right: place == 4, remarks: vec![place - 1], right: vec![Answer::Choices(vec![4])] },
        shows: if place == 3 { vec![2] } else { Vec::new() },
    });
    *notebook.question_mut() = Question { answer, is_locked, told, ..Question::default() };
    notebook
}

#[test]
fn a_lesson_stands_beside_the_moment_at_which_its_step_begins() {
    raft();
    let html = page("raft", "raft-two-leaders", Some(2), "");
    assert!(near(&html, "lesson-place").contains("Step 2 of 6"));
    assert!(html.contains("How many servers will take themselves for the leader"));
    assert_eq!(count(&html, "type=\"radio\""), 4);
    // S3 asks for votes, and the network is cut.
    assert!(near(&html, "data-node=\"S3\"").contains("candidate"));
    // The list of scenarios, and the band that tells one, make room.
    assert_eq!(count(&html, "data-testid=\"band\"") + count(&html, "data-testid=\"side\""), 0);
}

#[test]
fn a_lesson_that_is_not_there_is_answered_with_a_sentence() {
    let html = page("raft", "no-such-lesson", None, "");
    assert!(html.contains("This lesson cannot be opened"));
    assert!(html.contains("data-testid=\"event-counter\""));
}

#[test]
fn a_figure_and_a_class_have_the_lesson_too() {
    raft();
    let figure = page("raft", "raft-two-leaders", Some(2), "?view=embed");
    assert_eq!(count(&figure, "data-testid=\"lesson\""), 1);
    let class = page("raft", "raft-two-leaders", Some(2), "?view=present");
    assert_eq!(
        (count(&class, "data-testid=\"lesson-large\""), count(&class, "data-testid=\"large-choice-4\"")),
        (1, 1)
    );
    assert_eq!(count(&class, "data-testid=\"lesson\""), 0);
}

#[test]
fn a_question_is_a_group_of_choices_until_it_is_locked() {
    let asked = panel(&notebook(Phase::Asking, None));
    assert_eq!((count(&asked, "<fieldset"), count(&asked, "<legend"), count(&asked, "type=\"radio\"")), (1, 1, 4));
    assert!(near(&asked, "lesson-go-on").contains("aria-disabled"));
    let chosen = panel(&notebook(Phase::Asking, Some(3)));
    assert!(!near(&chosen, "lesson-go-on").contains("aria-disabled"));
    let locked = panel(&notebook(Phase::Locked, Some(3)));
    assert_eq!(count(&locked, "type=\"radio\""), 0);
    assert!(near(&locked, "choice-3").contains("Your answer, locked") && locked.contains(">Run<"));
    // What happens is not said before it has.
    assert!(!locked.contains("What happened") && !locked.contains("Who would tell S1?"));
}

#[test]
fn feedback_says_the_answer_what_happened_and_why() {
    let wrong = panel(&notebook(Phase::Told, Some(3)));
    assert!(near(&wrong, "choice-3").contains("Your answer, locked"));
    assert!(near(&wrong, "choice-4").contains("What happened"));
    assert!(near(&wrong, "lesson-told").contains("It came out differently."));
    assert!(wrong.contains("Who would tell S1?") && wrong.contains("data-testid=\"lesson-show\""));
    let right = panel(&notebook(Phase::Told, Some(4)));
    assert!(near(&right, "lesson-told").contains("Yes, that is how it came out."));
    assert!(!right.contains("data-testid=\"lesson-show\"") && !right.contains("Who would tell S1?"));
}

#[test]
fn goals_are_told_by_signs_and_words() {
    let mut notebook = Notebook { step: 5, phase: Phase::Doing, ..Notebook::new(raft()) };
    notebook.block = notebook.next_block(0).unwrap();
    let told = Some(Text::verbatim("S2 crashes".to_string()));
    let goals = vec![GoalState::Met(70), GoalState::Lost(64, told), GoalState::Open, GoalState::Open];
    *notebook.effort_mut() = Effort { goals, ..Effort::default() };
    let html = panel(&notebook);
    let goal = |number: usize| near(&html, &format!("data-testid=\"goal-{number}\"")).to_string();
    assert!(goal(1).contains("✓") && goal(1).contains("met at event 70"));
    assert!(goal(2).contains("✕") && goal(2).contains("S2 crashes") && goal(2).contains("lesson-go-back"));
    assert!(goal(3).contains("–") && goal(3).contains("not yet"));
    // Hints come one after the other, and solutions after all of them.
    assert!(html.contains("data-testid=\"lesson-hint\"") && !html.contains("data-testid=\"lesson-solve\""));
    notebook.effort_mut().hints = 3;
    let html = panel(&notebook);
    assert!(html.contains("Hint 3 of 3") && html.contains("data-testid=\"lesson-solve\""));
}

/// Files of a class come together in one folder: each has a word of its own, if somebody has said one.
#[test]
fn answers_carry_the_word_of_who_answers() {
    let mut notebook = Notebook { label: "group 4 / red".to_string(), ..Notebook::new(raft()) };
    assert_eq!(progress::file_name(&notebook), "raft-two-leaders.group-4---red.answers.json");
    let file = progress::answers(&notebook);
    assert_eq!(file.label, "group 4 / red");
    notebook.label.clear();
    assert_eq!(progress::file_name(&notebook), "raft-two-leaders.answers.json");
    progress::fill(&mut notebook, &file);
    assert_eq!(notebook.label, "group 4 / red");
}

#[test]
fn questions_that_come_out_together_stand_together() {
    let mut notebook = Notebook { step: 4, phase: Phase::Asking, ..Notebook::new(raft()) };
    let first = notebook.next_block(0).unwrap();
    let second = notebook.next_block(first + 1).unwrap();
    notebook.block = first;
    assert_eq!(notebook.together((4, first)), [first, second]);
    assert!(panel(&notebook).contains("data-testid=\"lesson-options\""));
    *notebook.question_mut() =
        Question { answer: Some(Answer::Node("S3".into())), is_locked: true, ..Question::default() };
    notebook.block = second;
    let html = panel(&notebook);
    assert!(html.contains("Point at the server that will lead") && html.contains("What will have become of x=3"));
}

#[test]
fn a_worksheet_is_at_hand_and_its_key_at_the_end() {
    let asked = panel(&notebook(Phase::Asking, None));
    assert!(near(&asked, "data-testid=\"lesson-print\"").contains("aria-label=\"Worksheet\""));
    assert_eq!(count(&asked, "Worksheet and key"), 0);
    let mut over = notebook(Phase::Told, Some(4));
    over.step = 7;
    let over = panel(&over);
    assert!(near(&over, "data-testid=\"lesson-worksheet\"").contains(">Worksheet<"));
    assert!(near(&over, "data-testid=\"lesson-key\"").contains(">Worksheet and key<"));
}

#[test]
fn the_end_says_what_has_become_of_it() {
    let mut over = notebook(Phase::Told, Some(4));
    over.step = 7;
    let html = panel(&over);
    assert!(near(&html, "lesson-score").contains("You saw 1 of 7 things coming, and did 0 of 2 tasks."), "{html}");
}
