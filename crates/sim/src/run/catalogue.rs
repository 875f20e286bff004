//! A lab behind a plain interface: what sessions, hunts and a list of all labs call.

use std::fmt::{self, Debug};

use serde::Serialize;

use crate::base::settings::Settings;
use crate::base::text::{QUOTED, Text, choices, excerpt};
use crate::judge::check::Outcome;
use crate::judge::history::Model;
use crate::kernel::erased::{AnySystem, Of};
use crate::kernel::input::Timed;
use crate::kernel::world::World;
use crate::run::director::Director;
use crate::run::lab::{Lab, Prepared, Preset};
use crate::run::scenario::Scenario;
use crate::run::sight::Sight;
use crate::t;

/// A lab with its types hidden.
pub trait AnyLab: AnySystem {
    /// The named sets of settings.
    fn presets(&self) -> Vec<Preset>;
    /// What the operations of clients are judged as.
    fn model(&self) -> Option<Model>;
    /// The prepared scenarios.
    fn scenarios(&self) -> Vec<ScenarioCard>;
    /// Leads a prepared scenario to its opening moment.
    fn prepare(&'static self, scenario: &str) -> Result<PreparedRun, Text>;
}

/// A prepared scenario in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioCard {
    pub name: &'static str,
    pub title: Text,
    pub summary: Text,
    /// What of the screen it needs.
    pub sight: Sight,
}

/// A prepared scenario, directed.
#[derive(Clone, Debug)]
pub struct PreparedRun {
    pub scenario: Scenario,
    /// The world at its opening moment.
    pub world: World,
    /// What was refused on the way: a mistake in the lab.
    pub refusals: Vec<Text>,
    /// How the lab says that checks stand.
    pub expect: Vec<(&'static str, Outcome)>,
}

impl Debug for dyn AnyLab {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.about().id)
    }
}

impl<L: Lab> AnyLab for Of<L> {
    fn presets(&self) -> Vec<Preset> {
        L::presets()
    }

    fn model(&self) -> Option<Model> {
        L::model()
    }

    fn scenarios(&self) -> Vec<ScenarioCard> {
        let card =
            |Prepared { name, title, summary, sight, .. }: Prepared<L>| ScenarioCard { name, title, summary, sight };
        L::scenarios().into_iter().map(card).collect()
    }

    fn prepare(&'static self, name: &str) -> Result<PreparedRun, Text> {
        let prepared = L::scenarios().into_iter().find(|prepared| prepared.name == name);
        let Some(prepared) = prepared else { return Err(no_scenario(self, name)) };
        let settings =
            prepared.settings.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let mut director = Director::<L>::new(settings, prepared.seed)?;
        let settings = director.world().settings().clone();
        (prepared.direct)(&mut director);
        let (world, inputs, refusals) = director.finish();
        let scenario = scenario(self, inputs, &settings, prepared.seed, world.event());
        Ok(PreparedRun { scenario, world, refusals, expect: prepared.expect })
    }
}

fn no_scenario(lab: &'static dyn AnyLab, name: &str) -> Text {
    let names: Vec<&str> = lab.scenarios().iter().map(|card| card.name).collect();
    t!("there is no scenario {name}; there are: {names}", name = excerpt(name, QUOTED), names = choices(&names))
}

/// The scenario of a run of this lab.
pub(crate) fn scenario(
    lab: &'static dyn AnyLab,
    inputs: Vec<Timed>,
    settings: &Settings,
    seed: u64,
    cursor: u64,
) -> Scenario {
    Scenario {
        version: Scenario::VERSION,
        lab: lab.about().id.to_string(),
        settings: settings.changed(&lab.settings()),
        seed,
        inputs,
        cursor,
    }
}
