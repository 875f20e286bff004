//! Short runs first: what somebody is to look at should be over soon, and take little.

use std::iter::successors;
use std::ops::Range;

use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::hunt::{Find, Hazard, Hunt, check_named};
use crate::run::catalogue::AnyLab;

/// The seeds that are searched for what somebody wants to be shown.
pub const SEEDS_TO_SHOW: Range<u64> = 0..3_000;

/// How many events of faults the shortest runs have at the least.
const SHORTEST_EVENTS: u64 = 20;

/// How many events all runs of a length have together, before longer ones are tried.
const ROUND_EVENTS: u64 = 40_000;

/// How many finds of a length are compared.
const MOST_COMPARED: usize = 8;

/// A find that takes no more inputs than this is good enough.
const FEW_INPUTS: usize = 3;

impl Hunt {
    /// A hunt for a check that is to be seen, in which anything may happen: with the default settings, and where the check needs
    /// others, with the first of those.
    ///
    /// # Errors
    ///
    /// Says which checks there are if there is none of this name.
    pub fn to_see(lab: &'static dyn AnyLab, check: &str) -> Result<Hunt, Text> {
        let (checks, known) = (lab.checks(), lab.settings());
        let needed = check_named(&checks, check)?.needed(&known);
        let settings = needed.fold(Settings::default(), |all, (name, value)| all.with(name, value));
        let hunt = Hunt::new(lab, settings).for_check(check)?;
        Ok(Hunt { hazards: Hazard::ALL.to_vec(), ..hunt })
    }

    /// Searches runs of few events first, then of twice as many, up to as many as this hunt has. The first finds of each
    /// length are shortened, until one takes a few inputs only; else the answer is the one that takes fewest. `search` looks
    /// for a find of a hunt in some seeds: [`Hunt::search`], or the same on several threads.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings.
    pub fn shortest(
        &self,
        seeds: Range<u64>,
        mut search: impl FnMut(&Hunt, Range<u64>) -> Result<Option<Find>, Text>,
    ) -> Result<Option<Find>, Text> {
        let mut best: Option<Find> = None;
        for hunt in self.by_length() {
            let is_last_hope = hunt.fault_events == self.fault_events && best.is_none();
            let mut rest = if is_last_hope { seeds.clone() } else { hunt.seeds_of_round(&seeds) };
            for _ in 0..MOST_COMPARED {
                let Some(find) = search(&hunt, rest.clone())? else { break };
                rest.start = find.scenario.seed.saturating_add(1);
                let find = hunt.shorten(find)?;
                if find.scenario.inputs.len() <= FEW_INPUTS {
                    return Ok(Some(find));
                }
                if best.as_ref().is_none_or(|best| find.scenario.inputs.len() < best.scenario.inputs.len()) {
                    best = Some(find);
                }
            }
        }
        Ok(best)
    }

    /// The same hunt with runs of few events, of twice as many, and so on.
    fn by_length(&self) -> Vec<Hunt> {
        let lengths = successors(Some(self.fault_events), |events| Some(events / 2));
        let lengths = lengths.take_while(|events| *events == self.fault_events || *events >= SHORTEST_EVENTS);
        let mut hunts: Vec<Hunt> = lengths.map(|fault_events| Hunt { fault_events, ..self.clone() }).collect();
        hunts.reverse();
        hunts
    }

    /// The seeds that runs of this length are tried with.
    fn seeds_of_round(&self, all: &Range<u64>) -> Range<u64> {
        let count = ROUND_EVENTS / (self.fault_events + self.healed_events).max(1);
        all.start..all.end.min(all.start.saturating_add(count))
    }
}
