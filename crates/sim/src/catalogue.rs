//! A lab behind a plain interface, so that a list can hold all labs.

use std::marker::PhantomData;
use std::ops::Range;

use crate::check::{Check, Outcome};
use crate::experiment::Experiment;
use crate::hunt::{Find, Hunt, Progress, without_rule};
use crate::lab::{About, Lab, Rule, all_settings};
use crate::scenario::Scenario;
use crate::session::LabSession;
use crate::settings::{Setting, Settings};
use crate::t;
use crate::text::Text;
use crate::work::{Work, direct};
use crate::world::World;

/// What can be done with any lab without knowing its types.
pub trait AnyLab: Sync {
    /// The name card.
    fn about(&self) -> About;
    /// The settings, with a switch for each rule.
    fn settings(&self) -> Vec<Setting>;
    /// The rules of the protocol.
    fn rules(&self) -> Vec<Rule>;
    /// The checks.
    fn checks(&self) -> Vec<Check>;
    /// A session at the opening moment of the first scenario.
    fn open(&self) -> Result<Box<dyn LabSession>, Text>;
}

/// What tests and terminals do with a lab besides. A trait of its own, so that the web page need not carry it.
pub trait LabTools: AnyLab {
    /// The experiments.
    fn experiments(&self) -> Vec<Experiment>;
    /// Leads a prepared scenario to its opening moment.
    fn prepare(&self, scenario: &str) -> Result<PreparedRun, Text>;
    /// A hunt for a check (any check if none is named) with one rule switched off or none.
    fn hunt(&self, settings: Settings, check: Option<&str>, without: Option<&str>) -> Result<Hunt, Text>;
    /// Searches these seeds; see [`Hunt::search`].
    fn search(
        &self,
        hunt: &Hunt,
        seeds: Range<u64>,
        watch: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Option<Find>, Text>;
    /// Shortens what was found; see [`Hunt::shorten`].
    fn shorten(&self, hunt: &Hunt, find: Find) -> Result<Find, Text>;
    /// Runs from the start for so many events, with the checks or without. Returns how many messages were delivered.
    fn run(&self, settings: Settings, seed: u64, events: u64, watched: bool) -> Result<u64, Text>;
}

/// A prepared scenario, directed.
#[derive(Clone, Debug)]
pub struct PreparedRun {
    pub scenario: Scenario,
    /// What was refused on the way: a mistake in the lab.
    pub refusals: Vec<Text>,
    /// How the lab says that checks stand.
    pub expect: Vec<(&'static str, Outcome)>,
}

/// The lab of this type, for the registry.
#[derive(Debug)]
pub struct Of<L>(PhantomData<fn() -> L>);

impl<L: Lab> Of<L> {
    /// The entry of the registry.
    pub const LAB: Of<L> = Of(PhantomData);
}

impl<L: Lab> AnyLab for Of<L> {
    fn about(&self) -> About {
        L::about()
    }

    fn settings(&self) -> Vec<Setting> {
        all_settings::<L>()
    }

    fn rules(&self) -> Vec<Rule> {
        L::rules()
    }

    fn checks(&self) -> Vec<Check> {
        L::checks()
    }

    fn open(&self) -> Result<Box<dyn LabSession>, Text> {
        Ok(Box::new(Work::<L>::new()?))
    }
}

impl<L: Lab> LabTools for Of<L> {
    fn experiments(&self) -> Vec<Experiment> {
        L::experiments()
    }

    fn prepare(&self, scenario: &str) -> Result<PreparedRun, Text> {
        let scenarios = L::scenarios();
        let prepared = scenarios
            .iter()
            .find(|prepared| prepared.name == scenario)
            .ok_or_else(|| t!("there is no scenario {name}", name = scenario.to_string()))?;
        let (scenario, refusals) = direct(prepared)?;
        Ok(PreparedRun { scenario, refusals, expect: prepared.expect.clone() })
    }

    fn hunt(&self, settings: Settings, check: Option<&str>, without: Option<&str>) -> Result<Hunt, Text> {
        let settings = match without {
            Some(rule) => without_rule::<L>(settings, rule)?,
            None => settings,
        };
        let of_rule = |name: &str| L::rules().iter().find(|rule| rule.name == name).and_then(|rule| rule.broken_check);
        let hunt = Hunt::new(settings);
        match check.or_else(|| without.and_then(of_rule)) {
            Some(check) => hunt.for_check::<L>(check),
            None => Ok(hunt),
        }
    }

    fn search(
        &self,
        hunt: &Hunt,
        seeds: Range<u64>,
        watch: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Option<Find>, Text> {
        hunt.search::<L>(seeds, watch)
    }

    fn shorten(&self, hunt: &Hunt, find: Find) -> Result<Find, Text> {
        hunt.shorten::<L>(find)
    }

    fn run(&self, settings: Settings, seed: u64, events: u64, watched: bool) -> Result<u64, Text> {
        let mut world = World::<L>::new(settings, seed)?;
        if !watched {
            world = world.unwatched();
        }
        while world.event() < events && world.step() {}
        Ok(world.messages_delivered())
    }
}
