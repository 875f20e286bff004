//! Goes to a moment of virtual time.

use sim::frame::Frame;
use sim::{Until, t};
use web_sys::{Element, SubmitEvent};
use yew::prelude::*;

use super::{Dialog, number_in};
use crate::command::{Commands, Course, Look};
use crate::shared::Shared;
use crate::words::say;

/// The latest moment that can be asked for, in seconds: a day.
const LATEST_S: f64 = 86_400.0;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct MomentDialogProps {
    pub frame: Shared<Frame>,
    pub commands: Commands,
}

/// Asks for a moment, and runs on or back to it.
#[component]
pub fn MomentDialog(props: &MomentDialogProps) -> Html {
    let onsubmit = {
        let commands = props.commands.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: Element = event.target_unchecked_into();
            let seconds = number_in(&form, "moment").unwrap_or(0.0).clamp(0.0, LATEST_S);
            commands.emit(Look::ShowDialog(None).into());
            commands.emit(Course::RunUntil(Until::Moment((seconds * 1_000_000.0) as u64)).into());
        })
    };
    let now = props.frame.at_us / 1_000;
    html! {
        <Dialog title={say(t!("Run until a time"))} commands={props.commands.clone()}>
            <form {onsubmit}>
                <div class="control">
                    <label for="moment">{ say(t!("Virtual time")) }<small>{ say(t!("before now: back to it")) }</small></label>
                    <span class="with-unit">
                        <input id="moment" name="moment" data-testid="moment-time" type="number" step="any" min="0" max={LATEST_S.to_string()}
                            required=true value={((now + 1_000) as f64 / 1_000.0).to_string()} />
                        { "s" }
                    </span>
                </div>
                <button class="button strong" data-testid="moment-go">{ say(t!("Run to it")) }</button>
            </form>
        </Dialog>
    }
}
