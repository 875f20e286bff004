//! A lesson on paper: a worksheet with boxes and lines, and then its key, as one page that loads nothing. Stages need the app: in
//! their place stands a table of the nodes.

use lessons::prose::{Block as Piece, Inline, Prose};
use lessons::{Answer, Block, Key, KeyEntry, Lesson, Moment, Passage, Path, Prediction, PredictionKind, Task};
use sim::AnyLab;
use sim::frame::{Frame, Message};

const STYLE: &str = include_str!("worksheet.css");

/// How many messages under way are listed where none is asked for.
const MOST_MESSAGES: usize = 12;

/// The page.
pub fn page(lesson: &Lesson, key: &Key, lab: &'static dyn AnyLab) -> Result<String, String> {
    let path = Path::of(lesson, lab).map_err(|mistake| mistake.to_string())?;
    let sheet = Sheet { lesson, key, lab, path };
    let title = escape(&lesson.title);
    let body = format!("{}{}", sheet.questions()?, sheet.answers()?);
    Ok(format!(
        "<!doctype html>\n<html lang=\"{}\" dir=\"auto\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(&lesson.language)
    ))
}

struct Sheet<'a> {
    lesson: &'a Lesson,
    key: &'a Key,
    lab: &'static dyn AnyLab,
    path: Path,
}

impl Sheet<'_> {
    fn questions(&self) -> Result<String, String> {
        let Lesson { title, minutes, id, introduction, steps, .. } = self.lesson;
        let mut html = format!(
            "<main>\n<h1>{}</h1>\n<p>{minutes} minutes. On the screen: <code>#/lesson/{}</code></p>\n{}",
            escape(title),
            escape(id),
            prose(introduction)
        );
        for step in steps {
            html += &format!("<section>\n<h2>{}. {}</h2>\n", step.number, escape(&step.title));
            for (place, block) in step.blocks.iter().enumerate() {
                html += &match block {
                    Block::Prose(passage) => prose(std::slice::from_ref(passage)),
                    Block::Predict(prediction) => self.question(step.number, place, prediction)?,
                    Block::Do(task) => format!("{}{}", self.moment(step.number, place)?, set(task)),
                    Block::Sim(_) | Block::Teacher(_) => String::new(),
                };
            }
            html += "</section>\n";
        }
        Ok(html + "</main>\n")
    }

    fn question(&self, step: usize, place: usize, prediction: &Prediction) -> Result<String, String> {
        let frame = self.frame(step, place)?;
        let options = match &prediction.kind {
            PredictionKind::One | PredictionKind::Any => {
                boxes(prediction.choices.iter().map(|choice| line(&choice.text)))
            }
            PredictionKind::Number { unit, .. } => {
                format!("<p><span class=\"blank\"></span> {}</p>\n", escape(unit))
            }
            PredictionKind::Node { .. } => boxes(frame.nodes.iter().map(|node| escape(&node.label))),
            PredictionKind::Message { .. } => boxes(frame.messages.iter().map(|message| of_message(&frame, message))),
        };
        let question = prose(&prediction.question);
        let lists_messages = matches!(prediction.kind, PredictionKind::Message { .. });
        Ok(format!(
            "{}<div class=\"block\">\n{question}{options}<p>Because</p>\n{}</div>\n",
            table(&frame, !lists_messages),
            lines(2)
        ))
    }

    fn moment(&self, step: usize, place: usize) -> Result<String, String> {
        Ok(table(&self.frame(step, place)?, true))
    }

    /// What there is to see where a block begins.
    fn frame(&self, step: usize, place: usize) -> Result<Frame, String> {
        let Moment { scenario, .. } = &self.path.at(step, place).ok_or("there is no such block")?.moment;
        let mut session = self.lab.open_unjudged().map_err(|refusal| refusal.to_string())?;
        session.load(scenario).map_err(|refusal| refusal.to_string())?;
        Ok(session.frame())
    }

    fn answers(&self) -> Result<String, String> {
        let mut html = format!("<section class=\"key\">\n<h1>Key: {}</h1>\n", escape(&self.lesson.title));
        html += &prose(&self.lesson.teacher);
        for step in &self.lesson.steps {
            html += &format!("<h2>{}. {}</h2>\n", step.number, escape(&step.title));
            for (place, block) in step.blocks.iter().enumerate() {
                let entry = self.key.entries.iter().find(|entry| (entry.step, entry.block) == (step.number, place));
                html += &match (block, entry) {
                    (Block::Predict(prediction), Some(entry)) => self.answer(prediction, entry)?,
                    (Block::Do(task), _) => solved(task),
                    (Block::Teacher(passage), _) => prose(std::slice::from_ref(passage)),
                    _ => String::new(),
                };
            }
        }
        Ok(html + "</section>\n")
    }

    fn answer(&self, prediction: &Prediction, entry: &KeyEntry) -> Result<String, String> {
        let mut html = format!("<div class=\"block\">\n{}", prose(&prediction.question));
        let frame = self.frame(entry.step, entry.block)?;
        let right: Vec<String> = entry.right.iter().flat_map(|answer| words(prediction, &frame, answer)).collect();
        html += &format!("<p class=\"right\">{}</p>\n<ul>\n", right.join("<br>"));
        for choice in &prediction.choices {
            let tag = choice.tag.as_ref().map(|tag| format!(" <small>({})</small>", escape(tag))).unwrap_or_default();
            let text = if choice.text.text.is_empty() { String::new() } else { format!("{} ", line(&choice.text)) };
            html += &format!("<li>{text}<em>{}</em>{tag}</li>\n", line(&choice.say));
        }
        Ok(html + "</ul>\n</div>\n")
    }
}

