//! What a lab brings besides the system that runs: moments worth looking at, and what is measured and compared.

use std::fmt::Debug;

use serde::Serialize;

use crate::base::settings::{Settings, Value};
use crate::base::text::{QUOTED, Text, choices, excerpt};
use crate::judge::check::Outcome;
use crate::kernel::system::{Machinery, System};
use crate::run::director::Director;
use crate::run::experiment::{Experiment, Report};
use crate::run::sight::Sight;
use crate::t;

/// A lab: one topic with its protocol, settings, scenarios, checks and looks. Each of these is a trait of its own, which a
/// lab implements where the content stands: its rules in `rules.rs`, its looks in `view.rs`.
pub trait Lab: Machinery + Presets + Scenarios + Experiments {}

impl<L: Machinery + Presets + Scenarios + Experiments> Lab for L {}

/// Settings that go together, as real systems have them.
pub trait Presets: System {
    /// The named sets of settings, if there are any.
    fn presets() -> Vec<Preset> {
        Vec::new()
    }
}

/// Moments worth looking at.
pub trait Scenarios: System {
    /// The prepared scenarios; a visitor meets the first one first.
    fn scenarios() -> Vec<Prepared<Self>>;
}

/// What is measured.
pub trait Experiments: System {
    /// The quantities that the literature predicts, if it does.
    fn experiments() -> Vec<Experiment> {
        Vec::new()
    }

    /// Measures one of them, by its name, from seed 1 on, with these settings changed.
    ///
    /// # Errors
    ///
    /// Says what is wrong: the name, a setting, or what the experiment cannot measure.
    fn measure(name: &str, changes: Settings, runs: u32) -> Result<Report, Text> {
        let known = Self::experiments();
        let names: Vec<&str> = known.iter().map(|experiment| experiment.name).collect();
        let experiment = known.iter().find(|experiment| experiment.name == name);
        let experiment = experiment.ok_or_else(|| {
            t!("There is no experiment {name}, only {names}.", name = name.to_string(), names = names.join(", "))
        })?;
        (experiment.measure)(&changes.accept(&experiment.settings)?, runs, 1)
    }
}

/// Settings that go together, under a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// The name on the command line.
    pub name: &'static str,
    /// Whose settings these are: "etcd's defaults".
    pub title: Text,
    /// Where they are documented.
    pub source: &'static str,
    /// What differs from the defaults of the lab.
    pub settings: Vec<(&'static str, Value)>,
}

/// A prepared scenario.
pub struct Prepared<L: System> {
    /// The name in addresses and on the command line.
    pub name: &'static str,
    pub title: Text,
    /// What there is to see, in a sentence or two.
    pub summary: Text,
    pub seed: u64,
    /// What differs from the default settings.
    pub settings: Vec<(&'static str, Value)>,
    /// What of the screen it needs.
    pub sight: Sight,
    /// Leads the run to the opening moment.
    pub direct: fn(&mut Director<L>),
    /// How checks stand at the opening moment; checks not named here must not be broken.
    pub expect: Vec<(&'static str, Outcome)>,
}

impl<L: System> Debug for Prepared<L> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Prepared").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The preset of this name, or a sentence that names those there are.
pub fn preset_named(presets: &[Preset], name: &str) -> Result<Preset, Text> {
    presets.iter().find(|preset| preset.name == name).cloned().ok_or_else(|| {
        let name = excerpt(name, QUOTED);
        if presets.is_empty() {
            return t!("there is no preset {name}: this lab has none", name = name);
        }
        let names: Vec<&str> = presets.iter().map(|preset| preset.name).collect();
        t!("there is no preset {name}; there are: {names}", name = name, names = choices(&names))
    })
}
