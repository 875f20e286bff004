//! Settings, rules that can be switched off, and the seed.

use sim::{Input, Preset, Rule, Setting, SettingKind, Settings, Value, t};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

use crate::command::{Command, Commands, Notice, Run};
use crate::control::{self, Control};
use crate::hunt::show::Wish;
use crate::shared::Shared;
use crate::words::{cite, say};

/// What can be set in a lab, and how it is set.
#[derive(Clone, Debug, PartialEq)]
pub struct Rulebook {
    pub settings: Vec<Setting>,
    pub values: Settings,
    pub presets: Vec<Preset>,
    pub rules: Vec<Rule>,
}

impl Rulebook {
    /// The preset whose settings these are.
    pub fn preset(&self) -> Option<&Preset> {
        self.presets.iter().find(|preset| self.are_settings(&preset.settings))
    }

    /// Whether nothing is set but rules that are broken.
    fn is_as_it_comes(&self) -> bool {
        self.are_settings(&[])
    }

    /// Whether the settings are these, and of all others the defaults. Rules that are broken do not count.
    fn are_settings(&self, own: &[(&'static str, Value)]) -> bool {
        self.settings.iter().filter(|setting| !self.is_switch_of_rule(setting)).all(|setting| {
            let meant = own.iter().find(|(name, _)| *name == setting.name).map(|(_, value)| value);
            self.values.get(setting.name) == Some(meant.unwrap_or(&setting.default))
        })
    }

    /// What a new run with this preset, or with the defaults, is begun with: rules that are broken stay so.
    fn chosen(&self, preset: &str) -> Vec<(String, Value)> {
        let broken = self.settings.iter().filter(|setting| self.is_switch_of_rule(setting));
        let broken =
            broken.filter_map(|setting| Some((setting.name.to_string(), self.values.get(setting.name)?.clone())));
        let own = self.presets.iter().filter(|known| known.name == preset).flat_map(|known| &known.settings);
        broken.chain(own.map(|(name, value)| (name.to_string(), value.clone()))).collect()
    }

    /// A setting may choose between forms of a rule; only those that can be switched off stand among the rules.
    fn is_switch_of_rule(&self, setting: &Setting) -> bool {
        self.rule(setting).is_some()
    }

    fn rule(&self, setting: &Setting) -> Option<&Rule> {
        let named = self.rules.iter().find(|rule| rule.name == setting.name);
        named.filter(|_| setting.kind == SettingKind::Switch)
    }

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

/// The settings with the seed.
#[component]
pub fn SettingsPanel(props: &SettingsPanelProps) -> Html {
    let book = &props.rulebook;
    let settings = book.settings.iter().filter(|setting| !book.is_switch_of_rule(setting));
    let control = |setting: &Setting| {
        let remark = setting.structural.then(|| say(t!("starts a new run")).into());
        draw_control(props, setting, remark)
    };
    html! {
        <div class="settings" data-testid="settings">
            { draw_presets(props) }
            { for settings.map(control) }
            { draw_seed(props) }
        </div>
    }
}

/// The rules that can be switched off, and what each is for.
#[component]
pub fn RulesPanel(props: &SettingsPanelProps) -> Html {
    let book = &props.rulebook;
    let draw = |rule: &Rule| {
        let setting = book.settings.iter().find(|setting| setting.name == rule.name)?;
        let wish = Wish { without: Some(rule.name.to_string()), check: rule.broken_check?.to_string() };
        let label = say(t!("Show me what it is for: {rule}", rule = rule.title.clone()));
        let onclick = props.commands.reform(move |_: MouseEvent| Run::ShowMe(Some(wish.clone())).into());
        Some(html! {
            <li key={rule.name}>
                { draw_control(props, setting, Some(cite(rule.source))) }
                <button class="button" data-testid={format!("show-{}", rule.name)} aria-label={label} {onclick}>
                    { say(t!("Show me what it is for")) }
                </button>
            </li>
        })
    };
    html! {
        <div class="settings" data-testid="rules">
            <p class="hint">{ say(t!("Switch a rule off and see what it was for, or be shown: a short run without it beside the same run with it.")) }</p>
            <ul class="rules">{ for book.rules.iter().filter_map(draw) }</ul>
        </div>
    }
}

/// A setting, with what is set in this run.
fn draw_control(props: &SettingsPanelProps, setting: &Setting, remark: Option<Html>) -> Html {
    let book = props.rulebook.clone();
    let value = book.values.get(setting.name).cloned().unwrap_or_else(|| setting.default.clone());
    let (name, seed) = (setting.name.to_string(), props.seed);
    let on_change = props.commands.reform(move |value: Value| {
        let changes = book.ground_of(&name, &value).chain([(name.clone(), value.clone())]).collect::<Vec<_>>();
        if changes.iter().any(|(name, _)| book.is_structural(name)) {
            Run::Restart { changes: set_so_far(&book).chain(changes).collect(), seed }.into()
        } else {
            Command::Act(changes.into_iter().map(|(name, value)| Input::Set { name, value }).collect())
        }
    });
    control::draw(&Control { scope: "setting", setting: setting.clone(), value, on_change, remark })
}

/// The named sets of settings, where the lab has any.
fn draw_presets(props: &SettingsPanelProps) -> Html {
    let book = props.rulebook.clone();
    if book.presets.is_empty() {
        return Html::default();
    }
    let current = book.preset().map(|preset| preset.name);
    let is_default = book.is_as_it_comes();
    let option = |preset: &Preset| {
        html! { <option value={preset.name} selected={current == Some(preset.name)}>{ say(&preset.title) }</option> }
    };
    let options: Html = book.presets.iter().map(option).collect();
    let source = book.preset().map(|preset| cite(preset.source));
    let (seed, of_book) = (props.seed, book.clone());
    let onchange = props.commands.reform(move |event: Event| {
        let name = event.target_unchecked_into::<HtmlSelectElement>().value();
        Run::Restart { changes: of_book.chosen(&name), seed }.into()
    });
    html! {
        <div class="control preset">
            <label for="preset">{ say(t!("As in")) }<small>{ say(t!("starts a new run")) }</small></label>
            <select id="preset" class="button" data-testid="preset" {onchange}>
                <option value="" selected={is_default}>{ say(t!("this lab, as it comes")) }</option>
                if current.is_none() && !is_default {
                    <option value="own" selected=true disabled=true>{ say(t!("settings of my own")) }</option>
                }
                { options }
            </select>
            if let Some(source) = source {
                <small class="hint" data-testid="preset-source">{ source }</small>
            }
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
            Some(seed) => Run::Restart { changes: set_so_far(&book).collect(), seed }.into(),
            None => Notice::Say(t!("A seed is a whole number from 0 to {most}", most = i64::MAX)).into(),
        }
    });
    let book = props.rulebook.clone();
    let another = props.commands.reform(move |_: MouseEvent| match fresh_seed() {
        Some(seed) => Run::Restart { changes: set_so_far(&book).collect(), seed }.into(),
        None => Notice::Say(t!("This browser gives no random numbers: type a seed.")).into(),
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
