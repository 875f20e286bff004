//! Delay and trouble of a link.

use sim::frame::Frame;
use sim::{Delay, Input, NodeId, Trouble, t};
use web_sys::{Element, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

use super::{Dialog, number_in};
use crate::command::{Command, Commands, Look};
use crate::words::{name, say};

const TROUBLES: [(&str, Trouble); 4] = [
    ("loss", Trouble::Loss),
    ("duplication", Trouble::Duplication),
    ("reordering", Trouble::Reordering),
    ("corruption", Trouble::Corruption),
];

/// Delay, loss, duplication, reordering and corruption, for one direction or both.
pub fn draw(frame: &Frame, a: NodeId, b: NodeId, commands: &Commands) -> Html {
    let onsubmit = {
        let commands = commands.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let form: Element = event.target_unchecked_into();
            commands.emit(Command::Act(inputs(&form, a, b)));
            commands.emit(Look::ShowDialog(None).into());
        })
    };
    let (first, second) = (name(frame, a), name(frame, b));
    let percent = |field: &'static str, title: sim::Text| {
        let id = format!("link-{field}");
        html! {
            <div class="control">
                <label for={id.clone()}>{ say(title) }</label>
                <span class="with-unit">
                    <input {id} name={field} type="number" min="0" max="100" step="any" />{ "%" }
                </span>
            </div>
        }
    };
    html! {
        <Dialog title={say(t!("Link {a} – {b}", a = first.clone(), b = second.clone()))} commands={commands.clone()}>
            <form {onsubmit}>
                <p class="hint">{ say(t!("What is left empty stays as it is.")) }</p>
                <div class="control">
                    <label for="link-direction">{ say(t!("Direction")) }</label>
                    <select id="link-direction" name="direction">
                        <option value="both">{ say(t!("both")) }</option>
                        <option value="forth">{ say(t!("{from} → {to}", from = first.clone(), to = second.clone())) }</option>
                        <option value="back">{ say(t!("{from} → {to}", from = second, to = first)) }</option>
                    </select>
                </div>
                <div class="control">
                    <label for="link-least">{ say(t!("Delay, at least")) }</label>
                    <span class="with-unit"><input id="link-least" name="least" type="number" min="0" step="any" />{ say(t!("ms")) }</span>
                </div>
                <div class="control">
                    <label for="link-most">{ say(t!("Delay, at most")) }</label>
                    <span class="with-unit"><input id="link-most" name="most" type="number" min="0" step="any" />{ say(t!("ms")) }</span>
                </div>
                { percent("loss", t!("Lost")) }
                { percent("duplication", t!("Arrives twice")) }
                { percent("reordering", t!("Out of order")) }
                { percent("corruption", t!("Damaged")) }
                <button class="button strong">{ say(t!("Set the link")) }</button>
            </form>
        </Dialog>
    }
}

fn inputs(form: &Element, a: NodeId, b: NodeId) -> Vec<Input> {
    let select = form.query_selector("select").ok().flatten();
    let direction = select.map(wasm_bindgen::JsCast::unchecked_into::<HtmlSelectElement>).map(|select| select.value());
    let ways = match direction.as_deref() {
        Some("forth") => vec![(a, b)],
        Some("back") => vec![(b, a)],
        _ => vec![(a, b), (b, a)],
    };
    let microseconds = |name: &str| number_in(form, name).map(|ms| (ms.max(0.0) * 1000.0) as u64);
    let delay = match (microseconds("least"), microseconds("most")) {
        (None, None) => None,
        (Some(least_us), Some(most_us)) if most_us > least_us => Some(Delay::Uniform { least_us, most_us }),
        (Some(us), _) | (None, Some(us)) => Some(Delay::Constant { us }),
    };
    let mut inputs = Vec::new();
    for (from, to) in ways {
        inputs.extend(delay.map(|delay| Input::SetDelay { from, to, delay }));
        for (name, trouble) in TROUBLES {
            let ppm = number_in(form, name).map(|percent| (percent.clamp(0.0, 100.0) * 10_000.0) as u32);
            inputs.extend(ppm.map(|ppm| Input::SetTrouble { from, to, trouble, ppm }));
        }
    }
    inputs
}
