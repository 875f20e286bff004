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

impl Rulebook {
    /// What has to be set besides, so that the rule which is switched off here can be missed: where hunts look for that.
    fn ground_of<'a>(&'a self, name: &str, value: &Value) -> impl Iterator<Item = (String, Value)> + use<'a> {
        let rule = self.rules.iter().find(|rule| rule.name == name && *value == Value::Flag(false));
        let settings = rule.into_iter().flat_map(|rule| &rule.ground.settings);
        let new = settings.filter(|(name, value)| self.values.get(name) != Some(value));
        new.map(|(name, value)| (name.to_string(), value.clone()))
    }

    fn is_structural(&self, name: &str) -> bool {
        self.settings.iter().any(|setting| setting.name == name && setting.structural)
    }
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
        let (name, seed) = (setting.name.to_string(), props.seed);
        let book = book.clone();
        let on_change = props.commands.reform(move |value: Value| {
            let changes = book.ground_of(&name, &value).chain([(name.clone(), value.clone())]).collect::<Vec<_>>();
            if changes.iter().any(|(name, _)| book.is_structural(name)) {
                Command::Restart { changes: set_so_far(&book).chain(changes).collect(), seed }
            } else {
                Command::Act(changes.into_iter().map(|(name, value)| Input::Set { name, value }).collect())
            }
        });
        let remark = match rule(setting) {
            Some(rule) => Some(cite(rule.source)),
            None => setting.structural.then(|| say(t!("starts a new run")).into()),
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
    html! {
        <form class="control" {onsubmit}>
            <label for="seed">{ say(t!("Seed of all random numbers")) }<small>{ say(t!("starts a new run")) }</small></label>
            <span class="with-unit">
                <input id="seed" data-testid="seed" type="text" inputmode="numeric" pattern="[0-9]+" required=true value={props.seed.to_string()} />
                <button class="button" data-testid="restart">{ say(t!("Start")) }</button>
            </span>
        </form>
    }
}
