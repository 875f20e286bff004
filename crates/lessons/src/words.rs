//! The vocabulary: what a word means, in one sentence and an instance. It stands in `lessons/words.md`, and in other
//! languages in `lessons/words.de.md` and so on:
//!
//! ```text
//! ## quorum
//!
//! also: quorums
//! labs: raft, leaderless-quorum
//! see: majority, sloppy quorum
//! from: [Gifford, Weighted Voting for Replicated Data, 1979](https://doi.org/10.1145/800215.806583)
//!
//! A group of nodes so large that any two such groups share a node.
//!
//! For instance: three of five servers.
//! ```
//!
//! A translation repeats the English heading, and says its own `title`, `also`, sentence and instance; all else it has from
//! the English word.

use std::fmt::{self, Display};

use crate::mistake::Mistake;

/// A word and what it means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The English name, by which other words and addresses speak of it: `happened before`.
    pub name: String,
    /// What it is called in the language of the text.
    pub title: String,
    /// Other forms in which texts have it: `quorums`. A `#` stands for any number.
    pub also: Vec<String>,
    /// How the stage shows it, where that is no word: `T1`.
    pub signs: Vec<String>,
    /// The labs that are about it, by their names in addresses; none for what all of them have.
    pub labs: Vec<String>,
    /// The names of words to read with it.
    pub see: Vec<String>,
    /// Where it comes from.
    pub source: Source,
    /// What it means.
    pub sentence: String,
    /// Where it is met.
    pub instance: String,
}

/// Where a word comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Author, work and section.
    pub title: String,
    /// Where that can be read, if it is on the web.
    pub address: Option<String>,
}

/// All words, in the order of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vocabulary {
    pub words: Vec<Word>,
}

impl Word {
    /// The name as it stands in addresses: `happened-before`.
    pub fn slug(&self) -> String {
        self.name.to_ascii_lowercase().replace(' ', "-")
    }

    /// The title, and the other forms.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.title).chain(&self.also).map(String::as_str)
    }
}

/// A word as it is read, with the line of its heading.
struct Draft {
    word: Word,
    line: usize,
    paragraphs: Vec<String>,
    /// Whether the next line goes on with the last paragraph.
    is_open: bool,
}

impl Vocabulary {
    /// Reads the English text.
    ///
    /// # Errors
    ///
    /// Says in which line what is wrong.
    pub fn read(text: &str) -> Result<Vocabulary, Mistake> {
        let mut vocabulary = Vocabulary::default();
        for draft in drafts(text)? {
            vocabulary.add(draft)?;
        }
        let names: Vec<&str> = vocabulary.words.iter().map(|word| word.name.as_str()).collect();
        for (line, keys) in keyed_lines(text, "see") {
            let unknown = items(keys).find(|name| !names.contains(&name.as_str()));
            if let Some(unknown) = unknown {
                return Err(Mistake::new(
                    line,
                    column_of(text, line, &unknown),
                    format!("there is no word “{unknown}” to see"),
                ));
            }
        }
        Ok(vocabulary)
    }

    /// The same words with what a text in another language says of them. What it does not have stays English.
    ///
    /// # Errors
    ///
    /// Says in which line what is wrong: a word that is not in the English text, too.
    pub fn translated(&self, text: &str) -> Result<Vocabulary, Mistake> {
        let mut vocabulary = Vocabulary { words: Vec::new() };
        let mut said: Vec<Draft> = drafts(text)?;
        if let Some(draft) = said.iter().find(|draft| self.word(&draft.word.name).is_none()) {
            let sentence = format!("there is no English word “{}”", draft.word.name);
            return Err(Mistake::new(draft.line, 4, sentence));
        }
        for word in &self.words {
            let place = said.iter().position(|draft| draft.word.name == word.name);
            let draft = match place {
                Some(place) => {
                    let mut draft = said.swap_remove(place);
                    let Word { signs, labs, see, source, .. } = word.clone();
                    draft.word = Word { signs, labs, see, source, ..draft.word };
                    draft
                }
                None => {
                    let paragraphs = vec![word.sentence.clone(), word.instance.clone()];
                    Draft { word: word.clone(), line: 1, paragraphs, is_open: false }
                }
            };
            vocabulary.add(draft)?;
        }
        Ok(vocabulary)
    }

    /// The word of this English name.
    pub fn word(&self, name: &str) -> Option<&Word> {
        self.words.iter().find(|word| word.name == name)
    }

