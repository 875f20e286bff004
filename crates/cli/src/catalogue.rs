//! `netsplit labs`.

use std::process::ExitCode;

use labs::registry::{self, LABS};
use serde_json::{Value, json};
use sim::experiment::Experiment;
use sim::{AnyLab, Setting, SettingKind, Text};

use crate::output::say;
use crate::print_json;

/// Lists all labs.
pub fn print(as_json: bool) -> Result<ExitCode, String> {
    if as_json {
        let labs = LABS.iter().map(|lab| card(*lab)).collect::<Result<Vec<Value>, String>>()?;
        print_json(&labs)?;
    } else {
        for lab in LABS {
            print_lab(*lab)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn print_lab(lab: &'static dyn AnyLab) -> Result<(), String> {
    let about = lab.about();
    say!("{} · {} ({})\n  {}", about.id, about.title, about.chapter, about.summary);
    say!("\n  scenarios");
    for card in lab.open().map_err(|error| error.to_string())?.scenarios() {
        say!("    {:<22} {}", card.name, card.title);
    }
    say!("\n  rules that can be switched off");
    for rule in lab.rules().iter().filter(|rule| rule.broken_check.is_some()) {
        say!("    {:<22} {} [{}]", rule.name, rule.title, rule.source);
    }
    say!("\n  checks");
    for check in lab.checks() {
        say!("    {:<22} {:?}: {}", check.name, check.kind, check.title);
    }
    say!("\n  settings");
    let rules = lab.rules();
    for setting in lab.settings().iter().filter(|setting| rules.iter().all(|rule| rule.name != setting.name)) {
        say!("    {}", setting_line(setting));
    }
    say!("\n  presets");
    for preset in lab.presets() {
        say!("    {:<22} {} [{}]", preset.name, preset.title, preset.source);
    }
    say!("\n  experiments");
    for experiment in experiments(lab)? {
        say!("    {}/{:<17} {}", about.id, experiment.name, experiment.title);
    }
    Ok(())
}

fn experiments(lab: &'static dyn AnyLab) -> Result<Vec<Experiment>, String> {
    registry::experiments(lab.about().id).map_err(|error: Text| error.to_string())
}

/// One setting with what it takes, for a list.
pub fn setting_line(setting: &Setting) -> String {
    let takes = match &setting.kind {
        SettingKind::Integer { least, most, unit } => format!("{least} to {most} {unit}").trim_end().to_string(),
        SettingKind::Choice(choices) => choices.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" | "),
        SettingKind::Switch => "true | false".to_string(),
        SettingKind::Text { longest } => format!("text, at most {longest} characters"),
    };
    format!("{:<22} {} ({takes}; {})", setting.name, setting.title, setting.default)
}

fn card(lab: &'static dyn AnyLab) -> Result<Value, String> {
    let about = lab.about();
    let scenarios = lab.open().map_err(|error| error.to_string())?.scenarios();
    let settings: Vec<Value> = lab.settings().iter().map(setting_card).collect();
    Ok(json!({
        "id": about.id,
        "title": about.title.to_string(),
        "chapter": about.chapter.to_string(),
        "summary": about.summary.to_string(),
        "settings": settings,
        "scenarios": scenarios.iter().map(|card| json!({
            "name": card.name, "title": card.title.to_string(), "summary": card.summary.to_string(),
        })).collect::<Vec<_>>(),
        "presets": lab.presets().iter().map(|preset| json!({
            "name": preset.name, "title": preset.title.to_string(), "source": preset.source,
            "settings": preset.settings.iter().map(|(name, value)| (name.to_string(), json!(value)))
                .collect::<serde_json::Map<String, Value>>(),
        })).collect::<Vec<_>>(),
        "rules": lab.rules().iter().map(|rule| json!({
            "name": rule.name, "title": rule.title.to_string(), "source": rule.source,
            "switchable": rule.broken_check.is_some(), "check": rule.broken_check,
            "hunted": rule.broken_check.map(|_| json!({
                "set": pairs(&rule.ground.settings),
                "may": rule.ground.hazards.iter().map(|hazard| hazard.name()).collect::<Vec<_>>(),
                "events": rule.ground.fault_events,
            })),
        })).collect::<Vec<_>>(),
        "checks": lab.checks().iter().map(|check| json!({
            "name": check.name, "title": check.title.to_string(), "meaning": check.meaning.to_string(),
            "kind": format!("{:?}", check.kind).to_lowercase(),
            "promised_under": pairs(&check.promised_under),
        })).collect::<Vec<_>>(),
        "experiments": experiments(lab)?.iter().map(|experiment| json!({
            "name": format!("{}/{}", about.id, experiment.name), "title": experiment.title.to_string(),
            "source": experiment.source, "runs": experiment.runs,
            "settings": experiment.settings.iter().map(setting_card).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    }))
}

/// Settings with their values, as they are typed.
fn pairs(settings: &[(&str, sim::Value)]) -> Vec<String> {
    settings.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn setting_card(setting: &Setting) -> Value {
    let mut card = json!({
        "name": setting.name,
        "title": setting.title.to_string(),
        "default": setting.default,
        "structural": setting.structural,
    });
    card["kind"] = match &setting.kind {
        SettingKind::Integer { least, most, unit } => {
            json!({"type": "integer", "least": least, "most": most, "unit": unit})
        }
        SettingKind::Choice(choices) => {
            json!({"type": "choice", "choices": choices.iter().map(|(name, _)| *name).collect::<Vec<_>>()})
        }
        SettingKind::Switch => json!({"type": "switch"}),
        SettingKind::Text { longest } => json!({"type": "text", "longest": longest}),
    };
    card
}
