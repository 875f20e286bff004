//! The lesson on paper: a page that is saved, and loads nothing. What makes it is a part of its own.

use std::collections::BTreeMap;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use lessons::worksheet::{Press, Scene, Worksheet};
use lessons::{Lesson, prove};
use sim::frame::Frame;
use sim::{AnyLab, Text, t};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::notebook::Place;
use super::player::Player;
use crate::command::{Commands, Notice};
use crate::export::{escape, stage};
use crate::lab_page::LabPage;
use crate::motion::Motion;
use crate::part;
use crate::route::Route;
use crate::shared::Shared;
use crate::stage::Stage;
use crate::{dom, files, language};

/// How long a sentence, and then all stages, take to be on the page, in milliseconds.
const PAINT_MS: u32 = 120;

/// What prints lessons.
#[derive(Debug)]
pub struct Paper {
    /// Saves a lesson as a page to print, and says how that goes.
    pub print: fn(&Rc<Lesson>, &'static dyn AnyLab, bool, &Commands),
}

part!(paper: Paper = Paper { print });

impl Player {
    /// Saves the lesson as a page to print, once what does that has come.
    pub(super) fn print(&self, page: &mut LabPage, with_key: bool) {
        page.remark(Some(match with_key {
            true => t!("The worksheet is being made, and its key worked out…"),
            false => t!("The worksheet is being made…"),
        }));
        let (lesson, lab, commands) = (self.notebook.lesson.clone(), self.lab, page.commands());
        spawn_local(async move {
            match PART.load().await {
                Ok(paper) => (paper.print)(&lesson, lab, with_key, &commands),
                Err(why) => commands.emit(Notice::Say(why.sentence()).into()),
            }
        });
    }
}

fn print(lesson: &Rc<Lesson>, lab: &'static dyn AnyLab, with_key: bool, commands: &Commands) {
    let (lesson, commands) = (lesson.clone(), commands.clone());
    spawn_local(async move {
        TimeoutFuture::new(PAINT_MS).await;
        let said = match make(&lesson, lab, with_key).await {
            Ok(html) => {
                let name = format!("worksheet-{}.html", lesson.id);
                files::save(&name, "text/html", html.as_bytes());
                t!("The worksheet is saved: {file}. Open it to print it.", file = name)
            }
            Err(why) => t!("The worksheet cannot be made: {why}.", why = why),
        };
        commands.emit(Notice::Say(said).into());
    });
}

async fn make(lesson: &Lesson, lab: &'static dyn AnyLab, with_key: bool) -> Result<String, Text> {
    let key = match with_key.then(|| prove(lesson, lab)) {
        Some(Err(mistakes)) => {
            return Err(mistakes
                .first()
                .map_or_else(|| t!("it is damaged"), |mistake| Text::verbatim(mistake.to_string())));
        }
        Some(Ok(key)) => Some(key),
        None => None,
    };
    let worksheet = Worksheet::of(lesson, lab)?;
    let stages = draw(worksheet.scenes()).await.ok_or_else(|| t!("this browser does not draw the stages"))?;
    Ok(worksheet.page(&Printer { lesson, stages }, key.as_ref()))
}

/// Who prints stages as the page shows them.
struct Printer<'a> {
    lesson: &'a Lesson,
    stages: BTreeMap<Place, String>,
}

impl Press for Printer<'_> {
    fn address(&self) -> String {
        let page = dom::page_address();
        let hash = Route::Lesson { id: self.lesson.id.clone(), step: None }.hash();
        // Where a file lies on somebody's disk helps nobody else.
        if page.starts_with("http") { page + &hash } else { hash }
    }

    fn direction(&self) -> &str {
        language::dir_of(&self.lesson.language)
    }

    fn say(&self, text: &Text) -> String {
        if self.lesson.language == language::present().code { language::write(text) } else { text.to_string() }
    }

    fn draw(&self, scene: &Scene) -> String {
        let Some(svg) = self.stages.get(&(scene.step, scene.block)) else { return String::new() };
        let caption = escape(&language::write(&scene.frame.caption.headline));
        let direction = language::present().dir();
        format!("<figure dir=\"{direction}\">\n{svg}<figcaption>{caption}</figcaption>\n</figure>\n")
    }
}

/// Draws scenes out of sight, and takes them from there as the page exports its stage. What is asked after the same moment as
/// before in its step needs no picture of its own.
async fn draw(scenes: &[Scene]) -> Option<BTreeMap<Place, String>> {
    let is_same = |before: &Scene, scene: &Scene| before.step == scene.step && before.frame == scene.frame;
    let is_new = |at: usize| at == 0 || !is_same(&scenes[at - 1], &scenes[at]);
    let shown: Vec<&Scene> = (0..scenes.len()).filter(|at| is_new(*at)).map(|at| &scenes[at]).collect();

    let document = dom::document()?;
    let host = document.create_element("div").ok()?;
    host.set_class_name("paper");
    host.set_attribute("aria-hidden", "true").ok()?;
    document.body()?.append_child(&host).ok()?;
    let standing = shown.iter().map(|scene| Standing::of(scene)).collect();
    let drawn = yew::Renderer::<Stages>::with_root_and_props(host.clone(), StagesProps { standing }).render();
    TimeoutFuture::new(PAINT_MS).await;
    let write = |(scene, stage): (&&Scene, &web_sys::Element)| {
        let caption = language::write(&scene.frame.caption.headline);
        Some(((scene.step, scene.block), stage::svg_of(stage, "white", &caption, "")?))
    };
    let stages = shown.iter().zip(&dom::find_all(&host, ".stage")).map(write).collect();
    drawn.destroy();
    host.remove();
    stages
}

/// A frame, and the moment of virtual time at which it stands.
#[derive(Clone, PartialEq)]
struct Standing {
    frame: Shared<Frame>,
    motion: Motion,
}

impl Standing {
    fn of(scene: &Scene) -> Standing {
        let motion = Motion::new(Callback::noop());
        motion.expect(scene.frame.at_us, scene.frame.next_at_us);
        motion.stand_at(scene.at_us);
        Standing { frame: Shared::new(scene.frame.clone()), motion }
    }
}

#[derive(PartialEq, Properties)]
struct StagesProps {
    standing: Vec<Standing>,
}

#[component]
fn Stages(props: &StagesProps) -> Html {
    let stage = |Standing { frame, motion }: &Standing| {
        html! { <Stage frame={frame.clone()} still=true motion={motion.clone()} commands={Callback::noop()} /> }
    };
    html! { <>{ for props.standing.iter().map(stage) }</> }
}
