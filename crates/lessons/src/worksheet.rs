//! A lesson on paper: a worksheet with boxes and lines, and its key if that is asked for, as one page that loads nothing.

use sim::frame::{Frame, Message};
use sim::{AnyLab, NodeId, Text, t};

use crate::course::Moment;
use crate::lesson::{Block, Lesson, Passage, Prediction, PredictionKind, Task};
use crate::path::Path;
use crate::proof::{Key, KeyEntry};
use crate::prose::{Block as Piece, Inline};
use crate::reveal::Answer;
use crate::verify::in_words;

const STYLE: &str = include_str!("worksheet.css");

/// The worksheet of a lesson.
#[derive(Debug)]
pub struct Worksheet<'l> {
    lesson: &'l Lesson,
    scenes: Vec<Scene>,
}

/// What there is to see where a question or a task begins.
#[derive(Debug)]
pub struct Scene {
    /// Counted from 1.
    pub step: usize,
    /// The place of the question or the task in the step, counted from 0.
    pub block: usize,
    pub frame: Frame,
    /// In microseconds of virtual time.
    pub at_us: u64,
    /// Whether the question lists what is under way.
    pub lists_messages: bool,
}

/// Who prints worksheets.
pub trait Press {
    /// Where the lesson is to be found on a screen.
    fn address(&self) -> String;
    /// The value of the attribute `dir` for the language of the lesson.
    fn direction(&self) -> &str;
    /// Writes a text in the language of the lesson.
    fn say(&self, text: &Text) -> String;
    /// Draws a scene as HTML.
    fn draw(&self, scene: &Scene) -> String;
}

impl<'l> Worksheet<'l> {
    /// Looks up what there is to see where each question and each task begins.
    ///
    /// # Errors
    ///
    /// The first thing that cannot be carried out.
    pub fn of(lesson: &'l Lesson, lab: &'static dyn AnyLab) -> Result<Worksheet<'l>, Text> {
        let path = Path::of(lesson, lab).map_err(|mistake| Text::verbatim(mistake.to_string()))?;
        let mut scenes = Vec::new();
        for step in &lesson.steps {
            for (place, block) in step.blocks.iter().enumerate() {
                let lists_messages = match block {
                    Block::Predict(prediction) => matches!(prediction.kind, PredictionKind::Message { .. }),
                    Block::Do(_) => false,
                    Block::Prose(_) | Block::Sim(_) | Block::Teacher(_) => continue,
                };
                let Some(stand) = path.at(step.number, place) else { continue };
                let Moment { scenario, at_us } = &stand.moment;
                let mut session = lab.open_unjudged()?;
                session.load(scenario)?;
                let frame = session.frame();
                scenes.push(Scene { step: step.number, block: place, frame, at_us: *at_us, lists_messages });
            }
        }
        Ok(Worksheet { lesson, scenes })
    }

    /// All that is to be drawn, in the order of the page.
    pub fn scenes(&self) -> &[Scene] {
        &self.scenes
    }

    /// The page, with the key behind the questions if there is one.
    pub fn page(&self, press: &dyn Press, key: Option<&Key>) -> String {
        let Lesson { title, language, .. } = self.lesson;
        let title = escape(title);
        let sheet = Sheet { worksheet: self, press };
        let answers = key.map(|key| sheet.answers(key)).unwrap_or_default();
        format!(
            "<!doctype html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{}{answers}</body>\n</html>\n",
            escape(language),
            press.direction(),
            sheet.questions(),
        )
    }

    fn scene(&self, step: usize, block: usize) -> Option<&Scene> {
        self.scenes.iter().find(|scene| (scene.step, scene.block) == (step, block))
    }
}

struct Sheet<'a> {
    worksheet: &'a Worksheet<'a>,
    press: &'a dyn Press,
}

