//! The courses on the start page: a card each, with its parts as a path, and the lesson to go on with.

use lessons::{Prospectus, Syllabus};
use sim::t;
use yew::prelude::*;

use super::address;
use super::plan::{PartStand, Place, Progress, Stand, audience};
use crate::route::Route;
use crate::words::say;

/// A card for each course. The one that the visitor has come from goes before the others where a lesson stands in several.
pub fn draw(all: &Prospectus, progress: &Progress, chosen: Option<&str>) -> Html {
    let has_begun = |course: &&Syllabus| {
        progress.place(all, course).is_some_and(|place| matches!(place.stand, Stand::Begun { .. }))
    };
    let mut begun: Vec<&Syllabus> = all.courses.iter().filter(has_begun).collect();
    begun.sort_by_key(|course| Some(course.id.as_str()) != chosen);
    let first = begun.first().map(|course| course.id.as_str());
    let card = |course: &Syllabus| draw_card(all, course, progress, first == Some(&course.id));
    html! { <>{ for all.courses.iter().map(card) }</> }
}

fn draw_card(all: &Prospectus, course: &Syllabus, progress: &Progress, is_first: bool) -> Html {
    let here = progress.place(all, course);
    let href = Route::Courses(Some(course.id.clone())).hash();
    html! {
        <article class="course-card" data-course={course.id.clone()} data-testid={format!("course-{}", course.id)}>
            <h3><a {href}><bdi>{ &course.title.text }</bdi></a></h3>
            <p>{ say(audience(course)) }{ " · " }{ say(progress.extent(all, course).text()) }</p>
            { draw_path(course, progress, here) }
            <p class="course-parts">{ for course.parts.iter().enumerate().map(|(number, part)| {
                let name = html! { <bdi>{ &part.title.text }</bdi> };
                let is_here = here.is_some_and(|here| here.number == number + 1);
                html! { <>if number > 0 { { " · " } }if is_here { <b>{ name }</b> } else { { name } }</> }
            }) }</p>
            { draw_next(here, is_first) }
        </article>
    }
}

/// The parts as a path; which is which is said in words beside it.
pub fn draw_path(course: &Syllabus, progress: &Progress, here: Option<Place<'_>>) -> Html {
    let dot = |stand: PartStand| {
        let class = match stand {
            PartStand::Done => "done",
            PartStand::Here => "here",
            PartStand::Open => "open",
            PartStand::Coming => "coming",
        };
        html! { <i {class}></i> }
    };
    html! {
        <div class="course-path" aria-hidden="true">
            { for course.parts.iter().map(|part| dot(progress.part_stand(part, here))) }
        </div>
    }
}

/// The lesson to go on with.
fn draw_next(here: Option<Place<'_>>, is_first: bool) -> Html {
    let Some(Place { number, part, lesson, stand }) = here else {
        return html! { <p class="course-next">{ say(t!("You have done all lessons that are written so far.")) }</p> };
    };
    let where_it_is = t!("Part {number}, {part}", number = number, part = part.title.text.clone());
    let where_it_is = match stand {
        Stand::Begun { step, steps } => {
            t!("{part}: step {step} of {count}", part = where_it_is, step = step, count = steps)
        }
        Stand::New | Stand::Done => where_it_is,
    };
    let deed = say(stand.deed());
    let label = say(t!("{deed}: {lesson}", deed = stand.deed(), lesson = lesson.title.clone()));
    html! {
        <p class="course-next">
            <span><small>{ say(where_it_is) }</small><b><bdi>{ &lesson.title }</bdi></b></span>
            <a class={classes!("button", is_first.then_some("primary"))} href={address(&lesson.id)} aria-label={label}>{ deed }</a>
        </p>
    }
}
