//! An operation that a node can be told to do, as a form.

use std::collections::BTreeMap;

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
    /// Why the node cannot do it now.
    pub blocked: Option<AttrValue>,
    pub commands: Commands,
}

/// The form: a control for each parameter, and a button.
#[component]
pub fn OperationForm(props: &OperationFormProps) -> Html {
    let parameters = &props.action.parameters;
    // What nobody has changed follows the default, which may be another one at the next moment.
    let changes = use_state(BTreeMap::<&'static str, Value>::new);
    let value_of = |setting: &sim::Setting| changes.get(setting.name).unwrap_or(&setting.default).clone();
    let control = |setting: &sim::Setting| {
        let (changes, name, value) = (changes.clone(), setting.name, value_of(setting));
        let on_change = Callback::from(move |value: Value| {
            let mut changed = (*changes).clone();
            changed.insert(name, value);
            changes.set(changed);
        });
        control::draw(&Control { scope: props.action.name, setting: setting.clone(), value, on_change, remark: None })
    };
    let onsubmit = {
        let (name, node) = (props.action.name, props.node);
        let values: Vec<Value> = parameters.iter().map(value_of).collect();
        props.commands.reform(move |event: SubmitEvent| {
            event.prevent_default();
            Command::Act(vec![Input::Operate { node, action: name.to_string(), values: values.clone() }])
        })
    };
    html! {
        <form class="operation" {onsubmit}>
            { for parameters.iter().map(control) }
            <button class="button strong" data-testid={format!("operate-{}", props.action.name)}
                aria-disabled={props.blocked.is_some().then_some("true")} title={props.blocked.clone()}>
                { say(&props.action.title) }
            </button>
        </form>
    }
}
