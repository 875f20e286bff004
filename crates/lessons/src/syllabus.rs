//! A course: lessons in an order that builds up, in parts. One stands in each file of `lessons/courses/`:
//!
//! ```text
//! ---
//! course: internet
//! title: How internet systems work
//! for: beginners
//! ---
//! What it is about, and what you will be able to do.
//!
//! ## The network (000: 4, 5, 20; 002)
//!
//! What this part is about.
//!
//! - lesson:heartbeats-dead-or-slow: Why it stands here.
//! - coming:tcp (TCP): What it will show.
//! ```
//!
//! In brackets behind a heading stand the chapters of the texts that the part covers; a text without numbers is covered as a whole.
//! What is coming names a lab that nobody has written a lesson for yet, with its title in brackets where its name does not say it.

use std::fmt::{self, Display};

use crate::front::{Front, is_name};
use crate::mistake::Mistake;
use crate::piece::Piece;

const KEYS: [&str; 3] = ["course", "title", "for"];

/// The longest file of courses, in bytes.
const LONGEST: usize = 256 * 1024;

/// The last chapter that a text may have.
const LAST_CHAPTER: u32 = 999;

/// A course as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Syllabus {
    /// The line that it begins in.
    pub line: usize,
    /// The name in addresses: `internet`.
    pub id: String,
    pub title: Piece,
    /// For whom it is: `beginners`.
    pub audience: Piece,
    pub introduction: Vec<Piece>,
    pub parts: Vec<Part>,
}

/// A part of a course.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub title: Piece,
    /// The chapters that it covers.
    pub covers: Vec<Covered>,
    pub text: Vec<Piece>,
    pub entries: Vec<Entry>,
}

/// Chapters of one of the texts that courses cover.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// The name of the text: `000`.
    pub text: String,
    /// The numbers of its chapters; none where the whole text is meant.
    pub chapters: Vec<u32>,
}

/// A line of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub line: usize,
    pub subject: Subject,
    /// Why it stands here, or what it will show.
    pub why: Piece,
}

/// What an entry is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A lesson, by its name.
    Lesson(String),
    /// A lab that has no lesson yet, by its name.
    Coming { lab: String, title: Piece },
}

/// Reads all courses of a text, one after the other.
///
/// # Errors
///
/// All mistakes in it, in its order.
pub fn read_syllabi(text: &str) -> Result<Vec<Syllabus>, Vec<Mistake>> {
    if text.len() > LONGEST {
        return Err(vec![Mistake::new(1, 1, format!("this file is larger than {} KiB: split it", LONGEST / 1024))]);
    }
    let lines: Vec<&str> = text.lines().collect();
    let (mut all, mut mistakes, mut at) = (Vec::<Syllabus>::new(), Vec::new(), 0);
    while let Some(from) = (at..lines.len()).find(|line| !lines[*line].trim().is_empty()) {
        if lines[from].trim_end() != "---" {
            mistakes.push(Mistake::new(from + 1, 1, "a course begins with a line --- and “course: its-name”"));
            break;
        }
        let (front, body) = match Front::read(&lines, from, &KEYS) {
            Ok(read) => read,
            Err(mistake) => {
                mistakes.push(mistake);
                break;
            }
        };
        let is_rule = |line: &usize| lines[*line].trim_end() == "---";
        at = (body..lines.len()).find(is_rule).unwrap_or(lines.len());
        let mut syllabus = Draft { syllabus: head(&front, &mut mistakes), is_open: false, mistakes: &mut mistakes };
        (body..at).for_each(|line| syllabus.line(line + 1, lines[line].trim_end()));
        let syllabus = syllabus.finish();
        if all.iter().any(|other| other.id == syllabus.id) {
            mistakes.push(Mistake::new(syllabus.line, 1, format!("there are two courses {}", syllabus.id)));
        }
        all.push(syllabus);
    }
    if all.is_empty() && mistakes.is_empty() {
        mistakes.push(Mistake::new(1, 1, "there is no course: one begins with a line --- and “course: its-name”"));
    }
    if mistakes.is_empty() { Ok(all) } else { Err(mistakes) }
}

