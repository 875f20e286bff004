//! The pieces of a text in Markdown that are translated each by itself: a heading, a paragraph, an item of a list, a cell of a
//! table.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::prose::{masked, moments};

/// A piece with the line that it begins in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub line: usize,
    /// In one line.
    pub text: String,
}

/// Where a text has its pieces, without the signs that make a heading, an item or a cell of them.
pub(crate) fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut open: Option<Range<usize>> = None;
    events(text, |event, range| {
        if is_inline(event) {
            open = Some(open.take().map_or(range.clone(), |open| open.start.min(range.start)..open.end.max(range.end)));
        } else {
            pieces.extend(open.take());
        }
    });
    pieces.extend(open);
    // What is escaped comes without its backslash.
    let whole = |piece: &Range<usize>| piece.start - usize::from(text[..piece.start].ends_with('\\'))..piece.end;
    pieces.iter().map(whole).collect()
}

/// Where a text has letters that are read, and of each whether they are code.
pub(crate) fn letters(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut letters: Vec<(Range<usize>, bool)> = Vec::new();
    events(text, |event, range| match (event, letters.last_mut()) {
        (Event::Text(_), Some((last, false))) if last.end == range.start => last.end = range.end,
        (Event::Text(_) | Event::Code(_), _) => letters.push((range, matches!(event, Event::Code(_)))),
        _ => {}
    });
    letters
}

/// The same in one line.
pub(crate) fn unwrapped(piece: &str) -> String {
    piece.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All events but those in blocks of code.
fn events(text: &str, mut take: impl FnMut(&Event<'_>, Range<usize>)) {
    let masked = masked(text, &moments(text));
    let mut is_code = false;
    for (event, range) in Parser::new_ext(&masked, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(TagEnd::CodeBlock) => is_code = false,
            _ => {}
        }
        if !is_code {
            take(&event, range);
        }
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(tag, Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::Strong),
        Event::End(tag) => matches!(tag, TagEnd::Link | TagEnd::Image | TagEnd::Emphasis | TagEnd::Strong),
        Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<String> {
        pieces(text).into_iter().map(|piece| unwrapped(&text[piece])).collect()
    }

    #[test]
    fn headings_paragraphs_items_and_cells_are_pieces() {
        assert_eq!(said("## Why\n\nOne\nline.\n\nAnother *one*"), ["Why", "One line.", "Another *one*"]);
        assert_eq!(said("1. First\n   goes on\n2. **Second**\n   - inner"), ["First goes on", "**Second**", "inner"]);
        assert_eq!(said("- loose\n\n- `items`\n"), ["loose", "`items`"]);
        assert_eq!(said("| a | b |\n|---|---|\n| *c* | d e |\n"), ["a", "b", "*c*", "d e"]);
        assert_eq!(said("\\* no item"), ["\\* no item"]);
        assert_eq!(said("before\n\n```\ncode\n```\n\nafter"), ["before", "after"]);
    }

    #[test]
    fn links_are_whole() {
        let link = "[B is slow (so slow).](moment:link A -> B takes 5 ms; run 1 s)";
        assert_eq!(said(link), [link]);
        assert_eq!(said("see [x](word:x)."), ["see [x](word:x)."]);
    }

    #[test]
    fn letters_are_told_from_signs() {
        let text = "a *b_c* `d` [e](word:f)";
        let read: Vec<(&str, bool)> = letters(text).into_iter().map(|(range, code)| (&text[range], code)).collect();
        assert_eq!(read, [("a ", false), ("b_c", false), (" ", false), ("`d`", true), (" ", false), ("e", false)]);
    }
}
