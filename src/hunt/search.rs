//! The search itself, as it goes on in a worker.

use sim::Text;
use sim::hunt::{Breadth, Hunt, Progress, Searched};

use super::{MOST_MOMENTS, MOST_RUNS, Quarry, Report, Way};
use crate::worker::{Errand, Work};

/// How many runs lie between two reports of a search at random.
const RUNS_A_REPORT: u64 = 100;

impl From<Quarry> for Errand {
    fn from(quarry: Quarry) -> Errand {
        Errand::Hunt(quarry)
    }
}

impl Work for Quarry {
    type Report = Report;

    /// Searches and shortens.
    fn run(self, tell: &dyn Fn(Report)) -> Result<Report, Text> {
        let lab = labs::registry::lab(&self.lab)?;
        let mut hunt = Hunt::new(lab, self.settings.clone()).for_check(&self.check)?;
        hunt.hazards.clone_from(&self.hazards);
        hunt.fault_events = self.fault_events;
        let find = match self.way {
            Way::Random { first_seed } => {
                let seeds = first_seed..first_seed.saturating_add(MOST_RUNS);
                let mut last = Progress::default();
                let found = hunt.search(seeds, |progress| {
                    last = progress;
                    if progress.runs % RUNS_A_REPORT == 1 {
                        tell(Report::Progress(progress));
                    }
                    true
                });
                match found? {
                    Some(find) => find,
                    None => {
                        tell(Report::Progress(last));
                        return Ok(Report::RanOut);
                    }
                }
            }
            Way::All { events } => {
                let limits = Breadth { events, moments: MOST_MOMENTS };
                let watch = |progress| {
                    tell(Report::Progress(progress));
                    true
                };
                match hunt.search_all(limits, watch)? {
                    Searched::Found(find) => find,
                    Searched::Full { events } => return Ok(Report::Nothing { events, is_full: true }),
                    Searched::Nothing { events } | Searched::Stopped { events } => {
                        return Ok(Report::Nothing { events, is_full: false });
                    }
                }
            }
        };
        tell(Report::Found(find.scenario.clone()));
        hunt.shorten(find).map(|find| Report::Shortened(find.scenario))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use sim::hunt::Hazard;
    use sim::{Settings, Value};

    use super::*;

    fn quarry(check: &str, way: Way) -> Quarry {
        let settings = [("servers", 3), ("clients", 0)]
            .iter()
            .fold(Settings::default(), |settings, (name, number)| settings.with(name, Value::Integer(*number)));
        Quarry {
            lab: "raft".into(),
            settings,
            check: check.into(),
            hazards: vec![Hazard::Timer],
            fault_events: 400,
            way,
        }
    }

    fn run(quarry: &Quarry) -> (Vec<Report>, Result<Report, Text>) {
        let said = RefCell::new(Vec::new());
        let last = quarry.clone().run(&|report| said.borrow_mut().push(report));
        (said.into_inner(), last)
    }

    #[test]
    fn a_search_reports_what_it_does_and_how_it_ends() {
        let (said, last) = run(&quarry("election-safety", Way::All { events: 3 }));
        assert_eq!(last, Ok(Report::Nothing { events: 3, is_full: false }));
        assert!(matches!(said.last(), Some(Report::Progress(progress)) if progress.depth == 3));
        let mut broken = quarry("election-safety", Way::Random { first_seed: 0 });
        broken.settings = broken.settings.with("majority", Value::Flag(false));
        let (said, last) = run(&broken);
        let (Some(Report::Found(long)), Ok(Report::Shortened(short))) = (said.last(), last) else {
            panic!("nothing found: {said:?}")
        };
        assert!(short.inputs.len() <= long.inputs.len());
    }

    #[test]
    fn a_search_that_runs_out_says_how_much_it_has_seen() {
        let (said, last) = run(&quarry("election-safety", Way::Random { first_seed: u64::MAX - 7 }));
        assert_eq!(last, Ok(Report::RanOut));
        assert!(matches!(said.last(), Some(Report::Progress(progress)) if progress.runs == 7), "{said:?}");
    }

    #[test]
    fn what_cannot_be_searched_is_said() {
        let (_, last) = run(&quarry("love", Way::All { events: 3 }));
        assert!(last.unwrap_err().to_string().starts_with("there is no check love"));
    }

    #[test]
    fn reports_pass_through_the_wire() {
        let (_, last) = run(&quarry("election-safety", Way::All { events: 1 }));
        let report = last.unwrap();
        assert_eq!(postcard::from_bytes::<Report>(&postcard::to_stdvec(&report).unwrap()), Ok(report));
    }
}
