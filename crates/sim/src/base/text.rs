//! Text that a person reads: an English template with named arguments, ready for translation.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::id::NodeId;
use crate::{Catalogue, t};

/// A sentence or a label: an English template such as `"{node} votes for {candidate}"` and a value for each name in
/// braces. Make one with [`t!`](crate::t).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    template: Cow<'static, str>,
    arguments: Vec<(Cow<'static, str>, Argument)>,
}

/// The value of one name in a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Argument {
    /// A whole number.
    Integer(i64),
    /// A name or another piece of data that is not translated.
    Word(Cow<'static, str>),
    /// A text inside the text.
    Text(Box<Text>),
    /// A node; the world puts its label here (see [`Text::with_labels`]).
    Node(NodeId),
    /// A moment or a length of time in microseconds, shown in seconds or milliseconds.
    Time(u64),
}

/// A time in microseconds as an argument: `t!("after {wait}", wait = time_us(1_500))` reads "after 1.5 ms".
pub fn time_us(us: u64) -> Argument {
    Argument::Time(us)
}

impl Text {
    /// A template without arguments.
    // Not inlined, as `add` is not: there are more than a thousand places that make a text.
    #[inline(never)]
    pub const fn new(template: &'static str) -> Text {
        Text { template: Cow::Borrowed(template), arguments: Vec::new() }
    }

    /// Data shown as it is, for instance a value that a client wrote.
    pub fn verbatim(word: impl Into<Cow<'static, str>>) -> Text {
        Text::new("{word}").with("word", Argument::Word(word.into()))
    }

    /// The same text with one more argument.
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Text {
        self.add(name, value.into());
        self
    }

    #[inline(never)]
    fn add(&mut self, name: &'static str, value: Argument) {
        self.arguments.push((Cow::Borrowed(name), value));
    }

    /// The English template, which is also the key of its translations.
    pub fn template(&self) -> &str {
        &self.template
    }

    /// The text in another language; in English without a catalogue.
    pub fn in_language(&self, catalogue: Option<&Catalogue>) -> String {
        catalogue.map_or_else(|| self.to_string(), |catalogue| catalogue.write(self))
    }

    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.template.is_empty()
    }

    /// Replaces each node by its label, `labels[node.index()]`.
    pub fn with_labels(mut self, labels: &[String]) -> Text {
        for (_, argument) in &mut self.arguments {
            match argument {
                Argument::Node(node) => {
                    if let Some(label) = labels.get(node.index()) {
                        *argument = Argument::Word(Cow::Owned(label.clone()));
                    }
                }
                Argument::Text(text) => **text = std::mem::take(&mut **text).with_labels(labels),
                _ => {}
            }
        }
        self
    }

    /// The same text with all that it quotes as short as [`excerpt`] makes it.
    #[must_use]
    pub fn excerpted(mut self) -> Text {
        for (_, argument) in &mut self.arguments {
            match argument {
                Argument::Word(word) if word.len() > QUOTED => *word = Cow::Owned(excerpt(word, QUOTED)),
                Argument::Text(text) => **text = std::mem::take(&mut **text).excerpted(),
                _ => {}
            }
        }
        self
    }

    /// The names in braces that have no value: a mistake in the lab, which the registry tests report.
    pub fn missing_arguments(&self) -> Vec<&str> {
        names(&self.template).filter(|name| self.argument(name).is_none()).collect()
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }
}

/// A part of a template: what is read as it stands, or a name in braces.
pub(crate) enum Piece<'a> {
    Words(&'a str),
    Name(&'a str),
}

/// The parts of a template.
pub(crate) fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let name_at = rest.find('{').unwrap_or(rest.len());
        if name_at > 0 {
            let (words, after) = rest.split_at(name_at);
            rest = after;
            return Some(Piece::Words(words));
        }
        let end = rest.find('}').unwrap_or(rest.len() - 1);
        let name = &rest[1..end.max(1)];
        rest = &rest[end + 1..];
        Some(Piece::Name(name))
    })
}

/// The names in braces of a template.
pub(crate) fn names(template: &str) -> impl Iterator<Item = &str> {
    pieces(template).filter_map(|piece| match piece {
        Piece::Name(name) => Some(name),
        Piece::Words(_) => None,
    })
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in pieces(&self.template) {
            match piece {
                Piece::Words(words) => formatter.write_str(words)?,
                Piece::Name(name) => match self.argument(name) {
                    Some(argument) => argument.fmt(formatter)?,
                    None => write!(formatter, "{{{name}}}")?,
                },
            }
        }
        Ok(())
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Argument::Integer(number) => number.fmt(formatter),
            Argument::Word(word) => formatter.write_str(word),
            Argument::Text(text) => text.fmt(formatter),
            Argument::Node(node) => write!(formatter, "node {}", node.0),
            Argument::Time(us) => time_text(*us).fmt(formatter),
        }
    }
}

const SECOND_US: u64 = 1_000_000;
const MINUTE_US: u64 = 60 * SECOND_US;
const HOUR_US: u64 = 60 * MINUTE_US;
const DAY_US: u64 = 24 * HOUR_US;

