//! The keys of a step, tried out: what is true at the reveal.

use lessons::{Answer, Block, Choice, Lesson, Mistake, Path, Prediction, PredictionKind, Revealed, ways};
use sim::{AnyLab, World};

/// What is true of each question of a step, by line.
pub fn rows(lesson: &Lesson, number: usize, lab: &'static dyn AnyLab) -> Vec<String> {
    let path = match Path::of(lesson, lab) {
        Ok(path) => path,
        Err(mistake) => return vec![mistake.to_string()],
    };
    let Some(step) = lesson.step(number) else { return Vec::new() };
    let mut rows = Vec::new();
    for (place, block) in step.blocks.iter().enumerate() {
        if let (Block::Predict(prediction), Some(stand)) = (block, path.at(number, place)) {
            let revealed = Revealed::new(prediction, ways(step, place), lab, stand);
            match revealed.and_then(|revealed| of_question(prediction, &revealed, &first_node(lab))) {
                Ok(found) => rows.extend(found),
                Err(mistake) => rows.push(mistake.to_string()),
            }
        }
    }
    rows
}

/// What is right is told with any answer.
fn of_question(prediction: &Prediction, revealed: &Revealed<'_>, node: &str) -> Result<Vec<String>, Mistake> {
    let any = match prediction.kind {
        PredictionKind::One | PredictionKind::Any => Answer::Choices(vec![1]),
        PredictionKind::Number { .. } => Answer::Number(i64::MIN),
        PredictionKind::Node { .. } => Answer::Node(node.to_string()),
        PredictionKind::Message { .. } => return Ok(Vec::new()),
    };
    let right = revealed.judge(&any)?.right;
    let line = prediction.line;
    Ok(match &right[..] {
        [Answer::Choices(right)] => {
            let row = |(place, choice): (usize, &Choice)| {
                let is_right = right.contains(&(place + 1));
                format!("{}: {is_right}: {}", choice.line, choice.text.text)
            };
            prediction.choices.iter().enumerate().map(row).collect()
        }
        right => right.iter().map(|answer| format!("{line}: {}", words(answer))).collect(),
    })
}

fn words(answer: &Answer) -> String {
    match answer {
        Answer::Choices(places) => format!("{places:?}"),
        Answer::Number(number) => number.to_string(),
        Answer::Node(label) => label.clone(),
        Answer::Message(id) => id.to_string(),
    }
}

/// Any node will do to ask with.
fn first_node(lab: &'static dyn AnyLab) -> String {
    let world = World::new(lab, sim::Settings::default(), 0);
    let first = |world: World| world.nodes().ids().next().map(|node| world.label(node).to_string());
    world.ok().and_then(first).unwrap_or_default()
}
