//! The page of the courses: `#/courses`, or one of them at `#/courses/internet`.

use lessons::syllabus::{Entry, Part, Subject};
use lessons::{Prospectus, Syllabus};
use sim::t;
use yew::prelude::*;

use super::plan::{self, Place, Progress, Stand, audience};
use super::{address, choose, shelf, strip};
use crate::language::use_language;
use crate::page_bar;
use crate::route::Route;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CoursesPageProps {
    /// The course to show, by its name in the address; all of them where there is none of this name.
    pub id: Option<AttrValue>,
}

/// All courses, or one of them, with how far the visitor is.
#[component]
pub fn CoursesPage(props: &CoursesPageProps) -> Html {
    use_language();
    let Some(all) = shelf::prospectus() else { return Html::default() };
    draw(&all, props.id.as_deref(), &Progress::present())
}

/// The page.
pub fn draw(all: &Prospectus, id: Option<&str>, progress: &Progress) -> Html {
    let chosen = id.and_then(|id| all.course(id));
    let choice = |id: Option<&str>, title: AttrValue| {
        let is_current = chosen.map(|course| course.id.as_str()) == id;
        let href = Route::Courses(id.map(str::to_string)).hash();
        html! { <li><a {href} aria-current={is_current.then_some("page")}><bdi>{ title }</bdi></a></li> }
    };
    html! {
        <div class="home courses-page">
            { page_bar::draw(Html::default()) }
            <main>
                <h1>{ chosen.map_or_else(|| say(t!("Courses")), |course| course.title.text.clone().into()) }</h1>
                <nav aria-label={say(t!("Courses"))}>
                    <ul class="course-choice">
                        { choice(None, say(t!("All courses"))) }
                        { for all.courses.iter().map(|course| choice(Some(&course.id), course.title.text.clone().into())) }
                    </ul>
                </nav>
                {
                    match chosen {
                        Some(course) => draw_course(all, course, progress),
                        None => html! { <>
                            <p class="course-hint">{ say(t!("Lessons in an order that builds up. What is marked as coming is not written yet.")) }</p>
                            { for all.courses.iter().map(|course| html! { <>
                                <h2><bdi>{ &course.title.text }</bdi></h2>
                                { draw_course(all, course, progress) }
                            </> }) }
                        </> },
                    }
                }
            </main>
        </div>
    }
}

fn draw_course(all: &Prospectus, course: &Syllabus, progress: &Progress) -> Html {
    let here = progress.place(all, course);
    html! {
        <article class="course" data-course={course.id.clone()} data-testid={format!("course-{}", course.id)} onclick={choose}>
            <p class="course-extent"><b>{ say(audience(course)) }</b>{ " · " }{ say(progress.extent(all, course).text()) }</p>
            { for course.introduction.iter().map(|passage| html! { <p class="course-hint">{ &passage.text }</p> }) }
            { strip::draw_path(course, progress, here) }
            <ol class="course-list">{ for course.parts.iter().map(|part| draw_part(all, part, progress, here)) }</ol>
        </article>
    }
}

fn draw_part(all: &Prospectus, part: &Part, progress: &Progress, here: Option<Place<'_>>) -> Html {
    html! {
        <li>
            <div>
                <h3><bdi>{ &part.title.text }</bdi></h3>
                { for part.text.iter().map(|passage| html! { <p>{ &passage.text }</p> }) }
            </div>
            <ul>{ for part.entries.iter().map(|entry| draw_entry(all, entry, progress, here)) }</ul>
        </li>
    }
}

fn draw_entry(all: &Prospectus, entry: &Entry, progress: &Progress, here: Option<Place<'_>>) -> Html {
    match &entry.subject {
        Subject::Lesson(id) => draw_lesson(all, id, entry, progress.stand(id), here),
        Subject::Coming { title, .. } => html! {
            <li class="coming">
                <i class="coming" aria-hidden="true"></i>
                <div>
                    <p><b><bdi>{ &title.text }</bdi></b>{ " " }<span class="tag">{ say(t!("coming")) }</span></p>
                    <p>{ &entry.why.text }</p>
                </div>
            </li>
        },
    }
}

fn draw_lesson(all: &Prospectus, id: &str, entry: &Entry, stand: Stand, here: Option<Place<'_>>) -> Html {
    let Some(lesson) = all.lesson(id) else { return Html::default() };
    let is_here = here.is_some_and(|here| here.lesson.id == id);
    let lab = labs::registry::about(&lesson.lab).ok();
    let (class, state) = match stand {
        Stand::New if is_here => ("here", None),
        Stand::New => ("open", None),
        Stand::Begun { step, steps } => ("here", Some(t!("step {step} of {count}", step = step, count = steps))),
        Stand::Done => ("done", Some(t!("done"))),
    };
    let label = say(t!("{deed}: {lesson}", deed = stand.deed(), lesson = lesson.title.clone()));
    html! {
        <li>
            <i {class} aria-hidden="true"></i>
            <div>
                <p>
                    <a data-testid={format!("lesson-{id}")} href={address(id)}><bdi>{ &lesson.title }</bdi></a>
                    if let Some(state) = state { { " " }<span class={classes!("tag", class)}>{ say(state) }</span> }
                </p>
                <p>{ &entry.why.text }</p>
                <p class="hint">
                    { say(plan::minutes(lesson.minutes)) }{ " · " }{ say(plan::level(lesson.level)) }
                    if let Some(lab) = lab {
                        { " · " }<a href={Route::Lab { lab: lab.id.to_string(), scenario: None }.hash()}>{ say(t!("Lab: {lab}", lab = lab.title.clone())) }</a>
                    }
                </p>
            </div>
            <a class={classes!("button", is_here.then_some("primary"))} href={address(id)} aria-label={label}>{ say(stand.deed()) }</a>
        </li>
    }
}
