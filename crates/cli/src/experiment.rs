//! `netsplit experiment`.

use std::process::ExitCode;

use labs::registry;
use serde_json::{Map, json};
use sim::Settings;
use sim::experiment::{Experiment, Metric, Report};

use crate::catalogue::setting_line;
use crate::output::say;
use crate::{parse_settings, print_json};

/// Lists all experiments.
pub fn list() -> Result<ExitCode, String> {
    for lab in registry::LABS {
        let id = lab.about().id;
        for experiment in registry::experiments(id).map_err(|error| error.to_string())? {
            say!("{id}/{}: {}", experiment.name, experiment.title);
            say!("  {}", experiment.source);
            for setting in &experiment.settings {
                say!("    {}", setting_line(setting));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures and prints the numbers beside the published ones.
pub fn measure(name: &str, set: &[String], runs: Option<u32>, seed: u64, as_json: bool) -> Result<ExitCode, String> {
    let experiment = find(name)?;
    let changes = parse_settings(&experiment.settings, set)?;
    let settings = changes.into_iter().fold(Settings::default(), |all, (name, value)| all.with(&name, value));
    let settings = settings.accept(&experiment.settings).map_err(|error| error.to_string())?;
    let runs = runs.unwrap_or(experiment.runs);
    if runs == 0 {
        return Err("--runs takes a whole number from 1".to_string());
    }
    let report = (experiment.measure)(&settings, runs, seed).map_err(|error| error.to_string())?;
    if as_json {
        print_report_json(name, &settings, runs, seed, &report)?;
    } else {
        say!("{} ({runs} runs)", experiment.title);
        say!("published: {}\n", experiment.source);
        say!("{:<24} {:>14} {:>14} {:>9}", "", "measured", "published", "off by");
        report.metrics.iter().for_each(print_metric);
    }
    Ok(ExitCode::SUCCESS)
}

fn find(name: &str) -> Result<Experiment, String> {
    let (lab, experiment) =
        name.split_once('/').ok_or_else(|| format!("write LAB/NAME, for instance raft/election-time, not {name}"))?;
    let experiments = registry::experiments(lab).map_err(|error| error.to_string())?;
    let names: Vec<&str> = experiments.iter().map(|experiment| experiment.name).collect();
    let names = names.join(", ");
    experiments
        .into_iter()
        .find(|known| known.name == experiment)
        .ok_or_else(|| format!("the lab {lab} has no experiment {experiment}; it has: {names}"))
}

fn print_metric(metric: &Metric) {
    let published = metric.published_millionths.map(|published| decimal(published, metric.unit)).unwrap_or_default();
    let difference = metric
        .published_millionths
        .filter(|published| *published != 0)
        .map(|published| format!("{:+.1} %", (metric.millionths - published) as f64 * 100.0 / published as f64));
    say!(
        "{:<24} {:>14} {published:>14} {:>9}",
        metric.name,
        decimal(metric.millionths, metric.unit),
        difference.unwrap_or_default()
    );
}

/// Three places, and six for what is less than a hundredth: shares can be small.
fn decimal(millionths: i64, unit: &str) -> String {
    let places = if millionths != 0 && millionths.abs() < 10_000 { 6 } else { 3 };
    format!("{:.places$} {unit}", millionths as f64 / 1e6)
}

fn print_report_json(name: &str, settings: &Settings, runs: u32, seed: u64, report: &Report) -> Result<(), String> {
    let number = |millionths: i64| json!(millionths as f64 / 1e6);
    let mut metrics = Map::new();
    let mut published = Map::new();
    for metric in &report.metrics {
        metrics.insert(metric.name.clone(), number(metric.millionths));
        if let Some(millionths) = metric.published_millionths {
            published.insert(metric.name.clone(), number(millionths));
        }
    }
    let settings: Map<_, _> = settings.iter().map(|(name, set)| (name.to_string(), json!(set))).collect();
    let units: Map<_, _> = report.metrics.iter().map(|metric| (metric.name.clone(), json!(metric.unit))).collect();
    print_json(&json!({
        "experiment": name, "settings": settings, "runs": runs, "seed": seed,
        "metrics": metrics, "units": units, "published": published,
    }))
}