fn head(front: &Front, mistakes: &mut Vec<Mistake>) -> Syllabus {
    let mut wanted = |key| {
        let text = front.wanted(key).unwrap_or_else(|mistake| {
            mistakes.push(mistake);
            String::new()
        });
        Piece { line: front.line_of(key), text }
    };
    let [id, title, audience] = KEYS.map(&mut wanted);
    if !id.text.is_empty() && !is_name(&id.text) {
        mistakes.push(Mistake::new(id.line, 1, "a course is called by small letters, digits and hyphens"));
    }
    Syllabus { line: front.line, id: id.text, title, audience, ..Syllabus::default() }
}

/// A course as it is read, line by line.
struct Draft<'a> {
    syllabus: Syllabus,
    /// Whether the next line goes on with the last paragraph.
    is_open: bool,
    mistakes: &'a mut Vec<Mistake>,
}

impl Draft<'_> {
    fn line(&mut self, number: usize, line: &str) {
        let was_open = std::mem::replace(&mut self.is_open, false);
        if let Some(heading) = line.strip_prefix("## ") {
            self.heading(number, heading);
        } else if line.starts_with('#') {
            self.say(number, 1, "a part begins with ## and its title; a course has no other headings");
        } else if let Some(item) = line.strip_prefix("- ") {
            self.entry(number, item);
        } else if !line.trim().is_empty() {
            self.prose(number, line.trim(), was_open);
        }
    }

    fn say(&mut self, line: usize, column: usize, sentence: impl Into<String>) {
        self.mistakes.push(Mistake::new(line, column, sentence));
    }

    fn heading(&mut self, line: usize, heading: &str) {
        let (title, covered) = heading.split_once(" (").unwrap_or((heading, ""));
        // "## The network (": what is in the brackets is counted from there.
        let mut column = "## ".len() + title.chars().count() + " (".len() + 1;
        let mut covers = Vec::new();
        let inner = covered.strip_suffix(')');
        if inner.is_none() && !covered.is_empty() {
            self.say(line, column - 1, "this bracket does not end: write ## Title (000: 1-3; 002)");
        }
        for piece in inner.iter().flat_map(|inner| inner.split(';')) {
            match read_covered(piece) {
                Ok(covered) => covers.push(covered),
                Err(sentence) => self.say(line, column, sentence),
            }
            column += piece.chars().count() + 1;
        }
        let title = title.trim().to_string();
        if title.is_empty() {
            self.say(line, 4, "a part wants a title: ## The network");
        } else if self.syllabus.parts.iter().any(|part| part.title.text == title) {
            self.say(line, 4, format!("there are two parts {title}"));
        }
        let title = Piece { line, text: title };
        self.syllabus.parts.push(Part { title, covers, ..Part::default() });
    }

    fn entry(&mut self, line: usize, item: &str) {
        let entry = read_entry(line, item);
        match (entry, self.syllabus.parts.last_mut()) {
            (Ok(entry), Some(part)) => part.entries.push(entry),
            (Ok(_), None) => self.say(line, 1, "a lesson stands in a part: write ## and its title first"),
            (Err((column, sentence)), _) => self.say(line, column, sentence),
        }
    }

    fn prose(&mut self, line: usize, text: &str, goes_on: bool) {
        self.is_open = true;
        let passages = match self.syllabus.parts.last_mut() {
            Some(part) if !part.entries.is_empty() => {
                return self.say(line, 1, "text of a part stands before its lessons; a lesson is one line");
            }
            Some(part) => &mut part.text,
            None => &mut self.syllabus.introduction,
        };
        match passages.last_mut().filter(|_| goes_on) {
            Some(passage) => passage.text = format!("{} {text}", passage.text),
            None => passages.push(Piece { line, text: text.to_string() }),
        }
    }

    /// What can be said only when all of it has been read.
    fn finish(mut self) -> Syllabus {
        if self.syllabus.parts.is_empty() {
            self.say(self.syllabus.line, 1, "a course has parts: write ## and a title");
        }
        let lessons: Vec<(usize, String)> = self.syllabus.entries().map(|entry| (entry.line, entry.name())).collect();
        for (place, (line, name)) in lessons.iter().enumerate() {
            if lessons[..place].iter().any(|(_, other)| other == name) {
                self.say(*line, 3, format!("{name} stands twice in this course"));
            }
        }
        for place in 0..self.syllabus.parts.len() {
            let part = &self.syllabus.parts[place];
            if part.entries.is_empty() {
                let (line, sentence) = (part.title.line, format!("nothing stands in the part {}", part.title.text));
                self.say(line, 4, sentence);
            }
        }
        self.syllabus
    }
}

