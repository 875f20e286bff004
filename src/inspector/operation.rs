//! An operation that a node can be told to do, as a form.

use sim::frame::Action;
use sim::{Input, NodeId, Value};
use web_sys::SubmitEvent;
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::control::{self, Control};
use crate::words::say;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct OperationFormProps {
    pub action: Action,
    pub node: NodeId,
    pub label: AttrValue,
    pub commands: Commands,
}

/// The form: a control for each parameter, and a button.
#[component]
pub fn OperationForm(props: &OperationFormProps) -> Html {
    let parameters = &props.action.parameters;
    let values = use_state(|| parameters.iter().map(|setting| setting.default.clone()).collect::<Vec<Value>>());
    let control = |(index, setting): (usize, &sim::Setting)| {
        let values = values.clone();
        let value = values.get(index).unwrap_or(&setting.default).clone();
        let on_change = Callback::from(move |value: Value| {
            let mut changed = (*values).clone();
            if let Some(place) = changed.get_mut(index) {
                *place = value;
            }
            values.set(changed);
        });
        control::draw(&Control { scope: props.action.name, setting: setting.clone(), value, on_change, remark: None })
    };
    let onsubmit = {
        let (name, node, values) = (props.action.name, props.node, values.clone());
        props.commands.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Command::Act(vec![Input::Operate { node, action: name.to_string(), values: (*values).clone() }])
        })
    };
    html! {
        <form class="operation" {onsubmit}>
            { for parameters.iter().enumerate().map(control) }
            <button class="button strong" data-testid={format!("operate-{}", props.action.name)}>{ say(&props.action.title) }</button>
        </form>
    }
}
