//! What the start page shows of labs beside their name cards. Only the labs know it: `examples/cards.rs` asks them when a
//! release is made, and writes it down in each language, so that the page needs none of them. In any other build all labs
//! are there, and are asked.

use std::fmt::Write;

use lessons::Prospectus;
use sim::Text;
use yew::prelude::*;

use crate::courses::plan::Progress;
use crate::courses::strip;
use crate::geometry::Size;
use crate::language;
use crate::parts::Missing;
use crate::route::Route;
use crate::stage::miniature;
use crate::stage::scene::picture;
use crate::words::{say, sentence};

/// The lab and the scenario that stand at the top of the page.
pub const FIRST: (&str, &str) = ("raft", "minority-leader");

/// The size of the picture at the top, as it is drawn.
pub const HERO: Size = Size { width: 820.0, height: 400.0 };

/// What is known so far, by its names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cards {
    entries: Vec<(String, AttrValue)>,
    prepared: Vec<Prepared>,
    pictures: Vec<(String, Html)>,
}

/// Something that a lab has prepared: a scenario, or settings as in a real system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    pub lab: String,
    /// The name of the scenario; none for settings.
    pub scenario: Option<String>,
    pub title: AttrValue,
}

impl Prepared {
    /// Where it is. Settings are found in their lab.
    pub fn route(&self) -> Route {
        Route::Lab { lab: self.lab.clone(), scenario: self.scenario.clone() }
    }
}

const HEADLINE: &str = "headline";
const DETAIL: &str = "detail";
/// The names of the picture at the top and of the courses. No lab is called so.
const OPENING: &str = "opening";
const COURSES: &str = "courses";

impl Cards {
    /// Reads lines of a name, a tab, and a text or a drawing. What a lab has prepared is called `lab/scenario`, or `lab/` where it
    /// is settings.
    pub fn read(&mut self, file: &str) {
        for (name, text) in file.lines().filter_map(|line| line.split_once('\t')) {
            let text = AttrValue::from(text.to_string());
            if text.starts_with('<') {
                self.pictures.push((name.to_string(), Html::from_html_unchecked(text)));
            } else if let Some((lab, scenario)) = name.split_once('/') {
                let scenario = (!scenario.is_empty()).then(|| scenario.to_string());
                self.prepared.push(Prepared { lab: lab.to_string(), scenario, title: text });
            } else {
                self.entries.push((name.to_string(), text));
            }
        }
    }

    /// What all labs have prepared, to be searched.
    pub fn prepared(&self) -> &[Prepared] {
        &self.prepared
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

    /// The courses, as they are for who has begun no lesson.
    pub fn courses(&self) -> Option<&Html> {
        self.picture(COURSES)
    }

    fn text(&self, name: &str) -> Option<&AttrValue> {
        find(&self.entries, name)
    }

    /// Asks the labs for what stands at the top, and for the picture of each with what it has prepared.
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
            let lab = about().id;
            let mut session = labs::registry::open(lab)?;
            let prepared = |scenario, title: &Text| Prepared { lab: lab.to_string(), scenario, title: say(title) };
            let scenarios = session.scenarios();
            self.prepared.extend(scenarios.iter().map(|card| prepared(Some(card.name.to_string()), &card.title)));
            self.prepared.extend(session.presets().iter().map(|preset| prepared(None, &preset.title)));
            self.pictures.push((lab.into(), miniature::draw(&session.frame())));
        }
        Ok(())
    }

    /// Draws the courses, for who has begun no lesson.
    pub fn draw_courses(&mut self, all: &Prospectus) {
        self.pictures.push((COURSES.into(), strip::draw(all, &Progress::default(), None)));
    }

    /// The lines that [`Cards::read`] reads. `render` makes text of a drawing.
    pub fn write(&self, render: impl Fn(Html) -> String) -> String {
        let mut file = String::new();
        for (name, text) in &self.entries {
            let _ = writeln!(file, "{name}\t{text}");
        }
        for Prepared { lab, scenario, title } in &self.prepared {
            let _ = writeln!(file, "{lab}/{}\t{title}", scenario.as_deref().unwrap_or_default());
        }
        for (name, drawing) in &self.pictures {
            let _ = writeln!(file, "{name}\t{}", render(drawing.clone()));
        }
        file
    }

    /// Gets all of it.
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

    #[cfg(all(feature = "lazy", target_family = "wasm"))]
    async fn fetch(&mut self, file: &str) -> Result<(), Missing> {
        match language::file(file).await {
            Ok(text) => self.read(&text),
            Err(_) => return Err(Missing::why().await),
        }
        Ok(())
    }
}

/// Where a release has the files: `cards/en.txt`.
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
        let file = asked.write(|_| "<svg></svg>".into());
        let mut read = Cards::default();
        read.read(&file);
        assert_eq!((&read.entries, &read.prepared), (&asked.entries, &asked.prepared));
        let names = |cards: &Cards| cards.pictures.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&read), names(&asked));
        assert!(read.opening().is_some() && read.headline().is_some());
        for about in labs::registry::ABOUT {
            let id = about().id;
            assert!(read.picture(id).is_some(), "{id}");
            assert!(read.prepared().iter().any(|prepared| prepared.lab == id && prepared.scenario.is_some()), "{id}");
        }
        let etcd = read.prepared().iter().find(|prepared| prepared.title == "etcd, as it comes").unwrap();
        assert_eq!((etcd.lab.as_str(), &etcd.scenario), ("raft", &None));
    }
}