    /// The word that an address names.
    pub fn at(&self, slug: &str) -> Option<&Word> {
        self.words.iter().find(|word| word.slug() == slug)
    }

    fn add(&mut self, draft: Draft) -> Result<(), Mistake> {
        let Draft { mut word, line, paragraphs, .. } = draft;
        let name = &word.name;
        match <[String; 2]>::try_from(paragraphs) {
            Ok([sentence, instance]) => (word.sentence, word.instance) = (sentence, instance),
            Err(other) => {
                let sentence = format!("“{name}” needs a sentence and an instance, and has {} paragraphs", other.len());
                return Err(Mistake::new(line, 1, sentence));
            }
        }
        for form in word.forms() {
            if let Some(other) = self.words.iter().find(|other| other.forms().any(|known| known == form)) {
                let sentence = format!("“{form}” of “{name}” belongs to “{}” already", other.name);
                return Err(Mistake::new(line, 4, sentence));
            }
        }
        if word.forms().enumerate().any(|(place, form)| word.forms().skip(place + 1).any(|other| other == form)) {
            return Err(Mistake::new(line, 4, format!("“{name}” has one form twice")));
        }
        self.words.push(word);
        Ok(())
    }
}

/// The words of a text, without those that belong together compared.
fn drafts(text: &str) -> Result<Vec<Draft>, Mistake> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim_end();
        if let Some(name) = line.strip_prefix("## ") {
            let name = name.trim();
            if drafts.iter().any(|other| other.word.name == name) {
                return Err(Mistake::new(number, 4, format!("“{name}” is explained twice")));
            }
            let word = Word { name: name.to_string(), title: name.to_string(), ..Word::default() };
            drafts.push(Draft { word, line: number, paragraphs: Vec::new(), is_open: false });
            continue;
        }
        // What stands before the first word is for those who write.
        let Some(draft) = drafts.last_mut() else { continue };
        if line.is_empty() {
            draft.is_open = false;
        } else if let Some((key, value)) = key(line).filter(|_| draft.paragraphs.is_empty()) {
            take(&mut draft.word, key, value).map_err(|sentence| Mistake::new(number, 1, sentence))?;
        } else if let Some(last) = draft.paragraphs.last_mut().filter(|_| draft.is_open) {
            last.push(' ');
            last.push_str(line.trim_start());
        } else {
            draft.paragraphs.push(line.trim_start().to_string());
            draft.is_open = true;
        }
    }
    Ok(drafts)
}

/// The key of a line such as `also: quorums`, and its value.
fn key(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(": ")?;
    (!key.is_empty() && key.bytes().all(|letter| letter.is_ascii_lowercase())).then(|| (key, value.trim()))
}

fn take(word: &mut Word, key: &str, value: &str) -> Result<(), String> {
    let list = || items(value).collect();
    match key {
        "title" => word.title = value.to_string(),
        "also" => word.also = list(),
        "signs" => word.signs = list(),
        "labs" => word.labs = list(),
        "see" => word.see = list(),
        "from" => word.source = source(value),
        _ => return Err(format!("there is no key “{key}”; there are: title, also, signs, labs, see, from")),
    }
    Ok(())
}

fn items(list: &str) -> impl Iterator<Item = String> + '_ {
    list.split([',', '،']).map(|item| item.trim().to_string()).filter(|item| !item.is_empty())
}

/// A source: words, or a link as Markdown has it.
fn source(value: &str) -> Source {
    let link = value.strip_prefix('[').and_then(|rest| rest.strip_suffix(')')?.split_once("]("));
    match link {
        Some((title, address)) => Source { title: title.to_string(), address: Some(address.to_string()) },
        None => Source { title: value.to_string(), address: None },
    }
}

/// The lines with this key, by their numbers, and what stands behind it.
fn keyed_lines<'a>(text: &'a str, wanted: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let lines = (1..).zip(text.lines());
    lines.filter_map(move |(number, line)| Some((number, key(line).filter(|(key, _)| *key == wanted)?.1)))
}

/// Where in a line a part of it begins.
fn column_of(text: &str, line: usize, part: &str) -> usize {
    let line = text.lines().nth(line - 1).unwrap_or_default();
    line.find(part).map_or(1, |at| line[..at].chars().count() + 1)
}

impl Display for Vocabulary {
    /// The text that [`Vocabulary::read`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.iter().try_for_each(|word| write!(formatter, "{word}"))
    }
}

