//! The two expressions with which most logs are read, and which of them fits a log.

/// A host and its clock in one line, what happened in the next: as GoVector writes. The one that is tried first.
pub const DEFAULT_PARSER: &str = r"(?<host>\S*) (?<clock>{.*})[ \t]*\n(?<event>.*)";

/// What happened in one line, the host and its clock in the next: what ShiViz takes if nobody says otherwise.
pub const EVENT_FIRST_PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

/// The other one of the two usual expressions, where the parser expression is one of them and the other fits the log better.
#[must_use]
pub fn better_parser(parser: &str, text: &str) -> Option<&'static str> {
    let without_blanks = |parser: &str| parser.replace(r"[ \t]*", "");
    let is_usual = |usual: &str| without_blanks(parser) == without_blanks(usual);
    let (other, is_clock_first) = match parser {
        _ if is_usual(DEFAULT_PARSER) => (EVENT_FIRST_PARSER, true),
        _ if is_usual(EVENT_FIRST_PARSER) => (DEFAULT_PARSER, false),
        _ => return None,
    };
    (left_over(text, !is_clock_first) < left_over(text, is_clock_first)).then_some(other)
}

/// How many lines are in no event if each event takes two lines, the clock in the first or in the second of them; and how many
/// events have no text.
fn left_over(text: &str, is_clock_first: bool) -> usize {
    let mut lines = text.lines().peekable();
    let mut left_over = 0;
    while let Some(first) = lines.next() {
        let clock = |second: &&str| has_clock(if is_clock_first { first } else { second });
        let event = match lines.next_if(clock) {
            Some(second) if is_clock_first => Some(second),
            Some(_) => Some(first),
            None => None,
        };
        left_over += match event {
            Some(text) => usize::from(text.trim().is_empty()),
            None => usize::from(!first.trim().is_empty()),
        };
    }
    left_over
}

fn has_clock(line: &str) -> bool {
    line.contains(" {") && line.trim_end().ends_with('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expression_that_fits_is_found_by_the_lines_it_leaves_over() {
        let (default, other) = (Some(DEFAULT_PARSER), Some(EVENT_FIRST_PARSER));
        for (text, from_default, from_other) in [
            ("a {\"a\":1}\nx\nb {\"b\":1}\ny\n", None, default),
            ("x\na {\"a\":1}\ny\nb {\"b\":1}\n", other, None),
            ("x\r\na {\"a\":1}\r\n\r\ny\r\nb {\"b\":1} \r\n", other, None),
            ("some words\n\na {\"a\":1}\nx\nb {\"b\":1}\ny\n=== end", None, default),
            // Events that look like clocks.
            ("a {\"a\":1}\nsends {\"x\":1}\nb {\"b\":1}\ntakes {\"x\":1}", None, None),
            ("x\na {\"a\":1}\ny\n", None, None),
            ("", None, None),
            ("[10:01] a {\"a\":1} x\n", None, None),
        ] {
            assert_eq!(better_parser(DEFAULT_PARSER, text), from_default, "{text}");
            assert_eq!(better_parser(EVENT_FIRST_PARSER, text), from_other, "{text}");
            assert_eq!(better_parser(r"(?<host>\S*) (?<clock>{.*})\n(?<event>.*)", text), from_default, "{text}");
            assert_eq!(better_parser("(?<event>.*)", text), None, "{text}");
        }
    }
}
