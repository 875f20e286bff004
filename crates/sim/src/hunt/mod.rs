//! Hunts: a search for inputs that break a check, shortened afterwards.
//!
//! As TigerBeetle's simulator does it, a run has two phases: faults at random, then everything heals and the run goes on,
//! so that what has to come in the end can come.

mod breadth;
mod hazard;
mod shorten;
mod walk;

use serde::{Deserialize, Serialize};

use crate::catalogue::AnyLab;
use crate::check::{Check, CheckKind, Outcome};
use crate::input::Timed;
use crate::scenario::Scenario;
use crate::settings::{Settings, Value};
use crate::t;
use crate::text::Text;
use crate::work::{has_failed, judge_history, scenario};
use crate::world::World;

pub use breadth::{Breadth, Searched};
pub use hazard::Hazard;
use walk::Walk;

/// What to search.
#[derive(Clone, Debug)]
pub struct Hunt {
    pub lab: &'static dyn AnyLab,
    /// What differs from the lab's default settings, switched-off rules among them.
    pub settings: Settings,
    /// The check to break, or for a *sometimes*, to see; any that is not *sometimes* if none is named.
    pub check: Option<String>,
    /// What may happen.
    pub hazards: Vec<Hazard>,
    /// How many events of faults a run has.
    pub fault_events: u64,
    /// How many events a run goes on after everything has healed. 0 leaves the checks of the *eventually* kind out.
    pub healed_events: u64,
}

/// A run that breaks a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Find {
    /// The name of the check.
    pub check: &'static str,
    /// What it saw.
    pub sentence: Text,
    pub scenario: Scenario,
}

/// How a search stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Runs at random that were tried; in a search of all runs, different moments that were reached.
    pub runs: u64,
    /// Events that were computed.
    pub events: u64,
    /// In a search of all runs: how long those are, in events, that were all seen.
    pub depth: u32,
}

impl Hunt {
    /// A hunt for any check that is not *sometimes*, long enough for the labs' rules.
    pub fn new(lab: &'static dyn AnyLab, settings: Settings) -> Hunt {
        Hunt { lab, settings, check: None, hazards: Hazard::USUAL.to_vec(), fault_events: 400, healed_events: 0 }
    }

    /// The same hunt for one check.
    pub fn for_check(mut self, name: &str) -> Result<Hunt, Text> {
        let checks = self.lab.checks();
        let check = check_named(&checks, name)?;
        if check.kind == CheckKind::Eventually {
            self.healed_events = 3_000;
        }
        self.check = Some(name.to_string());
        Ok(self)
    }

    /// The same hunt with a rule switched off, for the check that the rule keeps unless another one is named already.
    pub fn without(mut self, rule: &str) -> Result<Hunt, Text> {
        let rules = self.lab.rules();
        let switchable = || rules.iter().filter_map(|rule| rule.broken_check.map(|check| (rule.name, check)));
        let Some((name, check)) = switchable().find(|(name, _)| *name == rule) else {
            return Err(t!(
                "there is no rule {name} to switch off; there are: {names}",
                name = rule.to_string(),
                names = switchable().map(|(name, _)| name).collect::<Vec<_>>().join(", ")
            ));
        };
        self.settings = self.settings.with(name, Value::Flag(false));
        if self.check.is_none() { self.for_check(check) } else { Ok(self) }
    }

    fn may(&self, hazard: Hazard) -> bool {
        self.hazards.contains(&hazard)
    }

    /// Searches one seed after the other. `watch` is told after each run how things stand, and ends the search by
    /// answering false.
    pub fn search(
        &self,
        seeds: std::ops::Range<u64>,
        mut watch: impl FnMut(Progress) -> bool,
    ) -> Result<Option<Find>, Text> {
        let mut progress = Progress::default();
        for seed in seeds {
            let (find, events) = self.run(seed)?;
            progress.runs += 1;
            progress.events += events;
            if find.is_some() || !watch(progress) {
                return Ok(find);
            }
        }
        Ok(None)
    }

    /// One run at random. Returns what it broke, and how many events it had.
    pub fn run(&self, seed: u64) -> Result<(Option<Find>, u64), Text> {
        let world = World::new(self.lab, self.settings.clone(), seed)?;
        let settings = world.settings().clone();
        let mut walk = Walk::new(world, seed, &self.hazards);
        walk.faults(self.fault_events);
        if self.healed_events > 0 {
            walk.heal();
            (0..self.healed_events).all(|_| walk.world.step());
        }
        let events = walk.world.event();
        let find = self.broken(&self.lab.checks(), &walk.world).map(|(check, sentence, event)| Find {
            check,
            sentence,
            scenario: scenario(self.lab, inputs_before(&walk.inputs, event), &settings, seed, event),
        });
        Ok((find, events))
    }

    /// The first check that has failed, its sentence, and the event that shows it.
    fn broken(&self, checks: &[Check], world: &World) -> Option<(&'static str, Text, u64)> {
        let wanted = |check: &Check| match &self.check {
            Some(name) => name == check.name,
            None => check.kind == CheckKind::Always || check.kind == CheckKind::Eventually && self.healed_events > 0,
        };
        checks.iter().enumerate().filter(|(_, check)| wanted(check)).find_map(|(place, check)| {
            let verdict = judge_history(check, world.history()).unwrap_or_else(|| world.verdicts().get(place).clone());
            let sentence = verdict.sentence.unwrap_or_else(|| check.title.clone()).with_labels(&world.nodes().labels);
            let event = match check.kind {
                CheckKind::Eventually => world.event(),
                CheckKind::Always | CheckKind::Sometimes => verdict.event.unwrap_or(world.event()),
            };
            // A check that nobody promises is hunted for by its name: because it is to be seen, or judged and broken.
            let is_it =
                has_failed(check.kind, verdict.outcome) || matches!(verdict.outcome, Outcome::Seen | Outcome::Broken);
            is_it.then_some((check.name, sentence, event))
        })
    }
}

/// The check of this name, or a sentence that names those there are.
pub fn check_named<'a>(checks: &'a [Check], name: &str) -> Result<&'a Check, Text> {
    checks.iter().find(|check| check.name == name).ok_or_else(|| {
        let names: Vec<&str> = checks.iter().map(|check| check.name).collect();
        t!("there is no check {name}; there are: {names}", name = name.to_string(), names = names.join(", "))
    })
}

fn inputs_before(inputs: &[Timed], event: u64) -> Vec<Timed> {
    inputs.iter().filter(|timed| timed.after_event < event).cloned().collect()
}
