//! One vector clock as a log writes it: a JSON object of hosts and counts, `{"alice":3,"bob":1}`; or a dictionary as Python
//! prints it, `{'alice': 3, 'bob': 1}`.

use std::borrow::Cow;

use crate::base::text::Text;
use crate::t;

/// Reads a clock and gives each of its entries to `add`. The error says what is wrong with it.
pub(super) fn read<'a>(text: &'a str, mut add: impl FnMut(Cow<'a, str>, u32)) -> Result<(), Text> {
    let mut reader = Reader { text, at: 0 };
    let read = reader.object(&mut add);
    read.map_err(|problem| match problem {
        Problem::Expected(what) => t!(
            "the clock {clock} is broken JSON: expected {what} before “{rest}”",
            clock = text.to_string(),
            what = what,
            rest = text[reader.at..].to_string()
        ),
        Problem::Count { host, value } => t!(
            "the clock says {value} for {host}; a count is a whole number from 0 to {most}",
            value = value.to_string(),
            host = host.into_owned(),
            most = u32::MAX
        ),
    })
}

/// A text inside a JSON text: TLC prints clocks like that, `{\"alice\":3}`.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    let is_escaped = text.trim_start().strip_prefix('{').is_some_and(|rest| rest.trim_start().starts_with("\\\""));
    if is_escaped { Cow::Owned(text.replace("\\\"", "\"")) } else { Cow::Borrowed(text) }
}

enum Problem<'a> {
    Expected(&'static str),
    Count { host: Cow<'a, str>, value: &'a str },
}

