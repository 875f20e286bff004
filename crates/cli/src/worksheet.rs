//! A lesson on paper. Stages need the app: in their place stands a table of the nodes.

use lessons::worksheet::{Press, Scene, Worksheet, escape, of_message};
use lessons::{Key, Lesson};
use sim::{AnyLab, Text};

/// How many messages under way are listed where none is asked for.
const MOST_MESSAGES: usize = 12;

/// The worksheet and its key, as one page.
pub fn page(lesson: &Lesson, key: &Key, lab: &'static dyn AnyLab) -> Result<String, String> {
    let worksheet = Worksheet::of(lesson, lab).map_err(|why| why.to_string())?;
    Ok(worksheet.page(&Tables { address: format!("#/lesson/{}", lesson.id) }, Some(key)))
}

/// Prints worksheets with tables in the place of stages.
struct Tables {
    address: String,
}

impl Press for Tables {
    fn address(&self) -> String {
        self.address.clone()
    }

    fn direction(&self) -> &str {
        "auto"
    }

    fn say(&self, text: &Text) -> String {
        text.to_string()
    }

    fn draw(&self, scene: &Scene) -> String {
        table(scene)
    }
}

/// The nodes of a moment, and what is under way between them.
fn table(scene: &Scene) -> String {
    let frame = &scene.frame;
    let row = |node: &sim::frame::Node| {
        let tag = node.tag.as_ref().map(ToString::to_string).unwrap_or_default();
        let cells = [node.label.clone(), node.role.to_string(), node.badge.to_string(), tag];
        let cells: String = cells.iter().map(|cell| format!("<td>{}</td>", escape(cell))).collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = frame.nodes.iter().map(row).collect();
    let caption = escape(&frame.caption.headline.to_string());
    let mut html = format!("<table>\n<caption>{caption}</caption>\n{rows}</table>\n");
    if !scene.lists_messages && !frame.messages.is_empty() {
        let shown = frame.messages.iter().take(MOST_MESSAGES);
        let shown: Vec<String> = shown.map(|message| escape(&of_message(frame, message).to_string())).collect();
        let more = if frame.messages.len() > MOST_MESSAGES { ", …" } else { "" };
        html += &format!("<p><small>Under way: {}{more}</small></p>\n", shown.join(", "));
    }
    html
}