/// `000: 4, 5, 20-22`, or `002` for the whole text.
fn read_covered(piece: &str) -> Result<Covered, &'static str> {
    let (text, chapters) = piece.split_once(':').map_or((piece, None), |(text, chapters)| (text, Some(chapters)));
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|digit| digit.is_ascii_digit()) {
        return Err("a text is called by its number: (000: 1-3; 002)");
    }
    let mut all = Vec::new();
    for range in chapters.iter().flat_map(|chapters| chapters.split(',')) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        match (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
            (Ok(first), Ok(last)) if 1 <= first && first <= last && last <= LAST_CHAPTER => all.extend(first..=last),
            _ => return Err("chapters are numbers and ranges, counted from 1: (000: 4, 6-9)"),
        }
    }
    Ok(Covered { text: text.to_string(), chapters: all })
}

/// `lesson:its-name: Why it stands here.` or `coming:its-lab (Its title): What it will show.` A mistake has its column.
fn read_entry(line: usize, item: &str) -> Result<Entry, (usize, &'static str)> {
    const FORM: &str = "write - lesson:its-name: why here, or - coming:its-lab: what it will show";
    let from = "- ".len() + 1;
    let (subject, why) = item.split_once(": ").ok_or((from, FORM))?;
    let why = Piece { line, text: why.trim().to_string() };
    let (kind, name) = subject.split_once(':').ok_or((from, FORM))?;
    let column = from + kind.chars().count() + 1;
    let subject = match kind {
        "lesson" if is_name(name) => Subject::Lesson(name.to_string()),
        "coming" => {
            let (lab, title) = match name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
                Some((lab, title)) => (lab, title.to_string()),
                None => (name, capitalised(name)),
            };
            if !is_name(lab) || title.is_empty() {
                return Err((column, "a lab is called by small letters, digits and hyphens: coming:tcp (TCP)"));
            }
            Subject::Coming { lab: lab.to_string(), title: Piece { line, text: title } }
        }
        "lesson" => return Err((column, "a lesson is called by small letters, digits and hyphens: lesson:its-name")),
        _ => return Err((from, FORM)),
    };
    Ok(Entry { line, subject, why })
}

/// `circuit-breaker` as `Circuit breaker`.
fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).map(|letter| if letter == '-' { ' ' } else { letter }).collect()
}

impl Syllabus {
    /// All entries, in the order of the course.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.parts.iter().flat_map(|part| &part.entries)
    }

    /// The names of its lessons, in their order.
    pub fn lessons(&self) -> impl Iterator<Item = &str> {
        self.entries().filter_map(Entry::lesson)
    }

    /// The lesson that follows a lesson.
    pub fn after(&self, lesson: &str) -> Option<&str> {
        self.lessons().skip_while(|other| *other != lesson).nth(1)
    }

    /// Everything that is read, to be translated, each with its line.
    pub fn passages(&mut self, mut each: impl FnMut(&mut Piece)) {
        each(&mut self.title);
        each(&mut self.audience);
        self.introduction.iter_mut().for_each(&mut each);
        for part in &mut self.parts {
            each(&mut part.title);
            part.text.iter_mut().for_each(&mut each);
            for entry in &mut part.entries {
                if let Subject::Coming { title, .. } = &mut entry.subject {
                    each(title);
                }
                each(&mut entry.why);
            }
        }
    }
}

impl Entry {
    /// The lesson, where it is written.
    pub fn lesson(&self) -> Option<&str> {
        match &self.subject {
            Subject::Lesson(id) => Some(id),
            Subject::Coming { .. } => None,
        }
    }

    /// The name with its kind: `lesson:raft-two-leaders`.
    fn name(&self) -> String {
        match &self.subject {
            Subject::Lesson(id) => format!("lesson:{id}"),
            Subject::Coming { lab, .. } => format!("coming:{lab}"),
        }
    }
}

