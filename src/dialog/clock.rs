//! Skews a node's clock.

use sim::frame::Frame;
use sim::{Input, NodeId, t};
use web_sys::{Element, SubmitEvent};
use yew::prelude::*;

use super::{Dialog, number_in};
use crate::command::{Command, Commands, Look};
use crate::words::{name, say};

/// Offset and drift of one clock.
pub fn draw(frame: &Frame, id: NodeId, commands: &Commands) -> Html {
    let Some(node) = frame.nodes.get(id.index()) else { return Html::default() };
    let (offset_us, drift_ppm, id) = (node.clock_offset_us, node.clock_drift_ppm, id);
    let onsubmit = {
        let commands = commands.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: Element = event.target_unchecked_into();
            let offset = (number_in(&form, "offset").unwrap_or(0.0) * 1000.0) as i64;
            let drift = (number_in(&form, "drift").unwrap_or(0.0) * 10_000.0) as i64;
            let inputs = [
                (offset != offset_us).then_some(Input::SetClockOffset { node: id, offset_us: offset }),
                (drift != drift_ppm).then_some(Input::SetClockDrift { node: id, drift_ppm: drift }),
            ];
            commands.emit(Command::Act(inputs.into_iter().flatten().collect()));
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    html! {
        <Dialog title={say(t!("The clock of {node}", node = name(frame, id)))} commands={commands.clone()}>
            <form {onsubmit}>
                <div class="control">
                    <label for="clock-offset">{ say(t!("Ahead of true time")) }<small>{ say(t!("negative: behind")) }</small></label>
                    <span class="with-unit">
                        <input id="clock-offset" name="offset" type="number" step="any" required=true value={(offset_us as f64 / 1000.0).to_string()} />
                        { say(t!("ms")) }
                    </span>
                </div>
                <div class="control">
                    <label for="clock-drift">{ say(t!("Runs too fast by")) }<small>{ say(t!("negative: too slow")) }</small></label>
                    <span class="with-unit">
                        <input id="clock-drift" name="drift" type="number" step="any" min="-50" max="100" required=true
                            value={(drift_ppm as f64 / 10_000.0).to_string()} />
                        { "%" }
                    </span>
                </div>
                <button class="button strong">{ say(t!("Set the clock")) }</button>
            </form>
        </Dialog>
    }
}
