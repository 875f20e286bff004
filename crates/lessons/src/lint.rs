//! What is no mistake in a lesson, and could still be better: long sentences, words that nobody has explained, steps in which there is
//! nothing to do, questions that are none, choices that give themselves away.

use crate::lesson::{Block, Lesson, Passage, Prediction, PredictionKind};
use crate::mistake::Mistake;
use crate::words::Vocabulary;

/// How many words a sentence may have.
const LONGEST_SENTENCE: usize = 25;

/// Remarks about a lesson of this file, in the order of its lines.
pub fn lint(text: &str, lesson: &Lesson, vocabulary: &Vocabulary) -> Vec<Mistake> {
    let mut remarks = Remarks { lines: text.lines().collect(), all: Vec::new() };
    lesson.clone().passages(|line, text| remarks.sentences(line, text));
    remarks.words(lesson, vocabulary);
    for step in &lesson.steps {
        if !step.blocks.iter().any(|block| matches!(block, Block::Predict(_) | Block::Do(_))) {
            remarks.say(step.line, 1, "there is nothing to do in this step: ask for a prediction, or set a task");
        }
        for block in &step.blocks {
            if let Block::Predict(prediction) = block {
                remarks.question(prediction);
                remarks.lengths(prediction);
            }
        }
    }
    remarks.all.sort_by_key(|remark| (remark.line, remark.column));
    remarks.all
}

struct Remarks<'a> {
    lines: Vec<&'a str>,
    all: Vec<Mistake>,
}

impl Remarks<'_> {
    fn say(&mut self, line: usize, column: usize, sentence: impl Into<String>) {
        self.all.push(Mistake::new(line, column, sentence));
    }

    /// The same about a place in a passage that begins in this line.
    fn say_at(&mut self, line: usize, passage: &str, at: usize, sentence: String) {
        let (line, column) = place(&self.lines, line, passage, at);
        self.say(line, column, sentence);
    }

    fn sentences(&mut self, line: usize, text: &str) {
        for (from, sentence) in sentences(&plain(text)) {
            let count = words(sentence).count();
            if count > LONGEST_SENTENCE {
                let sentence = format!("this sentence has {count} words: split it, {LONGEST_SENTENCE} are enough");
                self.say_at(line, text, from, sentence);
            }
        }
    }

    /// Words of the vocabulary that a student meets before a link explains them, unless the head lists them.
    fn words(&mut self, lesson: &Lesson, vocabulary: &Vocabulary) {
        let mut known: Vec<usize> = Vec::new();
        for passage in read_by_students(lesson) {
            let (text, links) = (plain(&passage.text), links(&passage.text));
            for mark in vocabulary.marks(&text) {
                let word = &vocabulary.words[mark.word];
                if known.contains(&mark.word) || lesson.words.contains(&word.name) {
                    continue;
                }
                known.push(mark.word);
                let slug = word.slug();
                if !links.iter().any(|(at, link)| *at <= mark.from && *link == slug) {
                    let said = &text[mark.from..mark.to];
                    let sentence = format!(
                        "“{said}” is not explained yet: write [{said}](word:{slug}), or list {} in words",
                        word.name
                    );
                    self.say_at(passage.line, &passage.text, mark.from, sentence);
                }
            }
        }
    }

    fn question(&mut self, prediction: &Prediction) {
        let is_pointed_at = matches!(prediction.kind, PredictionKind::Node { .. } | PredictionKind::Message { .. });
        let asks = |passage: &Passage| passage.text.contains(['?', '؟']);
        if let Some(last) = prediction.question.last().filter(|_| !is_pointed_at)
            && !prediction.question.iter().any(asks)
        {
            self.say_at(last.line, &last.text, 0, "this asks nothing: a question mark is missing".into());
        }
    }

    /// A choice that is much longer than the others looks like the right one.
    fn lengths(&mut self, prediction: &Prediction) {
        if prediction.kind != PredictionKind::One {
            return;
        }
        let length = |place: usize| prediction.choices[place].text.text.chars().count();
        let longest = (0..prediction.choices.len()).max_by_key(|place| length(*place));
        let Some(longest) = longest else { return };
        let others = (0..prediction.choices.len()).filter(|place| *place != longest).map(length).max();
        if others.is_some_and(|others| length(longest) > 2 * others) {
            let line = prediction.choices[longest].line;
            self.say(line, 1, "this choice is more than twice as long as all others, and so gives itself away");
        }
    }
}

