//! The time since a lesson began.

use sim::t;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
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
            let second = Second::new(move || now_ms.set(dom::now_ms()));
            move || drop(second)
        });
    }
    let seconds = ((*now_ms - props.since_ms).max(0.0) / 1_000.0) as u64;
    let clock = format!("{}:{:02}", seconds / 60, seconds % 60);
    html! { <p class="mono" data-testid="notes-elapsed">{ say(t!("{clock} since you began", clock = clock)) }</p> }
}

/// Does something once a second, until it is dropped.
struct Second {
    interval: Option<i32>,
    _closure: Closure<dyn FnMut()>,
}

impl Second {
    fn new(act: impl FnMut() + 'static) -> Second {
        let closure = Closure::<dyn FnMut()>::new(act);
        let function = closure.as_ref().unchecked_ref();
        let interval = dom::window()
            .and_then(|window| window.set_interval_with_callback_and_timeout_and_arguments_0(function, 1_000).ok());
        Second { interval, _closure: closure }
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        if let (Some(window), Some(interval)) = (dom::window(), self.interval) {
            window.clear_interval_with_handle(interval);
        }
    }
}
