//! Texts in other languages than English.

use crate::base::text::{Argument, Piece, Text, names, pieces, time_text};

/// Unicode's marks around a part whose own letters say in which direction it is read (FIRST STRONG ISOLATE, POP
/// DIRECTIONAL ISOLATE).
pub const ISOLATE: char = '\u{2068}';
/// See [`ISOLATE`].
pub const END_OF_ISOLATE: char = '\u{2069}';

/// In which direction a language is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    #[default]
    LeftToRight,
    RightToLeft,
}

impl Direction {
    /// That of the language of this code.
    pub fn of(code: &str) -> Direction {
        match code {
            "ar" | "fa" | "he" | "ur" => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        }
    }
}

/// Translations of templates into one language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalogue {
    direction: Direction,
    /// Each English template and its translation, sorted by the first.
    translations: Vec<(String, String)>,
}

impl Catalogue {
    /// Of a language that is written in this direction, still without translations.
    pub fn new(direction: Direction) -> Catalogue {
        Catalogue { direction, translations: Vec::new() }
    }

    /// Adds what a catalogue file has: lines of an English template, a tab and its translation. A translation that has not
    /// the same names in braces is left out.
    pub fn read(&mut self, file: &str) {
        let pairs = file.lines().filter_map(|line| line.split_once('\t'));
        let fitting = pairs.filter(|(template, translation)| has_same_names(template, translation));
        self.translations.extend(fitting.map(|(english, said)| (english.to_string(), said.to_string())));
        self.translations.sort_unstable();
    }

    /// In which direction the language is written.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// What stands for a template, with its names in braces.
    pub fn translate(&self, template: &str) -> Option<&str> {
        let place = self.translations.binary_search_by(|(english, _)| english.as_str().cmp(template)).ok()?;
        Some(&self.translations[place].1)
    }

    /// A text in this language. What has no translation stays English.
    pub(crate) fn write(&self, text: &Text) -> String {
        let mut written = String::new();
        match self.translate(text.template()) {
            Some(translation) => self.fill(translation, text, &mut written),
            None => self.isolated(&mut written, |written| self.fill(text.template(), text, written)),
        }
        written
    }

    fn fill(&self, template: &str, text: &Text, written: &mut String) {
        for piece in pieces(template) {
            match piece {
                Piece::Words(words) => written.push_str(words),
                Piece::Name(name) => self.isolated(written, |written| match text.argument(name) {
                    Some(Argument::Text(inner)) => self.fill_in(inner, written),
                    Some(Argument::Time(us)) => self.fill_in(&time_text(*us), written),
                    Some(data) => written.push_str(&data.to_string()),
                    None => written.push_str(name),
                }),
            }
        }
    }

    /// A text inside a text, which stands apart already.
    fn fill_in(&self, text: &Text, written: &mut String) {
        self.fill(self.translate(text.template()).unwrap_or(text.template()), text, written);
    }

    /// Keeps what is written from being mixed up with a sentence that is read from right to left, as "3.2 ms" would be. A
    /// plain number never is.
    fn isolated(&self, written: &mut String, write: impl FnOnce(&mut String)) {
        let start = written.len();
        write(written);
        let is_number = written[start..].bytes().all(|byte| byte.is_ascii_digit());
        if self.direction == Direction::RightToLeft && !is_number {
            written.insert(start, ISOLATE);
            written.push(END_OF_ISOLATE);
        }
    }
}

/// Whether two templates have the same names in braces, in whatever order.
fn has_same_names(template: &str, translation: &str) -> bool {
    let includes = |all: &str, some: &str| names(some).all(|name| names(all).any(|other| other == name));
    includes(template, translation) && includes(translation, template)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NodeId, t, time_us};

    const GERMAN: &str = "{node} waits for {time}\t{node} wartet {time}\n\
        {number} ms\t{number} ms\n\
        {whole}.{fraction}\t{whole},{fraction}\n\
        {why}; it stays\tEs bleibt: {why}\n";

    const PERSIAN: &str = "a fault\tخرابی\n\
        {node} waits for {time}\t{node} به مدت {time} صبر می‌کند\n\
        {number} ms\t{number} میلی‌ثانیه\n";

    fn catalogue(file: &str, direction: Direction) -> Catalogue {
        let mut catalogue = Catalogue::new(direction);
        catalogue.read(file);
        catalogue
    }

    fn wait() -> crate::Text {
        t!("{node} waits for {time}", node = NodeId(1), time = time_us(3_200)).with_labels(&["S1".into(), "S2".into()])
    }

    #[test]
    fn a_text_and_all_inside_it_are_translated() {
        let german = catalogue(GERMAN, Direction::LeftToRight);
        assert_eq!(wait().in_language(Some(&german)), "S2 wartet 3,2 ms");
        assert_eq!(wait().in_language(None), "S2 waits for 3.2 ms");
        let outer = t!("{why}; it stays", why = wait());
        assert_eq!(outer.in_language(Some(&german)), "Es bleibt: S2 wartet 3,2 ms");
        assert_eq!(t!("untold {n}", n = 1).in_language(Some(&german)), "untold 1");
    }

    #[test]
    fn a_catalogue_comes_in_parts() {
        let mut german = catalogue("yes\tja\n", Direction::LeftToRight);
        german.read("no\tnein\nyes\tja\n");
        german.read("");
        assert_eq!([t!("no"), t!("yes"), t!("so")].map(|text| text.in_language(Some(&german))), ["nein", "ja", "so"]);
    }

    #[test]
    fn a_translation_with_other_names_is_left_out() {
        let wrong = "{a} and {b}\t{a} und {c}\nall of {a}\tganz\nno\tnein {a}\nyes\tja\n";
        let german = catalogue(wrong, Direction::LeftToRight);
        assert_eq!(t!("{a} and {b}", a = 1, b = 2).in_language(Some(&german)), "1 and 2");
        assert_eq!(t!("all of {a}", a = 1).in_language(Some(&german)), "all of 1");
        assert_eq!([t!("no"), t!("yes")].map(|text| text.in_language(Some(&german))), ["no", "ja"]);
    }

    #[test]
    fn from_right_to_left_values_and_english_stand_apart() {
        let persian = catalogue(PERSIAN, Direction::RightToLeft);
        assert_eq!(
            wait().in_language(Some(&persian)),
            "\u{2068}S2\u{2069} به مدت \u{2068}\u{2068}3.2\u{2069} میلی‌ثانیه\u{2069} صبر می‌کند"
        );
        assert_eq!(t!("a fault").in_language(Some(&persian)), "خرابی");
        assert_eq!(t!("in term {n}", n = 5).in_language(Some(&persian)), "\u{2068}in term 5\u{2069}");
    }
}