fn set(task: &Task) -> String {
    let goals = boxes(task.goals.iter().map(|goal| line(&goal.text)));
    format!("<div class=\"block\">\n{}{goals}<p>What I did</p>\n{}</div>\n", prose(&task.text), lines(3))
}

fn solved(task: &Task) -> String {
    let hints: String = task.hints.iter().map(|hint| format!("<li>{}</li>\n", line(hint))).collect();
    let count = task.solutions.len();
    let ways = if count == 1 { "One way is".to_string() } else { format!("{count} ways are") };
    format!(
        "<div class=\"block\">\n{}<ul>\n{hints}</ul>\n<p class=\"right\">{ways} proved; <em>Show a solution</em> in the lesson plays them.</p>\n</div>\n",
        prose(&task.text)
    )
}

/// A right answer, in a line or several.
fn words(prediction: &Prediction, frame: &Frame, answer: &Answer) -> Vec<String> {
    match answer {
        Answer::Choices(places) => {
            places.iter().map(|place| format!("☑ {}", line(&prediction.choices[place - 1].text))).collect()
        }
        Answer::Number(_) => vec![escape(&lessons::in_words(prediction, answer))],
        Answer::Node(label) => vec![escape(label)],
        Answer::Message(id) => frame
            .messages
            .iter()
            .filter(|message| message.id == *id)
            .map(|message| of_message(frame, message))
            .collect(),
    }
}

/// The nodes of a moment, and what is under way between them.
fn table(frame: &Frame, with_messages: bool) -> String {
    let row = |node: &sim::frame::Node| {
        let tag = node.tag.as_ref().map(ToString::to_string).unwrap_or_default();
        let cells = [node.label.clone(), node.role.to_string(), node.badge.to_string(), tag];
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = frame.nodes.iter().map(row).collect();
    let caption = escape(&frame.caption.headline.to_string());
    let mut html = format!("<table>\n<caption>{caption}</caption>\n{rows}</table>\n");
    if with_messages && !frame.messages.is_empty() {
        let shown = frame.messages.iter().take(MOST_MESSAGES).map(|message| of_message(frame, message));
        let more = if frame.messages.len() > MOST_MESSAGES { ", …" } else { "" };
        html += &format!("<p><small>Under way: {}{more}</small></p>\n", shown.collect::<Vec<_>>().join(", "));
    }
    html
}

fn of_message(frame: &Frame, message: &Message) -> String {
    let label = |node: sim::NodeId| frame.nodes.get(node.index()).map_or("", |node| node.label.as_str());
    escape(&format!("{} from {} to {}", message.label, label(message.from), label(message.to)))
}

fn boxes(options: impl Iterator<Item = String>) -> String {
    let items: String =
        options.map(|option| format!("<li><span class=\"box\"></span><span>{option}</span></li>\n")).collect();
    format!("<ul class=\"choices\">\n{items}</ul>\n")
}

fn lines(count: usize) -> String {
    format!("<div class=\"lines\">{}</div>\n", "<i></i>".repeat(count))
}

/// Passages as HTML. What is no prose stands there as it is written.
fn prose(passages: &[Passage]) -> String {
    let draw = |passage: &Passage| match Prose::read(&passage.text, passage.line) {
        Ok(prose) => prose.blocks.iter().map(piece).collect(),
        Err(_) => format!("<p>{}</p>\n", escape(&passage.text)),
    };
    passages.iter().map(draw).collect()
}

/// One paragraph, without anything around it.
fn line(passage: &Passage) -> String {
    match Prose::read(&passage.text, passage.line) {
        Ok(prose) => match &prose.blocks[..] {
            [Piece::Paragraph(inlines)] => inline(inlines),
            blocks => blocks.iter().map(piece).collect(),
        },
        Err(_) => escape(&passage.text),
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

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
