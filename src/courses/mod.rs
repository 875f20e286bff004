//! Courses: lessons in an order that builds up. What shows them is a part of its own; the start page has them prepared, for who has
//! begun none.

mod find;
pub mod next;
pub mod page;
pub mod plan;
pub mod shelf;
pub mod strip;

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;
use yew::prelude::*;

use crate::dom;
use crate::language::use_language;
use crate::part;
use crate::parts::Loading;
use crate::route::Route;
use crate::wait::Needed;

pub use find::Found;

/// The courses, and what shows them: a part of its own.
#[derive(Debug)]
pub struct Courses {
    /// Whether the courses are there, in the language of the page.
    pub is_there: fn() -> bool,
    /// Gets them.
    pub load: fn() -> Loading,
    /// The page of all courses, or of the one with this name.
    pub draw_page: fn(Option<&str>) -> Html,
    /// What the start page shows of them.
    pub draw_strip: fn() -> Html,
    pub find: fn(&str) -> Vec<Found>,
    /// The way on from the end of a lesson.
    pub draw_next: fn(&str) -> Html,
    /// The lessons of a lab, in words.
    pub draw_of_lab: fn(&str) -> Html,
}

part!(
    courses: Courses = Courses {
        is_there: || shelf::prospectus().is_some(),
        load: || Box::pin(shelf::load()),
        draw_page: |id| html! { <page::CoursesPage id={id.map(|id| AttrValue::from(id.to_string()))} /> },
        draw_strip: || shelf::prospectus().map(|all| strip::draw(&all, &plan::Progress::present(), dom::recall(CHOSEN).as_deref())).unwrap_or_default(),
        find: find::find,
        draw_next: |lesson| {
            let next = shelf::prospectus().and_then(|all| {
                next::next(&all, lesson, &plan::Progress::present(), dom::recall(CHOSEN).as_deref())
            });
            next.as_ref().map(next::draw).unwrap_or_default()
        },
        draw_of_lab: |lab| {
            let lessons = shelf::prospectus().map(|all| next::of_lab(&all, lab, &plan::Progress::present()));
            next::draw_of_lab(&lessons.unwrap_or_default())
        },
    }
);

/// The way on from the end of a lesson: in the course that the visitor has come from, or else in one that has it. Nothing at the end of
/// a course, and before the courses are there.
pub fn draw_next(lesson: &str) -> Html {
    PART.get().map(|courses| (courses.draw_next)(lesson)).unwrap_or_default()
}

/// The lessons of a lab, in words. Nothing before the courses are there.
pub fn draw_of_lab(lab: &str) -> Html {
    PART.get().map(|courses| (courses.draw_of_lab)(lab)).unwrap_or_default()
}

/// The lessons and courses that somebody looks for. None before the courses are there ([`use_courses`]).
pub fn find(wanted: &str) -> Vec<Found> {
    PART.get().map(|courses| (courses.find)(wanted)).unwrap_or_default()
}

/// What the start page shows of courses, once they are there.
pub fn draw_strip() -> Option<Html> {
    PART.get().filter(|courses| (courses.is_there)()).map(|courses| (courses.draw_strip)())
}

/// Where a lesson is.
pub fn address(lesson: &str) -> String {
    Route::Lesson { id: lesson.to_string(), step: None }.hash()
}

/// Gets the courses once they are wanted, also in another language, and draws the component again when they are there.
#[hook]
pub fn use_courses(is_wanted: bool) {
    let (language, redraw) = (use_language(), use_force_update());
    use_effect_with((is_wanted, language), move |(is_wanted, _)| {
        if *is_wanted && !Needed::Courses.is_there() {
            spawn_local(async move {
                if Needed::Courses.load().await.is_ok() {
                    redraw.force_update();
                }
            });
        }
    });
}

/// The course that the visitor has come from last.
const CHOSEN: &str = "netsplit.course";

/// Remembers the course in which a link was pressed: so that the end of a lesson leads on in it.
pub fn choose(event: MouseEvent) {
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let course = pressed.and_then(|pressed| pressed.closest("[data-course]").ok().flatten());
    if let Some(id) = course.and_then(|course| course.get_attribute("data-course")) {
        dom::remember(CHOSEN, &id);
    }
}
