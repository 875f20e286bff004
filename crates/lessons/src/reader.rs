//! Reads a file of lessons:
//!
//! ```text
//! file   = { lesson }                         several in one file, one after the other
//! lesson = "---" { key ": " value } "---"  "# " title  {prose | teacher}  step {step}
//! step   = "## " number ". " title  {prose | block}
//! block  = "```" kind [option]  lines  "```"  sim predict do check hint solution teacher
//! ```

use crate::expression::Expression;
use crate::front::{Front, is_name};
use crate::lesson::{Block, Lesson, Level, Passage, Step, Task};
use crate::mistake::{Mistake, unknown};
use crate::prediction;
use crate::script::Script;

/// The longest file, in bytes.
pub const LONGEST_FILE: usize = 256 * 1024;

/// The most lessons of a file.
const MOST_LESSONS: usize = 20;

/// The most steps of a lesson.
const MOST_STEPS: usize = 40;

/// The most blocks and paragraphs of a step.
const MOST_BLOCKS: usize = 100;

const KEYS: [&str; 7] = ["lesson", "lab", "minutes", "level", "needs", "words", "lang"];

const BLOCKS: [&str; 7] = ["sim", "predict", "do", "check", "hint", "solution", "teacher"];

/// Reads all lessons of a file.
///
/// # Errors
///
/// All mistakes that can be seen in the text, in its order.
pub fn read_lessons(text: &str) -> Result<Vec<Lesson>, Vec<Mistake>> {
    if text.len() > LONGEST_FILE {
        let sentence = format!("this file is larger than {} KiB: split it", LONGEST_FILE / 1024);
        return Err(vec![Mistake::new(1, 1, sentence)]);
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut file = File { lines: &lines, at: 0, mistakes: Vec::new() };
    let lessons = file.lessons();
    if lessons.is_empty() && file.mistakes.is_empty() {
        file.mistakes.push(Mistake::new(
            1,
            1,
            "there is no lesson: a lesson begins with a line --- and “lesson: its-name”",
        ));
    }
    if file.mistakes.is_empty() { Ok(lessons) } else { Err(file.mistakes) }
}

struct File<'a> {
    lines: &'a [&'a str],
    at: usize,
    mistakes: Vec<Mistake>,
}

/// What stands between two fences.
pub(crate) struct Fence<'a> {
    /// The line of the opening fence, counted from 1.
    pub(crate) line: usize,
    /// What stands behind the kind.
    pub(crate) option: &'a str,
    /// With the number of each line.
    pub(crate) body: Vec<(usize, &'a str)>,
}

impl Fence<'_> {
    /// The body as one text that begins in the line after the fence.
    fn text(&self) -> String {
        joined(&self.body)
    }

    /// The paragraphs of the body.
    fn passages(&self) -> Vec<Passage> {
        let is_empty = |(_, line): &(usize, &str)| line.trim().is_empty();
        let paragraphs = self.body.split(is_empty).filter(|lines| !lines.is_empty());
        paragraphs.map(passage).collect()
    }

    /// The body as one passage.
    fn passage(&self) -> Passage {
        Passage::read(self.line + 1, self.text().trim())
    }
}

/// Numbered lines as one text.
fn joined(lines: &[(usize, &str)]) -> String {
    lines.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n")
}

/// Numbered lines, at least one, as one passage.
fn passage(lines: &[(usize, &str)]) -> Passage {
    Passage::read(lines[0].0, joined(lines))
}

impl<'a> File<'a> {
    fn lessons(&mut self) -> Vec<Lesson> {
        let mut lessons: Vec<Lesson> = Vec::new();
        while self.skip_blank() {
            let from = self.at;
            let line = self.lines[from].trim_end();
            if line != "---" {
                self.say(from + 1, "a lesson begins with a line ---");
                break;
            }
            let Some(lesson) = self.lesson(from) else { break };
            if lessons.iter().any(|other| other.id == lesson.id) {
                self.say(lesson.line, format!("there are two lessons {}: names are unique", lesson.id));
            }
            lessons.push(lesson);
            if lessons.len() > MOST_LESSONS {
                self.say(from + 1, format!("more than {MOST_LESSONS} lessons stand in this file: split it"));
                break;
            }
        }
        lessons
    }

