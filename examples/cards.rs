//! Writes what the start page shows of labs, in each language: `cargo xtask dist` runs it with the folder of a site that has its
//! catalogues.

use std::error::Error;
use std::fs;
use std::path::Path;

use lessons::Prospectus;
use netsplit::cards::{Cards, FOLDER};
use netsplit::courses::shelf as courses;
use netsplit::language::{self, ENGLISH, LANGUAGES, Language, PSEUDO};
use yew::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [site] = arguments.as_slice() else { return Err("usage: cards FOLDER".into()) };
    let site = Path::new(site);
    for language in LANGUAGES.iter().chain([&PSEUDO]) {
        language::adopt(language, &catalogues(site, language)?);
        let mut cards = Cards::default();
        cards.ask().map_err(|sentence| sentence.to_string())?;
        let courses = fs::read_to_string(site.join(courses::FOLDER).join(format!("{}.txt", language.code)))?;
        cards.draw_courses(&Prospectus::read(&courses).ok_or("the site has no courses")?);
        let folder = site.join(FOLDER);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("{}.txt", language.code)), cards.write(render))?;
    }
    Ok(())
}

/// The texts of a language: of the screen, and of all labs.
fn catalogues(site: &Path, language: &Language) -> Result<Vec<String>, Box<dyn Error>> {
    if language.code == ENGLISH.code {
        return Ok(Vec::new());
    }
    let mut files = vec![fs::read_to_string(site.join(language.file()))?];
    for about in labs::registry::ABOUT {
        files.push(fs::read_to_string(site.join(language.file_of_lab(about().id)))?);
    }
    Ok(files)
}

#[derive(PartialEq, Properties)]
struct DrawingProps {
    html: Html,
}

#[component]
fn Drawing(props: &DrawingProps) -> Html {
    props.html.clone()
}

fn render(html: Html) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without threads");
    runtime.block_on(yew::LocalServerRenderer::<Drawing>::with_props(DrawingProps { html }).hydratable(false).render())
}
