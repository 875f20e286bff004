//! Regular expressions as JavaScript reads them, for the crate `regex`.
//!
//! Log formats are written for ShiViz, which runs in a browser. What JavaScript takes for a plain character (`{` without a
//! count, `[` in a class) or for ASCII (`\w`, `\d`) has to be said differently here.

use std::iter::Peekable;
use std::str::Chars;

use regex::{Regex, RegexBuilder};
use sim::log::Match;

/// White space as JavaScript has it, to stand in a class.
const SPACE: &str = r"\t\n\x0B\f\r \u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF";
const DIGIT: &str = "0-9";
const WORD: &str = "0-9A-Za-z_";

/// An expression that matches what the same one matches in a browser.
#[derive(Debug)]
pub struct Expression {
    regex: Regex,
    /// The names of the groups, with their numbers.
    names: Vec<(usize, String)>,
}

impl Expression {
    /// Reads an expression. The error says what is wrong with it, or what a browser can do and this cannot.
    pub fn new(written: &str) -> Result<Expression, String> {
        let wrong = |problem: String| format!("the expression {written} cannot be used: {problem}");
        let translated = Translation::of(written).map_err(wrong)?;
        let regex =
            RegexBuilder::new(&translated).multi_line(true).build().map_err(|error| wrong(error.to_string()))?;
        let names = regex.capture_names().enumerate().filter_map(|(place, name)| Some((place, name?.to_string())));
        Ok(Expression { names: names.collect(), regex })
    }
}

impl sim::log::Expression for Expression {
    fn names(&self) -> Vec<String> {
        self.names.iter().map(|(_, name)| name.clone()).collect()
    }

    fn matches<'a>(&'a self, text: &'a str) -> Box<dyn Iterator<Item = Match> + 'a> {
        Box::new(self.regex.captures_iter(text).map(|captures| Match {
            range: captures.get_match().range(),
            groups: self.names.iter().map(|(place, _)| captures.get(*place).map(|group| group.range())).collect(),
        }))
    }
}

/// The way through an expression.
struct Translation<'a> {
    rest: Peekable<Chars<'a>>,
    out: String,
}

impl Translation<'_> {
    fn of(written: &str) -> Result<String, String> {
        let mut translation = Translation { rest: written.chars().peekable(), out: String::new() };
        while let Some(sign) = translation.rest.next() {
            match sign {
                '\\' => translation.escape(false)?,
                '[' => translation.class()?,
                '(' => translation.group()?,
                '{' => translation.brace(),
                '}' => translation.out.push_str(r"\}"),
                ']' => translation.out.push_str(r"\]"),
                '.' => translation.out.push_str(r"[^\n\r\u2028\u2029]"),
                other => translation.out.push(other),
            }
        }
        Ok(translation.out)
    }

    fn is_next(&self, words: &str) -> bool {
        self.rest.clone().take(words.len()).eq(words.chars())
    }

    /// A brace is plain unless a count follows.
    fn brace(&mut self) {
        let inside: String = self.rest.clone().take_while(|sign| *sign != '}').collect();
        let is_closed = self.rest.clone().any(|sign| sign == '}');
        let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
        let is_number = |text: &str| text.chars().all(|sign| sign.is_ascii_digit());
        if is_closed && !least.is_empty() && is_number(least) && is_number(most) {
            self.rest.nth(inside.len());
            self.out.push_str(&format!("{{{inside}}}"));
        } else {
            self.out.push_str(r"\{");
        }
    }

    fn group(&mut self) -> Result<(), String> {
        for (opening, name) in
            [("?=", "look-ahead"), ("?!", "look-ahead"), ("?<=", "look-behind"), ("?<!", "look-behind")]
        {
            if self.is_next(opening) {
                return Err(format!(
                    "it looks at the text around a match with ({opening}…) ({name}), which only the browser can do; \
                     match that text as well, outside of the groups"
                ));
            }
        }
        self.out.push('(');
        Ok(())
    }

    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(sign) = self.rest.next() else { return Err(r"it ends with a single \".to_string()) };
        let class = |negated: &str, members: &str| {
            if in_class && negated.is_empty() { members.to_string() } else { format!("[{negated}{members}]") }
        };
        let translated = match sign {
            'd' => class("", DIGIT),
            'D' => class("^", DIGIT),
            'w' => class("", WORD),
            'W' => class("^", WORD),
            's' => class("", SPACE),
            'S' => class("^", SPACE),
            'b' if in_class => r"\x08".to_string(),
            'b' | 'B' if !in_class => format!(r"(?-u:\{sign})"),
            'n' | 'r' | 't' | 'f' | 'v' => format!(r"\{sign}"),
            '0' => r"\x00".to_string(),
            'x' => self.code(2).unwrap_or_else(|| "x".to_string()),
            'u' => self.code(4).unwrap_or_else(|| "u".to_string()),
            'c' => match self.rest.next() {
                Some(letter) if letter.is_ascii_alphabetic() => format!(r"\x{:02X}", letter as u8 % 32),
                _ => return Err(r"\c needs a letter after it".to_string()),
            },
            '1'..='9' => return Err(back_reference(&format!(r"\{sign}"))),
            'k' if self.is_next("<") => return Err(back_reference(r"\k<…>")),
            plain => regex::escape(&plain.to_string()),
        };
        self.out.push_str(&translated);
        Ok(())
    }

    /// A character by its code, if so many digits follow.
    fn code(&mut self, digits: usize) -> Option<String> {
        let code: String = self.rest.clone().take(digits).take_while(char::is_ascii_hexdigit).collect();
        if code.len() < digits {
            return None;
        }
        self.rest.nth(digits - 1);
        Some(format!(r"\x{{{code}}}"))
    }

    fn class(&mut self) -> Result<(), String> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            // Nothing, or anything: what an empty class matches.
            self.out.push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
            return Ok(());
        }
        self.out.push_str(if is_negated { "[^" } else { "[" });
        let mut before = None;
        while let Some(sign) = self.rest.next() {
            match sign {
                ']' => {
                    self.out.push(']');
                    return Ok(());
                }
                '\\' => self.escape(true)?,
                '[' | '&' | '~' | '^' => self.out.extend(['\\', sign]),
                // Two in a row take one class from another there.
                '-' if before == Some('-') || self.is_next("]") => self.out.push_str(r"\-"),
                other => self.out.push(other),
            }
            before = Some(sign);
        }
        Err("a [ is never closed".to_string())
    }
}

