//! The search itself, as it goes on in a worker.

use std::ops::Range;

use sim::Text;
use sim::hunt::{Breadth, Find, Hunt, Progress, Searched};

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
        match self.way {
            Way::Random => {
                let find = shortest(&hunt, 0..MOST_RUNS, &|progress| tell(Report::Progress(progress)), &|find| {
                    tell(Report::Found(find.scenario.clone()));
                })?;
                Ok(find.map_or(Report::RanOut, |find| Report::Shortened(find.scenario)))
            }
            Way::All { events } => {
                let limits = Breadth { events, moments: MOST_MOMENTS };
                let watch = |progress| {
                    tell(Report::Progress(progress));
                    true
                };
                match hunt.search_all(limits, watch)? {
                    Searched::Found(find) => {
                        tell(Report::Found(find.scenario.clone()));
                        hunt.shorten(find).map(|find| Report::Shortened(find.scenario))
                    }
                    Searched::Full { events } => Ok(Report::Nothing { events, is_full: true }),
                    Searched::Nothing { events } | Searched::Stopped { events } => {
                        Ok(Report::Nothing { events, is_full: false })
                    }
                }
            }
        }
    }
}

/// Searches short runs first. Says how the whole of it stands, and each find before it is made shorter.
pub(super) fn shortest(
    hunt: &Hunt,
    seeds: Range<u64>,
    tell: &dyn Fn(Progress),
    found: &dyn Fn(&Find),
) -> Result<Option<Find>, Text> {
    let mut before = Progress::default();
    let find = hunt.shortest(seeds, |hunt, seeds| {
        let mut last = before;
        let find = hunt.search(seeds, |progress| {
            last = before.and(progress);
            if progress.runs % RUNS_A_REPORT == 1 {
                tell(last);
            }
            true
        })?;
        before = last;
        find.iter().for_each(found);
        Ok(find)
    });
    tell(before);
    find
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
        let mut broken = quarry("election-safety", Way::Random);
        broken.settings = broken.settings.with("majority", Value::Flag(false));
        let (said, last) = run(&broken);
        let found = said.iter().filter(|report| matches!(report, Report::Found(_))).count();
        let Ok(Report::Shortened(short)) = last else { panic!("nothing found: {said:?}") };
        assert!(found > 0 && short.inputs.len() <= 3, "{found} finds, {} inputs", short.inputs.len());
    }

    #[test]
    fn a_search_that_runs_out_says_how_much_it_has_seen() {
        let last = std::cell::Cell::new(Progress::default());
        let hunt = Hunt::new(labs::registry::lab("raft").unwrap(), Settings::default()).for_check("election-safety");
        let find = shortest(&hunt.unwrap(), 0..7, &|progress| last.set(progress), &|_| {});
        assert_eq!(find, Ok(None));
        // Seven runs each of 25, 50, 100, 200 and 400 events.
        assert_eq!((last.get().runs, last.get().depth), (35, 400));
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