impl Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Word { name, title, also, signs, labs, see, source, sentence, instance } = self;
        writeln!(formatter, "## {name}\n")?;
        let source = match source {
            Source { title, address: Some(address) } => format!("[{title}]({address})"),
            Source { title, address: None } => title.clone(),
        };
        let list = |items: &[String]| items.join(", ");
        let title = if title == name { "" } else { title };
        let lines = [
            ("title", title.to_string()),
            ("also", list(also)),
            ("signs", list(signs)),
            ("labs", list(labs)),
            ("see", list(see)),
            ("from", source),
        ];
        for (key, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
            writeln!(formatter, "{key}: {value}")?;
        }
        writeln!(formatter, "\n{sentence}\n\n{instance}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "# Words\n\nFor those who write.\n\n## quorum\n\nalso: quorums\nlabs: raft\nsee: term\n\
        from: [Gifford, 1979](https://doi.org/10.1145/800215.806583)\n\nSo many nodes that any two\nsuch groups share one.\n\n\
        For instance: three of five.\n\n## term\n\nalso: terms\nsigns: T1\nfrom: Ongaro, section 5.1\n\nA number.\n\n\
        For instance: term 2.\n";

    fn english() -> Vocabulary {
        Vocabulary::read(ENGLISH).unwrap()
    }

    fn mistake(text: &str) -> String {
        Vocabulary::read(text).unwrap_err().to_string()
    }

    #[test]
    fn a_word_has_all_that_stands_below_it() {
        let vocabulary = english();
        let quorum = vocabulary.word("quorum").unwrap();
        assert_eq!(quorum.sentence, "So many nodes that any two such groups share one.");
        assert_eq!(quorum.instance, "For instance: three of five.");
        assert_eq!(quorum.forms().collect::<Vec<_>>(), ["quorum", "quorums"]);
        assert_eq!((&quorum.labs[..], &quorum.see[..]), (&["raft".to_string()][..], &["term".to_string()][..]));
        assert_eq!(quorum.source.address.as_deref(), Some("https://doi.org/10.1145/800215.806583"));
        assert_eq!(vocabulary.word("term").unwrap().source.title, "Ongaro, section 5.1");
    }

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(Vocabulary::read(&english().to_string()), Ok(english()));
        let german = english().translated(GERMAN).unwrap();
        assert_eq!(Vocabulary::read(&german.to_string()), Ok(german));
    }

    const GERMAN: &str = "## term\n\ntitle: Amtszeit\nalso: Amtszeiten\n\nEine Zahl.\n\nZum Beispiel: Amtszeit 2.\n";

    #[test]
    fn a_translation_has_the_rest_from_the_english_word() {
        let german = english().translated(GERMAN).unwrap();
        let term = german.word("term").unwrap();
        assert_eq!((term.title.as_str(), term.sentence.as_str()), ("Amtszeit", "Eine Zahl."));
        assert_eq!((&term.signs[..], term.source.title.as_str()), (&["T1".to_string()][..], "Ongaro, section 5.1"));
        assert_eq!(german.word("quorum"), english().word("quorum"));
        let wrong = english().translated("## Amtszeit\n\nEine Zahl.\n\nZum Beispiel: 2.\n");
        assert_eq!(wrong.unwrap_err().to_string(), "1:4: there is no English word “Amtszeit”");
    }

    #[test]
    fn mistakes_say_where_they_are() {
        assert_eq!(mistake("## a\n\nA.\n\nB.\n\n## a\n"), "7:4: “a” is explained twice");
        assert_eq!(mistake("## a\n\nOnly this.\n"), "1:1: “a” needs a sentence and an instance, and has 1 paragraphs");
        assert_eq!(
            mistake("## a\n\nsea: b\n\nA.\n\nB.\n"),
            "3:1: there is no key “sea”; there are: title, also, signs, labs, see, from"
        );
        assert_eq!(mistake("## a\n\nsee: a, b\n\nA.\n\nB.\n"), "3:9: there is no word “b” to see");
        assert_eq!(
            mistake("## a\n\nA.\n\nB.\n\n## b\n\nalso: a\n\nA.\n\nB.\n"),
            "7:4: “a” of “b” belongs to “a” already"
        );
        assert_eq!(mistake("## a\n\nalso: a\n\nA.\n\nB.\n"), "1:4: “a” has one form twice");
    }

    #[test]
    fn an_address_names_a_word() {
        let vocabulary = Vocabulary::read("## Happened before\n\nA.\n\nB.\n").unwrap();
        assert_eq!(vocabulary.at("happened-before").map(|word| word.name.as_str()), Some("Happened before"));
    }
}