fn back_reference(written: &str) -> String {
    format!("it refers back to a group with {written}, which only the browser can do; write what shall match there")
}

#[cfg(test)]
mod tests {
    use sim::log::{DEFAULT_PARSER, Execution, Expression as _, better_parser};

    use super::*;

    fn found(expression: &str, text: &str) -> Vec<String> {
        let expression = Expression::new(expression).unwrap_or_else(|error| panic!("{error}"));
        expression.matches(text).map(|found| text[found.range].to_string()).collect()
    }

    #[test]
    fn the_default_parser_is_read_as_in_a_browser() {
        let parser = Expression::new(DEFAULT_PARSER).expect("an expression");
        assert_eq!(parser.names(), ["host", "clock", "event"]);
        let text = "a {\"a\":1}\nfirst\nb {\"a\":1, \"b\":1}\nsecond";
        let groups: Vec<Vec<&str>> = parser
            .matches(text)
            .map(|found| found.groups.iter().map(|group| &text[group.clone().expect("a group")]).collect())
            .collect();
        assert_eq!(groups, [["a", "{\"a\":1}", "first"], ["b", "{\"a\":1, \"b\":1}", "second"]]);
    }

    #[test]
    fn the_expression_that_fits_gives_each_event_its_own_text() {
        let texts = |parser: &str, log: &str| -> Vec<String> {
            let parser = Expression::new(parser).expect("an expression");
            let format = sim::log::Format::new(&parser, None).expect("all groups");
            let executions = format.read(log).unwrap_or_else(|problems| panic!("{problems:?}"));
            let texts =
                |log: &Execution| (0..log.events().len()).map(|place| log.text(place).to_string()).collect::<Vec<_>>();
            executions.iter().flat_map(texts).collect()
        };
        let event_first = include_str!("../tests/files/event-line-first.log");
        let parser = better_parser(DEFAULT_PARSER, event_first).expect("the other one");
        let told = texts(parser, event_first);
        assert_eq!((told[0].as_str(), told[6].as_str()), ("pump starts", "panel hears of 4.2 bar"));
        let blank = include_str!("../tests/files/blank-after-the-clock.log");
        assert_eq!(better_parser(DEFAULT_PARSER, blank), None);
        let told = texts(DEFAULT_PARSER, blank);
        assert_eq!(told, ["casts off", "sees it go", "reaches open water", "loses sight of it"]);
    }

    #[test]
    fn what_javascript_takes_for_plain_is_plain() {
        for (expression, text, expected) in [
            ("a{2}", "aaaa", &["aa", "aa"][..]),
            ("a{1,}", "aaa", &["aaa"]),
            ("a{,2}", "aa{,2}", &["a{,2}"]),
            ("x{}y", "x{}y", &["x{}y"]),
            ("{a}", "{a}", &["{a}"]),
            ("a]", "a]", &["a]"]),
            (r"\{.*\}", "{1} {2}", &["{1} {2}"]),
            ("[[]", "[", &["["]),
            ("[a&&b]+", "a&b", &["a&b"]),
            ("[+--]+", "+,-", &["+,-"]),
            ("[a-]+", "a-", &["a-"]),
            ("[]", "a", &[]),
            ("[^]", "\n", &["\n"]),
            (r"[\w.-]+", "a.b-c é", &["a.b-c"]),
            (r"[^\s]+", "a b", &["a", "b"]),
            (r"\w+", "aé1", &["a", "1"]),
            (r"\d", "1٣", &["1"]),
            (r"\S+", "a\u{feff}b", &["a", "b"]),
            (r"\bx\b", "éx x", &["x", "x"]),
            (r"\/\<\-\_", "/<-_", &["/<-_"]),
            (r"\u0041\x42\cJ", "AB\n", &["AB\n"]),
            ("a.b", "a\nb a\rb a.b", &["a.b"]),
            ("^b$", "a\nb\nc", &["b"]),
            ("(?P<name>a)|(?:b)", "ab", &["a", "b"]),
        ] {
            assert_eq!(found(expression, text), expected, "{expression} in {text:?}");
        }
    }

    #[test]
    fn what_cannot_be_done_is_said() {
        for (expression, expected) in [
            ("(?<=a)b", "look-behind"),
            ("a(?!b)", "look-ahead"),
            (r"(?<a>x)\k<a>", r"refers back to a group with \k<…>"),
            (r"(x)\1", r"refers back to a group with \1"),
            ("[a", "a [ is never closed"),
            ("a\\", r"it ends with a single \"),
            ("(a", "unclosed group"),
        ] {
            let said = Expression::new(expression).expect_err(expression);
            assert!(said.contains(expected), "{said}");
        }
    }
}
