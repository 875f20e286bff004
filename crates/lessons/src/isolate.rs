//! What is read from left to right within a text that is read from right to left stands between Unicode's isolates: names of
//! nodes, code, and what is not translated.

use std::ops::Range;

use sim::{END_OF_ISOLATE, ISOLATE};

use crate::piece::letters;

/// A text that is read from right to left, with what is not apart.
pub(crate) fn foreign_apart(text: &str) -> String {
    let of_letters = |(range, is_code): (Range<usize>, bool)| match is_code {
        true => vec![range],
        false => {
            let start = range.start;
            foreign(&text[range]).into_iter().map(|part| start + part.start..start + part.end).collect()
        }
    };
    isolated(text, letters(text).into_iter().flat_map(of_letters))
}

/// A text of another language as a whole apart. The marks stand beside its letters, so that what the signs around these mean
/// stays.
pub(crate) fn whole_apart(text: &str) -> String {
    let letters = letters(text);
    let whole = letters.first().zip(letters.last()).map(|((first, _), (last, _))| first.start..last.end);
    isolated(text, whole)
}

fn isolated(text: &str, parts: impl IntoIterator<Item = Range<usize>>) -> String {
    let (mut written, mut at) = (String::with_capacity(text.len()), 0);
    for part in parts {
        written.push_str(&text[at..part.start]);
        written.push(ISOLATE);
        written.push_str(&text[part.clone()]);
        written.push(END_OF_ISOLATE);
        at = part.end;
    }
    written + &text[at..]
}

/// Where words stand that are read from left to right, those that follow each other together: `Chen, Toueg 2002`. Numbers alone
/// are not mixed up.
fn foreign(text: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let rest = word.trim_start_matches(is_no_part);
        let start = at + word.len() - rest.len();
        at += word.len();
        let core = rest.trim_end_matches(is_no_part);
        if core.is_empty() || core.chars().any(is_from_right) {
            continue;
        }
        let core = start..start + core.len();
        match parts.last_mut() {
            Some(last) if matches!(&text[last.end..core.start], " " | ", ") => last.end = core.end,
            _ => parts.push(core),
        }
    }
    parts.retain(|part| text[part.clone()].chars().any(char::is_alphabetic));
    parts
}

fn is_no_part(letter: char) -> bool {
    !letter.is_alphanumeric()
}

/// Letters of Hebrew, Arabic and their neighbours, and how these are joined.
fn is_from_right(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fefc}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With < and > in the place of the marks.
    fn seen(said: String) -> String {
        said.replace(ISOLATE, "<").replace(END_OF_ISOLATE, ">")
    }

    #[test]
    fn names_and_code_stand_apart_in_what_is_read_from_right_to_left() {
        for (said, apart) in [
            ("S1 و S2، و 300 میلی‌ثانیه", "<S1> و <S2>، و 300 میلی‌ثانیه"),
            ("«x=2» را *Split…* می‌نویسد", "«<x=2>» را *<Split>…* می‌نویسد"),
            ("(Chen, Toueg و دیگران، 2002)", "(<Chen, Toueg> و دیگران، 2002)"),
            ("[لاگ](word:log) و `run 1 s`.", "[لاگ](word:log) و <`run 1 s`>."),
            ("پایان با C. B می‌گوید", "پایان با <C>. <B> می‌گوید"),
        ] {
            assert_eq!(seen(foreign_apart(said)), apart);
        }
    }

    #[test]
    fn what_is_not_translated_stands_apart_as_a_whole() {
        assert_eq!(seen(whole_apart("**Look** here, *now.*")), "**<Look** here, *now.>*");
        assert_eq!(seen(whole_apart("[B is slow.](moment:run 1 s)")), "[<B is slow.>](moment:run 1 s)");
        assert_eq!(seen(whole_apart("`a` is")), "<`a` is>");
        assert_eq!(whole_apart(""), "");
    }
}
