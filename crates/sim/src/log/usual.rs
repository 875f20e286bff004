//! The two expressions with which most logs are read, and which of them fits a log.

/// A host and its clock in one line, what happened in the next: as GoVector writes. The one that is tried first.
pub const DEFAULT_PARSER: &str = r"(?<host>\S*) (?<clock>{.*})[ \t]*\n(?<event>.*)";

/// What happened in one line, the host and its clock in the next: what ShiViz takes if nobody says otherwise.
pub const EVENT_FIRST_PARSER: &str = r"(?<event>.*)\n(?<host>\S*) (?<clock>{.*})";

/// The other one of the two usual expressions, where the parser expression is one of them and the other fits the log better.
#[must_use]
pub fn better_parser(parser: &str, text: &str) -> Option<&'static str> {
    let (clock_first, event_first) = (left_over(text, 0), left_over(text, 1));
    match parser.replace(r"[ \t]*", "") {
        same if same == EVENT_FIRST_PARSER => (clock_first < event_first).then_some(DEFAULT_PARSER),
        same if same == DEFAULT_PARSER.replace(r"[ \t]*", "") => {
            (event_first < clock_first).then_some(EVENT_FIRST_PARSER)
        }
        _ => None,
    }
}

/// How many lines make no event if each clock stands in line `clock` of two, and how many events have no text.
fn left_over(text: &str, clock: usize) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let (mut at, mut left_over) = (0, 0);
    while let Some(line) = lines.get(at) {
        let is_event = lines.get(at + 1).is_some() && has_clock(lines[at + clock]);
        let event = if is_event { lines[at + 1 - clock] } else { line };
        left_over += usize::from(is_event == event.trim().is_empty());
        at += 1 + usize::from(is_event);
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
