//! What the start page shows of labs beside their name cards. Only the labs know it: `examples/cards.rs` asks them when a
//! release is made, and writes it down in each language, so that the page needs none of them. In any other build all labs
//! are there, and are asked.

use std::fmt::Write;

use sim::Text;
use yew::prelude::*;

use crate::geometry::Size;
use crate::language;
use crate::parts::Missing;
use crate::stage::scene::picture;
use crate::words::{say, sentence};

/// The lab and the scenario that stand at the top of the page.
pub const FIRST: (&str, &str) = ("raft", "minority-leader");

/// The sizes of pictures, as they are drawn.
pub const CARD: Size = Size { width: 620.0, height: 400.0 };
pub const HERO: Size = Size { width: 820.0, height: 400.0 };

/// What is known so far: texts by their names. The pictures of labs come after what stands at the top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cards {
    entries: Vec<(String, AttrValue)>,
    pictures: Vec<(String, Html)>,
}

const HEADLINE: &str = "headline";
const DETAIL: &str = "detail";
/// The name of the picture at the top. No lab is called so.
const OPENING: &str = "opening";

impl Cards {
    /// Reads lines of a name, a tab, and a text or a drawing.
    pub fn read(&mut self, file: &str) {
        for (name, text) in file.lines().filter_map(|line| line.split_once('\t')) {
            let text = AttrValue::from(text.to_string());
            if text.starts_with("<svg") {
                self.pictures.push((name.to_string(), Html::from_html_unchecked(text)));
            } else {
                self.entries.push((name.to_string(), text));
            }
        }
    }

    /// The titles of what a lab has prepared, to be searched.
    pub fn words(&self, lab: &str) -> &str {
        self.text(lab).map_or("", |words| words)
    }

    /// What the picture at the top shows.
    pub fn headline(&self) -> Option<&AttrValue> {
        self.text(HEADLINE)
    }

    /// What there is to say of it besides.
    pub fn detail(&self) -> Option<&AttrValue> {
        self.text(DETAIL)
    }

    /// The picture at the top.
    pub fn opening(&self) -> Option<&Html> {
        self.picture(OPENING)
    }

    /// The picture of a lab.
    pub fn picture(&self, lab: &str) -> Option<&Html> {
        find(&self.pictures, lab)
    }

    fn text(&self, name: &str) -> Option<&AttrValue> {
        find(&self.entries, name)
    }

    /// Asks the labs for what stands at the top, and for the words of all.
    ///
    /// # Errors
    ///
    /// Says which lab is not there.
    pub fn ask(&mut self) -> Result<(), Text> {
        let mut session = labs::registry::open(FIRST.0)?;
        session.open(FIRST.1)?;
        let frame = session.frame();
        let caption = [(HEADLINE, Some(&frame.caption.headline)), (DETAIL, frame.caption.detail.as_ref())];
        for (name, text) in caption {
            self.entries.extend(text.map(|text| (name.to_string(), sentence(text))));
        }
        self.pictures.push((OPENING.into(), picture(&frame, HERO, &[], None)));
        for about in labs::registry::ABOUT {
            let session = labs::registry::open(about().id)?;
            let titles = session.scenarios().into_iter().map(|card| card.title);
            let titles = titles.chain(session.presets().iter().map(|preset| preset.title.clone()));
            let words: Vec<AttrValue> = titles.map(say).collect();
            self.entries.push((about().id.into(), words.join(" ").into()));
        }
        Ok(())
    }

    /// Asks the labs for their pictures.
    ///
    /// # Errors
    ///
    /// Says which lab is not there.
    pub fn ask_pictures(&mut self) -> Result<(), Text> {
        for about in labs::registry::ABOUT {
            let frame = labs::registry::open(about().id)?.frame();
            self.pictures.push((about().id.into(), picture(&frame, CARD, &[], None)));
        }
        Ok(())
    }

    /// The lines that [`Cards::read`] reads. `render` makes text of a drawing.
    pub fn write(&self, render: impl Fn(Html) -> String) -> String {
        let mut file = String::new();
        for (name, text) in &self.entries {
            let _ = writeln!(file, "{name}\t{text}");
        }
        for (name, drawing) in &self.pictures {
            let _ = writeln!(file, "{name}\t{}", render(drawing.clone()));
        }
        file
    }

    /// Gets what stands at the top, and the words of all labs.
    ///
    /// # Errors
    ///
    /// Says why it did not come.
    pub async fn load(&mut self) -> Result<(), Missing> {
        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        self.fetch(&format!("{FOLDER}/{}.txt", language::present().code)).await?;
        #[cfg(not(all(feature = "lazy", target_family = "wasm")))]
        {
            for about in labs::registry::ABOUT {
                language::learn(about().id).await;
            }
            self.ask().map_err(|_| Missing::Unreachable)?;
        }
        Ok(())
    }

    /// Gets the pictures of the labs.
    ///
    /// # Errors
    ///
    /// Says why they did not come.
    pub async fn load_pictures(&mut self) -> Result<(), Missing> {
        #[cfg(all(feature = "lazy", target_family = "wasm"))]
        self.fetch(&format!("{FOLDER}/{}/pictures.txt", language::present().code)).await?;
        #[cfg(not(all(feature = "lazy", target_family = "wasm")))]
        self.ask_pictures().map_err(|_| Missing::Unreachable)?;
        Ok(())
    }

    #[cfg(all(feature = "lazy", target_family = "wasm"))]
    async fn fetch(&mut self, file: &str) -> Result<(), Missing> {
        match language::file(file).await {
            Ok(text) => self.read(&text),
            Err(_) => return Err(Missing::why().await),
        }
        Ok(())
    }
}

/// Where a release has the files: `cards/en.txt`, and `cards/en/pictures.txt`.
pub const FOLDER: &str = "cards";

fn find<'a, T>(all: &'a [(String, T)], name: &str) -> Option<&'a T> {
    all.iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut asked = Cards::default();
        asked.ask().unwrap();
        asked.ask_pictures().unwrap();
        let file = asked.write(|_| "<svg></svg>".into());
        let mut read = Cards::default();
        read.read(&file);
        assert_eq!(read.entries, asked.entries);
        assert!(read.words("raft").contains("etcd"), "{}", read.words("raft"));
        let names = |cards: &Cards| cards.pictures.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&read), names(&asked));
        assert!(read.opening().is_some() && read.headline().is_some());
        assert!(labs::registry::ABOUT.iter().all(|about| read.picture(about().id).is_some()));
    }
}
