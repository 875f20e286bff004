//! The time since a lesson began.

use sim::t;
use yew::prelude::*;

use crate::dom;
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ElapsedProps {
    /// In milliseconds of the page.
    pub since_ms: f64,
}

/// Minutes and seconds, which go on by themselves.
#[component]
pub fn Elapsed(props: &ElapsedProps) -> Html {
    let now_ms = use_state(dom::now_ms);
    {
        let now_ms = now_ms.clone();
        use_effect_with((), move |()| {
            let ticking = dom::every(1_000, move || now_ms.set(dom::now_ms()));
            move || drop(ticking)
        });
    }
    let seconds = ((*now_ms - props.since_ms).max(0.0) / 1_000.0) as u64;
    let clock = format!("{}:{:02}", seconds / 60, seconds % 60);
    html! { <p class="mono" data-testid="notes-elapsed">{ say(t!("{clock} since you began", clock = clock)) }</p> }
}