/// Reads JSON from a place on.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn object(&mut self, add: &mut impl FnMut(Cow<'a, str>, u32)) -> Result<(), Problem<'a>> {
        self.expect(b'{', "{")?;
        if self.takes(b'}') {
            return self.end();
        }
        loop {
            let quote = if self.takes(b'\'') { '\'' } else { '"' };
            if quote == '"' {
                self.expect(b'"', "a host in quotation marks")?;
            }
            let host = self.string(quote)?;
            self.expect(b':', "a colon")?;
            let value = self.value();
            match count(value) {
                Some(count) => add(host, count),
                None if is_json(value) => return Err(Problem::Count { host, value }),
                None => {
                    self.at -= value.len();
                    return Err(Problem::Expected("a count"));
                }
            }
            if self.takes(b'}') {
                return self.end();
            }
            self.expect(b',', "a comma or }")?;
        }
    }

    fn end(&mut self) -> Result<(), Problem<'a>> {
        self.skip_blanks();
        if self.at == self.text.len() { Ok(()) } else { Err(Problem::Expected("the end of the clock")) }
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Takes one sign after blanks, if it stands there.
    fn takes(&mut self, sign: u8) -> bool {
        self.skip_blanks();
        let is_there = self.text.as_bytes().get(self.at) == Some(&sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn expect(&mut self, sign: u8, what: &'static str) -> Result<(), Problem<'a>> {
        if self.takes(sign) { Ok(()) } else { Err(Problem::Expected(what)) }
    }

    /// The rest of a text in quotation marks, of which the first has been read.
    fn string(&mut self, quote: char) -> Result<Cow<'a, str>, Problem<'a>> {
        let rest = &self.text[self.at..];
        let end = rest.find([quote, '\\']).ok_or(Problem::Expected("a closing quotation mark"))?;
        self.at += end;
        let mut string = Cow::Borrowed(&rest[..end]);
        while let Some(escaped) = self.text[self.at..].strip_prefix('\\') {
            self.at += 1;
            let sign = escaped.chars().next().ok_or(Problem::Expected("an escaped character"))?;
            self.at += sign.len_utf8();
            string.to_mut().push(match sign {
                '"' | '\'' | '\\' | '/' => sign,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => self.unicode()?,
                _ => return Err(Problem::Expected("one of the escapes of JSON")),
            });
            let rest = &self.text[self.at..];
            let end = rest.find([quote, '\\']).ok_or(Problem::Expected("a closing quotation mark"))?;
            string.to_mut().push_str(&rest[..end]);
            self.at += end;
        }
        self.at += 1;
        Ok(string)
    }

    /// The character of `\u0041`, or of two such escapes that make one character.
    fn unicode(&mut self) -> Result<char, Problem<'a>> {
        let first = self.unit()?;
        if !(0xD800..0xDC00).contains(&first) || !self.text[self.at..].starts_with("\\u") {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        self.at += 2;
        let second = self.unit()?;
        let low = second.checked_sub(0xDC00).unwrap_or(u32::MAX / 2);
        Ok(char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn unit(&mut self) -> Result<u32, Problem<'a>> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| digits.bytes().all(|d| d.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or(Problem::Expected("four hexadecimal digits"))?;
        self.at += 4;
        Ok(unit)
    }

    /// What stands up to the next comma or brace.
    fn value(&mut self) -> &'a str {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        let value = rest[..rest.find([',', '}']).unwrap_or(rest.len())].trim_end();
        self.at += value.len();
        value
    }
}

/// Whether this could stand in JSON, though not as a count.
fn is_json(value: &str) -> bool {
    let is_text = value.len() > 1 && value.starts_with('"') && value.ends_with('"');
    let is_number = !value.is_empty() && value.bytes().all(|sign| b"0123456789+-.eE".contains(&sign));
    is_text || is_number || ["true", "false", "null"].contains(&value)
}

/// A whole number that JavaScript would read as one: `3`, `3.0`.
fn count(value: &str) -> Option<u32> {
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let is_number = whole.bytes().all(|digit| digit.is_ascii_digit()) && (whole == "0" || !whole.starts_with('0'));
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0');
    if is_number && is_whole { whole.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(text: &str) -> Result<Vec<(String, u32)>, String> {
        let mut entries = Vec::new();
        let text = unescaped(text);
        read(&text, |host, count| entries.push((host.into_owned(), count))).map_err(|text| text.to_string())?;
        Ok(entries)
    }

    #[test]
    fn clocks_are_read_as_json_has_them() {
        let pairs = |pairs: &[(&str, u32)]| Ok(pairs.iter().map(|(host, count)| (host.to_string(), *count)).collect());
        for (text, expected) in [
            (r#"{}"#, pairs(&[])),
            (r#"{"a":1}"#, pairs(&[("a", 1)])),
            (" {\t\"a b\" : 1 ,\"c\":0, \"d\":4294967295 } ", pairs(&[("a b", 1), ("c", 0), ("d", u32::MAX)])),
            (r#"{"a\"\\\/\u00e9\ud83d\ude00\n":2.0}"#, pairs(&[("a\"\\/é😀\n", 2)])),
            (
                r#"{'a b': 1, "it's": 2, 'say "no"': 3, 'it\'s "both"': 4}"#,
                pairs(&[("a b", 1), ("it's", 2), ("say \"no\"", 3), ("it's \"both\"", 4)]),
            ),
            (r#"{\"n1\":0,\"n2\":3}"#, pairs(&[("n1", 0), ("n2", 3)])),
        ] {
            assert_eq!(entries(text), expected, "{text}");
        }
    }

    #[test]
    fn a_broken_clock_is_explained() {
        for (text, expected) in [
            ("", "the clock  is broken JSON: expected { before “”"),
            (r#"[1]"#, "the clock [1] is broken JSON: expected { before “[1]”"),
            (r#"{"a":1"#, "expected a comma or } before “”"),
            (r#"{"a":1,}"#, "expected a host in quotation marks before “}”"),
            (r#"{a:1}"#, "expected a host in quotation marks before “a:1}”"),
            (r#"{"a" 1}"#, "expected a colon before “1}”"),
            (r#"{"a":}"#, "expected a count before “}”"),
            (r#"{"a":1"}"#, "expected a count before “1\"}”"),
            (r#"{"a":1} x"#, "expected the end of the clock before “x”"),
            (r#"{"a:1}"#, "expected a closing quotation mark"),
            (r#"{"\q":1}"#, "expected one of the escapes of JSON"),
            (r#"{"\u12":1}"#, "expected four hexadecimal digits"),
            (r#"{"a":-1}"#, "the clock says -1 for a; a count is a whole number from 0 to 4294967295"),
            (r#"{"a":1.5}"#, "the clock says 1.5 for a; a count"),
            (r#"{"a":"1"}"#, "the clock says \"1\" for a; a count"),
            (r#"{"a":01}"#, "the clock says 01 for a; a count"),
            (r#"{"a":4294967296}"#, "the clock says 4294967296 for a; a count"),
            (r#"{"a":null}"#, "the clock says null for a; a count"),
        ] {
            let said = entries(text).expect_err(text);
            assert!(said.contains(expected), "{text}: {said}");
        }
    }
}