/// A length of time with its unit. Milliseconds are read at a glance when short; seconds keep all three places, so that
/// moments line up. What is longer is told in the two largest units that it has.
pub(crate) fn time_text(us: u64) -> Text {
    match us {
        0..1_000 => t!("{number} µs", number = us),
        1_000..100_000 if !us.is_multiple_of(1_000) => {
            t!("{number} ms", number = decimal(us / 1_000, us % 1_000 / 100, 1))
        }
        1_000..1_000_000 => t!("{number} ms", number = us / 1_000),
        1_000_000..120_000_000 => t!("{number} s", number = seconds(us)),
        _ if us < 2 * HOUR_US => {
            t!("{minutes} min {seconds} s", minutes = us / MINUTE_US, seconds = seconds(us % MINUTE_US))
        }
        _ if us < 2 * DAY_US => t!("{hours} h {minutes} min", hours = us / HOUR_US, minutes = us % HOUR_US / MINUTE_US),
        _ => t!("{days} d {hours} h", days = us / DAY_US, hours = us % DAY_US / HOUR_US),
    }
}

fn seconds(us: u64) -> Text {
    decimal(us / SECOND_US, us / 1_000 % 1_000, 3)
}

/// A number with decimal places: `decimal(1, 50, 3)` reads "1.050".
pub fn decimal(whole: u64, fraction: u64, places: usize) -> Text {
    t!("{whole}.{fraction}", whole = whole, fraction = format!("{fraction:0places$}"))
}

/// How many characters of something that somebody wrote a sentence repeats.
pub const QUOTED: usize = 60;

/// A text of at most `most` characters: what is too long loses its middle.
pub fn excerpt(text: &str, most: usize) -> String {
    let count = text.chars().count();
    if count <= most {
        return text.to_string();
    }
    let tail = most / 3;
    let begin = text.chars().take(most - 1 - tail);
    begin.chain(['…']).chain(text.chars().skip(count - tail)).collect()
}

/// Names to choose from, as a sentence lists them: as many as fit.
pub fn choices(names: &[&str]) -> String {
    excerpt(&names.join(", "), 3 * QUOTED)
}

/// The unit of a setting or of an axis in words; signs such as "%" are the same in every language.
pub fn unit_text(unit: &'static str) -> Text {
    match unit {
        "µs" => t!("µs"),
        "ms" => t!("ms"),
        "s" => t!("s"),
        "h" => t!("h"),
        "kB" => t!("kB"),
        "KiB" => t!("KiB"),
        "kbit/s" => t!("kbit/s"),
        "times" => t!("times"),
        "in 1,000" => t!("in 1,000"),
        "events" => t!("events"),
        "messages" => t!("messages"),
        "periods" => t!("periods"),
        sign => Text::verbatim(sign),
    }
}

macro_rules! argument_from {
    ($($from:ty => |$value:ident| $make:expr),+ $(,)?) => {
        $(impl From<$from> for Argument {
            fn from($value: $from) -> Argument {
                $make
            }
        })+
    };
}

argument_from! {
    i64 => |value| Argument::Integer(value),
    i32 => |value| Argument::Integer(value.into()),
    u16 => |value| Argument::Integer(value.into()),
    u32 => |value| Argument::Integer(value.into()),
    u64 => |value| Argument::Integer(value as i64),
    usize => |value| Argument::Integer(value as i64),
    &'static str => |value| Argument::Word(Cow::Borrowed(value)),
    String => |value| Argument::Word(Cow::Owned(value)),
    Text => |value| Argument::Text(Box::new(value)),
    NodeId => |value| Argument::Node(value),
}

/// A [`Text`] from an English template and its arguments:
/// `t!("{node} asks for votes in term {term}", node = me, term = 5)`.
#[macro_export]
macro_rules! t {
    ($template:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::Text::new($template)$(.with(stringify!($name), $value))*
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_stand_where_the_template_says() {
        let text = t!("{node} votes for {candidate} in term {term}", node = NodeId(1), candidate = NodeId(0), term = 4);
        let labels = ["S1".to_string(), "S2".to_string()];
        assert_eq!(text.with_labels(&labels).to_string(), "S2 votes for S1 in term 4");
    }

    #[test]
    fn missing_arguments_are_named() {
        assert_eq!(t!("{a} and {b}", a = 1).missing_arguments(), ["b"]);
        assert_eq!(t!("open {brace").to_string(), "open {brac}");
    }

    #[test]
    fn what_is_too_long_loses_its_middle() {
        assert_eq!(excerpt("abcdefghi", 9), "abcdefghi");
        assert_eq!(excerpt("äbcdefghij", 9), "äbcde…hij");
        let long = "x".repeat(1_000);
        let inner = t!("“{inner}”", inner = long.clone());
        let said = t!("not {long}: {inner}", long = long, inner = inner).excerpted().to_string();
        assert_eq!(said.chars().count(), "not : “”".chars().count() + 2 * QUOTED);
    }

    #[test]
    fn times_are_short() {
        let shown = |us| t!("{t}", t = time_us(us)).to_string();
        assert_eq!(
            [shown(40), shown(1_000), shown(1_500), shown(212_700), shown(1_326_049)],
            ["40 µs", "1 ms", "1.5 ms", "212 ms", "1.326 s"]
        );
        assert_eq!(
            [
                shown(119_999_999),
                shown(125_040_000),
                shown(7_199_000_000),
                shown(7_200_000_000),
                shown(200_000_000_000)
            ],
            ["119.999 s", "2 min 5.040 s", "119 min 59.000 s", "2 h 0 min", "2 d 7 h"]
        );
    }
}
