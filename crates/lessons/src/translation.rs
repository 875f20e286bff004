//! Lessons and articles in other languages. What is read is translated piece by piece (a heading, a paragraph, an item, a cell);
//! how moments come about and conditions are not, so a translation has the same proofs.

use std::ops::Range;

use sim::{Catalogue, Direction};

use crate::isolate::{foreign_apart, whole_apart};
use crate::lesson::Lesson;
use crate::piece::{Piece, pieces, unwrapped};
use crate::prose::{Block, Inline, Prose};

impl Lesson {
    /// All that can be translated, in the order of the text, with the line that it begins in.
    pub fn entries(&self) -> Vec<Piece> {
        let mut entries = Vec::new();
        self.clone().passages(|line, text| entries.extend(self::entries(text, line)));
        entries
    }

    /// Says in this language what the catalogue has of it. What it has not stays as it is; a lesson of which it has nothing stays
    /// in its own language.
    pub fn translate(&mut self, language: &str, catalogue: &Catalogue) {
        let mut translated = self.clone();
        let mut is_said = false;
        translated.passages(|_, text| {
            let (said, has_said) = self::translated(text, catalogue);
            *text = said;
            is_said |= has_said;
        });
        if is_said {
            *self = Lesson { language: language.to_string(), ..translated };
        }
    }
}

/// The pieces of a text that begins in this line, each in one line.
pub(crate) fn entries(text: &str, first_line: usize) -> Vec<Piece> {
    let entry = |piece: Range<usize>| Piece {
        line: first_line + text[..piece.start].matches('\n').count(),
        text: unwrapped(&text[piece]),
    };
    pieces(text).into_iter().map(entry).collect()
}

/// A text with what the catalogue has of its pieces, and whether it has any.
pub(crate) fn translated(text: &str, catalogue: &Catalogue) -> (String, bool) {
    let is_from_right = catalogue.direction() == Direction::RightToLeft;
    let (mut written, mut at, mut is_said) = (String::new(), 0, false);
    for piece in pieces(text) {
        let english = &text[piece.clone()];
        let key = unwrapped(english);
        let said = catalogue.translate(&key).filter(|said| fits(&key, said).is_ok());
        is_said |= said.is_some();
        written.push_str(&text[at..piece.start]);
        written.push_str(&match said {
            Some(said) if is_from_right => foreign_apart(said),
            Some(said) => said.to_string(),
            None if is_from_right => whole_apart(english),
            None => english.to_string(),
        });
        at = piece.end;
    }
    (written + &text[at..], is_said)
}

/// Whether a translation can stand in the place of a piece: it is one piece of the same kind, with the same links and the same code.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn fits(english: &str, said: &str) -> Result<(), String> {
    let (Some(theirs), Some(ours)) = (shape(english), shape(said)) else {
        return Err(
            "the translation is no single paragraph: it begins like a list, or has a sign that Markdown reads".into()
        );
    };
    if said.contains(['\n', '\t']) {
        return Err("the translation has to be one line".into());
    }
    if theirs.is_figure != ours.is_figure {
        return Err("a moment that stands by itself is a link and nothing else in both languages".into());
    }
    if theirs.bars != ours.bars {
        return Err("the translation has not as many | as the English".into());
    }
    match (first_without(&theirs.fixed, &ours.fixed), first_without(&ours.fixed, &theirs.fixed)) {
        (Some(missing), _) => Err(format!("the translation lacks {}", quoted(missing))),
        (None, Some(added)) => Err(format!("the translation has {}, which the English has not", quoted(added))),
        (None, None) => Ok(()),
    }
}

fn quoted(text: &str) -> String {
    sim::text::excerpt(text, sim::text::QUOTED)
}

/// What a piece and its translation have in common.
struct Shape {
    is_figure: bool,
    /// What ends a cell of a table.
    bars: usize,
    /// Links and code, sorted: their places in a sentence are free.
    fixed: Vec<String>,
}