impl Sheet<'_> {
    fn say(&self, text: Text) -> String {
        escape(&self.press.say(&text))
    }

    fn questions(&self) -> String {
        let Lesson { title, minutes, introduction, steps, .. } = self.worksheet.lesson;
        let mut html = format!(
            "<main>\n<h1>{}</h1>\n<p>{} <code>{}</code></p>\n{}",
            escape(title),
            self.say(t!("{minutes} minutes. On the screen:", minutes = *minutes)),
            escape(&self.press.address()),
            prose(introduction)
        );
        for step in steps {
            html += &format!("<section>\n<h2>{}. {}</h2>\n", step.number, escape(&step.title));
            for (place, block) in step.blocks.iter().enumerate() {
                html += &match (block, self.worksheet.scene(step.number, place)) {
                    (Block::Prose(passage), _) => prose(std::slice::from_ref(passage)),
                    (Block::Predict(prediction), Some(scene)) => self.question(prediction, scene),
                    (Block::Do(task), Some(scene)) => self.task(task, scene),
                    _ => String::new(),
                };
            }
            html += "</section>\n";
        }
        html + "</main>\n"
    }

    fn question(&self, prediction: &Prediction, scene: &Scene) -> String {
        let frame = &scene.frame;
        let options = match &prediction.kind {
            PredictionKind::One | PredictionKind::Any => {
                boxes(prediction.choices.iter().map(|choice| line(&choice.text)))
            }
            PredictionKind::Number { unit, .. } => {
                format!("<p><span class=\"blank\"></span> {}</p>\n", escape(unit))
            }
            PredictionKind::Node { .. } => boxes(frame.nodes.iter().map(|node| escape(&node.label))),
            PredictionKind::Message { .. } => {
                boxes(frame.messages.iter().map(|message| self.say(of_message(frame, message))))
            }
        };
        let because = self.say(t!("Because"));
        let scene = self.press.draw(scene);
        let question = prose(&prediction.question);
        format!("{scene}<div class=\"block\">\n{question}{options}<p>{because}</p>\n{}</div>\n", lines(2))
    }

    fn task(&self, task: &Task, scene: &Scene) -> String {
        let goals = boxes(task.goals.iter().map(|goal| line(&goal.text)));
        let done = self.say(t!("What I did"));
        let scene = self.press.draw(scene);
        format!("{scene}<div class=\"block\">\n{}{goals}<p>{done}</p>\n{}</div>\n", prose(&task.text), lines(3))
    }

    fn answers(&self, key: &Key) -> String {
        let lesson = self.worksheet.lesson;
        let heading = self.say(t!("Key: {title}", title = lesson.title.clone()));
        let mut html = format!("<section class=\"key\">\n<h1>{heading}</h1>\n{}", prose(&lesson.teacher));
        for step in &lesson.steps {
            html += &format!("<h2>{}. {}</h2>\n", step.number, escape(&step.title));
            for (place, block) in step.blocks.iter().enumerate() {
                let entry = key.entries.iter().find(|entry| (entry.step, entry.block) == (step.number, place));
                html += &match (block, entry) {
                    (Block::Predict(prediction), Some(entry)) => self.answer(prediction, entry),
                    (Block::Do(task), _) => self.solved(task),
                    (Block::Teacher(passage), _) => prose(std::slice::from_ref(passage)),
                    _ => String::new(),
                };
            }
        }
        html + "</section>\n"
    }

    fn answer(&self, prediction: &Prediction, entry: &KeyEntry) -> String {
        let frame = self.worksheet.scene(entry.step, entry.block).map(|scene| &scene.frame);
        let right: Vec<String> = entry.right.iter().flat_map(|answer| self.words(prediction, frame, answer)).collect();
        let mut html = format!(
            "<div class=\"block\">\n{}<p class=\"right\">{}</p>\n<ul>\n",
            prose(&prediction.question),
            right.join("<br>")
        );
        for choice in &prediction.choices {
            let tag = choice.tag.as_ref().map(|tag| format!(" <small>({})</small>", escape(tag))).unwrap_or_default();
            let text = if choice.text.blocks.is_empty() { String::new() } else { format!("{} ", line(&choice.text)) };
            html += &format!("<li>{text}<em>{}</em>{tag}</li>\n", line(&choice.say));
        }
        html + "</ul>\n</div>\n"
    }

    /// A right answer, in a line or several.
    fn words(&self, prediction: &Prediction, frame: Option<&Frame>, answer: &Answer) -> Vec<String> {
        match answer {
            Answer::Choices(places) => {
                places.iter().map(|place| format!("☑ {}", line(&prediction.choices[place - 1].text))).collect()
            }
            Answer::Number(_) => vec![escape(&in_words(prediction, answer))],
            Answer::Node(label) => vec![escape(label)],
            Answer::Message(id) => {
                let frame = frame.into_iter();
                let all = frame.flat_map(|frame| frame.messages.iter().map(move |message| (frame, message)));
                let right = all.filter(|(_, message)| message.id == *id);
                right.map(|(frame, message)| self.say(of_message(frame, message))).collect()
            }
        }
    }

    fn solved(&self, task: &Task) -> String {
        let hints: String = task.hints.iter().map(|hint| format!("<li>{}</li>\n", line(hint))).collect();
        let ways = match task.solutions.len() {
            1 => t!("One way is proved; “Show a solution” in the lesson plays it."),
            count => t!("{count} ways are proved; “Show a solution” in the lesson plays them.", count = count),
        };
        format!(
            "<div class=\"block\">\n{}<ul>\n{hints}</ul>\n<p class=\"right\">{}</p>\n</div>\n",
            prose(&task.text),
            self.say(ways)
        )
    }
}

