//! Controls made from settings: for the settings of a lab and for the parameters of operations.

use sim::{Setting, SettingKind, Value, unit_text};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::dom;
use crate::glossary::marked;
use crate::words::say;

/// A setting with its value, and where a change goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// What it belongs to, so that controls of several forms do not share a name.
    pub scope: &'static str,
    pub setting: Setting,
    pub value: Value,
    pub on_change: Callback<Value>,
    /// Said under the label.
    pub remark: Option<Html>,
}

/// One control with its label.
pub fn draw(props: &Control) -> Html {
    let setting = &props.setting;
    let id = format!("{}-{}", props.scope, setting.name);
    let title = marked(say(&setting.title));
    let remark = props.remark.clone().map(|remark| html! { <small>{ remark }</small> });
    let testid = id.clone();
    match &setting.kind {
        SettingKind::Switch => {
            let on_change = props.on_change.clone();
            let onchange = Callback::from(move |event: Event| {
                on_change.emit(Value::Flag(event.target_unchecked_into::<HtmlInputElement>().checked()));
            });
            html! {
                <label class="control switch">
                    <input type="checkbox" role="switch" data-testid={testid} checked={props.value == Value::Flag(true)} {onchange} />
                    <span>{ title }{ for remark }</span>
                </label>
            }
        }
        SettingKind::Choice(choices) => {
            let on_change = props.on_change.clone();
            let onchange = Callback::from(move |event: Event| {
                on_change.emit(Value::Word(event.target_unchecked_into::<HtmlSelectElement>().value()));
            });
            let chosen = dom::property(if let Value::Word(word) = &props.value { word } else { "" });
            let option = |(name, title): &(&'static str, sim::Text)| {
                let selected = props.value == Value::Word(name.to_string());
                html! { <option value={*name} {selected}>{ say(title) }</option> }
            };
            html! {
                <div class="control">
                    <label for={id.clone()}>{ title }{ for remark }</label>
                    // Once somebody has chosen, the options alone do not change what a browser shows.
                    <select id={id.clone()} data-testid={testid} ~value={chosen} {onchange}>{ for choices.iter().map(option) }</select>
                </div>
            }
        }
        SettingKind::Integer { least, most, unit } => {
            let (on_change, setting) = (props.on_change.clone(), setting.clone());
            let onchange = Callback::from(move |event: Event| {
                let input: HtmlInputElement = event.target_unchecked_into();
                // The browser has said what is wrong with a number that is out of bounds; nothing changes.
                if let Ok(value) = setting.parse(&input.value()) {
                    on_change.emit(value);
                } else {
                    input.report_validity();
                }
            });
            let value = if let Value::Integer(number) = props.value { number.to_string() } else { String::new() };
            html! {
                <div class="control">
                    <label for={id.clone()}>{ title }{ for remark }</label>
                    <span class="with-unit">
                        <input id={id.clone()} data-testid={testid} type="number" min={least.to_string()} max={most.to_string()}
                            required=true {value} {onchange} />
                        { say(unit_text(unit)) }
                    </span>
                </div>
            }
        }
        SettingKind::Text { longest } => {
            let on_change = props.on_change.clone();
            let onchange = Callback::from(move |event: Event| {
                on_change.emit(Value::Word(event.target_unchecked_into::<HtmlInputElement>().value()));
            });
            let value = if let Value::Word(word) = &props.value { word.clone() } else { String::new() };
            html! {
                <div class="control">
                    <label for={id.clone()}>{ title }{ for remark }</label>
                    <input id={id.clone()} data-testid={testid} type="text" maxlength={longest.to_string()} autocomplete="off"
                        {value} {onchange} />
                </div>
            }
        }
    }
}
