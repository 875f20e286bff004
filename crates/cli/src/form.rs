//! Values in JSON or EDN, the notation of Clojure in which Jepsen writes: read from one text, told apart by their braces,
//! numbers kept exactly.
//!
//! Commas are blanks, as in EDN. A list at the top level stands for what is in it.

use std::collections::BTreeMap;
use std::fmt;

use sim::history::Value;
use sim::text::{QUOTED, excerpt};

/// One value.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// `null` or `nil`.
    Nothing,
    /// `true` or `false`.
    Truth(bool),
    /// A number.
    Number(Value),
    /// A text in quotation marks.
    Text(String),
    /// A keyword, a symbol or a character of EDN; a keyword without its colon.
    Word(String),
    /// A list, a vector or a set.
    List(Vec<Form>),
    /// An object or a map.
    Map(Fields),
}

/// What is in an object or a map. A key that is no text and no word is as it would be shown.
pub type Fields = BTreeMap<String, Form>;

/// What is wrong, and the line in which the value begins, counted from 1.
pub type Broken = (u64, String);

/// How deep lists and maps may stand in each other.
const DEEPEST: usize = 100;

/// All values of a text, with the lines in which they begin.
///
/// # Errors
///
/// The first value that is neither JSON nor EDN.
pub fn forms(text: &str) -> Result<Vec<(u64, Form)>, Broken> {
    let mut reader = Reader { text, at: 0, notation: Notation::Json, depth: 0 };
    let (mut line, mut counted) = (1, 0);
    let mut forms = Vec::new();
    let mut lists: Vec<(u64, char)> = Vec::new();
    loop {
        reader.notation = Notation::Edn;
        reader.skip_blanks().map_err(|problem| (line, problem))?;
        line += text[counted..reader.at].matches('\n').count() as u64;
        counted = reader.at;
        reader.notation = reader.notation_here();
        match reader.peek() {
            None if lists.is_empty() => return Ok(forms),
            None => return Err((lists[0].0, "the list that begins here is never closed".to_string())),
            Some(open @ ('[' | '(')) if lists.is_empty() => {
                reader.at += 1;
                lists.push((line, if open == '[' { ']' } else { ')' }));
            }
            Some(close) if lists.last().is_some_and(|(_, expected)| *expected == close) => {
                reader.at += 1;
                lists.pop();
            }
            Some(_) => {
                let notation = reader.notation.name();
                let wrong = |problem| (line, format!("this is not {notation} ({problem})"));
                forms.push((line, reader.form().map_err(wrong)?));
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notation {
    Json,
    Edn,
}

impl Notation {
    fn name(self) -> &'static str {
        match self {
            Notation::Json => "JSON",
            Notation::Edn => "EDN",
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    notation: Notation,
    depth: usize,
}

type Read<T> = Result<T, String>;

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// A tag, or a map with a keyword first, is EDN.
    fn notation_here(&self) -> Notation {
        let inside = self.rest().strip_prefix('{').map(str::trim_start);
        match inside.unwrap_or(self.rest()).starts_with([':', '#']) {
            true => Notation::Edn,
            false => Notation::Json,
        }
    }

    /// Passes blanks and commas; in EDN also comments and what is marked to be left out.
    fn skip_blanks(&mut self) -> Read<()> {
        loop {
            self.at = self.text.len()
                - self.rest().trim_start_matches(|sign: char| sign.is_whitespace() || sign == ',').len();
            match self.notation {
                Notation::Edn if self.rest().starts_with(';') => {
                    self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                }
                Notation::Edn if self.rest().starts_with("#_") => {
                    self.at += 2;
                    self.form()?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn form(&mut self) -> Read<Form> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(format!("more than {DEEPEST} lists in each other"));
        }
        self.skip_blanks()?;
        let form = match self.peek() {
            None => Err("it ends where a value is expected".to_string()),
            Some('{') => self.map(),
            Some('[') => self.list(1, ']'),
            Some('(') if self.notation == Notation::Edn => self.list(1, ')'),
            Some('#') if self.notation == Notation::Edn && self.rest().starts_with("#{") => self.list(2, '}'),
            Some('#') if self.notation == Notation::Edn => {
                self.token(1);
                self.form()
            }
            Some('"') => self.string().map(Form::Text),
            Some(_) => self.word(),
        };
        self.depth -= 1;
        form
    }

    /// What stands up to the next blank, bracket or quotation mark, which is not looked for in the first `least` bytes.
    fn token(&mut self, least: usize) -> &'a str {
        let ends = |sign: char| {
            sign.is_whitespace() || ",()[]{}\";".contains(sign) || (sign == ':' && self.notation == Notation::Json)
        };
        let rest = self.rest();
        let token = &rest[..rest[least..].find(ends).map_or(rest.len(), |end| least + end)];
        self.at += token.len();
        token
    }

    fn word(&mut self) -> Read<Form> {
        let first = self.peek().map_or(0, char::len_utf8);
        let token = match self.peek() {
            Some(')' | ']' | '}' | ':' | ';') if self.notation == Notation::Json => "",
            Some(')' | ']' | '}') => "",
            Some('\\') => self.token((first + 1).min(self.rest().len())),
            _ => self.token(first),
        };
        let number = match self.notation {
            Notation::Json => token,
            Notation::Edn => token.strip_suffix(['N', 'M']).unwrap_or(token),
        };
        match (self.notation, token) {
            (_, "true") => Ok(Form::Truth(true)),
            (_, "false") => Ok(Form::Truth(false)),
            (Notation::Json, "null") | (Notation::Edn, "nil") => Ok(Form::Nothing),
            (_, "") => Err(format!("expected a value before “{}”", excerpt(self.rest(), QUOTED))),
            _ if number.trim_start_matches(['+', '-']).starts_with(|sign: char| sign.is_ascii_digit()) => {
                Value::number(number)
                    .map(Form::Number)
                    .ok_or_else(|| format!("{} is no number that can be kept exactly", excerpt(token, QUOTED)))
            }
            (Notation::Edn, word) => Ok(Form::Word(word.strip_prefix(':').unwrap_or(word).to_string())),
            (Notation::Json, word) => Err(format!("“{}” is no value", excerpt(word, QUOTED))),
        }
    }

    fn list(&mut self, opening: usize, end: char) -> Read<Form> {
        self.at += opening;
        let mut forms = Vec::new();
        loop {
            self.skip_blanks()?;
            match self.peek() {
                None => return Err(format!("a {end} is missing")),
                Some(sign) if sign == end => {
                    self.at += 1;
                    return Ok(Form::List(forms));
                }
                Some(_) => forms.push(self.form()?),
            }
        }
    }

    fn map(&mut self) -> Read<Form> {
        self.at += 1;
        let mut fields = Fields::new();
        loop {
            self.skip_blanks()?;
            match self.peek() {
                None => return Err("a } is missing".to_string()),
                Some('}') => {
                    self.at += 1;
                    return Ok(Form::Map(fields));
                }
                Some('"') => {}
                Some(_) if self.notation == Notation::Json => {
                    return Err(format!(
                        "expected a name in quotation marks before “{}”",
                        excerpt(self.rest(), QUOTED)
                    ));
                }
                Some(_) => {}
            }
            let name = match self.form()? {
                Form::Text(name) | Form::Word(name) => name,
                other => other.to_string(),
            };
            if self.notation == Notation::Json {
                self.skip_blanks()?;
                let after = self.rest().strip_prefix(':');
                let after =
                    after.ok_or_else(|| format!("expected a colon before “{}”", excerpt(self.rest(), QUOTED)))?;
                self.at = self.text.len() - after.len();
            }
            fields.insert(name, self.form()?);
        }
    }

    fn string(&mut self) -> Read<String> {
        let mut string = String::new();
        self.at += 1;
        loop {
            let sign = self.take().ok_or("a closing quotation mark is missing")?;
            match sign {
                '"' => return Ok(string),
                '\n' if self.notation == Notation::Json => {
                    return Err("a closing quotation mark is missing".to_string());
                }
                '\\' => string.push(self.escape()?),
                plain => string.push(plain),
            }
        }
    }

    fn take(&mut self) -> Option<char> {
        let sign = self.peek()?;
        self.at += sign.len_utf8();
        Some(sign)
    }

    fn escape(&mut self) -> Read<char> {
        match self.take() {
            Some(sign @ ('"' | '\\' | '/')) => Ok(sign),
            Some('b') => Ok('\u{8}'),
            Some('f') => Ok('\u{c}'),
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some('u') => self.unicode(),
            Some(other) => Err(format!("there is no escape \\{other}")),
            None => Err("a closing quotation mark is missing".to_string()),
        }
    }

    /// The character of `\u0041`, or of two such escapes that make one character.
    fn unicode(&mut self) -> Read<char> {
        let first = self.unit()?;
        let mut units = vec![first];
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            units.push(self.unit()?);
        }
        let mut signs = char::decode_utf16(units);
        signs.next().and_then(Result::ok).ok_or_else(|| "half a character after \\u".to_string())
    }

    fn unit(&mut self) -> Read<u16> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
        self.at += 4 * usize::from(unit.is_some());
        unit.ok_or_else(|| "expected four hexadecimal digits after \\u".to_string())
    }
}

/// As JSON, words with a colon before them.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::Nothing => f.write_str("null"),
            Form::Truth(truth) => truth.fmt(f),
            Form::Number(number) => number.fmt(f),
            Form::Text(text) => write!(f, "{text:?}"),
            Form::Word(word) => write!(f, ":{word}"),
            Form::List(forms) => {
                let shown: Vec<String> = forms.iter().map(Form::to_string).collect();
                write!(f, "[{}]", shown.join(","))
            }
            Form::Map(fields) => {
                let shown: Vec<String> = fields.iter().map(|(name, form)| format!("{name:?}:{form}")).collect();
                write!(f, "{{{}}}", shown.join(","))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All values as they are shown, with their lines.
    fn shown(text: &str) -> Vec<(u64, String)> {
        let forms = forms(text).unwrap_or_else(|error| panic!("{error:?} in {text}"));
        forms.iter().map(|(line, form)| (*line, form.to_string())).collect()
    }

    #[test]
    fn json_and_edn_say_the_same() {
        let map = r#"{"b":[1,null,true],"c":"x\"\né😀"}"#;
        for text in [
            map,
            r#"{"b" : [ 1.0, null, true ], "c" : "x\"\n\u00e9\ud83d\ude00"}"#,
            r#"{:b [1N nil true], :c "x\"\né😀"}"#,
            r#"#jepsen.history.Op{:c "x\"\né😀" #_left-out :b (1 nil true)} ; a comment"#,
        ] {
            assert_eq!(shown(text), [(1, map.to_string())], "{text}");
        }
        assert_eq!(shown(r"{:a #{:k} :b \a 1 {nil 2}}"), [(1, r#"{"1":{"null":2},"a":[:k],"b"::\a}"#.to_string())]);
    }

    #[test]
    fn lines_a_list_and_a_list_over_many_lines_hold_the_same_values() {
        let expected = |lines: [u64; 2]| lines.map(|line| (line, r#"{"a":[1]}"#.to_string()));
        for (text, lines) in [
            ("{\"a\":[1]}\n\n{\"a\":[1]}\n", [1, 3]),
            ("[{\"a\":[1]},{\"a\":[1]}]", [1, 1]),
            ("[\n{\n\"a\": [\n1]\n},\n{\"a\":[1]}\n]", [2, 6]),
            ("[{:a [1]}\n {:a [1]}]", [1, 2]),
            ("{:a [1]}\r\n{:a [1]}", [1, 2]),
        ] {
            assert_eq!(shown(text), expected(lines), "{text}");
        }
        assert_eq!(shown(" \n"), []);
        assert_eq!(shown("[]"), []);
    }

    #[test]
    fn what_is_neither_is_named_by_the_line_in_which_it_begins() {
        for (text, line, problem) in [
            ("{\"a\":1}\n{\"a\":", 2, "this is not JSON (it ends where a value is expected)"),
            ("\n{\"a\":1", 2, "this is not JSON (a } is missing)"),
            ("{\"a\":1\n{\"a\":1}", 1, "this is not JSON (expected a name in quotation marks before “{"),
            ("{a:1}", 1, "this is not JSON (expected a name in quotation marks before “a:1}”"),
            ("{\"a\" 1}", 1, "this is not JSON (expected a colon before “1}”"),
            ("{\"a\":NaN}", 1, "this is not JSON (“NaN” is no value"),
            ("{\"a\":1e99999999999}", 1, "this is not JSON (1e99999999999 is no number that can be kept exactly"),
            ("{\"a\":\"x}\n", 1, "this is not JSON (a closing quotation mark is missing"),
            ("{\"a\":\"\\x\"}", 1, "this is not JSON (there is no escape \\x"),
            ("{:a 1", 1, "this is not EDN (a } is missing"),
            ("{:a }", 1, "this is not EDN (expected a value before “}”"),
            ("[{\"a\":1}\n", 1, "the list that begins here is never closed"),
            ("]", 1, "this is not JSON (expected a value before “]”"),
        ] {
            let (at, said) = forms(text).expect_err(text);
            assert!(at == line && said.starts_with(problem), "{text}: {at}: {said}");
        }
        let deep = "[".repeat(100_000);
        assert!(forms(&deep).expect_err("too deep").1.contains("more than 100 lists in each other"));
    }
}
