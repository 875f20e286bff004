//! Hunts: a search for inputs that break a check, shortened afterwards.
//!
//! As TigerBeetle's simulator does it, a run has two phases: faults at random, then everything heals and the run goes on,
//! so that what has to come in the end can come. And what breaks with all rules on as well is no find of a hunt without
//! one of them.

mod breadth;
mod contrast;
mod course;
mod shorten;
mod shortest;
mod walk;

use serde::{Deserialize, Serialize};

use crate::base::settings::{Settings, Value};
use crate::base::text::Text;
use crate::judge::check::{Check, CheckKind, Outcome, Verdict};
use crate::judge::over_history::judge_history;
use crate::kernel::system::Rule;
use crate::kernel::world::World;
use crate::run::catalogue::AnyLab;
use crate::run::catalogue::scenario;
use crate::run::scenario::Scenario;
use crate::t;

pub use crate::kernel::hazard::{Ground, Hazard};
pub use breadth::{Breadth, Searched};
pub use contrast::Contrast;
use course::{Alignment, Course};
pub use shortest::SEEDS_TO_SHOW;
use walk::Walk;

/// How many events a run goes on after everything has healed.
const HEALED_EVENTS: u64 = 6_000;

/// What to search.
#[derive(Clone, Debug)]
pub struct Hunt {
    pub lab: &'static dyn AnyLab,
    /// What differs from the lab's default settings, switched-off rules among them.
    pub settings: Settings,
    /// The check to break, or for a *sometimes*, to see; if none is named, any that is promised.
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
    /// So many of the inputs are faults: what comes after them heals, and has to stay.
    faults: usize,
}

/// How a search stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Runs at random that were tried; in a search of all runs, different moments that were reached.
    pub runs: u64,
    /// Events that were computed.
    pub events: u64,
    /// How long runs are, in events: at random, those tried now before they heal; in a search of all runs, those that were
    /// all seen.
    pub depth: u32,
}

impl Progress {
    /// How a search stands that goes on after another one, by what it tells of itself.
    #[must_use]
    pub fn and(self, next: Progress) -> Progress {
        Progress { runs: self.runs + next.runs, events: self.events + next.events, depth: next.depth }
    }
}

impl Hunt {
    /// A hunt for any check that the lab promises.
    pub fn new(lab: &'static dyn AnyLab, settings: Settings) -> Hunt {
        let Ground { hazards, fault_events, .. } = Ground::default();
        Hunt { lab, settings, check: None, hazards, fault_events, healed_events: HEALED_EVENTS }
    }

    /// The same hunt for one check.
    pub fn for_check(mut self, name: &str) -> Result<Hunt, Text> {
        let checks = self.lab.checks();
        let check = check_named(&checks, name)?;
        self.healed_events = if check.kind == CheckKind::Eventually { HEALED_EVENTS } else { 0 };
        self.check = Some(name.to_string());
        Ok(self)
    }

    /// The same hunt with a rule switched off, for the check that the rule keeps unless another one is named already, and
    /// on the rule's own ground. Settings that are given already stay.
    pub fn without(mut self, name: &str) -> Result<Hunt, Text> {
        let rules = self.lab.rules();
        let switchable = || rules.iter().filter_map(|rule| rule.broken_check.map(|check| (rule, check)));
        let Some((rule, check)) = switchable().find(|(rule, _)| rule.name == name) else {
            return Err(t!(
                "there is no rule {name} to switch off; there are: {names}",
                name = name.to_string(),
                names = switchable().map(|(rule, _)| rule.name).collect::<Vec<_>>().join(", ")
            ));
        };
        let Ground { settings, hazards, fault_events } = rule.ground.clone();
        let new = settings.into_iter().filter(|(name, _)| self.settings.get(name).is_none()).collect::<Vec<_>>();
        let settings = new.into_iter().fold(self.settings, |all, (name, value)| all.with(name, value));
        self.settings = settings.with(rule.name, Value::Flag(false));
        (self.hazards, self.fault_events) = (hazards, fault_events);
        if self.check.is_none() { self.for_check(check) } else { Ok(self) }
    }

    /// The rules that are switched off.
    fn rules_off(&self) -> Vec<Rule> {
        let is_off = |rule: &Rule| rule.broken_check.is_some() && !self.settings.is_on(rule.name);
        self.lab.rules().into_iter().filter(is_off).collect()
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
        let mut progress =
            Progress { depth: u32::try_from(self.fault_events).unwrap_or(u32::MAX), ..Progress::default() };
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
        let mut walk = Walk::new(world, seed, &self.hazards);
        walk.faults(self.fault_events);
        let mut course = walk.course;
        let find = self.judge(&mut course)?;
        Ok((find, course.world.event()))
    }

