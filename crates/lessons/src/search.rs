//! Finding words of the vocabulary: in texts, and for who looks for one.

use crate::words::{Vocabulary, Word};

/// Where a text has a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The word, by its place in the vocabulary.
    pub word: usize,
    /// Its first byte in the text, and the one after its last.
    pub from: usize,
    pub to: usize,
}

impl Vocabulary {
    /// Where a text has words, in its order and without overlap; of several that begin at one letter the longest. Words are
    /// whole, and may begin in capitals; what belongs to code or to data, such as `x=3`, is none.
    pub fn marks(&self, text: &str) -> Vec<Mark> {
        let mut marks: Vec<Mark> = Vec::new();
        let mut before = ' ';
        let mut end = 0;
        for (from, letter) in text.char_indices() {
            if from >= end && is_part(letter) && !is_part(before) && !is_code(before) {
                let mark = self.longest_at(text, from);
                end = mark.map_or(end, |mark| mark.to);
                marks.extend(mark);
            }
            before = letter;
        }
        marks
    }

    fn longest_at(&self, text: &str, from: usize) -> Option<Mark> {
        let rest = &text[from..];
        let of_word = |(place, word): (usize, &Word)| {
            let lengths = word.forms().filter_map(|form| length_at(rest, form));
            let whole = lengths.filter(|length| is_end(&rest[*length..]));
            whole.max().map(|length| Mark { word: place, from, to: from + length })
        };
        self.words.iter().enumerate().filter_map(of_word).max_by_key(|mark| mark.to)
    }

    /// The words that somebody looks for, the likeliest first: those that are called so, then those that are called so in
    /// part. A sign is found whatever its numbers are.
    pub fn search(&self, wanted: &str) -> Vec<&Word> {
        let wanted = wanted.trim().to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let rank = |word: &Word| {
            let forms: Vec<String> = word.forms().chain([word.name.as_str()]).map(str::to_lowercase).collect();
            let is_sign = || word.signs.iter().any(|sign| shape(&sign.to_lowercase()) == shape(&wanted));
            match () {
                () if forms.contains(&wanted) || is_sign() => Some(0),
                () if forms.iter().any(|form| form.starts_with(&wanted)) => Some(1),
                () if forms.iter().any(|form| form.contains(&wanted)) => Some(2),
                () => None,
            }
        };
        let mut found: Vec<(u8, &Word)> = self.words.iter().filter_map(|word| Some((rank(word)?, word))).collect();
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, word)| word).collect()
    }
}

/// How much of a text is this form of a word at its beginning, in bytes. The first letter may be a capital, and `#` is any
/// number.
fn length_at(text: &str, form: &str) -> Option<usize> {
    let mut rest = text;
    for (place, wanted) in form.chars().enumerate() {
        if wanted == '#' {
            let after = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
            rest = (after.len() < rest.len()).then_some(after)?;
        } else {
            let letter = rest.chars().next()?;
            let is_wanted = letter == wanted || place == 0 && letter.to_ascii_lowercase() == wanted;
            rest = is_wanted.then(|| &rest[letter.len_utf8()..])?;
        }
    }
    Some(text.len() - rest.len())
}

/// Whether a word ends where this follows: a full stop does not belong to it, that of `node.id` does.
fn is_end(rest: &str) -> bool {
    let mut letters = rest.chars();
    match (letters.next(), letters.next()) {
        (None, _) => true,
        (Some('.' | ':'), Some(next)) if is_part(next) => false,
        (Some(letter), _) => !is_part(letter) && !is_code(letter),
    }
}

/// Letters, digits, and what joins the letters of a Persian word or stands above them.
fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '\u{200c}' | '\u{64b}'..='\u{65f}' | '\u{670}')
}

/// What stands in code and data only.
fn is_code(letter: char) -> bool {
    matches!(letter, '=' | '_' | '/' | '\\' | '@' | '#')
}

/// A sign with all its numbers alike.
fn shape(sign: &str) -> String {
    let mut shape = String::new();
    for letter in sign.chars() {
        let letter = if letter.is_ascii_digit() { '0' } else { letter };
        if !(letter == '0' && shape.ends_with('0')) {
            shape.push(letter);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let word = |(name, also): (&str, &str)| format!("## {name}\n\nalso: {also}\n\nA.\n\nB.\n\n");
        let words = [
            ("term", "terms"),
            ("quorum", "quorums"),
            ("sloppy quorum", "sloppy quorums"),
            ("log", "logs, match #, لاگ, لاگِ"),
        ];
        Vocabulary::read(&words.map(word).concat()).unwrap()
    }

    fn marked(text: &str) -> Vec<&str> {
        vocabulary().marks(text).iter().map(|mark| &text[mark.from..mark.to]).collect()
    }

    #[test]
    fn words_are_whole_and_the_longest_wins() {
        assert_eq!(marked("Terms end, and a term begins."), ["Terms", "term"]);
        assert_eq!(marked("a sloppy quorum, two quorums"), ["sloppy quorum", "quorums"]);
        assert_eq!(marked("determine the termination; catalogue"), Vec::<&str>::new());
        assert_eq!(marked("the log-based term"), ["log", "term"]);
        assert_eq!(marked("next 13, match 12"), ["match 12"]);
    }

    #[test]
    fn code_and_data_have_no_words() {
        assert_eq!(marked("term=3, x=term, min_term, log/term, term.id"), Vec::<&str>::new());
        assert_eq!(marked("term 3: “term”."), ["term", "term"]);
    }

    /// Unicode's isolates stand around values; a mark above a letter belongs to it.
    #[test]
    fn persian_words_are_found_whole() {
        assert_eq!(marked("\u{2068}S1\u{2069} لاگ را"), ["لاگ"]);
        assert_eq!(marked("لاگ\u{200c}ها"), Vec::<&str>::new());
        assert_eq!(marked("لاگِ رهبر"), ["لاگِ"]);
    }

    #[test]
    fn who_looks_for_a_word_finds_it() {
        let text =
            "## term\n\nsigns: T1\n\nA.\n\nB.\n\n## eventual consistency\n\nA.\n\nB.\n\n## long-term\n\nA.\n\nB.\n";
        let vocabulary = Vocabulary::read(text).unwrap();
        let found = |wanted| vocabulary.search(wanted).iter().map(|word| word.name.clone()).collect::<Vec<_>>();
        assert_eq!(found("Term"), ["term", "long-term"]);
        assert_eq!(found(" t12 "), ["term"]);
        assert_eq!(found("eventual"), ["eventual consistency"]);
        assert_eq!(found("xyz").len() + found(" ").len(), 0);
    }
}
