//! What stands around the stage: a part of its own, which comes after the first picture.

use sim::frame::Frame;
use sim::hunt::Contrast;
use sim::{BranchRow, Weights, t};
use yew::prelude::*;

use super::LabPage;
use crate::bookmarks::Bookmark;
use crate::branches;
use crate::command::Commands;
use crate::compare::{self, Comparison};
use crate::hunt::show::{Showing, ShowingProps, Wish};
use crate::inspector::{self, Inspector};
use crate::lanes::{Lanes, LanesProps};
use crate::log_page::Recording;
use crate::marks;
use crate::panels::{Level, Room};
use crate::part;
use crate::scenarios::Scenarios;
use crate::side::{self, Side};
use crate::stage::pointed::Pointed;
use crate::text_view;
use crate::transport::{self, Transport};
use crate::words::say;

/// A branch, and what it shows.
type Shown<'a> = (&'a Frame, &'a BranchRow);

/// What stands around the stage.
#[derive(Debug)]
pub struct Around {
    pub inspector: fn(&Inspector) -> Html,
    pub lanes: fn(LanesProps) -> Html,
    pub charts: fn(&Frame, Room) -> Html,
    /// Under the lanes: branches and bookmarks.
    pub branches: fn(&[BranchRow], Option<&Comparison>, &[Bookmark], &Commands) -> Html,
    /// In the row of the transport: what the run can go on to, on *Learn* with all else that is not at hand there.
    pub goals: fn(&Transport, Level) -> Html,
    /// On the scrubber: where something telling happened.
    pub marks: fn(&Weights, &Frame) -> Html,
    /// Beside the stage of a lab: scenarios, settings, rules and hunts.
    pub side_of_lab: fn(&Scenarios, &Side) -> Html,
    /// Under the stage: the search for what somebody wants to be shown.
    pub show_me: fn(ShowingProps) -> Html,
    /// Opens what a rule is for.
    pub show_contrast: fn(&mut LabPage, &Contrast, &Wish),
    /// Beside the stage of a log, with its title: how large it is, and the way to another one.
    pub side_of_log: fn(&Recording, &AttrValue, &Callback<()>) -> Html,
    /// In the place of the stage: two branches.
    pub compare: fn(Shown<'_>, Shown<'_>, &Comparison, &Commands) -> Html,
    /// In the place of the stage: tables.
    pub text: fn(&Frame, Option<&Pointed>, &Commands) -> Html,
}

part!(
    around: Around = Around {
        inspector: inspector::draw,
        lanes: |props| html! { <Lanes ..props /> },
        charts: inspector::panels::draw_dock,
        branches: branches::draw,
        goals: transport::draw_goals,
        marks: marks::draw,
        side_of_lab: side::draw,
        show_me: |props| html! { <Showing ..props /> },
        show_contrast: LabPage::show_contrast,
        side_of_log: draw_side_of_log,
        compare: compare::draw,
        text: text_view::draw,
    }
);

fn draw_side_of_log(recording: &Recording, title: &AttrValue, on_close: &Callback<()>) -> Html {
    html! {
        <section aria-labelledby="log-title">
            <p class="eyebrow">{ say(t!("Your own log")) }</p>
            <h2 id="log-title">{ title }</h2>
            { recording.draw_counts() }
            <button class="button" data-testid="log-close" onclick={on_close.reform(|_: MouseEvent| ())}>
                { say(t!("Open another log")) }
            </button>
        </section>
    }
}
