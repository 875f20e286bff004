//! The page of a lab as a part of the program: the start page and all others do without it.

use yew::prelude::*;

use super::{LabPage, LabPageProps};
use crate::part;

/// What draws the page of a lab: a part of its own.
#[derive(Debug)]
pub struct Whole {
    /// The page of the lab of this name.
    pub draw: fn(&str, LabPageProps) -> Html,
}

part!(page: Whole = Whole { draw: |lab, props| html! { <LabPage key={lab} ..props /> } });