    /// Judges a run after its first phase, and if nothing has broken, after the second.
    fn judge(&self, course: &mut Course) -> Result<Option<Find>, Text> {
        let checks = self.lab.checks();
        let faults = course.inputs.len();
        let mut broken = self.broken(&checks, &course.world, false);
        if broken.is_none() && self.healed_events > 0 {
            course.heal();
            course.go_on(course.world.event() + self.healed_events);
            broken = self.broken(&checks, &course.world, true);
        }
        let Some((check, sentence, event)) = broken else { return Ok(None) };
        let Course { world, inputs } = &*course;
        let inputs: Vec<_> = inputs.iter().filter(|timed| timed.after_event < event).cloned().collect();
        let faults = if check.kind == CheckKind::Eventually { faults } else { inputs.len() };
        let scenario = scenario(self.lab, inputs, world.settings(), world.seed(), event);
        let find = Find { check: check.name, sentence, scenario, faults };
        Ok(if self.breaks_anyway(&find)? { None } else { Some(find) })
    }

    /// The first check that has failed, its sentence, and the event that shows it. Those of the kind *eventually* count
    /// where the run has come to its end.
    fn broken<'a>(&self, checks: &'a [Check], world: &World, has_ended: bool) -> Option<(&'a Check, Text, u64)> {
        let wanted = |check: &Check| match &self.check {
            Some(name) => name == check.name,
            None => check.kind != CheckKind::Sometimes && check.is_promised(world.settings()),
        };
        let is_due = |check: &Check| has_ended || check.kind != CheckKind::Eventually;
        checks.iter().enumerate().filter(|(_, check)| wanted(check) && is_due(check)).find_map(|(place, check)| {
            let verdict = verdict(check, place, world);
            let is_it = match verdict.outcome {
                Outcome::Waiting => self.waits_in_vain(&verdict, world),
                // A check that nobody promises is hunted for by its name: because it is to be seen, or judged and broken.
                outcome => matches!(outcome, Outcome::Broken | Outcome::Seen),
            };
            let event = verdict.event.filter(|_| verdict.outcome != Outcome::Waiting).unwrap_or(world.event());
            let sentence = verdict.sentence.unwrap_or_else(|| match verdict.outcome {
                Outcome::Waiting => t!("never reached: {check}", check = check.title.clone()),
                _ => check.title.clone(),
            });
            is_it.then(|| (check, sentence.with_labels(&world.nodes().labels), event))
        })
    }

    /// Whether what has to come in the end has not been there for half of the time since everything healed. With a load
    /// that never ends, it comes and goes.
    fn waits_in_vain(&self, verdict: &Verdict, world: &World) -> bool {
        let since = verdict.event.unwrap_or(0);
        world.next_at_us().is_none() || since + self.healed_events / 2 <= world.event()
    }

    /// Whether the check fails with all rules on too, when the same is done at the same events or at the same moments.
    fn breaks_anyway(&self, find: &Find) -> Result<bool, Text> {
        let off = self.rules_off();
        if off.is_empty() {
            return Ok(false);
        }
        let settings = off.iter().fold(self.settings.clone(), |all, rule| all.with(rule.name, Value::Flag(true)));
        let checks = self.lab.checks();
        let place = checks.iter().position(|check| check.name == find.check).expect("the check that was found");
        for alignment in Alignment::BOTH {
            let mut course = Course::new(World::new(self.lab, settings.clone(), find.scenario.seed)?);
            course.follow(&find.scenario.inputs, alignment);
            course.go_on(find.scenario.cursor);
            let outcome = verdict(&checks[place], place, &course.world).outcome;
            if matches!(outcome, Outcome::Broken | Outcome::Waiting) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// How a check stands at the end of a run; `place` is its own in the list.
fn verdict(check: &Check, place: usize, world: &World) -> Verdict {
    judge_history(check, world.history()).unwrap_or_else(|| world.verdicts().get(place).clone())
}

/// The check of this name, or a sentence that names those there are.
pub fn check_named<'a>(checks: &'a [Check], name: &str) -> Result<&'a Check, Text> {
    checks.iter().find(|check| check.name == name).ok_or_else(|| {
        let names: Vec<&str> = checks.iter().map(|check| check.name).collect();
        t!("there is no check {name}; there are: {names}", name = name.to_string(), names = names.join(", "))
    })
}