/// What a student reads, in its order.
fn read_by_students(lesson: &Lesson) -> Vec<&Passage> {
    let mut all: Vec<&Passage> = lesson.introduction.iter().collect();
    for block in lesson.steps.iter().flat_map(|step| &step.blocks) {
        match block {
            Block::Prose(passage) => all.push(passage),
            Block::Predict(prediction) => {
                all.extend(&prediction.question);
                all.extend(prediction.choices.iter().map(|choice| &choice.text));
                all.extend(&prediction.hints);
                all.extend(prediction.choices.iter().map(|choice| &choice.say));
            }
            Block::Do(task) => {
                all.extend(&task.text);
                all.extend(task.goals.iter().map(|goal| &goal.text));
                all.extend(&task.hints);
            }
            Block::Sim(_) | Block::Teacher(_) => {}
        }
    }
    all
}

/// A text of the same length without what is not read: code, where links lead, signs of Markdown.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut rest, mut is_code) = (text, false);
    while let Some(next) = rest.chars().next() {
        let hidden = match next {
            _ if rest.starts_with("](") => rest.find(')').map_or(1, |end| end + 1),
            '`' => {
                is_code = !is_code;
                1
            }
            '[' | ']' | '*' => 1,
            letter if is_code => letter.len_utf8(),
            letter => {
                plain.push(letter);
                rest = &rest[letter.len_utf8()..];
                continue;
            }
        };
        // A code is one word in its sentence, whatever is in it.
        let sign = if is_code { "_" } else { "" };
        plain.push_str(sign);
        plain.extend(std::iter::repeat_n(' ', hidden - sign.len()));
        rest = &rest[hidden..];
    }
    plain
}

/// Where words are linked, with the name of each in addresses.
fn links(text: &str) -> Vec<(usize, &str)> {
    let begins = text.match_indices('[').map(|(at, _)| at);
    let link = |at: usize| {
        let target = &text[at + text[at..].find("](word:")? + "](word:".len()..];
        Some((at, &target[..target.find(')')?]))
    };
    begins.filter_map(link).collect()
}

