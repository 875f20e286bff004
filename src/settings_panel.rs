//! Settings, rules that can be switched off, and the seed.

use sim::{Input, Rule, Setting, SettingKind, Settings, Value, t};
use web_sys::{HtmlInputElement, SubmitEvent};
use yew::prelude::*;

use crate::command::{Command, Commands};
use crate::control::{self, Control};
use crate::shared::Shared;
use crate::words::{cite, say};

/// What can be set in a lab, and how it is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Rulebook {
    pub settings: Vec<Setting>,
    pub values: Settings,
    pub rules: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SettingsPanelProps {
    pub rulebook: Shared<Rulebook>,
    pub seed: u64,
    pub commands: Commands,
}

/// Two folds: the settings with the seed, and the rules.
#[component]
pub fn SettingsPanel(props: &SettingsPanelProps) -> Html {
    let book = &props.rulebook;
    // A setting may choose between forms of a rule; only those that can be switched off stand among the rules.
    let rule = |setting: &Setting| {
        let named = book.rules.iter().find(|rule| rule.name == setting.name);
        named.filter(|_| setting.kind == SettingKind::Switch)
    };
    let control = |setting: &Setting| {
        let value = book.values.get(setting.name).cloned().unwrap_or_else(|| setting.default.clone());
        let (name, structural, seed) = (setting.name.to_string(), setting.structural, props.seed);
        let book = book.clone();
        let on_change = props.commands.reform(move |value: Value| {
            if structural {
                Command::Restart { changes: set_so_far(&book).chain([(name.clone(), value)]).collect(), seed }
            } else {
                Command::Act(vec![Input::Set { name: name.clone(), value }])
            }
        });
        let remark = match rule(setting) {
            Some(rule) => Some(cite(rule.source)),
            None => structural.then(|| say(t!("starts a new run")).into()),
        };
        control::draw(&Control { scope: "setting", setting: setting.clone(), value, on_change, remark })
    };
    let (rules, settings): (Vec<&Setting>, Vec<&Setting>) =
        book.settings.iter().partition(|setting| rule(setting).is_some());
    html! {
        <div class="settings">
            if !rules.is_empty() {
                <details data-testid="rules">
                    <summary>{ say(t!("Break a rule")) }</summary>
                    <p class="hint">{ say(t!("Switch a rule off and see what it was for.")) }</p>
                    { for rules.into_iter().map(control) }
                </details>
            }
            <details data-testid="settings">
                <summary>{ say(t!("Settings")) }</summary>
                { for settings.into_iter().map(control) }
                { draw_seed(props) }
            </details>
        </div>
    }
}

/// A new run keeps what has been set for this one.
fn set_so_far(book: &Rulebook) -> impl Iterator<Item = (String, Value)> {
    book.values.iter().map(|(name, value)| (name.to_string(), value.clone()))
}

fn draw_seed(props: &SettingsPanelProps) -> Html {
    let book = props.rulebook.clone();
    let onsubmit = props.commands.reform(move |event: SubmitEvent| {
        event.prevent_default();
        let form: web_sys::Element = event.target_unchecked_into();
        let input = form.query_selector("input").ok().flatten();
        let typed = input.map(|input| wasm_bindgen::JsCast::unchecked_into::<HtmlInputElement>(input).value());
        let seed = typed.and_then(|typed| typed.trim().parse().ok());
        match seed {
            Some(seed) => Command::Restart { changes: set_so_far(&book).collect(), seed },
            None => Command::Say(t!("A seed is a whole number from 0 to {most}", most = i64::MAX)),
        }
    });
    let book = props.rulebook.clone();
    let another = props.commands.reform(move |_: MouseEvent| match fresh_seed() {
        Some(seed) => Command::Restart { changes: set_so_far(&book).collect(), seed },
        None => Command::Say(t!("This browser gives no random numbers: type a seed.")),
    });
    html! {
        <form class="control seed" {onsubmit}>
            <label for="seed">{ say(t!("Seed of all random numbers")) }<small>{ say(t!("starts a new run")) }</small></label>
            <span class="with-unit">
                <input id="seed" data-testid="seed" type="text" inputmode="numeric" pattern="[0-9]+" required=true value={props.seed.to_string()} />
                <button class="button" data-testid="restart">{ say(t!("Start")) }</button>
                <button class="button" type="button" data-testid="another-seed" onclick={another}>{ say(t!("Another seed")) }</button>
            </span>
        </form>
    }
}

/// A random seed of at most six digits, which a teacher can read out.
fn fresh_seed() -> Option<u64> {
    getrandom::u32().ok().map(|bits| u64::from(bits % 1_000_000))
}