    fn say(&mut self, line: usize, sentence: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, 1, sentence));
    }

    fn note<T>(&mut self, read: Result<T, Mistake>) -> Option<T> {
        read.map_err(|mistake| self.mistakes.push(mistake)).ok()
    }

    /// Goes to the next line that is not empty; false at the end.
    fn skip_blank(&mut self) -> bool {
        while self.lines.get(self.at).is_some_and(|line| line.trim().is_empty()) {
            self.at += 1;
        }
        self.at < self.lines.len()
    }

    fn lesson(&mut self, from: usize) -> Option<Lesson> {
        let (front, at) = self.note(Front::read(self.lines, from, &KEYS))?;
        self.at = at;
        let mut lesson = self.head(&front);
        self.skip_blank();
        match self.lines.get(self.at).and_then(|line| line.strip_prefix("# ")) {
            Some(title) => {
                lesson.title = title.trim().to_string();
                lesson.line = self.at + 1;
                self.at += 1;
            }
            None => self.say(self.at + 1, "the title is missing after the head: # Two leaders at once"),
        }
        self.body(&mut lesson);
        if lesson.steps.is_empty() {
            self.say(lesson.line, "the lesson has no step: ## 1. Its title");
        }
        if let Some(step) = lesson.steps.iter().find(|step| step.blocks.len() > MOST_BLOCKS) {
            self.say(step.line, format!("this step has more than {MOST_BLOCKS} paragraphs and blocks: split it"));
        }
        lesson.digest = digest(&self.lines[from..self.at]);
        Some(lesson)
    }

    fn head(&mut self, front: &Front) -> Lesson {
        let id = self.note(front.wanted("lesson")).unwrap_or_default();
        if !id.is_empty() && !is_name(&id) {
            self.say(front.line_of("lesson"), "a lesson has small letters, digits and - in its name: raft-two-leaders");
        }
        let minutes = self.note(front.wanted("minutes")).map(|minutes| minutes.parse::<u32>());
        let minutes = match minutes {
            Some(Ok(minutes)) if (1..=240).contains(&minutes) => minutes,
            Some(_) => {
                self.say(front.line_of("minutes"), "minutes is a whole number from 1 to 240");
                0
            }
            None => 0,
        };
        let level = self.note(front.wanted("level")).unwrap_or_default();
        let found = Level::ALL.iter().find(|(name, _)| *name == level).map(|(_, level)| *level);
        if found.is_none() && !level.is_empty() {
            let names = Level::ALL.iter().map(|(name, _)| *name);
            self.say(front.line_of("level"), unknown("level", &level, names));
        }
        Lesson {
            line: front.line,
            id,
            lab: self.note(front.wanted("lab")).unwrap_or_default(),
            minutes,
            level: found.unwrap_or(Level::Beginner),
            needs: front.list("needs"),
            words: front.list("words"),
            language: if front.get("lang").is_empty() { "en".into() } else { front.get("lang").into() },
            title: String::new(),
            introduction: Vec::new(),
            teacher: Vec::new(),
            steps: Vec::new(),
            digest: String::new(),
        }
    }

    /// All that follows the title, up to the next lesson.
    fn body(&mut self, lesson: &mut Lesson) {
        while self.skip_blank() {
            let line = self.lines[self.at];
            let number = self.at + 1;
            if line.trim_end() == "---" {
                if self.begins_lesson() {
                    return;
                }
                self.say(number, "a line --- begins the next lesson: leave it out");
                self.at += 1;
            } else if let Some(title) = line.strip_prefix("## ") {
                self.at += 1;
                self.step(lesson, title, number);
            } else if line.starts_with("# ") || line.starts_with("###") {
                self.say(number, "a lesson has one title (#) and steps (## 1. …), and no other headings");
                self.at += 1;
            } else if let Some(kind) = line.strip_prefix("```") {
                if let Some(fence) = self.fence(kind) {
                    let kind = kind.split_whitespace().next().unwrap_or_default();
                    match lesson.steps.last_mut() {
                        Some(step) => self.block(step, kind, &fence),
                        None if kind == "teacher" => lesson.teacher.push(fence.passage()),
                        None => self.say(number, format!("a block “{kind}” stands in a step: write ## 1. … before it")),
                    }
                }
            } else {
                let passage = self.passage();
                match lesson.steps.last_mut() {
                    Some(step) => step.blocks.push(Block::Prose(passage)),
                    None => lesson.introduction.push(passage),
                }
            }
        }
    }

    /// Whether this line begins the head of another lesson.
    fn begins_lesson(&self) -> bool {
        self.lines[self.at + 1..]
            .iter()
            .take(12)
            .take_while(|line| line.trim_end() != "---")
            .any(|line| line.starts_with("lesson:"))
    }

    fn step(&mut self, lesson: &mut Lesson, title: &str, line: usize) {
        let expected = lesson.steps.len() + 1;
        let (number, title) = title.split_once(". ").unwrap_or(("", title));
        if number.parse() != Ok(expected) {
            self.say(line, format!("steps are numbered in their order: write ## {expected}. {}", title.trim()));
        }
        if expected > MOST_STEPS {
            self.say(line, format!("a lesson has at most {MOST_STEPS} steps: split it"));
        }
        lesson.steps.push(Step { line, number: expected, title: title.trim().to_string(), blocks: Vec::new() });
    }

    /// A paragraph, list or table: lines up to an empty one.
    fn passage(&mut self) -> Passage {
        let from = self.at;
        let ends = |line: &str| line.trim().is_empty() || line.starts_with("```") || line.starts_with('#');
        while self.lines.get(self.at).is_some_and(|line| !ends(line)) {
            self.at += 1;
        }
        self.at = self.at.max(from + 1);
        Passage::read(from + 1, self.lines[from..self.at].join("\n"))
    }

    fn fence(&mut self, kind: &'a str) -> Option<Fence<'a>> {
        let line = self.at + 1;
        let length = self.lines[line..].iter().position(|line| line.trim_end() == "```");
        let Some(length) = length else {
            self.say(line, "this block does not end: put a line ``` after it");
            self.at = self.lines.len();
            return None;
        };
        self.at = line + length + 1;
        let body = (line..line + length).map(|place| (place + 1, self.lines[place])).collect();
        let option = kind.split_once(' ').map_or("", |(_, option)| option.trim());
        Some(Fence { line, option, body })
    }

    fn block(&mut self, step: &mut Step, kind: &str, fence: &Fence<'a>) {
        match kind {
            "sim" => {
                if let Some(script) = self.script(fence) {
                    step.blocks.push(Block::Sim(script));
                }
            }
            "predict" => match prediction::read(fence) {
                Ok(prediction) => step.blocks.push(Block::Predict(prediction)),
                Err(mistakes) => self.mistakes.extend(mistakes),
            },
            "do" => step.blocks.push(Block::Do(task(fence))),
            "check" => self.goals(step, fence),
            "hint" => {
                match step.blocks.iter_mut().rev().find(|block| matches!(block, Block::Do(_) | Block::Predict(_))) {
                    Some(Block::Do(task)) => task.hints.push(fence.passage()),
                    Some(Block::Predict(prediction)) => prediction.hints.push(fence.passage()),
                    _ => self.say(fence.line, "a hint stands after the question or the task that it helps with"),
                }
            }
            "solution" => {
                let script = self.script(fence);
                match (last_task(step), script) {
                    (Some(task), Some(script)) => task.solutions.push(script),
                    (None, _) => self.say(fence.line, "a solution stands after the task that it solves"),
                    _ => {}
                }
            }
            "teacher" => step.blocks.push(Block::Teacher(fence.passage())),
            kind => self.say(fence.line, unknown("block", kind, BLOCKS)),
        }
    }

    fn script(&mut self, fence: &Fence<'a>) -> Option<Script> {
        let script = Script::read(&fence.text(), fence.line + 1, 1);
        self.note(script)
    }

    fn goals(&mut self, step: &mut Step, fence: &Fence<'a>) {
        let mut goals: Vec<(usize, String)> = Vec::new();
        for (number, line) in &fence.body {
            match (line.strip_prefix("- "), goals.last_mut()) {
                (Some(goal), _) => goals.push((*number, goal.trim().to_string())),
                (None, _) if line.trim().is_empty() => {}
                (None, Some((_, goal))) => {
                    goal.push(' ');
                    goal.push_str(line.trim());
                }
                (None, None) => self.say(*number, "a goal begins with -"),
            }
        }
        let mut read = Vec::new();
        for (line, goal) in goals {
            let Some((text, condition)) = goal.rsplit_once(": ") else {
                self.say(line, "a goal is “what the student reads: CONDITION”");
                continue;
            };
            let column = "- ".len() + text.chars().count() + ": ".len() + 1;
            let text = Passage::read(line, text.trim());
            if let Some(condition) = self.note(Expression::read(condition, line, column)) {
                read.push(crate::lesson::Goal { line, text, condition });
            }
        }
        match last_task(step) {
            Some(task) => task.goals.extend(read),
            None => self.say(fence.line, "a check stands after the task whose goals it names"),
        }
    }
}

fn last_task(step: &mut Step) -> Option<&mut Task> {
    step.blocks.iter_mut().rev().find_map(|block| match block {
        Block::Do(task) => Some(task),
        _ => None,
    })
}

fn task(fence: &Fence<'_>) -> Task {
    let only =
        fence.option.strip_prefix("only ").map(|names| names.split(',').map(|name| name.trim().to_string()).collect());
    Task { line: fence.line, text: fence.passages(), only, goals: Vec::new(), hints: Vec::new(), solutions: Vec::new() }
}

/// A number for a text that is the same on all machines (Fowler, Noll and Vo's hash, version 1a), as 16 digits.
pub(crate) fn digest(lines: &[&str]) -> String {
    let bytes = lines.iter().flat_map(|line| line.trim_end().bytes().chain([b'\n']));
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
