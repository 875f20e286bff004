//! Some of Raft's checks, for a lab whose nodes speak Raft and that shows only what its own rules keep.

use serde::Serialize;
use sim::check::Outcome;
use sim::{Check, Checks, Monitor as _, Observation, Verdicts};

use super::{Monitor, Raft, RaftNode};

/// Raft's own monitor, of whose checks a lab shows some.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Picked {
    raft: Monitor,
    /// What it says of all its checks, and the places of those that are shown.
    judged: Option<(Verdicts, Vec<usize>)>,
}

impl Picked {
    /// Raft's checks of these names, in this order.
    pub(crate) fn checks(names: &[&str]) -> Vec<Check> {
        let mut of_raft = Raft::checks();
        let mut take = |name: &&str| {
            let place = of_raft.iter().position(|check| check.name == *name)?;
            Some(Check { kept_by: None, ..of_raft.swap_remove(place) })
        };
        names.iter().filter_map(&mut take).collect()
    }

    /// Watches on, and passes on what is said of these checks, which stand first in the list of the lab.
    pub(crate) fn observe(&mut self, names: &[&str], seen: &Observation<'_, RaftNode>, verdicts: &mut Verdicts) {
        let (judged, places) = self.judged.get_or_insert_with(|| {
            let checks = Raft::checks();
            let place = |name: &&str| checks.iter().position(|check| check.name == *name);
            (Verdicts::new(&checks), names.iter().filter_map(place).collect())
        });
        self.raft.observe(seen, judged);
        for (here, there) in places.iter().enumerate() {
            let verdict = judged.get(*there);
            match verdict.outcome {
                Outcome::Broken => {
                    verdicts.broken(here, &verdict.nodes, || verdict.sentence.clone().unwrap_or_default());
                }
                Outcome::Reached => verdicts.reached(here, true),
                Outcome::Waiting => verdicts.reached(here, false),
                _ => {}
            }
        }
    }
}