/// The sentences of a passage, each with its first byte. An item of a list and a row of a table begin another one.
fn sentences(text: &str) -> Vec<(usize, &str)> {
    let mut sentences = Vec::new();
    let mut from = 0;
    let is_end = |at: usize, letter: char| {
        let rest = &text[at + letter.len_utf8()..];
        let after = rest.trim_start_matches(['"', '”', ')', '’']);
        match letter {
            '.' | '!' | '?' | '؟' => after.is_empty() || after.starts_with(char::is_whitespace),
            '\n' => rest.trim_start().starts_with(['-', '|']) || rest.starts_with(|next: char| next.is_ascii_digit()),
            _ => false,
        }
    };
    for (at, letter) in text.char_indices() {
        if is_end(at, letter) {
            sentences.push((from, &text[from..at]));
            from = at + letter.len_utf8();
        }
    }
    sentences.push((from, &text[from..]));
    let trimmed = |(from, sentence): (usize, &'_ str)| from + sentence.len() - sentence.trim_start().len();
    sentences.into_iter().map(|(from, sentence)| (trimmed((from, sentence)), sentence.trim())).collect()
}

fn words(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split_whitespace().filter(|word| word.contains(|letter: char| letter.is_alphanumeric() || letter == '_'))
}

/// The line and column of a byte of a passage that begins in this line, where lines may have been joined and cut at their ends.
fn place(lines: &[&str], line: usize, passage: &str, at: usize) -> (usize, usize) {
    let Some(first) = line.checked_sub(1).and_then(|place| lines.get(place)) else { return (line, 1) };
    let begins = |from: &usize| {
        let rest = first[*from..].trim_end();
        !rest.is_empty() && (passage.starts_with(rest) || rest.starts_with(passage.trim_end()))
    };
    let Some(from) = first.char_indices().map(|(from, _)| from).find(begins) else { return (line, 1) };
    let mut wanted = passage[..at].chars().filter(|letter| !letter.is_whitespace()).count();
    for (place, row) in lines.iter().enumerate().skip(line - 1) {
        let cut = if place + 1 == line { from } else { 0 };
        for (column, letter) in row.chars().enumerate().skip(row[..cut].chars().count()) {
            if letter.is_whitespace() {
                continue;
            }
            if wanted == 0 {
                return (place + 1, column + 1);
            }
            wanted -= 1;
        }
    }
    (line, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read_lessons;

    const HEAD: &str = "---\nlesson: a\nlab: raft\nminutes: 5\nlevel: beginner\nwords: term\n---\n# A\n\n";

    fn remarks(body: &str) -> Vec<String> {
        let text = format!("{HEAD}{body}");
        let vocabulary = ["term", "quorum"].map(|word| format!("## {word}\n\nA.\n\nB.\n\n")).concat();
        let vocabulary = Vocabulary::read(&vocabulary).unwrap();
        let lessons = read_lessons(&text).unwrap();
        lint(&text, &lessons[0], &vocabulary).iter().map(ToString::to_string).collect()
    }

    const CHOICES: &str =
        "reveal: run 1 s\n- No.\n  if: up(S1)\n  say: So.\n- Yes.\n  if: crashed(S1)\n  say: So.\n```\n";

    fn asking(question: &str) -> String {
        format!("## 1. B\n\n```predict\n{question}\n{CHOICES}")
    }

    #[test]
    fn a_good_lesson_has_no_remark() {
        assert_eq!(remarks(&asking("Is it?")), Vec::<String>::new());
        assert_eq!(remarks(&asking("Has this term a [quorum](word:quorum), a quorum?")), Vec::<String>::new());
    }

    #[test]
    fn long_sentences_are_found_where_they_begin() {
        let long = "one ".repeat(26);
        let body = asking("Is it?").replace("say: So.\n- Yes", &format!("say: Short.\n    And {long}.\n- Yes"));
        assert_eq!(remarks(&body), ["18:5: this sentence has 27 words: split it, 25 are enough"]);
        // Of a link only its text counts, and code is one word.
        let at_most = format!("{}[a](https://example.org/b) `c d e`. More.", "one ".repeat(23));
        assert_eq!(remarks(&asking(&format!("Is it? {at_most}"))), Vec::<String>::new());
        // An item of a list is a sentence of its own.
        let list = format!("- {}\n- {}\n\n", "one ".repeat(20), "two ".repeat(20));
        assert_eq!(remarks(&format!("{list}{}", asking("Is it?"))), Vec::<String>::new());
    }

    #[test]
    fn words_are_explained_before_they_are_used() {
        let said = "“quorum” is not explained yet: write [quorum](word:quorum), or list quorum in words";
        assert_eq!(remarks(&asking("Is this term\na quorum or a quorum?")), [format!("14:3: {said}")]);
        assert_eq!(remarks(&asking("A quorum: a [quorum](word:quorum)?")), [format!("13:3: {said}")]);
        assert_eq!(remarks(&asking("Is it `quorum`, or x=quorum?")), Vec::<String>::new());
    }

    #[test]
    fn a_step_asks_something() {
        let nothing = "10:1: there is nothing to do in this step: ask for a prediction, or set a task";
        assert_eq!(remarks("## 1. B\n\nText.\n"), [nothing]);
        assert_eq!(remarks(&asking("So it is.")), ["13:1: this asks nothing: a question mark is missing"]);
    }

    #[test]
    fn one_long_choice_gives_itself_away() {
        let body = asking("Is it?").replace("- Yes.", "- Yes, it is, for a good reason.");
        let said = "18:1: this choice is more than twice as long as all others, and so gives itself away";
        assert_eq!(remarks(&body), [said]);
    }
}