/// A message under way, as it is named on paper.
pub fn of_message(frame: &Frame, message: &Message) -> Text {
    let label = |node: NodeId| frame.nodes.get(node.index()).map(|node| node.label.clone()).unwrap_or_default();
    t!(
        "{message} from {sender} to {receiver}",
        message = message.label.clone(),
        sender = label(message.from),
        receiver = label(message.to)
    )
}

fn boxes(options: impl Iterator<Item = String>) -> String {
    let items: String =
        options.map(|option| format!("<li><span class=\"box\"></span><span>{option}</span></li>\n")).collect();
    format!("<ul class=\"choices\">\n{items}</ul>\n")
}

fn lines(count: usize) -> String {
    format!("<div class=\"lines\">{}</div>\n", "<i></i>".repeat(count))
}

/// Passages as HTML.
fn prose(passages: &[Passage]) -> String {
    passages.iter().flat_map(|passage| &passage.blocks).map(piece).collect()
}

/// One paragraph, without anything around it.
fn line(passage: &Passage) -> String {
    match &passage.blocks[..] {
        [Piece::Paragraph(inlines)] => inline(inlines),
        blocks => blocks.iter().map(piece).collect(),
    }
}

fn piece(block: &Piece) -> String {
    match block {
        Piece::Paragraph(inlines) | Piece::Figure { caption: inlines, .. } => format!("<p>{}</p>\n", inline(inlines)),
        Piece::Heading { inlines, .. } => format!("<h3>{}</h3>\n", inline(inlines)),
        Piece::List { first, items } => {
            let items: String =
                items.iter().map(|item| format!("<li>{}</li>\n", item.iter().map(piece).collect::<String>())).collect();
            match first {
                Some(first) => format!("<ol start=\"{first}\">\n{items}</ol>\n"),
                None => format!("<ul>\n{items}</ul>\n"),
            }
        }
        Piece::Table { head, rows } => {
            let cells = |cells: &[Vec<Inline>], tag: &str| {
                let cells: String = cells.iter().map(|cell| format!("<{tag}>{}</{tag}>", inline(cell))).collect();
                format!("<tr>{cells}</tr>\n")
            };
            let rows: String = rows.iter().map(|row| cells(row, "td")).collect();
            format!("<table>\n{}{rows}</table>\n", cells(head, "th"))
        }
        Piece::Code(text) => format!("<pre>{}</pre>\n", escape(text)),
    }
}

/// What stands in a line. On paper links lead nowhere.
fn inline(inlines: &[Inline]) -> String {
    let draw = |one: &Inline| match one {
        Inline::Text(text) => escape(text),
        Inline::Emphasis(inlines) => format!("<em>{}</em>", inline(inlines)),
        Inline::Strong(inlines) => format!("<strong>{}</strong>", inline(inlines)),
        Inline::Code(text) => format!("<code>{}</code>", escape(text)),
        Inline::Link { inlines, .. } => inline(inlines),
    };
    inlines.iter().map(draw).collect()
}

/// Text as it stands in HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
