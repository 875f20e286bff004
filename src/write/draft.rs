//! Drafts of lessons, kept in the browser.

use crate::workbook::shelf::Shelf;

/// What a new draft begins with.
pub const TEMPLATE: &str = include_str!("../../lessons/template.md");

/// Where they lie.
const NAME: &str = "netsplit.drafts";

/// The most drafts, and how many bytes all of them may have: the rest of the storage is for runs.
const MOST: usize = 12;
const MOST_BYTES: usize = 1 << 20;

/// All drafts, the one that is open first.
#[derive(Clone, Debug, PartialEq)]
pub struct Drafts {
    texts: Vec<String>,
}

impl Drafts {
    /// Those that are kept in the browser; else a new one.
    pub fn recall() -> Drafts {
        Drafts::on(&crate::workbook::shelf::Browser)
    }

    /// Those that lie there.
    pub fn on(shelf: &impl Shelf) -> Drafts {
        let texts: Vec<String> = shelf.get(NAME).and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default();
        Drafts { texts: if texts.is_empty() { vec![TEMPLATE.to_string()] } else { texts } }
    }

    /// Keeps them; those that have been open last go first where there is no room.
    pub fn keep(&mut self, shelf: &mut impl Shelf) {
        while self.texts.len() > 1
            && (self.texts.len() > MOST || self.texts.iter().map(String::len).sum::<usize>() > MOST_BYTES)
        {
            self.texts.pop();
        }
        let written = serde_json::to_string(&self.texts).unwrap_or_default();
        if !shelf.put(NAME, &written) {
            shelf.hold(NAME, &written);
        }
    }

    /// The text of the draft that is open.
    pub fn text(&self) -> &str {
        &self.texts[0]
    }

    /// Writes in the draft that is open.
    pub fn write(&mut self, text: String) {
        self.texts[0] = text;
    }

    /// Opens one more.
    pub fn add(&mut self, text: String) {
        self.texts.insert(0, text);
    }

    /// Opens the one at this place.
    pub fn choose(&mut self, place: usize) {
        if place < self.texts.len() {
            let text = self.texts.remove(place);
            self.texts.insert(0, text);
        }
    }

    /// What each of them is called.
    pub fn names(&self) -> Vec<String> {
        self.texts.iter().map(|text| head(text, "lesson").unwrap_or_else(|| "?".into())).collect()
    }

    /// The lab of the one that is open: the template's where it names none that there is.
    pub fn lab(&self) -> String {
        let named = head(self.text(), "lab").filter(|lab| labs::registry::about(lab).is_ok());
        named.or_else(|| head(TEMPLATE, "lab")).unwrap_or_default()
    }

    /// The name of the file that it is saved as.
    pub fn file_name(&self) -> String {
        format!("{}.md", head(self.text(), "lesson").unwrap_or_else(|| "lesson".into()))
    }
}

/// What the head of a text says under a key.
fn head(text: &str, key: &str) -> Option<String> {
    let mut lines =
        text.lines().skip_while(|line| line.trim() != "---").skip(1).take_while(|line| line.trim() != "---");
    let value = lines.find_map(|line| line.split_once(':').filter(|(known, _)| known.trim() == key))?.1.trim();
    (!value.is_empty()).then(|| value.chars().take(60).collect())
}