fn shape(piece: &str) -> Option<Shape> {
    let prose = Prose::read(piece, 1).ok()?;
    let mut fixed: Vec<String> = prose.targets().into_iter().map(|target| format!("the link {target}")).collect();
    let is_figure = match &prose.blocks[..] {
        [Block::Paragraph(inlines)] => {
            collect_code(inlines, &mut fixed);
            false
        }
        [Block::Figure { caption, .. }] => {
            collect_code(caption, &mut fixed);
            true
        }
        _ => return None,
    };
    fixed.sort();
    Some(Shape { is_figure, bars: piece.matches('|').count(), fixed })
}

fn collect_code(inlines: &[Inline], found: &mut Vec<String>) {
    for inline in inlines {
        match inline {
            Inline::Text(_) => {}
            Inline::Code(code) => found.push(format!("the code `{code}`")),
            Inline::Emphasis(inlines) | Inline::Strong(inlines) | Inline::Link { inlines, .. } => {
                collect_code(inlines, found);
            }
        }
    }
}

/// The first of some sorted texts that is not among others, or not as often.
fn first_without<'a>(some: &'a [String], others: &[String]) -> Option<&'a str> {
    let count = |texts: &[String], text: &String| texts.iter().filter(|other| *other == text).count();
    some.iter().find(|text| count(some, text) > count(others, text)).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(direction: Direction, file: &str) -> Catalogue {
        let mut catalogue = Catalogue::new(direction);
        catalogue.read(file);
        catalogue
    }

    #[test]
    fn a_translation_has_the_links_and_the_code_of_its_piece() {
        let english = "The [log](word:log) is *here*: `x=2`.";
        assert_eq!(fits(english, "`x=2` steht im [Log](word:log)."), Ok(()));
        for (said, wrong) in [
            ("Das Log: `x=2`.", "the translation lacks the link word:log"),
            ("Das [Log](word:log).", "the translation lacks the code `x=2`"),
            ("Das [Log](word:log): `x=2` und `x=2`.", "the translation has the code `x=2`, which the English has not"),
            (
                "1. Das [Log](word:log): `x=2`.",
                "the translation is no single paragraph: it begins like a list, or has a sign that Markdown reads",
            ),
            (
                "Das [Log](word:log): `x=2` <b>.",
                "the translation is no single paragraph: it begins like a list, or has a sign that Markdown reads",
            ),
        ] {
            assert_eq!(fits(english, said), Err(wrong.to_string()));
        }
        let alone = fits("[S1 leads.](moment:run 1 s)", "Sieh: [S1 leitet.](moment:run 1 s)");
        assert_eq!(alone, Err("a moment that stands by itself is a link and nothing else in both languages".into()));
        assert!(fits("one", "a | b").is_err());
    }

    #[test]
    fn pieces_are_translated_where_they_stand() {
        let german = catalogue(Direction::LeftToRight, "One line.\tEine Zeile.\nSecond\tZweitens\nb\tB `x`\n");
        let text = "One\nline.\n\n1. First\n2. Second\n\n| a | b |\n|---|---|\n";
        let said = "Eine Zeile.\n\n1. First\n2. Zweitens\n\n| a | b |\n|---|---|\n";
        assert_eq!(translated(text, &german), (said.to_string(), true));
        assert_eq!(translated("Other", &german), ("Other".to_string(), false));
    }

    #[test]
    fn entries_have_the_line_that_they_begin_in() {
        let entries = entries("One\nline.\n\n- first\n- second\n  goes on", 10);
        let seen: Vec<(usize, &str)> = entries.iter().map(|entry| (entry.line, entry.text.as_str())).collect();
        assert_eq!(seen, [(10, "One line."), (13, "first"), (14, "second goes on")]);
    }

    #[test]
    fn what_is_missing_stands_apart_where_the_language_runs_the_other_way() {
        let persian = catalogue(Direction::RightToLeft, "S1 leads.\tS1 رهبر است.\n");
        let said = "\u{2068}S1\u{2069} رهبر است.\n\n\u{2068}It is *new.\u{2069}*";
        assert_eq!(translated("S1 leads.\n\nIt is *new.*", &persian), (said.to_string(), true));
    }
}