impl Display for Syllabus {
    /// The text that [`read_syllabi`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Syllabus { id, title, audience, introduction, parts, .. } = self;
        writeln!(formatter, "---\ncourse: {id}\ntitle: {}\nfor: {}\n---", title.text, audience.text)?;
        introduction.iter().try_for_each(|passage| writeln!(formatter, "{}\n", passage.text))?;
        parts.iter().try_for_each(|part| write!(formatter, "{part}"))
    }
}

impl Display for Part {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let covers: Vec<String> = self.covers.iter().map(Covered::to_string).collect();
        write!(formatter, "## {}", self.title.text)?;
        match covers.is_empty() {
            true => writeln!(formatter, "\n")?,
            false => writeln!(formatter, " ({})\n", covers.join("; "))?,
        }
        self.text.iter().try_for_each(|passage| writeln!(formatter, "{}\n", passage.text))?;
        for entry in &self.entries {
            let title = match &entry.subject {
                Subject::Coming { title, .. } => format!(" ({})", title.text),
                Subject::Lesson(_) => String::new(),
            };
            writeln!(formatter, "- {}{title}: {}", entry.name(), entry.why.text)?;
        }
        writeln!(formatter)
    }
}

impl Display for Covered {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)?;
        let chapters: Vec<String> = self.chapters.iter().map(u32::to_string).collect();
        if chapters.is_empty() { Ok(()) } else { write!(formatter, ": {}", chapters.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COURSE: &str = "---\ncourse: internet\ntitle: How it works\nfor: beginners\n---\nFor you,\nand for me.\n\nMore.\n\n\
        ## The network (000: 4, 6-8; 002)\n\nMessages are late.\n\n- lesson:ping-pong: First.\n- coming:tcp (TCP): A stream: in order.\n\n\
        ## The end\n\n- coming:circuit-breaker: It opens.\n- lesson:shop: Last.\n";

    fn mistakes(text: &str) -> Vec<String> {
        read_syllabi(text).unwrap_err().iter().map(Mistake::to_string).collect()
    }

    /// A course with this in its only part.
    fn with(lines: &str) -> String {
        format!("---\ncourse: a\ntitle: A\nfor: b\n---\n{lines}")
    }

    #[test]
    fn a_course_is_read() {
        let course = read_syllabi(COURSE).unwrap().remove(0);
        assert_eq!(
            (course.id.as_str(), course.title.text.as_str(), course.audience.text.as_str()),
            ("internet", "How it works", "beginners")
        );
        let texts = |passages: &[Piece]| passages.iter().map(|passage| passage.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&course.introduction), ["For you, and for me.", "More."]);
        let [network, end] = course.parts.as_slice() else { panic!("{course:?}") };
        assert_eq!((network.title.text.as_str(), network.title.line), ("The network", 11));
        let covered = |text: &str, chapters: &[u32]| Covered { text: text.into(), chapters: chapters.to_vec() };
        assert_eq!(network.covers, [covered("000", &[4, 6, 7, 8]), covered("002", &[])]);
        assert_eq!(texts(&network.text), ["Messages are late."]);
        assert_eq!(network.entries[0].lesson(), Some("ping-pong"));
        let coming = |entry: &Entry| match &entry.subject {
            Subject::Coming { lab, title } => (lab.clone(), title.text.clone()),
            Subject::Lesson(id) => panic!("{id} is written"),
        };
        assert_eq!(coming(&network.entries[1]), ("tcp".into(), "TCP".into()));
        assert_eq!(network.entries[1].why.text, "A stream: in order.");
        assert_eq!(coming(&end.entries[0]), ("circuit-breaker".into(), "Circuit breaker".into()));
    }

    #[test]
    fn a_lesson_is_followed_by_the_next_that_is_written() {
        let course = read_syllabi(COURSE).unwrap().remove(0);
        assert_eq!(course.lessons().collect::<Vec<_>>(), ["ping-pong", "shop"]);
        assert_eq!(
            [course.after("ping-pong"), course.after("shop"), course.after("other")],
            [Some("shop"), None, None]
        );
    }

    #[test]
    fn what_is_written_is_read_again() {
        let without_lines = |text: &str| {
            let mut all = read_syllabi(text).unwrap();
            for course in &mut all {
                course.line = 0;
                course.passages(|passage| passage.line = 0);
                course.parts.iter_mut().flat_map(|part| &mut part.entries).for_each(|entry| entry.line = 0);
            }
            all
        };
        let two = format!("{COURSE}{}", COURSE.replace("course: internet", "course: other"));
        let all = without_lines(&two);
        assert_eq!(all.len(), 2);
        assert_eq!(without_lines(&all.iter().map(Syllabus::to_string).collect::<String>()), all);
    }

    #[test]
    fn all_that_is_read_can_be_translated() {
        let mut course = read_syllabi(COURSE).unwrap().remove(0);
        course.passages(|passage| passage.text = "x".into());
        let left: Vec<String> = course.to_string().lines().map(String::from).collect();
        assert_eq!(
            left.join("|"),
            "---|course: internet|title: x|for: x|---|x||x||## x (000: 4, 6, 7, 8; 002)||x||- lesson:ping-pong: x|\
            - coming:tcp (x): x||## x||- coming:circuit-breaker (x): x|- lesson:shop: x|"
        );
    }

    #[test]
    fn mistakes_say_where_they_are_and_what_to_write() {
        let said = |lines: &str| mistakes(&with(lines)).join(" | ");
        assert_eq!(
            said("## A (000: 4\n- lesson:b: C.\n"),
            "6:6: this bracket does not end: write ## Title (000: 1-3; 002)"
        );
        assert_eq!(
            said("## A (000: 1; 9: x)\n- lesson:b: C.\n"),
            "6:14: chapters are numbers and ranges, counted from 1: (000: 4, 6-9)"
        );
        assert_eq!(
            said("## A (9: 3-2)\n- lesson:b: C.\n"),
            "6:7: chapters are numbers and ranges, counted from 1: (000: 4, 6-9)"
        );
        assert_eq!(
            said("## A (9: 1-4000000000)\n- lesson:b: C.\n"),
            "6:7: chapters are numbers and ranges, counted from 1: (000: 4, 6-9)"
        );
        assert_eq!(said("## A (seed)\n- lesson:b: C.\n"), "6:7: a text is called by its number: (000: 1-3; 002)");
        assert_eq!(
            said("## A\n- b: C.\n"),
            "7:3: write - lesson:its-name: why here, or - coming:its-lab: what it will show | 6:4: nothing stands in the part A"
        );
        assert_eq!(
            said("## A\n- lesson:b: C.\n- lesson:B c: D.\n"),
            "8:10: a lesson is called by small letters, digits and hyphens: lesson:its-name"
        );
        assert_eq!(
            said("## A\n- lesson:b: C.\n- coming:T: D.\n"),
            "8:10: a lab is called by small letters, digits and hyphens: coming:tcp (TCP)"
        );
        assert_eq!(
            said("## A\n- lesson:b: C.\n- lesson:c: \n"),
            "8:3: write - lesson:its-name: why here, or - coming:its-lab: what it will show"
        );
        assert_eq!(
            said("- lesson:b: C.\n## A\n- lesson:c: C.\n"),
            "6:1: a lesson stands in a part: write ## and its title first"
        );
        assert_eq!(
            said("## A\n- lesson:b: C.\nD.\n"),
            "8:1: text of a part stands before its lessons; a lesson is one line"
        );
        assert_eq!(
            said("## A\n- lesson:b: C.\n## A\n- lesson:b: C.\n"),
            "8:4: there are two parts A | 9:3: lesson:b stands twice in this course"
        );
        assert_eq!(
            said("# A\n"),
            "6:1: a part begins with ## and its title; a course has no other headings | 1:1: a course has parts: write ## and a title"
        );
        assert_eq!(
            mistakes("---\ncourse: A b\nfor: c\n---\n## A\n- lesson:b: C.\n"),
            ["1:1: the head wants a line “title: …”", "2:1: a course is called by small letters, digits and hyphens"]
        );
        assert_eq!(mistakes("---\nname: a\n---\n"), ["2:1: there is no key name; there are: course, title, for"]);
        assert_eq!(mistakes("What?"), ["1:1: a course begins with a line --- and “course: its-name”"]);
        assert_eq!(mistakes("\n"), ["1:1: there is no course: one begins with a line --- and “course: its-name”"]);
        assert_eq!(mistakes(&COURSE.repeat(2)), ["22:1: there are two courses internet"]);
        assert_eq!(mistakes(&"x".repeat(LONGEST + 1)), ["1:1: this file is larger than 256 KiB: split it"]);
    }
}
