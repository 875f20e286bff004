//! A visitor's branches as data, to be kept and opened again.

use serde::{Deserialize, Serialize};

use crate::base::settings::Settings;
use crate::base::text::Text;
use crate::kernel::input::Timed;
use crate::kernel::world::World;
use crate::run::scenario::Scenario;
use crate::run::timeline::Timeline;
use crate::session::work::{Branch, Work};
use crate::session::{Fork, LabSession as _};
use crate::t;

/// How many events after its moment are computed when a branch is opened again: what comes later is computed when somebody
/// goes there.
pub const MOST_AHEAD: u64 = 100_000;

/// All branches of a run: each as far as it differs from the others, since equal inputs pack into next to nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// As in [`Scenario::version`].
    pub version: u32,
    pub branches: Vec<Limb>,
    /// The place of the branch that is shown.
    pub selected: usize,
    /// How many branches there have been.
    pub made: u32,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limb {
    pub letter: String,
    pub title: Text,
    pub is_named: bool,
    /// The branches that it came from, the nearest first.
    pub past: Vec<Fork>,
    /// What differs from the lab's default settings.
    pub settings: Settings,
    pub seed: u64,
    pub inputs: Vec<Timed>,
    /// The inputs that it was opened with.
    pub prepared: Vec<Timed>,
    pub left: Left,
}

/// Where a branch was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// How many events had happened at its moment.
    pub cursor: u64,
    /// How many had been computed.
    pub length: u64,
}

impl Work {
    /// The branches as they are now.
    pub fn tree(&self) -> Tree {
        let limb = |branch: &Branch| {
            let (start, now) = (branch.timeline.start(), branch.timeline.world().event());
            Limb {
                letter: branch.letter.clone(),
                title: branch.title.clone(),
                is_named: branch.is_named,
                past: branch.past.clone(),
                settings: start.settings().changed(&self.settings),
                seed: start.seed(),
                inputs: branch.timeline.inputs().to_vec(),
                prepared: branch.prepared.clone(),
                left: branch.left.unwrap_or(Left { cursor: now, length: branch.timeline.length() }),
            }
        };
        Tree {
            version: Scenario::VERSION,
            branches: self.branches.iter().map(limb).collect(),
            selected: self.selected,
            made: self.branches_made,
        }
    }

    /// Puts these branches in the place of all there are. Each is computed when somebody goes to it; the one that is shown
    /// stands at its beginning.
    ///
    /// # Errors
    ///
    /// Says why one of them cannot be opened; then all is as before.
    pub fn plant(&mut self, tree: &Tree) -> Result<(), Text> {
        if tree.version != Scenario::VERSION {
            return Err(t!("another version of Netsplit has made it, and it would replay differently here"));
        }
        if tree.selected >= tree.branches.len() {
            return Err(t!("it is damaged"));
        }
        let branch = |limb: &Limb| {
            let Limb { settings, seed, inputs, left, .. } = limb.clone();
            let lab = self.about().id.to_string();
            let scenario = Scenario { version: tree.version, lab, settings, seed, inputs, cursor: 0 };
            scenario.accept()?;
            let world = World::new(self.lab, scenario.settings, seed)?;
            Ok(Branch {
                letter: limb.letter.clone(),
                title: limb.title.clone(),
                is_named: limb.is_named,
                past: limb.past.clone(),
                timeline: Timeline::new(world, scenario.inputs),
                left: Some(Left { cursor: left.cursor.min(Scenario::MOST_EVENTS), ..left }),
                prepared: limb.prepared.clone(),
                scout: None,
                followers: self.followers(),
            })
        };
        let branches = tree.branches.iter().map(branch).collect::<Result<Vec<Branch>, Text>>()?;
        self.clear();
        (self.branches, self.selected, self.branches_made) = (branches, tree.selected, tree.made);
        self.branches[self.selected].left = None;
        Ok(())
    }

    /// Puts the branch back that was removed last, and goes to it.
    ///
    /// # Errors
    ///
    /// Says so when there is none.
    pub fn regrow(&mut self) -> Result<(), Text> {
        let (place, branch) = self.removed.take().ok_or_else(|| t!("no branch has been removed"))?;
        self.selected = place.min(self.branches.len());
        self.branches.insert(self.selected, branch);
        self.wake(self.selected);
        Ok(())
    }
}
